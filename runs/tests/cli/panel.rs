//! Contract: a panel records single households and firms, changes no bit, is the same in a run that was resumed and in worlds that
//! differ in policy, and adds up.

use analysis::recording::Recording;

use crate::common::Folder;

const PANEL: &str = "--set households.units=true --set output.panel_households=40 --set output.panel_firms=10";

fn recording(folder: &Folder, name: &str) -> Recording<'static> {
    Recording::open(&folder.path(name)).expect("a recording")
}

fn integers(recording: &Recording<'_>, name: &str) -> Vec<i64> {
    recording.integers(name, None).unwrap_or_else(|error| panic!("{name}: {error}")).values
}

#[test]
fn a_panel_changes_no_bit_and_survives_a_restart() {
    let folder = Folder::new("panel");
    folder.succeed("run small.toml --out plain.h5 --ticks 26 --against none --set households.units=true");
    folder.succeed(&format!("run small.toml --out all.h5 --ticks 26 --against none --threads 1 {PANEL}"));
    folder.succeed(&format!("run small.toml --out part.h5 --ticks 17 --against none --checkpoint-every 1 {PANEL}"));
    folder.succeed("resume part.ckpt --ticks 26");
    assert!(folder.bytes("all.h5") == folder.bytes("part.h5"), "resumed within a year");
    let diff = String::from_utf8(folder.autarky("diff plain.h5 all.h5").stdout).expect("text");
    assert!(diff.contains("state: equal in all 26 common ticks"), "{diff}");
    folder.succeed("verify all.h5");
    assert!(recording(&folder, "plain.h5").variables().expect("names").iter().all(|name| !name.starts_with("panel_")));
}

#[test]
fn worlds_that_differ_in_policy_follow_the_same_households_and_incomes_add_up() {
    let folder = Folder::new("panel-pair");
    folder.succeed(&format!("run small.toml --seeds 1 --out run.h5 --ticks 24 {PANEL}"));
    let (policy, baseline) = (recording(&folder, "run.h5"), recording(&folder, "run.baseline.h5"));
    for name in ["panel_household_row", "panel_household_region", "panel_firm_row"] {
        assert_eq!(integers(&policy, name), integers(&baseline, name), "{name}");
    }
    assert_eq!(policy.array("panel_wages").expect("wages").dimensions, ["year", "panel_household"]);
    assert_eq!(policy.shape("panel_wages").expect("wages"), [2, 120]);
    assert_eq!(policy.shape("panel_firm_output").expect("output"), [2, 30]);
    let of = |name: &str| integers(&policy, name);
    let add = |names: &[&str]| {
        let columns: Vec<Vec<i64>> = names.iter().map(|name| of(name)).collect();
        (0..columns[0].len()).map(|at| columns.iter().map(|column| column[at]).sum()).collect::<Vec<i64>>()
    };
    let market = add(&["panel_wages", "panel_mixed_income", "panel_dividends", "panel_interest"]);
    assert_eq!(market, of("panel_market_income"));
    let transfers = add(&[
        "panel_market_income",
        "panel_benefits",
        "panel_pensions",
        "panel_assistance",
        "panel_lump_sum",
        "panel_child_benefits",
        "panel_pension_supplements",
        "panel_housing_income",
    ]);
    assert_eq!(transfers, add(&["panel_disposable_income", "panel_income_tax"]));
    assert_ne!(of("panel_real_consumption"), integers(&baseline, "panel_real_consumption"), "the duty is felt");
}

#[test]
fn a_panel_of_everybody_is_the_table_by_tenth() {
    let folder = Folder::new("panel-all");
    let all = "--set output.panel_households=1000000 --set output.panel_yearly=false";
    for units in ["true", "false"] {
        folder.succeed(&format!(
            "run small.toml --out all.h5 --ticks 3 --against none --overwrite --set households.units={units} {all}"
        ));
        let file = recording(&folder, "all.h5");
        let shape = file.shape("panel_consumption").expect("by tick");
        let (regions, tenths) = (integers(&file, "panel_household_region"), integers(&file, "panel_decile"));
        for (single, table) in [
            ("panel_consumption", "consumption_decile"),
            ("panel_market_income", "market_income_decile"),
            ("panel_deposits", "deposits_decile"),
        ] {
            let mut sums = vec![0; shape[0] * 3 * 10];
            for (at, value) in integers(&file, single).into_iter().enumerate() {
                let (tick, who) = (at / shape[1], at % shape[1]);
                sums[(tick * 3 + regions[who] as usize) * 10 + tenths[at] as usize - 1] += value;
            }
            assert_eq!(sums, integers(&file, table), "{single}, units {units}");
        }
    }
}

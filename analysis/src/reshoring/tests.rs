//! Questions over worlds made by hand.

use super::questions::{NEGATIVE, POSITIVE};
use super::*;

fn world(final_goods: f64, opened: f64, jobs: f64) -> World {
    World {
        final_goods,
        arrived: final_goods,
        announced: opened + 1.0,
        opened,
        completed: opened,
        construction_ticks: 12.0,
        given_up: 4.0,
        deterred: 0.5,
        efficiency: 0.9,
        jobs_final: jobs,
        jobs,
        jobs_last: jobs,
        jobs_subsidised: opened,
        prices: 1.0,
        consumption: 1e9,
        plant_grants: 5e8,
        uncovered: 0.0,
        connected: 0.1,
        befriended: 0.2,
        staffing: 2.0,
        substituted: final_goods,
        followed: opened,
    }
}

fn seed(shift: f64) -> Seed {
    let plain = world(1.0, 5.0, 1000.0);
    let of = |case| match case {
        Case::Baseline => plain.clone(),
        Case::Duty => World { prices: 1.01, ..world(3.0 + shift, 9.0, 1010.0) },
        Case::InputDuty => world(0.5, 4.0, 990.0),
        Case::Doubted => world(1.5, 6.0, 1000.0),
        Case::Retaliation => world(1.0, 5.0, 995.0),
        Case::Subsidy => world(2.0, 7.0, 1005.0),
        Case::Concentrated => world(2.1, 7.0, 1005.0),
        Case::Thin => world(1.2, 5.0, 1001.0),
        Case::Both => world(4.0, 10.0, 1015.0),
        Case::OnOff => World { given_up: 7.0, ..world(2.5, 7.0, 1001.0) },
        Case::Uncertain => world(2.0, 6.0, 1000.0),
        Case::Skilled => World { efficiency: 0.95, ..world(4.0, 10.0, 1015.0) },
        Case::Automated => World { staffing: 1.8, ..world(4.0, 10.0, 1005.0) },
        Case::Narrow => World { prices: 1.002, ..world(1.5, 6.0, 1004.0) },
        Case::Connector => World { connected: 0.6, ..world(1.5, 6.0, 1000.0) },
        Case::Friends => World { befriended: 0.5, ..world(1.5, 6.0, 1000.0) },
    };
    Seed::new(Case::ALL.map(of), World { prices: 1.0001, ..plain.clone() })
}

#[test]
fn cases_stand_in_the_order_of_their_numbers() {
    assert!(Case::ALL.iter().enumerate().all(|(n, &case)| case as usize == n));
}

#[test]
fn signs_by_hand() {
    let table = table(&[seed(0.0), seed(0.2)]);
    let row = |id: &str| table.rows.iter().find(|row| row[0] == id).expect("a row").clone();
    // Differences of 2.0 and 2.2: mean 2.1, half width 12.706 * 0.1.
    assert_eq!(row("output-duty")[2..6], ["above 0", "2.100", "0.829 to 3.371", "yes"]);
    assert_eq!(row("input-duty")[3..6], ["-0.500", "-0.500 to -0.500", "yes"]);
    assert_eq!(row("reversal")[3], "-3.000");
    assert_eq!(row("concentration-jobs")[3..6], ["2.000", "2.000 to 2.000", "yes"]);
    // One percent of 1e9 minor units for ten jobs: a million minor units, ten thousand dollars, each.
    assert_eq!(row("cost-per-job")[3..6], ["10.000", "10.000 to 10.000", "-"]);
    // A fifth of that for four jobs: half of it each. Subsidies of 5e8 minor units for five jobs: a thousand times that in dollars.
    assert_eq!(row("cost-per-job-narrow")[3], "5.000");
    assert_eq!(row("fiscal-cost")[3], "1000.000");
    assert_eq!((row("uncertainty")[3].as_str(), row("given-up-uncertain")[3].as_str()), ("-3.000", "3.000"));
    assert_eq!((row("connectors")[3].as_str(), row("friends")[3].as_str()), ("0.500", "0.300"));
    assert_eq!(row("skills")[3], "5.000");
    assert_eq!(row("protection")[3], "1.000");
    assert_eq!(row("automation")[3..6], ["-10.000", "-10.000 to -10.000", "yes"]);
    assert_eq!((row("substitution")[3].as_str(), row("plant-moves")[3].as_str()), ("2.100", "4.000"));
}

/// Of two policies, too, the placebo is that of nothing less nothing.
#[test]
fn questions_stand_beside_the_placebo() {
    let seeds = |luck: [f64; 2]| {
        [seed(0.0), seed(0.002)].into_iter().zip(luck).map(|(seed, luck)| {
            let plain = seed.of(Case::Baseline).clone();
            let placebo = World {
                final_goods: plain.final_goods + luck,
                jobs: plain.jobs + 100.0 * luck,
                prices: 1.001,
                ..plain
            };
            Seed { placebo, ..seed }
        })
    };
    let of = |luck| table(&seeds(luck).collect::<Vec<_>>());
    let row = |table: &Table, id: &str| table.rows.iter().find(|row| row[0] == id).expect("a row").clone();
    // The placebo's change of 0.1 and -0.1 reaches 12.706 * 0.1, less than the duty's 2, more than the input duty's -0.5.
    let table = of([0.1, -0.1]);
    assert_eq!(row(&table, "output-duty")[9..], ["-1.271 to 1.271", "apart"]);
    let inputs = row(&table, "input-duty");
    assert_eq!((inputs[5].as_str(), inputs[10].as_str()), ("yes, but not told apart from chance", "placebo"));
    assert_eq!(row(&table, "reversal-capacity")[10], "apart", "a question about two policies");
    // Levels are compared with nothing.
    assert_eq!(row(&table, "design")[9..], ["-", "-"]);
    // A tenth of the rise of prices for ten jobs: by the policy's jobs, which themselves are not told apart here.
    let cost = row(&table, "cost-per-job");
    assert_eq!((cost[9].as_str(), cost[10].as_str()), ("1.000 to 1.000", "placebo"));
    let calm = of([0.0, 0.0]);
    assert_eq!(row(&calm, "cost-per-job")[10], "apart");
    let figures = figures(&seeds([0.1, -0.1]).collect::<Vec<_>>());
    assert_eq!(figures.len(), 32 - 6, "six questions are levels");
    assert!(table.rows.iter().all(|row| row.len() == 11));
}

#[test]
fn churn_by_hand() {
    let seed = |net: [f64; 2]| Churn { arrived: vec![3.0], departed: vec![1.0], net: vec![net.to_vec()] };
    let table = churn_table(&["R01".to_owned()], &[seed([0.5, 2.0]), seed([1.5, -1.0])]);
    // Mean 0.5, half width 12.706 * 1.5.
    assert_eq!(table.rows[0], ["R01", "3.000", "1.000", "1.000", "0.500", "-18.559 to 19.559", "yes"]);
}

#[test]
fn a_sign_holds_only_with_its_interval() {
    assert_eq!(verdict(&POSITIVE, 0.1, 2.0, 1.0), "yes");
    assert_eq!(verdict(&POSITIVE, -0.1, 2.0, 1.0), "in the mean, not in the interval");
    assert_eq!(verdict(&NEGATIVE, -0.1, 2.0, 1.0), "no");
    assert_eq!(verdict(&ANY, -0.1, 2.0, 1.0), "-");
}

//! Measures that name areas of regions: reserves, losses, closed ports; budgets and programmes for the same plants.

use configs::calibration::synthetic_divided;
use configs::measures::check_needs;
use engine::grid::Grid;

use super::*;
use crate::axes::{AreaId, Industry, LocalBranch};
use crate::testing::parameters;

fn reserve(extra: &str) -> String {
    format!(
        "[[measure]]\nlabel = \"reserve\"\nkind = \"reserve_capacity\"\nsource = \"test\"\nstart = 2024-01-01\n{extra}\n"
    )
}

#[test]
fn measures_name_areas_and_regions_stand_for_all_of_theirs() {
    let world = synthetic_divided(3, 5, 1);
    let read =
        |text: &str| parse_measures("test.toml", text, &world.codes()).unwrap_or_else(|issues| panic!("{issues:?}"));
    let text = reserve("rates = { R01_interior = 0.2, R02 = 0.1 }\nindustries = [\"G02\"]\ngrant = 0.5\nupkeep = 0.04")
        + "[[measure]]\nlabel = \"flood\"\nkind = \"lost_capacity\"\nsource = \"test\"\nstart = 2024-01-01\nregions = [\"R01\"]\nindustries = [\"G01\"]\nrate = 0.7\n"
        + "[[measure]]\nlabel = \"fire\"\nkind = \"lost_capacity\"\nsource = \"test\"\nstart = 2024-01-01\nregions = [\"R01_coast\"]\nindustries = [\"G01\"]\nrate = 0.7\n"
        + "[[measure]]\nlabel = \"strike\"\nkind = \"port_closure\"\nsource = \"test\"\nstart = 2024-01-01\nregions = [\"R01_coast\"]\nrate = 0.5\nshared = true\n";
    let first = read(&text);
    assert_eq!(first[0].areas, [("R01_interior".to_owned(), "R01".to_owned())]);
    assert!(first[1].areas.is_empty() && first[3].shared && !first[0].shared);
    let schedule = CompiledSchedule::compile(first.clone(), &world, monthly("2024-01-01")).expect("compiles");
    let state = schedule.at(0);
    // Areas: R01_coast, R01_interior, R02, R03; five industries.
    let set = |table: &Grid<LocalBranch, f64>| -> Vec<(usize, usize, f64)> {
        let cells = table.indices().map(|cell| (cell.0.0, cell.1.0, table[cell]));
        cells.filter(|x| x.2.abs() > 1e-12).collect()
    };
    assert_eq!(set(&state.reserve), [(1, 1, 0.2), (2, 1, 0.1)]);
    assert_eq!(set(&state.reserve_grant), [(1, 1, 0.5), (2, 1, 0.5)]);
    assert_eq!(set(&state.reserve_upkeep), [(1, 1, 0.04), (2, 1, 0.04)]);
    // Two losses take no more than all.
    assert_eq!(set(&state.lost_capacity), [(0, 0, 1.0), (1, 0, 0.7)]);
    assert_eq!(state.ports_closed, [0.5, 0.0, 0.0, 0.0]);
    let printed: String = first.iter().map(Measure::to_toml).collect();
    let mut second = read(&printed);
    second.iter_mut().zip(&first).for_each(|(a, b)| a.place = b.place.clone());
    assert_eq!(second, first);
    let mut p = parameters();
    // Areas and sites are both missing by default; the flood needs neither.
    let issues = check_needs(&first, &p).expect_err("no areas, no sites");
    assert_eq!(issues.len(), 4, "{issues:?}");
    (p.location.areas, p.location.enabled) = (true, true);
    assert!(check_needs(&first, &p).is_ok());
    // A subsidy to investment works without plants that move; one to plants needs them.
    let subsidy = |kind: &str| {
        read(&format!(
            "[[measure]]\nlabel = \"plants\"\nkind = \"{kind}\"\nsource = \"test\"\nstart = 2024-01-01\nregions = [\"R01\"]\nindustries = [\"G01\"]\nrate = 0.3\n"
        ))
    };
    (p.location.areas, p.location.enabled) = (false, false);
    assert!(check_needs(&subsidy("investment_subsidy"), &p).is_ok());
    let issues = check_needs(&subsidy("plant_subsidy"), &p).expect_err("no plants");
    let [issue] = &issues[..] else { panic!("{issues:?}") };
    assert!(issue.message.contains("no plants are opened") && issue.remedy.contains("location.enabled"), "{issue:?}");
    assert_eq!((issue.line, issue.key.as_str()), (1, "plants"));
    p.location.enabled = true;
    assert!(check_needs(&subsidy("plant_subsidy"), &p).is_ok());
}

#[test]
fn programmes_and_budgets_for_the_same_plants_add_up() {
    // A tenth and three tenths: terms a quarter and three quarters of the way.
    let reserve = |label: &str, rate: f64, grant: f64, upkeep: f64| {
        let rest =
            format!("regions = [\"R01\"]\nindustries = [\"G02\"]\nrate = {rate}\ngrant = {grant}\nupkeep = {upkeep}");
        reserve(&rest).replace("\"reserve\"", &format!("\"{label}\""))
    };
    let two = compiled(&(reserve("a", 0.1, 0.2, 0.01) + &reserve("b", 0.3, 0.6, 0.05)));
    let state = two.at(0);
    let cell = (AreaId(0), Industry(1));
    let [planned, grant, upkeep] = [&state.reserve, &state.reserve_grant, &state.reserve_upkeep].map(|x| x[cell]);
    assert!(close(planned, 0.4) && close(grant, 0.5) && close(upkeep, 0.04));
    // A later subsidy that replaces the first takes its part of the budget's rate too, for half of April.
    let subsidy = |label: &str, rest: &str| {
        format!(
            "[[measure]]\nlabel = \"{label}\"\nkind = \"plant_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = [\"G02\"]\n{rest}\n"
        )
    };
    let text = subsidy("first", "rate = 0.4\nbudget_per_year = 1.0\nstart = 2024-01-01")
        + &subsidy("second", "rate = 0.1\nbudget_per_year = 2.0\nmode = \"replace\"\nstart = 2024-04-16");
    let replaced = compiled(&text);
    let rates = |tick: u32| -> Vec<(f64, f64)> {
        let state = replaced.at(tick);
        state.budgets.iter().map(|b| (b.rates[cell], b.per_year)).chain([(state.plant_subsidy[cell], 0.0)]).collect()
    };
    let near = |a: Vec<(f64, f64)>, b: &[(f64, f64)]| {
        assert!(a.len() == b.len() && a.iter().zip(b).all(|(x, y)| close(x.0, y.0) && close(x.1, y.1)), "{a:?} {b:?}");
    };
    near(rates(0), &[(0.4, 1e8), (0.4, 0.0)]);
    near(rates(3), &[(0.2, 1e8), (0.05, 1e8), (0.25, 0.0)]);
    near(rates(4), &[(0.0, 1e8), (0.1, 2e8), (0.1, 0.0)]);
    assert!(close(replaced.at(0).budgets[0].rates[(AreaId(0), Industry(2))], 0.0));
}

//! Contract: all of the state enters the digest, whoever is tampered with; inputs do not change while a world lives.

use std::ops::Range;

use agents::components::{Household, Person};
use agents::geography::Geography;
use agents::policy::Enacted;
use agents::simulation::Simulation;
use agents::state::{Policy, Settings};
use agents::store::{sizes, tamper_with_everything};
use agents::world::base::Base;
use configs::measures::Measure;
use configs::parameters::Parameters;
use engine::codec::encode_to_vec;
use tests::worlds::{Case, RESTLESS};

/// A world in which firms look for other places often, goods are shipped through third regions and a subsidy has a budget; households are units
/// or not.
fn busy(units: bool) -> Simulation {
    let parameters = format!("{RESTLESS}routing = {{ enabled = true }}\nhouseholds = {{ units = {units} }}\n");
    let policy = "[[measure]]\nlabel = \"plants\"\nkind = \"plant_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = \"manufacturing\"\nrate = 0.3\nbudget_per_year = 100.0\nstart = 2024-01-01\n";
    let case = Case { parameters: &parameters, policy, households: 200, ..Case::random(3, 5, 2) };
    case.build(true)
}

/// Bytes that are saved and yet are no state: part, where they stand in its encoding, and why.
const ASIDE: [(&str, Range<usize>, &str); 1] = [(
    "audit",
    0..8,
    "how many identities were checked: a program with one more account checks more in the same world",
)];

#[test]
fn no_bit_of_the_state_changes_unnoticed() {
    let mut sim = busy(false);
    for _ in 0..14 {
        sim.step().expect("balances");
    }
    let measure = sim.get::<Policy>().0.measures()[0].clone();
    let later = Measure { label: "more plants".to_owned(), start: "2030-01-01".parse().expect("a date"), ..measure };
    let schedule = sim.get::<Policy>().0.clone();
    sim.tamper(|enacted: &mut Enacted| enacted.enact(&mut schedule.clone(), later, 14).expect("a later start"));
    let parts = tamper_with_everything(sim.world(), 3_000).expect("every part can be encoded");
    let digested: Vec<String> = sim.digest().parts.iter().map(|part| part.name.clone()).collect();
    assert_eq!(parts.iter().map(|part| part.name).collect::<Vec<_>>(), digested);
    let mut units = busy(true);
    units.step().expect("balances");
    let of_units = tamper_with_everything(units.world(), 3_000).expect("every part can be encoded");
    for (part, of_units) in parts.iter().zip(&of_units) {
        // Careers and lineages are there where households are units only.
        assert!(part.changes + of_units.changes > 0, "{}: no change gave another state", part.name);
        let aside = ASIDE.iter().find(|(name, ..)| *name == part.name).map_or(0..0, |(_, bytes, _)| bytes.clone());
        for part in [part, of_units] {
            assert_eq!(part.unnoticed, aside.clone().collect::<Vec<_>>(), "{}: bytes that no digest sees", part.name);
        }
    }
}

#[test]
fn inputs_do_not_change_while_a_world_lives() {
    let inputs = |sim: &Simulation| {
        [
            encode_to_vec(sim.get::<Geography>()),
            encode_to_vec(sim.get::<Base>()),
            encode_to_vec(sim.get::<Parameters>()),
            encode_to_vec(sim.get::<Settings>()),
            encode_to_vec(sim.get::<Policy>()),
        ]
        .map(|bytes| bytes.expect("encodes"))
    };
    let mut sim = busy(false);
    let before = inputs(&sim);
    for _ in 0..14 {
        sim.step().expect("balances");
    }
    assert!(before == inputs(&sim), "geography, base, parameters, settings or policy changed");
}

#[test]
fn sizes_are_those_of_the_columns() {
    let sim = busy(false);
    let sizes = sizes(sim.world());
    let of = |name: &str| sizes.iter().find(|(part, _)| *part == name).map(|(_, bytes)| *bytes);
    assert_eq!(of("persons"), Some(3 * 200 * size_of::<Person>()));
    assert_eq!(of("households"), Some(3 * 200 * size_of::<Household>()));
    assert_eq!(of("tick"), Some(4));
}

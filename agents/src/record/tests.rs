use engine::clock::Clock;
use engine::netcdf::Values;
use engine::recorder::Recorder;

use super::fields::Unit;
use super::*;

fn small() -> Simulation {
    crate::testing::simulation(crate::testing::parameters())
}

fn recorded(detail: Detail, ticks: u32) -> Recorder {
    recording(small(), detail, ticks)
}

fn recording(mut sim: Simulation, detail: Detail, ticks: u32) -> Recorder {
    let parts = sim.digest().names();
    let clock = Clock::new(2024, 1, 12).expect("a clock");
    let size = Size::of(sim.get(), sim.get());
    let mut recorder = Recorder::new(schema(sim.get(), clock, detail, &parts, size).expect("a schema"));
    record_constants(&sim, &mut recorder);
    for _ in 0..ticks {
        sim.step().expect("sound accounts");
        record_tick(&mut sim, detail, &mut recorder);
    }
    recorder
}

#[test]
fn volumes_are_recorded_in_units_of_volume() {
    for field in fields::all() {
        let in_units = matches!(field.unit, Unit::VolumeFlow | Unit::VolumeStock);
        match field.value {
            Value::Volume(_) => assert!(in_units, "{} is a volume", field.name),
            Value::Integer(_) => assert!(!in_units, "{} is no volume", field.name),
            Value::Number(_) | Value::Single(_) => {}
        }
    }
}

/// The integers of a variable.
fn integers(recorder: &Recorder, name: &str) -> Vec<i64> {
    let content = recorder.content();
    let variable = content.variables.iter().find(|variable| variable.name == name);
    match &variable.unwrap_or_else(|| panic!("no {name}")).values {
        Values::I64(values) => values.to_vec(),
        other => panic!("{name} holds {other:?}"),
    }
}

/// Sums of consecutive groups.
fn sums(values: &[i64], width: usize) -> Vec<i64> {
    values.chunks(width).map(|group| group.iter().sum()).collect()
}

#[test]
fn parts_add_up_to_totals() {
    let r = recorded(Detail::Full, 4);
    let of = |name| integers(&r, name);
    assert_eq!(sums(&of("sector_output"), 5), of("output"));
    let less_taxes: Vec<i64> =
        of("gdp_production").iter().zip(of("taxes_on_products")).map(|(gdp, taxes)| gdp - taxes).collect();
    assert_eq!(sums(&of("sector_value_added"), 5), less_taxes);
    assert_eq!(sums(&of("consumption_decile"), 10), of("household_consumption"));
    assert_eq!(sums(&of("trade_duty"), 15), of("budget_duties"));
    assert_eq!(sums(&of("duties_product"), 5), of("budget_duties"));
    assert_eq!(sums(&of("imports_bilateral"), 3), of("imports"));
    assert_eq!(sums(&of("imports_product"), 5), of("imports"));
    let (value, sim) = (of("trade_value"), small());
    let made = &sim.get::<Geography>().products.manufacturing;
    assert!(made.contains(&true) && made.contains(&false));
    for (pair, &found) in of("imports_manufactured_bilateral").iter().enumerate() {
        let kept = value[5 * pair..5 * (pair + 1)].iter().zip(made).filter(|x| *x.1);
        let abroad = pair % 9 % 4 != 0;
        assert_eq!(found, if abroad { kept.map(|x| x.0).sum() } else { 0 }, "pair {pair}");
    }
    assert_eq!(of("imports_by_dispatch"), of("imports_bilateral"), "nothing goes through third regions");
    assert_eq!(sums(&of("exports_product"), 5), of("exports"));
    assert_eq!(sums(&of("real_imports_product"), 5), of("real_imports"));
    let holders: Vec<i64> = of("debt_held_bank")
        .iter()
        .zip(of("debt_held_central_bank"))
        .zip(sums(&of("debt_held_abroad"), 3))
        .map(|((bank, central), abroad)| bank + central + abroad)
        .collect();
    assert_eq!(holders, of("government_debt"));
    assert!(of("gdp_production").iter().all(|&gdp| gdp > 0));
}

#[test]
fn real_value_added_sums_to_real_output_when_input_use_is_as_required() {
    let r = recorded(Detail::Full, 2);
    let content = r.content();
    let cells = content.variables.iter().find(|v| v.name == "sector_real_value_added").expect("recorded");
    let Values::F64(cells) = &cells.values else { panic!("numbers") };
    for (cells, gdp) in cells.chunks(5).zip(integers(&r, "real_gdp")) {
        let sum: f64 = cells.iter().sum();
        assert!((sum / gdp as f64 - 1.0).abs() < 1e-3, "{sum} {gdp}");
    }
}

#[test]
fn the_standard_recording_lacks_only_the_cubes() {
    let (full, standard) = (recorded(Detail::Full, 1), recorded(Detail::Standard, 1));
    let names = |r: &Recorder| r.schema().names().map(ToOwned::to_owned).collect::<Vec<_>>();
    let lacking: Vec<String> = names(&full).into_iter().filter(|name| !names(&standard).contains(name)).collect();
    let cubes = ["trade_value", "trade_volume", "trade_value_dispatch", "trade_duty", "duty_rate_collected"];
    assert_eq!(lacking[..5], cubes);
    assert_eq!(lacking[5..], ["duty_rate_statutory"]);
}

#[test]
fn digests_tell_ticks_apart_and_repeat() {
    let (one, other) = (recorded(Detail::Standard, 3), recorded(Detail::Standard, 3));
    // As bytes, because a price of what nobody sells is not a number, which equals nothing.
    let bytes = |recorder: &Recorder| recorder.content().encode().expect("a recording");
    assert!(bytes(&one) == bytes(&other), "equal runs, other recordings");
    let low = integers(&one, "digest_low");
    let parts = low.len() / 3;
    assert_ne!(low[0], low[parts]);
    assert!(low.iter().all(|&half| (0..1 << 32).contains(&half)));
}

#[test]
fn everybody_has_a_class_at_the_end_of_a_year() {
    // Where every household is a person, classes have three sources of income.
    let mut parameters = crate::testing::parameters();
    parameters.households.units = false;
    let r = recording(crate::testing::simulation(parameters), Detail::Standard, 24);
    let content = r.content();
    let of = |name: &str| {
        let variable = content.variables.iter().find(|variable| variable.name == name).expect("recorded");
        let Values::F32(values) = &variable.values else { panic!("{name} is stored in another precision") };
        values.to_vec()
    };
    let persons = of("class_persons");
    let persons_per_agent = content.variables.iter().find(|v| v.name == "persons_per_agent").expect("recorded");
    let Values::F64(size) = &persons_per_agent.values else { panic!("numbers") };
    let in_year = |year: usize, region: usize, values: &[f32], width: usize| -> Vec<i64> {
        let at = ((12 * year + 11) * 3 + region) * width;
        values[at..at + width].iter().map(|x| (f64::from(*x) / size[region]).round() as i64).collect()
    };
    for region in 0..3 {
        for year in 0..2 {
            let found = in_year(year, region, &persons, 30);
            for tenth in 0..10 {
                assert_eq!((0..3).map(|source| found[source * 10 + tenth]).sum::<i64>(), 40, "{found:?}");
            }
        }
        for name in ["income_transition", "wealth_transition"] {
            let moves = of(name);
            assert!(in_year(0, region, &moves, 100).iter().all(|x| *x == 0), "nobody was anything before");
            let found = in_year(1, region, &moves, 100);
            assert!(found.chunks(10).all(|row| row.iter().sum::<i64>() == 40), "{name}: {found:?}");
            assert!((0..10).all(|to| (0..10).map(|from| found[from * 10 + to]).sum::<i64>() == 40), "{name}");
            assert!((0..10).map(|k| found[k * 11]).sum::<i64>() > 100, "most people stay: {found:?}");
        }
        // Who lives on what in the second year is told by both tables.
        let (turns, now) = (in_year(1, region, &of("source_transition"), 9), in_year(1, region, &persons, 30));
        for source in 0..3 {
            let came: i64 = (0..3).map(|before| turns[before * 3 + source]).sum();
            assert_eq!(came, now[source * 10..(source + 1) * 10].iter().sum::<i64>());
        }
    }
    // Nothing in the ticks between.
    let sums: Vec<f32> = persons.chunks(90).map(|tick| tick.iter().sum()).collect();
    assert!(sums.iter().enumerate().all(|(tick, sum)| (*sum > 0.0) == (tick % 12 == 11)), "{sums:?}");
}

//! Writes a small recording with every kind of dimension, variable and attribute to the path given, for readers in
//! other languages to be tried on: `cargo run -p engine --example sample_recording -- sample.nc`, then
//! `python3 tests/python/open_recording.py sample.nc`.

use std::path::Path;
use std::process::ExitCode;

use engine::clock::Clock;
use engine::recorder::{Kind, Labels, Recorder, Schema, VariableSpec};

fn sample() -> Result<Recorder, Box<dyn std::error::Error>> {
    let mut schema = Schema::new(Clock::new(2025, 1, 12)?);
    let region = schema.dimension("region", "region of the world", Labels::texts(["USA", "DEU", "Österreich"]))?;
    let partner = schema.dimension("partner", "partner region", Labels::texts(["USA", "DEU", "Österreich"]))?;
    let decile = schema.dimension("decile", "income decile", Labels::Integer((1..=10).collect()))?;
    let edge = schema.dimension("edge", "bin edge", Labels::Number(vec![0.5, 1.5]))?;
    let slot = schema.dimension("slot", "slot without labels", Labels::None(2))?;
    let gdp = schema.series(
        VariableSpec::new("gdp", Kind::F64, &[region])
            .units("cents per month")
            .long_name("gross domestic product")
            .definition("SNA 2008, 2.138: größer"),
    )?;
    let trade = schema.series(
        VariableSpec::new("trade", Kind::F32, &[region, partner, decile])
            .units("cents per month")
            .long_name("payments to partner"),
    )?;
    let firms = schema.series(VariableSpec::new("firms", Kind::I64, &[]).units("1").long_name("number of firms"))?;
    let weights =
        schema.constant(VariableSpec::new("weights", Kind::F64, &[edge, slot]).units("1").long_name("weights"))?;
    let mut recorder = Recorder::new(schema)
        .attribute("title", "Sample recording – größer")
        .attribute("seed", u64::MAX - 1)
        .attribute("offset", -3_i64)
        .attribute("scale", 0.125)
        .document("configuration", "resolved configuration", "name = \"ä\"\n".repeat(10_000));
    recorder.set_constant(weights, &[1.0, 2.0, 3.0, 4.0]);
    for tick in 0..120 {
        let x = f64::from(tick);
        recorder.push_row(gdp, &[x, x + 0.25, f64::NAN]);
        recorder.push_row(trade, &(0..90).map(|i| x + f64::from(i) / 8.0).collect::<Vec<_>>());
        recorder.push_row(firms, &[i64::MAX - i64::from(tick)]);
        recorder.end_tick(tick);
    }
    Ok(recorder)
}

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: sample_recording <file>");
        return ExitCode::from(2);
    };
    match sample().and_then(|recorder| Ok(recorder.write(Path::new(&path))?)) {
        Ok(bytes) => {
            println!("{bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

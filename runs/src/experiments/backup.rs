//! `autarky backup`: what reserve capacity is worth under stress, over paired seeds.

use agents::calibration::Calibration;
use agents::record::Detail;
use analysis::backup::{Seed, Shock, World, table};
use analysis::recording::Recording;

use super::{Laboratory, columns, maker, size, with};
use crate::arguments::BackupArguments;
use crate::config::ResolvedConfig;
use crate::failure::Failure;

/// Region that keeps the reserve.
const REGION: &str = "CHN";
/// Shocks and the shipped scenarios in which they meet a reserve.
const SHOCKS: [(&str, &str); 4] = [
    ("embargo", "embargo-with-and-without-backup"),
    ("closed ports", "ports-closed-with-and-without-backup"),
    ("lost factories", "factories-lost-with-and-without-backup"),
    ("lost coast", "coast-lost-with-and-without-backup"),
];

/// Runs the worlds, prints and writes the table.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn backup(arguments: &BackupArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let calm = laboratory.load("interior-backup", &[])?;
    let calibration = calm.calibration;
    let mut configs = Vec::new();
    for (_, scenario) in SHOCKS {
        configs.push(laboratory.load(scenario, &[])?.config);
    }
    let shocks: Vec<Shock> = SHOCKS
        .iter()
        .zip(&configs)
        .map(|((name, _), config)| {
            let tick = |date| config.calendar().tick_of(date) as usize;
            let shared = || config.measures.iter().filter(|measure| measure.shared);
            Shock {
                name: (*name).to_owned(),
                start: shared().map(|measure| tick(measure.start)).min().unwrap_or(0),
                end: shared().filter_map(|measure| measure.end).map(tick).max().unwrap_or(0),
            }
        })
        .collect();
    if let Some(late) = shocks.iter().find(|shock| shock.start + 12 > arguments.ticks as usize) {
        return Err(Failure::Configuration(format!(
            "the shock `{}` comes at tick {}; give --ticks of {} or more",
            late.name,
            late.start,
            late.start + 12
        )));
    }
    let seeds = laboratory.each_seed(|seed| {
        let Some(calm) = both(&laboratory, seed, &calm.config, &calibration)? else {
            return Ok(None);
        };
        let mut shocked = Vec::new();
        for config in &configs {
            let Some(found) = both(&laboratory, seed, config, &calibration)? else {
                return Ok(None);
            };
            shocked.push(found);
        }
        Ok(Some(Seed { calm, shocks: shocked }))
    })?;
    let found = table(&shocks, &seeds, configs[0].ticks_per_year as usize);
    let text = format!(
        "# What reserve capacity is worth\n\nPaired over {}; region {REGION}. Scenarios: `interior-backup`, {}. Losses are against \
         the calm world with the same reserve, from the shock to a year after it. A sign holds if the whole interval has it. {}\n\n{}",
        size(&configs[0], seeds.len()),
        SHOCKS.map(|shock| format!("`{}`", shock.1)).join(", "),
        maker("backup"),
        found.to_markdown(),
    );
    laboratory
        .publish(&[("backup.md", &text), ("backup.csv", &found.to_csv())], &columns(&found, [0, 1, 2, 3, 4, 5, 6]))
}

/// Runs a world without its own measures and with them; `None` if a signal arrived.
fn both(
    laboratory: &Laboratory<'_>,
    seed: u64,
    config: &ResolvedConfig,
    calibration: &Calibration,
) -> Result<Option<[World; 2]>, Failure> {
    let shared: Vec<_> = config.measures.iter().filter(|measure| measure.shared).cloned().collect();
    let mut worlds = Vec::new();
    for measures in [&shared, &config.measures] {
        let Some(recorder) = laboratory.recorded(&with(config, seed, measures), calibration, Detail::Standard)? else {
            return Ok(None);
        };
        worlds.push(World::of(&Recording::of(&recorder.content()), REGION)?);
    }
    Ok(<[World; 2]>::try_from(worlds).ok())
}

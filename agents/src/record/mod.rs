//! What a run records: one row a tick of everything a table of the world would ask for.
//!
//! [`schema`] declares the dimensions and variables of a world, [`record_tick`] adds the row of the tick just run.
//! Nothing is written here. Each variable is one line in [`fields`], with its unit, its definition and its value.

pub mod earners;
pub mod fields;
mod panel;
pub mod spenders;
pub mod survey;
pub mod view;
pub mod watch;

use engine::clock::Clock;
pub use engine::model::Detail;
use engine::recorder::{DimensionId, Kind, Labels, Recorder, Schema, SchemaError, VariableSpec};

use crate::geography::{DECILES, Geography, SKILLS};
use crate::location::sites::CAUSES;
use crate::simulation::Simulation;
use crate::statistics::classes::{SOURCES, SOURCES_OF_UNITS};
use crate::statistics::polarization::groups::BANDS;
use crate::statistics::polarization::{BETWEEN_GROUPS, OVER_DENSITY, SENSITIVITIES};
use crate::world::base::Base;
use fields::{Field, Over, Value};
pub use panel::Size;
use view::View;

/// Whether a field is recorded at a level of detail: the cubes of region by partner by industry only in full.
fn includes(detail: Detail, field: &Field) -> bool {
    detail == Detail::Full || field.over != Over::TRADE
}

/// Declares the dimensions and variables of a world.
///
/// # Errors
/// [`SchemaError`] if two variables have the same name or a world has no region, industry or digested part.
pub fn schema(
    geography: &Geography,
    clock: Clock,
    detail: Detail,
    parts: &[String],
    panel: Size,
) -> Result<Schema, SchemaError> {
    let mut schema = Schema::new(clock);
    let regions = || Labels::texts(geography.regions.iter().map(|region| region.code.clone()));
    let products = &geography.products;
    let region = schema.dimension(Over::Region.name(), "region: importer, owner, place", regions())?;
    let partner = schema.dimension(Over::Partner.name(), "partner region: country of origin, or debtor", regions())?;
    let industry =
        schema.dimension(Over::Industry.name(), "industry, and its product", Labels::texts(products.codes.clone()))?;
    let decile = schema.dimension(
        Over::Decile.name(),
        "base-year income decile, 1 is the poorest",
        Labels::Integer((1..=10).collect()),
    )?;
    let skill = schema.dimension(
        Over::Skill.name(),
        "skill level of job or person",
        Labels::texts(["low", "middle", "high"]),
    )?;
    let ranks = || Labels::Integer((1..=10).collect());
    let rank = schema.dimension(
        Over::Rank.name(),
        "decile of the year's income, or of wealth at its end; 1 is the poorest",
        ranks(),
    )?;
    let rank_before = schema.dimension(Over::RankBefore.name(), "the same decile a year before", ranks())?;
    let sources = || if panel.units { Labels::texts(SOURCES_OF_UNITS) } else { Labels::texts(SOURCES) };
    let source = schema.dimension(Over::Source.name(), "main source of the year's income", sources())?;
    let source_before =
        schema.dimension(Over::SourceBefore.name(), "main source of income in the year before", sources())?;
    let [band, sensitivity, density_sensitivity] = inequality_dimensions(&mut schema)?;
    let causes = Labels::texts(["duties", "subsidies", "costs"]);
    let cause = schema.dimension(Over::Cause.name(), "cause of a move of production", causes)?;
    let apart = geography.areas.iter().filter(|area| !area.zones.is_empty());
    let codes = Labels::texts(apart.map(|area| area.code.clone()));
    let area = schema.dimension(
        Over::Area.name(),
        "area of a region; the region itself where areas are not told apart",
        codes,
    )?;
    let ids = |over: &[Over]| -> Vec<DimensionId> {
        over.iter()
            .map(|over| match over {
                Over::Region => region,
                Over::Partner => partner,
                Over::Industry => industry,
                Over::Decile => decile,
                Over::Skill => skill,
                Over::Rank => rank,
                Over::RankBefore => rank_before,
                Over::Source => source,
                Over::SourceBefore => source_before,
                Over::Band => band,
                Over::Sensitivity => sensitivity,
                Over::DensitySensitivity => density_sensitivity,
                Over::Cause => cause,
                Over::Area => area,
            })
            .collect()
    };
    let period = if clock.ticks_per_year() == 12 { "month" } else { "quarter" };
    for field in fields::all().filter(|field| includes(detail, field)) {
        let spec = VariableSpec::new(field.name, field.value.kind(), &ids(field.over))
            .units(field.unit.text(period))
            .long_name(field.long_name)
            .definition(field.definition);
        schema.series(spec)?;
    }
    schema.digests(parts)?;
    for (name, long_name, definition, over) in CONSTANTS {
        let spec = VariableSpec::new(name, Kind::F64, &ids(&[over]));
        schema.constant(spec.units(constant_unit(name)).long_name(long_name).definition(definition))?;
    }
    panel::declare(&mut schema, panel, period).map(|()| schema)
}

/// Declares the dimensions of inequality and polarization: classes by thresholds, sensitivities between groups and over the density.
fn inequality_dimensions(schema: &mut Schema) -> Result<[DimensionId; 3], SchemaError> {
    let sensitivities = |values: [f64; SENSITIVITIES]| Labels::texts(values.map(|a| a.to_string()));
    let bands = Labels::texts(["poor", "lower", "middle", "upper"]);
    Ok([
        schema.dimension(Over::Band.name(), "class by fixed thresholds of income", bands)?,
        schema.dimension(
            Over::Sensitivity.name(),
            "sensitivity to polarization between groups",
            sensitivities(BETWEEN_GROUPS),
        )?,
        schema.dimension(
            Over::DensitySensitivity.name(),
            "sensitivity to polarization over the density of incomes",
            sensitivities(OVER_DENSITY),
        )?,
    ])
}

/// A variable as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Name.
    pub name: &'static str,
    /// Dimensions, time among them if it changes.
    pub dimensions: Vec<&'static str>,
    /// Unit, for ticks of a month.
    pub unit: String,
    /// What it is.
    pub long_name: &'static str,
    /// How it is measured.
    pub definition: &'static str,
    /// Under which settings it is recorded.
    pub recorded: &'static str,
}

/// Of what every run records.
const ALWAYS: &str = "always";

/// The variables of a recording, those that compare worlds apart.
#[must_use]
pub fn declarations() -> Vec<Declaration> {
    let series = fields::all().map(|field| Declaration {
        name: field.name,
        dimensions: std::iter::once("time").chain(field.over.iter().map(|over| over.name())).collect(),
        unit: field.unit.text("month"),
        long_name: field.long_name,
        definition: field.definition,
        recorded: if includes(Detail::Standard, field) { ALWAYS } else { "with --record full" },
    });
    let constants = CONSTANTS.iter().map(|(name, long_name, definition, over)| Declaration {
        name,
        dimensions: vec![over.name()],
        unit: constant_unit(name).to_owned(),
        long_name,
        definition,
        recorded: ALWAYS,
    });
    series.chain(constants).chain(panel::declarations()).collect()
}

/// Unit of what does not change over time.
fn constant_unit(name: &str) -> &'static str {
    match name {
        "persons_per_agent" => "persons",
        "manufacturing" | "goods" => "1",
        _ => "minor units at base-year prices",
    }
}

/// Names of all variables of numbers in a recording, each with the dimensions it is over.
pub fn layout() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let over_time = |over: &[Over]| std::iter::once("time").chain(over.iter().map(|over| over.name())).collect();
    let fields = fields::all().map(move |field| (field.name, over_time(field.over)));
    let digests = ["digest_high", "digest_low"].map(|name| (name, vec!["time", "part"]));
    let constants = CONSTANTS.map(|(name, _, _, over)| (name, vec![over.name()]));
    fields.chain(digests).chain(constants)
}

/// Name, long name, definition and dimension of what does not change over time.
const CONSTANTS: [(&str, &str, &str, Over); 4] = [
    (
        "persons_per_agent",
        "persons a household agent stands for",
        "population of the region over its household agents",
        Over::Region,
    ),
    (
        "base_real_gdp",
        "real gross domestic product of the base year, per tick",
        "output less intermediate use of the balanced table at base-year prices",
        Over::Region,
    ),
    ("manufacturing", "whether the industry counts as manufacturing", "1 yes, 0 no", Over::Industry),
    ("goods", "whether the product is a good", "1 yes, 0 no (a service)", Over::Industry),
];

/// Sets what does not change over time.
///
/// # Panics
/// If it is set already, or the recorder has another schema.
pub fn record_constants(sim: &Simulation, recorder: &mut Recorder) {
    let (geography, base) = (sim.get::<Geography>(), sim.get::<Base>());
    let flag = |yes: bool| f64::from(u8::from(yes));
    let products = &geography.products;
    let values: [Vec<f64>; CONSTANTS.len()] = [
        geography.regions.iter().map(|region| region.persons_per_agent).collect(),
        base.regions.iter().map(|region| region.gdp - region.duties.iter().sum::<f64>()).collect(),
        products.manufacturing.iter().map(|&yes| flag(yes)).collect(),
        products.is_good.iter().map(|&yes| flag(yes)).collect(),
    ];
    for ((name, ..), values) in CONSTANTS.iter().zip(&values) {
        let id = recorder.schema().variable(name).expect("declared by schema()");
        recorder.set_constant(id, values);
    }
    panel::record_constants(sim, recorder);
}

/// Adds the row of the tick that has just been run.
///
/// # Panics
/// If the recorder has another schema than [`schema`] gives, or no tick was run since the last call.
pub fn record_tick(sim: &mut Simulation, detail: Detail, recorder: &mut Recorder) {
    let digest = sim.digest();
    let tick = sim.tick() - 1;
    let view = View::new(sim);
    let (mut integers, mut numbers) = (Vec::new(), Vec::new());
    for field in fields::all().filter(|field| includes(detail, field)) {
        let id = recorder.schema().variable(field.name).expect("declared by schema()");
        match field.value {
            Value::Integer(value) => {
                integers.clear();
                each(&view, field.over, |at| integers.push(value(&view, at)));
                recorder.push_row(id, &integers);
            }
            Value::Volume(value) => {
                integers.clear();
                each(&view, field.over, |at| integers.push(value(&view, at).count()));
                recorder.push_row(id, &integers);
            }
            Value::Number(value) | Value::Single(value) => {
                numbers.clear();
                each(&view, field.over, |at| numbers.push(value(&view, at)));
                recorder.push_row(id, &numbers);
            }
        }
    }
    drop(view);
    panel::record_tick(sim, recorder);
    recorder.push_digest(&digest);
    recorder.end_tick(tick);
}

/// Calls `visit` with every combination of the places of some dimensions, the last one varying fastest.
fn each(view: &View<'_>, over: &[Over], mut visit: impl FnMut([usize; 3])) {
    let size = |place: usize| match over.get(place) {
        None => 1,
        Some(Over::Region | Over::Partner) => view.regions,
        Some(Over::Industry) => view.products,
        Some(Over::Decile | Over::Rank | Over::RankBefore) => DECILES,
        Some(Over::Source | Over::SourceBefore) => view.sources,
        Some(Over::Skill) => SKILLS,
        Some(Over::Band) => BANDS,
        Some(Over::Sensitivity | Over::DensitySensitivity) => SENSITIVITIES,
        Some(Over::Cause) => CAUSES,
        Some(Over::Area) => view.apart.len(),
    };
    for a in 0..size(0) {
        for b in 0..size(1) {
            for c in 0..size(2) {
                visit([a, b, c]);
            }
        }
    }
}

#[cfg(test)]
mod tests;

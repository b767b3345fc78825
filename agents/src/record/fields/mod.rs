//! The recorded variables, by theme. One line each: name, dimensions, unit, value, long name, definition.

mod accounts;
mod budget;
mod demography;
mod finance;
mod firms;
mod inequality;
mod labour;
mod location;
mod people;
mod prices;
mod trade;

use engine::money::Volume;
use engine::recorder::Kind;

use super::view::View;

/// A dimension besides time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Regions.
    Region,
    /// Partner regions.
    Partner,
    /// Industries and their products.
    Industry,
    /// Base-year income deciles.
    Decile,
    /// Skill levels.
    Skill,
    /// Main sources of income.
    Source,
    /// Main sources of income a year before.
    SourceBefore,
    /// Deciles of the year's income or wealth.
    Rank,
    /// Deciles of income or wealth a year before.
    RankBefore,
    /// Classes by fixed thresholds of income.
    Band,
    /// Sensitivities to polarization between groups.
    Sensitivity,
    /// Sensitivities to polarization over the density.
    DensitySensitivity,
    /// Causes of a move of production.
    Cause,
    /// Areas of regions.
    Area,
}

impl Over {
    /// A single value.
    pub const SCALAR: &'static [Self] = &[];
    /// Over regions.
    pub const REGION: &'static [Self] = &[Self::Region];
    /// Over regions and industries.
    pub const CELL: &'static [Self] = &[Self::Region, Self::Industry];
    /// Over regions and deciles.
    pub const DECILE: &'static [Self] = &[Self::Region, Self::Decile];
    /// Over regions and partners.
    pub const PARTNER: &'static [Self] = &[Self::Region, Self::Partner];
    /// Over regions, partners and products.
    pub const TRADE: &'static [Self] = &[Self::Region, Self::Partner, Self::Industry];
    /// Over regions and skills.
    pub const SKILL: &'static [Self] = &[Self::Region, Self::Skill];
    /// Over regions, main sources of income and income deciles of the year.
    pub const CLASS: &'static [Self] = &[Self::Region, Self::Source, Self::Rank];
    /// Over regions, deciles a year before and now.
    pub const MOVES: &'static [Self] = &[Self::Region, Self::RankBefore, Self::Rank];
    /// Over regions, main sources of income a year before and now.
    pub const TURNS: &'static [Self] = &[Self::Region, Self::SourceBefore, Self::Source];
    /// Over regions and classes by fixed thresholds of income.
    pub const BAND: &'static [Self] = &[Self::Region, Self::Band];
    /// Over regions and sensitivities to polarization between groups.
    pub const SENSITIVITY: &'static [Self] = &[Self::Region, Self::Sensitivity];
    /// Over regions and sensitivities to polarization over the density.
    pub const DENSITY: &'static [Self] = &[Self::Region, Self::DensitySensitivity];
    /// Over regions and causes of a move.
    pub const CAUSE: &'static [Self] = &[Self::Region, Self::Cause];
    /// Over areas.
    pub const AREA: &'static [Self] = &[Self::Area];
    /// Over areas and industries.
    pub const SITE: &'static [Self] = &[Self::Area, Self::Industry];
    /// Over regions, industries and skills.
    pub const JOBS: &'static [Self] = &[Self::Region, Self::Industry, Self::Skill];

    /// Name of the dimension in a recording.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Partner => "partner",
            Self::Industry => "industry",
            Self::Decile => "decile",
            Self::Skill => "skill",
            Self::Source => "source",
            Self::SourceBefore => "source_before",
            Self::Rank => "rank",
            Self::RankBefore => "rank_before",
            Self::Band => "income_class",
            Self::Sensitivity => "sensitivity",
            Self::DensitySensitivity => "density_sensitivity",
            Self::Cause => "cause",
            Self::Area => "area",
        }
    }
}

/// A unit of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money a tick, in minor units of the region's own currency.
    MoneyFlow,
    /// Money.
    MoneyStock,
    /// Volume a tick, in minor units at base-year prices.
    VolumeFlow,
    /// Volume.
    VolumeStock,
    /// A pure number: an index, a share, a count.
    Number,
    /// A rate of a year.
    PerYear,
    /// Persons.
    Persons,
    /// Persons a tick.
    PersonsFlow,
    /// Money a tick and person.
    Wage,
}

impl Unit {
    /// The unit of a tick of length `period`, in words.
    #[must_use]
    pub fn text(self, period: &str) -> String {
        match self {
            Self::MoneyFlow => format!("minor currency units per {period}"),
            Self::MoneyStock => "minor currency units".to_owned(),
            Self::VolumeFlow => format!("minor units at base-year prices per {period}"),
            Self::VolumeStock => "minor units at base-year prices".to_owned(),
            Self::Number => "1".to_owned(),
            Self::PerYear => "per year".to_owned(),
            Self::Persons => "persons".to_owned(),
            Self::PersonsFlow => format!("persons per {period}"),
            Self::Wage => format!("minor currency units per person per {period}"),
        }
    }
}

/// How the value at a place of the dimensions (unused places are 0) follows from the world.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// An integer: money or a count.
    Integer(fn(&View<'_>, [usize; 3]) -> i64),
    /// A volume, recorded as the integer it counts.
    Volume(fn(&View<'_>, [usize; 3]) -> Volume),
    /// A number.
    Number(fn(&View<'_>, [usize; 3]) -> f64),
    /// A number stored in single precision.
    Single(fn(&View<'_>, [usize; 3]) -> f64),
}

impl Value {
    /// How the values are stored.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Integer(_) | Self::Volume(_) => Kind::I64,
            Self::Number(_) => Kind::F64,
            Self::Single(_) => Kind::F32,
        }
    }
}

/// One recorded variable.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name, unique in a recording.
    pub name: &'static str,
    /// Dimensions besides time.
    pub over: &'static [Over],
    /// Unit.
    pub unit: Unit,
    /// Value.
    pub value: Value,
    /// What it is.
    pub long_name: &'static str,
    /// How it is measured.
    pub definition: &'static str,
}

/// Declares the fields of a theme.
macro_rules! fields {
    ($($name:literal, $over:ident, $unit:ident, $kind:ident $value:expr, $long:literal, $definition:literal;)+) => {
        /// The fields of this theme.
        pub(super) const FIELDS: &[super::Field] = &[$(super::Field {
            name: $name,
            over: super::Over::$over,
            unit: super::Unit::$unit,
            value: super::Value::$kind($value),
            long_name: $long,
            definition: $definition,
        }),+];
    };
}
pub(crate) use fields;

/// All recorded variables, in the order of the file.
pub fn all() -> impl Iterator<Item = &'static Field> {
    [
        accounts::FIELDS,
        prices::FIELDS,
        trade::FIELDS,
        firms::FIELDS,
        location::FIELDS,
        labour::FIELDS,
        people::FIELDS,
        demography::FIELDS,
        inequality::FIELDS,
        budget::FIELDS,
        finance::FIELDS,
    ]
    .into_iter()
    .flatten()
}

//! What a measure is.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::instruments::MeasureKind;
use crate::calibration::Calibration;
use crate::date::Date;

/// How a measure combines with the others of its kind on the same cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Adds to them.
    Add,
    /// Sets the total.
    Replace,
}

/// A set of regions or products: codes or group names, less exceptions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CodeSet {
    /// Codes, or `all`, `all-goods`, `all-services`, `manufacturing`.
    pub base: Vec<String>,
    /// Codes or group names left out.
    pub except: Vec<String>,
}

/// Rates of a measure: one, or one for each exporter (for kinds that do not act on imports: region), or for
/// each exporter (region) and product (industry).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Rates {
    /// No rate: the kind has none.
    None,
    /// The same rate for all cells.
    One(f64),
    /// Exporter (region) and its rate.
    ByFirst(Vec<(String, f64)>),
    /// Exporter (region), product (industry) and the rate.
    ByBoth(Vec<(String, Vec<(String, f64)>)>),
}

/// What a government pays for reserve capacity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReserveTerms {
    /// Share of the cost of building that it pays.
    pub grant: f64,
    /// Payment a year for keeping a plant ready, fraction of the value of its capital.
    pub upkeep: f64,
}

/// Where a measure stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// File.
    pub file: String,
    /// Byte range.
    pub span: Range<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// One dated measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Name, unique in a schedule.
    pub label: String,
    /// What it acts on.
    pub kind: MeasureKind,
    /// How it combines with others.
    pub mode: Mode,
    /// Law or order it rests on, as a label.
    pub legal_basis: String,
    /// First day on which it is known.
    pub announced: Date,
    /// First day in force.
    pub start: Date,
    /// First day no longer in force; `None` is for ever.
    pub end: Option<Date>,
    /// First day on which the end is known (from `announced` on, unless said otherwise).
    pub end_announced: Date,
    /// What is paid into its pot a year, by equal parts a tick, millions of the region's currency; unspent money stays available.
    pub budget_per_year: Option<f64>,
    /// Whether it is in force in the world that a run is compared with too.
    pub shared: bool,
    /// Areas it names that are less than a region, each with its region.
    pub areas: Vec<(String, String)>,
    /// Terms of reserve capacity.
    pub reserve: Option<ReserveTerms>,
    /// Months in a job from which on somebody may be displaced.
    pub tenure: Option<f64>,
    /// Where the measure is documented.
    pub source: String,
    /// How sure the record is: `S` seen in a source, `M` from memory, or both; may be empty.
    pub mark: String,
    /// Remark.
    pub note: String,
    /// Importers, or the regions concerned.
    pub importers: CodeSet,
    /// Exporters; empty for kinds that do not act on imports.
    pub exporters: CodeSet,
    /// Products, or industries.
    pub products: CodeSet,
    /// Rates.
    pub rates: Rates,
    /// Cells and their rates: `(importer*R + exporter)*G + g` for kinds on imports, `r*G + g` for kinds on
    /// industries, `r` for kinds on regions; the place of an area instead of `r` for kinds by area. Sorted by cell; the rate of an embargo is 1.
    pub cells: Vec<(u32, f64)>,
    /// Where it stands.
    pub place: Place,
}

/// Codes of a world and what groups their industries form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Region codes in index order.
    pub regions: Vec<String>,
    /// Code of each area and the place of its region, in index order.
    pub areas: Vec<(String, usize)>,
    /// Industry codes in index order.
    pub industries: Vec<String>,
    /// Whether the industry's product is a good.
    pub goods: Vec<bool>,
    /// Whether the industry is manufacturing.
    pub manufacturing: Vec<bool>,
}

impl Codes {
    /// Codes of a calibrated world.
    #[must_use]
    pub fn of(world: &Calibration) -> Self {
        Self {
            regions: world.regions.iter().map(|region| region.code.clone()).collect(),
            areas: world.areas.iter().map(|area| (area.code.clone(), area.region)).collect(),
            industries: world.industries.iter().map(|industry| industry.code.clone()).collect(),
            goods: world.industries.iter().map(|industry| industry.goods).collect(),
            manufacturing: world.industries.iter().map(|industry| industry.manufacturing).collect(),
        }
    }

    /// Regions of a code or group name, or `None` when it is unknown.
    #[must_use]
    pub fn region(&self, name: &str) -> Option<Vec<usize>> {
        if name == "all" {
            return Some((0..self.regions.len()).collect());
        }
        self.regions.iter().position(|code| code == name).map(|place| vec![place])
    }

    /// The region of an area that is less than it, or `None` for other codes.
    #[must_use]
    pub fn whole_of(&self, code: &str) -> Option<&str> {
        let area = self.areas.iter().find(|area| area.0 == code && self.regions[area.1] != code)?;
        Some(&self.regions[area.1])
    }

    /// Areas of the code of an area or region or of a group name, or `None` when it is unknown.
    #[must_use]
    pub fn area(&self, name: &str) -> Option<Vec<usize>> {
        let of = |keep: &dyn Fn(&(String, usize)) -> bool| {
            (0..self.areas.len()).filter(|&a| keep(&self.areas[a])).collect::<Vec<_>>()
        };
        if name == "all" {
            return Some(of(&|_| true));
        }
        let region = self.regions.iter().position(|code| code == name);
        let found = of(&|area| area.0 == name || region == Some(area.1));
        (!found.is_empty()).then_some(found)
    }

    /// A cell of a measure of a kind in words.
    #[must_use]
    pub fn cell_name(&self, kind: MeasureKind, cell: usize) -> String {
        let (codes, g) = (self, self.industries.len());
        let industry = |cell: usize| codes.industries[cell % g].as_str();
        let first = |at: usize| if kind.by_area() { &codes.areas[at].0 } else { &codes.regions[at] };
        if kind.on_regions() {
            return first(cell).clone();
        }
        let place = cell / g;
        if kind.on_imports() {
            let r = codes.regions.len();
            return format!("{} of {} from {}", industry(cell), codes.regions[place / r], codes.regions[place % r]);
        }
        format!("{} of {}", industry(cell), first(place))
    }

    /// Industries of a code or group name, or `None` when it is unknown.
    #[must_use]
    pub fn product(&self, name: &str) -> Option<Vec<usize>> {
        let group = |keep: &dyn Fn(usize) -> bool| Some((0..self.industries.len()).filter(|g| keep(*g)).collect());
        match name {
            "all" => group(&|_| true),
            "all-goods" => group(&|g| self.goods[g]),
            "all-services" => group(&|g| !self.goods[g]),
            "manufacturing" => group(&|g| self.manufacturing[g]),
            _ => self.industries.iter().position(|code| code == name).map(|place| vec![place]),
        }
    }
}

impl Calibration {
    /// Codes of this world, for reading measures.
    #[must_use]
    pub fn codes(&self) -> Codes {
        Codes::of(self)
    }
}

impl CodeSet {
    /// The set as a TOML value.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let list = |codes: &[String]| format!("{codes:?}");
        if self.except.is_empty() {
            list(&self.base)
        } else {
            format!("{{ set = {}, except = {} }}", list(&self.base), list(&self.except))
        }
    }
}

impl Rates {
    /// Exporters, regions or areas with a rate of their own.
    pub fn first_codes(&self) -> impl Iterator<Item = &String> {
        let (flat, nested) = match self {
            Self::ByFirst(rates) => (rates.as_slice(), [].as_slice()),
            Self::ByBoth(rates) => ([].as_slice(), rates.as_slice()),
            _ => ([].as_slice(), [].as_slice()),
        };
        flat.iter().map(|rate| &rate.0).chain(nested.iter().map(|rate| &rate.0))
    }

    fn to_toml(&self, kind: MeasureKind) -> Option<String> {
        // A high rate is only taken with its unit.
        let written = |rate: f64| {
            if looks_like_percent(kind, rate) {
                format!("{{ value = {rate:?}, unit = \"ratio\" }}")
            } else {
                format!("{rate:?}")
            }
        };
        let pairs = |rates: &[(String, f64)]| {
            rates.iter().map(|(code, rate)| format!("{code} = {}", written(*rate))).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::None => None,
            Self::One(rate) => Some(format!("rate = {}", written(*rate))),
            Self::ByFirst(rates) => Some(format!("rates = {{ {} }}", pairs(rates))),
            Self::ByBoth(rates) => {
                let rows: Vec<String> =
                    rates.iter().map(|(code, products)| format!("{code} = {{ {} }}", pairs(products))).collect();
                Some(format!("rates = {{ {} }}", rows.join(", ")))
            }
        }
    }
}

impl Measure {
    /// The measure as a `[[measure]]` table that reads back as the same measure.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let text = |value: &str| toml::Value::from(value).to_string();
        let mut lines = vec!["[[measure]]".to_owned(), format!("label = {}", text(&self.label))];
        lines.push(format!("kind = \"{}\"", self.kind.word()));
        if self.mode == Mode::Replace {
            lines.push("mode = \"replace\"".to_owned());
        }
        for (key, value) in
            [("legal_basis", &self.legal_basis), ("source", &self.source), ("mark", &self.mark), ("note", &self.note)]
        {
            if !value.is_empty() {
                lines.push(format!("{key} = {}", text(value)));
            }
        }
        lines.push(format!("announced = {}", self.announced));
        lines.push(format!("start = {}", self.start));
        if let Some(end) = self.end {
            lines.push(format!("end = {end}"));
            lines.push(format!("end_announced = {}", self.end_announced));
        }
        let importers = if self.kind.on_imports() { "importers" } else { "regions" };
        let products = if self.kind.on_imports() { "products" } else { "industries" };
        for (key, set) in [(importers, &self.importers), ("exporters", &self.exporters), (products, &self.products)] {
            if !set.base.is_empty() {
                lines.push(format!("{key} = {}", set.to_toml()));
            }
        }
        lines.extend(self.rates.to_toml(self.kind));
        if let Some(ReserveTerms { grant, upkeep }) = self.reserve {
            lines.push(format!("grant = {grant:?}\nupkeep = {upkeep:?}"));
        }
        lines.extend(self.tenure.map(|months| format!("tenure = {months:?}")));
        if self.shared {
            lines.push("shared = true".to_owned());
        }
        lines.extend(self.budget_per_year.map(|budget| format!("budget_per_year = {budget:?}")));
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Whether a rate without a unit is so high that it may be meant in percent. The highest duty of 2025 was 1.45; no tax or
/// subsidy is more than what it is a fraction of.
#[must_use]
pub fn looks_like_percent(kind: MeasureKind, rate: f64) -> bool {
    rate > if kind.is_duty() { 1.5 } else { 1.0 }
}

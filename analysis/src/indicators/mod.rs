//! Indicators: what economists look at, each computed from recorded variables, with its unit, definition and source.
//!
//! An indicator is a number a region and tick. Names are in English and Chinese.

mod accounts;
mod demography;
mod distribution;
mod inequality;
mod labour;
mod trade;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::panel::{Panel, by_place};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::Scale;

/// What an indicator is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// Output, spending and prices.
    Accounts,
    /// The state's budget.
    Budget,
    /// Trade and reshoring.
    Trade,
    /// Work and wages.
    Labour,
    /// Who gets what.
    Distribution,
    /// Births, ages and deaths.
    Population,
}

impl Theme {
    /// Name in English and Chinese.
    #[must_use]
    pub const fn name(self) -> [&'static str; 2] {
        match self {
            Self::Accounts => ["output and prices", "产出与价格"],
            Self::Budget => ["public budget", "公共财政"],
            Self::Trade => ["trade", "贸易"],
            Self::Labour => ["labour", "劳动"],
            Self::Distribution => ["distribution", "分配"],
            Self::Population => ["population", "人口"],
        }
    }
}

/// What a report draws over time under one heading, in the order of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// Output and prices.
    Output,
    /// Work.
    Work,
    /// Trade and reshoring.
    Trade,
    /// Budget and distribution.
    Budget,
    /// Inequality and polarization between households.
    Inequality,
}

impl Heading {
    /// All headings.
    pub const ALL: [Self; 5] = [Self::Output, Self::Work, Self::Trade, Self::Budget, Self::Inequality];

    /// Title in English and Chinese.
    #[must_use]
    pub const fn title(self) -> [&'static str; 2] {
        match self {
            Self::Output => ["output and prices", "产出与价格"],
            Self::Work => ["work", "劳动"],
            Self::Trade => ["trade and reshoring", "贸易与制造业回流"],
            Self::Budget => ["budget and distribution", "财政与分配"],
            Self::Inequality => ["inequality and polarization", "不平等与极化"],
        }
    }

    /// Indicators drawn under it.
    pub fn indicators(self) -> impl Iterator<Item = &'static Indicator> {
        all().filter(move |indicator| indicator.drawn == Some(self))
    }
}

/// An indicator.
#[derive(Clone, Copy)]
pub struct Indicator {
    /// Identifier.
    pub id: &'static str,
    /// What it is about.
    pub theme: Theme,
    /// Name in English and Chinese.
    pub name: [&'static str; 2],
    /// Unit.
    pub unit: &'static str,
    /// How it is compared with a baseline.
    pub scale: Scale,
    /// How it is computed, in English and Chinese.
    pub definition: [&'static str; 2],
    /// Where the definition comes from.
    pub source: &'static str,
    /// Heading under which a report draws it over time, if it does.
    pub drawn: Option<Heading>,
    /// Values by region and tick.
    compute: fn(&Data<'_>) -> Result<Panel, RecordingError>,
}

impl std::fmt::Debug for Indicator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indicator").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Indicator {
    /// Values by region (outer) and tick.
    ///
    /// # Errors
    /// If the recording lacks a variable that is needed.
    pub fn values(&self, data: &Data<'_>) -> Result<Panel, RecordingError> {
        (self.compute)(data)
    }
}

/// All indicators, theme by theme.
pub fn all() -> impl Iterator<Item = &'static Indicator> {
    [
        accounts::INDICATORS,
        trade::INDICATORS,
        labour::INDICATORS,
        distribution::INDICATORS,
        inequality::INDICATORS,
        demography::INDICATORS,
    ]
    .into_iter()
    .flatten()
}

/// The indicator of a name.
#[must_use]
pub fn named(id: &str) -> Option<&'static Indicator> {
    all().find(|indicator| indicator.id == id)
}

/// A recording with its variables at hand, each read once.
pub struct Data<'a> {
    recording: &'a Recording<'a>,
    arrays: RefCell<BTreeMap<String, Rc<Array>>>,
    /// Ticks of a year.
    pub per_year: usize,
}

impl<'a> Data<'a> {
    /// Reads from a recording.
    ///
    /// # Errors
    /// If it does not say how many ticks a year has.
    pub fn of(recording: &'a Recording<'a>) -> Result<Self, RecordingError> {
        Ok(Self { recording, arrays: RefCell::default(), per_year: recording.ticks_per_year()? })
    }

    /// A variable, read once.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn shared(&self, name: &str) -> Result<Rc<Array>, RecordingError> {
        self.array(name)
    }

    fn array(&self, name: &str) -> Result<Rc<Array>, RecordingError> {
        if let Some(known) = self.arrays.borrow().get(name) {
            return Ok(Rc::clone(known));
        }
        let array = Rc::new(self.recording.array(name)?);
        self.arrays.borrow_mut().insert(name.to_owned(), Rc::clone(&array));
        Ok(array)
    }

    /// A variable by region.
    fn region(&self, name: &str) -> Result<Panel, RecordingError> {
        Ok(by_place(self.array(name)?.as_ref()))
    }

    /// A variable by region and more, added up over the places below a region that are kept, counted with the last dimension
    /// varying fastest.
    fn summed(&self, name: &str, keep: impl Fn(usize) -> bool) -> Result<Panel, RecordingError> {
        self.each(name, |row| row.iter().enumerate().filter(|x| keep(x.0)).map(|x| x.1).sum())
    }

    /// A variable by region and more, everything below a region made one number.
    fn each(&self, name: &str, of: impl Fn(&[f64]) -> f64) -> Result<Panel, RecordingError> {
        let array = self.array(name)?;
        let regions = array.shape[1];
        let width: usize = array.shape[2..].iter().product();
        let at = |tick: usize, region: usize| of(&array.tick(tick)[region * width..(region + 1) * width]);
        Ok((0..regions).map(|region| (0..array.ticks()).map(|tick| at(tick, region)).collect()).collect())
    }

    /// A variable of yearly counts by region and more, everything below a region made one number at the end of a year, in all ticks of
    /// that year; not a number in a year that the run does not end.
    fn yearly(&self, name: &str, of: impl Fn(&[f64]) -> f64) -> Result<Panel, RecordingError> {
        let panel = self.each(name, |row| if row.iter().any(|x| *x > 0.0) { of(row) } else { f64::NAN })?;
        Ok(of_the_year(panel, self.per_year))
    }

    /// As [`Self::yearly`], of a variable that may be zero at the end of a year: a year ends where the variable `counted` counts somebody.
    fn measured_yearly(&self, name: &str, counted: &str, of: impl Fn(&[f64]) -> f64) -> Result<Panel, RecordingError> {
        let counted = self.summed(counted, |_| true)?;
        let at_ends = with(&self.each(name, of)?, &counted, |x, counted| if counted > 0.0 { x } else { f64::NAN });
        Ok(of_the_year(at_ends, self.per_year))
    }

    /// Whether each place of a dimension has one of these codes.
    fn coded(&self, dimension: &str, codes: &[&str]) -> Result<Vec<bool>, RecordingError> {
        Ok(self.recording.labels(dimension)?.iter().map(|label| codes.contains(&label.as_str())).collect())
    }

    /// Whether each industry is manufacturing.
    fn manufacturing(&self) -> Result<Vec<bool>, RecordingError> {
        Ok(self.array("manufacturing")?.values.iter().map(|x| *x > 0.5).collect())
    }

    /// Whether each product is a good.
    fn goods(&self) -> Result<Vec<bool>, RecordingError> {
        Ok(self.array("goods")?.values.iter().map(|x| *x > 0.5).collect())
    }

    /// Minor units a tick to billions of major units a year.
    fn billions(&self, panel: Panel) -> Panel {
        let factor = self.per_year as f64 / 1e11;
        panel.into_iter().map(|series| series.into_iter().map(|x| x * factor).collect()).collect()
    }
}

/// What is a number at the end of a year only, in all ticks of that year: it is about the year. A year that the run does not end has none.
fn of_the_year(mut panel: Panel, per_year: usize) -> Panel {
    for series in &mut panel {
        let (mut next, mut left) = (f64::NAN, 0);
        for value in series.iter_mut().rev() {
            if value.is_nan() && left > 0 {
                *value = next;
                left -= 1;
            } else {
                (next, left) = (*value, per_year.saturating_sub(1));
            }
        }
    }
    panel
}

/// Two panels made one, place by place.
fn with(a: &Panel, b: &Panel, of: impl Fn(f64, f64) -> f64) -> Panel {
    a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()).collect()
}

/// Sum of several panels, each with a sign.
fn sum(panels: &[(f64, Panel)]) -> Panel {
    let mut total: Panel =
        panels.first().map(|(_, first)| vec![vec![0.0; first[0].len()]; first.len()]).unwrap_or_default();
    for (sign, panel) in panels {
        total = with(&total, panel, |a, b| a + sign * b);
    }
    total
}

/// `100 a / b`; not a number where there is no `b`.
fn percent_of(a: &Panel, b: &Panel) -> Panel {
    with(a, b, |a, b| if b == 0.0 { f64::NAN } else { 100.0 * a / b })
}

#[cfg(test)]
pub(crate) mod tests {
    use engine::netcdf::{AttributeValue, Content, Dimension, Values, Variable};

    use super::*;

    /// A recording of two regions, two industries (goods, services) and two partners (China, the United States), made by hand.
    pub(crate) fn content(variables: &[(&str, &[&str], &[f64])]) -> Content<'static> {
        let sizes = [
            ("time", 2),
            ("region", 2),
            ("partner", 2),
            ("industry", 2),
            ("decile", 10),
            ("skill", 3),
            ("rank", 10),
            ("rank_before", 10),
            ("source", 3),
            ("income_class", 4),
            ("sensitivity", 3),
            ("density_sensitivity", 3),
        ];
        let dimension = |(name, size): (&str, usize)| Dimension {
            name: name.to_owned(),
            size,
            coordinates: (name == "partner").then(|| Values::Text(["CHN", "USA"].map(str::to_owned).to_vec().into())),
            attributes: vec![],
        };
        let place = |name: &str| sizes.iter().position(|x| x.0 == name).expect("a dimension");
        let variable = |(name, over, values): &(&str, &[&str], &[f64])| Variable {
            name: (*name).to_owned(),
            dimensions: over.iter().map(|name| place(name)).collect(),
            values: Values::F64(values.to_vec().into()),
            attributes: vec![],
        };
        Content {
            dimensions: sizes.map(dimension).into(),
            variables: variables.iter().map(variable).collect(),
            attributes: vec![("ticks_per_year".to_owned(), AttributeValue::Integer(12))],
        }
    }

    /// Computes an indicator from variables written out by hand and compares it, region by region.
    #[track_caller]
    pub(crate) fn check(id: &str, variables: &[(&str, &[&str], &[f64])], expected: [[f64; 2]; 2]) {
        let content = content(variables);
        let recording = Recording::of(&content);
        let data = Data::of(&recording).expect("data");
        let found = named(id).expect("an indicator").values(&data).expect("its variables");
        for (region, expected) in expected.iter().enumerate() {
            for (tick, expected) in expected.iter().enumerate() {
                let found = found[region][tick];
                let same =
                    (found - expected).abs() < 1e-9 * expected.abs().max(1.0) || found.is_nan() && expected.is_nan();
                assert!(same, "{id}, region {region}, tick {tick}: {found} is not {expected}");
            }
        }
    }

    /// Names of the dimensions, for short.
    pub(crate) const BY_REGION: &[&str] = &["time", "region"];
    pub(crate) const CELL: &[&str] = &["time", "region", "industry"];

    #[test]
    fn a_year_is_that_which_ends() {
        let none = f64::NAN;
        let ends = || vec![vec![none, none, 1.0, none, none, 2.0, none]];
        let shown = |panel: Panel| format!("{panel:?}");
        assert_eq!(shown(of_the_year(ends(), 3)), "[[1.0, 1.0, 1.0, 2.0, 2.0, 2.0, NaN]]");
        // Of the first year of moves nothing is known: they take two.
        assert_eq!(shown(of_the_year(ends(), 2)), "[[NaN, 1.0, 1.0, NaN, 2.0, 2.0, NaN]]");
        assert_eq!(shown(of_the_year(ends(), 1)), shown(ends()));
    }

    #[test]
    fn indicators_are_described() {
        let mut seen = std::collections::BTreeSet::new();
        for indicator in all() {
            assert!(seen.insert(indicator.id), "{} occurs twice", indicator.id);
            let texts = [indicator.name, indicator.definition, [indicator.unit, indicator.source]];
            assert!(texts.as_flattened().iter().all(|text| !text.is_empty()), "{} is not described", indicator.id);
            assert!(
                ![indicator.name[1], indicator.definition[1]].iter().any(|x| x.is_ascii()),
                "{} has no Chinese",
                indicator.id
            );
        }
        assert!(seen.len() >= 40, "{}", seen.len());
    }

    #[test]
    fn what_is_missing_is_named() {
        let content = content(&[]);
        let recording = Recording::of(&content);
        let data = Data::of(&recording).expect("data");
        let error = named("real_gdp").expect("an indicator").values(&data).expect_err("no variables").to_string();
        assert!(error.contains("real_gdp"), "{error}");
    }
}

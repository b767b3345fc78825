//! The published facts: `analysis/facts.csv`.

use crate::bars::Band;
use crate::table::parse_csv;

/// How a fact is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Measured and judged by its band, if it was published with one.
    Measured,
    /// The same, but a parameter was chosen with the fact in view: which, and how.
    Fitted(String),
    /// The band is one of this project, which the command `facts` judges; the fact was published without.
    OwnBand(String),
    /// It must hold by construction.
    Identity,
    /// An input of the calibration: why. It is shown and never judged.
    Input(String),
    /// The nearest the model offers is another statistic: what differs. It is shown and never judged.
    Near(String),
    /// Not measured: what the model lacks.
    Lacking(String),
}

impl Status {
    /// Reads a word, with an explanation after a colon.
    ///
    /// # Panics
    /// If there is no such word, which a test of the compiled-in file rules out.
    fn read(text: &str) -> Self {
        let (word, why) = text.split_once(": ").unwrap_or((text, ""));
        let why = why.to_owned();
        match word {
            "measured" => Self::Measured,
            "fitted" => Self::Fitted(why),
            "own band" => Self::OwnBand(why),
            "identity" => Self::Identity,
            "input" => Self::Input(why),
            "near" => Self::Near(why),
            "none" => Self::Lacking(why),
            other => panic!("facts.csv: `{other}` is no status"),
        }
    }

    /// The explanation, or nothing.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Measured | Self::Identity => "",
            Self::Fitted(why) | Self::OwnBand(why) | Self::Input(why) | Self::Near(why) | Self::Lacking(why) => why,
        }
    }
}

/// A published fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Identifier; what stands before the first `-` is that of the published list.
    pub id: String,
    /// What it says.
    pub fact: String,
    /// Experiment it is measured in; `none` if it is not.
    pub experiment: String,
    /// How it is measured, and where that deviates from the source.
    pub measure: String,
    /// Published value or range of values, as text.
    pub target: String,
    /// Published band; `None` where there is none.
    pub band: Option<Band>,
    /// When it is measured.
    pub horizon: String,
    /// How it is used.
    pub status: Status,
    /// Where target and band come from.
    pub source: String,
}

impl Fact {
    /// The target as numbers, both ends of a range; `None` if it is not one.
    #[must_use]
    pub fn target_range(&self) -> Option<[f64; 2]> {
        let mut ends = self.target.split(" to ").map(str::parse::<f64>);
        let low = ends.next()?.ok()?;
        let high = ends.next().map_or(Ok(low), |end| end).ok()?;
        Some([low, high])
    }

    /// Whether it is an effect of a policy, which chance could feign: not a level, a count, the place of a peak, an input, or what
    /// holds by construction.
    #[must_use]
    pub fn is_effect(&self) -> bool {
        let of_policy =
            !["baseline", "input", "none", "laffer", "people", "displacement"].contains(&self.experiment.as_str());
        of_policy && self.status != Status::Identity && !["T35-fall", "T43"].contains(&self.id.as_str())
    }

    /// Whether it is the highest or lowest of several numbers, which leaves zero by chance alone.
    #[must_use]
    pub fn is_extreme(&self) -> bool {
        ["T39", "T39-high", "T39-p"].contains(&self.id.as_str())
    }

    /// The band the score judges by: the published one of a fact that is measured.
    #[must_use]
    pub fn judged(&self) -> Option<Band> {
        matches!(self.status, Status::Measured | Status::Fitted(_) | Status::Identity).then_some(self.band)?
    }
}

/// The file of facts.
const FILE: &str = include_str!("../../facts.csv");

/// The identifier of a fact of the file, if there is such a one.
#[must_use]
pub fn known(id: &str) -> Option<&'static str> {
    FILE.lines().filter_map(|line| line.split(',').next()).find(|known| *known == id)
}

/// The facts of `analysis/facts.csv`.
///
/// # Panics
/// If the file that is compiled in is not well formed, which a test rules out.
#[must_use]
pub fn facts() -> Vec<Fact> {
    let table = parse_csv(FILE);
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("facts.csv: `{text}` is not a number"));
    let fact = |row: Vec<String>| {
        let [id, fact, experiment, measure, target, low, high, horizon, status, source] =
            <[String; 10]>::try_from(row).expect("ten columns");
        let band = (!low.is_empty()).then(|| Band { low: number(&low), high: number(&high) });
        Fact { id, fact, experiment, measure, target, band, horizon, status: Status::read(&status), source }
    };
    table.rows.into_iter().map(fact).collect()
}

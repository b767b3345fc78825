//! The effect of a factor that was swept: a point for every value it took, with its interval.

use super::chart::{Chart, doses};
use super::content::{Drawer, mean_in};
use super::gather::{Question, RunPair, gather};
use super::number;
use super::over_time::SMALL;
use super::page::Section;
use crate::chance::Verdict;
use crate::indicators::named;
use crate::paired::Estimate;
use crate::recording::RecordingError;
use crate::table::Table;

/// A value of a factor with the runs that have it.
pub struct Dose<'a> {
    /// The value; its place where it is no number.
    pub value: f64,
    /// How it is written.
    pub name: String,
    /// Runs and their baselines.
    pub pairs: Vec<RunPair<'a>>,
}

/// A factor that takes several values while all others stay what they are in the arm shown.
pub struct Swept<'a> {
    /// Name.
    pub name: String,
    /// Unit of its values; may be empty.
    pub unit: String,
    /// Whether its values are numbers.
    pub numbers: bool,
    /// Values.
    pub doses: Vec<Dose<'a>>,
}

/// Indicators that are drawn against a factor.
pub(super) const DRAWN: [&str; 5] =
    ["real_gdp", "consumer_price", "manufacturing_employment", "real_imports", "poorest_consumption"];

impl Drawer<'_> {
    /// Charts of all factors.
    ///
    /// # Errors
    /// If a file is damaged.
    pub(super) fn swept(&self) -> Result<Section, RecordingError> {
        let mut charts = Vec::new();
        for (number, factor) in self.source.swept.iter().enumerate() {
            charts.extend(self.of_factor(number, factor)?.into_iter().map(|chart| (chart, false)));
        }
        Ok(Section {
            title: self.say(["effect by value of a factor", "不同因素取值下的影响"]).to_owned(), charts
        })
    }

    fn of_factor(&self, place: usize, factor: &Swept<'_>) -> Result<Vec<Chart>, RecordingError> {
        let mut effects: Vec<Vec<(Estimate, Verdict)>> = vec![Vec::new(); DRAWN.len()];
        let mut values = vec![Vec::new(); DRAWN.len()];
        for (at, dose) in factor.doses.iter().enumerate() {
            let found = gather(&dose.pairs, &Question { place: self.place, last: &self.last, wanted: &DRAWN })?;
            for (number, indicator) in DRAWN.iter().filter_map(|id| named(id)).enumerate() {
                let Some(change) = mean_in(&found, indicator, &self.last) else { continue };
                let placebo = mean_in(&self.placebo, indicator, &self.last);
                effects[number].push((change, crate::chance::verdict(&change, placebo.as_ref())));
                values[number].push(at);
            }
        }
        let charts = DRAWN.iter().zip(&effects).zip(&values).filter(|x| x.0.1.len() > 1);
        Ok(charts.filter_map(|((id, effects), at)| self.dose_chart(place, factor, id, effects, at)).collect())
    }

    fn dose_chart(
        &self,
        place: usize,
        factor: &Swept<'_>,
        id: &str,
        effects: &[(Estimate, Verdict)],
        at: &[usize],
    ) -> Option<Chart> {
        let indicator = named(id)?;
        let head = [
            &factor.name[..],
            self.say(["effect", "影响"]),
            self.say(["95% low", "95% 下限"]),
            self.say(["95% high", "95% 上限"]),
            self.say(["verdict", "判定"]),
        ];
        let mut data = Table::new(head);
        for ((found, verdict), &at) in effects.iter().zip(at) {
            let ends = if found.count > 1 { [found.low(), found.high()] } else { [f64::NAN; 2] };
            let cells = [factor.doses[at].name.clone(), number(found.mean), number(ends[0]), number(ends[1])];
            data.push(cells.into_iter().chain([self.say(verdict.reason()).to_owned()]));
        }
        let values: Vec<f64> = at.iter().map(|&at| factor.doses[at].value).collect();
        let names: Vec<String> =
            if factor.numbers { vec![] } else { at.iter().map(|&at| factor.doses[at].name.clone()).collect() };
        let unit = if factor.unit.is_empty() { String::new() } else { format!(" ({})", factor.unit) };
        let name = self.say(indicator.name);
        let described =
            effects.iter().zip(at).map(|((found, _), &at)| format!("{} {:+.2}", factor.doses[at].name, found.mean));
        let pairs = factor.doses.iter().map(|dose| dose.pairs.len()).min().unwrap_or(0);
        Some(Chart {
            id: format!("dose-{}-{}", place + 1, id.replace('_', "-")),
            title: format!("{name} {} {}", self.say(["by", "，按"]), factor.name),
            unit: format!(
                "{}, {}; {}: {}{unit}; {}{}",
                self.unit(indicator),
                self.say(["last quarter", "最后一季"]),
                self.say(["across", "横轴"]),
                factor.name,
                self.seeds_in_words(pairs),
                self.say(["; grey: not told apart from chance", "；灰色：与偶然无法区分"])
            ),
            definition: self.definition(indicator),
            description: described.collect::<Vec<_>>().join(", "),
            drawing: doses(&values, &names, effects, SMALL),
            caveat: if id == "poorest_consumption" { self.caveat() } else { String::new() },
            size: SMALL,
            data,
            ..Chart::default()
        })
    }
}

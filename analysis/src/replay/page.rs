//! The page of a replay: the model's paths, its baseline, and dots where something was observed.

use super::errors::Errors;
use super::tables::{by_share, errors_table, years};
use super::{Compared, Frame, Kind, Path, Rebase, mean};
use crate::report::{Bar, Chart, Language, Report, Section, Series, bars, dotted_lines};
use crate::table::Table;

/// What stands at the head of a page.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Title of the scenario.
    pub title: String,
    /// Which runs these are, in words.
    pub runs: String,
    /// What makes the page doubtful, such as runs that do not belong together.
    pub warnings: Vec<String>,
    /// Names and values of where they come from.
    pub provenance: Vec<(String, String)>,
}

const SMALL: [f64; 2] = [400.0, 230.0];

/// Series of all partners together, by heading.
const TOTALS: [(&str, &[&str]); 4] = [
    ("trade in goods", &["imports", "imports_index", "import_volume", "exports", "exports_index"]),
    ("duties", &["duty_rate", "duty_revenue"]),
    ("prices", &["import_price", "import_price_landed", "consumer_price", "producer_price"]),
    ("work", &["manufacturing_employment", "employment", "unemployment_rate"]),
];

/// Series by partner, each under a heading of its own.
const BY_PARTNER: [(&str, &str); 6] = [
    ("shares in goods imports, by partner", "import_share"),
    ("goods imports by partner", "imports_index"),
    ("volume of goods imports by partner", "import_volume"),
    ("collected duty rate by partner", "duty_rate"),
    ("goods imports by partner, billion", "imports"),
    ("import prices by partner", "import_price"),
];

/// Series that are drawn for the largest partners even where nothing was observed.
const DRAWN: [&str; 4] = ["import_share", "imports_index", "import_volume", "duty_rate"];
/// Largest partners that are drawn.
const LARGEST: usize = 6;

/// Makes the page.
#[must_use]
pub fn page(frame: &Frame, paths: &[Path], compared: &[Compared], rebase: Rebase, heading: &Heading) -> Report {
    let drawer = Drawer { frame, paths, compared };
    let mut sections: Vec<Section> = Vec::new();
    sections.extend(drawer.errors());
    for (title, ids) in TOTALS {
        let find = |id: &&str| paths.iter().position(|x| x.item.series.id == *id && x.item.partner.is_none());
        let charts = ids.iter().filter_map(find).map(|place| (drawer.chart(place), false)).collect();
        sections.push(Section { title: title.to_owned(), charts });
    }
    let largest: Vec<usize> = by_share(frame, paths).into_iter().take(LARGEST).collect();
    for (title, id) in BY_PARTNER {
        let drawn = |place: &usize| {
            let item = &paths[*place].item;
            let large = DRAWN.contains(&id) && item.partner.is_some_and(|partner| largest.contains(&partner));
            item.series.id == id && item.partner.is_some() && (large || drawer.observed(*place).is_some())
        };
        let mut places: Vec<usize> = (0..paths.len()).filter(drawn).collect();
        places.sort_by_key(|&place| {
            largest.iter().position(|x| Some(*x) == paths[place].item.partner).unwrap_or(usize::MAX)
        });
        let charts = places.into_iter().map(|place| (drawer.chart(place), false)).collect();
        sections.push(Section { title: title.to_owned(), charts });
    }
    sections.retain(|section| !section.charts.is_empty());
    let span = frame.months(&(0..frame.dates.len()));
    Report {
        language: Language::English,
        title: format!("Replay: {}", heading.title),
        subtitle: format!("{}; {}; {span}", frame.codes[frame.region], heading.runs),
        warnings: heading.warnings.clone(),
        notes: drawer.notes(rebase),
        answers: drawer.answers(),
        sections,
        provenance: heading.provenance.clone(),
        ..Report::default()
    }
}

struct Drawer<'a> {
    frame: &'a Frame,
    paths: &'a [Path],
    compared: &'a [Compared],
}

impl Drawer<'_> {
    fn observed(&self, place: usize) -> Option<&Compared> {
        self.compared.iter().find(|x| x.place == place)
    }

    fn notes(&self, rebase: Rebase) -> Vec<String> {
        let before = self.frame.months(&self.frame.before());
        let mut notes = vec![format!(
            "The model is written in trend units: target inflation and trend growth are removed, and it begins from the trade of its \
             base year. Shares and rates compare as they are; indices are 100 on average over {before}, before the first measure in \
             {}. Take the trend out of observed amounts and prices, and their seasons. All partners are in replay.csv; the {LARGEST} \
             largest are drawn.",
            self.frame.month(self.frame.first)
        )];
        if !self.compared.is_empty() {
            let rebased = match rebase {
                Rebase::Index => "observed indices are rebased on the same months",
                Rebase::Levels => {
                    "observed indices and amounts are rebased on the same months, so that only changes compare"
                }
                Rebase::None => "observations are compared as given",
            };
            notes.push(format!("Dots: observed, from the file given; {rebased}. Nothing is fitted to them here."));
        }
        notes
    }

    fn answers(&self) -> Vec<crate::report::Answer> {
        let [first, last] = years(self.frame);
        let answer = |path: &Path, name: String| {
            let model = path.means();
            let (before, end) = (mean(&model[self.frame.before()]), mean(&model[last.clone()]));
            let unit = if path.item.series.kind == Kind::Index { "" } else { " %" };
            crate::report::Answer {
                name,
                value: format!("{end:.1}{unit}"),
                note: format!(
                    "{}; before {before:.1}; first year {:.1}; baseline {:.1}",
                    self.frame.months(&last),
                    mean(&model[first.clone()]),
                    mean(&path.baseline[last.clone()])
                ),
                doubt: false,
            }
        };
        let mut answers = Vec::new();
        for id in ["duty_rate", "import_volume", "consumer_price", "manufacturing_employment"] {
            let path = self.paths.iter().find(|x| x.item.series.id == id && x.item.partner.is_none());
            answers.extend(path.map(|path| answer(path, path.item.series.name.to_owned())));
        }
        // The partner whose share falls most against the baseline.
        let fall = |path: &&Path| mean(&path.means()[last.clone()]) - mean(&path.baseline[last.clone()]);
        let shares = self.paths.iter().filter(|x| x.item.series.id == "import_share" && fall(x).is_finite());
        if let Some(path) = shares.min_by(|a, b| fall(a).total_cmp(&fall(b))) {
            answers.insert(1, answer(path, format!("{} in goods imports", self.frame.partner(&path.item))));
        }
        answers
    }

    fn chart(&self, place: usize) -> Chart {
        let (path, compared) = (&self.paths[place], self.observed(place));
        let series = path.item.series;
        let model = path.means();
        let band = path.band();
        let lines = [
            Series { name: "model".to_owned(), values: model.clone(), bands: band.iter().cloned().collect() },
            Series { name: "baseline".to_owned(), values: path.baseline.clone(), bands: vec![] },
        ];
        let dots: &[f64] = compared.map_or(&[], |x| &x.observed);
        let drawing = dotted_lines(&lines, dots, &self.frame.dates, Some(self.frame.first), false, SMALL);
        let mut keys = vec!["model".to_owned(), "baseline".to_owned()];
        let mut columns = vec![("model", &model), ("baseline", &path.baseline)];
        if let Some([low, high]) = &band {
            columns.extend([("95% low", low), ("95% high", high)]);
        }
        if let Some(compared) = compared {
            keys.push("observed".to_owned());
            columns.push(("observed", &compared.observed));
        }
        let mut data = Table::new(std::iter::once("month").chain(columns.iter().map(|x| x.0)));
        for tick in 0..self.frame.dates.len() {
            let numbers = columns.iter().map(|x| crate::report::number(x.1[tick]));
            data.push(std::iter::once(self.frame.month(tick)).chain(numbers));
        }
        let title = match path.item.partner {
            None => series.name.to_owned(),
            Some(partner) => format!("{}: {}", self.frame.codes[partner], series.name),
        };
        let unit = if series.kind == Kind::Index {
            format!("{} = 100", self.frame.months(&self.frame.before()))
        } else {
            series.unit.to_owned()
        };
        let interval = if band.is_some() {
            format!("; mean and its 95% interval, {} runs", path.model[0].count)
        } else {
            String::new()
        };
        let found = compared.and_then(|x| x.errors.as_ref()).map_or_else(String::new, in_words);
        let end = model.last().copied().unwrap_or(f64::NAN);
        Chart {
            id: format!("{}-{}", series.id.replace('_', "-"), self.frame.partner(&path.item).to_ascii_lowercase()),
            description: format!("{title}, {unit}: {end:.2} at the end{interval}{found}"),
            unit: format!("{unit}{interval}{found}"),
            definition: format!("{}. To lay beside it: {}.", series.definition, series.published),
            title,
            keys,
            over_time: true,
            drawing,
            size: SMALL,
            data,
            ..Chart::default()
        }
    }

    /// Theil's U of everything that was observed.
    fn errors(&self) -> Option<Section> {
        let rows: Vec<(&Compared, &Errors)> =
            self.compared.iter().filter_map(|x| Some((x, x.errors.as_ref()?))).collect();
        if rows.is_empty() {
            return None;
        }
        let bar = |(compared, errors): &(&Compared, &Errors)| Bar {
            name: format!("{} ({})", compared.item.series.name, self.frame.partner(&compared.item)),
            value: errors.u_no_change.unwrap_or(f64::NAN),
            interval: None,
            apart: true,
        };
        let all: Vec<Bar> = rows.iter().map(bar).collect();
        let size = [1180.0, 44.0 + 20.0 * all.len() as f64];
        let chart = Chart {
            id: "errors".to_owned(),
            title: "Theil's U against no change since before the first measure".to_owned(),
            unit: "ratio of root mean squared errors; below 1 the model is closer to what was observed than no change".to_owned(),
            definition: "With e = model less observed over the months observed since the first measure: RMSE = sqrt(mean e²), bias = mean \
                         e, mean absolute error = mean |e|; U = RMSE over that of a naive path: the mean observed before the first measure \
                         (u_no_change), or the model's baseline (u_baseline); change_correlation is that of changes from month to month, \
                         sign_agreement the share of months in which both have moved the same way since before. Theil (1966); Pesaran and \
                         Timmermann (1992)."
                .to_owned(),
            description: "Theil's U by series".to_owned(),
            keys: vec![],
            over_time: false,
            drawing: bars(&all, size),
            size,
            data: errors_table(self.frame, self.compared, true),
            world: true,
            ..Chart::default()
        };
        Some(Section { title: "how far from what was observed".to_owned(), charts: vec![(chart, true)] })
    }
}

/// The errors of a series, for its unit line.
fn in_words(errors: &Errors) -> String {
    let u = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    format!(
        "; {} months observed: RMSE {:.2}, bias {:+.2}, U {} (no change), {} (baseline)",
        errors.count,
        errors.root_mean_square,
        errors.bias,
        u(errors.u_no_change),
        u(errors.u_baseline)
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rising};
    use super::super::{Observed, template};
    use super::*;

    #[test]
    fn a_page_shows_what_was_observed() {
        let frame = frame();
        let paths = rising(&frame);
        let heading =
            Heading { title: "T".to_owned(), runs: "two pairs".to_owned(), warnings: vec![], provenance: vec![] };
        let alone = page(&frame, &paths, &[], Rebase::Index, &heading);
        let ids: Vec<&str> = alone.charts().map(|chart| chart.id.as_str()).collect();
        assert!(ids.contains(&"duty-rate-all") && ids.contains(&"import-share-b"), "{ids:?}");
        assert!(!ids.contains(&"import-price-b") && !ids.contains(&"errors"), "{ids:?}");
        assert!(!alone.html().contains("class=\"d3\"") && alone.notes.len() == 1);
        let mut filled = template(&frame);
        for row in filled.rows.iter_mut().filter(|row| row[1] == "import_price" && row[2] == "B") {
            "90".clone_into(&mut row[4]);
        }
        let observed = Observed::parse(&filled.to_csv(), &frame, Rebase::Index).expect("observations");
        let compared = observed.beside(&frame, &paths, Rebase::Index);
        let beside = page(&frame, &paths, &compared, Rebase::Index, &heading);
        let chart = beside.charts().find(|chart| chart.id == "import-price-b").expect("a chart");
        // Observed prices stay at 10, the model's mean before; it rises to 12, 13, 14, 15.
        assert!(chart.unit.contains("4 months observed: RMSE 3.67, bias +3.50, U - (no change)"), "{}", chart.unit);
        assert_eq!(chart.data.rows[5].last().map(String::as_str), Some("10"));
        assert!(chart.unit.starts_with("2025-01 to 2025-02 = 100") && chart.keys.len() == 3);
        assert_eq!(beside.html().matches("class=\"d3\"").count(), 6);
        assert_eq!(beside.charts().next().map(|chart| chart.id.as_str()), Some("errors"));
    }
}

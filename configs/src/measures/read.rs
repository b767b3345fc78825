//! Reading measures from TOML.

mod scope;

use super::instruments::MeasureKind;
use super::instruments::displacement::LONGEST;
use super::keys::keys;
use super::measure::{Codes, Measure, Mode, Place, ReserveTerms};
use crate::date::Date;
use crate::reading::keys::names;
use crate::reading::{Issue, Node, Problems, Table, did_you_mean, join, parse_document};

/// Reads the `[[measure]]` tables of a policy file (other top-level keys: `title`, `description`).
///
/// # Errors
/// Every issue found: syntax, unknown or missing keys, unknown regions or products, a region taxing imports
/// from itself, rates out of range, dates out of order, a measure that covers nothing.
pub fn parse_measures(file: &str, text: &str, codes: &Codes) -> Result<Vec<Measure>, Vec<Issue>> {
    let mut problems = Problems::new(file, text);
    let mut measures = Vec::new();
    if let Some(document) = parse_document(text, &mut problems) {
        document.reject_unknown(&["title", "description", "measure"], "", &mut problems);
        measures = read_measures(&document, file, text, codes, &mut problems);
    }
    if problems.issues.is_empty() { Ok(measures) } else { Err(problems.issues) }
}

/// Reads the `[[measure]]` tables of an already parsed document; issues go to `problems`.
pub fn read_measures(
    document: &Table,
    file: &str,
    text: &str,
    codes: &Codes,
    problems: &mut Problems<'_>,
) -> Vec<Measure> {
    let Some(node) = document.get("measure") else {
        return Vec::new();
    };
    let Some(items) = node.list("measure", problems) else {
        return Vec::new();
    };
    let places = Problems::new(file, text);
    let mut measures = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let path = format!("measure[{}]", place + 1);
        if let Some(table) = item.table(&path, problems)
            && let Some(mut measure) = (Reader { table, path: &path, codes, problems }).measure()
        {
            let (line, column) = places.locate(table.span.start);
            measure.place = Place { file: file.to_owned(), span: table.span.clone(), line, column };
            measures.push(measure);
        }
    }
    measures
}

/// Announced, start, end, end announced.
type Dates = (Date, Date, Option<Date>, Date);

struct Reader<'r, 's> {
    table: &'r Table,
    path: &'r str,
    codes: &'r Codes,
    problems: &'r mut Problems<'s>,
}

impl Reader<'_, '_> {
    fn measure(&mut self) -> Option<Measure> {
        let kind = self.required("kind", "add `kind = \"tariff\"` or another kind")?.clone();
        let word = kind.text(&self.key("kind"), self.problems)?;
        let Some((_, kind)) = MeasureKind::WORDS.iter().find(|(name, _)| *name == word) else {
            let remedy = did_you_mean(word, MeasureKind::NAMES.iter().copied());
            self.problems.report(kind.span.clone(), &self.key("kind"), format!("unknown kind `{word}`"), remedy);
            return None;
        };
        let kind = *kind;
        let before = self.problems.issues.len();
        self.reject_unknown(kind);
        let label = self.text("label", true);
        let source = self.text("source", true);
        let dates = self.dates();
        let reserve = self.reserve(kind);
        let tenure = self.tenure(kind);
        let (cells, sets, rates) = self.scope(kind)?;
        let [importers, exporters, products] = sets;
        let (announced, start, end, end_announced) = dates?;
        let reserve = reserve?;
        let named = importers.base.iter().chain(&importers.except).chain(rates.first_codes());
        let part = |code: &String| Some((code.clone(), self.codes.whole_of(code)?.to_owned()));
        let areas = named.filter(|_| kind.by_area()).filter_map(part).collect();
        (self.problems.issues.len() == before).then(|| Measure {
            label,
            kind,
            mode: self.mode(),
            legal_basis: self.text("legal_basis", false),
            announced,
            start,
            end,
            end_announced,
            budget_per_year: self.budget(),
            shared: self.flag("shared"),
            areas,
            reserve,
            tenure,
            source,
            mark: self.text("mark", false),
            note: self.text("note", false),
            importers,
            exporters,
            products,
            rates,
            cells,
            place: Place::default(),
        })
    }

    fn key(&self, key: &str) -> String {
        join(self.path, key)
    }

    fn required(&mut self, key: &str, remedy: &str) -> Option<&Node> {
        self.table.require(key, self.path, remedy, self.problems)
    }

    fn reject_unknown(&mut self, kind: MeasureKind) {
        let known = names(&keys(kind));
        self.table.reject_unknown(&known, self.path, self.problems);
    }

    fn text(&mut self, key: &str, required: bool) -> String {
        let path = self.key(key);
        let node = if required {
            self.table.require(key, self.path, &format!("add `{key} = \"..\"`"), self.problems)
        } else {
            self.table.get(key)
        };
        node.and_then(|node| node.text(&path, self.problems)).unwrap_or_default().to_owned()
    }

    fn flag(&mut self, key: &str) -> bool {
        let path = self.key(key);
        self.table.get(key).and_then(|node| node.boolean(&path, self.problems)).unwrap_or(false)
    }

    /// Yearly budget, millions of currency.
    fn budget(&mut self) -> Option<f64> {
        let table = self.table;
        let node = table.get("budget_per_year")?;
        let key = self.key("budget_per_year");
        let budget = node.number(&key, self.problems)?;
        if !(budget > 0.0 && budget <= 1e9) {
            let message = format!("a budget of {budget} million a year");
            self.problems.report(node.span.clone(), &key, message, "give millions of currency between 0 and 1e9");
            return None;
        }
        Some(budget)
    }

    /// Terms of reserve capacity; `None` if they are missing or wrong.
    #[expect(clippy::option_option, reason = "no terms for other kinds, or wrong terms")]
    fn reserve(&mut self, kind: MeasureKind) -> Option<Option<ReserveTerms>> {
        if kind != MeasureKind::ReserveCapacity {
            return Some(None);
        }
        let mut share = |key: &str, remedy: &str| {
            let node = self.required(key, remedy)?.clone();
            let path = self.key(key);
            let value = node.number(&path, self.problems)?;
            if !(0.0..=1.0).contains(&value) {
                let message = format!("{key} of {value} is not between 0 and 1");
                self.problems.report(node.span, &path, message, remedy);
                return None;
            }
            Some(value)
        };
        let grant = share("grant", "add `grant = 0.5`: the share of the cost of building that the government pays");
        let upkeep = share("upkeep", "add `upkeep = 0.05`: the payment a year, fraction of the value of capital");
        Some(Some(ReserveTerms { grant: grant?, upkeep: upkeep? }))
    }

    /// Months in a job of those who may be displaced; none for other kinds, or where it is missing or wrong, which is reported.
    fn tenure(&mut self, kind: MeasureKind) -> Option<f64> {
        if kind != MeasureKind::Displacement {
            return None;
        }
        let remedy = "add `tenure = 36`: months in the job from which on somebody may be displaced";
        let node = self.required("tenure", remedy)?.clone();
        let path = self.key("tenure");
        let months = node.number(&path, self.problems)?;
        if !(0.0..=LONGEST).contains(&months) {
            let message = format!("tenure of {months} months");
            self.problems.report(node.span, &path, message, format!("give months between 0 and {LONGEST}"));
            return None;
        }
        Some(months)
    }

    fn mode(&mut self) -> Mode {
        let Some(node) = self.table.get("mode") else {
            return Mode::Add;
        };
        let key = self.key("mode");
        match crate::parameters::read_choice(node, &["add", "replace"], &key, self.problems) {
            Some(1) => Mode::Replace,
            _ => Mode::Add,
        }
    }

    /// Announced, start, end and the day the end is known, in order.
    fn dates(&mut self) -> Option<Dates> {
        let mut date = |key: &str| {
            let path = join(self.path, key);
            self.table.get(key).map(|node| (node.date(&path, self.problems), node.span.clone()))
        };
        let (announced, start, end, end_announced) =
            (date("announced"), date("start"), date("end"), date("end_announced"));
        let Some((start, start_span)) = start else {
            self.required("start", "add `start = 2025-01-01`");
            return None;
        };
        let start = start?;
        let announced_date = match &announced {
            Some((date, _)) => (*date)?,
            None => start,
        };
        if announced_date > start {
            let message = format!("starts on {start}, before it is announced on {announced_date}");
            let remedy = "announce it on or before its start";
            self.problems.report(start_span.clone(), &self.key("start"), message, remedy);
        }
        let Some((end, end_span)) = end else {
            if let Some((_, span)) = end_announced {
                let message = "the announcement of an end that is not given";
                self.problems.report(span, &self.key("end_announced"), message, "add `end`, or remove `end_announced`");
            }
            return Some((announced_date, start, None, announced_date));
        };
        let end = end?;
        if end <= start {
            let message = format!("ends on {end}, not after its start on {start}");
            let remedy = "`end` is the first day no longer in force; make it later than `start`";
            self.problems.report(end_span, &self.key("end"), message, remedy);
        }
        let end_known = match &end_announced {
            Some((date, _)) => (*date)?,
            None => announced_date,
        };
        if end_known > end || end_known < announced_date {
            let span = end_announced.map_or(start_span, |(_, span)| span);
            let message = format!("the end is announced on {end_known}, not between {announced_date} and {end}");
            let remedy = "announce the end between the announcement of the measure and its end";
            self.problems.report(span, &self.key("end_announced"), message, remedy);
        }
        Some((announced_date, start, Some(end), end_known))
    }
}

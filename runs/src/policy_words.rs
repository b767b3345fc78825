//! A policy in words and tables, for pages: who does what to whom, how much, when; and parameters that were changed.

use analysis::report::{Language, Mark, Names, Policy};
use analysis::table::Table;
use configs::calibration::Calibration;
use configs::date::Date;
use configs::measures::{CodeSet, Measure, Mode, Rates};
use configs::parameters::PARAMETERS;
use engine::csv::Rows;

use crate::config::{ResolvedConfig, chinese_names, shipped_parameters};

/// Measures that are said in words; the table has all.
const SAID: usize = 6;

/// Regions or products that are named one by one in a sentence; the table has all.
const LISTED: usize = 3;

/// Rates of their own that are named one by one.
const RATES: usize = 6;

/// Groups of regions and products in words.
const GROUPS: [(&str, [&str; 2]); 3] = [
    ("all-goods", ["all goods", "全部货物"]),
    ("all-services", ["all services", "全部服务"]),
    ("manufacturing", ["all manufactures", "全部制成品"]),
];

/// Rows of the table of Chinese names: kind, code, English name and Chinese name.
fn chinese() -> Vec<Vec<String>> {
    let Ok(rows) = Rows::parse(chinese_names()) else { return vec![] };
    let text = |row: usize| rows.cells(row).into_iter().map(|cell| cell.text).collect();
    (1..rows.len()).map(text).filter(|row: &Vec<String>| row.len() == 4).collect()
}

/// The title of a shipped scenario in Chinese; others stay as their author wrote them.
#[must_use]
pub fn title_in(title: &str, language: Language) -> String {
    let found = chinese().into_iter().find(|row| row[0] == "title" && row[2] == title);
    match (language, found) {
        (Language::Chinese, Some(row)) => row[3].clone(),
        _ => title.to_owned(),
    }
}

/// Names of the regions and industries of a world. A Chinese name is of the same code and English name, so that the codes of
/// other worlds are not mistaken for those of the shipped one.
#[must_use]
pub fn names_of(world: &Calibration) -> Names {
    let table = chinese();
    let in_chinese = |kind: &str, code: &str, name: &str| {
        let found = table.iter().find(|row| row[0] == kind && row[1] == code && row[2] == name);
        found.map(|row| row[3].clone())
    };
    let mut names = Names::default();
    for region in &world.regions {
        let chinese = in_chinese("region", &region.code, &region.name);
        names.add(&region.code, &region.name, chinese.as_deref(), &region.currency);
    }
    for area in &world.areas {
        let chinese = in_chinese("area", &area.code, &area.name);
        let region = names.name(&world.regions[area.region].code, Language::English).to_owned();
        names.add_area(&area.code, &format!("{} of {region}", area.name), chinese.as_deref());
    }
    for industry in &world.industries {
        let chinese = in_chinese("industry", &industry.code, &industry.name);
        names.add(&industry.code, &industry.name, chinese.as_deref(), "");
    }
    names
}

/// Says things about measures.
pub struct Words<'a> {
    /// Names of regions and industries.
    pub names: &'a Names,
    /// Language.
    pub language: Language,
}

/// A number of percent without zeros at its end.
fn percent(rate: f64) -> String {
    let text = format!("{:.4}", 100.0 * rate);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A rate as it acts: added to what there is, in place of it, or a share.
fn rate_of(measure: &Measure, rate: f64) -> String {
    let adds = measure.mode == Mode::Add && !measure.kind.is_share();
    if adds && rate >= 0.0 { format!("+{}", percent(rate)) } else { percent(rate) }
}

/// A day by its month.
fn month(date: Date) -> String {
    date.year_month()
}

impl Words<'_> {
    fn say<'b>(&self, texts: [&'b str; 2]) -> &'b str {
        self.language.of(texts)
    }

    fn kind(&self, measure: &Measure) -> &'static str {
        self.language.of(measure.kind.instrument().names)
    }

    /// A set of codes by their names, of which `all` and the unit are given; how many where they are more than `most`; nothing
    /// if there are none.
    fn set(&self, set: &CodeSet, [all, unit]: [[&str; 2]; 2], most: usize) -> String {
        let name = |code: &String| {
            let group = GROUPS.iter().find(|x| x.0 == code).map(|x| self.say(x.1).to_owned());
            let group = if code == "all" { Some(self.say(all).to_owned()) } else { group };
            group.unwrap_or_else(|| self.names.full(code, self.language))
        };
        let list = |codes: &[String]| {
            if codes.len() > most {
                return format!("{} {}", codes.len(), self.say(unit));
            }
            codes.iter().map(name).collect::<Vec<_>>().join(self.say([", ", "、"]))
        };
        if set.except.is_empty() {
            return list(&set.base);
        }
        match self.language {
            Language::English => format!("{} except {}", list(&set.base), list(&set.except)),
            Language::Chinese => format!("{}（{}除外）", list(&set.base), list(&set.except)),
        }
    }

    /// The rates of a measure.
    fn rates(&self, measure: &Measure) -> String {
        let total = if measure.mode == Mode::Replace { self.say([" in all", "（总税率）"]) } else { "" };
        let range = |rates: &mut dyn Iterator<Item = f64>, by: [&str; 2]| {
            let (low, high) = rates.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
            let [low, high] = [low, high].map(|x| rate_of(measure, x));
            format!("{low} {} {high}{}", self.say(["to", "至"]), self.say(by))
        };
        let text = match &measure.rates {
            Rates::None => return self.say(["all of it", "全部"]).to_owned(),
            Rates::One(rate) => rate_of(measure, *rate),
            Rates::ByFirst(rates) if rates.len() <= RATES => {
                let one = |(code, rate): &(String, f64)| {
                    format!("{} {}", self.names.full(code, self.language), rate_of(measure, *rate))
                };
                rates.iter().map(one).collect::<Vec<_>>().join(self.say([", ", "、"]))
            }
            Rates::ByFirst(rates) => range(&mut rates.iter().map(|x| x.1), [", by region", "（按地区）"]),
            Rates::ByBoth(rates) => {
                let mut all = rates.iter().flat_map(|x| &x.1).map(|x| x.1);
                range(&mut all, [", by region and product", "（按地区与产品）"])
            }
        };
        format!("{text}{total}")
    }

    /// Who is concerned, on whose goods, and which products or industries.
    fn concerned(&self, measure: &Measure, most: usize) -> [String; 3] {
        let regions = [["all regions", "所有地区"], ["regions", "个地区"]];
        let own = CodeSet { base: measure.rates.first_codes().cloned().collect(), except: vec![] };
        let listed = |set: &CodeSet| self.set(if set.base.is_empty() { &own } else { set }, regions, most);
        let products = match &measure.rates {
            Rates::ByBoth(rates) if measure.products.base.is_empty() => {
                let codes: std::collections::BTreeSet<&String> =
                    rates.iter().flat_map(|x| &x.1).map(|x| &x.0).collect();
                CodeSet { base: codes.into_iter().cloned().collect(), except: vec![] }
            }
            _ => measure.products.clone(),
        };
        let products = self.set(&products, [["all products", "全部产品"], ["products", "类产品"]], most);
        if measure.kind.on_imports() {
            [self.set(&measure.importers, regions, most), listed(&measure.exporters), products]
        } else {
            [listed(&measure.importers), String::new(), products]
        }
    }

    /// A measure in a sentence without its end.
    fn sentence(&self, measure: &Measure) -> String {
        let ([who, whom, what], kind) = (self.concerned(measure, LISTED), self.kind(measure));
        let rates = self.rates(measure);
        let rates = if measure.rates == Rates::None { String::new() } else { rates };
        let (from, until) = (month(measure.start), measure.end.map(month));
        if self.language == Language::Chinese {
            let what = if what.is_empty() { String::new() } else { format!("，{what}") };
            let whom = if whom.is_empty() { String::new() } else { format!("，对来自{whom}的产品") };
            let rates = if rates.is_empty() { String::new() } else { format!("，{rates}") };
            let until = until.map_or_else(String::new, |until| format!("，至 {until}"));
            return format!("{who}{whom}{what}：{kind}{rates}，自 {from} 起{until}");
        }
        let what = if what.is_empty() { String::new() } else { format!(" on {what}") };
        let whom = if whom.is_empty() { String::new() } else { format!(" from {whom}") };
        let into = if measure.kind.on_imports() { "into" } else { "in" };
        let rates = if rates.is_empty() { String::new() } else { format!(", {rates}") };
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        format!("{kind}{what}{whom} {into} {who}{rates}, from {from}{until}")
    }

    /// Measures in words and a table, and parameters that were changed.
    #[must_use]
    pub fn policy(&self, config: &ResolvedConfig) -> Policy {
        let measures = &config.measures;
        let mut words: Vec<String> = measures
            .iter()
            .take(SAID)
            .enumerate()
            .map(|(number, measure)| match self.language {
                Language::English => format!("{}. {}.", number + 1, self.sentence(measure)),
                Language::Chinese => format!("{}. {}。", number + 1, self.sentence(measure)),
            })
            .collect();
        if measures.len() > SAID {
            let rest = measures.len() - SAID;
            words.push(match self.language {
                Language::English => format!("And {rest} more measures, in the table."),
                Language::Chinese => format!("另有 {rest} 项政策措施，见表。"),
            });
        }
        if measures.is_empty() {
            words
                .push(self.say(["No measure: the world goes on as it is.", "没有政策措施：世界照旧运行。"]).to_owned());
        }
        Policy { words, measures: self.measures(config), settings: self.settings(config) }
    }

    fn measures(&self, config: &ResolvedConfig) -> Table {
        let head = [
            ["no.", "序号"],
            ["label", "标签"],
            ["kind", "种类"],
            ["who", "主体"],
            ["on whom", "对象"],
            ["products", "产品"],
            ["rate", "税率或比率"],
            ["known from", "公布"],
            ["in force from", "生效"],
            ["until", "终止"],
            ["source", "来源"],
        ];
        let mut table = Table::new(head.map(|texts| self.say(texts)));
        for (number, measure) in config.measures.iter().enumerate() {
            let [who, whom, what] = self.concerned(measure, usize::MAX);
            let shared = if measure.shared { self.say([", in both worlds", "（两种情形均有）"]) } else { "" };
            table.push([
                (number + 1).to_string(),
                measure.label.clone(),
                format!("{}{shared}", self.kind(measure)),
                who,
                whom,
                what,
                self.rates(measure),
                measure.announced.to_string(),
                measure.start.to_string(),
                measure.end.map_or_else(|| self.say(["no end", "无终止"]).to_owned(), |end| end.to_string()),
                measure.source.clone(),
            ]);
        }
        table
    }

    fn settings(&self, config: &ResolvedConfig) -> Table {
        let head =
            [["parameter", "参数"], ["default", "默认值"], ["here", "此处"], ["unit", "单位"], ["source", "来源"]];
        let mut table = Table::new(head.map(|texts| self.say(texts)));
        let Some(defaults) = shipped_parameters() else { return table };
        let values = defaults.values.shown().into_iter().zip(config.parameters.values.shown());
        for (info, (default, here)) in PARAMETERS.iter().zip(values).filter(|x| x.1.0 != x.1.1) {
            let source = config.parameters.sources.get(&info.path()).cloned().unwrap_or_default();
            table.push([info.path(), default, here, info.unit.to_owned(), source]);
        }
        table
    }

    /// Where measures begin and end: one mark a tick, with the numbers and names of all measures there.
    #[must_use]
    pub fn marks(&self, config: &ResolvedConfig) -> Vec<Mark> {
        let mut found: std::collections::BTreeMap<(usize, bool), Vec<usize>> = std::collections::BTreeMap::new();
        for (number, measure) in config.measures.iter().enumerate() {
            let tick = |date| config.calendar().tick_of(date) as usize;
            found.entry((tick(measure.start), false)).or_default().push(number);
            if let Some(end) = measure.end {
                found.entry((tick(end), true)).or_default().push(number);
            }
        }
        let mark = |((tick, ends), numbers): ((usize, bool), Vec<usize>)| {
            let name = |&number: &usize| self.named(&config.measures[number], number, ends);
            let label = format!("{}{}", in_short(&numbers), if ends { " ×" } else { "" });
            Mark { tick, label, name: numbers.iter().map(name).collect::<Vec<_>>().join("\n"), ends }
        };
        found.into_iter().map(mark).collect()
    }

    fn named(&self, measure: &Measure, number: usize, ends: bool) -> String {
        let number = number + 1;
        match (self.language, ends, measure.end) {
            (Language::English, false, _) => format!("{number}: {}, from {}", measure.label, month(measure.start)),
            (Language::English, true, end) => {
                format!("{number} ×: {} ends, {}", measure.label, end.map_or_else(String::new, month))
            }
            (Language::Chinese, false, _) => format!("{number}：{}", self.sentence(measure)),
            (Language::Chinese, true, end) => {
                format!("{number} ×：{}终止，{}", self.kind(measure), end.map_or_else(String::new, month))
            }
        }
    }
}

/// Numbers from 0 as people count, runs of them drawn together: `1, 3-5`.
fn in_short(numbers: &[usize]) -> String {
    let mut parts: Vec<[usize; 2]> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => parts.push([number, number]),
        }
    }
    let part = |[first, last]: [usize; 2]| {
        if first == last { (first + 1).to_string() } else { format!("{}-{}", first + 1, last + 1) }
    };
    parts.into_iter().map(part).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use configs::measures::MeasureKind;

    use super::*;
    use crate::config::{Overrides, load_scenario, scenario_names};

    #[test]
    fn every_kind_has_words_and_numbers_are_short() {
        for (word, kind) in MeasureKind::WORDS {
            let [english, chinese] = kind.instrument().names;
            assert!(english.is_ascii() && english.len() > 3 && !chinese.is_ascii(), "{word}");
        }
        assert_eq!(in_short(&[0, 2, 3, 4, 7]), "1, 3-5, 8");
        assert_eq!((percent(0.1), percent(1.45), percent(-0.05)), ("10%".into(), "145%".into(), "-5%".into()));
    }

    #[test]
    fn every_shipped_scenario_is_told_in_both_languages() {
        for name in scenario_names() {
            let loaded = load_scenario(name, &Overrides::default()).expect("a shipped scenario");
            let names = names_of(&loaded.calibration);
            for language in [Language::English, Language::Chinese] {
                let words = Words { names: &names, language };
                let policy = words.policy(&loaded.config);
                assert_eq!(policy.measures.rows.len(), loaded.config.measures.len(), "{name}");
                assert!(!policy.words.is_empty(), "{name}");
                // Every measure is marked where it begins, by its number.
                let marked: usize =
                    words.marks(&loaded.config).iter().filter(|x| !x.ends).map(|x| x.name.lines().count()).sum();
                assert_eq!(marked, loaded.config.measures.len(), "{name}");
                if language == Language::Chinese {
                    assert!(!title_in(&loaded.config.title, language).is_ascii(), "{name}: {}", loaded.config.title);
                    // Codes stand in brackets.
                    let latin = |text: &String| {
                        let plain: String = text.split('（').map(|x| x.rsplit('）').next().unwrap_or(x)).collect();
                        plain.split(|c: char| !c.is_ascii_lowercase()).any(|x| x.len() > 3)
                    };
                    assert!(!policy.words.iter().any(latin), "{name}: {:?}", policy.words);
                }
            }
        }
    }

    #[test]
    fn names_of_the_shipped_world_are_chinese_and_those_of_others_are_not_guessed() {
        let world = load_scenario("us-uniform-10", &Overrides::default()).expect("shipped").calibration;
        let names = names_of(&world);
        for code in world.regions.iter().map(|x| &x.code).chain(world.industries.iter().map(|x| &x.code)) {
            assert!(!names.name(code, Language::Chinese).is_ascii(), "{code}");
        }
        assert_eq!(names.full("USA", Language::Chinese), "美国（USA）");
        let mut other = world;
        other.regions[0].name = "Usania".to_owned();
        assert_eq!(names_of(&other).full("USA", Language::Chinese), "Usania（USA）");
    }
}

//! The page with figures of who gains and who loses: sentences that answer first, then tenths by channel, groups and the middle.

use super::channels::{CHANNELS, NAMES};
use super::groups::By;
use super::page::first_and_last;
use super::uses::Use;
use super::words::{heading, spread, two, year_in};
use super::{Figure, Found};
use crate::bars::shown;
use crate::placebo::Tested;
use crate::report::{Answer, Bar, Chart, Language, Report, Section, Sentence, bars, heading_of, heat, number, stacks};
use crate::table::Table;

/// Width of drawings, pixels.
const WIDTH: f64 = 420.0;
/// Height of a row of a drawing, and of what is around the rows.
const ROW: f64 = 20.0;
const AROUND: f64 = 40.0;

/// What a page is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Title, such as the question of the scenario.
    pub title: &'a str,
    /// What was run.
    pub run: &'a str,
    /// Region.
    pub region: &'a str,
    /// Who made it.
    pub maker: &'a str,
    /// Language.
    pub language: Language,
}

impl About<'_> {
    /// A page with nothing but what it is about.
    fn page(&self, before: [&str; 2]) -> Report {
        let language = self.language;
        let run = self.run.replace('`', "");
        Report {
            language,
            title: format!("{}{}", language.of(before), self.title),
            subtitle: run.clone(),
            region: self.region.to_owned(),
            context: vec![run],
            notes: NOTES.map(|note| language.of(note).to_owned()).to_vec(),
            provenance: vec![(language.of(["made by", "生成"]).to_owned(), self.maker.replace('`', ""))],
            ..Report::default()
        }
    }
}

/// How the page is to be read.
const NOTES: [[&str; 2]; 2] = [
    [
        "The same households in worlds with and without the policy; groups are those of the year before. Means over seeds, whiskers and brackets are 95% intervals; grey, and ~, is not told apart from chance by the interval or by the placebo (a duty of one basis point, same seeds).",
        "同一批家庭在有政策与无政策世界中的比较；分组依据政策前一年。各随机种子均值，须线与括号为 95% 区间；灰色与 ~ 表示依区间或安慰剂（同种子，关税 0.01 个百分点）与偶然无法区分。",
    ],
    [
        "Real income is disposable income at the prices of the basket of the household's tenth. The middle is an income of 75 to 200% of the median of the year before, in real terms. All groups, years and figures are in the table for programs beside this page.",
        "实际收入为按家庭所属十分位篮子价格折算的可支配收入。中间阶层指实际收入为前一年中位数 75% 至 200% 者。全部分组、年份与指标见本页旁供程序读取的表。",
    ],
];

/// A number that answers, with the year and its interval.
fn answer(name: String, tested: Option<Tested>, unit: [&str; 2], year: usize, language: Language) -> Option<Answer> {
    let tested = tested?;
    let found = tested.judged.change;
    let interval = spread(found, shown, language);
    Some(Answer {
        name,
        value: format!("{:+.2}{}", found.mean, language.of(unit)),
        note: format!("{}{}{interval}", year_in(year, language), language.of([": ", "："])),
        doubt: !tested.verdict().is_apart(),
    })
}

/// A mean, and whether it is told apart; no number where there is none.
fn cell(tested: Option<Tested>) -> (f64, bool) {
    tested.map_or((f64::NAN, false), |x| (x.judged.change.mean, x.verdict().is_apart()))
}

/// Bars of what there is, and the numbers in them.
fn bars_of(rows: impl IntoIterator<Item = (String, Option<Tested>)>, language: Language) -> (Vec<Bar>, Table) {
    let head = [["group", "组"], ["mean", "均值"], ["low", "下限"], ["high", "上限"]];
    let mut data = Table::new(head.map(|x| language.of(x)));
    let mut all = Vec::new();
    for (name, tested) in rows {
        let Some(tested) = tested else { continue };
        let found = tested.judged.change;
        let interval = found.half_width.is_finite().then(|| [found.low(), found.high()]);
        let ends = interval.map_or_else(|| [String::new(), String::new()], |ends| ends.map(number));
        data.push([name.as_str(), &number(found.mean), &ends[0], &ends[1]]);
        all.push(Bar { name, value: found.mean, interval, apart: tested.verdict().is_apart() });
    }
    (all, data)
}

/// Charts under a title; those without any are left out.
fn sections(all: impl IntoIterator<Item = (String, Vec<Chart>)>) -> Vec<Section> {
    let all = all.into_iter().filter(|(_, charts)| !charts.is_empty());
    all.map(|(title, charts)| Section { title, charts: charts.into_iter().map(|chart| (chart, false)).collect() })
        .collect()
}

/// Real income by a grouping in a year: identifier and title.
fn income_by(by: By, year: usize, language: Language) -> (String, String) {
    let title = [["real income by ", by.name()[0]].concat(), ["实际收入，按", by.name()[1]].concat()];
    (format!("{by:?}-{}", year + 1).to_lowercase(), heading([&title[0], &title[1]], Some(year), language))
}

/// Height of a drawing with so many rows.
fn height(rows: usize) -> f64 {
    AROUND + ROW * rows as f64
}

/// A chart whose rows are numbers by group.
fn chart(id: String, title: String, unit: [&str; 2], definition: [&str; 2], language: Language) -> Chart {
    let [unit, definition] = [unit, definition].map(|x| language.of(x).to_owned());
    Chart { description: format!("{title}, {unit}"), id, title, unit, definition, ..Chart::default() }
}

/// What is told of a group: its name, grouping and place, and the figure.
type Told<'a> = ([&'a str; 2], [usize; 2], Figure);

impl Found {
    /// Groups of a grouping that are shown: their place and name.
    fn groups_shown(&self, by: By, language: Language) -> (usize, Vec<(usize, String)>) {
        let Some(place) = self.place(by) else { return (0, Vec::new()) };
        let names = self.groups[place].1.iter().enumerate();
        let names = names.filter(|(group, _)| self.is_shown(place, *group));
        (place, names.map(|(group, name)| (group, language.of([&name[0], &name[1]]).to_owned())).collect())
    }

    /// All households and the tenths: their places and names.
    fn tenths_shown(&self, language: Language) -> Vec<([usize; 2], String)> {
        [By::All, By::Tenth]
            .into_iter()
            .flat_map(|by| {
                let (place, groups) = self.groups_shown(by, language);
                groups.into_iter().map(move |(group, name)| ([place, group], name))
            })
            .collect()
    }

    /// The channels of the change of real income by tenth.
    fn by_channel(&self, year: usize, language: Language) -> Chart {
        let rows = self.tenths_shown(language);
        let tested = |channel: usize, [by, group]: [usize; 2]| self.tested([by, group, year], Figure::Channel(channel));
        let part = |channel: usize| rows.iter().map(|row| cell(tested(channel, row.0))).unzip();
        let (parts, apart): (Vec<Vec<f64>>, Vec<Vec<bool>>) = (0..CHANNELS).map(part).unzip();
        let names: Vec<String> = rows.into_iter().map(|row| row.1).collect();
        let keys: Vec<String> = NAMES.map(|name| language.of(name).to_owned()).to_vec();
        let head = std::iter::once(language.of(By::Tenth.name()).to_owned());
        let mut data = Table::new(head.chain(keys.iter().cloned()));
        for (row, name) in names.iter().enumerate() {
            data.push(std::iter::once(name.clone()).chain(parts.iter().map(|part| number(part[row]))));
        }
        let unit = [
            "% of income, by tenth of permanent income (1 is the poorest); pale parts are not told apart from chance; the line is the sum",
            "占收入百分比，按永久收入十分位（1 为最穷）；浅色部分与偶然无法区分；竖线为合计",
        ];
        let title = ["What changes real income", "实际收入变化的来源"];
        let definition = [
            "exact decomposition of each household's change of real income at midpoints (Shapley value), Shorrocks (2013); parts add up to the change",
            "逐户在中点处对实际收入变化的精确分解（沙普利值），Shorrocks (2013)；各部分之和等于总变化",
        ];
        let size = [WIDTH, height(names.len())];
        let id = format!("channels-{}", year + 1);
        let base = chart(id, heading(title, Some(year), language), unit, definition, language);
        Chart { keys, parts: true, drawing: stacks(&names, &parts, &apart, size), size, data, ..base }
    }

    /// Change of real income by group.
    fn of_groups(&self, by: By, year: usize, language: Language) -> Option<Chart> {
        let (place, groups) = self.groups_shown(by, language);
        let tested = |group: usize| self.tested([place, group, year], Figure::Income);
        let (all, data) = bars_of(groups.into_iter().map(|(group, name)| (name, tested(group))), language);
        if all.len() < 2 {
            return None;
        }
        let definition = ["groups of fewer than 30 households a seed are left out", "每个种子不足 30 户的组未列出"];
        let size = [WIDTH, height(all.len())];
        let (id, title) = income_by(by, year, language);
        let base = chart(id, title, ["%", "百分比"], definition, language);
        Some(Chart { drawing: bars(&all, size), size, data, ..base })
    }

    /// Who leaves and enters the middle: all persons, and by skill.
    fn middle(&self, year: usize, language: Language) -> Option<Chart> {
        let all = self.place(By::All).filter(|&all| self.is_shown(all, 0))?;
        let names = [["below", "以下"], ["middle", "中间"], ["above", "以上"]];
        let mut groups = vec![(all, 0, language.of(["all", "全部"]).to_owned())];
        let (place, skills) = self.groups_shown(By::Skill, language);
        groups.extend(skills.into_iter().map(|(group, skill)| {
            let name = [[&skill, " skill"].concat(), [&skill, "技能"].concat()];
            (place, group, language.of([&name[0], &name[1]]).to_owned())
        }));
        let rows = groups.iter().flat_map(|(by, group, name)| {
            let named = |band: usize| [name, language.of([": ", "："]), language.of(names[band])].concat();
            (0..3).map(move |band| (named(band), self.tested([*by, *group, year], Figure::Band(band))))
        });
        let (all, data) = bars_of(rows, language);
        let title = heading(["Below, in and above the middle", "中间阶层及其上下"], Some(year), language);
        let unit = ["points of persons of the group", "占该组人口的百分点"];
        let definition = [
            "fixed thresholds: 75 and 200% of the median equivalised real income of the year before the policy, OECD (2019); skill of the main earner",
            "固定门槛：政策前一年等值实际收入中位数的 75% 与 200%，OECD (2019)；技能为主要收入者的技能",
        ];
        let size = [WIDTH, height(all.len())];
        let base = chart(format!("middle-{}", year + 1), title, unit, definition, language);
        Some(Chart { drawing: bars(&all, size), size, data, ..base })
    }

    /// Figures of groups in the first and the last year, in a sentence.
    fn sentence(&self, about: [&str; 2], of: [Told; 3], unit: [&str; 2], language: Language) -> Sentence {
        let years = first_and_last(self.years.len());
        let mut parts = Vec::new();
        for &year in &years {
            for (place, &(name, [by, group], figure)) in of.iter().enumerate() {
                let tested = self.tested([by, group, year], figure);
                let number = tested
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |x| two(x.judged.change, language) + language.of(unit));
                let when =
                    if place == 0 { year_in(year, language) + language.of([": ", "："]) } else { String::new() };
                let end = match (place + 1 == of.len(), Some(&year) == years.last()) {
                    (false, _) => [", ", "，"],
                    (true, false) => ["; ", "；"],
                    (true, true) => [".", "。"],
                };
                let told = [&when, language.of(name), " ", &number, language.of(end)].concat();
                parts.push((told, !cell(tested).1));
            }
        }
        Sentence { about: language.of(about).to_owned(), parts }
    }

    /// What is found, in sentences.
    fn says(&self, language: Language) -> Vec<Sentence> {
        let [Some(all), Some(tenths)] = [By::All, By::Tenth].map(|by| self.place(by)) else { return Vec::new() };
        let income = [
            (["all", "全部"], [all, 0], Figure::Income),
            (["the poorest tenth", "最穷十分位"], [tenths, 0], Figure::Income),
            (["the richest", "最富"], [tenths, 9], Figure::Income),
        ];
        let middle = [
            (["below it", "以下"], [all, 0], Figure::Band(0)),
            (["in it", "其中"], [all, 0], Figure::Band(1)),
            (["above it", "以上"], [all, 0], Figure::Band(2)),
        ];
        vec![
            self.sentence(["Real income:", "实际收入："], income, ["%", "%"], language),
            self.sentence(["The middle:", "中间阶层："], middle, [" points", " 个百分点"], language),
        ]
    }

    /// The page with figures.
    #[must_use]
    pub fn figures(&self, about: &About<'_>) -> Report {
        let language = about.language;
        let years = first_and_last(self.years.len());
        let name = |of: [&str; 2]| language.of(of).to_owned();
        let mut answers = Vec::new();
        if let ([Some(all), Some(tenths)], Some(&year)) = ([By::All, By::Tenth].map(|by| self.place(by)), years.last())
        {
            let percent = ["%", "%"];
            let points = [" points", " 个百分点"];
            for (what, [by, group], figure, unit) in [
                (["real income", "实际收入"], [all, 0], Figure::Income, percent),
                (["real consumption", "实际消费"], [all, 0], Figure::Consumption, percent),
                (["poorest tenth", "最穷十分位"], [tenths, 0], Figure::Income, percent),
                (["richest tenth", "最富十分位"], [tenths, 9], Figure::Income, percent),
                (["persons in the middle", "中间阶层人口"], [all, 0], Figure::Band(1), points),
            ] {
                answers.extend(answer(name(what), self.tested([by, group, year], figure), unit, year, language));
            }
        }
        let each = |of: &dyn Fn(usize) -> Option<Chart>| years.iter().filter_map(|&year| of(year)).collect::<Vec<_>>();
        let first = [
            (name(["by what", "通过什么"]), each(&|year| Some(self.by_channel(year, language)))),
            (name(["does the middle hollow out", "中间阶层是否被掏空"]), each(&|year| self.middle(year, language))),
        ];
        let groups = [
            (By::Source, ["by main source of income", "按主要收入来源"]),
            (By::Class, ["by class", "按收入阶层"]),
            (By::Wealth, ["by wealth", "按财富"]),
            (By::Skill, ["by skill", "按技能"]),
            (By::Industry, ["by industry", "按行业"]),
            (By::Area, ["by area", "按地区"]),
        ];
        let groups = groups.map(|(by, title)| (name(title), each(&|year| self.of_groups(by, year, language))));
        Report {
            says: self.says(language),
            answers,
            sections: sections(first.into_iter().chain(groups)),
            ..about.page(["Who gains, who loses: ", "谁受益，谁受损："])
        }
    }
}

/// Change of real income of the groups of a grouping in a year, by policy; `None` where too few are shown.
fn incomes(uses: &[Use], columns: &[String], by: By, year: usize, language: Language) -> Option<Chart> {
    let first = &uses.first()?.found;
    let rows = if by == By::Tenth {
        first.tenths_shown(language)
    } else {
        let (place, groups) = first.groups_shown(by, language);
        groups.into_iter().map(|(group, name)| ([place, group], name)).collect()
    };
    if rows.len() < 2 {
        return None;
    }
    let tested = |x: &Use, [by, group]: [usize; 2]| x.found.tested([by, group, year], Figure::Income);
    let cells = |at: [usize; 2]| uses.iter().map(|x| cell(tested(x, at))).unzip::<f64, bool, Vec<_>, Vec<_>>();
    let (values, apart): (Vec<_>, Vec<_>) = rows.iter().map(|row| cells(row.0)).unzip();
    let names: Vec<String> = rows.into_iter().map(|row| row.1).collect();
    let head = std::iter::once(language.of(by.name()).to_owned());
    let mut data = Table::new(head.chain(columns.iter().cloned()));
    for (name, values) in names.iter().zip(&values) {
        data.push(std::iter::once(name.clone()).chain(values.iter().map(|&x| number(x))));
    }
    let unit = ["%; grey is not told apart from chance", "百分比；灰色与偶然无法区分"];
    let definition = [
        "against the world of the same seed without the measures and with the same rules of the budget",
        "相对同种子、同预算规则但无该措施的世界",
    ];
    // Names are long: columns have numbers, and the names stand below.
    let marks = columns.iter().enumerate().map(|(place, name)| format!("{}: {name}", place + 1)).collect();
    let numbers: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
    let size = [WIDTH, heading_of(&numbers, WIDTH - 120.0).0 + ROW * names.len() as f64];
    let (id, title) = income_by(by, year, language);
    let base = chart(id, title, unit, definition, language);
    Some(Chart { drawing: heat(&names, &numbers, &values, Some(&apart), size), marks, size, data, ..base })
}

/// Public debt at the end of a year, by policy.
fn debts(uses: &[Use], columns: &[String], year: usize, language: Language) -> Chart {
    let costs = uses.iter().zip(columns).map(|(x, name)| (name.clone(), x.found.cost(year)));
    let (all, data) = bars_of(costs, language);
    let title = heading(["What it costs: public debt", "成本：公共债务"], Some(year), language);
    let unit = ["% of the base year's output, end of the year", "占基年产出百分比，年末"];
    let definition = ["against the world without the measures", "相对无该措施的世界"];
    let size = [WIDTH, height(all.len())];
    let base = chart(format!("debt-{}", year + 1), title, unit, definition, language);
    Chart { drawing: bars(&all, size), size, data, ..base }
}

/// The page of policies beside each other, with figures.
#[must_use]
pub fn beside(uses: &[Use], before: [&str; 2], about: &About<'_>) -> Report {
    let language = about.language;
    let Some(first) = uses.first() else { return about.page(before) };
    let years = first_and_last(first.found.years.len());
    let columns: Vec<String> = uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]).to_owned()).collect();
    let all = first.found.place(By::All);
    let name = |policy: &String| [language.of(["real income: ", "实际收入："]), policy].concat();
    let answers = years.last().into_iter().flat_map(|&year| {
        let tested = uses.iter().map(move |x| all.and_then(|all| x.found.tested([all, 0, year], Figure::Income)));
        tested.zip(&columns).filter_map(move |(x, policy)| answer(name(policy), x, ["%", "%"], year, language))
    });
    let of_groups = [By::Tenth, By::Source, By::Class].map(|by| {
        let charts = years.iter().filter_map(|&year| incomes(uses, &columns, by, year, language));
        (language.of(by.name()).to_owned(), charts.collect())
    });
    let costs = years.iter().map(|&year| debts(uses, &columns, year, language)).collect();
    let costs = (language.of(["what it costs", "成本"]).to_owned(), costs);
    let sections = sections(of_groups.into_iter().chain([costs]));
    Report { answers: answers.collect(), sections, ..about.page(before) }
}

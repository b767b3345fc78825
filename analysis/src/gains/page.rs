//! The tables and the page of who gains and who loses, in English and Chinese.

use std::fmt::Write as _;

use super::channels::CHANNELS;
use super::groups::By;
use super::{Figure, Found, NOTABLE, purchases};
use crate::bars::shown;
use crate::chance::MARK;
use crate::paired::{Estimate, estimate};
use crate::placebo::Tested;
use crate::report::Language;
use crate::table::{Table, exact};

/// Years after the policy begins that the page shows, where they were run.
const SHOWN: [usize; 3] = [1, 3, 5];

/// Fewest households a seed in a group of the page: fewer say little.
const FEWEST: f64 = 30.0;

fn of_numbers(values: &[f64]) -> Option<Estimate> {
    estimate(&values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>())
}

/// Two decimals, with the mark before what is not told apart from chance, and the interval.
fn cell(tested: Option<&Tested>) -> String {
    let Some(tested) = tested else { return "-".to_owned() };
    let mark = if tested.verdict().is_apart() { "" } else { MARK };
    let change = tested.judged.change;
    if change.half_width.is_finite() {
        format!("{mark}{:.2} ({:.2} to {:.2})", change.mean, change.low(), change.high())
    } else {
        format!("{mark}{:.2}", change.mean)
    }
}

/// A year after the policy began, from 0, in words.
#[must_use]
pub fn year_name(year: usize, language: Language) -> String {
    match language {
        Language::English => format!("year {}", year + 1),
        Language::Chinese => format!("第 {} 年", year + 1),
    }
}

impl Found {
    /// Place of a grouping.
    fn place(&self, by: By) -> Option<usize> {
        self.groups.iter().position(|group| group.0 == by)
    }

    /// Places of the years that are shown.
    fn shown_years(&self) -> Vec<usize> {
        let last = self.years.len();
        let mut shown: Vec<usize> = SHOWN.iter().filter(|&&year| year <= last).map(|year| year - 1).collect();
        if shown.is_empty() && last > 0 {
            shown.push(last - 1);
        }
        shown
    }

    /// Households of a group a seed.
    fn households(&self, by: usize, group: usize) -> f64 {
        let count = |seed: &[Vec<Vec<Vec<super::Sums>>>; 2]| seed[0][by][group].first().map_or(0, |x| x.households);
        self.seeds.iter().map(|seed| count(seed) as f64).sum::<f64>() / self.seeds.len() as f64
    }

    /// A figure of a cell of the page: of what counts losers the number itself and beside it that of the placebo.
    fn cell(&self, at: [usize; 3], figure: Figure) -> String {
        let tested = self.tested(at, figure);
        if !figure.counts() {
            return cell(tested.as_ref());
        }
        let [policy, placebo] = [0, 1].map(|which| of_numbers(&self.values(which, at, figure)));
        match (policy, placebo, tested) {
            (Some(policy), Some(placebo), Some(tested)) => {
                let mark = if tested.verdict().is_apart() { "" } else { MARK };
                format!("{mark}{:.1} [{:.1}]", policy.mean, placebo.mean)
            }
            _ => "-".to_owned(),
        }
    }

    /// Every figure of every group in every year.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new([
            "by",
            "group",
            "year",
            "figure",
            "households",
            "mean",
            "low",
            "high",
            "placebo_mean",
            "placebo_low",
            "placebo_high",
            "told_apart",
            "drift",
        ]);
        for (by, (grouping, names)) in self.groups.iter().enumerate() {
            for (group, name) in names.iter().enumerate() {
                for (year, number) in self.years.iter().enumerate() {
                    for figure in Figure::each() {
                        let at = [by, group, year];
                        let Some(tested) = self.tested(at, figure) else { continue };
                        let [policy, placebo] = [0, 1].map(|which| of_numbers(&self.values(which, at, figure)));
                        let numbers = |found: Option<Estimate>| {
                            found.map_or([String::new(), String::new(), String::new()], |x| {
                                [exact(x.mean), exact(x.low()), exact(x.high())]
                            })
                        };
                        let head = [grouping.name()[0], &name[0], &number.to_string(), figure.name()[0]];
                        let row = head.map(str::to_owned).into_iter();
                        let row = row.chain([format!("{:.1}", self.households(by, group))]);
                        let row = row.chain(numbers(policy)).chain(numbers(placebo));
                        table.push(row.chain([tested.verdict().word().to_owned(), exact(self.drift(at))]));
                    }
                }
            }
        }
        table
    }

    /// Groups of a grouping by some figures in a year.
    fn of_year(&self, by: By, year: usize, figures: &[Figure], language: Language) -> Table {
        let group = language.of(by.name());
        let head = [group, language.of(["households", "家庭数"])].map(str::to_owned);
        let mut table = Table::new(head.into_iter().chain(figures.iter().map(|x| language.of(x.name()).to_owned())));
        let Some(place) = self.place(by) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let count = self.households(place, group);
            if count >= FEWEST {
                let row = [language.of([&name[0], &name[1]]).to_owned(), format!("{count:.0}")].into_iter();
                table.push(row.chain(figures.iter().map(|&figure| self.cell([place, group, year], figure))));
            }
        }
        table
    }

    /// A figure of the groups of a grouping, year by year.
    fn over_years(&self, by: By, figure: Figure, language: Language) -> Table {
        let years = self.shown_years();
        let year = |year: &usize| year_name(*year, language);
        let head = [language.of(by.name()), language.of(["households", "家庭数"])].map(str::to_owned);
        let mut table = Table::new(head.into_iter().chain(years.iter().map(year)));
        let Some(place) = self.place(by) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let count = self.households(place, group);
            if count >= FEWEST {
                let row = [language.of([&name[0], &name[1]]).to_owned(), format!("{count:.0}")].into_iter();
                table.push(row.chain(years.iter().map(|&year| self.cell([place, group, year], figure))));
            }
        }
        table
    }

    /// What tenths go through without any policy, beside what the placebo does to them.
    fn drifts(&self, language: Language) -> Table {
        let years = self.shown_years();
        let mut head = vec![language.of(By::Tenth.name()).to_owned()];
        for year in &years {
            let [own, placebo] = [["own path, %", "自身路径，%"], ["placebo, %", "安慰剂，%"]].map(|x| language.of(x));
            head.extend([own, placebo].map(|x| format!("{}: {x}", year_name(*year, language))));
        }
        let mut table = Table::new(head);
        let Some(place) = self.place(By::Tenth) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let mut row = vec![name[0].clone()];
            for &year in &years {
                let at = [place, group, year];
                let placebo = of_numbers(&self.values(1, at, Figure::Income));
                let placebo = placebo.map_or_else(
                    || "-".to_owned(),
                    |x| {
                        if x.half_width.is_finite() {
                            format!("{:.2} ({:.2} to {:.2})", x.mean, x.low(), x.high())
                        } else {
                            format!("{:.2}", x.mean)
                        }
                    },
                );
                row.extend([format!("{:+.1}", self.drift(at)), placebo]);
            }
            table.push(row);
        }
        table
    }

    /// The first screen: all households and the tenths.
    #[must_use]
    pub fn short(&self) -> Table {
        let Some(&year) = self.shown_years().first() else { return Table::default() };
        let figures = [Figure::Income, Figure::Lose, Figure::Consumption];
        let mut table = self.of_year(By::All, year, &figures, Language::English);
        let tenths = self.of_year(By::Tenth, year, &figures, Language::English);
        "households by permanent income".clone_into(&mut table.head[0]);
        table.rows.extend(tenths.rows);
        table
    }

    /// In a line: loss of the poorest tenth over that of the richest, year by year.
    #[must_use]
    pub fn ratio(&self, language: Language) -> String {
        let each = self.shown_years().into_iter().map(|year| {
            let found = self.poorest_over_richest(year);
            let text = found.map_or_else(
                || "-".to_owned(),
                |x| {
                    if x.half_width.is_finite() {
                        format!("{} ({} to {})", shown(x.mean), shown(x.low()), shown(x.high()))
                    } else {
                        shown(x.mean)
                    }
                },
            );
            format!("{}: {text}", year_name(year, language))
        });
        let name = language.of([
            "Loss of the poorest over that of the richest tenth, in percent of their income (fact T35)",
            "最穷与最富十分位的损失之比，各占其收入的百分比（事实 T35）",
        ]);
        format!("{name}: {}", each.collect::<Vec<_>>().join("; "))
    }

    /// The page; `about` says what was run.
    #[must_use]
    pub fn page(&self, title: &str, about: &str, language: Language) -> String {
        let mut text = format!("# {}: {title}\n\n{about}\n\n", language.of(["Who gains, who loses", "谁受益，谁受损"]));
        let _ = writeln!(text, "{}\n", language.of(LEGEND).replace("{}", &format!("{:.0}%", 100.0 * NOTABLE)));
        let _ = writeln!(text, "{}\n", self.ratio(language));
        let mut section = |heading: [&str; 2], year: Option<usize>, table: &Table| {
            if !table.rows.is_empty() {
                let year = year.map_or_else(String::new, |year| format!(", {}", year_name(year, language)));
                let _ = writeln!(text, "## {}{year}\n\n{}", language.of(heading), table.to_markdown());
            }
        };
        let main = [
            Figure::Income,
            Figure::Lose,
            Figure::Gain,
            Figure::LostByLosers,
            Figure::Consumption,
            Figure::Compensation,
        ];
        let mut parts: Vec<Figure> = (0..CHANNELS).map(Figure::Channel).collect();
        parts.push(Figure::Income);
        for year in self.shown_years() {
            let mut table = self.of_year(By::All, year, &main, language);
            table.rows.extend(self.of_year(By::Tenth, year, &main, language).rows);
            language.of(By::Tenth.name()).clone_into(&mut table.head[0]);
            section(["Tenths of permanent income", "永久收入十分位"], Some(year), &table);
            let mut table = self.of_year(By::All, year, &parts, language);
            table.rows.extend(self.of_year(By::Tenth, year, &parts, language).rows);
            language.of(By::Tenth.name()).clone_into(&mut table.head[0]);
            section(["By what: channels, percent of income", "渠道：占收入百分比"], Some(year), &table);
        }
        let bands: Vec<Figure> = (0..3).map(Figure::Band).collect();
        for year in self.shown_years() {
            for by in [By::Source, By::Skill] {
                let mut table = self.of_year(By::All, year, &bands, language);
                table.rows.extend(self.of_year(by, year, &bands, language).rows);
                language.of(by.name()).clone_into(&mut table.head[0]);
                let names = by.name();
                let heading = [
                    ["Who leaves the middle (75 to 200% of the middle income, fixed in real terms), by ", names[0]]
                        .concat(),
                    ["谁离开中间阶层（中位收入的 75% 至 200%，实际值固定），按", names[1]].concat(),
                ];
                section([&heading[0], &heading[1]], Some(year), &table);
            }
        }
        section(purchases::HEADING, None, &purchases::over_years(&self.bought, language));
        let consumption = self.over_years(By::Wealth, Figure::Consumption, language);
        section(["tenth of wealth: real consumption, %", "财富十分位: 实际消费，%"], None, &consumption);
        for by in [By::Source, By::Class, By::Wealth, By::Skill, By::Industry, By::Area] {
            let income = self.over_years(by, Figure::Income, language);
            if income.rows.len() > 1 {
                let names = by.name().map(|name| [name, ": ", "real income, %"].concat());
                section([&names[0], &names[1].replace("real income, %", "实际收入，%")], None, &income);
                let names = by.name().map(|name| [name, ": ", "lose, % of persons"].concat());
                let lose = self.over_years(by, Figure::Lose, language);
                section([&names[0], &names[1].replace("lose, % of persons", "受损者，占人口 %")], None, &lose);
            }
        }
        section(["The tenths' own path", "十分位自身的路径"], None, &self.drifts(language));
        let _ = writeln!(text, "{}", language.of(OWN_PATH));
        if !self.bought.0.is_empty() {
            let _ = writeln!(text, "\n{}: {}", language.of(purchases::HEADING), language.of(purchases::NOTE));
        }
        text
    }
}

/// How the page is to be read.
const LEGEND: [&str; 2] = [
    "The same households in worlds with and without the policy, in years after it began; groups are those of the year before (permanent income counts that year's income from capital). Means over seeds with 95% intervals; ~ is not told apart \
     from chance by the interval or by the placebo (a duty of one basis point, same seeds). Real income: what may be spent or saved after tax (disposable income, and what the equity fund returns to its owners), at the prices of the basket of the household's base-year tenth. Who loses has \
     a real income lower by more than {}; chance alone moves many single households, so in brackets stands the share that the placebo gives, and told apart is what differs from it. Compensating variation: money a \
     person (adult) and year, own currency, that makes up for the loss at the policy's prices; above zero is a loss. Channels add up exactly.",
    "同一批家庭在有政策与无政策世界中的比较，按政策开始后的年份；分组依据前一年（永久收入含该年资本收入）。各种子均值及 95% 区间；~ 表示依区间或安慰剂（同种子，关税 0.01 个百分点）与偶然无法区分。实际收入：税后可用于消费或储蓄的收入（可支配收入及股权基金返还所有者之款）按家庭所属基年\
     十分位的篮子价格折算。受损者指实际收入下降超过 {}；偶然本身就会使许多单个家庭变动，因此方括号内为安慰剂给出的比例，只有与之不同者才算可区分。补偿变化：按政策下的价格弥补损失所需的金额，\
     每人（成人）每年，本币；正值为损失。各渠道之和精确等于总变化。",
];

/// What the last table says.
const OWN_PATH: [&str; 2] = [
    "Own path: real income of the group without any policy over that of the year before it. Who was poorest in a year returns to the mean: this is no effect of policy, is the same in both worlds, and \
     does not show in the placebo.",
    "自身路径：无政策时该组实际收入相对前一年的变化。某年最穷者会向均值回归：这不是政策效果，在两个世界中相同，也不出现在安慰剂中。",
];

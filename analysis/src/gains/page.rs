//! The tables and the page of who gains and who loses, in English and Chinese.

use std::fmt::Write as _;

use super::channels::CHANNELS;
use super::groups::By;
use super::words::{Section, cell, heading, of_groups, spread, two, year_in};
use super::{Figure, Found, NOTABLE, published, purchases};
use crate::bars::shown;
use crate::chance::MARK;
use crate::paired::{Estimate, estimate};
use crate::report::Language;
use crate::table::{Table, exact};

/// Years after the policy begins that tables over years show at most; of more, the first three, the fifth and the last.
const MOST_YEARS: usize = 5;

/// Fewest households a seed in a group of the page: fewer say little.
const FEWEST: f64 = 30.0;

/// Places of the first and the last of so many years.
#[must_use]
pub fn first_and_last(count: usize) -> Vec<usize> {
    let mut years: Vec<usize> = [0, count.saturating_sub(1)].into_iter().filter(|&year| year < count).collect();
    years.dedup();
    years
}

fn of_numbers(values: &[f64]) -> Option<Estimate> {
    estimate(&values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>())
}

impl Found {
    /// Place of a grouping.
    pub(super) fn place(&self, by: By) -> Option<usize> {
        self.groups.iter().position(|group| group.0 == by)
    }

    /// Places of the years that tables over years show.
    fn shown_years(&self) -> Vec<usize> {
        let count = self.years.len();
        if count <= MOST_YEARS { (0..count).collect() } else { vec![0, 1, 2, 4, count - 1] }
    }

    /// Places of the years of which there are whole tables.
    fn whole_years(&self) -> Vec<usize> {
        first_and_last(self.years.len())
    }

    /// Households of a group a seed.
    fn households(&self, by: usize, group: usize) -> f64 {
        let count = |seed: &[Vec<Vec<Vec<super::Sums>>>; 2]| seed[0][by][group].first().map_or(0, |x| x.households);
        self.seeds.iter().map(|seed| count(seed) as f64).sum::<f64>() / self.seeds.len() as f64
    }

    /// Whether a group has as many households a seed as a figure needs to say something.
    pub(super) fn is_shown(&self, by: usize, group: usize) -> bool {
        self.households(by, group) >= FEWEST
    }

    /// A figure of a cell of the page: of what counts losers the number itself and beside it that of the placebo.
    fn cell(&self, at: [usize; 3], figure: Figure, language: Language) -> String {
        let tested = self.tested(at, figure);
        if !figure.counts() {
            return cell(tested.as_ref(), language);
        }
        let [policy, placebo] = [0, 1].map(|which| of_numbers(&self.values(which, at, figure)));
        match (policy, placebo, tested) {
            (Some(policy), Some(placebo), Some(tested)) => {
                let mark = if tested.verdict().is_apart() { "" } else { MARK };
                let own = spread(policy, |x| format!("{x:.1}"), language);
                format!("{mark}{own} [{:.1}]", placebo.mean)
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
                table.push(row.chain(figures.iter().map(|&figure| self.cell([place, group, year], figure, language))));
            }
        }
        table
    }

    /// A figure of the groups of a grouping, year by year.
    fn over_years(&self, by: By, figure: Figure, language: Language) -> Table {
        let years = self.shown_years();
        let year = |&year: &usize| year_in(year, language);
        let head = [language.of(by.name()), language.of(["households", "家庭数"])].map(str::to_owned);
        let mut table = Table::new(head.into_iter().chain(years.iter().map(year)));
        let Some(place) = self.place(by) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let count = self.households(place, group);
            if count >= FEWEST {
                let row = [language.of([&name[0], &name[1]]).to_owned(), format!("{count:.0}")].into_iter();
                table.push(row.chain(years.iter().map(|&year| self.cell([place, group, year], figure, language))));
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
            head.extend(
                [own, placebo].map(|x| format!("{}{}{x}", year_in(*year, language), language.of([": ", "："]))),
            );
        }
        let mut table = Table::new(head);
        let Some(place) = self.place(By::Tenth) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let mut row = vec![name[0].clone()];
            for &year in &years {
                let at = [place, group, year];
                let placebo = of_numbers(&self.values(1, at, Figure::Income));
                let placebo = placebo.map_or_else(|| "-".to_owned(), |x| two(x, language));
                row.extend([format!("{:+.1}", self.drift(at)), placebo]);
            }
            table.push(row);
        }
        table
    }

    /// Means over seeds of what is between published figures and the model: the rise of prices of what tenths buy, and what they spend of
    /// their income in surveys and in the model, percent.
    fn baskets(&self, year: usize, language: Language) -> Table {
        let head =
            [By::Tenth.name(), ["prices of what it buys, %", "所购商品价格，%"]].map(|x| language.of(x).to_owned());
        let spends = [
            ["spends in surveys, % of income", "调查中的支出，占收入 %"],
            ["spends in the model, % of income", "模型中的支出，占收入 %"],
        ];
        let mut table = Table::new(head.into_iter().chain(spends.map(|x| language.of(x).to_owned())));
        let Some(place) = self.place(By::Tenth) else { return table };
        for (group, name) in self.groups[place].1.iter().enumerate() {
            let mean = |of: fn(&super::Sums) -> f64, decimals: usize| {
                let values: Vec<f64> = self.seeds.iter().map(|seed| 100.0 * of(&seed[0][place][group][year])).collect();
                of_numbers(&values).map_or_else(|| "-".to_owned(), |x| format!("{:.decimals$}", x.mean))
            };
            let prices = mean(|x| x.basket as f64 / x.consumption[0] as f64, 2);
            table.push([name[0].clone(), prices, mean(|x| x.surveyed, 0), mean(super::Sums::spent, 0)]);
        }
        table
    }

    /// The first screen: all households and the tenths.
    #[must_use]
    pub fn short(&self) -> Table {
        let Some(&year) = self.whole_years().last() else { return Table::default() };
        let figures = [Figure::Income, Figure::Lose, Figure::Consumption];
        let mut table = self.of_year(By::All, year, &figures, Language::English);
        let tenths = self.of_year(By::Tenth, year, &figures, Language::English);
        table.head[0] = format!("households by permanent income, {}", year_in(year, Language::English));
        table.rows.extend(tenths.rows);
        table
    }

    /// In a line: loss of the poorest tenth over that of the richest, year by year.
    #[must_use]
    pub fn ratio(&self, language: Language) -> String {
        let name = [
            "Loss of the poorest over that of the richest tenth, in percent of their income (fact T35)",
            "最穷与最富十分位的损失之比，各占其收入的百分比（事实 T35）",
        ];
        self.poorest_over_richest_in_words(name, Figure::Income, language)
    }

    /// The same of a figure, by a name.
    fn poorest_over_richest_in_words(&self, name: [&str; 2], figure: Figure, language: Language) -> String {
        let each = self.shown_years().into_iter().map(|year| {
            let found = self.poorest_over_richest(year, figure);
            let text = found.map_or_else(|| "-".to_owned(), |x| spread(x, shown, language));
            [&year_in(year, language), language.of([": ", "："]), &text].concat()
        });
        let [colon, semicolon] = [[": ", "："], ["; ", "；"]].map(|x| language.of(x));
        [language.of(name), colon, &each.collect::<Vec<_>>().join(semicolon)].concat()
    }

    /// Groups of a grouping by some figures in a year, below all households.
    fn below_all(&self, by: By, year: usize, figures: &[Figure], language: Language) -> Table {
        let mut table = self.of_year(By::All, year, figures, language);
        table.rows.extend(self.of_year(by, year, figures, language).rows);
        language.of(by.name()).clone_into(&mut table.head[0]);
        table
    }

    /// The tables of the page.
    fn sections(&self, language: Language) -> Vec<Section> {
        let mut sections = self.of_tenths(language);
        let mut add = |about: [&str; 2], year: Option<usize>, table: Table| {
            sections.push((heading(about, year, language), table));
        };
        let bands: Vec<Figure> = (0..3).map(Figure::Band).collect();
        for year in self.whole_years() {
            for by in [By::Source, By::Skill] {
                let names = by.name();
                let english = "Who leaves the middle (75 to 200% of the middle income, fixed in real terms), by ";
                let heading = [
                    [english, names[0]].concat(),
                    ["谁离开中间阶层（中位收入的 75% 至 200%，实际值固定），按", names[1]].concat(),
                ];
                add([&heading[0], &heading[1]], Some(year), self.below_all(by, year, &bands, language));
            }
        }
        add(purchases::HEADING, None, purchases::over_years(&self.bought, language));
        let over = |by, figure| (by, figure, self.over_years(by, figure, language));
        let mut tables = vec![over(By::Wealth, Figure::Consumption)];
        for by in [By::Source, By::Class, By::Wealth, By::Skill, By::Industry, By::Area] {
            tables.extend([Figure::Income, Figure::Lose].map(|figure| over(by, figure)));
        }
        for (by, figure, table) in tables.into_iter().filter(|x| x.2.rows.len() > 1) {
            let [english, chinese] = of_groups(by.name(), figure.name());
            add([&english, &chinese], None, table);
        }
        add(["The tenths' own path", "十分位自身的路径"], None, self.drifts(language));
        sections
    }

    /// Tables of tenths: who loses, by what, and what leads from published figures to these.
    fn of_tenths(&self, language: Language) -> Vec<Section> {
        let mut sections = Vec::new();
        let mut add = |about: [&str; 2], year: usize, table: Table| {
            sections.push((heading(about, Some(year), language), table));
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
        let tenths = |year, figures: &[Figure]| self.below_all(By::Tenth, year, figures, language);
        for year in self.whole_years() {
            add(["Tenths of permanent income", "永久收入十分位"], year, tenths(year, &main));
            add(["By what: channels, percent of income", "渠道：占收入百分比"], year, tenths(year, &parts));
        }
        if let Some(&year) = self.shown_years().first().filter(|_| !self.surveyed.is_empty()) {
            let about = ["From published figures to this one, percent of income", "从公布的数字到本结果，占收入百分比"];
            add(about, year, tenths(year, &published::figures()));
            add(["What tenths buy", "各十分位的购买"], year, self.baskets(year, language));
        }
        sections
    }

    /// The page; `about` says what was run.
    #[must_use]
    pub fn page(&self, title: &str, about: &str, language: Language) -> String {
        let mut text =
            format!("# {}{title}\n\n{about}\n\n", language.of(["Who gains, who loses: ", "谁受益，谁受损："]));
        let legend = language.of(LEGEND).replace("{}", &format!("{:.0}%", 100.0 * NOTABLE));
        let _ = writeln!(text, "{}\n", legend.replace("{fewest}", &format!("{FEWEST:.0}")));
        let _ = writeln!(text, "{}\n", self.ratio(language));
        let known = !self.surveyed.is_empty();
        if known {
            let published = self.poorest_over_richest_in_words(PUBLISHED, Figure::Step(0), language);
            let _ = writeln!(text, "{published}\n");
        }
        for (heading, table) in self.sections(language) {
            if !table.rows.is_empty() {
                let _ = writeln!(text, "## {heading}\n\n{}", table.to_markdown());
            }
        }
        let _ = writeln!(text, "{}", language.of(OWN_PATH));
        if known {
            let _ = writeln!(text, "\n{}", language.of(STEPS));
        }
        if !self.bought.0.is_empty() {
            let [heading, note] = [purchases::HEADING, purchases::NOTE].map(|x| language.of(x));
            let _ = writeln!(text, "\n{heading}{}{note}", language.of([": ", "："]));
        }
        text
    }
}

/// How the page is to be read.
const LEGEND: [&str; 2] = [
    "The same households in worlds with and without the policy, in years after it began; groups are those of the year before (permanent income counts that year's income from capital). Means over seeds with 95% intervals; ~ is not told apart \
     from chance by the interval or by the placebo (a duty of one basis point, same seeds). Real income: disposable income as the accounts have it (what the equity fund returns to its owners is their own money and left out; mixed income counts as profits), at the prices of the basket of the household's base-year tenth. Who loses has \
     a real income lower by more than {}; chance alone moves many single households, so in brackets stands the share that the placebo gives, and told apart is what differs from it. Compensating variation: money a \
     person (adult) and year, own currency, that makes up for the loss at the policy's prices; above zero is a loss. Channels add up exactly. \
     Groups of fewer than {fewest} households a seed say little and are in the table for programs only, with all years and figures.",
    "同一批家庭在有政策与无政策世界中的比较，按政策开始后的年份；分组依据前一年（永久收入含该年资本收入）。各种子均值及 95% 区间；~ 表示依区间或安慰剂（同种子，关税 0.01 个百分点）与偶然无法区分。实际收入：账户口径的可支配收入（股权基金返还所有者之款是其自有资金，不计入；混合收入计为利润）按家庭所属基年\
     十分位的篮子价格折算。受损者指实际收入下降超过 {}；偶然本身就会使许多单个家庭变动，因此方括号内为安慰剂给出的比例，只有与之不同者才算可区分。补偿变化：按政策下的价格弥补损失所需的金额，\
     每人（成人）每年，本币；正值为损失。各渠道之和精确等于总变化。每个种子不足 {fewest} 户的组说明不了什么，仅列入供程序读取的表，该表含全部年份与指标。",
];

/// Name of the ratio of what is published.
const PUBLISHED: [&str; 2] = [
    "The same as it is published: prices alone, with what tenths spend of their income in surveys",
    "按公布口径：仅计价格，并按调查中各十分位支出占收入的比例",
];

/// What the steps from published figures say.
const STEPS: [&str; 2] = [
    "From published figures: these are static, the rise of prices of what a tenth buys times what it spends of its income in surveys, where the poorest spend more than the income of the year. The first column is that \
     figure with the prices of this run and the shares of tenths in spending and income in the tables of the region; the second what changes where households spend what they do here, the third the loss on income that is saved; the \
     others are the channels above. A row adds up to the change of real income.",
    "从公布的数字：公布的数字是静态的，即各十分位所购商品的涨价乘以其在调查中支出占收入的比例；调查中最穷者的支出超过当年收入。第一列为按本次模拟的价格及该地区表中各十分位支出与收入份额算出的该数字；\
     第二列为改按模型中的支出后的变化，第三列为储蓄部分的损失；其余为上述渠道。每行之和等于实际收入的变化。",
];

/// What the last table says.
const OWN_PATH: [&str; 2] = [
    "Own path: real income of the group without any policy over that of the year before it. Who was poorest in a year returns to the mean: this is no effect of policy, is the same in both worlds, and \
     does not show in the placebo.",
    "自身路径：无政策时该组实际收入相对前一年的变化。某年最穷者会向均值回归：这不是政策效果，在两个世界中相同，也不出现在安慰剂中。",
];

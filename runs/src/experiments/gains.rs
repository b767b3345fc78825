//! `autarky gains`: who gains and who loses from a policy, household by household, over paired seeds.

use std::fmt::Write as _;

use agents::geography::DECILES;
use agents::record::Detail;
use analysis::gains::figures::{About, beside};
use analysis::gains::groups::By;
use analysis::gains::page::first_and_last;
use analysis::gains::uses::{self, Use};
use analysis::gains::{Figure, Found, purchases};
use analysis::report::{Language, Report};

use super::arm::Arm;
use super::{Experiment, Laboratory, Made, Tables, Worlds, each_seed, maker, maker_in_chinese, size, size_in_chinese};
use crate::arguments::GainsArguments;
use crate::failure::Failure;
use crate::policy_words::{names_of, title_in};
use crate::session::focus;
use crate::sources::place_of_region;

/// Households of a region that are followed: all.
const EVERYBODY: &str = "output.panel_households=1000000000";

/// Uses of the revenue of duties: setting, name, name in Chinese.
const USES: [(&str, [&str; 2]); 5] = [
    ("fiscal.duty_revenue_use=debt", ["less debt", "减少债务"]),
    ("fiscal.duty_revenue_use=lump_sum", ["equal payments", "等额发放"]),
    ("fiscal.duty_revenue_use=child_benefit", ["child benefit", "儿童津贴"]),
    ("fiscal.duty_revenue_use=income_tax", ["lower income tax", "降低所得税"]),
    ("fiscal.duty_revenue_use=corporate_tax", ["lower tax on profits", "降低利润税"]),
];

/// A scenario without its measures, with them, and with a placebo; with every use of the revenue where these are compared.
pub(super) struct Gains {
    /// The baseline, the policy and the placebo of every use.
    arms: Vec<Arm>,
    /// Names of the uses or scenarios that are compared; none if there is one scenario only.
    uses: Vec<[String; 2]>,
    /// Whether they are uses of the revenue.
    of_revenue: bool,
    /// Region that is looked at, and its place.
    region: (String, usize),
    /// Last year before anything is known of the policy.
    before: usize,
    /// Consumption over income of the region's tenths in its tables, relative to that of all.
    surveyed: Vec<f64>,
    /// Whether pages about something else are replaced.
    overwrite: bool,
}

/// Who made a page.
fn made_by(language: Language) -> String {
    match language {
        Language::English => maker("gains"),
        Language::Chinese => maker_in_chinese("gains"),
    }
}

/// A scenario without its own measures, with them, and with a placebo.
fn three(arm: &Arm) -> Result<[Arm; 3], Failure> {
    let shared: Vec<_> = arm.config.measures.iter().filter(|measure| measure.shared).cloned().collect();
    Ok([arm.with(&shared, arm.config.ticks), arm.clone(), arm.placebo()?])
}

impl Gains {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>, arguments: &GainsArguments) -> Made {
        let arm = |scenario: &str, more: &[&str]| {
            let settings: Vec<&str> = [EVERYBODY, "output.panel_yearly=true"].iter().chain(more).copied().collect();
            laboratory.arm(scenario, &settings, Detail::Standard)
        };
        let (mut arms, mut uses) = (Vec::new(), Vec::new());
        if arguments.uses {
            for (setting, name) in USES {
                arms.extend(three(&arm(&arguments.scenario, &[setting])?)?);
                uses.push(name.map(str::to_owned));
            }
        } else {
            for scenario in std::iter::once(&arguments.scenario).chain(&arguments.beside) {
                let own = arm(scenario, &[])?;
                arms.extend(three(&own)?);
                let title = own.config.title;
                let chinese = title_in(&title, Language::Chinese);
                uses.push([title, chinese]);
            }
            uses.truncate(if arguments.beside.is_empty() { 0 } else { uses.len() });
        }
        let (config, calibration) = (&arms[1].config, &arms[1].calibration);
        let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
        let code = arguments.region.clone().unwrap_or_else(|| focus(config, &codes).to_owned());
        let place = place_of_region(&codes, &code)?;
        let policies = arms.iter().skip(1).step_by(3).flat_map(|arm| &arm.config.measures);
        let own = policies.filter(|measure| !measure.shared);
        let known = own.map(|measure| config.calendar().tick_of(measure.announced.min(measure.start))).min();
        let (known, year) = (known.unwrap_or(0), config.ticks_per_year);
        if known < year || config.ticks < known + year {
            return Err(Failure::Configuration(format!(
                "`{}`: households are grouped as they were in the last whole year before the policy is known, tick {known} here, and \
                 compared in whole years after it: give a scenario that begins a year before its measures, and --ticks of {} or more",
                arguments.scenario,
                known.max(year) + year
            )));
        }
        let before = (known / year - 1) as usize;
        let tenths = place * DECILES..(place + 1) * DECILES;
        let shares = calibration.consumption_shares[tenths.clone()].iter().zip(&calibration.income_shares[tenths]);
        let surveyed = shares.map(|(spent, earned)| spent / earned).collect();
        Ok(Box::new(Self {
            arms,
            uses,
            of_revenue: arguments.uses,
            region: (code, place),
            before,
            surveyed,
            overwrite: arguments.overwrite,
        }))
    }

    /// What is found of a use of the revenue.
    fn found(&self, worlds: &Worlds<'_>, place: usize) -> Result<Found, Failure> {
        let called = names_of(&self.arms[0].calibration);
        let mut found = Found { surveyed: self.surveyed.clone(), called, ..Found::default() };
        let goods: Vec<bool> = self.arms[0].calibration.industries.iter().map(|industry| industry.goods).collect();
        each_seed(self.arms[0].seeds, |seed| {
            let [baseline, policy, placebo] = [0, 1, 2].map(|arm| worlds.recording(3 * place + arm, seed));
            let recordings = [&baseline?, &policy?, &placebo?];
            found.bought.add(recordings, (self.region.1, &goods), self.before)?;
            Ok(found.add(recordings, self.region.1, self.before)?)
        })?;
        Ok(found)
    }

    /// What was run, in a few sentences.
    fn in_words(&self, language: Language) -> String {
        let Arm { config, seeds, .. } = &self.arms[1];
        let units = config.parameters.values.households.units;
        let people = match (units, language) {
            (true, Language::English) => "households are units of one to three adults",
            (false, Language::English) => "a household is one person here (`households.units` is off)",
            (true, Language::Chinese) => "家庭由一至三名成人组成",
            (false, Language::Chinese) => "此处一户即一人（`households.units` 关闭）",
        };
        let (name, region, first) = (&config.name, &self.region.0, self.before as u32 * config.ticks_per_year);
        match language {
            Language::English => format!(
                "Scenario `{name}`, region {region}, paired over {}; {people}. Groups are those of the year that begins with tick {first}. {}",
                size(config, *seeds),
                made_by(language)
            ),
            Language::Chinese => format!(
                "情景 `{name}`，地区 {region}，配对模拟：{}；{people}。分组依据自第 {first} 期起的一年。{}",
                size_in_chinese(config, *seeds),
                made_by(language)
            ),
        }
    }

    /// What stands before the title of a page that compares.
    const fn heading(&self) -> [&'static str; 2] {
        if self.of_revenue {
            ["Uses of the revenue: ", "收入用途比较："]
        } else {
            ["Policies beside each other: ", "政策比较："]
        }
    }

    /// Pages with figures in both languages, and their first figures, as files of these names.
    fn figures(&self, names: [&'static str; 4], page: impl Fn(&About<'_>) -> Report) -> Vec<(&'static str, String)> {
        let mut files = Vec::new();
        for (language, names) in [(Language::English, [names[0], names[1]]), (Language::Chinese, [names[2], names[3]])]
        {
            let title = title_in(&self.arms[1].config.title, language);
            let (run, maker) = (self.in_words(language), made_by(language));
            let report = page(&About { title: &title, run: &run, region: &self.region.0, maker: &maker, language });
            let figure = report.charts().next().map_or_else(String::new, |chart| report.drawing(chart));
            files.extend(names.into_iter().zip([report.html(), figure]));
        }
        files
    }

    /// The page that compares uses of the revenue.
    fn compared(&self, uses: &[Use], language: Language) -> String {
        let heading = language.of(self.heading());
        let mut text =
            format!("# {heading}{}\n\n{}\n\n", title_in(&self.arms[1].config.title, language), self.in_words(language));
        let _ = writeln!(
            text,
            "{}\n",
            language.of([
                "Real income of every group against the world of the same seed without the measures and with the same rules of the budget, percent; \
                 means over seeds with 95% intervals, ~ is not told apart from chance.",
                "各组实际收入相对同种子、同预算规则但无该措施世界的变化，百分比；种子均值及 95% 区间，~ 表示与偶然无法区分。",
            ])
        );
        let costs = language.of([
            "What it costs: public debt against the world without the measures, percent of the base year's output; below zero there is less debt",
            "成本：公共债务相对无该措施世界的变化，占基年产出百分比；负值为债务减少",
        ]);
        let _ = writeln!(text, "## {costs}\n\n{}", uses::costs(uses, language).to_markdown());
        let years = uses.first().map_or(0, |x| x.found.years.len());
        for year in first_and_last(years) {
            for (heading, table) in uses::sections(uses, year, language) {
                let _ = writeln!(text, "## {heading}\n\n{}", table.to_markdown());
            }
        }
        let [heading, note] = [purchases::HEADING, purchases::NOTE].map(|x| language.of(x));
        let _ = writeln!(text, "{heading}{}{note}", language.of([": ", "："]));
        text
    }
}

impl Experiment for Gains {
    fn name(&self) -> &'static str {
        "gains"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn about(&self) -> Option<(&'static str, String)> {
        let name = if self.uses.is_empty() { "gains.md" } else { "uses.md" };
        let words = format!("`{}`, region {}", self.arms[1].config.name, self.region.0);
        (!self.overwrite).then_some((name, words))
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let title = &self.arms[1].config.title;
        if !self.uses.is_empty() {
            let each = self.uses.iter().enumerate();
            let uses = each.map(|(place, name)| Ok(Use { name: name.clone(), found: self.found(worlds, place)? }));
            let uses: Vec<Use> = uses.collect::<Result<_, Failure>>()?;
            let names = ["uses.html", "uses.svg", "uses.zh.html", "uses.zh.svg"];
            let mut files = self.figures(names, |about| beside(&uses, self.heading(), about));
            files.extend([
                ("uses.md", self.compared(&uses, Language::English)),
                ("uses.zh.md", self.compared(&uses, Language::Chinese)),
                ("uses.csv", uses::all(&uses).to_csv()),
            ]);
            return Ok(Tables {
                files,
                short: uses::table(&uses, By::Tenth, Figure::Income, 0, Language::English),
                last: String::new(),
            });
        }
        let found = self.found(worlds, 0)?;
        let page = |language| found.page(&title_in(title, language), &self.in_words(language), language);
        let names = ["gains.html", "gains.svg", "gains.zh.html", "gains.zh.svg"];
        let mut files = self.figures(names, |about| found.figures(about));
        files.extend([
            ("gains.md", page(Language::English)),
            ("gains.zh.md", page(Language::Chinese)),
            ("gains.csv", found.table().to_csv()),
        ]);
        Ok(Tables { files, short: found.short(), last: found.ratio(Language::English) })
    }
}

//! Groups of households as they were in the year before a policy.

use super::read::{Panel, Year};

/// What households are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// All together.
    All,
    /// Tenths of permanent income per equivalent adult, the year's income from capital included, of as many persons each.
    Tenth,
    /// Main source of income.
    Source,
    /// Classes by fixed thresholds of income.
    Class,
    /// Tenths of net worth.
    Wealth,
    /// Skill of the main earner.
    Skill,
    /// Industry of the main earner.
    Industry,
    /// Area.
    Area,
}

impl By {
    /// All, in the order of tables.
    pub const EACH: [Self; 8] =
        [Self::All, Self::Tenth, Self::Source, Self::Class, Self::Wealth, Self::Skill, Self::Industry, Self::Area];

    /// Its name, and that in Chinese.
    #[must_use]
    pub const fn name(self) -> [&'static str; 2] {
        match self {
            Self::All => ["all households", "全部家庭"],
            Self::Tenth => ["tenth of permanent income", "永久收入十分位"],
            Self::Source => ["main source of income", "主要收入来源"],
            Self::Class => ["income class", "收入阶层"],
            Self::Wealth => ["tenth of net worth", "净财富十分位"],
            Self::Skill => ["skill of the main earner", "主要收入者技能"],
            Self::Industry => ["industry of the main earner", "主要收入者行业"],
            Self::Area => ["area", "地区"],
        }
    }
}

/// Main sources of income: wages by skill, mixed income, property, pensions, other transfers.
const SOURCES: [[&str; 2]; 7] = [
    ["wages, low skill", "工资（低技能）"],
    ["wages, middle skill", "工资（中技能）"],
    ["wages, high skill", "工资（高技能）"],
    ["self-employment", "自雇"],
    ["property", "财产"],
    ["pensions", "养老金"],
    ["other transfers", "其他转移"],
];

/// Classes by income over the median.
const CLASSES: [[&str; 2]; 4] = [
    ["below 60% of the median", "低于中位数 60%"],
    ["60 to 75%", "60% 至 75%"],
    ["75 to 200%", "75% 至 200%"],
    ["above 200%", "高于 200%"],
];

const SKILLS: [[&str; 2]; 3] = [["low", "低"], ["middle", "中"], ["high", "高"]];

/// Households by one of their traits: names of the groups, and the group of each household.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// What they are grouped by.
    pub by: By,
    /// Name of each group, and that in Chinese.
    pub names: Vec<[String; 2]>,
    /// Group of each household; `None` if it is in none.
    pub of: Vec<Option<usize>>,
}

/// Tenths of households by a value, of as many persons each: a household belongs to the tenth in which its first person stands.
#[must_use]
pub fn tenths(values: &[f64], members: &[i64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let all: i64 = members.iter().sum();
    let (mut before, mut found) = (0, vec![0; values.len()]);
    for at in order {
        found[at] = (1..10).filter(|tenth| before >= tenth * all / 10).count();
        before += members[at];
    }
    found
}

/// Value of the household in which the middle person lives.
pub(super) fn median(values: &[f64], members: &[i64]) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let (all, mut before) = (members.iter().sum::<i64>(), 0);
    let middle = |at: &&usize| {
        before += members[**at];
        2 * before >= all
    };
    order.iter().find(middle).map_or(f64::NAN, |&at| values[at])
}

/// Where most of a household's income before tax came from; of equal sources the first.
fn main_source(year: &Year, at: usize) -> usize {
    let skill = year.skill[at].clamp(0, 2) as usize;
    let property = year.property[at] - year.mixed[at];
    let amounts =
        [(skill, year.labour[at]), (3, year.mixed[at]), (4, property), (5, year.pensions[at]), (6, year.transfers[at])];
    let mut best = amounts[0];
    for next in &amounts[1..] {
        if next.1 > best.1 {
            best = *next;
        }
    }
    best.0
}

impl Groups {
    /// Groups households by what they were in a year; `industries` and `areas` are their codes.
    #[must_use]
    pub fn of(by: By, panel: &Panel, year: &Year, industries: &[String], areas: &[String]) -> Self {
        let all = 0..panel.len();
        let fixed = |names: &[[&str; 2]]| names.iter().map(|x| x.map(str::to_owned)).collect::<Vec<_>>();
        let numbered = || (1..=10).map(|tenth| [tenth.to_string(), tenth.to_string()]).collect::<Vec<_>>();
        let coded = |codes: &[String]| codes.iter().map(|code| [code.clone(), code.clone()]).collect::<Vec<_>>();
        let inside = |place: i64, count: usize| usize::try_from(place).ok().filter(|&place| place < count);
        let (names, of): (Vec<[String; 2]>, Vec<Option<usize>>) = match by {
            By::All => (fixed(&[["all", "全部"]]), all.map(|_| Some(0)).collect()),
            By::Tenth => {
                // What capital brings lasts: without it owners who live on it would count as poor.
                let ticks = panel.ticks.max(1) as i64;
                let lasting: Vec<i64> = year.permanent.iter().zip(&year.property).map(|(x, y)| x * ticks + y).collect();
                let ranked = tenths(&panel.equivalised(&lasting), &panel.members);
                (numbered(), ranked.into_iter().map(Some).collect())
            }
            By::Wealth => {
                let worth: Vec<f64> = year.worth.iter().map(|&x| x as f64).collect();
                (numbered(), tenths(&worth, &panel.members).into_iter().map(Some).collect())
            }
            By::Source => (fixed(&SOURCES), all.map(|at| Some(main_source(year, at))).collect()),
            By::Class => {
                let income = panel.equivalised(&year.real);
                let middle = median(&income, &panel.members);
                let class = |x: &f64| Some([0.6, 0.75, 2.0].iter().filter(|&&line| *x >= line * middle).count());
                (fixed(&CLASSES), income.iter().map(class).collect())
            }
            By::Skill => (fixed(&SKILLS), year.skill.iter().map(|&skill| inside(skill, 3)).collect()),
            By::Industry => {
                let mut names = coded(industries);
                names.push(["without a job", "无工作"].map(str::to_owned));
                let place = |&industry: &i64| Some(inside(industry, industries.len()).unwrap_or(industries.len()));
                (names, year.industry.iter().map(place).collect())
            }
            By::Area => (coded(areas), panel.area.iter().map(|&area| inside(area, areas.len())).collect()),
        };
        Self { by, names, of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_have_as_many_persons() {
        let values: Vec<f64> = (0..20).rev().map(f64::from).collect();
        let found = tenths(&values, &[1; 20]);
        assert_eq!(found[..4], [9, 9, 8, 8]);
        // A household of eleven fills the lower half.
        let members: Vec<i64> = std::iter::once(10).chain([1; 10]).collect();
        let found = tenths(&(0..11).map(f64::from).collect::<Vec<_>>(), &members);
        assert_eq!(found, [0, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
    }

    #[test]
    fn groups_by_hand() {
        let year = Year {
            labour: vec![80, 0, 20, 10],
            mixed: vec![20, 0, 30, 0],
            property: vec![20, 5, 30, 0],
            pensions: vec![0, 40, 0, 0],
            transfers: vec![0, 0, 0, 30],
            skill: vec![2, 0, 1, 0],
            industry: vec![1, -1, 0, -1],
            real: vec![400, 100, 100, 50],
            permanent: vec![400, 100, 100, 50],
            worth: vec![0; 4],
            ..Year::default()
        };
        let panel = Panel { members: vec![4, 1, 1, 1], area: vec![0, 0, 1, -1], ..Panel::default() };
        let of =
            |by| Groups::of(by, &panel, &year, &["A".to_owned(), "B".to_owned()], &["n".to_owned(), "s".to_owned()]).of;
        assert_eq!(of(By::Source), [Some(2), Some(5), Some(3), Some(6)]);
        assert_eq!(of(By::Industry), [Some(1), Some(2), Some(0), Some(2)]);
        assert_eq!(of(By::Area), [Some(0), Some(0), Some(1), None]);
        // Equivalised: 200, 100, 100, 50; the middle of seven persons has 200.
        assert_eq!(of(By::Class), [Some(2), Some(0), Some(0), Some(0)]);
    }
}

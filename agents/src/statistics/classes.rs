//! Classes of people: main source of income, tenth by income and tenth by wealth, assigned once a year, and who moved between
//! them.
//!
//! Where households are units their class is that of all their members: tenths are of as many persons, by income after tax and per
//! equivalent adult, and wages are told apart by the skill of the main earner.

use bevy_ecs::prelude::{Res, ResMut, Resource};
use rayon::prelude::*;

use crate::components::{Class, Household, Person, Status};
use crate::geography::{DECILES, Geography, SKILLS};
use crate::households::lives::{Folk, Life, Lives, OfZone};
use crate::households::worth::Worth;
use crate::state::{HouseholdRules, RegionState, Regions, Settings, Tick};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};

/// Sources of income of persons alone.
pub const SOURCES: [&str; 3] = ["labour", "capital", "transfers"];
/// Sources of income of units: wages by skill of the main earner, mixed income, property, pensions, other transfers.
pub const SOURCES_OF_UNITS: [&str; 7] =
    ["wages_low", "wages_middle", "wages_high", "self_employment", "property", "pensions", "transfers"];
/// Most sources that are told apart.
const MOST: usize = SOURCES_OF_UNITS.len();

/// Agents by class at the end of a year, and by class then and a year before. All zero in ticks that end no year.
///
/// Years are those of the run: a year of ticks from its first tick. Transitions are there from the second year on.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// One entry a region.
    pub regions: Vec<ClassCounts>,
}

/// Persons of one region by class, agents. Of sources only the first are used where households are persons alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassCounts {
    /// By main source of income and income decile, index `source * DECILES + decile`.
    pub persons: [[i64; DECILES]; MOST],
    /// By income decile of the year before and of this one, index `before * DECILES + after`.
    pub income: [[i64; DECILES]; DECILES],
    /// By wealth decile at the end of the year before and of this one, same index.
    pub wealth: [[i64; DECILES]; DECILES],
    /// By main source of income in the year before and in this one, index `before`, then `after`.
    pub source: [[i64; MOST]; MOST],
}

impl Default for ClassCounts {
    fn default() -> Self {
        Self {
            persons: [[0; DECILES]; MOST],
            income: [[0; DECILES]; DECILES],
            wealth: [[0; DECILES]; DECILES],
            source: [[0; MOST]; MOST],
        }
    }
}

/// Tenth of everybody by a value, from 0 for the lowest. Tenths are equal in number to one person: of equal values the one
/// with the smaller id comes first.
fn tenths(values: impl IndexedParallelIterator<Item = f64>) -> Vec<u8> {
    // The bits of a float in the order of its values, then the place.
    let key = |(place, value): (usize, f64)| {
        let bits = (value as f32).to_bits();
        let ordered = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
        u64::from(ordered) << 32 | place as u64
    };
    let keys: Vec<u64> = values.enumerate().map(key).collect();
    let (mut rest, count) = (keys.clone(), keys.len());
    // The smallest key of each tenth but the first.
    let mut bounds: Vec<u64> = Vec::with_capacity(DECILES);
    let (mut left, mut first) = (&mut rest[..], 0);
    for tenth in 1..DECILES {
        let at = tenth * count / DECILES;
        // Fewer people than tenths: several tenths begin with the same person.
        if at >= first && at < count {
            let (_, &mut bound, above) = left.select_nth_unstable(at - first);
            bounds.push(bound);
            (left, first) = (above, at + 1);
        } else if let Some(&bound) = bounds.last() {
            bounds.push(bound);
        }
    }
    let place = |key: &u64| bounds.iter().take_while(|bound| key >= bound).count() as u8;
    keys.par_iter().map(place).collect()
}

/// The same of people who live in units of some members: tenths of as many persons. A unit belongs to the tenth in which its first member stands.
fn tenths_of_persons(values: &[f64], members: &[u8]) -> Vec<u8> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.par_sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
    let all: usize = members.iter().map(|&n| usize::from(n)).sum();
    let (mut before, mut found) = (0, vec![0; values.len()]);
    for at in order {
        found[at as usize] = (1..DECILES).filter(|tenth| before >= tenth * all / DECILES).count() as u8;
        before += usize::from(members[at as usize]);
    }
    found
}

/// What a unit of each holding brought in the year.
#[derive(Clone, Copy, Debug)]
struct Yield {
    /// Dividends a fund share, money.
    dividends: f64,
    /// Interest a unit of deposits, a fraction.
    interest: f64,
}

/// Where most of the income of the year came from; of equal sources the first.
///
/// Capital income is what the year's dividends and interest are on the holdings at its end, the rest that is not wages is
/// transfers: fund shares are held for life, so dividends are exact; interest is that of the last deposits.
fn main_source(household: &Household, found: Yield) -> u8 {
    let labour = f64::from(household.labour_year);
    let capital = household.fund_shares as f64 * found.dividends + household.deposits.max(0) as f64 * found.interest;
    let transfers = f64::from(household.income_year) - labour - capital;
    if labour >= capital && labour >= transfers {
        0
    } else if capital >= transfers {
        1
    } else {
        2
    }
}

/// What is known of the people of units besides.
struct Kin {
    /// Of each unit: skill of the main earner, whether it lives on pensions, weight of its shares in what the fund pays out.
    units: Vec<(u8, bool, f32)>,
    /// Mixed income over wages.
    mixed: f64,
    /// Shares over shares weighted by the returns of their owners.
    weight: f64,
}

/// The member who earns most, or could: one with a job before one without.
///
/// Rule: whoever has the highest pay when at work.
#[must_use]
pub fn main_earner(members: &[Person]) -> Option<&Person> {
    members.iter().max_by_key(|person| (person.status == Status::Employed, person.efficiency.max(0.0).to_bits()))
}

impl Kin {
    /// Where most of the income of a unit's year came from; of equal sources the first.
    ///
    /// Labour income is split into wages and mixed income by what dividends and wages usually are, dividends are those on the shares at the end of the year; what is neither is
    /// pensions where the unit lives on them, else transfers.
    fn main_source(&self, at: usize, household: &Household, found: Yield) -> u8 {
        let ((skill, retired, returns), labour) = (self.units[at], f64::from(household.labour_year));
        let wages = labour / (1.0 + self.mixed);
        let shares = household.fund_shares as f64 * f64::from(returns) * self.weight;
        let property = shares * found.dividends + household.deposits.max(0) as f64 * found.interest;
        let rest = f64::from(household.income_year) - labour - property;
        let (pensions, transfers) = if retired { (rest, 0.0) } else { (0.0, rest) };
        let amounts = [wages, labour - wages, property, pensions, transfers];
        let most = amounts.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        match amounts.iter().position(|&x| x >= most).unwrap_or(0) {
            0 => skill.min(SKILLS as u8 - 1),
            place => place as u8 + SKILLS as u8 - 1,
        }
    }
}

/// Assigns the classes of a region's households, which have some net worth, for the year that ends, and begins the next year.
fn assign(households: &mut [Household], worth: &[f64], found: Yield, kin: Option<&Kin>) -> ClassCounts {
    let (income, wealth) = if kin.is_some() {
        let members: Vec<u8> = households.iter().map(|x| x.members.count()).collect();
        let scaled = |x: &Household| f64::from(x.net_year) / needs(x.members.rows() as u32, EQUIVALENCE);
        let incomes: Vec<f64> = households.iter().map(scaled).collect();
        (tenths_of_persons(&incomes, &members), tenths_of_persons(worth, &members))
    } else {
        (tenths(households.par_iter().map(|x| f64::from(x.income_year))), tenths(worth.par_iter().copied()))
    };
    let mut counts = ClassCounts::default();
    for (at, household) in households.iter_mut().enumerate() {
        if !household.members.live_here() {
            continue;
        }
        let source = kin.map_or_else(|| main_source(household, found), |kin| kin.main_source(at, household, found));
        let (before, source) = (household.class.parts(), source);
        let (income, wealth, persons) = (income[at], wealth[at], i64::from(household.members.count()));
        let after = [source, income, wealth].map(usize::from);
        counts.persons[after[0]][after[1]] += persons;
        if let Some(before) = before {
            counts.source[before[0]][after[0]] += persons;
            counts.income[before[1]][after[1]] += persons;
            counts.wealth[before[2]][after[2]] += persons;
        }
        household.class = Class::new(source, income, wealth);
        (household.income_year, household.labour_year) = (0.0, 0.0);
        household.net_last = std::mem::take(&mut household.net_year);
    }
    counts
}

/// System: at the end of a year everybody is put into a class.
pub fn assign_classes(
    settings: Res<Settings>,
    tick: Res<Tick>,
    geography: Res<Geography>,
    (rules, lives): (Res<HouseholdRules>, Res<Lives>),
    mut regions: ResMut<Regions>,
    mut classes: ResMut<Classes>,
    mut folk: Folk,
) {
    classes.regions.clear();
    classes.regions.resize(geography.region_count(), ClassCounts::default());
    if !(tick.0 + 1).is_multiple_of(settings.ticks_per_year) {
        return;
    }
    let mut people = folk.by_region(&geography).into_iter();
    for (r, (state, counts)) in regions.states.iter_mut().zip(&mut classes.regions).enumerate() {
        let Some(people) = people.next() else { continue };
        let life = lives.regions.get(r);
        let worth =
            Worth::of(people.households, life, &rules.regions[r], state).net(people.households, people.lineages);
        let found = Yield {
            dividends: std::mem::take(&mut state.fund.dividends_year),
            interest: std::mem::take(&mut state.rates.interest_year),
        };
        let kin = life.map(|life| Kin::of(life, state, &people));
        *counts = assign(people.households, &worth, found, kin.as_ref());
    }
}

impl Kin {
    fn of(life: &Life, state: &RegionState, people: &OfZone<'_>) -> Self {
        let mut first = 0;
        let units = people.households.iter().zip(&*people.lineages).map(|(household, lineage)| {
            let members = first..first + household.members.rows();
            first = members.end;
            let skill = main_earner(&people.persons[members.clone()]).map_or(0, |person| person.skill);
            (skill, people.careers[members.start].retired, lineage.returns)
        });
        let fund = &state.fund;
        Self {
            units: units.collect(),
            mixed: if fund.wages > 0.0 { life.mixed * fund.dividends_expected.max(0.0) / fund.wages } else { 0.0 },
            weight: if fund.weighted > 0.0 { fund.shares as f64 / fund.weighted } else { 0.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::{Lineage, Members};

    fn tenths_of(values: &[f64]) -> Vec<u8> {
        tenths(values.par_iter().copied())
    }

    #[test]
    fn tenths_are_equal_in_number() {
        // Twenty-five values in a jumbled order: 2 or 3 a tenth, as in a sorted list.
        let values: Vec<f64> = (0..25_i32).map(|k| f64::from((k * 7) % 25 - 12)).collect();
        let mut sorted: Vec<usize> = (0..25).collect();
        sorted.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut expected = vec![0; 25];
        for (rank, &place) in sorted.iter().enumerate() {
            expected[place] = (1..10).filter(|tenth| rank >= tenth * 25 / 10).count() as u8;
        }
        assert_eq!(tenths_of(&values), expected);
        // Equal values: in the order of ids.
        assert_eq!(tenths_of(&[1.0; 10]), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(tenths_of(&[]), [0; 0]);
    }

    #[test]
    fn few_people_have_few_tenths() {
        for count in 1..10 {
            let values: Vec<f64> = (0..count).map(f64::from).collect();
            let found = tenths_of(&values);
            let expected: Vec<u8> = (0..count as usize)
                .map(|rank| (1..10).filter(|tenth| rank >= tenth * count as usize / 10).count() as u8)
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn classes_are_numbered() {
        assert_eq!(Class::default().parts(), None);
        let all = (0..3).flat_map(|s| (0..10).flat_map(move |i| (0..10).map(move |w| [s, i, w])));
        let numbers: Vec<u16> = all
            .map(|[s, i, w]: [u8; 3]| {
                let class = Class::new(s, i, w);
                assert_eq!(class.parts(), Some([s, i, w].map(usize::from)));
                class.number()
            })
            .collect();
        assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]) && numbers[0] == 1);
    }

    /// Moves between the sources of persons alone.
    fn three(counts: &ClassCounts) -> [[i64; 3]; 3] {
        std::array::from_fn(|before| std::array::from_fn(|after| counts.source[before][after]))
    }

    #[test]
    fn units_count_their_members_and_live_on_what_they_live_on() {
        let unit = |members: u8, labour_year: f32, income_year: f32, net_year: f32| Household {
            members: Members::of(members),
            labour_year,
            income_year,
            net_year,
            fund_shares: 10,
            ..Household::default()
        };
        // Wages of a skilled earner; mixed income is a fifth of wages. A pensioner, somebody on assistance, an owner.
        let mut units = [
            unit(3, 120.0, 130.0, 100.0),
            unit(1, 0.0, 50.0, 45.0),
            unit(1, 5.0, 30.0, 30.0),
            unit(2, 0.0, 60.0, 55.0),
        ];
        units[3].fund_shares = 550;
        let of = vec![(2, false, 1.0), (0, true, 1.0), (1, false, 1.0), (1, false, 2.0)];
        let kin = Kin { units: of, mixed: 0.2, weight: 0.5 };
        let found = Yield { dividends: 0.1, interest: 0.0 };
        // Shares are worth 1 and homes 2: 10, and a home of 100 with a debt of 40; consumer credit of 20; 10; 550 and 600 owed on 200.
        let lineage = |homes, debt| Lineage { debt, homes, ..Lineage::default() };
        let lineages = [lineage(50, 40), lineage(0, 20), lineage(0, 0), lineage(100, 600)];
        let worth = Worth { share: 1.0, home: 2.0 }.net(&units, &lineages);
        assert_eq!(worth, [70.0, -10.0, 10.0, 150.0]);
        let first = assign(&mut units, &worth, found, Some(&kin));
        let sums: Vec<i64> = first.persons.iter().map(|row| row.iter().sum()).collect();
        assert_eq!(sums, [0, 0, 3, 0, 2, 1, 1], "55 of the owner's 60 are dividends");
        // Equivalised after tax 30, 38.9, 45, 57.7: 0, 1, 3 and 4 of seven persons stand before them; tenths begin at 0, 0, 1, 2, 2, 3, 4, 4, 5 and 6.
        let tenth = |at: usize| units[at].class.parts().expect("a class")[1];
        assert_eq!([2, 3, 1, 0].map(tenth), [1, 2, 5, 7]);
        // The debtor, the one without a home, the owner of a home and the one of a fortune: before them 0, 1, 2 and 5 persons.
        let by_wealth = |at: usize| units[at].class.parts().expect("a class")[2];
        assert_eq!([1, 2, 0, 3].map(by_wealth), [1, 2, 4, 8]);
        assert!(units.iter().all(|x| x.net_year == 0.0));
        crate::testing::near(f64::from(units[0].net_last), 100.0);
        let working = |status, efficiency| Person { status, efficiency, skill: 1, ..Person::default() };
        let members = [working(Status::Unemployed, 9.0), Person { skill: 2, ..working(Status::Employed, 3.0) }];
        assert_eq!(main_earner(&members).map(|person| person.skill), Some(2));
        assert_eq!(main_earner(&[]), None);
    }

    #[test]
    fn moves_are_counted() {
        // Wages of 0 to 9 and transfers of 4.5 each.
        let year = |k: usize| Household {
            deposits: 100 * k as i64,
            labour_year: k as f32,
            income_year: k as f32 + 4.5,
            members: Members::of(1),
            ..Household::default()
        };
        let mut households: Vec<Household> = (0..10).map(year).collect();
        let held = Yield { dividends: 0.1, interest: 0.0 };
        let worth = |share, households: &[Household]| Worth { share, home: 0.0 }.net(households, &[]);
        let before = worth(1.0, &households);
        let first = assign(&mut households, &before, held, None);
        // Nobody was anything before; five live on transfers, five on labour.
        assert_eq!(
            first.income.iter().chain(&first.wealth).flatten().chain(first.source.iter().flatten()).sum::<i64>(),
            0
        );
        assert_eq!(first.persons[2][..5], [1; 5]);
        assert_eq!(first.persons[0][5..], [1; 5]);
        // The year starts from nothing. The poorest inherits a fortune and lives on it.
        assert!(households.iter().all(|x| x.income_year == 0.0 && x.labour_year == 0.0));
        for (k, household) in households.iter_mut().enumerate() {
            *household = Household { class: household.class, ..year(k) };
        }
        households[0].income_year += 100.0;
        households[0].fund_shares = 1000;
        let [dear, cheap] = [1.0, 0.01].map(|share| worth(share, &households));
        let second = assign(&mut households.clone(), &dear, held, None);
        assert_eq!(second.income[0][9], 1, "from the first tenth to the last");
        assert_eq!((1..10).map(|k| second.income[k][k - 1]).sum::<i64>(), 9, "all others fall by one");
        assert_eq!(second.income, second.wealth);
        assert_eq!(three(&second), [[5, 0, 0], [0, 0, 0], [0, 1, 4]]);
        // At a hundredth of the price the fortune is worth little, and at a tenth of the dividends the rest was a gift.
        let poor = Yield { dividends: 0.01, interest: 0.0 };
        let third = assign(&mut households, &cheap, poor, None);
        assert_eq!((third.wealth[0][0], three(&third)), (1, [[5, 0, 0], [0, 0, 0], [0, 0, 5]]));
    }
}

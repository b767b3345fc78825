//! Classes of people: main source of income, tenth by income and tenth by wealth, assigned once a year, and who moved between
//! them.

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::{Block, rows_mut};
use rayon::prelude::*;

use crate::components::{Class, Household};
use crate::geography::{DECILES, Geography};
use crate::state::{HouseholdRule, HouseholdRules, RegionState, Regions, Settings, Tick};

/// Sources of income: labour, capital, transfers.
pub const SOURCES: usize = 3;

/// Agents by class at the end of a year, and by class then and a year before. All zero in ticks that end no year.
///
/// Years are those of the run: a year of ticks from its first tick. Transitions are there from the second year on.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// One entry a region.
    pub regions: Vec<ClassCounts>,
}

/// Agents of one region by class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassCounts {
    /// By main source of income and income decile, index `source * DECILES + decile`.
    pub persons: [[i64; DECILES]; SOURCES],
    /// By income decile of the year before and of this one, index `before * DECILES + after`.
    pub income: [[i64; DECILES]; DECILES],
    /// By wealth decile at the end of the year before and of this one, same index.
    pub wealth: [[i64; DECILES]; DECILES],
    /// By main source of income in the year before and in this one, index `before * SOURCES + after`.
    pub source: [[i64; SOURCES]; SOURCES],
}

impl Default for ClassCounts {
    fn default() -> Self {
        Self {
            persons: [[0; DECILES]; SOURCES],
            income: [[0; DECILES]; DECILES],
            wealth: [[0; DECILES]; DECILES],
            source: [[0; SOURCES]; SOURCES],
        }
    }
}

/// Price of a share of the equity fund, minor units: what base-year fund wealth per income says, at the share's price now.
///
/// Equation: `q sum_i k_d(i) Y_p(i) / n`, with price `q` relative to the base, fund wealth per permanent income `k_d` at the base by
/// decile, permanent income `Y_p`, and `n` shares.
/// Source: balance of the fund: its worth over its shares.
#[must_use]
pub fn fund_share_price(households: &[Household], rule: &HouseholdRule, state: &RegionState) -> f64 {
    // Sums of fixed pieces in their order: the same at any thread count.
    let piece = |households: &[Household]| -> f64 {
        households.iter().map(|x| rule.equity_ratio[x.decile as usize] * f64::from(x.income_permanent)).sum()
    };
    let pieces: Vec<f64> = households.par_chunks(1 << 14).map(piece).collect();
    let worth: f64 = pieces.iter().sum();
    if state.fund.shares > 0 { worth * state.fund.share_price / state.fund.shares as f64 } else { 0.0 }
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

/// What a unit of each holding brought in the year.
#[derive(Clone, Copy, Debug)]
struct Yield {
    /// Dividends a fund share, money.
    dividends: f64,
    /// Interest a unit of deposits, a fraction.
    interest: f64,
    /// Price of a fund share, money.
    share_price: f64,
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

/// Assigns the classes of a region's households for the year that ends, and begins the next year.
fn assign(households: &mut [Household], found: Yield) -> ClassCounts {
    let income = tenths(households.par_iter().map(|x| f64::from(x.income_year)));
    let wealth = tenths(households.par_iter().map(|x| x.deposits as f64 + found.share_price * x.fund_shares as f64));
    let mut counts = ClassCounts::default();
    for (household, (&income, &wealth)) in households.iter_mut().zip(income.iter().zip(&wealth)) {
        let (before, source) = (household.class.parts(), main_source(household, found));
        let after = [source, income, wealth].map(usize::from);
        counts.persons[after[0]][after[1]] += 1;
        if let Some(before) = before {
            counts.source[before[0]][after[0]] += 1;
            counts.income[before[1]][after[1]] += 1;
            counts.wealth[before[2]][after[2]] += 1;
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
    rules: Res<HouseholdRules>,
    mut regions: ResMut<Regions>,
    mut classes: ResMut<Classes>,
    mut households: Query<&mut Block<Household>>,
) {
    classes.regions.clear();
    classes.regions.resize(geography.region_count(), ClassCounts::default());
    if !(tick.0 + 1).is_multiple_of(settings.ticks_per_year) {
        return;
    }
    let households = rows_mut(&mut households);
    for (r, (state, counts)) in regions.states.iter_mut().zip(&mut classes.regions).enumerate() {
        let range = geography.regions[r].households.range();
        let households = &mut households[range];
        let found = Yield {
            dividends: std::mem::take(&mut state.fund.dividends_year),
            interest: std::mem::take(&mut state.rates.interest_year),
            share_price: fund_share_price(households, &rules.regions[r], state),
        };
        *counts = assign(households, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn moves_are_counted() {
        // Wages of 0 to 9 and transfers of 4.5 each.
        let year = |k: usize| Household {
            deposits: 100 * k as i64,
            labour_year: k as f32,
            income_year: k as f32 + 4.5,
            ..Household::default()
        };
        let mut households: Vec<Household> = (0..10).map(year).collect();
        let held = Yield { dividends: 0.1, interest: 0.0, share_price: 1.0 };
        let first = assign(&mut households, held);
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
        let second = assign(&mut households.clone(), held);
        assert_eq!(second.income[0][9], 1, "from the first tenth to the last");
        assert_eq!((1..10).map(|k| second.income[k][k - 1]).sum::<i64>(), 9, "all others fall by one");
        assert_eq!(second.income, second.wealth);
        assert_eq!(second.source, [[5, 0, 0], [0, 0, 0], [0, 1, 4]]);
        // At a hundredth of the price the fortune is worth little, and at a tenth of the dividends the rest was a gift.
        let poor = Yield { dividends: 0.01, interest: 0.0, share_price: 0.01 };
        let third = assign(&mut households, poor);
        assert_eq!((third.wealth[0][0], third.source), (1, [[5, 0, 0], [0, 0, 0], [0, 0, 5]]));
    }

    #[test]
    fn shares_are_worth_what_the_fund_is_worth() {
        let mut rule = HouseholdRule { equity_ratio: vec![0.0; DECILES], ..HouseholdRule::default() };
        rule.equity_ratio[2] = 10.0;
        rule.equity_ratio[7] = 20.0;
        let household = |decile, income_permanent| Household { income_permanent, decile, ..Household::default() };
        let state = |shares| RegionState {
            fund: crate::state::Fund { share_price: 1.5, shares, ..crate::state::Fund::default() },
            ..RegionState::default()
        };
        // 1.5 (10 x 30 + 20 x 40) / 100
        crate::testing::near(fund_share_price(&[household(2, 30.0), household(7, 40.0)], &rule, &state(100)), 16.5);
        crate::testing::near(fund_share_price(&[household(2, 30.0)], &rule, &state(0)), 0.0);
    }
}

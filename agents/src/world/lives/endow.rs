//! What units earn, own and spend at the base: pay and pensions of the sample at the size at which they spend what the base year's table
//! says households buy, one rate of tax that closes the budget, deposits that they aim at, and a fund that owns the rest.

use engine::grid::Grid;
use engine::math::{exp, ln};
use engine::money::round_half_even;
use rayon::prelude::*;

use super::closure::{Closure, Flow, Totals, closure, spending};
use super::market::chances;
use super::plans::{Plans, helped};
use super::{Folk, Founders};
use crate::axes::{Decile, Slot};
use crate::components::{CREDIT_WEIGHT, Career, Household, Lineage, MORTGAGE_WEIGHT, Person, Status};
use crate::geography::{DECILES, Geography, split_spans};
use crate::government::monetary::deposit_rate;
use crate::households::alone::Unit;
use crate::households::alone::facts::{between, ranks, shares};
use crate::households::lives::Life;
use crate::households::lives::homes::{CREDIT_PREMIUM, UNIT};
use crate::households::posts::{self, Posts};
use crate::state::{self, HouseholdRule};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};
use crate::world::base::BaseRegion;
use crate::world::baskets::baskets;
use crate::world::closing::fit;
use crate::world::households::{Basis, Population, Start};

/// Shares of the fund a person of the region.
const SHARES: f64 = 1_000_000.0;

/// Rounds in which pay is made even.
const ROUNDS: usize = 12;

/// Most that a round changes log pay by. Bound of the search: where hardly anybody of a tenth earns, nobody's pay is to vanish.
const MOST: f64 = 0.05;

/// Scales pay so that units have incomes as unequal as those of the sample, tenth by tenth: plants pay the able of an industry alike, and
/// some more than others. What is scaled fades as a scar does.
pub fn even_out(geography: &Geography, founders: &mut Founders, bills: &[f64], seed: u64) {
    let level = |region: usize| founders.posts[region].level;
    let wanted = incomes(geography, founders, |region, i| exp(founders.premiums[i] - level(region)));
    for _ in 0..ROUNDS {
        let rate = relative_wages(geography, founders, bills, seed);
        let found = incomes(geography, founders, |_, i| rate[founders.persons[i].employer as usize]);
        for (region, (wanted, found)) in geography.regions.iter().zip(wanted.iter().zip(&found)) {
            let places = ranks(found);
            let share = |of: &[f64], ranks: &[f64]| -> [f64; DECILES] { shares(of, ranks) };
            let (aim, got) = (share(wanted, &ranks(wanted)), share(found, &places));
            // Rule: those who live on assistance alone have no pay to be scaled.
            let gap = |d: usize| if aim[d].min(got[d]) > 0.0 { ln(aim[d] / got[d]).clamp(-MOST, MOST) } else { 0.0 };
            let gap: [f64; DECILES] = std::array::from_fn(gap);
            let mut people = region.persons.range();
            for (household, place) in founders.households[region.households.range()].iter().zip(places) {
                let more = between(&gap, place * DECILES as f64 - 0.5);
                for i in people.by_ref().take(household.members.rows()) {
                    founders.persons[i].efficiency *= exp(more) as f32;
                    founders.careers[i].scar += more as f32;
                }
            }
        }
    }
}

/// Wage of a unit of ability at every firm, over that of its region.
fn relative_wages(geography: &Geography, founders: &Founders, bills: &[f64], seed: u64) -> Vec<f64> {
    let mut rate = wages(geography, &founders.posts, &founders.persons, bills, seed);
    for region in &geography.regions {
        let employed = founders.persons[region.persons.range()].iter().filter(|x| x.status == Status::Employed);
        let weights: f64 = employed.map(|x| f64::from(x.efficiency)).sum();
        let mean = bills[region.firms.range()].iter().sum::<f64>() / weights;
        rate[region.firms.range()].iter_mut().for_each(|x| *x /= mean);
    }
    rate
}

/// Wage of a unit of ability at every firm at the base, given wage bills: see [`posts::wages`].
#[must_use]
pub fn wages(geography: &Geography, posts: &[Posts], persons: &[Person], bills: &[f64], seed: u64) -> Vec<f64> {
    let (mut staff, mut ability) = (vec![0.0; bills.len()], vec![0.0; bills.len()]);
    for person in persons.iter().filter(|x| x.status == Status::Employed) {
        staff[person.employer as usize] += 1.0;
        ability[person.employer as usize] += f64::from(person.efficiency);
    }
    let mut out = vec![0.0; bills.len()];
    for zone in &geography.zones {
        let firms = zone.firms.range();
        let posts = &posts[zone.region as usize];
        let premium = |i: usize| posts.premium(i as u32, bills[i] / f64::max(staff[i], 1.0), seed);
        let premiums: Vec<f64> = firms.clone().map(premium).collect();
        let rates = posts::wages(&bills[firms.clone()], &ability[firms.clone()], &premiums, &vec![1.0; premiums.len()]);
        out[firms].copy_from_slice(&rates);
    }
    out
}

/// Pay, benefits and pensions per equivalent adult of the units of every region, in pay weights, with pay at a rate by region and person.
fn incomes(geography: &Geography, founders: &Founders, rate: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let of_region = |(r, region): (usize, &crate::geography::Region)| {
        let mut rows = region.persons.range();
        let of = |household: &Household| {
            let one = |i: usize| {
                let (person, career) = (&founders.persons[i], &founders.careers[i]);
                match person.status {
                    Status::Employed => f64::from(person.efficiency) * rate(r, i),
                    _ if career.retired => f64::from(career.last),
                    Status::Unemployed => UNEMPLOYED * f64::from(career.last),
                    Status::Inactive | Status::Absent => 0.0,
                }
            };
            let all: f64 = rows.by_ref().take(household.members.rows()).map(one).sum();
            all / needs(household.members.count().into(), EQUIVALENCE)
        };
        founders.households[region.households.range()].iter().map(of).collect()
    };
    geography.regions.iter().enumerate().map(of_region).collect()
}

/// What the unemployed have of their last pay, about: it only ranks them.
const UNEMPLOYED: f64 = 0.4;

/// The people of a region, as they are endowed.
struct People<'a> {
    persons: &'a [Person],
    careers: &'a mut [Career],
    households: &'a mut [Household],
    lineages: &'a mut [Lineage],
    units: &'a [Unit],
}

/// What is found for a region.
pub struct Endowed {
    /// How its people live.
    pub life: Life,
    /// Rules by tenth: taxes and baskets.
    pub rule: HouseholdRule,
    /// Deposits of households, money.
    pub deposits: f64,
    /// Interest on them, money a tick.
    pub interest: f64,
    /// What the fund begins with.
    pub fund: Start,
    /// Shares.
    pub shares: i64,
    /// Interest that households pay, money a tick.
    pub debt_interest: f64,
    /// Homes.
    pub homes: state::Homes,
    /// Equivalised income before tax in the middle, money a tick.
    pub median: f64,
    /// What tenths spend, money a tick.
    pub consumption: [f64; DECILES],
    /// And buy, volume a tick.
    pub volume: Grid<(Decile, Slot), f64>,
}

/// Endows all regions, given what households and fund hold with banks and the wage of a unit of pay weight by region, money.
#[must_use]
pub fn endow(
    basis: Basis,
    folks: &[Folk],
    founders: &Founders,
    held: &[f64],
    (wages, wage_rate): (&[f64], &[f64]),
) -> (Population, Vec<Career>, Vec<Endowed>) {
    let geography = basis.geography;
    let (mut careers, mut households) = (founders.careers.clone(), founders.households.clone());
    let mut lineages = founders.lineages.clone();
    let spans: [Vec<_>; 2] = [
        geography.regions.iter().map(|x| x.persons).collect(),
        geography.regions.iter().map(|x| x.households).collect(),
    ];
    let units =
        split_spans(&mut households, &spans[1], 1).into_par_iter().zip(split_spans(&mut lineages, &spans[1], 1));
    let parts = split_spans(&mut careers, &spans[0], 1).into_par_iter().zip(units);
    let one = |(r, (careers, (households, lineages))): (usize, (_, (_, _)))| {
        let region = &geography.regions[r];
        let people = People {
            persons: &founders.persons[region.persons.range()],
            careers,
            households,
            lineages,
            units: &founders.units[region.households.range()],
        };
        of_region(basis, r, &folks[r], people, held[r], (wages[r], wage_rate), founders.posts[r])
    };
    let endowed: Vec<Endowed> = parts.enumerate().map(one).collect();
    let population = Population {
        households,
        rules: endowed.iter().map(|x| x.rule.clone()).collect(),
        fund_shares: endowed.iter().map(|x| x.shares).collect(),
        pension_pool: vec![0; endowed.len()],
        income_median: endowed.iter().map(|x| x.median).collect(),
        funds: endowed.iter().map(|x| x.fund).collect(),
        homes: endowed.iter().map(|x| x.homes.clone()).collect(),
        lineages,
        ..Population::default()
    };
    (population, careers, endowed)
}

/// Incomes, taxes, wealth and budgets of a region's units.
fn of_region(
    Basis { base, p, settings, geography, .. }: Basis,
    r: usize,
    folk: &Folk,
    people: People,
    held: f64,
    (wage, wage_rate): (f64, &[f64]),
    posts: Posts,
) -> Endowed {
    let b = &base.regions[r];
    let sample = &folk.sample;
    let interest_rate = settings.per_tick(deposit_rate(p.monetary.neutral_rate, p));
    let shares: f64 = people.units.iter().map(|x| x.shares).sum();
    let lineages = &*people.lineages;
    let weight = |i: usize| f64::from(lineages[i].returns) * people.units[i].shares / shares;
    let weighted: f64 = (0..people.units.len()).map(weight).sum();
    let expected = |units: &[Unit]| units.iter().map(|x| x.permanent).sum::<f64>();
    let fund = sample.fund * expected(people.units) / expected(&sample.units);
    let median = median(people.units);
    let payout = fund * sample.setting.fund.dividends / 12.0;
    let neutral = p.monetary.neutral_rate;
    let rates =
        [neutral + p.credit.loan_premium, neutral + CREDIT_PREMIUM].map(|rate| settings.per_tick(rate.max(0.0)));
    let mut flows = vec![Flow::default(); people.units.len()];
    let (mut from, mut usual) = (0, (0.0, 0.0));
    for (i, (unit, flow)) in people.units.iter().zip(&mut flows).enumerate() {
        let members = from..from + usize::from(unit.size);
        from = members.end;
        let capital = payout * weight(i) / weighted;
        let rents = sample.setting.homes.rent / 12.0 * UNIT * f64::from(lineages[i].homes);
        *flow = Flow { capital, rents, ..earned(&people, i, members, (wage, wage_rate), sample) };
        let help = helped(&sample.setting, unit, &Flow { capital: capital + interest_rate * unit.deposits, ..*flow });
        usual = (usual.0 + flow.own() + help + rents - rates[0] * unit.mortgage(), usual.1 + unit.permanent);
    }
    // Rule: units expect on average what they have: those of the sample lived by other jobs.
    let usual = usual.0 / usual.1;
    let median = median * usual;
    let units: Vec<Unit> =
        people.units.iter().map(|unit| Unit { permanent: unit.permanent * usual, ..unit.clone() }).collect();
    let people = People { units: &units, ..people };
    let plans = Plans {
        setting: &sample.setting,
        units: &units,
        earned: &flows,
        worth: fund / shares,
        rates,
        interest: interest_rate,
        median,
        news: sample.news,
    };
    let spent = b.consumption.iter().sum::<f64>();
    let wanted: f64 = people.units.iter().map(|x| x.deposits).sum();
    // Rule: no more deposits than banks owe to households and their fund.
    let (kept, flows) = plans.begin(|left| held * left / (wanted * spent));
    let totals = Totals::of(&flows);
    let wages = b.compensation.iter().sum::<f64>() / (1.0 + p.government.social_rate);
    let of_owners = b.dividends.iter().sum::<f64>() + b.bank_dividends - b.debt_interest + b.deposit_interest;
    let deposits = |net: f64| (wanted * kept * net).min(held);
    let interest = |net: f64| interest_rate * deposits(net);
    let Closure { net, tax, mixed } = closure(totals, spent, wages, of_owners, interest);
    let (deposits, interest) = (deposits(net), interest(net));
    let life = Life {
        setting: sample.setting.clone(),
        curve: sample.curve,
        chances: chances(folk, settings),
        posts,
        wage,
        net,
        tax,
        mixed,
        worth: fund * net,
        returned: totals.bought * net,
        median: median * net,
        spending: spending(&flows, totals.left() / (1.0 + sample.news)),
        vital: None,
    };
    let given = give((&life, sample.news), people, &flows, (shares, kept), geography.regions[r].persons.len());
    finish(Found { life, b, p, flows: &flows, deposits, interest, wages, interest_rate, held }, given)
}

/// What members of a unit earn and are entitled to.
fn earned(
    people: &People,
    i: usize,
    members: std::ops::Range<usize>,
    (wage, wage_rate): (f64, &[f64]),
    sample: &crate::households::alone::People,
) -> Flow {
    let setting = &sample.setting;
    let mut flow = Flow::default();
    for (person, career) in people.persons[members.clone()].iter().zip(&people.careers[members]) {
        let last = f64::from(career.last);
        match person.status {
            Status::Employed => flow.pay += f64::from(person.efficiency) * wage_rate[person.employer as usize] / wage,
            Status::Unemployed
                if f64::from(person.tenure_ticks) < setting.benefit.months && !people.units[i].retired =>
            {
                flow.benefit += setting.benefit.share * last;
            }
            _ => {}
        }
        flow.pension += if people.units[i].retired { last } else { 0.0 };
    }
    flow
}

/// Permanent income per equivalent adult of the middle unit.
fn median(units: &[Unit]) -> f64 {
    let mut all: Vec<f64> = units.iter().map(|x| x.permanent / x.needs()).collect();
    let middle = all.len() / 2;
    *all.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Units get their money; returns them with the shares that there are, and shares weighted by returns.
fn give<'a>(
    (life, news): (&Life, f64),
    people: People<'a>,
    flows: &[Flow],
    (all_shares, kept): (f64, f64),
    persons: usize,
) -> (People<'a>, i64, f64) {
    let (mut issued, mut weighted) = (0, 0.0);
    let People { persons: rows, careers, households, lineages, units } = people;
    for ((household, lineage), (unit, flow)) in
        households.iter_mut().zip(lineages.iter_mut()).zip(units.iter().zip(flows))
    {
        household.deposits = round_half_even(unit.deposits * kept * life.net);
        lineage.debt = round_half_even(unit.debt * life.net);
        household.fund_shares = round_half_even(unit.shares / all_shares * SHARES * persons as f64);
        household.income_permanent = (unit.permanent * life.net) as f32;
        household.budget = round_half_even(flow.intent().scaled(life.spending) * (1.0 + news) * life.net);
        issued += household.fund_shares;
        weighted += f64::from(lineage.returns) * household.fund_shares as f64;
    }
    let mut from = 0;
    for unit in units {
        let members = from..from + usize::from(unit.size);
        from = members.end;
        let money = if unit.retired { life.net } else { life.wage };
        careers[members].iter_mut().for_each(|career| career.last = (f64::from(career.last) * money) as f32);
    }
    (People { persons: rows, careers, households, lineages, units }, issued, weighted)
}

/// What was found for a region before its baskets.
struct Found<'a> {
    life: Life,
    b: &'a BaseRegion,
    p: &'a crate::parameters::Parameters,
    flows: &'a [Flow],
    deposits: f64,
    interest: f64,
    wages: f64,
    interest_rate: f64,
    held: f64,
}

/// Rules by tenth, and baskets refitted to what tenths spend.
fn finish(found: Found, (people, shares, weighted): (People, i64, f64)) -> Endowed {
    let Found { life, b, p, flows, deposits, interest, wages, interest_rate, held } = found;
    let households = &*people.households;
    let (mut count, mut consumption) = ([0_usize; DECILES], [0.0; DECILES]);
    let (mut heads, mut income, mut owned, mut usual) =
        ([0.0; DECILES], [0.0; DECILES], [0.0; DECILES], [0.0; DECILES]);
    let lineages = &*people.lineages;
    let lent = |of: fn(&Lineage) -> i64, weight: f64| {
        // What banks lend is deposited by the fund, but for the own funds that are held for it.
        (1.0 - weight * p.credit.bank_capital_target) * lineages.iter().map(of).sum::<i64>() as f64
    };
    let lent = lent(Lineage::mortgage, MORTGAGE_WEIGHT) + lent(Lineage::consumer_credit, CREDIT_WEIGHT);
    for (household, flow) in households.iter().zip(flows) {
        let d = household.decile as usize;
        count[d] += 1;
        consumption[d] += household.budget as f64;
        heads[d] += needs(household.members.count().into(), EQUIVALENCE);
        income[d] += (flow.own() + flow.capital) * life.net;
        owned[d] += household.fund_shares as f64 / shares as f64;
        usual[d] += f64::from(household.income_permanent);
    }
    let volume = refitted(b, &mut consumption);
    let flat = |x: f64| vec![x; DECILES];
    let mut rule = HouseholdRule {
        tax_rate: flat(life.tax),
        transfer: flat(0.0),
        pension_contribution: flat(0.0),
        pension_payout: flat(0.0),
        wealth_target: flat(0.0),
        equity_ratio: (0..DECILES).map(|d| life.worth * owned[d] / usual[d].max(1.0)).collect(),
        ..HouseholdRule::default()
    };
    baskets(&volume, &b.consumer_price, p, &count, households, &mut rule);
    let middle = |d: usize| income[d] / heads[d].max(1.0);
    Endowed {
        rule,
        deposits,
        interest,
        fund: Start { reserve: ((1.0 - interest_rate) * (held - deposits)).max(0.0) + lent, weighted, wages },
        debt_interest: flows.iter().map(|x| x.owed).sum::<f64>() * life.net,
        homes: homes(lineages),
        shares,
        median: f64::midpoint(middle(DECILES / 2 - 1), middle(DECILES / 2)),
        consumption,
        volume,
        life,
    }
}

/// Homes at the base: who owns none lives in one that is let, as large as those of owners on average.
fn homes(lineages: &[Lineage]) -> state::Homes {
    let owned: i64 = lineages.iter().map(|x| i64::from(x.homes)).sum();
    let owners = lineages.iter().filter(|x| x.owns()).count() as i64;
    let let_out = owned / owners.max(1) * (lineages.len() as i64 - owners);
    let stock = owned + let_out;
    state::Homes { price: 1.0, stock, let_out, owned_base: owned as f64, stock_base: stock as f64 }
}

/// What tenths buy when they spend so much, in baskets like those of the table; what they spend is made to sum to the table's.
fn refitted(b: &BaseRegion, consumption: &mut [f64; DECILES]) -> Grid<(Decile, Slot), f64> {
    let price = |cell: (Decile, Slot)| b.consumer_price[cell.1.0];
    let slots = b.consumer_price.len();
    let all = b.consumption.iter().sum::<f64>() / consumption.iter().sum::<f64>();
    for x in consumption.iter_mut() {
        *x *= all;
    }
    let mut value: Grid<(Decile, Slot), f64> =
        Grid::from_fn([DECILES, slots], |cell| b.consumption_volume[cell] * price(cell));
    let columns: Vec<f64> = (0..slots).map(|s| (0..DECILES).map(|d| value[(Decile(d), Slot(s))]).sum()).collect();
    fit(&mut value, &consumption[..], &columns);
    Grid::from_fn([DECILES, slots], |cell| value[cell] / price(cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn a_row_is_read_between_its_entries() {
        let row: [f64; DECILES] = std::array::from_fn(|k| k as f64 * 2.0);
        near(between(&row, 1.5), 3.0);
        near(between(&row, -4.0), 0.0);
        near(between(&row, 12.0), 18.0);
    }
}

//! What units mean to do at the base, and the deposits with which they begin.

use engine::math::exp;

use super::closure::{Flow, Totals};
use crate::households::alone::Unit;
use crate::households::alone::setting::Setting;
use crate::households::homes::Homes;
use crate::households::saving::{Intent, Means, assistance, relative};

/// What units of a region have but for deposits.
pub struct Plans<'a> {
    /// How they live.
    pub setting: &'a Setting,
    /// The units.
    pub units: &'a [Unit],
    /// What each earns, dividends in it.
    pub earned: &'a [Flow],
    /// Worth of the fund over its shares, mean pays.
    pub worth: f64,
    /// On homes and on what was spent, a tick.
    pub rates: [f64; 2],
    /// On deposits, a tick.
    pub interest: f64,
    /// Permanent income per equivalent adult in the middle.
    pub median: f64,
    /// What they spend in a month over what they would if nothing changed with them, less one.
    pub news: f64,
}

/// Bounds of the search: deposits are not made more than four times as large or small.
const BOUND: f64 = 1.386_294_361_119_890_6;
/// Rounds of the search.
const ROUNDS: usize = 12;
/// How near to nothing, of what is spent, the search ends.
const NEAR: f64 = 1e-7;

impl Plans<'_> {
    /// Deposits over those of the sample, and plans made with them, given how large this may be by what is left to be spent.
    ///
    /// Equation: `k` with `sum y(k) - b(k) = (1 + n) sum c(k)`, incomes `y`, shares bought `b` and consumption `c`, planned with deposits `k D` as
    /// if nothing changed, and the part `n` by which changes make it larger: on the whole nothing is saved in the bank. Those of a sample are too many or too few by the fortunes of a few, and if all spent more than they
    /// mean to for that, many would soon have nothing left.
    /// Source: people alone, who at rest neither save in the bank nor live on it.
    pub fn begin(&self, most: impl Fn(f64) -> f64) -> (f64, Vec<Flow>) {
        let mut kept = self.at_rest();
        let mut flows = self.with(kept);
        for _ in 0..3 {
            // Bound of the rule: where banks owe nothing to households they have no deposits.
            let most = most(Totals::of(&flows).left()).max(0.0);
            if kept <= most {
                break;
            }
            kept = most;
            // Bound of the rule: plans are made with part of it, since who has nothing chooses nothing and nobody would make up for what is left.
            flows = self.with(kept.max(exp(-BOUND)));
        }
        (kept, flows)
    }

    /// Deposits over those of the sample at which on the whole nothing is saved in the bank: false position.
    fn at_rest(&self) -> f64 {
        let saved = |log: f64| {
            let flows = self.with(exp(log));
            let spent: f64 = flows.iter().map(|x| x.consumption).sum();
            Totals::of(&flows).left() / ((1.0 + self.news) * spent) - 1.0
        };
        let (mut low, mut high) = ((-BOUND, saved(-BOUND)), (BOUND, saved(BOUND)));
        if low.1 <= 0.0 || high.1 >= 0.0 {
            return exp(if low.1.abs() < high.1.abs() { low.0 } else { high.0 });
        }
        let (mut found, mut side) = (0.0, None);
        for round in 0..ROUNDS {
            // At first where the sample is; then where a line meets zero.
            found = if round == 0 { 0.0 } else { low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1) };
            let here = saved(found);
            if here.abs() < NEAR {
                break;
            }
            // Illinois: an end that stays twice counts for half.
            let stays = if side == Some(here > 0.0) { 0.5 } else { 1.0 };
            side = Some(here > 0.0);
            if here > 0.0 {
                (low, high.1) = ((found, here), stays * high.1);
            } else {
                (high, low.1) = ((found, here), stays * low.1);
            }
        }
        exp(found)
    }

    /// What they mean to do with deposits so many times those of the sample.
    fn with(&self, kept: f64) -> Vec<Flow> {
        let of = |(unit, earned): (&Unit, &Flow)| {
            let unit = &Unit { deposits: kept * unit.deposits, ..unit.clone() };
            let mut flow = Flow { capital: earned.capital + self.interest * unit.deposits, ..*earned };
            flow.help = helped(self.setting, unit, &flow);
            planned(self.setting, unit, unit.shares * self.worth, (self.rates, self.median), flow)
        };
        self.units.iter().zip(self.earned).map(of).collect()
    }
}

/// What a unit with such incomes means to do, given its shares in mean pays, rates on debts and the middle income.
fn planned(
    setting: &Setting,
    unit: &Unit,
    equity: f64,
    ([on_home, for_spending], median): ([f64; 2], f64),
    earned: Flow,
) -> Flow {
    let (stands, spent) = (unit.mortgage(), unit.consumer_credit());
    let owed = on_home * stands + for_spending * spent;
    let means = Means {
        income: earned.own() + earned.rents - on_home * stands,
        capital: earned.capital - for_spending * spent,
        windfall: 0.0,
        permanent: unit.permanent,
        deposits: unit.liquid(),
        equity,
        usual_equity: equity,
        relative: relative(unit.permanent, unit.needs(), median),
        caution: unit.caution,
        retired: unit.retired,
        repayment: stands / setting.homes.months,
    };
    let plan = setting.habits.plan(&means);
    let Intent { consumption, shares, chosen } = plan;
    let spare = means.deposits + means.income + means.capital - means.repayment - consumption - shares;
    let for_home = sold_for_home(&setting.homes, (unit, &means), spare, on_home);
    Flow { shares, for_home, consumption, chosen, owed, ..earned }
}

/// Assistance to a unit, given all else that it has.
pub fn helped(setting: &Setting, unit: &Unit, earned: &Flow) -> f64 {
    let of = setting.assistance;
    assistance(earned.own() + earned.capital, of.floor, unit.needs(), of.disregard)
}

/// Shares that a unit is expected to sell for a home in a tick, mean pays, given the money that it has left and the rate on its mortgage.
///
/// Equation: `b (P - L - m)`, with the chance `b` that a tenant buys a home, its price `P`, the loan `L` and the money that is there `m`.
/// Source: [`Terms::wanted`](crate::households::lives::homes::Terms::wanted), in expectation.
fn sold_for_home(homes: &Homes, (unit, means): (&Unit, &Means), spare: f64, rate: f64) -> f64 {
    let price = homes.worth * 12.0 * unit.permanent;
    let down = price - homes.loan(price, unit.permanent, rate);
    let short = (down - spare.max(0.0)).max(0.0);
    let buys =
        !unit.retired && !unit.owns() && unit.debt <= 0.0 && means.relative > homes.least && means.equity > short;
    if buys { homes.bought * short } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn on_the_whole_nothing_is_saved_in_the_bank() {
        let setting = Setting::united_states();
        let unit = |permanent, deposits| Unit { size: 1, permanent, deposits, ..Unit::default() };
        // Less than they aim at, and more.
        for deposits in [0.1, 0.7] {
            let units = [unit(0.5, 0.1 * deposits), unit(1.0, deposits), unit(2.0, 3.0 * deposits)];
            let earned = units.clone().map(|x| Flow { pay: x.permanent, ..Flow::default() });
            let (worth, rates, interest, median, news) = (0.0, [0.0; 2], 0.0, 1.0, 0.001);
            let plans =
                Plans { setting: &setting, units: &units, earned: &earned, worth, rates, interest, median, news };
            let (kept, flows) = plans.begin(|_| f64::INFINITY);
            let spent: f64 = flows.iter().map(|x| x.consumption).sum();
            assert!((Totals::of(&flows).left() / spent - 1.001).abs() < 1e-6, "{kept}");
            assert_eq!(kept > 1.0, deposits < 0.4, "{kept}");
            // No more than there is of deposits: plans are made with these.
            let (less, flows) = plans.begin(|_| 0.5 * kept);
            near(less, 0.5 * kept);
            let short: f64 = flows.iter().map(|x| x.consumption).sum();
            assert!(short < spent, "{short} {spent}");
        }
    }

    #[test]
    fn some_shares_are_sold_for_homes() {
        let homes = Homes { worth: 2.0, bought: 0.01, loan: 0.9, burden: 1.0, ..Setting::united_states().homes };
        let unit = Unit { permanent: 1.0, ..Unit::default() };
        let means = Means { equity: 2.0, ..Means::default() };
        let sold = |unit: &Unit, spare| sold_for_home(&homes, (unit, &means), spare, 0.0);
        // A tenth of 24 is not lent; 1.4 of it are short.
        near(sold(&unit, 1.0), 0.014);
        // More than there is of shares; enough without them; an owner.
        let owner = Unit { home: 20.0, ..unit.clone() };
        near(sold(&unit, 0.0) + sold(&unit, 9.0) + sold(&owner, 1.0), 0.0);
    }
}

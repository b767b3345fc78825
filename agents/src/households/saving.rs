//! What a unit spends, keeps in the bank and puts into shares.

use engine::math::{exp, exp_near, larger, ln_near, smaller};
use serde::{Deserialize, Serialize};

/// Assistance to units of little income, with part of what they earn left to them.
///
/// Equation: `a = max(0, F sqrt(n) - (1 - t) y)`, with the floor `F` of a single person, `n` persons, income `y` and the share `t` of it that
/// is not counted.
/// Source: earnings disregards of social assistance, OECD, Benefits and Wages; without one the two poorest tenths pile up on one income.
#[must_use]
#[inline]
pub fn assistance(income: f64, floor: f64, scale: f64, disregard: f64) -> f64 {
    (floor * scale - (1.0 - disregard) * income.max(0.0)).max(0.0)
}

/// No income is taxed at more than this, whatever measures and rules add up to. A bound of the rule and no figure of any
/// country: above it somebody could owe more than was earned once the pension contribution is taken too.
pub const HIGHEST_TAX: f64 = 0.95;

/// Consumption relative to plan.
///
/// Equation: `(1 - eta (r - r0)) exp(s)`, response `eta`, the policy rate less its neutral value `r - r0` and the demand shock `s`.
/// Source: [`crate::parameters::list::Households::rate_response`].
#[must_use]
pub fn spending_scale(response: f64, rate_gap: f64, shock: f64) -> f64 {
    (1.0 - response * rate_gap) * exp(shock)
}

/// Least permanent income, in units of mean pay: nobody expects less. Chosen.
pub const LEAST_EXPECTED: f64 = 0.05;

/// How a unit of a region spends and saves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// Share of income spent at once by whoever has a buffer.
    pub at_once: f64,
    /// Deposits, months of permanent income, at which spending at once has fallen by 1/e.
    pub hand_to_mouth: f64,
    /// Least consumption, share of permanent income.
    pub least: f64,
    /// Share of the gap above target that is spent a month, of permanent income.
    pub run_down: f64,
    /// Share of the gap below target that is refilled a month, at least.
    pub refill: f64,
    /// Target deposits of the median unit, months of permanent income.
    pub target: f64,
    /// Spread of log targets.
    pub target_spread: f64,
    /// Elasticity of the target to relative income.
    pub target_elasticity: f64,
    /// Least target, months.
    pub target_floor: f64,
    /// Deposits kept for a month of shares owned above a bound.
    pub shares_kept: f64,
    /// That bound, months.
    pub shares_bound: f64,
    /// Saving of the median unit, share of permanent income.
    pub saving: f64,
    /// Rise of saving with log relative income.
    pub saving_slope: f64,
    /// Most saving, share of permanent income.
    pub saving_most: f64,
    /// Spending out of large fortunes, share a year.
    pub out_of_equity: f64,
    /// More out of small ones, share a year.
    pub out_of_small: f64,
    /// How large these are at most, years of permanent income.
    pub small: f64,
}

/// What a unit knows when it plans, in money a month.
#[derive(Clone, Copy, Debug, Default)]
pub struct Means {
    /// Income but from capital.
    pub income: f64,
    /// Income from capital, interest paid taken off.
    pub capital: f64,
    /// What came unexpectedly.
    pub windfall: f64,
    /// Permanent income.
    pub permanent: f64,
    /// Deposits, before income.
    pub deposits: f64,
    /// Worth of shares.
    pub equity: f64,
    /// What they are usually worth: at the price of the base year in present money.
    pub usual_equity: f64,
    /// Log of permanent income per equivalent adult over the median's.
    pub relative: f64,
    /// How much the unit is inclined to keep in the bank, standard normal.
    pub caution: f64,
    /// Whether it lives on pensions.
    pub retired: bool,
    /// Repayment of debt due.
    pub repayment: f64,
}

/// What a unit means to do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Intent {
    /// Consumption.
    pub consumption: f64,
    /// Shares bought, or sold if negative.
    pub shares: f64,
    /// How far consumption is a choice: 1 with a buffer, 0 for whoever spends what comes in.
    pub chosen: f64,
}

impl Intent {
    /// Consumption where rates and moods make plans larger or smaller by a factor.
    ///
    /// Equation: `c (1 + w (f - 1))`, with planned consumption `c`, the factor `f` and the part `w` that is a choice.
    /// Source: Kaplan, Moll and Violante (2018): who has no buffer does not answer to rates.
    #[must_use]
    #[inline]
    pub fn scaled(&self, factor: f64) -> f64 {
        self.consumption * (1.0 + self.chosen * (factor - 1.0))
    }
}

impl Habits {
    /// Deposits aimed at, months of permanent income, given the log of relative income, caution and what shares are usually worth, in months of
    /// permanent income.
    ///
    /// Equation: `m* = max(m_0, m exp(s z + e r)) + k max(E / y_p - b, 0)`, with caution `z`, log relative income `r` and shares usually worth `E`.
    /// Source: Carroll (1997), buffer stock; spread and elasticity fitted to the Lorenz curve of liquid wealth.
    #[must_use]
    #[inline]
    pub fn target(&self, relative: f64, caution: f64, shares: f64) -> f64 {
        let wish = self.target * exp_near(self.target_spread * caution + self.target_elasticity * relative);
        larger(wish, self.target_floor) + self.kept_of_shares(shares)
    }

    /// What is kept in the bank for shares worth so much, both in months of permanent income.
    #[must_use]
    #[inline]
    pub fn kept_of_shares(&self, shares: f64) -> f64 {
        self.shares_kept * larger(shares - self.shares_bound, 0.0)
    }

    /// Share of income spent at once: all of it without a buffer of deposits, in months of permanent income.
    ///
    /// Equation: `s + (1 - s) exp(-M / (h y_p))`, 1 at `M <= 0`, deposits `M`.
    /// Source: Kaplan and Violante (2014); numbers fitted to Fagereng, Holm and Natvik (2021).
    #[must_use]
    #[inline]
    pub fn spent_at_once(&self, deposits: f64) -> f64 {
        self.at_once + (1.0 - self.at_once) * exp_near(-(larger(deposits, 0.0) / self.hand_to_mouth))
    }

    /// Spending out of shares, share of their worth a year, given this in months of permanent income.
    ///
    /// Equation: `k = k_0 + k_1 min(1, 12 x y_p / E)`: small fortunes are spent, large ones kept; out of a money more than there is, no fortune
    /// spends less than `k_0`.
    /// Source: Chodorow-Reich, Nenov and Simsek (2021) for `k_0`; `k_1` and the `x` years of income up to which a fortune is small fitted to the
    /// wealth share of the bottom half.
    #[must_use]
    #[inline]
    pub fn out_of_shares(&self, shares: f64) -> f64 {
        // Without shares it is no matter.
        self.out_of_equity + self.out_of_small * smaller(12.0 * self.small / larger(shares, 1.0), 1.0)
    }

    /// Consumption and purchase of shares of a month.
    ///
    /// Equation: `c = sm (y + x) + (1 - sm) y_p + (1 - s) y_p adj - sigma y_p + k E / 12 - a`, at least a share of `y_p`, with income `y`
    /// but from capital, the windfall `x`, [`Habits::spent_at_once`] `sm`, repayment `a`, `adj = r_1 (M/M* - 1)` above target and
    /// `max(r_1 / m*, r_2) (m - m*)` below, both in months of `y_p`; shares `b = sigma y_p + capital income - k E / 12 + 0.05 max(M - 1.2 M*, 0) - min(0.1 max(M*/2 - M,
    /// 0), E)`, out of own money.
    /// Source: Carroll (1997); Dynan, Skinner and Zeldes (2004), saving rates `sigma` that rise with income.
    #[must_use]
    #[inline]
    pub fn plan(&self, means: &Means) -> Intent {
        let mut plan = [Intent::default()];
        self.plan_all(&Together::of(std::slice::from_ref(means)), &mut plan);
        plan[0]
    }

    /// The same of several units: step by step for all, since a unit's steps wait for each other.
    #[inline]
    pub fn plan_all<const N: usize>(&self, m: &Together<N>, plans: &mut [Intent; N]) {
        let (mut deposits, mut equity, mut months) = ([0.0; N], [0.0; N], [0.0; N]);
        for k in 0..N {
            // In months of permanent income: one division.
            let a_month = 1.0 / m.permanent[k];
            (deposits[k], equity[k]) = (m.deposits[k] * a_month, m.equity[k] * a_month);
            months[k] = self.target(m.relative[k], m.caution[k], m.usual_equity[k] * a_month);
        }
        let (mut at_once, mut adjusted) = ([0.0; N], [0.0; N]);
        for k in 0..N {
            at_once[k] = self.spent_at_once(deposits[k]);
            let gap = deposits[k] / months[k] - 1.0;
            let below = larger(self.run_down, self.refill * months[k]);
            adjusted[k] = gap * if gap > 0.0 { self.run_down } else { below };
        }
        let (mut spent, mut shares) = ([0.0; N], [0.0; N]);
        for k in 0..N {
            let (permanent, aim) = (m.permanent[k], months[k] * m.permanent[k]);
            let rate = smaller(larger(self.saving + self.saving_slope * m.relative[k], 0.0), self.saving_most);
            let saved = m.working[k] * rate;
            let from_shares = self.out_of_shares(equity[k]) * (1.0 / 12.0) * m.equity[k];
            let wish = at_once[k] * (m.income[k] + m.windfall[k])
                + (1.0 - at_once[k]) * permanent
                + (1.0 - self.at_once) * permanent * adjusted[k]
                - saved * permanent
                + from_shares
                - m.repayment[k]
                + smaller(m.capital[k], 0.0);
            spent[k] = larger(wish, self.least * permanent);
            let idle = 0.05 * larger(m.deposits[k] - 1.2 * aim, 0.0);
            let refill = smaller(0.1 * larger(0.5 * aim - m.deposits[k], 0.0), m.equity[k]);
            let bought = saved * permanent - from_shares + larger(m.capital[k], 0.0) + idle - refill;
            let cash = m.deposits[k] + m.income[k] + m.capital[k] + m.windfall[k] - m.repayment[k];
            // Only out of own money, and never more sold than there is.
            shares[k] = smaller(larger(bought, -m.equity[k]), larger(cash - spent[k], -m.equity[k]));
        }
        for k in 0..N {
            let chosen = (1.0 - at_once[k]) / (1.0 - self.at_once);
            plans[k] = Intent { consumption: spent[k], shares: shares[k], chosen };
        }
    }
}

/// What some units know when they plan, number by number: see [`Means`].
#[derive(Clone, Copy, Debug)]
pub struct Together<const N: usize> {
    income: [f64; N],
    capital: [f64; N],
    windfall: [f64; N],
    permanent: [f64; N],
    deposits: [f64; N],
    equity: [f64; N],
    usual_equity: [f64; N],
    relative: [f64; N],
    caution: [f64; N],
    /// One, but nothing of who lives on pensions.
    working: [f64; N],
    repayment: [f64; N],
}

impl<const N: usize> Together<N> {
    /// Of at most so many units; the last stands for those that are lacking.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    #[inline]
    pub fn of<'a>(means: impl IntoIterator<Item = &'a Means>) -> Self {
        let none = [0.0; N];
        let mut all = Self {
            income: none,
            capital: none,
            windfall: none,
            permanent: none,
            deposits: none,
            equity: none,
            usual_equity: none,
            relative: none,
            caution: none,
            working: none,
            repayment: none,
        };
        let mut means = means.into_iter();
        let mut last = means.next().expect("units that plan");
        for k in 0..N {
            all.income[k] = last.income;
            all.capital[k] = last.capital;
            all.windfall[k] = last.windfall;
            all.permanent[k] = last.permanent;
            all.deposits[k] = last.deposits;
            all.equity[k] = last.equity;
            all.usual_equity[k] = last.usual_equity;
            all.relative[k] = last.relative;
            all.caution[k] = last.caution;
            all.working[k] = f64::from(u8::from(!last.retired));
            all.repayment[k] = last.repayment;
            last = means.next().unwrap_or(last);
        }
        all
    }
}

/// Permanent income, money a tick at current prices: purchasing power that is learnt slowly.
///
/// Equation: `Y_p' = pi Y_p + s (Y - pi Y_p)`, with the decile's consumer prices `pi` relative to the tick before, income
/// `Y` and the weight `s` of new income. A rise of prices is a loss of real income, which spending that is smoothed
/// follows only slowly.
/// Source: Friedman (1957), adaptive permanent income in real terms.
#[inline]
#[must_use]
pub fn permanent_income(permanent: f64, income: f64, inflation: f64, smoothing: f64) -> f64 {
    let before = inflation * permanent;
    before + smoothing * (income - before)
}

/// Permanent income a tick later, money: what is not from capital is learnt, windfalls are not.
///
/// Equation: `y_p' = y_p + (y - y_p) / T`, months `T`.
/// Source: Friedman (1957), adaptive.
#[must_use]
#[inline]
pub fn learnt(permanent: f64, income: f64, months: f64) -> f64 {
    permanent + (income - permanent) / months
}

/// Worth of a share holding relative to the fund's, a tick later, before all are made to sum to what there is.
///
/// Equation: `exp(s e - s^2 / 2)`, `e` standard normal: what is not spread over many firms.
/// Source: Fagereng, Guiso, Malacrino and Pistaferri (2020), idiosyncratic returns; size fitted to the wealth share of the top hundredth.
#[must_use]
#[inline]
pub fn luck(draw: f64, spread: f64) -> f64 {
    exp_near(spread * draw - spread * spread / 2.0)
}

/// Weight of a share in what the fund pays out, of a unit whose returns are so many standard deviations from the mean.
///
/// Equation: `exp(s z)`, spread `s`, persistent part `z` of the unit's returns.
/// Source: Fagereng, Guiso, Malacrino and Pistaferri (2020), returns that differ persistently between owners.
#[must_use]
pub fn return_weight(returns: f64, spread: f64) -> f64 {
    exp(spread * returns)
}

/// Log of income per equivalent adult over that of the median.
///
/// Equation: `ln(max(y_p / (sqrt(n) median), 0.05))`.
/// Source: square-root scale, OECD.
#[must_use]
#[inline]
pub fn relative(permanent: f64, scale: f64, median: f64) -> f64 {
    ln_near((permanent / scale / median).max(0.05))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;
    use engine::math::ln;

    fn habits() -> Habits {
        Habits {
            at_once: 0.20,
            hand_to_mouth: 0.10,
            least: 0.60,
            run_down: 0.010,
            refill: 0.12,
            target: 0.32,
            target_spread: 1.5,
            target_elasticity: 0.8,
            target_floor: 0.08,
            shares_kept: 0.09,
            shares_bound: 48.0,
            saving: 0.0,
            saving_slope: 0.30,
            saving_most: 0.35,
            out_of_equity: 0.029,
            out_of_small: 0.15,
            small: 0.5,
        }
    }

    fn means() -> Means {
        Means {
            income: 1.2,
            capital: 0.1,
            windfall: 0.0,
            permanent: 1.0,
            deposits: 0.64,
            equity: 12.0,
            usual_equity: 12.0,
            relative: 0.0,
            caution: 0.0,
            retired: false,
            repayment: 0.05,
        }
    }

    #[test]
    fn rates_and_moods_change_spending() {
        // Two points above neutral at a response of 0.7, and a mood of ln 1.1.
        near(spending_scale(0.7, 0.02, ln(1.1)), 0.986 * 1.1);
    }

    #[test]
    fn permanent_income_is_learnt_in_real_terms() {
        // 102 at the prices of now, and a tenth of the 18 that income is above it.
        near(permanent_income(100.0, 120.0, 1.02, 0.1), 103.8);
        near(permanent_income(100.0, 102.0, 1.02, 0.1), 102.0);
    }

    #[test]
    fn assistance_leaves_half_of_what_is_earned() {
        // 0.155 x 1.5 - 0.5 x 0.2
        near(assistance(0.2, 0.155, 1.5, 0.5), 0.1325);
        near(assistance(-1.0, 0.155, 1.0, 0.5), 0.155);
        near(assistance(1.0, 0.155, 1.0, 0.5), 0.0);
    }

    #[test]
    fn the_target_of_the_median_unit_is_the_median() {
        near(habits().target(0.0, 0.0, 12.0), 0.32);
        // Ten months of shares above the bound of 48.
        near(habits().target(0.0, 0.0, 58.0), 1.22);
        near(habits().target(-9.0, 0.0, 12.0), 0.08);
    }

    #[test]
    fn who_has_no_buffer_spends_what_comes_in() {
        near(habits().spent_at_once(-0.1), 1.0);
        // 0.2 + 0.8 / e at a tenth of a month.
        near(habits().spent_at_once(0.1), 0.494_303_552_937_1);
    }

    #[test]
    fn small_fortunes_are_spent_and_large_ones_kept() {
        // Half a year of income: 0.029 + 0.15; a year half of what is more, ten years a twentieth.
        near(habits().out_of_shares(6.0), 0.179);
        near(habits().out_of_shares(12.0), 0.104);
        near(habits().out_of_shares(120.0), 0.036_5);
        // Of a month's income more, a fortune of three years spends 0.029 in a year.
        let spent = |months: f64| habits().out_of_shares(months) * months;
        near(spent(37.0) - spent(36.0), 0.029);
    }

    #[test]
    fn a_price_moves_no_deposits() {
        // Shares of ten years of income that lose a quarter: 30 months at 0.029 are spent less, a twelfth of it a month, and as much is bought.
        let owner = Means { deposits: 9.0, equity: 120.0, usual_equity: 120.0, ..means() };
        let [usual, fallen] = [owner, Means { equity: 90.0, ..owner }].map(|means| habits().plan(&means));
        near(usual.consumption - fallen.consumption, 30.0 * 0.029 / 12.0);
        near(fallen.shares - usual.shares, 30.0 * 0.029 / 12.0);
    }

    #[test]
    fn a_month_is_planned() {
        // Deposits of two targets: nothing but 1% of the gap above it is spent; a buffer of 6.4 tenths of a month.
        let plan = habits().plan(&means());
        let at_once = 0.2 + 0.8 * 0.001_661_557_273_2;
        let consumption = at_once * 1.2 + (1.0 - at_once) + 0.8 * 0.01 + 0.104 - 0.05;
        near(plan.consumption, consumption);
        // Capital income less what is spent of shares, and a twentieth of 0.64 - 1.2 x 0.32.
        near(plan.shares, -0.104 + 0.1 + 0.05 * 0.256);
        // Without a penny, below the target: a buffer is refilled, nothing is bought with money that is not there.
        let poor = habits().plan(&Means {
            deposits: 0.0,
            capital: 0.0,
            equity: 0.0,
            usual_equity: 0.0,
            income: 0.9,
            repayment: 0.0,
            ..means()
        });
        near(poor.consumption, 0.9 - 0.8 * 0.12 * 0.32);
        // Plans a tenth larger: all of it with a buffer, none of it without.
        near(Intent { consumption: 2.0, shares: 0.0, chosen: 0.75 }.scaled(1.1), 2.15);
        near(poor.scaled(1.1), poor.consumption);
        near(poor.shares, 0.0);
    }

    #[test]
    fn income_is_learnt_and_luck_has_mean_one() {
        near(learnt(1.0, 1.6, 6.0), 1.1);
        near(luck(0.0, 0.2), 0.980_198_673_306_8);
        // exp(0.4 x 2)
        near(return_weight(2.0, 0.4), 2.225_540_928_492_5);
        near(relative(2.0, 2.0, 0.5), std::f64::consts::LN_2);
    }
}

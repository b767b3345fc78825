//! Formulas of location: what a move is worth, when a firm acts, and how well a new plant works.

use engine::math::{exp, ln, pow};

use crate::geography::SKILLS;

/// A rate of policy expected some years ahead: what is announced may be undone.
///
/// Equation: `E = x0 + (x - x0) exp(-lambda t)`, base-year rate `x0`, announced rate `x`, reversal rate `lambda` a year.
/// Source: Handley and Limao (2017), eq. 3: a policy that changes with a constant hazard; here back to the base year.
#[must_use]
pub fn expected_rate(base: f64, announced: f64, reversal_rate: f64, years: f64) -> f64 {
    base + (announced - base) * exp(-reversal_rate * years)
}

/// Present value of one unit of money a year over some years, money.
///
/// Equation: `(1 - exp(-rho H)) / rho`, at the rate `rho` a year (not zero).
/// Source: Dixit and Pindyck (1994), present value of a constant flow over a finite time.
#[must_use]
pub fn annuity(rate: f64, years: f64) -> f64 {
    (1.0 - exp(-rate * years)) / rate
}

/// Gain over cost at which half of the firms act.
///
/// Equation: `h = h0 + h1 U`, with policy uncertainty `U`, mean change of duty factors a year.
/// Source: Dixit and Pindyck (1994), chapter 5: waiting has a value that rises with uncertainty, so that investment needs
/// more than a positive net present value. Linear for simplicity.
#[must_use]
pub fn hurdle(quiet: f64, slope: f64, uncertainty: f64) -> f64 {
    quiet + slope * uncertainty
}

/// Probability of acting on a move, a fraction.
///
/// Equation: `1 / (1 + exp(-(x - h) / nu))`, gain over cost `x`, hurdle `h`, dispersion `nu`.
/// Source: `McFadden` (1974), binary logit.
#[must_use]
pub fn acceptance(gain: f64, hurdle: f64, dispersion: f64) -> f64 {
    1.0 / (1.0 + exp(-(gain - hurdle) / dispersion))
}

/// Gain over cost beyond the hurdle above which a firm with a draw in `[0, 1)` acts: [`acceptance`] the other way round.
///
/// Equation: `nu ln(u / (1 - u))`, draw `u`, dispersion `nu`.
/// Source: `McFadden` (1974), binary logit: the quantile of its logistic disturbance.
#[must_use]
pub fn resolve(draw: f64, dispersion: f64) -> f64 {
    // Rule: nobody acts at any loss, or at no gain whatever.
    let u = draw.clamp(1e-9, 1.0 - 1e-9);
    dispersion * ln(u / (1.0 - u))
}

/// Policy uncertainty after a tick, mean change of duty factors a year.
///
/// Equation: `U' = U + a (n |d ln(1 + tau)| - U)`, weight `a = 1 / (T n)` for a memory of `T` years of `n` ticks.
/// Source: Handley and Limao (2017), policy uncertainty as chance and size of changes; that firms learn it from past changes is ours.
#[must_use]
pub fn uncertainty(before: f64, change: f64, memory_years: f64, ticks_per_year: f64) -> f64 {
    before + (ticks_per_year * change - before) / (memory_years * ticks_per_year)
}

/// Productivity of a plant relative to its design by what it has made so far, a fraction.
///
/// Equation: `max(L0, (Q / Q1)^b)`, at most 1: `b` such that the first fiftieth of `Q1` brings it to `L0`.
/// Source: Argote and Epple (1990), learning curve as a power of cumulative output; it ends at design here.
#[must_use]
pub fn learning(made: f64, full: f64, start: f64) -> f64 {
    let progress = (made / full).clamp(0.02, 1.0);
    let exponent = ln(start) / ln(0.02);
    pow(progress, exponent)
}

/// Productivity of a staff part of which still learns its work, relative to a trained one, a fraction.
///
/// Equation: `t + (1 - t) e`, with the trained part of the staff `t` and the productivity of the others `e`.
/// Source: a mean over the staff; how much newcomers make, at its parameter.
#[must_use]
pub fn training(trained: f64, staff: f64, untrained_productivity: f64) -> f64 {
    if staff <= 0.0 {
        return 1.0;
    }
    // Rule: who has learned is part of the staff, also in a tick in which staff has left.
    let share = (trained / staff).clamp(0.0, 1.0);
    share + (1.0 - share) * untrained_productivity
}

/// Share of the unemployed who have completed a course, after a tick: those who hire them need not train them.
///
/// Equation: `c' = c + s (1 - c) - f c`, with the share `s` who complete one and the job-finding rate `f`, per tick.
/// Source: balance of the stock of those who completed a course; no study behind it.
#[must_use]
pub fn schooled(before: f64, courses: f64, finding: f64) -> f64 {
    // Rule: a share. Rates that sum to more than one (long ticks) would overshoot.
    (before + courses * (1.0 - before) - finding * before).clamp(0.0, 1.0)
}

/// Productivity with the present share of posts filled that ask for skill, a fraction.
///
/// Equation: `1 - eps (1 - f)`, with `f` the filled share of middle and high posts.
/// Source: Haskel and Martin (1993), shortages of skill lower productivity; linear is ours.
#[must_use]
pub fn skills(employees: &[u32; SKILLS], vacancies: &[u32; SKILLS], need: f64) -> f64 {
    let filled: u32 = employees[1..].iter().sum();
    let open: u32 = vacancies[1..].iter().sum();
    if filled + open == 0 {
        return 1.0;
    }
    1.0 - need * f64::from(open) / f64::from(filled + open)
}

/// Productivity by local suppliers, relative to those of the place the work came from, a fraction.
///
/// Equation: `min(1, D / D0)^eta`, with `D` the share of material inputs that producers of the region supply.
/// Source: Ellison, Glaeser and Kerr (2010): proximity to suppliers among the reasons of agglomeration; elasticity as in
/// Rosenthal and Strange (2004). Never above design: a new plant brings its own way of working.
#[must_use]
pub fn suppliers(here: f64, there: f64, elasticity: f64) -> f64 {
    if there <= 0.0 {
        return 1.0;
    }
    // Rules: design is the most; below a twentieth a place has no suppliers to speak of.
    pow((here / there).clamp(0.05, 1.0), elasticity)
}

/// Productivity by the way of a plant's goods, relative to the plants of its region: carriage is work of the plant's own.
///
/// Equation: `1 / (1 + (c - 1) / l)`, with the carriage factor `c` of unit cost and the share `l` of labour in the value of
/// output.
/// Source: Samuelson (1954): part of the goods melts on the way; here work, as carriage is made by the plant itself.
#[must_use]
pub fn carriage(factor: f64, labour_share: f64) -> f64 {
    // Rules: labour is at least a twentieth of value, or carriage would take all of it; near goods raise output tenfold at most.
    1.0 / (1.0 + (factor - 1.0) / labour_share.max(0.05)).max(0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_fades_as_it_may_be_undone() {
        // Twenty points over five, undone at ten percent a year: after ten years 0.05 + 0.2 / e.
        assert!((expected_rate(0.05, 0.25, 0.1, 10.0) - (0.05 + 0.2 / std::f64::consts::E)).abs() < 1e-12);
        assert!((expected_rate(0.05, 0.25, 0.0, 10.0) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn ten_years_at_seven_percent() {
        // (1 - exp(-0.7)) / 0.07 = 7.1916.
        assert!((annuity(0.07, 10.0) - 7.191_638).abs() < 1e-5);
    }

    #[test]
    fn half_act_at_the_hurdle_and_fewer_when_policy_is_uncertain() {
        assert!((acceptance(0.5, hurdle(0.5, 5.0, 0.0), 0.15) - 0.5).abs() < 1e-15);
        // Ten points a year raise the hurdle to one: 1 / (1 + exp(0.5 / 0.15)) = 0.03445.
        assert!((acceptance(0.5, hurdle(0.5, 5.0, 0.1), 0.15) - 0.034_445).abs() < 1e-5);
    }

    #[test]
    fn a_firm_acts_above_its_resolve() {
        for (draw, gain) in [(0.1, 0.4), (0.5, 0.7), (0.9, 1.2)] {
            assert_eq!(acceptance(gain, 0.6, 0.15) > draw, gain - 0.6 > resolve(draw, 0.15));
        }
        assert!((resolve(acceptance(0.7, 0.6, 0.15), 0.15) - 0.1).abs() < 1e-12 && resolve(0.0, 0.15).is_finite());
    }

    #[test]
    fn uncertainty_remembers_changes() {
        // A single change of ten points with three years of memory: 0.1 / 3, then a 36th less each month.
        let after = uncertainty(0.0, 0.1, 3.0, 12.0);
        assert!((after - 0.1 / 3.0).abs() < 1e-15);
        assert!((uncertainty(after, 0.0, 3.0, 12.0) - after * 35.0 / 36.0).abs() < 1e-15);
    }

    #[test]
    fn a_new_plant_learns() {
        assert!((learning(0.0, 1000.0, 0.8) - 0.8).abs() < 1e-12);
        assert!((learning(1000.0, 1000.0, 0.8) - 1.0).abs() < 1e-15);
        assert!((learning(5000.0, 1000.0, 0.8) - 1.0).abs() < 1e-15);
        // A tenth of the way: 0.1^(ln 0.8 / ln 0.02) = 0.8769.
        assert!((learning(100.0, 1000.0, 0.8) - 0.876_9).abs() < 1e-4);
    }

    #[test]
    fn skills_and_training_hold_a_plant_below_its_design() {
        assert!((training(3.0, 4.0, 0.6) - 0.9).abs() < 1e-15);
        assert!((training(0.0, 0.0, 0.6) - 1.0).abs() < 1e-15);
        // Two of four skilled posts open, half of output hangs on them.
        assert!((skills(&[5, 1, 1], &[9, 2, 0], 0.5) - 0.75).abs() < 1e-15);
        assert!((skills(&[5, 0, 0], &[0, 0, 0], 0.5) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn courses_reach_a_steady_share_of_the_unemployed() {
        // A tenth complete one, three tenths find work: a quarter have one at rest.
        let after = (0..200).fold(0.0, |share, _| schooled(share, 0.1, 0.3));
        assert!((after - 0.25).abs() < 1e-12);
    }

    #[test]
    fn carriage_is_work_of_the_plant() {
        // Four percent of value, a fifth of it labour: a fifth more work.
        assert!((carriage(1.04, 0.2) - 1.0 / 1.2).abs() < 1e-12);
        assert!((carriage(1.0, 0.2) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn suppliers_at_hand_help_up_to_design() {
        assert!((suppliers(0.45, 0.9, 0.1) - 0.5_f64.powf(0.1)).abs() < 1e-12);
        assert!((suppliers(0.9, 0.45, 0.1) - 1.0).abs() < 1e-15);
    }
}

//! What rows of households do to follow a population by age.

use engine::math::pow;

/// Months in which rows make up for where chance has left them. Chosen.
const CATCH_UP: f64 = 12.0;

/// Months of a year.
const MONTHS: f64 = 12.0;

/// Persons of rows: of working age, retired, and of rows where nobody lives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rows {
    /// Of working age.
    pub working: f64,
    /// Retired.
    pub retired: f64,
    /// There is room for.
    pub vacant: f64,
}

/// Chances of households in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chances {
    /// To die, of working age.
    pub die_working: f64,
    /// To die, retired.
    pub die_retired: f64,
    /// To retire.
    pub retire: f64,
    /// That young people move in where somebody has died.
    pub follow: f64,
    /// That young people move in where nobody lives.
    pub found: f64,
    /// Persons who would move in and find no row.
    pub short: f64,
}

/// Chance of a month of what has a chance in a year.
///
/// Equation: `1 - (1 - p)^(1/12)`.
/// Source: constant hazard.
#[must_use]
pub fn of_a_month(of_a_year: f64) -> f64 {
    1.0 - pow(1.0 - of_a_year.clamp(0.0, 1.0), 1.0 / MONTHS)
}

impl Chances {
    /// Of a region, given its rows, those that its population asks for before and after the month (of working age, retired), and chances to
    /// die in the year.
    ///
    /// Equations: of working age die `d_w`, of the retired `d_r`; retire `r = (dR + d_r R + (R* - R) / 12) / W`; move in
    /// `E = dW + (d_w + r) W + (W* - W) / 12`, into rows of the dead as far as there are any, `min(1, E / D)` with `D = d_w W + d_r R`, and the rest
    /// into vacant rows; rows `W` and `R`, those asked for `W*` and `R*`, their changes in the month `dW` and `dR`.
    /// Source: rows follow the population by age; that all of working age are equally near to retirement is ours.
    #[must_use]
    pub fn of(rows: Rows, [before, after]: [[f64; 2]; 2], die: [f64; 2]) -> Self {
        let [die_working, die_retired] = die.map(of_a_month);
        let Rows { working, retired, vacant } = rows;
        let [more_working, more_retired] = [0, 1].map(|k| after[k] - before[k]);
        let retiring = more_retired + die_retired * retired + (before[1] - retired) / CATCH_UP;
        let retire = (retiring / working.max(1.0)).clamp(0.0, MOST);
        let coming = more_working + (die_working + retire) * working + (before[0] - working) / CATCH_UP;
        let (coming, dying) = (coming.max(0.0), die_working * working + die_retired * retired);
        let follow = (coming / dying.max(f64::MIN_POSITIVE)).min(1.0);
        let beyond = coming - follow * dying;
        let founded = beyond.min(vacant);
        let found = if vacant > 0.0 { founded / vacant } else { 0.0 };
        Self { die_working, die_retired, retire, follow, found, short: beyond - founded }
    }
}

/// Chance to retire in a month at most. Bound of the rule.
const MOST: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn a_month_is_a_twelfth_of_the_hazard() {
        near(of_a_month(0.0), 0.0);
        near(of_a_month(1.0 - 0.9_f64.powi(12)), 0.1);
    }

    #[test]
    fn at_rest_as_many_retire_and_move_in_as_die() {
        let rows = Rows { working: 800.0, retired: 240.0, vacant: 0.0 };
        let yearly = 1.0 - (1.0 - 1.0 / 144.0_f64).powi(12);
        let chances = Chances::of(rows, [[800.0, 240.0]; 2], [0.0, yearly]);
        // 240 / 144 retire and as many move in: a chance of 1 in 480.
        near(chances.die_retired, 1.0 / 144.0);
        near(chances.retire, 1.0 / 480.0);
        near(chances.follow, 1.0);
        near(chances.found, 0.0);
        assert!(chances.short.abs() < 1e-9);
    }

    #[test]
    fn who_is_not_followed_leaves_a_row_and_who_follows_nobody_takes_one() {
        let rows = Rows { working: 800.0, retired: 240.0, vacant: 40.0 };
        let yearly = 1.0 - 0.99_f64.powi(12);
        // A hundredth dies, 8 + 2.4; 2 more are retired, so 4.4 retire, and 8 + 4.4 - 3 = 9.4 come for 10.4.
        let shrinking = Chances::of(rows, [[800.0, 240.0], [797.0, 242.0]], [yearly, yearly]);
        near(shrinking.retire, 4.4 / 800.0);
        near(shrinking.follow, 9.4 / 10.4);
        near(shrinking.found, 0.0);
        // 3 more: 15.4 come, 5 of them into 40 vacant rows.
        let growing = Chances::of(rows, [[800.0, 240.0], [803.0, 242.0]], [yearly, yearly]);
        near(growing.follow, 1.0);
        near(growing.found, 0.125);
        // Only 4 are vacant: one is short.
        let full = Chances::of(Rows { vacant: 4.0, ..rows }, [[800.0, 240.0], [803.0, 242.0]], [yearly, yearly]);
        near(full.found, 1.0);
        assert!((full.short - 1.0).abs() < 1e-9);
        // 24 too few retired and 12 too few of working age: a twelfth of it is made up for.
        let late = Chances::of(rows, [[812.0, 264.0]; 2], [0.0, 0.0]);
        near(late.retire, 2.0 / 800.0);
        near(late.found, 3.0 / 40.0);
    }
}

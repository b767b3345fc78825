//! What a lost job costs: earnings of persons who are displaced at random, against the same persons in a world where they are not.

mod page;

use serde::{Deserialize, Serialize};

use crate::bars::{Band, interval, shown};
use crate::facts::{Fact, Observation, facts};
use crate::paired::{Estimate, estimate};
use crate::table::Table;

pub use page::{figure, page};

/// Years for which they are followed.
pub const YEARS: usize = 20;
/// Discount a year, a fraction. Source: Davis and von Wachter (2011).
const DISCOUNT: f64 = 0.05;

/// What persons who had long been in a job earned, in one world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Earnings {
    /// Draw of each: those below the share of the displaced were struck, in the world in which somebody was.
    pub draws: Vec<f64>,
    /// Pay of each in the month before.
    pub before: Vec<f64>,
    /// Pay of each, month by month; below zero once retired or dead.
    pub months: Vec<Vec<f32>>,
    /// Unemployment rate in the month before, a fraction.
    pub unemployment: f64,
}

impl Earnings {
    /// Stands for who is no longer followed.
    pub const GONE: f32 = -1.0;
}

/// What the displaced lost in a pair of worlds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Losses {
    /// Loss in each year since, years of pay before.
    pub years: Vec<f64>,
    /// Present value of all years, years of pay.
    pub value: f64,
    /// How many were displaced.
    pub count: usize,
    /// Unemployment before, a fraction.
    pub unemployment: f64,
}

impl Losses {
    /// Of the struck (`struck`) or of the others who could have been, whom the worlds differ for by chance and by what the displaced do to them.
    ///
    /// Equation: `L_y = sum_m mean_i (w0_im - w_im) / (12 mean_i b_i)` over months `m` of year `y` and persons `i` who have retired in
    /// neither world, with pay `w` and `w0` with and without displacement and `b` before; present value `sum_y L_y / 1.05^(y + 1/2)`. Months
    /// without a job count with nothing.
    /// Source: Davis and von Wachter (2011), section II; there against others of long tenure, here against themselves.
    #[must_use]
    pub fn of(with: &Earnings, without: &Earnings, share: f64, struck: bool) -> Self {
        let own: Vec<usize> = (0..without.draws.len()).filter(|&i| (without.draws[i] < share) == struck).collect();
        let base = 12.0 * own.iter().map(|&i| without.before[i]).sum::<f64>() / own.len() as f64;
        let month = |(hit, spared): (&Vec<f32>, &Vec<f32>)| {
            let followed = own.iter().map(|&i| (f64::from(hit[i]), f64::from(spared[i])));
            let (mut lost, mut count) = (0.0, 0.0);
            for (hit, spared) in followed.filter(|x| x.0 >= 0.0 && x.1 >= 0.0) {
                lost += spared - hit;
                count += 1.0;
            }
            lost / f64::max(count, 1.0) / base
        };
        let months: Vec<f64> = with.months.iter().zip(&without.months).map(month).collect();
        let years: Vec<f64> = months.chunks(12).map(|year| year.iter().sum()).collect();
        let value = (0..).zip(&years).map(|(y, loss)| loss / (1.0 + DISCOUNT).powf(f64::from(y) + 0.5)).sum();
        Self { years, value, count: own.len(), unemployment: without.unemployment }
    }
}

/// What one seed says of good and of bad times: losses of the displaced, and of those who were not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seed {
    /// Of the displaced, in good and in bad times.
    pub struck: [Losses; 2],
    /// Of the others.
    pub spared: [Losses; 2],
}

/// Times by name, in English and Chinese.
pub const TIMES: [[&str; 2]; 2] = [["good times", "景气时期"], ["bad times", "不景气时期"]];

/// Rows of the table of facts.
const ROWS: [&str; 2] = ["L5", "L5-bad"];

/// The facts of a seed.
#[must_use]
pub fn observations(seed: &Seed) -> Vec<Observation> {
    ROWS.into_iter().zip(seed.struck.iter().map(|x| x.value)).collect()
}

/// The published fact of good (0) or bad times (1).
///
/// # Panics
/// If it is not in the table of facts, which a test rules out.
#[must_use]
pub fn published(times: usize) -> Fact {
    facts().into_iter().find(|fact| fact.id == ROWS[times]).expect("a row of facts.csv")
}

/// Mean and interval over seeds of a number.
fn over(seeds: &[Seed], of: impl Fn(&Seed) -> f64) -> Option<Estimate> {
    estimate(&seeds.iter().map(of).collect::<Vec<_>>()).filter(|found| found.mean.is_finite())
}

/// Loss in a year since displacement, percent of a year's pay.
#[must_use]
pub fn in_year(seeds: &[Seed], times: usize, year: usize) -> Option<Estimate> {
    over(seeds, |seed| 100.0 * seed.struck[times].years.get(year).copied().unwrap_or(f64::NAN))
}

/// Everything over seeds: present values beside what is published, then years.
#[must_use]
pub fn table(seeds: &[Seed]) -> Table {
    let mut table = Table::new(["times", "what", "unit", "mean", "95% interval", "published", "band", "holds"]);
    let mut row = |times: usize, what: &str, unit: &str, found: Option<Estimate>, fact: Option<&Fact>| {
        let (mean, interval) = found.as_ref().map_or(("-".into(), "-".into()), |x| (shown(x.mean), interval(x)));
        let (target, band) = fact.map_or((String::new(), None), |fact| (fact.target.clone(), fact.band));
        let holds = match (band, &found) {
            (Some(band), Some(found)) => band.verdict(found),
            _ => "",
        };
        let band = band.map_or_else(String::new, |band: Band| band.to_string());
        table.push([TIMES[times][0], what, unit, &mean, &interval, &target, &band, holds]);
    };
    for times in 0..TIMES.len() {
        let fact = published(times);
        row(times, "unemployment before", "%", over(seeds, |x| 100.0 * x.struck[times].unemployment), None);
        row(times, "persons displaced", "agents a seed", over(seeds, |x| x.struck[times].count as f64), None);
        row(times, "earnings lost", "years of pay", over(seeds, |x| x.struck[times].value), Some(&fact));
        row(times, "lost by those not displaced", "years of pay", over(seeds, |x| x.spared[times].value), None);
        for year in 0..YEARS {
            let what = format!("earnings lost in year {}", year + 1);
            row(times, &what, "% of a year's pay", in_year(seeds, times, year), None);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_by_hand() {
        // Two are struck: one is without work for half a year and then earns a tenth less, the other retires after a year without a loss.
        let spared = Earnings {
            draws: vec![0.01, 0.02, 0.9],
            before: vec![100.0, 100.0, 300.0],
            months: vec![vec![100.0, 100.0, 300.0]; 24],
            unemployment: 0.04,
        };
        let mut hit = spared.clone();
        for (month, pay) in hit.months.iter_mut().enumerate() {
            pay[0] = if month < 6 { 0.0 } else { 90.0 };
            if month >= 12 {
                pay[1] = Earnings::GONE;
            }
            pay[2] = 303.0;
        }
        let found = Losses::of(&hit, &spared, 0.05, true);
        // (600 + 60) / 2 over 1200, then 120 over 1200.
        assert!((found.years[0] - 0.275).abs() < 1e-9 && (found.years[1] - 0.1).abs() < 1e-9, "{found:?}");
        assert!((found.value - (0.275 / 1.05_f64.sqrt() + 0.1 / 1.05_f64.powf(1.5))).abs() < 1e-9);
        assert_eq!((found.count, found.unemployment), (2, 0.04));
        let others = Losses::of(&hit, &spared, 0.05, false);
        assert!((others.years[0] + 0.01).abs() < 1e-9, "{others:?}");
        let seed = Seed { struck: [found.clone(), found], spared: [others.clone(), others] };
        let table = table(&[seed.clone(), seed.clone()]);
        assert_eq!(table.rows.len(), 2 * (4 + YEARS));
        assert_eq!((table.rows[2][6].as_str(), table.rows[2][7].as_str()), ("1.000 to 1.800", "no"));
        assert_eq!(published(1).target, "2.8");
        let two = [seed.clone(), seed];
        for (language, words) in [
            (crate::report::Language::English, ["What a lost job costs", "good times"]),
            (crate::report::Language::Chinese, ["失去工作的代价", "景气时期"]),
        ] {
            let page = page(&two, 2027, "4000", "a test", language);
            assert!(words.iter().all(|word| page.html().contains(word)) && figure(&page).contains("<svg"));
        }
    }
}

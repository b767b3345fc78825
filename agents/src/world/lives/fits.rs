//! Fits of the people of regions, found once: a search of seconds a region that every process would make again.

use engine::digest::Digest;

use crate::geography::DECILES;
use crate::households::alone::fit::{Fit, NUMBERS};
use crate::households::alone::setting::Setting;

/// Fits of the shipped world's regions, by what they were found from. The contract `people` finds one anew and says how all are made again.
const SHIPPED: &str = include_str!("fits.csv");

/// What its columns are: see [`Fit`].
pub const HEAD: &str = "known_by,region,floor,fixed,at_1,at_2,at_3,at_4,at_5,at_6,at_7,at_8,at_9,at_10,at_11,at_12,log_pay_1,\
    log_pay_2,log_pay_3,log_pay_4,log_pay_5,log_pay_6,log_pay_7,log_pay_8,log_pay_9,log_pay_10,log_pay_11,\
    log_pay_12,loss_low,loss_middle,loss_high,find_low,find_middle,find_high,offer,leave,enter,bought,fund,\
    employed_core,unemployed_core,tenure_core,without_core,scar_core,employed_marginal,unemployed_marginal,\
    tenure_marginal,without_marginal,scar_marginal,employed_out,unemployed_out,tenure_out,without_out,scar_out,\
    owners_at_work,worth_at_work,owed_at_work,owners_retired,worth_retired,owed_retired,\
    held_10,held_25,held_40,held_50,held_60,held_70,held_80,held_85,held_90,held_93,held_95,held_97,held_98,\
    held_99,held_top,held_income,held_retired,held_owners,held_returns\n";

/// What a fit is known by: every number that it is found from, so that none is served to people of other tables.
#[must_use]
pub fn key(setting: &Setting, tenths: &[f64; DECILES]) -> String {
    let mut digest = Digest::new();
    digest.text(&format!("{setting:?} {tenths:?}"));
    format!("{:016x}", digest.finish())
}

/// Persons in whose lives a fit is found that is not shipped: a second or two a region, a little less exact.
const QUICK: usize = 8_000;

/// A fit: of the table that is shipped, or found now.
#[must_use]
pub fn of(setting: &Setting, tenths: &[f64; DECILES]) -> Fit {
    shipped(&key(setting, tenths)).unwrap_or_else(|| Fit::found(setting, tenths, QUICK))
}

/// The fit that is shipped, if there is one.
#[must_use]
pub fn shipped(key: &str) -> Option<Fit> {
    let row = SHIPPED.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(','))?;
    let numbers: Vec<f64> = row.split(',').skip(1).map(str::parse).collect::<Result<_, _>>().ok()?;
    let numbers: [f64; NUMBERS] = numbers.try_into().ok()?;
    Some(Fit::from_numbers(&numbers))
}

/// A row of the table.
#[must_use]
pub fn row(code: &str, key: &str, fit: &Fit) -> String {
    let numbers: Vec<String> = fit.numbers().iter().map(f64::to_string).collect();
    format!("{key},{code},{}\n", numbers.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_numbers_have_another_fit() {
        let (setting, tenths) = (Setting::united_states(), [0.1; DECILES]);
        let mut other = tenths;
        other[3] += 1e-15;
        assert_ne!(key(&setting, &tenths), key(&setting, &other));
        assert_eq!(shipped(&key(&setting, &other)), None);
    }

    #[test]
    fn every_number_has_a_column() {
        assert!(SHIPPED.starts_with(HEAD) || SHIPPED.is_empty());
        assert_eq!(HEAD.split(',').count(), NUMBERS + 2);
    }

    #[test]
    fn every_row_is_a_fit() {
        for line in SHIPPED.lines().skip(1) {
            let [key, code]: [&str; 2] = std::array::from_fn(|k| line.split(',').nth(k).unwrap_or_default());
            let fit = shipped(key).unwrap_or_else(|| panic!("{code} has no fit"));
            assert_eq!(row(code, key, &fit), format!("{line}\n"));
        }
    }
}

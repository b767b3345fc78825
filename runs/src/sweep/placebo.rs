//! The placebo: in place of a scenario's measures a duty too small to do anything.
//!
//! It changes who buys from whom at the margin, as every measure does, and so shows how far luck alone moves a result.

use configs::calibration::Calibration;
use configs::date::Date;
use configs::measures::{Measure, MeasureKind, Mode, Rates, parse_measures};

use crate::config::ResolvedConfig;
use crate::session::focus;

/// The duty: a basis point.
const RATE: f64 = 0.0001;

/// What the placebo's measures are documented by.
const SOURCE: &str = "placebo: a duty of one basis point, to tell effects from chance";

/// The measures of the placebo: those that are part of the baseline, and a basis point on the cells and dates of every
/// import duty; where there is none, on all goods of the region the measures are about.
///
/// # Errors
/// What keeps a duty from being laid on that region.
pub fn measures(config: &ResolvedConfig, calibration: &Calibration) -> Result<Vec<Measure>, String> {
    let (shared, own): (Vec<Measure>, Vec<Measure>) = config.measures.iter().cloned().partition(|x| x.shared);
    let duties: Vec<Measure> = own.iter().filter(|x| x.kind == MeasureKind::Tariff).map(tiny).collect();
    let placebo = if duties.is_empty() { everywhere(config, &own, calibration)? } else { duties };
    Ok(shared.into_iter().chain(placebo).collect())
}

/// A duty at a basis point. It adds to what there is, also where the duty itself sets the total: to set the total to a
/// basis point would take the duties of the base year away.
fn tiny(duty: &Measure) -> Measure {
    let row = |rates: &[(String, f64)]| rates.iter().map(|(code, _)| (code.clone(), RATE)).collect::<Vec<_>>();
    Measure {
        label: format!("placebo: {}", duty.label),
        mode: Mode::Add,
        source: SOURCE.to_owned(),
        legal_basis: String::new(),
        mark: String::new(),
        note: String::new(),
        rates: match &duty.rates {
            Rates::None => Rates::None,
            Rates::One(_) => Rates::One(RATE),
            Rates::ByFirst(rates) => Rates::ByFirst(row(rates)),
            Rates::ByBoth(rates) => {
                Rates::ByBoth(rates.iter().map(|(code, rates)| (code.clone(), row(rates))).collect())
            }
        },
        cells: duty.cells.iter().map(|&(cell, _)| (cell, RATE)).collect(),
        ..duty.clone()
    }
}

/// A basis point on all goods, from the first to the last day of the measures.
fn everywhere(config: &ResolvedConfig, own: &[Measure], calibration: &Calibration) -> Result<Vec<Measure>, String> {
    let codes = calibration.codes();
    let start = own.iter().map(|x| x.start).min().unwrap_or(config.start);
    let announced = own.iter().map(|x| x.announced).min().unwrap_or(start).min(start);
    let ends: Option<Vec<Date>> = own.iter().map(|x| x.end).collect();
    let end = ends.and_then(|ends| ends.into_iter().max()).map_or_else(String::new, |end| format!("end = {end}\n"));
    let text = format!(
        "[[measure]]\nlabel = \"placebo\"\nkind = \"tariff\"\nsource = {SOURCE:?}\nimporters = [{:?}]\nexporters = \"all\"\nproducts = \"all-goods\"\nrate = {RATE}\nannounced = {announced}\nstart = {start}\n{end}",
        focus(config, &codes.regions)
    );
    parse_measures("placebo", &text, &codes)
        .map_err(|issues| issues.first().map_or_else(String::new, ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Loaded, Overrides, load_scenario};

    fn of(scenario: &str) -> (ResolvedConfig, Vec<Measure>) {
        let Loaded { config, calibration, .. } = load_scenario(scenario, &Overrides::default()).expect("shipped");
        let found = measures(&config, &calibration).expect("a placebo");
        (config, found)
    }

    #[test]
    fn a_duty_becomes_a_basis_point_on_the_same_cells_and_dates() {
        for scenario in ["us-uniform-10", "trade-war-2025", "liberation-day"] {
            let (config, found) = of(scenario);
            let duties: Vec<&Measure> =
                config.measures.iter().filter(|x| x.kind == MeasureKind::Tariff && !x.shared).collect();
            assert_eq!(duties.len(), found.iter().filter(|x| !x.shared).count(), "{scenario}");
            for (duty, placebo) in duties.iter().zip(found.iter().filter(|x| !x.shared)) {
                assert_eq!((duty.start, duty.end, duty.cells.len()), (placebo.start, placebo.end, placebo.cells.len()));
                assert!(placebo.cells.iter().all(|cell| (cell.1 - RATE).abs() < 1e-15));
                assert_eq!(placebo.mode, Mode::Add);
            }
        }
    }

    #[test]
    fn without_a_duty_it_lies_on_all_goods_of_the_region_concerned() {
        for scenario in ["government-cut-5", "skills-programme", "embargo-1y", "reshoring-subsidy"] {
            let (config, found) = of(scenario);
            let own: Vec<&Measure> = found.iter().filter(|x| !x.shared).collect();
            assert_eq!(own.len(), 1, "{scenario}");
            assert_eq!(own[0].rates, Rates::One(RATE), "{scenario}");
            let first = config.measures.iter().filter(|x| !x.shared).map(|x| x.start).min();
            assert_eq!(Some(own[0].start), first, "{scenario}");
        }
    }
}

//! Facts of the trade wars and of duties on metals.

use std::ops::Range;

use engine::math::ln;

use crate::facts::{Case, Observation, Trade, changed, jobs};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::Scale;

/// Rise of a duty from which imports count as targeted, a fraction.
const TARGETED: f64 = 0.10;
/// The same for exports under retaliation.
const ANSWERED: f64 = 0.05;
/// Product that stands for steel.
const METALS: &str = "MET";

/// A number of a policy run and of its baseline.
type Pair = [f64; 2];

/// Percent of the baseline less a hundred.
fn percent(pair: Pair) -> f64 {
    100.0 * (pair[0] / pair[1] - 1.0)
}

/// Sum of an array over a window at a place.
fn sum(array: &Array, window: &Range<usize>, place: &[usize]) -> f64 {
    window.clone().map(|tick| array.at(tick, place)).sum()
}

/// Mean of a series over a window.
fn mean(series: &[f64], window: &Range<usize>) -> f64 {
    series[window.clone()].iter().sum::<f64>() / window.len() as f64
}

impl Case<'_> {
    /// T3: pass-through of duties on metals from their thirteenth month.
    ///
    /// # Errors
    /// If a recording lacks a variable or the world that product.
    pub fn metals(&self) -> Result<Vec<Observation>, RecordingError> {
        let metals = self.policy.place("industry", METALS)?;
        let mut trade = Trade::read(self)?;
        trade.goods.retain(|&good| good == metals);
        Ok(self.months(13, 24).map(|window| ("T3", trade.pass_through(&window))).into_iter().collect())
    }

    /// T9, T10, T15, T26 and T27 of the war of 2018. `rival` is the region whose share in imports is followed and `year` the ticks of the
    /// calendar year in which.
    ///
    /// # Errors
    /// If a recording lacks a variable or the world the rival.
    pub fn war(&self, rival: &str, year: Range<usize>) -> Result<Vec<Observation>, RecordingError> {
        let mut found = Vec::new();
        if let Some(window) = self.months(11, 14) {
            let [imports, exports] = self.targeted(&window)?;
            found.push(("T9", percent(imports)));
            found.push(("T10", percent(exports)));
        }
        if year.end <= self.policy.array("real_gdp")?.ticks() {
            let trade = Trade::read(self)?;
            let rival = self.policy.place("partner", rival)?;
            let share = |side: usize| {
                let of = |origin: usize| -> f64 {
                    trade.goods.iter().map(|&good| trade.flow(&trade.value[side], &year, origin, good)).sum()
                };
                100.0 * of(rival) / trade.total(&trade.value[side], &year)
            };
            found.push(("T15", share(0) - share(1)));
        }
        if let Some(window) = self.months(13, 24) {
            found.push(("T26", self.manufacturing_jobs(&window)?));
            found.push(("T27", self.manufacturing_prices(&window)?));
        }
        Ok(found)
    }

    /// Values of the flows whose duty the policy raises: imports of the importer from the origins, and its exports to regions that answer;
    /// with the policy and without.
    fn targeted(&self, window: &Range<usize>) -> Result<[Pair; 2], RecordingError> {
        let value = [self.policy.array("trade_value")?, self.baseline.array("trade_value")?];
        let rate = self.rates()?;
        let goods = self.policy.array("goods")?.values;
        let home = self.policy.place("region", self.importer)?;
        let mut sums = [[0.0; 2]; 2];
        for other in (0..value[0].shape[1]).filter(|&other| other != home) {
            for good in (0..goods.len()).filter(|&good| goods[good] > 0.5) {
                for (flow, (place, least)) in
                    [([home, other, good], TARGETED), ([other, home, good], ANSWERED)].into_iter().enumerate()
                {
                    let rise = (sum(&rate[0], window, &place) - sum(&rate[1], window, &place)) / window.len() as f64;
                    if rise >= least {
                        for side in 0..2 {
                            sums[flow][side] += sum(&value[side], window, &place);
                        }
                    }
                }
            }
        }
        Ok(sums)
    }

    /// Change of manufacturing employment of the importer, percent.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn manufacturing_jobs(&self, window: &Range<usize>) -> Result<f64, RecordingError> {
        let flags = self.policy.array("manufacturing")?.values;
        let region = self.policy.place("region", self.importer)?;
        let persons =
            |run: &Recording<'_>| Ok::<_, RecordingError>(mean(&jobs(run, region, |g| flags[g] > 0.5)?, window));
        Ok(percent([persons(self.policy)?, persons(self.baseline)?]))
    }

    /// T28, or its part `id`: manufacturing employment in the second year.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn protection(&self, id: &'static str) -> Result<Vec<Observation>, RecordingError> {
        let Some(window) = self.months(13, 24) else { return Ok(Vec::new()) };
        Ok(vec![(id, self.manufacturing_jobs(&window)?)])
    }

    /// Change of producer prices of manufacturing of the importer, percent: a mean weighted with output of the baseline.
    fn manufacturing_prices(&self, window: &Range<usize>) -> Result<f64, RecordingError> {
        let flags = self.policy.array("manufacturing")?.values;
        let region = self.policy.place("region", self.importer)?;
        let prices = [self.policy.array("producer_price")?, self.baseline.array("producer_price")?];
        let output = self.baseline.array("sector_real_output")?;
        let mut index = [0.0; 2];
        for industry in (0..flags.len()).filter(|&industry| flags[industry] > 0.5) {
            let weight = sum(&output, window, &[region, industry]);
            for (index, prices) in index.iter_mut().zip(&prices) {
                *index += weight * sum(prices, window, &[region, industry]);
            }
        }
        Ok(percent(index))
    }

    /// T43: jobs announced in the first year of the policy in plants whose work was done in other regions, and `T43-policy`: those of them
    /// that the baseline does not have.
    ///
    /// Equation: `sum_t a_t L / Y`, with announced output `a` at full build, and employment `L` and real output `Y` of manufacturing in the
    /// same year of the baseline.
    /// Source: Reshoring Initiative, whose count also has investors from abroad that end no work elsewhere.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn announced_jobs(&self) -> Result<Vec<Observation>, RecordingError> {
        let Some(window) = self.months(1, 12) else { return Ok(Vec::new()) };
        let flags = self.policy.array("manufacturing")?.values;
        let region = self.policy.place("region", self.importer)?;
        let output = self.baseline.array("sector_real_output")?;
        let made: f64 = (0..flags.len()).filter(|&g| flags[g] > 0.5).map(|g| sum(&output, &window, &[region, g])).sum();
        let persons = mean(&jobs(self.baseline, region, |g| flags[g] > 0.5)?, &window);
        let of = |run: &Recording<'_>| {
            let announced = run.array("capacity_announced")?;
            let origins = (0..announced.shape[2]).filter(|&origin| origin != region);
            let volume: f64 = origins.map(|origin| sum(&announced, &window, &[region, origin])).sum();
            Ok::<_, RecordingError>(volume * persons * window.len() as f64 / made)
        };
        let (policy, baseline) = (of(self.policy)?, of(self.baseline)?);
        Ok(vec![("T43", policy), ("T43-policy", policy - baseline)])
    }

    /// T31: jobs in metals and in the rest of manufacturing under duties on metals, thousands.
    ///
    /// # Errors
    /// If a recording lacks a variable or the world that product.
    pub fn metal_jobs(&self) -> Result<Vec<Observation>, RecordingError> {
        let Some(window) = self.months(13, 24) else { return Ok(Vec::new()) };
        let metals = self.policy.place("industry", METALS)?;
        let flags = self.policy.array("manufacturing")?.values;
        let region = self.policy.place("region", self.importer)?;
        let change = |keep: &dyn Fn(usize) -> bool| -> Result<f64, RecordingError> {
            let (policy, baseline) = (jobs(self.policy, region, keep)?, jobs(self.baseline, region, keep)?);
            Ok(mean(&changed(&policy, &baseline, Scale::Difference), &window) / 1000.0)
        };
        let users = change(&|industry| industry != metals && flags[industry] > 0.5)?;
        Ok(vec![("T31", users), ("T31-up", change(&|industry| industry == metals)?)])
    }

    /// T4: the part of duties that consumers find in the prices of goods.
    ///
    /// Equation: `sum_g w_g dln p_g / sum_g w_g m_g dln(1 + t_g)`, with base spending `w`, consumer prices `p`, the share of imports in
    /// purchases of the product `m` and the rise of one plus the duty (weighted with base imports).
    /// Source: Cavallo, Llamas and Vazquez (2025), who follow the prices of imported goods; here a product has one price.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn retail(&self) -> Result<Vec<Observation>, RecordingError> {
        let Some(window) = self.months(8, 9) else { return Ok(Vec::new()) };
        let all = Trade::read(self)?;
        let prices = [self.policy.array("consumer_price_product")?, self.baseline.array("consumer_price_product")?];
        let spending = self.baseline.array("household_spending_product")?;
        let (mut rise, mut due) = (0.0, 0.0);
        for &good in &all.goods {
            let place = [all.importer, good];
            let weight = sum(&spending, &window, &place);
            let change = ln(sum(&prices[0], &window, &place) / sum(&prices[1], &window, &place));
            if !change.is_finite() {
                continue;
            }
            let imports: f64 = all.origins.iter().map(|&origin| all.flow(&all.value[1], &window, origin, good)).sum();
            let home = all.flow(&all.value[1], &window, all.importer, good);
            let mut duty = 0.0;
            for &origin in &all.origins {
                let rate = |side: usize| 1.0 + all.flow(&all.rate[side], &window, origin, good) / window.len() as f64;
                duty += all.flow(&all.value[1], &window, origin, good) * ln(rate(0) / rate(1));
            }
            rise += weight * change;
            due += weight * duty / (imports + home);
        }
        Ok(vec![("T4", rise / due)])
    }
}

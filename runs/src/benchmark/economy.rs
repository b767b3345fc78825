//! From a calibrated world and its duties to the economy and change of the static benchmark.
//!
//! Flows are those of the table, at basic prices of the origin, by use: inputs, households, government, investment. Duties
//! are not in the table; as in the model's base year they come on top of what buyers pay, those on inputs out of the
//! surplus of the industry that uses them. Value added is therefore output less inputs less duties on them: compensation,
//! taxes on production and what is left of the surplus. Final spending is all final uses with their duties. Then final
//! spending is value added, duties and the trade deficit, as the benchmark's budgets want. Origins of inputs are shared by
//! the industries of a region, as in the model's sourcing.

use agents::policy::PolicyState;
use agents::world::table::Table;
use analysis::static_trade::{Change, Deficits, TradeEconomy, USES, Use};
use configs::calibration::{Calibration, FINAL_USES, FinalUse};
use configs::parameters::Parameters;

/// The base year of a world, with the trade elasticities of the model's long-run sourcing: those of the table times
/// `trade.elasticity_scale`.
#[must_use]
pub fn economy(world: &Calibration, parameters: &Parameters) -> TradeEconomy {
    let (r, g) = (world.region_count(), world.industry_count());
    let mut economy = TradeEconomy {
        regions: r,
        industries: g,
        purchases: vec![0.0; USES * r * g * r],
        input_spending: vec![0.0; r * g * g],
        duty_rates: world.tariffs.clone(),
        trade_elasticities: Table::new(world, parameters).elasticities.iter().map(|sigma| sigma - 1.0).collect(),
    };
    let uses: [(FinalUse, Use); FINAL_USES] = [
        (FinalUse::Household, Use::Household),
        (FinalUse::Government, Use::Government),
        (FinalUse::Investment, Use::Investment),
    ];
    for d in 0..r {
        for p in 0..g {
            for o in 0..r {
                let paid = 1.0 + world.tariff(d, o, p);
                let inputs = economy.flow(Use::Intermediate as usize, d, p, o);
                for j in 0..g {
                    let value = world.intermediate(o, p, d, j);
                    economy.purchases[inputs] += value;
                    economy.input_spending[(d * g + j) * g + p] += value * paid;
                }
                for (of_table, of_benchmark) in uses {
                    let at = economy.flow(of_benchmark as usize, d, p, o);
                    economy.purchases[at] = world.final_purchases(o, p, d, of_table);
                }
            }
        }
    }
    economy
}

/// The change to the duties and embargoes in force. What is forbidden cannot be had at any price.
#[must_use]
pub fn change(state: &PolicyState) -> Change {
    let cost = |cell| if state.banned(cell) { f64::INFINITY } else { 1.0 };
    Change {
        duty_rates: state.tariffs.as_slice().to_vec(),
        trade_costs: state.embargo.indices().map(cost).collect(),
        deficits: Deficits::Held,
    }
}

#[cfg(test)]
mod tests {
    use analysis::static_trade::{outcome, solve};
    use configs::calibration::synthetic;

    use super::*;
    use crate::config::load_world;

    /// The base year of the benchmark is that of the table: output, value added less duties on inputs, budgets.
    #[track_caller]
    fn fits(world: &Calibration, parameters: &Parameters) {
        let found = economy(world, parameters);
        found.check().expect("a sound economy");
        let (r, g) = (found.regions, found.industries);
        for (output, table) in found.output().iter().zip(&world.gross_output) {
            assert!((output - table).abs() < 2e-6 * table, "{output} {table}");
        }
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-5 * b.abs().max(1.0), "{a} {b}");
        let (income, duties, deficits, spent) =
            (found.factor_income(), found.duties(), found.deficits(), found.final_spending());
        let on_inputs = |d: usize| -> f64 {
            let mut sum = 0.0;
            for p in 0..g {
                for o in 0..r {
                    sum += found.purchases[found.flow(0, d, p, o)] * world.tariff(d, o, p);
                }
            }
            sum
        };
        for d in 0..r {
            let table: f64 = (0..g).map(|j| world.value_added(d, j)).sum();
            near(income[d], table - on_inputs(d));
            near(spent[d], income[d] + duties[d] + deficits[d]);
        }
    }

    #[test]
    fn worlds_fit_their_tables() {
        let loaded = crate::config::load_scenario("baseline", &crate::config::Overrides::default()).expect("baseline");
        let parameters = &loaded.config.parameters.values;
        fits(&synthetic(3, 5, 7), parameters);
        fits(&load_world("world-15x21").expect("the shipped world"), parameters);
        // Goods: the table's elasticity times the scale; services: that of the parameter.
        let found = economy(&loaded.calibration, parameters);
        let (scale, service) = (parameters.trade.elasticity_scale, parameters.trade.service_elasticity);
        for (industry, theta) in loaded.calibration.industries.iter().zip(&found.trade_elasticities) {
            let expected = industry.trade_elasticity.unwrap_or(service - 1.0) * scale;
            assert!((theta - expected).abs() < 1e-12, "{}: {theta} {expected}", industry.code);
        }
    }

    /// Duties between Mexico, Canada and the United States of about the size that NAFTA took away cost real wages most in
    /// Mexico and least in the United States, as Caliendo and Parro (2015) find of their cuts (1.72%, 0.32% and 0.11%, in the
    /// reproduction of github.com/paulofelipe/cp2015). The mean rates (12.5%, 4.2%, 2.7%) are assumed: theirs are by sector and
    /// pair (`github.com/powell001/Caliendo_Parro_2015_Python`, `data/original_data/tariffs1993.txt`; farming, mining and food: Mexico
    /// 4.3 to 12.0%, Canada 0 to 5.3, the United States 0 to 6.6), and no mean of all was found. The year, the tables and the
    /// elasticities are others, so only the order is compared.
    #[test]
    fn the_order_of_gains_from_nafta() {
        let loaded = crate::config::load_scenario("baseline", &crate::config::Overrides::default()).expect("baseline");
        let world = &loaded.calibration;
        let base = economy(world, &loaded.config.parameters.values);
        let place = |code: &str| world.regions.iter().position(|region| region.code == code).expect("a region");
        let members = [("MEX", 0.125), ("CAN", 0.042), ("USA", 0.027)].map(|(code, rate)| (place(code), rate));
        let mut change = Change::none(&base);
        for (importer, rate) in members {
            for (exporter, _) in members.iter().filter(|x| x.0 != importer) {
                for product in (0..base.industries).filter(|&p| world.industries[p].goods) {
                    change.duty_rates[base.pair(importer, *exporter, product)] += rate;
                }
            }
        }
        let before = solve(&base, &change).expect("an equilibrium").economy;
        // From the world with these duties to the one without.
        let cuts = Change { duty_rates: base.duty_rates.clone(), ..Change::none(&before) };
        let found = outcome(&before, &solve(&before, &cuts).expect("an equilibrium"));
        let [mexico, canada, states] = members.map(|(region, _)| found[region]);
        assert!(mexico.real_wage > canada.real_wage && canada.real_wage > states.real_wage, "{found:?}");
        assert!(states.real_wage > 0.0 && mexico.real_wage < 0.05, "{found:?}");
        for member in [mexico, canada, states] {
            assert!(member.real_imports > 0.0 && member.real_exports > 0.0, "{member:?}");
        }
    }
}

//! Production: Leontief in labour and capital, partially binding in inputs, at the plant.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::{columns, columns_mut};
use engine::money::{Volume, round_half_even};
use rayon::prelude::*;

use super::pricing::productivity;
use crate::axes::RegionId;
use crate::components::{Firm, Flows, Offer, Plan, Plant};
use crate::given::Given;
use crate::state::{Inventories, Regions};
use crate::tally::{Tally, add, of_run};

/// Output, volume: `Y = min(planned, A N h_max, kappa K, X)`, with the output `X` that inputs allow.
///
/// Source: Poledna et al. (2023), production function; hours flexible up to `h_max`.
#[must_use]
pub fn leontief(planned: Volume, labour_capacity: f64, capital_capacity: f64, input_capacity: f64) -> Volume {
    let limit = labour_capacity.min(capital_capacity).min(input_capacity);
    if planned.as_f64() <= limit { planned } else { Volume::within(limit) }
}

/// Output that stocks of inputs allow, volume: the worst shortage binds by the criticality of its input.
///
/// Equation: `Y min_g (1 - c_g (1 - min(1, M_g / (a_g Y))))` for planned output `Y`: with criticality one, Leontief;
/// below one, part of a missing input can be done without for the tick.
/// Source: Pichler et al. (2022), partially binding Leontief production.
fn input_capacity(
    planned: Volume,
    stocks: &[Volume],
    requirement: impl Fn(usize) -> f64,
    criticality: impl Fn(usize) -> f64,
) -> f64 {
    let planned = planned.as_f64();
    let mut factor = 1.0_f64;
    for (x, &stock) in stocks.iter().enumerate() {
        let need = requirement(x) * planned;
        if need > stock.as_f64() {
            factor = factor.min(1.0 - criticality(x) * (1.0 - stock.or_nothing().as_f64() / need));
        }
    }
    planned * factor
}

/// Longest hours relative to normal hours: the overtime limit, or what stands in for one missing worker agent where
/// that is more. An agent stands for thousands of persons, who do not all leave in the same tick.
#[must_use]
pub fn longest_hours(workers: f64, overtime_limit: f64) -> f64 {
    if workers < 1.0 { 0.0 } else { overtime_limit.max((workers + 1.0) / workers) }
}

/// System: plants produce, use up inputs and wear out capital.
pub fn produce(
    Given { tick, p, base, policy, .. }: Given,
    regions: Res<Regions>,
    mut tally: ResMut<Tally>,
    mut inventories: ResMut<Inventories>,
    mut firms: Query<(&Firm, &mut Offer, &mut Flows)>,
    plans: Query<&Plan>,
    mut plants: Query<&mut Plant>,
) {
    let g = base.products;
    let (firm, offer, flows) = columns_mut(&mut firms);
    let plan = columns(&plans);
    let plants = columns_mut(&mut plants);
    let lost = &policy.0.at(tick.0).lost_capacity;
    let criticality =
        |x: usize| if base.goods[x] { p.firms.input_criticality_goods } else { p.firms.input_criticality_services };
    let used: Vec<(usize, Vec<Volume>)> = firm
        .par_chunks(1024)
        .zip(offer.par_chunks_mut(1024))
        .zip(flows.par_chunks_mut(1024))
        .zip(plan.par_chunks(1024))
        .zip(plants.par_chunks_mut(1024))
        .zip(inventories.inputs.as_mut_slice().par_chunks_mut(1024 * g))
        .flat_map_iter(|(((((firm, offer), flows), plan), plants), stocks)| {
            let mut sums: Vec<(usize, Vec<Volume>)> = Vec::new();
            for i in 0..firm.len() {
                let (r, j) = (firm[i].region as usize, firm[i].industry as usize);
                let sum = of_run(&mut sums, r);
                sum.resize(2 * g + 1, Volume::ZERO);
                let state = &regions.states[r];
                let plant = &mut plants[i];
                let row = &mut stocks[i * g..(i + 1) * g];
                let requirement = |x: usize| base.requirement(r, j, x);
                let labour = plant.labour * productivity(plant, state.shocks.productivity);
                let capital = plant.capacity(lost[firm[i].local_branch()]);
                let output = leontief(
                    plan[i].output,
                    labour * longest_hours(plant.labour, p.firms.overtime_limit),
                    capital,
                    input_capacity(plan[i].output, row, requirement, criticality),
                );
                plant.output = output;
                plant.hours = if labour > 0.0 { output.as_f64() / labour } else { 0.0 };
                let mut cost = 0.0;
                for (x, stock) in row.iter_mut().enumerate() {
                    let use_ = Volume::rounded(requirement(x) * output.as_f64()).min(*stock);
                    *stock -= use_;
                    sum[x] += use_;
                    cost += use_.as_f64() * state.prices.inputs[x];
                }
                flows[i].materials_change -= round_half_even(cost);
                sum[g + j] += output;
                plant.capital -= plant.depreciation;
                sum[2 * g] += plant.depreciation;
                offer[i].stock += output;
            }
            sums
        })
        .collect();
    for (r, sum) in used {
        add(tally.input_use.row_mut((RegionId(r),)), &sum[..g]);
        add(tally.output.row_mut((RegionId(r),)), &sum[g..2 * g]);
        tally.capital_consumed[r] += sum[2 * g];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn the_worst_shortage_binds_as_far_as_it_is_critical() {
        // 100 needed of each, 50 and 200 there: half of the first lacks.
        let capacity =
            |critical: f64| input_capacity(Volume::new(100), &[50, 200].map(Volume::new), |_| 1.0, |_| critical);
        near(capacity(1.0), 50.0);
        near(capacity(0.5), 75.0);
        near(input_capacity(Volume::new(100), &[50, 20].map(Volume::new), |_| 1.0, |x| [0.2, 0.5][x]), 60.0);
        near(input_capacity(Volume::new(100), &[-10, 100].map(Volume::new), |_| 1.0, |_| 1.0), 0.0);
    }
}

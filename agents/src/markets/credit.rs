//! Credit: firms borrow within their loan-to-value limit, banks lend within their capital; loans amortise to target.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::{columns, columns_mut};
use engine::money::{Money, round_half_even};
use rayon::prelude::*;

use crate::accounts::Why;
use crate::components::{Books, Firm, Flows, Offer, Plan, Plant};
use crate::firms::liquidity::liquidity_target;
use crate::geography::Geography;
use crate::parameters::Parameters;
use crate::paying::{Institutions, Sums};
use crate::state::Settings;
use crate::tally::of_run;
use crate::world::base::Base;

/// Repayment of the tick, money: part of the debt above the target leverage, out of deposits above half their target.
#[must_use]
pub fn repayment(loans: Money, target: f64, spare: f64, speed: f64) -> Money {
    round_half_even((speed * (loans as f64 - target)).min(spare).max(0.0))
}

/// System: banks grant credit pro rata under their capital limit; firms repay towards their target leverage.
pub fn grant_credit(
    settings: Res<Settings>,
    p: Res<Parameters>,
    (base, geography): (Res<Base>, Res<Geography>),
    mut institutions: Institutions,
    mut firms: Query<(&Firm, &mut Books, &mut Plan, &mut Flows, &Offer)>,
    plants: Query<&Plant>,
) {
    let mut payments = institutions.open();
    let (firm, books, plan, flows, offer) = columns_mut(&mut firms);
    let plants = columns(&plants);
    let (banks, regions) = (&mut *payments.banks, &*payments.regions);
    let mut asked = vec![0; banks.len()];
    for (f, pl) in firm.iter().zip(plan.iter()) {
        asked[geography.bank_of(f.zone)] += pl.credit;
    }
    for (bank, &asked) in banks.iter_mut().zip(&asked) {
        let room = (bank.equity() as f64 / p.credit.bank_capital_ratio - bank.weighted()).max(0.0);
        bank.credit_granted_share = if asked as f64 > room { room / asked as f64 } else { 1.0 };
    }
    let (speed, months) = (settings.per_tick(p.credit.amortisation_speed), settings.months_per_tick());
    let share: Vec<f64> = banks.iter().map(|b| b.credit_granted_share).collect();
    let sums: Vec<(usize, Sums)> = firm
        .par_chunks(1024)
        .zip(books.par_chunks_mut(1024))
        .zip(plan.par_chunks_mut(1024))
        .zip(flows.par_chunks_mut(1024))
        .zip(offer.par_chunks(1024))
        .zip(plants.par_chunks(1024))
        .flat_map_iter(|(((((firm, books), plan), flows), offer), plants)| {
            let mut sums: Vec<(usize, Sums)> = Vec::new();
            for k in 0..firm.len() {
                let home = firm[k].region as usize;
                let state = &regions.states[home];
                let bank = geography.bank_of(firm[k].zone);
                let granted = round_half_even(plan[k].credit as f64 * share[bank]);
                let relative = state.prices.capital / base.regions[home].capital_price;
                let target = p.firms.loan_to_capital * plants[k].capital.as_f64() * relative;
                let liquidity = liquidity_target(&p.firms, months, offer[k].demand_expected, offer[k].price);
                let repaid = if granted > 0 {
                    0
                } else {
                    repayment(books[k].loans, target, books[k].deposits as f64 - 0.5 * liquidity, speed)
                };
                books[k].deposits += granted - repaid;
                books[k].loans += granted - repaid;
                flows[k].net_borrowing = granted - repaid;
                // Orders are cut back when even credit leaves a firm deep in overdraft.
                plan[k].affordable = if (books[k].deposits as f64) < -liquidity { 0.5 } else { 1.0 };
                let sum = of_run(&mut sums, bank);
                sum.add(Why::LoansGranted, granted);
                sum.add(Why::LoansRepaid, repaid);
            }
            sums
        })
        .collect();
    for (bank, sums) in sums {
        payments.post_all(bank, &sums);
    }
}

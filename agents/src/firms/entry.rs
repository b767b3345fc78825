//! Insolvent firms are wound up; entrants take their place. One exclusive, sequential system.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::{columns, columns_mut};
use engine::money::payment;
use engine::rng::{Streams, below};
use rayon::prelude::*;

use super::liquidity::liquidity_target;
use crate::accounts::Why;
use crate::axes::{Host, Origin};
use crate::components::{Books, Firm, Offer, Phase, Plant};
use crate::geography::NONE;
use crate::given::Given;
use crate::location::sites::{Moves, Sites};
use crate::paying::Institutions;
use crate::tally::Tally;
use crate::world::stream;

/// System: firms with negative deposits and negative equity are wound up and re-founded.
///
/// The bank writes off the loan and the overdraft. The entrant takes over the site, its staff and stocks, copies price
/// and markup of a random survivor of its region and industry, and starts with what the equity fund can inject.
pub fn wind_up_and_enter(
    Given { settings, tick, p, geography, .. }: Given,
    mut institutions: Institutions,
    mut tally: ResMut<Tally>,
    plants: Query<&Plant>,
    (sites, mut moves): (Res<Sites>, ResMut<Moves>),
    mut firms: Query<(&mut Firm, &mut Books, &mut Offer)>,
) {
    let mut payments = institutions.open();
    let plants = columns(&plants);
    let (firm, books, offer) = columns_mut(&mut firms);
    let insolvent = |i: usize, books: &[Books], offer: &[Offer]| {
        let b = &books[i];
        if b.deposits >= 0 || !matches!(firm[i].phase, Phase::Running | Phase::Office) {
            return false;
        }
        let price = payments.regions.states[firm[i].region as usize].prices.capital;
        let plant = &plants[firm[i].plant as usize];
        b.deposits - b.loans + payment(price, plant.capital) + payment(offer[i].price, offer[i].stock) < 0
    };
    let failed: Vec<usize> = (0..firm.len()).into_par_iter().filter(|&i| insolvent(i, books, offer)).collect();
    for &i in &failed {
        let r = firm[i].region as usize;
        let (loan, overdraft) = (books[i].loans, -books[i].deposits);
        payments.write_off(geography.bank_of(firm[i].zone), loan, overdraft);
        tally.exits[r] += 1;
        tally.loan_losses[r] += loan + overdraft;
        let months = settings.months_per_tick();
        let wish = engine::money::round_half_even(liquidity_target(
            &p.firms,
            months,
            offer[i].demand_expected,
            offer[i].price,
        ));
        let injection = wish.min(payments.regions.states[r].fund.dividends / 10).max(0);
        payments.post(r, Why::CapitalInjection, injection);
        books[i] = Books { deposits: injection, loans: 0, profit_expected: 0.0, losses_carried: 0 };
        let cell = &geography.cells[firm[i].branch()];
        let survivors: Vec<u32> = cell
            .iter()
            .copied()
            .filter(|&k| firm[k as usize].produces() && failed.binary_search(&(k as usize)).is_err())
            .collect();
        if !survivors.is_empty() {
            let [word] = Streams::new(settings.seed).draws::<1>(stream::ENTRY, tick.0, i as u64);
            let model = survivors[below(word, survivors.len() as u32) as usize] as usize;
            offer[i].price = offer[model].price;
            offer[i].markup = offer[model].markup;
        }
        firm[i].age_ticks = 0;
        // The owner is not liable: an affiliate passes to the equity fund of the region where it stands.
        if let Some(site) = sites.of(i).filter(|_| firm[i].owner().is_some()) {
            moves.orphaned[(Host(r), Origin(site.origin as usize))] += 1;
            firm[i].parent = NONE;
        }
    }
}

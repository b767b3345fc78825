//! Where firms produce: reviews of location, plants under construction, buyers that follow, plants that close.
//!
//! A plant that a firm opens elsewhere takes up a vacant site there: a row like any firm's, resident in its host region, where
//! it hires, buys, sells, pays taxes and banks. It names its owner, who pays its equity and receives its profits across
//! the border. The buyers of the work that moves follow link by link, and with them the weight of their origin in what the
//! market asks for: tastes belong to the firm's product, not to the ground it is made on.

mod appraisal;
pub mod choice;
mod clearing;
mod close;
mod construction;
mod costs;
mod finance;
mod frame;
pub mod grants;
mod links;
mod opening;
pub mod outlook;
mod path;
mod review;
pub mod sites;
mod standby;
mod standing;

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use engine::math::ln;
use engine::money::Volume;
use engine::rng::{Streams, hash, unit};

use self::frame::{Firms, Frame, Open, Prospect, wanted};
pub use self::frame::{Ground, Prospects};
use self::links::{HandOver, Handed, Watched, hand_over, sales_by_market};
use self::opening::Suppliers;
use self::outlook::Outlook;
use self::sites::{Moves, Sites, Stage};
use crate::axes::{From, Host, Importer, Lane, Origin, Product, To, for_all_purposes};
use crate::firms::automation::Techniques;
use crate::given::Given;
use crate::markets::routing::Routes;
use crate::markets::sourcing::SellerChoice;
use crate::markets::suppliers::Usual;
use crate::paying::Institutions;
use crate::state::{Inventories, Regions, Sourcing, Supply};
use crate::tally::Tally;
use crate::world::stream;

/// Who buys what from whom, and what is held of it.
#[derive(SystemParam)]
pub struct SupplyChains<'w> {
    choice: Res<'w, SellerChoice>,
    sourcing: ResMut<'w, Sourcing>,
    inventories: ResMut<'w, Inventories>,
    supply: ResMut<'w, Supply>,
}

/// What is known of sales once a quarter, when firms review and buyers change over; nothing in other ticks.
#[derive(Resource, Default)]
pub struct Quarter(Option<Sales>);

/// See [`Quarter`].
struct Sales {
    /// Firms that review.
    reviewers: Vec<u32>,
    /// They, and those who hand over work.
    watched: Watched,
    /// Their sales by market.
    by_market: Vec<f64>,
}

/// Buyers that are asked to change over in the tick.
#[derive(Resource, Default)]
pub struct HandOvers(Vec<HandOver>);

/// System: firms look ahead, if they can move.
pub fn look_ahead(
    given: Given,
    (sourcing, routes): (Res<Sourcing>, Res<Routes>),
    regions: Res<Regions>,
    sites: Res<Sites>,
    mut prospects: ResMut<Prospects>,
) {
    let look = || Prospect {
        outlook: Outlook::new(&given, &regions, &sourcing, &routes, &sites),
        techniques: Techniques::new(&given, &regions),
        schooled: sites.schooled.clone(),
    };
    prospects.0 = given.p.location.enabled.then(look);
}

/// System: plants that closed in the tick before are wound up.
pub fn wind_up(mut ground: Ground, mut institutions: Institutions, mut tally: ResMut<Tally>) {
    let Some(Open { frame, sites, moves, mut firms, .. }) = ground.open() else { return };
    close::wind_up(frame, sites, &mut firms, &mut institutions.open(), moves, &mut tally);
}

/// System: once a quarter those who review, and those who hand over work, learn what they sell where.
pub fn learn_sales(
    mut ground: Ground,
    (inventories, supply): (Res<Inventories>, Res<Supply>),
    mut quarter: ResMut<Quarter>,
) {
    quarter.0 = None;
    let Some(Open { frame, sites, firms, .. }) = ground.open() else { return };
    if !frame.quarter() {
        return;
    }
    let reviewers = reviewers(frame, sites, &firms);
    let givers = sites.sites.iter().filter(|s| s.stage == Stage::Open).map(|s| s.from);
    let rows = reviewers.iter().copied().chain(givers).collect();
    let watched = Watched::new(rows, firms.firm, frame.base.products);
    let by_market = match &watched.rows[..] {
        [] => vec![],
        _ => sales_by_market(frame.geography, &supply, &usual(frame, &inventories, &firms), &watched),
    };
    quarter.0 = Some(Sales { reviewers, watched, by_market });
}

/// System: plants under construction advance, open and take work over.
pub fn build(
    mut ground: Ground,
    mut institutions: Institutions,
    mut chains: SupplyChains,
    quarter: Res<Quarter>,
    mut overs: ResMut<HandOvers>,
) {
    overs.0.clear();
    let Some(Open { frame, policy, sites, moves, mut firms }) = ground.open() else { return };
    let SupplyChains { supply, sourcing, choice, .. } = &mut chains;
    let market = Suppliers { supply, sourcing, choice, policy };
    let sales = quarter.0.as_ref().map(|x| (&x.watched, &x.by_market[..]));
    let mut payments = institutions.open();
    overs.0 = construction::advance(frame, sites, &mut firms, market, (&mut payments, moves), sales);
}

/// System: buyers change over to the plants that take work over; plants whose buyers have all left are closed.
pub fn change_over(mut ground: Ground, mut chains: SupplyChains, regions: Res<Regions>, overs: Res<HandOvers>) {
    let (overs, Some(Open { frame, sites, moves, mut firms, .. })) = (&overs.0[..], ground.open()) else { return };
    if overs.is_empty() {
        return;
    }
    let key = hash(frame.settings.seed, u64::from(frame.tick), u64::from(stream::LOCATION.id()) << 8 | 1);
    let usual = usual(frame, &chains.inventories, &firms);
    let handed = hand_over(frame.geography, &chains.choice, &usual, &mut chains.supply, overs, key);
    follow(frame, overs, &handed, sites, &mut firms, &mut chains.sourcing, moves);
    close::close_emptied(frame, overs, sites, &mut firms, &mut chains.inventories, &regions, moves);
}

/// System: once a quarter firms review where they produce.
pub fn review(mut ground: Ground, regions: Res<Regions>, sourcing: Res<Sourcing>, quarter: Res<Quarter>) {
    let (Some(Open { frame, sites, moves, mut firms, .. }), Some(sales)) = (ground.open(), &quarter.0) else { return };
    let known = (&sales.watched, &sales.by_market[..]);
    review::decide(frame, sites, &mut firms, &regions, &sourcing, &sales.reviewers, known, moves);
}

/// System: once a quarter plants at rest are sold and reserves announced.
pub fn keep_reserves(mut ground: Ground, mut institutions: Institutions) {
    let Some(Open { frame, policy, sites, moves, mut firms }) = ground.open() else { return };
    if frame.quarter() {
        standby::sell(frame, sites, &mut firms, &mut institutions.open(), moves);
        standby::announce(frame, sites, &mut firms, policy, moves);
    }
}

/// What purchasers usually order, as their firms stand now.
fn usual<'a>(frame: Frame<'a>, inventories: &'a Inventories, firms: &'a Firms) -> Usual<'a> {
    Usual { base: frame.base, inventories, firm: firms.firm, offer: firms.offer, plan: firms.plan }
}

/// System: courses teach some of the unemployed what new plants ask for; who finds a job leaves them.
pub fn teach(given: Given, mut sites: ResMut<Sites>) {
    let finding = given.settings.monthly(given.p.labour.job_finding_rate);
    for (share, rate) in sites.schooled.iter_mut().zip(&given.measures().skills_programme) {
        *share = choice::schooled(*share, given.settings.monthly(*rate), finding);
    }
}

/// System: firms remember how often duties changed.
pub fn remember(given: Given, mut sites: ResMut<Sites>) {
    let Given { settings, p, base, policy, .. } = &given;
    let ((r, g), tick, policy) = (given.size(), given.tick.0, &policy.0);
    let changed = tick > 0 && policy.changes_at(tick);
    for (d, level) in sites.uncertainty.iter_mut().enumerate() {
        let mut change = 0.0;
        if changed {
            let (now, then) = (policy.at(tick), policy.at(tick - 1));
            let mut bought = 0.0;
            for (cell, x) in (0..r).filter(|&o| o != d).flat_map(|o| (0..g).map(move |x| (o, x))) {
                let at = (Importer(d), Origin(cell), Product(x));
                let weight = for_all_purposes(&base.flow, at);
                bought += weight;
                change += weight * ln((1.0 + now.tariffs[at]) / (1.0 + then.tariffs[at])).abs();
            }
            change = if bought > 0.0 { change / bought } else { 0.0 };
        }
        let n = f64::from(settings.ticks_per_year);
        *level = choice::uncertainty(*level, change, p.location.uncertainty_memory, n);
    }
}

/// Firms that review their location this quarter: manufacturing, drawn, with no plant of theirs in the making.
fn reviewers(frame: Frame, sites: &Sites, firms: &Firms) -> Vec<u32> {
    let mut words = vec![0u64; firms.firm.len()];
    Streams::new(frame.settings.seed).fill(stream::LOCATION, frame.tick, 1, &mut words);
    let chance = 1.0 - engine::math::pow(1.0 - frame.p.location.review_share, 3.0);
    let busy: std::collections::BTreeSet<u32> = sites
        .sites
        .iter()
        .filter(|s| s.in_the_making(standing::backed(frame, s)))
        .flat_map(|s| [s.from, s.firm])
        .collect();
    let products = &frame.geography.products;
    (0..firms.firm.len())
        .filter(|&i| {
            let f = &firms.firm[i];
            f.produces() && products.manufacturing[f.industry as usize] && unit(words[i]) < chance
        })
        .map(|i| i as u32)
        .filter(|i| !busy.contains(i))
        .collect()
}

/// Buyers have changed over: expected demand, origin weights, capital and staff follow their orders.
fn follow(
    frame: Frame,
    overs: &[HandOver],
    handed: &[Handed],
    sites: &mut Sites,
    firms: &mut Firms,
    sourcing: &mut Sourcing,
    moves: &mut Moves,
) {
    let mut from_giver = vec![0.0; overs.len()];
    let mut moved_rows: BTreeMap<Lane, Vec<(usize, f64)>> = BTreeMap::new();
    for x in handed {
        let over = &overs[x.over];
        let (old, new) = (x.seller as usize, x.now as usize);
        // Expectations, not accounts: usual orders of links need not add up to what a seller expects, which is smoothed; it
        // never expects less than nothing. The plant expects what it was handed.
        let moved = x.volume.min(firms.offer[old].demand_expected);
        firms.offer[old].demand_expected -= moved;
        firms.offer[old].demand_lasting = (firms.offer[old].demand_lasting - moved).max(0.0);
        firms.offer[new].demand_expected += x.volume;
        firms.offer[new].demand_lasting += x.volume;
        if x.seller == over.from {
            from_giver[x.over] += moved;
        }
        let (here, there) = (firms.firm[new].region as usize, firms.firm[old].region as usize);
        if here == there {
            continue;
        }
        let row = (x.purpose, Importer(x.market), Product(over.product as usize), Origin(there));
        moved_rows.entry(row).or_default().push((here, x.volume));
        moves.handed[(Host(here), Origin(there))] += Volume::within(x.volume);
    }
    for (lane, orders) in moved_rows {
        let moved: f64 = orders.iter().map(|x| x.1).sum();
        // Rule: usual orders can exceed those of the last tick; an origin keeps a twentieth of its weight in a tick.
        let part = (moved / sourcing.ordered[lane].as_f64().max(1.0)).min(0.95);
        let (purpose, market, product, Origin(there)) = lane;
        let share = sourcing.share_base.row_mut((purpose, market, product));
        let weight = share[there] * part;
        share[there] -= weight;
        for (here, volume) in orders {
            share[here] += weight * volume / moved;
        }
    }
    for (k, over) in overs.iter().enumerate() {
        if let Ok(at) = sites.sites.binary_search_by_key(&over.to, |s| s.firm) {
            sites.sites[at].handed += handed.iter().filter(|x| x.over == k).map(|x| x.volume).sum::<f64>();
            ship(frame, over, from_giver[k], firms, moves);
            staff_up(frame, over.to as usize, firms);
        }
        lay_off(frame, over.from as usize, from_giver[k], firms);
    }
}

/// Part of the capital behind the work that moved is shipped to the new plant.
fn ship(frame: Frame, over: &HandOver, moved: f64, firms: &mut Firms, moves: &mut Moves) {
    let (from, to) = (over.from as usize, over.to as usize);
    let normal = frame.p.firms.capacity_utilisation * firms.plants[from].capital_productivity;
    // Rule: no more is shipped than stands.
    let behind = (moved / normal).min(firms.plants[from].capital.as_f64());
    let volume = Volume::within(frame.p.location.shipped_share * behind);
    firms.plants[from].capital -= volume;
    firms.plants[to].capital += volume;
    for row in [from, to] {
        firms.offer[row].capacity = frame.capacity(&firms.firm[row], &firms.plants[row]);
    }
    moves.shipped[(From(firms.firm[from].region as usize), To(firms.firm[to].region as usize))] += volume;
}

/// Jobs end where the work was done, with severance pay.
fn lay_off(frame: Frame, row: usize, moved: f64, firms: &mut Firms) {
    let plant = &mut firms.plants[row];
    let jobs = moved / (plant.labour_productivity * plant.efficiency);
    if jobs <= 0.0 {
        return;
    }
    // Rule: planned staff lags demand, so that more work can leave than staff was planned for.
    plant.staff_planned = (plant.staff_planned - jobs).max(0.0);
    plant.employees_desired = wanted(frame, row, plant.staff_planned, plant.region);
    plant.severance = (frame.p.location.severance / frame.settings.months_per_tick()) as f32;
}

/// Jobs open where the work goes.
fn staff_up(frame: Frame, row: usize, firms: &mut Firms) {
    let (plant, offer) = (&mut firms.plants[row], &firms.offer[row]);
    let needed = offer.demand_expected / (plant.labour_productivity * plant.efficiency);
    plant.staff_planned = plant.staff_planned.max(needed);
    plant.employees_desired = wanted(frame, row, plant.staff_planned, plant.region);
}

//! Plants at rest: reserves that a programme keeps ready, and mothballed plants that wait for demand to return.

use engine::grid::Grid;
use engine::money::{Volume, payment, round_half_even};
use engine::rng::{hash, unit};

use super::clearing::clear;
use super::finance::{pay_equity, transfer};
use super::frame::{Firms, Frame};
use super::review::{pick, vacant};
use super::sites::{Moves, Site, Sites, Stage};
use super::standing::others_run;
use crate::axes::{AreaId, Branch, Host, Industry, LocalBranch, Origin, Owner, RegionId};
use crate::components::Phase;
use crate::geography::NONE;
use crate::paying::Payments;
use crate::policy::PolicyState;
use crate::world::stream;

/// Part of the reserve of an area and industry that is announced in a quarter, at most.
const STEP: f64 = 0.25;
/// Part of a reserve whose lack is not worth a plant.
const SLACK: f64 = 0.02;

/// Orders and normal capacity of the industries of all regions, volume a tick.
pub(super) struct Pressure {
    orders: Grid<Branch, f64>,
    capacity: Grid<Branch, f64>,
}

impl Pressure {
    /// Adds up what firms expect to be asked for and can make; nothing where no plant rests.
    pub(super) fn of(frame: Frame, sites: &Sites, firms: &Firms) -> Self {
        let cells = &frame.geography.cells;
        let mut out = Self { orders: cells.map(|_| 0.0), capacity: cells.map(|_| 0.0) };
        let mut wanted = cells.map(|_| false);
        for site in sites.sites.iter().filter(|s| s.reserve || s.stage == Stage::Standby) {
            wanted[cell(site, firms)] = true;
        }
        for at in cells.indices().filter(|at| wanted[*at]) {
            for &i in &cells[at] {
                let offer = &firms.offer[i as usize];
                if firms.firm[i as usize].produces() {
                    out.orders[at] += offer.demand_expected;
                    out.capacity[at] += frame.p.firms.capacity_utilisation * offer.capacity;
                }
            }
        }
        out
    }

    /// Whether an industry is asked for more than it makes at normal use, times a factor, with so much more capacity.
    fn above(&self, at: Branch, factor: f64, more: f64) -> bool {
        self.orders[at] > factor * (self.capacity[at] + more)
    }
}

/// Region and industry of a plant.
fn cell(site: &Site, firms: &Firms) -> Branch {
    firms.firm[site.firm as usize].branch()
}

/// Area and industry of a plant.
fn place(site: &Site, firms: &Firms) -> LocalBranch {
    firms.firm[site.firm as usize].local_branch()
}

/// Whether the programme that built a reserve still keeps it.
pub(super) fn kept(site: &Site, firms: &Firms, policy: &PolicyState) -> bool {
    policy.reserve[place(site, firms)] > 0.0
}

/// A plant is put to rest: a reserve that is finished, or a plant whose buyers have left.
pub(super) fn rest(frame: Frame, site: &mut Site, firms: &mut Firms) {
    let row = site.firm as usize;
    firms.firm[row].phase = Phase::Standby;
    (site.stage, site.opened, site.rested, site.trained, site.staff, site.handed) =
        (Stage::Standby, frame.tick, 0, 0.0, 0.0, 0.0);
    firms.plants[row].learning = false;
    firms.offer[row].capacity = 0.0;
    (firms.plan[row].output, firms.plan[row].investment) = (Volume::ZERO, Volume::ZERO);
}

/// A plant at rest is kept in repair by its owner. Returns whether it is to be opened, since its industry cannot serve what it
/// is asked for; one that waited too long is closed.
pub(super) fn keep(
    frame: Frame,
    site: &mut Site,
    firms: &mut Firms,
    pressure: &mut Pressure,
    policy: &PolicyState,
    (payments, moves): (&mut Payments, &mut Moves),
) -> bool {
    let row = site.firm as usize;
    let p = &frame.p.location;
    if site.reserve && !kept(site, firms, policy) {
        (site.reserve, site.opened) = (false, frame.tick);
    }
    let age = f64::from(frame.tick - site.opened);
    if !site.reserve && age > frame.ticks(p.rest_limit) {
        clear(site, firms, moves);
        moves.closed[(Host(firms.firm[row].region as usize), Origin(site.origin as usize))] += 1;
        return false;
    }
    let plant = &firms.plants[row];
    let price = payments.regions.states[plant.region as usize].prices.capital;
    let repair = plant.depreciation;
    let short = payment(price, repair) - firms.books[row].deposits;
    if short > 0 {
        pay_equity(frame, row, short, firms, payments, moves);
    }
    // Rule: no more than deposits pay; an overdraft pays nothing.
    let affordable = (firms.books[row].deposits as f64 / price).max(0.0);
    firms.plan[row].investment = repair.min(Volume::within(affordable));
    let at = cell(site, firms);
    if !frame.usable(&firms.firm[row]) || !(site.bought || pressure.above(at, p.wake_pressure, 0.0)) {
        return false;
    }
    // The next plant at rest is needed only if this one does not do.
    pressure.capacity[at] += (1.0 - frame.lost_at(&firms.firm[row])) * site.output;
    true
}

/// Whether an open reserve is not needed any more: orders have fitted the other plants for some time.
pub(super) fn may_rest(
    frame: Frame,
    site: &mut Site,
    firms: &Firms,
    pressure: &mut Pressure,
    closing: &Grid<Branch, usize>,
) -> bool {
    let row = site.firm as usize;
    let own = frame.p.firms.capacity_utilisation * firms.offer[row].capacity;
    let at = cell(site, firms);
    let needed = pressure.above(at, 1.0, -own);
    site.rested = if needed { 0 } else { site.rested + 1 };
    let rests =
        f64::from(site.rested) >= frame.ticks(frame.p.location.rest_after) && others_run(frame, row, firms, closing);
    if rests {
        // The next reserve may rest only if it is not needed in place of this one.
        pressure.capacity[at] -= own;
    }
    rests
}

/// Whether a plant with few buyers is kept for better times: its place is still as good as where its work was before.
pub(super) fn worth_keeping(frame: Frame, site: &Site, firms: &Firms) -> bool {
    let (row, market) = (site.firm as usize, site.market as usize);
    let (from, to) = (firms.firm[site.from as usize].area as usize, firms.firm[row].area as usize);
    let j = firms.firm[row].industry as usize;
    let there = frame.outlook.delivered(to, market, j) * frame.outlook.carriage(from, to, market, j);
    there * frame.outlook.industry(j).own_reasons(f64::from(site.advantage)) <= frame.outlook.delivered(from, market, j)
}

/// Mothballed plants are sold where a firm of the region is short of capacity and can pay; it opens them and moves part of its
/// work there. A firm buys one a quarter.
pub(super) fn sell(frame: Frame, sites: &mut Sites, firms: &mut Firms, payments: &mut Payments, moves: &mut Moves) {
    let rows: Vec<u32> = sites.sites.iter().map(|s| s.firm).collect();
    let mut buyers = std::collections::BTreeSet::new();
    for site in &mut sites.sites {
        let row = site.firm as usize;
        let owner = firms.firm[row].parent;
        let idle = site.stage == Stage::Standby && !site.reserve;
        if owner == NONE || !idle || firms.plants[row].capital.is_zero() {
            continue;
        }
        let (owner, k) = (owner as usize, firms.firm[row].region as usize);
        let worth = firms.plants[row].capital.as_f64() * payments.regions.states[k].prices.capital;
        let (books, resale) = (&firms.books[row], frame.p.location.resale_value);
        // The buyer takes over what the plant owes and has in the bank. Rule: nobody buys what owes more than it is worth.
        let price = round_half_even(resale * worth) + books.deposits - books.loans;
        if price <= 0 {
            continue;
        }
        let Some(buyer) = buyer(frame, cell(site, firms), owner, price, firms, &rows) else {
            continue;
        };
        if !buyers.insert(buyer) {
            continue;
        }
        let got = transfer((buyer, owner), price, firms, payments);
        moves.invested[(Owner(firms.firm[owner].region as usize), Host(k))] -= got;
        moves.invested[(Owner(k), Host(k))] += price;
        moves.bought[(Host(k), Origin(site.origin as usize))] += 1;
        firms.firm[row].parent = buyer as u32;
        (site.from, site.origin, site.market) = (buyer as u32, k as u16, k as u16);
        site.sales = site.output as f32;
        (site.advantage, site.whole, site.bought) = (0.0, false, true);
    }
}

/// The founding firm of a region and industry that is shortest of capacity and can pay a price out of what it has beyond half its
/// target.
fn buyer(frame: Frame, cell: Branch, owner: usize, price: i64, firms: &Firms, plants: &[u32]) -> Option<usize> {
    let short = |i: usize| {
        let offer = &firms.offer[i];
        // Rule: a firm without capital is short of all that is asked.
        offer.demand_expected / (frame.p.firms.capacity_utilisation * offer.capacity).max(1.0)
    };
    let able = |i: usize| {
        let target = frame.liquidity_target(&firms.offer[i]);
        firms.books[i].deposits - price >= round_half_even(0.5 * target)
    };
    frame.geography.cells[cell]
        .iter()
        .map(|&i| i as usize)
        .filter(|&i| i != owner && firms.firm[i].produces() && firms.firm[i].owner().is_none())
        .filter(|&i| plants.binary_search(&(i as u32)).is_err())
        .filter(|&i| short(i) > frame.p.location.wake_pressure && able(i))
        .max_by(|&a, &b| short(a).total_cmp(&short(b)).then(b.cmp(&a)))
}

/// Reserves that programmes plan and that do not stand yet are announced, a quarter of them a quarter of a year; what stands
/// beyond a plan that was cut is reserve no more.
pub(super) fn announce(frame: Frame, sites: &mut Sites, firms: &mut Firms, policy: &PolicyState, moves: &mut Moves) {
    let key = hash(frame.settings.seed, u64::from(frame.tick), u64::from(stream::LOCATION.id()) << 8 | 3);
    for (number, at) in policy.reserve.indices().enumerate() {
        let ((AreaId(area), Industry(j)), share) = (at, policy.reserve[at]);
        if share <= 0.0 {
            continue;
        }
        let zones = frame.geography.areas[area].zones;
        let k = frame.geography.areas[area].region as usize;
        let b = &frame.base.regions[k];
        let planned = share * b.output[j] * frame.geography.areas[area].employment[j] * frame.outlook.earnings(area, j);
        let mut gap = planned;
        for site in &mut sites.sites {
            if site.reserve && site.stage != Stage::Closing && place(site, firms) == at {
                gap -= site.output;
                // The plan stays covered without it.
                let beyond = gap + site.output <= SLACK * planned && site.stage == Stage::Standby;
                if beyond {
                    // It waits for demand like a mothballed plant.
                    gap += site.output;
                    (site.reserve, site.opened) = (false, frame.tick);
                }
            }
        }
        if zones.is_empty() || !frame.geography.products.manufacturing[j] || gap <= SLACK * planned {
            continue;
        }
        let members = &frame.geography.cells[(RegionId(k), Industry(j))];
        let weights: Vec<f64> = members
            .iter()
            .map(|&i| {
                let firm = &firms.firm[i as usize];
                let own = firm.owner().is_none() && sites.of(i as usize).is_none();
                let able = firm.produces() && own;
                if able { firms.offer[i as usize].capacity } else { 0.0 }
            })
            .collect();
        let Some(owner) = pick(&weights, unit(hash(key, number as u64, 0))).map(|n| members[n]) else { continue };
        let zone = zones.start as usize + (unit(hash(key, number as u64, 1)) * zones.len() as f64) as usize;
        let Some(row) = vacant(frame, zone, j, sites, firms) else {
            moves.turned_away[k] += 1;
            continue;
        };
        // Rule: no more than is missing; the last step is not smaller than what would not be built for its own sake.
        let output = gap.min((STEP * planned).max(SLACK * planned));
        let technique = frame.techniques.greenfield(area, j, policy.reserve_grant[at]);
        let capital = Volume::within(output * b.capital[j] / b.output[j] * technique.capital);
        frame.techniques.lay_out(&mut firms.plants[row], technique);
        firms.firm[row].parent = owner;
        firms.firm[row].phase = Phase::Building;
        sites.insert(Site {
            sales: output as f32,
            reserve: true,
            causes: [0.0, 1.0, 0.0],
            stage: Stage::Building,
            capital,
            output,
            ..Site::new(row as u32, owner, k as u16, k as u16, frame.tick)
        });
        let pair = (Host(k), Origin(k));
        moves.announced[pair] += 1;
        moves.capacity_announced[pair] += Volume::within(output);
    }
}

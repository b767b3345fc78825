//! Plants under construction and in their first years: capital goods, staff that learns, buyers to take over.

use engine::grid::Grid;
use engine::money::{Volume, round_half_even};

use super::appraisal::{Appraisal, Work, appraise};
use super::choice;
use super::clearing::cancel;
use super::finance::pay_equity;
use super::frame::{Firms, Frame};
use super::links::{HandOver, SERVED, Watched};
use super::opening::{Suppliers, hire_ahead, open};
use super::sites::{Moves, Site, Sites, Stage};
use super::standby::{Pressure, keep, kept, may_rest, rest};
use super::standing::{backed, others_run};
use crate::axes::{Branch, Host, Importer, Origin, Product, for_all_purposes};
use crate::firms::liquidity::liquidity_target;
use crate::geography::NONE;
use crate::paying::Payments;
use crate::policy::PolicyState;
use crate::state::{Regions, Sourcing};

/// Share of the capital bought at the new place with which a plant counts as complete.
const COMPLETE: f64 = 0.95;
/// Building times after which a plant that cannot open is given up.
const PATIENCE: f64 = 3.0;
/// Share of its output that a plant takes over from the work that moves; the rest it wins or not.
const TAKEN_OVER: f64 = 0.98;
/// Years after the opening in which a firm that moves as a whole closes its old plant at the latest.
const MOVING_YEARS: f64 = 2.0;
/// Share of its output below which a plant that is no longer backed is closed.
const TOO_SMALL: f64 = 0.1;

/// All plants advance by a tick. Returns the buyers that are to change over, if sales by market are given.
pub(super) fn advance(
    frame: Frame,
    sites: &mut Sites,
    firms: &mut Firms,
    suppliers: Suppliers,
    (payments, moves): (&mut Payments, &mut Moves),
    sales: Option<(&Watched, &[f64])>,
) -> Vec<HandOver> {
    let mut step = Step {
        frame,
        opened: sites.sites.iter().map(|s| s.firm).collect(),
        pressure: Pressure::of(frame, sites, firms),
        uncertainty: sites.uncertainty.clone(),
        closing: frame.geography.cells.map(|_| 0),
        firms,
        suppliers,
        payments,
        moves,
        sales,
        overs: Vec::new(),
    };
    for site in &mut sites.sites {
        let before = step.overs.len();
        match site.stage {
            Stage::Planned => step.plan(site),
            Stage::Building => step.construct(site),
            Stage::Standby => step.stand_by(site),
            Stage::Open => step.operate(site),
            Stage::Closing => {}
        }
        for over in step.overs[before..].iter().filter(|x| x.to == NONE) {
            step.closing[over.makers()] += 1;
        }
    }
    without_contradictions(step.overs)
}

/// A plant whose buyers all leave this tick takes over nobody else's.
fn without_contradictions(mut overs: Vec<HandOver>) -> Vec<HandOver> {
    let mut closed = Vec::new();
    overs.retain(|x| {
        let new = x.to != NONE || !closed.contains(&x.from);
        if x.to == NONE && new {
            closed.push(x.from);
        }
        new
    });
    overs.retain(|x| !closed.contains(&x.to));
    overs
}

/// A tick in the life of all plants of the run.
struct Step<'a, 'f, 'p> {
    frame: Frame<'a>,
    firms: &'a mut Firms<'f>,
    suppliers: Suppliers<'a>,
    payments: &'a mut Payments<'p>,
    moves: &'a mut Moves,
    /// Rows of plants that were not there at the founding.
    opened: Vec<u32>,
    pressure: Pressure,
    uncertainty: Vec<f64>,
    /// Firms of each region and industry that close this tick.
    closing: Grid<Branch, usize>,
    sales: Option<(&'a Watched, &'a [f64])>,
    /// Buyers that are to change over.
    overs: Vec<HandOver>,
}

impl Step<'_, '_, '_> {
    /// A planned plant is built once its planning is over, or given up.
    fn plan(&mut self, site: &mut Site) {
        let frame = self.frame;
        if f64::from(frame.tick - site.announced) < frame.ticks(frame.p.location.planning_time) {
            return;
        }
        if goes_ahead(frame, site, self.firms, self.payments.regions, &self.uncertainty) {
            (site.stage, site.begun) = (Stage::Building, frame.tick);
        } else {
            cancel(site, self.firms, self.moves);
        }
    }

    /// A plant under construction buys capital goods, and opens when its first instalment stands; a reserve rests when it is finished.
    fn construct(&mut self, site: &mut Site) {
        let frame = self.frame;
        if !worth_finishing(frame, site, self.firms, self.payments.regions, self.suppliers.policy) {
            cancel(site, self.firms, self.moves);
            return;
        }
        build(frame, site, self.firms, self.payments, self.moves);
        if site.reserve {
            if finished(frame, site, self.firms) {
                complete(site, self.firms, self.moves);
                rest(frame, site, self.firms);
            }
        } else if ready(frame, site, self.firms) {
            let pair = self.open(site);
            self.moves.opened[pair] += 1;
            self.moves.capacity_opened[pair] += Volume::within(site.output);
        }
    }

    /// A plant at rest is kept in repair, and woken where it is needed.
    fn stand_by(&mut self, site: &mut Site) {
        let counted = (&mut *self.payments, &mut *self.moves);
        if keep(self.frame, site, self.firms, &mut self.pressure, self.suppliers.policy, counted) {
            let pair = self.open(site);
            // Buyers in search come by themselves; a reserve has no work to take over, a bought plant that of its owner.
            site.handed = if site.bought { 0.0 } else { site.output };
            site.bought = false;
            self.moves.woken[pair] += 1;
        }
    }

    /// Opens a plant; returns the pair of its region and that of its work.
    fn open(&mut self, site: &mut Site) -> (Host, Origin) {
        open(self.frame, site, &self.opened, self.firms, &mut self.suppliers);
        (Host(self.firms.firm[site.firm as usize].region as usize), Origin(site.origin as usize))
    }

    /// An open plant runs in and takes over buyers; a reserve relieves others while they cannot serve theirs, and rests again.
    fn operate(&mut self, site: &mut Site) {
        let frame = self.frame;
        run_in(frame, site, self.firms, self.payments, self.moves);
        site.reserve &= kept(site, self.firms, self.suppliers.policy);
        if site.reserve {
            if may_rest(frame, site, self.firms, &mut self.pressure, &self.closing) {
                self.overs.push(leave(frame, site.firm as usize, self.firms));
            } else if site.rested == 0 {
                hire_ahead(frame, site, self.firms);
                self.overs.extend(relieve(frame, site, self.firms));
            }
        } else if let Some((watched, sales)) = self.sales {
            let r = frame.geography.region_count();
            let sold = watched.place(site.from).map(|at| &sales[at * r..(at + 1) * r]);
            let over = take_over(frame, site, self.firms, self.suppliers.sourcing, sold, &self.closing);
            // The work of a firm moves once: what opens on its row later is another plant.
            site.whole &= over.iter().all(|x| x.to != NONE);
            self.overs.extend(over);
        }
    }
}

/// Capital that is bought at the new place, volume: all but what is shipped from the old one.
fn to_buy(frame: Frame, site: &Site) -> f64 {
    let shipped = if site.reserve { 0.0 } else { frame.p.location.shipped_share };
    (1.0 - shipped) * site.capital.as_f64()
}

/// Whether all capital of a plant that is bought at its place stands.
fn finished(frame: Frame, site: &Site, firms: &Firms) -> bool {
    firms.plants[site.firm as usize].capital.as_f64() >= COMPLETE * to_buy(frame, site)
}

/// All capital of a plant that is bought at its place has come.
fn complete(site: &mut Site, firms: &Firms, moves: &mut Moves) {
    let again = std::mem::replace(&mut site.counted, true);
    site.complete = true;
    let place = firms.firm[site.firm as usize].region as usize;
    moves.completed[(Host(place), Origin(site.origin as usize))] += i64::from(!again);
}

/// What the work of a plant saves there, and what the plant costs, as things are now.
fn appraised(frame: Frame, site: &Site, firms: &Firms, regions: &Regions) -> Appraisal {
    let (row, from) = (&firms.firm[site.firm as usize], &firms.firm[site.from as usize]);
    let work = Work {
        here: from.area as usize,
        there: row.area as usize,
        market: site.market as usize,
        j: row.industry as usize,
        volume: f64::from(site.sales),
        advantage: f64::from(site.advantage),
    };
    appraise(frame, regions, work, true)
}

/// Whether the owner of a planned plant decides to build it: it would announce it again, given how it decided then.
fn goes_ahead(frame: Frame, site: &Site, firms: &Firms, regions: &Regions, uncertainty: &[f64]) -> bool {
    let hurdle = frame.hurdle(uncertainty[site.market as usize]);
    let found = appraised(frame, site, firms, regions);
    found.gain > found.cost && found.net() - hurdle > f64::from(site.resolve)
}

/// Whether what a plant will save still covers what it still costs.
fn worth_finishing(frame: Frame, site: &Site, firms: &Firms, regions: &Regions, policy: &PolicyState) -> bool {
    if site.reserve {
        return kept(site, firms, policy);
    }
    let age = f64::from(frame.tick - site.begun);
    if age > PATIENCE * frame.ticks(frame.p.location.building_time) {
        return false;
    }
    // Rule: a plant is built at most once; shipped capital can come on top of what was to be bought.
    let built = (firms.plants[site.firm as usize].capital.as_f64() / to_buy(frame, site).max(1.0)).min(1.0);
    let found = appraised(frame, site, firms, regions);
    found.gain >= found.cost * (1.0 - built)
}

/// Orders the capital goods of a tick, paid by the owner and a loan of the local bank.
fn build(frame: Frame, site: &Site, firms: &mut Firms, payments: &mut Payments, moves: &mut Moves) {
    let row = site.firm as usize;
    let plant = &firms.plants[row];
    let price = payments.regions.states[plant.region as usize].prices.capital;
    let whole = to_buy(frame, site);
    let step = whole / frame.ticks(frame.p.location.building_time);
    // Rules: no more than is missing, nothing sold back, no more than money and credit buy.
    let missing = (whole - plant.capital.as_f64()).max(0.0);
    let wish = step.min(missing) + plant.depreciation.as_f64();
    let room =
        (frame.p.firms.loan_to_value_limit * plant.capital.as_f64() * price - firms.books[row].loans as f64).max(0.0);
    let credit = round_half_even((frame.p.firms.expansion_debt_share * wish * price).min(room));
    let short = round_half_even(wish * price) - credit - firms.books[row].deposits;
    firms.plan[row].credit = credit;
    if short > 0 {
        pay_equity(frame, row, short, firms, payments, moves);
    }
    let affordable = ((firms.books[row].deposits + credit) as f64 / price).max(0.0);
    firms.plan[row].investment = Volume::rounded(wish.min(affordable));
}

/// Whether a plant under construction can open with its first instalment.
fn ready(frame: Frame, site: &Site, firms: &Firms) -> bool {
    let p = &frame.p.location;
    let age = f64::from(frame.tick - site.begun);
    frame.usable(&firms.firm[site.firm as usize])
        && age >= p.first_instalment * frame.ticks(p.building_time)
        && firms.plants[site.firm as usize].capital.as_f64() >= p.first_instalment * to_buy(frame, site)
}

/// Share of labour in the value of output of a region's industry at the base.
fn industry_labour_share(frame: Frame, region: usize, j: usize) -> f64 {
    frame.base.regions[region].compensation[j] / frame.base.regions[region].output[j]
}

/// An open plant learns, finishes its capital, and is backed by its owner for some years.
fn run_in(frame: Frame, site: &mut Site, firms: &mut Firms, payments: &mut Payments, moves: &mut Moves) {
    let (row, p) = (site.firm as usize, &frame.p.location);
    let (area, from) = (firms.firm[row].area as usize, firms.firm[site.from as usize].area as usize);
    let done = finished(frame, site, firms);
    let (plant, j) = (&mut firms.plants[row], firms.firm[row].industry as usize);
    site.made += plant.output.as_f64();
    // Rules: a fall of staff hires nobody, and who has learned is part of the staff.
    let hired = (plant.labour - site.staff).max(0.0);
    let ready = site.trained + frame.schooled[plant.region as usize] * hired;
    site.trained = (ready + (plant.labour - ready).max(0.0) / frame.ticks(p.training_time)).min(plant.labour);
    site.staff = plant.labour;
    let year = f64::from(frame.settings.ticks_per_year) * site.output;
    plant.efficiency = choice::learning(site.made, p.learning_years * year, p.learning_start)
        * choice::training(site.trained, plant.labour, p.untrained_productivity)
        * choice::skills(&plant.employees, &plant.vacancies, p.skill_need)
        * choice::suppliers(
            frame.outlook.local(plant.region as usize, j)[0] * frame.outlook.density(area, j),
            frame.outlook.local(site.origin as usize, j)[1] * frame.outlook.density(from, j),
            p.supplier_elasticity,
        )
        * choice::carriage(
            frame.outlook.carriage_of(area, site.market as usize, j),
            industry_labour_share(frame, plant.region as usize, j),
        );
    plant.learning = backed(frame, site);
    if !site.complete && done {
        complete(site, firms, moves);
    }
    if !backed(frame, site) {
        return;
    }
    let plant = &firms.plants[row];
    let price = payments.regions.states[plant.region as usize].prices.capital;
    let missing = (to_buy(frame, site) - plant.capital.as_f64()).max(0.0);
    let step = (to_buy(frame, site) / frame.ticks(p.building_time)).min(missing);
    let investment = firms.plan[row].investment.max(Volume::rounded(step) + plant.depreciation);
    if site.handed < TAKEN_OVER * site.output {
        hire_ahead(frame, site, firms);
    }
    let months = frame.settings.months_per_tick();
    // Rule: working capital for a quarter of full output at least, before buyers have come.
    let demand = firms.offer[row].demand_expected.max(0.25 * site.output);
    let working = 0.5 * liquidity_target(&frame.p.firms, months, demand, firms.offer[row].price);
    let growth = if missing > 0.0 { investment.as_f64() * price } else { 0.0 };
    let short = round_half_even(working + growth) - firms.books[row].deposits;
    if short > 0 {
        pay_equity(frame, row, short, firms, payments, moves);
    }
    if missing > 0.0 {
        firms.plan[row].investment = investment;
    }
}

/// Buyers that an open plant takes over this tick; or the closing of the plant whose work has moved, or of the plant itself.
fn take_over(
    frame: Frame,
    site: &Site,
    firms: &Firms,
    sourcing: &Sourcing,
    sold: Option<&[f64]>,
    closing: &Grid<Branch, usize>,
) -> Vec<HandOver> {
    let (row, from) = (site.firm as usize, site.from as usize);
    let j = firms.firm[row].industry;
    let own: f64 = match sold {
        Some(sold) if from != row && firms.firm[from].produces() => sold[site.market as usize],
        _ => 0.0,
    };
    if !backed(frame, site) {
        let small = firms.offer[row].demand_expected < TOO_SMALL * site.output;
        return if small && others_run(frame, row, firms, closing) { vec![leave(frame, row, firms)] } else { vec![] };
    }
    let mut overs = Vec::new();
    let plant = &firms.plants[row];
    let staffed = plant.labour * plant.labour_productivity * plant.efficiency;
    let normal = frame.p.firms.capacity_utilisation * frame.capacity(&firms.firm[row], plant);
    // Rule: buyers come as staff and capital can serve them, and no more than the plant was built for.
    let free = staffed.min(normal) - firms.offer[row].demand_expected;
    let quota = free.min(site.output - site.handed);
    if quota > 0.0 && site.handed < TAKEN_OVER * site.output {
        let cell = (Importer(site.market as usize), Origin(site.origin as usize), Product(j as usize));
        let all = for_all_purposes(&sourcing.ordered, cell).as_f64();
        // `own` counts usual orders, `all` those of the last tick, so that either can be the larger.
        let rest = (all - own).max(0.0);
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
        overs.push(HandOver {
            to: site.firm,
            from: site.from,
            origin: site.origin,
            product: j,
            chance: share(quota, own),
            chance_others: share(quota - own, rest),
            unserved: false,
            largest: 2.0 * quota,
            markets: vec![site.market],
        });
    }
    // What a plant won by itself counts too: then its owner does not need the old one any more.
    let busy = firms.offer[row].demand_expected >= 0.9 * site.output;
    let late = f64::from(frame.tick - site.opened) >= MOVING_YEARS * f64::from(frame.settings.ticks_per_year);
    let done = late || busy || site.handed >= TAKEN_OVER * site.output || own < TOO_SMALL * site.output;
    if site.whole && done && firms.firm[from].produces() && others_run(frame, from, firms, closing) {
        overs.push(leave(frame, from, firms));
    }
    overs
}

/// Buyers of firms of the region that cannot serve them change to an open reserve as far as it has staff and capital for them.
fn relieve(frame: Frame, site: &Site, firms: &Firms) -> Option<HandOver> {
    let row = site.firm as usize;
    let (plant, offer) = (&firms.plants[row], &firms.offer[row]);
    let staffed = plant.labour * plant.labour_productivity * plant.efficiency;
    let free = staffed.min(frame.p.firms.capacity_utilisation * offer.capacity) - offer.demand_expected;
    let cell = firms.firm[row].branch();
    let waiting: f64 = frame.geography.cells[cell]
        .iter()
        .map(|&i| &firms.offer[i as usize])
        .filter(|o| o.capacity > 0.0 && o.service < SERVED)
        .map(|o| o.demand_expected)
        .sum();
    (free > 0.0 && waiting > 0.0).then(|| HandOver {
        // Nobody's work moves: no capital is shipped, and nobody is laid off for it.
        from: site.firm,
        to: site.firm,
        chance: 0.0,
        // Rule: a probability.
        chance_others: (free / waiting).min(1.0),
        unserved: true,
        largest: 2.0 * free,
        ..leave(frame, row, firms)
    })
}

/// All buyers of a plant change to others of its region.
fn leave(frame: Frame, row: usize, firms: &Firms) -> HandOver {
    HandOver {
        to: NONE,
        from: row as u32,
        origin: firms.firm[row].region,
        product: firms.firm[row].industry,
        chance: 1.0,
        chance_others: 0.0,
        unserved: false,
        largest: f64::INFINITY,
        markets: (0..frame.geography.region_count() as u16).collect(),
    }
}

//! Plants that close or are put to rest: their buyers have gone, their goods pass to a neighbour, their capital is scrapped, their books are
//! wound up in the tick after, when the last wages are paid.

use engine::money::{Money, Volume, converted, payment};

use super::clearing::scrap;
use super::finance::transfer;
use super::frame::{Firms, Frame};
use super::links::HandOver;
use super::sites::{Moves, Sites, Stage};
use super::standby::{rest, worth_keeping};
use crate::accounts::Why;
use crate::axes::{FirmId, Host, Origin, Owner, Product};
use crate::components::{Books, Phase};
use crate::geography::{NONE, SKILLS};
use crate::paying::Payments;
use crate::state::{Inventories, Regions};
use crate::tally::Tally;

/// Closes the plants that gave all their work away: a founding firm keeps its head office, an affiliate leaves its site.
pub(super) fn close_emptied(
    frame: Frame,
    overs: &[HandOver],
    sites: &mut Sites,
    firms: &mut Firms,
    inventories: &mut Inventories,
    regions: &Regions,
    moves: &mut Moves,
) {
    for over in overs.iter().filter(|x| x.to == NONE) {
        let row = over.from as usize;
        pass_on(frame, row, firms, inventories, regions);
        let site = sites.sites.binary_search_by_key(&over.from, |s| s.firm);
        let rests = site.is_ok_and(|at| {
            let site = &sites.sites[at];
            site.reserve || worth_keeping(frame, site, firms)
        });
        if !rests {
            scrap(row, firms, moves);
        }
        let severance = (frame.p.location.severance / frame.settings.months_per_tick()) as f32;
        let plant = &mut firms.plants[row];
        (plant.staff_planned, plant.employees_desired, plant.severance, plant.learning) = (0.0, 0, severance, false);
        firms.offer[row].demand_expected = 0.0;
        firms.offer[row].demand_lasting = 0.0;
        firms.plan[row].output = Volume::ZERO;
        firms.plan[row].investment = Volume::ZERO;
        match site {
            Ok(at) if rests => {
                let site = &mut sites.sites[at];
                rest(frame, site, firms);
                moves.mothballed[(Host(firms.firm[row].region as usize), Origin(site.origin as usize))] += 1;
            }
            Ok(at) => {
                firms.firm[row].phase = Phase::Vacant;
                let site = &mut sites.sites[at];
                site.stage = Stage::Closing;
                moves.closed[(Host(firms.firm[row].region as usize), Origin(site.origin as usize))] += 1;
            }
            Err(_) => firms.firm[row].phase = Phase::Office,
        }
    }
}

/// Finished goods and inputs pass to the largest firm of the region and industry, which pays for the inputs what it can.
fn pass_on(frame: Frame, row: usize, firms: &mut Firms, inventories: &mut Inventories, regions: &Regions) {
    let g = frame.base.products;
    let k = firms.firm[row].region as usize;
    let heir = frame.geography.cells[firms.firm[row].branch()]
        .iter()
        .map(|&i| i as usize)
        .filter(|&i| i != row && firms.firm[i].produces())
        .max_by(|&a, &b| firms.offer[a].capacity.total_cmp(&firms.offer[b].capacity).then(b.cmp(&a)));
    let Some(heir) = heir else { return };
    let finished = std::mem::take(&mut firms.offer[row].stock);
    firms.offer[heir].stock += finished;
    let mut value: Money = 0;
    for x in 0..g {
        let volume = std::mem::take(&mut inventories.inputs[(FirmId(row), Product(x))]);
        inventories.inputs[(FirmId(heir), Product(x))] += volume;
        value += payment(regions.states[k].prices.inputs[x], volume);
    }
    let floor = 0.5 * frame.liquidity_target(&firms.offer[heir]);
    // Rule: the heir pays what it can spare, nothing if it is short itself.
    let paid = value.min(firms.books[heir].deposits - floor as i64).max(0);
    firms.books[heir].deposits -= paid;
    firms.books[row].deposits += paid;
    firms.flows[heir].inputs += paid;
    firms.flows[row].inputs -= paid;
    firms.flows[heir].materials_change += value;
    firms.flows[row].materials_change -= value;
}

/// Winds up the books of the plants that closed in the tick before: loans are repaid, the rest returns to the owner; what
/// deposits do not cover the owner pays, and what it cannot pay the bank bears.
pub(super) fn wind_up(
    frame: Frame,
    sites: &mut Sites,
    firms: &mut Firms,
    payments: &mut Payments,
    moves: &mut Moves,
    tally: &mut Tally,
) {
    for site in sites.sites.iter().filter(|s| s.stage == Stage::Closing) {
        let row = site.firm as usize;
        let k = firms.firm[row].region as usize;
        let owed = firms.books[row].loans - firms.books[row].deposits;
        if let Some(owner) = firms.firm[row].owner().filter(|_| owed > 0) {
            let home = firms.firm[owner].region as usize;
            let call = converted(owed, payments.exchange_rate(k, home)).min(firms.books[owner].deposits).max(0);
            transfer((owner, row), call, firms, payments);
            moves.invested[(Owner(home), Host(k))] += call;
        }
        // Rule: each pays as far as its deposits go, and an overdraft pays nothing; what is left of the debt the bank loses.
        let repaid = firms.books[row].loans.min(firms.books[row].deposits).max(0);
        firms.books[row].deposits -= repaid;
        let (lost, overdraft) = (firms.books[row].loans - repaid, (-firms.books[row].deposits).max(0));
        payments.post(k, Why::LoansRepaid, repaid);
        payments.write_off(frame.geography.bank_of(firms.firm[row].zone), lost, overdraft);
        tally.loan_losses[k] += lost + overdraft;
        let rest = firms.books[row].deposits.max(0);
        firms.books[row] = Books { deposits: rest, ..Books::default() };
        if let Some(owner) = firms.firm[row].owner() {
            let returned = transfer((row, owner), rest, firms, payments);
            moves.invested[(Owner(firms.firm[owner].region as usize), Host(k))] -= returned;
        } else {
            firms.books[row].deposits = 0;
            payments.post(k, Why::Dividends, rest);
        }
        firms.firm[row].parent = NONE;
        firms.plants[row].skill_mix = [0; SKILLS];
        firms.plants[row].efficiency = 1.0;
    }
    // A row that is vacant again can be another plant next: nobody takes over work from it any more. Its owner's work is meant
    // instead, if that is done in the same region.
    let gone: Vec<u32> = sites.sites.iter().filter(|s| s.stage == Stage::Closing).map(|s| s.firm).collect();
    for site in sites.sites.iter_mut().filter(|s| gone.binary_search(&s.from).is_ok()) {
        let owner = firms.firm[site.firm as usize].owner();
        let there = owner.filter(|&owner| firms.firm[owner].region == site.origin);
        (site.from, site.whole) = (there.map_or(site.firm, |owner| owner as u32), false);
        site.handed = site.handed.max(site.output);
    }
    sites.sites.retain(|s| s.stage != Stage::Closing);
}

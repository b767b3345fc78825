//! Buyers of a moving firm: who they are, and how they change over to its new plant.

use std::ops::Range;

use engine::grid::Grid;
use engine::rng::{hash, unit};
use rayon::prelude::*;

use crate::axes::{Branch, Importer, Industry, Product, RegionId};
use crate::components::Firm;
use crate::geography::{Geography, NONE};
use crate::markets::batches::{batches, link_width, pieces};
use crate::markets::sourcing::SellerChoice;
use crate::markets::suppliers::{Usual, draw_seller};
use crate::purpose::Purpose;
use crate::state::Supply;

/// Sellers whose buyers are sought: few, so that a bit each stays in cache while all links are gone through.
pub(super) struct Watched {
    /// Rows, ascending.
    pub(super) rows: Vec<u32>,
    bits: Vec<u64>,
    /// Whether any of them makes the product.
    products: Vec<bool>,
}

impl Watched {
    pub(super) fn new(mut rows: Vec<u32>, firm: &[Firm], products: usize) -> Self {
        rows.sort_unstable();
        rows.dedup();
        let mut bits = vec![0; firm.len().div_ceil(64)];
        let mut made = vec![false; products];
        for &row in &rows {
            bits[row as usize / 64] |= 1 << (row % 64);
            made[firm[row as usize].industry as usize] = true;
        }
        Self { rows, bits, products: made }
    }

    fn contains(&self, row: u32) -> bool {
        self.bits[row as usize / 64] >> (row % 64) & 1 == 1
    }

    /// Place of a row in the list.
    pub(super) fn place(&self, row: u32) -> Option<usize> {
        self.rows.binary_search(&row).ok()
    }
}

/// Usual orders of the watched sellers by market, volume a tick, index `place * regions + market`.
pub(super) fn sales_by_market(geography: &Geography, supply: &Supply, usual: &Usual, watched: &Watched) -> Vec<f64> {
    let r = geography.region_count();
    let batches = batches(geography);
    let found: Vec<Vec<(u32, f64)>> = batches
        .par_iter()
        .map(|batch| {
            let mut out = Vec::new();
            for purchaser in (batch.from..batch.to).filter(|&i| usual.buys(i)) {
                for (line, item) in supply.lines.of(purchaser).filter(|x| watched.products[x.1.product as usize]) {
                    for link in supply.lines.links_of(line) {
                        let seller = supply.sellers[link];
                        if watched.contains(seller) {
                            let share = f64::from(supply.lines.shares[link]);
                            out.push((seller, share * usual.order(purchaser, batch.region, item)));
                        }
                    }
                }
            }
            out
        })
        .collect();
    let mut sales = vec![0.0; watched.rows.len() * r];
    for (batch, found) in batches.iter().zip(found) {
        for (seller, volume) in found {
            if let Some(place) = watched.place(seller) {
                sales[place * r + batch.region] += volume;
            }
        }
    }
    sales
}

/// Buyers asked to change from sellers of one origin to a plant, or (without one) to others of the origin.
pub(super) struct HandOver {
    /// Row of the plant that takes over, or `NONE`.
    pub(super) to: u32,
    /// Row whose buyers change first.
    pub(super) from: u32,
    pub(super) origin: u16,
    pub(super) product: u16,
    /// Probability that a buyer of `from` changes.
    pub(super) chance: f64,
    /// Probability that a buyer of another firm of the origin changes: an agent plant stands for plants of several firms.
    pub(super) chance_others: f64,
    /// Whether only buyers of sellers that cannot serve them change.
    pub(super) unserved: bool,
    /// Largest order that changes, volume a tick.
    pub(super) largest: f64,
    /// Regions whose buyers are asked.
    pub(super) markets: Vec<u16>,
}

impl HandOver {
    /// The industry of the origin that makes what is handed over.
    pub(super) fn makers(&self) -> Branch {
        (RegionId(self.origin as usize), Industry(self.product as usize))
    }
}

/// Share of first-choice orders from which on a seller counts as serving its buyers.
pub(super) const SERVED: f64 = 0.98;

/// An order that changed over.
pub(super) struct Handed {
    /// Place of the hand-over in the list.
    pub(super) over: usize,
    /// Row it was placed with, and is placed with now.
    pub(super) seller: u32,
    pub(super) now: u32,
    pub(super) market: usize,
    pub(super) purpose: Purpose,
    /// Usual volume a tick.
    pub(super) volume: f64,
}

/// Changes the sellers of links and returns what changed, in the order of links.
pub(super) fn hand_over(
    geography: &Geography,
    choice: &SellerChoice,
    usual: &Usual,
    supply: &mut Supply,
    overs: &[HandOver],
    key: u64,
) -> Vec<Handed> {
    let (r, g) = (geography.region_count(), geography.product_count());
    let mut concerned = Grid::<(Importer, Product), Vec<usize>>::filled([r, g], Vec::new());
    for (k, over) in overs.iter().enumerate() {
        for &d in &over.markets {
            concerned[(Importer(d as usize), Product(over.product as usize))].push(k);
        }
    }
    let closing: Vec<u32> = overs.iter().filter(|x| x.to == NONE).map(|x| x.from).collect();
    let batches = batches(geography);
    let Supply { lines, sellers } = supply;
    let change = |link: usize, seller: u32, volume: f64, list: &[usize]| -> Option<(usize, u32)> {
        let origin = usual.firm[seller as usize].region;
        list.iter().find_map(|&k| {
            let over = &overs[k];
            let chance = if seller == over.from {
                over.chance
            } else if origin == over.origin && seller != over.to && !closing.contains(&seller) {
                let served = usual.offer[seller as usize].service >= SERVED;
                if over.unserved && served { 0.0 } else { over.chance_others }
            } else {
                0.0
            };
            if chance <= 0.0 || volume > over.largest || unit(hash(key, link as u64, u64::from(over.to))) >= chance {
                return None;
            }
            let to = if over.to == NONE {
                another_seller(geography, choice, over.makers(), &closing, hash(key, link as u64, 1))
            } else {
                over.to
            };
            Some((k, to))
        })
    };
    let found: Vec<Vec<Handed>> = pieces(sellers, &batches, |b| link_width(lines, b))
        .into_par_iter()
        .zip(&batches)
        .map(|(sellers, batch)| {
            let mut out = Vec::new();
            let offset = lines.first_link(batch.from);
            for purchaser in (batch.from..batch.to).filter(|&i| usual.buys(i)) {
                for (line, item) in lines.of(purchaser) {
                    let list = &concerned[(Importer(batch.region), item.product())];
                    if list.is_empty() {
                        continue;
                    }
                    let order = usual.order(purchaser, batch.region, item);
                    let range: Range<usize> = lines.links_of(line);
                    for link in range {
                        let seller = &mut sellers[link - offset];
                        let volume = f64::from(lines.shares[link]) * order;
                        if let Some((over, now)) = change(link, *seller, volume, list) {
                            let (before, purpose) = (*seller, item.purpose);
                            *seller = now;
                            out.push(Handed { over, seller: before, now, market: batch.region, purpose, volume });
                        }
                    }
                }
            }
            out
        })
        .collect();
    found.into_iter().flatten().collect()
}

/// A seller of a cell that does not close.
fn another_seller(geography: &Geography, choice: &SellerChoice, cell: Branch, closing: &[u32], word: u64) -> u32 {
    let drawn = (0..16).map(|n| draw_seller(geography, choice, cell, hash(word, n, 7)));
    let first = choice.cumulative[cell].iter().zip(&geography.cells[cell]).scan(0.0, |below, (&upto, &row)| {
        let weight = upto - *below;
        *below = upto;
        Some((weight, row))
    });
    // Where one firm has nearly all of the weight and closes, the first of the others takes over.
    drawn
        .chain(first.filter(|x| x.0 > 0.0).map(|x| x.1))
        .find(|row| !closing.contains(row))
        .unwrap_or_else(|| draw_seller(geography, choice, cell, word))
}

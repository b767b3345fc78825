//! Purchasers in batches, whose lines and links are worked on in parallel.

use crate::geography::Geography;
use crate::state::SupplyLines;

/// A fixed run of purchasers of one region, the unit of parallel work.
pub struct Batch {
    /// Region of the purchasers.
    pub region: usize,
    /// First purchaser.
    pub from: usize,
    /// One past the last purchaser.
    pub to: usize,
}

/// Batches that tile all purchasers: firms by region in chunks, then one batch a government.
#[must_use]
pub fn batches(geography: &Geography) -> Vec<Batch> {
    const CHUNK: usize = 512;
    let mut out = Vec::new();
    for (region, r) in geography.regions.iter().enumerate() {
        let span = r.firms.range();
        for from in span.clone().step_by(CHUNK) {
            out.push(Batch { region, from, to: (from + CHUNK).min(span.end) });
        }
    }
    for region in 0..geography.region_count() {
        let at = geography.firms + region;
        out.push(Batch { region, from: at, to: at + 1 });
    }
    out
}

/// Splits a column into the pieces of the batches: `width(batch)` elements each.
pub fn pieces<'a, T>(mut rest: &'a mut [T], batches: &[Batch], width: impl Fn(&Batch) -> usize) -> Vec<&'a mut [T]> {
    batches
        .iter()
        .map(|batch| {
            let (piece, tail) = std::mem::take(&mut rest).split_at_mut(width(batch));
            rest = tail;
            piece
        })
        .collect()
}

/// Links of a batch.
#[must_use]
pub fn link_width(lines: &SupplyLines, batch: &Batch) -> usize {
    lines.first_link(batch.to) - lines.first_link(batch.from)
}

//! Supplier links at the base: the table's flows split over actual buyers and sellers.
//!
//! Buyers of a cell are laid end to end in a keyed order, and so are the origins by their shares: each overlap is
//! a trade relation. The relations of an (origin, product) are then laid end to end against the sellers'
//! capacities. Shares are split, not drawn, so flows at tick 0 equal the table whatever the number of agents, with
//! about one link a buyer and line.

use engine::money::Volume;
use engine::rng::hash;
use rayon::prelude::*;

use super::base::{Base, Purpose};
use super::households::apportion;
use crate::geography::Geography;
use crate::state::{LineItem, Supply};

/// A purchaser's need on one of its lines.
#[derive(Clone, Copy, Debug)]
struct Need {
    purchaser: u32,
    line: u32,
    amount: i64,
}

/// Part of a need bought from one origin.
#[derive(Clone, Copy, Debug)]
struct Relation {
    line: u32,
    amount: i64,
    key: u64,
}

/// Lays out the lines of all purchasers: inputs, capital goods, goods for resale; government purchases last.
#[must_use]
pub fn lines(geography: &Geography, base: &Base, firm_industry: &[u16], firm_zone: &[u32]) -> Supply {
    let g = base.products;
    let mut supply = Supply { line_start: vec![0], ..Supply::default() };
    let push = |items: &mut Vec<LineItem>, product: usize, purpose: Purpose| {
        items.push(LineItem { product: product as u16, purpose });
    };
    for (i, &j) in firm_industry.iter().enumerate() {
        let r = geography.zones[firm_zone[i] as usize].region as usize;
        for p in 0..g {
            if base.requirement(r, j as usize, p) > 0.0 {
                push(&mut supply.lines, p, Purpose::Intermediate);
            }
        }
        for p in 0..g {
            if base.regions[r].capital_mix[p] > 0.0 {
                push(&mut supply.lines, p, Purpose::Capital);
            }
        }
        if j as usize == geography.products.trade {
            for p in 0..g {
                if base.origins(Purpose::Resale, r, p).iter().sum::<f64>() > 0.0 {
                    push(&mut supply.lines, p, Purpose::Resale);
                }
            }
        }
        supply.line_start.push(supply.lines.len() as u32);
    }
    for r in 0..geography.region_count() {
        for p in 0..g {
            if base.regions[r].government_volume[p] > 0.0 {
                push(&mut supply.lines, p, Purpose::Government);
            }
        }
        supply.line_start.push(supply.lines.len() as u32);
    }
    supply
}

/// Links every line to sellers. `needs` is the volume of each line a tick, `capacity(origin, product)` the weight of
/// each seller of the cell. Returns the supply with links and each firm's business sales a tick.
#[must_use]
pub fn connect(
    geography: &Geography,
    base: &Base,
    mut supply: Supply,
    firm_industry: &[u16],
    needs: &[Volume],
    capacity: &[f64],
) -> (Supply, Vec<Volume>) {
    let (r, g) = (geography.region_count(), base.products);
    let relations = relations_by_origin(geography, base, &supply, firm_industry, needs);
    let joined: Vec<Vec<(u32, u32, i64)>> =
        (0..r * g).into_par_iter().map(|cell| join(&relations[cell], &geography.cells[cell], capacity)).collect();
    let mut sales = vec![0; capacity.len()];
    let mut count = vec![0u32; supply.lines.len() + 1];
    for cell in &joined {
        for &(line, seller, amount) in cell {
            sales[seller as usize] += amount;
            count[line as usize + 1] += 1;
        }
    }
    for i in 1..count.len() {
        count[i] += count[i - 1];
    }
    let total = count[count.len() - 1] as usize;
    supply.sellers = vec![0; total];
    supply.shares = vec![0.0; total];
    let mut next = count.clone();
    for cell in &joined {
        for &(line, seller, amount) in cell {
            let at = next[line as usize] as usize;
            supply.sellers[at] = seller;
            supply.shares[at] = (amount as f64 / needs[line as usize] as f64) as f32;
            next[line as usize] += 1;
        }
    }
    supply.link_start = count;
    (supply, sales)
}

/// Splits all needs over origins; one list of relations an (origin, product) cell.
fn relations_by_origin(
    geography: &Geography,
    base: &Base,
    supply: &Supply,
    firm_industry: &[u16],
    needs: &[Volume],
) -> Vec<Vec<Relation>> {
    let (r, g) = (geography.region_count(), base.products);
    let mut relations = vec![Vec::new(); r * g];
    for d in 0..r {
        // Group needs by (purpose, buyer industry, product): each group has its own origin shares.
        let mut groups: Vec<Vec<Need>> = vec![Vec::new(); (g + 3) * g];
        let firms = geography.regions[d].firms.range();
        for purchaser in firms.chain(std::iter::once(geography.firms + d)) {
            for line in supply.lines_of(purchaser) {
                let item = supply.lines[line];
                let block = match item.purpose {
                    Purpose::Intermediate => firm_industry[purchaser] as usize,
                    Purpose::Capital => g,
                    Purpose::Resale => g + 1,
                    Purpose::Government => g + 2,
                };
                groups[block * g + item.product as usize].push(Need {
                    purchaser: purchaser as u32,
                    line: line as u32,
                    amount: needs[line],
                });
            }
        }
        for (group, members) in groups.iter_mut().enumerate().filter(|(_, m)| !m.is_empty()) {
            let (block, p) = (group / g, group % g);
            let shares = match block {
                b if b < g => base.input_origins(d, b, p),
                b if b == g => base.origins(Purpose::Capital, d, p),
                b if b == g + 1 => base.origins(Purpose::Resale, d, p),
                _ => base.origins(Purpose::Government, d, p),
            };
            split(members, shares, group as u64, |origin, relation| relations[origin * g + p].push(relation));
        }
    }
    relations
}

/// Lays the needs of a group against the origins' shares.
fn split(members: &mut [Need], shares: &[f64], salt: u64, mut put: impl FnMut(usize, Relation)) {
    members.sort_by_key(|n| (hash(u64::from(n.purchaser), salt, 1), n.line));
    let total: i64 = members.iter().map(|n| n.amount).sum();
    let quota = apportion(total, shares);
    let mut origin = 0;
    let mut room = quota[0];
    for need in members.iter() {
        let mut left = need.amount;
        while left > 0 {
            while room == 0 {
                origin += 1;
                room = quota[origin];
            }
            let amount = left.min(room);
            put(origin, Relation { line: need.line, amount, key: hash(u64::from(need.line), origin as u64, 2) });
            left -= amount;
            room -= amount;
        }
    }
}

/// Lays the relations of an (origin, product) against its sellers: `(line, seller, amount)`.
fn join(relations: &[Relation], sellers: &[u32], capacity: &[f64]) -> Vec<(u32, u32, i64)> {
    let total: i64 = relations.iter().map(|x| x.amount).sum();
    if total == 0 {
        return Vec::new();
    }
    let weights: Vec<f64> = sellers.iter().map(|&s| capacity[s as usize]).collect();
    let quota = apportion(total, &weights);
    let mut order: Vec<&Relation> = relations.iter().collect();
    order.sort_by_key(|x| (x.key, x.line));
    let mut out = Vec::with_capacity(relations.len() + sellers.len());
    let mut k = 0;
    let mut room = quota[0];
    for relation in order {
        let mut left = relation.amount;
        while left > 0 {
            while room == 0 {
                k += 1;
                room = quota[k];
            }
            let amount = left.min(room);
            out.push((relation.line, sellers[k], amount));
            left -= amount;
            room -= amount;
        }
    }
    out
}

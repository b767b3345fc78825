//! Supplier links at the base: the table's flows split over actual buyers and sellers.
//!
//! Buyers of a cell are laid end to end in a keyed order, and so are the origins by their shares: each overlap is
//! a trade relation. The relations of an (origin, product) are then laid end to end against the sellers' capacities, by
//! zone of the seller: buyers at home by their own place, so that firms deal with their neighbours first, buyers abroad
//! spread over the country. Trade falls with distance within countries too (Wolf 2000), and neighbours in
//! the accounts are neighbours in memory. Shares are split, not drawn, so flows at tick 0 equal the table whatever the
//! number of agents, with about one link a buyer and line.

use engine::money::Volume;
use engine::rng::hash;
use rayon::prelude::*;

use super::base::Base;
use super::households::apportion;
use crate::axes::{Importer, Industry, Product, RegionId};
use crate::geography::Geography;
use crate::purpose::Purpose;
use crate::state::{LineItem, Supply, SupplyLines};

/// Largest relation, as a share of all purchases of the buyer's or the seller's region,
/// whichever is smaller: a large buyer has several suppliers, and no single decision moves a region's imports, exports or output.
const LARGEST_LINK: f64 = 5e-5;

/// A purchaser's need on one of its lines.
#[derive(Clone, Copy, Debug)]
struct Need {
    purchaser: u32,
    line: u32,
    amount: Volume,
    /// Which part of the purchaser's need this is.
    part: u32,
}

/// Part of a need bought from one origin.
#[derive(Clone, Copy, Debug)]
struct Relation {
    line: u32,
    amount: Volume,
    /// Place along the origin's sellers, a fraction of 2^32.
    place: u32,
}

/// Lays out the lines of all purchasers: inputs, capital goods, goods for resale; government purchases last.
#[must_use]
pub fn lines(geography: &Geography, base: &Base, firm_industry: &[u16], firm_region: &[u16]) -> Supply {
    let (regions, g) = (geography.region_count(), base.products);
    let lines = SupplyLines { line_start: vec![0], ..SupplyLines::default() };
    let mut supply = Supply { lines, ..Supply::default() };
    let items = |purpose: Purpose, buys: &dyn Fn(usize) -> bool| -> Vec<LineItem> {
        (0..g).filter(|&p| buys(p)).map(|p| LineItem { product: p as u16, purpose }).collect()
    };
    for cell in 0..regions * g {
        let (r, j) = (cell / g, cell % g);
        let mut list = items(Purpose::Intermediate, &|p| base.requirement(r, j, p) > 0.0);
        list.extend(items(Purpose::Capital, &|p| base.regions[r].capital_mix[p] > 0.0));
        if j == geography.products.trade {
            list.extend(items(Purpose::Resale, &|p| base.origins(Purpose::Resale, r, p).iter().sum::<f64>() > 0.0));
        }
        supply.lines.patterns.push(list);
    }
    for r in 0..regions {
        supply.lines.patterns.push(items(Purpose::Government, &|p| base.regions[r].government_volume[p] > 0.0));
    }
    let firms = firm_region.iter().zip(firm_industry).map(|(&r, &j)| r as usize * g + j as usize);
    let mut count = 0;
    for pattern in firms.chain(regions * g..regions * g + regions) {
        supply.lines.pattern.push(pattern as u32);
        count += supply.lines.patterns[pattern].len() as u32;
        supply.lines.line_start.push(count);
    }
    supply
}

/// A link while it is sought: line, seller, share of the line.
type Link = (u32, u32, f32);

/// Links every line to sellers. `needs` is the volume of each line a tick, `capacity` the weight of each seller within
/// its cell. Vacant sites get one link a line, which is drawn anew when a plant opens there. Returns the supply with links
/// and each firm's business sales a tick.
#[must_use]
pub fn connect(
    geography: &Geography,
    base: &Base,
    mut supply: Supply,
    firm_industry: &[u16],
    needs: &[Volume],
    capacity: &[f64],
    vacant: &[bool],
) -> (Supply, Vec<Volume>) {
    let (r, g) = (geography.region_count(), base.products);
    let mut sales = vec![Volume::ZERO; capacity.len()];
    let mut count = vec![0u32; supply.lines.count() + 1];
    let mut found: Vec<Vec<Link>> = Vec::with_capacity(r * g);
    // Product by product, so that the relations in work stay few.
    for product in 0..g {
        let relations = relations_by_origin(geography, base, &supply, firm_industry, needs, product);
        let joined: Vec<Vec<(u32, u32, Volume)>> = relations
            .into_par_iter()
            .enumerate()
            .map(|(origin, mut relations)| {
                join(&mut relations, &geography.cells[(RegionId(origin), Industry(product))], capacity)
            })
            .collect();
        for cell in joined {
            for &(line, seller, amount) in &cell {
                sales[seller as usize] += amount;
                count[line as usize + 1] += 1;
            }
            let link = |(line, seller, amount): (u32, u32, Volume)| {
                (line, seller, (amount.as_f64() / needs[line as usize].as_f64()) as f32)
            };
            found.push(cell.into_iter().map(link).collect());
        }
    }
    let reserved = reserved_links(geography, base, &supply, vacant);
    for link in &reserved {
        count[link.0 as usize + 1] += 1;
    }
    found.push(reserved);
    for i in 1..count.len() {
        count[i] += count[i - 1];
    }
    let total = count[count.len() - 1] as usize;
    supply.sellers = vec![0; total];
    supply.lines.shares = vec![0.0; total];
    let mut next = count.clone();
    for cell in found {
        for (line, seller, share) in cell {
            let at = next[line as usize] as usize;
            supply.sellers[at] = seller;
            supply.lines.shares[at] = share;
            next[line as usize] += 1;
        }
    }
    supply.lines.link_start = count;
    (supply, sales)
}

/// One link for each line of the vacant sites, to the first seller of the product at home (or else in the first region
/// that supplies it): a place in the list of links, not a relation.
fn reserved_links(geography: &Geography, base: &Base, supply: &Supply, vacant: &[bool]) -> Vec<Link> {
    let r = geography.region_count();
    let mut links = Vec::new();
    for (home, region) in geography.regions.iter().enumerate() {
        for purchaser in region.firms.range().filter(|&i| vacant[i]) {
            for (line, item) in supply.lines.of(purchaser) {
                let product = item.product as usize;
                let supplies = |&o: &usize| base.origins(item.purpose, home, product)[o] > 0.0;
                let origin = std::iter::once(home).chain(0..r).find(supplies).unwrap_or(home);
                let sellers = &geography.cells[item.makers_in(origin)];
                if let Some(&seller) = sellers.iter().find(|&&k| !vacant[k as usize]) {
                    links.push((line as u32, seller, 1.0));
                }
            }
        }
    }
    links
}

/// Splits all needs of a product over origins; one list of relations an origin.
fn relations_by_origin(
    geography: &Geography,
    base: &Base,
    supply: &Supply,
    firm_industry: &[u16],
    needs: &[Volume],
    product: usize,
) -> Vec<Vec<Relation>> {
    let (r, g) = (geography.region_count(), base.products);
    let bought: Vec<Vec<(usize, Purpose)>> = supply
        .lines
        .patterns
        .iter()
        .map(|list| {
            let lines = list.iter().enumerate().filter(|(_, item)| item.product as usize == product);
            lines.map(|(k, item)| (k, item.purpose)).collect()
        })
        .collect();
    let rows = || Purpose::ALL.into_iter().flat_map(|purpose| (0..g).map(move |x| (purpose, Product(x))));
    let bought_by = |d: usize| rows().flat_map(|(purpose, x)| base.flow.row((purpose, Importer(d), x))).sum();
    let purchases: Vec<f64> = (0..r).map(bought_by).collect();
    let places = Places::new(geography);
    let mut relations = vec![Vec::new(); r];
    for d in 0..r {
        // Group needs by purpose and buyer industry: each group has its own origin shares.
        let mut groups: Vec<Vec<Need>> = vec![Vec::new(); g + 3];
        let firms = geography.regions[d].firms.range();
        for purchaser in firms.chain(std::iter::once(geography.firms + d)) {
            for &(k, purpose) in &bought[supply.lines.pattern[purchaser] as usize] {
                let block = match purpose {
                    Purpose::Intermediate => firm_industry[purchaser] as usize,
                    Purpose::Capital => g,
                    Purpose::Resale => g + 1,
                    Purpose::Government => g + 2,
                };
                let line = supply.lines.line_start[purchaser] + k as u32;
                let amount = needs[line as usize];
                groups[block].push(Need { purchaser: purchaser as u32, line, amount, part: 0 });
            }
        }
        for (block, members) in groups.iter().enumerate().filter(|(_, m)| !m.is_empty()) {
            let shares = match block {
                b if b < g => base.input_origins(d, b, product),
                b if b == g => base.origins(Purpose::Capital, d, product),
                b if b == g + 1 => base.origins(Purpose::Resale, d, product),
                _ => base.origins(Purpose::Government, d, product),
            };
            let salt = (block * g + product) as u64;
            let needs = in_parts(members, LARGEST_LINK * purchases[d], salt);
            split(&needs, shares, |origin, need, amount| {
                let largest = LARGEST_LINK * purchases[d].min(purchases[origin]);
                for (part, amount) in parts(amount, largest).enumerate() {
                    let word = hash(u64::from(need.line), origin as u64, u64::from(need.part) << 32 | part as u64);
                    let place = places.of(need.purchaser as usize, d, origin, word as u32);
                    relations[origin].push(Relation { line: need.line, amount, place });
                }
            });
        }
    }
    relations
}

/// Where along the sellers of an origin a purchaser buys, fractions of 2^32.
struct Places<'a> {
    geography: &'a Geography,
    /// Zone of each firm.
    zone: Vec<u32>,
}

impl<'a> Places<'a> {
    fn new(geography: &'a Geography) -> Self {
        let zones = geography.zones.iter().enumerate();
        let zone = zones.flat_map(|(z, zone)| std::iter::repeat_n(z as u32, zone.firms.len())).collect();
        Self { geography, zone }
    }

    /// Firms buy at home at their own place. The firms of a zone buy abroad, each at a drawn place, from a stretch of the
    /// sellers as long as the zone is large, which lies elsewhere for every pair of regions; governments everywhere.
    fn of(&self, purchaser: usize, region: usize, origin: usize, word: u32) -> u32 {
        let firms = self.geography.regions[region].firms;
        let fraction = |firm: u64| (((firm - u64::from(firms.start)) << 32) / firms.len() as u64) as u32;
        if purchaser >= self.geography.firms {
            word
        } else if region == origin {
            fraction(purchaser as u64)
        } else {
            let zone = self.geography.zones[self.zone[purchaser] as usize].firms;
            let within = (u64::from(word) * zone.len() as u64) >> 32;
            let turn = hash(region as u64, origin as u64, 1) as u32;
            fraction(u64::from(zone.start) + within).wrapping_add(turn)
        }
    }
}

/// Cuts an amount into nearly equal parts of at most `largest`.
fn parts(amount: Volume, largest: f64) -> impl Iterator<Item = Volume> {
    let (amount, largest) = (amount.count(), (largest as i64).max(1));
    let count = (amount + largest - 1) / largest;
    (0..count).map(move |k| Volume::new(amount * (k + 1) / count - amount * k / count))
}

/// Needs in parts small enough, in a keyed order: the parts of a large need end at different origins.
fn in_parts(needs: &[Need], largest: f64, salt: u64) -> Vec<Need> {
    let mut out = Vec::with_capacity(needs.len());
    for need in needs {
        let cut = parts(need.amount, largest).enumerate();
        out.extend(cut.map(|(part, amount)| Need { amount, part: part as u32, ..*need }));
    }
    out.sort_by_cached_key(|n| (hash(u64::from(n.purchaser), salt, 1 + u64::from(n.part)), n.line));
    out
}

/// Lays the needs of a group against the origins' shares.
fn split(needs: &[Need], shares: &[f64], mut put: impl FnMut(usize, &Need, Volume)) {
    let total: Volume = needs.iter().map(|n| n.amount).sum();
    let quota = apportion(total, shares);
    let mut origin = 0;
    let mut room = quota[0];
    for need in needs {
        let mut left = need.amount;
        while left.is_positive() {
            while room.is_zero() {
                origin += 1;
                room = quota[origin];
            }
            let amount = left.min(room);
            put(origin, need, amount);
            left -= amount;
            room -= amount;
        }
    }
}

/// Lays the relations of an (origin, product) against its sellers: `(line, seller, amount)`.
fn join(relations: &mut [Relation], sellers: &[u32], capacity: &[f64]) -> Vec<(u32, u32, Volume)> {
    let total: Volume = relations.iter().map(|x| x.amount).sum();
    if total.is_zero() {
        return Vec::new();
    }
    let weights: Vec<f64> = sellers.iter().map(|&s| capacity[s as usize]).collect();
    let quota = apportion(total, &weights);
    relations.sort_unstable_by_key(|x| (x.place, x.line));
    let mut out = Vec::with_capacity(relations.len() + sellers.len());
    let mut k = 0;
    let mut room = quota[0];
    for relation in relations.iter() {
        let mut left = relation.amount;
        while left.is_positive() {
            while room.is_zero() {
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

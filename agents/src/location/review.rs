//! A firm's review of its location: which place it looks at, what a plant there would save, whether it acts.

use std::collections::BTreeMap;

use engine::grid::Grid;
use engine::money::Volume;
use engine::rng::{hash, normal, unit};
use rayon::prelude::*;

use super::appraisal::{Work, appraise};
use super::choice::{acceptance, resolve};
use super::frame::{Firms, Frame};
use super::links::Watched;
use super::sites::{CAUSES, Moves, Site, Sites, Stage};
use super::standing::{FEWEST_LEFT, backed, others};
use crate::axes::{Branch, Host, Importer, Industry, Origin, Product, RegionId, for_all_purposes};
use crate::components::{Firm, Phase};
use crate::firms::automation::Technique;
use crate::state::{Regions, Sourcing};
use crate::world::stream;

/// A plant that a firm might open.
#[derive(Clone, Debug, PartialEq)]
struct Proposal {
    from: u32,
    /// Region and zone.
    region: usize,
    zone: usize,
    /// Region it would serve.
    market: usize,
    /// Work that would move, volume a tick.
    volume: f64,
    /// What the region it comes from sells there, volume a tick.
    sold: f64,
    /// Whether this is all the firm does, and all of it would move.
    whole: bool,
    /// Whether worker agents are small enough against the industries of both places and their sales in the market.
    fits: bool,
    /// Staff it needs, agents.
    staff: f64,
    /// Capital it needs, volume.
    capital: f64,
    technique: Technique,
    advantage: f64,
    causes: [f32; CAUSES],
    /// Gain over cost less one, the hurdle, and what the hurdle would be in a world whose policy never changes.
    net: f64,
    hurdle: f64,
    hurdle_quiet: f64,
}

impl Proposal {
    /// How often a firm acts on it that would act if it could be of any size: a plant has at least one worker agent, so that what
    /// needs less is announced the less often, for as much more.
    fn often(&self) -> f64 {
        self.staff.min(1.0)
    }
}

/// What reviews read.
struct Reviews<'a> {
    frame: Frame<'a>,
    firm: &'a [Firm],
    regions: &'a Regions,
    /// Orders for all purposes.
    ordered: Grid<(Importer, Product, Origin), f64>,
    uncertainty: &'a [f64],
    /// Staff per unit of output at the base, agents per volume a tick.
    staffing: Grid<Branch, f64>,
    key: u64,
}

/// The place in cumulated weights that a number in [0, 1) falls on.
pub(super) fn pick(weights: &[f64], u: f64) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let mut left = u * total;
    for (at, &weight) in weights.iter().enumerate() {
        if left < weight {
            return Some(at);
        }
        left -= weight;
    }
    weights.iter().rposition(|&weight| weight > 0.0)
}

impl Reviews<'_> {
    /// The best of the places a firm looks at for one of its product lines. It knows places from its markets: it draws one of its
    /// buyers by volume, whose region the line is taken to be made for, and there some of its competitors by volume, and looks at
    /// where they produce. Half as many times it looks at exporters to that market only: what is made for buyers abroad can be
    /// made in third regions.
    ///
    /// Without a change of costs as much moves from one region to another as the other way, for two reasons. All of the line moves:
    /// were it only the part that the firm sells there, on average, work would leave large home markets, where firms sell all they
    /// make, for exporters, which sell little in each market. And a place at home that comes up is as good a candidate as one
    /// abroad, with which the firm stays: were it passed over, exporters, who seldom come upon their own region, would have
    /// more places to choose from than firms at home, and move less often to each of them.
    fn best(&self, i: usize, line: u64, sales: &[f64]) -> Option<Proposal> {
        let word = |n: u64| hash(self.key, i as u64, line << 32 | n);
        let market = pick(sales, unit(word(0)))?;
        let j = self.firm[i].industry as usize;
        let r = self.frame.geography.region_count();
        let sellers = self.ordered.row((Importer(market), Product(j)));
        let exporters: Vec<f64> = (0..r).map(|k| if k == market { 0.0 } else { sellers[k] }).collect();
        let all = self.frame.p.location.candidates as u64;
        let (home, here) = (self.firm[i].region as usize, self.firm[i].area);
        let proposals = (0..all + all.div_ceil(2)).filter_map(|c| {
            let words: [u64; 4] = std::array::from_fn(|k| word(8 * c + 1 + k as u64));
            let place = match c {
                _ if c < all => pick(sellers, unit(words[0]))?,
                _ if home == market => home,
                _ => pick(&exporters, unit(words[0]))?,
            };
            self.propose(i, (market, place), sales, [words[1], words[2], words[3]])
        });
        let best = proposals.fold(None, |best: Option<Proposal>, x| match best {
            Some(b) if b.net - b.hurdle >= x.net - x.hurdle => Some(b),
            _ => Some(x),
        });
        best.filter(|x| self.frame.geography.zones[x.zone].area != here)
    }

    /// A plant for a market at a place, in a part of it and of a worth to the firm drawn with some random words, if it would save
    /// more than it costs.
    fn propose(
        &self,
        i: usize,
        (market, place): (usize, usize),
        sales: &[f64],
        [word, chance, more]: [u64; 3],
    ) -> Option<Proposal> {
        let frame = &self.frame;
        let (home, j) = (self.firm[i].region as usize, self.firm[i].industry as usize);
        let (area, zone) = self.zone(place, j, word)?;
        let here = self.firm[i].area as usize;
        let p = &frame.p.location;
        // What a place is worth to a firm by chance is a shock like others.
        let spread = if frame.settings.shocks { p.match_sd } else { 0.0 };
        let advantage = spread * normal(chance, more);
        let volume: f64 = sales.iter().sum();
        let work = Work { here, there: area, market, j, volume, advantage };
        let found = appraise(*frame, self.regions, work, false);
        if found.gain <= found.cost {
            return None;
        }
        let b = &frame.base.regions[place];
        // What the machines of a new plant cost they save in wages, so that they count in its staff and capital only.
        let technique = frame.techniques.greenfield(area, j, frame.outlook.grant(area, j, false));
        Some(Proposal {
            from: i as u32,
            region: place,
            zone,
            market,
            volume,
            sold: self.ordered[(Importer(market), Product(j), Origin(home))],
            whole: market == home && sales[market] >= WHOLE * volume,
            fits: self.fits(home, place, market, j),
            staff: volume * self.staffing[(RegionId(place), Industry(j))] * technique.labour()
                / frame.outlook.earnings(area, j),
            capital: volume * b.capital[j] / b.output[j] * technique.capital,
            technique,
            advantage,
            causes: found.causes,
            net: found.net(),
            hurdle: frame.hurdle(self.uncertainty[market]),
            hurdle_quiet: p.hurdle,
        })
    }

    /// Whether what a worker agent makes, here or there, is at most a part of the industry in both regions, and no more than either
    /// sells in the market. It is the same from here to there as back, so that it favours no place.
    fn fits(&self, home: usize, place: usize, market: usize, j: usize) -> bool {
        let base = self.frame.base;
        let agent = |k: usize| 1.0 / self.staffing[(RegionId(k), Industry(j))];
        let room = |k: usize| {
            let sold = self.ordered[(Importer(market), Product(j), Origin(k))];
            sold.min(LARGEST_AGENT * base.regions[k].output[j])
        };
        agent(home).max(agent(place)) <= room(home).min(room(place))
    }

    /// Area and zone of a region that a firm looks at: areas as the industry's jobs lie, any zone of them.
    fn zone(&self, place: usize, j: usize, word: u64) -> Option<(usize, usize)> {
        let geography = self.frame.geography;
        let areas: Vec<usize> = geography.areas_of(place).filter(|&a| !geography.areas[a].zones.is_empty()).collect();
        let (area, u) = if let [area] = areas[..] {
            (area, unit(word))
        } else {
            let weights: Vec<f64> = areas.iter().map(|&a| geography.areas[a].employment[j]).collect();
            (areas[pick(&weights, unit(word))?], unit(hash(word, 1, 0)))
        };
        let zones = geography.areas[area].zones;
        Some((area, zones.start as usize + (u * zones.len() as f64) as usize))
    }
}

/// Firms under review decide, product line by product line; plants they announce take up vacant sites. An agent stands for many
/// firms, and firms move lines of products more often than all they do: each worker agent's work is a line.
///
/// A plant has at least one worker agent. Where the work of a firm that would move needs less, the firm acts the less often
/// and the plant takes the buyers of others of its origin too.
pub(super) fn decide(
    frame: Frame,
    sites: &mut Sites,
    firms: &mut Firms,
    regions: &Regions,
    sourcing: &Sourcing,
    reviewers: &[u32],
    (watched, sales): (&Watched, &[f64]),
    moves: &mut Moves,
) {
    // Who has just closed or come to rest decides nothing more.
    let reviewers: Vec<u32> = reviewers.iter().copied().filter(|&i| firms.firm[i as usize].produces()).collect();
    if reviewers.is_empty() {
        return;
    }
    let (r, g) = (frame.geography.region_count(), frame.base.products);
    let reviews = Reviews {
        frame,
        firm: firms.firm,
        regions,
        ordered: Grid::from_fn([r, g, r], |(d, x, o)| for_all_purposes(&sourcing.ordered, (d, o, x)).as_f64()),
        uncertainty: &sites.uncertainty,
        staffing: Grid::from_fn([r, g], |(RegionId(k), Industry(j))| {
            let b = &frame.base.regions[k];
            b.employment[j] / frame.geography.regions[k].persons_per_agent / b.output[j]
        }),
        key: hash(frame.settings.seed, u64::from(frame.tick), u64::from(stream::LOCATION.id()) << 8),
    };
    let sold = |i: u32| watched.place(i).map_or(&[][..], |at| &sales[at * r..(at + 1) * r]);
    // Rule: as many lines as worker agents, so that none is much more than a plant has at least, however large the firm; a firm
    // without staff at the moment has one.
    let lines = |i: u32| (firms.plants[i as usize].labour as u64).max(1);
    let proposals: Vec<Vec<(u64, Proposal)>> = reviewers
        .par_iter()
        .map(|&i| {
            let part: Vec<f64> = sold(i).iter().map(|x| x / lines(i) as f64).collect();
            (0..lines(i)).filter_map(|line| Some((line, reviews.best(i as usize, line, &part)?))).collect()
        })
        .collect();
    let key = reviews.key;
    let mut standing = Standing::of(frame, sites, firms);
    // A firm with several lines does not leave with one of them.
    let alone: Vec<bool> = reviewers.iter().map(|&i| lines(i) == 1).collect();
    for &i in &reviewers {
        moves.reviewed[firms.firm[i as usize].region as usize] += 1;
    }
    for ((line, mut x), alone) in
        proposals.into_iter().zip(alone).flat_map(|(list, alone)| list.into_iter().map(move |x| (x, alone)))
    {
        x.whole &= alone;
        let (often, spread) = (x.often(), frame.p.location.dispersion);
        let chance = often * acceptance(x.net, x.hurdle, spread);
        let drawn = unit(hash(key, u64::from(x.from), line << 32 | 1 << 31));
        let acts = drawn < chance;
        if !x.fits {
            moves.too_coarse[x.region] += i64::from(acts);
            continue;
        }
        moves.deterred[x.region] += often * acceptance(x.net, x.hurdle_quiet, spread) - chance;
        if acts {
            announce(frame, x, resolve(drawn / often, spread), sites, &mut standing, firms, moves);
        }
    }
}

/// A plant is announced: it takes up the first vacant site of its industry in the zone, or in the next zone of the area that
/// has one. `resolve` is the net gain beyond the hurdle above which its owner acts.
fn announce(
    frame: Frame,
    x: Proposal,
    resolve: f64,
    sites: &mut Sites,
    standing: &mut Standing,
    firms: &mut Firms,
    moves: &mut Moves,
) {
    let from = x.from as usize;
    let j = firms.firm[from].industry as usize;
    let staff: f64 = {
        let cell = &frame.geography.cells[firms.firm[from].branch()];
        cell.iter().map(|&i| firms.plants[i as usize].labour).sum()
    };
    if staff < SMALLEST_INDUSTRY {
        return;
    }
    let origin = firms.firm[from].region;
    let owner = firms.firm[from].owner();
    // A plant of the run that lost its owner belongs to the equity fund and founds no others.
    if owner.is_none() && sites.of(from).is_some() {
        return;
    }
    let owner = owner.map_or(x.from, |owner| owner as u32);
    let area = frame.geography.zones[x.zone].area;
    // Rule: plants that were announced before have their work first; nobody builds for more than is sold.
    let scale = 1.0 / x.often();
    let promised = standing.promised.entry((origin, j as u16, x.market as u16)).or_insert(0.0);
    if *promised + x.volume * scale > x.sold {
        return;
    }
    let here = (owner, area, j as u16, x.market as u16, origin);
    if let Some(&row) = standing.plants.get(&here)
        && !x.whole
    {
        *promised += x.volume * scale;
        expand(frame, &x, resolve, row, sites, moves);
        return;
    }
    let Some(row) = vacant(frame, x.zone, j, sites, firms) else {
        moves.turned_away[x.region] += 1;
        return;
    };
    *promised += x.volume * scale;
    let whole = x.whole && others(frame, from, firms) >= FEWEST_LEFT;
    firms.firm[row].parent = owner;
    firms.firm[row].phase = Phase::Building;
    frame.techniques.lay_out(&mut firms.plants[row], x.technique);
    let site = Site {
        sales: x.volume as f32,
        whole,
        advantage: x.advantage as f32,
        causes: x.causes,
        capital: Volume::within(x.capital * scale),
        output: x.volume * scale,
        resolve: resolve as f32,
        ..Site::new(row as u32, x.from, origin, x.market as u16, frame.tick)
    };
    let pair = (Host(x.region), Origin(origin as usize));
    moves.announced[pair] += 1;
    moves.capacity_announced[pair] += Volume::within(site.output);
    if !whole {
        standing.plants.insert(here, row as u32);
    }
    sites.insert(site);
}

/// Plants of the run that reviews reckon with.
struct Standing {
    /// Those that their owners can expand, by owner, area, industry, market and region the work comes from.
    plants: BTreeMap<(u32, u16, u16, u16, u16), u32>,
    /// Work that they have yet to take over, volume a tick, by region it comes from, industry and market.
    promised: BTreeMap<(u16, u16, u16), f64>,
}

impl Standing {
    /// Plants under construction, and open ones that their owners still back.
    fn of(frame: Frame, sites: &Sites, firms: &Firms) -> Self {
        let open = |s: &&Site| match s.stage {
            Stage::Planned | Stage::Building => true,
            Stage::Open => backed(frame, s),
            Stage::Standby | Stage::Closing => false,
        };
        let mut standing = Self { plants: BTreeMap::new(), promised: BTreeMap::new() };
        for site in sites.sites.iter().filter(open).filter(|s| !s.reserve) {
            let firm = &firms.firm[site.firm as usize];
            if !site.whole {
                standing.plants.insert((firm.parent, firm.area, firm.industry, site.market, site.origin), site.firm);
            }
            *standing.promised.entry((site.origin, firm.industry, site.market)).or_insert(0.0) +=
                (site.output - site.handed).max(0.0);
        }
        standing
    }
}

/// A plant of the owner is laid out for more work instead of another one being opened beside it.
fn expand(frame: Frame, x: &Proposal, resolve: f64, row: u32, sites: &mut Sites, moves: &mut Moves) {
    let Ok(at) = sites.sites.binary_search_by_key(&row, |s| s.firm) else { return };
    let site = &mut sites.sites[at];
    let (before, scale) = (site.output, 1.0 / x.often());
    let more = x.volume * scale;
    site.output += more;
    site.capital += Volume::within(x.capital * scale);
    site.sales += x.volume as f32;
    // It is given its time again, and subsidies pay for the rest of it; it counts as completed once.
    (site.begun, site.complete) = (frame.tick, false);
    // What decided, and what the place is worth to the firm, are means of the parts.
    let part = more / site.output;
    site.advantage += (part * (x.advantage - f64::from(site.advantage))) as f32;
    site.resolve += (part * (resolve - f64::from(site.resolve))) as f32;
    for (share, new) in site.causes.iter_mut().zip(x.causes) {
        *share += part as f32 * (new - *share);
    }
    debug_assert!(site.output > before);
    let pair = (Host(x.region), Origin(site.origin as usize));
    moves.expanded[pair] += 1;
    moves.capacity_opened[pair] += if site.stage == Stage::Open { Volume::within(more) } else { Volume::ZERO };
    moves.capacity_announced[pair] += Volume::within(more);
}

/// The first vacant site of an industry in a zone, or in the next zone of its area that has one.
pub(super) fn vacant(frame: Frame, zone: usize, j: usize, sites: &Sites, firms: &Firms) -> Option<usize> {
    let zones = frame.geography.areas[frame.geography.zones[zone].area as usize].zones;
    let (first, count) = (zones.start as usize, zones.len());
    let free = |row: &usize| firms.firm[*row].is_vacant() && sites.of(*row).is_none();
    (0..count).find_map(|n| {
        let zone = first + (zone - first + n) % count;
        frame.geography.zones[zone].industries[j].range().find(free)
    })
}

/// Largest part of an industry's output that the work of one agent may be where work moves between two regions, in either: a
/// refinery of one worker agent in a large country would be more than all that a small one refines. Such an agent's work is not
/// moved for a market either that buys less than that from one of them.
const LARGEST_AGENT: f64 = 0.125;
/// Worker agents of a region's industry below which nothing leaves it: a single agent would be a large part of it.
const SMALLEST_INDUSTRY: f64 = 8.0;
/// Share of a firm's sales from which on its move is one of the whole firm.
const WHOLE: f64 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_by_weight() {
        assert_eq!(pick(&[0.0, 3.0, 1.0], 0.0), Some(1));
        assert_eq!(pick(&[0.0, 3.0, 1.0], 0.74), Some(1));
        assert_eq!(pick(&[0.0, 3.0, 1.0], 0.76), Some(2));
        assert_eq!(pick(&[0.0, 0.0], 0.5), None);
    }
}

//! Laying out regions, zones and firms: how many of each, and how large.

use engine::grid::Grid;

use super::base::{Base, BaseRegion};
use super::households::apportion;
use super::persons::ZoneJobs;
use super::table::Table as Calibration;
use crate::axes::{Branch, Industry, RegionId};
use crate::geography::{Area, BankDistrict, Geography, Products, Region, Span, Zone};
use crate::parameters::Parameters;

/// Household agents of a zone at most, in the program, in tests and in benches: a zone's columns fit a cache.
pub const ZONE_HOUSEHOLDS: usize = 10_000;

/// How large the simulated world is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Size {
    /// Household agents of each region.
    pub households: Vec<usize>,
    /// Household agents per firm.
    pub households_per_firm: f64,
    /// Largest number of household agents in a zone.
    pub zone_households: usize,
}

/// Whom the rows of a region's persons stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// Persons a household, mean.
    pub members: f64,
    /// Share of the population that has rows.
    pub share: f64,
}

impl Rows {
    /// Everybody is a household.
    pub const ALONE: Self = Self { members: 1.0, share: 1.0 };
}

/// The fixed map and the founding staff of every firm.
pub struct Layout {
    /// Map.
    pub geography: Geography,
    /// Industry of each firm.
    pub firm_industry: Vec<u16>,
    /// Zone of each firm.
    pub firm_zone: Vec<u32>,
    /// Staff of each firm, agents; 0 on a vacant site.
    pub staff: Vec<u32>,
    /// Firms and staff by zone.
    pub jobs: Vec<ZoneJobs>,
    /// Employed persons by zone.
    pub zone_employed: Vec<i64>,
}

/// Lays out the world. Firm sizes within a zone and industry follow Zipf's law (Axtell 2001).
///
/// Behind the firms of every manufacturing industry of a zone lie some vacant sites, `site_share` of their number and so many that a
/// region has `sites_least` of an industry (none if the share is zero), where plants can be opened during the run. Areas, where they are told apart, get their
/// shares of households and of the jobs of every industry.
///
/// # Errors
/// If a region is too small to hold one worker in every industry of every zone.
pub fn lay_out(
    c: &Calibration,
    products: &Products,
    base: &Base,
    size: &Size,
    p: &Parameters,
    rows: &[Rows],
) -> Result<Layout, String> {
    let (g, location) = (products.len(), &p.location);
    let mut out = Layout::empty(products);
    for (r, rows) in rows.iter().enumerate() {
        let households = size.households[r];
        let b = &base.regions[r];
        let persons = households as f64 * rows.members;
        let employed_share = b.labour_force * (1.0 - b.unemployment_rate) / (b.population * rows.share);
        let employed = (persons * employed_share).round() as i64;
        let parts = parts(c, b, r, households, employed, size, location.areas);
        check_room(c, b, r, households, &parts, rows.members)?;
        let zones: usize = parts.iter().map(|x| x.zones).sum();
        let geo = &out.geography;
        let start = (geo.households as u32, geo.firms as u32, geo.zones.len() as u32, geo.outlet_firms.len() as u32);
        let first_person = geo.persons as u32;
        // Where no firm can move there are no vacant sites.
        let share = if location.enabled { location.site_share } else { 0.0 };
        let vacant = (share, (location.sites_least / zones as f64).ceil() as usize);
        let before = geo.areas.len();
        for part in parts {
            add_area(&mut out, r, part, size, (vacant, rows.members));
        }
        // Places of areas are those of the calibration, told apart or not.
        for (_, info) in c.areas(r, true).into_iter().skip(out.geography.areas.len() - before) {
            let end = out.geography.zones.len() as u32;
            let zones = Span { start: end, end };
            out.geography.areas.push(Area { zones, port: 0.0, ..whole(r, &info.code, g) });
        }
        let geo = &mut out.geography;
        geo.banks.extend(districts(c.region_code(r), r as u16, (start.2, zones as u32), p.credit.banks)?);
        geo.regions.push(Region {
            code: c.region_code(r).to_string(),
            name: c.region_name(r).to_string(),
            households: Span { start: start.0, end: geo.households as u32 },
            persons: Span { start: first_person, end: geo.persons as u32 },
            firms: Span { start: start.1, end: geo.firms as u32 },
            zones: Span { start: start.2, end: geo.zones.len() as u32 },
            outlets: Span { start: start.3, end: geo.outlet_firms.len() as u32 },
            persons_per_agent: b.population * rows.share / persons,
        });
    }
    let mut cells = Grid::<Branch, Vec<u32>>::filled([c.region_count(), g], Vec::new());
    for (i, &j) in out.firm_industry.iter().enumerate() {
        let r = out.geography.zones[out.firm_zone[i] as usize].region as usize;
        cells[(RegionId(r), Industry(j as usize))].push(i as u32);
    }
    out.geography.cells = cells;
    Ok(out)
}

impl Layout {
    /// A map with nothing on it.
    fn empty(products: &Products) -> Self {
        Self {
            geography: Geography {
                regions: vec![],
                areas: vec![],
                zones: vec![],
                banks: vec![],
                products: products.clone(),
                outlet_firms: vec![],
                cells: Grid::default(),
                households: 0,
                persons: 0,
                firms: 0,
            },
            firm_industry: vec![],
            firm_zone: vec![],
            staff: vec![],
            jobs: vec![],
            zone_employed: vec![],
        }
    }
}

/// Banks of a region, given its first zone and its number of zones, which are shared as equally as they can be.
fn districts(code: &str, region: u16, (first, zones): (u32, u32), banks: f64) -> Result<Vec<BankDistrict>, String> {
    if banks.fract() != 0.0 {
        return Err(format!("credit.banks is {banks}, and no region has a part of a bank: give a whole number"));
    }
    let banks = banks as u32;
    if banks > zones {
        return Err(format!(
            "region {code} has {zones} zone(s), too few for {banks} banks that serve one each: lower credit.banks, or raise size.households_per_region (a zone holds up to {ZONE_HOUSEHOLDS} household agents)"
        ));
    }
    let end = |bank: u32| first + (u64::from(zones) * u64::from(bank) / u64::from(banks)) as u32;
    Ok((0..banks).map(|bank| BankDistrict { region, zones: Span { start: end(bank), end: end(bank + 1) } }).collect())
}

/// Checks that zones of a region have work for every industry, and areas persons for their jobs.
fn check_room(
    c: &Calibration,
    b: &BaseRegion,
    r: usize,
    households: usize,
    parts: &[Part],
    members: f64,
) -> Result<(), String> {
    let g = b.employment.len();
    if parts.iter().flat_map(|x| &x.zone_jobs).any(|&jobs| jobs < 2 * g as i64) {
        let zones: usize = parts.iter().map(|x| x.zones).sum();
        return Err(format!(
            "region {} has {households} household agents, too few for its {g} industries in {zones} zone(s): each zone needs at least {} employed agents; raise size.households_per_region or lower size.persons_per_agent",
            c.region_code(r),
            2 * g
        ));
    }
    for x in parts {
        if x.jobs() as f64 > 0.999 * (1.0 - b.unemployment_rate) * members * x.households as f64 {
            return Err(format!(
                "area {} has more jobs than persons of working age: lower its shares of employment in areas.csv, or raise its share of the population",
                x.area.code
            ));
        }
    }
    Ok(())
}

/// Lays out the zones of an area.
fn add_area(out: &mut Layout, region: usize, part: Part, size: &Size, (vacant, members): ((f64, usize), f64)) {
    let Part { mut area, households, zones, zone_jobs, mut left } = part;
    let g = left.len();
    let zone_sizes = apportion(households, &vec![1.0; zones]);
    area.zones.start = out.geography.zones.len() as u32;
    for z in 0..zones {
        let mut staff = vec![1i64; g];
        let rest = zone_jobs[z] - g as i64;
        let weights: Vec<f64> = left.iter().map(|&x| x as f64).collect();
        let given = if z + 1 == zones { left.clone() } else { apportion(rest, &weights) };
        for j in 0..g {
            staff[j] += given[j];
            left[j] -= given[j];
        }
        let persons = (zone_sizes[z] as f64 * members).round() as i64;
        add_zone(out, region, (zone_sizes[z], persons), zone_jobs[z], &staff, size, vacant);
    }
    area.zones.end = out.geography.zones.len() as u32;
    out.geography.areas.push(area);
}

/// What is laid out in an area.
struct Part {
    area: Area,
    households: i64,
    zones: usize,
    zone_jobs: Vec<i64>,
    /// Jobs by industry beyond one a zone.
    left: Vec<i64>,
}

impl Part {
    fn jobs(&self) -> i64 {
        self.zone_jobs.iter().sum()
    }
}

/// An area that is all of its region.
fn whole(region: usize, code: &str, industries: usize) -> Area {
    Area {
        code: code.to_owned(),
        region: region as u16,
        zones: Span::default(),
        wage: 1.0,
        port: 1.0,
        freight: [0.0; 2],
        employment: vec![1.0; industries],
        population: 1.0,
    }
}

/// Households and jobs of the areas of a region, a worker in every industry of every zone at least.
fn parts(
    c: &Calibration,
    b: &BaseRegion,
    r: usize,
    households: usize,
    employed: i64,
    size: &Size,
    apart: bool,
) -> Vec<Part> {
    let g = b.employment.len();
    let areas: Vec<Area> = match &c.areas(r, apart)[..] {
        [_] => vec![whole(r, c.region_code(r), g)],
        several => several
            .iter()
            .map(|(_, x)| Area {
                code: x.code.clone(),
                region: r as u16,
                zones: Span::default(),
                wage: x.wage,
                port: x.port,
                freight: [x.freight_abroad, x.freight_home],
                employment: x.employment.clone(),
                population: x.population,
            })
            .collect(),
    };
    let population: Vec<f64> = areas.iter().map(|x| x.population).collect();
    let sizes = apportion(households as i64, &population);
    let zones: Vec<usize> = sizes.iter().map(|&n| (n as usize).div_ceil(size.zone_households.max(1)).max(1)).collect();
    let all: usize = zones.iter().sum();
    let left = apportion(employed - (all * g) as i64, &b.employment);
    let mut of_area = vec![vec![0; g]; areas.len()];
    for (j, &n) in left.iter().enumerate() {
        let jobs = (n + all as i64) as f64;
        // Rule: weights stay above zero; an area whose zones have their one worker each already gets hardly more.
        let weights: Vec<f64> =
            areas.iter().zip(&zones).map(|(x, &z)| (x.employment[j] * jobs - z as f64).max(1e-9)).collect();
        for (part, n) in of_area.iter_mut().zip(apportion(n, &weights)) {
            part[j] = n;
        }
    }
    areas
        .into_iter()
        .zip(sizes)
        .zip(zones)
        .zip(of_area)
        .map(|(((area, households), zones), left)| {
            let jobs = (zones * g) as i64 + left.iter().sum::<i64>();
            Part { area, households, zones, zone_jobs: apportion(jobs, &vec![1.0; zones]), left }
        })
        .collect()
}

fn add_zone(
    out: &mut Layout,
    region: usize,
    (households, people): (i64, i64),
    employed: i64,
    staff: &[i64],
    size: &Size,
    (site_share, fewest): (f64, usize),
) {
    let geo = &mut out.geography;
    let products = geo.products.clone();
    let firms_wanted = (households as f64 / size.households_per_firm).max(staff.len() as f64);
    let zone_id = geo.zones.len() as u32;
    let first_firm = geo.firms as u32;
    let first_outlet = geo.outlet_firms.len() as u32;
    let mut industries = Vec::new();
    let mut jobs = Vec::new();
    for (j, &workers) in staff.iter().enumerate() {
        let wanted = (firms_wanted * workers as f64 / employed as f64).round() as i64;
        let firms = wanted.clamp(2.min(workers), workers);
        let start = geo.firms as u32;
        for (k, staff) in zipf(workers, firms).into_iter().enumerate() {
            let firm = start + k as u32;
            out.firm_industry.push(j as u16);
            out.firm_zone.push(zone_id);
            out.staff.push(staff as u32);
            jobs.push((firm, staff as u32));
            if j == products.trade {
                geo.outlet_firms.push(firm);
            }
        }
        geo.firms += firms as usize;
        if products.manufacturing[j] && site_share > 0.0 {
            let sites = ((site_share * firms as f64).ceil() as usize).max(fewest);
            out.firm_industry.extend(std::iter::repeat_n(j as u16, sites));
            out.firm_zone.extend(std::iter::repeat_n(zone_id, sites));
            out.staff.extend(std::iter::repeat_n(0, sites));
            geo.firms += sites;
        }
        industries.push(Span { start, end: geo.firms as u32 });
    }
    geo.zones.push(Zone {
        region: region as u16,
        area: geo.areas.len() as u16,
        households: Span { start: geo.households as u32, end: (geo.households as i64 + households) as u32 },
        persons: Span { start: geo.persons as u32, end: (geo.persons as i64 + people) as u32 },
        firms: Span { start: first_firm, end: geo.firms as u32 },
        industries,
        outlets: Span { start: first_outlet, end: geo.outlet_firms.len() as u32 },
    });
    geo.households += households as usize;
    geo.persons += people as usize;
    out.jobs.push(jobs);
    out.zone_employed.push(employed);
}

/// Sizes of `firms` firms with `workers` in all: rank-size rule with exponent one, at least one worker each.
fn zipf(workers: i64, firms: i64) -> Vec<i64> {
    let weights: Vec<f64> = (1..=firms).map(|rank| 1.0 / rank as f64).collect();
    // The firm at each rank has max(1, scale / rank) workers; the scale solves the total.
    let (mut low, mut high) = (0.0, workers as f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let sum: f64 = weights.iter().map(|w| (middle * w).max(1.0)).sum();
        if sum > workers as f64 { high = middle } else { low = middle }
    }
    let above: Vec<f64> = weights.iter().map(|w| (low * w - 1.0).max(0.0)).collect();
    let spread = if above.iter().sum::<f64>() > 0.0 {
        apportion(workers - firms, &above)
    } else {
        apportion(workers - firms, &weights)
    };
    spread.iter().map(|x| x + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::{districts, zipf};

    #[test]
    fn no_firm_is_without_a_worker() {
        // 12 workers, 10 firms: the tail would fall below one worker and is held at one.
        let sizes = zipf(12, 10);
        assert_eq!((sizes.iter().sum::<i64>(), sizes[9]), (12, 1));
    }

    #[test]
    fn zipf_sizes_sum_and_fall_with_rank() {
        let sizes = zipf(1000, 100);
        assert_eq!(sizes.iter().sum::<i64>(), 1000);
        assert!(sizes.windows(2).all(|w| w[0] >= w[1]));
        // Rank k has c / k workers with c = 1000 / H(100) = 192.77; whole persons move a size by at most one.
        for (rank, &size) in (1..).zip(&sizes) {
            assert!((size as f64 - 192.77 / f64::from(rank)).abs() <= 1.0, "rank {rank}: {size}");
        }
    }

    #[test]
    fn zones_are_shared_among_banks() {
        let spans = |zones: u32, banks: f64| {
            districts("R01", 3, (10, zones), banks)
                .map(|all| all.iter().map(|x| (x.zones.start, x.zones.end)).collect::<Vec<_>>())
        };
        assert_eq!(spans(5, 2.0), Ok(vec![(10, 12), (12, 15)]));
        assert_eq!(spans(1, 1.0), Ok(vec![(10, 11)]));
        assert!(
            spans(1, 2.0).is_err_and(|text| text.contains("region R01 has 1 zone(s)") && text.contains("credit.banks"))
        );
        assert!(spans(5, 2.5).is_err_and(|text| text.contains("whole number")));
    }
}

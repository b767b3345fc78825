//! Balanced random worlds of any size, for tests and benchmarks.
//!
//! Proportions resemble the shipped world (labour about 0.55 of value added, home bias, half of the products
//! goods), but nothing else is meant by them.

use super::{
    AreaInfo, Calibration, DECILES, FINAL_USES, FirmSizeClass, IndustryInfo, IndustryRole, RegionInfo, RegionMacro,
    RegionRole,
};

/// Share of decile `i` in income, consumption and wealth before the region's own twist.
const INCOME: [f64; DECILES] = [0.025, 0.04, 0.052, 0.063, 0.074, 0.086, 0.101, 0.122, 0.157, 0.28];
const CONSUMPTION: [f64; DECILES] = [0.045, 0.058, 0.067, 0.076, 0.084, 0.093, 0.104, 0.119, 0.143, 0.211];
const WEALTH: [f64; DECILES] = [0.0, 0.005, 0.01, 0.02, 0.03, 0.045, 0.065, 0.1, 0.175, 0.55];

/// Splits of final demand: household, government, investment.
const FINAL_SPLIT: [f64; FINAL_USES] = [0.6, 0.17, 0.23];

/// A small generator (`SplitMix64`) whose draws depend on the seed alone.
struct Draws(u64);

impl Draws {
    /// Uniform between `low` and `high`.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        low + (high - low) * ((bits >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// Scales a row-major table to row and column totals by turns (RAS), ending on the rows.
fn fit(table: &mut [f64], rows: &[f64], columns: &[f64]) {
    let width = columns.len();
    for _ in 0..200 {
        let mut sums = vec![0.0; width];
        for row in table.chunks(width) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        let worst = sums.iter().zip(columns).map(|(sum, column)| (sum / column - 1.0).abs()).fold(0.0, f64::max);
        for (row, target) in table.chunks_mut(width).zip(rows) {
            for ((value, sum), column) in row.iter_mut().zip(&sums).zip(columns) {
                *value *= column / sum;
            }
            let total: f64 = row.iter().sum();
            for value in row.iter_mut() {
                *value *= target / total;
            }
        }
        if worst < 1e-8 {
            break;
        }
    }
}

/// A balanced random world of `regions` x `industries`; the same arguments give the same world.
///
/// The first half of the industries (rounded up) are goods, the first service is the distribution industry,
/// the first region is the reserve region. Money is in mn USD a year, rounded to 1,000 dollars, the surplus taking the rest.
///
/// # Panics
/// With no region or fewer than two industries.
#[must_use]
pub fn synthetic(regions: usize, industries: usize, seed: u64) -> Calibration {
    assert!(regions >= 1 && industries >= 2, "a world needs a region, a good and a service");
    let mut draws = Draws(seed ^ 0xA076_1D64_78BD_642F);
    let infos = industry_infos(industries, &mut draws);
    let (flows_intermediate, final_demand) = flows(regions, &infos, &mut draws);
    let cells = regions * industries;
    let mut world = Calibration {
        name: format!("synthetic-{regions}x{industries}-{seed}"),
        regions: region_infos(regions),
        industries: infos,
        flows_intermediate,
        final_demand,
        gross_output: vec![0.0; cells],
        compensation: vec![0.0; cells],
        production_taxes: vec![0.0; cells],
        surplus: vec![0.0; cells],
        capital: vec![0.0; cells],
        employment: vec![0.0; cells],
        income_shares: Vec::new(),
        consumption_shares: Vec::new(),
        wealth_shares: Vec::new(),
        baskets: Vec::new(),
        tariffs: vec![0.0; regions * regions * industries],
        macro_figures: Vec::new(),
        firm_sizes: [(1, Some(9), 0.9, 0.3), (10, Some(249), 0.096, 0.35), (250, None, 0.004, 0.35)]
            .map(|(persons_from, persons_to, firm_share, employment_share)| FirmSizeClass {
                region: None,
                persons_from,
                persons_to,
                firm_share,
                employment_share,
            })
            .to_vec(),
        areas: Vec::new(),
        people: vec![None; regions],
        demography: vec![None; regions],
    };
    let whole = |(r, info)| AreaInfo::whole(r, info, industries);
    world.areas = world.regions.iter().enumerate().map(whole).collect();
    fill_value_added(&mut world, &mut draws);
    fill_households(&mut world, &mut draws);
    fill_macro_and_tariffs(&mut world, &mut draws);
    world
}

/// As [`synthetic`], with two areas in its first region, `R01_coast` and `R01_interior`: for what names areas.
#[must_use]
pub fn synthetic_divided(regions: usize, industries: usize, seed: u64) -> Calibration {
    let mut world = synthetic(regions, industries, seed);
    let mut second = world.areas[0].clone();
    "R01_coast".clone_into(&mut world.areas[0].code);
    "R01_interior".clone_into(&mut second.code);
    world.areas.insert(1, second);
    world
}

fn region_infos(regions: usize) -> Vec<RegionInfo> {
    (0..regions)
        .map(|r| RegionInfo {
            code: format!("R{:02}", r + 1),
            name: format!("Region {}", r + 1),
            currency: format!("C{:02}", r + 1),
            role: if r == 0 { RegionRole::Reserve } else { RegionRole::Ordinary },
        })
        .collect()
}

fn industry_infos(industries: usize, draws: &mut Draws) -> Vec<IndustryInfo> {
    let goods = industries.div_ceil(2);
    (0..industries)
        .map(|g| {
            let is_goods = g < goods;
            let place = if is_goods { g + 1 } else { g - goods + 1 };
            IndustryInfo {
                code: format!("{}{place:02}", if is_goods { 'G' } else { 'S' }),
                name: format!("{} {place}", if is_goods { "Good" } else { "Service" }),
                goods: is_goods,
                manufacturing: is_goods && (g > 0 || goods == 1),
                role: if g == goods { IndustryRole::Distribution } else { IndustryRole::Ordinary },
                trade_elasticity: is_goods.then(|| (draws.between(2.5, 7.0) * 100.0).round() / 100.0),
            }
        })
        .collect()
}

/// Origin shares of each product in each region `[(o*G + g)*R + d]`: home bias, more so for services.
fn origin_shares(regions: usize, infos: &[IndustryInfo], sizes: &[f64], draws: &mut Draws) -> Vec<f64> {
    let industries = infos.len();
    let mut shares = vec![0.0; regions * industries * regions];
    for (g, info) in infos.iter().enumerate() {
        for d in 0..regions {
            let home = if info.goods { draws.between(0.6, 0.8) } else { draws.between(0.94, 0.98) };
            let weights: Vec<f64> =
                (0..regions).map(|o| if o == d { 0.0 } else { sizes[o] * draws.between(0.5, 1.5) }).collect();
            let total: f64 = weights.iter().sum();
            for o in 0..regions {
                let foreign = if total > 0.0 { (1.0 - home) * weights[o] / total } else { 0.0 };
                shares[(o * industries + g) * regions + d] = match (o == d, regions) {
                    (true, 1) => 1.0,
                    (true, _) => home,
                    (false, _) => foreign,
                };
            }
        }
    }
    shares
}

/// What final users buy, `[use][g]`, each use summing to one.
fn final_baskets(infos: &[IndustryInfo], draws: &mut Draws) -> Vec<Vec<f64>> {
    (0..FINAL_USES)
        .map(|use_| {
            let mut weights: Vec<f64> = infos
                .iter()
                .map(|info| {
                    let weight = match (use_, info.goods, info.role) {
                        (0, _, IndustryRole::Distribution) => 0.5,
                        (0 | 2, true, _) => 1.0,
                        (0, false, _) => 1.5,
                        (1, true, _) => 0.05,
                        (1, false, _) => 2.0,
                        _ => 0.8,
                    };
                    weight * draws.between(0.5, 1.5)
                })
                .collect();
            let total: f64 = weights.iter().sum();
            for weight in &mut weights {
                *weight /= total;
            }
            weights
        })
        .collect()
}

/// Intermediate and final flows, balanced by RAS and rounded to thousandths.
fn flows(regions: usize, infos: &[IndustryInfo], draws: &mut Draws) -> (Vec<f64>, Vec<f64>) {
    let industries = infos.len();
    let cells = regions * industries;
    let sizes: Vec<f64> = (0..regions).map(|_| 200_000.0 * draws.between(0.3, 1.7)).collect();
    let shares = origin_shares(regions, infos, &sizes, draws);
    let baskets = final_baskets(infos, draws);
    let input_share: Vec<f64> = (0..cells)
        .map(|cell| if infos[cell % industries].goods { draws.between(0.55, 0.7) } else { draws.between(0.35, 0.5) })
        .collect();
    let technology: Vec<f64> = (0..industries * industries).map(|_| draws.between(0.2, 1.8)).collect();
    // First guess of every flow from guessed outputs; RAS then makes it consistent.
    let output: Vec<f64> =
        (0..cells).map(|cell| 2.0 * sizes[cell / industries] / industries as f64 * draws.between(0.5, 1.5)).collect();
    let inputs: Vec<f64> = output.iter().zip(&input_share).map(|(output, share)| output * share).collect();
    let width = cells + regions * FINAL_USES;
    let mut columns = inputs;
    for d in 0..regions {
        // Final spending equals value added up to a small trade imbalance.
        let own = d * industries..(d + 1) * industries;
        let value_added: f64 = own.map(|cell| output[cell] * (1.0 - input_share[cell])).sum();
        let spending = value_added * draws.between(0.97, 1.03);
        columns.extend(FINAL_SPLIT.map(|split| split * spending));
    }
    let total: f64 = output.iter().sum();
    let spending: f64 = columns[cells..].iter().sum();
    let scale = (total - columns[..cells].iter().sum::<f64>()) / spending;
    for column in &mut columns[cells..] {
        *column *= scale;
    }
    let mut table = vec![0.0; cells * width];
    for (row, cells_of_row) in table.chunks_mut(width).enumerate() {
        let g = row % industries;
        for (column, value) in cells_of_row.iter_mut().enumerate() {
            let (d, wanted) = if column < cells {
                (column / industries, technology[g * industries + column % industries])
            } else {
                ((column - cells) / FINAL_USES, baskets[(column - cells) % FINAL_USES][g])
            };
            *value = columns[column] * wanted * shares[row * regions + d];
        }
    }
    fit(&mut table, &output, &columns);
    let round = |value: &f64| (value * 1000.0).round() / 1000.0;
    let intermediate = table.chunks(width).flat_map(|row| row[..cells].iter().map(round)).collect();
    let final_demand = table.chunks(width).flat_map(|row| row[cells..].iter().map(round)).collect();
    (intermediate, final_demand)
}

fn fill_value_added(world: &mut Calibration, draws: &mut Draws) {
    let (regions, industries) = (world.region_count(), world.industry_count());
    let cells = regions * industries;
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let mut inputs = vec![0.0; cells];
    for row in world.flows_intermediate.chunks(cells) {
        for (total, value) in inputs.iter_mut().zip(row) {
            *total += value;
        }
    }
    for r in 0..regions {
        let wage = draws.between(8_000.0, 70_000.0);
        for cell in r * industries..(r + 1) * industries {
            let intermediate: f64 = world.flows_intermediate[cell * cells..(cell + 1) * cells].iter().sum();
            let width = regions * FINAL_USES;
            let output = intermediate + world.final_demand[cell * width..(cell + 1) * width].iter().sum::<f64>();
            let value_added = output - inputs[cell];
            world.gross_output[cell] = round(output);
            world.compensation[cell] = round(value_added * draws.between(0.45, 0.65));
            world.production_taxes[cell] = round(value_added * draws.between(0.02, 0.06));
            world.surplus[cell] = round(value_added - world.compensation[cell] - world.production_taxes[cell]);
            world.capital[cell] = round(value_added * draws.between(1.8, 4.0));
            world.employment[cell] = (world.compensation[cell] * 1e6 / (wage * draws.between(0.8, 1.2))).round();
        }
    }
}

/// A template of decile shares, twisted towards or away from equality and rounded to sum to one.
fn decile_shares(template: &[f64; DECILES], twist: f64) -> Vec<f64> {
    let mut shares: Vec<f64> = template.iter().map(|share| (share * (1.0 - twist) + 0.1 * twist).max(0.0)).collect();
    let total: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= total;
    }
    shares
}

fn fill_households(world: &mut Calibration, draws: &mut Draws) {
    let (regions, industries) = (world.region_count(), world.industry_count());
    for r in 0..regions {
        let twist = draws.between(-0.1, 0.2);
        world.income_shares.extend(decile_shares(&INCOME, twist));
        world.wealth_shares.extend(decile_shares(&WEALTH, twist.max(0.0)));
        let consumption = decile_shares(&CONSUMPTION, twist);
        let column: Vec<f64> = (0..industries)
            .map(|g| (0..regions).map(|o| world.final_purchases(o, g, r, super::FinalUse::Household)).sum())
            .collect();
        let total: f64 = column.iter().sum();
        let products: Vec<f64> = column.iter().map(|value| value / total).collect();
        // Goods weigh more in poor baskets: a linear gradient over the deciles.
        let mut table: Vec<f64> = (0..DECILES * industries)
            .map(|cell| {
                let (i, g) = (cell / industries, cell % industries);
                let gradient = if world.industries[g].goods { 1.3 - 0.06 * i as f64 } else { 0.8 + 0.04 * i as f64 };
                consumption[i] * products[g] * gradient
            })
            .collect();
        fit(&mut table, &consumption, &products);
        world.baskets.extend(table.iter().enumerate().map(|(cell, value)| value / consumption[cell / industries]));
        world.consumption_shares.extend(consumption);
    }
}

fn fill_macro_and_tariffs(world: &mut Calibration, draws: &mut Draws) {
    let (regions, industries) = (world.region_count(), world.industry_count());
    for r in 0..regions {
        let employed: f64 = world.employment[r * industries..(r + 1) * industries].iter().sum();
        let value_added: f64 = (0..industries).map(|g| world.value_added(r, g)).sum();
        let unemployment_rate = (draws.between(0.03, 0.08) * 1000.0).round() / 1000.0;
        let labour_force = (employed / (1.0 - unemployment_rate)).round();
        let revenue = (draws.between(0.2, 0.4) * 1000.0).round() / 1000.0;
        world.macro_figures.push(RegionMacro {
            population: (labour_force * 2.0).round(),
            labour_force,
            unemployment_rate,
            self_employed_share: 0.15,
            inflation: 0.02,
            policy_rate: 0.03,
            household_saving_rate: 0.08,
            government_revenue_share: revenue,
            government_spending_share: revenue + 0.02,
            public_debt_share: (draws.between(0.4, 1.2) * 1000.0).round() / 1000.0,
            current_account: 0.0,
            fx_reserves: (value_added * 0.1).round(),
            treasury_holdings: if r == 0 { 0.0 } else { (value_added * 0.05).round() },
        });
    }
    for importer in 0..regions {
        for exporter in (0..regions).filter(|exporter| *exporter != importer) {
            for g in (0..industries).filter(|g| world.industries[*g].goods) {
                let rate = draws.between(-0.03, 0.12).max(0.0);
                world.tariffs[(importer * regions + exporter) * industries + g] = (rate * 1e4).round() / 1e4;
            }
        }
    }
}

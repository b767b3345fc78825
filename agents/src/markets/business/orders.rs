//! What purchasers order: inputs, capital goods, goods for resale, government purchases.

use engine::grid::{Grid, Layer};
use engine::money::Volume;

use super::settlement::Desk;
use crate::axes::{Border, Importer, Origin, OutletId, Product};
use crate::components::{Firm, Offer, Plan};
use crate::firms::stocks::{cover, input_months, resale_months};
use crate::geography::NONE;
use crate::markets::landed::LandedPrice;
use crate::markets::routing::Routes;
use crate::parameters::Parameters;
use crate::policy::{CompiledSchedule, PolicyState};
use crate::purpose::Purpose;
use crate::state::{LineItem, SupplyLines};
use crate::world::base::Base;

/// Order for an input, volume: expected use plus part of the gap to the target stock.
///
/// Equation: `q = max(0, U + lambda (m U_e - (M + U)))`, with planned use `U`, expected use `U_e`, `m` ticks of use in
/// an opening stock (see [`cover`]) and present stock `M`.
/// Source: Metzler (1941), stocks in proportion to expected use; Blinder and Maccini (1991), slow adjustment.
#[must_use]
pub fn restocking_order(planned_use: f64, expected_use: f64, stock: Volume, ticks: f64, adjustment: f64) -> f64 {
    (planned_use + adjustment * (ticks * expected_use - stock.as_f64() - planned_use)).max(0.0)
}

/// What a line of a shopping list asks for, the same for all purchasers with the list.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub(super) item: LineItem,
    /// Inputs: volume per unit of output. Capital goods: volume per unit of investment. Governments: volume a tick.
    pub(super) rate: f64,
    /// Ticks of use or of sales in the stock aimed at.
    pub(super) ticks: f64,
}

/// What purchasers read while they order.
pub(super) struct Desires<'a> {
    /// Wishes of every shopping list.
    pub(super) wishes: Vec<Vec<Wish>>,
    pub(super) products: usize,
    pub(super) firm: &'a [Firm],
    pub(super) offer: &'a [Offer],
    pub(super) plan: &'a [Plan],
    pub(super) resale_expected: &'a Grid<(OutletId, Product), f64>,
    /// Whether each product is a good.
    pub(super) goods: &'a [bool],
    /// Share of the gap to a stock that is ordered.
    pub(super) restock: f64,
    /// Rise of orders ahead of announced duties, or nothing.
    pub(super) ahead: Grid<Border, f64>,
}

/// Rise of orders of goods ahead of announced duties, a fraction; empty where no change is near.
///
/// Equation: `f = min(f_max, f_0 max(0, ln((1 + tau') / (1 + tau))))`, with the highest duty `tau'` announced for the
/// months ahead, both as charged with the present routes.
/// Source: Khan and Khederlarian (2021): purchases shift to before a duty and away from before a cut; only the first is here.
pub(super) fn orders_ahead(
    policy: &CompiledSchedule,
    tick: u32,
    p: &Parameters,
    base: &Base,
    routes: &Routes,
    months: f64,
) -> Grid<Border, f64> {
    let horizon = (p.trade.front_loading_horizon / months).ceil() as u32;
    if !policy.has_announced_change(tick, horizon) {
        return Grid::default();
    }
    let under = |state: &PolicyState| LandedPrice::under(state, routes, &p.routing);
    let now = under(policy.at(tick));
    let mut ahead = base.tariff.map(|_| 0.0_f64);
    for state in policy.announced_path(tick, horizon) {
        let then = under(&state);
        for cell in ahead.indices().filter(|(_, _, x)| base.goods[x.0]) {
            let change = engine::math::ln((1.0 + then.duty(cell)) / (1.0 + now.duty(cell)));
            ahead[cell] = ahead[cell].max((p.trade.front_loading * change).min(p.trade.front_loading_limit));
        }
    }
    ahead
}

/// Wishes of every shopping list: see [`Wish`]. Governments buy a multiple of the base, policy apart.
pub(super) fn wishes(
    p: &Parameters,
    base: &Base,
    state: &PolicyState,
    scaled: &[f64],
    lines: &SupplyLines,
    months: f64,
) -> Vec<Vec<Wish>> {
    let g = base.products;
    let firms = base.regions.len() * g;
    let wish = |pattern: usize, item: LineItem| {
        let x = item.product as usize;
        let region = if pattern < firms { pattern / g } else { pattern - firms };
        let b = &base.regions[region];
        let (rate, stock) = match item.purpose {
            Purpose::Intermediate => (base.requirement(region, pattern % g, x), input_months(p, base.goods[x])),
            Purpose::Capital => (b.capital_mix[x], 0.0),
            Purpose::Resale => (1.0, resale_months(p, base.goods[x])),
            Purpose::Government => (b.government_volume[x] * state.government_volume[region] * scaled[region], 0.0),
        };
        Wish { item, rate, ticks: cover(stock, months) }
    };
    let lists = lines.patterns.iter().enumerate();
    lists.map(|(pattern, list)| list.iter().map(|&item| wish(pattern, item)).collect()).collect()
}

/// A firm as a purchaser: what its wishes depend on.
pub(super) struct Purchaser<'a> {
    pub(super) output: f64,
    pub(super) demand: f64,
    pub(super) investment: f64,
    pub(super) affordable: f64,
    /// Stocks of inputs, and of goods for resale with their expected sales, by product.
    pub(super) inputs: &'a [Volume],
    pub(super) resale: &'a [Volume],
    pub(super) resale_expected: &'a [f64],
}

impl Purchaser<'_> {
    /// Volume wanted on a line.
    #[inline]
    pub(super) fn want(&self, wish: &Wish, restock: f64) -> Volume {
        let x = wish.item.product as usize;
        let volume = match wish.item.purpose {
            Purpose::Intermediate => {
                let (planned, expected) = (wish.rate * self.output, wish.rate * self.demand);
                restocking_order(planned, expected, self.inputs[x], wish.ticks, restock)
            }
            Purpose::Capital => self.investment * wish.rate,
            Purpose::Resale => {
                let expected = self.resale_expected[x];
                (expected + restock * (wish.ticks * expected - self.resale[x].as_f64())).max(0.0)
            }
            Purpose::Government => wish.rate,
        };
        Volume::rounded(volume * self.affordable)
    }
}

impl Desires<'_> {
    /// Rise of orders on a line ahead of announced duties, by origin.
    pub(super) fn ahead_of(&self, importer: Importer, item: LineItem) -> Option<Layer<'_, (Origin, Product), f64>> {
        let stored = matches!(item.purpose, Purpose::Intermediate | Purpose::Resale);
        (stored && !self.ahead.is_empty()).then(|| self.ahead.layer(importer))
    }

    /// A purchaser, given its stocks at the desk. A government has neither plan nor stocks.
    pub(super) fn purchaser<'d>(&'d self, purchaser: usize, desk: &'d Desk) -> Purchaser<'d> {
        let g = self.products;
        let Some(firm) = self.firm.get(purchaser) else {
            let none = (&[], &[], &[]);
            let (inputs, resale, resale_expected) = none;
            return Purchaser {
                output: 0.0,
                demand: 0.0,
                investment: 0.0,
                affordable: 1.0,
                inputs,
                resale,
                resale_expected,
            };
        };
        let (resale, resale_expected) = match firm.outlet {
            NONE => (&[][..], &[][..]),
            outlet => {
                let outlet = outlet as usize;
                (&desk.shelf[(outlet - desk.first_outlet) * g..][..g], self.resale_expected.row((OutletId(outlet),)))
            }
        };
        let plan = &self.plan[purchaser];
        Purchaser {
            output: plan.output.as_f64(),
            demand: self.offer[purchaser].demand_expected,
            investment: plan.investment.as_f64(),
            affordable: plan.affordable,
            inputs: &desk.inputs[(purchaser - desk.first) * g..][..g],
            resale,
            resale_expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use configs::date::TickCalendar;
    use configs::measures::parse_measures;

    use super::*;
    use crate::calibration::synthetic;
    use crate::world::build::products;
    use crate::world::closing::close;
    use crate::world::table::Table;

    #[test]
    fn orders_rise_between_announcement_and_start_of_a_duty() {
        let world = synthetic(3, 5, 1);
        let mut p = crate::testing::parameters();
        (p.trade.front_loading, p.trade.front_loading_limit, p.trade.front_loading_horizon) = (2.0, 0.5, 3.0);
        let table = Table::new(&world, &p);
        let base = close(&table, &products(&table).expect("one distribution industry"), &p, 12);
        let policy = "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.1\nannounced = 2024-03-01\nstart = 2024-06-01\n";
        let calendar = TickCalendar::new("2024-01-01".parse().expect("a date"), 12).expect("a calendar");
        let measures = parse_measures("test", policy, &world.codes()).expect("valid");
        let schedule = CompiledSchedule::compile(measures, &world, calendar).expect("a schedule");
        let ahead = |tick| orders_ahead(&schedule, tick, &p, &base, &Routes::default(), 1.0);
        assert!(ahead(1).is_empty(), "not announced yet");
        for tick in 2..5 {
            let rise = ahead(tick);
            let ours = rise[(Importer(0), Origin(1), Product(0))];
            let duty = world.tariff(0, 1, 0);
            let expected = 2.0 * ((1.1 + duty) / (1.0 + duty)).ln();
            assert!((ours - expected).abs() < 1e-12, "tick {tick}: {ours}");
            assert!((rise.as_slice().iter().sum::<f64>() - expected).abs() < 1e-12);
        }
        assert!(ahead(5).as_slice().iter().all(|&x| x.abs() < 1e-15), "in force");
    }

    #[test]
    fn orders_replace_use_and_close_part_of_the_gap() {
        // 10 + 0.5 (1.5 x 12 - 4 - 10)
        crate::testing::near(restocking_order(10.0, 12.0, Volume::new(4), 1.5, 0.5), 12.0);
        crate::testing::near(restocking_order(10.0, 12.0, Volume::new(400), 1.5, 0.5), 0.0);
    }
}

//! Shipping through third regions: goods declared as made where the duty is lower, and customs that find some of them.
//!
//! What went through third regions in the base year is in the table already, by the origin that was declared. Here is what
//! comes on top of it when duties of origins move apart.

use bevy_ecs::prelude::{Res, ResMut, Resource};
use engine::grid::Grid;
use engine::money::ad_valorem;
use serde::{Deserialize, Serialize};

use crate::axes::{Border, Importer, Origin, Product, Via, for_all_purposes};
use crate::parameters::Parameters;
use crate::parameters::list::Routing;
use crate::policy::PolicyState;
use crate::state::{Policy, Settings, Tick};
use crate::world::base::Base;

/// Shares below this are none.
const NEGLIGIBLE: f64 = 1e-9;

/// Duty expected on goods declared as a third region's, a fraction of their value.
///
/// Equation: `tau_e = (1 - pi) tau_v + pi (tau_s + f)`, with the duty `tau_v` on goods of the third region, `tau_s` on goods
/// of the true origin, what found goods pay on top of it `f` (fine and transshipment duty), and detection `pi`.
/// Source: the expected value of evasion, Allingham and Sandmo (1972). What is found owes the duties of its true origin and more, as in Executive Order
/// 14326 of 31 July 2025 (90 FR 37963): a rate of its own in place of the evaded part, on top of all other duties and fines.
#[must_use]
pub fn expected_duty(declared: f64, direct: f64, on_found: f64, detection: f64) -> f64 {
    (1.0 - detection) * declared + detection * (direct + on_found)
}

/// Saving by a detour, a fraction of the price with direct duty.
///
/// Equation: `s = 1 - (1 + tau_e)(1 + c) / (1 + tau_s)`, with the cost of the detour `c`.
/// Source: Fisman, Moustakerski and Wei (2008): trade through a third region rises with the duty that it avoids.
#[must_use]
pub fn saving(direct: f64, expected: f64, cost: f64) -> f64 {
    1.0 - (1.0 + expected) * (1.0 + cost) / (1.0 + direct)
}

/// Goods of an origin that can pass through a third region unnoticed, a fraction of its goods in the market.
///
/// Equation: `m = h min(F_sv, F_vd) / F_sd`, with base-year flows from the origin to the third region, from there to the
/// market, and from the origin to the market.
/// Source: the smaller of the two flows is how Iyoha et al. 2024 measure what was rerouted.
#[must_use]
pub fn room(hub_share: f64, into_hub: f64, out_of_hub: f64, direct: f64) -> f64 {
    if direct > 0.0 { hub_share * into_hub.min(out_of_hub) / direct } else { 0.0 }
}

/// Shares of an origin's goods that pay to be shipped through each third region.
///
/// Equation: `theta_v = m_v min(1, max(0, s_v) / s_1)`, scaled down in proportion where they add up to more than the limit,
/// with room `m_v` and the saving `s_v` beyond that of the base year by region.
/// Source: as [`saving`]; the ramp up to a full saving and the room are ours.
pub fn wanted_shares(rules: &Routing, room: &[f64], gain: &[f64], out: &mut [f64]) {
    let mut sum = 0.0;
    for ((share, &room), &gain) in out.iter_mut().zip(room).zip(gain) {
        *share = room * (gain.max(0.0) / rules.full_saving).min(1.0);
        sum += *share;
    }
    if sum > rules.limit {
        for share in out.iter_mut() {
            *share *= rules.limit / sum;
        }
    }
}

/// What is shipped through third regions.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Routes {
    /// Share of an origin's goods in a market that goes through a third region; empty unless routing is switched on.
    pub share: Grid<(Importer, Origin, Product, Via), f64>,
}
engine::content!(Routes { share });

/// A tick's imports as they were declared. Currency of the importer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Value by region of dispatch.
    pub dispatch: Grid<Border, i64>,
    /// Value shipped through third regions by true origin.
    pub through: Grid<Border, i64>,
    /// Direct duty less duty paid on goods shipped through that were not found, by importer.
    pub evaded: Vec<i64>,
    /// Duty paid on goods that were found, by importer.
    pub on_found: Vec<i64>,
}

/// Base-year flows of a tick for all purposes.
fn flows(base: &Base) -> Grid<Border, f64> {
    Grid::from_fn(base.tariff.shape(), |cell| for_all_purposes(&base.flow, cell))
}

impl Routes {
    /// Routes of a world in which nothing is shipped through yet.
    #[must_use]
    pub fn new(rules: &Routing, regions: usize, products: usize) -> Self {
        let share =
            if rules.enabled { Grid::filled([regions, regions, products, regions], 0.0) } else { Grid::default() };
        Self { share }
    }

    /// Shares move towards those that pay at the rates in force, as far as these save more than base-year rates did.
    pub fn adjust(&mut self, rules: &Routing, base: &Base, state: &PolicyState, speed: f64) {
        let (r, g) = (base.regions.len(), base.products);
        let flow = flows(base);
        let flow =
            |origin: usize, destination: usize, x: usize| flow[(Importer(destination), Origin(origin), Product(x))];
        let [mut can_pass, mut gain, mut wanted] = [vec![0.0; r], vec![0.0; r], vec![0.0; r]];
        for d in 0..r {
            for (s, x) in (0..r).filter(|&s| s != d).flat_map(|s| (0..g).map(move |x| (s, x))) {
                if !base.goods[x] {
                    continue;
                }
                let at = |o: usize| (Importer(d), Origin(o), Product(x));
                let saved = |tariffs: &Grid<Border, f64>, v: usize, on_found: f64| {
                    let direct = tariffs[at(s)];
                    saving(direct, expected_duty(tariffs[at(v)], direct, on_found, rules.detection), rules.cost)
                };
                let on_found = rules.penalty + state.transshipment[at(s)];
                for v in 0..r {
                    // An embargo on the origin is enforced whatever the papers say; one on a third region closes that way.
                    let open = v != s && v != d && !state.banned(at(v)) && !state.banned(at(s));
                    let most = room(rules.hub_share, flow(s, v, x), flow(v, d, x), flow(s, d, x));
                    can_pass[v] = if open { most } else { 0.0 };
                    gain[v] = saved(&state.tariffs, v, on_found) - saved(&base.tariff, v, rules.penalty).max(0.0);
                }
                wanted_shares(rules, &can_pass, &gain, &mut wanted);
                for (share, wanted) in self.share.row_mut(at(s)).iter_mut().zip(&wanted) {
                    *share += speed * (wanted - *share);
                    if *share < NEGLIGIBLE {
                        *share = 0.0;
                    }
                }
            }
        }
    }

    /// Duties charged under a state of policy with the present routes, mean over routes.
    ///
    /// Equation: `(1 - theta) tau_s + sum_v theta_v tau_e,v` (see [`expected_duty`]).
    /// Source: as [`saving`]; mean duty by the law of total probability.
    #[must_use]
    pub fn rates(&self, rules: &Routing, state: &PolicyState) -> Grid<Border, f64> {
        let mut duty = state.tariffs.clone();
        for (cell, row) in self.share.rows() {
            let ((d, _, x), direct) = (cell, state.tariffs[cell]);
            let on_found = rules.penalty + state.transshipment[cell];
            for (v, share) in row.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                let declared = state.tariffs[(d, Origin(v), x)];
                duty[cell] += share * (expected_duty(declared, direct, on_found, rules.detection) - direct);
            }
        }
        duty
    }

    /// Price with the cost of detours over the price without, mean over routes; empty unless routing is switched on.
    #[must_use]
    pub fn detours(&self, rules: &Routing) -> Grid<Border, f64> {
        let [importers, origins, products, _] = self.share.shape();
        let with = |cell| 1.0 + rules.cost * self.share.row(cell).iter().sum::<f64>();
        Grid::from_fn([importers, origins, products], with)
    }

    /// Imports of a tick as customs saw them, given their value by origin.
    #[must_use]
    pub fn declared(&self, rules: &Routing, state: &PolicyState, value: Grid<Border, i64>) -> Declared {
        let [regions, ..] = value.shape();
        let mut out = Declared {
            dispatch: value.clone(),
            through: value.map(|_| 0),
            evaded: vec![0; regions],
            on_found: vec![0; regions],
        };
        if self.share.is_empty() {
            return out;
        }
        for (cell, row) in self.share.rows() {
            let ((importer, _, x), value, direct) = (cell, value[cell], state.tariffs[cell]);
            let on_found = direct + rules.penalty + state.transshipment[cell];
            let mut evaded = 0.0;
            for (v, &share) in row.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                let via = (importer, Origin(v), x);
                // Whole units, rounded down so that no more goes through than there is.
                let through = (share * value as f64) as i64;
                out.through[cell] += through;
                out.dispatch[cell] -= through;
                out.dispatch[via] += through;
                evaded += share * (1.0 - rules.detection) * (direct - state.tariffs[via]);
            }
            out.evaded[importer.0] += ad_valorem(value, evaded);
            out.on_found[importer.0] += ad_valorem(value, row.iter().sum::<f64>() * rules.detection * on_found);
        }
        out
    }
}

/// System: goods change routes.
pub fn choose_routes(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    policy: Res<Policy>,
    mut routes: ResMut<Routes>,
) {
    if p.routing.enabled {
        routes.adjust(&p.routing, &base, policy.0.at(tick.0), settings.monthly(p.routing.adjustment));
    }
}

#[cfg(test)]
mod tests {
    use configs::date::TickCalendar;
    use configs::measures::parse_measures;

    use super::*;
    use crate::calibration::synthetic;
    use crate::policy::CompiledSchedule;
    use crate::world::build::products;
    use crate::world::closing::close;
    use crate::world::table::Table;

    fn parameters() -> Parameters {
        let mut p = crate::testing::parameters();
        p.routing = Routing {
            enabled: true,
            cost: 0.05,
            detection: 0.1,
            penalty: 0.2,
            limit: 0.3,
            hub_share: 0.1,
            full_saving: 0.2,
            adjustment: 0.5,
        };
        p
    }

    #[track_caller]
    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }

    #[test]
    fn a_detour_pays_where_expected_duty_and_cost_stay_below_the_direct_duty() {
        // Nine in ten pay 2 percent; one in ten pays 75 + 20 percent.
        near(expected_duty(0.02, 0.75, 0.2, 0.1), 0.113);
        near(saving(0.75, 0.113, 0.05), 1.0 - 1.16865 / 1.75);
        assert!(saving(0.02, 0.02, 0.05) < 0.0, "equal duties");
        assert!(saving(0.75, expected_duty(0.0, 0.75, 0.0, 1.0), 0.0).abs() < 1e-12, "certain detection");
        near(room(0.1, 40.0, 10.0, 200.0), 0.005);
        near(room(0.1, 40.0, 90.0, 200.0), 0.02);
        near(room(0.1, 40.0, 90.0, 0.0), 0.0);
    }

    #[test]
    fn shares_rise_with_the_saving_up_to_room_and_limit() {
        let rules = &parameters().routing;
        let wanted = |room: [f64; 3], gain: [f64; 3]| {
            let mut out = [0.0; 3];
            wanted_shares(rules, &room, &gain, &mut out);
            out
        };
        // A saving of 9 percent of the 20 at which all goods that can pass do; one that does not pay; one without room.
        let part = wanted([0.04, 0.1, 0.0], [0.09, -0.3, 0.5]);
        near(part[0], 0.04 * 0.09 / 0.2);
        near(part[1] + part[2], 0.0);
        // Everything pays: 0.2 and 0.4 are scaled down to 0.3 in all.
        let full = wanted([0.2, 0.4, 0.0], [0.2, 0.7, 0.0]);
        near(full[0], 0.1);
        near(full[1], 0.2);
    }

    /// G01 of R02 in R01, as goods of R03, and its way there.
    const DIRECT: Border = (Importer(0), Origin(1), Product(0));
    const DECLARED: Border = (Importer(0), Origin(2), Product(0));
    const DETOUR: (Importer, Origin, Product, Via) = (Importer(0), Origin(1), Product(0), Via(2));

    /// Base year and states of three regions with 60 points on goods of R02 in R01.
    fn world(extra: &str) -> (Base, PolicyState, Parameters) {
        let (world, p) = (synthetic(3, 5, 1), parameters());
        let table = Table::new(&world, &p);
        let base = close(&table, &products(&table).expect("one distribution industry"), &p, 12);
        let policy = format!(
            "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = \"all\"\nrate = 0.6\nstart = 2024-01-01\n{extra}"
        );
        let calendar = TickCalendar::new("2024-01-01".parse().expect("a date"), 12).expect("a calendar");
        let measures = parse_measures("test", &policy, &world.codes()).expect("valid");
        let schedule = CompiledSchedule::compile(measures, &world, calendar).expect("a schedule");
        (base, schedule.at(0).clone(), p)
    }

    #[test]
    fn duties_and_detours_are_means_over_routes() {
        let (base, state, p) = world("");
        assert_eq!(Routes::default().rates(&p.routing, &state), state.tariffs, "off");
        let mut routes = Routes::new(&p.routing, 3, 5);
        routes.adjust(&p.routing, &base, &state, 1.0);
        let theta = routes.share[DETOUR];
        assert!(theta > 0.0 && theta <= p.routing.limit);
        let others = |(d, o, _, via): &(Importer, Origin, Product, Via)| (d.0, o.0, via.0) != (0, 1, 2);
        assert!(routes.share.indices().filter(others).all(|at| routes.share[at] <= 0.0));
        let (direct, declared) = (state.tariffs[DIRECT], state.tariffs[DECLARED]);
        let expected = (1.0 - theta) * direct + theta * (0.9 * declared + 0.1 * (direct + 0.2));
        near(routes.rates(&p.routing, &state)[DIRECT], expected);
        near(routes.detours(&p.routing)[DIRECT], 1.0 + 0.05 * theta);
        // Half of the gap is closed a month; at base-year rates all comes back.
        let mut slow = Routes::new(&p.routing, 3, 5);
        slow.adjust(&p.routing, &base, &state, 0.5);
        near(slow.share[DETOUR], theta / 2.0);
        let mut before = state.clone();
        before.tariffs.clone_from(&base.tariff);
        slow.adjust(&p.routing, &base, &before, 0.5);
        near(slow.share[DETOUR], theta / 4.0);
    }

    #[test]
    fn embargoes_and_transshipment_duties_close_routes() {
        let through = |extra: &str| {
            let (base, state, p) = world(extra);
            let mut routes = Routes::new(&p.routing, 3, 5);
            routes.adjust(&p.routing, &base, &state, 1.0);
            routes.share.as_slice().iter().sum::<f64>()
        };
        let measure = |kind: &str, rest: &str| {
            format!(
                "[[measure]]\nlabel = \"m\"\nkind = \"{kind}\"\nsource = \"test\"\nimporters = [\"R01\"]\nproducts = \"all\"\nstart = 2024-01-01\n{rest}\n"
            )
        };
        assert!(through("") > 0.0);
        assert!(through(&measure("embargo", "exporters = [\"R02\"]")) <= 0.0, "of the origin");
        assert!(through(&measure("embargo", "exporters = [\"R03\"]")) <= 0.0, "of the third region");
        assert!(
            through(&measure("transshipment_duty", "rate = { value = 9.0, unit = \"ratio\" }")) <= 0.0,
            "one in ten pays nine times its value"
        );
    }

    #[test]
    fn customs_see_every_unit_once() {
        let (base, state, p) = world("");
        let mut routes = Routes::new(&p.routing, 3, 5);
        routes.adjust(&p.routing, &base, &state, 1.0);
        let value = (0..45).map(|cell| 1_000_003 + 7 * cell).collect();
        let value = Grid::<Border, i64>::from_vec([3, 3, 5], value).expect("all cells");
        let seen = routes.declared(&p.routing, &state, value.clone());
        let total = |column: &Grid<Border, i64>, d| column.layer(Importer(d)).as_slice().iter().sum::<i64>();
        for d in 0..3 {
            assert_eq!(total(&seen.dispatch, d), total(&value, d));
        }
        let (theta, through) = (routes.share[DETOUR], seen.through[DIRECT]);
        assert_eq!(through, (theta * value[DIRECT] as f64) as i64);
        assert_eq!(
            (seen.dispatch[DIRECT], seen.dispatch[DECLARED]),
            (value[DIRECT] - through, value[DECLARED] + through)
        );
        let here = Importer(0);
        let by_hand: f64 = (0..5)
            .map(Product)
            .map(|x| {
                let (direct, declared) = ((here, Origin(1), x), (here, Origin(2), x));
                let evaded = 0.9 * (state.tariffs[direct] - state.tariffs[declared]);
                (routes.share[(here, Origin(1), x, Via(2))] * evaded * value[direct] as f64).round()
            })
            .sum();
        assert_eq!(seen.evaded, [by_hand as i64, 0, 0]);
        assert!(seen.on_found[0] > 0);
    }
}

//! Worlds for tests: the shipped calibration and small random ones.

use agents::policy::CompiledSchedule;
use agents::simulation::{Setup, Simulation, Snapshot};
use agents::state::Settings;
use agents::world::layout::{Size, ZONE_HOUSEHOLDS};
use configs::calibration::{Calibration, synthetic};
use configs::date::TickCalendar;
use configs::measures::parse_measures;
use configs::parameters::Parameters;
use configs::reading::{Problems, parse_document};
use configs::shipped;

use crate::mean_field::Tables;

/// Parameters as shipped in `configs/parameters.toml`.
///
/// # Panics
/// If the file does not parse.
#[must_use]
pub fn parameters() -> Parameters {
    shipped::parameters().expect("shipped file").values
}

/// Shipped parameters with some that differ, as the one text says and then the other.
///
/// # Panics
/// If a key or value is not valid.
fn parameters_with(texts: [&str; 2]) -> Parameters {
    let mut set = shipped::parameters().expect("shipped file");
    for text in texts {
        let mut problems = Problems::new("test", text);
        if let Some(table) = parse_document(text, &mut problems) {
            set.override_with(&table, "test", &mut problems);
        }
        assert!(problems.issues.is_empty(), "{:?}", problems.issues);
    }
    set.values
}

/// Households are persons alone, whatever is shipped: people who pool what they earn are found for every table anew, which takes longer
/// than most tests.
const ALONE: &str = "households = { units = false }\n";

/// Households are units of several persons.
pub const UNITS: &str = "households = { units = true }\n";

/// The shipped world of 15 regions and 21 industries.
///
/// # Panics
/// If the tables cannot be read or do not balance.
#[must_use]
pub fn shipped() -> Calibration {
    Calibration::parse(&shipped::world("world-15x21").expect("tables")).expect("the shipped world balances")
}

/// Parameters of a world in which firms look for other places often, and move.
pub const RESTLESS: &str =
    "location = { enabled = true, review_share = 0.5, match_sd = 1.0, hurdle = 0.0, building_time = 4 }\n";

/// What to build: a world, its size, seed, shocks and policy text.
pub struct Case<'a> {
    /// Calibration.
    pub calibration: Calibration,
    /// Household agents of each region.
    pub households: usize,
    /// Seed.
    pub seed: u64,
    /// Whether shocks are drawn.
    pub shocks: bool,
    /// Ticks in a year.
    pub ticks_per_year: u32,
    /// Measures in the form of `configs/policies`, or empty.
    pub policy: &'a str,
    /// Parameters that differ from those shipped, in which households are no units unless they say so, as `section = { key = value }` lines,
    /// or empty.
    pub parameters: &'a str,
}

impl Case<'_> {
    /// A small random world without policy.
    #[must_use]
    pub fn random(regions: usize, industries: usize, seed: u64) -> Self {
        Case {
            calibration: synthetic(regions, industries, seed),
            households: 400,
            seed,
            shocks: true,
            ticks_per_year: 12,
            policy: "",
            parameters: "",
        }
    }

    /// Builds the simulation at tick 0; the audit stops it at the first violation if `audit_stops`.
    ///
    /// # Panics
    /// If the policy or the world is not valid.
    #[must_use]
    pub fn build(&self, audit_stops: bool) -> Simulation {
        Simulation::new(&self.setup(audit_stops)).expect("a world")
    }

    /// What the simulation is made from.
    ///
    /// # Panics
    /// If the policy or a parameter is not valid.
    #[must_use]
    pub fn setup(&self, audit_stops: bool) -> Setup {
        let c = &self.calibration;
        let calendar =
            TickCalendar::new("2024-01-01".parse().expect("a date"), self.ticks_per_year).expect("a calendar");
        let measures = if self.policy.is_empty() {
            vec![]
        } else {
            parse_measures("policy", self.policy, &c.codes()).expect("valid measures")
        };
        Setup {
            schedule: CompiledSchedule::compile(measures, c, calendar).expect("a schedule"),
            size: Size {
                households: vec![self.households; c.region_count()],
                households_per_firm: 10.0,
                zone_households: ZONE_HOUSEHOLDS,
            },
            settings: Settings {
                seed: self.seed,
                ticks_per_year: self.ticks_per_year,
                audit_stops,
                shocks: self.shocks,
            },
            calibration: c.clone(),
            parameters: parameters_with([ALONE, self.parameters]),
        }
    }

    /// What is seen after every tick of a run on some threads, restored from a snapshot before a tick if one is given.
    fn path<T: Send>(
        &self,
        ticks: usize,
        threads: usize,
        restart: Option<usize>,
        see: &(impl Fn(&mut Simulation) -> T + Sync),
    ) -> Vec<T> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let mut sim = self.build(true);
            (0..ticks)
                .map(|tick| {
                    if restart == Some(tick) {
                        let bytes = engine::codec::encode_to_vec(&sim.snapshot()).expect("encodes");
                        let snapshot: Snapshot = engine::codec::decode_from_slice(&bytes).expect("decodes");
                        sim = Simulation::restore(snapshot).expect("restores");
                    }
                    sim.step().unwrap_or_else(|error| panic!("tick {tick}: {error}"));
                    see(&mut sim)
                })
                .collect()
        })
    }

    /// Asserts that 1, 2 and 8 threads and restarts before some ticks show the same, and returns what is seen after every tick.
    ///
    /// # Panics
    /// If they do not, or an identity fails.
    pub fn same_on_all_ways<T: Send + PartialEq + std::fmt::Debug>(
        &self,
        ticks: usize,
        restarts: &[usize],
        see: impl Fn(&mut Simulation) -> T + Sync,
    ) -> Vec<T> {
        let one = self.path(ticks, 1, None, &see);
        assert_eq!(one, self.path(ticks, 2, None, &see));
        assert_eq!(one, self.path(ticks, 8, None, &see));
        for &tick in restarts {
            assert_eq!(one, self.path(ticks, 2, Some(tick), &see), "restart at tick {tick}");
        }
        one
    }
}

/// The calibration in the form the mean-field oracle reads.
#[must_use]
pub fn mean_field_tables(c: &Calibration) -> Tables {
    use configs::calibration::FinalUse;
    let (r, g) = (c.region_count(), c.industry_count());
    let final_use = |kind: FinalUse| {
        let mut out = vec![0.0; r * g * r];
        for o in 0..r {
            for p in 0..g {
                for d in 0..r {
                    out[(o * g + p) * r + d] = c.final_purchases(o, p, d, kind);
                }
            }
        }
        out
    };
    let mut tariff = vec![0.0; r * g * r];
    for d in 0..r {
        for o in (0..r).filter(|&o| o != d) {
            for p in 0..g {
                tariff[(d * g + p) * r + o] = c.tariff(d, o, p);
            }
        }
    }
    let of = |f: fn(&configs::calibration::RegionMacro) -> f64| c.macro_figures.iter().map(f).collect::<Vec<f64>>();
    Tables {
        regions: c.regions.iter().map(|x| x.code.clone()).collect(),
        products: c.industries.iter().map(|x| x.code.clone()).collect(),
        goods: c.industries.iter().map(|x| x.goods).collect(),
        manufacturing: c.industries.iter().map(|x| x.manufacturing).collect(),
        intermediate: c.flows_intermediate.clone(),
        household: final_use(FinalUse::Household),
        government: final_use(FinalUse::Government),
        investment: final_use(FinalUse::Investment),
        compensation: c.compensation.clone(),
        taxes: c.production_taxes.clone(),
        surplus: c.surplus.clone(),
        output: c.gross_output.clone(),
        employment: c.employment.iter().map(|x| x / 1000.0).collect(),
        capital: c.capital.clone(),
        tariff,
        theta: c.industries.iter().map(|x| x.trade_elasticity.unwrap_or(f64::NAN)).collect(),
        unemployment: of(|m| m.unemployment_rate),
        revenue_share: of(|m| m.government_revenue_share),
        debt_share: of(|m| m.public_debt_share),
        policy_rate: of(|m| m.policy_rate),
        income_share: c.income_shares.clone(),
        consumption_share: c.consumption_shares.clone(),
        wealth_share: c.wealth_shares.clone(),
        basket: c.baskets.clone(),
    }
}

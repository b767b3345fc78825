//! What is recorded of the households and firms of the panel, one column each.
//!
//! Amounts of a year are sums over its ticks; what is owned, and what somebody is, is that at its end.

use bevy_ecs::prelude::{Component, World};
use engine::columns::columns;
use engine::money::{Money, payment, round_half_even};
use engine::recorder::{DimensionId, Fold, Kind, Labels, Recorder, Row, Schema, SchemaError, VariableSpec};

use super::Declaration;
use crate::components::{Books, Career, Firm, Flows, Household, Lineage, Offer, Person, Plant, Status};
use crate::firms::profit::profit_before_tax;
use crate::geography::{Geography, NONE};
use crate::households::worth::{Owned, Worth};
use crate::panel::{Panel, Receipts};
use crate::parameters::Parameters;
use crate::simulation::Simulation;
use crate::state::Regions;
use crate::statistics::classes::main_earner;
use crate::store::rows_of;

/// How many are followed, how often they are recorded, and what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Households and firms.
    counts: [usize; 2],
    /// Whether once a year, not every tick.
    yearly: bool,
    /// Whether households are units.
    pub(super) units: bool,
}

impl Size {
    /// Of a world with some parameters.
    #[must_use]
    pub fn of(geography: &Geography, p: &Parameters) -> Self {
        Self { counts: Panel::sizes(geography, p), yearly: p.output.panel_yearly, units: p.households.units }
    }
}

/// A household at the end of a tick.
struct Unit<'a> {
    household: &'a Household,
    members: &'a [Person],
    received: &'a Receipts,
    /// Who earns most, or could: the person, and the firm that employs them.
    main: (&'a Person, Option<&'a Firm>),
    retired: bool,
    generation: i64,
    /// What runs in the family, as a number: who lives there.
    line: i64,
    /// What it owns and owes.
    owned: Owned,
    /// Consumer prices of the household's base-year tenth, 1 at the base.
    prices: f64,
}

impl Unit<'_> {
    fn members_with(&self, status: Status) -> i64 {
        self.members.iter().filter(|person| person.status == status).count() as i64
    }

    fn consumption(&self) -> Money {
        self.received.cash - self.household.deposits
    }

    /// Net worth as the sum of its recorded parts.
    fn net_worth(&self) -> Money {
        let [deposits, shares, home, debt] =
            [self.owned.deposits, self.owned.shares, self.owned.home, self.owned.debt].map(round_half_even);
        deposits + shares + home - debt
    }

    fn real(&self, amount: Money) -> Money {
        round_half_even(amount as f64 / self.prices)
    }
}

/// A firm at the end of a tick.
struct Company<'a> {
    firm: &'a Firm,
    books: &'a Books,
    offer: &'a Offer,
    flows: &'a Flows,
    plant: &'a Plant,
    capital_price: f64,
}

/// How a variable is measured: a flow of money, a stock of it, a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Flow,
    Stock,
    RealFlow,
    Count,
    Code,
    VolumeFlow,
    VolumeStock,
}

impl Measure {
    fn units(self, period: &str) -> String {
        match self {
            Self::Flow => format!("minor currency units per {period}"),
            Self::Stock => "minor currency units".to_owned(),
            Self::RealFlow | Self::VolumeFlow => format!("minor units at base-year prices per {period}"),
            Self::VolumeStock => "minor units at base-year prices".to_owned(),
            Self::Count | Self::Code => "1".to_owned(),
        }
    }

    const fn fold(self) -> Fold {
        match self {
            Self::Flow | Self::RealFlow | Self::VolumeFlow | Self::Count => Fold::Sum,
            Self::Stock | Self::Code | Self::VolumeStock => Fold::Last,
        }
    }
}

/// A variable: name, measure, what it is, and its value.
struct Column<T> {
    name: &'static str,
    measure: Measure,
    long_name: &'static str,
    value: T,
}

type OfUnit = Column<fn(&Unit<'_>) -> i64>;
type OfCompany = Column<fn(&Company<'_>) -> f64>;

macro_rules! columns {
    ($name:ident, $type:ty, $($column:literal, $measure:ident, $value:expr, $long:literal;)+) => {
        const $name: &[$type] = &[$(Column {
            name: $column,
            measure: Measure::$measure,
            value: $value,
            long_name: $long,
        }),+];
    };
}

columns! { UNITS, OfUnit,
    "panel_wages", Flow, |x| x.received.wages, "wages and severance pay";
    "panel_mixed_income", Flow, |x| x.received.mixed_income, "mixed income";
    "panel_dividends", Flow, |x| x.received.dividends, "dividends of the equity fund";
    "panel_fund_returns", Flow, |x| x.received.fund_returns, "what the equity fund returned to its owners, no part of disposable income";
    "panel_interest", Flow, |x| x.received.interest, "interest on deposits";
    "panel_housing_income", Flow, |x| x.received.housing(), "rents of a home of one's own less interest on debts";
    "panel_income_tax", Flow, |x| x.received.income_tax, "income tax paid";
    "panel_benefits", Flow, |x| x.received.benefits, "unemployment benefits and allowances for courses";
    "panel_pensions", Flow, |x| x.received.pensions, "pensions less contributions to pension funds";
    "panel_assistance", Flow, |x| x.received.assistance, "other transfers, by entitlement or need";
    "panel_lump_sum", Flow, |x| x.received.lump_sum, "equal payments to every person";
    "panel_child_benefits", Flow, |x| x.received.child_benefits, "child benefits";
    "panel_pension_supplements", Flow, |x| x.received.pension_supplements, "what pensions were topped up by";
    "panel_market_income", Flow, |x| x.received.market(), "market income: wages, mixed income, dividends, interest";
    "panel_disposable_income", Flow, |x| x.received.disposable(), "disposable income: market income less income tax plus benefits, pensions, other transfers, rents of a home less interest on debts";
    "panel_real_income", RealFlow, |x| x.real(x.received.disposable()),
        "disposable income at base-year prices, by the price index of the base-year tenth";
    "panel_consumption", Flow, |x| x.consumption(), "consumption at purchasers' prices";
    "panel_real_consumption", RealFlow, |x| x.real(x.consumption()),
        "consumption at the prices of the base year, by the price index of the base-year tenth";
    "panel_employed", Count, |x| x.members_with(Status::Employed), "members with a job, summed over ticks";
    "panel_unemployed", Count, |x| x.members_with(Status::Unemployed), "members who look for a job, summed over ticks";
    "panel_deposits", Stock, |x| x.household.deposits, "bank deposits, end of period";
    "panel_fund_worth", Stock, |x| round_half_even(x.owned.shares), "fund shares at their price, end of period";
    "panel_home_worth", Stock, |x| round_half_even(x.owned.home), "the home, if there is one of one's own, at its price, end of period";
    "panel_debt", Stock, |x| round_half_even(x.owned.debt), "mortgage or consumer credit owed, end of period";
    "panel_net_worth", Stock, |x| x.net_worth(),
        "deposits, fund shares and home less debt, end of period";
    "panel_permanent_income", Stock, |x| round_half_even(f64::from(x.household.income_permanent)),
        "permanent disposable income a tick, end of period";
    "panel_class", Code, |x| x.household.class.number().into(),
        "class of the last whole year: 1 + 100 source + 10 income tenth + wealth tenth, each a place from 0 (source: dimension `source`); 0 before the first";
    "panel_decile", Code, |x| i64::from(x.household.decile) + 1, "base-year tenth of income, 1 is the poorest";
    "panel_members", Code, |x| x.household.members.count().into(), "members";
    "panel_skill", Code, |x| x.main.0.skill.into(), "skill of the main earner: 0 low, 1 middle, 2 high";
    "panel_industry", Code, |x| x.main.1.map_or(-1, |firm| firm.industry.into()),
        "industry of the main earner, its place among industries from 0; -1 without a job";
    "panel_status", Code, |x| x.main.0.status as i64,
        "labour status of the main earner: 0 outside the labour force, 1 unemployed, 2 employed";
    "panel_retired", Code, |x| x.retired.into(), "1 if the household lives on pensions";
    "panel_generation", Code, |x| x.generation, "births of the line so far: heirs take the place of the dead";
    "panel_line", Code, |x| x.line, "who lives there: a number that goes with a household when it moves, and that heirs change; 0 where households are persons alone";
}

columns! { COMPANIES, OfCompany,
    "panel_firm_output", VolumeFlow, |x| x.plant.output.as_f64(), "output of the firm's plant";
    "panel_firm_sales", VolumeFlow, |x| x.offer.sold.as_f64(), "volume sold";
    "panel_firm_price", Code, |x| x.offer.price, "price, own currency per unit of base-year volume, end of period";
    "panel_firm_employees", Code, |x| x.plant.employees.iter().map(|&n| f64::from(n)).sum(),
        "employees, agents, end of period";
    "panel_firm_wages", Flow, |x| x.flows.wages as f64, "wages paid";
    "panel_firm_profit", Flow,
        |x| profit_before_tax(x.flows, x.offer.revenue, payment(x.capital_price, x.plant.depreciation)) as f64,
        "profit before tax";
    "panel_firm_dividends", Flow, |x| x.flows.dividends as f64, "dividends paid";
    "panel_firm_investment", Flow, |x| (x.flows.investment + x.flows.duties_capital) as f64,
        "gross fixed capital formation, duties included";
    "panel_firm_capital", VolumeStock, |x| x.plant.capital.as_f64(), "fixed capital, end of period";
    "panel_firm_deposits", Stock, |x| x.books.deposits as f64, "bank deposits, end of period; negative is an overdraft";
    "panel_firm_loans", Stock, |x| x.books.loans as f64, "bank loans, end of period";
    "panel_firm_age", Code, |x| f64::from(x.firm.age_ticks), "ticks since entry: a row is taken by another firm after an exit";
    "panel_firm_phase", Code, |x| f64::from(x.firm.phase as u8),
        "what the row stands for: 0 a firm that produces, 1 a building site, 2 an office, 3 a plant at rest, 4 a vacant site";
}

/// What does not change: name, and what it is.
const FIXED: [[(&str, &str); 4]; 2] = [
    [
        ("panel_household_row", "row of the household in the world"),
        ("panel_household_region", "region of the household, its place among regions from 0"),
        ("panel_household_area", "area of the household, its place among areas from 0"),
        ("panel_household_zone", "local market of the household"),
    ],
    [
        ("panel_firm_row", "row of the firm in the world"),
        ("panel_firm_region", "region of the firm, its place among regions from 0"),
        ("panel_firm_area", "area of the firm, its place among areas from 0"),
        ("panel_firm_industry", "industry of the firm, its place among industries from 0"),
    ],
];

/// Dimension of households and that of firms.
const DIMENSIONS: [(&str, &str); 2] = [
    ("panel_household", "household of the panel, number in the order of regions"),
    ("panel_firm", "firm of the panel, number in the order of regions"),
];

/// Declares what is recorded of the panel; nothing where nobody is followed.
pub(super) fn declare(schema: &mut Schema, size: Size, period: &str) -> Result<(), SchemaError> {
    let add = |schema: &mut Schema, of: DimensionId, kind: Kind, name: &str, measure: Measure, long_name: &str| {
        let units = measure.units(if size.yearly { "year" } else { period });
        let spec = VariableSpec::new(name, kind, &[of]).units(units).long_name(long_name);
        if size.yearly { schema.yearly(spec, measure.fold()) } else { schema.series(spec) }
    };
    for (k, (name, long_name)) in DIMENSIONS.into_iter().enumerate() {
        if size.counts[k] == 0 {
            continue;
        }
        let of = schema.dimension(name, long_name, Labels::Integer((1..=size.counts[k] as i64).collect()))?;
        for (name, long_name) in FIXED[k] {
            schema.constant(VariableSpec::new(name, Kind::I64, &[of]).units("1").long_name(long_name))?;
        }
        if k == 0 {
            for x in UNITS {
                add(schema, of, Kind::I64, x.name, x.measure, x.long_name)?;
            }
        } else {
            for x in COMPANIES {
                add(schema, of, Kind::F64, x.name, x.measure, x.long_name)?;
            }
        }
    }
    Ok(())
}

/// The variables of the panel as they are recorded once a year.
pub(super) fn declarations() -> impl Iterator<Item = Declaration> {
    const WITH: [&str; 2] = ["with output.panel_households", "with output.panel_firms"];
    let of = |k: usize, name, long_name, measure: Option<Measure>| Declaration {
        name,
        dimensions: measure.map(|_| "year").into_iter().chain([DIMENSIONS[k].0]).collect(),
        unit: measure.unwrap_or(Measure::Code).units("year"),
        long_name,
        definition: if measure.is_some() {
            "once a year; over time, tick by tick, without output.panel_yearly"
        } else {
            ""
        },
        recorded: WITH[k],
    };
    let fixed = (0..2).flat_map(move |k| FIXED[k].iter().map(move |x| of(k, x.0, x.1, None)));
    let units = UNITS.iter().map(move |x| of(0, x.name, x.long_name, Some(x.measure)));
    let companies = COMPANIES.iter().map(move |x| of(1, x.name, x.long_name, Some(x.measure)));
    fixed.chain(units).chain(companies)
}

/// Gives a variable one value of each who is followed.
fn push<'a>(recorder: &mut Recorder, name: &str, values: impl Into<Row<'a>>) {
    let id = recorder.schema().variable(name).expect("declared by declare()");
    recorder.push_row(id, values);
}

/// Records who is followed.
pub(super) fn record_constants(sim: &Simulation, recorder: &mut Recorder) {
    let (geography, panel) = (sim.get::<Geography>(), sim.get::<Panel>());
    let apart: Vec<usize> = (0..geography.areas.len()).filter(|&a| !geography.areas[a].zones.is_empty()).collect();
    let area = |area: u16| apart.iter().position(|&known| known == area as usize).map_or(-1, |at| at as i64);
    let mut set = |names: [(&str, &str); 4], rows: &[u32], values: &dyn Fn(usize) -> [i64; 3]| {
        if rows.is_empty() {
            return;
        }
        let rest: Vec<[i64; 3]> = rows.iter().map(|&row| values(row as usize)).collect();
        let mut all = vec![rows.iter().map(|&row| i64::from(row)).collect::<Vec<i64>>()];
        all.extend((0..3).map(|k| rest.iter().map(|x| x[k]).collect()));
        for ((name, _), values) in names.iter().zip(&all) {
            let id = recorder.schema().variable(name).expect("declared by declare()");
            recorder.set_constant(id, values);
        }
    };
    set(FIXED[0], &panel.households, &|row| {
        let zone = geography.zones.partition_point(|zone| zone.households.range().end <= row);
        [i64::from(geography.zones[zone].region), area(geography.zones[zone].area), zone as i64]
    });
    let firms = with_rows::<Firm, Vec<Firm>>(sim.world(), <[Firm]>::to_vec);
    set(FIXED[1], &panel.firms, &|row| {
        let firm = &firms[row];
        [firm.region.into(), area(firm.area), firm.industry.into()]
    });
}

/// Hands over the rows of a component.
fn with_rows<T: Component, R>(world: &World, f: impl FnOnce(&[T]) -> R) -> R {
    let query = world.try_query::<&T>().expect("a world has every kind of agent");
    f(columns(&query.query_manual(world)))
}

/// Adds the rows of the tick just run.
pub(super) fn record_tick(sim: &Simulation, recorder: &mut Recorder) {
    let panel = sim.get::<Panel>();
    if !panel.households.is_empty() {
        record_households(sim, panel, recorder);
    }
    if !panel.firms.is_empty() {
        record_firms(sim, panel, recorder);
    }
}

fn record_households(sim: &Simulation, panel: &Panel, recorder: &mut Recorder) {
    let (geography, states, world) = (sim.get::<Geography>(), &sim.get::<Regions>().states, sim.world());
    let (households, persons) = (rows_of::<Household>(world), rows_of::<Person>(world));
    let (careers, lineages) = (rows_of::<Career>(world), rows_of::<Lineage>(world));
    let worth = Worth::of_all(geography, sim.get(), sim.get(), states, households);
    with_rows::<Firm, _>(world, |firms| {
        let mut values: Vec<Vec<i64>> = vec![Vec::with_capacity(panel.households.len()); UNITS.len()];
        let mut rows = panel.households.iter().zip(&panel.receipts).peekable();
        let (mut first, mut region) = (0, 0);
        for (row, household) in households.iter().enumerate() {
            let members = first..first + household.members.rows();
            first = members.end;
            let Some((_, received)) = rows.next_if(|next| *next.0 as usize == row) else { continue };
            while geography.regions[region].households.range().end <= row {
                region += 1;
            }
            let of_members = &persons[members.clone()];
            let main = main_earner(of_members).expect("a household has members");
            let employer =
                (main.status == Status::Employed && main.employer != NONE).then(|| &firms[main.employer as usize]);
            let unit = Unit {
                household,
                members: of_members,
                received,
                main: (main, employer),
                retired: careers.get(members.start).is_some_and(|career| career.retired),
                generation: lineages.get(row).map_or(0, |lineage| lineage.generation.into()),
                line: lineages.get(row).map_or(0, |lineage| lineage.family.code() << 16 | lineage.caution.code()),
                owned: worth[region].owned(household, lineages.get(row)),
                prices: states[region].prices.by_decile[household.decile as usize],
            };
            for (column, values) in UNITS.iter().zip(&mut values) {
                values.push((column.value)(&unit));
            }
        }
        for (column, values) in UNITS.iter().zip(&values) {
            push(recorder, column.name, values);
        }
    });
}

fn record_firms(sim: &Simulation, panel: &Panel, recorder: &mut Recorder) {
    let (world, states) = (sim.world(), &sim.get::<Regions>().states);
    let known = "a world has firms and plants";
    let firms = world.try_query::<(&Firm, &Books, &Offer, &Flows)>().expect(known);
    let firms = firms.query_manual(world);
    let (firm, books, offer, flows) = columns(&firms);
    with_rows::<Plant, _>(world, |plants| {
        let of = |&row: &u32| {
            let i = row as usize;
            Company {
                firm: &firm[i],
                books: &books[i],
                offer: &offer[i],
                flows: &flows[i],
                plant: &plants[firm[i].plant as usize],
                capital_price: states[firm[i].region as usize].prices.capital,
            }
        };
        let companies: Vec<Company<'_>> = panel.firms.iter().map(of).collect();
        for column in COMPANIES {
            let values: Vec<f64> = companies.iter().map(column.value).collect();
            push(recorder, column.name, &values);
        }
    });
}

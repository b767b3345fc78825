//! The state agents carry. One archetype per kind of agent for life: a state that flips is a field. Persons and households, of whom
//! there may be very many, are rows of one block each (`engine::columns::Block`).
//!
//! Money is in minor units of the agent's own currency at national scale, volumes in minor units at base-year
//! prices (see `engine::money`).

mod bank;
mod class;
mod lives;
mod members;

use bevy_ecs::prelude::Component;
use engine::money::{Money, Volume};
use serde::{Deserialize, Serialize};

use crate::accounts::Budget;
use crate::axes::{AreaId, Branch, Industry, LocalBranch, RegionId};
use crate::geography::{NONE, SKILLS};
pub use bank::{Bank, CREDIT_WEIGHT, MORTGAGE_WEIGHT};
pub use class::Class;
pub use lives::{Career, Deviation, Lineage};
pub use members::Members;

/// Whether and where a person works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Status {
    /// Outside the labour force.
    #[default]
    Inactive,
    /// Without a job and looking for one.
    Unemployed,
    /// Employed at the plant in `Person::employer`.
    Employed,
    /// Nobody: the row of a household that is vacant.
    Absent,
}
engine::content!(code Status);

impl Status {
    /// Whether somebody works or looks for work.
    #[must_use]
    #[inline]
    pub fn in_labour_force(self) -> bool {
        matches!(self, Self::Unemployed | Self::Employed)
    }
}

/// A household: what it owns, what it expects to have and what it means to spend. Its members are rows of [`Person`] side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Household {
    /// Bank deposits, end of tick.
    pub deposits: Money,
    /// Units held of the region's equity fund.
    pub fund_shares: i64,
    /// Consumption budget of the tick, consumption taxes and duties included.
    pub budget: Money,
    /// Permanent disposable income, minor units a tick.
    pub income_permanent: f32,
    /// Income of the year so far before tax, from all sources, minor units. Only ranks households: the accounts are elsewhere.
    pub income_year: f32,
    /// Wages of the year so far, minor units.
    pub labour_year: f32,
    /// Disposable income of the year so far, minor units.
    pub net_year: f32,
    /// Disposable income of the last whole year, minor units.
    pub net_last: f32,
    /// Class assigned at the end of the last year.
    pub class: Class,
    /// Base-year income decile, 0 is the poorest.
    pub decile: u8,
    /// Members, at least one, and whether they are there.
    pub members: Members,
}
engine::content!(Household {
    deposits,
    fund_shares,
    budget,
    income_permanent,
    income_year,
    labour_year,
    net_year,
    net_last,
    class,
    decile,
    members
});

/// A person: labour status and skill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Plant that employs the person, or `geography::NONE`.
    pub employer: u32,
    /// Ability: pay of a normal tick in a staff of average pay and ability at the base, minor units a tick.
    pub efficiency: f32,
    /// Ticks since the labour status last changed.
    pub tenure_ticks: u16,
    /// Labour status.
    pub status: Status,
    /// Skill level: 0 low, 1 middle, 2 high.
    pub skill: u8,
    /// Skill level of the post held (or last held): the person's own or one lower.
    pub post: u8,
}
engine::content!(Person { employer, efficiency, tenure_ticks, status, skill, post });

/// What the row of a firm stands for at present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Phase {
    /// A firm that produces.
    #[default]
    Running,
    /// A plant under construction: it buys capital goods and neither produces nor sells.
    Building,
    /// A head office without a plant of its own: it holds the firm's books and collects from its affiliates.
    Office,
    /// A plant that rests: its capital is kept in repair, nobody works there.
    Standby,
    /// A site nobody uses: room for a plant that is still to come.
    Vacant,
}
engine::content!(code Phase);

impl Phase {
    /// Whether it buys anything.
    #[must_use]
    pub fn buys(self) -> bool {
        matches!(self, Self::Running | Self::Building | Self::Standby)
    }
}

impl Firm {
    /// Its industry in its region.
    #[must_use]
    #[inline]
    pub fn branch(&self) -> Branch {
        (RegionId(self.region as usize), Industry(self.industry as usize))
    }

    /// Whether it makes and sells something.
    #[must_use]
    #[inline]
    pub fn produces(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether it is a site that nobody uses.
    #[must_use]
    #[inline]
    pub fn is_vacant(&self) -> bool {
        self.phase == Phase::Vacant
    }

    /// Whether it is a firm: an owner of its own, with a plant or with no more than an office.
    #[must_use]
    #[inline]
    pub fn is_firm(&self) -> bool {
        self.owner().is_none() && matches!(self.phase, Phase::Running | Phase::Office)
    }

    /// The firm that owns the plant; nothing where the equity fund of its region does.
    #[must_use]
    #[inline]
    pub fn owner(&self) -> Option<usize> {
        (self.parent != NONE).then_some(self.parent as usize)
    }

    /// Its industry in its area.
    #[must_use]
    #[inline]
    pub fn local_branch(&self) -> LocalBranch {
        (AreaId(self.area as usize), Industry(self.industry as usize))
    }
}

/// The row of a firm: what it is, and where.
///
/// Rows are made once (`store.rs`), so that a row changes what it stands for: a firm ([`Firm::is_firm`]), a plant that another firm
/// owns ([`Firm::owner`]), a building site, a head office without a plant, a plant at rest or a vacant site ([`Phase`]).
///
/// A plant that a firm opens at another place is a row of its own, resident where it stands (a direct investment
/// enterprise, SNA 2008 26.86), which names its owner in `parent`.
#[derive(Component, Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Firm {
    /// Region of residence: where it stands, pays taxes and banks.
    pub region: u16,
    /// Industry, which is also the product sold.
    pub industry: u16,
    /// Area of the zone.
    pub area: u16,
    /// Zone of the head office and first plant.
    pub zone: u32,
    /// Dense outlet id for firms of the trade industry, else `geography::NONE`.
    pub outlet: u32,
    /// First plant.
    pub plant: u32,
    /// Ticks since entry (the founding firms count from the start of the run).
    pub age_ticks: u32,
    /// Firm that owns it, or `geography::NONE`: then the equity fund of its region does.
    pub parent: u32,
    /// What the row stands for.
    pub phase: Phase,
}
engine::content!(Firm { region, industry, area, zone, outlet, plant, age_ticks, parent, phase });

/// A firm's financial balance sheet.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Books {
    /// Bank deposits; negative is an overdraft.
    pub deposits: Money,
    /// Bank loans outstanding.
    pub loans: Money,
    /// Smoothed after-tax profit, minor units a tick.
    pub profit_expected: f64,
    /// Profit tax losses carried forward, minor units (never negative).
    pub losses_carried: Money,
}
engine::content!(Books { deposits, loans, profit_expected, losses_carried });

/// A firm as a seller of its product.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Price, own currency per unit of base-year volume.
    pub price: f64,
    /// Price over unit cost at the base, a ratio.
    pub markup: f64,
    /// Output at full use of capital, volume a tick.
    pub capacity: f64,
    /// Smoothed share of first-choice orders that could be served, a fraction.
    pub service: f64,
    /// Finished goods on hand.
    pub stock: Volume,
    /// Expected orders, volume a tick.
    pub demand_expected: f64,
    /// Demand averaged over some years, the demand that capital is built for, volume a tick.
    pub demand_lasting: f64,
    /// Smoothed share of orders that comes from households, a fraction.
    pub household_share: f64,
    /// Orders received this tick, first choice only (the ghost round).
    pub ordered: Volume,
    /// Volume sold this tick.
    pub sold: Volume,
    /// Receipts of the tick from sales of own output, taxes and duties excluded.
    pub revenue: Money,
}
engine::content!(Offer {
    price,
    markup,
    capacity,
    service,
    stock,
    demand_expected,
    demand_lasting,
    household_share,
    ordered,
    sold,
    revenue
});

/// A firm's plan for the tick.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Output it means to make, volume.
    pub output: Volume,
    /// Gross fixed capital formation it means to buy, volume.
    pub investment: Volume,
    /// Credit it asks for, money.
    pub credit: Money,
    /// Share of input and investment orders its finances allow, a fraction.
    pub affordable: f64,
}
engine::content!(Plan { output, investment, credit, affordable });

/// Money flows of a firm over the tick, all in its own currency; reset at the start of each tick.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flows {
    /// Wages paid.
    pub wages: Money,
    /// Employers' social contributions.
    pub social_contributions: Money,
    /// Purchases of inputs for production, duties excluded.
    pub inputs: Money,
    /// Purchases for resale, duties excluded.
    pub resale: Money,
    /// Purchases of capital goods, duties excluded.
    pub investment: Money,
    /// Import duties on inputs and goods for resale.
    pub duties_current: Money,
    /// Import duties on capital goods.
    pub duties_capital: Money,
    /// Receipts from retail sales, consumption tax excluded.
    pub retail_sales: Money,
    /// Change in inventories of finished goods, at the tick's prices.
    pub finished_change: Money,
    /// Change in inventories of inputs and goods for resale, at the tick's purchase prices.
    pub materials_change: Money,
    /// Taxes on production paid.
    pub production_tax: Money,
    /// Subsidies on production received.
    pub subsidies: Money,
    /// Investment grants received.
    pub grants: Money,
    /// Interest paid on loans.
    pub interest: Money,
    /// Corporate income tax paid.
    pub corporate_tax: Money,
    /// Dividends paid to the equity fund.
    pub dividends: Money,
    /// Loans taken up less repaid.
    pub net_borrowing: Money,
}
engine::content!(Flows {
    wages,
    social_contributions,
    inputs,
    resale,
    investment,
    duties_current,
    duties_capital,
    retail_sales,
    finished_change,
    materials_change,
    production_tax,
    subsidies,
    grants,
    interest,
    corporate_tax,
    dividends,
    net_borrowing
});

/// A place of production.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plant {
    /// Firm that owns the plant.
    pub firm: u32,
    /// Zone the plant stands in.
    pub zone: u32,
    /// Region the plant stands in.
    pub region: u16,
    /// Area the plant stands in.
    pub area: u16,
    /// Industry.
    pub industry: u16,
    /// Fixed capital, volume.
    pub capital: Volume,
    /// Output per tick and unit of capital at full use.
    pub capital_productivity: f64,
    /// Output per worker (agent) at normal hours, volume a tick.
    pub labour_productivity: f64,
    /// Normal wages per unit of output at the base, money per volume.
    pub unit_wage: f64,
    /// Share of the tasks of the base year that machines have taken over, a fraction.
    pub automated: f64,
    /// Productivity over design: 1 for founding plants; learning, skills and local suppliers of later ones.
    pub efficiency: f64,
    /// Whether the staff is paid for normal hours whatever it makes, as that of a plant in its first years.
    pub learning: bool,
    /// Ticks of pay due to everyone who leaves the plant this tick, because its work moves elsewhere.
    pub severance: f32,
    /// Idiosyncratic productivity deviation, log points.
    pub productivity_shock: f64,
    /// Workers (agents) present.
    pub labour: f64,
    /// Hours worked this tick relative to normal hours.
    pub hours: f64,
    /// Persons (agents) employed by skill of the post.
    pub employees: [u32; SKILLS],
    /// Persons employed by skill of the post at the base: the mix hired for.
    pub skill_mix: [u32; SKILLS],
    /// Ability of the staff at the base, sum of `Person::efficiency`, minor units a tick.
    pub ability: f64,
    /// Staff planned for, in workers (agents): follows what expected demand needs with a lag, up as down.
    pub staff_planned: f64,
    /// Persons it wants to employ.
    pub employees_desired: u32,
    /// Probability that a worker is laid off this tick.
    pub layoff_rate: f32,
    /// Vacancies open at the end of matching, by skill.
    pub vacancies: [u32; SKILLS],
    /// Output of the tick, volume.
    pub output: Volume,
    /// Capital consumed in the tick, volume.
    pub depreciation: Volume,
}
engine::content!(Plant {
    firm,
    zone,
    region,
    area,
    industry,
    capital,
    capital_productivity,
    labour_productivity,
    unit_wage,
    automated,
    efficiency,
    learning,
    severance,
    productivity_shock,
    labour,
    hours,
    employees,
    skill_mix,
    ability,
    staff_planned,
    employees_desired,
    layoff_rate,
    vacancies,
    output,
    depreciation,
});

impl Plant {
    /// Output that its capital can make, volume a tick, given the share that is out of use.
    #[must_use]
    pub fn capacity(&self, lost: f64) -> f64 {
        self.capital.as_f64() * self.capital_productivity * (1.0 - lost)
    }
}

/// The government of a region.
#[derive(Component, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Government {
    /// Region.
    pub region: u16,
    /// Account at the central bank; negative within a tick only.
    pub account: Money,
    /// Bonds outstanding.
    pub debt: Money,
    /// Revenue and expenditure of the tick by kind, see [`Budget`].
    pub budget: Budget,
}
engine::content!(Government { region, account, debt, budget });

/// The central bank of a region.
#[derive(Component, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CentralBank {
    /// Region.
    pub region: u16,
    /// Domestic government bonds held.
    pub bonds: Money,
    /// Government bonds of each region held as reserves, in that region's currency.
    pub foreign_bonds: Vec<Money>,
    /// Book value of all foreign claims and foreign bonds, own currency.
    pub foreign_assets: Money,
    /// Owed to foreign central banks, own currency.
    pub foreign_liabilities: Money,
}
engine::content!(CentralBank { region, bonds, foreign_bonds, foreign_assets, foreign_liabilities });

//! The state of a region that no single agent carries, by who keeps it.

use serde::{Deserialize, Serialize};

use super::demography::Demography;

/// The labour market.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabourMarket {
    /// Wages relative to the base, a ratio.
    pub wage_index: f64,
    /// Unemployment rate, a fraction.
    pub unemployment_rate: f64,
    /// Vacancies over labour force, a fraction.
    pub vacancy_rate: f64,
    /// Unemployment rates by skill, fractions, where households are units.
    pub by_skill: Vec<f64>,
    /// How easy it is to find work in each area of the region, where people move between them; else nothing.
    pub prospects: Vec<Prospect>,
}
engine::content!(LabourMarket { wage_index, unemployment_rate, vacancy_rate, by_skill, prospects });

/// How easy it is to find work in an area: log employment rates of those of working age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prospect {
    /// At the base.
    pub base: f64,
    /// On average over a year.
    pub now: f64,
}
engine::content!(Prospect { base, now });

/// What the central bank sets, and what follows from it; in trend units, which leave target inflation out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InterestRates {
    /// Policy rate in trend units, per year.
    pub policy_rate: f64,
    /// Neutral real rate as the central bank perceives it, per year.
    pub neutral_rate: f64,
    /// Average real policy rate over some years, the rate that long-lived spending answers to, per year.
    pub long: f64,
    /// Real policy rate that savers have got used to, per year.
    pub saving: f64,
    /// Average rate of loans outstanding in trend units, per year.
    pub loans: f64,
    /// Average coupon of bonds outstanding in trend units, per year.
    pub bonds: f64,
    /// Rate on household deposits in trend units, per year: below zero where the nominal rate is below target inflation.
    pub deposits: f64,
    /// Interest of the year so far a unit of deposits, a fraction.
    pub interest_year: f64,
}
engine::content!(InterestRates { policy_rate, neutral_rate, long, saving, loans, bonds, deposits, interest_year });

/// Prices, of the tick before until the tick has its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    /// Consumer price index, 1 at the base.
    pub consumer: f64,
    /// Consumer price index of each of the past ticks of a year, oldest first.
    pub consumer_history: Vec<f64>,
    /// Direct effect on consumer prices of duties above their base-year rates, points of the index.
    pub duty_content: f64,
    /// Consumer price index without the part of the duty content that the central bank looks through.
    pub core: f64,
    /// That index in each of the past ticks of a year, oldest first.
    pub core_history: Vec<f64>,
    /// Consumer price index by decile, 1 at the base.
    pub by_decile: Vec<f64>,
    /// That index over its value a tick before, by decile.
    pub decile_inflation: Vec<f64>,
    /// Consumer prices by shopping slot, average of the tick's purchases.
    pub by_slot: Vec<f64>,
    /// Capital goods price, duties included.
    pub capital: f64,
    /// Purchase price of each product for intermediate use, duties included.
    pub inputs: Vec<f64>,
    /// Purchase price of each product for resale, duties included.
    pub resale: Vec<f64>,
}
engine::content!(Prices {
    consumer,
    consumer_history,
    duty_content,
    core,
    core_history,
    by_decile,
    decile_inflation,
    by_slot,
    capital,
    inputs,
    resale
});

/// The equity and pension fund of the households.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fund {
    /// Dividends collected by the fund and not yet paid out, minor units.
    pub dividends: i64,
    /// Pension contributions collected and not yet paid out, minor units.
    pub pension_pool: i64,
    /// What it keeps to buy back and sell shares, minor units.
    pub reserve: i64,
    /// What of that it aims at, money.
    pub reserve_target: f64,
    /// Shares weighted by the returns of who holds them, of the tick before.
    pub weighted: f64,
    /// Wages of the tick before, money.
    pub wages: f64,
    /// Deposits of the equity and pension fund.
    pub deposits: i64,
    /// Fund shares outstanding.
    pub shares: i64,
    /// Dividends of the year so far a fund share, money.
    pub dividends_year: f64,
    /// Price of the fund's share relative to the base.
    pub share_price: f64,
    /// Smoothed dividends of the fund, money a tick.
    pub dividends_expected: f64,
}
engine::content!(Fund {
    dividends,
    pension_pool,
    reserve,
    reserve_target,
    weighted,
    wages,
    deposits,
    shares,
    dividends_year,
    share_price,
    dividends_expected
});

/// Homes of a region where households are units, in units of a thousandth of a mean pay of a month at the base; elsewhere there are none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Homes {
    /// Price relative to the base.
    pub price: f64,
    /// All there are.
    pub stock: i64,
    /// Of them, those that the fund owns and lets.
    pub let_out: i64,
    /// Those that households owned at the base.
    pub owned_base: f64,
    /// All there were at the base.
    pub stock_base: f64,
}

impl Homes {
    /// Those that belong to who lives in them.
    #[must_use]
    pub fn owned(&self) -> i64 {
        self.stock - self.let_out
    }

    /// All there are relative to the base; one where there are none.
    #[must_use]
    pub fn relative(&self) -> f64 {
        if self.stock_base > 0.0 { self.stock as f64 / self.stock_base } else { 1.0 }
    }
}
engine::content!(Homes { price, stock, let_out, owned_base, stock_base });

/// What befalls the region from outside the model, log deviations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shocks {
    /// Log deviation of household demand, the region's demand shock.
    pub demand: f64,
    /// Log deviation of productivity, the region's supply shock.
    pub productivity: f64,
}
engine::content!(Shocks { demand, productivity });

/// What the rules of the government have come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Treasury {
    /// Debt to annual output ratio at the base.
    pub debt_ratio_base: f64,
    /// Lump-sum transfer per household agent out of duties, money a tick; never negative.
    pub lump_sum: f64,
    /// Payment for a child out of duties, money a tick; never negative.
    pub child_benefit: f64,
    /// Children of units; none where nobody asks for them.
    pub children: i64,
    /// What pensions and other transfers follow by decile: consumer prices of the decile with a lag, 1 at the base.
    pub transfer_index: Vec<f64>,
    /// Rise of income-tax rates by the debt rule, a fraction.
    pub debt_tax: f64,
    /// Government purchases relative to plan under the debt rule, a ratio.
    pub debt_purchases: f64,
    /// Transfers relative to entitlement under the debt rule, a ratio.
    pub debt_transfers: f64,
    /// Cut financed by duty revenue of the rate of income tax, or of the tax on profits where that is its use, a fraction.
    pub duty_tax_cut: f64,
}
engine::content!(Treasury {
    debt_ratio_base,
    lump_sum,
    child_benefit,
    children,
    transfer_index,
    debt_tax,
    debt_purchases,
    debt_transfers,
    duty_tax_cut
});

/// Macroeconomic state of a region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionState {
    /// The labour market.
    pub labour: LabourMarket,
    /// What the central bank sets, and what follows from it; in trend units, which leave target inflation out.
    pub rates: InterestRates,
    /// Prices, of the tick before until the tick has its own.
    pub prices: Prices,
    /// The equity and pension fund of the households.
    pub fund: Fund,
    /// Homes, where households are units.
    pub homes: Homes,
    /// The population by age, where it is born, ages and dies.
    pub demography: Demography,
    /// What befalls the region from outside the model, log deviations.
    pub shocks: Shocks,
    /// What the rules of the government have come to.
    pub treasury: Treasury,
    /// Exchange rate: units of the numeraire per unit of own currency, 1 at the base.
    pub exchange_rate: f64,
    /// Trade balance over gross trade, smoothed.
    pub trade_balance_ratio: f64,
    /// Household agents whose disposable income of the tick was below zero.
    pub incomes_below_zero: u32,
    /// Market income of households in the last tick, money.
    pub market_income: f64,
    /// Nominal gross domestic product of last tick, money.
    pub gdp: f64,
}
engine::content!(RegionState {
    labour,
    rates,
    prices,
    fund,
    homes,
    demography,
    shocks,
    treasury,
    exchange_rate,
    trade_balance_ratio,
    incomes_below_zero,
    market_income,
    gdp
});

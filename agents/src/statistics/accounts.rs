//! National accounts of a tick, three ways, nominal and at base-year prices, in integers.
//!
//! Source: System of National Accounts 2008: output less intermediate consumption plus taxes on products; final
//! expenditure; compensation, taxes and operating surplus.

use std::iter::Sum;
use std::ops::Range;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::columns;
use engine::grid::Grid;
use engine::ledger::Ledger;
use engine::money::{Money, Volume};
use rayon::prelude::*;

use crate::accounts::{Line, Why};
use crate::axes::{Branch, Importer, Lane, Origin, Product, RegionId};
use crate::components::{Firm, Flows, Government, Offer};
use crate::geography::Geography;
use crate::purpose::Purpose;
use crate::tally::Tally;
use crate::world::base::Base;

/// Accounts of one region for one tick, minor units of its currency (volumes: at base-year prices).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NationalAccounts {
    /// Output at basic prices.
    pub output: Money,
    /// Intermediate consumption at purchasers' prices.
    pub intermediate_consumption: Money,
    /// Taxes on products: lines of the budget with that role, such as duties and taxes on consumption.
    pub taxes_on_products: Money,
    /// Compensation of employees.
    pub compensation_of_employees: Money,
    /// Taxes less subsidies on production.
    pub net_taxes_on_production: Money,
    /// Gross operating surplus, from the cash accounts of firms.
    pub gross_operating_surplus: Money,
    /// Household consumption.
    pub household_consumption: Money,
    /// Government consumption, duties included.
    pub government_consumption: Money,
    /// Gross fixed capital formation, duties included.
    pub fixed_capital_formation: Money,
    /// Change in inventories.
    pub inventory_change: Money,
    /// Exports.
    pub exports: Money,
    /// Imports before duty.
    pub imports: Money,
    /// Real gross domestic product at base-year prices: output less intermediate use, volume.
    pub real_gdp: Volume,
    /// Real household consumption, volume.
    pub real_household_consumption: Volume,
    /// Real government consumption, volume.
    pub real_government_consumption: Volume,
    /// Real fixed capital formation, volume.
    pub real_fixed_capital_formation: Volume,
    /// Real exports, volume.
    pub real_exports: Volume,
    /// Real imports, volume.
    pub real_imports: Volume,
    /// Real inventory change, volume.
    pub real_inventory_change: Volume,
}

impl NationalAccounts {
    /// Gross domestic product from production.
    #[must_use]
    pub fn gdp_production(&self) -> Money {
        self.output - self.intermediate_consumption + self.taxes_on_products
    }

    /// Gross domestic product from income.
    #[must_use]
    pub fn gdp_income(&self) -> Money {
        self.compensation_of_employees
            + self.net_taxes_on_production
            + self.gross_operating_surplus
            + self.taxes_on_products
    }

    /// Gross domestic product from expenditure.
    #[must_use]
    pub fn gdp_expenditure(&self) -> Money {
        self.household_consumption
            + self.government_consumption
            + self.fixed_capital_formation
            + self.inventory_change
            + self.exports
            - self.imports
    }

    /// Real gross domestic product from expenditure, volume.
    #[must_use]
    pub fn real_gdp_expenditure(&self) -> Volume {
        self.real_household_consumption
            + self.real_government_consumption
            + self.real_fixed_capital_formation
            + self.real_inventory_change
            + self.real_exports
            - self.real_imports
    }
}

/// Flows of firms summed over one region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirmTotals {
    /// All flows.
    pub flows: SummedFlows,
    /// Receipts from own output.
    pub revenue: Money,
}

macro_rules! summed {
    ($($field:ident),*) => {
        /// Sums of [`Flows`] in a region.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct SummedFlows { $(#[doc = concat!("Sum of `Flows::", stringify!($field), "`.")] pub $field: Money),* }
        impl SummedFlows {
            fn add(&mut self, f: &Flows) { $(self.$field += f.$field;)* }
        }
    };
}
summed!(
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
);

/// Accounts of all regions for the tick.
#[derive(Resource, Clone, Debug, Default)]
pub struct Accounts {
    /// National accounts by region.
    pub national: Vec<NationalAccounts>,
    /// Firm totals by region.
    pub firms: Vec<FirmTotals>,
    /// Output at basic prices, money.
    pub output: Grid<Branch, Money>,
    /// Operating surplus, money.
    pub surplus: Grid<Branch, Money>,
}

/// Sum over purposes and products of a column between an importer and an origin.
#[must_use]
pub fn bilateral<T: Copy + Sum>(column: &Grid<Lane, T>, importer: usize, origin: usize) -> T {
    let [_, _, products, _] = column.shape();
    let of = |(purpose, x)| column[(purpose, Importer(importer), Product(x), Origin(origin))];
    Purpose::ALL.into_iter().flat_map(|purpose| (0..products).map(move |x| (purpose, x))).map(of).sum()
}

/// Sum of a column over what a region buys in others.
fn bought_abroad<T: Copy + Sum>(column: &Grid<Lane, T>, region: usize) -> T {
    let [_, regions, ..] = column.shape();
    (0..regions).filter(|&o| o != region).map(|o| bilateral(column, region, o)).sum()
}

/// Sum of a column over what a region sells to others.
fn sold_abroad<T: Copy + Sum>(column: &Grid<Lane, T>, region: usize) -> T {
    let [_, regions, ..] = column.shape();
    (0..regions).filter(|&d| d != region).map(|d| bilateral(column, d, region)).sum()
}

/// Sum over products and origins of a column for a purpose of an importer.
#[must_use]
pub fn by_purpose(column: &Grid<Lane, Volume>, purpose: Purpose, importer: usize) -> Volume {
    let [_, _, products, _] = column.shape();
    (0..products).flat_map(|x| column.row((purpose, Importer(importer), Product(x)))).sum()
}

/// Why the cash of firms moves without being income of production: what they owe, own and hand out, and taxes on it. All
/// other payments are receipts and costs of production, so a new one is either named here or income.
const NOT_INCOME: [Why; 15] = [
    Why::CorporateTax,
    Why::Grants,
    Why::ImportsCapital,
    Why::LoanInterest,
    Why::DirectInvestmentPaid,
    Why::DirectInvestmentReceived,
    Why::AffiliateDividendsPaid,
    Why::AffiliateDividendsReceived,
    Why::Dividends,
    Why::CapitalInjection,
    Why::SharesIssued,
    Why::SharesRetired,
    Why::LoansGranted,
    Why::LoansRepaid,
    Why::OverdraftsWrittenOff,
];

/// Gross operating surplus of the firms of a region from their cash account.
///
/// Equation: `GOS = cash in - cash out of production + sales of capital goods among firms + duties on capital goods + change in
/// inventories`. What firms pay one another within the region leaves their cash as a whole as it is, so inputs cancel; the
/// seller of a capital good earns what the buyer invests; duties on it are part of the investment. `flow` is what was posted
/// under a reason in the tick. Source: System of National Accounts 2008, 7.8 (balancing item of the generation of income) and
/// 20.34 (from cash to accrual); it is independent of output and intermediate consumption, which are added up sale by sale.
#[must_use]
pub fn operating_surplus(flow: impl Fn(Why) -> i128, duties_capital: Money, inventory_change: Money) -> i128 {
    let income = |why: &&Why| !NOT_INCOME.contains(why);
    let of_firms =
        |why: Why| why.legs().filter(|leg| leg.0 == Line::FirmDeposits).map(|leg| i128::from(leg.1)).sum::<i128>();
    let cash: i128 = Why::ALL.iter().filter(income).map(|&why| of_firms(why) * flow(why)).sum();
    cash + flow(Why::CapitalPurchases) + i128::from(duties_capital) + i128::from(inventory_change)
}

/// Sums over the firms of a region: all flows, then output and operating surplus by industry.
type OfFirms = (FirmTotals, Vec<Money>, Vec<Money>);

fn of_firms(rows: Range<usize>, products: usize, firm: &[Firm], offer: &[Offer], flows: &[Flows]) -> OfFirms {
    let mut total = FirmTotals::default();
    let (mut output, mut surplus) = (vec![0; products], vec![0; products]);
    for i in rows {
        let (f, o, j) = (&flows[i], &offer[i], firm[i].industry as usize);
        total.flows.add(f);
        total.revenue += o.revenue;
        // Margin output: retail sales less goods sold at replacement cost is inside `materials_change`.
        let value = o.revenue + f.retail_sales + f.finished_change;
        output[j] += value;
        let used = f.inputs + f.resale + f.duties_current - f.materials_change;
        surplus[j] += value - used - f.wages - f.social_contributions - f.production_tax + f.subsidies;
    }
    (total, output, surplus)
}

/// System: national accounts of the tick.
pub fn compile_accounts(
    base: Res<Base>,
    geography: Res<Geography>,
    tally: Res<Tally>,
    ledger: Res<Ledger>,
    mut accounts: ResMut<Accounts>,
    firms: Query<(&Firm, &Offer, &Flows)>,
    governments: Query<&Government>,
) {
    let (firm, offer, flows) = columns(&firms);
    let governments = columns(&governments);
    let (r, g) = (geography.region_count(), base.products);
    let per_region: Vec<OfFirms> =
        geography.regions.par_iter().map(|region| of_firms(region.firms.range(), g, firm, offer, flows)).collect();
    accounts.national.clear();
    accounts.firms.clear();
    (accounts.output, accounts.surplus) = (Grid::filled([r, g], 0), Grid::filled([r, g], 0));
    for (k, (total, output, surplus)) in per_region.into_iter().enumerate() {
        let f = &total.flows;
        let gov = &governments[k].budget;
        let cost_of_goods = tally.goods_sold_cost[k];
        let household_volume: Volume =
            tally.volume.layer(RegionId(k)).as_slice().iter().sum::<Volume>() + tally.margin_volume[k];
        let volume = |purpose: Purpose| by_purpose(&tally.purchases.volume, purpose, k);
        let output_volume: Volume = tally.output.row((RegionId(k),)).iter().sum();
        let use_volume: Volume = tally.input_use.row((RegionId(k),)).iter().sum();
        let sold: Volume = geography.regions[k].firms.range().map(|i| offer[i].sold).sum();
        let bought = volume(Purpose::Intermediate) - use_volume + volume(Purpose::Resale)
            - tally.retail_volume.row((RegionId(k),)).iter().sum::<Volume>();
        let total_output = total.revenue + f.retail_sales - cost_of_goods + f.finished_change;
        let intermediate = f.inputs + f.resale + f.duties_current - f.materials_change - cost_of_goods;
        let surplus_of_firms = operating_surplus(
            |why| ledger.flow(k, why as u16),
            f.duties_capital,
            f.finished_change + f.materials_change,
        );
        accounts.national.push(NationalAccounts {
            output: total_output,
            intermediate_consumption: intermediate,
            taxes_on_products: gov.taxes_on_products(),
            compensation_of_employees: f.wages + f.social_contributions,
            net_taxes_on_production: f.production_tax - f.subsidies,
            gross_operating_surplus: i64::try_from(surplus_of_firms).unwrap_or(i64::MAX),
            household_consumption: tally.spending.layer(RegionId(k)).as_slice().iter().sum(),
            government_consumption: gov.consumption + gov.duties_own,
            fixed_capital_formation: f.investment + f.duties_capital,
            inventory_change: f.finished_change + f.materials_change,
            exports: sold_abroad(&tally.purchases.receipts, k),
            imports: bought_abroad(&tally.purchases.value, k),
            real_gdp: output_volume - use_volume,
            real_household_consumption: household_volume,
            real_government_consumption: volume(Purpose::Government),
            real_fixed_capital_formation: volume(Purpose::Capital),
            real_exports: sold_abroad(&tally.purchases.volume, k),
            real_imports: bought_abroad(&tally.purchases.volume, k),
            real_inventory_change: output_volume - sold + bought,
        });
        accounts.firms.push(total);
        accounts.output.row_mut((RegionId(k),)).copy_from_slice(&output);
        accounts.surplus.row_mut((RegionId(k),)).copy_from_slice(&surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operating_surplus_is_what_production_leaves_in_cash_and_stocks() {
        // Sales to households 100, of it tax 10; exports 50; a machine sold to a firm at home 20. Imported inputs 30, wages
        // 40, duties 7 of which 2 on capital goods. Stocks rise by 5. Dividends, loans and imported machines are no income.
        let flow = |why| match why {
            Why::HouseholdPurchases => 100,
            Why::ConsumptionTax => 10,
            Why::Exports => 50,
            Why::CapitalPurchases => 20,
            Why::InputPurchases => 60,
            Why::ImportsInputs => 30,
            Why::Wages => 40,
            Why::DutiesFirms => 7,
            Why::Dividends | Why::LoansGranted | Why::ImportsCapital | Why::CorporateTax => 1000,
            _ => 0,
        };
        // 100 - 10 + 50 + 20 - 30 - 40 - (7 - 2) + 5
        assert_eq!(operating_surplus(flow, 2, 5), 90);
    }
}

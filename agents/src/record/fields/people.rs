//! Households by decile: income, consumption, wealth, unserved demand.

use engine::money::Volume;

use crate::axes::{Decile, RegionId, Slot};
use crate::geography::DECILES;
use crate::record::view::{View, ratio};

super::fields! {
    "market_income_decile", DECILE, MoneyFlow, Integer |v, [r, d, _]| v.tally.income_market[(RegionId(r), Decile(d))],
        "market income by decile", "wages, dividends and interest before tax";
    "disposable_income_decile", DECILE, MoneyFlow, Integer |v, [r, d, _]| v.tally.income_disposable[(RegionId(r), Decile(d))],
        "disposable income by decile", "market income less income tax plus benefits and transfers";
    "pensions_net_decile", DECILE, MoneyFlow, Integer |v, [r, d, _]| v.tally.pension_net[(RegionId(r), Decile(d))],
        "pension and life insurance payouts less contributions by decile", "not part of disposable income";
    "consumption_decile", DECILE, MoneyFlow, Integer |v, [r, d, _]| {
            let slots = v.geography.products.shopping_slots();
            (0..slots).map(|s| v.shopping(&v.tally.spending, r, d, s)).sum()
        },
        "consumption by decile", "at purchasers' prices";
    "real_consumption_decile", DECILE, VolumeFlow, Number |v, [r, d, _]| {
            let price = &v.base_region(r).consumer_price;
            (0..price.len()).map(|s| price[s] * v.shopping(&v.tally.volume, r, d, s).as_f64()).sum()
        },
        "real consumption by decile", "volumes at base-year purchasers' prices, trade margins and duties included";
    "deposits_decile", DECILE, MoneyStock, Integer |v, [r, d, _]| v.people[r].deposits[d],
        "deposits of households by decile", "end of tick";
    "fund_share_decile", DECILE, Number, Number |v, [r, d, _]| {
            ratio(v.people[r].fund_shares[d] as f64, v.people[r].fund_shares.iter().sum::<i64>() as f64)
        },
        "share of the equity fund owned by decile", "sums to 1 over deciles";
    "incomes_below_zero", REGION, Number, Integer |v, [r, ..]| i64::from(v.region(r).incomes_below_zero),
        "household agents whose disposable income is below zero", "of the tick";
    "household_spending_product", CELL, MoneyFlow, Integer |v, [r, g, _]| v.slots[g].map_or(0, |slot| {
            (0..DECILES).map(|d| v.shopping(&v.tally.spending, r, d, slot)).sum()
        }),
        "household spending by product", "goods with their trade margin, services of local firms; imported services apart";
    "household_volume_product", CELL, VolumeFlow, Volume |v, [r, g, _]| v.slots[g].map_or(Volume::ZERO, |slot| {
            (0..DECILES).map(|d| v.shopping(&v.tally.volume, r, d, slot)).sum()
        }),
        "volume of household purchases by product", "goods, and services of local firms; imported services apart";
    "household_spending_imported_services", REGION, MoneyFlow, Integer |v, [r, ..]| {
            let slot = v.geography.products.goods.len();
            (0..DECILES).map(|d| v.shopping(&v.tally.spending, r, d, slot)).sum()
        },
        "household spending on imported services", "bought as a bundle at outlets";
    "unserved_demand", CELL, VolumeFlow, Volume |v, [r, g, _]| v.slots[g].map_or(Volume::ZERO, |slot| unserved(v, r, slot)),
        "household demand nobody could serve, by product", "after the last round";
    "unserved_demand_imported_services", REGION, VolumeFlow, Volume |v, [r, ..]| unserved(v, r, v.geography.products.goods.len()),
        "household demand for imported services nobody could serve", "after the last round";
    "class_persons", CLASS, Persons, Single |v, [r, s, d]| v.persons(r, v.classes.regions[r].persons[s][d]),
        "persons by main source of income and income decile",
        "deciles of the region's people in this year, not those of the base year, by income before tax; where households are units by income after tax over the square root of the members, with wages by skill of the main earner; zero in ticks that end no year of the run";
    "income_transition", MOVES, Persons, Single |v, [r, a, b]| v.persons(r, v.classes.regions[r].income[a][b]),
        "persons by income decile of the year before and of this year",
        "income as class_persons; zero in the first year and in ticks that end no year";
    "wealth_transition", MOVES, Persons, Single |v, [r, a, b]| v.persons(r, v.classes.regions[r].wealth[a][b]),
        "persons by wealth decile at the end of the year before and of this year",
        "net worth: deposits and fund shares at their price, and where households are units homes less debts; zero in the first year and in ticks that end no year";
    "source_transition", TURNS, Persons, Single |v, [r, a, b]| v.persons(r, v.classes.regions[r].source[a][b]),
        "persons by main source of income in the year before and in this year",
        "labour: wages; capital, property: dividends and interest; transfers: benefits and other, and pensions unless apart; zero in the first year and in ticks that end no year";
}

fn unserved(v: &View<'_>, region: usize, slot: usize) -> Volume {
    v.tally.unserved[(RegionId(region), Slot(slot))]
}

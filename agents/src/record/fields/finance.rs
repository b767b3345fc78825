//! Debt by holder, banks and central banks.

use crate::households::lives::homes::rents;
use crate::record::view::ratio;

super::fields! {
    "budget_revenue", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.revenue(),
        "revenue of the government", "sum of its lines; without what comes from abroad and bonds issued";
    "budget_expenditure", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.expenditure(),
        "expenditure of the government", "sum of its lines; duties on its own purchases included";
    "government_debt", REGION, MoneyStock, Integer |v, [r, ..]| v.governments[r].debt,
        "government debt", "bonds outstanding, end of tick";
    "debt_held_bank", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).bonds,
        "government debt held by the bank", "end of tick";
    "debt_held_central_bank", REGION, MoneyStock, Integer |v, [r, ..]| v.central_banks[r].bonds,
        "government debt held by the own central bank", "end of tick";
    "debt_held_abroad", PARTNER, MoneyStock, Integer |v, [r, holder, _]| v.central_banks[holder].foreign_bonds[r],
        "government debt of the region held by the partner's central bank", "in the currency of the debtor, end of tick";
    "bank_loans", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).lent(),
        "loans of the bank", "to firms and households, end of tick";
    "mortgages", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).mortgages,
        "loans to households on their homes", "end of tick; zero where households are persons alone";
    "consumer_credit", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).consumer_credit,
        "loans to households without a home", "end of tick; zero where households are persons alone";
    "home_price", REGION, Number, Number |v, [r, ..]| v.region(r).homes.price,
        "price of homes relative to the base", "zero where households are persons alone";
    "home_rent", REGION, Number, Number |v, [r, ..]| rents(v.region(r)),
        "rent of a home relative to the base", "by consumer prices, people and homes; of no meaning where households are persons alone";
    "home_stock", REGION, Number, Number |v, [r, ..]| v.region(r).homes.relative(),
        "homes relative to the base", "as capital of the industry with role `housing` in industries.csv; one where households are persons alone";
    "homes_let_share", REGION, Number, Number |v, [r, ..]| {
            let homes = &v.region(r).homes;
            ratio(homes.let_out as f64, homes.stock as f64)
        },
        "share of homes that the fund owns and lets", "the others belong to who lives in them; zero where households are persons alone";
    "bank_deposits", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).deposits,
        "deposits at the bank", "of households, firms and the fund, end of tick";
    "bank_reserves", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).reserves,
        "reserves of the bank", "at the central bank, end of tick";
    "bank_equity", REGION, MoneyStock, Integer |v, [r, ..]| v.bank(r).equity(),
        "own funds of the bank", "assets less deposits, end of tick";
    "credit_granted_share", REGION, Number, Number |v, [r, ..]| v.bank(r).credit_granted_share,
        "share of requested credit that was granted", "limited by the bank's capital";
    "fund_deposits", REGION, MoneyStock, Integer |v, [r, ..]| v.region(r).fund.deposits,
        "deposits of the equity and pension fund", "collected and not yet paid out";
}

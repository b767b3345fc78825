//! Budgets, debt by holder, banks and central banks.

super::fields! {
    "budget_duties", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.duties,
        "revenue: import duties", "duties of the government on its own purchases included";
    "budget_duties_own", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.duties_own,
        "duties the government pays to itself", "part of budget_duties";
    "budget_production_tax", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.production_tax,
        "revenue: taxes on production", "of the table and of measures";
    "budget_income_tax", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.income_tax,
        "revenue: taxes on household income", "withheld with the income";
    "budget_corporate_tax", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.corporate_tax,
        "revenue: corporate income tax", "losses are carried forward";
    "budget_social_contributions", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.social_contributions,
        "revenue: social contributions", "of employers";
    "budget_consumption_tax", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.consumption_tax,
        "revenue: taxes on consumption", "of measures; that of the base year is part of prices";
    "budget_central_bank_profit", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.central_bank_profit,
        "revenue: profit of the central bank", "negative is a loss the government bears";
    "budget_consumption", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.consumption,
        "expenditure: purchases", "duties excluded";
    "budget_unemployment_benefits", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.unemployment_benefits,
        "expenditure: unemployment benefits", "replacement rate times former wage";
    "budget_transfers", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.transfers,
        "expenditure: pensions and other transfers", "to households; the debt rule and handed-back duties included";
    "budget_subsidies", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.subsidies,
        "expenditure: subsidies", "on production and wages";
    "budget_grants", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.grants,
        "expenditure: investment grants", "capital transfers to firms";
    "budget_interest", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.interest,
        "expenditure: interest on bonds", "to bank, central bank and abroad";
    "budget_external_transfers", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.external_transfers,
        "net primary income and transfers from the rest of the world",
        "constant item that offsets the base-year bilateral balances; received less paid";
    "budget_bonds_issued", REGION, MoneyFlow, Integer |v, [r, ..]| v.governments[r].budget.bonds_issued,
        "bonds issued less redeemed", "equal to the deficit";
    "government_debt", REGION, MoneyStock, Integer |v, [r, ..]| v.governments[r].debt,
        "government debt", "bonds outstanding, end of tick";
    "debt_held_bank", REGION, MoneyStock, Integer |v, [r, ..]| v.banks[r].bonds,
        "government debt held by the bank", "end of tick";
    "debt_held_central_bank", REGION, MoneyStock, Integer |v, [r, ..]| v.central_banks[r].bonds,
        "government debt held by the own central bank", "end of tick";
    "debt_held_abroad", PARTNER, MoneyStock, Integer |v, [r, holder, _]| v.central_banks[holder].foreign_bonds[r],
        "government debt of the region held by the partner's central bank", "in the currency of the debtor, end of tick";
    "bank_loans", REGION, MoneyStock, Integer |v, [r, ..]| v.banks[r].loans, "loans of the bank", "end of tick";
    "bank_deposits", REGION, MoneyStock, Integer |v, [r, ..]| v.banks[r].deposits,
        "deposits at the bank", "of households, firms and the fund, end of tick";
    "bank_reserves", REGION, MoneyStock, Integer |v, [r, ..]| v.banks[r].reserves,
        "reserves of the bank", "at the central bank, end of tick";
    "bank_equity", REGION, MoneyStock, Integer |v, [r, ..]| v.banks[r].equity(),
        "own funds of the bank", "assets less deposits, end of tick";
    "credit_granted_share", REGION, Number, Number |v, [r, ..]| v.banks[r].credit_granted_share,
        "share of requested credit that was granted", "limited by the bank's capital";
    "fund_deposits", REGION, MoneyStock, Integer |v, [r, ..]| v.region(r).fund_deposits,
        "deposits of the equity and pension fund", "collected and not yet paid out";
}

//! Firms: profits, capital, inventories, credit, exits.

use crate::axes::{Product, RegionId};

super::fields! {
    "firms", CELL, Number, Integer |v, [r, g, _]| v.cell(r, g).firms,
        "firm agents", "an exit is followed by an entry on the same site";
    "profits", CELL, MoneyFlow, Integer |v, [r, g, _]| v.cell(r, g).profit,
        "profits before tax", "after interest and capital consumption at replacement cost";
    "dividends", CELL, MoneyFlow, Integer |v, [r, g, _]| v.cell(r, g).dividends, "dividends paid", "to the equity fund of the owners' region";
    "subsidies_received", CELL, MoneyFlow, Integer |v, [r, g, _]| v.cell(r, g).subsidies,
        "subsidies and investment grants received", "production, wage and investment";
    "investment", CELL, MoneyFlow, Integer |v, [r, g, _]| v.cell(r, g).investment,
        "gross fixed capital formation by industry", "of the investing industry, duties included";
    "capital", CELL, VolumeStock, Volume |v, [r, g, _]| v.cell(r, g).capital,
        "fixed capital by industry", "at base-year prices, end of tick";
    "capital_consumed", REGION, VolumeFlow, Volume |v, [r, ..]| v.tally.capital_consumed[r],
        "consumption of fixed capital", "at base-year prices";
    "inventories_finished", CELL, VolumeStock, Volume |v, [r, g, _]| v.cell(r, g).finished,
        "finished goods of producers", "end of tick, by product";
    "inventories_inputs", CELL, VolumeStock, Volume |v, [r, g, _]| v.cell(r, g).inputs,
        "inputs on hand by using industry", "end of tick, all products";
    "inventories_retail", CELL, VolumeStock, Volume |v, [r, g, _]| v.resale[(RegionId(r), Product(g))],
        "goods for resale by product", "at outlets of the trade industry, end of tick";
    "orders_received", CELL, VolumeFlow, Volume |v, [r, g, _]| v.cell(r, g).ordered,
        "orders received by industry", "first choice of buyers, before rationing";
    "sales", CELL, VolumeFlow, Volume |v, [r, g, _]| v.cell(r, g).sold, "volume sold by industry", "own output";
    "loans", CELL, MoneyStock, Integer |v, [r, g, _]| v.cell(r, g).loans, "bank loans to firms", "outstanding at the end of the tick";
    "firm_deposits", CELL, MoneyStock, Integer |v, [r, g, _]| v.cell(r, g).deposits,
        "deposits of firms", "overdrafts are negative";
    "loan_losses", REGION, MoneyFlow, Integer |v, [r, ..]| v.tally.loan_losses[r],
        "defaults: loans and overdrafts written off", "borne by the bank";
    "exits", REGION, Number, Integer |v, [r, ..]| i64::from(v.tally.exits[r]), "firms wound up in the tick", "insolvent firms, agents";
    "entries", REGION, Number, Integer |v, [r, ..]| i64::from(v.tally.exits[r]),
        "firms founded in the tick", "equal to exits: every site that fails is founded anew in the same tick";
}

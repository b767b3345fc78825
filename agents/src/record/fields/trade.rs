//! Trade between regions, duties and foreign claims. The region is the importer, the partner the origin.

use engine::money::Volume;

use crate::axes::{Debtor, Holder};
use crate::record::view::ratio;

super::fields! {
    "trade_value", TRADE, MoneyFlow, Integer |v, [r, o, g]| v.trade.value[v.flow(r, o, g)],
        "purchases by country of origin, before duty",
        "importer's currency; the diagonal is what is bought at home for production, investment, resale and government";
    "trade_volume", TRADE, VolumeFlow, Volume |v, [r, o, g]| v.trade.volume[v.flow(r, o, g)],
        "volume of purchases by country of origin", "at base-year prices of the origin";
    "trade_value_dispatch", TRADE, MoneyFlow, Integer |v, [r, o, g]| v.declared.dispatch[v.flow(r, o, g)],
        "purchases by region of dispatch, before duty",
        "as declared to customs; equal to trade_value unless goods are shipped through third regions";
    "trade_duty", TRADE, MoneyFlow, Integer |v, [r, o, g]| v.trade.duty[v.flow(r, o, g)],
        "import duties by country of origin", "paid by the importer in the settlement that pays the seller";
    "duty_rate_collected", TRADE, Number, Single |v, [r, o, g]| {
            let at = v.flow(r, o, g);
            ratio(v.trade.duty[at] as f64, v.trade.value[at] as f64)
        },
        "collected duty rate", "duties over value before duty; not a number without purchases";
    "duty_rate_statutory", TRADE, Number, Number |v, [r, o, g]| v.policy.tariffs[v.flow(r, o, g)],
        "duty rate in force", "base-year tariff and all measures; mean of the tick's days";
    "imports_bilateral", PARTNER, MoneyFlow, Integer |v, [r, o, _]| if r == o { 0 } else { v.bilateral(&v.trade.value, r, o) },
        "imports from partner, before duty", "by country of origin, importer's currency";
    "imports_manufactured_bilateral", PARTNER, MoneyFlow, Integer |v, [r, o, _]| {
            if r == o { 0 } else { v.bilateral_manufactured(&v.trade.value, r, o) }
        },
        "imports of manufactured goods from partner, before duty", "by country of origin, importer's currency";
    "imports_by_dispatch", PARTNER, MoneyFlow, Integer |v, [r, o, _]| {
            if r == o { 0 } else { v.bilateral(&v.declared.dispatch, r, o) }
        },
        "imports by region of dispatch, before duty", "as declared to customs, importer's currency";
    "imports_shipped_through", PARTNER, MoneyFlow, Integer |v, [r, o, _]| v.bilateral(&v.declared.through, r, o),
        "imports of goods of partner that came through third regions, before duty", "by true origin, found by customs or not, beyond the base year; importer's currency";
    "duties_evaded", REGION, MoneyFlow, Integer |v, [r, ..]| v.declared.evaded[r],
        "import duties evaded by shipping through third regions", "duty on goods of the true origin less duty paid, on goods that customs did not find; at actual imports";
    "duties_on_found", REGION, MoneyFlow, Integer |v, [r, ..]| v.declared.on_found[r],
        "import duties and fines on goods found to be shipped through third regions", "part of import duties";
    "real_imports_bilateral", PARTNER, VolumeFlow, Volume |v, [r, o, _]| {
            if r == o { Volume::ZERO } else { v.bilateral(&v.trade.volume, r, o) }
        },
        "real imports from partner", "by country of origin, at base-year prices of the origin";
    "duties_bilateral", PARTNER, MoneyFlow, Integer |v, [r, o, _]| v.bilateral(&v.trade.duty, r, o),
        "import duties on goods from partner", "importer's currency";
    "imports_product", CELL, MoneyFlow, Integer |v, [r, g, _]| v.imported(&v.trade.value, r, g),
        "imports by product, before duty", "importer's currency";
    "real_imports_product", CELL, VolumeFlow, Volume |v, [r, g, _]| v.imported(&v.trade.volume, r, g),
        "real imports by product", "at base-year prices of the origin";
    "exports_product", CELL, MoneyFlow, Integer |v, [r, g, _]| v.exported(&v.trade.receipts, r, g),
        "exports by product", "receipts of sellers, exporter's currency";
    "real_exports_product", CELL, VolumeFlow, Volume |v, [r, g, _]| v.exported(&v.trade.volume, r, g),
        "real exports by product", "at base-year prices";
    "duties_product", CELL, MoneyFlow, Integer |v, [r, g, _]| {
            (0..v.regions).map(|o| v.trade.duty[v.flow(r, o, g)]).sum()
        },
        "import duties by product", "importer's currency";
    "orders_business", CELL, VolumeFlow, Volume |v, [r, g, _]| {
            (0..v.regions).map(|o| v.trade.ordered[v.flow(r, o, g)]).sum()
        },
        "volume ordered by firms and government, by product", "first choice of sellers, before rationing";
    "deliveries_business", CELL, VolumeFlow, Volume |v, [r, g, _]| {
            (0..v.regions).map(|o| v.trade.volume[v.flow(r, o, g)]).sum()
        },
        "volume delivered to firms and government, by product", "after all rounds";
    "foreign_claims", PARTNER, MoneyStock, Integer |v, [r, o, _]| v.state.claims[(Holder(r), Debtor(o))],
        "claims of the region on the partner", "in the partner's currency; bonds held as reserves not included";
}

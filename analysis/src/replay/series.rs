//! The series of a replay: what statistical offices publish by month, computed from a recording.

use crate::indicators::{Data, named};
use crate::recording::{Recording, RecordingError};

/// How a series is compared with what was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An index, 100 on average over the months before the first measure.
    Index,
    /// An amount of money.
    Level,
    /// A percentage, compared as it is.
    Rate,
}

/// For whom a series is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// All partners together, or the region itself.
    Total,
    /// Each partner.
    Partners,
    /// Both.
    Both,
}

/// A series.
#[derive(Clone, Copy)]
pub struct Series {
    /// Identifier.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// How it is compared.
    pub kind: Kind,
    /// For whom it is there.
    pub over: Over,
    /// How it is computed.
    pub definition: &'static str,
    /// What is published that it can be laid beside.
    pub published: &'static str,
    compute: fn(&Trade<'_>, Option<usize>) -> Result<Vec<f64>, RecordingError>,
}

impl std::fmt::Debug for Series {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Series").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Series {
    /// Values by tick, an index not yet based; `partner` is nobody for the total.
    ///
    /// # Errors
    /// If the recording lacks a variable.
    pub fn values(&self, trade: &Trade<'_>, partner: Option<usize>) -> Result<Vec<f64>, RecordingError> {
        (self.compute)(trade, partner)
    }
}

/// A recording seen by an importing region.
pub struct Trade<'a> {
    data: Data<'a>,
    region: usize,
    goods: Vec<bool>,
}

impl<'a> Trade<'a> {
    /// Opens the trade of a region.
    ///
    /// # Errors
    /// If the recording does not say which products are goods.
    pub fn of(recording: &'a Recording<'a>, region: usize) -> Result<Self, RecordingError> {
        let data = Data::of(recording)?;
        let goods = data.shared("goods")?.values.iter().map(|x| *x > 0.5).collect();
        Ok(Self { data, region, goods })
    }

    /// A flow of goods into the region from abroad, or from one partner.
    fn goods_imports(&self, name: &str, partner: Option<usize>) -> Result<Vec<f64>, RecordingError> {
        let array = self.data.shared(name)?;
        let (origins, products) = (array.shape[2], array.shape[3]);
        let counts = |origin: usize| origin != self.region && partner.is_none_or(|partner| partner == origin);
        let of_tick = |tick: usize| -> f64 {
            let flows = &array.tick(tick)[self.region * origins * products..(self.region + 1) * origins * products];
            let from = |origin: usize| flows[origin * products..(origin + 1) * products].iter().zip(&self.goods);
            let origins = (0..origins).filter(|&origin| counts(origin));
            origins.flat_map(from).filter(|flow| *flow.1).map(|flow| flow.0).sum()
        };
        Ok((0..array.ticks()).map(of_tick).collect())
    }

    /// Exports of goods.
    fn goods_exports(&self) -> Result<Vec<f64>, RecordingError> {
        let array = self.data.shared("exports_product")?;
        let products = self.goods.len();
        let of_tick = |tick: usize| -> f64 {
            let flows = &array.tick(tick)[self.region * products..(self.region + 1) * products];
            flows.iter().zip(&self.goods).filter(|flow| *flow.1).map(|flow| flow.0).sum()
        };
        Ok((0..array.ticks()).map(of_tick).collect())
    }

    fn indicator(&self, id: &'static str) -> Result<Vec<f64>, RecordingError> {
        let indicator = named(id).ok_or_else(|| RecordingError::Missing { what: "indicator", name: id.to_owned() })?;
        Ok(indicator.values(&self.data)?.swap_remove(self.region))
    }

    fn value(&self, partner: Option<usize>) -> Result<Vec<f64>, RecordingError> {
        self.goods_imports("trade_value", partner)
    }

    fn volume(&self, partner: Option<usize>) -> Result<Vec<f64>, RecordingError> {
        self.goods_imports("trade_volume", partner)
    }

    fn duty(&self, partner: Option<usize>) -> Result<Vec<f64>, RecordingError> {
        self.goods_imports("trade_duty", partner)
    }
}

/// Minor units a month in billions of major units.
fn billions(minor: Vec<f64>) -> Vec<f64> {
    minor.into_iter().map(|x| x / 1e11).collect()
}

/// `factor a / b`, not a number where there is no `b`.
fn over(factor: f64, a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| if *b > 0.0 { factor * a / b } else { f64::NAN }).collect()
}

/// Unit of indices.
const INDEX: &str = "index, months before the first measure = 100";
/// Unit of money.
const MONEY: &str = "billion a month";

/// All series.
pub const SERIES: &[Series] = &[
    Series {
        id: "imports",
        name: "goods imports",
        unit: MONEY,
        kind: Kind::Level,
        over: Over::Both,
        definition: "goods bought from abroad by country of origin, before duty, importer's currency",
        published: "imports of goods by country, customs value, seasonally adjusted (US Census Bureau, FT-900)",
        compute: |trade, partner| Ok(billions(trade.value(partner)?)),
    },
    Series {
        id: "imports_index",
        name: "goods imports, index",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Both,
        definition: "series imports over its mean before the first measure",
        published: "as imports, in any unit, trend taken out",
        compute: |trade, partner| trade.value(partner),
    },
    Series {
        id: "import_volume",
        name: "volume of goods imports",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Both,
        definition: "goods imports at base-year prices of the origin over their mean before the first measure",
        published: "real goods imports (US Census Bureau, FT-900, chained dollars), or value over a price index; trend taken out",
        compute: |trade, partner| trade.volume(partner),
    },
    Series {
        id: "import_share",
        name: "share in goods imports",
        unit: "percent of goods imports",
        kind: Kind::Rate,
        over: Over::Partners,
        definition: "goods imports from the partner over all goods imports, before duty",
        published: "as imports; a share needs no trend taken out",
        compute: |trade, partner| Ok(over(100.0, &trade.value(partner)?, &trade.value(None)?)),
    },
    Series {
        id: "duty_rate",
        name: "collected duty rate",
        unit: "percent of goods imports",
        kind: Kind::Rate,
        over: Over::Both,
        definition: "duties collected on goods over goods imports before duty",
        published: "calculated duty over customs value of imports for consumption (US Census Bureau; USITC DataWeb)",
        compute: |trade, partner| Ok(over(100.0, &trade.duty(partner)?, &trade.value(partner)?)),
    },
    Series {
        id: "duty_revenue",
        name: "duty revenue",
        unit: MONEY,
        kind: Kind::Level,
        over: Over::Total,
        definition: "duties collected on goods imports",
        published: "customs duties (US Treasury, Monthly Treasury Statement); paid up to two months after entry",
        compute: |trade, _| Ok(billions(trade.duty(None)?)),
    },
    Series {
        id: "exports",
        name: "goods exports",
        unit: MONEY,
        kind: Kind::Level,
        over: Over::Total,
        definition: "receipts of sellers for goods sold abroad, own currency",
        published: "exports of goods, seasonally adjusted (US Census Bureau, FT-900)",
        compute: |trade, _| Ok(billions(trade.goods_exports()?)),
    },
    Series {
        id: "exports_index",
        name: "goods exports, index",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Total,
        definition: "series exports over its mean before the first measure",
        published: "as exports, in any unit, trend taken out",
        compute: |trade, _| trade.goods_exports(),
    },
    Series {
        id: "import_price",
        name: "import price before duty",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Both,
        definition: "unit value of goods imports: value before duty over volume at base-year prices (Paasche), importer's currency",
        published: "import price index (US BLS, all commodities or by country of origin), which excludes duties",
        compute: |trade, partner| Ok(over(1.0, &trade.value(partner)?, &trade.volume(partner)?)),
    },
    Series {
        id: "import_price_landed",
        name: "import price with duty",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Both,
        definition: "unit value of goods imports with duties: value and duty over volume at base-year prices (Paasche)",
        published: "import price index times one and the collected rate",
        compute: |trade, partner| {
            let paid: Vec<f64> = trade.value(partner)?.iter().zip(trade.duty(partner)?).map(|(a, b)| a + b).collect();
            Ok(over(1.0, &paid, &trade.volume(partner)?))
        },
    },
    Series {
        id: "consumer_price",
        name: "consumer prices",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Total,
        definition: "consumer price index, Laspeyres with base-year baskets, duties and margins included; target inflation is not in it",
        published: "consumer price index, seasonally adjusted (US BLS, CPI-U), target inflation taken out",
        compute: |trade, _| trade.indicator("consumer_price"),
    },
    Series {
        id: "producer_price",
        name: "producer prices",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Total,
        definition: "producer price index of all industries, Laspeyres with base-year output; target inflation is not in it",
        published: "producer price index, seasonally adjusted (US BLS, PPI final demand), target inflation taken out",
        compute: |trade, _| trade.indicator("producer_price"),
    },
    Series {
        id: "manufacturing_employment",
        name: "manufacturing employment",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Total,
        definition: "persons employed in manufacturing over their mean before the first measure",
        published: "employees in manufacturing, seasonally adjusted (US BLS, CES), trend taken out",
        compute: |trade, _| trade.indicator("manufacturing_employment"),
    },
    Series {
        id: "employment",
        name: "employment",
        unit: INDEX,
        kind: Kind::Index,
        over: Over::Total,
        definition: "persons employed in all industries over their mean before the first measure",
        published: "employment, seasonally adjusted (US BLS, CES or CPS), growth of population taken out",
        compute: |trade, _| trade.indicator("employment"),
    },
    Series {
        id: "unemployment_rate",
        name: "unemployment rate",
        unit: "percent of the labour force",
        kind: Kind::Rate,
        over: Over::Total,
        definition: "unemployed persons over the labour force",
        published: "unemployment rate, seasonally adjusted (US BLS, CPS)",
        compute: |trade, _| trade.indicator("unemployment_rate"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::tests::{CELL, content};

    #[test]
    fn series_are_described_and_unique() {
        let mut seen = std::collections::BTreeSet::new();
        for series in SERIES {
            assert!(seen.insert(series.id), "{} occurs twice", series.id);
            assert!([series.name, series.unit, series.definition, series.published].iter().all(|x| !x.is_empty()));
            assert_eq!(series.kind == Kind::Index, series.unit == INDEX, "{}", series.id);
        }
    }

    #[test]
    fn trade_by_hand() {
        // Two ticks, two regions, two origins, a good and a service.
        let over: &[&str] = &["time", "region", "partner", "industry"];
        let value: &[f64] = &[9.0, 9.0, 4e11, 9.0, 8.0, 7.0, 6.0, 5.0, 9.0, 9.0, 3e11, 1.0, 0.0, 7.0, 6.0, 5.0];
        let duty: &[f64] = &[0.0, 0.0, 1e11, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let volume: &[f64] = &[9.0, 9.0, 2e11, 9.0, 4.0, 7.0, 6.0, 5.0, 9.0, 9.0, 3e11, 1.0, 0.0, 7.0, 6.0, 5.0];
        let content = content(&[
            ("goods", &["industry"], &[1.0, 0.0]),
            ("trade_value", over, value),
            ("trade_duty", over, duty),
            ("trade_volume", over, volume),
            ("exports_product", CELL, &[2e11, 9.0, 1.0, 1.0, 5e11, 0.0, 0.0, 0.0]),
        ]);
        let recording = Recording::of(&content);
        let trade = Trade::of(&recording, 0).expect("trade");
        let check = |id: &str, partner: Option<usize>, expected: [f64; 2]| {
            let series = SERIES.iter().find(|series| series.id == id).expect("a series");
            let found = series.values(&trade, partner).expect("its variables");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{id}: {found} is not {expected}");
            }
        };
        check("imports", Some(1), [4.0, 3.0]);
        check("imports", None, [4.0, 3.0]);
        check("import_share", Some(1), [100.0, 100.0]);
        check("duty_rate", None, [25.0, 0.0]);
        check("duty_revenue", None, [1.0, 0.0]);
        check("exports", None, [2.0, 5.0]);
        check("import_price", None, [2.0, 1.0]);
        check("import_price_landed", Some(1), [2.5, 1.0]);
        // The other region buys goods from the first only, and none in the second tick.
        let other = Trade::of(&recording, 1).expect("trade");
        let rate = SERIES.iter().find(|series| series.id == "duty_rate").expect("a series");
        let found = rate.values(&other, None).expect("its variables");
        assert!((found[0] - 25.0).abs() < 1e-12 && found[1].is_nan(), "{found:?}");
    }
}

//! Rates in force by instrument, from the list of instruments in `configs`.

use configs::measures::MeasureKind;
use configs::measures::instruments::Instrument;
use serde::{Deserialize, Serialize};

macro_rules! tables {
    ($($module:ident: $kind:ident => $table:ident,)+) => {
        /// Rates in force by instrument; each table is indexed by what its instrument concerns: `(importer*R + exporter)*G + g`,
        /// `r`, `a`, `r*G + g` or `a*G + g`, with R regions, G products or industries, and the place `a` of an area.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct RatesInForce {
            $(
                #[doc = concat!("See [`", stringify!($module), "`](configs::measures::instruments::", stringify!($module), ").")]
                pub $table: Vec<f64>,
            )+
        }

        impl RatesInForce {
            /// Tables that a function gives.
            pub(super) fn new(table: impl Fn(&Instrument) -> Vec<f64>) -> Self {
                Self { $($table: table(MeasureKind::$kind.instrument())),+ }
            }

            /// The table of a kind.
            pub(super) fn table(&mut self, kind: MeasureKind) -> &mut Vec<f64> {
                match kind { $(MeasureKind::$kind => &mut self.$table),+ }
            }
        }
    };
}

configs::each_instrument!(tables);

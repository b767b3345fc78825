//! Rates in force by instrument, from the list of instruments in `configs`.

use configs::measures::MeasureKind;
use engine::grid::Grid;
use serde::{Deserialize, Serialize};

use crate::axes::{Border, Branch, LocalBranch};

/// How many regions, areas and industries tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Size {
    pub(super) regions: usize,
    pub(super) areas: usize,
    pub(super) industries: usize,
}

/// The type of the table of an instrument, by what it concerns.
macro_rules! table {
    (Imports) => { Grid<Border, f64> };
    (Regions) => { Vec<f64> };
    (Areas) => { Vec<f64> };
    (RegionIndustries) => { Grid<Branch, f64> };
    (AreaIndustries) => { Grid<LocalBranch, f64> };
}

/// Such a table with one value everywhere.
macro_rules! filled {
    (Imports, $size:ident, $value:expr) => {
        Grid::filled([$size.regions, $size.regions, $size.industries], $value)
    };
    (Regions, $size:ident, $value:expr) => {
        vec![$value; $size.regions]
    };
    (Areas, $size:ident, $value:expr) => {
        vec![$value; $size.areas]
    };
    (RegionIndustries, $size:ident, $value:expr) => {
        Grid::filled([$size.regions, $size.industries], $value)
    };
    (AreaIndustries, $size:ident, $value:expr) => {
        Grid::filled([$size.areas, $size.industries], $value)
    };
}

macro_rules! tables {
    ($($module:ident: $kind:ident => $table:ident: $scope:ident,)+) => {
        /// Rates in force by instrument; those of regions and of areas by their place.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct RatesInForce {
            $(
                #[doc = concat!("See [`", stringify!($module), "`](configs::measures::instruments::", stringify!($module), ").")]
                pub $table: table!($scope),
            )+
        }

        impl RatesInForce {
            /// Tables that hold, of each kind, the value that a function gives.
            pub(super) fn new(size: Size, value: impl Fn(MeasureKind) -> f64) -> Self {
                Self { $($table: filled!($scope, size, value(MeasureKind::$kind))),+ }
            }

            /// The table of a kind, as cells of measures count it.
            pub(super) fn cells(&mut self, kind: MeasureKind) -> &mut [f64] {
                match kind { $(MeasureKind::$kind => self.$table.as_mut_slice()),+ }
            }
        }
    };
}

configs::each_instrument!(tables);

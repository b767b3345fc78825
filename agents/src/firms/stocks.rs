//! How much firms mean to keep in stock.

use crate::parameters::Parameters;

/// Months of output a seller keeps in stock.
#[must_use]
pub fn stock_months(p: &Parameters, is_good: bool) -> f64 {
    if is_good { p.firms.inventory_target } else { p.firms.service_inventory_target }
}

/// Ticks of use in an opening stock that holds a number of months in monthly ticks: the use of the tick, and the rest
/// as a buffer, which is as many months whatever the tick.
#[must_use]
pub fn cover(months_of_use: f64, months_per_tick: f64) -> f64 {
    1.0 + (months_of_use - 1.0).max(0.0) / months_per_tick
}

/// Months of sales an outlet keeps of a product.
#[must_use]
pub fn resale_months(p: &Parameters, is_good: bool) -> f64 {
    if is_good { p.retail.stock_target } else { p.retail.service_stock_target }
}

/// Months of use a firm keeps of an input.
#[must_use]
pub fn input_months(p: &Parameters, is_good: bool) -> f64 {
    if is_good { p.firms.input_inventory_target } else { p.firms.service_input_inventory_target }
}

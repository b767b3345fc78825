//! The tick, in order.

use bevy_ecs::prelude::{Res, ResMut, World};
use engine::schedule::{ScheduleBuilder, ScheduleError, TickSchedule};

use crate::firms::{automation, entry, planning, pricing, production, profit, shares};
use crate::geography::Geography;
use crate::government::{finance, monetary};
use crate::households::income;
use crate::households::lives::{generations, moving};
use crate::location;
use crate::location::sites::Moves;
use crate::markets::{business, clearing, credit, exchange, household, labour, landed, routing, sourcing, suppliers};
use crate::statistics::{accounts, audit, classes, indices, polarization};
use crate::tally::Tally;

/// System: last tick's sums are cleared.
fn clear_tally(geography: Res<Geography>, mut tally: ResMut<Tally>, mut moves: ResMut<Moves>) {
    *moves = Moves::new(geography.region_count());
    *tally = Tally::new(geography.region_count(), geography.product_count(), geography.products.shopping_slots());
}

/// Builds the schedule of one tick.
///
/// # Errors
/// If the engine finds the order ambiguous.
pub fn build(world: &mut World) -> Result<TickSchedule, ScheduleError> {
    stages(ScheduleBuilder::new(), world)
}

/// Adds the stages of a tick to a builder, which may carry an observer.
///
/// # Errors
/// As [`build`].
pub fn stages(builder: ScheduleBuilder, world: &mut World) -> Result<TickSchedule, ScheduleError> {
    builder
        .stage("opening", (clear_tally, finance::open_budgets))
        .stage("exit_and_entry", entry::wind_up_and_enter)
        .stage("exchange_rates", exchange::update_exchange_rates)
        .stage("rates_and_wages", monetary::set_rates_and_wages)
        .stage("routes", (routing::choose_routes, landed::price_at_borders))
        .stage("landed_prices", (sourcing::update_targets, suppliers::choose_suppliers))
        .stage("customers", household::choose_local_sellers)
        .stage("firm_plans", planning::plan)
        .stage("location_prospects", (location::remember, location::teach, location::look_ahead))
        .stage("plant_closures", location::wind_up)
        .stage("construction", (location::learn_sales, location::build))
        .stage("hand_over", location::change_over)
        .stage("location_reviews", location::review)
        .stage("reserves", location::keep_reserves)
        .stage("price_reviews", (pricing::review_prices, household::review_retail_prices))
        .stage("credit", credit::grant_credit)
        .stage("shares", shares::trade_shares)
        .stage("lives", generations::live)
        .stage("moves", moving::move_on)
        .stage("labour", labour::clear_labour_market)
        .stage("production", production::produce)
        .stage("incomes", income::pay_incomes)
        .stage("business_goods", business::trade_with_suppliers)
        .stage("household_goods", household::shop)
        .stage("business_second_round", business::trade_with_others)
        .stage("prices", indices::update_indices)
        .stage("automation", automation::renew_plants)
        .stage("grants", profit::grant_plants)
        .stage("profits", profit::settle_accounts)
        .stage("affiliates", profit::pay_owners)
        .stage("clearing", clearing::settle_banks)
        .stage("finance", finance::close_budgets)
        .stage("inequality", polarization::measure)
        .stage("classes", classes::assign_classes)
        .stage("accounts", accounts::compile_accounts)
        .stage("audit", audit::audit)
        .build(world)
}

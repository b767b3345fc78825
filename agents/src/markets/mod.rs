//! Markets: business goods, retail, labour, credit, foreign exchange.

mod baskets;
pub mod batches;
pub mod business;
pub mod careers;
pub mod clearing;
pub mod courses;
pub mod credit;
pub mod displacement;
pub mod exchange;
pub mod household;
pub mod labour;
pub mod landed;
pub mod lots;
pub mod resting;
pub mod retail;
pub mod routing;
pub mod separations;
pub mod sourcing;
pub mod suppliers;

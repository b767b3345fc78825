//! Contracts of the whole economy. One target: each would be linked anew.

mod accounts;
mod automation;
mod backup;
mod baseline;
mod demography;
mod determinism;
mod lives;
mod location;
mod markets;
mod mean_field;
mod modules;
mod moving;
mod people;
mod routing;
mod rules;
mod size;
mod state;
mod tidy;

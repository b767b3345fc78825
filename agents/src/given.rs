//! What a stage finds given: it reads it and no stage of a tick changes it, but for a government that enacts a measure of later ticks
//! ([`crate::policy::Enacted`]).

use bevy_ecs::prelude::Res;
use bevy_ecs::system::SystemParam;

use crate::geography::Geography;
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::state::{Policy, Settings, Tick};
use crate::world::base::Base;

/// Settings, tick, parameters, base year, map and policy: what rules are applied with.
#[derive(SystemParam)]
pub struct Given<'w> {
    /// Settings of the run.
    pub settings: Res<'w, Settings>,
    /// The tick that runs.
    pub tick: Res<'w, Tick>,
    /// Parameters of the model.
    pub p: Res<'w, Parameters>,
    /// The closed base year.
    pub base: Res<'w, Base>,
    /// Regions, areas, zones and products.
    pub geography: Res<'w, Geography>,
    /// The dated policy schedule.
    pub policy: Res<'w, Policy>,
}

impl Given<'_> {
    /// Measures in force.
    pub fn measures(&self) -> &PolicyState {
        self.policy.0.at(self.tick.0)
    }

    /// Numbers of regions and of products.
    pub fn size(&self) -> (usize, usize) {
        (self.geography.region_count(), self.base.products)
    }
}

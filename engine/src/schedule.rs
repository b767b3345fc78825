//! One tick as one chain of named stages, on one thread, in the order given.
//!
//! Parallelism lives inside systems, over slices; systems never run at the same time. Within a stage systems are
//! chained too, unless the stage is declared unordered, in which case two systems that touch the same data are an
//! error when the schedule is built. (Structural changes through `Commands` are outside this check: let one system of a
//! stage of its own do them.)

use std::fmt;

use bevy_ecs::schedule::{
    InternedSystemSet, IntoScheduleConfigs, LogLevel, Schedule, ScheduleBuildSettings, ScheduleLabel,
    SingleThreadedExecutor, SystemSet,
};
use bevy_ecs::system::ScheduleSystem;
use bevy_ecs::world::World;

#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
struct TickLabel;

#[derive(SystemSet, Clone, Copy, PartialEq, Eq, Hash)]
struct Stage(&'static str);

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stage `{}`", self.0)
    }
}

/// Why a schedule could not be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Two stages have the same name.
    #[error("two stages are called `{0}`: give each its own name")]
    DuplicateStage(&'static str),
    /// Systems of an unordered stage conflict, or the chain is otherwise impossible.
    #[error("the tick has no definite order: {0}\nchain the systems of that stage, or let them share no data")]
    Build(String),
}

/// Called after each stage with the world and the name of the stage.
type Observer = dyn Fn(&mut World, &'static str) + Send + Sync;

/// Collects the stages of a tick in order.
pub struct ScheduleBuilder {
    schedule: Schedule,
    stages: Vec<&'static str>,
    observer: Option<std::sync::Arc<Observer>>,
}

impl Default for ScheduleBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ScheduleBuilder {
    /// A tick without stages.
    #[must_use]
    pub fn new() -> Self {
        let mut schedule = Schedule::new(TickLabel);
        schedule.set_executor(SingleThreadedExecutor::new());
        schedule.set_build_settings(ScheduleBuildSettings {
            ambiguity_detection: LogLevel::Error,
            hierarchy_detection: LogLevel::Error,
            ..ScheduleBuildSettings::new()
        });
        Self { schedule, stages: Vec::new(), observer: None }
    }

    /// Calls `observer` after each stage that is added from now on, for instance to digest the state or to measure
    /// time. It must not change the world.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&mut World, &'static str) + Send + Sync + 'static) -> Self {
        self.observer = Some(std::sync::Arc::new(observer));
        self
    }

    /// Appends the stage `name`, whose `systems` (one, or a tuple) run one after the other in the order given.
    #[must_use]
    pub fn stage<M>(self, name: &'static str, systems: impl IntoScheduleConfigs<ScheduleSystem, M>) -> Self {
        self.append(name, systems.chain())
    }

    /// Appends the stage `name`, whose `systems` do not depend on one another: any two that touch the same data, one of
    /// them writing, are an error when the schedule is built.
    #[must_use]
    pub fn stage_unordered<M>(self, name: &'static str, systems: impl IntoScheduleConfigs<ScheduleSystem, M>) -> Self {
        self.append(name, systems)
    }

    fn append<M>(mut self, name: &'static str, systems: impl IntoScheduleConfigs<ScheduleSystem, M>) -> Self {
        self.schedule.add_systems(systems.in_set(Stage(name)));
        self.order_after_last(name);
        if let Some(observer) = self.observer.clone() {
            let observe = move |world: &mut World| observer(world, name);
            self.schedule.add_systems(observe.in_set(Observed(name)).after(Stage(name)));
        }
        self.stages.push(name);
        self
    }

    fn order_after_last(&mut self, name: &'static str) {
        if let Some(&last) = self.stages.last() {
            let last: [InternedSystemSet; 2] = [Stage(last).intern(), Observed(last).intern()];
            self.schedule.configure_sets(Stage(name).after(last[0]).after(last[1]));
        }
    }

    /// Builds the schedule for `world`.
    ///
    /// # Errors
    /// [`ScheduleError`] if a name occurs twice or systems of an unordered stage conflict.
    pub fn build(mut self, world: &mut World) -> Result<TickSchedule, ScheduleError> {
        for (index, name) in self.stages.iter().enumerate() {
            if self.stages[..index].contains(name) {
                return Err(ScheduleError::DuplicateStage(name));
            }
        }
        self.schedule
            .initialize(world)
            .map_err(|error| ScheduleError::Build(error.to_string(self.schedule.graph(), world)))?;
        Ok(TickSchedule { schedule: self.schedule, stages: self.stages })
    }
}

#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Observed(&'static str);

/// The tick: a fixed chain of stages.
pub struct TickSchedule {
    schedule: Schedule,
    stages: Vec<&'static str>,
}

impl TickSchedule {
    /// Runs all stages once.
    pub fn run(&mut self, world: &mut World) {
        self.schedule.run(world);
    }

    /// The names of the stages, in order.
    #[must_use]
    pub fn stages(&self) -> &[&'static str] {
        &self.stages
    }
}

impl fmt::Debug for TickSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TickSchedule").field(&self.stages).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy_ecs::prelude::*;
    use std::sync::{Arc, Mutex};

    #[derive(Resource, Default)]
    struct Trace(Vec<u32>);
    #[derive(Resource, Default)]
    struct Other(u32);

    fn push<const N: u32>(mut trace: ResMut<Trace>) {
        trace.0.push(N);
    }

    fn world() -> World {
        let mut world = World::new();
        world.init_resource::<Trace>();
        world.init_resource::<Other>();
        world
    }

    #[test]
    fn stages_and_systems_run_in_the_order_given() {
        let mut world = world();
        let mut tick = ScheduleBuilder::new()
            .stage("production", (push::<3>, push::<1>, push::<2>))
            .stage("trade", push::<9>)
            .stage("accounts", (push::<5>, push::<4>))
            .build(&mut world)
            .expect("a schedule");
        tick.run(&mut world);
        tick.run(&mut world);
        assert_eq!(world.resource::<Trace>().0, [3, 1, 2, 9, 5, 4, 3, 1, 2, 9, 5, 4]);
        assert_eq!(tick.stages(), ["production", "trade", "accounts"]);
    }

    #[test]
    fn a_system_may_occur_in_two_stages() {
        let mut world = world();
        let mut tick = ScheduleBuilder::new()
            .stage("first", push::<1>)
            .stage("second", push::<2>)
            .stage("third", push::<1>)
            .build(&mut world)
            .expect("a schedule");
        tick.run(&mut world);
        assert_eq!(world.resource::<Trace>().0, [1, 2, 1]);
    }

    #[test]
    fn commands_take_effect_before_the_next_system() {
        #[derive(Component)]
        struct Firm;
        let mut world = world();
        let mut tick = ScheduleBuilder::new()
            .stage(
                "entry",
                (
                    |mut commands: Commands| {
                        commands.spawn(Firm);
                    },
                    |firms: Query<&Firm>, mut trace: ResMut<Trace>| trace.0.push(firms.iter().count() as u32),
                ),
            )
            .stage("count", |firms: Query<&Firm>, mut trace: ResMut<Trace>| trace.0.push(firms.iter().count() as u32))
            .build(&mut world)
            .expect("a schedule");
        tick.run(&mut world);
        assert_eq!(world.resource::<Trace>().0, [1, 1]);
    }

    #[test]
    fn ambiguity_is_an_error() {
        let mut world = world();
        let error = ScheduleBuilder::new()
            .stage("before", push::<0>)
            .stage_unordered("muddle", (push::<1>, push::<2>))
            .build(&mut world)
            .expect_err("both write the trace");
        let ScheduleError::Build(message) = error else { panic!("{error}") };
        assert!(message.contains("stage `muddle`"), "{message}");
        ScheduleBuilder::new()
            .stage_unordered("apart", (push::<1>, |mut other: ResMut<Other>| other.0 += 1))
            .build(&mut world)
            .expect("they share nothing");
    }

    #[test]
    fn duplicate_names_are_refused() {
        let error = ScheduleBuilder::new().stage("a", push::<1>).stage("a", push::<2>).build(&mut world());
        assert_eq!(error.expect_err("twice"), ScheduleError::DuplicateStage("a"));
    }

    #[test]
    fn observers_see_each_stage_after_it_ran() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let mut world = world();
        let mut tick = ScheduleBuilder::new()
            .observe(move |world, stage| {
                log.lock().expect("a lock").push((stage, world.resource::<Trace>().0.len()));
            })
            .stage("a", (push::<1>, push::<2>))
            .stage("b", push::<3>)
            .build(&mut world)
            .expect("a schedule");
        tick.run(&mut world);
        assert_eq!(*seen.lock().expect("a lock"), [("a", 2), ("b", 3)]);
    }
}

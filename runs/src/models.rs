//! The models that can be run: by their names in scenarios. Everything else here knows them by [`Model`] alone.

use std::any::Any;
use std::path::Path;

use agents::multiplier::Multiplier;
use agents::simulation::{Setup, Simulation};
use engine::clock::Clock;
use engine::digest::{TickDigest, of_texts};
use engine::model::{Detail, Fault, Model};
use engine::netcdf::Attributes;
use engine::recorder::{Recorder, Schema, SchemaError};

use crate::checkpoint::{self, Head, Saved};
use crate::failure::Failure;

pub use configs::scenario::ECONOMY;

/// What decides how much a world takes.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Household agents.
    pub households: f64,
    /// Whether they are units of several persons.
    pub units: bool,
    /// Firm agents.
    pub firms: f64,
    /// Places of its input-output table: regions times industries, squared.
    pub flows: f64,
}

/// What a world takes.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Bytes of memory, the recording apart.
    pub bytes: f64,
    /// Seconds of its founding, which more threads make hardly shorter.
    pub founding: f64,
    /// Seconds of a tick on one thread.
    pub tick: f64,
}

/// A model by its name.
pub struct Entry {
    /// Name in scenarios.
    pub name: &'static str,
    /// One line about it.
    pub title: &'static str,
    /// What it costs.
    pub cost: fn(Extent) -> Cost,
    build: fn(&Setup) -> Result<Box<dyn Live>, Fault>,
    planned: fn(&Setup, Clock) -> Result<Schema, Fault>,
    read: fn(&Path, u64) -> Result<Saved, Failure>,
}

/// All of them. A new one is a line here.
pub const MODELS: &[Entry] = &[
    entry::<Simulation>(
        ECONOMY,
        "firms, households, banks, governments and central banks of many regions as agents",
        crate::check::cost::of,
    ),
    entry::<Multiplier>(
        "multiplier",
        "a textbook multiplier of regions without agents: an example of a second model, not for results",
        |_| Cost { bytes: 2.5e7, founding: 0.01, tick: 1e-4 },
    ),
];

const fn entry<M: Model<Setup = Setup>>(name: &'static str, title: &'static str, cost: fn(Extent) -> Cost) -> Entry {
    Entry { name, title, cost, build: build::<M>, planned: M::planned, read: read::<M> }
}

fn build<M: Model<Setup = Setup>>(setup: &Setup) -> Result<Box<dyn Live>, Fault> {
    Ok(Box::new(M::build(setup)?))
}

fn read<M: Model<Setup = Setup>>(path: &Path, shape: u64) -> Result<Saved, Failure> {
    let (head, series, snapshot) = checkpoint::read_as::<M::Snapshot>(path, shape)?;
    let model = checkpoint::believed(|| Ok(M::restore(snapshot)?))?;
    Ok(Saved { head, series, model: Box::new(model) })
}

/// The model of a name; the names there are, if there is none.
///
/// # Errors
/// [`Failure::Configuration`] with the remedy.
pub fn of(name: &str) -> Result<&'static Entry, Failure> {
    MODELS.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let known = configs::reading::did_you_mean(name, names());
        Failure::Configuration(format!("no model is called `{name}`; {known}"))
    })
}

/// What a model costs.
#[must_use]
pub fn cost(name: &str) -> fn(Extent) -> Cost {
    of(name).map_or(crate::check::cost::of as fn(Extent) -> Cost, |entry| entry.cost)
}

/// Names of all models.
pub fn names() -> impl Iterator<Item = &'static str> {
    MODELS.iter().map(|entry| entry.name)
}

impl Entry {
    /// Identifies the shape of its checkpoints: the sources of the types in them.
    #[must_use]
    pub fn shape(&self) -> u64 {
        of_texts(["autarky run", self.name, env!("AUTARKY_SHAPE")])
    }

    /// A model before its first tick.
    ///
    /// # Errors
    /// As [`Model::build`].
    pub fn build(&self, setup: &Setup) -> Result<Box<dyn Live>, Fault> {
        (self.build)(setup)
    }

    /// What a model would record in full.
    ///
    /// # Errors
    /// As [`Model::planned`].
    pub fn planned(&self, setup: &Setup, clock: Clock) -> Result<Schema, Fault> {
        (self.planned)(setup, clock)
    }

    /// A run of this model that was saved.
    ///
    /// # Errors
    /// If the file is missing, damaged or of another version, or what it holds contradicts itself.
    pub fn read(&self, path: &Path) -> Result<Saved, Failure> {
        (self.read)(path, self.shape())
    }
}

/// A model that runs, whichever it is.
pub trait Live: Send + Sync {
    /// As [`Model::tick`].
    fn tick(&self) -> u32;
    /// As [`Model::step`].
    ///
    /// # Errors
    /// As [`Model::step`].
    fn step(&mut self) -> Result<Vec<String>, Fault>;
    /// As [`Model::digest`].
    fn digest(&self) -> TickDigest;
    /// As [`Model::schema`].
    ///
    /// # Errors
    /// As [`Model::schema`].
    fn schema(&self, clock: Clock, detail: Detail) -> Result<Schema, SchemaError>;
    /// As [`Model::record_constants`].
    fn record_constants(&self, recorder: &mut Recorder);
    /// As [`Model::record`].
    fn record(&mut self, detail: Detail, recorder: &mut Recorder);
    /// As [`Model::about`].
    fn about(&self) -> Attributes;
    /// As [`Model::headline`].
    fn headline(&self) -> String;
    /// The same state under another setup, as [`Model::under`].
    ///
    /// # Errors
    /// As [`Model::restore`].
    fn branch(&self, setup: &Setup) -> Result<Box<dyn Live>, Fault>;
    /// Writes a checkpoint of it.
    ///
    /// # Errors
    /// If it cannot be written.
    fn save(&self, path: &Path, head: &Head, recorder: &Recorder) -> Result<(), Failure>;
    /// Itself, for what is about one model only.
    fn as_any(&self) -> &dyn Any;
    /// Itself, to change it.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<M: Model<Setup = Setup>> Live for M {
    fn tick(&self) -> u32 {
        Model::tick(self)
    }

    fn step(&mut self) -> Result<Vec<String>, Fault> {
        Model::step(self)
    }

    fn digest(&self) -> TickDigest {
        Model::digest(self)
    }

    fn schema(&self, clock: Clock, detail: Detail) -> Result<Schema, SchemaError> {
        Model::schema(self, clock, detail)
    }

    fn record_constants(&self, recorder: &mut Recorder) {
        Model::record_constants(self, recorder);
    }

    fn record(&mut self, detail: Detail, recorder: &mut Recorder) {
        Model::record(self, detail, recorder);
    }

    fn about(&self) -> Attributes {
        Model::about(self)
    }

    fn headline(&self) -> String {
        Model::headline(self)
    }

    fn branch(&self, setup: &Setup) -> Result<Box<dyn Live>, Fault> {
        Ok(Box::new(M::restore(M::under(self.snapshot(), setup))?))
    }

    fn save(&self, path: &Path, head: &Head, recorder: &Recorder) -> Result<(), Failure> {
        let shape = of(&head.config.model)?.shape();
        checkpoint::write(path, shape, head, recorder.series(), &self.snapshot())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

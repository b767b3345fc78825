//! What a model is to a program that runs models.
//!
//! A [`Model`] is built from a setup, stepped tick by tick, recorded, digested, saved and restored. Whoever knows models by
//! this trait alone can run any of them: with seeds and sweeps, checkpoints, files and checks that do not care what is simulated.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Tick;
use crate::clock::Clock;
use crate::digest::TickDigest;
use crate::netcdf::Attributes;
use crate::recorder::{Recorder, Schema, SchemaError};

/// How much is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Detail {
    /// All but what is largest.
    Standard,
    /// Everything.
    #[default]
    Full,
}

/// Why a model cannot be made, or cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// What it was to be made from does not make one: what, where, and what to do.
    #[error("{0}")]
    Build(String),
    /// A state that was saved does not fit this program, or contradicts itself.
    #[error("{0}")]
    State(String),
    /// What must hold in every tick does not.
    #[error("{0}")]
    Broken(String),
    /// An amount has no value or is too large to be held.
    #[error("{0}")]
    Range(String),
    /// A mistake in the program.
    #[error("{0}")]
    Internal(String),
}

impl From<SchemaError> for Fault {
    fn from(error: SchemaError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// A model: everything that a program must know to run it.
///
/// What holds for each: the same setup gives the same bits on any number of threads; a model that was restored goes on as the
/// one that was saved would have; whatever a later tick depends on is in the snapshot and in the digest.
pub trait Model: Sized + Send + Sync + 'static {
    /// Everything it is made from, the seed included.
    type Setup;
    /// Its whole state between two ticks.
    type Snapshot: Serialize + DeserializeOwned;

    /// A model before its first tick.
    ///
    /// # Errors
    /// [`Fault::Build`] if the setup does not support one.
    fn build(setup: &Self::Setup) -> Result<Self, Fault>;

    /// Runs one tick; returns what does not hold but is only to be reported.
    ///
    /// # Errors
    /// [`Fault::Broken`] if something that must hold does not, and the setup says that this ends the run.
    fn step(&mut self) -> Result<Vec<String>, Fault>;

    /// Ticks completed.
    fn tick(&self) -> Tick;

    /// Digest of every part of the state after the last tick.
    fn digest(&self) -> TickDigest;

    /// The complete state, to be saved.
    fn snapshot(&self) -> Self::Snapshot;

    /// The model of a snapshot.
    ///
    /// # Errors
    /// [`Fault::State`] if the snapshot is of another shape.
    fn restore(snapshot: Self::Snapshot) -> Result<Self, Fault>;

    /// The same state under another setup, which must agree with the one it was built from in all that has been used so far:
    /// it goes on as one that was built from the other would.
    fn under(snapshot: Self::Snapshot, setup: &Self::Setup) -> Self::Snapshot;

    /// What it records.
    ///
    /// # Errors
    /// If two variables have one name, or a dimension has no places.
    fn schema(&self, clock: Clock, detail: Detail) -> Result<Schema, SchemaError>;

    /// What a model of a setup would record in full, known before one is built; of the digested parts only the whole.
    ///
    /// # Errors
    /// [`Fault::Build`] if the setup does not support a model.
    fn planned(setup: &Self::Setup, clock: Clock) -> Result<Schema, Fault>;

    /// Records what does not change.
    fn record_constants(&self, recorder: &mut Recorder);

    /// Adds the row of the tick just run, and ends it.
    fn record(&mut self, detail: Detail, recorder: &mut Recorder);

    /// What is to be said about it in its recording: sizes, names.
    fn about(&self) -> Attributes;

    /// Its state in a few words, for whoever waits.
    fn headline(&self) -> String;
}

//! A deterministic simulation kernel that knows no economics.
//!
//! The kernel would serve an epidemic model as well as an economy: it offers a calendar [`clock`], one ordered
//! [`schedule`], dense [`columns`] of components, keyed random draws ([`rng`]), exact integer [`money`], a
//! double-entry [`ledger`] with reason codes, state [`digest`]s, [`checkpoint`]s and a [`recorder`] of time
//! series. What an account, a reason, a stream or a variable means is the caller's business.
//!
//! # Architecture as invariants
//!
//! * **Same inputs, same bits.** No result depends on the number of threads, on wall time, on hash iteration,
//!   on `Entity` or on the order of a query. Integers may be summed in any order; floats are summed only in fixed
//!   chunks in a fixed order ([`math::ordered_sum`]).
//! * **No generator has state.** A draw is a function of (seed, stream, tick, agent id); see [`rng::Streams`].
//!   So a checkpoint holds no generator and paired scenarios share their draws.
//! * **Transcendental functions come from one place.** `exp`, `ln`, `pow` and the like go through [`math`], which
//!   is `libm` in software, so that x86-64 and aarch64 agree.
//! * **Money is an integer, and a volume another type.** Every price times volume passes through [`money::payment`], which rounds
//!   half to even. A share of a pot is cut off towards zero, so that no more is paid than is there. Splitting a total loses and creates nothing.
//! * **Money moves only under a reason.** A reason whose legs do not keep assets minus liabilities unchanged
//!   cannot be constructed ([`ledger::Chart::new`]); the closing of each tick audits the books again.
//! * **A tick is one chain of stages.** [`schedule::TickSchedule`] runs on one thread in the order given; systems that are
//!   said not to depend on one another are refused if they touch the same data. Parallelism lives inside systems, over slices.
//! * **A file is either the old one or the new one.** Every file is written under a temporary name, synced and
//!   renamed ([`files::write_atomically`]); a killed or failed write leaves the previous file as it was.
//! * **A recording does not depend on when it was written.** No wall-clock time enters a file: two runs of the same
//!   model give the same bytes.
//! * **Absent on purpose:** economics, configuration files, command lines, logging, threads of its own,
//!   network access. Only [`codec`] names the serialization library and only [`netcdf`] names HDF5.

#[cfg(not(target_endian = "little"))]
compile_error!("digests, checkpoints and draws are defined on little-endian machines only");

pub mod checkpoint;
pub mod clock;
pub mod codec;
pub mod columns;
pub mod content;
pub mod csv;
pub mod digest;
pub mod files;
pub mod grid;
pub mod ledger;
pub mod math;
pub mod model;
pub mod money;
pub mod netcdf;
pub mod range;
pub mod recorder;
pub mod rng;
pub mod schedule;

/// The number of a tick, counted from zero at the start of the simulation.
pub type Tick = u32;

/// The version of this engine, as written into checkpoints and recordings.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

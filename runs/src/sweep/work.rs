//! Doing the runs of a plan: several at a time, each on its own threads, each appended to its worker's shard.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use agents::record::Detail;

use super::plan::Bench;
use super::shard::{self, Frame, Outcome, Shard, Writer};
use crate::checkpoint::{self, Options};
use crate::failure::{Failure, Panics, file_error};
use crate::session::Session;
use crate::signals::Interrupt;
use crate::threads;

/// How the runs of a sweep are done.
const OPTIONS: Options = Options { audit_stops: true, detail: Detail::Full, compare: false };

/// Folder of the checkpoints of interrupted runs.
const CHECKPOINTS: &str = "checkpoints";

/// Folder of what was recorded of failed runs.
pub const FAILED: &str = "failed";

/// Failed runs of which that is kept, about: where an arm is wrong all its runs fail alike, and each file holds everything.
const KEPT: usize = 50;

/// What is done of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// How each run ended; `None` for those that have not.
    pub outcomes: Vec<Option<Outcome>>,
    /// How often each was begun.
    pub started: Vec<usize>,
    /// How often each was begun and its worker ended before it, without a word: killed, or out of memory. A run that is
    /// in work counts too.
    pub lost: Vec<usize>,
    /// Seconds of those that ended.
    pub seconds: Vec<f64>,
    /// Runs that were done again although they were done.
    pub repeated: usize,
}

impl Progress {
    /// Reads what is done from the shards.
    ///
    /// # Errors
    /// A shard is damaged or does not fit the plan.
    pub fn read(bench: &Bench, shards: &[Shard]) -> Result<Self, Failure> {
        let count = bench.plan.runs.len();
        let mut progress = Self {
            outcomes: vec![None; count],
            started: vec![0; count],
            lost: vec![0; count],
            seconds: vec![],
            repeated: 0,
        };
        let mut stopped = vec![0; count];
        for shard in shards {
            for &run in &shard.started {
                let at = place(run, count, shard)?;
                progress.started[at] += 1;
            }
            for &run in &shard.stopped {
                stopped[place(run, count, shard)?] += 1;
            }
            for entry in &shard.entries {
                let at = place(entry.head.run, count, shard)?;
                // A run that was done in the end has not failed.
                if matches!(progress.outcomes[at], Some(Outcome::Done { .. })) {
                    progress.repeated += 1;
                } else {
                    progress.outcomes[at] = Some(entry.head.outcome.clone());
                }
                progress.seconds.push(f64::from_bits(entry.head.seconds));
            }
        }
        let open = |run: &usize| progress.outcomes[*run].is_none();
        for run in (0..count).filter(open) {
            progress.lost[run] = progress.started[run].saturating_sub(stopped[run]);
        }
        Ok(progress)
    }

    /// Runs to do, of those given: those that have not ended and, where they are done again, those that failed.
    pub fn pending(&self, of: impl Iterator<Item = usize>, retry: bool) -> impl Iterator<Item = usize> {
        of.filter(move |&run| match self.outcomes[run] {
            None => true,
            Some(Outcome::Failed { .. }) => retry,
            Some(Outcome::Done { .. }) => false,
        })
    }
}

fn place(run: u64, count: usize, shard: &Shard) -> Result<usize, Failure> {
    let place = usize::try_from(run).ok().filter(|&run| run < count);
    place.ok_or_else(|| {
        Failure::File(format!("shard {} holds a run {run} that the plan does not have", shard.path.display()))
    })
}

/// Which runs a worker does, and how.
#[derive(Clone, Debug)]
pub struct Job {
    /// Folder of the sweep.
    pub folder: PathBuf,
    /// Part of the runs: number and count, from 0.
    pub part: (usize, usize),
    /// Runs at the same time.
    pub jobs: usize,
    /// Threads of each.
    pub threads: usize,
    /// Whether failed runs are done again.
    pub retry: bool,
    /// A run that was begun so often and neither ended nor was interrupted in order is recorded as failed: it kills its
    /// worker.
    pub attempts: Option<usize>,
}

impl Job {
    /// The runs of the part.
    #[must_use]
    pub fn runs(&self, count: usize) -> std::ops::Range<usize> {
        let (number, parts) = self.part;
        count * number / parts..count * (number + 1) / parts
    }

    fn shard_name(&self, worker: usize) -> String {
        format!("part-{:05}-of-{:05}-{worker:03}", self.part.0, self.part.1)
    }
}

/// What a worker tells while it works.
pub trait Watch: Sync {
    /// A run ended.
    fn ended(&self, worker: usize, name: &str, failed: Option<&str>);
    /// A tick of a run is done.
    fn tick(&self, worker: usize, name: &str, tick: u32, ticks: u32);
}

/// Does all runs of a job that `progress` says are to do. Returns whether all ended (and none was interrupted).
///
/// # Errors
/// A shard cannot be read or written. A run that fails is recorded and stops no other.
pub fn work(
    bench: &Bench,
    job: &Job,
    progress: &Progress,
    panics: &Panics,
    interrupt: &Interrupt,
    watch: &dyn Watch,
) -> Result<bool, Failure> {
    let digest = bench.digest();
    let runs = job.runs(bench.plan.runs.len());
    let pending: Vec<(usize, usize)> = progress.pending(runs, job.retry).map(|run| (run, progress.lost[run])).collect();
    let jobs = job.jobs.min(pending.len()).max(1);
    let queue = Mutex::new(laid_out(bench, pending, jobs));
    let interrupted = AtomicUsize::new(0);
    let frame = Mutex::new(None);
    let failures = threads::jobs(jobs, panics, &|worker| {
        let pool = threads::pool(job.threads)?;
        let mut writer = Writer::open(&job.folder, &job.shard_name(worker), digest, job.threads)?;
        loop {
            let next = queue.lock().ok().and_then(|mut queue| queue.pop_front());
            let Some(unit) = next else { return Ok(()) };
            let mut trunk = None;
            for &(run, lost) in &unit {
                if interrupt.requested() {
                    interrupted.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                let one = One { bench, job, panics, interrupt, watch, worker, run, unit: &unit };
                if !pool.install(|| one.record(&mut writer, &frame, lost, &mut trunk))? {
                    interrupted.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
            }
        }
    });
    match failures.into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(interrupted.into_inner() == 0),
    }
}

/// Runs, each with how often it was lost, in the order and the units in which some jobs do them.
#[must_use]
pub fn laid_out(bench: &Bench, mut pending: Vec<(usize, usize)>, jobs: usize) -> VecDeque<Vec<(usize, usize)>> {
    let (starts, planned) = (bench.starts(), &bench.plan.runs);
    let start = |run: usize| (planned[run].replicate, starts[planned[run].arm]);
    // A run that kills its worker must not keep the others from being done.
    pending.sort_by_key(|&(run, lost)| (lost, start(run), run));
    let longest = pending.len().div_ceil(UNITS * jobs);
    units(pending, longest, start)
}

/// Units that every job should get, so that none is left waiting for long at the end.
const UNITS: usize = 4;

/// Cuts the queue into units of runs that begin as the same world, each at most so long.
fn units<K: PartialEq>(
    queue: Vec<(usize, usize)>,
    longest: usize,
    start: impl Fn(usize) -> K,
) -> VecDeque<Vec<(usize, usize)>> {
    let mut units: VecDeque<Vec<(usize, usize)>> = VecDeque::new();
    for (run, lost) in queue {
        match units.back_mut() {
            Some(unit) if unit.len() < longest && start(unit[0].0) == start(run) => unit.push((run, lost)),
            _ => units.push_back(vec![(run, lost)]),
        }
    }
    units
}

/// The part that the runs of a unit have in common: simulated once, then continued by each.
enum Trunk {
    /// Nothing that would be worth it.
    None,
    /// The world at the first tick in which they may differ.
    At(Box<Session>),
}

/// A run in work.
struct One<'a> {
    bench: &'a Bench,
    job: &'a Job,
    panics: &'a Panics,
    interrupt: &'a Interrupt,
    watch: &'a dyn Watch,
    worker: usize,
    run: usize,
    /// The runs that begin as this one does, with how often each was lost.
    unit: &'a [(usize, usize)],
}

impl One<'_> {
    fn name(&self) -> String {
        let run = &self.bench.plan.runs[self.run];
        format!("{} #{}", self.bench.plan.arms[run.arm].name, run.replicate + 1)
    }

    /// Does the run and writes how it ended; false if it was interrupted.
    fn record(
        &self,
        writer: &mut Writer,
        frame: &Mutex<Option<Frame>>,
        lost: usize,
        trunk: &mut Option<Trunk>,
    ) -> Result<bool, Failure> {
        let start = Instant::now();
        let fail = |writer: &mut Writer, tick, code, reason: String| {
            self.watch.ended(self.worker, &self.name(), Some(&reason));
            writer.failed(self.run, start.elapsed().as_secs_f64(), tick, code, reason)?;
            Ok(true)
        };
        if self.job.attempts.is_some_and(|limit| lost >= limit) {
            let reason = format!("begun {lost} times and never ended: its worker was killed or ran out of memory");
            return fail(writer, 0, 1, reason);
        }
        writer.started(self.run)?;
        let mut session = None;
        // A run that panics is a failed run, not the end of the sweep.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.simulate(&mut session, trunk)));
        let (code, reason) = match outcome {
            Ok(Ok(true)) => (0, String::new()),
            Ok(Ok(false)) => {
                writer.stopped(self.run)?;
                return Ok(false);
            }
            Ok(Err(failure @ Failure::File(_))) => return Err(failure),
            Ok(Err(failure)) => (failure.code(), failure.to_string()),
            Err(_) => (70, self.panics.take()),
        };
        let Some(session) = session else { return fail(writer, 0, code, reason) };
        if code != 0 {
            self.keep(&session);
            // Done again, it begins anew.
            let _ = std::fs::remove_file(self.checkpoint());
            return fail(writer, session.recorded(), code, reason);
        }
        let digest = session.digest();
        let recorder = session.into_recorder();
        let content = recorder.content();
        let frame = {
            let mut kept = frame.lock().map_err(|_| Failure::Internal(self.panics.take()))?;
            match &*kept {
                Some(frame) => frame.clone(),
                None => {
                    kept.insert(shard::frame_of(&content, &self.bench.plan.variables, self.bench.plan.single)?).clone()
                }
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        writer.done(self.run, digest, seconds, &frame, &content, self.bench.plan.single)?;
        let _ = std::fs::remove_file(self.checkpoint());
        self.watch.ended(self.worker, &self.name(), None);
        Ok(true)
    }

    /// Simulates what the runs of the unit have in common; `None` if it was interrupted.
    fn trunk(&self) -> Result<Option<Trunk>, Failure> {
        let (Some((config, ticks)), true) = (self.bench.common(self.unit)?, self.unit.len() > 1) else {
            return Ok(Some(Trunk::None));
        };
        let arm = self.bench.plan.runs[self.run].arm;
        let mut session = Session::begin(config, self.bench.calibration(arm), OPTIONS)?;
        while session.tick() < ticks {
            if self.interrupt.requested() {
                return Ok(None);
            }
            session.step()?;
        }
        Ok(Some(Trunk::At(Box::new(session))))
    }

    /// Keeps what was recorded of a run before it failed, unless many have been kept already.
    fn keep(&self, session: &Session) {
        let folder = self.job.folder.join(FAILED);
        let room = || std::fs::read_dir(&folder).is_ok_and(|files| files.count() < KEPT);
        if session.recorded() > 0 && std::fs::create_dir_all(&folder).is_ok() && room() {
            // That the run failed is what counts; there may be no room for more.
            let _ = session.recorder().write(&folder.join(format!("{}.h5", self.bench.plan.runs[self.run].id)));
        }
    }

    fn checkpoint(&self) -> PathBuf {
        self.job.folder.join(CHECKPOINTS).join(format!("{}.ckpt", self.bench.plan.runs[self.run].id))
    }

    /// Runs `session` to the end, from a checkpoint if there is one; false if it was interrupted.
    fn simulate(&self, session: &mut Option<Session>, trunk: &mut Option<Trunk>) -> Result<bool, Failure> {
        let run = &self.bench.plan.runs[self.run];
        let config = self.bench.config(run.arm, run.replicate)?;
        let ticks = config.ticks;
        let calibration = self.bench.calibration(run.arm);
        let saved = self.checkpoint();
        let session = session.insert(if let Some(session) = resumed(&saved, &config) {
            session
        } else {
            if trunk.is_none() {
                // What goes wrong on the way goes wrong again in the run itself, which then says in which tick.
                *trunk = Some(Trunk::None);
                if let Ok(found) = self.trunk() {
                    *trunk = found;
                }
            }
            match trunk {
                Some(Trunk::At(trunk)) => trunk.branch(config, calibration)?,
                Some(Trunk::None) => Session::begin(config, calibration, OPTIONS)?,
                // Interrupted on the way.
                None => return Ok(false),
            }
        });
        let name = self.name();
        while session.tick() < ticks {
            if self.interrupt.requested() {
                save(session, &saved)?;
                return Ok(false);
            }
            session.step()?;
            self.watch.tick(self.worker, &name, session.tick(), ticks);
        }
        Ok(true)
    }
}

/// A run that was interrupted, if its checkpoint is whole and of the same configuration.
fn resumed(path: &Path, config: &crate::config::ResolvedConfig) -> Option<Session> {
    if !path.is_file() {
        return None;
    }
    let saved = checkpoint::read(path).ok()?;
    if saved.head.config != *config {
        return None;
    }
    Session::resume(saved, None).ok()
}

fn save(session: &mut Session, path: &Path) -> Result<(), Failure> {
    if session.tick() == 0 {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| file_error("create", folder, error))?;
    }
    session.save(path)?;
    // One generation is enough: the run can always be begun anew.
    let _ = std::fs::remove_file(engine::files::previous_path(path));
    Ok(())
}

//! The threads of all parallel work.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::failure::{Failure, Panics};
use crate::terminal::note;

/// Most threads, however they are asked for.
pub const MOST: usize = 1024;

/// Variable that rayon would read by itself, without a limit.
const VARIABLE: &str = "RAYON_NUM_THREADS";

/// Threads asked for by the variable; one a core where it says nothing.
fn usual() -> Result<usize, Failure> {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let Some(text) = std::env::var_os(VARIABLE) else { return Ok(cores()) };
    match text.to_str().and_then(|text| text.trim().parse::<usize>().ok()) {
        Some(0) | None => Ok(cores()),
        Some(threads) if threads > MOST => Err(Failure::Configuration(format!(
            "{VARIABLE}={threads}: threads are 1 to {MOST}, as with --threads; set it to fewer, or unset it for one a core"
        ))),
        Some(threads) => Ok(threads),
    }
}

/// Starts the threads of all parallel work, once: those asked for, or else as many as the variable says or one a core.
/// Where the system gives fewer, those it gives.
///
/// # Errors
/// If none can be started.
pub fn set_threads(threads: Option<u32>) -> Result<(), Failure> {
    static SET: OnceLock<()> = OnceLock::new();
    if SET.set(()).is_err() {
        return Ok(());
    }
    let wanted = threads.map_or_else(usual, |threads| Ok(threads as usize))?;
    let mut count = wanted;
    // The threads of all work can be tried but once, so others are tried before.
    while count > 1 && ThreadPoolBuilder::new().num_threads(count).build().is_err() {
        count /= 2;
    }
    if count < wanted {
        note(&format!(
            "warning: {wanted} threads cannot be started (ulimit -u, memory); going on with {count}, which gives the same results"
        ));
    }
    // One thread is this one, which needs no other to be started.
    let builder = ThreadPoolBuilder::new().num_threads(count);
    let builder = if count == 1 { builder.use_current_thread() } else { builder };
    builder.build_global().map_err(|error| refused(&error))
}

fn refused(error: &rayon::ThreadPoolBuildError) -> Failure {
    Failure::File(format!(
        "threads cannot be started: {error}; raise the limit of processes (ulimit -u) or give fewer --threads"
    ))
}

/// Does the same work in some jobs of their own at once, each with its number, until all have ended. What failed comes in the
/// order of the jobs. Where the system starts fewer, fewer do the work.
pub fn jobs(count: usize, panics: &Panics, work: &(dyn Fn(usize) -> Result<(), Failure> + Sync)) -> Vec<Failure> {
    std::thread::scope(|scope| {
        let mut begun = Vec::new();
        for job in 0..count {
            match std::thread::Builder::new().spawn_scoped(scope, move || work(job)) {
                Ok(handle) => begun.push(handle),
                Err(error) if job > 0 => {
                    note(&format!("warning: only {job} of {count} jobs can be started: {error}"));
                    break;
                }
                Err(error) => {
                    let remedy = "raise the limit of processes (ulimit -u)";
                    return vec![Failure::File(format!("no thread can be started: {error}; {remedy}"))];
                }
            }
        }
        let ended = begun.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended.filter_map(|end| end.map_or_else(|_| Some(Failure::Internal(panics.take())), Result::err)).collect()
    })
}

/// Threads for a part of the work.
///
/// # Errors
/// If they cannot be started.
pub fn pool(threads: usize) -> Result<ThreadPool, Failure> {
    ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| refused(&error))
}

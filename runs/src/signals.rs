//! Signals. Whoever wants this program to end before its time is heard after the tick: SIGINT and SIGTERM, what schedulers
//! send when time is short (SIGUSR1, SIGUSR2, SIGXCPU), and a terminal that is closed (SIGHUP). Another SIGINT or SIGTERM
//! ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::flag;

use crate::failure::Failure;

/// Exit code of a program that is told twice.
const AT_ONCE: i32 = 130;
/// The processor time is used up (Linux; not among the names of the crate).
const SIGXCPU: i32 = 24;
/// A file would be larger than its limit (Linux).
const SIGXFSZ: i32 = 25;

/// Whether the run has been asked to end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

fn refused(error: std::io::Error) -> Failure {
    Failure::File(format!("signals cannot be handled: {error}; the system refuses what every program may do"))
}

impl Interrupt {
    /// Listens for signals from now on.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn listen() -> Result<Self, Failure> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the first signal finds the flag unset, and sets it.
            flag::register_conditional_shutdown(signal, AT_ONCE, Arc::clone(&flag))
                .and_then(|_| flag::register(signal, Arc::clone(&flag)))
                .map_err(refused)?;
        }
        // They may come more than once.
        for signal in [SIGUSR1, SIGUSR2, SIGXCPU] {
            flag::register(signal, Arc::clone(&flag)).map_err(refused)?;
        }
        // `nohup` has it ignored, and that must stay so.
        if !is_ignored(SIGHUP) {
            flag::register(SIGHUP, Arc::clone(&flag)).map_err(refused)?;
        }
        Ok(Self(flag))
    }

    /// Whether a signal has arrived.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether a signal is ignored by this process, where the system tells.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Turns a limit of the size of files into an error of the write, like a full disk: the signal would end the program.
pub fn limits_are_errors() {
    // Handled by doing nothing; where it cannot be, the limit ends the program as it does others.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

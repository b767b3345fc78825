//! SIGINT, SIGTERM and SIGUSR1: the first asks a run to end after its tick; another SIGINT or SIGTERM ends the program at
//! once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
use signal_hook::flag;

use crate::failure::Failure;

/// Exit code of a program that is told twice.
const AT_ONCE: i32 = 130;

/// Whether the run has been asked to end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

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
                .map_err(|error| Failure::Internal(format!("signals cannot be handled: {error}")))?;
        }
        // What schedulers send when time is short; it may come more than once.
        flag::register(SIGUSR1, Arc::clone(&flag))
            .map_err(|error| Failure::Internal(format!("signals cannot be handled: {error}")))?;
        Ok(Self(flag))
    }

    /// Whether a signal has arrived.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

//! Where a recording comes from.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use engine::clock::Date;
use engine::files::{with_suffix, write_bytes_atomically};
use serde_json::json;

use crate::failure::Failure;
use crate::session::Times;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Commit the program was built from; `sources-` and [`SOURCES`] where it was built outside a repository.
pub const COMMIT: &str = env!("AUTARKY_COMMIT");
/// Whether the sources differed from the commit: `true`, `false` or `unknown`.
pub const DIRTY: &str = env!("AUTARKY_DIRTY");
/// Digest of the sources it was built from, changed or not.
pub const SOURCES: &str = env!("AUTARKY_SOURCES");
/// Digest of what a recording depends on besides its configuration and world.
pub const WORLD_SOURCES: &str = env!("AUTARKY_WORLD_SOURCES");
/// Digest of what the tables of the experiments depend on besides recordings.
pub const TABLE_SOURCES: &str = env!("AUTARKY_TABLE_SOURCES");
/// Platform the program was built for, such as `x86_64-unknown-linux-gnu`.
pub const TARGET: &str = env!("AUTARKY_TARGET");
/// Version, commit, whether it was changed, and digest of the sources.
pub const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit ",
    env!("AUTARKY_COMMIT"),
    "\nchanged since: ",
    env!("AUTARKY_DIRTY"),
    "\nsources ",
    env!("AUTARKY_SOURCES")
);

/// Facts about one execution, kept beside the recording because they differ from one to the next.
#[derive(Debug)]
pub struct Execution {
    started: SystemTime,
    /// Ticks already done when it began.
    pub first_tick: u32,
}

impl Execution {
    /// Starts the watch.
    #[must_use]
    pub fn begin(first_tick: u32) -> Self {
        Self { started: SystemTime::now(), first_tick }
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed().unwrap_or_default()
    }

    /// Writes `<recording>.json`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, recording: &Path, bytes: u64, ticks: u32, ended: &str, times: &Times) -> Result<(), Failure> {
        let seconds = self.elapsed().as_secs_f64();
        let text = json!({
            "recording": recording.file_name().map(|name| name.to_string_lossy()),
            "recording_bytes": bytes,
            "ended": ended,
            "first_tick": self.first_tick,
            "ticks": ticks,
            "started": timestamp(self.started),
            "seconds": rounded(seconds),
            "seconds_per_tick": rounded(seconds / f64::from((ticks - self.first_tick).max(1))),
            "seconds_stepping": rounded(times.stepping),
            "seconds_recording": rounded(times.recording),
            "seconds_writing": rounded(times.writing),
            "threads": rayon::current_num_threads(),
            "host": host(),
            "target": TARGET,
            "peak_memory_bytes": peak_memory(),
            "version": VERSION,
            "commit": COMMIT,
            "commit_changed": DIRTY,
            "source_digest": SOURCES,
            "command": std::env::args_os().map(|x| x.to_string_lossy().into_owned()).collect::<Vec<_>>(),
        });
        write_beside(recording, &text)
    }
}

/// Writes facts about an execution as `<file>.json`.
///
/// # Errors
/// If it cannot be written.
pub fn write_beside(file: &Path, facts: &serde_json::Value) -> Result<(), Failure> {
    Ok(write_bytes_atomically(&with_suffix(file, ".json"), format!("{facts:#}\n").as_bytes())?)
}

/// To a tenth of a millisecond.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e4).round() / 1e4
}

/// A moment as `2025-04-09T12:00:00Z`.
#[must_use]
pub fn timestamp(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let date = Date::from_days_since_1970((seconds / 86_400) as i64).map_or_else(String::new, |date| date.to_string());
    let rest = seconds % 86_400;
    format!("{date}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Name of the machine, where the system tells.
#[must_use]
pub fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    name.map(|name| name.trim().to_owned()).or_else(|| std::env::var("HOSTNAME").ok())
}

/// Most memory the process has had, bytes, where the system tells.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_universal_time() {
        let moment = UNIX_EPOCH + Duration::from_secs(1_744_201_845);
        assert_eq!(timestamp(moment), "2025-04-09T12:30:45Z");
    }
}

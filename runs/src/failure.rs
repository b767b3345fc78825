//! What can go wrong, what the program says then, and its exit code.

use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use analysis::recording::RecordingError;
use engine::checkpoint::CheckpointError;
use engine::files::FileError;
use engine::model::Fault;
use engine::netcdf::NetcdfError;
use miette::Diagnostic;

use crate::config::{ConfigError, ErrorKind};
use crate::provenance;
use crate::terminal::{message, note};

/// Why the program ends without having done what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// A scenario, policy, parameter, table or input file is wrong.
    Input(ConfigError),
    /// The scenario asks for a world that cannot be built.
    Configuration(String),
    /// An amount left the range of numbers, with extreme parameters or measures.
    Range(String),
    /// A table of observations is wrong.
    Data(String),
    /// A file cannot be read or written.
    File(String),
    /// A checkpoint cannot be used.
    Checkpoint(String),
    /// An identity of the accounts failed.
    Accounts {
        /// The violations.
        message: String,
        /// The recording up to there, if one was written.
        recording: Option<PathBuf>,
    },
    /// A bug.
    Internal(String),
    /// A signal arrived where nothing can be resumed.
    Stopped,
    /// A signal arrived; the runs that ended are kept.
    Kept {
        /// Runs that ended.
        done: usize,
        /// Runs to do.
        runs: usize,
        /// Where they are.
        folder: PathBuf,
    },
    /// A signal arrived; the run can be resumed.
    Interrupted {
        /// The checkpoint.
        checkpoint: PathBuf,
        /// Ticks done and planned.
        ticks: (u32, u32),
    },
}

impl Failure {
    /// The exit code, as listed in `autarky --help`.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Input(error) => match error.kind() {
                ErrorKind::Configuration => 3,
                ErrorKind::Data => 4,
                ErrorKind::File => 5,
            },
            Self::Configuration(_) | Self::Range(_) => 3,
            Self::Data(_) => 4,
            Self::File(_) => 5,
            Self::Checkpoint(_) => 6,
            Self::Accounts { .. } => 7,
            Self::Internal(_) => 70,
            Self::Interrupted { .. } | Self::Kept { .. } => 85,
            Self::Stopped => 130,
        }
    }

    /// What went wrong, as it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        let Self::Input(error) = self else { return rendered(self) };
        // Every issue on its own: a heading over a single one would only be in the way.
        let mut text: String = error.related().into_iter().flatten().map(rendered).collect();
        if error.more() > 0 {
            let _ = writeln!(text, "and {} more errors", error.more());
        }
        text
    }

    /// Tells the user, on standard error.
    pub fn report(&self) {
        match self {
            Self::Interrupted { checkpoint, ticks: (done, planned) } => {
                note(&format!(
                    "interrupted after {done} of {planned} ticks; go on with: autarky resume {}",
                    checkpoint.display()
                ));
            }
            Self::Kept { done, runs, folder } => {
                let kept = folder.display();
                note(&format!(
                    "interrupted after {done} of {runs} runs, kept in {kept}; the same command goes on from there"
                ));
            }
            _ => message(&self.text()),
        }
    }
}

/// A failure as miette draws it; in plain words if it cannot be drawn, such as a place in a line of endless length.
fn rendered(diagnostic: &dyn Diagnostic) -> String {
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        let mut text = String::new();
        crate::terminal::handler().render_report(&mut text, diagnostic).map(|()| text)
    }));
    if let Ok(Ok(text)) = drawn {
        return text;
    }
    let help = diagnostic.help().map_or_else(String::new, |help| format!("  help: {help}\n"));
    format!("  × {diagnostic}\n{help}")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Configuration(message)
            | Self::Range(message)
            | Self::Data(message)
            | Self::File(message)
            | Self::Checkpoint(message)
            | Self::Accounts { message, .. } => f.write_str(message),
            Self::Internal(message) => write!(f, "internal error: {message}"),
            Self::Stopped => f.write_str("stopped before anything was finished"),
            Self::Kept { done, runs, .. } => write!(f, "interrupted after {done} of {runs} runs"),
            Self::Interrupted { ticks: (done, planned), .. } => {
                write!(f, "interrupted after {done} of {planned} ticks")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            Self::Accounts { recording, .. } => {
                let kept = recording
                    .as_ref()
                    .map_or_else(String::new, |path| format!("; the ticks before it are in {}", path.display()));
                Some(Box::new(format!(
                    "a rule of the model loses or makes money: please report it with the command line; to go on all the same, add --audit report{kept}"
                )))
            }
            Self::Internal(_) => Some(Box::new(format!(
                "this is a bug of autarky, not of your input; please report it with this message, the command line and the version: {}",
                provenance::LONG_VERSION.replace('\n', ", ")
            ))),
            _ => None,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Input(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::File(error.to_string())
    }
}

impl From<NetcdfError> for Failure {
    fn from(error: NetcdfError) -> Self {
        match error {
            // HDF5 takes its memory by itself, and says so in words only.
            NetcdfError::Build(ref reason) if reason.contains("alloc") => Self::File(format!(
                "out of memory: {reason}; raise the limit (ulimit -v, cgroup), or make the world smaller (--households-per-region)"
            )),
            NetcdfError::Invalid { .. } | NetcdfError::Build(_) => Self::Internal(error.to_string()),
            _ => Self::File(error.to_string()),
        }
    }
}

impl From<RecordingError> for Failure {
    fn from(error: RecordingError) -> Self {
        match error {
            RecordingError::Netcdf(error) => error.into(),
            other => Self::File(other.to_string()),
        }
    }
}

impl From<CheckpointError> for Failure {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::File(_) | CheckpointError::Missing(_) => Self::File(error.to_string()),
            CheckpointError::Encode { .. } => Self::Internal(error.to_string()),
            _ => Self::Checkpoint(error.to_string()),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Build(message) => Self::Configuration(message),
            Fault::Range(message) => Self::Range(message),
            Fault::Internal(message) => Self::Internal(message),
            Fault::State(message) => Self::Checkpoint(message),
            Fault::Broken(message) => Self::Accounts { message, recording: None },
        }
    }
}

/// A file operation that failed.
pub(crate) fn file_error(action: &'static str, path: &Path, source: std::io::Error) -> Failure {
    FileError::new(action, path, source).into()
}

/// The message of the last panic.
#[derive(Clone, Default)]
pub struct Panics(Arc<Mutex<Option<Kept>>>);

/// A message, and whether it is of an amount out of range, which is no bug of its own: what comes later may be.
type Kept = (String, bool);

impl Panics {
    /// Takes the message.
    #[must_use]
    pub fn take(&self) -> String {
        let kept = self.0.lock().ok().and_then(|mut kept| kept.take());
        kept.map_or_else(|| "a part of the program panicked".to_owned(), |kept| kept.0)
    }
}

/// Keeps the message of a panic instead of printing it; the first one is the cause.
#[must_use]
pub fn catch_panics() -> Panics {
    let panics = Panics::default();
    let kept = panics.clone();
    std::panic::set_hook(Box::new(move |info| {
        let range = engine::range::cause(info.payload());
        let text = range.as_ref().map_or_else(|| info.payload_as_str().unwrap_or("no message"), |left| &left.0);
        let place = info.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        if let Ok(mut message) = kept.0.lock()
            && message.as_ref().is_none_or(|(_, of_range): &Kept| *of_range)
        {
            *message = Some((format!("{text}{place}"), range.is_some()));
        }
    }));
    panics
}

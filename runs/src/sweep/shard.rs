//! Shards: files to which workers append the runs they have done.
//!
//! A shard is a header and frames, each with its kind, length and checksum. A frame counts once it is complete: a worker
//! that is killed leaves at worst a torn last frame, which the next one cuts off. Nothing before the end is ever changed.

mod frame;
mod writer;

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use engine::codec;
use engine::digest::Digest;
use engine::netcdf::{Number, Values};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use self::frame::{DIGESTS, Frame, frame_of};
pub use self::writer::Writer;
use crate::failure::{Failure, file_error};
use crate::provenance;

/// Folder of the shards within that of a sweep.
pub const FOLDER: &str = "shards";

const MAGIC: [u8; 8] = *b"AUTARKYS";
const VERSION: u32 = 3;
const FRAME: [u8; 4] = *b"RUNS";
/// Magic, kind and length of a frame.
const HEAD: u64 = 16;
/// Checksum at the end of a frame.
const TAIL: u64 = 8;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done to its end; the digest of the world after the last tick.
    Done {
        /// Digest.
        digest: u64,
    },
    /// It failed.
    Failed {
        /// Ticks done before.
        tick: u32,
        /// Exit code that says what kind of failure it was.
        code: u8,
        /// Why.
        reason: String,
    },
}

/// The head of a run's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The run, a place in the plan.
    pub run: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Seconds it took, as the bits of an `f64`.
    pub seconds: u64,
    /// Lengths of the packed variables that follow.
    pub lengths: Box<[u32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Frame = 1,
    Started = 2,
    Run = 3,
    Worker = 4,
    Stopped = 5,
}

impl Kind {
    fn of(number: u32) -> Option<Self> {
        [Self::Frame, Self::Started, Self::Run, Self::Worker, Self::Stopped]
            .into_iter()
            .find(|&kind| kind as u32 == number)
    }
}

/// The program that wrote a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    version: String,
    commit: String,
    /// Whether the sources differed from the commit.
    changed: String,
    target: String,
}

impl Program {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let [version, commit, changed, target] =
            [provenance::VERSION, provenance::COMMIT, provenance::DIRTY, provenance::TARGET].map(str::to_owned);
        Self { version, commit, changed, target }
    }
}

impl std::fmt::Display for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let changed = if self.changed == "true" { " with changes" } else { "" };
        write!(f, "version {}, commit {}{changed}, for {}", self.version, self.commit, self.target)
    }
}

/// The first bytes of a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    plan: u64,
    program: Program,
}

/// A process that wrote to a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Machine.
    pub host: String,
    /// When it began, universal time.
    pub started: String,
    /// Threads of each run.
    pub threads: u32,
}

/// A run found in a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its head.
    pub head: Head,
    /// Where its packed variables begin in the file.
    pub values: u64,
}

/// What a shard holds.
#[derive(Debug)]
pub struct Shard {
    /// The file.
    pub path: PathBuf,
    file: File,
    /// The program that wrote it.
    pub program: Program,
    /// Processes that wrote it.
    pub workers: Vec<Worker>,
    /// Runs done and failed.
    pub entries: Vec<Entry>,
    /// Runs begun, each as often as it was begun.
    pub started: Vec<u64>,
    /// Runs that were interrupted in order, to go on later, each as often as it was.
    pub stopped: Vec<u64>,
    /// Bytes of a torn last frame, which are left out.
    pub torn: u64,
    /// Dimensions and variables, once a run is done.
    pub frame: Option<Frame>,
    /// Length up to the end of the last complete frame.
    complete: u64,
    /// Frames, where they begin and how long they are.
    frames: Vec<(u64, u64)>,
}

fn checksum(head: &[u8], payload: &[u8]) -> u64 {
    Digest::new().slice(head).slice(payload).finish()
}

fn decoded<T: DeserializeOwned>(bytes: &[u8], path: &Path, what: &str) -> Result<T, Failure> {
    codec::decode_from_slice(bytes).map_err(|error| damaged(path, &format!("{what} cannot be read: {error}")))
}

fn damaged(path: &Path, what: &str) -> Failure {
    Failure::File(format!(
        "shard {} is damaged: {what}; move it away and run `autarky sweep run` again, which repeats the runs in it",
        path.display()
    ))
}

/// A frame whose variables lie over dimensions that it has.
fn sound_frame(frame: Frame, path: &Path) -> Result<Frame, Failure> {
    let known = frame.dimensions.len();
    let lost = frame.variables.iter().find(|variable| variable.dimensions.iter().any(|&place| place >= known));
    match lost {
        Some(variable) => Err(damaged(path, &format!("its variable {} is over no dimension", variable.name))),
        None => Ok(frame),
    }
}

impl Shard {
    /// Reads what a shard holds; `plan` is the digest of the plan it must belong to. A torn last frame is left out.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or belongs to another plan.
    pub fn open(path: &Path, plan: u64) -> Result<Self, Failure> {
        let mut file = File::open(path).map_err(|error| file_error("read", path, error))?;
        let size = file.metadata().map_err(|error| file_error("read", path, error))?.len();
        let (header, mut at) = Self::header(&mut file, path)?;
        if header.plan != plan {
            return Err(Failure::File(format!(
                "shard {} belongs to another plan ({:016x}, not {plan:016x}): shards of different plans cannot be mixed; move it to the folder of its own plan",
                path.display(),
                header.plan
            )));
        }
        let mut shard = Self {
            path: path.to_owned(),
            file,
            program: header.program,
            workers: vec![],
            entries: vec![],
            started: vec![],
            stopped: vec![],
            torn: 0,
            frame: None,
            complete: at,
            frames: vec![],
        };
        while at < size {
            let Some(end) = shard.take(at, size)? else { break };
            at = end;
            shard.complete = end;
        }
        shard.torn = size - shard.complete;
        Ok(shard)
    }

    fn header(file: &mut File, path: &Path) -> Result<(Header, u64), Failure> {
        let broken = || damaged(path, "it does not begin like a shard");
        let mut start = [0; 16];
        file.read_exact(&mut start).map_err(|_| broken())?;
        let version = u32::from_le_bytes(start[8..12].try_into().expect("four bytes"));
        let length = u32::from_le_bytes(start[12..16].try_into().expect("four bytes"));
        if start[..8] != MAGIC || length > 1 << 16 {
            return Err(broken());
        }
        if version != VERSION {
            return Err(Failure::File(format!(
                "shard {} was written in form {version}, this program reads form {VERSION}: use the version that wrote it",
                path.display()
            )));
        }
        let mut bytes = vec![0; length as usize];
        file.read_exact(&mut bytes).map_err(|_| broken())?;
        Ok((decoded(&bytes, path, "its header")?, 16 + u64::from(length)))
    }

    /// Takes in the frame at a place; `None` if it is torn.
    fn take(&mut self, at: u64, size: u64) -> Result<Option<u64>, Failure> {
        let path = self.path.clone();
        let mut head = [0; HEAD as usize];
        if at + HEAD > size {
            return Ok(None);
        }
        self.read(&mut head, at)?;
        let kind = Kind::of(u32::from_le_bytes(head[4..8].try_into().expect("four bytes")));
        let length = u64::from_le_bytes(head[8..16].try_into().expect("eight bytes"));
        let (Some(kind), true) = (kind, head[..4] == FRAME) else {
            return Err(damaged(&path, &format!("there is no record at byte {at}")));
        };
        let end = at.saturating_add(HEAD).saturating_add(length).saturating_add(TAIL);
        if end > size {
            return if self.follows(at + 1, size)? {
                Err(damaged(&path, &format!("the record at byte {at} has another length")))
            } else {
                Ok(None)
            };
        }
        let from = at + HEAD;
        if kind == Kind::Run {
            let mut word = [0; 8];
            self.read(&mut word, from)?;
            let short = u64::from_le_bytes(word);
            if length < 8 || short > length - 8 {
                return Err(damaged(&path, &format!("the record at byte {at} contradicts itself")));
            }
            let mut bytes = vec![0; short as usize];
            self.read(&mut bytes, from + 8)?;
            // A torn write can leave a frame of the right length with wrong bytes at the very end of the file.
            if end == size && !self.is_sound(at, length)? {
                return Ok(None);
            }
            let head: Head = decoded(&bytes, &path, &format!("the record at byte {at}"))?;
            let packed: u64 = head.lengths.iter().copied().map(u64::from).sum();
            if packed != length - 8 - short {
                return Err(damaged(&path, &format!("the record at byte {at} contradicts itself")));
            }
            self.entries.push(Entry { head, values: from + 8 + short });
        } else {
            // These are short: all are compared.
            if !self.is_sound(at, length)? {
                return if end == size { Ok(None) } else { Err(self.changed(at)) };
            }
            let mut bytes = vec![0; length as usize];
            self.read(&mut bytes, from)?;
            match kind {
                Kind::Frame => self.frame = Some(sound_frame(decoded(&bytes, &path, "its frame")?, &path)?),
                Kind::Worker => self.workers.push(decoded(&bytes, &path, &format!("the record at byte {at}"))?),
                Kind::Stopped => self.stopped.push(decoded(&bytes, &path, &format!("the record at byte {at}"))?),
                _ => self.started.push(decoded(&bytes, &path, &format!("the record at byte {at}"))?),
            }
        }
        self.frames.push((at, length));
        Ok(Some(end))
    }

    fn read(&self, bytes: &mut [u8], at: u64) -> Result<(), Failure> {
        self.file.read_exact_at(bytes, at).map_err(|error| file_error("read", &self.path, error))
    }

    /// Whether a frame has the checksum it was written with.
    fn is_sound(&self, at: u64, length: u64) -> Result<bool, Failure> {
        let mut bytes = vec![0; (HEAD + length + TAIL) as usize];
        self.read(&mut bytes, at)?;
        let (frame, tail) = bytes.split_at((HEAD + length) as usize);
        let (head, payload) = frame.split_at(HEAD as usize);
        Ok(checksum(head, payload).to_le_bytes() == tail)
    }

    fn changed(&self, at: u64) -> Failure {
        damaged(&self.path, &format!("the record at byte {at} has another checksum"))
    }

    /// Whether a whole record lies somewhere behind a place: then what is before it is not torn, but damaged.
    fn follows(&self, from: u64, size: u64) -> Result<bool, Failure> {
        let mut bytes = vec![0; (size - from) as usize];
        self.read(&mut bytes, from)?;
        for place in 0..bytes.len().saturating_sub((HEAD + TAIL) as usize) {
            let head = &bytes[place..place + HEAD as usize];
            if head[..4] != FRAME || Kind::of(u32::from_le_bytes(head[4..8].try_into().expect("four bytes"))).is_none()
            {
                continue;
            }
            let length = u64::from_le_bytes(head[8..16].try_into().expect("eight bytes"));
            let rest = (bytes.len() - place) as u64;
            if length <= rest.saturating_sub(HEAD + TAIL) && self.is_sound(from + place as u64, length)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Checks every frame.
    ///
    /// # Errors
    /// A frame is damaged, or the file cannot be read.
    pub fn verify(&self) -> Result<(), Failure> {
        for &(at, length) in &self.frames {
            if !self.is_sound(at, length)? {
                return Err(self.changed(at));
            }
        }
        Ok(())
    }

    fn of_another(&self, program: &Program) -> Failure {
        Failure::File(format!(
            "shard {} was written by {}, this is {program}: runs of different programs cannot stand in one ensemble; go on with that program, or plan anew with another --dir",
            self.path.display(),
            self.program
        ))
    }

    /// The values of a variable of a run.
    ///
    /// # Errors
    /// They are damaged, or the file cannot be read.
    pub fn values(&self, entry: &Entry, variable: usize, number: Number) -> Result<Values<'static>, Failure> {
        let lengths = &entry.head.lengths;
        let (Some(before), Some(&length)) = (lengths.get(..variable), lengths.get(variable)) else {
            return Err(damaged(&self.path, &format!("run {} has fewer variables than its frame", entry.head.run)));
        };
        let skipped: u64 = before.iter().copied().map(u64::from).sum();
        let mut bytes = vec![0; length as usize];
        self.read(&mut bytes, entry.values + skipped)?;
        Values::unpack(&bytes, number)
            .ok_or_else(|| damaged(&self.path, &format!("the values of run {} cannot be unpacked", entry.head.run)))
    }
}

/// Files of the shards of a sweep in the order of their names; those without a byte are left out.
///
/// # Errors
/// The folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder.join(FOLDER);
    let mut paths = Vec::new();
    match std::fs::read_dir(&folder) {
        Ok(entries) => {
            for entry in entries {
                let path = entry.map_err(|error| file_error("read", &folder, error))?.path();
                if path.extension().is_some_and(|extension| extension == "shard") {
                    paths.push(path);
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(file_error("read", &folder, error)),
    }
    paths.sort();
    paths.retain(|path| std::fs::metadata(path).is_ok_and(|found| found.len() > 0));
    Ok(paths)
}

/// Bytes of shards that are compared with their checksums whenever they are opened, which takes a second; more are when
/// their values are read.
const COMPARED: u64 = 1 << 30;

/// All shards of a sweep in the order of their names, compared with their checksums unless they are very large.
///
/// # Errors
/// As [`files`], [`Shard::open`] and [`Shard::verify`].
pub fn open_all(folder: &Path, plan: u64) -> Result<Vec<Shard>, Failure> {
    let shards: Vec<Shard> = files(folder)?.iter().map(|path| Shard::open(path, plan)).collect::<Result<_, _>>()?;
    if shards.iter().map(|shard| shard.complete).sum::<u64>() <= COMPARED {
        shards.iter().try_for_each(Shard::verify)?;
    }
    Ok(shards)
}

/// Whether the folder of a sweep has shards or submitted jobs, so that runs were begun for its plan.
///
/// # Errors
/// The folder cannot be read.
pub fn any(folder: &Path) -> Result<bool, Failure> {
    Ok(!files(folder)?.is_empty() || folder.join(super::cluster::FOLDER).exists())
}

/// Checks that a program may add runs to those in the shards.
///
/// # Errors
/// Another program wrote one of them.
pub fn check_program(shards: &[Shard], program: &Program) -> Result<(), Failure> {
    shards.iter().find(|shard| shard.program != *program).map_or(Ok(()), |shard| Err(shard.of_another(program)))
}

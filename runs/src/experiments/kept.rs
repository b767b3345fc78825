//! Runs that are kept beside the tables, so that none is done twice: recordings like any other, in a folder of their own that
//! may be removed at any time.

use std::fs;
use std::path::{Path, PathBuf};

use agents::record::Detail;
use analysis::recording::Recording;
use engine::files::write_bytes_atomically;
use engine::recorder::Recorder;

use super::arm::Run;
use super::interview::{Answer, Interview, Question};
use crate::failure::{Failure, file_error};
use crate::provenance::WORLD_SOURCES;
use crate::terminal::note;

/// Folder of the runs, in that of the tables.
const FOLDER: &str = ".runs";

/// Marks a folder that can be made again, for programs that keep copies: <https://bford.info/cachedir/>.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n# Runs of autarky; they are made again when they are needed.\n",
);

/// Shape of the file of an answer; another number for another shape.
const ANSWER_SHAPE: u64 = 2;

/// Runs of this version of the program.
pub(super) struct Kept {
    folder: PathBuf,
}

/// Name of a file: its key, the ticks it is good for, and what it holds.
fn name(run: &Run) -> String {
    format!("{:016x}-{:04}-{}", run.key, run.config.ticks, detail(run.detail))
}

const fn detail(detail: Detail) -> &'static str {
    match detail {
        Detail::Full => "full",
        Detail::Standard => "standard",
    }
}

/// Key, ticks and detail of a file's name.
fn parts(name: &str) -> Option<(u64, u32, Detail)> {
    let mut parts = name.strip_suffix(".h5")?.split('-');
    let key = u64::from_str_radix(parts.next()?, 16).ok()?;
    let ticks = parts.next()?.parse().ok()?;
    let detail = match parts.next()? {
        "full" => Detail::Full,
        "standard" => Detail::Standard,
        _ => return None,
    };
    parts.next().is_none().then_some((key, ticks, detail))
}

impl Kept {
    /// The runs beside some tables.
    pub(super) fn beside(tables: &Path) -> Self {
        Self { folder: tables.join(FOLDER).join(WORLD_SOURCES) }
    }

    /// The runs of another build, named by the digest of its sources, beside some tables.
    pub(super) fn of_build(tables: &Path, digest: &str) -> Self {
        Self { folder: tables.join(FOLDER).join(digest) }
    }

    /// Whose runs are kept beside some tables.
    pub(super) fn builds(tables: &Path) -> Vec<String> {
        let folders = fs::read_dir(tables.join(FOLDER)).into_iter().flatten().flatten().map(|entry| entry.path());
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let mut found: Vec<String> = folders.filter(|path| of_a_version(path)).filter_map(name).collect();
        found.sort();
        found
    }

    /// Where they are.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// File of what a run answered to a question.
    pub(super) fn answer_path(&self, run: &Run, question: Question) -> PathBuf {
        self.folder.join(format!("{:016x}-{}.ckpt", run.key, question.word()))
    }

    /// A recording that serves for a run.
    pub(super) fn find(&self, run: &Run) -> Option<PathBuf> {
        if !run.asked.iter().all(|&question| self.answer_path(run, question).is_file()) {
            return None;
        }
        let serves = |name: &str| {
            parts(name).is_some_and(|(key, ticks, detail)| {
                key == run.key && ticks >= run.config.ticks && (detail == Detail::Full || run.detail == detail)
            })
        };
        let files = fs::read_dir(&self.folder).ok()?.flatten();
        let found = files.filter(|file| file.file_name().to_str().is_some_and(serves)).map(|file| file.path());
        // The same of two at every time.
        found.min()
    }

    /// Keeps a run that ended.
    pub(super) fn keep(&self, run: &Run, recorder: &Recorder, asked: &[Interview]) -> Result<(), Failure> {
        self.open()?;
        for interview in asked.iter().filter(|interview| run.asked.contains(&interview.question())) {
            let path = self.answer_path(run, interview.question());
            engine::checkpoint::write(&path, ANSWER_SHAPE, &interview.answer())
                .map_err(|error| Failure::File(format!("{}: {error}", path.display())))?;
        }
        recorder.write(&self.folder.join(format!("{}.h5", name(run))))?;
        Ok(())
    }

    /// Makes the folder and leaves all others.
    pub(super) fn create(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder).map_err(|error| file_error("create", &self.folder, error))?;
        let above = self.folder.parent().unwrap_or(&self.folder);
        Ok(write_bytes_atomically(&above.join(TAG.0), TAG.1.as_bytes())?)
    }

    /// Makes the folder. Runs of other versions of the program are of no use to this one: those of all but the last go.
    fn open(&self) -> Result<(), Failure> {
        if self.folder.is_dir() {
            return Ok(());
        }
        let above = self.folder.parent().unwrap_or(&self.folder);
        fs::create_dir_all(above).map_err(|error| file_error("create", above, error))?;
        write_bytes_atomically(&above.join(TAG.0), TAG.1.as_bytes())?;
        let others = fs::read_dir(above).map_err(|error| file_error("read", above, error))?.flatten();
        let age = |path: &PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        let mut others: Vec<PathBuf> = others.map(|entry| entry.path()).filter(|path| of_a_version(path)).collect();
        others.sort_by_key(age);
        others.pop();
        for folder in others {
            note(&format!("removing runs of an older version of the program: {}", folder.display()));
            fs::remove_dir_all(&folder).map_err(|error| file_error("remove", &folder, error))?;
        }
        fs::create_dir_all(&self.folder).map_err(|error| file_error("create", &self.folder, error))
    }

    /// The recording of a run, as long as the run.
    pub(super) fn recording(&self, run: &Run) -> Result<Recording<'static>, Failure> {
        let path = self.find(run).ok_or_else(|| {
            let folder = self.folder.display();
            Failure::File(format!("the run `{}` is gone from {folder}: run the command again", run.name()))
        })?;
        let mut recording = Recording::open(&path).map_err(|error| {
            Failure::File(format!("{}: {error}; remove this file and run the command again", path.display()))
        })?;
        recording.keep_ticks(run.config.ticks as usize);
        Ok(recording)
    }

    /// What a run answered to a question.
    pub(super) fn answer(&self, run: &Run, question: Question) -> Result<Answer, Failure> {
        let path = self.answer_path(run, question);
        engine::checkpoint::read(&path, ANSWER_SHAPE).map_err(|error| {
            Failure::File(format!("{}: {error}; remove this file and run the command again", path.display()))
        })
    }

    /// Bytes of all runs.
    pub(super) fn bytes(&self) -> u64 {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum()
    }
}

/// Whether a folder is one of those made here: named by a digest.
fn of_a_version(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    path.is_dir() && name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

//! Writing of shards: every record is whole on disk before the next one begins.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use engine::codec;
use engine::netcdf::{Content, Values};
use serde::Serialize;

use super::{
    FOLDER, FRAME, Frame, HEAD, Head, Header, Kind, MAGIC, Outcome, Program, Shard, TAIL, VERSION, Worker, checksum,
};
use crate::failure::{Failure, file_error};
use crate::provenance;

/// A shard that is being written. It is locked, so no two workers write one shard.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    has_frame: bool,
}

impl Writer {
    /// Opens a shard to append to it, or begins it; cuts off a torn last frame.
    ///
    /// # Errors
    /// Another worker writes it, it belongs to another plan or is damaged, or it cannot be written.
    pub fn open(folder: &Path, name: &str, plan: u64, threads: usize) -> Result<Self, Failure> {
        let folder = folder.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(|error| file_error("create", &folder, error))?;
        let path = folder.join(format!("{name}.shard"));
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| file_error("write", &path, error))?;
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(Failure::File(format!(
                    "shard {} is being written by another worker: wait for it, or give this one another --shard",
                    path.display()
                )));
            }
            // File systems without locks: the names of shards keep workers apart.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => {}
        }
        let size = file.metadata().map_err(|error| file_error("read", &path, error))?.len();
        let failed = |error| file_error("write", &path, error);
        let header = Header { plan, program: Program::this() };
        let bytes = codec::encode_to_vec(&header).map_err(|error| Failure::Internal(error.to_string()))?;
        let whole = 16 + bytes.len() as u64;
        // A worker killed within its first write leaves a part of the header.
        let (complete, has_frame) = if size < whole {
            let mut start = Vec::from(MAGIC);
            start.extend(VERSION.to_le_bytes());
            start.extend((bytes.len() as u32).to_le_bytes());
            start.extend(bytes);
            file.set_len(0).map_err(failed)?;
            file.write_all(&start).map_err(failed)?;
            (start.len() as u64, false)
        } else {
            let shard = Shard::open(&path, plan)?;
            if shard.program != header.program {
                return Err(shard.of_another(&header.program));
            }
            (shard.complete, shard.frame.is_some())
        };
        file.set_len(complete).map_err(failed)?;
        file.seek(SeekFrom::Start(complete)).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let mut writer = Self { path, file, has_frame };
        let worker = Worker {
            host: provenance::host().unwrap_or_default(),
            started: provenance::timestamp(SystemTime::now()),
            threads: threads as u32,
        };
        writer.append(Kind::Worker, &Self::encoded(&worker)?)?;
        Ok(writer)
    }

    fn append(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Failure> {
        let mut bytes = Vec::with_capacity(payload.len() + (HEAD + TAIL) as usize);
        bytes.extend(FRAME);
        bytes.extend((kind as u32).to_le_bytes());
        bytes.extend((payload.len() as u64).to_le_bytes());
        bytes.extend(payload);
        let sum = checksum(&bytes[..HEAD as usize], payload);
        bytes.extend(sum.to_le_bytes());
        let before = self.file.stream_position().unwrap_or_default();
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        written.map_err(|error| {
            // Half a record would hide what comes after it.
            let _ = self.file.set_len(before).and_then(|()| self.file.seek(SeekFrom::Start(before)));
            file_error("write", &self.path, error)
        })
    }

    fn encoded<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
        codec::encode_to_vec(value).map_err(|error| Failure::Internal(error.to_string()))
    }

    /// Notes that a run begins.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn started(&mut self, run: usize) -> Result<(), Failure> {
        self.append(Kind::Started, &Self::encoded(&(run as u64))?)
    }

    /// Notes that a run was interrupted in order and goes on later.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn stopped(&mut self, run: usize) -> Result<(), Failure> {
        self.append(Kind::Stopped, &Self::encoded(&(run as u64))?)
    }

    /// Adds a run that is done, with the variables of `content` in the order of `frame`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn done(
        &mut self,
        run: usize,
        digest: u64,
        seconds: f64,
        frame: &Frame,
        content: &Content<'_>,
        single: bool,
    ) -> Result<(), Failure> {
        if !self.has_frame {
            self.append(Kind::Frame, &Self::encoded(frame)?)?;
            self.has_frame = true;
        }
        let mut packed = Vec::with_capacity(frame.variables.len());
        for variable in &frame.variables {
            let values = content.variables.iter().find(|x| x.name == variable.name).map(|x| &x.values);
            let Some(values) = values else {
                return Err(Failure::Internal(format!("a run has no variable {}", variable.name)));
            };
            packed.push(rounded(values, single).pack());
        }
        let lengths = packed.iter().map(|x| u32::try_from(x.len())).collect::<Result<_, _>>();
        let lengths = lengths.map_err(|_| Failure::Internal("a variable of a run takes more than 4 GB".to_owned()))?;
        let head = Head { run: run as u64, outcome: Outcome::Done { digest }, seconds: seconds.to_bits(), lengths };
        self.run(&head, &packed)
    }

    /// Adds a run that failed.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn failed(&mut self, run: usize, seconds: f64, tick: u32, code: u8, reason: String) -> Result<(), Failure> {
        let outcome = Outcome::Failed { tick, code, reason };
        self.run(&Head { run: run as u64, outcome, seconds: seconds.to_bits(), lengths: Box::default() }, &[])
    }

    fn run(&mut self, head: &Head, packed: &[Vec<u8>]) -> Result<(), Failure> {
        let head = Self::encoded(head)?;
        let mut payload = Vec::from((head.len() as u64).to_le_bytes());
        payload.extend(head);
        for bytes in packed {
            payload.extend(bytes);
        }
        self.append(Kind::Run, &payload)
    }
}

/// Values in single precision where that is wanted and they are numbers in double precision.
fn rounded<'a>(values: &'a Values<'a>, single: bool) -> Values<'a> {
    match values {
        Values::F64(values) if single => Values::F32(values.iter().map(|&x| x as f32).collect::<Vec<_>>().into()),
        Values::F64(values) => Values::F64(values.as_ref().into()),
        Values::F32(values) => Values::F32(values.as_ref().into()),
        Values::I64(values) => Values::I64(values.as_ref().into()),
        Values::Text(values) => Values::Text(values.as_ref().into()),
    }
}

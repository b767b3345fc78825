//! Checkpoints: the whole state of a run in one checked file.
//!
//! A file is a header of 80 bytes and a payload in the form of [`codec`]. The header holds the magic
//! `AUTARKYC`, the container version, the schema id and the version of the program, and the length and xxh3-64 of the
//! payload, and ends with its own xxh3-64. Reading checks all of it before a byte of the payload is decoded, so a
//! damaged file is an error that says what is wrong and what to do. Writing streams (no second copy of the state in
//! memory), is atomic and keeps the generation before as `<name>.prev`.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::codec::{self, CodecError};
use crate::files::{self, FileError, Previous};

/// The version of the container that this program writes and reads.
pub const CONTAINER_VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"AUTARKYC";
const HEADER_BYTES: usize = 80;
const BUFFER_BYTES: usize = 1 << 20;

/// Why a checkpoint could not be written or read. Every message names the file and a remedy.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// There is no such file.
    #[error("there is no checkpoint {}: check the path, or start the run from the beginning", .0.display())]
    Missing(PathBuf),
    /// Reading or writing failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file does not begin like a checkpoint.
    #[error("{} is not a checkpoint (it does not begin with AUTARKYC): check the path", .0.display())]
    NotACheckpoint(PathBuf),
    /// The container was written by another generation of this program.
    #[error(
        "{} has checkpoint version {found}, but this program reads version {CONTAINER_VERSION}: resume it with the \
         program that wrote it, or start the run from the beginning", path.display()
    )]
    ContainerVersion {
        /// The checkpoint.
        path: PathBuf,
        /// The version it has.
        found: u32,
    },
    /// The header is damaged.
    #[error("the header of {} is damaged: {}", .0.display(), fall_back(.0))]
    HeaderDamaged(PathBuf),
    /// The state has another shape.
    #[error(
        "{} holds a state of another shape (schema {found:016x}, this program has {expected:016x}; written by engine \
         {engine_version}): resume it with the program that wrote it, or start the run from the beginning",
        path.display()
    )]
    Schema {
        /// The checkpoint.
        path: PathBuf,
        /// The schema id of the file.
        found: u64,
        /// The schema id that was asked for.
        expected: u64,
        /// The version of the engine that wrote the file.
        engine_version: String,
    },
    /// The file is shorter or longer than its header says.
    #[error(
        "{} has a payload of {found} bytes where its header says {expected}: {}", path.display(), fall_back(path)
    )]
    Length {
        /// The checkpoint.
        path: PathBuf,
        /// Bytes after the header.
        found: u64,
        /// Bytes that the header promises.
        expected: u64,
    },
    /// The payload is not what was written.
    #[error("the payload of {} is damaged (its checksum does not match): {}", .0.display(), fall_back(.0))]
    Checksum(PathBuf),
    /// The payload is intact but is not a state of the wanted type.
    #[error(
        "{} cannot be decoded ({reason}) though it is intact: the schema id did not change with the state; resume it \
         with the program that wrote it", path.display()
    )]
    Decode {
        /// The checkpoint.
        path: PathBuf,
        /// What the codec said.
        reason: String,
    },
    /// The state refused to be encoded.
    #[error("the state cannot be encoded for {} ({reason}): this is a bug of the program, please report it", path.display())]
    Encode {
        /// The checkpoint.
        path: PathBuf,
        /// What the codec said.
        reason: String,
    },
}

fn fall_back(path: &Path) -> String {
    format!("use the generation before, {}, or start the run from the beginning", files::previous_path(path).display())
}

/// What the header of a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The schema id that the writer supplied.
    pub schema: u64,
    /// The version of the engine that wrote the file.
    pub engine_version: String,
    /// The length of the payload in bytes.
    pub payload_bytes: u64,
    /// The xxh3-64 of the payload.
    pub payload_digest: u64,
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&CONTAINER_VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&(HEADER_BYTES as u32).to_le_bytes());
        bytes[16..24].copy_from_slice(&self.schema.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.payload_bytes.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.payload_digest.to_le_bytes());
        let version = self.engine_version.as_bytes();
        let length = version.len().min(32);
        bytes[40..40 + length].copy_from_slice(&version[..length]);
        let digest = xxh3_64(&bytes[..72]);
        bytes[72..].copy_from_slice(&digest.to_le_bytes());
        bytes
    }

    fn from_bytes(path: &Path, bytes: &[u8; HEADER_BYTES]) -> Result<Self, CheckpointError> {
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|index| bytes[at + index]));
        if bytes[..8] != MAGIC {
            return Err(CheckpointError::NotACheckpoint(path.to_owned()));
        }
        let found = word(8) as u32;
        if found != CONTAINER_VERSION {
            return Err(CheckpointError::ContainerVersion { path: path.to_owned(), found });
        }
        if xxh3_64(&bytes[..72]) != word(72) {
            return Err(CheckpointError::HeaderDamaged(path.to_owned()));
        }
        let version = bytes[40..72].iter().copied().take_while(|&byte| byte != 0).collect();
        Ok(Self {
            schema: word(16),
            payload_bytes: word(24),
            payload_digest: word(32),
            engine_version: String::from_utf8(version).map_err(|_| CheckpointError::HeaderDamaged(path.to_owned()))?,
        })
    }
}

/// Writes `state` to `path` atomically and keeps the file it replaces as `<path>.prev`. `schema` identifies the shape
/// of the state (see [`crate::digest::of_texts`]): change it whenever a field is added, removed, reordered or retyped.
///
/// # Errors
/// [`CheckpointError::File`] if the disk refuses, [`CheckpointError::Encode`] if the state does; an existing checkpoint
/// is left as it was.
pub fn write<T: Serialize + ?Sized>(path: &Path, schema: u64, state: &T) -> Result<Header, CheckpointError> {
    let mut header = Header { schema, engine_version: crate::VERSION.to_owned(), payload_bytes: 0, payload_digest: 0 };
    files::write_atomically(path, Previous::Keep, |temporary| {
        let failed = |error| FileError::new("write", path, error);
        let file = File::create(temporary).map_err(failed)?;
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, Hashing::new(file));
        writer.get_mut().inner.write_all(&[0; HEADER_BYTES]).map_err(failed)?;
        codec::encode_into(state, &mut writer).map_err(|error| match error {
            CodecError::Io(error) => CheckpointError::File(failed(error)),
            CodecError::Malformed(reason) => CheckpointError::Encode { path: path.to_owned(), reason },
        })?;
        let Hashing { mut inner, hash, bytes } = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        header.payload_bytes = bytes;
        header.payload_digest = hash.digest();
        inner.seek(SeekFrom::Start(0)).and_then(|_| inner.write_all(&header.to_bytes())).map_err(failed)?;
        Ok::<(), CheckpointError>(())
    })?;
    Ok(header)
}

/// Reads and checks the header of `path`.
///
/// # Errors
/// [`CheckpointError`] if there is no such file or it is not an intact checkpoint header of this version.
pub fn read_header(path: &Path) -> Result<Header, CheckpointError> {
    open(path).map(|(_, header)| header)
}

/// Reads the state from `path` after checking magic, version, header, schema, length and checksum.
///
/// # Errors
/// A [`CheckpointError`] of its own for each of these checks.
pub fn read<T: DeserializeOwned>(path: &Path, schema: u64) -> Result<T, CheckpointError> {
    let (mut file, header) = open(path)?;
    let failed = |error| FileError::new("read", path, error);
    if header.schema != schema {
        return Err(CheckpointError::Schema {
            path: path.to_owned(),
            found: header.schema,
            expected: schema,
            engine_version: header.engine_version,
        });
    }
    let found = file.metadata().map_err(failed)?.len() - HEADER_BYTES as u64;
    if found != header.payload_bytes {
        return Err(CheckpointError::Length { path: path.to_owned(), found, expected: header.payload_bytes });
    }
    // Checked in a pass of its own: decoding damaged bytes could fail in ways that say nothing about the cause.
    let mut hashing = Hashing::new(io::sink());
    io::copy(&mut BufReader::with_capacity(BUFFER_BYTES, &mut file), &mut hashing).map_err(failed)?;
    if hashing.hash.digest() != header.payload_digest {
        return Err(CheckpointError::Checksum(path.to_owned()));
    }
    file.seek(SeekFrom::Start(HEADER_BYTES as u64)).map_err(failed)?;
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, file);
    let decode = |reason: String| CheckpointError::Decode { path: path.to_owned(), reason };
    let state = codec::decode_from(&mut reader).map_err(|error| decode(error.to_string()))?;
    if !reader.fill_buf_is_empty().map_err(failed)? {
        return Err(decode("bytes are left over".to_owned()));
    }
    Ok(state)
}

/// Which file [`read_newest`] took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// The file itself.
    Current,
    /// `<path>.prev`, because the file itself was missing or damaged.
    Previous,
}

/// Reads `path` or, if it is missing or damaged, the generation before it.
///
/// # Errors
/// The error of `path` itself if neither can be read, or at once if it is intact but of another version or schema.
pub fn read_newest<T: DeserializeOwned>(path: &Path, schema: u64) -> Result<(T, Generation), CheckpointError> {
    let error = match read(path, schema) {
        Ok(state) => return Ok((state, Generation::Current)),
        Err(error) => error,
    };
    let damaged = matches!(
        error,
        CheckpointError::Missing(_)
            | CheckpointError::NotACheckpoint(_)
            | CheckpointError::HeaderDamaged(_)
            | CheckpointError::Length { .. }
            | CheckpointError::Checksum(_)
    );
    if damaged && let Ok(state) = read(&files::previous_path(path), schema) {
        return Ok((state, Generation::Previous));
    }
    Err(error)
}

fn open(path: &Path) -> Result<(File, Header), CheckpointError> {
    let failed = |error| FileError::new("read", path, error);
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CheckpointError::Missing(path.to_owned()),
        _ => CheckpointError::File(failed(error)),
    })?;
    let mut bytes = [0; HEADER_BYTES];
    file.read_exact(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => CheckpointError::NotACheckpoint(path.to_owned()),
        _ => CheckpointError::File(failed(error)),
    })?;
    let header = Header::from_bytes(path, &bytes)?;
    Ok((file, header))
}

/// A writer that hashes and counts what passes.
struct Hashing<W> {
    inner: W,
    hash: Xxh3,
    bytes: u64,
}

impl<W> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Xxh3::new(), bytes: 0 }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

trait AtEnd {
    fn fill_buf_is_empty(&mut self) -> io::Result<bool>;
}

impl<R: io::BufRead> AtEnd for R {
    fn fill_buf_is_empty(&mut self) -> io::Result<bool> {
        self.fill_buf().map(<[u8]>::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::Scratch;
    use serde::{Deserialize, Serializer};
    use std::fs;

    const SCHEMA: u64 = 77;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct State {
        tick: u32,
        deposits: Vec<i64>,
        prices: Vec<f64>,
        name: Option<String>,
    }

    fn state(tick: u32) -> State {
        State {
            tick,
            deposits: (0..50_000).map(|i| i * 3 - 70_000).collect(),
            prices: vec![1.5, -0.0, f64::INFINITY],
            name: Some("größer".to_owned()),
        }
    }

    fn written(scratch: &Scratch) -> PathBuf {
        let path = scratch.join("run.ckpt");
        write(&path, SCHEMA, &state(3)).expect("written");
        path
    }

    #[test]
    fn states_return() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        assert_eq!(read::<State>(&path, SCHEMA).expect("read"), state(3));
        let header = read_header(&path).expect("a header");
        assert_eq!((header.schema, header.engine_version.as_str()), (SCHEMA, crate::VERSION));
        assert_eq!(header.payload_bytes + 80, fs::metadata(&path).expect("there").len());
        assert_eq!(scratch.names(), ["run.ckpt"]);
    }

    #[test]
    fn equal_states_give_equal_bytes() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let first = fs::read(&path).expect("there");
        write(&path, SCHEMA, &state(3)).expect("written");
        assert_eq!(fs::read(&path).expect("there"), first);
    }

    #[test]
    fn every_damage_has_its_error() {
        type Damage = fn(&mut Vec<u8>);
        type Check = fn(&CheckpointError) -> bool;
        let scratch = Scratch::new();
        let path = written(&scratch);
        let good = fs::read(&path).expect("there");
        let rows: [(&str, Damage, Check); 9] = [
            ("empty", Vec::clear, |e| matches!(e, CheckpointError::NotACheckpoint(_))),
            ("short header", |b| b.truncate(79), |e| matches!(e, CheckpointError::NotACheckpoint(_))),
            ("magic", |b| b[0] = b'X', |e| matches!(e, CheckpointError::NotACheckpoint(_))),
            ("version", |b| b[8] = 9, |e| matches!(e, CheckpointError::ContainerVersion { found: 9, .. })),
            ("header bit", |b| b[45] ^= 1, |e| matches!(e, CheckpointError::HeaderDamaged(_))),
            ("truncated", |b| b.truncate(100_000), |e| matches!(e, CheckpointError::Length { found: 99_920, .. })),
            ("no payload", |b| b.truncate(80), |e| matches!(e, CheckpointError::Length { found: 0, .. })),
            ("longer", |b| b.push(0), |e| matches!(e, CheckpointError::Length { .. })),
            ("payload bit", |b| b[200_000] ^= 0x10, |e| matches!(e, CheckpointError::Checksum(_))),
        ];
        for (name, damage, check) in rows {
            let mut bytes = good.clone();
            damage(&mut bytes);
            fs::write(&path, bytes).expect("written");
            let error = read::<State>(&path, SCHEMA).expect_err(name);
            assert!(check(&error), "{name}: {error:?}");
            assert!(error.to_string().contains("run.ckpt"), "{error}");
        }
    }

    #[test]
    fn no_flipped_bit_passes() {
        let scratch = Scratch::new();
        let path = scratch.join("small");
        write(&path, SCHEMA, &(1_u8, "abc", [7_i64; 3])).expect("written");
        let good = fs::read(&path).expect("there");
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, bytes).expect("written");
            assert!(read::<(u8, String, [i64; 3])>(&path, SCHEMA).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let error = read::<State>(&path, 78).expect_err("another schema");
        assert!(matches!(error, CheckpointError::Schema { found: 77, expected: 78, .. }), "{error:?}");
        let error = read::<(u32, String)>(&path, SCHEMA).expect_err("another type");
        assert!(matches!(error, CheckpointError::Decode { .. }), "{error:?}");
        let error = read::<u32>(&path, SCHEMA).expect_err("a shorter type");
        assert!(matches!(error, CheckpointError::Decode { .. }), "{error:?}");
    }

    #[test]
    fn missing_files_and_directories_are_named() {
        let scratch = Scratch::new();
        let nowhere = scratch.join("absent/run.ckpt");
        let error = read::<State>(&nowhere, SCHEMA).expect_err("nothing there");
        assert!(matches!(error, CheckpointError::Missing(_)), "{error:?}");
        let error = write(&nowhere, SCHEMA, &1_u8).expect_err("no directory");
        assert!(error.to_string().contains("create its directory"), "{error}");
        fs::write(scratch.join("file"), "x").expect("written");
        let error = write(&scratch.join("file/run.ckpt"), SCHEMA, &1_u8).expect_err("not a directory");
        assert!(matches!(error, CheckpointError::File(_)), "{error:?}");
    }

    /// A state that fails after more than a buffer of data has gone to disk.
    struct Refusing;

    impl Serialize for Refusing {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::{Error, SerializeTuple};
            let mut tuple = serializer.serialize_tuple(2)?;
            tuple.serialize_element(&vec![1_i64; 400_000])?;
            Err(S::Error::custom("this part refuses"))
        }
    }

    #[test]
    fn a_failed_write_leaves_the_old_checkpoint() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let error = write(&path, SCHEMA, &Refusing).expect_err("refused");
        assert!(matches!(&error, CheckpointError::Encode { reason, .. } if reason.contains("refuses")), "{error:?}");
        assert_eq!(read::<State>(&path, SCHEMA).expect("read"), state(3));
        assert_eq!(scratch.names(), ["run.ckpt"]);
    }

    #[test]
    fn the_generation_before_serves_when_the_file_is_damaged() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        write(&path, SCHEMA, &state(4)).expect("written");
        let (newest, generation) = read_newest::<State>(&path, SCHEMA).expect("read");
        assert_eq!((newest.tick, generation), (4, Generation::Current));
        let mut bytes = fs::read(&path).expect("there");
        bytes[90] ^= 1;
        fs::write(&path, bytes).expect("written");
        let (newest, generation) = read_newest::<State>(&path, SCHEMA).expect("read");
        assert_eq!((newest.tick, generation), (3, Generation::Previous));
        fs::remove_file(&path).expect("removed");
        assert_eq!(read_newest::<State>(&path, SCHEMA).expect("read").1, Generation::Previous);
        fs::remove_file(files::previous_path(&path)).expect("removed");
        let error = read_newest::<State>(&path, SCHEMA).expect_err("nothing left");
        assert!(matches!(error, CheckpointError::Missing(_)), "{error:?}");
    }
}

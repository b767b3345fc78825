//! Where an output may go: never over an input, a device or a file of another kind, and through a link to what it names.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::FileError;

/// Links that are followed before they count as a circle.
const MOST_LINKS: usize = 40;
/// Bytes of a name that every file system takes.
const LONGEST_NAME: usize = 255;
/// Bytes by which a kind is told.
const HEAD: usize = 4096;
/// A temporary file this old, of a program that is gone, is left over.
const LEFT_OVER: Duration = Duration::from_mins(10);

/// A file that this process reads: how it is known to the system, and by its name.
struct Input {
    identity: (u64, u64),
    name: Option<PathBuf>,
    path: PathBuf,
}

static INPUTS: Mutex<Vec<Input>> = Mutex::new(Vec::new());

/// Notes a file as an input of this process: no output replaces it from now on, under whatever name. A path that is no
/// file is passed over.
pub fn protect(path: &Path) {
    let Ok(found) = fs::metadata(path) else { return };
    if !found.is_file() {
        return;
    }
    if let Ok(mut inputs) = INPUTS.lock() {
        let input = Input { identity: identity(&found), name: fs::canonicalize(path).ok(), path: path.to_owned() };
        inputs.push(input);
    }
}

fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Whether a file is an input: the same file by number (also through a hard link), or by name.
fn is_input(place: &Path, found: &Metadata) -> bool {
    let Ok(inputs) = INPUTS.lock() else { return false };
    let name = fs::canonicalize(place).ok();
    inputs.iter().any(|input| {
        // A number alone may have been given to a new file after the input was removed.
        let same = input.identity == identity(found)
            && fs::metadata(&input.path).is_ok_and(|now| identity(&now) == input.identity);
        same || name.is_some() && input.name == name
    })
}

/// Whether standard output or standard error of this process goes to a file.
fn is_own_stream(found: &Metadata) -> bool {
    ["/dev/fd/1", "/dev/fd/2"].iter().any(|stream| fs::metadata(stream).is_ok_and(|x| identity(&x) == identity(found)))
}

fn refused(path: &Path, reason: &str) -> FileError {
    FileError::new("write", path, io::Error::new(io::ErrorKind::InvalidFilename, reason.to_owned()))
}

/// The file that is written where `path` is named: what a symbolic link names in the end, else `path` itself.
///
/// # Errors
/// [`FileError`] if `path` is a folder, device, pipe or socket, an input of this process, or what its standard output
/// goes to.
pub fn target(path: &Path) -> Result<PathBuf, FileError> {
    if path.file_name().is_none() {
        return Err(refused(path, "it does not name a file"));
    }
    if let Ok(found) = fs::metadata(path) {
        let kind = found.file_type();
        if kind.is_char_device() || kind.is_block_device() {
            return Err(refused(path, "it is a device, not a regular file"));
        }
        if kind.is_fifo() || kind.is_socket() {
            return Err(refused(path, "it is a pipe or socket, not a regular file"));
        }
        if !kind.is_file() {
            return Err(refused(path, "it is not a regular file"));
        }
        if is_input(path, &found) {
            return Err(refused(path, "it is read by this command, and an output never replaces an input"));
        }
        if is_own_stream(&found) {
            return Err(refused(path, "the output or the messages of this command go there"));
        }
    }
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        if !fs::symlink_metadata(&place).is_ok_and(|found| found.file_type().is_symlink()) {
            return Ok(place);
        }
        let next = fs::read_link(&place).map_err(|error| FileError::new("follow the link", &place, error))?;
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(refused(path, "its symbolic links go round in a circle"))
}

/// Checks before the work that a file can be written: that [`target`] allows it, that its folder takes new files and that
/// its name is not too long. Removes what killed programs left of it.
///
/// # Errors
/// [`FileError`] with the reason.
pub fn check(path: &Path) -> Result<(), FileError> {
    let place = target(path)?;
    if place.file_name().is_some_and(|name| name.len() > LONGEST_NAME) {
        return Err(refused(path, "its name is longer than 255 bytes"));
    }
    remove_left_over(&place);
    let temporary = temporary_path(&place);
    let failed = |error| FileError::new("write", path, error);
    File::create(&temporary).map_err(failed)?;
    fs::remove_file(&temporary).map_err(failed)
}

/// A name beside `path` under which it is written before it is complete, another one at every call:
/// `<path>.<process>-<number>.tmp`, shortened where it would be too long. The name itself is always UTF-8.
#[must_use]
pub fn temporary_path(path: &Path) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let ending = format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    path.with_file_name(stem(path, ending.len()) + &ending)
}

/// The name of a file as text, short enough for an ending of some bytes.
fn stem(path: &Path, ending: usize) -> String {
    let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.truncate(name.floor_char_boundary(LONGEST_NAME - ending));
    name
}

/// Removes temporary files of `path` that are old and whose process is not there any more.
fn remove_left_over(path: &Path) {
    let begin = stem(path, 32) + ".";
    for entry in fs::read_dir(folder(path)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let middle =
            name.to_str().and_then(|name| name.strip_prefix(begin.as_str())).and_then(|name| name.strip_suffix(".tmp"));
        let Some((process, number)) = middle.and_then(|middle| middle.split_once('-')) else { continue };
        let (Ok(process), Ok(_)) = (process.parse::<u32>(), number.parse::<u32>()) else { continue };
        // Another machine may write to the same folder: so only what has not changed for a while.
        let old = entry
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > LEFT_OVER));
        if old && !Path::new(&format!("/proc/{process}")).exists() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folder a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    Hdf5,
    Checkpoint,
    Shard,
    Png,
    Parquet,
    Html,
    Svg,
    Json,
    Script,
    Table,
    Text,
    Other,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Hdf5 => "a recording or another HDF5 file",
            Self::Checkpoint => "a checkpoint",
            Self::Shard => "a shard of a sweep",
            Self::Png => "a picture",
            Self::Parquet => "a Parquet table",
            Self::Html => "a page",
            Self::Svg => "a drawing",
            Self::Json => "JSON",
            Self::Script => "a script",
            Self::Table => "a table",
            Self::Text => "another text",
            Self::Other => "of another kind",
        }
    }

    fn of(head: &[u8]) -> Self {
        const MAGIC: [(&[u8], Kind); 6] = [
            (b"\x89HDF\r\n\x1a\n", Kind::Hdf5),
            (b"AUTARKYC", Kind::Checkpoint),
            (b"AUTARKYS", Kind::Shard),
            (b"\x89PNG", Kind::Png),
            (b"PAR1", Kind::Parquet),
            (b"#!", Kind::Script),
        ];
        if head.is_empty() {
            return Self::Empty;
        }
        if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return *kind;
        }
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            // The last letter may be cut.
            Err(error) if head.len() == HEAD && error.valid_up_to() + 4 > HEAD => {
                std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Self::Other,
        };
        if text.contains('\0') {
            return Self::Other;
        }
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let begin: String = text.chars().take(9).collect::<String>().to_ascii_lowercase();
        match begin.as_str() {
            _ if begin.starts_with("<!doctype") || begin.starts_with("<html") => Self::Html,
            _ if begin.starts_with("<svg") || begin.starts_with("<?xml") => Self::Svg,
            _ if begin.starts_with('{') => Self::Json,
            _ if is_table(text) => Self::Table,
            _ => Self::Text,
        }
    }
}

/// Whether a text begins like comma-separated values: a line of names, and no fewer commas in the next.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines();
    let commas = |line: &str| line.matches(',').count();
    let head = lines.next().unwrap_or_default();
    let named = head
        .split(',')
        .all(|cell| cell.chars().all(|c| c.is_alphanumeric() || " _.-+%()/:\"".contains(c)) && !cell.starts_with(' '));
    commas(head) > 0 && named && lines.next().is_none_or(|line| commas(line) >= commas(head))
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks that a file may take the place of another: an existing one must be empty or of the same kind.
pub(super) fn may_replace(new: &Path, old: &Path, path: &Path) -> Result<(), FileError> {
    let Ok(before) = head(old) else { return Ok(()) };
    let before = Kind::of(&before);
    let after = Kind::of(&head(new).map_err(|error| FileError::new("read", new, error))?);
    // A page in Markdown may begin like a table.
    let texts = after == Kind::Text && before == Kind::Table;
    if before == after || before == Kind::Empty || after == Kind::Empty || texts {
        return Ok(());
    }
    Err(refused(path, &format!("the file there is {}, and this is {}", before.words(), after.words())))
}

/// Checks before the work that what is at `path`, if anything, is a recording or empty, so that one may take its place.
///
/// # Errors
/// [`FileError`] naming what is there.
pub fn check_recording(path: &Path) -> Result<(), FileError> {
    let Ok(before) = head(path) else { return Ok(()) };
    match Kind::of(&before) {
        Kind::Empty | Kind::Hdf5 => Ok(()),
        kind => Err(refused(path, &format!("the file there is {}, not a recording", kind.words()))),
    }
}

/// The right of one process to write a file; it ends with the value or the process.
#[derive(Debug)]
pub struct Claim {
    lock: PathBuf,
    // Closing it gives the lock back.
    _file: File,
}

/// Claims an output for this process, by a lock on a hidden file beside it that goes away with the claim. File systems
/// without locks claim nothing.
///
/// # Errors
/// [`FileError`] if another process has claimed it, or the folder cannot be written.
pub fn claim(path: &Path) -> Result<Claim, FileError> {
    let place = target(path)?;
    let lock = place.with_file_name(format!(".{}.lock", stem(&place, 8)));
    let failed = |error| FileError::new("write", path, error);
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock).map_err(failed)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let error = io::Error::new(io::ErrorKind::ResourceBusy, "another program is writing it");
            return Err(FileError::new("write", path, error));
        }
        // Whoever had it may have removed it in between.
        let mine = file.metadata().map_err(failed)?;
        if fs::metadata(&lock).is_ok_and(|found| identity(&found) == identity(&mine)) {
            return Ok(Claim { lock, _file: file });
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}

/// Files written by one command, which are removed again unless all succeed. Those that were there before stay.
#[derive(Debug, Default)]
pub struct Together(Vec<PathBuf>);

impl Together {
    /// Notes a file or folder that is about to be made.
    pub fn note(&mut self, path: &Path) {
        if fs::symlink_metadata(path).is_err() {
            self.0.push(path.to_owned());
        }
    }

    /// All succeeded: everything stays.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            // A folder goes only if nothing else is in it.
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Scratch;
    use super::super::write_bytes_atomically;
    use super::*;
    use std::os::unix::fs::symlink;

    fn refusal(path: &Path) -> String {
        write_bytes_atomically(path, b"new,table\n1,2\n").expect_err("refused").to_string()
    }

    #[test]
    fn an_input_is_never_replaced() {
        let scratch = Scratch::new();
        let [input, hard, soft] = ["in.csv", "hard.csv", "soft.csv"].map(|name| scratch.join(name));
        fs::write(&input, "a,b\n1,2\n").expect("written");
        fs::hard_link(&input, &hard).expect("linked");
        symlink(&input, &soft).expect("linked");
        protect(&input);
        let roundabout = scratch.join("nothing").join("..").join("in.csv");
        fs::create_dir(scratch.join("nothing")).expect("made");
        for path in [&input, &hard, &soft, &roundabout] {
            let text = refusal(path);
            assert!(text.contains("an output never replaces an input") && check(path).is_err(), "{text}");
        }
        // Replaced by an editor: another file of the same name.
        fs::write(scratch.join("x"), "a,b\n3,4\n").expect("written");
        fs::rename(scratch.join("x"), &input).expect("renamed");
        assert!(refusal(&input).contains("never replaces an input"));
        assert_eq!(fs::read_to_string(&input).expect("there"), "a,b\n3,4\n");
        assert_eq!(fs::read_to_string(&soft).expect("there"), "a,b\n3,4\n");
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let scratch = Scratch::new();
        fs::create_dir(scratch.join("far")).expect("made");
        for (name, to) in [("there.csv", "far/there.csv"), ("dangling.csv", "far/new.csv"), ("twice.csv", "there.csv")]
        {
            symlink(to, scratch.join(name)).expect("linked");
            write_bytes_atomically(&scratch.join(name), name.as_bytes()).expect("written");
            assert!(fs::symlink_metadata(scratch.join(name)).expect("there").is_symlink(), "{name}");
        }
        assert_eq!(fs::read(scratch.join("far/there.csv")).expect("there"), b"twice.csv");
        assert_eq!(fs::read(scratch.join("far/new.csv")).expect("there"), b"dangling.csv");
        symlink("round", scratch.join("round")).expect("linked");
        assert!(refusal(&scratch.join("round")).contains("circle"));
    }

    #[test]
    fn devices_folders_and_other_kinds_are_refused() {
        let scratch = Scratch::new();
        assert!(refusal(Path::new("/dev/null")).contains("it is a device"));
        assert!(refusal(&scratch.0).contains("not a regular file"));
        assert!(refusal(Path::new("/")).contains("does not name a file"));
        let socket = scratch.join("socket");
        let _open = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
        assert!(refusal(&socket).contains("pipe or socket"));
        for (name, content) in [
            ("a.h5", &b"\x89HDF\r\n\x1a\n.."[..]),
            ("a.toml", b"world = \"tiny\"\nseed = 3\n"),
            ("a.py", b"import a, b\nprint(a)\n"),
            ("a.bin", b"\x00\xff\x00"),
            ("a.json", b"{}"),
        ] {
            let path = scratch.join(name);
            fs::write(&path, content).expect("written");
            let text = refusal(&path);
            assert!(text.contains("the file there is"), "{text}");
            assert_eq!(fs::read(&path).expect("there"), content);
        }
        for content in [&b""[..], b"x,y\n", b"\"a b\",c\n1,\"d, e\"\n"] {
            fs::write(scratch.join("a.csv"), content).expect("written");
            write_bytes_atomically(&scratch.join("a.csv"), b"new,table\n1,2\n").expect("the same kind");
        }
    }

    #[test]
    fn names_are_unique_and_fit() {
        let long = PathBuf::from("/x").join("ä".repeat(127));
        let (a, b) = (temporary_path(&long), temporary_path(&long));
        assert_ne!(a, b);
        assert!(a.file_name().expect("a name").len() <= LONGEST_NAME);
        let scratch = Scratch::new();
        assert!(check(&scratch.join(&"n".repeat(256))).is_err());
        check(&scratch.join(&"n".repeat(255))).expect("it fits");
        write_bytes_atomically(&scratch.join(&"n".repeat(255)), b"x").expect("written");
        assert_eq!(scratch.names().len(), 1);
    }

    #[test]
    fn one_process_at_a_time_writes_an_output() {
        let scratch = Scratch::new();
        let path = scratch.join("a.h5");
        let first = claim(&path).expect("free");
        let text = claim(&path).expect_err("taken").to_string();
        assert!(text.contains("another program is writing it"), "{text}");
        drop(first);
        drop(claim(&path).expect("free again"));
        assert!(scratch.names().is_empty());
    }

    #[test]
    fn what_was_begun_together_goes_together() {
        let scratch = Scratch::new();
        fs::write(scratch.join("old"), "old").expect("written");
        let make = |together: &mut Together| {
            together.note(&scratch.join("new"));
            fs::create_dir_all(scratch.join("new")).expect("made");
            for name in ["old", "new/a"] {
                together.note(&scratch.join(name));
                fs::write(scratch.join(name), "x").expect("written");
            }
        };
        let mut failed = Together::default();
        make(&mut failed);
        drop(failed);
        assert_eq!(scratch.names(), ["old"]);
        let mut done = Together::default();
        make(&mut done);
        done.keep();
        assert_eq!(scratch.names(), ["new", "old"]);
    }
}

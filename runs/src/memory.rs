//! Memory: what a run needs against what it may have, and an end with a message where it is refused.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs::read_to_string;
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::failure::Failure;
use crate::terminal::note;

/// What the run at work needs by the estimate, bytes; 0 if it is not known.
static NEEDED: AtomicU64 = AtomicU64::new(0);

/// Exit code where memory is refused.
const CODE: i32 = 5;

/// Part of an estimate that a run surely needs.
const SURE: f64 = 0.6;

/// The system's allocator, which ends the program with a message and exit code 5 where there is no memory left: without
/// it the process would be aborted, with a code that says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Allocator;

#[expect(unsafe_code, reason = "an allocator is unsafe by nature; this one only looks at what the system's returns")]
// SAFETY: every call is handed to the system's allocator as it is, and its answer handed back.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        given(unsafe { System.realloc(place, layout, size) }, size)
    }
}

fn given(place: *mut u8, size: usize) -> *mut u8 {
    if place.is_null() {
        refused(size);
    }
    place
}

/// Ends the program. Nothing here may allocate.
#[cold]
fn refused(size: usize) -> ! {
    use std::io::{Cursor, Write as _};
    let mut text = [0; 320];
    let mut cursor = Cursor::new(&mut text[..]);
    let needed = NEEDED.load(Ordering::Relaxed);
    let _ = write!(
        cursor,
        "error: out of memory: {size} bytes more are refused by the system or a limit (ulimit -v, cgroup)"
    );
    if needed > 0 {
        let _ = write!(
            cursor,
            "; by the estimate this needs about {}.{:02} GB",
            needed / 1_000_000_000,
            needed / 10_000_000 % 100
        );
    }
    let _ =
        writeln!(cursor, "; raise the limit, make the world smaller (--households-per-region), or use fewer --threads");
    let length = cursor.position() as usize;
    let _ = rustix::io::write(std::io::stderr().as_fd(), &text[..length]);
    // Without destructors, which may allocate.
    signal_hook::low_level::exit(CODE);
}

/// Notes what a run needs, bytes, and refuses it where it surely does not fit in what it may have.
///
/// # Errors
/// The limit is below most of the estimate. Where it is only below the estimate, a warning is printed.
pub fn check(needed: f64) -> Result<(), Failure> {
    NEEDED.store(needed as u64, Ordering::Relaxed);
    for (limit, name) in [(address_space(), "of address space (ulimit -v)"), (group(), "of its control group")] {
        let Some(limit) = limit.map(|limit| limit as f64) else { continue };
        let text = || format!("the run needs about {:.2} GB, the limit is {:.2} GB {name}", needed / 1e9, limit / 1e9);
        if needed * SURE > limit {
            return Err(Failure::File(format!(
                "not enough memory: {}; raise the limit, or make the world smaller (--households-per-region)",
                text()
            )));
        }
        if needed > limit {
            note(&format!("warning: memory may not suffice: {}", text()));
        }
    }
    Ok(())
}

/// The limit of this process's address space, bytes.
fn address_space() -> Option<u64> {
    let limits = read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The limit of the control group this process is in, or of one above it, bytes.
fn group() -> Option<u64> {
    let groups = read_to_string("/proc/self/cgroup").ok()?;
    let limit = |path: &std::path::Path| read_to_string(path).ok()?.trim().parse::<u64>().ok();
    groups
        .lines()
        .filter_map(|line| {
            let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
            let (root, file) = match controllers {
                "" => ("/sys/fs/cgroup", "memory.max"),
                "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
                _ => return None,
            };
            let begin = std::path::Path::new(root).join(path.trim_start_matches('/'));
            begin.ancestors().take_while(|folder| folder.starts_with(root)).filter_map(|x| limit(&x.join(file))).min()
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surely_does_not_fit_is_refused() {
        assert!(check(1e6).is_ok());
        if let Some(limit) = address_space().into_iter().chain(group()).min() {
            let error = check(limit as f64 * 2.0).expect_err("too much").to_string();
            assert!(error.contains("not enough memory") && error.contains("raise the limit"), "{error}");
        }
    }
}

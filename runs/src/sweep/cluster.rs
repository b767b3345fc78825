//! Sweeps on a cluster: a job array of Slurm whose tasks do parts of the runs, and a job that merges them.
//!
//! Slurm only starts workers. What is done, failed or left is known from the shards alone, so a task that is killed,
//! requeued or lost costs at most the run it was at.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use engine::files::write_bytes_atomically;

use super::costs::Costs;
use super::plan::Bench;
use super::shard::{self, Program};
use super::work::{Job, Progress};
use crate::arguments::SweepSubmitArguments;
use crate::failure::{Failure, file_error};
use crate::terminal::say;

/// Folder of scripts, logs and job numbers within that of a sweep.
pub const FOLDER: &str = "slurm";

/// File with the numbers of the jobs submitted.
const JOBS: &str = "jobs.txt";

/// Time that a task of a job array should take: long enough that starting it does not matter, short enough that little
/// is lost with it.
const TASK_SECONDS: f64 = 1800.0;

/// Most tasks of an array, below the limit that clusters come with (1001).
const MOST_TASKS: usize = 1000;

/// Longest time of a task, minutes: a year, beyond what any cluster grants.
const MOST_MINUTES: u32 = 366 * 24 * 60;

/// Seconds before its time is up at which a task is told to save its runs.
const WARNING_SECONDS: u32 = 120;

/// Writes the scripts of a sweep and submits them.
///
/// # Errors
/// Nothing is left to do, the scripts cannot be written, or Slurm refuses them.
pub fn submit(bench: &Bench, folder: &Path, arguments: &SweepSubmitArguments) -> Result<(), Failure> {
    let folder = std::path::absolute(folder).map_err(|error| file_error("find", folder, error))?;
    check_words(&folder, &arguments.sbatch)?;
    let shards = shard::open_all(&folder, bench.digest())?;
    shard::check_program(&shards, &Program::this())?;
    let progress = Progress::read(bench, &shards)?;
    let count = bench.plan.runs.len();
    let left = progress.pending(0..count, arguments.retry).count();
    if left == 0 {
        say(&format!("all {count} runs have ended; merge them with: autarky sweep merge {}\n", folder.display()));
        return Ok(());
    }
    let costs = Costs::of(bench)?;
    costs.check_space(&folder, left, count)?;
    let (jobs, threads) = (arguments.jobs as usize, arguments.threads as usize);
    let one = costs.run;
    let seconds = one.seconds(threads);
    let tasks = arguments.tasks.map_or_else(
        || ((seconds * count as f64 / jobs as f64 / TASK_SECONDS).ceil() as usize).clamp(1, MOST_TASKS),
        |tasks| tasks as usize,
    );
    let tasks = tasks.min(count);
    let part = |number: usize| Job {
        folder: folder.clone(),
        part: (number, tasks),
        jobs,
        threads,
        retry: arguments.retry,
        attempts: None,
    };
    let open: Vec<usize> = (0..tasks)
        .filter(|&number| progress.pending(part(number).runs(count), arguments.retry).next().is_some())
        .collect();
    let longest = seconds * count.div_ceil(tasks) as f64 / jobs as f64;
    let minutes = arguments.time.unwrap_or_else(|| ((2.0 * longest / 60.0).ceil() as u32).saturating_add(10));
    let megabytes = arguments.memory.unwrap_or_else(|| ((1.5 * one.memory * jobs as f64) / 1e6) as u64 + 200);
    let warning = arguments.warning.unwrap_or(WARNING_SECONDS);
    // Slurm looks at the clock twice a minute and may warn a minute early.
    if u64::from(minutes) * 60 < u64::from(warning) + 60 {
        return Err(Failure::Configuration(format!(
            "--time {minutes} is too short for --warning {warning}: Slurm may warn a minute early, before a run has begun; give --time {} or more",
            (warning + 60).div_ceil(60)
        )));
    }
    if minutes > MOST_MINUTES {
        return Err(Failure::Configuration(format!(
            "{} {minutes} is more than a year; give --time {MOST_MINUTES} or less, with more --tasks",
            if arguments.time.is_some() { "--time" } else { "the time a task takes by the estimate, minutes," }
        )));
    }
    let script = script(bench, &folder, &open, tasks, minutes, megabytes, arguments)?;
    if arguments.dry_run {
        say(&script);
        return Ok(());
    }
    let scripts = folder.join(FOLDER);
    std::fs::create_dir_all(&scripts).map_err(|error| file_error("create", &scripts, error))?;
    let path = scripts.join("array.sh");
    write_bytes_atomically(&path, script.as_bytes())?;
    let array = sbatch(&[path.as_os_str().to_owned()])?;
    note(&scripts, &array)?;
    say(&format!("submitted job array {array}: {} tasks for {left} runs\n", open.len()));
    let merge = format!("{} sweep merge {}", quoted(&program()?), quoted(&folder));
    let job = sbatch(&[
        format!("--dependency=afterany:{array}").into(),
        "--job-name=autarky-merge".into(),
        format!("--mem={megabytes}").into(),
        // No shell and no script reads this one, so it is not quoted.
        format!("--output={}", pattern(&folder).join(FOLDER).join("merge-%j.log").display()).into(),
        format!("--wrap={merge}").into(),
    ])?;
    note(&scripts, &job)?;
    say(&format!("submitted job {job}: merges when the array has ended\n"));
    say(&format!("see autarky sweep status {0}; stop with autarky sweep cancel {0}\n", folder.display()));
    Ok(())
}

fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|error| Failure::Internal(format!("the program does not find itself: {error}")))
}

/// A path as one word of a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

/// Refuses what cannot stand in a line of a script: a line break would begin a command of its own.
fn check_words(folder: &Path, options: &[String]) -> Result<(), Failure> {
    let program = program()?;
    for path in [folder, &program] {
        let text = path.to_str().filter(|text| !text.contains(char::is_control));
        if text.is_none() {
            return Err(Failure::Configuration(format!(
                "the path {} has line breaks, control characters or bytes that are not UTF-8, which a script of Slurm cannot name; move it to another",
                path.display().to_string().escape_debug()
            )));
        }
    }
    match options.iter().find(|option| option.contains(char::is_control)) {
        Some(option) => Err(Failure::Configuration(format!(
            "the option {option:?} for sbatch has line breaks or control characters; give one option at a time, on one line"
        ))),
        None => Ok(()),
    }
}

/// A folder in a pattern of Slurm, where `%` begins a number of the job.
fn pattern(folder: &Path) -> PathBuf {
    PathBuf::from(folder.display().to_string().replace('%', "%%"))
}

/// A log in a line of a script: one word, whatever is in the folder's name.
fn log(folder: &Path, name: &str) -> String {
    let text = pattern(folder).join(FOLDER).join(name).display().to_string();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The script of the job array.
fn script(
    bench: &Bench,
    folder: &Path,
    open: &[usize],
    tasks: usize,
    minutes: u32,
    megabytes: u64,
    arguments: &SweepSubmitArguments,
) -> Result<String, Failure> {
    let (jobs, threads) = (arguments.jobs, arguments.threads);
    let name: String =
        bench.plan.title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let limit = arguments.throttle.map_or_else(String::new, |limit| format!("%{limit}"));
    let mut text =
        String::from("#!/bin/bash\n# Written by `autarky sweep submit`; a task does one part of the runs.\n");
    let mut option = |line: String| {
        let _ = writeln!(text, "#SBATCH {line}");
    };
    option(format!("--job-name=autarky-{name}"));
    option(format!("--array={}{limit}", ranges(open)));
    option(format!("--cpus-per-task={}", u64::from(jobs) * u64::from(threads)));
    option(format!("--mem={megabytes}M"));
    option(format!("--time={minutes}"));
    option("--requeue".to_owned());
    option("--open-mode=append".to_owned());
    option(format!("--signal=B:USR1@{}", arguments.warning.unwrap_or(WARNING_SECONDS)));
    option(format!("--output={}", log(folder, "task-%A_%a.log")));
    for extra in &arguments.sbatch {
        option(extra.clone());
    }
    let retry = if arguments.retry { " --retry" } else { "" };
    let attempts = arguments.attempts.map_or_else(String::new, |limit| format!(" --attempts {limit}"));
    let _ = write!(
        text,
        r#"export HDF5_USE_FILE_LOCKING=FALSE
# No signal may end this script, or the worker before it listens.
trap '' USR1 TERM
{} sweep run {} --shard $((SLURM_ARRAY_TASK_ID + 1))/{tasks} --jobs {jobs} --threads {threads}{retry}{attempts} &
worker=$!
# The worker saves its runs when time is short (USR1) or it has to go (TERM). It is told until it hears.
told= short=
trap 'told=1 short=1' USR1
trap 'told=1' TERM
while kill -0 $worker 2>/dev/null; do
  [ -z "$told" ] || kill -USR1 $worker 2>/dev/null
  sleep 1 &
  wait $!
done
wait $worker
code=$?
# 85: interrupted, and what it was at can go on.
if [ $code -eq 85 ] && [ -n "$short" ]; then
  scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
fi
exit $code
"#,
        quoted(&program()?),
        quoted(folder),
    );
    Ok(text)
}

/// Numbers as Slurm lists them: 0-3,7.
fn ranges(numbers: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => parts.push((number, number)),
        }
    }
    let shown = parts.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") });
    shown.collect::<Vec<_>>().join(",")
}

/// Submits a job and returns its number.
fn sbatch(arguments: &[std::ffi::OsString]) -> Result<String, Failure> {
    let output = Command::new("sbatch").arg("--parsable").args(arguments).output().map_err(|error| {
        Failure::Configuration(format!(
            "sbatch cannot be started ({error}): submit from a machine that has Slurm's commands, or write the script with --dry-run and take it there"
        ))
    })?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if !output.status.success() {
        return Err(Failure::Configuration(format!("Slurm refused the job: {}", said(&output.stderr))));
    }
    // With several clusters their name follows the number.
    Ok(said(&output.stdout).split(';').next().unwrap_or_default().to_owned())
}

/// Notes the number of a job, so that it can be cancelled.
fn note(scripts: &Path, job: &str) -> Result<(), Failure> {
    let path = scripts.join(JOBS);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    Ok(write_bytes_atomically(&path, format!("{before}{job}\n").as_bytes())?)
}

/// Cancels the jobs of a sweep.
///
/// # Errors
/// None was submitted, or Slurm refuses.
pub fn cancel(folder: &Path) -> Result<(), Failure> {
    let path = folder.join(FOLDER).join(JOBS);
    let text = std::fs::read_to_string(&path).map_err(|_| {
        Failure::Configuration(format!(
            "no job of {} was submitted from here: {} is missing",
            folder.display(),
            path.display()
        ))
    })?;
    let jobs: Vec<&str> = text.split_whitespace().collect();
    let output = Command::new("scancel").args(&jobs).output().map_err(|error| {
        Failure::Configuration(format!("scancel cannot be started ({error}): cancel where Slurm is"))
    })?;
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    // Jobs that ended long ago are unknown to Slurm.
    let unknown = complaint.lines().all(|line| line.contains("Invalid job id"));
    if !output.status.success() && !unknown {
        return Err(Failure::Configuration(format!("Slurm refused: {}", complaint.trim())));
    }
    write_bytes_atomically(&path, b"")?;
    say(&format!("cancelled {}; what was done is kept\n", jobs.join(" ")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_listed_in_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 3, 7, 9, 10]), "0-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
    }

    #[test]
    fn names_cannot_leave_their_line() {
        let log = |folder: &str| super::log(Path::new(folder), "t-%A.log");
        assert_eq!(log("/a b/100%"), r#""/a b/100%%/slurm/t-%A.log""#);
        assert_eq!(log("/x\" --uid=0 #"), r#""/x\" --uid=0 #/slurm/t-%A.log""#);
        for folder in ["/x\ntouch pwned\n#", "/x\r#", "/x\u{1b}[2J"] {
            assert!(check_words(Path::new(folder), &[]).is_err(), "{folder:?}");
        }
        assert!(check_words(Path::new("/经济 b/100%"), &["--partition=short".to_owned()]).is_ok());
        assert!(check_words(Path::new("/x"), &["--comment=a\ntouch b".to_owned()]).is_err());
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}

//! Contract: a process killed at any moment leaves a recording that can be read and a checkpoint that can be resumed,
//! each as of some moment at which it had been written, and never an older one than was there before.
//!
//! The test runs itself as a child that writes without end, and kills it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use engine::clock::Clock;
use engine::netcdf::Reader;
use engine::recorder::{Kind, Labels, Recorder, Schema, VariableSpec};
use engine::rng::{hash, unit};
use engine::{Tick, checkpoint};

const DIRECTORY: &str = "ENGINE_TEST_KILLED";
const SCHEMA: u64 = 5;
const KILLS: u64 = 12;

/// A recorder without rows, or with those of a checkpoint.
fn recorder(saved: Option<&Path>) -> Recorder {
    let mut schema = Schema::new(Clock::new(2025, 1, 12).expect("a clock"));
    let point = schema.dimension("point", "point", Labels::None(200)).expect("new");
    let spec = VariableSpec::new("noise", Kind::F64, &[point]).units("1").long_name("noise");
    schema.series(spec).expect("new");
    match saved {
        Some(path) => {
            let (series, _) = checkpoint::read_newest(path, SCHEMA).expect("a checkpoint");
            Recorder::resume(schema, series).expect("the same schema")
        }
        None => Recorder::new(schema),
    }
}

fn row(tick: Tick) -> Vec<f64> {
    (0..200).map(|point| unit(hash(u64::from(tick), point, 0))).collect()
}

/// What the child does until it is killed: records, saves, and goes on from what was saved before.
fn write_without_end(directory: &Path) {
    let (recording, saved) = (directory.join("run.nc"), directory.join("run.ckpt"));
    let mut recorder = recorder(saved.exists().then_some(&saved));
    let noise = recorder.schema().variable("noise").expect("declared");
    let first = recorder.series().ticks().len() as Tick;
    for tick in first.. {
        recorder.push_row(noise, &row(tick));
        recorder.end_tick(tick);
        checkpoint::write(&saved, SCHEMA, recorder.series()).expect("written");
        recorder.write(&recording).expect("written");
    }
}

#[test]
fn a_killed_process_leaves_readable_files() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return write_without_end(Path::new(&directory));
    }
    let directory: PathBuf = std::env::temp_dir().join(format!("engine-killed-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let (recording, saved) = (directory.join("run.nc"), directory.join("run.ckpt"));
    let mut rows = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "a_killed_process_leaves_readable_files"])
            .env(DIRECTORY, &directory)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("a child");
        let start = Instant::now();
        while !recording.exists() {
            assert!(start.elapsed() < Duration::from_mins(1), "the child writes nothing");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(60 + hash(kill, 0, 0) % 60));
        child.kill().expect("killed");
        child.wait().expect("gone");

        let values = Reader::open(&recording).expect("a readable file").numbers("noise").expect("read");
        let recorded = values.len() / 200;
        assert!(recorded >= rows, "the recording went back from {rows} to {recorded} rows");
        for (tick, values) in (0..).zip(values.chunks(200)) {
            assert!(values == row(tick), "row {tick} is not what was written");
        }
        // The checkpoint is written first, so it is at least as far.
        let series = recorder(Some(&saved)).series().clone();
        assert!(series.ticks().len() >= recorded, "the checkpoint is behind the recording");
        rows = recorded;
    }
    assert!(rows > 1, "the children made no progress: {rows} rows");
    std::fs::remove_dir_all(&directory).expect("removed");
}

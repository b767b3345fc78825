//! Contract: a recording depends on configuration and seed alone. A run on another number of threads, or stopped and
//! resumed, gives the same bytes; other programs can open it.

use crate::common::{Folder, shown};

#[test]
fn threads_and_interruptions_leave_no_trace() {
    let folder = Folder::new("bytes");
    folder.succeed("run small.toml --out straight.h5 --threads 1 --against none");
    folder.succeed("run small.toml --out two.h5 --threads 2 --against none --flush-every 1");
    folder.succeed("run small.toml --out eight.h5 --threads 8 --against none");
    let straight = folder.bytes("straight.h5");
    assert!(straight == folder.bytes("two.h5") && straight == folder.bytes("eight.h5"));
    for ticks in 1..6 {
        folder.succeed(&format!(
            "run small.toml --out part.h5 --ticks {ticks} --checkpoint-every 1 --against none --overwrite"
        ));
        assert!(straight != folder.bytes("part.h5"));
        folder.succeed("resume part.ckpt --ticks 6");
        assert!(straight == folder.bytes("part.h5"), "resumed after {ticks} ticks");
    }
}

#[test]
fn another_seed_is_another_run() {
    let folder = Folder::new("seed");
    folder.succeed("run small.toml --out a.h5 --against none");
    folder.succeed("run small.toml --out b.h5 --against none --seed 4");
    let output = folder.autarky("diff a.h5 b.h5");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.starts_with("configuration: 1 lines differ\n  seed: 3 / 4\nstate: first difference in tick 1 (2024-01)"),
        "{text}"
    );
}

#[test]
fn a_policy_differs_from_its_baseline_when_it_begins() {
    let folder = Folder::new("baseline");
    let text = folder.succeed("run small.toml --seeds 1 --out run.h5");
    for part in ["recorded run.baseline.h5", "R01", "at the end", "duty revenue", "real consumption, poorest tenth"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let output = folder.autarky("diff run.h5 run.baseline.h5");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() == Some(1) && text.contains("first difference in tick 3 (2024-03)"), "{text}");
}

#[test]
fn a_checkpoint_compares_with_its_recording() {
    let folder = Folder::new("checkpoint");
    folder.succeed("run small.toml --out run.h5 --checkpoint-every 6 --against none");
    let text = folder.succeed("diff run.ckpt run.h5");
    assert_eq!(text, "configuration: equal\nstate: equal in all 6 common ticks\n");
}

#[test]
fn the_resolved_configuration_is_a_scenario() {
    let folder = Folder::new("resolved");
    let resolved = folder.succeed("check small.toml --details --seed 9 --set trade.rechoice_share=0.03");
    folder.put("resolved.toml", &resolved);
    assert_eq!(folder.succeed("check resolved.toml --details"), resolved);
    assert!(resolved.contains("household agents 900") && resolved.contains("seed = 9"), "{resolved}");
}

#[test]
fn other_programs_open_it() {
    let folder = Folder::new("python");
    folder.succeed("run small.toml --out run.h5 --against none");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/open_recording.py");
    let ready = std::process::Command::new("python3").args(["-c", "import xarray, h5netcdf, netCDF4, h5py"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        crate::common::skipped("python3 with xarray, h5netcdf, netCDF4 and h5py is not there");
        return;
    }
    let output =
        std::process::Command::new("python3").arg(script).arg(folder.path("run.h5")).output().expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}

//! Drawn designs of sweeps: points that are the same, indices and effects against other programs.

use crate::common::Folder;

/// Points on a grid of levels may be the same: they are one arm.
#[test]
fn equal_points_of_a_design_are_run_once() {
    let folder = Folder::new("sweep-points");
    folder.put(
        "morris.toml",
        r#"scenario = "small.toml"
seed = 2

[design]
kind = "morris"
trajectories = 12
levels = 2

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"
range = [0.0, 0.2]

[[factor]]
name = "rechoice"
path = "parameters.trade.rechoice_share"
range = [0.1, 0.6]
"#,
    );
    let plan = folder.succeed("sweep plan morris.toml");
    // Two levels of two factors are four points, and a baseline for each level of the second.
    assert!(plan.contains("6 runs: 6 arms x 1 replicates"), "{plan}");
    folder.succeed("sweep run morris.sweep");
    let text = folder.succeed("sweep indices morris.sweep --variable consumer_price --region R01");
    assert!(text.contains("mu*") && text.contains("rechoice"), "{text}");
    let output = folder.autarky("sweep indices morris.sweep --ticks 3-9");
    assert_eq!(output.status.code(), Some(3), "{}", crate::common::shown(&output));
    let text = folder.succeed("sweep effects morris.sweep --ticks 4-6 --region R02");
    assert!(text.contains("R02, mean of ticks 4 to 6") && text.contains("6 runs: 6 done"), "{text}");
    // What may be zero or negative has no percent; an exchange rate is no rate in points.
    let text = folder.succeed(
        "sweep effects morris.sweep --region R01 --variable inventory_change --variable exchange_rate --variable loan_rate",
    );
    for (variable, unit) in
        [("inventory_change", "minor currency units"), ("exchange_rate", "%"), ("loan_rate", "points")]
    {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(variable)).collect();
        assert!(!lines.is_empty() && lines.iter().all(|line| line.contains(unit)), "{variable}: {text}");
    }
}

/// Sobol and Morris indices and paired effects from real sweeps, against `SALib` and numpy on the same files.
#[test]
fn indices_and_effects_are_those_of_other_programs() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/sensitivity.py");
    let ready = std::process::Command::new("python3").args(["-c", "import xarray, h5netcdf, SALib"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        crate::common::skipped("python3 with xarray, h5netcdf and SALib is not there");
        return;
    }
    let folder = Folder::new("sweep-salib");
    for (kind, design) in [("saltelli", "samples = 16"), ("morris", "trajectories = 8\nlevels = 6")] {
        let text = format!(
            "scenario = \"small.toml\"\nseed = 5\nreplicates = 2\nticks = 8\n\n[design]\nkind = \"{kind}\"\n{design}\n
[[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\nrange = [0.0, 0.3]\n
[[factor]]\nname = \"rechoice\"\npath = \"parameters.trade.rechoice_share\"\nrange = [0.1, 0.6]\n
[[factor]]\nname = \"elasticity\"\npath = \"parameters.trade.rechoice_urgency\"\nrange = [1.0, 8.0]\n"
        );
        folder.put(&format!("{kind}.toml"), text);
        folder.succeed(&format!("sweep run {kind}.toml"));
        let of = format!("{kind}.sweep --variable real_imports --region R01 --ticks 3-8 --csv {kind}.csv");
        folder.succeed(&format!("sweep indices {of}"));
        folder.succeed(&format!("sweep effects {}", of.replace(".csv", "-effects.csv")));
        let output = std::process::Command::new("python3")
            .args([script, kind])
            .args([folder.path(&format!("{kind}.sweep/ensemble.h5")), folder.path(&format!("{kind}.csv"))])
            .arg(folder.path(&format!("{kind}-effects.csv")))
            .output()
            .expect("python3");
        assert!(output.status.success(), "{}", crate::common::shown(&output));
    }
}

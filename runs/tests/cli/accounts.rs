//! Contract: when an identity of the accounts fails, a run ends with exit code 7 and says which, or goes on and warns
//! if it was told to.

use crate::common::Folder;
use agents::state::Regions;
use runs::checkpoint::Options;
use runs::config::{Loaded, Overrides, load_scenario};
use runs::session::Session;

/// Saves a run after two ticks with a claim that nobody owes.
fn save_broken(folder: &Folder, audit_stops: bool) {
    let scenario = folder.path("small.toml").display().to_string();
    let Loaded { config, calibration, .. } = load_scenario(&scenario, &Overrides::default()).expect("a scenario");
    let options = Options { audit_stops, detail: agents::record::Detail::Full, compare: false };
    let mut session = Session::begin(config, &calibration, options).expect("a world");
    for _ in 0..2 {
        assert!(session.step().expect("sound accounts").is_empty());
    }
    session.tamper(|sim| {
        sim.tamper::<Regions>(|regions| regions.claims[(agents::axes::Holder(0), agents::axes::Debtor(1))] += 1);
    });
    session.save(&folder.path("broken.ckpt")).expect("written");
}

#[test]
fn a_failed_identity_stops_the_run() {
    let folder = Folder::new("stop");
    save_broken(&folder, true);
    let output = folder.autarky("resume broken.ckpt");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(7), "{text}");
    for part in
        ["the accounts do not balance: tick 2", "foreign liabilities = claims of others", "R02", "--audit report"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let kept = analysis::recording::Recording::open(&folder.path("broken.h5")).expect("the ticks before are kept");
    assert_eq!(kept.dates().expect("dates").len(), 2);
}

#[test]
fn a_failed_identity_is_only_reported() {
    let folder = Folder::new("report");
    save_broken(&folder, false);
    let output = folder.autarky("resume broken.ckpt");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("warning: tick 2: identity") && text.contains("failed in this run"), "{text}");
    let recording = analysis::recording::Recording::open(&folder.path("broken.h5")).expect("recorded");
    let failed = recording.array("identities_failed").expect("recorded").values;
    assert!(failed[1] < 0.5 && failed[2] > 0.5, "{failed:?}");
}

//! Contract: a second model, known by the trait of models alone, is run, swept, resumed, checked and compared as the economy is.

use crate::common::Folder;

const SCENARIO: &str = "title = \"Second model\"\nworld = \"world-15x21\"\nmodel = \"multiplier\"\nseed = 3\n\n[time]\nstart = \"2024-01\"\nticks = 24\n\n\
    [size]\nhouseholds_per_region = 300\n\n[[measure]]\nkind = \"tariff\"\nlabel = \"ten\"\nimporters = [\"USA\"]\nexporters = \"all\"\n\
    products = \"all-goods\"\nstart = \"2025-01-01\"\nrate = 0.1\nsource = \"a test\"\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    std::fs::write(folder.path("second.toml"), SCENARIO).expect("a writable folder");
    folder
}

#[test]
fn it_is_run_checked_resumed_and_compared() {
    let folder = folder("second-run");
    folder.succeed("run second.toml --seeds 1 --checkpoint-every 10 --out whole.h5");
    let sound = folder.succeed("verify whole.h5");
    assert!(sound.contains("whole.h5: sound"), "{sound}");
    assert!(folder.succeed("verify whole.ckpt").contains("after tick 24"));
    assert!(folder.succeed("diff whole.h5 whole.ckpt").contains("state: equal in all 24 common ticks"));
    folder.succeed("reproduce whole.h5");
    // Begun shorter and gone on, it is the same run.
    folder.succeed("run second.toml --seeds 1 --ticks 15 --checkpoint-every 15 --out part.h5");
    folder.succeed("resume part.ckpt --ticks 24 --out resumed.h5");
    let (whole, resumed) = (folder.bytes("whole.h5"), folder.bytes("resumed.h5"));
    assert!(whole == resumed, "a resumed run is written as another");
    // Another seed is another run, and said to be.
    folder.succeed("run second.toml --seeds 1 --seed 4 --out other.h5");
    let output = folder.autarky("diff whole.h5 other.h5");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn its_effects_are_told_from_chance() {
    let folder = folder("second-seeds");
    let text = folder.succeed("run second.toml --out seeds.h5");
    assert!(text.contains("real GDP") && text.contains("duty revenue"), "{text}");
    assert!(!text.contains("manufacturing jobs"), "{text}");
    folder.succeed("verify seeds.h5");
}

#[test]
fn it_is_swept() {
    let folder = folder("second-sweep");
    let experiment = "scenario = \"second.toml\"\nreplicates = 2\n\n[[factor]]\nname = \"duty\"\n\
        path = \"measure.ten.rate\"\nvalues = [0.05, 0.2]\n\n[outputs]\nvariables = [\"real_gdp\", \"real_imports\"]\n";
    std::fs::write(folder.path("duties.toml"), experiment).expect("a writable folder");
    folder.succeed("sweep plan duties.toml --dir duties");
    folder.succeed("sweep run duties --jobs 2");
    folder.succeed("sweep merge duties --out duties.h5");
    folder.succeed("verify duties.h5");
    let effects = folder.succeed("sweep effects duties.h5 --variable real_imports --region USA");
    assert!(effects.contains("duty"), "{effects}");
    // What this model does not record is said before the work.
    let wrong = experiment.replace("real_imports", "employment");
    std::fs::write(folder.path("wrong.toml"), wrong).expect("a writable folder");
    let output = folder.autarky("sweep plan wrong.toml --dir wrong");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("employment"));
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let folder = Folder::new("no-model");
    std::fs::write(folder.path("second.toml"), SCENARIO.replace("multiplier", "multiplyer"))
        .expect("a writable folder");
    let output = folder.autarky("check second.toml");
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("no model is called `multiplyer`") && text.contains("did you mean `multiplier`"), "{text}");
}

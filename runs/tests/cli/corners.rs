//! Contract: parameters inside their ranges run, or the world is refused with what is extreme; the accounts balance and
//! nothing panics, at whatever corner of the parameters.
//!
//! A longer search is `AUTARKY_CORNERS=2000 cargo test --release -p runs --test cli corner -- --nocapture`, from another start
//! with `AUTARKY_FUZZ_SEED`.

use configs::parameters::PARAMETERS;
use engine::rng::{hash, unit};
use runs::checkpoint::Options;
use runs::config::{Overrides, load_scenario_text};
use runs::failure::Failure;
use runs::session::Session;

use crate::common::{Folder, SCENARIO};

/// Settings of one corner: some parameters at one end of their range.
fn corner(seed: u64, number: u64) -> Vec<String> {
    let draw = |at: usize, what: u64| unit(hash(hash(seed, number, 0), at as u64, what));
    // All of them, half of them, or a few.
    let share = [1.0, 0.5, 0.1][(number % 3) as usize];
    let ended =
        |info: &configs::parameters::ParameterInfo| info.min.is_finite() && info.max.is_finite() && info.max > info.min;
    // How many banks there can be follows from the zones, of which a small world has one a region.
    let ranged = PARAMETERS.iter().enumerate().filter(|(_, info)| ended(info) && info.path() != "credit.banks");
    let drawn = ranged.filter(|(at, _)| draw(*at, 1) < share);
    drawn.map(|(at, info)| format!("{}={}", info.path(), if draw(at, 2) < 0.5 { info.min } else { info.max })).collect()
}

/// Runs a small world there; what must not happen, if it did.
fn tried(text: &str, settings: Vec<String>, refused: &mut usize) -> Option<String> {
    let loaded = match load_scenario_text("corner", text, &Overrides { settings, ..Overrides::default() }) {
        Ok(loaded) => loaded,
        Err(error) => return Some(format!("{error:?}")),
    };
    let options = Options { audit_stops: true, detail: agents::record::Detail::Standard, compare: false };
    let session = Session::begin(loaded.config, &loaded.calibration, options);
    let outcome =
        session.and_then(|mut session| (0..8).try_for_each(|_| session.step().map(|_| ()).map_err(Failure::from)));
    match outcome {
        Ok(()) => None,
        Err(failure) if failure.code() == 3 => {
            *refused += 1;
            None
        }
        Err(failure) => Some(failure.text()),
    }
}

#[test]
fn at_every_corner_the_accounts_balance_or_the_world_is_refused() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (count, seed) = (setting("AUTARKY_CORNERS").unwrap_or(15), setting("AUTARKY_FUZZ_SEED").unwrap_or(1));
    let folder = Folder::new("corners");
    let text = SCENARIO.replace("./tiny", &folder.path("tiny").display().to_string());
    let mut refused = 0;
    for number in 0..count {
        let settings = corner(seed, number);
        let failure = tried(&text, settings.clone(), &mut refused);
        assert!(
            failure.is_none(),
            "corner {number}: {}\n--set {}",
            failure.unwrap_or_default(),
            settings.join(" --set ")
        );
    }
    println!("{count} corners, {refused} refused");
    assert!(refused < count as usize, "none ran");
}

#[test]
fn households_that_may_not_spend_what_they_earn_pay_no_more_than_they_have() {
    let folder = Folder::new("poor");
    let flags = "run baseline --seeds 1 --against none --households-per-region 220 --ticks 2 --out poor.h5";
    folder.succeed(&format!("{flags} --set firms.liquidity_target=12 --set labour.downgrade_after=0"));
}

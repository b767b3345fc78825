//! Bands of the published facts, as the scoreboard judges by them: `analysis/facts.csv`.

use analysis::bars::Band;

/// The band of a published fact.
///
/// # Panics
/// If there is no such fact, or none with a band.
#[must_use]
pub fn band(id: &str) -> Band {
    let fact = analysis::facts::facts().into_iter().find(|fact| fact.id == id);
    fact.and_then(|fact| fact.band).unwrap_or_else(|| panic!("no fact `{id}` with a band in facts.csv"))
}

/// A fact that is missed, and the ends between which it is held: the miss may not grow.
pub type Miss = (&'static str, f64, f64);

/// Asserts that figures lie in their published bands, and those of misses between the ends that these are held to.
///
/// # Panics
/// If one does not, or a miss has no figure.
#[track_caller]
pub fn hold(figures: &[(&'static str, f64)], misses: &[Miss]) {
    for (id, ..) in misses {
        assert!(figures.iter().any(|figure| figure.0 == *id), "{id} is no figure");
    }
    let held = |id: &str| misses.iter().find(|miss| miss.0 == id).map(|miss| Band { low: miss.1, high: miss.2 });
    let outside: Vec<String> = figures
        .iter()
        .map(|&(id, value)| (id, value, held(id).unwrap_or_else(|| band(id))))
        .filter(|(_, value, band)| !band.contains(*value))
        .map(|(id, value, band)| format!("{id}: {value} is outside {} to {}", band.low, band.high))
        .collect();
    assert!(outside.is_empty(), "{}", outside.join("\n"));
}

/// Asserts that one figure lies in its published band.
#[track_caller]
pub fn holds(id: &'static str, value: f64) {
    hold(&[(id, value)], &[]);
}

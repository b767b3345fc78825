//! Units in which a parameter may be given, and their conversion to the canonical one.

/// Families of units: within one, a value in the first-named unit times the factor is in the common base.
const FAMILIES: &[&[(&str, f64)]] = &[
    &[
        ("per year", 1.0),
        ("per quarter", 4.0),
        ("per month", 12.0),
        ("percent per year", 0.01),
        ("percent per quarter", 0.04),
        ("percent per month", 0.12),
        ("basis points per year", 0.0001),
    ],
    &[("fraction", 1.0), ("ratio", 1.0), ("percent", 0.01), ("basis points", 0.0001)],
    &[("years", 12.0), ("quarters", 3.0), ("months", 1.0), ("weeks", 12.0 / 52.0), ("days", 12.0 / 365.0)],
];

/// The factor that turns a value in `given` into `canonical`, if the two measure the same thing.
///
/// Rates convert linearly (a tenth per month is 1.2 per year): the model reads them as intensities.
/// A unit outside the families converts only to itself.
#[must_use]
pub fn conversion(given: &str, canonical: &str) -> Option<f64> {
    if given == canonical {
        return Some(1.0);
    }
    let family = FAMILIES.iter().find(|family| family.iter().any(|(name, _)| *name == canonical))?;
    let factor = |unit: &str| family.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    Some(factor(given)? / factor(canonical)?)
}

/// The units that can be given for a parameter whose canonical unit is `canonical`.
#[must_use]
pub fn accepted(canonical: &str) -> Vec<&str> {
    FAMILIES
        .iter()
        .find(|family| family.iter().any(|(name, _)| *name == canonical))
        .map_or_else(|| vec![canonical], |family| family.iter().map(|(name, _)| *name).collect())
}

//! One colour for one meaning, in pages, drawings and the Python package: all read the same table.

/// The table: name, colour on light and on dark paper, meaning. Colours are of Okabe and Ito (2008) and of Tol (2021), which
/// colour-blind readers can tell apart.
const TABLE: &str = include_str!("../../python/autarky/colours.csv");

/// Rows of the table: name, light, dark and meaning.
fn rows() -> impl Iterator<Item = [&'static str; 4]> {
    let row = |line: &'static str| {
        let mut cells = line.splitn(4, ',');
        [cells.next(), cells.next(), cells.next(), cells.next()].map(Option::unwrap_or_default)
    };
    TABLE.lines().skip(1).filter(|line| !line.is_empty()).map(row)
}

/// A colour on light paper; black if there is none of this name.
#[must_use]
pub fn light(name: &str) -> &'static str {
    rows().find(|row| row[0] == name).map_or("#000000", |row| row[1])
}

/// Definitions of the colours as variables of CSS, on light and on dark paper.
pub(super) fn variables() -> String {
    let one = |place: usize| move |row: [&str; 4]| format!("--{}: {}; ", row[0], row[place]);
    let all = |place: usize| rows().map(one(place)).collect::<Vec<_>>().concat();
    format!(":root {{ {}}}\n@media (prefers-color-scheme: dark) {{ :root {{ {}}} }}\n", all(1), all(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_a_colour_of_its_own() {
        let found: Vec<_> = rows().collect();
        assert!(found.len() >= 9 && found.iter().all(|row| !row[3].is_empty()), "{found:?}");
        for place in [0, 1, 2] {
            let colours: std::collections::BTreeSet<&str> = found.iter().map(|row| row[place]).collect();
            assert_eq!(colours.len(), found.len(), "two meanings share a colour");
        }
        assert_eq!(light("policy"), "#009e73");
        assert!(variables().contains("--unsure: #7f858f; "));
    }

    #[test]
    fn drawings_use_no_colour_that_is_not_in_the_table() {
        // A variable named in the styles stands in the table, or is ink, paper or a rule.
        for style in [include_str!("drawing.css"), include_str!("style.css")] {
            for (_, after) in style.match_indices("var(--").map(|(at, _)| style[at..].split_at(6)) {
                let name = after.split([',', ')']).next().unwrap_or_default();
                let plain = ["paper", "ink", "soft", "rule", "gap", "card", "warn"].contains(&name);
                assert!(plain || rows().any(|row| row[0] == name), "--{name}");
            }
        }
    }
}

//! Years, headings and numbers of the pages, in both languages.

use crate::chance::MARK;
use crate::paired::Estimate;
use crate::placebo::Tested;
use crate::report::Language;
use crate::table::Table;

/// A table and what it is about.
pub type Section = (String, Table);

/// A year after the policy began, from 0.
pub(super) fn year_in(year: usize, language: Language) -> String {
    match language {
        Language::English => format!("year {}", year + 1),
        Language::Chinese => format!("第 {} 年", year + 1),
    }
}

/// A heading with the year that it is about, if it is about one.
pub(super) fn heading(text: [&str; 2], year: Option<usize>, language: Language) -> String {
    let mut letters = language.of(text).chars();
    let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    year.map_or_else(|| text.clone(), |year| format!("{text}{}{}", language.of([", ", "，"]), year_in(year, language)))
}

/// What is shown of groups: their grouping, and the figure.
pub(super) fn of_groups([group, group_chinese]: [&str; 2], [what, what_chinese]: [&str; 2]) -> [String; 2] {
    [[group, ": ", what].concat(), [group_chinese, "：", what_chinese].concat()]
}

/// A mean, with its interval if there is one, as numbers are shown.
pub(super) fn spread(found: Estimate, shown: impl Fn(f64) -> String, language: Language) -> String {
    let [mean, low, high] = [found.mean, found.low(), found.high()].map(shown);
    match language {
        _ if !found.half_width.is_finite() => mean,
        Language::English => format!("{mean} ({low} to {high})"),
        Language::Chinese => format!("{mean}（{low} 至 {high}）"),
    }
}

/// The same with two decimals.
pub(super) fn two(found: Estimate, language: Language) -> String {
    // A number that is shown as nothing has no sign.
    let shown = |value: f64| if value.abs() < 0.005 { "0.00".to_owned() } else { format!("{value:.2}") };
    spread(found, shown, language)
}

/// The same, with the mark before what is not told apart from chance.
pub(super) fn marked(found: Estimate, told: bool, language: Language) -> String {
    [if told { "" } else { MARK }, &two(found, language)].concat()
}

/// The same of what is to be told apart.
pub(super) fn cell(tested: Option<&Tested>, language: Language) -> String {
    let text = |tested: &Tested| marked(tested.judged.change, tested.verdict().is_apart(), language);
    tested.map_or_else(|| "-".to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_both_languages() {
        let found = Estimate { mean: -1.234, half_width: 1.232, count: 4 };
        assert_eq!(two(found, Language::English), "-1.23 (-2.47 to 0.00)");
        assert_eq!(marked(found, false, Language::Chinese), "~-1.23（-2.47 至 0.00）");
        assert_eq!(two(Estimate { half_width: f64::NAN, ..found }, Language::English), "-1.23");
        assert_eq!(heading(["income class", "收入阶层"], Some(2), Language::English), "Income class, year 3");
        assert_eq!(heading(["income class", "收入阶层"], Some(2), Language::Chinese), "收入阶层，第 3 年");
        assert_eq!(heading(["income class", "收入阶层"], None, Language::English), "Income class");
        assert_eq!(cell(None, Language::English), "-");
    }
}

//! Names of regions and industries beside their codes, in the language of the page.

use std::collections::BTreeMap;

use super::Language;

/// A place or an industry.
#[derive(Clone, Debug, Default)]
struct Named {
    english: String,
    chinese: Option<String>,
    currency: String,
}

/// Names of regions and industries.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: BTreeMap<String, Named>,
}

/// What follows the first bracket of a name explains it, and is left out.
fn short(name: &str) -> &str {
    name.split_once(['(', '（']).map_or(name, |x| x.0).trim()
}

impl Names {
    /// Adds a region or an industry; `currency` is empty where it has none.
    pub fn add(&mut self, code: &str, english: &str, chinese: Option<&str>, currency: &str) {
        let named =
            Named { english: english.to_owned(), chinese: chinese.map(str::to_owned), currency: currency.to_owned() };
        self.known.insert(code.to_owned(), named);
    }

    /// Adds a part of a region; a region that is one area keeps its own name.
    pub fn add_area(&mut self, code: &str, english: &str, chinese: Option<&str>) {
        if !self.known.contains_key(code) {
            self.add(code, english, chinese, "");
        }
    }

    /// Adds names as recordings have them: `USA: United States; CHN: China`. What is known already is kept.
    pub fn add_recorded(&mut self, text: &str) {
        for (code, name) in text.split("; ").filter_map(|part| part.split_once(": ")) {
            if !self.known.contains_key(code) {
                self.add(code, name, None, "");
            }
        }
    }

    /// The name alone, without what explains it; the code where there is none.
    #[must_use]
    pub fn name<'a>(&'a self, code: &'a str, language: Language) -> &'a str {
        let Some(named) = self.known.get(code) else { return code };
        match (&named.chinese, language) {
            (Some(chinese), Language::Chinese) => short(chinese),
            _ => short(&named.english),
        }
    }

    /// The name with the code: `United States (USA)`.
    #[must_use]
    pub fn full(&self, code: &str, language: Language) -> String {
        let name = self.name(code, language);
        if name == code || name.is_empty() {
            return code.to_owned();
        }
        match language {
            Language::English => format!("{name} ({code})"),
            Language::Chinese => format!("{name}（{code}）"),
        }
    }

    /// The currency of a region; nothing where it is not one currency, or not known.
    #[must_use]
    pub fn currency(&self, code: &str) -> Option<&str> {
        self.known.get(code).map(|named| named.currency.as_str()).filter(|currency| !currency.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_beside_codes() {
        let mut names = Names::default();
        names.add("CHN", "China (mainland)", Some("中国（大陆）"), "CNY");
        names.add_recorded("CHN: another; R01: Region 1; R02: R02");
        assert_eq!(names.full("CHN", Language::English), "China (CHN)");
        assert_eq!(names.full("CHN", Language::Chinese), "中国（CHN）");
        assert_eq!(names.full("R01", Language::Chinese), "Region 1（R01）");
        assert_eq!(
            (names.full("R02", Language::English), names.full("X", Language::English)),
            ("R02".into(), "X".into())
        );
        assert_eq!((names.currency("CHN"), names.currency("R01"), names.currency("X")), (Some("CNY"), None, None));
    }
}

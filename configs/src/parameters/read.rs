//! Reading one parameter from its TOML entry, and the macro that declares the parameters.

use crate::reading::{Node, Problems, Table, Value, did_you_mean, join};
use crate::units::{accepted, conversion};

/// What is known about a parameter besides its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterInfo {
    /// Section, for example `households`.
    pub section: &'static str,
    /// Key within the section.
    pub key: &'static str,
    /// Canonical unit: the one in which the program holds the value. Empty for choices and switches.
    pub unit: &'static str,
    /// Smallest allowed value, in the canonical unit.
    pub min: f64,
    /// Largest allowed value, in the canonical unit.
    pub max: f64,
    /// What it means.
    pub doc: &'static str,
    /// Allowed words, for a parameter that is a choice.
    pub choices: &'static [&'static str],
}

impl ParameterInfo {
    /// `section.key`.
    #[must_use]
    pub fn path(&self) -> String {
        join(self.section, self.key)
    }
}

/// A type a parameter can have.
pub trait ParameterValue: Clone {
    /// Allowed words, for a choice.
    const CHOICES: &'static [&'static str] = &[];
    /// Reads the bare value (the unit already known to convert by `factor`).
    fn read(node: &Node, factor: f64, info: &ParameterInfo, problems: &mut Problems<'_>) -> Option<Self>;
    /// The value as TOML text.
    fn show(&self) -> String;
}

fn check_range(value: f64, node: &Node, info: &ParameterInfo, problems: &mut Problems<'_>) -> Option<f64> {
    if value >= info.min && value <= info.max {
        return Some(value);
    }
    let (path, unit) = (info.path(), info.unit);
    let message = format!("{value} {unit} is out of range");
    problems.report(node.span.clone(), &path, message, format!("must be from {} to {} {unit}", info.min, info.max));
    None
}

impl ParameterValue for f64 {
    fn read(node: &Node, factor: f64, info: &ParameterInfo, problems: &mut Problems<'_>) -> Option<Self> {
        let value = node.number(&info.path(), problems)? * factor;
        check_range(value, node, info, problems)
    }

    fn show(&self) -> String {
        format!("{self:?}")
    }
}

impl ParameterValue for u32 {
    fn read(node: &Node, factor: f64, info: &ParameterInfo, problems: &mut Problems<'_>) -> Option<Self> {
        let value = node.count(&info.path(), problems)? as f64 * factor;
        check_range(value, node, info, problems).map(|value| value as u32)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl ParameterValue for bool {
    fn read(node: &Node, _factor: f64, info: &ParameterInfo, problems: &mut Problems<'_>) -> Option<Self> {
        node.boolean(&info.path(), problems)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Reads a choice: the word's place in `choices`.
pub fn read_choice(node: &Node, choices: &[&str], key: &str, problems: &mut Problems<'_>) -> Option<usize> {
    let word = node.text(key, problems)?;
    let found = choices.iter().position(|choice| *choice == word);
    if found.is_none() {
        let remedy = did_you_mean(word, choices.iter().copied());
        problems.report(node.span.clone(), key, format!("unknown choice `{word}`"), remedy);
    }
    found
}

/// How strict the reader is: the shipped list of values must be complete and sourced, an override need not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Every key present, each with `value`, `unit` (unless it has none) and `source`.
    Complete,
    /// Keys may be absent; a plain number is in the canonical unit.
    Override,
}

/// One parameter as read: its value and, if it was in the text, the stated source.
#[derive(Debug)]
pub struct ReadKey<T> {
    /// The value, `None` when an issue was reported.
    pub value: Option<T>,
    /// `Some(source)` when the key was in the text.
    pub source: Option<String>,
}

/// Reads one key of a section, falling back on `default` when the key is absent.
pub fn read_key<T: ParameterValue>(
    table: &Table,
    info: &ParameterInfo,
    default: Option<T>,
    strictness: Strictness,
    problems: &mut Problems<'_>,
) -> ReadKey<T> {
    let Some(node) = table.get(info.key) else {
        if default.is_none() {
            let remedy = format!("add `{} = {{ value = .., unit = \"{}\", source = \"..\" }}`", info.key, info.unit);
            problems.report(table.span.clone(), &info.path(), format!("missing key `{}`", info.key), remedy);
        }
        return ReadKey { value: default, source: None };
    };
    match &node.value {
        Value::Table(entry) => read_entry(entry, info, strictness, problems),
        _ if strictness == Strictness::Complete => {
            let message = "a bare value without unit and source";
            let remedy = format!("write `{} = {{ value = .., unit = \"{}\", source = \"..\" }}`", info.key, info.unit);
            problems.report(node.span.clone(), &info.path(), message, remedy);
            ReadKey { value: None, source: None }
        }
        _ => ReadKey { value: T::read(node, 1.0, info, problems), source: Some(String::new()) },
    }
}

fn read_entry<T: ParameterValue>(
    entry: &Table,
    info: &ParameterInfo,
    strictness: Strictness,
    problems: &mut Problems<'_>,
) -> ReadKey<T> {
    let path = info.path();
    entry.reject_unknown(&["value", "unit", "source"], &path, problems);
    let factor = read_unit(entry, info, strictness, problems);
    let value = entry
        .require("value", &path, "add `value = ..`", problems)
        .and_then(|node| T::read(node, factor?, info, problems));
    let source = match entry.get("source") {
        Some(node) => node.text(&path, problems).unwrap_or_default().to_owned(),
        None => String::new(),
    };
    if strictness == Strictness::Complete && source.trim().is_empty() {
        problems.report(entry.span.clone(), &path, "no source", "add `source = \"where the number comes from\"`");
    }
    ReadKey { value, source: Some(source) }
}

fn read_unit(entry: &Table, info: &ParameterInfo, strictness: Strictness, problems: &mut Problems<'_>) -> Option<f64> {
    let path = info.path();
    let Some(node) = entry.get("unit") else {
        if strictness == Strictness::Complete && !info.unit.is_empty() {
            problems.report(entry.span.clone(), &path, "no unit", format!("add `unit = \"{}\"`", info.unit));
        }
        return Some(1.0);
    };
    let given = node.text(&path, problems)?;
    let factor = conversion(given, info.unit);
    if factor.is_none() {
        let remedy = if info.unit.is_empty() {
            "this parameter has no unit; remove it".to_owned()
        } else {
            format!("use one of: {}", accepted(info.unit).join(", "))
        };
        let message = format!("wrong unit `{given}`, expected `{}`", info.unit);
        problems.report(node.span.clone(), &path, message, remedy);
    }
    factor
}

/// Declares a parameter that is one of a few words.
#[macro_export]
macro_rules! parameter_choice {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[doc = $variant_doc])+ #[serde(rename = $word)] $variant),+ }

        impl $crate::parameters::ParameterValue for $name {
            const CHOICES: &'static [&'static str] = &[$($word),+];

            fn read(
                node: &$crate::reading::Node,
                _factor: f64,
                info: &$crate::parameters::ParameterInfo,
                problems: &mut $crate::reading::Problems<'_>,
            ) -> Option<Self> {
                const VARIANTS: &[$name] = &[$($name::$variant),+];
                $crate::parameters::read_choice(node, Self::CHOICES, &info.path(), problems).map(|at| VARIANTS[at])
            }

            fn show(&self) -> String {
                match self { $(Self::$variant => format!("{:?}", $word)),+ }
            }
        }
    };
}

/// Declares all parameters: sections of keys, each `/// doc`, `name: type = "unit" [min, max];`
/// (a choice or a switch has neither unit nor range: `name: type;`).
///
/// Produces one struct a section, `Parameters` holding them, the list `PARAMETERS` of what is known
/// about each, and the reading and printing of all of them.
#[macro_export]
macro_rules! parameters {
    ($(
        $(#[doc = $section_doc:literal])+
        $section:ident : $Section:ident {
            $( $(#[doc = $doc:literal])+ $key:ident : $ty:ty $(= $unit:literal [$min:literal, $max:literal])? ; )+
        }
    )+) => {
        $(
            $(#[doc = $section_doc])+
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $Section {
                $(
                    $(#[doc = $doc])+
                    $(#[doc = ""] #[doc = concat!("Unit: ", $unit, ", from ", $min, " to ", $max, ".")])?
                    pub $key: $ty,
                )+
            }

            impl $Section {
                fn read(
                    table: &$crate::reading::Table,
                    base: Option<&Self>,
                    strictness: $crate::parameters::Strictness,
                    sources: &mut std::collections::BTreeMap<String, String>,
                    problems: &mut $crate::reading::Problems<'_>,
                ) -> Option<Self> {
                    table.reject_unknown(&[$(stringify!($key)),+], stringify!($section), problems);
                    $(
                        let info = $crate::parameters::find(stringify!($section), stringify!($key))
                            .expect("declared by the same macro");
                        let read = $crate::parameters::read_key::<$ty>(
                            table, info, base.map(|base| base.$key.clone()), strictness, problems);
                        if let Some(source) = read.source { sources.insert(info.path(), source); }
                        let $key = read.value;
                    )+
                    Some(Self { $($key: $key?),+ })
                }
            }
        )+

        /// Every parameter of the model, in its canonical unit.
        #[derive(bevy_ecs::prelude::Resource, Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Parameters {
            $( $(#[doc = $section_doc])+ pub $section: $Section, )+
        }

        /// What is known about every parameter, in the order of declaration.
        pub const PARAMETERS: &[$crate::parameters::ParameterInfo] = &[
            $($(
                $crate::parameters::ParameterInfo {
                    section: stringify!($section),
                    key: stringify!($key),
                    unit: concat!("" $(, $unit)?),
                    min: $crate::parameters!(@bound f64::NEG_INFINITY $(, $min)?),
                    max: $crate::parameters!(@bound f64::INFINITY $(, $max)?),
                    doc: concat!($($doc),+),
                    choices: <$ty as $crate::parameters::ParameterValue>::CHOICES,
                },
            )+)+
        ];

        impl Parameters {
            pub(super) fn read(
                document: &$crate::reading::Table,
                path: &str,
                base: Option<&Self>,
                strictness: $crate::parameters::Strictness,
                sources: &mut std::collections::BTreeMap<String, String>,
                problems: &mut $crate::reading::Problems<'_>,
            ) -> Option<Self> {
                document.reject_unknown(&[$(stringify!($section)),+], path, problems);
                $(
                    let $section = $crate::parameters::section(document, stringify!($section), path, problems)
                        .and_then(|table| $Section::read(&table, base.map(|base| &base.$section), strictness, sources, problems));
                )+
                Some(Self { $($section: $section?),+ })
            }

            /// Every value as TOML text, in the order of [`PARAMETERS`].
            #[must_use]
            pub fn shown(&self) -> Vec<String> {
                vec![ $($( $crate::parameters::ParameterValue::show(&self.$section.$key), )+)+ ]
            }
        }
    };
    (@bound $default:expr) => { $default };
    (@bound $default:expr, $bound:literal) => { $bound as f64 };
}

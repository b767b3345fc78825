use super::*;

const SHIPPED: &str = include_str!("../../parameters.toml");

fn shipped() -> ParameterSet {
    ParameterSet::parse("parameters.toml", SHIPPED).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

#[test]
fn the_shipped_values_load_and_print_back() {
    let set = shipped();
    assert!((set.values.households.wealth_adjustment - 0.05).abs() < 1e-15);
    assert_eq!(set.sources.len(), PARAMETERS.len());
    assert_eq!(ParameterSet::parse("again", &set.to_toml("")), Ok(set));
}

/// A line of the shipped text that the rows below break.
const LINE: &str = "wealth_adjustment = { value = 0.05, unit = \"per year\"";

/// What is wrong, how to break the shipped text (from, to), part of message and of remedy.
const BAD_VALUES: [(&str, &str, &str, &str, &str); 12] = [
    (
        "unknown key",
        LINE,
        "wealth_adjustmet = { value = 0.05, unit = \"per year\"",
        "unknown key",
        "did you mean `wealth_adjustment`?",
    ),
    (
        "missing key",
        LINE,
        "wealth_adjustmet = { value = 0.05, unit = \"per year\"",
        "missing key",
        "add `wealth_adjustment",
    ),
    ("unknown section", "[households]", "[household]", "unknown key `household`", "did you mean `households`?"),
    (
        "unknown field",
        LINE,
        "wealth_adjustment = { value = 0.05, units = \"per year\"",
        "unknown key `units`",
        "did you mean `unit`?",
    ),
    ("wrong type", LINE, "wealth_adjustment = { value = \"0.05\", unit = \"per year\"", "found a string", "number"),
    ("wrong unit", LINE, "wealth_adjustment = { value = 0.05, unit = \"months\"", "wrong unit `months`", "per month"),
    (
        "out of range",
        LINE,
        "wealth_adjustment = { value = 1.5, unit = \"per year\"",
        "1.5 per year is out of range",
        "from 0 to 1 per year",
    ),
    (
        "out of range once converted",
        LINE,
        "wealth_adjustment = { value = 0.5, unit = \"per month\"",
        "6 per year is out of range",
        "from 0 to 1",
    ),
    (
        "not finite",
        LINE,
        "wealth_adjustment = { value = nan, unit = \"per year\"",
        "expected a finite number",
        "finite",
    ),
    ("no unit", LINE, "wealth_adjustment = { value = 0.05", "no unit", "add `unit = \"per year\"`"),
    ("bad word", "value = \"debt\"", "value = \"dept\"", "unknown choice `dept`", "did you mean `debt`?"),
    ("bad switch", "enabled = { value = true", "enabled = { value = 1", "expected true or false", "true"),
];

#[test]
fn bad_values_are_refused_where_they_stand() {
    for (name, from, to, message, remedy) in BAD_VALUES {
        assert!(SHIPPED.contains(from), "{name}");
        let text = SHIPPED.replacen(from, to, 1);
        let issues = ParameterSet::parse("parameters.toml", &text).expect_err(name);
        let at = text[..text.find(to).expect("just put there")].matches('\n').count() + 1;
        let hit = issues.iter().any(|issue| {
            issue.message.contains(message)
                && issue.remedy.contains(remedy)
                && (issue.line == at || message.starts_with("missing"))
        });
        assert!(hit, "{name}: {issues:#?}");
    }
    let unsourced = SHIPPED.replacen("source = \"Taylor 1993\"", "source = \"\"", 1);
    let issues = ParameterSet::parse("parameters.toml", &unsourced).expect_err("no source");
    assert_eq!((issues.len(), issues[0].key.as_str()), (1, "monetary.inflation_response"));
}

#[test]
fn a_scenario_overrides_values_in_any_convertible_unit() {
    let text = "[trade]\nrechoice_share = { value = 0.24, unit = \"per year\", source = \"test\" }\n\
                [labour]\nstaff_adjustment = { value = 3, unit = \"percent per month\" }\n\
                [fiscal]\nduty_revenue_use = \"lump_sum\"\n[shocks]\nenabled = false\n";
    let mut problems = Problems::new("scenario.toml", text);
    let table = parse_document(text, &mut problems).expect("parses");
    let mut set = shipped();
    set.override_with(&table, "the scenario", &mut problems);
    assert_eq!(problems.issues, []);
    assert!((set.values.trade.rechoice_share - 0.02).abs() < 1e-15);
    assert!((set.values.labour.staff_adjustment - 0.03).abs() < 1e-15);
    assert_eq!(set.values.fiscal.duty_revenue_use, DutyRevenueUse::LumpSum);
    assert!(!set.values.shocks.enabled);
    assert_eq!(set.sources["trade.rechoice_share"], "test");
    assert_eq!(set.sources["shocks.enabled"], "the scenario");
    assert_eq!(set.sources["trade.seller_elasticity"], shipped().sources["trade.seller_elasticity"]);
}

#[test]
fn a_bad_override_is_reported_and_changes_nothing() {
    let text = "[trade]\nrechoice_share = 2\nseller_elasticity = 3\n";
    let mut problems = Problems::new("scenario.toml", text);
    let table = parse_document(text, &mut problems).expect("parses");
    let mut set = shipped();
    set.override_with(&table, "the scenario", &mut problems);
    assert_eq!((problems.issues.len(), problems.issues[0].line, problems.issues[0].column), (1, 2, 18));
    assert_eq!(set, shipped());
}

/// A source can be looked up, or says that none was found and why the value was chosen.
#[test]
fn sources_say_more_than_that_somebody_chose_or_remembers() {
    for line in SHIPPED.lines() {
        let Some((_, source)) = line.split_once("source = \"") else { continue };
        let source = source.trim_end_matches(['"', ' ', '}']);
        assert!(!source.contains("from memory"), "{line}");
        assert!(
            source.len() > "no source found; chosen".len() || source == "Taylor 1993" || source == "mean-field study",
            "{line}"
        );
    }
}

#[test]
fn texts_are_quoted_as_toml_does() {
    for text in
        ["", "plain", "it's", "a \"quoted\" word", "back\\slash", "two\nlines", "\u{7f}", "Übung § 3: 50 %, <a>"]
    {
        let mut quoted = String::new();
        super::quote(text, &mut quoted);
        assert_eq!(quoted, toml::Value::from(text).to_string());
    }
}

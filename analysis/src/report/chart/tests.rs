use super::*;

fn text(drawing: &Drawing) -> String {
    drawing.element([300.0, 200.0], "title", "description")
}

#[test]
fn a_line_goes_from_end_to_end() {
    let dates: Vec<Date> = (0..3).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
    let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 2.0], bands: vec![] }];
    let found = text(&lines(&series, &dates, Some(1), true, [300.0, 200.0]));
    // From the lower left corner to the upper right one.
    assert!(found.contains(r#"<path class="l1" d="M52 174L170 93L288 12"/>"#), "{found}");
    assert!(found.contains("2024") && found.contains("2026") && found.contains("class=\"event\""), "{found}");
}

#[test]
fn dots_stand_where_there_are_numbers() {
    let dates: Vec<Date> = (0..3).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
    let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 1.0], bands: vec![] }];
    let found = text(&dotted_lines(&series, &[f64::NAN, 2.0, f64::NAN], &dates, None, true, [300.0, 200.0]));
    // The axis covers the dot, which stands at its upper end in the middle.
    assert_eq!(found.matches("<circle").count(), 1);
    assert!(found.contains(r#"<circle class="d2" cx="170" cy="12" r="2.6"/>"#), "{found}");
}

#[test]
fn bars_begin_at_zero() {
    let bar = |name: &str, value| Bar { name: name.to_owned(), value, interval: None, apart: true };
    let found = text(&bars(&[bar("up", 2.0), bar("down", -2.0)], [300.0, 100.0]));
    assert!(found.contains("class=\"above\"") && found.contains("class=\"below\""), "{found}");
    assert!(found.contains("+2.00") && found.contains("-2.00"), "{found}");
}

#[test]
fn parts_stand_side_by_side() {
    let parts = [vec![2.0], vec![-1.0], vec![1.0]];
    let found = text(&stacks(&["1".to_owned()], &parts, &[], [300.0, 60.0]));
    // Two parts above zero, one below, and their sum.
    assert_eq!(found.matches("<rect").count(), 3);
    assert!(found.contains("1: +2.000") && found.contains("1: -1.000") && found.contains("+2.00</text>"), "{found}");
    // The axis covers what stands side by side: 3, not 2.
    assert!(found.contains(">3</text>") && found.contains(">-1</text>"), "{found}");
}

fn tile(code: &str, value: f64, apart: bool) -> Tile {
    Tile { code: code.to_owned(), name: String::new(), value, apart }
}

#[test]
fn what_is_not_told_apart_is_grey() {
    let found = text(&bars(&[Bar { name: "a".to_owned(), value: 2.0, interval: None, apart: false }], [300.0, 60.0]));
    assert!(found.contains(r#"<rect class="unsure""#) && found.contains(">~+2.00</text>"), "{found}");
    assert!(!found.contains("class=\"above\""), "{found}");
    let found = text(&stacks(&["1".to_owned()], &[vec![2.0], vec![1.0]], &[vec![false], vec![true]], [300.0, 60.0]));
    assert!(found.contains("class=\"u3\"") && found.contains("class=\"f4\"") && !found.contains("\"f3\""), "{found}");
    let unsure: &[Vec<bool>] = &[vec![false]];
    let found = text(&heat(&["r".to_owned()], &["c".to_owned()], &[vec![-3.0]], Some(unsure), [200.0, 60.0]));
    assert!(found.contains("r, c: ~-3.00") && found.contains(UNSURE_CELL) && !found.contains("#005aa0"), "{found}");
    let found = text(&tiles(&[tile("USA", 1.5, false)], [400.0, 250.0]));
    assert!(found.contains("~+1.50") && found.contains(UNSURE_CELL), "{found}");
    // A line is in its colour only where it is told apart.
    let dates: Vec<Date> = (0..4).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
    let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 1.0, 2.0], bands: vec![] }];
    let drawn =
        |apart: &[bool]| text(&marked_lines(&series, &dates, &Look { apart, ..Look::default() }, [300.0, 200.0]));
    let found = drawn(&[false, false, true, true]);
    assert!(
        found.contains("class=\"l0\" d=\"M52 174L") && found.contains("class=\"l1\" d=\"M209.3 93L288 12\""),
        "{found}"
    );
    assert!(!drawn(&[false; 4]).contains("\"l1\"") && !drawn(&[true; 4]).contains("\"l0\""));
    // Points of a swept factor.
    let found = Estimate { mean: 1.0, half_width: 0.5, count: 4 };
    let points = [(found, Verdict::Apart), (found, Verdict::Placebo)];
    let found = text(&doses(&[0.1, 0.2], &[], &points, [300.0, 200.0]));
    assert!(found.contains("circle class=\"d1\"") && found.contains("circle class=\"d0\""), "{found}");
    assert_eq!(found.matches("whisker").count(), 2);
    // A line between them, of a class that is not filled.
    assert!(found.contains("path class=\"link\""), "{found}");
    assert!(include_str!("../drawing.css").contains(".link { fill: none"));
}

#[test]
fn every_mark_has_a_line_and_a_label_that_fits() {
    let dates: Vec<Date> = (0..3).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
    let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 2.0], bands: vec![] }];
    let mark = |tick, label: &str, ends| Mark { tick, label: label.to_owned(), name: String::new(), ends };
    let marks = [mark(0, "1", false), mark(0, "2", false), mark(0, "3", false), mark(1, "1 ×", true)];
    let look = Look { marks: &marks, ..Look::default() };
    let found = text(&marked_lines(&series, &dates, &look, [300.0, 200.0]));
    assert_eq!((found.matches("\"event\"").count(), found.matches("\"ends\"").count()), (3, 1));
    // Two rows of labels: the third at the same tick does not fit.
    assert_eq!(found.matches("class=\"mark\"").count(), 3, "{found}");
}

#[test]
fn cells_and_tiles_say_their_value() {
    let found = text(&heat(&["r".to_owned()], &["c".to_owned()], &[vec![-3.0]], None, [200.0, 60.0]));
    assert!(found.contains("r, c: -3.00") && found.contains("#005aa0"), "{found}");
    let found = text(&tiles(&[tile("USA", 1.5, true), tile("R01", f64::NAN, true)], [400.0, 250.0]));
    assert!(found.contains("USA: +1.50") && found.contains("var(--gap, #d9d9d9)"), "{found}");
}

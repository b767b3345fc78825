//! The recorder end to end: what is pushed is what a reader finds.

use super::*;
use crate::codec;
use crate::files::tests::Scratch;
use crate::netcdf::{AttributeValue, Reader};

struct Ids {
    gdp: VariableId,
    flows: VariableId,
    firms: VariableId,
    weights: VariableId,
}

fn schema() -> (Schema, Ids) {
    let mut schema = Schema::new(Clock::new(2025, 1, 12).expect("a clock"));
    let region = schema.dimension("region", "region", Labels::texts(["USA", "EUR", "Österreich"])).expect("new");
    let decile = schema.dimension("decile", "income decile", Labels::Integer((1..=10).collect())).expect("new");
    let edge = schema.dimension("edge", "bin edge", Labels::Number(vec![0.5, 1.5])).expect("new");
    let slot = schema.dimension("slot", "unnamed slot", Labels::None(2)).expect("new");
    let spec = |name: &str, kind, dimensions: &[DimensionId]| {
        VariableSpec::new(name, kind, dimensions).units("cents").long_name(format!("long {name}"))
    };
    let ids = Ids {
        gdp: schema.series(spec("gdp", Kind::F64, &[region]).definition("SNA 2008, 2.138")).expect("new"),
        flows: schema.series(spec("flows", Kind::F32, &[region, decile, slot])).expect("new"),
        firms: schema.series(spec("firms", Kind::I64, &[])).expect("new"),
        weights: schema.constant(spec("weights", Kind::F64, &[region, edge])).expect("new"),
    };
    (schema, ids)
}

fn push(recorder: &mut Recorder, ids: &Ids, tick: Tick) {
    let x = f64::from(tick);
    recorder.push_row(ids.gdp, &[x, x + 0.25, f64::NAN]);
    let flows: Vec<f64> = (0..60).map(|i| x + f64::from(i) / 8.0).collect();
    recorder.push_row(ids.flows, &flows);
    recorder.push_row(ids.firms, &[i64::MAX - i64::from(tick)]);
    recorder.end_tick(tick);
}

fn recorder(ticks: Tick) -> Recorder {
    let (schema, ids) = schema();
    let mut recorder = described(Recorder::new(schema));
    recorder.set_constant(ids.weights, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    for tick in 0..ticks {
        push(&mut recorder, &ids, tick);
    }
    recorder
}

fn described(recorder: Recorder) -> Recorder {
    recorder
        .attribute("title", "a test – größer")
        .attribute("seed", u64::MAX - 1)
        .document("configuration", "resolved configuration", "[model]\nname = \"ä\"\n".repeat(20_000))
        .mark("draw", "number of the draw", i64::MAX - 1)
}

#[test]
fn a_recording_is_read_back() {
    let scratch = Scratch::new();
    let path = scratch.join("run.nc");
    let bytes = recorder(100).write(&path).expect("written");
    assert_eq!(std::fs::metadata(&path).expect("there").len(), bytes);
    assert_eq!(scratch.names(), ["run.nc"]);
    let reader = Reader::open(&path).expect("opened");
    let attributes = reader.attributes().expect("read");
    assert_eq!(attributes[0], ("title".to_owned(), "a test – größer".into()));
    assert_eq!(attributes[1], ("seed".to_owned(), AttributeValue::Unsigned(u64::MAX - 1)));
    assert_eq!(attributes[2], ("seed_text".to_owned(), (u64::MAX - 1).to_string().into()));
    assert_eq!(attributes[3], ("coordinates".to_owned(), "draw".into()));
    assert_eq!(reader.integers("draw").expect("read"), [i64::MAX - 1]);
    let dimensions = reader.dimensions().expect("read");
    let names: Vec<_> = dimensions.iter().map(|dimension| (dimension.name.as_str(), dimension.size)).collect();
    assert_eq!(names, [("time", 100), ("region", 3), ("decile", 10), ("edge", 2), ("slot", 2)]);
    assert_eq!(reader.texts("region").expect("read"), ["USA", "EUR", "Österreich"]);
    assert_eq!(dimensions[3].coordinates, Some(Values::F64(vec![0.5, 1.5].into())));
    assert_eq!(dimensions[4].coordinates, None);
    let dates = reader.dates().expect("read");
    assert_eq!((dates[3].to_string().as_str(), dates[99].to_string().as_str()), ("2025-04-01", "2033-04-01"));
    let variables = reader.variables().expect("read");
    let names: Vec<_> = variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["gdp", "flows", "firms", "weights", "configuration", "draw"]);
    assert_eq!(variables[1].dimensions, ["time", "region", "decile", "slot"]);
    assert_eq!(variables[1].shape, [100, 3, 10, 2]);
    assert_eq!(variables[3].dimensions, ["region", "edge"]);
    assert_eq!(variables[0].text("units"), Some("cents"));
    assert_eq!(variables[0].text("long_name"), Some("long gdp"));
    assert_eq!(variables[0].text("definition"), Some("SNA 2008, 2.138"));
    let gdp = reader.numbers("gdp").expect("read");
    assert_eq!(gdp[..2], [0.0, 0.25]);
    assert!(gdp[2].is_nan());
    assert_eq!(gdp[297..299], [99.0, 99.25]);
    assert_eq!(reader.numbers("flows").expect("read")[60 * 7 + 5..][..2], [7.625, 7.75]);
    assert_eq!(reader.integers("firms").expect("read")[99], i64::MAX - 99);
    assert_eq!(reader.numbers("weights").expect("read"), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let text = &reader.texts("configuration").expect("read")[0];
    assert_eq!(*text, "[model]\nname = \"ä\"\n".repeat(20_000));
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let first = recorder(30).content().encode().expect("encoded");
    // Long enough that a stored time of day would differ.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let second = std::thread::spawn(|| recorder(30).content().encode().expect("encoded")).join().expect("a thread");
    assert!(first == second, "two encodings differ");
}

#[test]
fn a_resumed_run_gives_the_same_bytes() {
    let (schema, ids) = schema();
    let half = recorder(10);
    let saved = codec::encode_to_vec(half.series()).expect("encoded");
    let series: Series = codec::decode_from_slice(&saved).expect("decoded");
    let mut resumed = described(Recorder::resume(schema, series).expect("the same schema"));
    for tick in 10..20 {
        push(&mut resumed, &ids, tick);
    }
    let whole = recorder(20).content().encode().expect("encoded");
    assert!(resumed.content().encode().expect("encoded") == whole, "the resumed file differs");
    let other = Schema::new(Clock::new(2025, 1, 12).expect("a clock"));
    assert_eq!(Recorder::resume(other, half.series().clone()).map(|_| ()), Err(SchemaError::OtherSchema));
}

#[test]
fn rows_of_an_open_tick_are_left_out() {
    let mut open = recorder(5);
    let gdp = open.schema().variable("gdp").expect("declared");
    open.push_row(gdp, &[7.0; 3]);
    assert!(open.content().encode().expect("encoded") == recorder(5).content().encode().expect("encoded"));
}

#[test]
fn ticks_may_be_skipped() {
    let (schema, ids) = schema();
    let mut sparse = Recorder::new(schema);
    sparse.set_constant(ids.weights, &[0.0; 6]);
    for tick in [2, 5, 8] {
        push(&mut sparse, &ids, tick);
    }
    let scratch = Scratch::new();
    sparse.write(&scratch.join("a.nc")).expect("written");
    let dates = Reader::open(&scratch.join("a.nc")).expect("opened").dates().expect("read");
    assert_eq!(dates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2025-03-01", "2025-06-01", "2025-09-01"]);
}

#[test]
fn schemas_are_checked() {
    let (mut schema, _) = schema();
    let region = DimensionIdOf::region(&schema);
    let spec = |name: &str| VariableSpec::new(name, Kind::F64, &[]).units("1").long_name("x");
    assert_eq!(schema.series(spec("time")), Err(SchemaError::DuplicateName("time".to_owned())));
    assert_eq!(schema.series(spec("region")), Err(SchemaError::DuplicateName("region".to_owned())));
    assert_eq!(schema.constant(spec("gdp")), Err(SchemaError::DuplicateName("gdp".to_owned())));
    assert_eq!(schema.series(spec("a b")), Err(SchemaError::Name("a b".to_owned())));
    assert_eq!(schema.series(spec("")), Err(SchemaError::Name(String::new())));
    let bare = VariableSpec::new("bare", Kind::F64, &[region]).units("1");
    assert_eq!(schema.series(bare), Err(SchemaError::Undocumented("bare".to_owned())));
    let empty = schema.dimension("empty", "nothing", Labels::Text(Vec::new()));
    assert_eq!(empty, Err(SchemaError::EmptyDimension("empty".to_owned())));
    let mut other = Schema::new(schema.clock());
    let foreign = VariableSpec::new("x", Kind::F64, &[region]).units("1").long_name("x");
    assert_eq!(other.series(foreign), Err(SchemaError::NoDimension("x".to_owned())));
}

/// The only way to an id is a declaration; this repeats the first one of [`schema`].
struct DimensionIdOf;

impl DimensionIdOf {
    fn region(like: &Schema) -> DimensionId {
        let mut schema = Schema::new(like.clock());
        schema.dimension("region", "region", Labels::None(1)).expect("new")
    }
}

#[test]
#[should_panic(expected = "`flows` has no row for tick 0")]
fn missing_rows_are_bugs() {
    let (schema, ids) = schema();
    let mut recorder = Recorder::new(schema);
    recorder.push_row(ids.gdp, &[0.0; 3]);
    recorder.end_tick(0);
}

#[test]
#[should_panic(expected = "`gdp` has its values already")]
fn second_rows_are_bugs() {
    let mut recorder = recorder(1);
    let gdp = recorder.schema().variable("gdp").expect("declared");
    recorder.push_row(gdp, &[0.0; 3]);
    recorder.push_row(gdp, &[0.0; 3]);
}

#[test]
#[should_panic(expected = "`gdp` needs a row of another length")]
fn short_rows_are_bugs() {
    let mut recorder = recorder(0);
    let gdp = recorder.schema().variable("gdp").expect("declared");
    recorder.push_row(gdp, &[0.0; 2]);
}

#[test]
#[should_panic(expected = "`gdp` holds F64")]
fn rows_of_another_type_are_bugs() {
    let mut recorder = recorder(0);
    let gdp = recorder.schema().variable("gdp").expect("declared");
    recorder.push_row(gdp, &[0_i64; 3]);
}

#[test]
#[should_panic(expected = "tick 3 cannot be recorded after tick 4")]
fn ticks_only_go_forwards() {
    let (schema, ids) = schema();
    let mut recorder = Recorder::new(schema);
    push(&mut recorder, &ids, 4);
    push(&mut recorder, &ids, 3);
}

#[test]
fn a_year_has_one_row_of_what_its_ticks_gave() {
    let mut schema = Schema::new(Clock::new(2025, 1, 4).expect("a clock"));
    let unit = schema.dimension("unit", "unit", Labels::None(2)).expect("new");
    let spec = |name: &str, kind| VariableSpec::new(name, kind, &[unit]).units("cents").long_name("something");
    let income = schema.yearly(spec("income", Kind::I64), Fold::Sum).expect("new");
    let wealth = schema.yearly(spec("wealth", Kind::F64), Fold::Last).expect("new");
    let push = |recorder: &mut Recorder, tick: Tick| {
        recorder.push_row(income, &[i64::from(tick), 10]);
        recorder.push_row(wealth, &[f64::from(tick), 0.5]);
        recorder.end_tick(tick);
    };
    let mut recorder = Recorder::new(schema.clone());
    (0..3).for_each(|tick| push(&mut recorder, tick));
    assert_eq!(recorder.content().variables.len(), 0, "no year has ended");
    // Saved within a year, it goes on as if it had not been.
    let saved = codec::encode_to_vec(recorder.series()).expect("encoded");
    let series = codec::decode_from_slice(&saved).expect("decoded");
    let mut resumed = Recorder::resume(schema, series).expect("the same schema");
    (3..10).for_each(|tick| push(&mut recorder, tick));
    (3..10).for_each(|tick| push(&mut resumed, tick));
    assert_eq!(recorder.series(), resumed.series());
    let content = recorder.content();
    let year = content.dimensions.last().expect("a dimension");
    assert_eq!((year.name.as_str(), year.size), ("year", 2));
    assert_eq!(year.coordinates, Some(Values::I64(vec![0, 365].into())));
    let values = |name: &str| content.variables.iter().find(|x| x.name == name).expect("recorded").values.clone();
    assert_eq!(values("income"), Values::I64(vec![6, 40, 22, 40].into()));
    assert_eq!(values("wealth"), Values::F64(vec![3.0, 0.5, 7.0, 0.5].into()));
    assert_eq!(content.variables[0].dimensions, [2, 1], "year, then unit");
}

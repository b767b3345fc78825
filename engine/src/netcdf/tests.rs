//! Files that are refused, on the way out and on the way in.

use super::*;
use crate::files::tests::Scratch;

fn content() -> Content<'static> {
    Content {
        dimensions: vec![
            Dimension { name: "run".to_owned(), size: 3, coordinates: None, attributes: Vec::new() },
            Dimension {
                name: "time".to_owned(),
                size: 2,
                coordinates: Some(Values::I64(vec![0, 31].into())),
                attributes: vec![("units".to_owned(), "days since 2025-01-01".into())],
            },
        ],
        variables: vec![
            Variable {
                name: "gdp".to_owned(),
                dimensions: vec![0, 1],
                values: Values::F64(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0].into()),
                attributes: vec![("units".to_owned(), "cents".into()), ("empty".to_owned(), "".into())],
            },
            Variable {
                name: "label".to_owned(),
                dimensions: vec![0],
                values: Values::Text(vec!["a".to_owned(), String::new(), "ß".to_owned()].into()),
                attributes: Vec::new(),
            },
            Variable {
                name: "single".to_owned(),
                dimensions: Vec::new(),
                values: Values::I64(vec![-7].into()),
                attributes: Vec::new(),
            },
        ],
        attributes: vec![
            ("offset".to_owned(), AttributeValue::Integer(-3)),
            ("scale".to_owned(), AttributeValue::Number(0.1)),
        ],
    }
}

#[test]
fn contents_return() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    content().write(&path).expect("written");
    let reader = Reader::open(&path).expect("opened");
    assert_eq!(reader.attributes().expect("read"), content().attributes);
    assert_eq!(reader.dimensions().expect("read"), content().dimensions);
    for variable in content().variables {
        assert_eq!(reader.values(&variable.name).expect("read"), variable.values);
        let info = reader.variable(&variable.name).expect("read");
        assert_eq!(info.attributes, variable.attributes);
        let names: Vec<_> = variable.dimensions.iter().map(|&place| content().dimensions[place].name.clone()).collect();
        assert_eq!(info.dimensions, names);
    }
    assert_eq!(reader.dimension("time").expect("read"), content().dimensions[1]);
    assert_eq!(reader.variable("time").expect("read").dimensions, ["time"]);
}

#[test]
fn contradictions_are_refused() {
    type Spoil = fn(&mut Content<'static>);
    let rows: [(Spoil, &str, &str); 11] = [
        (|c| c.variables[0].values = Values::F64(vec![0.0; 5].into()), "gdp", "5 values for a shape of 6"),
        (|c| c.variables[0].dimensions = vec![0, 2], "gdp", "no dimension 2"),
        (|c| c.variables[0].dimensions = vec![0, 0], "gdp", "dimension twice"),
        (|c| c.variables[1].name = "gdp".to_owned(), "gdp", "occurs twice"),
        (|c| c.variables[1].name = "time".to_owned(), "time", "occurs twice"),
        (|c| c.variables[1].name = "a/b".to_owned(), "a/b", "a name is made of"),
        (|c| c.dimensions[1].size = 3, "time", "size 3 and 2 coordinates"),
        (|c| c.dimensions[0].size = 0, "run", "size 0"),
        (|c| c.attributes[0].0 = "CLASS".to_owned(), "CLASS", "reserved"),
        (|c| c.attributes[0].1 = AttributeValue::Text("x".repeat(40_000)), "offset", "text variable"),
        (|c| c.variables[0].attributes[0].1 = AttributeValue::Text("a\0b".to_owned()), "units", "zero byte"),
    ];
    for (spoil, name, reason) in rows {
        let mut spoilt = content();
        spoil(&mut spoilt);
        let message = spoilt.encode().expect_err(reason).to_string();
        assert!(message.contains(name) && message.contains(reason), "{message}");
    }
}

#[test]
fn bad_files_say_what_is_wrong() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    let message = Reader::open(&path).expect_err("missing").to_string();
    assert!(message.contains("a.nc") && message.contains("check the path"), "{message}");
    assert!(matches!(Reader::open(&scratch.0), Err(NetcdfError::File(_))), "a directory");
    std::fs::write(&path, "no HDF5").expect("written");
    assert!(matches!(Reader::open(&path), Err(NetcdfError::Unreadable { .. })));
    let bytes = content().encode().expect("encoded");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let message = Reader::open(&path).expect_err("half a file").to_string();
    assert!(message.contains("a.nc") && message.contains("damaged"), "{message}");
    content().write(&path).expect("written");
    let reader = Reader::open(&path).expect("opened");
    let message = reader.numbers("gpd").expect_err("a typing error").to_string();
    assert!(message.contains("no variable `gpd`") && message.contains("gdp"), "{message}");
    assert!(matches!(reader.integers("gdp"), Err(NetcdfError::OtherType { wanted: "integers", .. })));
    assert!(matches!(reader.numbers("label"), Err(NetcdfError::OtherType { wanted: "numbers", .. })));
}

#[test]
fn a_write_that_fails_leaves_the_old_file() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    content().write(&path).expect("written");
    let before = std::fs::read(&path).expect("there");
    // As if it were an input of this command.
    crate::files::protect(&path);
    let mut other = content();
    other.attributes.clear();
    assert!(matches!(other.write(&path), Err(NetcdfError::File(_))));
    assert_eq!(std::fs::read(&path).expect("there"), before);
}

#[test]
fn files_are_built_on_several_threads_at_once() {
    let expected = content().encode().expect("encoded");
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| content().encode().expect("encoded"))).collect();
    for thread in threads {
        assert!(thread.join().expect("a thread") == expected);
    }
}

#[test]
fn chunked_variables_of_every_shape_return() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    for shape in [vec![700], vec![3, 100_001], vec![41, 15, 15, 21], vec![1001, 200], vec![2, 1, 40_000, 1]] {
        let len = shape.iter().product::<usize>() as u64;
        let dimensions: Vec<_> = shape
            .iter()
            .enumerate()
            .map(|(i, &size)| Dimension { name: format!("d{i}"), size, coordinates: None, attributes: Vec::new() })
            .collect();
        let noise = |i| crate::rng::hash(i, 5, 6);
        let rows = [
            Values::F64((0..len).map(|i| crate::rng::unit(noise(i))).collect()),
            Values::F32((0..len).map(|i| crate::rng::unit(noise(i)) as f32).collect()),
            Values::I64((0..len).map(|i| noise(i) as i64).collect()),
        ];
        for values in rows {
            let variable = Variable {
                name: "x".to_owned(),
                dimensions: (0..shape.len()).collect(),
                values,
                attributes: Vec::new(),
            };
            let content = Content { dimensions: dimensions.clone(), variables: vec![variable], attributes: Vec::new() };
            content.write(&path).expect("written");
            let read = Reader::open(&path).expect("opened").values("x").expect("read");
            assert!(read == content.variables[0].values, "{shape:?}");
        }
    }
}

#[test]
fn blocks_of_a_streamed_variable_come_together() {
    let scratch = Scratch::new();
    let mut frame = content();
    frame.dimensions[0].size = 1000;
    frame.dimensions[1] = Dimension { name: "cell".to_owned(), size: 700, coordinates: None, attributes: Vec::new() };
    frame.variables.clear();
    let streamed = [
        Streamed {
            name: "output".to_owned(),
            dimensions: vec![0, 1],
            number: Number::F64,
            attributes: vec![("units".to_owned(), "1".into())],
        },
        Streamed { name: "count".to_owned(), dimensions: vec![0], number: Number::I64, attributes: Vec::new() },
    ];
    let value = |run: usize, cell: usize| (run * 700 + cell) as f64;
    let mut asked = [0, 0];
    let mut write = |path: &std::path::Path| {
        write_streamed(&frame, &streamed, path, |variable, runs| -> Result<Values<'static>, NetcdfError> {
            asked[variable] += runs.len();
            Ok(if variable == 0 {
                Values::F64(runs.flat_map(|run| (0..700).map(move |cell| value(run, cell))).collect::<Vec<_>>().into())
            } else {
                Values::I64(runs.map(|run| run as i64).collect::<Vec<_>>().into())
            })
        })
    };
    let (a, b) = (scratch.join("a.nc"), scratch.join("b.nc"));
    write(&a).expect("written");
    write(&b).expect("written");
    assert_eq!(asked, [2000, 2000]);
    assert_eq!(std::fs::read(&a).expect("read"), std::fs::read(&b).expect("read"));
    let reader = Reader::open(&a).expect("opened");
    assert_eq!(reader.verify().expect("checked"), Soundness { sound: 5, damaged: vec![] });
    let output = reader.numbers("output").expect("read");
    assert!((0..700_000).all(|k| output[k].to_bits() == (k as f64).to_bits()));
    assert_eq!(reader.integers("count").expect("read"), (0..1000).collect::<Vec<i64>>());
    assert_eq!(reader.variable("output").expect("read").dimensions, ["run", "cell"]);
}

#[test]
fn a_source_that_fails_leaves_no_file() {
    let scratch = Scratch::new();
    let streamed =
        [Streamed { name: "x".to_owned(), dimensions: vec![0], number: Number::F64, attributes: Vec::new() }];
    let path = scratch.join("a.nc");
    let failed = write_streamed(&content(), &streamed, &path, |_, _| -> Result<Values<'static>, NetcdfError> {
        Err(NetcdfError::Build("the source is gone".to_owned()))
    });
    assert!(matches!(failed, Err(NetcdfError::Build(_))));
    assert!(scratch.names().is_empty());
}

#[test]
fn checksums_find_what_was_changed() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    let mut content = content();
    // Large enough to be compressed and read in several blocks.
    content.dimensions[0].size = 30_000;
    content.variables[0].values = Values::F64((0..60_000).map(|k| f64::from(k) * 0.1).collect());
    content.variables[1].values = Values::Text((0..30_000).map(|k| k.to_string()).collect());
    content.write(&path).expect("written");
    let sound = Reader::open(&path).expect("opened").verify().expect("checked");
    assert_eq!(sound, Soundness { sound: 6, damaged: vec![] });
    let bytes = std::fs::read(&path).expect("read");
    // Bytes of the coordinates of `time`: 0 and 31 as 64-bit integers.
    let pattern: Vec<u8> = [0_i64, 31].iter().flat_map(|x| x.to_le_bytes()).collect();
    let at = bytes.windows(16).position(|window| window == pattern).expect("the coordinates");
    let mut changed = bytes.clone();
    changed[at + 8] = 30;
    std::fs::write(&path, &changed).expect("written");
    let found = Reader::open(&path).expect("opened").verify().expect("checked");
    assert_eq!(found.damaged, ["time: it is not what was written"]);
    // Any byte of the compressed variable.
    let chunk = bytes.windows(2).position(|window| window == [0x78, 0x01]).expect("a chunk");
    let mut changed = bytes.clone();
    changed[chunk + 500] ^= 4;
    std::fs::write(&path, &changed).expect("written");
    let found = Reader::open(&path).expect("opened").verify().expect("checked");
    assert!(found.damaged.len() == 1 && found.damaged[0].starts_with("gdp: "), "{:?}", found.damaged);
}

#[test]
fn rows_are_read_on_their_own() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    content().write(&path).expect("written");
    let reader = Reader::open(&path).expect("opened");
    assert_eq!(reader.rows("gdp", 1..3).expect("read"), Values::F64(vec![3.0, 4.0, 5.0, 6.0].into()));
    assert_eq!(reader.rows("label", 2..3).expect("read"), Values::Text(vec!["ß".to_owned()].into()));
    assert!(reader.rows("gdp", 2..4).is_err() && reader.rows("single", 0..1).is_err());
    let mut parts = Vec::new();
    reader
        .blocks("gdp", 16, |rows, values| -> Result<(), NetcdfError> {
            parts.push((rows, values.len()));
            Ok(())
        })
        .expect("read");
    assert_eq!(parts, [(0..1, 2), (1..2, 2), (2..3, 2)]);
}

#[test]
fn long_texts_are_shortened_and_zero_bytes_are_marked() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    let mut long = content();
    for (name, text) in [("long", "ä".repeat(1 << 17)), ("zero", "a\0b".to_owned()), ("fits", "x".repeat(1 << 15))] {
        long.attributes.push((name.to_owned(), text.into()));
    }
    long.write(&path).expect("written");
    let found = Reader::open(&path).expect("opened").attributes().expect("read");
    let text = |name: &str| match &found.iter().find(|x| x.0 == name).expect("there").1 {
        AttributeValue::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(text("long").len() <= 1 << 15 && text("long").ends_with("ä [.. shortened]"));
    assert_eq!(text("zero"), "a\u{fffd}b");
    assert_eq!(text("fits").len(), 1 << 15);
}

#[cfg(target_os = "linux")]
#[test]
fn paths_need_not_be_utf8() {
    use std::os::unix::ffi::OsStringExt as _;
    let scratch = Scratch::new();
    let folder = scratch.0.join(std::ffi::OsString::from_vec(b"s\xe9 %d".to_vec()));
    std::fs::create_dir(&folder).expect("made");
    for name in [&b"r\xe9.nc"[..], b"100%.nc", "\u{7ecf}\u{6d4e}.nc".as_bytes()] {
        let path = folder.join(std::ffi::OsString::from_vec(name.to_vec()));
        content().write(&path).expect("written");
        assert!(Reader::open(&path).expect("opened").attributes().is_ok());
        std::fs::remove_file(&path).expect("removed");
        super::write_streamed::<NetcdfError>(&content(), &[], &path, |_, _| unreachable!()).expect("written");
        assert!(Reader::open(&path).expect("opened").attributes().is_ok());
    }
    assert_eq!(std::fs::read_dir(&folder).expect("there").count(), 3);
}

#[test]
fn lengths_of_texts_that_lie_take_no_memory() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    content().write(&path).expect("written");
    let offset = {
        let file = hdf5::File::open(&path).expect("opened");
        file.dataset("label").expect("there").offset().expect("not in chunks") as usize
    };
    let mut bytes = std::fs::read(&path).expect("read");
    for (place, length) in [(0, u32::MAX), (2, 1 << 20)] {
        let mut changed = bytes.clone();
        changed[offset + place * 16..][..4].copy_from_slice(&length.to_le_bytes());
        std::fs::write(&path, &changed).expect("written");
        let error = Reader::open(&path).expect("opened").values("label").expect_err("a lie");
        assert!(error.to_string().contains("longer than the file"), "{error}");
    }
    // A length within the file is found out by the heap that the text is in.
    bytes[offset] = 200;
    std::fs::write(&path, &bytes).expect("written");
    assert!(Reader::open(&path).expect("opened").values("label").is_err());
}

#[test]
fn heaps_that_have_no_end_are_refused() {
    let scratch = Scratch::new();
    let path = scratch.join("a.nc");
    content().write(&path).expect("written");
    let bytes = std::fs::read(&path).expect("read");
    let heaps: Vec<usize> = (0..bytes.len() - 4).filter(|&at| &bytes[at..at + 4] == b"GCOL").collect();
    assert!(!heaps.is_empty());
    for at in heaps {
        // A first piece that is free and has no size; one that is longer than the heap; a heap longer than the file.
        let changes: [(usize, &[u8]); 3] = [(16, &[0; 16]), (24, &[0xff; 8]), (8, &[0xff, 0xff, 0xff, 0, 0, 0, 0, 0])];
        for (place, change) in changes {
            let mut changed = bytes.clone();
            changed[at + place..][..change.len()].copy_from_slice(change);
            std::fs::write(&path, &changed).expect("written");
            let read = Reader::open(&path).and_then(|reader| {
                reader.variables()?;
                reader.values("label")
            });
            let error = read.expect_err("damaged").to_string();
            assert!(error.contains("a heap of its texts is damaged") || error.contains("beyond its end"), "{error}");
        }
    }
}

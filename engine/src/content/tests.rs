//! What enters a digest: every field of every row, and nothing that holds nothing.

use super::*;

fn digest<T: Content>(value: &T) -> u64 {
    let mut digest = Digest::new();
    value.feed(&mut digest);
    digest.finish()
}

struct Inner {
    level: i64,
    marks: [u8; 3],
}
crate::content!(Inner { level, marks });

struct Row {
    id: u32,
    code: u8,
    wage: f64,
    history: Vec<u16>,
    inner: Inner,
    names: BTreeMap<String, i32>,
    last: Option<Volume>,
    lists: Vec<Vec<f32>>,
}
crate::content!(Row { id, code, wage, history, inner, names, last, lists });

fn row(id: u32) -> Row {
    Row {
        id,
        code: 3,
        wage: 0.5,
        history: vec![1, 2],
        inner: Inner { level: -1, marks: [0, 0, 1] },
        names: BTreeMap::from([("a".to_owned(), 4)]),
        last: Some(Volume::ZERO),
        lists: vec![vec![], vec![1.0, 0.0]],
    }
}

const CHANGES: [fn(&mut Row); 16] = [
    |r| r.id += 1,
    |r| r.code = 4,
    |r| r.wage = -0.0,
    |r| r.wage = 0.0,
    |r| r.history[1] = 9,
    |r| r.history.push(0),
    |r| r.history.clear(),
    |r| r.inner.level = 0,
    |r| r.inner.marks = [0, 1, 0],
    |r| {
        r.names.insert("b".to_owned(), 0);
    },
    |r| r.names = BTreeMap::from([("b".to_owned(), 4)]),
    |r| r.names = BTreeMap::from([("a".to_owned(), 5)]),
    |r| r.last = None,
    |r| r.lists[0].push(0.0),
    |r| r.lists.swap(0, 1),
    |r| r.lists[1][1] = 2.0,
];

#[test]
fn every_field_of_every_row_enters() {
    for change in CHANGES {
        let mut one = row(7);
        change(&mut one);
        assert_ne!(digest(&one), digest(&row(7)));
    }
    // One chunk, and several in parallel.
    for n in [2, 10_000] {
        let mut rows: Vec<Row> = (0..n).map(row).collect();
        let before = digest(&rows);
        assert_eq!(before, digest(&(0..n).map(row).collect::<Vec<_>>()));
        for at in [0, n as usize - 1] {
            for (number, change) in CHANGES.iter().enumerate() {
                change(&mut rows[at]);
                assert_ne!(before, digest(&rows), "change {number} of row {at} of {n}");
                rows[at] = row(at as u32);
            }
        }
        rows.swap(0, 1);
        assert_ne!(before, digest(&rows));
    }
}

/// As [`Inner`] with fields that nobody uses.
#[derive(Default)]
struct Wider {
    loans: i64,
    level: i64,
    unused: Vec<Inner>,
    marks: [u8; 3],
    nobody: Option<String>,
    none: BTreeMap<u8, u8>,
}
crate::content!(Wider { loans, level, unused, marks, nobody, none });

#[test]
fn what_holds_nothing_is_as_if_it_were_not_declared() {
    let (level, marks) = (5, [1, 0, 2]);
    let wider = || Wider { level, marks, ..Wider::default() };
    assert_eq!(digest(&wider()), digest(&Inner { level, marks }));
    for n in [1_u8, 3] {
        let inner = |_| Inner { level, marks };
        let mut rows: Vec<Wider> = (0..n).map(|_| wider()).collect();
        let before = digest(&(0..n).map(inner).collect::<Vec<_>>());
        assert_eq!(digest(&rows), before);
        // One that is used is enough.
        rows[0].loans = 1;
        assert_ne!(digest(&rows), before);
    }
    assert_eq!(digest(&Wider::default()), Digest::new().finish());
    // Of a row of numbers the length is something, of a row of agents it is not.
    assert_ne!(digest(&vec![0_i64; 3]), digest(&vec![0_i64; 2]));
    let mut column = Digest::new();
    Wider::feed_all(&[Wider::default(), Wider::default()], &mut column);
    assert!(column.is_empty());
}

#[test]
fn fields_set_aside_do_not_enter() {
    struct Report {
        failed: u32,
        checked: u32,
    }
    crate::content!(Report { failed } aside { checked });
    let of = |failed, checked| digest(&vec![Report { failed, checked }]);
    assert_eq!(of(1, 2), of(1, 3));
    assert_ne!(of(1, 2), of(2, 2));
}

#[test]
fn equal_values_under_other_names_differ() {
    struct Price {
        level: i64,
        marked: [u8; 3],
    }
    crate::content!(Price { level, marked });
    assert_ne!(digest(&Price { level: 1, marked: [1; 3] }), digest(&Inner { level: 1, marks: [1; 3] }));
}

#[test]
fn columns_do_not_depend_on_threads() {
    let rows: Vec<Row> = (0..20_000).map(row).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| digest(&rows))
    };
    assert_eq!([on(1), on(1)], [on(2), on(5)]);
}

#[test]
fn lengths_keep_neighbours_apart() {
    assert_ne!(digest(&vec![vec![1_u8], vec![2, 3]]), digest(&vec![vec![1_u8, 2], vec![3]]));
    assert_ne!(digest(&vec![String::from("ab"), String::new()]), digest(&vec![String::from("a"), "b".into()]));
    assert_ne!(digest(&Some(0_u8)), digest(&None::<u8>));
    assert_ne!(digest(&BTreeMap::from([(1_u8, 2_u8)])), digest(&BTreeMap::from([(2_u8, 1_u8)])));
}

#[test]
fn the_heap_is_counted() {
    let mut histories = Vec::with_capacity(4);
    histories.push(vec![1_u16, 2]);
    assert_eq!(histories.heap(), 4 * size_of::<Vec<u16>>() + 4);
}

//! Tests of tables with typed axes.

use super::*;

axis! {
    /// Places on the first axis.
    Row,
    /// Places on the second axis.
    Column,
    /// Places on the third axis.
    Level,
    /// Places on the fourth axis.
    Sheet,
}

#[test]
fn the_last_axis_runs_fastest() {
    let grid = Grid::from_fn([2, 3, 4], |(r, c, l): (Row, Column, Level)| (r.0, c.0, l.0));
    for r in 0..2 {
        for c in 0..3 {
            for l in 0..4 {
                assert_eq!(grid[(Row(r), Column(c), Level(l))], (r, c, l));
                assert_eq!(grid.as_slice()[(r * 3 + c) * 4 + l], (r, c, l));
            }
        }
    }
}

#[test]
fn names_and_places_agree_for_every_number_of_axes() {
    let two = Grid::<(Row, Column), usize>::from_vec([3, 2], (0..6).collect()).unwrap();
    assert!(two.indices().enumerate().all(|(n, key)| two[key] == n));
    let four = Grid::<(Row, Column, Level, Sheet), usize>::from_vec([2, 3, 2, 5], (0..60).collect()).unwrap();
    assert!(four.indices().enumerate().all(|(n, key)| four[key] == n));
    assert_eq!(four.indices().len(), 60);
}

#[test]
fn a_row_is_the_last_axis() {
    let mut grid = Grid::<(Row, Column, Level), usize>::from_vec([2, 2, 3], (0..12).collect()).unwrap();
    assert_eq!(grid.row((Row(1), Column(0))), [6, 7, 8]);
    grid.row_mut((Row(0), Column(1))).fill(0);
    grid[(Row(1), Column(1), Level(2))] = 99;
    assert_eq!(grid.into_vec(), [0, 1, 2, 0, 0, 0, 6, 7, 8, 9, 10, 99]);
}

#[test]
fn rows_come_by_name() {
    let mut grid = Grid::from_fn([2, 2, 3], |(r, c, l): (Row, Column, Level)| 100 * r.0 + 10 * c.0 + l.0);
    let names: Vec<_> = grid.rows().map(|((r, c), row)| (r.0, c.0, row.to_vec())).collect();
    assert_eq!(names[1], (0, 1, vec![10, 11, 12]));
    assert_eq!(names[2], (1, 0, vec![100, 101, 102]));
    for ((_, column), row) in grid.rows_mut() {
        row[0] = column.0;
    }
    assert_eq!(grid.layer(Row(1)).as_slice(), [0, 101, 102, 1, 111, 112]);
    assert_eq!(grid.layer(Row(1))[(Column(1), Level(2))], 112);
    assert_eq!(grid.layer(Row(1)).row((Column(0),)), [0, 101, 102]);
    assert_eq!(grid.map(|x| x + 1)[(Row(1), Column(1), Level(1))], 112);
}

#[test]
fn a_table_that_was_left_empty_has_no_values() {
    let grid = Grid::<(Row, Column), u8>::default();
    assert!(grid.is_empty());
    assert_eq!(grid.get((Row(1), Column(1))), None);
    let grid = Grid::<(Row, Column), u8>::filled([2, 2], 7);
    assert_eq!(grid.get((Row(1), Column(1))), Some(&7));
}

#[test]
fn a_table_is_read_as_it_was_written() {
    let grid = Grid::<(Row, Column), i64>::from_vec([2, 3], (0..6).collect()).unwrap();
    let bytes = crate::codec::encode_to_vec(&grid).unwrap();
    assert_eq!(crate::codec::decode_from_slice::<Grid<(Row, Column), i64>>(&bytes).unwrap(), grid);
    let short = crate::codec::encode_to_vec(&([2_usize, 3], [0_i64, 1].to_vec())).unwrap();
    let error = crate::codec::decode_from_slice::<Grid<(Row, Column), i64>>(&short).unwrap_err();
    assert!(error.to_string().contains("2 values do not fill"), "{error}");
}

#[test]
fn a_vector_of_another_length_is_refused() {
    let error = Grid::<(Row, Column), u8>::from_vec([2, 3], vec![0; 5]).unwrap_err();
    assert_eq!(error.to_string(), "5 values do not fill a table of shape [2, 3]");
    assert!(Grid::<(Row, Column), u8>::from_vec([usize::MAX, 2], Vec::new()).is_err());
}

#[test]
fn cells_enter_the_digest_and_a_table_of_zeros_is_none() {
    let digest = |content: &dyn Fn(&mut Digest)| {
        let mut digest = Digest::new();
        content(&mut digest);
        digest.finish()
    };
    let table = |cells: Vec<i64>| Grid::<(Row, Column), i64>::from_vec([2, 3], cells).unwrap();
    let of = |grid: &Grid<(Row, Column), i64>| digest(&|to| grid.feed(to));
    let of_rows = |grids: &[Grid<(Row, Column), i64>]| digest(&|to| Content::feed_all(grids, to));
    let (full, other) = (table((0..6).collect()), table((1..7).collect()));
    assert_ne!(of(&full), of(&other));
    assert_ne!(of_rows(&[full.clone(), other.clone()]), of_rows(&[other, full.clone()]));
    assert_eq!(of(&table(vec![0; 6])), digest(&|_| {}));
    assert_eq!(of_rows(&[table(vec![0; 6]), Grid::default()]), digest(&|_| {}));
    assert_eq!(full.heap(), 48);
}

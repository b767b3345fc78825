//! Variables cut into chunks and compressed.
//!
//! HDF5 would compress under its process-wide lock, on one thread; here all chunks of a file are compressed in parallel
//! and HDF5 only stores them. What comes out is what HDF5's own shuffle and deflate filters expect on reading.

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use rayon::prelude::*;

use super::Content;

/// The deflate level that files declare and use: the next one takes four times as long and saves two percent on noise.
pub(super) const LEVEL: u8 = 1;

/// Chunks are about this large: enough to compress well, small enough to read a part.
const CHUNK_BYTES: usize = 1 << 18;
/// Variables below this size are stored plain: the index of a chunk would cost more than compression saves.
const PLAIN_BYTES: usize = 1 << 12;

/// A compressed chunk and the index of its first value in the variable.
pub(super) struct Chunk {
    pub(super) offset: Vec<u64>,
    pub(super) bytes: Vec<u8>,
}

/// A variable that is stored in chunks.
pub(super) struct Chunked {
    pub(super) shape: Vec<usize>,
    pub(super) chunks: Vec<Chunk>,
}

/// The chunks of each variable of `content`, or `None` for those stored plain.
pub(super) fn compress(content: &Content<'_>) -> Vec<Option<Chunked>> {
    content
        .variables
        .par_iter()
        .map(|variable| {
            let shape: Vec<usize> =
                variable.dimensions.iter().map(|&dimension| content.dimensions[dimension].size).collect();
            let (bytes, number) = variable.values.raw()?;
            (bytes.len() >= PLAIN_BYTES && !shape.is_empty()).then(|| chunked(&shape, number.bytes(), bytes))
        })
        .collect()
}

fn chunked(shape: &[usize], item: usize, bytes: &[u8]) -> Chunked {
    let extent = chunk_shape(shape, item);
    Chunked { chunks: cut_into(shape, &extent, item, bytes), shape: extent }
}

/// The compressed chunks of this extent of an array of this shape.
pub(super) fn cut_into(shape: &[usize], extent: &[usize], item: usize, bytes: &[u8]) -> Vec<Chunk> {
    let counts: Vec<usize> = shape.iter().zip(extent).map(|(&size, &extent)| size.div_ceil(extent)).collect();
    (0..counts.iter().product::<usize>())
        .into_par_iter()
        .map(|number| {
            let first: Vec<usize> =
                position(number, &counts).iter().zip(extent).map(|(place, extent)| place * extent).collect();
            let raw = cut(shape, extent, &first, item, bytes);
            Chunk {
                offset: first.iter().map(|&place| place as u64).collect(),
                bytes: compress_to_vec_zlib(&shuffle(&raw, item), LEVEL),
            }
        })
        .collect()
}

/// Whole trailing dimensions as far as they fit into a chunk, then a part of the next one.
pub(super) fn chunk_shape(shape: &[usize], item: usize) -> Vec<usize> {
    let mut room = (CHUNK_BYTES / item).max(1);
    let mut chunk = vec![1; shape.len()];
    for (extent, &size) in chunk.iter_mut().zip(shape).rev() {
        // Parts of equal size, so that the last chunk of a dimension is not mostly padding.
        let parts = size.div_ceil(size.min(room));
        *extent = size.div_ceil(parts);
        room = (room / *extent).max(1);
    }
    chunk
}

/// The place of the `number`-th element of an array of this shape, the last dimension varying fastest.
fn position(mut number: usize, shape: &[usize]) -> Vec<usize> {
    let mut place = vec![0; shape.len()];
    for (place, &size) in place.iter_mut().zip(shape).rev() {
        *place = number % size;
        number /= size;
    }
    place
}

/// The bytes of the chunk of this extent that begins at `first`; what lies beyond the variable is zero.
fn cut(shape: &[usize], extent: &[usize], first: &[usize], item: usize, bytes: &[u8]) -> Vec<u8> {
    let last = shape.len() - 1;
    let run = extent[last].min(shape[last] - first[last]) * item;
    let mut chunk = vec![0; extent.iter().product::<usize>() * item];
    for (number, target) in chunk.chunks_exact_mut(extent[last] * item).enumerate() {
        let place = position(number, &extent[..last]);
        let inside = place.iter().zip(first).zip(shape).all(|((place, first), size)| place + first < *size);
        if inside {
            let row = (0..last).fold(0, |row, axis| row * shape[axis] + first[axis] + place[axis]);
            let start = (row * shape[last] + first[last]) * item;
            target[..run].copy_from_slice(&bytes[start..start + run]);
        }
    }
    chunk
}

/// All first bytes of the items, then all second bytes, and so on: equal exponents come to stand side by side.
fn shuffle(bytes: &[u8], item: usize) -> Vec<u8> {
    let mut shuffled = vec![0; bytes.len()];
    for (byte, plane) in shuffled.chunks_exact_mut((bytes.len() / item).max(1)).enumerate() {
        for (target, source) in plane.iter_mut().zip(bytes.chunks_exact(item)) {
            *target = source[byte];
        }
    }
    shuffled
}

/// Items of equal size, shuffled and compressed.
pub(super) fn pack(bytes: &[u8], item: usize) -> Vec<u8> {
    compress_to_vec_zlib(&shuffle(bytes, item), LEVEL)
}

/// The bytes that [`pack`] was given, unless what it made is damaged.
pub(super) fn unpack(packed: &[u8], item: usize) -> Option<Vec<u8>> {
    let shuffled = decompress_to_vec_zlib(packed).ok()?;
    if shuffled.len() % item != 0 {
        return None;
    }
    let count = shuffled.len() / item;
    let mut bytes = vec![0; shuffled.len()];
    for (byte, plane) in shuffled.chunks_exact(count.max(1)).enumerate() {
        for (place, &value) in plane.iter().enumerate() {
            bytes[place * item + byte] = value;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_fill_the_trailing_dimensions_first() {
        assert_eq!(chunk_shape(&[240], 8), [240]);
        assert_eq!(chunk_shape(&[240, 15, 15, 21], 8), [6, 15, 15, 21]);
        assert_eq!(chunk_shape(&[1000, 200], 8), [143, 200]);
        assert_eq!(chunk_shape(&[3, 100_000], 8), [1, 25_000]);
        assert_eq!(chunk_shape(&[1, 1], 8), [1, 1]);
    }

    #[test]
    fn cutting_covers_each_value_once_and_pads_with_zeros() {
        let bytes: Vec<u8> = (1..=30).collect();
        assert_eq!(cut(&[2, 3, 5], &[2, 2, 3], &[0, 0, 0], 1, &bytes), [1, 2, 3, 6, 7, 8, 16, 17, 18, 21, 22, 23]);
        assert_eq!(cut(&[2, 3, 5], &[2, 2, 3], &[0, 2, 3], 1, &bytes), [14, 15, 0, 0, 0, 0, 29, 30, 0, 0, 0, 0]);
        assert_eq!(cut(&[5], &[2], &[4], 2, &bytes[..10]), [9, 10, 0, 0]);
    }

    #[test]
    fn packed_items_return() {
        for (len, item) in [(0, 8), (8, 8), (800, 8), (12, 4)] {
            let bytes: Vec<u8> = (0..len).map(|k| (k * 7 % 251) as u8).collect();
            let packed = pack(&bytes, item);
            assert_eq!(unpack(&packed, item), Some(bytes));
            assert_eq!(unpack(&packed[..packed.len() - 1], item), None);
        }
    }

    #[test]
    fn shuffling_transposes_bytes() {
        assert_eq!(shuffle(&[1, 2, 3, 4, 5, 6], 2), [1, 3, 5, 2, 4, 6]);
    }
}

//! What HDF5 believes without a check.
//!
//! Texts and lists of any length stand in heaps. Neither their lengths, where they are stored with a variable, nor the heaps have
//! checksums: HDF5 takes as much memory as a damaged length says, and never comes back from a heap with a piece of no size. Here
//! both are looked at before HDF5 does. Headers of objects, where the places of lists in attributes stand, do have checksums.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::{Mutex, PoisonError};

use hdf5::{Dataset, Error, Location};

use super::convention;

/// Bytes of where a text or list of any length is stored: its length, the address of a heap, and its number there.
const PLACE_BYTES: usize = 16;
/// Bytes before the pieces of a heap, and before what a piece holds.
const HEAD_BYTES: usize = 16;
/// Blocks of an object's header beyond which it is no header.
const MOST_BLOCKS: usize = 4096;
/// Kinds of messages in a header, and of data.
const ATTRIBUTE: u8 = 0x0c;
const CONTINUED: u8 = 0x10;
const ANY_LENGTH: u8 = 9;

/// Looks at the objects and heaps of a file, each once.
#[derive(Debug)]
pub(super) struct Heaps {
    file: File,
    bytes: u64,
    /// Addresses of objects and heaps in which nothing was wrong.
    sound: Mutex<BTreeSet<u64>>,
}

fn word<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut word = [0; 8];
    word[..N].copy_from_slice(bytes.get(at..at.checked_add(N)?)?);
    Some(u64::from_le_bytes(word))
}

fn broken(what: &str) -> Error {
    Error::from(what.to_owned())
}

impl Heaps {
    pub(super) fn new(file: File) -> std::io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes, sound: Mutex::new(BTreeSet::new()) })
    }

    fn is_known(&self, address: u64) -> bool {
        self.sound.lock().unwrap_or_else(PoisonError::into_inner).contains(&address)
    }

    fn note(&self, address: u64) {
        self.sound.lock().unwrap_or_else(PoisonError::into_inner).insert(address);
    }

    /// Bytes of the file, no more than it has.
    fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        if length > self.bytes || offset > self.bytes - length {
            return Err(broken("a part of it lies beyond its end"));
        }
        let mut bytes = vec![0; length as usize];
        self.file.read_exact_at(&mut bytes, offset).map_err(|error| broken(&format!("it cannot be read: {error}")))?;
        Ok(bytes)
    }

    /// Checks the lists of any length in the attributes of an object, as far as these stand in its header.
    pub(super) fn attributes(&self, object: &Location) -> Result<(), Error> {
        let Some(address) = convention::address(object).filter(|&address| !self.is_known(address)) else {
            return Ok(());
        };
        let head = self.read(address, 4096.min(self.bytes.saturating_sub(address)))?;
        // Headers of the first kind, which other programs write, have no signature.
        let (Some(b"OHDR"), Some(&flags)) = (head.get(..4), head.get(5)) else { return Ok(()) };
        let times = if flags & 0x20 == 0 { 0 } else { 16 };
        let phases = if flags & 0x10 == 0 { 0 } else { 4 };
        let (at, width) = (6 + times + phases, 1_usize << (flags & 3));
        let size = match width {
            1 => word::<1>(&head, at),
            2 => word::<2>(&head, at),
            4 => word::<4>(&head, at),
            _ => word::<8>(&head, at),
        };
        let size = size.ok_or_else(|| broken("the header of an object has no size"))?;
        let mut blocks = vec![(address + (at + width) as u64, size)];
        let mut next = 0;
        while let Some(&(offset, length)) = blocks.get(next) {
            next += 1;
            if next > MOST_BLOCKS {
                return Err(broken("the header of an object has no end"));
            }
            self.messages(&self.read(offset, length)?, flags & 4 != 0, &mut blocks)?;
        }
        self.note(address);
        Ok(())
    }

    /// Checks the attributes in a block of a header; notes where the header goes on.
    fn messages(&self, block: &[u8], ordered: bool, blocks: &mut Vec<(u64, u64)>) -> Result<(), Error> {
        let head = if ordered { 6 } else { 4 };
        let mut at = 0;
        while let (Some(&kind), Some(size), Some(&flags)) = (block.get(at), word::<2>(block, at + 1), block.get(at + 3))
        {
            let from = at + head;
            let Some(message) = block.get(from..from + size as usize) else { break };
            at = from + size as usize;
            match kind {
                CONTINUED => {
                    if let (Some(offset), Some(length)) = (word::<8>(message, 0), word::<8>(message, 8)) {
                        // After a signature, before a checksum.
                        blocks.push((offset.saturating_add(4), length.saturating_sub(8)));
                    }
                }
                // Not those whose type stands elsewhere.
                ATTRIBUTE if flags & 2 == 0 => self.attribute(message)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn attribute(&self, message: &[u8]) -> Result<(), Error> {
        let (Some(&version), Some(&flags)) = (message.first(), message.get(1)) else { return Ok(()) };
        let sizes = [2, 4, 6].map(|at| word::<2>(message, at).unwrap_or(0) as usize);
        let head = if version == 3 { 9 } else { 8 };
        if !(2..=3).contains(&version) || flags & 1 != 0 {
            return Ok(());
        }
        let (kind, data) = (head + sizes[0], head + sizes.iter().sum::<usize>());
        if message.get(kind).is_some_and(|kind| kind & 0x0f == ANY_LENGTH) {
            self.places(message.get(data..).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Checks the texts of a dataset, as far as they are not stored in chunks.
    pub(super) fn texts(&self, dataset: &Dataset) -> Result<(), Error> {
        let stored = (dataset.size() as u64).saturating_mul(PLACE_BYTES as u64);
        let Some(offset) = dataset.offset().filter(|_| dataset.storage_size() == stored) else { return Ok(()) };
        self.places(&self.read(offset, stored)?)
    }

    fn places(&self, places: &[u8]) -> Result<(), Error> {
        let mut all = 0_u64;
        for place in places.chunks_exact(PLACE_BYTES) {
            let (length, heap) = (word::<4>(place, 0).unwrap_or(0), word::<8>(place, 4).unwrap_or(0));
            all = all.saturating_add(length);
            if all > self.bytes {
                return Err(broken("its texts are longer than the file"));
            }
            // Nothing is nowhere.
            if length > 0 && heap != 0 && heap != u64::MAX {
                self.heap(heap)?;
            }
        }
        Ok(())
    }

    /// Checks that a heap is made of pieces that end where it ends.
    fn heap(&self, address: u64) -> Result<(), Error> {
        if self.is_known(address) {
            return Ok(());
        }
        let damaged = || broken("a heap of its texts is damaged");
        let head = self.read(address, HEAD_BYTES as u64)?;
        let size = word::<8>(&head, 8).filter(|_| head.starts_with(b"GCOL")).ok_or_else(damaged)?;
        let heap = self.read(address, size)?;
        let mut at = HEAD_BYTES;
        while let (Some(number), Some(held)) = (word::<2>(&heap, at), word::<8>(&heap, at + 8)) {
            // What is free counts its head.
            let length =
                if number == 0 { held } else { held.div_ceil(8).saturating_mul(8).saturating_add(HEAD_BYTES as u64) };
            if length == 0 || length > (heap.len() - at) as u64 {
                return Err(damaged());
            }
            at += length as usize;
        }
        self.note(address);
        Ok(())
    }
}

//! The binary form of checkpoints: the only file that names the serialization library.
//!
//! Integers and floats are written at their full width in little-endian order, lengths as u64, so the form does not
//! depend on the machine and equal states give equal bytes. The form carries no type information: it is read back by
//! the program that wrote it, which the checkpoint's header checks.

use std::io::{self, Read, Write};

use bincode::config::{self, Configuration, Fixint, LittleEndian, NoLimit};
use bincode::error::{DecodeError, EncodeError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a value could not be encoded or decoded.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The reader or writer underneath failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The value refused to be encoded, or the bytes are not the encoding of the wanted type.
    #[error("{0}")]
    Malformed(String),
}

/// Encodings up to this many bytes are decoded with bounded memory.
const SHORT: usize = 1 << 24;

const fn configuration() -> Configuration<LittleEndian, Fixint, NoLimit> {
    config::standard().with_little_endian().with_fixed_int_encoding()
}

/// Streams `value` into `writer`, without a copy of the whole in memory. Buffer the writer: it receives a few bytes at
/// a time.
///
/// # Errors
/// [`CodecError`] if the writer fails or the value refuses.
pub fn encode_into<T: Serialize + ?Sized>(value: &T, writer: &mut impl Write) -> Result<(), CodecError> {
    bincode::serde::encode_into_std_write(value, writer, configuration()).map(|_bytes| ()).map_err(
        |error| match error {
            EncodeError::Io { inner, .. } => CodecError::Io(inner),
            other => CodecError::Malformed(other.to_string()),
        },
    )
}

/// Reads one value from `reader`. Buffer the reader: it is asked for a few bytes at a time. The bytes are trusted as far
/// as lengths of texts go (a damaged one could ask for any amount of memory): check a checksum first.
///
/// # Errors
/// [`CodecError`] if the reader fails or the bytes are not a `T`.
pub fn decode_from<T: DeserializeOwned>(reader: &mut impl Read) -> Result<T, CodecError> {
    bincode::serde::decode_from_std_read(reader, configuration()).map_err(malformed)
}

/// Encodes `value` in memory.
///
/// # Errors
/// [`CodecError::Malformed`] if the value refuses.
pub fn encode_to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::new();
    encode_into(value, &mut bytes)?;
    Ok(bytes)
}

/// Decodes one value that takes up all of `bytes`.
///
/// # Errors
/// [`CodecError::Malformed`] if the bytes are not exactly one `T`.
pub fn decode_from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    // The library allocates what a length asks for before it looks whether so much is there: what is short may ask for little.
    let decoded = if bytes.len() <= SHORT {
        bincode::serde::decode_from_slice(bytes, configuration().with_limit::<SHORT>())
    } else {
        bincode::serde::decode_from_slice(bytes, configuration())
    };
    let (value, used) = decoded.map_err(malformed)?;
    if used == bytes.len() {
        Ok(value)
    } else {
        Err(CodecError::Malformed(format!("{} bytes follow the value", bytes.len() - used)))
    }
}

fn malformed(error: DecodeError) -> CodecError {
    match error {
        DecodeError::Io { inner, .. } => CodecError::Io(inner),
        other => CodecError::Malformed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_fixed_width_little_endian() {
        let bytes = encode_to_vec(&(1_u16, -2_i64, 0.5_f64, vec![7_u8], Some("ä"))).expect("encoded");
        let mut expected = vec![1, 0];
        expected.extend((-2_i64).to_le_bytes());
        expected.extend(0.5_f64.to_le_bytes());
        expected.extend(1_u64.to_le_bytes());
        expected.push(7);
        expected.push(1);
        expected.extend(2_u64.to_le_bytes());
        expected.extend("ä".bytes());
        assert_eq!(bytes, expected);
    }

    #[test]
    fn values_return_and_leftovers_are_noticed() {
        let value = (vec![i64::MIN, 0, i64::MAX], String::from("x"), [f64::NEG_INFINITY, -0.0]);
        let mut bytes = encode_to_vec(&value).expect("encoded");
        let back: (Vec<i64>, String, [f64; 2]) = decode_from_slice(&bytes).expect("decoded");
        assert_eq!((&back.0, &back.1), (&value.0, &value.1));
        assert_eq!(back.2.map(f64::to_bits), value.2.map(f64::to_bits));
        bytes.push(0);
        assert!(decode_from_slice::<(Vec<i64>, String, [f64; 2])>(&bytes).is_err());
        assert!(decode_from_slice::<(Vec<i64>, String, [f64; 2])>(&bytes[..30]).is_err());
    }

    #[test]
    fn an_absurd_length_is_an_error_not_an_allocation() {
        let bytes = u64::MAX.to_le_bytes();
        assert!(decode_from_slice::<Vec<i64>>(&bytes).is_err());
        let text = (1_u64 << 40).to_le_bytes();
        assert!(decode_from_slice::<String>(&text).is_err());
    }
}

//! How NetCDF-4 is laid over HDF5: the names, and the few calls that the safe bindings do not offer.
//!
//! The convention needs texts that are fixed-length and null-terminated (the bindings make null-padded ones, on which
//! the NetCDF-4 C library fails), and writing needs the image of a file in memory and
//! chunks that are compressed already. All unsafe code of this crate is
//! in this file.

use std::borrow::Cow;
use std::ffi::CString;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

use hdf5::types::TypeDescriptor;
use hdf5::{Attribute, Dataset, Error, File, Location, ObjectReference1};
use hdf5_sys::h5a::{H5Aclose, H5Acreate2, H5Aread, H5Awrite};
use hdf5_sys::h5d::H5Dwrite_chunk;
use hdf5_sys::h5f::H5Fget_file_image;
use hdf5_sys::h5o::{H5O_info2_t, H5Oget_info3};
use hdf5_sys::h5p::H5P_DEFAULT;
use hdf5_sys::h5s::{H5S_SCALAR, H5Sclose, H5Screate};
use hdf5_sys::h5t::{
    H5T_C_S1, H5T_CSET_UTF8, H5T_STR_NULLTERM, H5Tclose, H5Tcopy, H5Tset_cset, H5Tset_size, H5Tset_strpad,
};

/// Marks a dataset as a dimension.
pub(super) const CLASS: &str = "CLASS";
/// The value of [`CLASS`].
pub(super) const DIMENSION_SCALE: &str = "DIMENSION_SCALE";
/// The name of a dimension.
pub(super) const NAME: &str = "NAME";
/// The number of a dimension.
pub(super) const DIMENSION_ID: &str = "_Netcdf4Dimid";
/// The dimensions of a variable, as references.
pub(super) const DIMENSION_LIST: &str = "DIMENSION_LIST";
/// The variables of a dimension, as references.
pub(super) const REFERENCE_LIST: &str = "REFERENCE_LIST";

/// The attributes above, which are no attributes of the user.
pub(super) const RESERVED: [&str; 6] = [CLASS, NAME, DIMENSION_ID, DIMENSION_LIST, REFERENCE_LIST, "_NCProperties"];

/// The beginning of the [`NAME`] of a dimension without coordinates.
pub(super) const NO_COORDINATES: &str = "This is a netCDF dimension but not a netCDF variable.";

/// Bytes that a text attribute may take: HDF5 itself keeps attributes below 64 kB, other programs may go beyond.
const LONGEST_ATTRIBUTE: usize = 1 << 24;

/// What is asked of an object: its address, kind and number of links.
const BASIC: u32 = 1;

/// One entry of [`REFERENCE_LIST`].
#[derive(Clone, Copy, hdf5::H5Type)]
#[repr(C)]
pub(super) struct ReferenceListEntry {
    pub(super) dataset: ObjectReference1,
    pub(super) dimension: i32,
}

/// A name by which the library finds `path`: it takes UTF-8 only, so other paths are named by way of their open folder
/// (or themselves, to be read). The file must be held as long as the name is used.
pub(super) fn accepted(path: &Path, new: bool) -> std::io::Result<(Cow<'_, Path>, Option<std::fs::File>)> {
    if path.to_str().is_some() {
        return Ok((Cow::Borrowed(path), None));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let held = std::fs::File::open(if new { folder } else { path })?;
    let mut name = PathBuf::from(format!("/proc/self/fd/{}", held.as_raw_fd()));
    if let (true, Some(file)) = (new, path.file_name()) {
        name.push(file);
    }
    Ok((Cow::Owned(name), Some(held)))
}

/// Writes a fixed-length null-terminated UTF-8 text attribute of `bytes` bytes, as the NetCDF-4 C library does.
#[expect(unsafe_code, reason = "the bindings offer no null-terminated texts")]
pub(super) fn write_text(location: &Location, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let name_c = CString::new(name).map_err(|_| Error::from("a name contains a zero byte"))?;
    // An empty text is one zero byte: HDF5 has no texts of length zero.
    let bytes = if bytes.is_empty() { &[0] } else { bytes };
    let failed = || Error::from(format!("cannot write the text attribute {name}"));
    hdf5::sync::sync(|| {
        // SAFETY: all calls happen under the library's lock; ids are checked before use and closed once; the buffer
        // holds exactly as many bytes as the type says; `name_c` outlives the calls.
        unsafe {
            let datatype = H5Tcopy(*H5T_C_S1);
            if datatype < 0 {
                return Err(failed());
            }
            let typed = H5Tset_size(datatype, bytes.len()) >= 0
                && H5Tset_strpad(datatype, H5T_STR_NULLTERM) >= 0
                && H5Tset_cset(datatype, H5T_CSET_UTF8) >= 0;
            let space = H5Screate(H5S_SCALAR);
            let attribute = if typed && space >= 0 {
                H5Acreate2(location.id(), name_c.as_ptr(), datatype, space, H5P_DEFAULT, H5P_DEFAULT)
            } else {
                -1
            };
            let written = attribute >= 0 && H5Awrite(attribute, datatype, bytes.as_ptr().cast()) >= 0;
            if attribute >= 0 {
                H5Aclose(attribute);
            }
            if space >= 0 {
                H5Sclose(space);
            }
            H5Tclose(datatype);
            if written { Ok(()) } else { Err(failed()) }
        }
    })
}

/// Reads a text attribute of fixed length, up to its first zero byte.
#[expect(unsafe_code, reason = "the bindings read fixed-length texts of lengths known at compile time only")]
pub(super) fn read_fixed_text(attribute: &Attribute) -> Result<String, Error> {
    let datatype = attribute.dtype()?;
    let is_text = matches!(datatype.to_descriptor()?, TypeDescriptor::FixedAscii(_) | TypeDescriptor::FixedUnicode(_));
    if !is_text || attribute.size() != 1 {
        return Err(Error::from("not a single text of fixed length"));
    }
    if datatype.size() > LONGEST_ATTRIBUTE {
        return Err(Error::from("a text attribute that is longer than attributes can be"));
    }
    let mut bytes = vec![0_u8; datatype.size()];
    // SAFETY: under the library's lock; the buffer holds one element of exactly the type that is read.
    let status = hdf5::sync::sync(|| unsafe { H5Aread(attribute.id(), datatype.id(), bytes.as_mut_ptr().cast()) });
    if status < 0 {
        return Err(Error::from("cannot read a text attribute"));
    }
    let text: Vec<u8> = bytes.into_iter().take_while(|&byte| byte != 0).collect();
    String::from_utf8(text).map_err(|_| Error::from("a text attribute is not UTF-8"))
}

/// Where the header of an object stands in its file.
#[expect(unsafe_code, reason = "the bindings keep the address of an object to themselves")]
pub(super) fn address(object: &Location) -> Option<u64> {
    hdf5::sync::sync(|| {
        let mut info = std::mem::MaybeUninit::<H5O_info2_t>::uninit();
        // SAFETY: under the library's lock; the library fills all of what it is given unless it fails. A token is 16 bytes, in a file
        // the address in the first eight of them, the lowest first.
        unsafe {
            if H5Oget_info3(object.id(), info.as_mut_ptr(), BASIC) < 0 {
                return None;
            }
            let token: [u8; 16] = std::mem::transmute(info.assume_init().token);
            let mut address = [0; 8];
            address.copy_from_slice(&token[..8]);
            Some(u64::from_le_bytes(address))
        }
    })
}

/// Stores one chunk that has been through all filters of `dataset` already; `offset` is the place of its first value.
#[expect(unsafe_code, reason = "the bindings compress every chunk themselves, on one thread")]
pub(super) fn write_chunk(dataset: &Dataset, offset: &[u64], bytes: &[u8]) -> Result<(), Error> {
    if offset.len() != dataset.ndim() {
        return Err(Error::from("a chunk of another number of dimensions"));
    }
    // SAFETY: under the library's lock; `offset` has one entry per dimension, and the buffer is as long as it says. A
    // filter mask of zero says that no filter was skipped.
    hdf5::sync::sync(|| {
        let status = unsafe {
            H5Dwrite_chunk(dataset.id(), H5P_DEFAULT, 0, offset.as_ptr(), bytes.len(), bytes.as_ptr().cast())
        };
        if status < 0 { Err(Error::query().unwrap_or_else(|error| error)) } else { Ok(()) }
    })
}

/// The bytes of a file that was built in memory and flushed.
#[expect(unsafe_code, reason = "the bindings offer no file images")]
pub(super) fn image(file: &File) -> Result<Vec<u8>, Error> {
    hdf5::sync::sync(|| {
        // SAFETY: under the library's lock; the first call only asks for the size, the second writes at most
        // `bytes.len()` bytes into a buffer of that length.
        unsafe {
            let size = H5Fget_file_image(file.id(), std::ptr::null_mut(), 0);
            let Ok(size) = usize::try_from(size) else {
                return Err(Error::from("cannot take the image of a file"));
            };
            let mut bytes = vec![0_u8; size];
            let written = H5Fget_file_image(file.id(), bytes.as_mut_ptr().cast(), size);
            if usize::try_from(written) == Ok(size) {
                Ok(bytes)
            } else {
                Err(Error::from("the image of a file is incomplete"))
            }
        }
    })
}

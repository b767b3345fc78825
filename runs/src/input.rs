//! Files of the user that are not read: what they are as failures of the program.

use std::path::Path;

pub use configs::input::{DOCUMENT, Unread, text};

use crate::failure::{Failure, file_error};

/// The failure of a file that was asked for; `of_text` is what it is if the file is read but is no text.
#[must_use]
pub fn failure(unread: Unread, path: &Path, of_text: fn(String) -> Failure) -> Failure {
    match unread {
        Unread::System(error) => file_error("read", path, error),
        Unread::Kind(message) => Failure::File(format!("{}: {message}", path.display())),
        Unread::Text(message) => of_text(format!("{}: {message}", path.display())),
    }
}

//! Standard output, messages, and their look. Nobody has to read them: a reader that has gone away or a full disk behind
//! them never ends the work. No other part of the program prints.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use miette::{GraphicalReportHandler, GraphicalTheme};

/// Width of messages, columns.
const WIDTH: usize = 110;

/// Whether something said was lost, other than to a reader that wanted no more.
static LOST: AtomicBool = AtomicBool::new(false);

/// Draws errors: with colour on a terminal, plain elsewhere.
#[must_use]
pub fn handler() -> GraphicalReportHandler {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let theme = if colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_links(false)
}

/// Prints to standard output. A reader that has gone away (`| head`) ends the output quietly; that it could not be
/// written for another reason is remembered ([`lost`]).
pub fn say(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether standard output could not be written: a full disk behind it, say.
#[must_use]
pub fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Prints a message to standard error as it is. That it cannot be read ends nothing.
pub fn message(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a line to standard error.
pub fn note(line: &str) {
    // In one piece: lines of several threads do not mix.
    message(&format!("{line}\n"));
}

//! Standard output, messages, and their look. Nobody has to read them: a reader that has gone away or a full disk behind
//! them never ends the work. No other part of the program prints.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use analysis::chance::MARK;
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::failure::Failure;

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

/// Prints a text with tables to standard output: what is marked as not told apart from chance is grey on a terminal.
pub fn say_judged(text: &str) {
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    say(&if colours { greyed(text) } else { text.to_owned() });
}

/// Marked cells in grey: from the mark to the gap before the next column, or the end of the line.
fn greyed(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while let Some(at) = rest.find(MARK).filter(|&at| is_cell(rest, at)) {
            let end = rest[at..].find("  ").or_else(|| rest[at..].find('\n')).map_or(rest.len(), |end| at + end);
            found.push_str(&rest[..at]);
            found.push_str("\x1b[90m");
            found.push_str(&rest[at..end]);
            found.push_str("\x1b[0m");
            rest = &rest[end..];
        }
        found.push_str(rest);
    }
    found
}

/// Whether a mark stands before a number.
fn is_cell(line: &str, at: usize) -> bool {
    line[at + MARK.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-')
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

/// Prints something as JSON for programs.
///
/// # Errors
/// If it cannot be written as JSON, which is a bug.
pub fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Internal(error.to_string()))?;
    say(&(text + "\n"));
    Ok(())
}

/// Whether standard output could not be written: a full disk behind it, say.
#[must_use]
pub fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// A time in words, to about two digits.
#[must_use]
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 0.995 => format!("{s:.2} s"),
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
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

/// Lines for the top of a text on standard output: in red on a terminal.
#[must_use]
pub fn reddened(lines: &[String]) -> String {
    in_red(lines, io::stdout().is_terminal())
}

/// Prints lines on standard error, in red on a terminal.
pub fn alarm(lines: &[String]) {
    message(&in_red(lines, io::stderr().is_terminal()));
}

fn in_red(lines: &[String], terminal: bool) -> String {
    let (red, plain) =
        if terminal && std::env::var_os("NO_COLOR").is_none() { ("\x1b[31m", "\x1b[0m") } else { ("", "") };
    lines.iter().fold(String::new(), |text, line| text + red + line + plain + "\n")
}

/// Prints a warning to standard error.
pub fn warn(text: &str) {
    note(&format!("warning: {text}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_unit() {
        let said = [0.04, 0.46, 9.94, 9.96, 89.0, 91.0, 5399.0, 5400.0].map(duration);
        assert_eq!(said, ["0.04 s", "0.46 s", "9.9 s", "10 s", "89 s", "2 min", "90 min", "1.5 h"]);
    }

    #[test]
    fn marked_cells_are_grey() {
        assert_eq!(
            greyed("USA  ~+0.1 ±0.2 %  +3.0 ±0.1 %\nCHN  +1.0  ~-2.0\n~ not told apart\n"),
            "USA  \x1b[90m~+0.1 ±0.2 %\x1b[0m  +3.0 ±0.1 %\nCHN  +1.0  \x1b[90m~-2.0\x1b[0m\n~ not told apart\n"
        );
    }
}

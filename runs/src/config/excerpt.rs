//! The lines around a place in a file, cut to what a reader can take in.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// Longest part of a line that is shown, bytes; what is underlined stays within.
const WIDTH: usize = 160;

/// Most lines of what is underlined.
const LINES: usize = 6;

/// A part of a file and what is underlined in it.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// Lines of the file before it.
    before: usize,
    /// What is underlined, a byte range of the excerpt.
    pub span: std::ops::Range<usize>,
    /// Column of its first byte in the file, from 0.
    column: usize,
}

impl Excerpt {
    /// The lines of `span` and one on either side; the span begins on line `line` (from 1).
    pub(super) fn new(name: &str, text: &str, span: &std::ops::Range<usize>, line: usize) -> Self {
        let (start, end) = (text.floor_char_boundary(span.start), text.floor_char_boundary(span.end.max(span.start)));
        let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let (from, before) = match first.checked_sub(1) {
            Some(end) => (text[..end].rfind('\n').map_or(0, |at| at + 1), line.saturating_sub(2)),
            None => (first, line.saturating_sub(1)),
        };
        let mut excerpt =
            Self { name: name.to_owned(), text: String::new(), before, span: 0..0, column: start - first };
        let mut at = from;
        let mut shown = 0;
        for (number, row) in text[from..].split_inclusive('\n').enumerate() {
            let place = excerpt.text.len();
            let (cut, shift, lead) = cut(row, start.saturating_sub(at).min(row.len()), at <= start);
            if (at..at + row.len().max(1)).contains(&start) || (start == text.len() && at + row.len() == start) {
                let inside = start - at - shift + lead;
                excerpt.span = place + inside..place + inside;
            }
            excerpt.text.push_str(&cut);
            if end > at && start < at + row.len() {
                let inside = (end - at).min(row.len()).saturating_sub(shift) + lead;
                excerpt.span.end = place + inside.min(cut.trim_end_matches('\n').len());
            }
            at += row.len();
            shown += usize::from(number > 0 || from == first);
            // One line after the last that is underlined.
            if at > end && text[end..at].matches('\n').count() > 1 || shown > LINES {
                break;
            }
        }
        excerpt.span.end = excerpt.span.end.max(excerpt.span.start);
        excerpt
    }
}

/// A line about the byte `focus`, the bytes cut off at its start and those put there instead.
fn cut(row: &str, focus: usize, holds: bool) -> (String, usize, usize) {
    let line = row.strip_suffix('\n').unwrap_or(row);
    if line.len() <= 2 * WIDTH {
        return (row.to_owned(), 0, 0);
    }
    let from = if holds { line.floor_char_boundary(focus.min(line.len()).saturating_sub(WIDTH / 2)) } else { 0 };
    let to = line.floor_char_boundary(from + WIDTH);
    let lead = if from > 0 { "[..] " } else { "" };
    let tail = if to < line.len() { " [..]" } else { "" };
    (format!("{lead}{}{tail}\n", &line[from..to]), from, lead.len())
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, context_lines_before, context_lines_after)?;
        let itself = context_lines_before == 0 && span.offset() == self.span.start;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.before,
            if itself { self.column } else { inner.column() },
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, span: std::ops::Range<usize>) -> (String, String, usize) {
        let line = text[..span.start].matches('\n').count() + 1;
        let found = Excerpt::new("x", text, &span, line);
        (found.text[found.span.clone()].to_owned(), found.text, found.before)
    }

    #[test]
    fn what_is_underlined_stays_the_same() {
        let text = "one\ntwo\nthree\nfour\nfive\n";
        assert_eq!(excerpt(text, 8..13), ("three".to_owned(), "two\nthree\nfour\n".to_owned(), 1));
        assert_eq!(excerpt(text, 0..3), ("one".to_owned(), "one\ntwo\n".to_owned(), 0));
        assert_eq!(excerpt(text, 4..13).0, "two\nthree");
        assert_eq!(excerpt(text, 19..23).0, "five");
        assert_eq!(excerpt("a", 1..1).0, "");
        assert_eq!(excerpt("", 0..0), (String::new(), String::new(), 0));
    }

    #[test]
    fn long_lines_are_cut_about_the_place() {
        let long = format!("{}bad{}", "\u{e9}".repeat(40_000), "b".repeat(90_000));
        let text = format!("{long}\nx\n{long}\n");
        for start in [80_000, text.len() - 1 - 90_000 - 3] {
            let (underlined, shown, _) = excerpt(&text, start..start + 3);
            assert_eq!(underlined, "bad");
            assert!(shown.len() < 1000, "{}", shown.len());
        }
        assert!(excerpt(&text, 0..text.len()).1.len() < 2000);
        let many = "line\n".repeat(100_000);
        assert!(excerpt(&many, 0..many.len()).1.len() < 100);
    }
}

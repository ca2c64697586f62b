//! A file line by line: no line is kept in memory that is longer than an activity can be.

use std::io::{self, BufRead, Read};

/// The longest line, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// The lines of a file.
pub(super) struct Lines<R> {
    reader: R,
    /// The number of the line that was read last, counted from 1.
    pub(super) number: u64,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Without what ends it.
    Whole(Vec<u8>),
    /// Longer than any line may be; it was passed over.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    /// Behind the mark of UTF-8, if there is one.
    pub(super) fn new(mut reader: R) -> io::Result<Self> {
        if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        Ok(Self { reader, number: 0 })
    }

    /// What comes next, as it is.
    pub(super) fn into_reader(self) -> R {
        self.reader
    }

    /// The next line; none behind the last.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let most = u64::try_from(LONGEST + 2).unwrap_or(u64::MAX);
        if self
            .reader
            .by_ref()
            .take(most)
            .read_until(b'\n', &mut line)?
            == 0
        {
            return Ok(None);
        }
        self.number += 1;
        let ended = line.pop_if(|byte| *byte == b'\n').is_some();
        if ended {
            line.pop_if(|byte| *byte == b'\r');
        }
        if line.len() > LONGEST {
            if !ended {
                self.reader.skip_until(b'\n')?;
            }
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Whole(line)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let long = "x".repeat(3 * LONGEST);
        let text = format!("\u{feff}a\r\n{long}\n\nb");
        let mut lines = Lines::new(text.as_bytes()).unwrap();
        let mut next = || lines.next().unwrap();
        assert_eq!(next(), Some(Line::Whole(b"a".to_vec())));
        assert_eq!(next(), Some(Line::TooLong));
        assert_eq!(next(), Some(Line::Whole(Vec::new())));
        assert_eq!(next(), Some(Line::Whole(b"b".to_vec())));
        assert_eq!(next(), None);
        assert_eq!(lines.number, 4);
    }
}

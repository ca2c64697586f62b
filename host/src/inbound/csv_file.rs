//! The rows of a CSV file, each by itself: a broken one doesn't take the next ones with it.

use super::lines::{LONGEST, Line, Lines};
use std::collections::VecDeque;
use std::io::{self, BufRead};

/// The rows of a file, behind its header.
pub(super) struct Rows<R> {
    lines: Lines<R>,
    /// Lines that were read ahead.
    ahead: Numbered,
    delimiter: u8,
    width: usize,
}

/// Lines with their numbers.
type Numbered = VecDeque<(u64, Line)>;

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Its values, as many as the header has.
    Values(Vec<String>),
    /// Why it can't be read, and what helps.
    Broken(String, &'static str),
}

impl<R: BufRead> Rows<R> {
    /// The rows, and the names of their columns; none if the file is empty.
    pub(super) fn open(lines: Lines<R>) -> io::Result<(Self, Vec<String>)> {
        let mut rows = Self {
            lines,
            ahead: VecDeque::new(),
            delimiter: b',',
            width: 0,
        };
        while let Some((number, line)) = rows.next_line()? {
            let Line::Whole(first) = &line else { break };
            if first.trim_ascii().is_empty() {
                continue;
            }
            rows.delimiter = delimiter_of(first);
            rows.ahead.push_front((number, line));
            let (header, _) = rows.balanced()?;
            let header = parsed(&header, rows.delimiter).unwrap_or_default();
            rows.width = header.len();
            return Ok((rows, header));
        }
        Ok((rows, Vec::new()))
    }

    /// The next row, and the line on which it begins; none behind the last.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Row)>> {
        loop {
            let Some((number, line)) = self.next_line()? else {
                return Ok(None);
            };
            let Line::Whole(first) = line else {
                return Ok(Some((number, too_long())));
            };
            if !first.trim_ascii().is_empty() {
                self.ahead.push_front((number, Line::Whole(first.clone())));
                return Ok(Some((number, self.row(&first)?)));
            }
        }
    }

    fn row(&mut self, first: &[u8]) -> io::Result<Row> {
        let (text, mut behind) = self.balanced()?;
        if let Row::Values(values) = self.fitting(&text) {
            return Ok(Row::Values(values));
        }
        // A quote that isn't closed takes the next lines with it: they are rows of their own.
        while let Some(line) = behind.pop_back() {
            self.ahead.push_front(line);
        }
        Ok(self.fitting(first))
    }

    /// The next line with those behind it up to where its quotes are closed; and these by themselves.
    fn balanced(&mut self) -> io::Result<(Vec<u8>, Numbered)> {
        let (mut text, mut behind) = (Vec::new(), VecDeque::new());
        if let Some((_, Line::Whole(line))) = self.next_line()? {
            text = line;
        }
        let mut quotes = Quotes::Outside;
        quotes.pass(&text, self.delimiter);
        while quotes == Quotes::Inside && text.len() <= LONGEST {
            let Some((number, line)) = self.next_line()? else {
                break;
            };
            let Line::Whole(more) = &line else {
                behind.push_back((number, line));
                break;
            };
            quotes.pass(more, self.delimiter);
            text.push(b'\n');
            text.extend_from_slice(more);
            behind.push_back((number, line));
        }
        Ok((text, behind))
    }

    fn fitting(&self, text: &[u8]) -> Row {
        if text.len() > LONGEST {
            return too_long();
        }
        if std::str::from_utf8(text).is_err() {
            return Row::Broken("it isn't UTF-8".to_owned(), "save the file as CSV UTF-8");
        }
        let mut quotes = Quotes::Outside;
        text.split(|byte| *byte == b'\n')
            .for_each(|line| quotes.pass(line, self.delimiter));
        if matches!(quotes, Quotes::Inside | Quotes::Broken) {
            return Row::Broken(
                "a quote isn't closed, or isn't written twice".to_owned(),
                "write a quote inside of quotes twice",
            );
        }
        let mut values = parsed(text, self.delimiter).unwrap_or_default();
        while values.len() > self.width && values.last().is_some_and(String::is_empty) {
            values.pop();
        }
        if values.len() == self.width {
            return Row::Values(values);
        }
        let (values, columns) = (values.len(), self.width);
        Row::Broken(
            format!("it has {values} values, and the header has {columns}"),
            "put values that hold the delimiter or a quote into quotes",
        )
    }

    fn next_line(&mut self) -> io::Result<Option<(u64, Line)>> {
        if let Some(ahead) = self.ahead.pop_front() {
            return Ok(Some(ahead));
        }
        let line = self.lines.next()?;
        Ok(line.map(|line| (self.lines.number, line)))
    }
}

fn too_long() -> Row {
    Row::Broken(
        "it is longer than a megabyte".to_owned(),
        "leave out what no activity needs",
    )
}

/// Where one is behind a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Outside of quotes: a row may end here.
    Outside,
    /// Inside: the value goes on in the next line.
    Inside,
    /// Something stands behind quotes that doesn't belong there.
    Broken,
}

impl Quotes {
    /// Passes over a line. A quote in the middle of a value that doesn't begin with one means itself.
    fn pass(&mut self, line: &[u8], delimiter: u8) {
        let mut is_quoted = *self == Self::Inside;
        let mut bytes = line.iter().copied().peekable();
        let mut begins = !is_quoted;
        while let Some(byte) = bytes.next() {
            match (is_quoted, byte) {
                (true, b'"') => match bytes.peek() {
                    Some(b'"') => drop(bytes.next()),
                    Some(next) if *next != delimiter => return *self = Self::Broken,
                    _ => is_quoted = false,
                },
                (false, b'"') if begins => is_quoted = true,
                _ => {}
            }
            begins = !is_quoted && byte == delimiter;
        }
        if *self != Self::Broken {
            *self = if is_quoted {
                Self::Inside
            } else {
                Self::Outside
            };
        }
    }
}

/// Of comma, semicolon and tab the one that is there most often.
fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

/// The values of a text that is one record.
fn parsed(text: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(text.len().max(64))
        .from_reader(text);
    let mut records = reader.records();
    let record = records.next()?.ok()?;
    if records.next().is_some() {
        return None;
    }
    Some(record.iter().map(|value| value.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Row)> {
        let lines = Lines::new(text.as_bytes()).unwrap();
        let (mut rows, header) = Rows::open(lines).unwrap();
        assert_eq!(header, ["id", "title"]);
        std::iter::from_fn(|| rows.next().unwrap()).collect()
    }

    fn values(values: [&str; 2]) -> Row {
        Row::Values(values.map(str::to_owned).to_vec())
    }

    #[test]
    fn a_row_may_go_over_lines_and_a_broken_one_takes_none_with_it() {
        let text = "id,title\n1,\"a\n\"\"b\"\"\"\n\n2,\"open\n3,c\n4,d,e\n5,5\" pipe\n6,f,,\n";
        let rows = rows(text);
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 5, 6, 7, 8, 9]);
        assert_eq!(rows[0].1, values(["1", "a\n\"b\""]));
        assert!(matches!(&rows[1].1, Row::Broken(why, _) if why.contains("quote")));
        assert_eq!(rows[2].1, values(["3", "c"]));
        assert!(matches!(&rows[3].1, Row::Broken(why, _) if why.contains("3 values")));
        assert_eq!(rows[4].1, values(["5", "5\" pipe"]));
        assert_eq!(rows[5].1, values(["6", "f"]));
    }

    #[test]
    fn spreadsheets_part_values_by_semicolons_too() {
        assert_eq!(
            rows("\u{feff}id;title\r\n1;a, b\r\n"),
            [(2, values(["1", "a, b"]))]
        );
    }
}

//! A file of activities: one a line, a JSON list, or CSV. Never more of it is in memory than one activity.

use super::csv_file::{Row, Rows};
use super::export::{self, Export};
use super::lines::{Line, Lines};
use super::{Checked, Refusal, activity};
use crate::feeds::Feed;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON, one activity a line.
    Ndjson,
    /// A JSON document: a list of activities, or one.
    Json,
    /// CSV with the contract's names for columns.
    Csv,
    /// CSV as HubSpot exports it.
    HubspotExport,
}

/// The type of HubSpot's records in an export, if the columns don't tell.
pub type TypeOfExport = Feed;

/// What the user says of a file.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Where its times without an offset are from.
    pub time_zone: Option<TimeZone>,
    /// What an export is of.
    pub export_of: Option<TypeOfExport>,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct WasRead {
    /// How it is written.
    pub format: Format,
    /// Columns and names that mean nothing.
    pub unknown: BTreeSet<String>,
}

/// Why nothing of a file can be taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It can't be read.
    #[error("can't be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A JSON document that isn't a file.
    #[error("a JSON list has to be a file")]
    Piped,
    /// The document isn't JSON to its end.
    #[error("{0}")]
    NotJson(serde_json::Error),
    /// An export has local times, and the zone isn't given.
    #[error("its times have no offset from UTC")]
    TimeZoneMissing,
    /// The columns tell of no type, or of several.
    #[error("its columns don't tell of what it is an export: {0}")]
    TypeUnknown(String),
    /// A column that is needed isn't there.
    #[error("it has no column `{0}`")]
    ColumnMissing(&'static str),
}

/// So many names that mean nothing are told.
const MOST_UNKNOWN: usize = 50;

/// Reads a file, activity by activity.
///
/// # Errors
/// If nothing of the file can be taken, or what is done with an activity fails.
pub fn read_file<E: From<FileError>>(
    file: &Path,
    about: &About,
    mut each: impl FnMut(Result<super::Incoming, Refusal>) -> Result<(), E>,
) -> Result<WasRead, E> {
    let mut unknown = BTreeSet::new();
    let mut checked = |checked: Checked| {
        let room = MOST_UNKNOWN.saturating_sub(unknown.len());
        unknown.extend(checked.unknown.into_iter().take(room));
        each(checked.activity)
    };
    let mut reader = open(file)?;
    let first = first_byte(&mut reader)?;
    let is_named = |ending: &str| {
        let extension = file.extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
    };
    let format = match first {
        Some(b'[') => Format::Json,
        Some(b'{') if is_named("json") => Format::Json,
        Some(b'{') => Format::Ndjson,
        _ if is_named("csv") => Format::Csv,
        _ if is_named("json") || is_named("ndjson") || is_named("jsonl") => Format::Ndjson,
        _ => Format::Csv,
    };
    match format {
        Format::Ndjson => read_lines(reader, &mut checked)?,
        Format::Json => {
            // Known to be JSON to its end before anything of it is taken; so it is read twice, which no pipe can be.
            if !file.is_file() {
                return Err(FileError::Piped.into());
            }
            check_json(open(file)?)?;
            read_document(reader, &mut checked)?;
        }
        Format::Csv | Format::HubspotExport => {
            let (format, columns) = read_csv(reader, about, &mut checked)?;
            unknown.extend(columns);
            return Ok(WasRead { format, unknown });
        }
    }
    Ok(WasRead { format, unknown })
}

fn open(file: &Path) -> Result<BufReader<File>, FileError> {
    let file = File::open(file)?;
    if file.metadata()?.is_dir() {
        return Err(FileError::Unreadable(io::ErrorKind::IsADirectory.into()));
    }
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// The first byte that is no white space, behind the mark of UTF-8; what is before it isn't consumed.
fn first_byte(reader: &mut impl BufRead) -> Result<Option<u8>, FileError> {
    let start = reader.fill_buf()?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(start
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace()))
}

fn read_lines<E: From<FileError>>(
    reader: impl BufRead,
    each: &mut impl FnMut(Checked) -> Result<(), E>,
) -> Result<(), E> {
    let mut lines = Lines::new(reader).map_err(FileError::from)?;
    while let Some(line) = lines.next().map_err(FileError::from)? {
        let checked = match line {
            Line::Whole(line) if line.trim_ascii().is_empty() => continue,
            Line::Whole(line) => match std::str::from_utf8(&line) {
                Ok(line) => activity::read(line),
                Err(_) => refused(
                    Refusal::new("not_json", "", "it isn't UTF-8").hint("save the file as UTF-8"),
                ),
            },
            Line::TooLong => refused(
                Refusal::new("too_large", "", "it is longer than a megabyte")
                    .hint("write one activity a line"),
            ),
        };
        each(on_line(checked, lines.number))?;
    }
    Ok(())
}

fn refused(refusal: Refusal) -> Checked {
    Checked {
        activity: Err(refusal),
        unknown: BTreeSet::new(),
    }
}

fn on_line(checked: Checked, line: u64) -> Checked {
    let activity = checked.activity.map_err(|refusal| Refusal {
        line: Some(line),
        ..refusal
    });
    Checked {
        activity,
        ..checked
    }
}

fn read_csv<E: From<FileError>>(
    reader: impl BufRead,
    about: &About,
    each: &mut impl FnMut(Checked) -> Result<(), E>,
) -> Result<(Format, Vec<String>), E> {
    let time_zone = about.time_zone.as_ref();
    let lines = Lines::new(reader).map_err(FileError::from)?;
    let (mut rows, header) = Rows::open(lines).map_err(FileError::from)?;
    if about.export_of.is_none() && (header.is_empty() || is_contracts(&header)) {
        let read = |values: &[String]| export::own_activity(&header, values, time_zone);
        read_rows(&mut rows, read, each)?;
        return Ok((Format::Csv, Vec::new()));
    }
    let feed = about.export_of.or_else(|| export::type_of(&header));
    let feed = feed.ok_or_else(|| FileError::TypeUnknown(header.join(", ")))?;
    let export = Export::new(feed, header, time_zone);
    if let Some(missing) = export.missing() {
        return Err(FileError::ColumnMissing(missing).into());
    }
    if time_zone.is_none() {
        return Err(FileError::TimeZoneMissing.into());
    }
    read_rows(&mut rows, |values| export.activity(values), each)?;
    let unknown = export.unknown().map(str::to_owned).collect();
    Ok((Format::HubspotExport, unknown))
}

/// Whether the columns have the contract's names.
fn is_contracts(header: &[String]) -> bool {
    let has = |wanted: &str| {
        header
            .iter()
            .any(|name| name.trim().eq_ignore_ascii_case(wanted))
    };
    has("kind") && has("id")
}

fn read_rows<E: From<FileError>>(
    rows: &mut Rows<impl BufRead>,
    read: impl Fn(&[String]) -> Result<serde_json::Map<String, serde_json::Value>, Refusal>,
    each: &mut impl FnMut(Checked) -> Result<(), E>,
) -> Result<(), E> {
    while let Some((line, row)) = rows.next().map_err(FileError::from)? {
        let checked = match row {
            Row::Values(values) => read(&values).map_or_else(refused, activity::check),
            Row::Broken(why, hint) => refused(Refusal::new("broken_row", "", why).hint(hint)),
        };
        each(on_line(checked, line))?;
    }
    Ok(())
}

fn check_json(reader: impl BufRead) -> Result<(), FileError> {
    let lines = Lines::new(reader)?;
    let mut document = serde_json::Deserializer::from_reader(lines.into_reader());
    let read = serde::Deserialize::deserialize(&mut document).map(|_: IgnoredAny| ());
    read.and_then(|()| document.end())
        .map_err(FileError::NotJson)
}

fn read_document<E: From<FileError>>(
    reader: impl BufRead,
    each: &mut impl FnMut(Checked) -> Result<(), E>,
) -> Result<(), E> {
    let lines = Lines::new(reader).map_err(FileError::from)?;
    let line = Cell::new(1);
    let counted = CountingLines {
        reader: lines.into_reader(),
        line: &line,
    };
    let mut document = serde_json::Deserializer::from_reader(counted);
    let mut failed = None;
    let element = |position: Option<usize>, raw: &RawValue| {
        let newlines = raw.get().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let checked = match position {
            Some(_) => on_line(activity::read(raw.get()), line.get() - newlines),
            None => activity::read(raw.get()),
        };
        let activity = checked.activity.map_err(|refusal| Refusal {
            position,
            ..refusal
        });
        each(Checked {
            activity,
            ..checked
        })
        .map_err(|error| failed = Some(error))
        .is_ok()
    };
    let read = Document(element).deserialize(&mut document);
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(FileError::NotJson(error).into()),
        (None, Ok(())) => Ok(()),
    }
}

/// Hands out the elements of a list, one by one, or the one object that the document is.
struct Document<F>(F);

impl<'de, F: FnMut(Option<usize>, &RawValue) -> bool> DeserializeSeed<'de> for Document<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Option<usize>, &RawValue) -> bool> Visitor<'de> for Document<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of activities, or one")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut position = 0;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            if !(self.0)(Some(position), &raw) {
                return Err(serde::de::Error::custom("stopped"));
            }
            position += 1;
        }
        Ok(())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        let object: serde_json::Map<String, serde_json::Value> =
            serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        let raw = serde_json::value::to_raw_value(&object).map_err(serde::de::Error::custom)?;
        (self.0)(None, &raw);
        Ok(())
    }
}

/// Counts lines as they are read; serde_json reads byte by byte.
struct CountingLines<'l, R> {
    reader: R,
    line: &'l Cell<u64>,
}

impl<R: Read> Read for CountingLines<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        let newlines = read.iter().filter(|byte| **byte == b'\n').count();
        self.line.set(self.line.get() + newlines as u64);
        Ok(count)
    }
}

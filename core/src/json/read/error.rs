//! Why could a document not be read, and where in it?

use serde::de::{self, Expected, Unexpected};
use std::borrow::Cow;
use std::fmt::{self, Display};

/// Why a document, or a part of it, could not be read.
#[derive(Debug)]
pub(crate) struct Unread(Box<Why>);

#[derive(Debug)]
struct Why {
    /// Where it is no JSON.
    broken: Option<Break>,
    path: String,
    message: String,
}

/// A place in the text.
#[derive(Debug)]
struct Break {
    position: usize,
    line: usize,
    column: usize,
    is_end: bool,
}

/// A step from a value to one in it.
pub(super) enum Segment<'a> {
    Key(Cow<'a, str>),
    Place(usize),
}

/// The path of a value in another, as `activities[0].id`.
pub(crate) fn joined(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || inner.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{outer}{dot}{inner}")
}

impl Unread {
    pub(super) fn not_json(text: &str, position: usize, what: &str) -> Self {
        let before = text.as_bytes().get(..position).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count()
            + 1;
        let is_end = position >= text.len();
        let what = if is_end {
            "the text ends too early"
        } else {
            what
        };
        Self(Box::new(Why {
            broken: Some(Break {
                position,
                line,
                column,
                is_end,
            }),
            path: String::new(),
            message: what.to_owned(),
        }))
    }

    /// Whether more text could have mended it.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.broken.as_ref().is_some_and(|broken| broken.is_end)
    }

    /// Where the text is no JSON, in bytes; 0 if it is.
    pub(crate) fn position(&self) -> usize {
        self.0.broken.as_ref().map_or(0, |broken| broken.position)
    }

    /// What is wrong, without its place.
    pub(crate) fn what(&self) -> &str {
        &self.0.message
    }

    /// The error as the value sees it in which this happened.
    #[cold]
    pub(super) fn inside(mut self, segment: Segment<'_>) -> Self {
        let outer = match segment {
            Segment::Key(key) => key.into_owned(),
            Segment::Place(place) => format!("[{place}]"),
        };
        self.0.path = joined(&outer, &self.0.path);
        self
    }

    /// Whether the text is JSON, though of another shape.
    pub(crate) const fn is_json(&self) -> bool {
        self.0.broken.is_none()
    }

    /// Where: empty for the whole document.
    pub(crate) fn path(&self) -> &str {
        &self.0.path
    }
}

impl Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.broken {
            Some(Break { line, column, .. }) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Unread {}

impl de::Error for Unread {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self(Box::new(Why {
            broken: None,
            path: String::new(),
            message: message.to_string(),
        }))
    }

    #[cold]
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Unit => {
                Self::custom(format_args!("invalid type: null, expected {expected}"))
            }
            _ => Self::custom(format_args!(
                "invalid type: {unexpected}, expected {expected}"
            )),
        }
    }
}

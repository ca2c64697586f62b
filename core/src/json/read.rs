//! How is a document read? As `serde_json` does, but with the costs of a module in mind: a field's name is compared with the one
//! that came next the last time, eight bytes at a time, and told by its place; a record is only ever an object.

mod error;
mod nested;
mod number;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub(crate) use error::{Unread, joined};

use nested::{Key, List, Object, Order};
use serde::de::Deserialize;
use std::borrow::Cow;

/// Values may be nested this deep.
const DEEPEST: u32 = 128;

/// Reads a whole document.
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unread> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The name of a member, and its value as it is written.
type Member<'a> = (Cow<'a, str>, &'a str);

/// The members of an object; none of anything else.
pub(crate) fn members(text: &str) -> Result<Option<Vec<Member<'_>>>, Unread> {
    let mut reader = Reader::new(text);
    if reader.peek() != Some(b'{') {
        reader.skip()?;
        return reader.end().map(|()| None);
    }
    let mut members = Vec::new();
    let mut object = Object::enter(&mut reader, &[])?;
    while let Some(key) = object.next_member()? {
        let Key::Name(name) = key else { continue };
        object.reader.expect(b':', "expected `:`")?;
        members.push((name, object.reader.raw()?));
    }
    object.leave();
    reader.end().map(|()| Some(members))
}

/// The elements of a list, as they are written; none of anything else.
pub(crate) fn elements(text: &str) -> Result<Option<Vec<&str>>, Unread> {
    let mut reader = Reader::new(text);
    if reader.peek() != Some(b'[') {
        reader.skip()?;
        return reader.end().map(|()| None);
    }
    let mut elements = Vec::new();
    let mut list = List::enter(&mut reader)?;
    while list.is_more()? {
        elements.push(list.reader.raw()?);
    }
    list.leave();
    reader.end().map(|()| Some(elements))
}

/// A text, and how far it is read.
pub(crate) struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: u32,
    orders: Vec<Order>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self::at(text, 0)
    }

    /// Reads on from a place in a text.
    pub(crate) const fn at(text: &'a str, position: usize) -> Self {
        Self {
            text,
            position,
            depth: 0,
            orders: Vec::new(),
        }
    }

    /// How far it is read.
    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// Passes the byte over that was looked at.
    pub(crate) const fn pass(&mut self) {
        self.position += 1;
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// The next byte that is no white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.skip_white_space(),
        }
    }

    fn skip_white_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.position += 1;
        }
        None
    }

    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), Unread> {
        if self.peek() == Some(byte) {
            self.position += 1;
            Ok(())
        } else {
            Err(self.wrong(otherwise))
        }
    }

    fn end(&mut self) -> Result<(), Unread> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("trailing characters")),
        }
    }

    /// This is not JSON, from here on.
    #[cold]
    pub(crate) fn wrong(&self, what: &'static str) -> Unread {
        Unread::not_json(self.text, self.position, what)
    }

    fn deeper(&mut self) -> Result<(), Unread> {
        self.position += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("nested too deep"));
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Unread> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        if rest.starts_with(word) {
            self.position += word.len();
            return Ok(());
        }
        if word.starts_with(rest) {
            self.position = self.text.len();
        }
        Err(self.wrong("expected a value"))
    }

    /// Passes a value over, and is content with any depth.
    fn skip(&mut self) -> Result<(), Unread> {
        let mut closing = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => self.skip_string()?,
                Some(opening @ (b'{' | b'[')) => {
                    self.position += 1;
                    let close = if opening == b'{' { b'}' } else { b']' };
                    if self.peek() != Some(close) {
                        closing.push(close);
                        self.skip_key(close)?;
                        continue;
                    }
                    self.position += 1;
                }
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                Some(b'-' | b'0'..=b'9') => number::skip(self)?,
                _ => return Err(self.wrong("expected a value")),
            }
            loop {
                let Some(close) = closing.last().copied() else {
                    return Ok(());
                };
                match self.peek() {
                    Some(b',') => {
                        self.position += 1;
                        self.skip_key(close)?;
                        break;
                    }
                    Some(byte) if byte == close => {
                        self.position += 1;
                        closing.pop();
                    }
                    _ => return Err(self.wrong("expected `,` or the end of a list or an object")),
                }
            }
        }
    }

    /// Passes over the key of a member, if it is an object that will be closed.
    fn skip_key(&mut self, close: u8) -> Result<(), Unread> {
        if close == b']' {
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return Err(self.wrong("expected a key in quotes"));
        }
        self.skip_string()?;
        self.expect(b':', "expected `:`")
    }

    /// A value as it is written.
    pub(crate) fn raw(&mut self) -> Result<&'a str, Unread> {
        self.peek();
        let start = self.position;
        self.skip()?;
        Ok(self.text.get(start..self.position).unwrap_or_default())
    }
}

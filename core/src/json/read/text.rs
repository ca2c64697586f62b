//! What does a string say?

use super::{Reader, Unread};
use crate::bytes::{self, Eight, Marks};
use std::borrow::Cow;

/// Marks what ends a string, or doesn't stand for itself in it.
#[inline]
fn may_be_special(eight: Eight) -> Marks {
    eight.below_or_equal_to(0x20, [b'"', b'\\'])
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\')
}

/// Whether two names are the same; eight bytes are compared at a time.
#[inline]
pub(super) fn is_same(left: &str, right: &str) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (left, left_tail) = left.as_bytes().as_chunks::<8>();
    let (right, right_tail) = right.as_bytes().as_chunks::<8>();
    let are_same = |(left, right): (&[u8; 8], &[u8; 8])| {
        u64::from_le_bytes(*left) == u64::from_le_bytes(*right)
    };
    left.iter().zip(right).all(are_same)
        && left_tail
            .iter()
            .zip(right_tail)
            .all(|(left, right)| left == right)
}

impl<'a> Reader<'a> {
    /// The string that begins here, with its quote.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Unread> {
        let start = self.position + 1;
        self.position = start;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        if let Some(length) = bytes::position(rest, may_be_special, is_special) {
            self.position = start + length;
            if self.byte() == Some(b'"') {
                self.position += 1;
                let text = self.text.get(start..start + length);
                return Ok(Cow::Borrowed(text.unwrap_or_default()));
            }
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// The string from `start` on, of which only what is before the current position stands for itself.
    #[cold]
    fn escaped(&mut self, start: usize) -> Result<String, Unread> {
        let mut text = String::new();
        let mut plain = start;
        loop {
            self.plain()?;
            text.push_str(self.text.get(plain..self.position).unwrap_or_default());
            let is_end = self.byte() == Some(b'"');
            self.position += 1;
            if is_end {
                return Ok(text);
            }
            text.push(self.escape()?);
            plain = self.position;
        }
    }

    /// Goes on to the quote at the end, or to the next escape.
    fn plain(&mut self) -> Result<(), Unread> {
        let rest = self
            .text
            .as_bytes()
            .get(self.position..)
            .unwrap_or_default();
        let length = bytes::position(rest, may_be_special, is_special);
        self.position += length.unwrap_or(rest.len());
        match self.byte() {
            Some(b'"' | b'\\') => Ok(()),
            _ => Err(self.wrong("a control character is written as an escape")),
        }
    }

    /// The character of an escape, behind its backslash.
    fn escape(&mut self) -> Result<char, Unread> {
        let letter = self.byte();
        self.position += 1;
        Ok(match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.unit()?;
                return self.character(unit);
            }
            _ => {
                self.position -= 1;
                return Err(self.wrong("there is no such escape"));
            }
        })
    }

    fn unit(&mut self) -> Result<u16, Unread> {
        let digits = self.text.get(self.position..self.position + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else {
            if self.text.len() < self.position + 4 {
                self.position = self.text.len();
            }
            return Err(self.wrong("four hexadecimal digits follow `\\u`"));
        };
        self.position += 4;
        Ok(unit)
    }

    fn character(&mut self, unit: u16) -> Result<char, Unread> {
        let pair = match unit {
            0xD800..=0xDBFF => {
                let rest = self.text.as_bytes().get(self.position..);
                if rest.is_none_or(|rest| !rest.starts_with(b"\\u")) {
                    return Err(self.wrong("a surrogate stands alone"));
                }
                self.position += 2;
                [unit, self.unit()?]
            }
            _ => [unit, 0],
        };
        let mut characters = char::decode_utf16(pair);
        let character = characters.next().and_then(Result::ok);
        character.ok_or_else(|| self.wrong("a surrogate stands alone"))
    }

    /// Passes over the string that begins here; surrogates in it may stand alone.
    pub(super) fn skip_string(&mut self) -> Result<(), Unread> {
        self.position += 1;
        loop {
            self.plain()?;
            let is_end = self.byte() == Some(b'"');
            self.position += 1;
            if is_end {
                return Ok(());
            }
            if self.byte() == Some(b'u') {
                self.position += 1;
                self.unit()?;
            } else {
                self.escape()?;
            }
        }
    }
}

//! What does a string say?

use super::{Reader, Unread};
use crate::bytes::end_of_plain;
use std::borrow::Cow;

/// Whether two names of one length are the same; several bytes are compared at a time.
#[inline]
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    if let (Some(left_end), Some(right_end)) = (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        let are_same = |(left, right): (&[u8; 8], &[u8; 8])| eight(left) == eight(right);
        return eight(left_end) == eight(right_end)
            && left
                .as_chunks()
                .0
                .iter()
                .zip(right.as_chunks().0)
                .all(are_same);
    }
    if let (Some(left_end), Some(right_end)) = (left.last_chunk::<4>(), right.last_chunk::<4>())
        && let (Some(left), Some(right)) = (left.first_chunk::<4>(), right.first_chunk::<4>())
    {
        return four(left_end) == four(right_end) && four(left) == four(right);
    }
    left.iter().zip(right).all(|(left, right)| left == right)
}

#[inline]
const fn eight(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

#[inline]
const fn four(bytes: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*bytes)
}

impl<'a> Reader<'a> {
    /// Passes over the string that begins here, if it is this name, which needs no escapes.
    #[inline]
    pub(super) fn pass_name(&mut self, name: &str) -> bool {
        let bytes = self.text.as_bytes().get(self.position + 1..);
        let Some((found, behind)) = bytes.and_then(|bytes| bytes.split_at_checked(name.len()))
        else {
            return false;
        };
        let is_name = behind.first() == Some(&b'"') && is_same(found, name.as_bytes());
        if is_name {
            self.position += name.len() + 2;
        }
        is_name
    }

    /// The string that begins here, with its quote.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Unread> {
        let start = self.position + 1;
        let end = end_of_plain(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.position = end + 1;
            return Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()));
        }
        self.position = end;
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
        self.position = end_of_plain(self.text.as_bytes(), self.position);
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

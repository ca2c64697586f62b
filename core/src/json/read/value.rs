//! What does a value say to serde?

use super::nested::{List, Object};
use super::{Reader, Unread, number};
use serde::de::{Deserializer, Error as _, Expected, Unexpected, Visitor};
use std::borrow::Cow;

/// A value that holds no other.
pub(super) enum Scalar<'a> {
    Null,
    Flag(bool),
    Whole(u64),
    Negative(i64),
    Fraction(f64),
    Text(Cow<'a, str>),
}

impl<'a> Scalar<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Unread> {
        match reader.peek() {
            Some(b'"') => reader.string().map(Self::Text),
            Some(b't') => reader.word("true").map(|()| Self::Flag(true)),
            Some(b'f') => reader.word("false").map(|()| Self::Flag(false)),
            Some(b'n') => reader.word("null").map(|()| Self::Null),
            Some(b'-' | b'0'..=b'9') => number::read(reader),
            _ => Err(reader.wrong("expected a value")),
        }
    }

    fn as_unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Flag(flag) => Unexpected::Bool(*flag),
            Self::Whole(number) => Unexpected::Unsigned(*number),
            Self::Negative(number) => Unexpected::Signed(*number),
            Self::Fraction(number) => Unexpected::Float(*number),
            Self::Text(text) => Unexpected::Str(text),
        }
    }

    #[inline]
    fn give<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Flag(flag) => visitor.visit_bool(flag),
            Self::Whole(number) => visitor.visit_u64(number),
            Self::Negative(number) => visitor.visit_i64(number),
            Self::Fraction(number) => visitor.visit_f64(number),
            Self::Text(text) => give(text, visitor),
        }
    }
}

/// A text that may be borrowed from the document.
#[inline]
pub(super) fn give<'a, V: Visitor<'a>>(text: Cow<'a, str>, visitor: V) -> Result<V::Value, Unread> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl Reader<'_> {
    /// What is here, as far as it isn't what was expected.
    #[cold]
    fn unexpected(&mut self, expected: &dyn Expected) -> Unread {
        match self.peek() {
            Some(b'[') => Unread::invalid_type(Unexpected::Seq, expected),
            Some(b'{') => Unread::invalid_type(Unexpected::Map, expected),
            _ => match Scalar::read(self) {
                Ok(scalar) => Unread::invalid_type(scalar.as_unexpected(), expected),
                Err(error) => error,
            },
        }
    }
}

impl<'a> Deserializer<'a> for &mut Reader<'a> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            Some(b'"') => give(self.string()?, visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            _ => Scalar::read(self)?.give(visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            Some(b'"') => give(self.string()?, visitor),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            Some(b't') => {
                self.word("true")?;
                visitor.visit_bool(true)
            }
            Some(b'f') => {
                self.word("false")?;
                visitor.visit_bool(false)
            }
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.peek() != Some(b'[') {
            return Err(self.unexpected(&visitor));
        }
        let mut list = List::enter(self)?;
        let value = visitor.visit_seq(&mut list)?;
        if list.is_more()? {
            return Err(Unread::custom("it has more elements than it can have"));
        }
        list.leave();
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        if self.peek() != Some(b'{') {
            return Err(self.unexpected(&visitor));
        }
        let mut object = Object::enter(self, fields)?;
        let value = visitor.visit_map(&mut object)?;
        object.leave();
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.skip()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

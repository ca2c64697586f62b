//! How is a document read? As `serde_json` does, but with the costs of a module in mind: a field's name is compared with the one
//! that came next the last time, eight bytes at a time, and told by its place; a record is only ever an object.

mod error;
mod number;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use error::{Unread, joined};

use error::Segment;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use std::borrow::Cow;
use text::is_same;

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

/// In which order the fields of a sort of record come: of each, and of the beginning, the one that came next the last time.
struct Order {
    fields: &'static [&'static str],
    next: Vec<usize>,
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

    /// The place of the order in which these fields come.
    fn order(&mut self, fields: &'static [&'static str]) -> usize {
        let is_it = |order: &Order| std::ptr::eq(order.fields, fields);
        self.orders.iter().position(is_it).unwrap_or_else(|| {
            let next = (0..=fields.len()).collect();
            self.orders.push(Order { fields, next });
            self.orders.len() - 1
        })
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

/// A value that holds no other.
enum Scalar<'a> {
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
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
        }
    }
}

impl<'a> Deserializer<'a> for &mut Reader<'a> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            _ => Scalar::read(self)?.give(visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
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

/// A list that is being read.
struct List<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// How many elements were begun.
    count: usize,
    is_ended: bool,
}

impl<'r, 'a> List<'r, 'a> {
    fn enter(reader: &'r mut Reader<'a>) -> Result<Self, Unread> {
        reader.deeper()?;
        Ok(Self {
            reader,
            count: 0,
            is_ended: false,
        })
    }

    /// Goes on to the next element, if there is one.
    fn is_more(&mut self) -> Result<bool, Unread> {
        if self.is_ended {
            return Ok(false);
        }
        match self.reader.peek() {
            Some(b']') => {
                self.reader.position += 1;
                self.is_ended = true;
                return Ok(false);
            }
            Some(b',') if self.count > 0 => self.reader.position += 1,
            Some(_) if self.count == 0 => {}
            _ => return Err(self.reader.wrong("expected `,` or `]`")),
        }
        self.count += 1;
        Ok(true)
    }

    const fn leave(self) {
        self.reader.depth -= 1;
    }
}

impl<'a> SeqAccess<'a> for &mut List<'_, 'a> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unread> {
        if !self.is_more()? {
            return Ok(None);
        }
        match seed.deserialize(&mut *self.reader) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.inside(Segment::Place(self.count - 1))),
        }
    }
}

/// An object that is being read.
struct Object<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// Where the order of its fields is kept; of no use if it may have any.
    order: usize,
    /// From 1 on, the field that was read last; 0 at the beginning.
    last: usize,
    is_first: bool,
    /// Where the key before the value is.
    key: usize,
}

/// The key of a member.
enum Key<'a> {
    /// The place of the field.
    Field(usize),
    Name(Cow<'a, str>),
}

impl<'r, 'a> Object<'r, 'a> {
    fn enter(reader: &'r mut Reader<'a>, fields: &'static [&'static str]) -> Result<Self, Unread> {
        reader.deeper()?;
        let order = reader.order(fields);
        Ok(Self {
            reader,
            order,
            last: 0,
            is_first: true,
            key: 0,
        })
    }

    /// Goes on to the next member, if there is one.
    fn next_member(&mut self) -> Result<Option<Key<'a>>, Unread> {
        let is_first = std::mem::take(&mut self.is_first);
        match self.reader.peek() {
            Some(b'}') => {
                self.reader.position += 1;
                return Ok(None);
            }
            Some(b',') if !is_first => {
                self.reader.position += 1;
                self.reader.peek();
            }
            Some(_) if is_first => {}
            _ => return Err(self.reader.wrong("expected `,` or `}`")),
        }
        if self.reader.byte() != Some(b'"') {
            return Err(self.reader.wrong("expected a key in quotes"));
        }
        self.key = self.reader.position;
        let likely = self.likely();
        if let Some((place, name)) = likely
            && self.reader.pass_name(name)
        {
            self.last = place + 1;
            return Ok(Some(Key::Field(place)));
        }
        self.other_key().map(Some)
    }

    /// The field that came next the last time.
    #[inline]
    fn likely(&self) -> Option<(usize, &'static str)> {
        let order = self.reader.orders.get(self.order)?;
        let place = *order.next.get(self.last)?;
        Some((place, order.fields.get(place)?))
    }

    /// A key that isn't the likely one.
    fn other_key(&mut self) -> Result<Key<'a>, Unread> {
        let name = self.reader.string()?;
        let is_name =
            |field: &&str| field.len() == name.len() && is_same(field.as_bytes(), name.as_bytes());
        if let Some(order) = self.reader.orders.get_mut(self.order)
            && let Some(place) = order.fields.iter().position(is_name)
        {
            if let Some(next) = order.next.get_mut(self.last) {
                *next = place;
            }
            self.last = place + 1;
            return Ok(Key::Field(place));
        }
        Ok(Key::Name(name))
    }

    /// Ends it, once its last key was read.
    const fn leave(self) {
        self.reader.depth -= 1;
    }

    /// The key before the value, for an error's path.
    #[cold]
    fn segment(&self) -> Segment<'a> {
        let mut reader = Reader::new(self.reader.text);
        reader.position = self.key;
        Segment::Key(reader.string().unwrap_or_default())
    }
}

impl<'a> MapAccess<'a> for &mut Object<'_, 'a> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unread> {
        match self.next_member()? {
            Some(key) => match seed.deserialize(key) {
                Ok(key) => Ok(Some(key)),
                Err(error) => Err(error.inside(self.segment())),
            },
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        self.reader.expect(b':', "expected `:`")?;
        match seed.deserialize(&mut *self.reader) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.inside(self.segment())),
        }
    }
}

impl<'a> Deserializer<'a> for Key<'a> {
    type Error = Unread;

    #[inline]
    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self {
            Self::Field(place) => visitor.visit_u64(place as u64),
            Self::Name(Cow::Borrowed(name)) => visitor.visit_borrowed_str(name),
            Self::Name(Cow::Owned(name)) => visitor.visit_string(name),
        }
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

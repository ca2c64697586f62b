//! What is in a list or an object?

use super::error::Segment;
use super::text::is_same;
use super::value::give;
use super::{Reader, Unread};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;

/// In which order the fields of a sort of record come: of each, and of the beginning, the one that came next the last time.
pub(super) struct Order {
    fields: &'static [&'static str],
    next: Vec<usize>,
}

/// The place of the order in which these fields come.
fn order_of(orders: &mut Vec<Order>, fields: &'static [&'static str]) -> usize {
    let is_it = |order: &Order| std::ptr::eq(order.fields, fields);
    orders.iter().position(is_it).unwrap_or_else(|| {
        let next = (0..=fields.len()).collect();
        orders.push(Order { fields, next });
        orders.len() - 1
    })
}

/// A list that is being read.
pub(super) struct List<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    /// How many elements were begun.
    count: usize,
    is_ended: bool,
}

impl<'r, 'a> List<'r, 'a> {
    pub(super) fn enter(reader: &'r mut Reader<'a>) -> Result<Self, Unread> {
        reader.deeper()?;
        Ok(Self {
            reader,
            count: 0,
            is_ended: false,
        })
    }

    /// Goes on to the next element, if there is one.
    pub(super) fn is_more(&mut self) -> Result<bool, Unread> {
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

    pub(super) const fn leave(self) {
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
pub(super) struct Object<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    /// Where the order of its fields is kept; of no use if it may have any.
    order: usize,
    /// From 1 on, the field that was read last; 0 at the beginning.
    last: usize,
    is_first: bool,
    /// Where the key before the value is.
    key: usize,
}

/// The key of a member.
pub(super) enum Key<'a> {
    /// The place of the field.
    Field(usize),
    Name(Cow<'a, str>),
}

impl<'r, 'a> Object<'r, 'a> {
    pub(super) fn enter(
        reader: &'r mut Reader<'a>,
        fields: &'static [&'static str],
    ) -> Result<Self, Unread> {
        reader.deeper()?;
        let order = order_of(&mut reader.orders, fields);
        Ok(Self {
            reader,
            order,
            last: 0,
            is_first: true,
            key: 0,
        })
    }

    /// Goes on to the next member, if there is one.
    pub(super) fn next_member(&mut self) -> Result<Option<Key<'a>>, Unread> {
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
    pub(super) const fn leave(self) {
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
            Self::Name(name) => give(name, visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

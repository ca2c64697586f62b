//! How a record is held: packed, since an org may hold a million of them.

use std::borrow::Cow;

use jiff::civil::Date;

use super::id::RecordId;
use super::schema::{
    CREATED_BY, CREATED_DATE, ID, IS_DELETED, MODIFIED_BY, MODIFIED_DATE, SYSTEM_FIELDS,
    SYSTEM_MODSTAMP,
};
use super::value::Value;

/// What every record has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct System {
    pub(super) id: RecordId,
    pub(super) is_deleted: bool,
    pub(super) created: i64,
    pub(super) created_by: RecordId,
    pub(super) modified: i64,
    pub(super) modified_by: RecordId,
}

/// One record: its system fields, and its own fields that aren't null, one behind the other as
/// place, tag and payload.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) system: System,
    packed: Box<[u8]>,
}

const FALSE: u8 = 0;
const TRUE: u8 = 1;
const INT: u8 = 2;
const DOUBLE: u8 = 3;
const DATE: u8 = 4;
const INSTANT: u8 = 5;
const REFERENCE: u8 = 6;
const TEXT: u8 = 7;

impl Row {
    /// Packs the values, which stand at the places of their fields.
    pub(super) fn new(system: System, values: &[Value<'_>]) -> Self {
        let mut packed = Vec::with_capacity(256);
        for (place, value) in values.iter().enumerate().skip(SYSTEM_FIELDS) {
            if let Ok(place) = u8::try_from(place) {
                pack(&mut packed, place, value);
            }
        }
        Self {
            system,
            packed: packed.into_boxed_slice(),
        }
    }

    /// The value of the field at a place.
    pub(super) fn value(&self, place: usize) -> Value<'_> {
        match place {
            ID => Value::Id(self.system.id),
            IS_DELETED => Value::Bool(self.system.is_deleted),
            CREATED_DATE => Value::Instant(self.system.created),
            CREATED_BY => Value::Id(self.system.created_by),
            MODIFIED_DATE | SYSTEM_MODSTAMP => Value::Instant(self.system.modified),
            MODIFIED_BY => Value::Id(self.system.modified_by),
            own => Unpack(&self.packed)
                .find(|(at, _)| usize::from(*at) == own)
                .map_or(Value::Null, |(_, value)| value),
        }
    }

    /// All values, at the places of their fields.
    pub(super) fn values(&self, fields: usize) -> Vec<Value<'static>> {
        let mut values: Vec<_> = (0..fields.min(SYSTEM_FIELDS))
            .map(|place| self.value(place).into_owned())
            .collect();
        values.resize(fields, Value::Null);
        for (place, value) in Unpack(&self.packed) {
            if let Some(slot) = values.get_mut(usize::from(place)) {
                *slot = value.into_owned();
            }
        }
        values
    }
}

fn pack(packed: &mut Vec<u8>, place: u8, value: &Value<'_>) {
    let mut put = |tag: u8, payload: &[u8]| {
        packed.extend([place, tag]);
        packed.extend(payload);
    };
    match value {
        Value::Null => {}
        Value::Bool(value) => put(u8::from(*value), &[]),
        Value::Int(value) => put(INT, &value.to_le_bytes()),
        Value::Double(value) => put(DOUBLE, &value.to_le_bytes()),
        Value::Date(date) => {
            let [low, high] = date.year().to_le_bytes();
            put(
                DATE,
                &[
                    low,
                    high,
                    date.month().unsigned_abs(),
                    date.day().unsigned_abs(),
                ],
            );
        }
        Value::Instant(second) => put(INSTANT, &second.to_le_bytes()),
        Value::Id(id) => put(REFERENCE, id.bytes()),
        Value::Text(text) => {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            put(TEXT, &length.to_le_bytes());
            packed.extend(text.bytes().take(length as usize));
        }
    }
}

/// Walks over packed fields.
struct Unpack<'a>(&'a [u8]);

impl<'a> Unpack<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn value(&mut self, tag: u8) -> Option<Value<'a>> {
        Some(match tag {
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            INT => Value::Int(i64::from_le_bytes(self.take()?)),
            DOUBLE => Value::Double(f64::from_le_bytes(self.take()?)),
            DATE => {
                let [low, high, month, day] = self.take()?;
                Value::Date(
                    Date::new(i16::from_le_bytes([low, high]), month as i8, day as i8).ok()?,
                )
            }
            INSTANT => Value::Instant(i64::from_le_bytes(self.take()?)),
            REFERENCE => Value::Id(RecordId::from_bytes(self.take()?)),
            TEXT => {
                let length = u32::from_le_bytes(self.take()?) as usize;
                let (text, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Value::Text(Cow::Borrowed(std::str::from_utf8(text).ok()?))
            }
            _ => return None,
        })
    }
}

impl<'a> Iterator for Unpack<'a> {
    type Item = (u8, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let [place, tag] = self.take()?;
        Some((place, self.value(tag)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        let id = RecordId::new("00T", 1);
        let system = System {
            id,
            is_deleted: false,
            created: 1,
            created_by: id,
            modified: 2,
            modified_by: id,
        };
        let mut values = vec![Value::Null; SYSTEM_FIELDS];
        values.extend([
            Value::text("Füße"),
            Value::Null,
            Value::Bool(true),
            Value::Bool(false),
            Value::Int(-7),
            Value::Double(0.5),
            Value::Date(jiff::civil::date(2026, 9, 19)),
            Value::Instant(1_790_000_000),
            Value::Id(id),
            Value::text(""),
        ]);
        let row = Row::new(system, &values);
        let fields = values.len();
        assert_eq!(row.values(fields)[SYSTEM_FIELDS..], values[SYSTEM_FIELDS..]);
        for (place, value) in values.iter().enumerate().skip(SYSTEM_FIELDS) {
            assert_eq!(&row.value(place), value);
        }
        assert_eq!(row.value(SYSTEM_MODSTAMP), Value::Instant(2));
    }
}

//! How is a plan written? As `serde_json` does, but with the costs of a module in mind: under WebAssembly every copy of
//! a length that isn't known beforehand is a call, so names are written as the constants they are, short texts eight bytes at a time.

use super::ecmascript_number;
use crate::bytes::{self, Eight};
use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer,
};
use std::fmt::{self, Display, Write};

/// Appends a value: objects, lists, strings, numbers, flags and null. A plan is made of nothing else.
///
/// # Errors
/// For a value of another sort.
pub(crate) fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), Unwritten> {
    value.serialize(Json { out })
}

/// The value is of a sort that plans don't hold, so nothing writes it.
#[derive(Debug)]
pub(crate) struct Unwritten;

impl Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value is of a sort that a plan doesn't hold")
    }
}

impl std::error::Error for Unwritten {}

impl ser::Error for Unwritten {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

struct Json<'o> {
    out: &'o mut Vec<u8>,
}

/// An object or a list that is being written.
struct Compound<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
    end: u8,
}

impl<'o> Compound<'o> {
    #[inline]
    fn begin(out: &'o mut Vec<u8>, begin: u8, end: u8) -> Self {
        out.push(begin);
        Self {
            out,
            is_empty: true,
            end,
        }
    }

    #[inline]
    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
    }

    #[inline]
    fn finish(self) {
        self.out.push(self.end);
    }
}

impl SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = Unwritten;

    // The name's length is known only where it is called from.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritten> {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        append(self.out, value)
    }

    #[inline]
    fn end(self) -> Result<(), Unwritten> {
        self.finish();
        Ok(())
    }
}

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Unwritten;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritten> {
        self.separate();
        append(self.out, key)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritten> {
        self.out.push(b':');
        append(self.out, value)
    }

    #[inline]
    fn end(self) -> Result<(), Unwritten> {
        self.finish();
        Ok(())
    }
}

impl SerializeSeq for Compound<'_> {
    type Ok = ();
    type Error = Unwritten;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritten> {
        self.separate();
        append(self.out, value)
    }

    #[inline]
    fn end(self) -> Result<(), Unwritten> {
        self.finish();
        Ok(())
    }
}

type Nothing = Impossible<(), Unwritten>;

impl<'o> Serializer for Json<'o> {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = Compound<'o>;
    type SerializeMap = Compound<'o>;
    type SerializeStruct = Compound<'o>;
    type SerializeTuple = Nothing;
    type SerializeTupleStruct = Nothing;
    type SerializeTupleVariant = Nothing;
    type SerializeStructVariant = Nothing;

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Unwritten> {
        self.out.push(b'"');
        escape(self.out, text);
        self.out.push(b'"');
        Ok(())
    }
    fn collect_str<T: Display + ?Sized>(self, text: &T) -> Result<(), Unwritten> {
        self.out.push(b'"');
        write!(Escaped(self.out), "{text}").map_err(|fmt::Error| Unwritten)?;
        self.out.push(b'"');
        Ok(())
    }
    fn serialize_bool(self, flag: bool) -> Result<(), Unwritten> {
        self.out
            .extend_from_slice(if flag { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_u64(self, number: u64) -> Result<(), Unwritten> {
        write!(Escaped(self.out), "{number}").map_err(|fmt::Error| Unwritten)
    }
    fn serialize_i64(self, number: i64) -> Result<(), Unwritten> {
        write!(Escaped(self.out), "{number}").map_err(|fmt::Error| Unwritten)
    }
    fn serialize_unit(self) -> Result<(), Unwritten> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Unwritten> {
        self.serialize_unit()
    }
    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritten> {
        value.serialize(self)
    }
    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritten> {
        value.serialize(self)
    }
    #[inline]
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Unwritten> {
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'"');
        Ok(())
    }
    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'o>, Unwritten> {
        Ok(Compound::begin(self.out, b'[', b']'))
    }
    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'o>, Unwritten> {
        Ok(Compound::begin(self.out, b'{', b'}'))
    }
    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'o>, Unwritten> {
        Ok(Compound::begin(self.out, b'{', b'}'))
    }
    fn serialize_u8(self, number: u8) -> Result<(), Unwritten> {
        self.serialize_u64(number.into())
    }
    fn serialize_u16(self, number: u16) -> Result<(), Unwritten> {
        self.serialize_u64(number.into())
    }
    fn serialize_u32(self, number: u32) -> Result<(), Unwritten> {
        self.serialize_u64(number.into())
    }
    fn serialize_i8(self, number: i8) -> Result<(), Unwritten> {
        self.serialize_i64(number.into())
    }
    fn serialize_i16(self, number: i16) -> Result<(), Unwritten> {
        self.serialize_i64(number.into())
    }
    fn serialize_i32(self, number: i32) -> Result<(), Unwritten> {
        self.serialize_i64(number.into())
    }
    fn serialize_char(self, character: char) -> Result<(), Unwritten> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritten> {
        self.serialize_unit()
    }
    fn serialize_f32(self, number: f32) -> Result<(), Unwritten> {
        self.serialize_f64(number.into())
    }
    fn serialize_f64(self, number: f64) -> Result<(), Unwritten> {
        self.out
            .extend_from_slice(ecmascript_number(number).as_bytes());
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unwritten> {
        Err(Unwritten)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unwritten> {
        Err(Unwritten)
    }
    fn serialize_tuple(self, _: usize) -> Result<Nothing, Unwritten> {
        Err(Unwritten)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Nothing, Unwritten> {
        Err(Unwritten)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Nothing, Unwritten> {
        Err(Unwritten)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Nothing, Unwritten> {
        Err(Unwritten)
    }
}

/// What is formatted goes straight to where it belongs.
struct Escaped<'o>(&'o mut Vec<u8>);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

/// Appends a text as it stands between quotes: long texts by a call for what is plain, short ones without any.
fn escape(out: &mut Vec<u8>, text: &str) {
    const LONG: usize = 64;
    let text = text.as_bytes();
    let short = if text.len() < LONG {
        text
    } else {
        escape_long(out, text, LONG)
    };
    let (chunks, tail) = short.as_chunks::<8>();
    for chunk in chunks {
        if is_plain(Eight::new(*chunk)) {
            out.extend_from_slice(chunk);
        } else {
            escape_each(out, chunk);
        }
    }
    escape_tail(out, tail);
}

/// Appends a text but for its end, which is shorter than `long`.
#[inline(never)]
fn escape_long<'t>(out: &mut Vec<u8>, text: &'t [u8], long: usize) -> &'t [u8] {
    let mut rest = text;
    while rest.len() >= long {
        let length = bytes::end_of_plain(rest, 0);
        let (plain, special) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        rest = special;
        if let Some((byte, behind)) = special.split_first() {
            escape_byte(out, *byte);
            rest = behind;
        }
    }
    rest
}

/// Fewer than eight bytes: padded to eight, of which the padding is taken back.
#[inline]
fn escape_tail(out: &mut Vec<u8>, tail: &[u8]) {
    let blank = u64::from_ne_bytes([b' '; 8]);
    let eight = tail
        .iter()
        .rev()
        .fold(blank, |behind, byte| behind << 8 | u64::from(*byte));
    let eight = eight.to_le_bytes();
    if is_plain(Eight::new(eight)) {
        let end = out.len() + tail.len();
        out.extend_from_slice(&eight);
        out.truncate(end);
    } else {
        escape_each(out, tail);
    }
}

// Rarely called: inlined it would take registers from the loop.
#[inline(never)]
fn escape_each(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        if bytes::is_special_in_json(*byte) {
            escape_byte(out, *byte);
        } else {
            out.push(*byte);
        }
    }
}

/// Whether all of it can stand between quotes.
#[inline]
fn is_plain(eight: Eight) -> bool {
    eight.below_or_equal_to(0x20, [b'"', b'\\']).is_none()
}

fn escape_byte(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        0x08 => b'b',
        0x09 => b't',
        0x0A => b'n',
        0x0C => b'f',
        0x0D => b'r',
        b'"' | b'\\' => byte,
        _ => {
            let digit = |number: u8| b"0123456789abcdef".get(usize::from(number));
            out.extend_from_slice(b"\\u00");
            out.extend(digit(byte >> 4));
            out.extend(digit(byte & 15));
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::append;
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Everything<'a> {
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<bool>,
        list: Vec<Option<bool>>,
        nothing: (),
        numbers: BTreeMap<&'a str, i64>,
    }

    fn written<T: Serialize>(value: &T) -> String {
        let mut out = Vec::new();
        append(&mut out, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    proptest! {
        /// serde_json writes the same.
        #[test]
        fn texts_and_numbers_are_written_as_serde_json_does(text in "(\\PC|[\\x00-\\x1F\"\\\\]){0,80}", number in any::<i64>()) {
            prop_assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
            prop_assert_eq!(written(&number), serde_json::to_string(&number).unwrap());
        }
    }

    #[test]
    fn every_byte_is_escaped_as_serde_json_does_wherever_it_stands() {
        for byte in 0..0x80_u8 {
            for place in 0..20 {
                let text = format!(
                    "{}{}{}",
                    "a".repeat(place),
                    char::from(byte),
                    "é".repeat(place)
                );
                assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn objects_and_lists_are_written_as_serde_json_does() {
        for (text, list) in [("", vec![]), ("a", vec![Some(true), None, Some(false)])] {
            let value = Everything {
                text,
                absent: None,
                list,
                nothing: (),
                numbers: BTreeMap::from([("a", 1), ("b\"", -2)]),
            };
            assert_eq!(written(&value), serde_json::to_string(&value).unwrap());
        }
    }

    #[test]
    fn fractions_are_written_as_ecmascript_does() {
        assert_eq!(written(&vec![1.5, -2e-7, 3.0]), "[1.5,-2e-7,3]");
    }

    #[test]
    fn what_json_does_not_say_is_refused() {
        assert!(append(&mut Vec::new(), &(1, 2)).is_err());
    }
}

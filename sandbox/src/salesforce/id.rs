//! Record ids: three characters of prefix, twelve that count, three that guard the case.

use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The id of a record: its fifteen case-sensitive characters. It is written with its three
/// characters of checksum, and read with or without them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; 15]);

impl RecordId {
    /// The id that an org gives the `number`th record of the sobject whose prefix is `prefix`.
    /// Characters of the prefix that an id can't have become `0`.
    pub fn new(prefix: &str, number: u64) -> Self {
        let mut characters = [b'0'; 15];
        for (place, character) in characters.iter_mut().zip(prefix.bytes().take(3)) {
            if character.is_ascii_alphanumeric() {
                *place = character;
            }
        }
        let mut rest = number;
        for place in characters.iter_mut().skip(3).rev() {
            *place = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        Self(characters)
    }

    /// Reads an id of 15 characters, or of 18 whose checksum is right.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let characters: [u8; 15] = bytes.get(..15)?.try_into().ok()?;
        let id = Self(characters);
        match bytes.len() {
            15 => Some(id),
            18 if bytes.get(15..) == Some(&id.checksum()) => Some(id),
            _ => None,
        }
    }

    /// The three characters that tell the sobject.
    pub fn prefix(&self) -> &str {
        std::str::from_utf8(&self.0[..3]).unwrap_or_default()
    }

    /// The id without its checksum, as some messages write it.
    pub fn short(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The number that [`RecordId::new`] was given, if it fits.
    pub fn number(&self) -> Option<u64> {
        self.0[3..].iter().try_fold(0u64, |number, character| {
            let digit = DIGITS.iter().position(|digit| digit == character)?;
            number.checked_mul(62)?.checked_add(digit as u64)
        })
    }

    pub(super) fn bytes(&self) -> &[u8; 15] {
        &self.0
    }

    pub(super) fn from_bytes(bytes: [u8; 15]) -> Self {
        Self(bytes)
    }

    /// Each check character says which of five characters are upper case.
    fn checksum(&self) -> [u8; 3] {
        let mut check = [0; 3];
        for (place, five) in check.iter_mut().zip(self.0.chunks(5)) {
            let upper = five
                .iter()
                .enumerate()
                .fold(0usize, |bits, (bit, character)| {
                    bits | (usize::from(character.is_ascii_uppercase()) << bit)
                });
            *place = CHECK[upper & 31];
        }
        check
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())?;
        f.write_str(std::str::from_utf8(&self.checksum()).unwrap_or_default())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The id of the `number`th record of the sobject whose prefix is `prefix`, with its checksum:
/// `record_id("003", 17)` is a Contact's.
pub fn record_id(prefix: &str, number: u64) -> String {
    RecordId::new(prefix, number).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_salesforce_writes() {
        let written = "0033t00003BtVnUAAV";
        let id = RecordId::parse(written);
        assert_eq!(id.map(|id| id.to_string()).as_deref(), Some(written));
        assert_eq!(id, RecordId::parse(&written[..15]));
        assert_eq!(RecordId::parse("0033t00003BtVnUAAW"), None);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "00T",
            "00T00000000000é",
            "00T000000000001A",
            "00T 00000000001",
            "00T000000000001AAAA",
        ] {
            assert_eq!(RecordId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_count_in_the_order_of_their_ids() {
        assert_eq!(record_id("00T", 0), "00T000000000000EAA");
        assert!(RecordId::new("00T", 61) < RecordId::new("00T", 62));
        assert_eq!(
            RecordId::new("00T", 987_654_321).number(),
            Some(987_654_321)
        );
    }
}

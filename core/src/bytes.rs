//! Which byte of a text is the first of some sort? Eight are looked at together.

/// Of each byte the lowest bit.
const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
/// Of each byte the highest bit.
const HIGH_BITS: u64 = ONES * 0x80;

/// Eight bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Eight(u64);

/// Marks of bytes; behind the first that is one there may be marks that are wrong.
pub(crate) type Marks = u64;

impl Eight {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// Marks the bytes that equal this one.
    #[inline]
    pub(crate) const fn equal_to(self, byte: u8) -> Marks {
        let different = self.0 ^ (ONES * byte as u64);
        different.wrapping_sub(ONES) & !different & HIGH_BITS
    }

    /// Marks the bytes below one, or equal to one of some others; all of them are ASCII.
    #[inline]
    pub(crate) fn below_or_equal_to<const N: usize>(self, limit: u8, others: [u8; N]) -> Marks {
        let marks = others.iter().fold(
            self.0.wrapping_sub(ONES * u64::from(limit)),
            |marks, other| marks | (self.0 ^ (ONES * u64::from(*other))).wrapping_sub(ONES),
        );
        marks & !self.0 & HIGH_BITS
    }

    /// Marks the bytes that equal one of these, which are ASCII.
    #[inline]
    pub(crate) fn equal_to_any<const N: usize>(self, some: [u8; N]) -> Marks {
        self.below_or_equal_to(0, some)
    }

    /// Marks the bytes that may not belong to words: control characters and what is beyond ASCII.
    #[inline]
    pub(crate) fn other_than_words(self) -> Marks {
        self.below_or_equal_to(0x20, [0x7F]) | self.beyond_ascii()
    }

    /// Marks the bytes beyond ASCII.
    #[inline]
    pub(crate) const fn beyond_ascii(self) -> Marks {
        self.0 & HIGH_BITS
    }
}

/// Where the first byte is that `is_one` says; among eight bytes of which `marks` marks none it isn't looked for.
#[inline]
pub(crate) fn position(
    text: &[u8],
    marks: impl Fn(Eight) -> Marks,
    is_one: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (chunks, tail) = text.as_chunks::<8>();
    let mut start = 0;
    for chunk in chunks {
        let mut marks = marks(Eight::new(*chunk));
        while marks != 0 {
            let place = marks.trailing_zeros() as usize / 8;
            if chunk.get(place).is_some_and(|byte| is_one(*byte)) {
                return Some(start + place);
            }
            marks &= marks - 1;
        }
        start += chunk.len();
    }
    let place = tail.iter().position(|byte| is_one(*byte))?;
    Some(start + place)
}

/// Where the first of `ends` is, else the length; and whether nothing but words with single spaces between them is before it:
/// rather no than wrong.
// By itself the loop has all registers.
#[inline(never)]
pub(crate) fn words_before<const N: usize>(text: &[u8], ends: [u8; N]) -> (usize, bool) {
    let are_words = |bytes: &[u8]| {
        let mut before_end = bytes.iter().take_while(|byte| !ends.contains(byte));
        before_end.all(|byte| is_in_words(*byte))
    };
    let (chunks, tail) = text.as_chunks::<8>();
    let (mut length, mut is_words, mut doubled, mut space_before) = (0, true, 0, 0);
    for chunk in chunks {
        let eight = Eight::new(*chunk);
        let spaces = eight.equal_to(b' ');
        let doubled_here = spaces & (spaces << 8 | space_before);
        if eight.other_than_words() != 0 {
            is_words &= are_words(chunk);
        }
        let end = eight.equal_to_any(ends);
        if end != 0 {
            let before_end = end.wrapping_sub(1) & !end;
            let length = length + end.trailing_zeros() as usize / 8;
            return (
                length,
                is_words && (doubled | doubled_here & before_end) == 0,
            );
        }
        (doubled, space_before) = (doubled | doubled_here, spaces >> 56);
        length += chunk.len();
    }
    let mut is_behind_space = space_before != 0;
    is_words &= doubled == 0 && are_words(tail);
    for byte in tail.iter().take_while(|byte| !ends.contains(byte)) {
        let is_space = *byte == b' ';
        is_words &= !(is_space && is_behind_space);
        is_behind_space = is_space;
        length += 1;
    }
    (length, is_words)
}

/// Whether a byte belongs neither to a control character nor to white space other than a space. Beyond ASCII their first bytes tell.
#[inline]
const fn is_in_words(byte: u8) -> bool {
    byte >= b' ' && !matches!(byte, 0x7F | 0xC2 | 0xE1..=0xE3)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{position, words_before};
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn the_first_is_found_wherever_it_is(text in prop::collection::vec(any::<u8>(), 0..40), byte: u8, ascii in 0..0x80_u8) {
            let first = |is_one: &dyn Fn(u8) -> bool| text.iter().position(|byte| is_one(*byte));
            prop_assert_eq!(position(&text, |eight| eight.equal_to(byte), |other| other == byte), first(&|other| other == byte));
            let either = |other: u8| other < ascii || matches!(other, b'"' | b'z');
            prop_assert_eq!(position(&text, |eight| eight.below_or_equal_to(ascii, [b'"', b'z']), either), first(&either));
            prop_assert_eq!(position(&text, super::Eight::beyond_ascii, |other| other >= 0x80), first(&|other| other >= 0x80));
            let either = |other: u8| matches!(other, b'"' | b'z');
            prop_assert_eq!(position(&text, |eight| eight.equal_to_any([b'"', b'z']), either), first(&either));
        }

        #[test]
        fn words_are_single_spaced_and_end_where_they_should(text in "[a ]{0,20}[a !<&é\u{A0}\u{3000}\x1F\x7F ]{0,20}") {
            let (length, is_words) = words_before(text.as_bytes(), [b'<', b'&']);
            let before_end = text.split(['<', '&']).next().unwrap();
            prop_assert_eq!(length, before_end.len());
            let is_in_words = |character: char| character == ' ' || !(character.is_control() || character.is_whitespace());
            let are_words = !before_end.contains("  ") && before_end.chars().all(is_in_words);
            prop_assert!(is_words == are_words || (!is_words && before_end.contains(" !")), "{:?}", text);
        }
    }
}

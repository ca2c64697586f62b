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

    /// Marks the bytes below this one, which is ASCII.
    #[inline]
    pub(crate) const fn below(self, byte: u8) -> Marks {
        self.0.wrapping_sub(ONES * byte as u64) & !self.0 & HIGH_BITS
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
        if marks(Eight::new(*chunk)) != 0
            && let Some(place) = chunk.iter().position(|byte| is_one(*byte))
        {
            return Some(start + place);
        }
        start += chunk.len();
    }
    let place = tail.iter().position(|byte| is_one(*byte))?;
    Some(start + place)
}

/// Whether two such bytes may stand side by side; where it says no, none do.
#[inline]
pub(crate) fn may_be_doubled(text: &[u8], byte: u8) -> bool {
    let (chunks, tail) = text.as_chunks::<8>();
    let mut before = 0;
    for chunk in chunks {
        let marks = Eight::new(*chunk).equal_to(byte);
        if marks & (marks << 8 | before) != 0 {
            return true;
        }
        before = marks >> 56;
    }
    let mut is_before = before != 0;
    tail.iter().any(|other| {
        let was_before = std::mem::replace(&mut is_before, *other == byte);
        was_before && is_before
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{may_be_doubled, position};
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn the_first_is_found_wherever_it_is(text in prop::collection::vec(any::<u8>(), 0..40), byte: u8, ascii in 0..0x80_u8) {
            let first = |is_one: &dyn Fn(u8) -> bool| text.iter().position(|byte| is_one(*byte));
            prop_assert_eq!(position(&text, |eight| eight.equal_to(byte), |other| other == byte), first(&|other| other == byte));
            prop_assert_eq!(position(&text, |eight| eight.below(ascii), |other| other < ascii), first(&|other| other < ascii));
            let either = |other: u8| other < ascii || matches!(other, b'"' | b'z');
            prop_assert_eq!(position(&text, |eight| eight.below_or_equal_to(ascii, [b'"', b'z']), either), first(&either));
            prop_assert_eq!(position(&text, super::Eight::beyond_ascii, |other| other >= 0x80), first(&|other| other >= 0x80));
        }

        #[test]
        fn none_that_is_doubled_is_missed(text in prop::collection::vec(prop::sample::select(vec![b' ', b'!', b'a']), 0..40)) {
            let is_doubled = text.windows(2).any(|pair| pair == b"  ");
            prop_assert!(may_be_doubled(&text, b' ') || !is_doubled);
            if !text.contains(&b'!') {
                prop_assert_eq!(may_be_doubled(&text, b' '), is_doubled);
            }
        }
    }
}

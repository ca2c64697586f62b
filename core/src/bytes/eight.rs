//! Eight bytes in one number.
#![cfg_attr(
    target_feature = "simd128",
    allow(dead_code, reason = "long texts are looked at by sixteen")
)]

use super::marks::Marks;

/// Of each byte the lowest bit.
const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
/// Of each byte the highest bit.
const HIGH_BITS: u64 = ONES * 0x80;

/// Eight bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Eight(u64);

impl Eight {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// Marks the bytes that equal this one.
    #[inline]
    pub(crate) const fn equal_to(self, byte: u8) -> Marks<8, 8> {
        let different = self.0 ^ (ONES * byte as u64);
        Marks(different.wrapping_sub(ONES) & !different & HIGH_BITS)
    }

    /// Marks the bytes below one, or equal to one of some others; all of them are ASCII.
    #[inline]
    pub(crate) fn below_or_equal_to<const N: usize>(
        self,
        limit: u8,
        others: [u8; N],
    ) -> Marks<8, 8> {
        let marks = others.iter().fold(
            self.0.wrapping_sub(ONES * u64::from(limit)),
            |marks, other| marks | (self.0 ^ (ONES * u64::from(*other))).wrapping_sub(ONES),
        );
        Marks(marks & !self.0 & HIGH_BITS)
    }

    /// Marks the bytes that equal one of these, which are ASCII.
    #[inline]
    pub(crate) fn equal_to_any<const N: usize>(self, some: [u8; N]) -> Marks<8, 8> {
        self.below_or_equal_to(0, some)
    }

    /// Marks the bytes that may not belong to words: control characters and what is beyond ASCII.
    #[inline]
    pub(crate) fn other_than_words(self) -> Marks<8, 8> {
        Marks(self.below_or_equal_to(0x20, [0x7F]).0 | self.beyond_ascii().0)
    }

    /// Marks the bytes beyond ASCII.
    #[inline]
    pub(crate) const fn beyond_ascii(self) -> Marks<8, 8> {
        Marks(self.0 & HIGH_BITS)
    }
}

//! Sixteen bytes in one vector, as WebAssembly has them.

use super::marks::Marks;
use core::arch::wasm32::{i8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128, v128_or};

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Sixteen(v128);

impl Sixteen {
    #[inline]
    pub(crate) fn new(bytes: [u8; 16]) -> Self {
        let eights = bytes.as_chunks::<8>().0;
        let eight = |place: usize| {
            eights
                .get(place)
                .map_or(0, |eight| u64::from_le_bytes(*eight))
        };
        Self(u64x2(eight(0), eight(1)))
    }

    /// Marks the bytes that equal this one.
    #[inline]
    pub(crate) fn equal_to(self, byte: u8) -> Marks<16, 1> {
        marks(u8x16_eq(self.0, u8x16_splat(byte)))
    }

    /// Marks the bytes below one, or equal to one of some others.
    #[inline]
    pub(crate) fn below_or_equal_to<const N: usize>(
        self,
        limit: u8,
        others: [u8; N],
    ) -> Marks<16, 1> {
        let below = u8x16_lt(self.0, u8x16_splat(limit));
        marks(self.or_equal_to(below, others))
    }

    /// Marks the bytes that equal one of these.
    #[inline]
    pub(crate) fn equal_to_any<const N: usize>(self, some: [u8; N]) -> Marks<16, 1> {
        marks(self.or_equal_to(u64x2(0, 0), some))
    }

    /// Marks the bytes that may not belong to words: control characters and what is beyond ASCII.
    #[inline]
    pub(crate) fn other_than_words(self) -> Marks<16, 1> {
        let below = u8x16_lt(self.0, u8x16_splat(0x20));
        marks(v128_or(self.or_equal_to(below, [0x7F]), self.0))
    }

    #[inline]
    fn or_equal_to<const N: usize>(self, found: v128, others: [u8; N]) -> v128 {
        let or_equal = |found, other: &u8| v128_or(found, u8x16_eq(self.0, u8x16_splat(*other)));
        others.iter().fold(found, or_equal)
    }
}

/// The highest bit of each byte.
#[inline]
fn marks(found: v128) -> Marks<16, 1> {
    Marks(i8x16_bitmask(found).into())
}

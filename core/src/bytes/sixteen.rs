//! Sixteen bytes in one vector, as WebAssembly has them.

use core::arch::wasm32::{i8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128, v128_or};

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Sixteen(v128);

/// Marks of bytes, each a bit.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u32);

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
    pub(crate) fn equal_to(self, byte: u8) -> Marks {
        marks(u8x16_eq(self.0, u8x16_splat(byte)))
    }

    /// Marks the bytes below one, or equal to one of some others.
    #[inline]
    pub(crate) fn below_or_equal_to<const N: usize>(self, limit: u8, others: [u8; N]) -> Marks {
        let below = u8x16_lt(self.0, u8x16_splat(limit));
        marks(self.or_equal_to(below, others))
    }

    /// Marks the bytes that equal one of these.
    #[inline]
    pub(crate) fn equal_to_any<const N: usize>(self, some: [u8; N]) -> Marks {
        marks(self.or_equal_to(u64x2(0, 0), some))
    }

    /// Marks the bytes that may not belong to words: control characters and what is beyond ASCII.
    #[inline]
    pub(crate) fn other_than_words(self) -> Marks {
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
fn marks(found: v128) -> Marks {
    Marks(i8x16_bitmask(found).into())
}

impl Marks {
    #[inline]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Those of both.
    #[inline]
    pub(crate) const fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The place of the first.
    #[inline]
    pub(crate) const fn first(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    #[inline]
    pub(crate) const fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    /// Those right behind another; before them all there is one if `is_behind_one`.
    #[inline]
    pub(crate) const fn that_follow(self, is_behind_one: bool) -> Self {
        Self(self.0 & (self.0 << 1 | is_behind_one as u32))
    }

    /// Those before the first of some others, of which there is one.
    #[inline]
    pub(crate) const fn before(self, others: Self) -> Self {
        Self(self.0 & others.0.wrapping_sub(1) & !others.0)
    }

    /// Whether the last byte is marked.
    #[inline]
    pub(crate) const fn has_last(self) -> bool {
        self.0 >> 15 & 1 == 1
    }
}

//! Eight bytes in one number.
#![cfg_attr(
    target_feature = "simd128",
    allow(dead_code, reason = "long texts are looked at by sixteen")
)]

/// Of each byte the lowest bit.
const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
/// Of each byte the highest bit.
const HIGH_BITS: u64 = ONES * 0x80;

/// Eight bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Eight(u64);

/// Marks of bytes, each at its highest bit; behind the first that is one there may be marks that are wrong.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u64);

impl Eight {
    #[inline]
    pub(crate) const fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// Marks the bytes that equal this one.
    #[inline]
    pub(crate) const fn equal_to(self, byte: u8) -> Marks {
        let different = self.0 ^ (ONES * byte as u64);
        Marks(different.wrapping_sub(ONES) & !different & HIGH_BITS)
    }

    /// Marks the bytes below one, or equal to one of some others; all of them are ASCII.
    #[inline]
    pub(crate) fn below_or_equal_to<const N: usize>(self, limit: u8, others: [u8; N]) -> Marks {
        let marks = others.iter().fold(
            self.0.wrapping_sub(ONES * u64::from(limit)),
            |marks, other| marks | (self.0 ^ (ONES * u64::from(*other))).wrapping_sub(ONES),
        );
        Marks(marks & !self.0 & HIGH_BITS)
    }

    /// Marks the bytes that equal one of these, which are ASCII.
    #[inline]
    pub(crate) fn equal_to_any<const N: usize>(self, some: [u8; N]) -> Marks {
        self.below_or_equal_to(0, some)
    }

    /// Marks the bytes that may not belong to words: control characters and what is beyond ASCII.
    #[inline]
    pub(crate) fn other_than_words(self) -> Marks {
        Marks(self.below_or_equal_to(0x20, [0x7F]).0 | self.beyond_ascii().0)
    }

    /// Marks the bytes beyond ASCII.
    #[inline]
    pub(crate) const fn beyond_ascii(self) -> Marks {
        Marks(self.0 & HIGH_BITS)
    }
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
        self.0.trailing_zeros() as usize / 8
    }

    #[inline]
    pub(crate) const fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    /// Those right behind another; before them all there is one if `is_behind_one`.
    #[inline]
    pub(crate) const fn that_follow(self, is_behind_one: bool) -> Self {
        Self(self.0 & (self.0 << 8 | (is_behind_one as u64) << 7))
    }

    /// Those before the first of some others, of which there is one.
    #[inline]
    pub(crate) const fn before(self, others: Self) -> Self {
        Self(self.0 & others.0.wrapping_sub(1) & !others.0)
    }

    /// Whether the last byte is marked.
    #[inline]
    pub(crate) const fn has_last(self) -> bool {
        self.0 >> 63 != 0
    }
}

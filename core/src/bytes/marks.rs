//! Which bytes of a block are of some sort?

/// Marks of bytes, each the highest of its `BITS` bits, of which all `BYTES` have as many.
///
/// Behind the first that is one there may be marks that are wrong.
#[derive(Clone, Copy)]
pub(crate) struct Marks<const BYTES: u32, const BITS: u32>(pub(super) u64);

impl<const BYTES: u32, const BITS: u32> Marks<BYTES, BITS> {
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
        (self.0.trailing_zeros() / BITS) as usize
    }

    #[inline]
    pub(crate) const fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    /// Those right behind another; before them all there is one if `is_behind_one`.
    #[inline]
    pub(crate) const fn that_follow(self, is_behind_one: bool) -> Self {
        Self(self.0 & (self.0 << BITS | (is_behind_one as u64) << (BITS - 1)))
    }

    /// Those before the first of some others, of which there is one.
    #[inline]
    pub(crate) const fn before(self, others: Self) -> Self {
        Self(self.0 & others.0.wrapping_sub(1) & !others.0)
    }

    /// Whether the last byte is marked.
    #[inline]
    pub(crate) const fn has_last(self) -> bool {
        self.0 >> (BYTES * BITS - 1) != 0
    }
}

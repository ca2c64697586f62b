//! Which byte of a text is the first of some sort? A block of them is looked at together.

mod eight;
mod marks;
#[cfg(target_feature = "simd128")]
mod sixteen;

pub(crate) use eight::Eight;
#[cfg(not(target_feature = "simd128"))]
pub(crate) use eight::Eight as Block;
pub(crate) use marks::Marks;
#[cfg(target_feature = "simd128")]
pub(crate) use sixteen::Sixteen as Block;

/// Where the first byte is that `is_one` says; in a block of which `marks` marks none it isn't looked for.
#[inline]
pub(crate) fn position<const BYTES: u32, const BITS: u32>(
    text: &[u8],
    marks: impl Fn(Block) -> Marks<BYTES, BITS>,
    is_one: impl Fn(u8) -> bool,
) -> Option<usize> {
    let (blocks, tail) = text.as_chunks();
    let mut start = 0;
    for block in blocks {
        let mut marks = marks(Block::new(*block));
        while !marks.is_none() {
            if block.get(marks.first()).is_some_and(|byte| is_one(*byte)) {
                return Some(start + marks.first());
            }
            marks = marks.without_first();
        }
        start += block.len();
    }
    let place = tail.iter().position(|byte| is_one(*byte))?;
    Some(start + place)
}

/// Where a string of JSON ends, or something in it doesn't stand for itself: from `start` on, else the text's length.
#[inline]
pub(crate) fn end_of_plain(text: &[u8], start: usize) -> usize {
    let mut end = start;
    while let Some(block) = text.get(end..).and_then(<[u8]>::first_chunk) {
        // The first mark is always right.
        let marks = Block::new(*block).below_or_equal_to(0x20, [b'"', b'\\']);
        if !marks.is_none() {
            return end + marks.first();
        }
        end += block.len();
    }
    let tail = text.get(end..).unwrap_or_default();
    let first = tail.iter().position(|byte| is_special_in_json(*byte));
    end + first.unwrap_or(tail.len())
}

/// Whether a byte doesn't stand for itself in a string of JSON.
#[inline]
pub(crate) const fn is_special_in_json(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\')
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
    let (blocks, tail) = text.as_chunks();
    let (mut length, mut is_words, mut is_behind_space) = (0, true, false);
    for bytes in blocks {
        let block = Block::new(*bytes);
        let spaces = block.equal_to(b' ');
        let doubled = spaces.that_follow(is_behind_space);
        if !block.other_than_words().is_none() {
            is_words &= are_words(bytes);
        }
        let end = block.equal_to_any(ends);
        if !end.is_none() {
            let is_doubled = !doubled.before(end).is_none();
            return (length + end.first(), is_words && !is_doubled);
        }
        is_words &= doubled.is_none();
        is_behind_space = spaces.has_last();
        length += bytes.len();
    }
    is_words &= are_words(tail);
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
            prop_assert_eq!(position(&text, super::Block::beyond_ascii, |other| other >= 0x80), first(&|other| other >= 0x80));
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

//! What fits into a field of Salesforce's? (F13, F14)

use crate::bytes;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

const ELLIPSIS: char = '…';

/// F13: the text cut to at most `limit` UTF-16 code units; none if it fits.
pub(crate) fn to_utf16_units(text: &str, limit: usize) -> Option<String> {
    if text.len() <= limit || utf16_units_exceed(text, limit).is_none() {
        return None;
    }
    let mut room = limit.saturating_sub(ELLIPSIS.len_utf16());
    let mut end = 0;
    for (start, cluster) in text.grapheme_indices(true) {
        let Some(rest) = cluster_units(cluster, room) else {
            break;
        };
        room = rest;
        end = start + cluster.len();
    }
    let mut shorter = text.get(..end).unwrap_or_default().trim_end().to_owned();
    shorter.push(ELLIPSIS);
    Some(shorter)
}

fn utf16_units_exceed(text: &str, limit: usize) -> Option<()> {
    text.encode_utf16().nth(limit).map(|_| ())
}

/// What of the room is left behind the cluster; none if it doesn't fit.
fn cluster_units(cluster: &str, room: usize) -> Option<usize> {
    room.checked_sub(cluster.chars().map(char::len_utf16).sum())
}

/// F14: line feeds alone end lines, control characters go, both ends are trimmed.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if may_have_controls(text) {
        Cow::Owned(without_controls(text).trim().to_owned())
    } else {
        Cow::Borrowed(text.trim())
    }
}

/// `clean` of a text that is owned already, and may be known to have no control characters.
pub(crate) fn clean_owned(text: String, may_have_controls: bool) -> String {
    let clean = if may_have_controls {
        clean(&text)
    } else {
        Cow::Borrowed(text.trim())
    };
    match clean {
        Cow::Borrowed(clean) if clean.len() == text.len() => text,
        clean => clean.into_owned(),
    }
}

/// F14 for a subject: one line, white space folded.
pub(crate) fn clean_line(text: &str) -> Cow<'_, str> {
    let (_, is_words) = bytes::words_before(text.as_bytes(), []);
    if is_words && !text.starts_with(' ') && !text.ends_with(' ') {
        return Cow::Borrowed(text);
    }
    let text = clean(text);
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// Whether any byte may belong to a control character that goes: those beyond ASCII are two bytes, the first of them 0xC2.
fn may_have_controls(text: &str) -> bool {
    let first = bytes::position(
        text.as_bytes(),
        |block| {
            block
                .below_or_equal_to(0x20, [0x7F])
                .or(block.equal_to(0xC2))
        },
        |byte| matches!(byte, 0..=0x08 | 0x0B..=0x1F | 0x7F | 0xC2),
    );
    first.is_some()
}

fn without_controls(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|character| !is_dropped(*character))
        .collect()
}

fn is_dropped(character: char) -> bool {
    character.is_control() && character != '\n' && character != '\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(to_utf16_units("abc", 3), None);
        assert_eq!(to_utf16_units("äöü", 3), None);
    }

    #[test]
    fn a_cut_never_splits_a_cluster_nor_leaves_a_space_before_the_ellipsis() {
        assert_eq!(to_utf16_units("abcd", 3).as_deref(), Some("ab…"));
        assert_eq!(to_utf16_units("ab cd", 4).as_deref(), Some("ab…"));
        assert_eq!(
            to_utf16_units("a\u{1F468}\u{200D}\u{1F469}bc", 6).as_deref(),
            Some("a…")
        );
        assert_eq!(
            to_utf16_units("\u{1F468}\u{1F468}\u{1F468}", 4).as_deref(),
            Some("\u{1F468}…")
        );
    }

    #[test]
    fn controls_go_and_lines_end_alike() {
        assert_eq!(clean(" a\r\nb\rc\u{7}\u{85}d \n"), "a\nb\ncd");
        assert_eq!(clean_line(" a\r\nb\t c "), "a b c");
    }
}

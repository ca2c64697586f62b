//! Patterns of LIKE.

use crate::salesforce::value::folded;

/// A pattern: `%` is any text, `_` any one character, a backslash before either is itself.
pub(super) struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Any,
    One,
    Character(char),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut characters = folded(text);
        while let Some(character) = characters.next() {
            pieces.push(match character {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::Character(characters.next().unwrap_or('\\')),
                other => Piece::Character(other),
            });
        }
        Self(pieces)
    }

    /// Whether a text is like this. Takes no longer than the product of both lengths.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = folded(text).collect();
        let (mut at, mut piece) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    retry = Some((piece, at));
                    piece += 1;
                }
                Some(Piece::One) => (at, piece) = (at + 1, piece + 1),
                Some(Piece::Character(wanted)) if *wanted == text[at] => {
                    (at, piece) = (at + 1, piece + 1);
                }
                _ => match retry {
                    Some((any, from)) => {
                        retry = Some((any, from + 1));
                        (at, piece) = (from + 1, any + 1);
                    }
                    None => return false,
                },
            }
        }
        self.0.iter().skip(piece).all(|piece| *piece == Piece::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_and_escaped_ones_dont() {
        for (pattern, text, is_like) in [
            ("call:%", "Call: Intro", true),
            ("%intro", "Call: Intro", true),
            ("%a%b%", "xxaxxbxx", true),
            ("%a%b", "xxaxxbxx", false),
            ("_all", "call", true),
            ("_all", "all", false),
            (r"100\%", "100%", true),
            (r"100\%", "1000", false),
            ("", "", true),
            ("%", "", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(text),
                is_like,
                "{pattern} {text}"
            );
        }
    }
}

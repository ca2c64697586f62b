//! The words, strings and signs of a query.

use super::Fault;

/// A token, and the byte that it begins at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A keyword or a name.
    Word(String),
    /// A text in quotes, its escapes read.
    Text(String),
    /// What begins like a number: a number, a date or an instant.
    Number(String),
    Sign(&'static str),
    End,
}

impl TokenKind {
    /// The token as an error names it.
    pub(super) fn shown(&self) -> String {
        match self {
            TokenKind::Word(text) | TokenKind::Number(text) => text.clone(),
            TokenKind::Text(text) => format!("'{text}'"),
            TokenKind::Sign(sign) => (*sign).to_owned(),
            TokenKind::End => "<EOF>".to_owned(),
        }
    }
}

const SIGNS: &[&str] = &[
    "<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", ".", ":",
];

/// Reads all tokens; the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            tokens.push(Token {
                kind: TokenKind::End,
                at,
            });
            return Ok(tokens);
        };
        let (kind, after) = token(rest, first, at)?;
        tokens.push(Token { kind, at });
        rest = after;
    }
}

fn token(rest: &str, first: char, at: usize) -> Result<(TokenKind, &str), Fault> {
    let signed =
        matches!(first, '-' | '+') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if first == '\'' {
        return quoted(rest, at);
    }
    if first.is_ascii_digit() || signed {
        let (number, after) = split(rest, |c| {
            c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '+')
        });
        return Ok((TokenKind::Number(number.to_owned()), after));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let (word, after) = split(rest, |c| c.is_ascii_alphanumeric() || c == '_');
        return Ok((TokenKind::Word(word.to_owned()), after));
    }
    match SIGNS
        .iter()
        .find_map(|sign| Some((*sign, rest.strip_prefix(sign)?)))
    {
        Some((sign, after)) => Ok((TokenKind::Sign(sign), after)),
        None => Err(Fault::malformed(at, format!("unexpected token: '{first}'"))),
    }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn quoted(rest: &str, at: usize) -> Result<(TokenKind, &str), Fault> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((place, character)) = characters.next() {
        match character {
            '\'' => return Ok((TokenKind::Text(text), &rest[place + 1..])),
            '\\' => {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                text.push_str(&unescaped(escaped, &mut characters).ok_or_else(|| {
                    Fault::malformed(
                        at + place,
                        "invalid string literal: illegal character sequence in string literal",
                    )
                })?);
            }
            other => text.push(other),
        }
    }
    Err(Fault::malformed(
        at,
        "line breaks not allowed in string literals, or missing closing quote",
    ))
}

/// `\%` and `\_` keep their backslash: LIKE reads it.
fn unescaped(
    escaped: Option<char>,
    rest: &mut impl Iterator<Item = (usize, char)>,
) -> Option<String> {
    let plain = |character: char| Some(character.to_string());
    match escaped? {
        'n' | 'N' => plain('\n'),
        'r' | 'R' => plain('\r'),
        't' | 'T' => plain('\t'),
        'b' | 'B' => plain('\u{8}'),
        'f' | 'F' => plain('\u{c}'),
        '\'' => plain('\''),
        '"' => plain('"'),
        '\\' => plain('\\'),
        wildcard @ ('%' | '_') => Some(format!("\\{wildcard}")),
        'u' => {
            let digits: String = rest.take(4).map(|(_, digit)| digit).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?).map(String::from)
        }
        _ => None,
    }
}

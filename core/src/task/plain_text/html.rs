//! Which texts and tags does an HTML document hold? The tokenizer of the HTML standard, § 13.2.5, without what nobody
//! reads here: comments, doctypes, errors, all attributes but two.

use super::character_reference::{self, Characters, Place};
use crate::bytes;
use std::borrow::Cow;

/// A piece of a document. Names are as they are written, in any case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// A text of words with single spaces between them.
    Words(&'a str),
    Reference(Characters),
    Start(Tag<'a>),
    End(Tag<'a>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// As it is written: `value` reads it.
    pub(super) href: Option<&'a str>,
    /// As it is written: `value` reads it.
    pub(super) alt: Option<&'a str>,
}

/// What the document holds, in order. Its lines end in line feeds alone.
pub(super) fn tokens(document: &str) -> impl Iterator<Item = Token<'_>> {
    let mut tokens = Tokens {
        rest: document,
        raw: None,
    };
    std::iter::from_fn(move || tokens.next())
}

struct Tokens<'a> {
    rest: &'a str,
    /// What comes first of `rest`, where no tag is a tag.
    raw: Option<Raw<'a>>,
}

/// The text of an element in which there is no tag but its own end.
struct Raw<'a> {
    text: &'a str,
    has_references: bool,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(raw) = &mut self.raw {
                match raw.next() {
                    None => self.raw = None,
                    token => return token,
                }
            }
            let first = self.rest.bytes().next()?;
            if let Some(token) = match first {
                b'<' => self.markup(),
                b'&' => Some(reference(&mut self.rest)),
                _ => Some(self.text()),
            } {
                return Some(token);
            }
        }
    }

    fn text(&mut self) -> Token<'a> {
        let (length, is_words) = bytes::words_before(self.rest.as_bytes(), [b'<', b'&']);
        let text = self.take(length);
        if is_words {
            Token::Words(text)
        } else {
            Token::Text(text)
        }
    }

    /// What begins with `<`; none if it says nothing.
    fn markup(&mut self) -> Option<Token<'a>> {
        let inner = self.rest.get(1..)?;
        let mut characters = inner.bytes();
        match (characters.next(), characters.next()) {
            (Some(b'a'..=b'z' | b'A'..=b'Z'), _) => self.tag(inner).map(|tag| {
                self.raw = self.raw_text(tag.name);
                Token::Start(tag)
            }),
            (Some(b'/'), Some(b'a'..=b'z' | b'A'..=b'Z')) => {
                self.tag(inner.get(1..)?).map(Token::End)
            }
            (Some(b'/'), None) => Some(Token::Text(self.take(2))),
            (Some(b'/' | b'!' | b'?'), _) => {
                self.rest = behind_comment(inner);
                None
            }
            _ => Some(Token::Text(self.take(1))),
        }
    }

    /// A tag that never ends isn't one, and nor is all that follows.
    fn tag(&mut self, text: &'a str) -> Option<Tag<'a>> {
        let (tag, rest) = read_tag(text).unzip();
        self.rest = rest.unwrap_or_default();
        tag
    }

    fn raw_text(&mut self, element: &str) -> Option<Raw<'a>> {
        let is = |names: &[&str]| names.iter().any(|name| element.eq_ignore_ascii_case(name));
        let has_references = is(&["textarea", "title"]);
        let length = if has_references
            || is(&["style", "iframe", "xmp", "noembed", "noframes", "noscript"])
        {
            raw_length(self.rest, element)
        } else if is(&["script"]) {
            script_length(self.rest)
        } else if is(&["plaintext"]) {
            self.rest.len()
        } else {
            return None;
        };
        Some(Raw {
            text: self.take(length),
            has_references,
        })
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

impl<'a> Raw<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let is_special = |byte: u8| byte == 0 || (byte == b'&' && self.has_references);
        match self.text.bytes().next()? {
            0 => {
                self.text = self.text.get(1..)?;
                Some(Token::Reference((char::REPLACEMENT_CHARACTER, None)))
            }
            first if is_special(first) => Some(reference(&mut self.text)),
            _ => {
                let (text, rest) = split_before(self.text, is_special);
                self.text = rest;
                Some(Token::Text(text))
            }
        }
    }
}

/// The value of an attribute.
pub(super) fn value(written: &str) -> Cow<'_, str> {
    if !written.contains(['&', '\0']) {
        return Cow::Borrowed(written);
    }
    let mut value = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('&') {
        let (text, reference) = rest.split_at_checked(at).unwrap_or((rest, ""));
        value.push_str(text);
        rest = reference.get(1..).unwrap_or_default();
        match character_reference::read(rest, Place::Attribute) {
            None => value.push('&'),
            Some(((first, second), length)) => {
                value.push(first);
                value.extend(second);
                rest = rest.get(length..).unwrap_or_default();
            }
        }
    }
    value.push_str(rest);
    Cow::Owned(value.replace('\0', "\u{FFFD}"))
}

/// What `text`, which begins with `&`, refers to; else the `&` itself.
fn reference<'a>(text: &mut &'a str) -> Token<'a> {
    let (ampersand, rest) = text.split_at_checked(1).unwrap_or((text, ""));
    match character_reference::read(rest, Place::Text) {
        None => {
            *text = rest;
            Token::Text(ampersand)
        }
        Some((characters, length)) => {
            *text = rest.get(length..).unwrap_or_default();
            Token::Reference(characters)
        }
    }
}

/// What is behind a comment, a doctype or what a browser takes for one; `text` begins behind its `<`.
fn behind_comment(text: &str) -> &str {
    let Some(comment) = text.strip_prefix("!--") else {
        return text.split_once('>').map_or("", |(_, rest)| rest);
    };
    if let Some(rest) = comment
        .strip_prefix('>')
        .or_else(|| comment.strip_prefix("->"))
    {
        return rest;
    }
    let is_end = |text: &str| text.ends_with("--") || text.ends_with("--!");
    comment
        .match_indices('>')
        .find(|(at, _)| comment.get(..*at).is_some_and(is_end))
        .and_then(|(at, _)| comment.get(at + 1..))
        .unwrap_or_default()
}

/// The tag whose name begins `text`, and what is behind it; none if it never ends.
fn read_tag(text: &str) -> Option<(Tag<'_>, &str)> {
    let (name, mut rest) = split_before(text, |byte| is_space(byte) || matches!(byte, b'/' | b'>'));
    let mut tag = Tag {
        name,
        href: None,
        alt: None,
    };
    loop {
        rest = split_before(rest, |byte| !is_space(byte) && byte != b'/').1;
        if let Some(behind) = rest.strip_prefix('>') {
            return Some((tag, behind));
        }
        let first = rest.chars().next()?.len_utf8();
        let name_end = |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'=');
        let length = first + split_before(rest.get(first..)?, name_end).0.len();
        let (attribute, behind) = rest.split_at_checked(length)?;
        let behind = without_space(behind);
        let written;
        (written, rest) = match behind.strip_prefix('=') {
            None => ("", behind),
            Some(behind) => read_value(without_space(behind))?,
        };
        // Of an attribute that is given twice the first counts.
        if attribute.eq_ignore_ascii_case("href") {
            tag.href.get_or_insert(written);
        } else if attribute.eq_ignore_ascii_case("alt") {
            tag.alt.get_or_insert(written);
        }
    }
}

/// The value that begins `text`, and what is behind it.
fn read_value(text: &str) -> Option<(&str, &str)> {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text.get(1..)?.split_once(quote),
        _ => Some(split_before(text, |byte| is_space(byte) || byte == b'>')),
    }
}

/// How far the text goes inside an element that only its own end tag ends.
fn raw_length(text: &str, element: &str) -> usize {
    text.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| {
            text.get(at + 2..)
                .is_some_and(|text| begins_with_name(text, element))
        })
        .unwrap_or(text.len())
}

/// How far a script goes: inside `<!-- <script>` another script's end doesn't end it.
fn script_length(text: &str) -> usize {
    #[derive(PartialEq)]
    enum Inside {
        Script,
        Comment,
        ScriptInComment,
    }
    let mut inside = Inside::Script;
    let mut position = 0;
    while let Some(rest) = text
        .get(position..)
        .and_then(|rest| rest.find(['<', '-']).and_then(|at| rest.get(at..)))
    {
        position = text.len() - rest.len();
        let begins = |start: &str, name| {
            rest.strip_prefix(start)
                .is_some_and(|rest| begins_with_name(rest, name))
        };
        let is_end = begins("</", "script");
        if is_end && inside != Inside::ScriptInComment {
            return position;
        } else if is_end {
            inside = Inside::Comment;
        } else if inside == Inside::Comment && begins("<", "script") {
            inside = Inside::ScriptInComment;
        } else if inside == Inside::Script && rest.starts_with("<!--") {
            inside = Inside::Comment;
            // The dashes that open it may close it: `<!-->`.
            position += 1;
        } else if inside != Inside::Script && rest.starts_with("-->") {
            inside = Inside::Script;
        }
        position += 1;
    }
    text.len()
}

/// Whether the name of a tag begins `text`, and ends there.
fn begins_with_name(text: &str, name: &str) -> bool {
    text.split_at_checked(name.len())
        .is_some_and(|(begin, rest)| {
            begin.eq_ignore_ascii_case(name)
                && rest
                    .bytes()
                    .next()
                    .is_some_and(|byte| is_space(byte) || matches!(byte, b'/' | b'>'))
        })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b' ')
}

fn without_space(text: &str) -> &str {
    split_before(text, |byte| !is_space(byte)).1
}

/// Splits before the first byte that is one; all of them are ASCII, or all that are not are none.
fn split_before(text: &str, is_one: impl Fn(u8) -> bool) -> (&str, &str) {
    let at = text.bytes().position(is_one).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{Tag, Token, tokens, value};
    use html5gum::{DefaultEmitter, Tokenizer};
    use proptest::prelude::{Strategy, prop, prop_assert_eq, proptest};

    /// What a document holds, in a form that two tokenizers can share: texts that touch are one.
    #[derive(Debug, PartialEq)]
    enum Piece {
        Text(String),
        Start(String, Option<String>, Option<String>),
        End(String),
    }

    fn push_text(pieces: &mut Vec<Piece>, text: &str) {
        match pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn ours(document: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let name = |tag: Tag<'_>| tag.name.to_ascii_lowercase().replace('\0', "\u{FFFD}");
        for token in tokens(document) {
            match token {
                Token::Text(text) | Token::Words(text) => push_text(&mut pieces, text),
                Token::Reference((first, second)) => {
                    push_text(
                        &mut pieces,
                        &String::from_iter(std::iter::once(first).chain(second)),
                    );
                }
                Token::Start(tag) => pieces.push(Piece::Start(
                    name(tag),
                    tag.href.map(|href| value(href).into_owned()),
                    tag.alt.map(|alt| value(alt).into_owned()),
                )),
                Token::End(tag) => pieces.push(Piece::End(name(tag))),
            }
        }
        pieces
    }

    fn theirs(document: &str) -> Vec<Piece> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut pieces = Vec::new();
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(document, emitter) {
            match token.unwrap() {
                html5gum::Token::String(string) => push_text(&mut pieces, &text(&string)),
                html5gum::Token::StartTag(tag) => {
                    let attribute = |name: &str| {
                        let found = tag
                            .attributes
                            .iter()
                            .find(|(key, _)| ***key == *name.as_bytes());
                        found.map(|(_, value)| text(value))
                    };
                    pieces.push(Piece::Start(
                        text(&tag.name),
                        attribute("href"),
                        attribute("alt"),
                    ));
                }
                html5gum::Token::EndTag(tag) => pieces.push(Piece::End(text(&tag.name))),
                _ => {}
            }
        }
        pieces
    }

    /// Pieces of markup that a tokenizer decides at.
    pub(in super::super) fn markup() -> impl Strategy<Value = String> {
        const ATOMS: &[&str] = &[
            "<",
            ">",
            "/",
            "!",
            "?",
            "-",
            "--",
            "=",
            "\"",
            "'",
            "&",
            ";",
            "#",
            "#x",
            " ",
            "\n",
            "\x0C",
            "\0",
            "a",
            "Z",
            "7",
            "é",
            "😀",
            "<a",
            " href=",
            " alt=",
            " HREF",
            "<!--",
            "-->",
            "--!>",
            "<!-->",
            "<!doctype html>",
            "<![CDATA[",
            "</",
            "<p>",
            "</p>",
            "<br>",
            "<pre>",
            "</pre>",
            "<li>",
            "<td>",
            "  ",
            "title",
            "<title>",
            "</title",
            "</TITLE >",
            "<textarea>",
            "</textarea>",
            "<style>",
            "</style>",
            "<script>",
            "</script>",
            "<script",
            "</script/",
            "<xmp>",
            "</xmp>",
            "<plaintext>",
            "<noscript>",
            "</noscript>",
            "&amp",
            "&amp;",
            "&lt",
            "&not",
            "&notin;",
            "&notit;",
            "&nbsp",
            "&eacute",
            "&NotEqualTilde;",
            "&bne;",
            "&#0;",
            "&#128;",
            "&#xD800;",
            "&#x110000;",
            "&#9999999999;",
            "&#65",
            "&#x41",
            "&zwnj;",
            "&CounterClockwiseContourIntegral;",
        ];
        prop::collection::vec(prop::sample::select(ATOMS), 0..24).prop_map(|atoms| atoms.concat())
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// Another tokenizer of the same standard finds the same.
        #[test]
        fn documents_are_read_as_the_standard_says(document in markup()) {
            prop_assert_eq!(ours(&document), theirs(&document));
        }
    }

    #[test]
    fn every_named_reference_is_read_as_the_standard_says() {
        for name in include_str!("character_references.txt")
            .lines()
            .map(|line| line.split([' ', '=']).next().unwrap())
        {
            for document in [
                format!("&{name};x"),
                format!("&{name}x"),
                format!("&{name} "),
                format!("<a href='&{name}='>"),
            ] {
                assert_eq!(ours(&document), theirs(&document), "{document}");
            }
        }
    }

    /// No document takes longer than its length allows: each of these is read once.
    #[test]
    fn what_never_ends_is_read_once() {
        for atom in [
            "<a ",
            "&",
            "-",
            "<title>&",
            "<!-- -",
            "</script",
            "<textarea></",
            "<a b='",
            "&#1",
        ] {
            let document = atom.repeat(200_000);
            for document in [format!("<!--{document}"), document] {
                assert!(tokens(&document).count() <= document.len());
            }
        }
    }
}

//! What does an HTML body say as plain text? (F16)

mod character_reference;
mod element;
mod html;

use super::cut;
use crate::bytes;
use element::{Dropped, Element};
use html::{Tag, Token};
use std::borrow::Cow;

/// The text of an HTML body, clean (F14); never fails.
pub(crate) fn from_html(html: &str) -> String {
    let page = read(html);
    let may_have_controls = page.may_have_controls;
    cut::clean_owned(page.finish(), may_have_controls)
}

// By itself the loop has all registers.
#[inline(never)]
fn read(html: &str) -> Page {
    let html = with_line_feeds(html);
    let mut page = Page {
        text: String::with_capacity(html.len()),
        ..Page::default()
    };
    for token in html::tokens(&html) {
        page.take(token);
    }
    page
}

/// Line feeds alone end lines, before anything is read.
fn with_line_feeds(html: &str) -> Cow<'_, str> {
    let carriage_return = bytes::position(
        html.as_bytes(),
        |block| block.equal_to(b'\r'),
        |byte| byte == b'\r',
    );
    if carriage_return.is_some() {
        Cow::Owned(html.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(html)
    }
}

/// The text so far, and what is owed before more of it.
#[derive(Default)]
struct Page {
    text: String,
    /// Line ends owed: 1 a new line, 2 a blank line.
    line_ends: usize,
    /// Cells passed in this row.
    tabs: usize,
    has_space: bool,
    list_item: bool,
    is_in_row: bool,
    /// The element whose content isn't text.
    dropped: Option<Dropped>,
    pre_depth: usize,
    starts_pre: bool,
    /// Whether lines may end in spaces, or more than one be blank in a row.
    may_be_untidy: bool,
    /// Whether control characters may be in the text, which F14 takes away.
    may_have_controls: bool,
    link: Option<Link>,
}

struct Link {
    href: String,
    /// Where its text begins, once there is some.
    start: Option<usize>,
}

impl Page {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Start(tag) => self.start(&tag, Element::of(tag.name)),
            Token::End(tag) => self.end(Element::of(tag.name)),
            Token::Text(_) | Token::Words(_) | Token::Reference(_) if self.dropped.is_some() => {}
            Token::Text(text) => self.string(text),
            Token::Words(text) => self.words(text),
            Token::Reference((first @ '!'..='~', None)) => {
                self.words(first.encode_utf8(&mut [0; 4]));
            }
            Token::Reference((first, second)) => {
                for character in std::iter::once(first).chain(second) {
                    self.string(character.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    #[inline(never)]
    fn start(&mut self, tag: &Tag<'_>, element: Element) {
        if self
            .dropped
            .is_some_and(|dropped| dropped != Dropped::Head || element.is_in_head())
        {
            return;
        }
        self.dropped = None;
        match element {
            Element::Break => self.line_break(),
            Element::Image => {
                if let Some(alt) = tag.alt {
                    self.string(&html::value(alt));
                }
            }
            Element::Link => {
                self.end_link();
                self.link = tag
                    .href
                    .map(|href| one_line(&html::value(href)))
                    .filter(|href| !href.is_empty())
                    .map(|href| Link { href, start: None });
                self.may_have_controls |= self.link.is_some();
            }
            Element::Item => {
                self.owe_lines(1);
                self.list_item = true;
            }
            Element::Row => {
                self.owe_lines(1);
                self.is_in_row = false;
            }
            Element::Cell => {
                if std::mem::replace(&mut self.is_in_row, true) {
                    self.tabs += 1;
                    self.has_space = false;
                }
            }
            Element::Preformatted => {
                self.owe_lines(1);
                self.pre_depth += 1;
                self.starts_pre = true;
            }
            Element::Block(lines) => self.owe_lines(lines.into()),
            Element::Dropped(dropped) => self.dropped = Some(dropped),
            Element::InHead | Element::Other => {}
        }
    }

    fn end(&mut self, element: Element) {
        if let Some(dropped) = self.dropped {
            if element == Element::Dropped(dropped) {
                self.dropped = None;
            }
            return;
        }
        match element {
            Element::Link => self.end_link(),
            Element::Break => self.line_break(),
            Element::Preformatted => {
                self.pre_depth = self.pre_depth.saturating_sub(1);
                self.owe_lines(1);
            }
            Element::Item => {
                self.list_item = false;
                self.owe_lines(1);
            }
            Element::Row => self.owe_lines(1),
            Element::Block(lines) => self.owe_lines(lines.into()),
            _ => {}
        }
    }

    /// Writes words with single spaces between them.
    fn words(&mut self, text: &str) {
        if self.pre_depth > 0 {
            return self.string(text);
        }
        let begun = text.strip_prefix(' ').unwrap_or(text);
        self.has_space |= begun.len() < text.len();
        let words = begun.strip_suffix(' ').unwrap_or(begun);
        if !words.is_empty() {
            self.settle();
            self.text.push_str(words);
            self.has_space = words.len() < begun.len();
        }
    }

    fn string(&mut self, value: &str) {
        self.may_have_controls = true;
        if self.pre_depth > 0 {
            let value = if std::mem::take(&mut self.starts_pre) {
                value.strip_prefix('\n').unwrap_or(value)
            } else {
                value
            };
            if !value.is_empty() {
                self.settle();
                self.may_be_untidy = true;
                self.text.extend(value.chars().map(|character| {
                    if character == '\u{A0}' {
                        ' '
                    } else {
                        character
                    }
                }));
            }
            return;
        }
        let begun = value.trim_start();
        self.has_space |= begun.len() < value.len();
        let words = begun.trim_end();
        if !words.is_empty() {
            self.settle();
            push_folded(&mut self.text, words);
            self.has_space = words.len() < begun.len();
        }
    }

    /// Writes what is owed before text.
    fn settle(&mut self) {
        let is_line_start = self.text.is_empty() || self.text.ends_with('\n');
        if self.text.is_empty() {
            self.line_ends = 0;
        }
        if self.line_ends > 0 {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            let present = self.text.len() - self.text.trim_end_matches('\n').len();
            for _ in present..self.line_ends {
                self.text.push('\n');
            }
        } else if self.tabs == 0 && self.has_space && !is_line_start && !self.text.ends_with('\t') {
            self.text.push(' ');
        }
        for _ in 0..self.tabs {
            self.text.push('\t');
        }
        if std::mem::take(&mut self.list_item) {
            self.text.push_str("- ");
        }
        (self.line_ends, self.tabs, self.has_space) = (0, 0, false);
        let start = self.text.len();
        if let Some(link) = &mut self.link {
            link.start.get_or_insert(start);
        }
    }

    fn owe_lines(&mut self, lines: usize) {
        if lines > 0 {
            self.line_ends = self.line_ends.max(lines);
            (self.tabs, self.has_space) = (0, false);
        }
    }

    fn line_break(&mut self) {
        if self.line_ends > 0 && !self.text.is_empty() {
            // A break after a block that was just closed is an empty line of its own.
            self.line_ends = 2;
        } else {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.may_be_untidy |= self.text.ends_with("\n\n");
            self.text.push('\n');
        }
        (self.tabs, self.has_space) = (0, false);
    }

    /// A link says where it leads, unless its text does.
    fn end_link(&mut self) {
        let Some(Link { href, start }) = self.link.take() else {
            return;
        };
        let is_hidden = href.starts_with('#')
            || href
                .get(..11)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"));
        let said = start
            .and_then(|start| self.text.get(start..))
            .map(|said| said.trim().to_owned())
            .unwrap_or_default();
        if is_hidden || (!said.is_empty() && bare(&said) == bare(&href)) {
            return;
        }
        if said.is_empty() {
            self.string(&href);
        } else {
            self.text.push_str(" (");
            self.text.push_str(&href);
            self.text.push(')');
        }
    }

    /// Trims the ends of lines; at most one blank line in a row.
    fn finish(mut self) -> String {
        self.end_link();
        if !self.may_be_untidy {
            return self.text;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut blank_lines = 0;
        for line in self.text.split('\n').map(str::trim_end) {
            blank_lines = if line.is_empty() { blank_lines + 1 } else { 0 };
            if blank_lines <= 1 {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.pop();
        text
    }
}

/// Each run of white space becomes one space.
fn push_folded(text: &mut String, words: &str) {
    for (position, word) in words.split_whitespace().enumerate() {
        if position > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// White space of an address goes at its ends, and folds inside.
fn one_line(address: &str) -> String {
    address.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bare(address: &str) -> &str {
    let address = address
        .strip_prefix("mailto:")
        .or_else(|| address.strip_prefix("tel:"))
        .unwrap_or(address);
    address.strip_suffix('/').unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::{from_html, html, read};
    use proptest::prelude::{prop_assert, proptest};

    proptest! {
        #[test]
        fn lines_end_in_no_space_and_blank_ones_stand_alone(document in html::tests::markup()) {
            let text = read(&document).finish();
            prop_assert!(!text.contains("\n\n\n"), "{:?}", text);
            prop_assert!(text.lines().all(|line| line.trim_end() == line), "{:?}", text);
        }
    }

    #[track_caller]
    fn says(html: &str, text: &str) {
        assert_eq!(read(html).finish().trim(), text, "{html}");
    }

    #[test]
    fn white_space_is_one_space_and_references_are_decoded_once() {
        says(
            "<p>Talked about <b>pricing</b>.</p>",
            "Talked about pricing.",
        );
        says("a \n\t b&nbsp;&amp;lt; <b> c</b> d", "a b &lt; c d");
        says("<b>a</b> <i>b</i><u>c</u>", "a bc");
    }

    #[test]
    fn blocks_stand_apart() {
        says(
            "<p>a</p><p>b</p>c<br>d<div>e</div>f",
            "a\n\nb\n\nc\nd\ne\nf",
        );
        says("<ul><li>a</li><li>b</li></ul>", "- a\n- b");
        says("<ul><li>a</li><li><p>b</p></li></ul>", "- a\n\n- b");
        says("a<br><br><br>b", "a\n\nb");
        says(
            "<table><tr><td>a</td><td></td><td>c</td></tr><tr><td>d</td></tr></table>",
            "a\t\tc\nd",
        );
    }

    #[test]
    fn what_nobody_sees_is_dropped() {
        says(
            "<head><title>t</title><style>x</style></head><body>a<script>1<2</script><!-- no -->b",
            "ab",
        );
        says(
            "<head><p>text of a head that is never closed",
            "text of a head that is never closed",
        );
        says("<style>p{}", "");
    }

    #[test]
    fn preformatted_text_keeps_its_spaces() {
        says("a<pre>\n  b\n    c</pre>d", "a\n  b\n    c\nd");
    }

    #[test]
    fn links_say_where_they_lead_unless_their_text_does() {
        says(
            "<a href='https://x.example/p'>here</a>!",
            "here (https://x.example/p)!",
        );
        says(
            "<a href='https://x.example/'>https://x.example</a>",
            "https://x.example",
        );
        says(
            "<a href='mailto:a@x.example'>a@x.example</a>",
            "a@x.example",
        );
        says(
            "<a href='#top'>up</a> <a href='JavaScript:go()'>go</a>",
            "up go",
        );
        says(
            "see <a href='https://x.example'><img></a>",
            "see https://x.example",
        );
        says("<a href=u>a<a href=v>b", "a (u)b (v)");
    }

    #[test]
    fn control_characters_go_wherever_they_come_from() {
        for html in [
            "a\u{7}b c",
            "a&#7;b c",
            "<a href='a&#7;b c'>",
            "<img alt='a&#1;b c'>",
            "<pre>a\u{7f}b c",
        ] {
            assert_eq!(from_html(html), "ab c", "{html}");
        }
        assert_eq!(from_html("<a href='b&#7;c'>a"), "a (bc)");
    }

    #[test]
    fn images_say_their_alternative() {
        says("a <img src=x alt='a chart'> b", "a a chart b");
    }
}

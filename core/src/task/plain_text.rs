//! What does an HTML body say as plain text? (F16)

use html5gum::emitters::{Emitter, naive_next_state};
use html5gum::{Error, State, Tokenizer};
use std::borrow::Cow;
use std::convert::Infallible;

/// The text of an HTML body; never fails.
pub(crate) fn from_html(html: &str) -> String {
    let mut page = Page {
        text: String::with_capacity(html.len()),
        ..Page::default()
    };
    if !html.contains(['<', '&']) {
        page.string(html);
        return page.finish();
    }
    if let Some(nothing) = Tokenizer::new_with_emitter(html, &mut page).next() {
        match nothing {
            Ok(never) => match never {},
            Err(never) => match never {},
        }
    }
    page.finish()
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
    dropped: Option<Vec<u8>>,
    pre_depth: usize,
    starts_pre: bool,
    link: Option<Link>,
    /// Text that is being read.
    characters: Vec<u8>,
    tag: Tag,
    last_start_tag: Vec<u8>,
}

/// The tag that is being read.
#[derive(Default)]
struct Tag {
    is_end: bool,
    name: Vec<u8>,
    attribute: Vec<u8>,
    value: Vec<u8>,
    href: Option<String>,
    alt: Option<String>,
}

impl Tag {
    fn begin(&mut self, is_end: bool) {
        self.is_end = is_end;
        self.name.clear();
        self.attribute.clear();
        self.value.clear();
        (self.href, self.alt) = (None, None);
    }

    /// Of an attribute that is given twice the first counts.
    fn end_attribute(&mut self) {
        match self.attribute.as_slice() {
            b"href" if self.href.is_none() => self.href = Some(one_line(&utf8(&self.value))),
            b"alt" if self.alt.is_none() => self.alt = Some(utf8(&self.value).into_owned()),
            _ => {}
        }
        self.attribute.clear();
        self.value.clear();
    }
}

struct Link {
    href: String,
    /// Where its text begins, once there is some.
    start: Option<usize>,
}

/// What the tokenizer finds. Comments, doctypes and errors are nothing here.
impl Emitter for &mut Page {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start_tag = last_start_tag.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.end_string();
    }

    fn emit_error(&mut self, _: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, string: &[u8]) {
        if self.dropped.is_none() {
            self.characters.extend_from_slice(string);
        }
    }

    fn init_start_tag(&mut self) {
        self.tag.begin(false);
    }

    fn init_end_tag(&mut self) {
        self.tag.begin(true);
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_string();
        self.tag.end_attribute();
        let tag = std::mem::take(&mut self.tag);
        self.last_start_tag.clear();
        if tag.is_end {
            self.end(&tag.name);
        } else {
            self.last_start_tag.extend_from_slice(&tag.name);
            self.start(&tag);
        }
        self.tag = tag;
        naive_next_state(&self.last_start_tag)
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.name.extend_from_slice(name);
    }

    fn init_attribute(&mut self) {
        self.tag.end_attribute();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.tag.attribute.extend_from_slice(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.tag.value.extend_from_slice(value);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.is_end && !self.tag.name.is_empty() && self.tag.name == self.last_start_tag
    }

    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn emit_current_comment(&mut self) {}
    fn set_self_closing(&mut self) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn emit_current_doctype(&mut self) {}
}

impl Page {
    fn end_string(&mut self) {
        if self.characters.is_empty() {
            return;
        }
        let mut characters = std::mem::take(&mut self.characters);
        self.string(&utf8(&characters));
        characters.clear();
        self.characters = characters;
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name.as_slice();
        if self
            .dropped
            .as_deref()
            .is_some_and(|dropped| dropped != b"head" || is_in_head(name))
        {
            return;
        }
        self.dropped = None;
        match name {
            b"script" | b"style" | b"head" | b"title" | b"iframe" | b"noembed" | b"noframes"
            | b"noscript" => self.dropped = Some(name.to_vec()),
            b"br" => self.line_break(),
            b"img" => {
                if let Some(alt) = &tag.alt {
                    self.string(alt);
                }
            }
            b"a" => {
                self.end_link();
                self.link = tag
                    .href
                    .clone()
                    .filter(|href| !href.is_empty())
                    .map(|href| Link { href, start: None });
            }
            b"li" => {
                self.owe_lines(1);
                self.list_item = true;
            }
            b"tr" => {
                self.owe_lines(1);
                self.is_in_row = false;
            }
            b"td" | b"th" => {
                if std::mem::replace(&mut self.is_in_row, true) {
                    self.tabs += 1;
                    self.has_space = false;
                }
            }
            b"pre" => {
                self.owe_lines(1);
                self.pre_depth += 1;
                self.starts_pre = true;
            }
            _ => self.owe_lines(lines_around(name)),
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some(dropped) = &self.dropped {
            if dropped == name {
                self.dropped = None;
            }
            return;
        }
        match name {
            b"a" => self.end_link(),
            b"br" => self.line_break(),
            b"pre" => {
                self.pre_depth = self.pre_depth.saturating_sub(1);
                self.owe_lines(1);
            }
            b"li" => {
                self.list_item = false;
                self.owe_lines(1);
            }
            b"tr" => self.owe_lines(1),
            _ => self.owe_lines(lines_around(name)),
        }
    }

    fn string(&mut self, value: &str) {
        if self.pre_depth > 0 {
            let value = if std::mem::take(&mut self.starts_pre) {
                value.strip_prefix('\n').unwrap_or(value)
            } else {
                value
            };
            if !value.is_empty() {
                self.settle();
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
        self.has_space |= value.starts_with(char::is_whitespace);
        let mut words = value.split_whitespace();
        let Some(first) = words.next() else { return };
        self.settle();
        self.text.push_str(first);
        for word in words {
            self.text.push(' ');
            self.text.push_str(word);
        }
        self.has_space = value.ends_with(char::is_whitespace);
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
        if !self.text.contains("\n\n\n") && !has_space_before_line_end(&self.text) {
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

fn has_space_before_line_end(text: &str) -> bool {
    text.split('\n')
        .any(|line| line.ends_with(char::is_whitespace))
}

/// How many line ends an element asks for around it: 2 is a blank line.
fn lines_around(name: &[u8]) -> usize {
    match name {
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"table"
        | b"blockquote" => 2,
        b"div" | b"section" | b"article" | b"header" | b"footer" | b"main" | b"aside" | b"nav"
        | b"address" | b"dl" | b"dt" | b"dd" | b"figure" | b"figcaption" | b"form"
        | b"fieldset" | b"center" | b"hr" | b"caption" | b"details" | b"summary" => 1,
        _ => 0,
    }
}

/// Elements that may stand in a head; any other one ends it.
fn is_in_head(name: &[u8]) -> bool {
    matches!(
        name,
        b"title"
            | b"meta"
            | b"link"
            | b"style"
            | b"script"
            | b"base"
            | b"noscript"
            | b"template"
            | b"head"
    )
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

fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use super::from_html;

    #[track_caller]
    fn says(html: &str, text: &str) {
        assert_eq!(from_html(html).trim(), text, "{html}");
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
    fn images_say_their_alternative() {
        says("a <img src=x alt='a chart'> b", "a a chart b");
    }
}

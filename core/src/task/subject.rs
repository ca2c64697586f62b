//! What does the Task's subject say? (F12)

use super::{Source, cut};
use crate::kind::Kind;
use crate::time::Day;
use jiff::civil::Date;
use std::borrow::Cow;

/// A subject template, ready to be rendered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    parts: Vec<Part>,
    is_default: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(String),
    Placeholder(Placeholder),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Placeholder {
    Title,
    App,
    Kind,
    Contact,
    Date,
}

/// What a subject has before and behind its title; S7 takes it away again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Frame {
    before: String,
    behind: String,
}

impl Frame {
    /// S7: the title is the subject less the frame, where that is there; else the whole subject.
    pub(crate) fn title<'a>(&self, subject: &'a str) -> &'a str {
        subject
            .strip_prefix(&*self.before)
            .and_then(|rest| rest.strip_suffix(&*self.behind))
            .unwrap_or(subject)
    }
}

const PLACEHOLDERS: [(&str, Placeholder); 5] = [
    ("title", Placeholder::Title),
    ("app", Placeholder::App),
    ("kind", Placeholder::Kind),
    ("contact", Placeholder::Contact),
    ("date", Placeholder::Date),
];

impl Template {
    /// The default template of a kind.
    pub(crate) fn default_of(kind: Kind) -> Self {
        Self {
            is_default: true,
            ..Self::parse(kind.default_subject()).unwrap_or(Self::title_only())
        }
    }

    /// The template for links of origin `salesforce`: the title.
    pub(crate) fn title_only() -> Self {
        Self {
            parts: vec![Part::Placeholder(Placeholder::Title)],
            is_default: true,
        }
    }

    /// Reads a template of the user's own.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars();
        while let Some(character) = rest.next() {
            match character {
                '{' if rest.as_str().starts_with('{') => literal.extend(rest.next()),
                '}' if rest.as_str().starts_with('}') => literal.extend(rest.next()),
                '}' => return Err("a `}` stands alone; write `}}` for a brace".to_owned()),
                '{' => {
                    let Some((name, behind)) = rest.as_str().split_once('}') else {
                        return Err("a `{` is never closed; write `{{` for a brace".to_owned());
                    };
                    let Some((_, placeholder)) =
                        PLACEHOLDERS.iter().find(|(known, _)| *known == name)
                    else {
                        return Err(format!(
                            "`{{{name}}}` is no placeholder; known are {{title}}, {{app}}, {{kind}}, {{contact}}, {{date}}"
                        ));
                    };
                    if !literal.is_empty() {
                        parts.push(Part::Literal(std::mem::take(&mut literal)));
                    }
                    parts.push(Part::Placeholder(*placeholder));
                    rest = behind.chars();
                }
                other => literal.push(other),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self {
            parts,
            is_default: false,
        })
    }
}

/// What stands for the placeholders.
struct Values<'v> {
    title: &'v str,
    app: &'v str,
    plain_name: &'v str,
    contact: Cow<'v, str>,
    date: Option<Date>,
}

impl Template {
    /// The template with values for its placeholders, and where the first title stands in it.
    fn filled(&self, values: &Values<'_>) -> (String, Option<(usize, usize)>) {
        let mut subject = String::with_capacity(64);
        let mut title_at: Option<(usize, usize)> = None;
        for part in &self.parts {
            match part {
                Part::Literal(literal) => subject.push_str(literal),
                Part::Placeholder(Placeholder::Title) => {
                    let start = subject.len();
                    subject.push_str(values.title);
                    title_at.get_or_insert((start, subject.len()));
                }
                Part::Placeholder(Placeholder::App) => subject.push_str(values.app),
                Part::Placeholder(Placeholder::Kind) => subject.push_str(values.plain_name),
                Part::Placeholder(Placeholder::Contact) => subject.push_str(&values.contact),
                Part::Placeholder(Placeholder::Date) => {
                    if let Some(date) = values.date {
                        subject.push_str(&Day(date).to_string());
                    }
                }
            }
        }
        (subject, title_at)
    }

    /// What the subject has around its title, as far as `finish` leaves it there.
    fn frame(&self, subject: &str, (start, end): (usize, usize)) -> Frame {
        let (before, behind) = (subject.get(..start), subject.get(end..));
        let around = Frame {
            before: cut::clean_line(before.unwrap_or_default()).into_owned()
                + trailing_space(before),
            behind: leading_space(behind).to_owned() + &cut::clean_line(behind.unwrap_or_default()),
        };
        if self.is_default {
            return around;
        }
        Frame {
            before: around.before.trim_start_matches(ENDS).to_owned(),
            behind: around.behind.trim_end_matches(ENDS).to_owned(),
        }
    }
}

/// What goes at both ends of a subject of one's own template.
const ENDS: [char; 5] = [' ', ':', '-', '–', '|'];

/// The subject, one clean line, and its frame.
#[inline(never)]
pub(crate) fn render(
    source: &Source<'_, '_>,
    description: Option<&str>,
    date: Date,
) -> (String, Frame) {
    let activity = source.activity;
    let first_line =
        || description.and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
    let title = present(activity.title.get()).or_else(|| match source.kind {
        Kind::Note => present(first_line()).map(|line| Cow::Owned(line.into_owned())),
        _ => None,
    });
    let app = present(activity.app.get());
    let plain_name = source.kind.plain_name();
    if source.template.is_default {
        match (&title, &app, source.kind) {
            (None, Some(app), Kind::IntegrationEvent) => {
                return (app.to_string(), Frame::default());
            }
            (None, _, _) => return (plain_name.to_owned(), Frame::default()),
            (Some(title), None, Kind::IntegrationEvent) => {
                return (title.to_string(), Frame::default());
            }
            _ => {}
        }
    }
    let values = Values {
        title: title.as_deref().unwrap_or_default(),
        app: app.as_deref().unwrap_or_default(),
        plain_name,
        contact: present(source.contact).unwrap_or_default(),
        date: Some(date),
    };
    let (subject, title_at) = source.template.filled(&values);
    let frame = match title_at {
        Some(title_at) if source.is_linked => source.template.frame(&subject, title_at),
        _ => Frame::default(),
    };
    (
        finish(subject, source.template.is_default, plain_name),
        frame,
    )
}

/// S7: what a subject that was written some day has before and behind its title.
pub(crate) fn frame(
    template: &Template,
    kind: Kind,
    contact: Option<&str>,
    date: Option<Date>,
) -> Frame {
    let (subject, title_at) = template.filled(&Values {
        title: "",
        app: "",
        plain_name: kind.plain_name(),
        contact: present(contact).unwrap_or_default(),
        date,
    });
    title_at.map_or_else(Frame::default, |title_at| {
        template.frame(&subject, title_at)
    })
}

/// A value as one clean line, if anything is left of it.
fn present(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(cut::clean_line).filter(|line| !line.is_empty())
}

/// F12, F14: white space folds; what a missing value leaves at the ends of one's own template goes.
fn finish(subject: String, is_default: bool, plain_name: &str) -> String {
    let line = match cut::clean_line(&subject) {
        Cow::Borrowed(_) => subject,
        Cow::Owned(line) => line,
    };
    if is_default {
        return line;
    }
    match line.trim_matches(ENDS) {
        "" => plain_name.to_owned(),
        trimmed if trimmed.len() == line.len() => line,
        trimmed => trimmed.to_owned(),
    }
}

fn trailing_space(text: Option<&str>) -> &'static str {
    if text.is_some_and(|text| text.trim() != "" && text.ends_with(char::is_whitespace)) {
        " "
    } else {
        ""
    }
}

fn leading_space(text: Option<&str>) -> &'static str {
    if text.is_some_and(|text| text.trim() != "" && text.starts_with(char::is_whitespace)) {
        " "
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn braces_are_written_twice() {
        let template = Template::parse("{{{title}}}").unwrap();
        assert_eq!(
            template.parts,
            [
                Part::Literal("{".into()),
                Part::Placeholder(Placeholder::Title),
                Part::Literal("}".into())
            ]
        );
    }

    #[test]
    fn a_template_that_cannot_be_read_says_why() {
        assert!(
            Template::parse("{titel}")
                .unwrap_err()
                .contains("`{titel}`")
        );
        assert!(
            Template::parse("{title")
                .unwrap_err()
                .contains("never closed")
        );
        assert!(
            Template::parse("title}")
                .unwrap_err()
                .contains("stands alone")
        );
    }

    #[test]
    fn a_frame_is_taken_away_only_where_it_is() {
        let frame = Frame {
            before: "Call: ".into(),
            behind: String::new(),
        };
        assert_eq!(frame.title("Call: Intro"), "Intro");
        assert_eq!(frame.title("Intro"), "Intro");
    }
}

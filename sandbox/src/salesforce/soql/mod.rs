//! SOQL: text to tokens, tokens to a query, a query bound to an org and answered.

mod answer;
mod bind;
mod date_literal;
mod lexer;
mod like;
mod parser;
mod scan;

pub(super) use answer::{Found, answer, record_url};

use super::error::Refusal;

/// What a place in a query's text is refused for.
#[derive(Clone, Debug, PartialEq)]
struct Fault {
    code: &'static str,
    /// The byte that the place begins at.
    at: usize,
    message: String,
}

impl Fault {
    fn malformed(at: usize, message: impl Into<String>) -> Self {
        Self {
            code: "MALFORMED_QUERY",
            at,
            message: message.into(),
        }
    }

    /// As Salesforce shows it: what stands around the place, a caret under it, and where it is.
    fn refusal(&self, text: &str) -> Refusal {
        const AROUND: usize = 40;
        let at = (0..=self.at.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        let (before, after) = text.split_at(at);
        let row = before.matches('\n').count() + 1;
        let line = before.rsplit('\n').next().unwrap_or_default();
        let column = line.chars().count() + 1;
        let shown_before: Vec<char> = line.chars().rev().take(AROUND).collect();
        let shown_after: String = after
            .chars()
            .take_while(|c| *c != '\n')
            .take(AROUND)
            .collect();
        let shown: String = shown_before
            .iter()
            .rev()
            .copied()
            .chain(shown_after.chars())
            .collect();
        let caret = format!("{}^", " ".repeat(shown_before.len()));
        let message = format!(
            "\n{shown}\n{caret}\nERROR at Row:{row}:Column:{column}\n{}",
            self.message
        );
        Refusal::bad(self.code, message)
    }
}

//! How is what wasn't taken shown to a person?

use super::output::Output;
use super::table::Column;

/// Something that wasn't taken.
pub(super) struct NotTaken<'a> {
    pub(super) line: Option<u64>,
    pub(super) activity: Option<&'a str>,
    pub(super) path: String,
    pub(super) message: &'a str,
    pub(super) hint: &'a str,
}

/// A table of them, each with its place, and an empty line.
pub(super) fn show<'a>(not_taken: impl Iterator<Item = NotTaken<'a>>, output: &Output) {
    let row = |one: NotTaken<'_>| {
        vec![
            one.line.map_or_else(String::new, |line| line.to_string()),
            one.activity.unwrap_or_default().to_owned(),
            one.path,
            one.message.to_owned(),
            one.hint.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = not_taken.map(row).collect();
    output.table(
        &[
            Column::Number("line"),
            Column::Word("activity"),
            Column::Word("path"),
            Column::Text("refused because"),
            Column::Text("what to do"),
        ],
        &rows,
    );
    output.line("");
}

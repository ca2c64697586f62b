//! Tables for people: numbers to the right, words never broken, text wrapped, and what doesn't fit left out.

use super::output::is_coloured;
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};
use std::io::IsTerminal;

/// A column, by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// An identifier: never broken.
    Word(&'static str),
    /// An identifier that a narrow terminal leaves out, the last one first.
    Extra(&'static str),
    /// To the right.
    Number(&'static str),
    /// Free text: it may wrap.
    Text(&'static str),
}

/// How a word is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Waiting,
    Bad,
    Quiet,
}

/// The tone of an action or a state.
pub(super) fn tone(word: &str) -> Option<Tone> {
    match word {
        "create" | "update" | "done" | "well" | "good" => Some(Tone::Good),
        "wait" | "pending" | "sent" | "interrupted" | "weak" => Some(Tone::Waiting),
        "delete" | "refused" | "unsettled" | "failed" | "bad" => Some(Tone::Bad),
        "skip" | "unchanged" | "superseded" | "·" => Some(Tone::Quiet),
        _ => None,
    }
}

/// Where there is no terminal.
const WIDTH: u16 = 140;
/// Free text isn't squeezed into less, as long as there is something to leave out.
const LEAST_TEXT: u16 = 24;
/// Between columns.
const GAP: u16 = 2;

/// A table as text.
pub(super) fn rendered(columns: &[Column], rows: &[Vec<String>]) -> String {
    let stdout = std::io::stdout();
    let mut table = Table::new();
    let width = if stdout.is_terminal() {
        table.width().unwrap_or(WIDTH)
    } else {
        WIDTH
    };
    if !is_coloured(&stdout) {
        table.force_no_tty();
    }
    draw(&mut table, columns, rows, width)
}

fn draw(table: &mut Table, columns: &[Column], rows: &[Vec<String>], width: u16) -> String {
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.saturating_sub(1));
    if columns.iter().any(|column| !column.heading().is_empty()) {
        table.set_header(columns.iter().map(|column| {
            Cell::new(column.heading())
                .set_alignment(column.alignment())
                .add_attribute(Attribute::Bold)
        }));
    }
    for row in rows {
        table.add_row(
            columns
                .iter()
                .zip(row)
                .map(|(column, text)| column.cell(text)),
        );
    }
    let widths = table.column_max_content_widths();
    let left_out = left_out(columns, &widths, width.saturating_sub(1));
    for (position, (column, drawn)) in columns.iter().zip(table.column_iter_mut()).enumerate() {
        drawn.set_padding((0, GAP));
        if left_out.contains(&position) {
            drawn.set_constraint(ColumnConstraint::Hidden);
        } else if !matches!(column, Column::Text(_)) {
            drawn.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines().map(|line| format!(" {}\n", line.trim_end()));
    let mut text: String = lines.collect();
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out
            .iter()
            .filter_map(|position| columns.get(*position))
            .map(|column| column.heading())
            .collect();
        text.push_str(&format!(
            " (in a wider terminal also: {})\n",
            names.join(", ")
        ));
    }
    text
}

/// The extra columns for which there is no room.
fn left_out(columns: &[Column], widths: &[u16], width: u16) -> Vec<usize> {
    let need = |(column, width): (&Column, &u16)| match column {
        Column::Text(_) => GAP + (*width).min(LEAST_TEXT),
        _ => GAP + *width,
    };
    let mut needed: u16 = columns.iter().zip(widths).map(need).sum();
    let mut left_out = Vec::new();
    for (position, (column, of_column)) in columns.iter().zip(widths).enumerate().rev() {
        if needed > width && matches!(column, Column::Extra(_)) {
            needed = needed.saturating_sub(GAP + *of_column);
            left_out.insert(0, position);
        }
    }
    left_out
}

impl Column {
    const fn heading(self) -> &'static str {
        match self {
            Self::Word(heading)
            | Self::Extra(heading)
            | Self::Number(heading)
            | Self::Text(heading) => heading,
        }
    }

    const fn alignment(self) -> CellAlignment {
        match self {
            Self::Number(_) => CellAlignment::Right,
            Self::Word(_) | Self::Extra(_) | Self::Text(_) => CellAlignment::Left,
        }
    }

    fn cell(self, text: &str) -> Cell {
        let cell = Cell::new(text).set_alignment(self.alignment());
        match tone(text).filter(|_| !matches!(self, Self::Text(_))) {
            Some(Tone::Good) => cell.fg(Color::Green),
            Some(Tone::Waiting) => cell.fg(Color::Yellow),
            Some(Tone::Bad) => cell.fg(Color::Red),
            Some(Tone::Quiet) => cell.add_attribute(Attribute::Dim),
            None => cell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::Word("activity"),
        Column::Number("attempts"),
        Column::Text("subject"),
        Column::Extra("rules"),
        Column::Extra("assigned by"),
    ];

    fn drawn(width: u16, is_styled: bool) -> String {
        let mut table = Table::new();
        if is_styled {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        let row = [
            "sales_email_replied:123456789",
            "3",
            "A subject that goes on and on, long enough to wrap in any terminal",
            "K2 W1 C2 O1",
            "integration_user",
        ];
        draw(
            &mut table,
            &COLUMNS,
            &[row.map(str::to_owned).to_vec()],
            width,
        )
    }

    #[test]
    fn identifiers_are_never_broken() {
        for width in [60, 80, 112, 160] {
            for is_styled in [false, true] {
                let text = drawn(width, is_styled);
                assert!(text.contains("sales_email_replied:123456789"), "{text}");
                let extra = text.contains("integration_user") || text.contains("also:");
                assert!(extra, "{text}");
            }
            let longest = drawn(width, false)
                .lines()
                .map(|line| line.chars().count())
                .max();
            assert!(longest <= Some(usize::from(width)), "{width}: {longest:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_named() {
        assert!(drawn(80, false).ends_with(" (in a wider terminal also: rules, assigned by)\n"));
        assert!(!drawn(160, false).contains("wider"));
    }

    #[test]
    fn styles_take_no_room() {
        assert_eq!(
            drawn(112, true).lines().count(),
            drawn(112, false).lines().count()
        );
    }
}

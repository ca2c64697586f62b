//! The module looks at texts sixteen bytes at a time, core eight: whatever they hold and wherever it stands, both say the same.
#![cfg(feature = "host")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_tests::case::Direction;
use crosswalk_tests::chance::Chance;
use crosswalk_tests::{implementation, load};
use serde_json::{Value, json};

/// What texts are made of: what ends or escapes something, spaces, what is beyond ASCII, tags, and much that is plain.
const PIECES: [&str; 28] = [
    "a",
    "bc",
    "word",
    "longer words, plainly",
    " ",
    "  ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\\",
    "/",
    "<",
    ">",
    "&",
    "<b>",
    "</b>",
    "<br>",
    "&amp;",
    "&#228;",
    "\u{1}",
    "\u{7F}",
    "\u{85}",
    "é",
    "\u{A0}",
    "\u{2028}",
    "😀",
];

fn text(chance: &Chance) -> String {
    let pieces = chance.below(40);
    let plain = chance.below(3) + 1;
    let piece = |_| match chance.one_in(plain) {
        true => *chance.one_of(&PIECES),
        false => *chance.one_of(&PIECES[..4]),
    };
    (0..pieces).map(piece).collect()
}

fn snapshot(chance: &Chance, activities: usize) -> Vec<u8> {
    let kinds = ["task", "call", "note", "meeting", "sales_email_sent"];
    let activity = |number: usize| {
        json!({
            "id": number.to_string(), "kind": chance.one_of(&kinds), "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["1"],
            "title": text(chance), "body": text(chance), "body_format": chance.one_of(&["html", "text"]), "app": text(chance),
            text(chance): text(chance)
        })
    };
    let activities: Vec<Value> = (0..activities).map(activity).collect();
    let snapshot = json!({
        "now": "2026-11-23T10:00:00Z", "activities": activities,
        "contacts": [{"id": "1", "created_at": "2026-09-01T07:00:00Z", "name": text(chance),
            "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}]
    });
    snapshot.to_string().into_bytes()
}

#[test]
fn texts_of_any_sort_are_planned_alike() {
    let implementations = implementation::all();
    let (core, others) = implementations.here.split_first().unwrap();
    assert!(!others.is_empty());
    for seed in 0..10 {
        let snapshot = snapshot(&Chance::of(seed), 400);
        let plan = core.plan(Direction::ToSalesforce, &load::settings(), &snapshot);
        assert!(plan.is_ok());
        for other in others {
            let answer = other.plan(Direction::ToSalesforce, &load::settings(), &snapshot);
            assert!(
                answer == plan,
                "{} answers otherwise with seed {seed}",
                other.name()
            );
        }
    }
}

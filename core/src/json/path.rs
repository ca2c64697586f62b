//! Where in a document is the value that could not be read?
//!
//! serde_json knows the place in the text where it stopped; from that the path follows. Tracking the path while reading would need
//! every type's reading code a second time, which alone would be a third of the module.

use std::borrow::Cow;

/// The path of what could not be read, as `activities[0].id`; empty for the whole document.
pub(super) fn of_error(text: &str, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let is_of = |prefixes: &[&str]| prefixes.iter().any(|prefix| message.starts_with(prefix));
    let mut walk = Walk::default();
    let end = offset(text, error.line(), error.column());
    walk.until(text.get(..end).unwrap_or(text));
    if is_of(&["invalid type: sequence"]) && walk.last == Some(Token::Open) {
        // The list itself is wrong, not its first element: none was looked at.
        if let Some(Level::List(index)) = walk.levels.last_mut() {
            *index = None;
        }
    }
    if walk.last == Some(Token::Comma)
        && !is_of(&["invalid type"])
        && let Some(Level::List(Some(index))) = walk.levels.last_mut()
    {
        // What was found wrong after it was read, when the comma after it was read too.
        *index = index.saturating_sub(1);
    }
    if let Some(closed) = walk.closed.take()
        && !is_of(&[
            "missing field",
            "invalid length",
            "invalid type: sequence",
            "invalid type: map",
        ])
    {
        // What was found wrong after it was read, and was the last in there.
        walk.levels.push(closed);
    }
    walk.path()
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column
}

/// Where one is inside an object or a list.
enum Level<'a> {
    /// The key, as it is written; none before the first and after a comma.
    Object(Option<&'a str>),
    List(Option<usize>),
}

#[derive(PartialEq, Eq)]
enum Token {
    Open,
    Comma,
    Other,
}

#[derive(Default)]
struct Walk<'a> {
    levels: Vec<Level<'a>>,
    /// What was closed by the last token.
    closed: Option<Level<'a>>,
    last: Option<Token>,
}

impl<'a> Walk<'a> {
    fn until(&mut self, text: &'a str) {
        let mut position = 0;
        while let Some(byte) = text.as_bytes().get(position) {
            let start = position;
            position += 1;
            if byte.is_ascii_whitespace() {
                continue;
            }
            self.closed = None;
            self.last = Some(Token::Other);
            match byte {
                b'{' => self.levels.push(Level::Object(None)),
                b'[' => {
                    self.levels.push(Level::List(Some(0)));
                    self.last = Some(Token::Open);
                }
                b'}' | b']' => self.closed = self.levels.pop(),
                b',' => {
                    self.last = Some(Token::Comma);
                    match self.levels.last_mut() {
                        Some(Level::Object(key)) => *key = None,
                        Some(Level::List(Some(index))) => *index += 1,
                        _ => {}
                    }
                }
                b'"' => {
                    position = end_of_string(text.as_bytes(), position);
                    if let Some(Level::Object(key @ None)) = self.levels.last_mut() {
                        *key = text.get(start..position);
                    }
                }
                _ => {}
            }
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for level in &self.levels {
            match level {
                Level::Object(Some(key)) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    let unescaped = serde_json::from_str(key).map(Cow::<str>::Owned);
                    path.push_str(&unescaped.unwrap_or(Cow::Borrowed(key)));
                }
                Level::List(Some(index)) => path.push_str(&format!("[{index}]")),
                Level::Object(None) | Level::List(None) => {}
            }
        }
        path
    }
}

/// The position after the quote that ends a string.
fn end_of_string(bytes: &[u8], mut position: usize) -> usize {
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => return position + 1,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use crate::{Settings, snapshot};
    use serde::Deserialize;
    use serde_json::{Value, json};

    /// The path that tracking finds, and the one that is found here.
    fn both<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(String, String, String)> {
        let error = serde_json::from_str::<T>(text).err()?;
        let tracked: Result<T, _> =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
        let tracked = tracked.err()?.path().to_string();
        let tracked = if tracked == "." {
            String::new()
        } else {
            tracked
        };
        Some((tracked, super::of_error(text, &error), error.to_string()))
    }

    /// Every value of a document replaced by every wrong one, and every key by an unknown one or none.
    fn variants(document: &Value) -> Vec<Value> {
        let wrong = [
            json!(7),
            json!(-7),
            json!(1.5),
            json!(""),
            json!("wrong"),
            json!(true),
            json!(null),
            json!([]),
            json!([7]),
            json!({}),
            json!({"a \"key\"": {"b": 1}}),
        ];
        let mut variants = wrong.to_vec();
        match document {
            Value::Object(members) => {
                for (key, value) in members {
                    let mut without = members.clone();
                    without.remove(key);
                    variants.push(without.clone().into());
                    for name in ["aa", "zz"] {
                        let mut renamed = without.clone();
                        renamed.insert(name.to_owned(), value.clone());
                        variants.push(renamed.into());
                    }
                    for variant in self::variants(value) {
                        let mut changed = members.clone();
                        changed.insert(key.clone(), variant);
                        variants.push(changed.into());
                    }
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    for variant in self::variants(item) {
                        let mut changed = items.clone();
                        if let Some(item) = changed.get_mut(position) {
                            *item = variant;
                        }
                        variants.push(changed.into());
                    }
                }
            }
            _ => {}
        }
        variants
    }

    fn agrees<T: for<'a> Deserialize<'a>>(document: &Value) {
        agrees_by(document, |text| both::<T>(text));
    }

    fn agrees_by(document: &Value, both: impl Fn(&str) -> Option<(String, String, String)>) {
        let mut failures = 0;
        for variant in variants(document) {
            for text in [variant.to_string(), format!("{variant:#}")] {
                let Some((tracked, found, message)) = both(&text) else {
                    continue;
                };
                failures += 1;
                // A list where a name is expected: the text doesn't tell the outer from the inner.
                let is_told_as_the_outer = message.starts_with("invalid type: sequence")
                    && tracked == format!("{found}[0]");
                assert!(
                    found == tracked || is_told_as_the_outer,
                    "`{found}` instead of `{tracked}`: {message}\n{text}"
                );
            }
        }
        assert!(failures > 100, "only {failures} variants were refused");
    }

    #[test]
    fn the_path_is_the_one_that_tracking_finds_in_settings() {
        agrees::<Settings>(&json!({
            "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
            "to_salesforce": {"call": {"enabled": true, "task_type": "Call", "enabled_at": "2026-10-05T06:00:00Z"}, "task": {"enabled": true}},
            "to_hubspot": {"task": {"enabled": true, "enabled_at": "2026-10-05T06:00:00Z"}, "email": {"enabled": false}},
            "owners": {"integration_user": "005000000000001AAA", "match_by": "email", "overrides": {"78": "005000000000009AAA"}, "owned_kinds": ["task", "note"]},
            "windows": {"marketing_email": "P30D", "wait": "P30D"}, "meetings": {"cancelled_status": "Completed"},
            "related_to": "none", "conflict": "newest", "on_delete": {"to_salesforce": "keep"}, "due_time": "08:00",
            "salesforce": {"key_field": "Crosswalk_Key__c"}
        }));
    }

    #[test]
    fn the_path_is_the_one_that_tracking_finds_in_records() {
        agrees_by(
            &json!({
                "id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-20T07:30:00Z",
                "contacts": ["101", "102"], "title": "Intro", "duration_ms": 95000, "deleted": false
            }),
            |text| both::<snapshot::Activity<'_>>(text),
        );
        agrees_by(
            &json!({"id": "101", "created_at": "2026-09-01T07:00:00Z", "email": "aino@example.com",
                "salesforce": {"status": "synced", "object": "Contact", "id": "003", "triggered_at": "2026-09-01T07:10:00Z"}}),
            |text| both::<snapshot::Contact<'_>>(text),
        );
        agrees_by(
            &json!({"activity": "call:1", "origin": "hubspot", "synced": {"Subject": "a"}, "synced_at": "2026-09-01T07:10:00Z",
                "task_now": {"Subject": "b"}, "cut": ["Description"]}),
            |text| both::<snapshot::Link<'_>>(text),
        );
        agrees_by(
            &json!({"Status": {"values": ["a", "b"], "closed": ["b"], "default": "a"}, "Type": {"values": ["c"]}}),
            |text| both::<snapshot::Picklists<'_>>(text),
        );
    }
}

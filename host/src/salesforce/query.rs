//! Queries, page by page.

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{DATA, Salesforce};
use crate::api::Call;
use crate::error::ApiError;

/// How long a list in a query may be, as it stands in the address, which may have 16,384 bytes in all.
const LONGEST_LIST: usize = 8_000;

/// How many calls are under way at once: far from each other, the systems answer late.
const AT_ONCE: usize = 4;

/// Which records a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    /// Those that are there.
    Present,
    /// Deleted and archived ones too.
    All,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    records: Vec<T>,
    done: bool,
    #[serde(default)]
    next_records_url: Option<String>,
}

impl Among {
    const fn resource(self) -> &'static str {
        match self {
            Self::Present => "query",
            Self::All => "queryAll",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    total_size: u64,
}

impl Salesforce {
    /// How many records a query of `COUNT()` finds.
    pub(super) async fn count(
        &self,
        among: Among,
        soql: &str,
        purpose: &'static str,
    ) -> Result<u64, ApiError> {
        let path = format!("{DATA}/{}?q={}", among.resource(), escaped(soql));
        let counted: Counted = self.api.read(Call::get(path, purpose)).await?;
        Ok(counted.total_size)
    }

    /// All records of a query.
    pub(super) async fn query<T: DeserializeOwned>(
        &self,
        among: Among,
        soql: &str,
        purpose: &'static str,
    ) -> Result<Vec<T>, ApiError> {
        let mut path = format!("{DATA}/{}?q={}", among.resource(), escaped(soql));
        let mut records = Vec::new();
        loop {
            let page: Page<T> = self.api.read(Call::get(path, purpose)).await?;
            records.extend(page.records);
            match page.next_records_url {
                Some(next) if !page.done => path = next,
                _ => return Ok(records),
            }
        }
    }

    /// All records of a query whose list of values may be long: `soql` ends with `IN`.
    pub(super) async fn query_in<T: DeserializeOwned>(
        &self,
        among: Among,
        soql: &str,
        values: &[String],
        purpose: &'static str,
    ) -> Result<Vec<T>, ApiError> {
        let pages = stream::iter(lists(values)).map(|list| {
            let soql = format!("{soql} ({list})");
            async move { self.query(among, &soql, purpose).await }
        });
        let records: Vec<Vec<T>> = pages.buffered(AT_ONCE).try_collect().await?;
        Ok(records.into_iter().flatten().collect())
    }
}

fn escaped(soql: &str) -> String {
    url::form_urlencoded::byte_serialize(soql.as_bytes()).collect()
}

/// The values as lists of literals that fit into an address.
fn lists(values: &[String]) -> Vec<String> {
    let mut lists: Vec<(String, usize)> = Vec::new();
    for value in values {
        let literal = literal(value);
        let length = escaped(&literal).len() + "%2C".len();
        match lists.last_mut() {
            Some((list, taken)) if *taken + length <= LONGEST_LIST => {
                list.push(',');
                list.push_str(&literal);
                *taken += length;
            }
            _ => lists.push((literal, length)),
        }
    }
    lists.into_iter().map(|(list, _)| list).collect()
}

/// What was changed at this moment behind this id, or later; an empty id is before all others.
pub(super) fn changed_behind(stamp: Timestamp, id: &str) -> String {
    let stamp = moment(stamp);
    if id.is_empty() {
        return format!("SystemModstamp >= {stamp}");
    }
    let id = literal(id);
    format!("(SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > {id}))")
}

/// A moment as SOQL writes it, to the millisecond.
pub(super) fn moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A text as SOQL writes it.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other => literal.push(other),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_cursor_is_exact_to_the_millisecond() {
        let stamp = "2026-11-20T08:00:00.5Z".parse().unwrap();
        assert_eq!(
            changed_behind(stamp, ""),
            "SystemModstamp >= 2026-11-20T08:00:00.500Z"
        );
        assert_eq!(
            changed_behind(stamp, "00T1"),
            "(SystemModstamp > 2026-11-20T08:00:00.500Z OR (SystemModstamp = 2026-11-20T08:00:00.500Z AND Id > '00T1'))"
        );
    }

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        assert_eq!(literal(r"x' OR Name != '\"), r"'x\' OR Name != \'\\'");
        assert_eq!(literal("a\nb"), r"'a\nb'");
    }

    #[test]
    fn long_lists_are_cut_where_the_address_ends_and_lose_nothing() {
        let values: Vec<String> = (0..1_000).map(|id| format!("00T{id:015}")).collect();
        let lists = lists(&values);
        assert!(lists.iter().all(|list| escaped(list).len() <= LONGEST_LIST));
        assert_eq!(lists.len(), 4);
        let together: Vec<String> = values.iter().map(|value| literal(value)).collect();
        assert_eq!(lists.join(","), together.join(","));
        assert!(super::lists(&[]).is_empty());
    }
}

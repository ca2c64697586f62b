//! The records that a query gives, page by page.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::bind::{Binder, Bound, Column, Filter, Select, Sorting, TYPE_OF_RELATED, Test, Way};
use super::parser::{Operator, Query, Selected, parse};
use super::scan::Scan;
use super::{Fault, date_literal::Days};
use crate::salesforce::error::Refusal;
use crate::salesforce::org::Org;
use crate::salesforce::row::Row;
use crate::salesforce::save::RECYCLE_BIN;
use crate::salesforce::table::{Slot, Table};
use crate::salesforce::value::Value;

/// What a query found: the rest of it is fetched by pages.
pub(in crate::salesforce) struct Found {
    table: usize,
    columns: Vec<Column>,
    slots: Vec<Slot>,
    /// How many records there are, which COUNT() gives without them.
    pub(in crate::salesforce) total: usize,
    /// It selects fields, and neither counts nor skips.
    is_plain: bool,
}

/// The most characters that a query may have.
const LONGEST_QUERY: usize = 100_000;

/// Answers a query; `all` sees deleted and archived records too.
pub(in crate::salesforce) fn answer(
    org: &Org,
    text: &str,
    all: bool,
    now: i64,
) -> Result<Found, Refusal> {
    if text.chars().count() > LONGEST_QUERY {
        let message = format!("SOQL statements cannot be longer than {LONGEST_QUERY} characters.");
        return Err(Refusal::bad("QUERY_TOO_COMPLICATED", message));
    }
    found(org, text, all, now).map_err(|fault| fault.refusal(text))
}

fn found(org: &Org, text: &str, all: bool, now: i64) -> Result<Found, Fault> {
    let query = parse(text)?;
    let bound = Binder { org, now, all }.query(&query)?;
    let slots = run(org, &bound, seen(all, now));
    let total = slots.len();
    let is_plain = matches!(bound.select, Select::Columns(_)) && bound.offset == 0;
    let (columns, slots) = match bound.select {
        Select::Count => (Vec::new(), Vec::new()),
        Select::Columns(columns) => (columns, slots),
    };
    Ok(Found {
        table: bound.table,
        columns,
        slots,
        total,
        is_plain,
    })
}

/// The values of the one column that a subquery selects.
pub(super) fn column(binder: &Binder<'_>, query: &Query) -> Result<Vec<Value<'static>>, Fault> {
    let [Selected::Field(path)] = query.select.as_slice() else {
        return Err(Fault::malformed(
            query.from.at,
            "a subquery selects one field",
        ));
    };
    let [name] = path.0.as_slice() else {
        return Err(Fault::malformed(
            query.from.at,
            "a subquery selects a field of its own object",
        ));
    };
    let bound = binder.query(query)?;
    let table = &binder.org.tables[bound.table];
    let place = table.sobject.place(&name.text).unwrap_or_default();
    let rows = run(binder.org, &bound, seen(binder.all, binder.now))
        .into_iter()
        .filter_map(|slot| table.row(slot));
    Ok(rows
        .map(|row| row.value(place).into_owned())
        .filter(|value| !value.is_null())
        .collect())
}

/// Since when a record may have been deleted to be seen still, where deleted and archived ones are seen.
fn seen(all: bool, now: i64) -> Option<i64> {
    all.then_some(now - RECYCLE_BIN)
}

/// The records in the order and within the bounds that the query sets.
fn run(org: &Org, bound: &Bound, deleted_since: Option<i64>) -> Vec<Slot> {
    let table = &org.tables[bound.table];
    let archived = table.sobject.place("IsArchived");
    let is_seen = |row: &Row| match deleted_since {
        Some(since) => !row.system.is_deleted || row.system.modified > since,
        None => !row.system.is_deleted && !archived.is_some_and(|place| row.value(place).is_true()),
    };
    let passes = |slot: &Slot| {
        table.row(*slot).is_some_and(|row| {
            is_seen(row)
                && bound
                    .filter
                    .as_ref()
                    .is_none_or(|filter| filter.passes(org, table, row))
        })
    };
    let limit = bound.limit.unwrap_or(usize::MAX);
    let (scan, in_order) = Scan::of(table, bound.filter.as_ref(), &bound.order);
    let slots = scan.slots(table, in_order.unwrap_or(false)).filter(passes);
    match in_order {
        Some(_) => slots.skip(bound.offset).take(limit).collect(),
        None => sorted(org, table, slots, &bound.order)
            .into_iter()
            .skip(bound.offset)
            .take(limit)
            .collect(),
    }
}

fn sorted(
    org: &Org,
    table: &Table,
    slots: impl Iterator<Item = Slot>,
    order: &[Sorting],
) -> Vec<Slot> {
    let mut keyed: Vec<(Vec<Value<'_>>, Slot)> = slots
        .filter_map(|slot| {
            let row = table.row(slot)?;
            Some((
                order
                    .iter()
                    .map(|sorting| sorting.way.value(org, table, row))
                    .collect(),
                slot,
            ))
        })
        .collect();
    keyed.sort_by(|(one, _), (other, _)| {
        let each = order.iter().zip(one.iter().zip(other));
        each.map(|(sorting, (one, other))| sorting.order(one, other))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    keyed.into_iter().map(|(_, slot)| slot).collect()
}

impl Sorting {
    /// Nulls stand first or last, whichever way the rest is sorted.
    fn order(&self, one: &Value<'_>, other: &Value<'_>) -> Ordering {
        match (one.is_null(), other.is_null()) {
            (true, true) => Ordering::Equal,
            (one_null, other_null) if one_null != other_null => match one_null == self.nulls_last {
                true => Ordering::Greater,
                false => Ordering::Less,
            },
            _ if self.descending => other.order(one),
            _ => one.order(other),
        }
    }
}

impl Way {
    fn value<'a>(&self, org: &'a Org, table: &'a Table, row: &'a Row) -> Value<'a> {
        match self {
            Self::Own(place) => row.value(*place),
            Self::Related { references, field } => {
                let mut here = Some((table, row));
                for reference in references {
                    here = here.and_then(|(table, row)| referred(org, table, row, reference));
                }
                here.map_or(Value::Null, |(table, row)| named(table, row, field))
            }
        }
    }
}

fn referred<'a>(
    org: &'a Org,
    table: &Table,
    row: &Row,
    reference: &str,
) -> Option<(&'a Table, &'a Row)> {
    let place = table.sobject.place(reference)?;
    org.record(row.value(place).id()?)
}

/// The value of a field that a record may not have, since others that stand in its place do.
fn named<'a>(table: &'a Table, row: &'a Row, field: &str) -> Value<'a> {
    match table.sobject.place(field) {
        Some(place) => row.value(place),
        None if field == TYPE_OF_RELATED => Value::text(table.sobject.name),
        None => Value::Null,
    }
}

impl Filter {
    fn passes(&self, org: &Org, table: &Table, row: &Row) -> bool {
        match self {
            Self::And(filters) => filters.iter().all(|filter| filter.passes(org, table, row)),
            Self::Or(filters) => filters.iter().any(|filter| filter.passes(org, table, row)),
            Self::Not(filter) => !filter.passes(org, table, row),
            Self::Test(way, test) => test.passes(&way.value(org, table, row)),
        }
    }
}

impl Test {
    /// Null is only ever equal to null; the negative tests pass it.
    fn passes(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Compare(operator, wanted) => compared(*operator, value, wanted),
            Self::Days(operator, days) => in_days(*operator, value, *days),
            Self::Like(pattern) => value.as_text().is_some_and(|text| pattern.matches(text)),
            Self::Among { values, negated } => {
                let is_among = values.binary_search_by(|other| other.order(value)).is_ok();
                is_among != *negated
            }
        }
    }
}

fn compared(operator: Operator, value: &Value<'_>, wanted: &Value<'_>) -> bool {
    let has_order = !value.is_null() && !wanted.is_null();
    match operator {
        Operator::Equal => value.same(wanted),
        Operator::NotEqual => !value.same(wanted),
        Operator::Less => has_order && value.order(wanted).is_lt(),
        Operator::LessOrEqual => has_order && value.order(wanted).is_le(),
        Operator::Greater => has_order && value.order(wanted).is_gt(),
        Operator::GreaterOrEqual => has_order && value.order(wanted).is_ge(),
        Operator::Like => false,
    }
}

fn in_days(operator: Operator, value: &Value<'_>, (first, end): Days) -> bool {
    let day = match value {
        Value::Date(day) => Some(*day),
        Value::Instant(second) => {
            let instant = Timestamp::from_second(*second).ok();
            instant.map(|instant| TimeZone::UTC.to_datetime(instant).date())
        }
        _ => None,
    };
    let Some(day) = day else {
        return operator == Operator::NotEqual;
    };
    match operator {
        Operator::Equal => first <= day && day < end,
        Operator::NotEqual => day < first || end <= day,
        Operator::Less => day < first,
        Operator::LessOrEqual => day < end,
        Operator::Greater => day >= end,
        Operator::GreaterOrEqual => day >= first,
        Operator::Like => false,
    }
}

impl Found {
    /// The records of a page, as JSON under this version of the API.
    pub(in crate::salesforce) fn page<'a>(
        &'a self,
        org: &'a Org,
        version: &'a str,
        from: usize,
        size: usize,
    ) -> Vec<impl Serialize + 'a> {
        let table = &org.tables[self.table];
        let slots = self.slots.iter().skip(from).take(size);
        let rows = slots.filter_map(|slot| table.row(*slot));
        rows.map(|row| Shown {
            org,
            version,
            table,
            row,
            columns: &self.columns,
            called: table.sobject.name,
        })
        .collect()
    }

    /// How many records there are to fetch.
    pub(in crate::salesforce) fn records(&self) -> usize {
        self.slots.len()
    }

    /// Whether it is a query of fields that neither counts nor skips.
    pub(in crate::salesforce) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The sobject that it is of.
    pub(in crate::salesforce) fn object(&self, org: &Org) -> &'static str {
        org.tables[self.table].sobject.name
    }

    /// The records of a page as CSV under a line of names, and how many they are.
    pub(in crate::salesforce) fn csv(
        &self,
        org: &Org,
        (from, size): (usize, usize),
        delimiter: char,
        line_ending: &str,
    ) -> (String, usize) {
        let table = &org.tables[self.table];
        let mut csv = Csv {
            text: String::new(),
            delimiter,
        };
        csv.names(&self.columns, "");
        csv.text.push_str(line_ending);
        let slots = self.slots.iter().skip(from).take(size);
        let mut records = 0;
        for row in slots.filter_map(|slot| table.row(*slot)) {
            csv.values(org, &self.columns, Some((table, row)));
            csv.text.push_str(line_ending);
            records += 1;
        }
        (csv.text, records)
    }
}

/// A text of quoted values in the making.
struct Csv {
    text: String,
    delimiter: char,
}

impl Csv {
    fn names(&mut self, columns: &[Column], before: &str) {
        for column in columns {
            match column {
                Column::Field { name } => self.put(&format!("{before}{name}")),
                Column::Related { name, columns, .. } => {
                    self.names(columns, &format!("{before}{name}."));
                }
            }
        }
    }

    fn values(&mut self, org: &Org, columns: &[Column], record: Option<(&Table, &Row)>) {
        for column in columns {
            match column {
                Column::Field { name } => {
                    let value = record.map_or(Value::Null, |(table, row)| named(table, row, name));
                    match value {
                        Value::Text(text) => self.put(&text),
                        other => self.put(&plain(&other.to_json())),
                    }
                }
                Column::Related {
                    reference, columns, ..
                } => {
                    let related =
                        record.and_then(|(table, row)| referred(org, table, row, reference));
                    self.values(org, columns, related);
                }
            }
        }
    }

    fn put(&mut self, value: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(self.delimiter);
        }
        self.text.push('"');
        for part in value.split_inclusive('"') {
            self.text.push_str(part);
            if part.ends_with('"') {
                self.text.push('"');
            }
        }
        self.text.push('"');
    }
}

/// What isn't text as CSV has it; null is nothing.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A record as a query shows it.
struct Shown<'a> {
    org: &'a Org,
    version: &'a str,
    table: &'a Table,
    row: &'a Row,
    columns: &'a [Column],
    called: &'a str,
}

#[derive(Serialize)]
struct Attributes<'a> {
    r#type: &'a str,
    url: String,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len() + 1))?;
        let url = record_url(self.version, self.table, self.row);
        map.serialize_entry(
            "attributes",
            &Attributes {
                r#type: self.called,
                url,
            },
        )?;
        for column in self.columns {
            match column {
                Column::Field { name } => {
                    map.serialize_entry(name, &named(self.table, self.row, name))?
                }
                Column::Related {
                    name,
                    reference,
                    is_polymorphic,
                    columns,
                } => {
                    let related = referred(self.org, self.table, self.row, reference);
                    let shown = related.map(|(table, row)| Shown {
                        org: self.org,
                        version: self.version,
                        table,
                        row,
                        columns,
                        called: if *is_polymorphic {
                            "Name"
                        } else {
                            table.sobject.name
                        },
                    });
                    map.serialize_entry(name, &shown)?;
                }
            }
        }
        map.end()
    }
}

/// Where a record is.
pub(in crate::salesforce) fn record_url(version: &str, table: &Table, row: &Row) -> String {
    format!(
        "/services/data/v{version}/sobjects/{}/{}",
        table.sobject.name, row.system.id
    )
}

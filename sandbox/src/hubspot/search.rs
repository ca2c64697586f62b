//! Records by what they say.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

use super::filter::{Group, WrittenFilter, holds_token, no_property};
use super::object_type::ObjectType;
use super::objects::linked;
use super::page::{Page, Paging};
use super::portal::Portal;
use super::property::PropertyType;
use super::refusal::Refusal;
use super::request::{Call, maybe_text};
use super::schema::{CREATED, ID, Place, Schema, UPDATED};
use super::sorted::{Key, Sorted};
use super::standard;
use super::stored::Stored;
use super::table::Table;
use super::view::Shape;
use crate::front::Answer;

const MOST_GROUPS: usize = 5;
const MOST_FILTERS_OF_A_GROUP: usize = 6;
const MOST_FILTERS: usize = 18;
const DEFAULT_LIMIT: usize = 10;
const LARGEST_LIMIT: usize = 200;
/// No page reaches beyond this many results.
const MOST_RESULTS: usize = 10_000;
const LONGEST_BODY: usize = 3_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    filter_groups: Option<Vec<WrittenGroup>>,
    /// One more group.
    #[serde(default)]
    filters: Option<Vec<WrittenFilter>>,
    #[serde(default)]
    sorts: Option<Vec<WrittenSort>>,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    properties: Option<Vec<String>>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default, deserialize_with = "maybe_text")]
    after: Option<String>,
}

#[derive(Deserialize)]
struct WrittenGroup {
    filters: Vec<WrittenFilter>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenSort {
    /// A minus before the name turns the order round.
    Name(String),
    #[serde(rename_all = "camelCase")]
    Full {
        property_name: String,
        #[serde(default)]
        direction: Option<Direction>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    fn of(self, order: Ordering) -> Ordering {
        match self {
            Self::Ascending => order,
            Self::Descending => order.reverse(),
        }
    }
}

/// By what the results are sorted.
#[derive(Clone, Copy)]
struct Order {
    by: Place,
    direction: Direction,
}

/// What to look for.
struct Search {
    /// Of which one must hold.
    groups: Vec<Group>,
    words: Vec<String>,
    order: Order,
    skip: usize,
    limit: usize,
}

/// Where the results are among all records, in one of the two orders that are kept.
struct Candidates<'t> {
    by: Place,
    sorted: &'t Sorted,
    /// In order, apart from each other.
    ranks: Vec<Range<usize>>,
    /// Each of them is a result.
    exact: bool,
}

/// A page of results, and how many there are in all.
struct Found {
    total: usize,
    page: Vec<Arc<Stored>>,
}

pub(super) fn answer(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Answer, Refusal> {
    let characters =
        std::str::from_utf8(&call.body).map_or(call.body.len(), |body| body.chars().count());
    if characters > LONGEST_BODY {
        let message = format!(
            "The request body has {characters} characters; a search may have {LONGEST_BODY} at most"
        );
        return Err(Refusal::invalid(message));
    }
    let request: Request = call.read()?;
    let now = portal.now;
    portal.table_mut(object_type).show(now);
    let table = portal.table(object_type);
    let schema = &table.schema;
    let columns = match &request.properties {
        Some(names) if !names.is_empty() => schema.columns(names.iter().map(String::as_str)),
        _ => schema.default_columns(),
    };
    let search = Search::new(schema, request)?;
    let Found { total, page } = search.run(table);
    let next = search.skip + page.len();
    let shape = Shape {
        columns: Some(columns),
        ..Shape::whole(schema, linked(portal, call))
    };
    let results = page.iter().map(|record| shape.of(record)).collect();
    Answer::ok(&Page {
        total: Some(total),
        results,
        paging: (search.skip < next && next < total).then(|| Paging::after(next)),
    })
}

impl Search {
    fn new(schema: &Schema, request: Request) -> Result<Self, Refusal> {
        let mut written: Vec<_> = request
            .filter_groups
            .unwrap_or_default()
            .into_iter()
            .map(|group| group.filters)
            .collect();
        written.extend(request.filters.filter(|filters| !filters.is_empty()));
        check_size(&written)?;
        if written.is_empty() {
            // No filters mean everything, as does a group of none.
            written.push(Vec::new());
        }
        let groups = written
            .into_iter()
            .map(|filters| Group::new(schema, filters))
            .collect::<Result<_, _>>()?;
        let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
        if limit > LARGEST_LIMIT {
            return Err(Refusal::invalid(format!(
                "Invalid limit: {limit}. A page of a search holds {LARGEST_LIMIT} at most"
            )));
        }
        let skip = match request.after.as_deref() {
            None | Some("") => 0,
            Some(after) => after
                .parse()
                .map_err(|_| Refusal::invalid(format!("Invalid after: {after} is no offset")))?,
        };
        if limit.saturating_add(skip) > MOST_RESULTS {
            return Err(Refusal::invalid("There was a problem with the request.").context(
                "after",
                [format!("{skip} and limit {limit} reach beyond the {MOST_RESULTS} results of a search")],
            ));
        }
        let words = request
            .query
            .unwrap_or_default()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Ok(Self {
            groups,
            words,
            order: order(schema, request.sorts.unwrap_or_default())?,
            skip,
            limit,
        })
    }

    fn run(&self, table: &Table) -> Found {
        let candidates = self.candidates(table);
        match (candidates.by == self.order.by, candidates.exact) {
            (true, true) => self.page_of(table, &candidates),
            (true, false) => self.sift(table, &candidates),
            (false, _) => self.sort(table, &candidates),
        }
    }

    /// The fewest records among which all results are.
    fn candidates<'t>(&self, table: &'t Table) -> Candidates<'t> {
        let candidates =
            |by, sorted: &'t Sorted, ranks: fn(&Group, &Sorted) -> (Range<usize>, bool)| {
                let ranges: Vec<_> = self
                    .groups
                    .iter()
                    .map(|group| ranks(group, sorted))
                    .collect();
                let exact = self.words.is_empty() && ranges.iter().all(|(_, exact)| *exact);
                let ranks = merged(ranges.into_iter().map(|(range, _)| range).collect());
                Candidates {
                    by,
                    sorted,
                    ranks,
                    exact,
                }
            };
        let by_update = candidates(UPDATED, &table.index.by_update, Group::ranks_by_update);
        let by_id = candidates(ID, &table.index.by_id, Group::ranks_by_id);
        let in_order = |candidates: &Candidates<'_>| candidates.by == self.order.by;
        // What isn't in order has to be sorted.
        let cost = |candidates: &Candidates<'_>| match (in_order(candidates), candidates.exact) {
            (true, true) => 0,
            (true, false) => candidates.len(),
            (false, _) => candidates.len() * 2,
        };
        if cost(&by_update) <= cost(&by_id) {
            by_update
        } else {
            by_id
        }
    }

    fn holds(&self, table: &Table, record: &Stored) -> bool {
        let links = || table.get(record.id).map_or(&[][..], |row| &row.links);
        let filtered = self.groups.iter().any(|group| group.holds(record, links()));
        filtered && (self.words.is_empty() || self.says_words(&table.schema, record))
    }

    fn says_words(&self, schema: &Schema, record: &Stored) -> bool {
        let places = standard::searched_for_words(schema.object_type)
            .iter()
            .filter_map(|name| schema.place(name));
        let texts: Vec<_> = places
            .filter_map(|place| record.stored(place))
            .map(str::to_lowercase)
            .collect();
        self.words.iter().all(|word| {
            texts
                .iter()
                .any(|text| holds_token(text, &format!("*{word}*")))
        })
    }

    /// The page, where the candidates are the results and in order.
    fn page_of(&self, table: &Table, candidates: &Candidates<'_>) -> Found {
        let keys = candidates
            .keys(self.order.direction, self.skip)
            .take(self.limit);
        Found {
            total: candidates.len(),
            page: keys
                .filter_map(|(_, id)| table.found(id).cloned())
                .collect(),
        }
    }

    /// The page, where the candidates are in order.
    fn sift(&self, table: &Table, candidates: &Candidates<'_>) -> Found {
        let (mut total, mut page) = (0, Vec::with_capacity(self.limit));
        for (_, id) in candidates.keys(self.order.direction, 0) {
            if let Some(record) = table.found(id).filter(|record| self.holds(table, record)) {
                if total >= self.skip && page.len() < self.limit {
                    page.push(record.clone());
                }
                total += 1;
            }
        }
        Found { total, page }
    }

    /// The page, where the candidates aren't in order.
    fn sort(&self, table: &Table, candidates: &Candidates<'_>) -> Found {
        let keys = candidates.keys(Direction::Ascending, 0);
        let mut results: Vec<_> = keys
            .filter_map(|(_, id)| table.found(id))
            .filter(|record| candidates.exact || self.holds(table, record))
            .map(|record| (SortKey::of(&table.schema, record, self.order.by), record))
            .collect();
        let direction = self.order.direction;
        results.sort_by(|(one, one_record), (other, other_record)| {
            let by_id = direction.of(one_record.id.cmp(&other_record.id));
            one.compare(other, direction).then(by_id)
        });
        let page = results
            .iter()
            .skip(self.skip)
            .take(self.limit)
            .map(|(_, record)| (*record).clone())
            .collect();
        Found {
            total: results.len(),
            page,
        }
    }
}

impl Candidates<'_> {
    fn len(&self) -> usize {
        self.ranks.iter().map(Range::len).sum()
    }

    /// Their keys but for the first few.
    fn keys(&self, direction: Direction, skip: usize) -> Box<dyn Iterator<Item = Key> + '_> {
        let mut left = skip;
        let mut shorten = move |range: &Range<usize>| {
            let cut = left.min(range.len());
            left -= cut;
            (range.clone(), cut)
        };
        match direction {
            Direction::Ascending => Box::new(self.ranks.iter().flat_map(move |range| {
                let (range, cut) = shorten(range);
                self.sorted
                    .upwards(range.start + cut)
                    .take(range.len() - cut)
            })),
            Direction::Descending => Box::new(self.ranks.iter().rev().flat_map(move |range| {
                let (range, cut) = shorten(range);
                self.sorted
                    .downwards(range.end - cut)
                    .take(range.len() - cut)
            })),
        }
    }
}

/// The same ranks, in order and apart from each other.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn check_size(groups: &[Vec<WrittenFilter>]) -> Result<(), Refusal> {
    let too_many = |what: &str, count: usize, most: usize| {
        Refusal::invalid(format!(
            "Invalid input JSON: too many {what} (count: {count}, max allowed: {most})"
        ))
    };
    if groups.len() > MOST_GROUPS {
        return Err(too_many("filterGroups", groups.len(), MOST_GROUPS));
    }
    if let Some(group) = groups
        .iter()
        .find(|group| group.len() > MOST_FILTERS_OF_A_GROUP)
    {
        return Err(too_many(
            "filters per filterGroup",
            group.len(),
            MOST_FILTERS_OF_A_GROUP,
        ));
    }
    let filters = groups.iter().map(Vec::len).sum();
    if filters > MOST_FILTERS {
        Err(too_many("filters", filters, MOST_FILTERS))
    } else {
        Ok(())
    }
}

fn order(schema: &Schema, sorts: Vec<WrittenSort>) -> Result<Order, Refusal> {
    if sorts.len() > 1 {
        return Err(Refusal::invalid(format!(
            "Invalid input JSON: too many sorts (count: {}, max allowed: 1)",
            sorts.len()
        )));
    }
    let Some(sort) = sorts.into_iter().next() else {
        return Ok(Order {
            by: ID,
            direction: Direction::Ascending,
        });
    };
    let (name, direction) = match sort {
        WrittenSort::Full {
            property_name,
            direction,
        } => (property_name, direction.unwrap_or(Direction::Ascending)),
        WrittenSort::Name(name) => match name.strip_prefix('-') {
            Some(name) => (name.to_owned(), Direction::Descending),
            None => (name, Direction::Ascending),
        },
    };
    Ok(Order {
        by: schema.place(&name).ok_or_else(|| no_property(&name))?,
        direction,
    })
}

/// What a record is sorted by; those without a value come last in either direction.
enum SortKey {
    Whole(i64),
    Number(f64),
    Text(String),
    Absent,
}

impl SortKey {
    fn of(schema: &Schema, record: &Stored, place: Place) -> Self {
        let key = match (place, schema.property_type(place)) {
            (ID | CREATED | UPDATED, _) | (_, PropertyType::Datetime) => {
                record.whole(place).map(Self::Whole)
            }
            (_, PropertyType::Number) => record
                .stored(place)
                .and_then(|text| text.parse().ok())
                .map(Self::Number),
            _ => record
                .stored(place)
                .map(|text| Self::Text(text.to_lowercase())),
        };
        key.unwrap_or(Self::Absent)
    }

    fn compare(&self, other: &Self, direction: Direction) -> Ordering {
        let order = match (self, other) {
            (Self::Absent, Self::Absent) => return Ordering::Equal,
            (Self::Absent, _) => return Ordering::Greater,
            (_, Self::Absent) => return Ordering::Less,
            (Self::Whole(one), Self::Whole(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        direction.of(order)
    }
}

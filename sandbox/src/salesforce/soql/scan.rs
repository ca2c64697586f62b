//! Which records a query has to look at: found by an index where there is one.

use std::ops::Bound as End;

use super::bind::{Filter, Sorting, Test, Way};
use super::parser::Operator;
use crate::salesforce::id::RecordId;
use crate::salesforce::schema::{ID, MODIFIED_DATE, SYSTEM_MODSTAMP};
use crate::salesforce::table::{Slot, Table};
use crate::salesforce::value::Value;

/// How the records are come by, and in which order.
pub(super) enum Scan {
    /// These, in the order of their ids.
    Found(Vec<Slot>),
    /// All with this id or a later one, by id.
    ById(End<RecordId>),
    /// All that were modified in these seconds, by that and their id.
    ByModified { first: i64, last: i64 },
}

/// The order that a query asks for, if a scan can come in it.
#[derive(Clone, Copy, PartialEq)]
enum Natural {
    None,
    Id { descending: bool },
    Modified { descending: bool },
    Other,
}

impl Scan {
    /// The cheapest scan that misses nothing, and whether it comes in the order asked for;
    /// if so, whether from its end.
    pub(super) fn of(
        table: &Table,
        filter: Option<&Filter>,
        order: &[Sorting],
    ) -> (Self, Option<bool>) {
        let natural = natural(order);
        if let Some(mut slots) = filter.and_then(|filter| found(table, filter)) {
            slots.sort_unstable_by_key(|slot| table.row(*slot).map(|row| row.system.id));
            slots.dedup();
            let backwards = match natural {
                Natural::None => Some(false),
                Natural::Id { descending } => Some(descending),
                _ => None,
            };
            return (Self::Found(slots), backwards);
        }
        let (first, last) = filter.map_or((i64::MIN, i64::MAX), modified_in);
        let is_bounded = first > i64::MIN || last < i64::MAX;
        match natural {
            Natural::Modified { descending } => {
                (Self::ByModified { first, last }, Some(descending))
            }
            Natural::Id { descending } if !is_bounded => {
                (Self::ById(id_from(filter)), Some(descending))
            }
            _ if is_bounded => {
                let in_order = (natural == Natural::None).then_some(false);
                (Self::ByModified { first, last }, in_order)
            }
            Natural::None => (Self::ById(id_from(filter)), Some(false)),
            _ => (Self::ById(id_from(filter)), None),
        }
    }

    pub(super) fn slots<'t>(
        &'t self,
        table: &'t Table,
        backwards: bool,
    ) -> Box<dyn Iterator<Item = Slot> + 't> {
        fn directed<'t>(
            slots: impl DoubleEndedIterator<Item = Slot> + 't,
            backwards: bool,
        ) -> Box<dyn Iterator<Item = Slot> + 't> {
            match backwards {
                true => Box::new(slots.rev()),
                false => Box::new(slots),
            }
        }
        match self {
            Self::Found(slots) => directed(slots.iter().copied(), backwards),
            Self::ById(from) => directed(table.in_id_order(*from), backwards),
            Self::ByModified { first, last } => {
                directed(table.in_modified_order(*first, *last), backwards)
            }
        }
    }
}

fn natural(order: &[Sorting]) -> Natural {
    let is_modified =
        |sorting: &Sorting| matches!(sorting.way, Way::Own(SYSTEM_MODSTAMP | MODIFIED_DATE));
    let is_id = |sorting: &Sorting| matches!(sorting.way, Way::Own(ID));
    match order {
        [] => Natural::None,
        [only] if is_id(only) => Natural::Id {
            descending: only.descending,
        },
        [only] if is_modified(only) => Natural::Modified {
            descending: only.descending,
        },
        [first, second]
            if is_modified(first) && is_id(second) && first.descending == second.descending =>
        {
            Natural::Modified {
                descending: first.descending,
            }
        }
        _ => Natural::Other,
    }
}

/// The records that an index names, if one does for the whole filter.
fn found(table: &Table, filter: &Filter) -> Option<Vec<Slot>> {
    match filter {
        Filter::And(filters) => filters
            .iter()
            .filter_map(|filter| found(table, filter))
            .min_by_key(Vec::len),
        Filter::Or(filters) => {
            let each: Option<Vec<_>> = filters.iter().map(|filter| found(table, filter)).collect();
            each.map(|lists| lists.concat())
        }
        Filter::Test(Way::Own(place), Test::Compare(Operator::Equal, value)) => {
            having(table, *place, std::slice::from_ref(value))
        }
        Filter::Test(
            Way::Own(place),
            Test::Among {
                values,
                negated: false,
            },
        ) => having(table, *place, values),
        _ => None,
    }
}

/// None if the field has no index, or null is among the values, which isn't in it.
fn having(table: &Table, place: usize, values: &[Value<'static>]) -> Option<Vec<Slot>> {
    if place == ID {
        return Some(
            values
                .iter()
                .filter_map(|value| table.find(value.id()?))
                .collect(),
        );
    }
    if !table.is_indexed(place) {
        return None;
    }
    let each: Option<Vec<_>> = values
        .iter()
        .map(|value| table.candidates(place, value))
        .collect();
    each.map(|lists| lists.concat())
}

/// The seconds outside which no record passes.
fn modified_in(filter: &Filter) -> (i64, i64) {
    let everything = (i64::MIN, i64::MAX);
    match filter {
        Filter::And(filters) => filters
            .iter()
            .map(modified_in)
            .fold(everything, |outer, inner| {
                (outer.0.max(inner.0), outer.1.min(inner.1))
            }),
        Filter::Or(filters) => filters
            .iter()
            .map(modified_in)
            .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
            .unwrap_or(everything),
        Filter::Test(
            Way::Own(SYSTEM_MODSTAMP | MODIFIED_DATE),
            Test::Compare(operator, Value::Instant(second)),
        ) => match operator {
            Operator::Equal => (*second, *second),
            Operator::Greater => (second.saturating_add(1), i64::MAX),
            Operator::GreaterOrEqual => (*second, i64::MAX),
            Operator::Less => (i64::MIN, second.saturating_sub(1)),
            Operator::LessOrEqual => (i64::MIN, *second),
            Operator::NotEqual | Operator::Like => everything,
        },
        _ => everything,
    }
}

/// The id before which no record passes.
fn id_from(filter: Option<&Filter>) -> End<RecordId> {
    match filter {
        Some(Filter::And(filters)) => filters
            .iter()
            .map(|filter| id_from(Some(filter)))
            .find(|end| *end != End::Unbounded)
            .unwrap_or(End::Unbounded),
        Some(Filter::Test(Way::Own(ID), Test::Compare(operator, Value::Id(id)))) => {
            match operator {
                Operator::Greater => End::Excluded(*id),
                Operator::GreaterOrEqual => End::Included(*id),
                _ => End::Unbounded,
            }
        }
        _ => End::Unbounded,
    }
}

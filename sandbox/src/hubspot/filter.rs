//! Which records a search means.

use std::ops::Range;

use serde::Deserialize;

use super::association_type::Link;
use super::moment;
use super::object_type::ObjectType;
use super::property::PropertyType;
use super::refusal::Refusal;
use super::request::maybe_text;
use super::schema::{ID, Place, Schema, UPDATED};
use super::sorted::{Key, Sorted};
use super::stored::Stored;

/// A filter as a request writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrittenFilter {
    property_name: String,
    operator: Operator,
    #[serde(default, deserialize_with = "maybe_text")]
    value: Option<String>,
    #[serde(default, deserialize_with = "maybe_text")]
    high_value: Option<String>,
    #[serde(default)]
    values: Option<Vec<serde_json::Value>>,
}

/// What a filter does with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Operator {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
}

/// Filters that must all hold.
pub(super) struct Group {
    filters: Vec<Filter>,
}

enum Filter {
    Property(Place, Test),
    /// With records of a type: their ids.
    AssociatedWith(ObjectType, Comparison<i64>),
}

/// What is asked of a value.
enum Test {
    Present(bool),
    Whole(Comparison<i64>),
    Number(Comparison<f64>),
    Text(Comparison<String>),
    /// The value of an enumeration, whose case counts.
    Exact(Comparison<String>),
    Tokens {
        tokens: Vec<String>,
        contained: bool,
    },
}

/// A comparison with one or several values.
struct Comparison<T> {
    operator: Operator,
    values: Vec<T>,
}

impl<T: PartialOrd> Comparison<T> {
    /// What isn't there differs from everything.
    fn holds(&self, value: Option<&T>) -> bool {
        let Some(value) = value else {
            return matches!(self.operator, Operator::Neq | Operator::NotIn);
        };
        match (self.operator, self.values.as_slice()) {
            (Operator::In, values) => values.contains(value),
            (Operator::NotIn, values) => !values.contains(value),
            (Operator::Between, [low, high]) => *value >= *low && *value <= *high,
            (Operator::Eq, [wanted]) => *value == *wanted,
            (Operator::Neq, [wanted]) => *value != *wanted,
            (Operator::Lt, [wanted]) => *value < *wanted,
            (Operator::Lte, [wanted]) => *value <= *wanted,
            (Operator::Gt, [wanted]) => *value > *wanted,
            (Operator::Gte, [wanted]) => *value >= *wanted,
            _ => false,
        }
    }
}

impl Comparison<i64> {
    /// The least and the greatest whole number that it holds for, if it holds for all between.
    fn interval(&self) -> Option<(i64, i64)> {
        match (self.operator, self.values.as_slice()) {
            (Operator::Eq, [wanted]) => Some((*wanted, *wanted)),
            (Operator::Between, [low, high]) => Some((*low, *high)),
            (Operator::Lt, [wanted]) => Some((i64::MIN, wanted.checked_sub(1)?)),
            (Operator::Lte, [wanted]) => Some((i64::MIN, *wanted)),
            (Operator::Gt, [wanted]) => Some((wanted.checked_add(1)?, i64::MAX)),
            (Operator::Gte, [wanted]) => Some((*wanted, i64::MAX)),
            _ => None,
        }
    }
}

impl Group {
    pub(super) fn new(schema: &Schema, written: Vec<WrittenFilter>) -> Result<Self, Refusal> {
        let filters = written
            .into_iter()
            .map(|filter| Filter::new(schema, filter))
            .collect::<Result<_, _>>()?;
        Ok(Self { filters })
    }

    pub(super) fn holds(&self, record: &Stored, links: &[Link]) -> bool {
        self.filters
            .iter()
            .all(|filter| filter.holds(record, links))
    }

    /// The ranks in the order of updates among which its records are, and whether all of them are.
    pub(super) fn ranks_by_update(&self, sorted: &Sorted) -> (Range<usize>, bool) {
        let (mut from, mut to) = self.interval_of(UPDATED);
        let (mut least, mut greatest) = (0, u64::MAX);
        let within_one_moment = from == to;
        if within_one_moment {
            (least, greatest) = ids(self.interval_of(ID));
        }
        if least > greatest {
            (from, to) = (1, 0);
        }
        let exact = self.filters.iter().all(|filter| match filter.interval() {
            Some((UPDATED, _)) => true,
            Some((ID, _)) => within_one_moment,
            _ => false,
        });
        (ranks(sorted, (from, least), (to, greatest)), exact)
    }

    /// The same in the order of ids.
    pub(super) fn ranks_by_id(&self, sorted: &Sorted) -> (Range<usize>, bool) {
        let (least, greatest) = ids(self.interval_of(ID));
        let exact = self
            .filters
            .iter()
            .all(|filter| filter.interval().is_some_and(|(place, _)| place == ID));
        (ranks(sorted, (0, least), (0, greatest)), exact)
    }

    /// Between which whole numbers its filters keep a property.
    fn interval_of(&self, place: Place) -> (i64, i64) {
        let intervals = self
            .filters
            .iter()
            .filter_map(Filter::interval)
            .filter(|(held, _)| *held == place);
        intervals.fold((i64::MIN, i64::MAX), |(from, to), (_, (low, high))| {
            (from.max(low), to.min(high))
        })
    }
}

/// No id is negative; a range that ends below none holds none.
fn ids((from, to): (i64, i64)) -> (u64, u64) {
    match u64::try_from(to) {
        Ok(to) => (u64::try_from(from).unwrap_or(0), to),
        Err(_) => (1, 0),
    }
}

/// The ranks of the keys from one to another, both included.
fn ranks(sorted: &Sorted, from: Key, to: Key) -> Range<usize> {
    if from > to {
        return 0..0;
    }
    let end = match to.1.checked_add(1) {
        Some(next) => sorted.rank((to.0, next)),
        None => {
            to.0.checked_add(1)
                .map_or_else(|| sorted.len(), |next| sorted.rank((next, 0)))
        }
    };
    sorted.rank(from)..end
}

impl Filter {
    fn new(schema: &Schema, written: WrittenFilter) -> Result<Self, Refusal> {
        if let Some(name) = written.property_name.strip_prefix("associations.") {
            let to = ObjectType::parse(name).ok_or_else(|| no_property(&written.property_name))?;
            return Ok(match written.operator {
                Operator::HasProperty | Operator::NotHasProperty => Self::AssociatedWith(
                    to,
                    Comparison {
                        operator: written.operator,
                        values: Vec::new(),
                    },
                ),
                _ => Self::AssociatedWith(to, comparison(&written, |text| text.parse().ok())?),
            });
        }
        let place = schema
            .place(&written.property_name)
            .ok_or_else(|| no_property(&written.property_name))?;
        Ok(Self::Property(place, Test::new(schema, place, &written)?))
    }

    fn interval(&self) -> Option<(Place, (i64, i64))> {
        match self {
            Self::Property(place @ (ID | UPDATED), Test::Whole(comparison)) => {
                Some((*place, comparison.interval()?))
            }
            _ => None,
        }
    }

    fn holds(&self, record: &Stored, links: &[Link]) -> bool {
        match self {
            Self::Property(place, test) => test.holds(record, *place),
            Self::AssociatedWith(to, comparison) => {
                let mut ids = links
                    .iter()
                    .filter(|link| link.to == *to)
                    .filter_map(|link| i64::try_from(link.id).ok());
                match comparison.operator {
                    Operator::HasProperty => ids.next().is_some(),
                    Operator::NotHasProperty => ids.next().is_none(),
                    Operator::Neq | Operator::NotIn => ids.all(|id| comparison.holds(Some(&id))),
                    _ => ids.any(|id| comparison.holds(Some(&id))),
                }
            }
        }
    }
}

impl Test {
    fn new(schema: &Schema, place: Place, written: &WrittenFilter) -> Result<Self, Refusal> {
        let lowered = |text: &str| Some(text.to_lowercase());
        match (written.operator, schema.property_type(place)) {
            (Operator::HasProperty, _) => Ok(Self::Present(true)),
            (Operator::NotHasProperty, _) => Ok(Self::Present(false)),
            (operator @ (Operator::ContainsToken | Operator::NotContainsToken), _) => {
                let words = written.value.as_deref().ok_or_else(|| no_value(written))?;
                let tokens = words.split_whitespace().map(str::to_lowercase).collect();
                Ok(Self::Tokens {
                    tokens,
                    contained: operator == Operator::ContainsToken,
                })
            }
            _ if place == ID => comparison(written, |text| text.parse().ok()).map(Self::Whole),
            (_, PropertyType::Datetime) => comparison(written, moment::read).map(Self::Whole),
            (_, PropertyType::Number) => {
                comparison(written, |text| text.parse().ok()).map(Self::Number)
            }
            (_, PropertyType::Enumeration | PropertyType::Bool) => {
                comparison(written, |text| Some(text.to_owned())).map(Self::Exact)
            }
            // Of several values HubSpot lowers only what it compares them with.
            (Operator::In | Operator::NotIn, _) => {
                comparison(written, |text| Some(text.to_owned())).map(Self::Text)
            }
            _ => comparison(written, lowered).map(Self::Text),
        }
    }

    fn holds(&self, record: &Stored, place: Place) -> bool {
        match self {
            Self::Whole(comparison) => comparison.holds(record.whole(place).as_ref()),
            Self::Present(wanted) => record.value(place).is_some() == *wanted,
            Self::Number(comparison) => comparison.holds(
                record
                    .stored(place)
                    .and_then(|text| text.parse::<f64>().ok())
                    .as_ref(),
            ),
            Self::Exact(comparison) => {
                comparison.holds(record.stored(place).map(str::to_owned).as_ref())
            }
            Self::Text(comparison) => {
                comparison.holds(record.stored(place).map(str::to_lowercase).as_ref())
            }
            Self::Tokens { tokens, contained } => {
                let text = record.stored(place).unwrap_or_default().to_lowercase();
                tokens.iter().all(|token| holds_token(&text, token)) == *contained
            }
        }
    }
}

/// Whether a text has a word that is this one, or begins or ends so where the token has a star there.
pub(super) fn holds_token(text: &str, token: &str) -> bool {
    let (open_start, open_end) = (token.starts_with('*'), token.ends_with('*'));
    let wanted = token.trim_matches('*');
    let at_word = |text: &str, at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let ends_word = |text: &str, at: usize| !text[at..].starts_with(char::is_alphanumeric);
    text.match_indices(wanted).any(|(at, _)| {
        (open_start || at_word(text, at)) && (open_end || ends_word(text, at + wanted.len()))
    })
}

/// Reads the values of a filter.
fn comparison<T>(
    written: &WrittenFilter,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Comparison<T>, Refusal> {
    let read = |text: &str| {
        read(text).ok_or_else(|| {
            Refusal::invalid(format!(
                "Invalid value {text} for property {}",
                written.property_name
            ))
            .context("propertyName", [&written.property_name])
        })
    };
    let value = || written.value.as_deref().ok_or_else(|| no_value(written));
    let values = match written.operator {
        Operator::In | Operator::NotIn => {
            let values = written
                .values
                .as_ref()
                .filter(|values| !values.is_empty())
                .ok_or_else(|| no_value(written))?;
            let text = |value: &serde_json::Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            values
                .iter()
                .map(|value| read(&text(value)))
                .collect::<Result<_, _>>()?
        }
        Operator::Between => {
            let high = written
                .high_value
                .as_deref()
                .ok_or_else(|| no_value(written))?;
            vec![read(value()?)?, read(high)?]
        }
        _ => vec![read(value()?)?],
    };
    Ok(Comparison {
        operator: written.operator,
        values,
    })
}

fn no_value(written: &WrittenFilter) -> Refusal {
    let name = &written.property_name;
    Refusal::invalid(format!(
        "Invalid filter on {name}: its operator needs a value"
    ))
    .context("propertyName", [name])
}

pub(super) fn no_property(name: &str) -> Refusal {
    Refusal::invalid(format!(
        "There was a problem with the request. Property \"{name}\" does not exist"
    ))
    .context("propertyName", [name])
}

//! A query whose names and values mean something in an org.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Fault;
use super::date_literal::{self, Days};
use super::like::Pattern;
use super::parser::{Condition, Literal, Name, Operator, Order, Path, Query, Selected, Written};
use crate::salesforce::field::{Field, Kind};
use crate::salesforce::id::RecordId;
use crate::salesforce::org::Org;
use crate::salesforce::schema::SObject;
use crate::salesforce::value::{self, Value};

/// What a query asks of which table.
pub(super) struct Bound {
    pub(super) table: usize,
    pub(super) select: Select,
    pub(super) filter: Option<Filter>,
    pub(super) order: Vec<Sorting>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

pub(super) enum Select {
    Count,
    Columns(Vec<Column>),
}

/// What a record shows: a field of its own, or those of a record that it refers to.
pub(super) enum Column {
    Field {
        name: String,
    },
    Related {
        name: &'static str,
        reference: String,
        /// The reference leads to records of several sobjects, which all are called Name.
        is_polymorphic: bool,
        columns: Vec<Column>,
    },
}

/// The way from a record to a value: references, then a field.
pub(super) enum Way {
    Own(usize),
    Related {
        references: Vec<String>,
        field: String,
    },
}

/// The name under which a polymorphic reference tells the sobject that it leads to.
pub(super) const TYPE_OF_RELATED: &str = "Type";

pub(super) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Test(Way, Test),
}

pub(super) enum Test {
    Compare(Operator, Value<'static>),
    /// A day, or an instant in it.
    Days(Operator, Days),
    Like(Pattern),
    /// One of values, which are in order.
    Among {
        values: Vec<Value<'static>>,
        negated: bool,
    },
}

pub(super) struct Sorting {
    pub(super) way: Way,
    pub(super) descending: bool,
    pub(super) nulls_last: bool,
}

/// The org that a query is bound to, at a moment.
pub(super) struct Binder<'a> {
    pub(super) org: &'a Org,
    pub(super) now: i64,
    /// Whether subqueries see deleted records.
    pub(super) all: bool,
}

/// The most records that OFFSET may pass over.
const LARGEST_OFFSET: u64 = 2_000;
/// The most records that FIELDS(ALL) and FIELDS(CUSTOM) may give.
const MOST_FOR_ALL_FIELDS: u64 = 200;

impl Binder<'_> {
    pub(super) fn query(&self, query: &Query) -> Result<Bound, Fault> {
        let table = self
            .org
            .table_named(&query.from.text)
            .ok_or_else(|| unsupported(&query.from))?;
        if query.offset > LARGEST_OFFSET {
            let message = format!(
                "Maximum SOQL offset allowed is {LARGEST_OFFSET}, apiName {}",
                query.from.text
            );
            return Err(Fault {
                code: "NUMBER_OUTSIDE_VALID_RANGE",
                at: query.from.at,
                message,
            });
        }
        Ok(Bound {
            table,
            select: self.select(table, query)?,
            filter: query
                .condition
                .as_ref()
                .map(|condition| self.condition(table, condition))
                .transpose()?,
            order: query
                .order
                .iter()
                .map(|order| self.order(table, order))
                .collect::<Result<_, _>>()?,
            limit: query
                .limit
                .map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            offset: usize::try_from(query.offset).unwrap_or(usize::MAX),
        })
    }

    fn sobject(&self, table: usize) -> &SObject {
        &self.org.tables[table].sobject
    }

    fn select(&self, table: usize, query: &Query) -> Result<Select, Fault> {
        if let [Selected::Count] = query.select.as_slice() {
            return Ok(Select::Count);
        }
        let mut columns = Vec::new();
        for selected in &query.select {
            match selected {
                Selected::Count => {
                    let message = "Grouped query cannot use COUNT() with other fields";
                    return Err(Fault::malformed(query.from.at, message));
                }
                Selected::Fields(group) => self.fields(table, group, query, &mut columns)?,
                Selected::Field(path) => self.column(&[table], &path.0, path, &mut columns)?,
            }
        }
        Ok(Select::Columns(columns))
    }

    fn fields(
        &self,
        table: usize,
        group: &Name,
        query: &Query,
        columns: &mut Vec<Column>,
    ) -> Result<(), Fault> {
        let group_name = group.text.to_ascii_uppercase();
        if group_name != "STANDARD" && query.limit.is_none_or(|limit| limit > MOST_FOR_ALL_FIELDS) {
            let message = format!(
                "The SOQL FIELDS function must have a LIMIT of at most {MOST_FOR_ALL_FIELDS}"
            );
            return Err(Fault::malformed(group.at, message));
        }
        let belongs = |field: &Field| match group_name.as_str() {
            "STANDARD" => !field.is_custom(),
            "CUSTOM" => field.is_custom(),
            _ => group_name == "ALL",
        };
        if !matches!(group_name.as_str(), "ALL" | "STANDARD" | "CUSTOM") {
            return Err(Fault::malformed(
                group.at,
                format!("unexpected token: '{}'", group.text),
            ));
        }
        let fields = self
            .sobject(table)
            .fields
            .iter()
            .filter(|field| belongs(field));
        columns.extend(fields.map(|field| Column::Field {
            name: field.name.clone(),
        }));
        Ok(())
    }

    /// Adds what a path leads to, beside what other paths through the same relationship lead to.
    fn column(
        &self,
        tables: &[usize],
        names: &[Name],
        path: &Path,
        columns: &mut Vec<Column>,
    ) -> Result<(), Fault> {
        let [first, rest @ ..] = names else {
            return Ok(());
        };
        if rest.is_empty() {
            let name = self.field_of_any(tables, first)?;
            let is_there =
                |column: &Column| matches!(column, Column::Field { name: other } if *other == name);
            if columns.iter().any(is_there) {
                let message = format!("duplicate field selected: {}", first.text);
                return Err(Fault {
                    code: "INVALID_FIELD",
                    at: first.at,
                    message,
                });
            }
            columns.push(Column::Field { name });
            return Ok(());
        }
        let related = self.related(tables, first, path)?;
        let place = columns.iter().position(
            |column| matches!(column, Column::Related { name, .. } if *name == related.name),
        );
        let place = place.unwrap_or_else(|| {
            columns.push(Column::Related {
                name: related.name,
                reference: related.reference,
                is_polymorphic: related.tables.len() > 1,
                columns: Vec::new(),
            });
            columns.len() - 1
        });
        match &mut columns[place] {
            Column::Related { columns, .. } => self.column(&related.tables, rest, path, columns),
            Column::Field { .. } => Ok(()),
        }
    }

    /// The name of a field that one of the tables has.
    fn field_of_any(&self, tables: &[usize], name: &Name) -> Result<String, Fault> {
        let found = tables
            .iter()
            .find_map(|table| self.sobject(*table).field(&name.text));
        if let Some(field) = found {
            return Ok(field.name.clone());
        }
        if tables.len() > 1 && name.text.eq_ignore_ascii_case(TYPE_OF_RELATED) {
            return Ok(TYPE_OF_RELATED.to_owned());
        }
        let entity = match tables {
            [table] => self.sobject(*table).name,
            _ => "Name",
        };
        Err(no_such_column(name, entity))
    }

    fn related(&self, tables: &[usize], name: &Name, path: &Path) -> Result<Related, Fault> {
        let field = tables.iter().find_map(|table| {
            let sobject = self.sobject(*table);
            sobject.fields.get(sobject.relationship(&name.text)?)
        });
        let found = field.and_then(|field| Some((field, field.relationship()?)));
        let Some((field, (relationship, to))) = found else {
            let whole: Vec<_> = path.0.iter().map(|name| name.text.as_str()).collect();
            let message = format!(
                "Didn't understand relationship '{}' in field path '{}'. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
                name.text,
                whole.join(".")
            );
            return Err(Fault {
                code: "INVALID_FIELD",
                at: name.at,
                message,
            });
        };
        Ok(Related {
            name: relationship,
            reference: field.name.clone(),
            tables: to
                .iter()
                .filter_map(|name| self.org.table_named(name))
                .collect(),
        })
    }

    /// The way to what a path names, and the field there.
    fn way(&self, table: usize, path: &Path) -> Result<(Way, Option<&Field>), Fault> {
        let mut tables = vec![table];
        let mut references = Vec::new();
        let Some((last, relationships)) = path.0.split_last() else {
            return Ok((Way::Own(0), None));
        };
        for name in relationships {
            let related = self.related(&tables, name, path)?;
            references.push(related.reference);
            tables = related.tables;
        }
        let field = self.field_of_any(&tables, last)?;
        let described = tables
            .iter()
            .find_map(|table| self.sobject(*table).field(&field));
        let way = match references.is_empty() {
            true => Way::Own(self.sobject(table).place(&field).unwrap_or_default()),
            false => Way::Related { references, field },
        };
        Ok((way, described))
    }

    fn order(&self, table: usize, order: &Order) -> Result<Sorting, Fault> {
        let (way, field) = self.way(table, &order.path)?;
        if let Some(field) = field.filter(|field| !field.filterable) {
            let message = format!("field '{}' can not be sorted in a query call", field.name);
            return Err(Fault::malformed(place_of(&order.path), message));
        }
        Ok(Sorting {
            way,
            descending: order.descending,
            nulls_last: order.nulls_last,
        })
    }

    fn condition(&self, table: usize, condition: &Condition) -> Result<Filter, Fault> {
        let all = |conditions: &[Condition]| {
            conditions
                .iter()
                .map(|condition| self.condition(table, condition))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::And(conditions) => Filter::And(all(conditions)?),
            Condition::Or(conditions) => Filter::Or(all(conditions)?),
            Condition::Not(inner) => Filter::Not(Box::new(self.condition(table, inner)?)),
            Condition::Compare {
                path,
                operator,
                literal,
            } => {
                let (way, field) = self.filterable(table, path)?;
                Filter::Test(way, self.test(field, *operator, literal)?)
            }
            Condition::In {
                path,
                negated,
                list,
            } => {
                let (way, field) = self.filterable(table, path)?;
                let values = list
                    .iter()
                    .map(|literal| self.value(field, literal))
                    .collect::<Result<_, _>>()?;
                Filter::Test(way, among(values, *negated))
            }
            Condition::InQuery {
                path,
                negated,
                query,
            } => {
                let (way, _) = self.filterable(table, path)?;
                let values = super::answer::column(self, query)?;
                Filter::Test(way, among(values, *negated))
            }
        })
    }

    fn filterable(&self, table: usize, path: &Path) -> Result<(Way, Option<&Field>), Fault> {
        let (way, field) = self.way(table, path)?;
        match field.filter(|field| !field.filterable) {
            Some(field) => {
                let message = format!("field '{}' can not be filtered in a query call", field.name);
                Err(Fault {
                    code: "INVALID_FIELD",
                    at: place_of(path),
                    message,
                })
            }
            None => Ok((way, field)),
        }
    }

    fn test(
        &self,
        field: Option<&Field>,
        operator: Operator,
        literal: &Literal,
    ) -> Result<Test, Fault> {
        if let Written::DateName(name, number) = &literal.written {
            return self.days(field, operator, name, *number, literal.at);
        }
        let value = self.value(field, literal)?;
        match (operator, &value) {
            (Operator::Like, Value::Text(pattern)) => Ok(Test::Like(Pattern::new(pattern))),
            (Operator::Like, _) => Err(Fault {
                code: "INVALID_QUERY_FILTER_OPERATOR",
                at: literal.at,
                message: "invalid operator on this field: LIKE needs a text".to_owned(),
            }),
            _ => Ok(Test::Compare(operator, value)),
        }
    }

    fn days(
        &self,
        field: Option<&Field>,
        operator: Operator,
        name: &str,
        number: Option<i64>,
        at: usize,
    ) -> Result<Test, Fault> {
        let is_date = field.is_some_and(|field| matches!(field.kind, Kind::Date | Kind::DateTime));
        if let Some(field) = field.filter(|_| !is_date) {
            return Err(mismatch(field, at));
        }
        let days = self
            .today()
            .and_then(|today| date_literal::days(name, number, today));
        days.map(|days| Test::Days(operator, days))
            .ok_or_else(|| Fault::malformed(at, format!("unexpected token: '{name}'")))
    }

    fn today(&self) -> Option<Date> {
        let now = Timestamp::from_second(self.now).ok()?;
        Some(TimeZone::UTC.to_datetime(now).date())
    }

    /// The value that a literal gives a field; the sobject's name if there's no field.
    fn value(&self, field: Option<&Field>, literal: &Literal) -> Result<Value<'static>, Fault> {
        let Some(field) = field else {
            return Ok(match &literal.written {
                Written::Text(text) => Value::text(text.as_str()),
                _ => Value::Null,
            });
        };
        let value = match (&field.kind, &literal.written) {
            (_, Written::Null) => Some(Value::Null),
            (Kind::Id | Kind::Reference { .. }, Written::Text(text)) => Some(id(text, literal.at)?),
            (Kind::Boolean, Written::Bool(value)) => Some(Value::Bool(*value)),
            (Kind::Int { .. }, Written::Number(number)) => number
                .parse()
                .ok()
                .map(Value::Int)
                .or_else(|| double(number)),
            (Kind::Double | Kind::Currency, Written::Number(number)) => double(number),
            (Kind::Date, Written::Number(text)) => value::date(text).map(Value::Date),
            (Kind::DateTime, Written::Number(text)) => value::instant(text).map(Value::Instant),
            (kind, Written::Text(text)) if kind.is_text() => Some(match text.is_empty() {
                true => Value::Null,
                false => Value::text(text.as_str()),
            }),
            _ => None,
        };
        value.ok_or_else(|| mismatch(field, literal.at))
    }
}

/// Where a relationship leads.
struct Related {
    name: &'static str,
    reference: String,
    tables: Vec<usize>,
}

fn among(mut values: Vec<Value<'static>>, negated: bool) -> Test {
    values.sort_by(Value::order);
    values.dedup_by(|a, b| a.order(b) == Ordering::Equal);
    Test::Among { values, negated }
}

fn place_of(path: &Path) -> usize {
    path.0.first().map_or(0, |name| name.at)
}

fn id(text: &str, at: usize) -> Result<Value<'static>, Fault> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    RecordId::parse(text).map(Value::Id).ok_or_else(|| Fault {
        code: "INVALID_QUERY_FILTER_OPERATOR",
        at,
        message: format!("invalid ID field: {text}"),
    })
}

fn double(text: &str) -> Option<Value<'static>> {
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(Value::Double)
}

fn mismatch(field: &Field, at: usize) -> Fault {
    let wanted = match field.kind {
        Kind::Boolean | Kind::Int { .. } | Kind::Double | Kind::Currency | Kind::Date => {
            "should not be enclosed in quotes"
        }
        Kind::DateTime => "should not be enclosed in quotes",
        _ => "should be enclosed in quotes",
    };
    let message = format!(
        "value of filter criterion for field '{}' must be of type {} and {wanted}",
        field.name,
        match field.kind {
            Kind::DateTime => "dateTime",
            _ => field.kind.deserialized_as(),
        }
    );
    Fault {
        code: "INVALID_FIELD",
        at,
        message,
    }
}

fn no_such_column(name: &Name, entity: &str) -> Fault {
    let message = format!(
        "No such column '{}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
        name.text
    );
    Fault {
        code: "INVALID_FIELD",
        at: name.at,
        message,
    }
}

fn unsupported(name: &Name) -> Fault {
    let message = format!(
        "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
        name.text
    );
    Fault {
        code: "INVALID_TYPE",
        at: name.at,
        message,
    }
}

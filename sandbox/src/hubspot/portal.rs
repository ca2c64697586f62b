//! The state of a portal: its records, its owners, who may call, how much was called.

use std::sync::Arc;

use http::{HeaderName, Response};
use serde_json::{Map, Value as Json, json};
use uuid::{Builder, Uuid};

use axum::body::Body;

use super::association_type::{self, Link, Way};
use super::budget::Budget;
use super::data::{CallDisposition, HubSpotData, Owner, Portal as Account, PropertyRule, Record};
use super::email_events::{Campaign, EmailEvent};
use super::feed::Feed;
use super::forms::Held as Form;
use super::moment;
use super::object_type::ObjectType;
use super::occurrences::{self, EventOccurrence};
use super::property::{PropertyOption, PropertyType};
use super::refusal::Refusal;
use super::request::Call;
use super::route;
use super::schema::{Place, Schema};
use super::standard::CALL_DISPOSITIONS;
use super::stored::Stored;
use super::table::Table;
use super::tokens::{Caller, Tokens};
use super::view::Shape;
use crate::Limits;
use crate::front::Answer;

/// What all answers are.
const CONTENT_TYPE: &str = "application/json;charset=utf-8";

/// A portal.
pub(super) struct Portal {
    pub(super) account: Account,
    /// One of each type, in their order.
    tables: Vec<Table>,
    pub(super) validation_rules: Vec<PropertyRule>,
    /// By id.
    pub(super) owners: Vec<Owner>,
    pub(super) dispositions: Vec<CallDisposition>,
    /// By id.
    pub(super) forms: Vec<Form>,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) email_events: Feed<EmailEvent>,
    pub(super) occurrences: Feed<EventOccurrence>,
    pub(super) tokens: Tokens,
    pub(super) budget: Budget,
    /// Of the request that is being answered.
    pub(super) now: i64,
    next_id: u64,
    answered: u64,
    /// Seeded records and associations that couldn't be taken, and why.
    rejected: Vec<String>,
}

impl Portal {
    pub(super) fn new(data: HubSpotData, now: i64) -> Self {
        let HubSpotData {
            portal,
            tokens,
            apps,
            mut owners,
            mut records,
            properties,
            validation_rules,
            associations,
            call_dispositions,
            mut forms,
            campaigns,
            email_events,
            event_occurrences,
        } = data;
        forms.sort_by(|one, other| one.id.cmp(&other.id));
        owners.sort_by_key(|owner| owner.id);
        let mut dispositions: Vec<_> = CALL_DISPOSITIONS
            .map(|(id, label)| CallDisposition {
                id: id.to_owned(),
                label: label.to_owned(),
                deleted: false,
            })
            .into();
        dispositions.extend(call_dispositions);
        let tables = ObjectType::ALL
            .map(|object_type| {
                let own = properties
                    .iter()
                    .filter(|(of, _)| *of == object_type)
                    .map(|(_, property)| property.clone());
                Table::new(Schema::new(object_type, own))
            })
            .into();
        let mut seeded = Self {
            budget: Budget::new(&portal),
            account: portal,
            tables,
            validation_rules,
            owners,
            dispositions,
            forms: forms.into_iter().map(Form::new).collect(),
            campaigns,
            email_events: Feed::new(email_events),
            occurrences: Feed::new(event_occurrences),
            tokens: Tokens::new(tokens, apps),
            now,
            next_id: 0,
            answered: 0,
            rejected: Vec::new(),
        };
        seeded.offer_dispositions();
        for object_type in ObjectType::ALL {
            seeded.load(
                object_type,
                records.remove(&object_type).unwrap_or_default(),
            );
        }
        for association in associations {
            let (from, to) = (association.from, association.to);
            let joined = match association.type_id {
                Some(type_id) => association_type::type_with_id(from.0, to.0, type_id),
                None => association_type::default_type(from.0, to.0),
            };
            match joined {
                Some(way) if seeded.join(from, to, way).is_ok() => {}
                _ => seeded.reject(format!(
                    "association {} {} to {} {}",
                    from.0, from.1, to.0, to.1
                )),
            }
        }
        seeded.next_id = seeded
            .tables
            .iter()
            .filter_map(Table::last_id)
            .max()
            .unwrap_or(1_000)
            + 1;
        seeded
    }

    /// The outcomes of calls are the options of a property.
    fn offer_dispositions(&mut self) {
        let options = self
            .dispositions
            .iter()
            .map(|disposition| PropertyOption {
                value: disposition.id.clone().into(),
                label: disposition.label.clone().into(),
                hidden: disposition.deleted,
            })
            .collect();
        let schema = &mut self.table_mut(ObjectType::Call).schema;
        let held = schema
            .place("hs_call_disposition")
            .and_then(|place| schema.property(place))
            .cloned();
        if let Some(property) = held {
            schema.put(super::property::Property {
                options,
                ..property
            });
        }
    }

    fn load(&mut self, object_type: ObjectType, records: Vec<Record>) {
        let mut taken = Vec::with_capacity(records.len());
        for record in records {
            match seeded(&self.table(object_type).schema, &record) {
                Ok(stored) => taken.push(stored),
                Err(reason) => self.reject(format!(
                    "{} {}: {reason}",
                    object_type.singular(),
                    record.id
                )),
            }
        }
        for id in self.table_mut(object_type).load(taken) {
            self.reject(format!(
                "{} {id}: there is another with this id",
                object_type.singular()
            ));
        }
    }

    fn reject(&mut self, reason: String) {
        tracing::error!("seeded record not taken: {reason}");
        self.rejected.push(reason);
    }

    pub(super) fn table(&self, object_type: ObjectType) -> &Table {
        &self.tables[object_type as usize]
    }

    pub(super) fn table_mut(&mut self, object_type: ObjectType) -> &mut Table {
        &mut self.tables[object_type as usize]
    }

    pub(super) fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Joins two records in both directions. An error names the end that isn't there.
    pub(super) fn join(&mut self, from: End, to: End, Way { there, back }: Way) -> Result<(), End> {
        for end in [from, to] {
            if self.table(end.0).live(end.1).is_none() {
                return Err(end);
            }
        }
        self.link(
            from,
            Link {
                to: to.0,
                id: to.1,
                type_id: there,
            },
        );
        self.link(
            to,
            Link {
                to: from.0,
                id: from.1,
                type_id: back,
            },
        );
        Ok(())
    }

    fn link(&mut self, end: End, link: Link) {
        if let Some(row) = self.table_mut(end.0).get_mut(end.1)
            && let Err(at) = row.links.binary_search(&link)
        {
            row.links.insert(at, link);
        }
    }

    /// Parts two records: one type of association, or all.
    pub(super) fn part(&mut self, from: End, to: End, way: Option<Way>) {
        for (one, other, type_id) in [
            (from, to, way.map(|way| way.there)),
            (to, from, way.map(|way| way.back)),
        ] {
            if let Some(row) = self.table_mut(one.0).get_mut(one.1) {
                row.links.retain(|link| {
                    (link.to, link.id) != other
                        || type_id.is_some_and(|type_id| link.type_id != type_id)
                });
            }
        }
    }

    /// The associations of a record with live records, by type and id.
    pub(super) fn links(&self, from: End) -> Vec<Link> {
        let links = self
            .table(from.0)
            .live(from.1)
            .map_or(&[][..], |row| &row.links);
        links
            .iter()
            .copied()
            .filter(|link| self.table(link.to).live(link.id).is_some())
            .collect()
    }

    /// The same with records of one type.
    pub(super) fn links_to(&self, from: End, to: ObjectType) -> impl Iterator<Item = Link> {
        let links = self
            .table(from.0)
            .live(from.1)
            .map_or(&[][..], |row| &row.links);
        let begin = links.partition_point(|link| link.to < to);
        let of_type = links
            .iter()
            .skip(begin)
            .take_while(move |link| link.to == to);
        of_type
            .copied()
            .filter(move |link| self.table(to).live(link.id).is_some())
    }

    /// Answers a request.
    pub(super) fn answer(
        &mut self,
        call: &Call,
        now: i64,
        limits: Limits,
        search_lag: i64,
    ) -> Response<Body> {
        self.now = now;
        self.answered += 1;
        let correlation_id = correlation_id(now, self.answered);
        let answer = if route::is_open(call) {
            route::answer(self, call, search_lag)
        } else {
            let caller = self.tokens.caller(call.token(), now);
            caller.and_then(|caller| self.answer_caller(call, caller, limits, search_lag))
        };
        answer
            .unwrap_or_else(|refusal| refusal.into_answer(&correlation_id))
            .header(
                HeaderName::from_static("x-hubspot-correlation-id"),
                correlation_id,
            )
            .into_response(CONTENT_TYPE)
    }

    /// Answers who has a token, within the limits.
    fn answer_caller(
        &mut self,
        call: &Call,
        caller: Caller,
        limits: Limits,
        search_lag: i64,
    ) -> Result<Answer, Refusal> {
        if limits == Limits::Off {
            return route::answer(self, call, search_lag);
        }
        let class = route::class(call);
        let counted = self.budget.take(class, self.now);
        let answer = counted.and_then(|()| route::answer(self, call, search_lag));
        let headers = self.budget.headers(class, caller);
        match answer {
            Ok(answer) => Ok(answer.with(headers)),
            Err(refusal) => Err(refusal.headers(headers)),
        }
    }

    /// Everything, for tests and for people.
    pub(super) fn state(&self) -> Json {
        let objects: Map<String, Json> = self
            .tables
            .iter()
            .map(|table| {
                let shape = Shape {
                    associations: ObjectType::ALL.into(),
                    ..Shape::whole(&table.schema, None)
                };
                let records = table
                    .from(0)
                    .map(|row| {
                        json!(
                            shape
                                .of(&row.record)
                                .linked(self.links((table.schema.object_type, row.record.id)))
                        )
                    })
                    .collect();
                (table.schema.object_type.plural().to_owned(), records)
            })
            .collect();
        json!({
            "portalId": self.account.id,
            "owners": self.owners.iter().map(super::owners::view).collect::<Vec<_>>(),
            "objects": objects,
            "forms": self.forms.iter().map(Form::state).collect::<Vec<_>>(),
            "emailEvents": self.email_events.all().len(),
            "eventOccurrences": self.occurrences.all().iter().map(occurrences::view).collect::<Vec<_>>(),
            "requests": { "used": self.budget.used(), "max": self.budget.daily() },
            "rejected": self.rejected,
        })
    }
}

/// One end of an association.
pub(super) type End = (ObjectType, u64);

/// Every client can read an id as a number.
const GREATEST_ID: u64 = 1 << 53;

/// A record as it is held, of one as it was given.
fn seeded(schema: &Schema, record: &Record) -> Result<Stored, String> {
    let place = |name: &str| {
        schema
            .place(name)
            .ok_or_else(|| format!("no property {name}"))
    };
    let value = |place: Place, text: &str| match schema.property_type(place) {
        PropertyType::Datetime if !text.is_empty() => moment::read(text)
            .map(moment::written)
            .ok_or_else(|| format!("{text:?} is no moment")),
        _ => Ok(text.to_owned()),
    };
    if record.id > GREATEST_ID {
        return Err(format!("its id is above {GREATEST_ID}"));
    }
    let mut values = Vec::with_capacity(record.properties.len());
    for (name, text) in &record.properties {
        let place = place(name)?;
        values.push((place, value(place, text)?.into_boxed_str()));
    }
    let mut versions = Vec::with_capacity(record.history.len());
    for version in &record.history {
        let place = place(&version.property)?;
        versions.push((
            place,
            version.since.as_millisecond(),
            value(place, &version.value)?.into_boxed_str(),
        ));
    }
    let archived = record.archived_at.map(|moment| moment.as_millisecond());
    let stored = Stored::new(
        record.id,
        record.created_at.as_millisecond(),
        record.updated_at.as_millisecond(),
        archived,
    );
    Ok(stored.filled(values, versions))
}

/// As HubSpot's: a UUID that begins with the time. The same requests get the same ones.
fn correlation_id(now: i64, answered: u64) -> String {
    let mut counter = [0; 10];
    counter[2..].copy_from_slice(&answered.to_be_bytes());
    let id: Uuid = Builder::from_unix_timestamp_millis(now.unsigned_abs(), &counter).into_uuid();
    id.to_string()
}

/// A record that an answer shows.
pub(super) type Shown = Arc<Stored>;

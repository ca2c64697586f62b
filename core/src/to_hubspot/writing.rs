//! What is written of a record: all of a new one (S7), of a linked one what differs, field by field (S6, S8, S9).

use super::fields::{self, Field, TIMESTAMP};
use super::known::Known;
use super::values::{Carried, Values, stamp};
use crate::contact;
use crate::id;
use crate::kind::Kind;
use crate::owner::{self, Unreturned};
use crate::plan::{Assignment, Association, FieldConflict, Outcome, Rung, Step, Warning, Winner};
use crate::record::{RecordObject, SalesforceRecord};
use crate::same::{Compared, Forms};
use crate::settings::{OnDelete, RelatedTo};
use crate::snapshot::{Activity, Link, Origin};
use crate::task::subject::{self, Frame};
use crate::task::{self, FieldValue, Source, Task, TaskField};
use crate::text::Text;
use crate::time::{Day, date};
use crate::update;
use serde_json::{Map, Value};

/// What is written, and what both sides share then.
#[derive(Default)]
pub(super) struct Writing<'a> {
    pub(super) properties: Map<String, Value>,
    pub(super) associations: Vec<Association<'a>>,
    pub(super) synced: Map<String, Value>,
    pub(super) cleared: Vec<&'static str>,
    pub(super) owner: Option<Assignment<'a>>,
    /// What both sides had changed.
    pub(super) conflicts: Vec<FieldConflict>,
    /// Whether a field that differs was lost to HubSpot's change of it.
    pub(super) has_lost: bool,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Writing<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.associations.is_empty()
    }

    fn say(&mut self, property: &str, value: impl Into<Value>) {
        self.properties.insert(property.to_owned(), value.into());
    }

    fn share(&mut self, field: &str, value: impl Into<Value>) {
        self.synced.insert(field.to_owned(), value.into());
    }

    /// S7: a field becomes its property.
    fn write(&mut self, values: &Values<'_, '_>, field: Field, property: &str, carried: String) {
        if field == Field::Start {
            self.say(TIMESTAMP, carried.as_str());
        }
        self.say(property, carried);
        if let Some(value) = values.value(field) {
            self.share(field.name(), value);
        }
    }

    /// S5: the owner that the record's user is in HubSpot.
    fn assign(&mut self, record: &'a SalesforceRecord<'a>, owner_id: &'a str) {
        let user = record.owner_id.get().unwrap_or_default().trim();
        self.say("hubspot_owner_id", id::hubspot(owner_id));
        self.share(TaskField::OwnerId.name(), user);
        self.owner = Some(Assignment {
            user,
            step: Step::ActivityOwner,
            ladder: vec![Rung {
                step: Step::ActivityOwner,
                owner: Some(owner_id),
                outcome: Outcome::Mapped,
            }],
        });
    }

    /// S10: the deal or the company to which the record is related.
    fn relate(&mut self, known: &Known<'_, 'a>, record: &SalesforceRecord<'a>) {
        let what_id = record.what_id.get().unwrap_or_default().trim();
        if let Some(association) = known.related(what_id) {
            self.share(TaskField::WhatId.name(), what_id);
            self.associations.push(association);
        }
    }
}

/// S5: whose the record is in HubSpot; none with a warning.
fn owner_of<'a>(
    known: &Known<'_, 'a>,
    record: &SalesforceRecord<'a>,
    warnings: &mut Vec<Warning>,
) -> Option<&'a str> {
    let user = record.owner_id.get()?.trim();
    let with_email = |email: &str| known.owners_with_email(email);
    match owner::of_user(known.index, with_email, user) {
        Ok(owner_id) => Some(owner_id),
        Err(Unreturned::Unmapped) => {
            let message = format!("no HubSpot owner is mapped to user {user}");
            warnings.push(Warning::new("owner_unmapped", message));
            None
        }
        Err(Unreturned::Ambiguous) => {
            let message = format!("several HubSpot owners are mapped to user {user}");
            warnings.push(Warning::new("owner_ambiguous", message));
            None
        }
    }
}

/// S5, S7, S10: all that a new record is in HubSpot.
pub(super) fn of_new<'a>(
    known: &Known<'_, 'a>,
    kind: Kind,
    record: &'a SalesforceRecord<'a>,
    contact: Option<&'a str>,
) -> Writing<'a> {
    let index = known.index;
    let frame = Frame::default();
    let values = Values {
        rules: index.rules,
        kind,
        record,
        forms: Forms {
            kind,
            returns_title: true,
            frame: &frame,
            statuses: index.snapshot.picklists.status.as_ref(),
        },
    };
    let mut writing = Writing::default();
    for (field, property) in fields::of(kind) {
        writing.warnings.extend(values.warning(*field));
        if let Carried::As(carried) = values.carried(*field) {
            writing.write(&values, *field, property, carried);
        }
    }
    match kind {
        Kind::Task => writing.say("hs_task_type", "TODO"),
        Kind::SalesEmailSent => {
            writing.say("hs_email_direction", "EMAIL");
            writing.say("hs_email_status", "SENT");
        }
        _ => {}
    }
    if !writing.properties.contains_key(TIMESTAMP) {
        writing.say(TIMESTAMP, stamp(values.timestamp()));
        let day = Day(values.day(record.created_at)).to_string();
        writing.share(TaskField::ActivityDate.name(), day);
    }
    if let Some(owner_id) = owner_of(known, record, &mut writing.warnings) {
        writing.assign(record, owner_id);
    }
    let contact = contact.map(|id| Association { to: "contacts", id });
    writing.associations.extend(contact);
    writing.relate(known, record);
    writing
}

/// A linked record and both its sides.
pub(super) struct Linked<'k, 'i, 'a> {
    known: &'k Known<'i, 'a>,
    kind: Kind,
    record: &'a SalesforceRecord<'a>,
    link: &'a Link<'a>,
    frame: Frame,
    /// HubSpot's side, where it is given: what it says in Salesforce's words.
    theirs: Option<(&'a Activity<'a>, Task<'a>, Frame)>,
}

/// What HubSpot did to a field since it was synced.
enum Change {
    None,
    To(Option<Compared>),
}

impl<'k, 'i, 'a> Linked<'k, 'i, 'a> {
    pub(super) fn new(
        known: &'k Known<'i, 'a>,
        kind: Kind,
        record: &'a SalesforceRecord<'a>,
        link: &'a Link<'a>,
        activity: Option<(usize, &'a Activity<'a>)>,
    ) -> Self {
        let index = known.index;
        let template = index.rules.template(kind, link.origin);
        let (contact, _) = contact::of_link(index, link);
        let name = contact.and_then(|contact| contact.name.get().or(contact.email.get()));
        let written_on = link.synced.get(TaskField::ActivityDate.name());
        let written_on = written_on.and_then(Value::as_str).and_then(date);
        let theirs = activity.map(|(position, activity)| {
            let source = Source {
                rules: index.rules,
                picklists: &index.snapshot.picklists,
                now: index.snapshot.now,
                kind,
                activity,
                position,
                contact: name,
                template,
                is_linked: true,
            };
            let content = task::content(&source, &mut Vec::new());
            let mut task = content.task;
            let owner = owner::assign(index, kind, activity, contact);
            if owner.step == Step::ActivityOwner {
                task.set(TaskField::OwnerId, FieldValue::Text(owner.user.into()));
            }
            (activity, task, content.frame)
        });
        Self {
            known,
            kind,
            record,
            link,
            frame: subject::frame(template, kind, name, written_on),
            theirs,
        }
    }

    fn forms<'f>(&'f self, frame: &'f Frame) -> Forms<'f, 'a> {
        let statuses = self.known.index.snapshot.picklists.status.as_ref();
        Forms::new(self.kind, self.link, frame, statuses)
    }

    fn values(&self) -> Values<'_, 'a> {
        Values {
            rules: self.known.index.rules,
            kind: self.kind,
            record: self.record,
            forms: self.forms(&self.frame),
        }
    }

    /// The fields that are carried; a Task has no start, and a meeting's day alone would take its hour.
    fn fields(&self) -> impl Iterator<Item = (Field, &'static str)> {
        let is_task = self.record.object == RecordObject::Task;
        let fields = fields::of(self.kind).iter().copied();
        fields.filter(move |(field, _)| !is_task || matches!(field, Field::Task(_)))
    }

    fn shared(&self, values: &Values<'_, '_>, field: Field) -> Option<Compared> {
        values.compared(field, self.link.synced.get(field.name())?)
    }

    /// S9: what HubSpot did to the field.
    fn change(&self, values: &Values<'_, '_>, field: Field) -> Change {
        let Some((activity, task, frame)) = &self.theirs else {
            return Change::None;
        };
        let shared = self.shared(values, field);
        let theirs = match field {
            Field::Task(field) => {
                let theirs = task.get(field);
                let says_nothing = match theirs {
                    None => !update::may_be_cleared(field),
                    Some(_) => {
                        shared.is_none() && update::is_unsaid(self.kind, activity, self.link, field)
                    }
                };
                if says_nothing {
                    return Change::None;
                }
                theirs.and_then(|value| self.forms(frame).compared(field, &value.to_value()))
            }
            Field::Start => match activity.due_at.get() {
                Some(start) => values.compared(field, &Value::from(stamp(start))),
                None => return Change::None,
            },
            Field::End | Field::Location => return Change::None,
        };
        if theirs == shared {
            Change::None
        } else {
            Change::To(theirs)
        }
    }

    /// S9: whose change of a field holds. Where HubSpot's changes don't go to Salesforce, hers does.
    fn winner(&self) -> Winner {
        let rules = self.known.index.rules;
        if !rules.is_on(self.kind) {
            return Winner::Salesforce;
        }
        let theirs = self.theirs.as_ref();
        let changed_at = theirs.and_then(|(activity, ..)| activity.modified_at.get());
        update::winner(rules.conflict, changed_at, Some(self.record.modified_at))
    }

    /// What HubSpot says of a field, in Salesforce's words.
    fn said_in_hubspot(&self, field: Field) -> Option<Value> {
        let (activity, task, _) = self.theirs.as_ref()?;
        match field {
            Field::Task(field) => task.get(field).map(FieldValue::to_value),
            Field::Start => activity.due_at.get().map(|start| stamp(start).into()),
            Field::End | Field::Location => None,
        }
    }

    /// S9: whether the activity is deleted with its record.
    pub(super) fn deletion(&self) -> update::Deletion {
        let values = self.values();
        let is_untouched = || {
            self.fields()
                .all(|(field, _)| matches!(self.change(&values, field), Change::None))
        };
        match self.known.index.rules.on_delete_in_salesforce {
            OnDelete::Keep => update::Deletion::Keep,
            OnDelete::Delete if self.link.origin == Origin::Salesforce && is_untouched() => {
                update::Deletion::Delete
            }
            OnDelete::Delete => update::Deletion::ChangedMeanwhile,
        }
    }

    /// S6-S10: what of the record is to be written.
    pub(super) fn update(&self) -> Writing<'a> {
        let values = self.values();
        let mut writing = Writing::default();
        for (field, property) in self.fields() {
            if field == Field::Task(TaskField::OwnerId) {
                self.return_owner(&values, &mut writing);
            } else {
                self.return_field(&values, field, property, &mut writing);
            }
        }
        self.return_relation(&mut writing);
        crate::order::sort_by(&mut writing.cleared, |left, right| left.cmp(right));
        writing
    }

    fn return_field(
        &self,
        values: &Values<'_, '_>,
        field: Field,
        property: &str,
        writing: &mut Writing<'a>,
    ) {
        let value = values.value(field);
        let now = value
            .as_ref()
            .and_then(|value| values.compared(field, value));
        if value.as_ref() == self.link.synced.get(field.name()) || now == self.shared(values, field)
        {
            return;
        }
        let carried = values.carried(field);
        writing.warnings.extend(values.warning(field));
        if matches!(carried, Carried::Nothing) {
            return;
        }
        if self
            .link
            .cut
            .iter()
            .any(|cut| cut.get() == Some(field.name()))
        {
            let message = format!(
                "{} was cut when it was written; it isn't written back",
                field.name()
            );
            writing
                .warnings
                .push(Warning::new("cut_not_returned", message));
            return;
        }
        if self.loses(values, field, now.as_ref(), writing) {
            return;
        }
        match carried {
            Carried::As(carried) => writing.write(values, field, property, carried),
            _ => {
                writing.say(property, "");
                writing.cleared.push(field.name());
            }
        }
    }

    /// S9: whether a field that was changed in Salesforce isn't written: HubSpot changed it too, to the same, or later.
    fn loses(
        &self,
        values: &Values<'_, '_>,
        field: Field,
        now: Option<&Compared>,
        writing: &mut Writing<'a>,
    ) -> bool {
        match self.change(values, field) {
            Change::None => false,
            Change::To(theirs) if theirs.as_ref() == now => true,
            Change::To(_) => {
                let winner = self.winner();
                writing.conflicts.push(FieldConflict {
                    field: field.name(),
                    winner,
                    hubspot: self.said_in_hubspot(field),
                    salesforce: values.value(field),
                });
                let loses = winner == Winner::HubSpot;
                writing.has_lost |= loses;
                loses
            }
        }
    }

    /// S6: a person that was set in Salesforce comes back; what we wrote as a fallback only if it is set so.
    fn return_owner(&self, values: &Values<'_, '_>, writing: &mut Writing<'a>) {
        const OWNER: Field = Field::Task(TaskField::OwnerId);
        let Some(value) = values.value(OWNER) else {
            return;
        };
        let now = values.compared(OWNER, &value);
        let is_ours = now == self.shared(values, OWNER);
        if is_ours && !self.is_fallback_to_return() {
            return;
        }
        let Some(owner_id) = owner_of(self.known, self.record, &mut writing.warnings) else {
            return;
        };
        let has_it_already = self.theirs.as_ref().is_some_and(|(activity, ..)| {
            activity.owner_id.get().map(id::hubspot) == Some(id::hubspot(owner_id))
        });
        if !has_it_already && !self.loses(values, OWNER, now.as_ref(), writing) {
            writing.assign(self.record, owner_id);
        }
    }

    fn is_fallback_to_return(&self) -> bool {
        let step = self.link.assigned_by.get().and_then(Step::from_name);
        self.known.index.rules.settings.owners.return_fallback
            && matches!(step, Some(Step::ObjectOwner | Step::IntegrationUser))
    }

    /// S10: another deal or company is added, unless HubSpot says what the Task is related to (C9).
    fn return_relation(&self, writing: &mut Writing<'a>) {
        let shared = self.link.synced.get(TaskField::WhatId.name());
        let is_same = |what_id: &str| {
            shared
                .and_then(Value::as_str)
                .is_some_and(|shared| id::salesforce(shared.trim()) == id::salesforce(what_id))
        };
        let hubspot_says_it = self.link.origin == Origin::HubSpot
            && self.known.index.rules.related_to != RelatedTo::None;
        let what_id = self.record.what_id.get().map(str::trim);
        if !hubspot_says_it && what_id.is_some_and(|what_id| !is_same(what_id)) {
            writing.relate(self.known, self.record);
            writing
                .associations
                .retain(|association| !self.is_associated(association));
        }
    }

    fn is_associated(&self, association: &Association<'_>) -> bool {
        let has = |ids: &[Text<'_>]| {
            ids.iter()
                .filter_map(Text::get)
                .any(|known| id::hubspot(known) == id::hubspot(association.id))
        };
        self.theirs.as_ref().is_some_and(|(activity, ..)| {
            if association.to == "deals" {
                has(&activity.deals)
            } else {
                has(&activity.companies)
            }
        })
    }
}

//! Already synced: what differs, who wins, what is left to write? (U, D)

use crate::id;
use crate::kind::Kind;
use crate::order;
use crate::plan::{Assignment, FieldConflict, Step, Warning, Winner};
use crate::rules::Rules;
use crate::same::{Compared, Forms};
use crate::settings::{Conflict, OnDelete};
use crate::snapshot::{Activity, Link, Origin, TaskValues};
use crate::task::{FieldValue, Task, TaskField};
use crate::to_hubspot::fields::{self, Field};
use jiff::Timestamp;
use serde_json::Value;

/// What an update writes.
pub(crate) enum Update<'a> {
    /// U2: nothing.
    Same,
    /// U4: nothing, for Salesforce's changes win.
    SalesforceIsNewer,
    /// U3.
    Write {
        task: Task<'a>,
        cleared: Vec<TaskField>,
    },
}

/// What D1 does with a Task whose activity was deleted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deletion {
    Keep,
    Delete,
    ChangedMeanwhile,
}

/// D1: the activity was deleted.
pub(crate) fn deletion(rules: &Rules, link: &Link<'_>) -> Deletion {
    match rules.on_delete {
        OnDelete::Keep => Deletion::Keep,
        OnDelete::Delete
            if link.origin == Origin::HubSpot && !is_event(link) && is_untouched(link) =>
        {
            Deletion::Delete
        }
        OnDelete::Delete => Deletion::ChangedMeanwhile,
    }
}

/// D1: whether nobody changed the Task since `synced_at`: by its own time, and without one by its fields.
fn is_untouched(link: &Link<'_>) -> bool {
    match (link.task_modified_at.get(), &link.task_now) {
        (Some(modified_at), _) => modified_at <= link.synced_at,
        (None, None) => true,
        (None, Some(now)) => TaskField::NAMES.iter().all(|field| {
            let is_said = |value: &&Value| **value != Value::Bool(false);
            now.get(field).filter(is_said) == link.synced.get(field).filter(is_said)
        }),
    }
}

/// K5: whether the link is to an Event.
pub(crate) fn is_event(link: &Link<'_>) -> bool {
    link.object
        .get()
        .is_some_and(|object| object.eq_ignore_ascii_case("Event"))
}

/// Both sides of a linked record.
pub(crate) struct Sides<'s, 'a> {
    pub(crate) rules: &'s Rules,
    pub(crate) kind: Kind,
    pub(crate) activity: &'a Activity<'a>,
    pub(crate) link: &'a Link<'a>,
    pub(crate) forms: Forms<'s, 'a>,
    /// Whether HubSpot has a say in `WhatId` (C9).
    pub(crate) says_what_id: bool,
}

impl<'a> Sides<'_, 'a> {
    /// U2-U5: what of the fields computed now is to be written.
    pub(crate) fn update(
        &self,
        computed: &Task<'a>,
        owner: &Assignment<'a>,
        integration_user: &str,
        warnings: &mut Vec<Warning>,
        conflicts: &mut Vec<FieldConflict>,
    ) -> Update<'a> {
        let mut task = Task::default();
        let mut cleared = Vec::new();
        let mut has_lost = false;
        for field in TaskField::ALL
            .iter()
            .copied()
            .filter(|field| self.is_compared(*field))
        {
            let now = computed.get(field);
            let now_compared = now.and_then(|value| self.forms.compared(field, &value.to_value()));
            let shared = self.shared(field);
            if now_compared == shared
                || (now.is_none() && !may_be_cleared(field))
                || (shared.is_none() && is_unsaid(self.kind, self.activity, self.link, field))
            {
                continue;
            }
            if field == TaskField::OwnerId && self.keeps_assignee(owner, integration_user) {
                warnings.push(Warning::new(
                    "kept_assignee",
                    "the Task keeps the person it is assigned to",
                ));
                continue;
            }
            if self.is_changed_in_salesforce(field) {
                if self.link.task_now.is_some() && now_compared == self.current(field) {
                    continue;
                }
                let winner = self.winner();
                let theirs = self.link.task_now.as_ref();
                conflicts.push(FieldConflict {
                    field: field.name(),
                    winner,
                    hubspot: now.map(FieldValue::to_value),
                    salesforce: theirs.and_then(|theirs| theirs.get(field.name()).cloned()),
                });
                if winner == Winner::Salesforce {
                    has_lost = true;
                    continue;
                }
            }
            match now {
                Some(value) => task.set(field, value.clone()),
                None if field == TaskField::IsReminderSet => {
                    task.set(field, FieldValue::Flag(false))
                }
                None => cleared.push(field),
            }
        }
        order::sort_by(&mut cleared, |left, right| left.name().cmp(right.name()));
        match (task.is_empty() && cleared.is_empty(), has_lost) {
            (false, _) => Update::Write { task, cleared },
            (true, true) => Update::SalesforceIsNewer,
            (true, false) => Update::Same,
        }
    }

    /// U2: which fields count.
    fn is_compared(&self, field: TaskField) -> bool {
        match (field, self.link.origin) {
            (TaskField::WhoId | TaskField::TaskSubtype, _) => false,
            (TaskField::WhatId, Origin::HubSpot) => self.says_what_id,
            (_, Origin::HubSpot) => true,
            (_, Origin::Salesforce) => is_carried(self.kind, field),
        }
    }

    fn shared(&self, field: TaskField) -> Option<Compared> {
        self.forms
            .compared(field, self.link.synced.get(field.name())?)
    }

    fn current(&self, field: TaskField) -> Option<Compared> {
        self.forms
            .compared(field, self.link.task_now.as_ref()?.get(field.name())?)
    }

    /// U4: whether Salesforce has changed the field since it was synced.
    fn is_changed_in_salesforce(&self, field: TaskField) -> bool {
        if self.link.task_now.is_some() {
            return self.current(field) != self.shared(field);
        }
        self.link
            .task_modified_at
            .get()
            .is_some_and(|modified_at| modified_at > self.link.synced_at)
    }

    /// U4: who wins a field that was changed on both sides.
    fn winner(&self) -> Winner {
        let (rules, link) = (self.rules, self.link);
        if !rules.returns_to_hubspot(self.kind, link.origin) {
            return Winner::HubSpot;
        }
        let (hubspot, salesforce) = (&self.activity.modified_at, &link.task_modified_at);
        winner(rules.conflict, hubspot.get(), salesforce.get())
    }

    /// U5: whether the Task keeps its person.
    fn keeps_assignee(&self, owner: &Assignment<'_>, integration_user: &str) -> bool {
        owner.step != Step::ActivityOwner
            && !(self.has_got_integration_user(integration_user) && self.has_still_its_owner())
    }

    /// U5: whether we gave the Task the integration user: the one of that time, where the link says by which step.
    fn has_got_integration_user(&self, integration_user: &str) -> bool {
        match self.link.assigned_by.get() {
            Some(step) => Step::from_name(step) == Some(Step::IntegrationUser),
            None => user_of(&self.link.synced) == Some(id::salesforce(integration_user)),
        }
    }

    fn has_still_its_owner(&self) -> bool {
        let now = self.link.task_now.as_ref();
        now.is_none_or(|now| user_of(now) == user_of(&self.link.synced))
    }
}

/// U4: who wins where both sides go to the other. A tie, or a missing time, goes to Salesforce.
pub(crate) fn winner(
    conflict: Conflict,
    in_hubspot: Option<Timestamp>,
    in_salesforce: Option<Timestamp>,
) -> Winner {
    let times = in_hubspot.zip(in_salesforce);
    let is_newer = |(in_hubspot, in_salesforce)| in_hubspot > in_salesforce;
    match conflict {
        Conflict::HubSpot => Winner::HubSpot,
        Conflict::Newest if times.is_some_and(is_newer) => Winner::HubSpot,
        Conflict::Newest | Conflict::Salesforce => Winner::Salesforce,
    }
}

/// The user to whom a Task is assigned.
fn user_of<'v>(values: &'v TaskValues<'_>) -> Option<&'v str> {
    let user = values.get(TaskField::OwnerId.name())?.as_str()?;
    Some(id::salesforce(user.trim()))
}

/// U2: whether a value is only F's stand-in for what HubSpot doesn't say. Where `synced` has no value, Salesforce has none, or one
/// that HubSpot can't hold (an own priority, an open call), and the stand-in must not overwrite it.
pub(crate) fn is_unsaid(
    kind: Kind,
    activity: &Activity<'_>,
    link: &Link<'_>,
    field: TaskField,
) -> bool {
    let is_born_in_salesforce = link.origin == Origin::Salesforce;
    match field {
        TaskField::Subject => kind != Kind::Note && activity.title.is_absent(),
        TaskField::Status => {
            is_born_in_salesforce && (kind != Kind::Task || activity.status.is_absent())
        }
        TaskField::Priority => {
            let priority = activity.priority.get();
            is_born_in_salesforce
                && priority.is_none_or(|priority| priority.eq_ignore_ascii_case("NONE"))
        }
        _ => false,
    }
}

/// A Task always has a subject, a status, a priority and an owner; their absence is no wish to clear them.
pub(crate) fn may_be_cleared(field: TaskField) -> bool {
    !matches!(
        field,
        TaskField::Subject | TaskField::Status | TaskField::Priority | TaskField::OwnerId
    )
}

/// S7: whether Salesforce's records of a kind carry the field to HubSpot.
fn is_carried(kind: Kind, field: TaskField) -> bool {
    let carried = Field::Task(field);
    fields::of(kind).iter().any(|(field, _)| *field == carried)
}

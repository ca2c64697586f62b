//! HubSpot → Salesforce: one decision per activity, the rules in their order (I6).

use crate::contact::{self, Choice};
use crate::error::Error;
use crate::id;
use crate::index::Index;
use crate::kind::Kind;
use crate::owner;
use crate::plan::{
    Action, Assignment, ContactChoice, Decision, Drafted, PlanWriter, Reason, Step, Tally, Warning,
    fingerprint,
};
use crate::read;
use crate::related::{self, Relation};
use crate::rules::Rules;
use crate::same::Forms;
use crate::snapshot::{Activity, Contact, Link, Malformed, Origin, Reading};
use crate::task::{self, Content, FieldValue, Source, TaskField};
use crate::trace::Words;
use crate::update::{self, Deletion, Sides, Update};
use crate::window;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

impl Rules {
    /// Plans what becomes of a snapshot's activities: JSON in, JSON out.
    ///
    /// # Errors
    /// `not_json`, or `snapshot_invalid` for `now` and the shape of the document. A record that can't be read is a decision, not an error.
    pub fn plan_to_salesforce_json(&self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(snapshot.len() + snapshot.len() / 4);
        self.plan_to_salesforce_into(snapshot, &mut out)?;
        Ok(out)
    }

    /// `plan_to_salesforce_json` behind what `out` holds already.
    ///
    /// # Errors
    /// As `plan_to_salesforce_json`.
    pub fn plan_to_salesforce_into(&self, snapshot: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        read::with_index(self, snapshot, |index| write_plan(index, out))?
    }
}

/// Writes the plan as it is made: no decision is kept.
fn write_plan(index: &Index<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut writer = PlanWriter::new(out);
    decide_all(index, &mut |kind, decision| {
        writer.push(kind.map(Kind::position), decision);
    });
    writer.finish(index.snapshot, Tally::salesforce_summary)
}

/// Decides every activity, in order (P1).
pub(crate) fn decide_all<'a>(
    index: &Index<'a>,
    each: &mut dyn FnMut(Result<Kind, &str>, &mut Decision<'a>),
) {
    let mut seen: FxHashSet<(Kind, &str)> = FxHashSet::with_capacity_and_hasher(
        index.snapshot.activities.len(),
        rustc_hash::FxBuildHasher,
    );
    for (position, reading) in index.snapshot.activities.iter().enumerate() {
        let mut is_first =
            |kind, activity_id: &'a str| seen.insert((kind, id::hubspot(activity_id)));
        decide_one(index, reading, position, &mut is_first, each);
    }
}

/// Decides one activity; `is_first` tells whether none before it has its name (I4). `each` is given its kind, else what it is called.
///
/// The decision is filled where it is: it is large, and under WebAssembly each move of it is a call.
pub(crate) fn decide_one<'a>(
    index: &Index<'a>,
    reading: &'a Reading<Activity<'a>>,
    position: usize,
    is_first: &mut dyn FnMut(Kind, &'a str) -> bool,
    each: &mut dyn FnMut(Result<Kind, &str>, &mut Decision<'a>),
) {
    let mut decision = blank();
    let kind = match reading {
        Reading::Malformed(malformed) => {
            invalid(index, &mut decision, malformed);
            malformed
                .kind
                .as_deref()
                .map_or(Err("?"), |kind| Kind::from_name(kind).ok_or(kind))
        }
        Reading::Read(activity) => {
            let name = activity.kind.get().unwrap_or_default();
            let activity_id = activity.id.get().unwrap_or_default();
            let kind = Kind::from_name(name).ok_or(name);
            match kind {
                Err(name) => unknown_kind(&mut decision, activity_id, name, position),
                Ok(kind) => {
                    decision.activity = activity_name(kind, activity_id);
                    decision.key = Some(key(index, kind, activity_id));
                    if is_first(kind, activity_id) {
                        decide(index, kind, &mut decision, activity, position);
                    } else {
                        decision.parts().duplicate();
                    }
                }
            }
            kind
        }
    };
    if index.snapshot.digest {
        let key = decision.key.as_deref().unwrap_or_default();
        decision.fingerprint = fingerprint(key, decision.action, &written(&decision));
    }
    each(kind, &mut decision);
}

/// P4: what a decision writes.
fn written(decision: &Decision<'_>) -> Value {
    let mut written = Map::new();
    if let Some(task_id) = decision.task_id {
        written.insert("task_id".to_owned(), task_id.into());
    }
    if let Some(task) = &decision.task {
        written.insert("task".to_owned(), task.to_value());
    }
    if !decision.cleared.is_empty() {
        let cleared = decision.cleared.iter().map(|field| field.name());
        written.insert("cleared".to_owned(), cleared.collect());
    }
    Value::Object(written)
}

/// I6: the rules in their order; the first that ends it names the reason.
fn decide<'a>(
    index: &Index<'a>,
    kind: Kind,
    decision: &mut Decision<'a>,
    activity: &'a Activity<'a>,
    position: usize,
) {
    let mut draft = Draft { kind, decision };
    match index.link(kind, activity.id.get().unwrap_or_default()) {
        Some(Reading::Malformed(malformed)) => draft.malformed_link(malformed),
        Some(Reading::Read(link)) => decide_linked(index, &mut draft, activity, link, position),
        None => decide_new(index, &mut draft, activity, position),
    }
}

/// Without a link: K1, K4, K5, W, C, O, F, U1.
fn decide_new<'a>(
    index: &Index<'a>,
    draft: &mut Draft<'_, 'a>,
    activity: &'a Activity<'a>,
    position: usize,
) {
    let (rules, kind) = (index.rules, draft.kind);
    if !rules.is_on(kind) {
        return draft.end(
            Action::Skip,
            Reason::KindDisabled,
            "K1",
            Words::KindIsOff(kind),
        );
    }
    if activity.deleted {
        return draft.end(
            Action::Skip,
            Reason::Deleted,
            "K4",
            Words::Fixed("deleted in HubSpot before it was synced"),
        );
    }
    if activity.from_salesforce {
        return draft.end(
            Action::Skip,
            Reason::CameFromSalesforce,
            "K5",
            Words::Fixed("HubSpot has it from Salesforce"),
        );
    }
    if let Some(bound) = window::missed(rules, kind, activity.occurred_at) {
        return draft.end(
            Action::Skip,
            Reason::BeforeWindow,
            window::rule(kind),
            Words::BeforeWindow(activity.occurred_at, bound),
        );
    }
    draft.says("K2", Words::KindIsOn(kind));
    draft.says(
        window::rule(kind),
        Words::InWindow(activity.occurred_at, rules.kind(kind).not_before),
    );
    let choice = contact::choose(
        index,
        kind,
        activity,
        position,
        &mut draft.decision.warnings,
    );
    let (contact, object, salesforce_id, candidates, others) = match choice {
        Choice::On {
            contact,
            object,
            salesforce_id,
            candidates,
            others,
        } => (contact, object, salesforce_id, candidates, others),
        Choice::Not {
            action,
            reason,
            rule,
            others,
        } => {
            draft.decision.contact = others.map(|others| ContactChoice {
                others: Some(others),
                ..ContactChoice::default()
            });
            return draft.end(action, reason, rule, Words::Fixed(why_not(reason)));
        }
    };
    let contact_id = contact.id.get().unwrap_or_default();
    draft.says("C2", Words::Chosen(contact_id, candidates));
    let content = content(
        index,
        draft,
        activity,
        Some(contact),
        Origin::HubSpot,
        position,
    );
    let mut task = content.task;
    task.set(TaskField::WhoId, FieldValue::Text(salesforce_id.into()));
    if let Relation::To(record) =
        related::relation(index, activity, Some(object), &mut draft.decision.warnings)
    {
        draft.says("C9", Words::Written(format!("related to {record}")));
        task.set(TaskField::WhatId, FieldValue::Text(record.into()));
    }
    let owner = draft.assign(index, activity, Some(contact));
    task.set(TaskField::OwnerId, FieldValue::Text(owner.user.into()));
    draft.decision.rules = vec!["K2", window::rule(kind), "C2", owner::rule(owner.step)];
    draft.decision.contact = Some(ContactChoice {
        id: Some(contact_id),
        object: Some(object),
        salesforce_id: Some(salesforce_id),
        others: Some(others),
    });
    draft.decision.owner = Some(owner);
    draft.decision.cut = content.cut;
    draft.decision.task = Some(task);
    draft.decided(Action::Create, Reason::New);
}

/// With a link: K1, U0, D1, K5, O, F, U2-U5.
fn decide_linked<'a>(
    index: &Index<'a>,
    draft: &mut Draft<'_, 'a>,
    activity: &'a Activity<'a>,
    link: &'a Link<'a>,
    position: usize,
) {
    let (rules, kind, origin) = (index.rules, draft.kind, link.origin);
    if link.is_one_of_several {
        draft.decision.warnings.push(Warning::new(
            "duplicate_input",
            "several links name this activity; the one with the least Task id counts",
        ));
    }
    if !rules.is_on(kind) {
        return draft.end(
            Action::Skip,
            Reason::KindDisabled,
            "K1",
            Words::KindIsOff(kind),
        );
    }
    draft.decision.task_id = link.task_id.get();
    if link.task_deleted {
        return draft.end(
            Action::Unchanged,
            Reason::TaskDeleted,
            "U0",
            Words::Fixed("its Task was deleted in Salesforce; it isn't made again"),
        );
    }
    if link.task_id.is_absent() {
        return draft.end(
            Action::Wait,
            Reason::WriteUnsettled,
            "U0",
            Words::Fixed("whether its Task was made isn't known yet"),
        );
    }
    if activity.deleted {
        let (action, reason, words) = match update::deletion(rules, link) {
            Deletion::Keep => (
                Action::Unchanged,
                Reason::KeptAfterDelete,
                "deleted in HubSpot; the Task stays, by the setting `on_delete`",
            ),
            Deletion::Delete => (
                Action::Delete,
                Reason::DeletedInHubSpot,
                "deleted in HubSpot, and the Task with it, by the setting `on_delete`",
            ),
            Deletion::ChangedMeanwhile => (
                Action::Unchanged,
                Reason::ChangedAfterDelete,
                "deleted in HubSpot; the Task stays, for it was changed or born in Salesforce",
            ),
        };
        return draft.end(action, reason, "D1", Words::Fixed(words));
    }
    if update::is_event(link) {
        return draft.end(
            Action::Unchanged,
            Reason::EventNotWritten,
            "K5",
            Words::Fixed("it is an Event in Salesforce, which isn't written"),
        );
    }
    let (contact, choice) = contact::of_link(index, link);
    draft.says("C7", Words::Stays(choice.id));
    let owner = draft.assign(index, activity, contact);
    let Content {
        mut task,
        cut,
        frame,
    } = content(index, draft, activity, contact, origin, position);
    let relation = related::relation(index, activity, choice.object, &mut draft.decision.warnings);
    if let Relation::To(record) = relation {
        task.set(TaskField::WhatId, FieldValue::Text(record.into()));
    }
    task.set(TaskField::OwnerId, FieldValue::Text(owner.user.into()));
    let sides = Sides {
        rules,
        kind,
        activity,
        link,
        forms: Forms::new(kind, link, &frame, index.snapshot.picklists.status.as_ref()),
        says_what_id: relation != Relation::Unsaid,
    };
    let update = sides.update(
        &task,
        &owner,
        index.integration_user,
        &mut draft.decision.warnings,
        &mut draft.decision.conflicts,
    );
    let owner_rule = owner::rule(owner.step);
    draft.decision.contact = Some(choice);
    draft.decision.owner = Some(owner);
    let (action, reason, rule, words) = match &update {
        Update::Same => (
            Action::Unchanged,
            Reason::Same,
            "U2",
            "nothing differs from what was synced",
        ),
        Update::SalesforceIsNewer => (
            Action::Unchanged,
            Reason::SalesforceIsNewer,
            "U4",
            "what differs was changed in Salesforce, which wins",
        ),
        Update::Write { .. } => (
            Action::Update,
            Reason::Changed,
            "U3",
            "differs from what was synced",
        ),
    };
    draft.says(rule, Words::Fixed(words));
    draft.decision.rules = vec!["C7", owner_rule, rule];
    if let Update::Write { task, cleared } = update {
        draft.decision.cut = cut
            .into_iter()
            .filter(|field| task.get(*field).is_some())
            .collect();
        draft.decision.task = Some(task);
        draft.decision.cleared = cleared;
    }
    draft.decided(action, reason);
}

fn content<'a>(
    index: &Index<'a>,
    draft: &mut Draft<'_, 'a>,
    activity: &'a Activity<'a>,
    contact: Option<&'a Contact<'a>>,
    origin: Origin,
    position: usize,
) -> Content<'a> {
    let source = Source {
        rules: index.rules,
        picklists: &index.snapshot.picklists,
        now: index.snapshot.now,
        kind: draft.kind,
        activity,
        position,
        contact: contact.and_then(|contact| contact.name.get().or(contact.email.get())),
        template: index.rules.template(draft.kind, origin),
        is_linked: draft.decision.task_id.is_some(),
    };
    task::content(&source, &mut draft.decision.warnings)
}

const fn why_not(reason: Reason) -> &'static str {
    match reason {
        Reason::NoContact => "it has no contact",
        Reason::ContactNotSynced => "none of its contacts is synced yet, but one may be",
        Reason::BeforeContactSync => {
            "it happened before its contact began to sync; sales activities aren't sent retroactively"
        }
        Reason::NewerContactPending => "a contact created later may still sync",
        _ => "none of its contacts syncs",
    }
}

/// A decision in the making.
struct Draft<'d, 'a> {
    kind: Kind,
    decision: &'d mut Decision<'a>,
}

impl<'a> Draft<'_, 'a> {
    fn says(&mut self, rule: &'static str, words: Words<'a>) {
        self.decision.parts().says(rule, words);
    }

    fn assign(
        &mut self,
        index: &Index<'a>,
        activity: &'a Activity<'a>,
        contact: Option<&'a Contact<'a>>,
    ) -> Assignment<'a> {
        let owner = owner::assign(index, self.kind, activity, contact);
        let asked = owner.ladder.last().and_then(|rung| rung.owner);
        self.says(
            owner::rule(owner.step),
            Words::Assigned(owner.step, owner.user, asked),
        );
        if owner.step == Step::IntegrationUser && index.integration_user_is_inactive {
            let message = format!(
                "the integration user {} is inactive: Salesforce will refuse the Task",
                owner.user
            );
            self.decision
                .warnings
                .push(Warning::new("integration_user_inactive", message));
        }
        owner
    }

    fn decided(&mut self, action: Action, reason: Reason) {
        self.decision.parts().decided(action, reason);
    }

    /// Ends with the rule that decided alone.
    fn end(&mut self, action: Action, reason: Reason, rule: &'static str, words: Words<'a>) {
        self.decision.parts().end(action, reason, rule, words);
    }

    /// I1: a malformed link makes its activity `invalid_record`, never a create.
    fn malformed_link(&mut self, malformed: &Malformed) {
        let words = "its link can't be read";
        self.decision.parts().invalid(words, &malformed.error);
    }
}

const fn blank<'a>() -> Decision<'a> {
    Decision {
        activity: String::new(),
        key: None,
        action: Action::Skip,
        reason: Reason::InvalidRecord,
        rules: Vec::new(),
        task_id: None,
        task: None,
        cleared: Vec::new(),
        cut: Vec::new(),
        conflicts: Vec::new(),
        contact: None,
        owner: None,
        warnings: Vec::new(),
        trace: Vec::new(),
        fingerprint: None,
    }
}

/// I1: an activity that can't be read.
fn invalid(index: &Index<'_>, decision: &mut Decision<'_>, malformed: &Malformed) {
    let given = malformed.kind.as_deref();
    let kind = given.and_then(Kind::from_name);
    let name = kind.map(Kind::name).or(given).unwrap_or("?");
    decision.activity = format!("{name}:{}", malformed.id.as_deref().unwrap_or("?"));
    decision.key = kind
        .zip(malformed.id.as_deref())
        .map(|(kind, activity_id)| key(index, kind, activity_id));
    let words = "the record can't be read";
    decision.parts().invalid(words, &malformed.error);
}

/// I1: a kind that isn't known is one that isn't on.
fn unknown_kind(decision: &mut Decision<'_>, activity_id: &str, name: &str, position: usize) {
    decision.activity = format!("{name}:{activity_id}");
    let words = Words::Written(format!("`{name}` is no kind that can be on"));
    decision
        .parts()
        .end(Action::Skip, Reason::KindDisabled, "K1", words);
    let message = format!(
        "`{name}` is no kind of activity; known are {}",
        Kind::NAMES.join(", ")
    );
    decision
        .warnings
        .push(Warning::new("unknown_kind", message).at(format!("activities[{position}].kind")));
}

/// `kind:id`, as given.
fn activity_name(kind: Kind, activity_id: &str) -> String {
    let kind = kind.name();
    let mut name = String::with_capacity(kind.len() + activity_id.len() + 1);
    for part in [kind, ":", activity_id] {
        name.push_str(part);
    }
    name
}

/// F11: the key that names the activity for ever.
fn key(index: &Index<'_>, kind: Kind, activity_id: &str) -> String {
    let portal = &index.rules.settings.portal_id;
    let kind = kind.name();
    let length = portal.len() + kind.len() + activity_id.len() + 10;
    let mut key = String::with_capacity(length);
    for part in ["hubspot:", portal, ":", kind, ":", id::hubspot(activity_id)] {
        key.push_str(part);
    }
    key
}

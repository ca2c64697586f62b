//! Salesforce → HubSpot: one decision per record, the rules in their order (I6).

pub(crate) mod fields;
mod known;
mod values;
mod writing;

use crate::error::Error;
use crate::id;
use crate::index::{Index, activity_name};
use crate::json;
use crate::kind::{Kind, RecordKind};
use crate::plan::{
    Action, Drafted, HubSpotDecision, HubSpotObject, PlanWriter, Reason, Row, Tally, Warning,
    fingerprint,
};
use crate::read;
use crate::record::{RecordObject, SalesforceRecord};
use crate::rules::Rules;
use crate::snapshot::{Contact, Link, Malformed, Reading};
use crate::text::Text;
use crate::time::Moment;
use crate::trace::Words;
use crate::update::Deletion;
pub(crate) use known::{Known, Tables};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use writing::{Linked, Writing};

impl Rules {
    /// Plans what becomes of a snapshot's Salesforce records: JSON in, JSON out.
    ///
    /// # Errors
    /// `not_json`, or `snapshot_invalid` for `now` and the shape of the document. A record that can't be read is a decision, not an error.
    pub fn plan_to_hubspot_json(&self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(snapshot.len() + snapshot.len() / 4);
        self.plan_to_hubspot_into(snapshot, &mut out)?;
        Ok(out)
    }

    /// `plan_to_hubspot_json` behind what `out` holds already.
    ///
    /// # Errors
    /// As `plan_to_hubspot_json`.
    pub fn plan_to_hubspot_into(&self, snapshot: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        read::with_index(self, snapshot, |index| {
            let mut writer = PlanWriter::new(out);
            decide_all(index, &mut |row, decision| writer.push(row, decision));
            writer.finish(index.snapshot, Tally::hubspot_summary)
        })?
    }
}

/// Decides every record, in order (P1).
pub(crate) fn decide_all<'a>(
    index: &Index<'a>,
    each: &mut dyn FnMut(Row<'_>, &mut HubSpotDecision<'a>),
) {
    let tables = Tables::new(index);
    let known = Known::new(index, &tables);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for reading in &index.snapshot.records {
        let mut decision = decide_one(&known, reading, &mut |record| seen.insert(record));
        each(row(&decision), &mut decision);
    }
}

/// Decides one record; `is_first` tells whether none before it has its name (I4).
pub(crate) fn decide_one<'a>(
    known: &Known<'_, 'a>,
    reading: &'a Reading<SalesforceRecord<'a>>,
    is_first: &mut dyn FnMut(&'a str) -> bool,
) -> HubSpotDecision<'a> {
    let mut decision = match reading {
        Reading::Malformed(malformed) => invalid(malformed),
        Reading::Read(record) => {
            let mut decision = blank(record.id.get().unwrap_or_default());
            if is_first(record.name()) {
                decide(known, &mut decision, record);
            } else {
                decision.parts().duplicate();
            }
            decision
        }
    };
    if known.index.snapshot.digest {
        let key = id::salesforce(decision.record.trim());
        decision.fingerprint = fingerprint(key, decision.action, &written(&decision));
    }
    decision
}

/// Where a decision counts.
pub(crate) fn row(decision: &HubSpotDecision<'_>) -> Row<'static> {
    decision.object.map(|object| object as usize).ok_or("?")
}

fn blank(record: &str) -> HubSpotDecision<'_> {
    HubSpotDecision {
        record,
        action: Action::Skip,
        reason: Reason::InvalidRecord,
        rules: Vec::new(),
        object: None,
        hubspot_id: None,
        properties: None,
        associations: Vec::new(),
        synced: None,
        cleared: Vec::new(),
        conflicts: Vec::new(),
        owner: None,
        warnings: Vec::new(),
        trace: Vec::new(),
        fingerprint: None,
    }
}

/// I1: a record that can't be read.
fn invalid(malformed: &Malformed) -> HubSpotDecision<'_> {
    let mut decision = blank(malformed.id.as_deref().unwrap_or("?"));
    let words = "the record can't be read";
    decision.parts().invalid(words, &malformed.error);
    decision
}

/// P4: what a decision writes.
fn written(decision: &HubSpotDecision<'_>) -> Value {
    let mut written = Map::new();
    let mut say = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            written.insert(name.to_owned(), value);
        }
    };
    say("object", decision.object.map(|object| object.name().into()));
    say("hubspot_id", decision.hubspot_id.map(Value::from));
    say("properties", decision.properties.clone().map(Value::Object));
    if !decision.associations.is_empty() {
        say("associations", Some(json::value_of(&decision.associations)));
    }
    Value::Object(written)
}

/// I6: the rules in their order; the first that ends it names the reason.
fn decide<'a>(
    known: &Known<'_, 'a>,
    decision: &mut HubSpotDecision<'a>,
    record: &'a SalesforceRecord<'a>,
) {
    let Some((link, is_one_of_several)) = known.link(record.name()) else {
        return decide_new(known, decision, record);
    };
    if is_one_of_several {
        decision.warnings.push(Warning::new(
            "duplicate_input",
            "several links name this record; the one that counts is told by its activity's name",
        ));
    }
    match link {
        Reading::Malformed(malformed) => {
            let words = "its link can't be read";
            decision.parts().invalid(words, &malformed.error);
        }
        Reading::Read(link) => decide_linked(known, decision, record, link),
    }
}

/// Without a link: S1, deleted, S8, S3, S4, then S5-S7.
fn decide_new<'a>(
    known: &Known<'_, 'a>,
    decision: &mut HubSpotDecision<'a>,
    record: &'a SalesforceRecord<'a>,
) {
    let rules = known.index.rules;
    let (toggle, why) = kind_of(record);
    let kind = activity_kind(toggle);
    decision.object = object_of(kind);
    let mut parts = decision.parts();
    let Some(enabled_at) = rules.record_window_start(toggle) else {
        return parts.end(Action::Skip, Reason::KindDisabled, "S1", is_off(toggle));
    };
    parts.says("S2", Words::Fixed(why));
    if record.object == RecordObject::Event && record.is_child {
        let words = Words::Fixed("it is an invitee's copy of an Event");
        return parts.end(Action::Skip, Reason::ChildEvent, "S2", words);
    }
    if record.is_deleted {
        let words = Words::Fixed("deleted in Salesforce before it was synced");
        return parts.end(Action::Skip, Reason::Deleted, "S9", words);
    }
    if let Some(why) = came_from_hubspot(rules, record) {
        return parts.end(
            Action::Skip,
            Reason::CameFromHubSpot,
            "S8",
            Words::Fixed(why),
        );
    }
    if !known.index.snapshot.import && record.modified_at < enabled_at {
        let words = Words::BeforeWindow(record.modified_at, enabled_at);
        return parts.end(Action::Skip, Reason::BeforeWindow, "S3", words);
    }
    let contact = match contact_of(known, record) {
        Bearer::On(contact) => contact.id.get(),
        Bearer::OnlyRelated => None,
        Bearer::Not {
            action,
            reason,
            words,
        } => return parts.end(action, reason, "S4", words),
    };
    parts.says(
        "S4",
        match contact {
            Some(contact) => Words::Written(format!("contact {contact} is its contact")),
            None => Words::Fixed("it has no contact, but is related to a deal or a company"),
        },
    );
    *parts.rules = vec!["S2", "S3", "S4", "S7"];
    parts.decided(Action::Create, Reason::New);
    write(decision, writing::of_new(known, kind, record, contact));
}

/// With a link: S1, deletion (S9), S8, conflict, S5-S7.
fn decide_linked<'a>(
    known: &Known<'_, 'a>,
    decision: &mut HubSpotDecision<'a>,
    record: &'a SalesforceRecord<'a>,
    link: &'a Link<'a>,
) {
    let rules = known.index.rules;
    let name = link.activity.get().unwrap_or_default();
    let Some((kind, activity_id)) = activity_name(name) else {
        return decide_nameless(decision, link, name);
    };
    decision.hubspot_id = Some(activity_id);
    let Some(toggle) = RecordKind::of_link(kind, link.origin) else {
        let words = Words::Written(format!("a `{kind}` of HubSpot's isn't written"));
        let mut parts = decision.parts();
        return parts.end(Action::Unchanged, Reason::NotWritable, "S2", words);
    };
    decision.object = object_of(kind);
    if rules.record_window_start(toggle).is_none() {
        let mut parts = decision.parts();
        return parts.end(Action::Skip, Reason::KindDisabled, "S1", is_off(toggle));
    }
    let activity = match known.activity(kind, activity_id) {
        Some((_, Reading::Malformed(malformed))) => {
            let words = "HubSpot's side of it can't be read";
            return decision.parts().invalid(words, &malformed.error);
        }
        Some((position, Reading::Read(activity))) => Some((position, activity)),
        None => None,
    };
    if link.activity_deleted || activity.is_some_and(|(_, activity)| activity.deleted) {
        let words = Words::Fixed("its activity was deleted in HubSpot; it isn't made again");
        let mut parts = decision.parts();
        return parts.end(Action::Unchanged, Reason::ActivityDeleted, "S9", words);
    }
    let linked = Linked::new(known, kind, record, link, activity);
    if record.is_deleted {
        let (action, reason, words) = deletion(linked.deletion());
        return decision
            .parts()
            .end(action, reason, "S9", Words::Fixed(words));
    }
    let writing = linked.update();
    let (action, reason, rule, words) = match (writing.is_empty(), writing.has_lost) {
        (false, _) => (
            Action::Update,
            Reason::Changed,
            "S7",
            "differs from what was synced",
        ),
        (true, true) => (
            Action::Unchanged,
            Reason::HubSpotIsNewer,
            "S9",
            "what differs was changed in HubSpot, which wins",
        ),
        (true, false) => (
            Action::Unchanged,
            Reason::Echo,
            "S8",
            "says what was synced last",
        ),
    };
    decision
        .parts()
        .end(action, reason, rule, Words::Fixed(words));
    write(decision, writing);
}

/// A link that names no activity: the activity's create isn't settled, or it can't be read.
fn decide_nameless(decision: &mut HubSpotDecision<'_>, link: &Link<'_>, name: &str) {
    let mut parts = decision.parts();
    if link.is_unsettled() {
        let words = Words::Fixed("whether its activity was made isn't known yet");
        return parts.end(Action::Wait, Reason::WriteUnsettled, "U0", words);
    }
    let message = format!("`{name}` names no activity");
    let error = Error::new(crate::Code::SnapshotInvalid, "links", message);
    parts.invalid("its link can't be read", &error);
}

/// Adds what is written to a decision.
fn write<'a>(decision: &mut HubSpotDecision<'a>, writing: Writing<'a>) {
    let is_written = !writing.is_empty();
    decision.warnings.extend(writing.warnings);
    let mut parts = decision.parts();
    if let Some(owner) = &writing.owner {
        let owner_id = owner.ladder.first().and_then(|rung| rung.owner);
        parts.rules.push("S5");
        parts.says("S5", Words::Assigned(owner.step, owner.user, owner_id));
    }
    let related = |to: &str| matches!(to, "deals" | "companies");
    if let Some(association) = writing.associations.iter().find(|to| related(to.to)) {
        parts.rules.push("S10");
        let words = format!("related to {} {}", association.to, association.id);
        parts.says("S10", Words::Written(words));
    }
    decision.properties = Some(writing.properties).filter(|properties| !properties.is_empty());
    decision.associations = writing.associations;
    decision.synced = is_written.then_some(writing.synced);
    decision.cleared = writing.cleared;
    decision.conflicts = writing.conflicts;
    decision.owner = writing.owner;
}

/// S2: what a record without a link is, and why.
fn kind_of(record: &SalesforceRecord<'_>) -> (RecordKind, &'static str) {
    let is = |text: &Text<'_>, name: &str| {
        text.get()
            .is_some_and(|text| text.trim().eq_ignore_ascii_case(name))
    };
    let (subtype, record_type) = (&record.task_subtype, &record.record_type);
    let is_email = ["Email", "ListEmail", "List Email"];
    if record.object == RecordObject::Event {
        (RecordKind::Meeting, "an Event is a meeting")
    } else if is(subtype, "Call") {
        (RecordKind::Call, "its subtype is Call")
    } else if is_email.iter().any(|name| is(subtype, name)) {
        (RecordKind::Email, "its subtype is that of emails")
    } else if is(record_type, "Call") {
        (RecordKind::Call, "its type is Call")
    } else if is(record_type, "Email") {
        (RecordKind::Email, "its type is Email")
    } else if is(record_type, "Meeting") {
        (RecordKind::Meeting, "its type is Meeting")
    } else {
        (
            RecordKind::Task,
            "neither subtype nor type says it is more than a task",
        )
    }
}

/// S2: the kind under which HubSpot's activity comes back.
const fn activity_kind(toggle: RecordKind) -> Kind {
    match toggle {
        RecordKind::Task => Kind::Task,
        RecordKind::Email => Kind::SalesEmailSent,
        RecordKind::Call => Kind::Call,
        RecordKind::Meeting => Kind::Meeting,
    }
}

/// S2: HubSpot's object of a kind; none that isn't written.
const fn object_of(kind: Kind) -> Option<HubSpotObject> {
    match kind {
        Kind::Task => Some(HubSpotObject::Tasks),
        Kind::SalesEmailSent => Some(HubSpotObject::Emails),
        Kind::Call => Some(HubSpotObject::Calls),
        Kind::Meeting => Some(HubSpotObject::Meetings),
        Kind::Note => Some(HubSpotObject::Notes),
        _ => None,
    }
}

/// S1.
fn is_off<'a>(toggle: RecordKind) -> Words<'a> {
    Words::Written(format!("`to_hubspot.{toggle}` is off"))
}

/// S8: whether a record without a link is one that came from HubSpot.
fn came_from_hubspot(rules: &Rules, record: &SalesforceRecord<'_>) -> Option<&'static str> {
    let settings = &rules.settings;
    let portal = &settings.portal_id;
    let key = record
        .key
        .get()
        .and_then(|key| key.trim().strip_prefix("hubspot:"));
    let behind = key.and_then(|key| key.strip_prefix(portal.as_str()));
    if behind.is_some_and(|behind| behind.starts_with(':')) {
        return Some("its key says that it came from HubSpot");
    }
    let user = id::salesforce(settings.owners.integration_user.trim());
    let created_by = record
        .created_by
        .get()
        .map(|user| id::salesforce(user.trim()));
    let only_ours = settings
        .salesforce
        .integration_user_only_ours
        .unwrap_or(true);
    let has_key_field = settings
        .salesforce
        .key_field
        .as_deref()
        .is_some_and(|field| !crate::text::is_blank(field));
    (only_ours && !has_key_field && created_by == Some(user))
        .then_some("the integration user created it")
}

/// In whose timeline a record without a link is.
enum Bearer<'a> {
    On(&'a Contact<'a>),
    OnlyRelated,
    Not {
        action: Action,
        reason: Reason,
        words: Words<'a>,
    },
}

/// S4: the contact of a record without a link.
fn contact_of<'a>(known: &Known<'_, 'a>, record: &SalesforceRecord<'a>) -> Bearer<'a> {
    let index = known.index;
    let Some(who_id) = record.who_id.get() else {
        let what_id = record.what_id.get();
        return match what_id.and_then(|what_id| known.related(what_id)) {
            Some(_) => Bearer::OnlyRelated,
            None => Bearer::Not {
                action: Action::Skip,
                reason: Reason::NoContact,
                words: Words::Fixed("it has no contact, and no deal or company"),
            },
        };
    };
    if let Some(contact) = known.contact([Some(who_id), record.converted_contact_id.get()]) {
        return Bearer::On(contact);
    }
    let until = index
        .rules
        .wait
        .after(record.modified_at, &index.rules.time_zone);
    let action = if until.is_none_or(|until| index.snapshot.now <= until) {
        Action::Wait
    } else {
        Action::Skip
    };
    let words = match until {
        Some(until) => format!(
            "HubSpot doesn't have {who_id}; it is waited for until {}",
            Moment(until)
        ),
        None => format!("HubSpot doesn't have {who_id}; it is waited for"),
    };
    Bearer::Not {
        action,
        reason: Reason::ContactNotInHubSpot,
        words: Words::Written(words),
    }
}

/// S9: what becomes of an activity whose record was deleted.
const fn deletion(deletion: Deletion) -> (Action, Reason, &'static str) {
    match deletion {
        Deletion::Keep => (
            Action::Unchanged,
            Reason::KeptAfterDelete,
            "deleted in Salesforce; the activity stays, by the setting `on_delete`",
        ),
        Deletion::Delete => (
            Action::Delete,
            Reason::DeletedInSalesforce,
            "deleted in Salesforce, and the activity with it, by the setting `on_delete`",
        ),
        Deletion::ChangedMeanwhile => (
            Action::Unchanged,
            Reason::ChangedAfterDelete,
            "deleted in Salesforce; the activity stays, for it was changed or born in HubSpot",
        ),
    }
}

//! What will be done with each record, and why: decisions, summary, digest (P1-P4).

mod conflict;
mod tally;
mod writer;

pub use conflict::{FieldConflict, Winner};
pub use tally::digest_of_fingerprints;
pub(crate) use tally::{Row, Tally, fingerprint};
pub(crate) use writer::{Drafted, PlanWriter};

use crate::names::names;
use crate::snapshot::ContactObject;
use crate::task::{Task, TaskField};
use crate::trace::{Entry, said};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Salesforce takes this many records in one call (P3).
pub const RECORDS_PER_SALESFORCE_CALL: u64 = 200;

/// HubSpot takes this many records of one object in one call (P3).
pub const RECORDS_PER_HUBSPOT_CALL: u64 = 100;

names! {
    /// What is done with a record (P1).
    pub enum Action {
        /// A record is made on the other side.
        Create = "create",
        /// The one on the other side is changed.
        Update = "update",
        /// The one on the other side is deleted.
        Delete = "delete",
        /// It is synced, and nothing is written.
        Unchanged = "unchanged",
        /// Not yet.
        Wait = "wait",
        /// Not, as things are now.
        Skip = "skip",
    }
}

names! {
    /// Why (P2). Public and stable.
    pub enum Reason {
        /// U1: everything passed, and there is nothing on the other side yet.
        New = "new",
        /// U3: fields differ from what was synced last.
        Changed = "changed",
        /// U2: nothing differs.
        Same = "same",
        /// U4: Salesforce's changes win all fields that differ.
        SalesforceIsNewer = "salesforce_is_newer",
        /// U0: the Task was deleted in Salesforce.
        TaskDeleted = "task_deleted",
        /// U0: the outcome of its create isn't known yet.
        WriteUnsettled = "write_unsettled",
        /// D1: deleted in HubSpot, and the Task with it.
        DeletedInHubSpot = "deleted_in_hubspot",
        /// D1: deleted in HubSpot; the Task stays by the setting.
        KeptAfterDelete = "kept_after_delete",
        /// D1: deleted in HubSpot; the Task stays because somebody changed it, or because it was born in Salesforce.
        ChangedAfterDelete = "changed_after_delete",
        /// K5: linked to an Event, which isn't written.
        EventNotWritten = "event_not_written",
        /// K1: the kind is off.
        KindDisabled = "kind_disabled",
        /// K4: deleted before it was synced.
        Deleted = "deleted",
        /// K5: it came from Salesforce.
        CameFromSalesforce = "came_from_salesforce",
        /// W1-W3: it happened before the kind's window.
        BeforeWindow = "before_window",
        /// C3: it has no contact.
        NoContact = "no_contact",
        /// C4: its contact hasn't synced yet.
        ContactNotSynced = "contact_not_synced",
        /// C4: its contact began to sync later.
        BeforeContactSync = "before_contact_sync",
        /// C4: none of its contacts syncs.
        NoSyncingContact = "no_syncing_contact",
        /// C6: a newer contact may still sync.
        NewerContactPending = "newer_contact_pending",
        /// I1: the record can't be read.
        InvalidRecord = "invalid_record",
        /// I4: another record has its name.
        DuplicateRecord = "duplicate_record",
        /// S8: a linked record says what was synced last.
        Echo = "echo",
        /// S9: HubSpot's changes win all fields that differ.
        HubSpotIsNewer = "hubspot_is_newer",
        /// S9: the activity was deleted in HubSpot.
        ActivityDeleted = "activity_deleted",
        /// S9: deleted in Salesforce, and the activity with it.
        DeletedInSalesforce = "deleted_in_salesforce",
        /// S2: linked to a kind of activity that isn't written.
        NotWritable = "not_writable",
        /// S8: it came from HubSpot.
        CameFromHubSpot = "came_from_hubspot",
        /// S2: an invitee's copy of an Event.
        ChildEvent = "child_event",
        /// S4: HubSpot doesn't have its contact.
        ContactNotInHubSpot = "contact_not_in_hubspot",
    }
}

names! {
    /// The step of the ladder that decides who is assigned (O).
    pub enum Step {
        /// O1.
        ActivityOwner = "activity_owner",
        /// O2.
        ObjectOwner = "object_owner",
        /// O3.
        IntegrationUser = "integration_user",
    }
}

names! {
    /// What a step of the ladder came to (O7).
    pub enum Outcome {
        /// It holds.
        Mapped = "mapped",
        /// Activities of this kind have no owner of their own.
        KindHasNoOwner = "kind_has_no_owner",
        /// There is no owner.
        NoOwner = "no_owner",
        /// The contact isn't known.
        ContactUnknown = "contact_unknown",
        /// The override names a user who isn't there.
        OverrideUnknown = "override_unknown",
        /// The override names an inactive user.
        OverrideInactive = "override_inactive",
        /// The owner isn't known.
        OwnerUnknown = "owner_unknown",
        /// Only inactive users match.
        UserInactive = "user_inactive",
        /// No user has the owner's e-mail.
        NoUserWithEmail = "no_user_with_email",
        /// The e-mail matches, the name doesn't.
        NameDiffers = "name_differs",
        /// Several users match.
        Ambiguous = "ambiguous",
    }
}

names! {
    /// Why a contact isn't the one (C8).
    pub enum Lost {
        /// Created on an earlier day.
        Older = "older",
        /// Created on the same day, with a lower id.
        SameDayLowerId = "same_day_lower_id",
        /// It hasn't synced yet.
        Pending = "pending",
        /// It never syncs.
        Excluded = "excluded",
        /// Its sync failed.
        Failed = "failed",
        /// It was triggered to sync after the activity (W5).
        TriggeredLater = "triggered_later",
        /// The snapshot doesn't hold it (C5).
        Unknown = "unknown",
    }
}

/// Something that didn't stop the record but should be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// For a person.
    pub message: String,
    /// Where in the snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Warning {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            path: None,
            hint: None,
        }
    }

    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

/// What is done with one activity, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision<'a> {
    /// `kind:id`, as given.
    pub activity: String,
    /// The key that the host writes to the Task (F11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The rules that decided it.
    #[serde(serialize_with = "rule_numbers")]
    pub rules: Vec<&'static str>,
    /// The Task, where there is one already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<&'a str>,
    /// What is written: all fields of a create, those that differ of an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task<'a>>,
    /// Of an update: fields to be set to null, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<TaskField>,
    /// Fields that were cut to what Salesforce takes (F13).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<TaskField>,
    /// What both sides had changed, and who won (U4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldConflict>,
    /// The contact, and why the others lost (C).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactChoice<'a>>,
    /// Who is assigned, and how that was found (O).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Assignment<'a>>,
    /// What should be known.
    pub warnings: Vec<Warning>,
    /// The rules' words, for a person.
    #[serde(serialize_with = "said")]
    pub trace: Vec<Entry<'a>>,
    /// Names what is written (P4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// Rules as what they are, names: nothing in them needs escaping.
fn rule_numbers<S: Serializer>(rules: &[&'static str], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.iter().map(|rule| RuleNumber(rule)))
}

/// A rule as what it is, a name: nothing in it needs escaping.
pub(crate) struct RuleNumber(pub(crate) &'static str);

impl Serialize for RuleNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant("Rule", 0, self.0)
    }
}

/// The contact of a Task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContactChoice<'a> {
    /// HubSpot id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// `Contact` or `Lead`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ContactObject>,
    /// Salesforce id: the Task's `WhoId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salesforce_id: Option<&'a str>,
    /// The others, and why each lost (C8); absent where C7 decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Vec<LosingContact<'a>>>,
}

/// A contact that isn't the one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LosingContact<'a> {
    /// HubSpot id.
    pub id: &'a str,
    /// Why.
    pub lost: Lost,
}

/// Who is assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment<'a> {
    /// Salesforce user id: the Task's `OwnerId`.
    pub user: &'a str,
    /// The step that held.
    pub step: Step,
    /// Each step that was tried (O7).
    pub ladder: Vec<Rung<'a>>,
}

/// One step that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rung<'a> {
    /// The step.
    pub step: Step,
    /// The HubSpot owner it asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<&'a str>,
    /// What it came to.
    pub outcome: Outcome,
}

/// Counts over a plan (P3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Decisions.
    pub activities: u64,
    /// By action.
    pub by_action: BTreeMap<Action, u64>,
    /// By reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// By kind, then action.
    pub by_kind: BTreeMap<String, BTreeMap<Action, u64>>,
    /// The API calls that carrying it out takes.
    pub salesforce_calls: u64,
}

/// The whole answer of `plan_to_salesforce`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan<'a> {
    /// One decision per activity, in the snapshot's order (P1).
    pub decisions: Vec<Decision<'a>>,
    /// Counts.
    pub summary: Summary,
    /// Records of other lists that were left out or chosen among (I1, I4).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub warnings: &'a [Warning],
    /// Names all that is written (P4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

names! {
    /// HubSpot's objects that Salesforce's records become (S2).
    pub enum HubSpotObject {
        /// Tasks.
        Tasks = "tasks",
        /// Emails.
        Emails = "emails",
        /// Calls.
        Calls = "calls",
        /// Meetings.
        Meetings = "meetings",
        /// Notes; only those that were born in HubSpot.
        Notes = "notes",
    }
}

/// What is done with one Salesforce record, and why.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HubSpotDecision<'a> {
    /// Salesforce id, as given.
    pub record: &'a str,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The rules that decided it.
    #[serde(serialize_with = "rule_numbers")]
    pub rules: Vec<&'static str>,
    /// HubSpot's object that it is, or becomes (S2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<HubSpotObject>,
    /// Id of HubSpot's record, where there is one already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hubspot_id: Option<&'a str>,
    /// What is written (S7): all properties of a create, those that differ of an update; an empty string clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Map<String, Value>>,
    /// What it is associated with, besides what it is already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub associations: Vec<Association<'a>>,
    /// What both sides share once that is written, by the names of Salesforce's fields: to be added to the link's `synced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synced: Option<Map<String, Value>>,
    /// What both sides have no longer once that is written, sorted: to be taken from the link's `synced`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<&'static str>,
    /// What both sides had changed, and who won (S9).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldConflict>,
    /// Whose it is in HubSpot once that is written; the step, if there is an owner, is `activity_owner` (S5, S6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Assignment<'a>>,
    /// What should be known.
    pub warnings: Vec<Warning>,
    /// The rules' words, for a person.
    #[serde(serialize_with = "said")]
    pub trace: Vec<Entry<'a>>,
    /// Names what is written (P4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// What a record is associated with in HubSpot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Association<'a> {
    /// `contacts`, `deals` or `companies`.
    pub to: &'static str,
    /// HubSpot id.
    pub id: &'a str,
}

/// Counts over a plan to HubSpot (P3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HubSpotSummary {
    /// Decisions.
    pub records: u64,
    /// By action.
    pub by_action: BTreeMap<Action, u64>,
    /// By reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// By HubSpot's object, then action; `?` where it isn't known.
    pub by_object: BTreeMap<String, BTreeMap<Action, u64>>,
    /// The API calls that carrying it out takes.
    pub hubspot_calls: u64,
}

/// The whole answer of `plan_to_hubspot`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HubSpotPlan<'a> {
    /// One decision per record, in the snapshot's order (P1).
    pub decisions: Vec<HubSpotDecision<'a>>,
    /// Counts.
    pub summary: HubSpotSummary,
    /// Records of other lists that were left out or chosen among (I1, I4).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub warnings: &'a [Warning],
    /// Names all that is written (P4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

//! What the planners are given: activities, records, and all that is known about them. Shapes of the contract.

use crate::names::names;
use crate::record::SalesforceRecord;
use crate::text::Text;
use crate::time::Time;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Input of `plan_to_salesforce`, which plans the `activities`, and of `plan_to_hubspot`, which plans the `records` and takes the activities
/// for HubSpot's side of those that are linked. Unknown keys are ignored; `null` reads as absent.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snapshot<'a> {
    /// The moment of planning.
    #[serde(deserialize_with = "now")]
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub now: Timestamp,
    /// Whether the plan gets a digest (P4).
    #[serde(default, deserialize_with = "flag")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub digest: bool,
    /// HubSpot's activities.
    #[serde(borrow, default, deserialize_with = "list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Activity<'a>>"))]
    pub activities: Vec<Reading<Activity<'a>>>,
    /// Whether the records are imported: then it doesn't matter when they were changed (S3).
    #[serde(default, deserialize_with = "flag")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub import: bool,
    /// Where those activities are in the list, if they are only some of it.
    #[serde(skip)]
    pub places_of_activities: Vec<usize>,
    /// Salesforce's records.
    #[serde(borrow, default, deserialize_with = "list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<SalesforceRecord<'a>>"))]
    pub records: Vec<Reading<SalesforceRecord<'a>>>,
    /// The contacts of those activities and records.
    #[serde(borrow, default, deserialize_with = "list")]
    pub contacts: Vec<Contact<'a>>,
    /// HubSpot's owners.
    #[serde(borrow, default, deserialize_with = "list")]
    pub owners: Vec<Owner<'a>>,
    /// Salesforce's users.
    #[serde(borrow, default, deserialize_with = "list")]
    pub users: Vec<User<'a>>,
    /// What has been synced already.
    #[serde(borrow, default, deserialize_with = "list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Link<'a>>"))]
    pub links: Vec<Reading<Link<'a>>>,
    /// The Salesforce records of deals and companies.
    #[serde(borrow, default, deserialize_with = "list")]
    pub related: Vec<Related<'a>>,
    /// The values that the org's Task fields take.
    #[serde(borrow, default, deserialize_with = "option_or_default")]
    pub picklists: Picklists<'a>,
    /// What was left out or chosen while reading (I1, I4).
    #[serde(skip)]
    pub warnings: Vec<crate::plan::Warning>,
}

/// A record that was read, or why it could not be.
#[derive(Debug)]
pub enum Reading<T> {
    /// The record.
    Read(T),
    /// A record that can't be read (I1).
    Malformed(Box<Malformed>),
}

/// Why a record can't be read, and as much of its name as can.
#[derive(Debug, Clone)]
pub struct Malformed {
    /// `kind`, as given.
    pub kind: Option<String>,
    /// `id`, as given.
    pub id: Option<String>,
    /// Of a link: the activity it names.
    pub activity: Option<String>,
    /// Of a link: the record it names.
    pub task_id: Option<String>,
    /// Where, what is wrong, and what to do.
    pub error: crate::Error,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Reading<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Read)
    }
}

/// One activity of HubSpot's.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Activity<'a> {
    /// HubSpot's object id.
    #[serde(borrow, deserialize_with = "required")]
    pub id: Text<'a>,
    /// One of the fourteen kinds.
    #[serde(borrow, deserialize_with = "required")]
    pub kind: Text<'a>,
    /// The moment of the triggering event (W).
    #[serde(deserialize_with = "required_time")]
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub occurred_at: Timestamp,
    /// Task: due; meeting: start; call, note, email: when it took place (F3).
    #[serde(default)]
    pub due_at: Time,
    /// When HubSpot last changed it (U4).
    #[serde(default)]
    pub modified_at: Time,
    /// When to remind (F10).
    #[serde(default)]
    pub reminder_at: Time,
    /// HubSpot owner id.
    #[serde(borrow, default)]
    pub owner_id: Text<'a>,
    /// Ids of the associated contacts.
    #[serde(borrow, default, deserialize_with = "list")]
    pub contacts: Vec<Text<'a>>,
    /// Ids of the associated deals.
    #[serde(borrow, default, deserialize_with = "list")]
    pub deals: Vec<Text<'a>>,
    /// Ids of the associated companies.
    #[serde(borrow, default, deserialize_with = "list")]
    pub companies: Vec<Text<'a>>,
    /// Title.
    #[serde(borrow, default)]
    pub title: Text<'a>,
    /// Body, HTML unless `body_format` is `text`.
    #[serde(borrow, default)]
    pub body: Text<'a>,
    /// `html` or `text`.
    #[serde(borrow, default)]
    pub body_format: Text<'a>,
    /// HubSpot's status of a task or a meeting.
    #[serde(borrow, default)]
    pub status: Text<'a>,
    /// `HIGH`, `MEDIUM`, `NONE`, `LOW`.
    #[serde(borrow, default)]
    pub priority: Text<'a>,
    /// Of a call: `INBOUND` or `OUTBOUND`.
    #[serde(borrow, default)]
    pub direction: Text<'a>,
    /// Of a call: its length in milliseconds.
    #[serde(default)]
    pub duration_ms: Duration,
    /// Of a call: the label of its outcome.
    #[serde(borrow, default)]
    pub disposition: Text<'a>,
    /// Name of the integration that made the event.
    #[serde(borrow, default)]
    pub app: Text<'a>,
    /// Whether it was deleted in HubSpot.
    #[serde(default, deserialize_with = "flag")]
    pub deleted: bool,
    /// Whether HubSpot has it from Salesforce (K5).
    #[serde(default, deserialize_with = "flag")]
    pub from_salesforce: bool,
}

/// A contact, and where it stands in Salesforce.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact<'a> {
    /// HubSpot's object id.
    #[serde(borrow, deserialize_with = "required")]
    pub id: Text<'a>,
    /// When it was created in HubSpot (C2).
    #[serde(deserialize_with = "required_time")]
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub created_at: Timestamp,
    /// Where it stands in Salesforce.
    #[serde(borrow)]
    pub salesforce: ContactSync<'a>,
    /// HubSpot owner id (O2).
    #[serde(borrow, default)]
    pub owner_id: Text<'a>,
    /// Full name.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// E-mail.
    #[serde(borrow, default)]
    pub email: Text<'a>,
}

/// Where a contact stands in Salesforce.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContactSync<'a> {
    /// `synced`, `pending`, `excluded` or `failed`.
    #[serde(borrow, default)]
    pub status: Text<'a>,
    /// `Contact` or `Lead`.
    #[serde(borrow, default)]
    pub object: Text<'a>,
    /// Salesforce id.
    #[serde(borrow, default)]
    pub id: Text<'a>,
    /// When it was first triggered to sync (W5).
    #[serde(default)]
    pub triggered_at: Time,
}

/// A HubSpot owner.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Owner<'a> {
    /// Owner id.
    #[serde(borrow, deserialize_with = "required")]
    pub id: Text<'a>,
    /// E-mail.
    #[serde(borrow, default)]
    pub email: Text<'a>,
    /// First name.
    #[serde(borrow, default)]
    pub first_name: Text<'a>,
    /// Last name.
    #[serde(borrow, default)]
    pub last_name: Text<'a>,
    /// Whether the owner is archived; it doesn't matter (O6).
    #[serde(default, deserialize_with = "flag")]
    pub archived: bool,
}

/// A Salesforce user.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User<'a> {
    /// Salesforce id.
    #[serde(borrow, deserialize_with = "required")]
    pub id: Text<'a>,
    /// User name.
    #[serde(borrow, default)]
    pub username: Text<'a>,
    /// E-mail.
    #[serde(borrow, default)]
    pub email: Text<'a>,
    /// Full name.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// Whether the user is active.
    pub is_active: bool,
    /// Whether the user may own tasks; default true.
    #[serde(default)]
    pub can_own_tasks: Option<bool>,
}

/// What joins an activity to its Salesforce record (U).
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link<'a> {
    /// Name of the activity, as `call:500`.
    #[serde(borrow, deserialize_with = "required")]
    pub activity: Text<'a>,
    /// Where the record was born: `hubspot` or `salesforce`.
    pub origin: Origin,
    /// Per Task field, the last value that both sides share.
    #[serde(borrow)]
    pub synced: TaskValues<'a>,
    /// The Task's SystemModstamp when last settled.
    #[serde(deserialize_with = "required_time")]
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub synced_at: Timestamp,
    /// Salesforce id of the record; absent while its create is unsettled (U0).
    #[serde(borrow, default)]
    pub task_id: Text<'a>,
    /// `Task` or `Event`.
    #[serde(borrow, default)]
    pub object: Text<'a>,
    /// HubSpot id of the contact it is on (C7).
    #[serde(borrow, default)]
    pub contact: Text<'a>,
    /// The step under which its OwnerId was written (O).
    #[serde(borrow, default)]
    pub assigned_by: Text<'a>,
    /// The Task's fields as now read.
    #[serde(borrow, default)]
    pub task_now: Option<TaskValues<'a>>,
    /// The Task's SystemModstamp as now read.
    #[serde(default)]
    pub task_modified_at: Time,
    /// Whether the Task was deleted (U0).
    #[serde(default, deserialize_with = "flag")]
    pub task_deleted: bool,
    /// Whether the activity was deleted (S9).
    #[serde(default, deserialize_with = "flag")]
    pub activity_deleted: bool,
    /// Fields that were cut when last written (F13).
    #[serde(borrow, default, deserialize_with = "list")]
    pub cut: Vec<Text<'a>>,
    /// Whether another link named the same activity (I4).
    #[serde(skip)]
    pub is_one_of_several: bool,
}

impl Link<'_> {
    /// Whether its activity's create isn't settled yet: then it names the kind alone, as `task:` (S9).
    pub(crate) fn is_unsettled(&self) -> bool {
        let kind = self
            .activity
            .get()
            .and_then(|name| name.trim().strip_suffix(':'));
        kind.and_then(crate::kind::Kind::from_name).is_some()
    }
}

/// Values of Task fields by their names.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskValues<'a> {
    values: BTreeMap<String, Value>,
    #[serde(skip)]
    borrowed: PhantomData<&'a ()>,
}

impl TaskValues<'_> {
    /// The value of a field; `null`, missing and blank strings are absent.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.values.get(field).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !crate::text::is_blank(text),
            _ => true,
        })
    }
}

/// The Salesforce record of a deal or a company (C9).
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Related<'a> {
    /// HubSpot id of the deal.
    #[serde(borrow, default)]
    pub deal: Text<'a>,
    /// HubSpot id of the company.
    #[serde(borrow, default)]
    pub company: Text<'a>,
    /// Salesforce id of its Opportunity or Account.
    #[serde(borrow, deserialize_with = "required")]
    pub salesforce_id: Text<'a>,
}

/// The values that the org's Task fields take (F15); a field not given isn't checked.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Picklists<'a> {
    /// Of `Status`.
    #[serde(borrow, default, rename = "Status")]
    pub status: Option<Picklist<'a>>,
    /// Of `Priority`.
    #[serde(borrow, default, rename = "Priority")]
    pub priority: Option<Picklist<'a>>,
    /// Of `Type`.
    #[serde(borrow, default, rename = "Type")]
    pub task_type: Option<Picklist<'a>>,
    /// Of `CallType`.
    #[serde(borrow, default, rename = "CallType")]
    pub call_type: Option<Picklist<'a>>,
}

/// The values of one field.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Picklist<'a> {
    /// Active values.
    #[serde(borrow, default, deserialize_with = "list")]
    pub values: Vec<Text<'a>>,
    /// Of `Status`: those that close the Task.
    #[serde(borrow, default, deserialize_with = "list")]
    pub closed: Vec<Text<'a>>,
    /// The value of a new Task.
    #[serde(borrow, default)]
    pub default: Text<'a>,
}

/// A call's length, as far as it is one (F9, S7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duration {
    /// None was given.
    #[default]
    Absent,
    /// In the unit of its key.
    Whole(u64),
    /// Negative, no integer, or a text.
    NoInteger,
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DurationVisitor)
    }
}

struct DurationVisitor;

impl Visitor<'_> for DurationVisitor {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }
    fn visit_u64<E>(self, milliseconds: u64) -> Result<Duration, E> {
        Ok(Duration::Whole(milliseconds))
    }
    fn visit_i64<E>(self, milliseconds: i64) -> Result<Duration, E> {
        Ok(u64::try_from(milliseconds).map_or(Duration::NoInteger, Duration::Whole))
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be an integer in range"
    )]
    fn visit_f64<E>(self, milliseconds: f64) -> Result<Duration, E> {
        let is_integer =
            milliseconds.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&milliseconds);
        Ok(if is_integer {
            Duration::Whole(milliseconds as u64)
        } else {
            Duration::NoInteger
        })
    }
    fn visit_str<E>(self, text: &str) -> Result<Duration, E> {
        Ok(if crate::text::is_blank(text) {
            Duration::Absent
        } else {
            Duration::NoInteger
        })
    }
    fn visit_unit<E>(self) -> Result<Duration, E> {
        Ok(Duration::Absent)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "null"] })
    }
}

names! {
    /// Where a contact stands.
    pub enum ContactStatus {
        /// It has a Salesforce record.
        Synced = "synced",
        /// It will have one.
        Pending = "pending",
        /// It never will: no e-mail, or outside the inclusion list.
        Excluded = "excluded",
        /// It should, but an error stands in the way.
        Failed = "failed",
    }
}

names! {
    /// The Salesforce object of a contact.
    pub enum ContactObject {
        /// A Contact.
        Contact = "Contact",
        /// A Lead.
        Lead = "Lead",
    }
}

names! {
    /// Where a linked record was born.
    pub enum Origin {
        /// In HubSpot.
        HubSpot = "hubspot",
        /// In Salesforce.
        Salesforce = "salesforce",
    }
}

fn now<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    required_time(deserializer)
}

fn required<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
    let text = Text::deserialize(deserializer)?;
    if text.is_absent() {
        Err(serde::de::Error::custom("is empty; it is required"))
    } else {
        Ok(text)
    }
}

fn required_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Time::deserialize(deserializer)?
        .get()
        .ok_or_else(|| serde::de::Error::custom("is empty; it is required"))
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(false))
}

fn option_or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A list; `null` is an empty one, and a `null` in it is no element.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_option(ListVisitor(PhantomData))
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(()) = sequence.next_element_seed(Push(&mut items))? {}
        Ok(items)
    }
}

/// Reads an element to where it stays: it is large, and under WebAssembly each move of it is a call.
struct Push<'v, T>(&'v mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Push<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }
    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.push(T::deserialize(deserializer)?);
        Ok(())
    }
}

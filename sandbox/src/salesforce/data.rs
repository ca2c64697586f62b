//! What an org holds when it starts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::id::record_id;

/// The bearer token that an org accepts unless told otherwise. Its user is the integration user.
pub const DEFAULT_TOKEN: &str = "sandbox-salesforce-token";

/// The fields of one record by their API names. A record may name its `Id`, `CreatedDate`,
/// `CreatedById`, `LastModifiedDate`, `LastModifiedById` and `IsDeleted`; the org gives those
/// it leaves out, and derives what Salesforce derives.
pub type Record = Map<String, Json>;

/// What an org holds when it starts.
#[derive(Clone, Debug)]
pub struct SalesforceData {
    /// The id of the org itself, `00D…`.
    pub organization_id: String,
    /// The records by sobject: `Account`, `Contact`, `Lead`, `Opportunity`, `User`, `Group`
    /// (a queue has `"Type": "Queue"`), `Task`, `Event`, `EmailMessage`.
    pub records: BTreeMap<String, Vec<Record>>,
    /// Records besides, which are made one after the other when the org starts: a million of them fit into an org, but
    /// not into a list of these.
    pub generated: Vec<Generated>,
    /// The bearer tokens that never expire, with the id of the user of each.
    pub tokens: BTreeMap<String, String>,
    /// Who may ask for tokens.
    pub connected_apps: Vec<ConnectedApp>,
    /// The values of `Task.Status`.
    pub task_statuses: Vec<TaskStatus>,
    /// The values of `Task.Priority`.
    pub task_priorities: Vec<TaskPriority>,
    /// Picklists that differ from the standard ones.
    pub picklists: Vec<Picklist>,
    /// Fields that the org lacks, or that nobody in it may see: the API doesn't know them.
    pub hidden_fields: Vec<HiddenField>,
    /// The name of the key field on Activity (text, unique, external id), where the org has one.
    pub key_field: Option<String>,
    /// What the org refuses by its own rules.
    pub validation_rules: Vec<ValidationRule>,
    /// What the org's own code does to records before they are saved.
    pub triggers: Vec<Trigger>,
    /// Records that another transaction holds, by id, and how many writes to each of them, or to a
    /// child of theirs, find it so.
    pub locked: BTreeMap<String, u32>,
    /// How many calls the org may get in 24 hours.
    pub daily_api_requests: u64,
    /// How many of them others have used already.
    pub used_api_requests: u64,
}

/// Many records of one sobject, and how each is made.
#[derive(Clone)]
pub struct Generated {
    /// The API name of the sobject.
    pub sobject: String,
    /// How many.
    pub number: u64,
    /// Makes one of them, the first being 1.
    pub make: Arc<dyn Fn(u64) -> Json + Send + Sync>,
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.number, self.sobject)
    }
}

/// An application that may ask for tokens.
#[derive(Clone, Debug)]
pub struct ConnectedApp {
    /// Its consumer key.
    pub client_id: String,
    /// Its consumer secret.
    pub client_secret: String,
    /// The id of the user that its tokens act as.
    pub user_id: String,
    /// The refresh tokens it was given.
    pub refresh_tokens: Vec<String>,
}

/// A value of `Task.Status`.
#[derive(Clone, Debug)]
pub struct TaskStatus {
    /// The value, which is its label too.
    pub label: String,
    /// A task with this status is closed.
    pub is_closed: bool,
    /// A task that is created without a status gets this one.
    pub is_default: bool,
}

/// A value of `Task.Priority`.
#[derive(Clone, Debug)]
pub struct TaskPriority {
    /// The value, which is its label too.
    pub label: String,
    /// A task with this priority is of high priority.
    pub is_high_priority: bool,
    /// A task that is created without a priority gets this one.
    pub is_default: bool,
}

/// A field that the API doesn't know; none of those that every sobject begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenField {
    /// The API name of the sobject.
    pub sobject: String,
    /// The API name of the field.
    pub field: String,
}

/// The values of one picklist field.
#[derive(Clone, Debug)]
pub struct Picklist {
    /// The API name of the sobject.
    pub sobject: String,
    /// The API name of the field.
    pub field: String,
    /// Its values, in order.
    pub values: Vec<PicklistValue>,
    /// Whether other values are refused.
    pub restricted: bool,
}

/// One value of a picklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicklistValue {
    /// The value as the API writes it.
    pub value: String,
    /// What people see.
    pub label: String,
    /// Whether it may be chosen still.
    pub is_active: bool,
    /// Whether a record gets it when none is given.
    pub is_default: bool,
}

impl PicklistValue {
    /// An active value that is its own label.
    pub fn new(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: value.to_owned(),
            is_active: true,
            is_default: false,
        }
    }
}

impl TaskStatus {
    /// A status that isn't the default.
    pub fn new(label: &str, is_closed: bool) -> Self {
        Self {
            label: label.to_owned(),
            is_closed,
            is_default: false,
        }
    }

    pub(super) fn as_picklist_value(&self) -> PicklistValue {
        PicklistValue {
            is_default: self.is_default,
            ..PicklistValue::new(&self.label)
        }
    }
}

impl TaskPriority {
    /// A priority that isn't the default.
    pub fn new(label: &str, is_high_priority: bool) -> Self {
        Self {
            label: label.to_owned(),
            is_high_priority,
            is_default: false,
        }
    }

    pub(super) fn as_picklist_value(&self) -> PicklistValue {
        PicklistValue {
            is_default: self.is_default,
            ..PicklistValue::new(&self.label)
        }
    }
}

/// A rule of the org's own: a record whose field contains the text is refused.
#[derive(Clone, Debug)]
pub struct ValidationRule {
    /// The API name of the sobject.
    pub sobject: String,
    /// The API name of the field that it looks at.
    pub field: String,
    /// The text that it refuses, whatever its case.
    pub contains: String,
    /// What it answers.
    pub message: String,
}

/// What code of the org's own does to a field whenever a record is saved.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Trigger {
    /// The API name of the sobject.
    pub sobject: String,
    /// The API name of the field.
    pub field: String,
    /// What becomes of it.
    #[serde(flatten)]
    pub change: TriggerChange,
}

/// What a trigger does to a field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerChange {
    /// It has this value.
    Set(Json),
    /// Its text ends like this, once.
    Append(String),
}

impl SalesforceData {
    /// Adds a record; what isn't a JSON object adds an empty one, which the org refuses.
    pub fn push(&mut self, sobject: &str, record: Json) {
        let record = match record {
            Json::Object(fields) => fields,
            _ => Record::new(),
        };
        self.records
            .entry(sobject.to_owned())
            .or_default()
            .push(record);
    }

    /// The id of the integration user of an org that [`SalesforceData::default`] made.
    pub fn integration_user() -> String {
        record_id("005", 1)
    }
}

impl Default for SalesforceData {
    /// An org with nothing but its integration user, a token for it, a connected app, and the
    /// standard picklists; without a key field.
    fn default() -> Self {
        let user = Self::integration_user();
        let mut data = Self {
            organization_id: record_id("00D", 1),
            records: BTreeMap::new(),
            generated: Vec::new(),
            tokens: BTreeMap::from([(DEFAULT_TOKEN.to_owned(), user.clone())]),
            connected_apps: vec![ConnectedApp {
                client_id: "sandbox-client-id".to_owned(),
                client_secret: "sandbox-client-secret".to_owned(),
                user_id: user.clone(),
                refresh_tokens: vec!["sandbox-refresh-token".to_owned()],
            }],
            task_statuses: vec![
                TaskStatus {
                    is_default: true,
                    ..TaskStatus::new("Not Started", false)
                },
                TaskStatus::new("In Progress", false),
                TaskStatus::new("Completed", true),
                TaskStatus::new("Waiting on someone else", false),
                TaskStatus::new("Deferred", false),
            ],
            task_priorities: vec![
                TaskPriority::new("High", true),
                TaskPriority {
                    is_default: true,
                    ..TaskPriority::new("Normal", false)
                },
                TaskPriority::new("Low", false),
            ],
            picklists: Vec::new(),
            hidden_fields: Vec::new(),
            key_field: None,
            validation_rules: Vec::new(),
            triggers: Vec::new(),
            locked: BTreeMap::new(),
            daily_api_requests: 100_000,
            used_api_requests: 0,
        };
        data.push(
            "User",
            json!({
                "Id": user, "Username": "integration@example.com", "LastName": "Integration", "FirstName": "HubSpot",
                "Email": "integration@example.com", "Alias": "integ", "IsActive": true, "UserType": "Standard",
                "TimeZoneSidKey": "Europe/Berlin", "LocaleSidKey": "en_US", "LanguageLocaleKey": "en_US",
            }),
        );
        data
    }
}

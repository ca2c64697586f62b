//! The sobjects and fields that an org has, as tables.

use super::data::{PicklistValue, SalesforceData};
use super::field::{Field, Kind};

/// A field: its name, its label, its type, and what it is besides one that anybody may write or leave empty.
pub(super) struct Row(
    &'static str,
    &'static str,
    Shape,
    &'static [fn(Field) -> Field],
);

/// The type of a field, as the tables write it.
#[derive(Clone, Copy)]
enum Shape {
    Plain(fn() -> Kind),
    Text(usize),
    Long(usize),
    To(&'static [&'static str], &'static str),
    Combo(usize, &'static [&'static str]),
    Pick(usize, &'static [&'static str]),
    /// A restricted picklist.
    Strict(usize, &'static [&'static str]),
    Int(u32),
    Statuses,
    Priorities,
}

use Shape::{Combo, Int, Long, Pick, Plain, Priorities, Statuses, Strict, Text, To};

/// An sobject: its name, its labels, the beginning of its ids, whether the API may write it, and its fields.
pub(super) struct Sobject {
    pub(super) names: [&'static str; 4],
    pub(super) writable: bool,
    fields: &'static [Row],
    /// Custom fields of Activity are fields of it.
    is_activity: bool,
}

impl Sobject {
    /// Its fields in the org that `data` describes, the system's first.
    pub(super) fn fields(&self, data: &SalesforceData) -> Vec<Field> {
        let own = self.fields.iter().filter(|row| !self.hides(data, row));
        let rows = SYSTEM.iter().chain(own);
        let key = self.is_activity.then(|| key_field(data)).flatten();
        rows.map(|row| row.field(data)).chain(key).collect()
    }

    fn hides(&self, data: &SalesforceData, Row(name, ..): &Row) -> bool {
        let mut hidden = data.hidden_fields.iter();
        hidden.any(|hidden| hidden.sobject == self.names[0] && hidden.field == *name)
    }
}

impl Row {
    fn field(&self, data: &SalesforceData) -> Field {
        let Self(name, label, shape, marks) = self;
        let field = Field::new(name, label, shape.kind(data));
        marks.iter().fold(field, |field, mark| mark(field))
    }
}

impl Shape {
    fn kind(self, data: &SalesforceData) -> Kind {
        let picklist = |length, values, restricted| Kind::Picklist {
            length,
            values,
            restricted,
        };
        match self {
            Plain(kind) => kind(),
            Text(length) => Kind::Text { length },
            Long(length) => Kind::LongText { length },
            To(to, relationship) => Kind::Reference { to, relationship },
            Int(digits) => Kind::Int { digits },
            Combo(length, values) => Kind::Combobox {
                length,
                values: plain(values),
            },
            Pick(length, values) => picklist(length, plain(values), false),
            Strict(length, values) => picklist(length, plain(values), true),
            Statuses => {
                let values = data.task_statuses.iter();
                let values = values.map(super::data::TaskStatus::as_picklist_value);
                picklist(255, values.collect(), false)
            }
            Priorities => {
                let values = data.task_priorities.iter();
                let values = values.map(super::data::TaskPriority::as_picklist_value);
                picklist(20, values.collect(), false)
            }
        }
    }
}

fn plain(values: &[&str]) -> Vec<PicklistValue> {
    let values = values.iter();
    values.map(|value| PicklistValue::new(value)).collect()
}

/// A custom field of Activity is one of Task and Event both.
fn key_field(data: &SalesforceData) -> Option<Field> {
    let name = data.key_field.as_deref()?;
    let label = name.trim_end_matches("__c").replace('_', " ");
    Some(Field::new(name, &label, Kind::Text { length: 255 }).external_key())
}

/// The first of a picklist's values is its default.
fn first_by_default(mut field: Field) -> Field {
    if let Kind::Picklist { values, .. } = &mut field.kind
        && let Some(first) = values.first_mut()
    {
        first.is_default = true;
    }
    field.defaulted()
}

const ID: Shape = Plain(|| Kind::Id);
const FLAG: Shape = Plain(|| Kind::Boolean);
const DATE: Shape = Plain(|| Kind::Date);
const MOMENT: Shape = Plain(|| Kind::DateTime);
const EMAIL: Shape = Plain(|| Kind::Email);
const PHONE: Shape = Plain(|| Kind::Phone);
const URL: Shape = Plain(|| Kind::Url);
const DOUBLE: Shape = Plain(|| Kind::Double);
const CURRENCY: Shape = Plain(|| Kind::Currency);

const USER: &[&str] = &["User"];
const PERSON: &[&str] = &["Contact", "Lead"];
const MATTER: &[&str] = &["Account", "Opportunity"];
const SOURCES: &[&str] = &["Web", "Phone Inquiry", "Partner Referral", "Other"];

/// A mark of a field.
type Mark = fn(Field) -> Field;
const REQUIRED: Mark = Field::required;
const DEFAULTED: Mark = Field::defaulted;
const READ_ONLY: Mark = Field::read_only;
const CREATE_ONLY: Mark = Field::create_only;
const NAME: Mark = Field::name_field;
const LOOKUP: Mark = Field::id_lookup;
const INDEXED: Mark = Field::indexed;

/// The fields that every sobject begins with.
#[rustfmt::skip]
const SYSTEM: &[Row] = &[
    Row("Id", "Record ID", ID, &[DEFAULTED, READ_ONLY, LOOKUP]),
    Row("IsDeleted", "Deleted", FLAG, &[READ_ONLY]),
    Row("CreatedDate", "Created Date", MOMENT, &[DEFAULTED, READ_ONLY]),
    Row("CreatedById", "Created By ID", To(USER, "CreatedBy"), &[DEFAULTED, READ_ONLY]),
    Row("LastModifiedDate", "Last Modified Date", MOMENT, &[DEFAULTED, READ_ONLY]),
    Row("LastModifiedById", "Last Modified By ID", To(USER, "LastModifiedBy"), &[DEFAULTED, READ_ONLY]),
    Row("SystemModstamp", "System Modstamp", MOMENT, &[DEFAULTED, READ_ONLY]),
];

#[rustfmt::skip]
const TASK: &[Row] = &[
    Row("WhoId", "Name ID", To(PERSON, "Who"), &[INDEXED]),
    Row("WhatId", "Related To ID", To(MATTER, "What"), &[]),
    Row("Subject", "Subject", Combo(255, &["Call", "Email", "Send Letter", "Send Quote", "Other"]), &[NAME]),
    Row("ActivityDate", "Due Date Only", DATE, &[]),
    Row("Status", "Status", Statuses, &[DEFAULTED]),
    Row("Priority", "Priority", Priorities, &[DEFAULTED]),
    Row("IsHighPriority", "High Priority", FLAG, &[READ_ONLY]),
    Row("OwnerId", "Assigned To ID", To(&["User", "Group"], "Owner"), &[DEFAULTED]),
    Row("Description", "Description", Long(32_000), &[]),
    Row("Type", "Type", Pick(40, &["Call", "Meeting", "Other", "Email"]), &[]),
    Row("AccountId", "Account ID", To(&["Account"], "Account"), &[READ_ONLY]),
    Row("IsClosed", "Closed", FLAG, &[READ_ONLY]),
    Row("IsArchived", "Archived", FLAG, &[READ_ONLY]),
    Row("CallDurationInSeconds", "Call Duration", Int(8), &[]),
    Row("CallType", "Call Type", Strict(40, &["Internal", "Inbound", "Outbound"]), &[]),
    Row("CallDisposition", "Call Result", Text(255), &[]),
    Row("CallObject", "Call Object Identifier", Text(255), &[]),
    Row("ReminderDateTime", "Reminder Date/Time", MOMENT, &[]),
    Row("IsReminderSet", "Reminder Set", FLAG, &[]),
    Row("IsRecurrence", "Create Recurring Series of Tasks", FLAG, &[CREATE_ONLY]),
    Row("TaskSubtype", "Task Subtype", Strict(40, &["Task", "Email", "ListEmail", "Call", "LinkedIn", "Cadence"]), &[CREATE_ONLY]),
    Row("CompletedDateTime", "Completed Date", MOMENT, &[READ_ONLY]),
];

#[rustfmt::skip]
const EVENT: &[Row] = &[
    Row("WhoId", "Name ID", To(PERSON, "Who"), &[INDEXED]),
    Row("WhatId", "Related To ID", To(MATTER, "What"), &[]),
    Row("Subject", "Subject", Combo(255, &["Call", "Email", "Meeting", "Send Letter/Quote", "Other"]), &[NAME]),
    Row("Location", "Location", Text(255), &[]),
    Row("IsAllDayEvent", "All-Day Event", FLAG, &[]),
    Row("ActivityDateTime", "Due Date Time", MOMENT, &[]),
    Row("ActivityDate", "Due Date Only", DATE, &[]),
    Row("DurationInMinutes", "Duration", Int(8), &[]),
    Row("StartDateTime", "Start Date Time", MOMENT, &[]),
    Row("EndDateTime", "End Date Time", MOMENT, &[]),
    Row("Description", "Description", Long(32_000), &[]),
    Row("AccountId", "Account ID", To(&["Account"], "Account"), &[READ_ONLY]),
    Row("OwnerId", "Assigned To ID", To(USER, "Owner"), &[DEFAULTED]),
    Row("ShowAs", "Show Time As", Strict(40, &["Busy", "OutOfOffice", "Free"]), &[]),
    Row("IsChild", "Is Child", FLAG, &[READ_ONLY]),
    Row("IsPrivate", "Private", FLAG, &[]),
    Row("IsReminderSet", "Reminder Set", FLAG, &[]),
    Row("ReminderDateTime", "Reminder Date/Time", MOMENT, &[]),
    Row("IsArchived", "Archived", FLAG, &[READ_ONLY]),
    Row("IsGroupEvent", "Is Group Event", FLAG, &[READ_ONLY]),
    Row("Type", "Type", Pick(40, &["Email", "Meeting", "Other", "Call"]), &[]),
    Row("EventSubtype", "Event Subtype", Strict(40, &["Event"]), &[CREATE_ONLY]),
];

#[rustfmt::skip]
const EMAIL_MESSAGE: &[Row] = &[
    Row("ActivityId", "Activity ID", To(&["Task"], "Activity"), &[CREATE_ONLY, INDEXED]),
    Row("RelatedToId", "Related To ID", To(MATTER, "RelatedTo"), &[]),
    Row("Subject", "Subject", Text(3_000), &[NAME]),
    Row("TextBody", "Text Body", Long(131_072), &[]),
    Row("HtmlBody", "HTML Body", Long(131_072), &[]),
    Row("FromName", "From Name", Text(1_000), &[]),
    Row("FromAddress", "From Address", EMAIL, &[]),
    Row("ToAddress", "To Address", Text(4_000), &[]),
    Row("CcAddress", "CC Address", Text(4_000), &[]),
    Row("BccAddress", "BCC Address", Text(4_000), &[]),
    Row("Incoming", "Is Incoming", FLAG, &[]),
    Row("HasAttachment", "Has Attachment", FLAG, &[READ_ONLY]),
    // New, Read, Replied, Sent, Forwarded, Draft.
    Row("Status", "Status", Strict(40, &["0", "1", "2", "3", "4", "5"]), &[DEFAULTED]),
    Row("MessageDate", "Message Date", MOMENT, &[]),
];

#[rustfmt::skip]
const ACCOUNT: &[Row] = &[
    Row("Name", "Account Name", Text(255), &[REQUIRED, NAME]),
    Row("Type", "Account Type", Pick(255, &["Prospect", "Customer", "Partner", "Other"]), &[]),
    Row("Industry", "Industry", Pick(255, &["Technology", "Finance", "Healthcare", "Manufacturing", "Other"]), &[]),
    Row("Phone", "Account Phone", PHONE, &[]),
    Row("Website", "Website", URL, &[]),
    Row("BillingStreet", "Billing Street", Text(255), &[]),
    Row("BillingCity", "Billing City", Text(40), &[]),
    Row("BillingCountry", "Billing Country", Text(80), &[]),
    Row("Description", "Account Description", Long(32_000), &[]),
    Row("OwnerId", "Owner ID", To(USER, "Owner"), &[DEFAULTED]),
];

#[rustfmt::skip]
const CONTACT: &[Row] = &[
    Row("AccountId", "Account ID", To(&["Account"], "Account"), &[INDEXED]),
    Row("LastName", "Last Name", Text(80), &[REQUIRED]),
    Row("FirstName", "First Name", Text(40), &[]),
    Row("Name", "Full Name", Text(121), &[NAME, READ_ONLY]),
    Row("Email", "Email", EMAIL, &[LOOKUP]),
    Row("Phone", "Business Phone", PHONE, &[]),
    Row("MobilePhone", "Mobile Phone", PHONE, &[]),
    Row("Title", "Title", Text(128), &[]),
    Row("Department", "Department", Text(80), &[]),
    Row("LeadSource", "Lead Source", Pick(255, SOURCES), &[]),
    Row("Description", "Contact Description", Long(32_000), &[]),
    Row("OwnerId", "Owner ID", To(USER, "Owner"), &[DEFAULTED]),
];

#[rustfmt::skip]
const LEAD: &[Row] = &[
    Row("LastName", "Last Name", Text(80), &[REQUIRED]),
    Row("FirstName", "First Name", Text(40), &[]),
    Row("Name", "Full Name", Text(121), &[NAME, READ_ONLY]),
    Row("Company", "Company", Text(255), &[REQUIRED]),
    Row("Title", "Title", Text(128), &[]),
    Row("Email", "Email", EMAIL, &[LOOKUP]),
    Row("Phone", "Phone", PHONE, &[]),
    Row("MobilePhone", "Mobile Phone", PHONE, &[]),
    Row("Status", "Status", Pick(255, &["Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted"]), &[first_by_default]),
    Row("LeadSource", "Lead Source", Pick(255, SOURCES), &[]),
    Row("Description", "Description", Long(32_000), &[]),
    Row("OwnerId", "Owner ID", To(&["Group", "User"], "Owner"), &[DEFAULTED]),
    Row("IsConverted", "Converted", FLAG, &[]),
    Row("ConvertedDate", "Converted Date", DATE, &[READ_ONLY]),
    Row("ConvertedAccountId", "Converted Account ID", To(&["Account"], "ConvertedAccount"), &[READ_ONLY]),
    Row("ConvertedContactId", "Converted Contact ID", To(&["Contact"], "ConvertedContact"), &[READ_ONLY, INDEXED]),
    Row("ConvertedOpportunityId", "Converted Opportunity ID", To(&["Opportunity"], "ConvertedOpportunity"), &[READ_ONLY]),
];

#[rustfmt::skip]
const OPPORTUNITY: &[Row] = &[
    Row("AccountId", "Account ID", To(&["Account"], "Account"), &[INDEXED]),
    Row("Name", "Name", Text(120), &[REQUIRED, NAME]),
    Row("Description", "Description", Long(32_000), &[]),
    Row("StageName", "Stage", Pick(255, &["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"]), &[REQUIRED]),
    Row("Amount", "Amount", CURRENCY, &[]),
    Row("Probability", "Probability (%)", DOUBLE, &[]),
    Row("CloseDate", "Close Date", DATE, &[REQUIRED]),
    Row("IsClosed", "Closed", FLAG, &[READ_ONLY]),
    Row("IsWon", "Won", FLAG, &[READ_ONLY]),
    Row("OwnerId", "Owner ID", To(USER, "Owner"), &[DEFAULTED]),
];

#[rustfmt::skip]
const USERS: &[Row] = &[
    Row("Username", "Username", Text(80), &[REQUIRED, LOOKUP]),
    Row("LastName", "Last Name", Text(80), &[REQUIRED]),
    Row("FirstName", "First Name", Text(40), &[]),
    Row("Name", "Full Name", Text(121), &[NAME, READ_ONLY]),
    Row("Email", "Email", EMAIL, &[REQUIRED]),
    Row("Alias", "Alias", Text(8), &[]),
    Row("Title", "Title", Text(80), &[]),
    Row("IsActive", "Active", FLAG, &[]),
    Row("UserType", "User Type", Strict(40, &["Standard", "AutomatedProcess", "Guest", "PowerPartner"]), &[]),
    Row("TimeZoneSidKey", "Time Zone", Text(40), &[]),
    Row("LocaleSidKey", "Locale", Text(40), &[]),
    Row("LanguageLocaleKey", "Language", Text(40), &[]),
    Row("FederationIdentifier", "SAML Federation ID", Text(512), &[]),
];

#[rustfmt::skip]
const GROUP: &[Row] = &[
    Row("Name", "Name", Text(40), &[REQUIRED, NAME]),
    Row("DeveloperName", "Developer Name", Text(80), &[]),
    Row("Type", "Type", Strict(40, &["Regular", "Queue", "Role"]), &[]),
    Row("Email", "Email", EMAIL, &[]),
];

#[rustfmt::skip]
const TASK_STATUS: &[Row] = &[
    Row("ApiName", "API Name", Text(255), &[REQUIRED]),
    Row("MasterLabel", "Master Label", Text(255), &[REQUIRED, NAME]),
    Row("SortOrder", "Sort Order", Int(9), &[]),
    Row("IsDefault", "Is Default", FLAG, &[]),
    Row("IsClosed", "Is Closed", FLAG, &[]),
];

#[rustfmt::skip]
const TASK_PRIORITY: &[Row] = &[
    Row("ApiName", "API Name", Text(255), &[REQUIRED]),
    Row("MasterLabel", "Master Label", Text(255), &[REQUIRED, NAME]),
    Row("SortOrder", "Sort Order", Int(9), &[]),
    Row("IsDefault", "Is Default", FLAG, &[]),
    Row("IsHighPriority", "Is High Priority", FLAG, &[]),
];

const fn written(names: [&'static str; 4], fields: &'static [Row]) -> Sobject {
    Sobject {
        names,
        writable: true,
        fields,
        is_activity: false,
    }
}

const fn activity(names: [&'static str; 4], fields: &'static [Row]) -> Sobject {
    Sobject {
        is_activity: true,
        ..written(names, fields)
    }
}

const fn read(names: [&'static str; 4], fields: &'static [Row]) -> Sobject {
    Sobject {
        writable: false,
        ..written(names, fields)
    }
}

/// All sobjects.
#[rustfmt::skip]
pub(super) const SOBJECTS: &[Sobject] = &[
    written(["Account", "Account", "Accounts", "001"], ACCOUNT),
    written(["Contact", "Contact", "Contacts", "003"], CONTACT),
    written(["Lead", "Lead", "Leads", "00Q"], LEAD),
    written(["Opportunity", "Opportunity", "Opportunities", "006"], OPPORTUNITY),
    read(["User", "User", "Users", "005"], USERS),
    read(["Group", "Group", "Groups", "00G"], GROUP),
    activity(["Task", "Task", "Tasks", "00T"], TASK),
    activity(["Event", "Event", "Events", "00U"], EVENT),
    written(["EmailMessage", "Email Message", "Email Messages", "02s"], EMAIL_MESSAGE),
    read(["TaskStatus", "Task Status Value", "Task Status Value", "01J"], TASK_STATUS),
    read(["TaskPriority", "Task Priority Value", "Task Priority Value", "0L1"], TASK_PRIORITY),
];

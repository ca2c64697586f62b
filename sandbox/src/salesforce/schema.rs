//! The sobjects of an org, as tables of fields.

use std::collections::HashMap;

use super::data::{PicklistValue, SalesforceData};
use super::field::{Field, Kind};

/// Where the fields that every sobject begins with are.
pub(super) const ID: usize = 0;
pub(super) const IS_DELETED: usize = 1;
pub(super) const CREATED_DATE: usize = 2;
pub(super) const CREATED_BY: usize = 3;
pub(super) const MODIFIED_DATE: usize = 4;
pub(super) const MODIFIED_BY: usize = 5;
pub(super) const SYSTEM_MODSTAMP: usize = 6;
pub(super) const SYSTEM_FIELDS: usize = 7;

/// One sobject.
#[derive(Clone, Debug)]
pub(super) struct SObject {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) plural: &'static str,
    pub(super) prefix: &'static str,
    /// Whether the API may write its records.
    pub(super) writable: bool,
    pub(super) fields: Vec<Field>,
    places: HashMap<String, usize>,
}

impl SObject {
    fn new(names: [&'static str; 4], writable: bool, own: Vec<Field>) -> Self {
        let [name, label, plural, prefix] = names;
        let mut fields = system_fields();
        fields.extend(own);
        let places = fields
            .iter()
            .enumerate()
            .map(|(place, field)| (field.name.to_ascii_lowercase(), place))
            .collect();
        Self {
            name,
            label,
            plural,
            prefix,
            writable,
            fields,
            places,
        }
    }

    /// The place of the field of this name, whatever its case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&name.to_ascii_lowercase()).copied()
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.place(name).and_then(|place| self.fields.get(place))
    }

    /// The place of the reference whose relationship has this name.
    pub(super) fn relationship(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| {
            field
                .relationship()
                .is_some_and(|(relationship, _)| relationship.eq_ignore_ascii_case(name))
        })
    }
}

/// The sobjects of the org that `data` describes.
pub(super) fn sobjects(data: &SalesforceData) -> Vec<SObject> {
    let mut all = vec![
        SObject::new(["Account", "Account", "Accounts", "001"], true, account()),
        SObject::new(["Contact", "Contact", "Contacts", "003"], true, contact()),
        SObject::new(["Lead", "Lead", "Leads", "00Q"], true, lead()),
        SObject::new(
            ["Opportunity", "Opportunity", "Opportunities", "006"],
            true,
            opportunity(),
        ),
        SObject::new(["User", "User", "Users", "005"], false, user()),
        SObject::new(["Group", "Group", "Groups", "00G"], false, group()),
        SObject::new(["Task", "Task", "Tasks", "00T"], true, task(data)),
        SObject::new(["Event", "Event", "Events", "00U"], true, event(data)),
        SObject::new(
            [
                "TaskStatus",
                "Task Status Value",
                "Task Status Value",
                "01J",
            ],
            false,
            task_status(),
        ),
        SObject::new(
            [
                "TaskPriority",
                "Task Priority Value",
                "Task Priority Value",
                "0L1",
            ],
            false,
            task_priority(),
        ),
    ];
    for sobject in &mut all {
        for field in &mut sobject.fields {
            set_picklist(data, sobject.name, field);
        }
    }
    all
}

/// What the org's administrator made of a picklist.
fn set_picklist(data: &SalesforceData, sobject: &str, field: &mut Field) {
    let Some(chosen) = data
        .picklists
        .iter()
        .find(|list| list.sobject == sobject && list.field == field.name)
    else {
        return;
    };
    match &mut field.kind {
        Kind::Picklist {
            values, restricted, ..
        } => {
            values.clone_from(&chosen.values);
            *restricted = chosen.restricted;
        }
        Kind::Combobox { values, .. } => values.clone_from(&chosen.values),
        _ => {}
    }
}

const USER: &[&str] = &["User"];

fn system_fields() -> Vec<Field> {
    vec![
        Field::new("Id", "Record ID", Kind::Id)
            .defaulted()
            .read_only()
            .id_lookup(),
        boolean("IsDeleted", "Deleted").read_only(),
        Field::new("CreatedDate", "Created Date", Kind::DateTime)
            .defaulted()
            .read_only(),
        reference("CreatedById", "Created By ID", USER, "CreatedBy")
            .defaulted()
            .read_only(),
        Field::new("LastModifiedDate", "Last Modified Date", Kind::DateTime)
            .defaulted()
            .read_only(),
        reference(
            "LastModifiedById",
            "Last Modified By ID",
            USER,
            "LastModifiedBy",
        )
        .defaulted()
        .read_only(),
        Field::new("SystemModstamp", "System Modstamp", Kind::DateTime)
            .defaulted()
            .read_only(),
    ]
}

fn task(data: &SalesforceData) -> Vec<Field> {
    let statuses = data
        .task_statuses
        .iter()
        .map(|status| status.as_picklist_value())
        .collect();
    let priorities = data
        .task_priorities
        .iter()
        .map(|priority| priority.as_picklist_value())
        .collect();
    let mut fields = vec![
        reference("WhoId", "Name ID", &["Contact", "Lead"], "Who").indexed(),
        reference(
            "WhatId",
            "Related To ID",
            &["Account", "Opportunity"],
            "What",
        ),
        combobox(
            "Subject",
            "Subject",
            255,
            &["Call", "Email", "Send Letter", "Send Quote", "Other"],
        )
        .name_field(),
        Field::new("ActivityDate", "Due Date Only", Kind::Date),
        Field::new(
            "Status",
            "Status",
            Kind::Picklist {
                length: 255,
                values: statuses,
                restricted: false,
            },
        )
        .defaulted(),
        Field::new(
            "Priority",
            "Priority",
            Kind::Picklist {
                length: 20,
                values: priorities,
                restricted: false,
            },
        )
        .defaulted(),
        boolean("IsHighPriority", "High Priority").read_only(),
        reference("OwnerId", "Assigned To ID", &["User", "Group"], "Owner").defaulted(),
        long_text("Description", "Description", 32000),
        picklist(
            "Type",
            "Type",
            40,
            &["Call", "Meeting", "Other", "Email"],
            false,
        ),
        reference("AccountId", "Account ID", &["Account"], "Account").read_only(),
        boolean("IsClosed", "Closed").read_only(),
        boolean("IsArchived", "Archived").read_only(),
        Field::new(
            "CallDurationInSeconds",
            "Call Duration",
            Kind::Int { digits: 8 },
        ),
        picklist(
            "CallType",
            "Call Type",
            40,
            &["Internal", "Inbound", "Outbound"],
            true,
        ),
        text("CallDisposition", "Call Result", 255),
        text("CallObject", "Call Object Identifier", 255),
        Field::new("ReminderDateTime", "Reminder Date/Time", Kind::DateTime),
        boolean("IsReminderSet", "Reminder Set"),
        boolean("IsRecurrence", "Create Recurring Series of Tasks").create_only(),
        picklist("TaskSubtype", "Task Subtype", 40, TASK_SUBTYPES, true).create_only(),
        Field::new("CompletedDateTime", "Completed Date", Kind::DateTime).read_only(),
    ];
    fields.extend(key_field(data));
    fields
}

const TASK_SUBTYPES: &[&str] = &["Task", "Email", "ListEmail", "Call", "LinkedIn", "Cadence"];

fn event(data: &SalesforceData) -> Vec<Field> {
    let mut fields = vec![
        reference("WhoId", "Name ID", &["Contact", "Lead"], "Who").indexed(),
        reference(
            "WhatId",
            "Related To ID",
            &["Account", "Opportunity"],
            "What",
        ),
        combobox(
            "Subject",
            "Subject",
            255,
            &["Call", "Email", "Meeting", "Send Letter/Quote", "Other"],
        )
        .name_field(),
        text("Location", "Location", 255),
        boolean("IsAllDayEvent", "All-Day Event"),
        Field::new("ActivityDateTime", "Due Date Time", Kind::DateTime),
        Field::new("ActivityDate", "Due Date Only", Kind::Date),
        Field::new("DurationInMinutes", "Duration", Kind::Int { digits: 8 }),
        Field::new("StartDateTime", "Start Date Time", Kind::DateTime),
        Field::new("EndDateTime", "End Date Time", Kind::DateTime),
        long_text("Description", "Description", 32000),
        reference("AccountId", "Account ID", &["Account"], "Account").read_only(),
        reference("OwnerId", "Assigned To ID", USER, "Owner").defaulted(),
        picklist(
            "ShowAs",
            "Show Time As",
            40,
            &["Busy", "OutOfOffice", "Free"],
            true,
        ),
        boolean("IsChild", "Is Child").read_only(),
        picklist("EventSubtype", "Event Subtype", 40, &["Event"], true).create_only(),
    ];
    fields.extend(key_field(data));
    fields
}

/// A custom field of Activity is one of Task and Event both.
fn key_field(data: &SalesforceData) -> Option<Field> {
    let name = data.key_field.as_deref()?;
    let label = name.trim_end_matches("__c").replace('_', " ");
    Some(text(name, &label, 255).external_key())
}

fn account() -> Vec<Field> {
    vec![
        text("Name", "Account Name", 255).required().name_field(),
        picklist(
            "Type",
            "Account Type",
            255,
            &["Prospect", "Customer", "Partner", "Other"],
            false,
        ),
        picklist(
            "Industry",
            "Industry",
            255,
            &[
                "Technology",
                "Finance",
                "Healthcare",
                "Manufacturing",
                "Other",
            ],
            false,
        ),
        Field::new("Phone", "Account Phone", Kind::Phone),
        Field::new("Website", "Website", Kind::Url),
        text("BillingStreet", "Billing Street", 255),
        text("BillingCity", "Billing City", 40),
        text("BillingCountry", "Billing Country", 80),
        long_text("Description", "Account Description", 32000),
        reference("OwnerId", "Owner ID", USER, "Owner").defaulted(),
    ]
}

fn contact() -> Vec<Field> {
    vec![
        reference("AccountId", "Account ID", &["Account"], "Account").indexed(),
        text("LastName", "Last Name", 80).required(),
        text("FirstName", "First Name", 40),
        text("Name", "Full Name", 121).name_field().read_only(),
        Field::new("Email", "Email", Kind::Email).id_lookup(),
        Field::new("Phone", "Business Phone", Kind::Phone),
        Field::new("MobilePhone", "Mobile Phone", Kind::Phone),
        text("Title", "Title", 128),
        text("Department", "Department", 80),
        picklist(
            "LeadSource",
            "Lead Source",
            255,
            &["Web", "Phone Inquiry", "Partner Referral", "Other"],
            false,
        ),
        long_text("Description", "Contact Description", 32000),
        reference("OwnerId", "Owner ID", USER, "Owner").defaulted(),
    ]
}

fn lead() -> Vec<Field> {
    vec![
        text("LastName", "Last Name", 80).required(),
        text("FirstName", "First Name", 40),
        text("Name", "Full Name", 121).name_field().read_only(),
        text("Company", "Company", 255).required(),
        text("Title", "Title", 128),
        Field::new("Email", "Email", Kind::Email).id_lookup(),
        Field::new("Phone", "Phone", Kind::Phone),
        Field::new("MobilePhone", "Mobile Phone", Kind::Phone),
        lead_status(),
        picklist(
            "LeadSource",
            "Lead Source",
            255,
            &["Web", "Phone Inquiry", "Partner Referral", "Other"],
            false,
        ),
        long_text("Description", "Description", 32000),
        reference("OwnerId", "Owner ID", &["Group", "User"], "Owner").defaulted(),
        boolean("IsConverted", "Converted"),
        Field::new("ConvertedDate", "Converted Date", Kind::Date).read_only(),
        reference(
            "ConvertedAccountId",
            "Converted Account ID",
            &["Account"],
            "ConvertedAccount",
        )
        .read_only(),
        reference(
            "ConvertedContactId",
            "Converted Contact ID",
            &["Contact"],
            "ConvertedContact",
        )
        .read_only()
        .indexed(),
        reference(
            "ConvertedOpportunityId",
            "Converted Opportunity ID",
            &["Opportunity"],
            "ConvertedOpportunity",
        )
        .read_only(),
    ]
}

fn lead_status() -> Field {
    let mut values = plain(&[
        "Open - Not Contacted",
        "Working - Contacted",
        "Closed - Converted",
        "Closed - Not Converted",
    ]);
    if let Some(first) = values.first_mut() {
        first.is_default = true;
    }
    Field::new(
        "Status",
        "Status",
        Kind::Picklist {
            length: 255,
            values,
            restricted: false,
        },
    )
    .defaulted()
}

fn opportunity() -> Vec<Field> {
    vec![
        reference("AccountId", "Account ID", &["Account"], "Account").indexed(),
        text("Name", "Name", 120).required().name_field(),
        long_text("Description", "Description", 32000),
        picklist(
            "StageName",
            "Stage",
            255,
            &[
                "Prospecting",
                "Qualification",
                "Proposal/Price Quote",
                "Negotiation/Review",
                "Closed Won",
                "Closed Lost",
            ],
            false,
        )
        .required(),
        Field::new("Amount", "Amount", Kind::Currency),
        Field::new("Probability", "Probability (%)", Kind::Double),
        Field::new("CloseDate", "Close Date", Kind::Date).required(),
        boolean("IsClosed", "Closed").read_only(),
        boolean("IsWon", "Won").read_only(),
        reference("OwnerId", "Owner ID", USER, "Owner").defaulted(),
    ]
}

fn user() -> Vec<Field> {
    vec![
        text("Username", "Username", 80).required().id_lookup(),
        text("LastName", "Last Name", 80).required(),
        text("FirstName", "First Name", 40),
        text("Name", "Full Name", 121).name_field().read_only(),
        Field::new("Email", "Email", Kind::Email).required(),
        text("Alias", "Alias", 8),
        text("Title", "Title", 80),
        boolean("IsActive", "Active"),
        picklist(
            "UserType",
            "User Type",
            40,
            &["Standard", "AutomatedProcess", "Guest", "PowerPartner"],
            true,
        ),
        text("TimeZoneSidKey", "Time Zone", 40),
        text("LocaleSidKey", "Locale", 40),
        text("LanguageLocaleKey", "Language", 40),
        text("FederationIdentifier", "SAML Federation ID", 512),
    ]
}

fn group() -> Vec<Field> {
    vec![
        text("Name", "Name", 40).required().name_field(),
        text("DeveloperName", "Developer Name", 80),
        picklist("Type", "Type", 40, &["Regular", "Queue", "Role"], true),
        Field::new("Email", "Email", Kind::Email),
    ]
}

fn task_status() -> Vec<Field> {
    vec![
        text("ApiName", "API Name", 255).required(),
        text("MasterLabel", "Master Label", 255)
            .required()
            .name_field(),
        Field::new("SortOrder", "Sort Order", Kind::Int { digits: 9 }),
        boolean("IsDefault", "Is Default"),
        boolean("IsClosed", "Is Closed"),
    ]
}

fn task_priority() -> Vec<Field> {
    vec![
        text("ApiName", "API Name", 255).required(),
        text("MasterLabel", "Master Label", 255)
            .required()
            .name_field(),
        Field::new("SortOrder", "Sort Order", Kind::Int { digits: 9 }),
        boolean("IsDefault", "Is Default"),
        boolean("IsHighPriority", "Is High Priority"),
    ]
}

fn reference(
    name: &str,
    label: &str,
    to: &'static [&'static str],
    relationship: &'static str,
) -> Field {
    Field::new(name, label, Kind::Reference { to, relationship })
}

fn text(name: &str, label: &str, length: usize) -> Field {
    Field::new(name, label, Kind::Text { length })
}

fn long_text(name: &str, label: &str, length: usize) -> Field {
    Field::new(name, label, Kind::LongText { length })
}

/// A boolean is never null: what isn't said is false.
fn boolean(name: &str, label: &str) -> Field {
    Field::new(name, label, Kind::Boolean).defaulted()
}

fn combobox(name: &str, label: &str, length: usize, values: &[&str]) -> Field {
    Field::new(
        name,
        label,
        Kind::Combobox {
            length,
            values: plain(values),
        },
    )
}

fn picklist(name: &str, label: &str, length: usize, values: &[&str], restricted: bool) -> Field {
    Field::new(
        name,
        label,
        Kind::Picklist {
            length,
            values: plain(values),
            restricted,
        },
    )
}

fn plain(values: &[&str]) -> Vec<PicklistValue> {
    values
        .iter()
        .map(|value| PicklistValue::new(value))
        .collect()
}

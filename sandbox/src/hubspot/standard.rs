//! The properties that every portal has, as far as the field knows them.

use super::object_type::ObjectType;
use super::property::Property;
use super::property::PropertyType::{Bool, Date, Datetime, Enumeration, Number, String as Text};

/// HubSpot's own outcomes of calls.
pub(super) const CALL_DISPOSITIONS: [(&str, &str); 6] = [
    ("9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"),
    ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"),
    ("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"),
    ("b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"),
    ("73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"),
    ("17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"),
];

/// What the moments of creation and of the last change are called.
pub(super) fn names_of_stamps(object_type: ObjectType) -> (&'static str, &'static str) {
    match object_type {
        ObjectType::Contact => ("createdate", "lastmodifieddate"),
        ObjectType::Company | ObjectType::Deal | ObjectType::Ticket => {
            ("createdate", "hs_lastmodifieddate")
        }
        _ => ("hs_createdate", "hs_lastmodifieddate"),
    }
}

/// What an answer shows of a record if the request names no property; its id and stamps it shows always.
pub(super) fn shown_by_default(object_type: ObjectType) -> &'static [&'static str] {
    match object_type {
        ObjectType::Contact => &["email", "firstname", "lastname"],
        ObjectType::Company => &["name", "domain"],
        ObjectType::Deal => &["dealname", "amount", "closedate", "dealstage", "pipeline"],
        ObjectType::Ticket => &[
            "subject",
            "content",
            "hs_pipeline",
            "hs_pipeline_stage",
            "hs_ticket_priority",
        ],
        _ => &[],
    }
}

/// What a record can't be created without.
pub(super) fn required(object_type: ObjectType) -> &'static [&'static str] {
    match object_type {
        ObjectType::Email => &["hs_timestamp", "hs_email_direction"],
        ObjectType::Communication => &["hs_timestamp", "hs_communication_channel_type"],
        activity if activity.is_activity() => &["hs_timestamp"],
        _ => &[],
    }
}

/// Where the words of a search are looked for.
pub(super) fn searched_for_words(object_type: ObjectType) -> &'static [&'static str] {
    match object_type {
        ObjectType::Contact => &[
            "firstname",
            "lastname",
            "email",
            "phone",
            "mobilephone",
            "company",
        ],
        ObjectType::Company => &["name", "domain", "phone", "website"],
        ObjectType::Deal => &[
            "dealname",
            "pipeline",
            "dealstage",
            "description",
            "dealtype",
        ],
        ObjectType::Ticket => &["subject", "content"],
        ObjectType::Call => &["hs_call_title", "hs_call_body"],
        ObjectType::Task => &["hs_task_subject", "hs_task_body"],
        ObjectType::Meeting => &["hs_meeting_title", "hs_meeting_body"],
        ObjectType::Note => &["hs_note_body"],
        ObjectType::Email => &["hs_email_subject"],
        ObjectType::Communication => &["hs_communication_body"],
        ObjectType::PostalMail => &["hs_postal_mail_body"],
        ObjectType::Lead => &["hs_lead_name"],
    }
}

/// The longest value that a property takes, in characters.
pub(super) const LONGEST_VALUE: usize = 65_536;

/// The standard properties of a type, but for its id and stamps.
pub(super) fn properties(object_type: ObjectType) -> Vec<Property> {
    let mut properties = match object_type {
        ObjectType::Contact => contact(),
        ObjectType::Company => company(),
        ObjectType::Deal => deal(),
        ObjectType::Ticket => ticket(),
        ObjectType::Communication => communication(),
        ObjectType::Task => task(),
        ObjectType::Note => texts(&[("hs_note_body", "Note body")]),
        ObjectType::Meeting => meeting(),
        ObjectType::Call => call(),
        ObjectType::Email => email(),
        ObjectType::PostalMail => texts(&[("hs_postal_mail_body", "Body")]),
        ObjectType::Lead => texts(&[
            ("hs_lead_name", "Lead name"),
            ("hs_lead_type", "Lead type"),
            ("hs_lead_label", "Lead label"),
        ]),
    };
    properties.push(Property::new("hubspot_owner_id", "Owner", Enumeration));
    properties.extend(
        [
            ("hs_object_source", "Record creation source"),
            ("hs_object_source_id", "Record creation source ID"),
            ("hs_object_source_label", "Record source"),
            ("hs_created_by", "Created by user ID"),
            ("hs_unique_id", "Unique ID"),
        ]
        .map(|(name, label)| Property::new(name, label, Text).read_only()),
    );
    if object_type.is_activity() {
        properties.push(Property::new("hs_timestamp", "Activity date", Datetime));
        properties.push(Property::new(
            "hs_attachment_ids",
            "Attached file IDs",
            Enumeration,
        ));
        properties.push(Property::new(
            "hs_activity_type",
            "Activity type",
            Enumeration,
        ));
        properties.push(Property::new("hs_body_preview", "Body preview", Text).read_only());
    }
    properties
}

fn texts(names: &[(&'static str, &'static str)]) -> Vec<Property> {
    names
        .iter()
        .map(|(name, label)| Property::new(*name, *label, Text))
        .collect()
}

fn contact() -> Vec<Property> {
    let mut properties = texts(&[
        ("firstname", "First name"),
        ("lastname", "Last name"),
        ("phone", "Phone number"),
        ("mobilephone", "Mobile phone number"),
        ("company", "Company name"),
        ("jobtitle", "Job title"),
        ("website", "Website URL"),
        ("address", "Street address"),
        ("city", "City"),
        ("state", "State/Region"),
        ("zip", "Postal code"),
        ("country", "Country/Region"),
        ("hs_timezone", "Time zone"),
        ("hs_language", "Preferred language"),
        ("hs_lead_status", "Lead status"),
    ]);
    properties.extend([
        Property::new("email", "Email", Text).unique(),
        Property::new(
            "associatedcompanyid",
            "Primary associated company ID",
            Number,
        ),
        Property::enumeration(
            "lifecyclestage",
            "Lifecycle stage",
            [
                ("subscriber", "Subscriber"),
                ("lead", "Lead"),
                ("marketingqualifiedlead", "Marketing qualified lead"),
                ("salesqualifiedlead", "Sales qualified lead"),
                ("opportunity", "Opportunity"),
                ("customer", "Customer"),
                ("evangelist", "Evangelist"),
                ("other", "Other"),
            ],
        ),
        Property::new("hs_email_domain", "Email domain", Text).read_only(),
        Property::new(
            "hs_additional_emails",
            "Additional email addresses",
            Enumeration,
        ),
        Property::new("hs_merged_object_ids", "Merged record IDs", Enumeration).read_only(),
        Property::new("notes_last_updated", "Last activity date", Datetime).read_only(),
    ]);
    properties.extend(salesforce(&[
        "salesforcecontactid",
        "salesforceleadid",
        "salesforceaccountid",
        "salesforceownerid",
    ]));
    properties
}

/// What HubSpot's own Salesforce integration keeps on a record.
fn salesforce(ids: &[&'static str]) -> Vec<Property> {
    let mut properties: Vec<Property> = ids
        .iter()
        .map(|name| Property::new(*name, *name, Text))
        .collect();
    properties.push(Property::new(
        "salesforcelastsynctime",
        "Salesforce last sync time",
        Datetime,
    ));
    properties.push(Property::new(
        "salesforcedeleted",
        "Salesforce deleted",
        Bool,
    ));
    properties
}

fn company() -> Vec<Property> {
    let mut properties = texts(&[
        ("name", "Company name"),
        ("domain", "Company domain name"),
        ("phone", "Phone number"),
        ("website", "Website URL"),
        ("industry", "Industry"),
        ("city", "City"),
        ("country", "Country/Region"),
        ("description", "Description"),
    ]);
    properties.extend(salesforce(&["salesforceaccountid"]));
    properties
}

fn deal() -> Vec<Property> {
    let mut properties = texts(&[
        ("dealname", "Deal name"),
        ("dealstage", "Deal stage"),
        ("pipeline", "Pipeline"),
        ("dealtype", "Deal type"),
        ("description", "Deal description"),
    ]);
    properties.push(Property::new("amount", "Amount", Number));
    properties.push(Property::new("closedate", "Close date", Datetime));
    properties.extend(salesforce(&["hs_salesforceopportunityid"]));
    properties
}

fn ticket() -> Vec<Property> {
    texts(&[
        ("subject", "Ticket name"),
        ("content", "Ticket description"),
        ("hs_pipeline", "Pipeline"),
        ("hs_pipeline_stage", "Ticket status"),
        ("hs_ticket_priority", "Priority"),
    ])
}

fn communication() -> Vec<Property> {
    let mut properties = texts(&[("hs_communication_body", "Body")]);
    properties.push(Property::enumeration(
        "hs_communication_channel_type",
        "Channel type",
        [
            ("SMS", "SMS"),
            ("WHATS_APP", "WhatsApp"),
            ("LINKEDIN_MESSAGE", "LinkedIn message"),
        ],
    ));
    properties.push(Property::enumeration(
        "hs_communication_logged_from",
        "Logged from",
        [("CRM", "CRM")],
    ));
    properties
}

fn task() -> Vec<Property> {
    let mut properties = texts(&[("hs_task_subject", "Task title"), ("hs_task_body", "Notes")]);
    properties.extend([
        Property::enumeration(
            "hs_task_status",
            "Task status",
            [
                ("NOT_STARTED", "Not started"),
                ("IN_PROGRESS", "In progress"),
                ("WAITING", "Waiting"),
                ("COMPLETED", "Completed"),
                ("DEFERRED", "Deferred"),
            ],
        ),
        Property::enumeration(
            "hs_task_priority",
            "Priority",
            [
                ("NONE", "None"),
                ("LOW", "Low"),
                ("MEDIUM", "Medium"),
                ("HIGH", "High"),
            ],
        ),
        Property::enumeration(
            "hs_task_type",
            "Task type",
            [
                ("TODO", "To-do"),
                ("CALL", "Call"),
                ("EMAIL", "Email"),
                ("MEETING", "Meeting"),
                ("LINKED_IN", "LinkedIn"),
                ("LINKED_IN_CONNECT", "LinkedIn connect"),
                ("LINKED_IN_MESSAGE", "LinkedIn message"),
            ],
        ),
        Property::new("hs_task_reminders", "Reminders", Text),
        Property::new("hs_task_completion_date", "Completed at", Datetime).read_only(),
        Property::new("hs_task_is_completed", "Is completed", Number).read_only(),
        Property::new("hs_task_is_open", "Is open", Number).read_only(),
        Property::new("hs_task_is_all_day", "Due date only", Bool),
        Property::new("hs_queue_membership_ids", "Queue", Enumeration),
    ]);
    properties
}

fn meeting() -> Vec<Property> {
    let mut properties = texts(&[
        ("hs_meeting_title", "Meeting name"),
        ("hs_meeting_body", "Meeting description"),
        ("hs_internal_meeting_notes", "Internal meeting notes"),
        ("hs_meeting_external_url", "External URL"),
        ("hs_meeting_location", "Location"),
    ]);
    properties.extend([
        Property::new("hs_meeting_start_time", "Meeting start time", Datetime),
        Property::new("hs_meeting_end_time", "Meeting end time", Datetime),
        Property::enumeration(
            "hs_meeting_outcome",
            "Meeting outcome",
            [
                ("SCHEDULED", "Scheduled"),
                ("COMPLETED", "Completed"),
                ("RESCHEDULED", "Rescheduled"),
                ("NO_SHOW", "No Show"),
                ("CANCELED", "Canceled"),
            ],
        ),
    ]);
    properties
}

fn call() -> Vec<Property> {
    let mut properties = texts(&[
        ("hs_call_title", "Call title"),
        ("hs_call_body", "Call notes"),
        ("hs_call_from_number", "From number"),
        ("hs_call_to_number", "To number"),
        ("hs_call_recording_url", "Recording URL"),
        ("hs_call_callee_object_id", "Callee object ID"),
        ("hs_call_callee_object_type", "Callee object type"),
        ("hs_call_source", "Call source"),
    ]);
    properties.extend([
        Property::enumeration(
            "hs_call_direction",
            "Call direction",
            [("INBOUND", "Inbound"), ("OUTBOUND", "Outbound")],
        ),
        Property::new("hs_call_duration", "Call duration", Number),
        Property::new("hs_call_has_voicemail", "Has voicemail", Bool),
        Property::enumeration("hs_call_disposition", "Call outcome", CALL_DISPOSITIONS),
        Property::enumeration(
            "hs_call_status",
            "Call status",
            [
                ("BUSY", "Busy"),
                ("CALLING_CRM_USER", "Calling CRM user"),
                ("CANCELED", "Canceled"),
                ("COMPLETED", "Completed"),
                ("CONNECTING", "Connecting"),
                ("FAILED", "Failed"),
                ("HOLD", "Hold"),
                ("IN_PROGRESS", "In progress"),
                ("MISSED", "Missed"),
                ("NO_ANSWER", "No answer"),
                ("QUEUED", "Queued"),
                ("RINGING", "Ringing"),
                ("UNKNOWN", "Unknown"),
            ],
        ),
    ]);
    properties
}

fn email() -> Vec<Property> {
    let mut properties = texts(&[
        ("hs_email_subject", "Email subject"),
        ("hs_email_text", "Text body"),
        ("hs_email_html", "HTML body"),
        ("hs_email_headers", "Email headers"),
        ("hs_email_thread_id", "Thread ID"),
        ("hs_email_message_id", "Message ID"),
    ]);
    properties.extend(
        [
            "from_email",
            "from_firstname",
            "from_lastname",
            "to_email",
            "to_firstname",
            "to_lastname",
        ]
        .map(|part| {
            Property::new(format!("hs_email_{part}"), format!("Email {part}"), Text).read_only()
        }),
    );
    properties.extend(["open", "click", "reply"].map(|event| {
        Property::new(
            format!("hs_email_{event}_count"),
            format!("Number of {event}s"),
            Number,
        )
        .read_only()
    }));
    properties.extend([
        Property::new("hs_email_sent_via", "Sent via", Text),
        Property::new("hs_email_send_date", "Send date", Date).read_only(),
        Property::enumeration(
            "hs_email_direction",
            "Email direction",
            [
                ("EMAIL", "Email"),
                ("INCOMING_EMAIL", "Incoming email"),
                ("FORWARDED_EMAIL", "Forwarded email"),
            ],
        ),
        Property::enumeration(
            "hs_email_status",
            "Email status",
            [
                ("BOUNCED", "Bounced"),
                ("FAILED", "Failed"),
                ("SCHEDULED", "Scheduled"),
                ("SENDING", "Sending"),
                ("SENT", "Sent"),
            ],
        ),
    ]);
    properties
}

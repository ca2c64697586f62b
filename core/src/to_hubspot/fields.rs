//! Which fields does a record carry to HubSpot, as which properties? (S7)

use crate::kind::Kind;
use crate::task::TaskField;

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// One that Tasks have.
    Task(TaskField),
    /// Of an Event.
    Start,
    /// Of an Event.
    End,
    /// Of an Event.
    Location,
}

impl Field {
    /// Salesforce's name of the field, as `synced` knows it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Task(field) => field.name(),
            Self::Start => "StartDateTime",
            Self::End => "EndDateTime",
            Self::Location => "Location",
        }
    }
}

const SUBJECT: Field = Field::Task(TaskField::Subject);
const DESCRIPTION: Field = Field::Task(TaskField::Description);
const STATUS: Field = Field::Task(TaskField::Status);
const DATE: Field = Field::Task(TaskField::ActivityDate);
const OWNER: (Field, &str) = (Field::Task(TaskField::OwnerId), "hubspot_owner_id");
pub(super) const TIMESTAMP: &str = "hs_timestamp";

/// The fields that are carried, each with its property; none of the kinds that aren't written.
pub(crate) const fn of(kind: Kind) -> &'static [(Field, &'static str)] {
    match kind {
        Kind::Task => &[
            (SUBJECT, "hs_task_subject"),
            (DESCRIPTION, "hs_task_body"),
            (STATUS, "hs_task_status"),
            (Field::Task(TaskField::Priority), "hs_task_priority"),
            (DATE, TIMESTAMP),
            OWNER,
        ],
        Kind::Call => &[
            (SUBJECT, "hs_call_title"),
            (DESCRIPTION, "hs_call_body"),
            (STATUS, "hs_call_status"),
            (
                Field::Task(TaskField::CallDurationInSeconds),
                "hs_call_duration",
            ),
            (Field::Task(TaskField::CallType), "hs_call_direction"),
            (DATE, TIMESTAMP),
            OWNER,
        ],
        Kind::SalesEmailSent => &[
            (SUBJECT, "hs_email_subject"),
            (DESCRIPTION, "hs_email_text"),
            (DATE, TIMESTAMP),
            OWNER,
        ],
        Kind::Meeting => &[
            (SUBJECT, "hs_meeting_title"),
            (DESCRIPTION, "hs_meeting_body"),
            (Field::Start, "hs_meeting_start_time"),
            (Field::End, "hs_meeting_end_time"),
            (Field::Location, "hs_meeting_location"),
            OWNER,
        ],
        Kind::Note => &[(DESCRIPTION, "hs_note_body"), OWNER],
        _ => &[],
    }
}

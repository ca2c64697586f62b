//! Where does an intent write?

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Where an intent writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Destination {
    /// Salesforce's Tasks.
    SalesforceTasks,
    /// HubSpot's tasks.
    HubSpotTasks,
    /// HubSpot's emails.
    HubSpotEmails,
    /// HubSpot's calls.
    HubSpotCalls,
    /// HubSpot's meetings.
    HubSpotMeetings,
    /// HubSpot's notes.
    HubSpotNotes,
}

impl Destination {
    /// Those in HubSpot.
    pub const IN_HUBSPOT: [Self; 5] = [
        Self::HubSpotTasks,
        Self::HubSpotEmails,
        Self::HubSpotCalls,
        Self::HubSpotMeetings,
        Self::HubSpotNotes,
    ];

    /// Its name in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SalesforceTasks => "salesforce/Task",
            Self::HubSpotTasks => "hubspot/tasks",
            Self::HubSpotEmails => "hubspot/emails",
            Self::HubSpotCalls => "hubspot/calls",
            Self::HubSpotMeetings => "hubspot/meetings",
            Self::HubSpotNotes => "hubspot/notes",
        }
    }

    /// The one of HubSpot's object, as `tasks`.
    pub fn of_object(object: &str) -> Option<Self> {
        let is_it =
            |destination: &Self| destination.name().strip_prefix("hubspot/") == Some(object);
        Self::IN_HUBSPOT.into_iter().find(is_it)
    }

    /// The system it belongs to, as a person calls it.
    pub const fn system(self) -> &'static str {
        match self {
            Self::SalesforceTasks => "Salesforce",
            _ => "HubSpot",
        }
    }
}

impl ToSql for Destination {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for Destination {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        let all = [Self::SalesforceTasks].into_iter().chain(Self::IN_HUBSPOT);
        let mut all = all.filter(|destination| destination.name() == name);
        all.next().ok_or(FromSqlError::InvalidType)
    }
}

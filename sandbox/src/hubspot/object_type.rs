//! Which types of record a portal has, and what they are called.

use std::fmt;

/// A type of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectType {
    /// People.
    Contact,
    /// Organisations.
    Company,
    /// Sales in the making.
    Deal,
    /// Requests for help.
    Ticket,
    /// Messages of other channels.
    Communication,
    /// Things to do.
    Task,
    /// Notes.
    Note,
    /// Meetings.
    Meeting,
    /// Calls.
    Call,
    /// Sales emails.
    Email,
    /// Letters.
    PostalMail,
    /// Leads.
    Lead,
}

/// What the wire calls a type.
struct Names {
    id: &'static str,
    singular: &'static str,
    plural: &'static str,
    /// In the names of associations.
    association: &'static str,
}

const fn names(
    id: &'static str,
    singular: &'static str,
    plural: &'static str,
    association: &'static str,
) -> Names {
    Names {
        id,
        singular,
        plural,
        association,
    }
}

impl ObjectType {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Contact,
        Self::Company,
        Self::Deal,
        Self::Ticket,
        Self::Communication,
        Self::Task,
        Self::Note,
        Self::Meeting,
        Self::Call,
        Self::Email,
        Self::PostalMail,
        Self::Lead,
    ];

    fn names(self) -> Names {
        match self {
            Self::Contact => names("0-1", "contact", "contacts", "contact"),
            Self::Company => names("0-2", "company", "companies", "company"),
            Self::Deal => names("0-3", "deal", "deals", "deal"),
            Self::Ticket => names("0-5", "ticket", "tickets", "ticket"),
            Self::Communication => {
                names("0-18", "communication", "communications", "communication")
            }
            Self::Task => names("0-27", "task", "tasks", "task"),
            Self::Note => names("0-46", "note", "notes", "note"),
            Self::Meeting => names("0-47", "meeting", "meetings", "meeting_event"),
            Self::Call => names("0-48", "call", "calls", "call"),
            Self::Email => names("0-49", "email", "emails", "email"),
            Self::PostalMail => names("0-116", "postal_mail", "postal_mail", "postal_mail"),
            Self::Lead => names("0-136", "lead", "leads", "lead"),
        }
    }

    /// Its object type id, such as `0-27`.
    pub fn id(self) -> &'static str {
        self.names().id
    }

    /// Its name for one record, such as `task`.
    pub fn singular(self) -> &'static str {
        self.names().singular
    }

    /// Its name for several records, such as `tasks`.
    pub fn plural(self) -> &'static str {
        self.names().plural
    }

    /// Its name in those of associations: a meeting is a `meeting_event` there.
    pub(super) fn in_associations(self) -> &'static str {
        self.names().association
    }

    /// The type with this id or name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object_type| {
            let names = object_type.names();
            text == names.id
                || text.eq_ignore_ascii_case(names.plural)
                || text.eq_ignore_ascii_case(names.singular)
        })
    }

    /// Whether its records tell of something that happened, or is to.
    pub fn is_activity(self) -> bool {
        !matches!(
            self,
            Self::Contact | Self::Company | Self::Deal | Self::Ticket | Self::Lead
        )
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.plural())
    }
}

//! Which kinds of activity are there? (K)

use crate::names::names;
use crate::snapshot::Origin;

names! {
    /// The fourteen kinds, one toggle each.
    pub enum Kind {
        /// A form was submitted.
        FormSubmission = "form_submission",
        /// A marketing email was sent.
        MarketingEmailSent = "marketing_email_sent",
        /// A marketing email was opened.
        MarketingEmailOpened = "marketing_email_opened",
        /// A link in a marketing email was clicked.
        MarketingEmailClicked = "marketing_email_clicked",
        /// A one-to-one email was sent.
        SalesEmailSent = "sales_email_sent",
        /// A one-to-one email was opened.
        SalesEmailOpened = "sales_email_opened",
        /// A link in a one-to-one email was clicked.
        SalesEmailClicked = "sales_email_clicked",
        /// A one-to-one email was replied to.
        SalesEmailReplied = "sales_email_replied",
        /// A meeting was scheduled.
        Meeting = "meeting",
        /// A call was made.
        Call = "call",
        /// A note was created.
        Note = "note",
        /// Sales content (a document) was viewed.
        SalesContentViewed = "sales_content_viewed",
        /// A task was created.
        Task = "task",
        /// An event of an installed integration.
        IntegrationEvent = "integration_event",
    }
}

names! {
    /// The four toggles of Salesforce's records (S1).
    pub enum RecordKind {
        /// Tasks.
        Task = "task",
        /// Emails.
        Email = "email",
        /// Calls.
        Call = "call",
        /// Meetings.
        Meeting = "meeting",
    }
}

impl RecordKind {
    /// S2: the toggle that carries the linked records of a kind to HubSpot; none carries a kind that HubSpot can't be written for.
    pub(crate) const fn of_link(kind: Kind, origin: Origin) -> Option<Self> {
        match (kind, origin) {
            (Kind::Task | Kind::Note, _) => Some(Self::Task),
            (Kind::Call, _) => Some(Self::Call),
            (Kind::Meeting, _) => Some(Self::Meeting),
            (Kind::SalesEmailSent, Origin::Salesforce) => Some(Self::Email),
            _ => None,
        }
    }
}

/// The class of a kind decides its time window (W).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Not retroactive, neither for the kind nor for the contact (W1, W5).
    Sales,
    /// Looks back `windows.marketing_email` (W2).
    Marketing,
    /// Looks back `windows.form_submission` (W3).
    Form,
}

impl Kind {
    /// The class of the kind, by the table of K.
    pub const fn class(self) -> Class {
        match self {
            Self::FormSubmission => Class::Form,
            Self::MarketingEmailSent | Self::MarketingEmailOpened | Self::MarketingEmailClicked => {
                Class::Marketing
            }
            Self::SalesEmailSent
            | Self::SalesEmailOpened
            | Self::SalesEmailClicked
            | Self::SalesEmailReplied
            | Self::Meeting
            | Self::Call
            | Self::Note
            | Self::SalesContentViewed
            | Self::Task
            | Self::IntegrationEvent => Class::Sales,
        }
    }

    /// The subject of a Task whose activity has no title (F12).
    pub const fn plain_name(self) -> &'static str {
        match self {
            Self::FormSubmission => "Submitted form",
            Self::MarketingEmailSent | Self::SalesEmailSent => "Sent email",
            Self::MarketingEmailOpened | Self::SalesEmailOpened => "Opened email",
            Self::MarketingEmailClicked | Self::SalesEmailClicked => "Clicked email",
            Self::SalesEmailReplied => "Replied to email",
            Self::Meeting => "Meeting",
            Self::Call => "Call",
            Self::Note => "Note",
            Self::SalesContentViewed => "Viewed content",
            Self::Task => "Task",
            Self::IntegrationEvent => "Integration event",
        }
    }

    /// The default subject template (F12).
    pub const fn default_subject(self) -> &'static str {
        match self {
            Self::FormSubmission => "Submitted: {title}",
            Self::MarketingEmailSent | Self::SalesEmailSent => "Sent {title}",
            Self::MarketingEmailOpened | Self::SalesEmailOpened => "Opened {title}",
            Self::MarketingEmailClicked | Self::SalesEmailClicked => "Clicked {title}",
            Self::SalesEmailReplied => "Replied {title}",
            Self::Meeting => "Meeting: {title}",
            Self::Call => "Call: {title}",
            Self::Note => "Note: {title}",
            Self::SalesContentViewed => "Viewed {title}",
            Self::Task => "{title}",
            Self::IntegrationEvent => "{app}: {title}",
        }
    }

    pub(crate) const COUNT: usize = Self::ALL.len();

    pub(crate) const fn position(self) -> usize {
        self as usize
    }
}

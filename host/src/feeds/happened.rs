//! What happens once and never changes: read from lists, the newest first.

use super::{FeedSettings, form_submissions, marketing_emails, occurrences};
use crate::error::ApiError;
use crate::hubspot::{HubSpot, Listed, Unreadable};
use crosswalk_core::Kind;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Its kind.
    pub kind: Kind,
    /// HubSpot's id.
    pub id: String,
    /// When.
    pub occurred_at: Timestamp,
    /// Its title.
    pub title: Option<String>,
    /// The app that noticed it.
    pub app: Option<String>,
    /// Who did it.
    pub by: By,
    /// Of those that have this in common the first is another thing than the others.
    pub series: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The contact with this id.
    Contact(String),
    /// Whoever has this email address.
    Email(String),
    /// Nobody knows.
    Unknown,
}

/// A page of what happened, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HappenedPage {
    /// What happened.
    pub happened: Vec<Happened>,
    /// What can't be read.
    pub unreadable: Vec<Unreadable>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

impl HappenedPage {
    /// Adds what a record says happened, or why it can't be read.
    pub(super) fn add<T>(
        &mut self,
        Listed(record): Listed<T>,
        read: impl FnOnce(T) -> Result<Happened, Unreadable>,
    ) {
        match record.and_then(read) {
            Ok(happened) => self.happened.push(happened),
            Err(unreadable) => self.unreadable.push(unreadable),
        }
    }
}

/// What happened outside the calendar, as far as can be told.
pub(super) fn outside_calendar(id: &str, milliseconds: i64) -> Unreadable {
    Unreadable {
        id: Some(id.to_owned()),
        message: format!("{milliseconds} milliseconds since 1970 is no time of the calendar"),
    }
}

/// A list of what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// What was submitted with a form.
    Form(crate::hubspot::Form),
    /// What became of marketing emails: one type of event.
    MarketingEmail(Kind),
    /// The occurrences of one type of event.
    Occurrences(Kind, String),
}

/// The lists in which a kind is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lists {
    /// These.
    Of(Vec<Source>),
    /// The account has none, and why.
    NoFeed(String),
}

/// Names that are asked for once a pass.
#[derive(Debug, Default)]
pub struct Names {
    pub(super) campaigns: HashMap<u64, Option<String>>,
    pub(super) event_types: Option<Vec<String>>,
}

/// The kinds whose activities happen once and never change.
pub const KINDS: [Kind; 8] = [
    Kind::FormSubmission,
    Kind::MarketingEmailSent,
    Kind::MarketingEmailOpened,
    Kind::MarketingEmailClicked,
    Kind::SalesEmailOpened,
    Kind::SalesEmailClicked,
    Kind::SalesContentViewed,
    Kind::IntegrationEvent,
];

/// The lists in which a kind is found.
///
/// # Errors
/// If HubSpot doesn't tell them.
pub async fn lists(
    hubspot: &HubSpot,
    names: &mut Names,
    settings: &FeedSettings,
    kind: Kind,
) -> Result<Lists, ApiError> {
    match kind {
        Kind::FormSubmission => {
            let forms = hubspot.forms().await?;
            Ok(Lists::Of(forms.into_iter().map(Source::Form).collect()))
        }
        Kind::MarketingEmailSent | Kind::MarketingEmailOpened | Kind::MarketingEmailClicked => {
            Ok(Lists::Of(vec![Source::MarketingEmail(kind)]))
        }
        _ => occurrences::lists(hubspot, names, &settings.event_types, kind).await,
    }
}

impl Source {
    /// The kind of what happened.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Form(_) => Kind::FormSubmission,
            Self::MarketingEmail(kind) | Self::Occurrences(kind, _) => *kind,
        }
    }

    /// Its name in the ledger.
    pub fn name(&self) -> String {
        match self {
            Self::Form(form) => format!("{}/{}", Kind::FormSubmission.name(), form.id),
            Self::MarketingEmail(kind) => kind.name().to_owned(),
            Self::Occurrences(kind, event_type) => format!("{}/{event_type}", kind.name()),
        }
    }

    /// What happened since a moment, and perhaps what happened before. `after` is the `next` of the page before.
    ///
    /// # Errors
    /// If HubSpot doesn't tell it.
    pub async fn page(
        &self,
        hubspot: &HubSpot,
        names: &mut Names,
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<HappenedPage, ApiError> {
        match self {
            Self::Form(form) => form_submissions::page(hubspot, form, after).await,
            Self::MarketingEmail(kind) => {
                marketing_emails::page(hubspot, names, *kind, since, after).await
            }
            Self::Occurrences(kind, event_type) => {
                occurrences::page(hubspot, *kind, event_type, since, after).await
            }
        }
    }
}

impl Happened {
    /// `kind:id`.
    pub fn activity(&self) -> String {
        format!("{}:{}", self.kind.name(), self.id)
    }

    /// In the shape of the snapshot, with the email address by which its contact is found.
    pub fn into_fields(self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut set = |field: &str, value: Value| fields.insert(field.to_owned(), value);
        set("id", self.id.into());
        set("kind", self.kind.name().into());
        set("occurred_at", self.occurred_at.to_string().into());
        if let Some(title) = self.title {
            set("title", title.into());
        }
        if let Some(app) = self.app {
            set("app", app.into());
        }
        match self.by {
            By::Contact(id) => set("contacts", json!([id])),
            By::Email(email) => set(EMAIL, email.into()),
            By::Unknown => None,
        };
        fields
    }
}

/// The field with the email address of who did it; the rules don't look at it.
pub const EMAIL: &str = "email";

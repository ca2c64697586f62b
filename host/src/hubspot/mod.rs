//! HubSpot's API.

mod account;
mod association_type;
mod associations;
mod batch_answer;
mod changes;
mod contacts;
mod email_events;
mod forms;
mod found_by;
mod limits;
mod object;
mod occurrences;
mod owners;
mod properties;
mod record_errors;
mod refusal;
mod write;

use url::Url;

pub use crate::listed::{Listed, Unreadable};
pub use account::Account;
pub use associations::RefusedPair;
pub use batch_answer::Written;
pub use changes::{ArchivedPage, ChangedPage, Cursor};
pub use contacts::HubSpotContact;
pub use email_events::{EmailEvent, EmailEventsPage};
pub use forms::{Form, Submission, SubmissionsPage, SubmittedValue};
pub use object::{ObjectRecord, ObjectType};
pub use occurrences::{Occurrence, OccurrencesPage};
pub use owners::HubSpotOwner;
pub use properties::UniqueProperty;
pub use record_errors::{ObjectRefusal, classify};
pub use write::{Association, NewObject, ObjectsOutcome};

use crate::api::Api;
use crate::budget::{DailyShare, DailyUse};
use crate::calls::CallCounts;
use crate::connection::Connection;
use crate::token::Token;
pub use limits::Bursts;
use limits::Limits;

/// The version of HubSpot's API that all paths name.
const VERSION: &str = "2026-09";

/// A HubSpot account.
#[derive(Debug)]
pub struct HubSpot {
    api: Api<Limits>,
}

impl HubSpot {
    /// The account that this token opens.
    pub fn new(connection: Connection, base_url: Url, token: Token) -> Self {
        Self {
            api: Api::new(
                connection,
                &base_url,
                token,
                Limits::new(Bursts::default(), DailyShare::default()),
            ),
        }
    }

    /// The same, but calling no more often than this, and using no more of the day's calls.
    pub fn with_limits(mut self, bursts: Bursts, share: DailyShare) -> Self {
        self.api.vendor = Limits::new(bursts, share);
        self
    }

    /// Tells this connection from others, without telling the token.
    pub fn fingerprint(&self) -> String {
        self.api.fingerprint()
    }

    /// How many calls were made so far.
    pub fn calls(&self) -> CallCounts {
        self.api.counts()
    }

    /// The day's calls as the last answer counted them.
    pub fn daily_use(&self) -> Option<DailyUse> {
        self.api.vendor.daily_use()
    }
}

//! Salesforce's API.

mod bulk_query;
mod describe;
mod hidden_fields;
mod identity;
mod ids;
mod limits;
mod people;
mod query;
mod record_errors;
mod record_fields;
mod records;
mod refusal;
mod replication;
mod tasks;
mod users;
mod write;

use url::Url;

pub use bulk_query::{BulkPage, BulkQueryState};
pub use describe::{KeyField, Picklist, TaskDescription};
pub use identity::Identity;
pub(crate) use ids::may_be_id;
pub use people::{ChangedPeople, ChangedPerson, PersonObject, SalesforcePerson};
pub use record_errors::classify;
pub use record_fields::{ListedRecord, RecordObject};
pub use records::{RecordCursor, RecordsPage};
pub use replication::{Deleted, Updated};
pub use tasks::TaskRecord;
pub use users::SalesforceUser;
pub use write::{RecordError, RecordResult, WriteOutcome};

use crate::api::Api;
use crate::budget::{DailyShare, DailyUse};
use crate::calls::CallCounts;
use crate::connection::Connection;
use crate::token::Token;
use hidden_fields::HiddenFields;
use limits::Limits;

/// Where all resources of this version of the API are.
const DATA: &str = "/services/data/v67.0";

/// The fields of one record by their API names.
pub type Fields = serde_json::Map<String, serde_json::Value>;

/// A Salesforce org.
#[derive(Debug)]
pub struct Salesforce {
    api: Api<Limits>,
    hidden_fields: HiddenFields,
}

impl Salesforce {
    /// The org that this token opens.
    pub fn new(connection: Connection, instance_url: Url, token: Token) -> Self {
        Self {
            api: Api::new(
                connection,
                &instance_url,
                token,
                Limits::new(DailyShare::default()),
            ),
            hidden_fields: HiddenFields::default(),
        }
    }

    /// The same, but using no more of the day's calls than this.
    pub fn with_daily_share(mut self, share: DailyShare) -> Self {
        self.api.vendor = Limits::new(share);
        self
    }

    /// How many calls were made so far.
    pub fn calls(&self) -> CallCounts {
        self.api.counts()
    }

    /// The day's calls as the last answer counted them, those of others too.
    pub fn daily_use(&self) -> Option<DailyUse> {
        self.api.vendor.daily_use()
    }
}

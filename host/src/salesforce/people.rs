//! Contacts and Leads.

use jiff::Timestamp;
use serde::Deserialize;

use super::Salesforce;
use super::query::Among;
use crate::error::ApiError;

/// A Contact or a Lead.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SalesforcePerson {
    /// Its id.
    pub id: String,
    /// Its email address.
    #[serde(default)]
    pub email: Option<String>,
    /// When it was created.
    #[serde(rename = "CreatedDate", deserialize_with = "super::tasks::timestamp")]
    pub created_at: Timestamp,
    /// Whether it is a Lead that was converted.
    #[serde(default)]
    pub is_converted: bool,
    /// The Contact that it was converted to.
    #[serde(default)]
    pub converted_contact_id: Option<String>,
}

const CONTACT: &str = "SELECT Id, Email, CreatedDate FROM Contact WHERE";
const LEAD: &str = "SELECT Id, Email, CreatedDate, IsConverted, ConvertedContactId FROM Lead WHERE";

impl Salesforce {
    /// The Contacts with these email addresses.
    pub async fn contacts_by_email(
        &self,
        emails: &[String],
    ) -> Result<Vec<SalesforcePerson>, ApiError> {
        self.people(CONTACT, "Email", emails, "contacts").await
    }

    /// The Contacts with these ids.
    pub async fn contacts_by_id(&self, ids: &[String]) -> Result<Vec<SalesforcePerson>, ApiError> {
        self.people(CONTACT, "Id", ids, "contacts").await
    }

    /// The Leads with these email addresses, converted ones too.
    pub async fn leads_by_email(
        &self,
        emails: &[String],
    ) -> Result<Vec<SalesforcePerson>, ApiError> {
        self.people(LEAD, "Email", emails, "leads").await
    }

    /// The Leads with these ids, converted ones too.
    pub async fn leads_by_id(&self, ids: &[String]) -> Result<Vec<SalesforcePerson>, ApiError> {
        self.people(LEAD, "Id", ids, "leads").await
    }

    async fn people(
        &self,
        select: &str,
        field: &str,
        values: &[String],
        purpose: &'static str,
    ) -> Result<Vec<SalesforcePerson>, ApiError> {
        let soql = format!("{select} {field} IN");
        self.query_in(Among::Present, &soql, values, purpose).await
    }
}

//! Contacts and Leads.

use jiff::Timestamp;
use serde::Deserialize;

use super::Salesforce;
use super::query::{Among, literal};
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

/// Which people of Salesforce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonObject {
    /// Contacts.
    Contact,
    /// Leads, converted ones too.
    Lead,
}

impl PersonObject {
    /// Its API name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::Lead => "Lead",
        }
    }
}

/// A Contact or a Lead that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChangedPerson {
    /// Its id.
    pub id: String,
    /// Its email address.
    #[serde(default)]
    pub email: Option<String>,
    /// When it was last changed, by whomever.
    #[serde(deserialize_with = "super::tasks::timestamp")]
    pub system_modstamp: Timestamp,
}

/// People who were changed, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPeople {
    /// The people.
    pub people: Vec<ChangedPerson>,
    /// There is nothing more for now.
    pub is_last: bool,
}

/// The most people of a page.
const PAGE: usize = 2_000;

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

    /// The people who were changed at this moment, behind this id, or later.
    pub async fn people_changed(
        &self,
        object: PersonObject,
        stamp: Timestamp,
        id: &str,
    ) -> Result<ChangedPeople, ApiError> {
        let stamp = stamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        let behind = if id.is_empty() {
            format!("SystemModstamp >= {stamp}")
        } else {
            let id = literal(id);
            format!("SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > {id})")
        };
        let soql = format!(
            "SELECT Id, Email, SystemModstamp FROM {} WHERE {behind} ORDER BY SystemModstamp, Id LIMIT {PAGE}",
            object.name()
        );
        let people: Vec<ChangedPerson> =
            self.query(Among::Present, &soql, "changed people").await?;
        Ok(ChangedPeople {
            is_last: people.len() < PAGE,
            people,
        })
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

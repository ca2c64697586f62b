//! Contacts and Leads.

use http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::ids::may_be_id;
use super::query::{Among, changed_behind};
use super::{DATA, Salesforce};
use crate::api::Call;
use crate::calls::Effect;
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

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &["Id", "Email", "CreatedDate"],
            Self::Lead => &[
                "Id",
                "Email",
                "CreatedDate",
                "IsConverted",
                "ConvertedContactId",
            ],
        }
    }

    /// What their ids begin with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Contact => "003",
            Self::Lead => "00Q",
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

/// The most people of a page, and of one call by their ids.
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
        self.retrieve(PersonObject::Contact, ids, "contacts").await
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
        self.retrieve(PersonObject::Lead, ids, "leads").await
    }

    /// The Leads that were converted to these Contacts.
    pub async fn leads_converted_to(
        &self,
        contacts: &[String],
    ) -> Result<Vec<SalesforcePerson>, ApiError> {
        let (field, purpose) = ("ConvertedContactId", "converted leads");
        self.people(LEAD, field, contacts, purpose).await
    }

    /// The people who were changed at this moment, behind this id, or later.
    pub async fn people_changed(
        &self,
        object: PersonObject,
        stamp: Timestamp,
        id: &str,
    ) -> Result<ChangedPeople, ApiError> {
        let behind = changed_behind(stamp, id);
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

    /// Two thousand records in one call; those that aren't there are left out, and so is what is no id of such a record: it would have
    /// all others refused.
    async fn retrieve(
        &self,
        object: PersonObject,
        ids: &[String],
        purpose: &'static str,
    ) -> Result<Vec<SalesforcePerson>, ApiError> {
        let ids = ids.iter().filter(|id| may_be_id(id, object.prefix()));
        let ids: Vec<&String> = ids.collect();
        let path = format!("{DATA}/composite/sobjects/{}", object.name());
        let mut people = Vec::with_capacity(ids.len());
        for ids in ids.chunks(PAGE) {
            let body = json!({ "ids": ids, "fields": object.fields() });
            let call = Call::with_body(Method::POST, path.as_str(), &body, Effect::Read, purpose);
            let found: Vec<Option<SalesforcePerson>> = self.api.read(call).await?;
            people.extend(found.into_iter().flatten());
        }
        Ok(people)
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

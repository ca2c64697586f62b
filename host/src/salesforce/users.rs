//! Who may be assigned.

use serde::Deserialize;

use super::Salesforce;
use super::query::Among;
use crate::error::ApiError;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SalesforceUser {
    /// Its id.
    pub id: String,
    /// Its name at login.
    #[serde(default)]
    pub username: Option<String>,
    /// Its email address.
    #[serde(default)]
    pub email: Option<String>,
    /// Its full name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it can log in.
    pub is_active: bool,
    /// `Standard`, `Guest`, `AutomatedProcess` and others.
    #[serde(default)]
    pub user_type: Option<String>,
}

impl Salesforce {
    /// All users, inactive ones too.
    pub async fn users(&self) -> Result<Vec<SalesforceUser>, ApiError> {
        let soql = "SELECT Id, Username, Email, Name, IsActive, UserType FROM User ORDER BY Id";
        self.query(Among::Present, soql, "users").await
    }
}

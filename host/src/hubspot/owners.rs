//! Who owns records.

use serde::Deserialize;

use super::object::{Page, query};
use super::{HubSpot, VERSION};
use crate::api::Call;
use crate::error::ApiError;

/// Who owns records.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HubSpotOwner {
    /// Its id, which records name as `hubspot_owner_id`.
    pub id: String,
    /// Its email address.
    #[serde(default)]
    pub email: Option<String>,
    /// First name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// It has left.
    #[serde(default)]
    pub archived: bool,
}

impl HubSpot {
    /// The owners that are there.
    pub async fn active_owners(&self) -> Result<Vec<HubSpotOwner>, ApiError> {
        self.owners_that("false").await
    }

    /// The owners that have left.
    pub async fn archived_owners(&self) -> Result<Vec<HubSpotOwner>, ApiError> {
        self.owners_that("true").await
    }

    async fn owners_that(&self, archived: &str) -> Result<Vec<HubSpotOwner>, ApiError> {
        let mut owners = Vec::new();
        let mut after = None;
        loop {
            let mut parameters = vec![("limit", "500"), ("archived", archived)];
            parameters.extend(after.as_deref().map(|after| ("after", after)));
            let path = format!("/crm/owners/{VERSION}?{}", query(&parameters));
            let page: Page<HubSpotOwner> = self.api.read(Call::get(path, "owners")).await?;
            let next = page.next();
            owners.extend(page.results);
            if next.is_none() || next == after {
                return Ok(owners);
            }
            after = next;
        }
    }
}

//! Who the token acts as, and in which org.

use serde::Deserialize;

use super::Salesforce;
use crate::api::Call;
use crate::error::ApiError;

/// Who the token acts as, and in which org.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// The id of the user: the integration user.
    pub user_id: String,
    /// The id of the org.
    pub organization_id: String,
    /// The user's name at login.
    #[serde(default, rename = "preferred_username")]
    pub username: Option<String>,
}

impl Salesforce {
    /// Who the token acts as, and in which org.
    pub async fn identity(&self) -> Result<Identity, ApiError> {
        self.api
            .read(Call::get("/services/oauth2/userinfo", "identity"))
            .await
    }

    /// The id of the org.
    pub async fn organization_id(&self) -> Result<String, ApiError> {
        Ok(self.identity().await?.organization_id)
    }
}

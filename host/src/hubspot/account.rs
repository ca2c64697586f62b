//! The account itself, and what is set up in it.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};

use super::{HubSpot, VERSION};
use crate::api::Call;
use crate::error::ApiError;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its id, also called hub id.
    #[serde(deserialize_with = "text_of_number")]
    pub portal_id: String,
    /// Its time zone, an IANA name.
    pub time_zone: String,
    /// `STANDARD`, `SANDBOX`, `DEVELOPER_TEST` and others.
    #[serde(default)]
    pub account_type: Option<String>,
    /// Where people reach it, such as `app-eu1.hubspot.com`.
    #[serde(default)]
    pub ui_domain: Option<String>,
}

fn text_of_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    u64::deserialize(deserializer).map(|number| number.to_string())
}

#[derive(Deserialize)]
struct Disposition {
    id: String,
    label: String,
}

impl HubSpot {
    /// The account that the token opens.
    pub async fn account(&self) -> Result<Account, ApiError> {
        let path = format!("/account-info/{VERSION}/details");
        self.api.read(Call::get(path, "account")).await
    }

    /// The labels of what calls ended with, by id; also of those that can be chosen no more.
    pub async fn call_dispositions(&self) -> Result<HashMap<String, String>, ApiError> {
        let call = Call::get("/calling/v1/dispositions", "call dispositions");
        let dispositions: Vec<Disposition> = self.api.read(call).await?;
        Ok(dispositions
            .into_iter()
            .map(|disposition| (disposition.id, disposition.label))
            .collect())
    }
}

//! Forms, and what people submitted with them.

use jiff::Timestamp;
use serde::Deserialize;

use super::HubSpot;
use super::object::{Page, query};
use crate::api::Call;
use crate::error::ApiError;
use crate::listed::Listed;

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Form {
    /// Its id, a GUID.
    pub id: String,
    /// What it is called now.
    #[serde(default)]
    pub name: Option<String>,
}

/// What somebody submitted with a form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// Its id; the oldest ones have none.
    #[serde(default)]
    pub conversion_id: Option<String>,
    /// When, in milliseconds.
    pub submitted_at: i64,
    /// What was given.
    #[serde(default)]
    pub values: Vec<SubmittedValue>,
}

/// What was given in one field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SubmittedValue {
    /// The field's name.
    pub name: String,
    /// Its value.
    #[serde(default)]
    pub value: Option<String>,
}

/// Submissions, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionsPage {
    /// The submissions.
    pub submissions: Vec<Listed<Submission>>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

impl Submission {
    /// When; none outside the calendar.
    pub fn moment(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.submitted_at).ok()
    }

    /// What was given in a field, if anything.
    pub fn value(&self, name: &str) -> Option<&str> {
        let value = self.values.iter().find(|value| value.name == name)?;
        value
            .value
            .as_deref()
            .filter(|value| !value.trim().is_empty())
    }
}

impl HubSpot {
    /// All forms, those in use no more too: what was submitted with them still counts.
    pub async fn forms(&self) -> Result<Vec<Form>, ApiError> {
        let mut forms = Vec::new();
        for archived in ["false", "true"] {
            let mut after = None;
            loop {
                let mut parameters = vec![
                    ("limit", "100"),
                    ("formTypes", "all"),
                    ("archived", archived),
                ];
                parameters.extend(after.as_deref().map(|after| ("after", after)));
                // The dated version of this API is a beta.
                let path = format!("/marketing/v3/forms?{}", query(&parameters));
                let page: Page<Form> = self.api.read(Call::get(path, "forms")).await?;
                let next = page.next();
                forms.extend(page.results);
                if next.is_none() || next == after {
                    break;
                }
                after = next;
            }
        }
        Ok(forms)
    }

    /// What was submitted with a form, the newest first. `after` is the `next` of the page before.
    pub async fn submissions_page(
        &self,
        form: &str,
        after: Option<&str>,
    ) -> Result<SubmissionsPage, ApiError> {
        let mut parameters = vec![("limit", "50")];
        parameters.extend(after.map(|after| ("after", after)));
        let form: String = url::form_urlencoded::byte_serialize(form.as_bytes()).collect();
        // No version of the API but this one lists submissions.
        let path = format!(
            "/form-integrations/v1/submissions/forms/{form}?{}",
            query(&parameters)
        );
        let page: Page<Listed<Submission>> = self.api.read(Call::get(path, "submissions")).await?;
        Ok(SubmissionsPage {
            next: page.next(),
            submissions: page.results,
        })
    }
}

//! What people submitted with HubSpot's forms.

use super::happened::{By, Happened, HappenedPage, outside_calendar};
use crate::error::ApiError;
use crate::hubspot::{Form, HubSpot, Submission, Unreadable};
use crosswalk_core::Kind;

pub(super) async fn page(
    hubspot: &HubSpot,
    form: &Form,
    after: Option<&str>,
) -> Result<HappenedPage, ApiError> {
    match hubspot.submissions_page(&form.id, after).await {
        Ok(page) => {
            let mut happened = HappenedPage {
                next: page.next,
                ..HappenedPage::default()
            };
            for submission in page.submissions {
                happened.add(submission, |submission| read(form, &submission));
            }
            Ok(happened)
        }
        // The form was deleted since it was listed.
        Err(error) if error.status == Some(404) => Ok(HappenedPage::default()),
        Err(error) => Err(error),
    }
}

fn read(form: &Form, submission: &Submission) -> Result<Happened, Unreadable> {
    let id = submission
        .conversion_id
        .clone()
        .unwrap_or_else(|| format!("{}-{}", form.id, submission.submitted_at));
    let email = submission.value("email");
    let occurred_at = submission
        .moment()
        .ok_or_else(|| outside_calendar(&id, submission.submitted_at))?;
    Ok(Happened {
        kind: Kind::FormSubmission,
        id,
        occurred_at,
        title: form.name.clone(),
        app: None,
        by: email.map_or(By::Unknown, |email| By::Email(email.trim().to_owned())),
        series: None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use serde_json::json;

    fn form() -> Form {
        serde_json::from_value(json!({"id": "5f1c", "name": "Contact us", "archived": false}))
            .unwrap()
    }

    fn submission(values: &serde_json::Value) -> Submission {
        let submission = json!({"conversionId": "f0f0-1", "submittedAt": 1_763_629_200_123_i64,
            "pageUrl": "https://example.com/", "values": values});
        serde_json::from_value(submission).unwrap()
    }

    #[test]
    fn a_submission_has_its_forms_name_and_who_gave_an_address() {
        let values = json!([{"name": "message", "value": "Hi", "objectTypeId": "0-1"}, {"name": "email", "value": " a@b.example "}]);
        let happened = read(&form(), &submission(&values)).unwrap();
        assert_eq!(happened.activity(), "form_submission:f0f0-1");
        assert_eq!(happened.title.as_deref(), Some("Contact us"));
        assert_eq!(happened.by, By::Email("a@b.example".to_owned()));
        assert_eq!(happened.occurred_at.to_string(), "2025-11-20T09:00:00.123Z");
    }

    #[test]
    fn a_submission_without_address_or_id_is_one_all_the_same() {
        let mut submission = submission(&json!([{"name": "email", "value": ""}]));
        submission.conversion_id = None;
        let happened = read(&form(), &submission).unwrap();
        assert_eq!(happened.activity(), "form_submission:5f1c-1763629200123");
        assert_eq!(happened.by, By::Unknown);
    }
}

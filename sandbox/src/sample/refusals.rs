//! What the org refuses by its own rules.

use crate::salesforce::{SalesforceData, ValidationRule};

/// Adds the org's rules.
pub(super) fn rules(org: &mut SalesforceData) {
    for (field, contains, message) in [
        (
            "Subject",
            "guarantee",
            "Legal: a task's subject must not promise a guarantee. Say \"specification\".",
        ),
        (
            "Description",
            "IBAN",
            "Security: bank details don't belong into comments.",
        ),
    ] {
        org.validation_rules.push(ValidationRule {
            sobject: "Task".to_owned(),
            field: field.to_owned(),
            contains: contains.to_owned(),
            message: message.to_owned(),
        });
    }
}

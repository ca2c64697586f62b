//! What the org and the portal refuse by their own rules.

use crate::hubspot::{HubSpotData, ObjectType, PropertyRule};
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

/// Adds the portal's rules.
pub(super) fn portal_rules(portal: &mut HubSpotData) {
    for (object_type, property) in [
        (ObjectType::Task, "hs_task_subject"),
        (ObjectType::Call, "hs_call_title"),
        (ObjectType::Meeting, "hs_meeting_title"),
    ] {
        portal.validation_rules.push(PropertyRule {
            object_type,
            property: property.into(),
            contains: "[internal]".to_owned(),
            message: "Marketing: what is marked as internal doesn't belong into HubSpot."
                .to_owned(),
        });
    }
}

//! What each error code of a record means, and what to do about it.

use crate::error::Class;

/// The class of an error code, and what to do about it.
pub fn classify(code: &str) -> (Class, &'static str) {
    CODES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(UNKNOWN, |(_, class, what_to_do)| (*class, *what_to_do))
}

const UNKNOWN: (Class, &str) = (
    Class::Permanent,
    "See what Salesforce says in the message, correct it there or in HubSpot, then retry.",
);

const AGAIN: &str = "It is tried again by itself.";
const LATER: &str = "It is tried again later by itself.";
const ORG_RULE: &str = "A rule of the org refuses the record: let the integration user pass it, or correct the record in HubSpot, then retry.";
const REPORT: &str = "The request was wrong, which shouldn't be: please report it.";
const PERMISSION: &str =
    "Give the integration user the permission that the message names, then retry.";

const CODES: &[(&str, Class, &str)] = &[
    ("UNABLE_TO_LOCK_ROW", Class::Retry, AGAIN),
    ("ALL_OR_NONE_OPERATION_ROLLED_BACK", Class::Retry, AGAIN),
    ("PROCESSING_HALTED", Class::Retry, AGAIN),
    ("SERVER_UNAVAILABLE", Class::Retry, AGAIN),
    (
        "UNKNOWN_EXCEPTION",
        Class::Retry,
        "It is tried again by itself; if it stays so, give Salesforce the number in the message.",
    ),
    ("QUERY_TIMEOUT", Class::Retry, AGAIN),
    ("REQUEST_RUNNING_TOO_LONG", Class::Retry, AGAIN),
    ("TXN_SECURITY_METERING_ERROR", Class::Retry, AGAIN),
    ("TOO_MANY_APEX_REQUESTS", Class::Retry, AGAIN),
    (
        "REQUEST_LIMIT_EXCEEDED",
        Class::Wait,
        "The org's calls of 24 hours are used up: it goes on when some are free again, or buy more.",
    ),
    (
        "STORAGE_LIMIT_EXCEEDED",
        Class::Wait,
        "The org's data storage is full: delete records or buy storage. It goes on by itself then.",
    ),
    (
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        Class::Wait,
        LATER,
    ),
    (
        "INVALID_SESSION_ID",
        Class::Fatal,
        "Replace the token: CROSSWALK_SALESFORCE_TOKEN, or salesforce.token in crosswalk.toml.",
    ),
    (
        "API_DISABLED_FOR_ORG",
        Class::Fatal,
        "The org's edition or the integration user's profile has no API access: enable `API Enabled`.",
    ),
    (
        "API_CURRENTLY_DISABLED",
        Class::Fatal,
        "Salesforce has switched the org's API off: ask Salesforce.",
    ),
    (
        "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
        Class::Fatal,
        "Renew the integration user's password, then get a new token.",
    ),
    (
        "ORG_LOCKED",
        Class::Fatal,
        "The org is locked: ask Salesforce.",
    ),
    (
        "UNSUPPORTED_API_VERSION",
        Class::Fatal,
        "The org doesn't have this version of the API yet.",
    ),
    (
        "INVALID_TYPE",
        Class::Fatal,
        "The integration user can't see the object: give it access to Tasks, Contacts and Leads.",
    ),
    (
        "INACTIVE_OWNER_OR_USER",
        Class::Permanent,
        "The assigned user is inactive: activate the user, or map the HubSpot owner to another one, then retry.",
    ),
    (
        "OP_WITH_INVALID_USER_TYPE_EXCEPTION",
        Class::Permanent,
        "The assigned user may not own tasks: map the HubSpot owner to another user, then retry.",
    ),
    (
        "STRING_TOO_LONG",
        Class::Permanent,
        "The field is shorter in this org than its standard length: lengthen it, or shorten the text in HubSpot, then retry.",
    ),
    (
        "REQUIRED_FIELD_MISSING",
        Class::Permanent,
        "The org requires a field that HubSpot has no value for: give it a default in Salesforce, then retry.",
    ),
    (
        "INVALID_CROSS_REFERENCE_KEY",
        Class::Permanent,
        "A record that the Task refers to is gone or hidden from the integration user: check its Contact or Lead, then retry.",
    ),
    (
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        Class::Permanent,
        "Give the integration user access to the record that the message names, then retry.",
    ),
    (
        "INSUFFICIENT_ACCESS_OR_READONLY",
        Class::Permanent,
        PERMISSION,
    ),
    ("INSUFFICIENT_ACCESS", Class::Permanent, PERMISSION),
    (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        Class::Permanent,
        "An Apex trigger of the org failed: whoever keeps it finds the cause in the message. Then retry.",
    ),
    (
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        Class::Permanent,
        "A flow of the org failed: whoever keeps it finds the cause in the message. Then retry.",
    ),
    (
        "APEX_ERROR",
        Class::Permanent,
        "Apex code of the org failed: whoever keeps it finds the cause in the message. Then retry.",
    ),
    (
        "ENTITY_IS_DELETED",
        Class::Permanent,
        "The Contact, Lead or record that the Task refers to was deleted in Salesforce: restore it, or correct the record in HubSpot, then retry.",
    ),
    (
        "ENTITY_IS_LOCKED",
        Class::Permanent,
        "The record is locked by an approval: finish the approval, then retry.",
    ),
    (
        "MALFORMED_ID",
        Class::Permanent,
        "An id names a record of the wrong kind: check the contact's Salesforce id in HubSpot, then retry.",
    ),
    (
        "DUPLICATE_VALUE",
        Class::Permanent,
        "Another record has this key already: delete one of the two in Salesforce, then retry.",
    ),
    (
        "DUPLICATE_EXTERNAL_ID",
        Class::Permanent,
        "Several Tasks have this key: make the key field unique and delete all but one, then retry.",
    ),
    (
        "DUPLICATES_DETECTED",
        Class::Permanent,
        "A duplicate rule of the org refuses the record: let the integration user pass it, then retry.",
    ),
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        Class::Permanent,
        "The org's picklist lacks this value: add it, or choose another in the settings, then retry.",
    ),
    (
        "INVALID_FIELD",
        Class::Permanent,
        "The field isn't there or is hidden from the integration user: create it or give access, then retry.",
    ),
    (
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        Class::Permanent,
        "The integration user may not write the field: give it edit access, then retry.",
    ),
    (
        "FIELD_FILTER_VALIDATION_EXCEPTION",
        Class::Permanent,
        ORG_RULE,
    ),
    (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        Class::Permanent,
        ORG_RULE,
    ),
    (
        "FIELD_INTEGRITY_EXCEPTION",
        Class::Permanent,
        "The values don't fit each other in this org: see the message, correct it, then retry.",
    ),
    (
        "NUMBER_OUTSIDE_VALID_RANGE",
        Class::Permanent,
        "The number is too large for the field: correct it in HubSpot, then retry.",
    ),
    (
        "INVALID_EMAIL_ADDRESS",
        Class::Permanent,
        "Correct the email address in HubSpot, then retry.",
    ),
    (
        "NOT_FOUND",
        Class::Permanent,
        "It isn't there, or the integration user can't see it.",
    ),
    (
        "LIMIT_EXCEEDED",
        Class::Permanent,
        "A limit of the org is reached: see the message, then retry.",
    ),
    (
        "INVALID_QUERY_LOCATOR",
        Class::Permanent,
        "The query took too long to be read to its end: it begins anew with the next pass.",
    ),
    ("MALFORMED_QUERY", Class::Permanent, REPORT),
    ("JSON_PARSER_ERROR", Class::Permanent, REPORT),
    ("INVALID_REPLICATION_DATE", Class::Permanent, REPORT),
    (
        "EXCEEDED_ID_LIMIT",
        Class::Permanent,
        "Too much changed at once: read a shorter span.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_there_once() {
        let codes: BTreeSet<_> = CODES.iter().map(|(code, ..)| code).collect();
        assert_eq!(codes.len(), CODES.len());
    }

    #[test]
    fn what_nobody_knows_is_never_tried_again_by_itself() {
        assert_eq!(classify("SOMETHING_NEW").0, Class::Permanent);
        assert_eq!(classify("UNABLE_TO_LOCK_ROW").0, Class::Retry);
    }
}

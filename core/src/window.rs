//! Did it happen in time to sync? (W)

use crate::kind::{Class, Kind};
use crate::rules::Rules;
use crate::snapshot::Contact;
use jiff::Timestamp;

/// The rule whose window a kind has: W1, W2 or W3.
pub(crate) const fn rule(kind: Kind) -> &'static str {
    match kind.class() {
        Class::Sales => "W1",
        Class::Marketing => "W2",
        Class::Form => "W3",
    }
}

/// W1-W4: the beginning of the window that it lies before; none if it is inside.
pub(crate) fn missed(rules: &Rules, kind: Kind, occurred_at: Timestamp) -> Option<Timestamp> {
    rules
        .kind(kind)
        .not_before
        .filter(|bound| occurred_at < *bound)
}

/// W5: whether a sales activity happened too long before the contact began to sync.
pub(crate) fn is_before_contact(
    rules: &Rules,
    kind: Kind,
    occurred_at: Timestamp,
    contact: &Contact<'_>,
) -> bool {
    if kind.class() != Class::Sales {
        return false;
    }
    let Some(triggered_at) = contact.salesforce.triggered_at.get() else {
        return false;
    };
    occurred_at < triggered_at
        && rules
            .trigger_lead
            .before(triggered_at, &rules.time_zone)
            .is_some_and(|bound| occurred_at < bound)
}

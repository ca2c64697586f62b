//! Kinds and windows.

use jiff::SignedDuration;

use super::{Case, case};
use crate::sample::calendar::{days, minutes};
use crate::sample::cast::{LATE, LATE_BY, PLAIN};

const LEAD_TIME: i64 = 24 * 60;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("K1", "email_forwarded_email:70001", "a forwarded email is of no kind: it is skipped, with a warning",
        |draft| draft.title("Fwd: delivery papers").body("<p>For your information.</p>")),
    case("K2", "sales_email_sent:70002", "its kind is on, so it becomes a Task",
        |draft| draft.title("Offer for 40 × Halla Door").body("<p>Hi Aada,</p><p>as discussed.</p>")),
    case("K3", "call:70003", "calls have a task type: the Task's Type is Call",
        |draft| draft.title("Order for the winter").status("COMPLETED")),
    case("K3", "note:70004", "notes have no task type: the Task has no Type",
        |draft| draft.body("<p>Aada is on holiday in July.</p>")),
    case("K4", "call:70005", "it was deleted before it ever synced",
        |draft| draft.title("Logged by mistake").archived()),
    case("K5", "task:70006", "it came from Salesforce, and doesn't go back",
        |draft| draft.title("Check the contract with legal").status("NOT_STARTED").due(6, 12, 0).set("hs_object_source", "SALESFORCE").set("hs_object_source_label", "Salesforce")),
    case("W1", "call:70007", "made at the very moment at which the sync was turned on: it syncs",
        |draft| draft.title("First call of the new era").after_start(SignedDuration::ZERO)),
    case("W1", "call:70008", "made a millisecond before the sync was turned on: it doesn't",
        |draft| draft.title("Last call of the old era").after_start(SignedDuration::from_millis(-1)).changed_ago(days(59))),
    case("W1", "task:70009", "made long before the sync was turned on and completed yesterday: its creation counts",
        |draft| draft.title("Renew the frame contract").at(95, 10, 0).due(-2, 12, 0).status("COMPLETED").changed_ago(days(1))),
    case("W1", "meeting:70010", "scheduled before the sync was turned on for next week: its scheduling counts, not its start",
        |draft| draft.title("Annual review").at(80, 11, 0).due(7, 13, 0).status("SCHEDULED").changed_ago(days(4))),
    case("W5", "call:70011", "made long before its contact first synced: it isn't sent afterwards",
        |draft| draft.title("Cold call").with(&[LATE]).at(LATE_BY + 12, 10, 0)),
    case("W5", "note:70012", "made 23 hours before its contact first synced, as what triggered that: it syncs",
        |draft| draft.body("<p>Asked for a trial account.</p>").with(&[LATE]).ago(days(LATE_BY) + minutes(LEAD_TIME - 60))),
    case("W5", "note:70013", "made 25 hours before its contact first synced: a little too early",
        |draft| draft.body("<p>Read our newsletter.</p>").with(&[LATE]).ago(days(LATE_BY) + minutes(LEAD_TIME + 60))),
    case("W5", "sales_email_sent:70014", "one of two contacts synced too late for it: the other takes it",
        |draft| draft.title("Invitation to the webinar").body("<p>See you there!</p>").with(&[LATE, PLAIN]).at(LATE_BY + 10, 9, 30)),
];

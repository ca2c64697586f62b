//! What Salesforce refuses although it was planned well.

use serde_json::json;

use super::{Case, case};
use crate::salesforce::record_id;
use crate::sample::builder::Builder;
use crate::sample::calendar::{days, earlier, for_salesforce};
use crate::sample::cast::*;
use crate::sample::company::{AINO, KEY_FIELD, PORTAL, user_of};

/// An activity whose Task is in the org already, made by an installation whose memory was lost.
const MADE_BEFORE: u64 = 70_508;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("FIELD_CUSTOM_VALIDATION_EXCEPTION", "task:70501", "the org allows no promise in a subject",
        |draft| draft.title("Send the temperature guarantee").status("NOT_STARTED").due(2, 9, 0)),
    case("FIELD_CUSTOM_VALIDATION_EXCEPTION", "note:70502", "the org allows no bank details in comments",
        |draft| draft.body("<p>Refund to IBAN FI00 0000 0000 0000 00, please.</p>")),
    case("ENTITY_IS_DELETED", "call:70503", "its lead was converted to a Contact that was deleted since",
        |draft| draft.title("Too late").with(&[CONVERTED_DELETED])),
    case("ENTITY_IS_DELETED", "note:70504", "its company's Account was deleted",
        |draft| draft.body("<p>They closed the depot.</p>").company(GONE)),
    case("ENTITY_IS_DELETED", "meeting:70505", "its deal's Opportunity was deleted",
        |draft| draft.title("Hall 2").deal(DEAL_GONE).due(-2, 11, 0).status("COMPLETED")),
    case("INVALID_CROSS_REFERENCE_KEY", "note:70506", "its company has the id of an Account of another org",
        |draft| draft.body("<p>Imported from the old system.</p>").company(ELSEWHERE)),
    case("MALFORMED_ID", "note:70507", "its company has the id of a Contact for that of its Account",
        |draft| draft.body("<p>Somebody pasted the wrong id.</p>").company(MIXED_UP)),
    case("INVALID_FIELD_FOR_INSERT_UPDATE", "call:70508", "a Task with its key is there already, whose subtype can't be set any more: it is taken over, not made twice",
        |draft| draft.title("Déjà vu").set("hs_call_duration", "61000")),
];

/// The rules of the org that some of them break.
pub(in crate::sample) fn prepare(builder: &mut Builder) {
    let before = for_salesforce(earlier(builder.now, days(2)));
    builder.salesforce.push(
        "Task",
        json!({
            "Id": record_id("00T", MADE_BEFORE), "Subject": "Call: Déjà vu", "Status": "Completed", "Priority": "Normal",
            "TaskSubtype": "Call", "WhoId": record_id("003", PLAIN), "OwnerId": user_of(AINO), "CreatedDate": before,
            KEY_FIELD: format!("hubspot:{PORTAL}:call:{MADE_BEFORE}"),
        }),
    );
    builder.salesforce.push(
        "Task",
        json!({
            "Id": record_id("00T", 70_006), "Subject": "Check the contract with legal", "Status": "Not Started",
            "Priority": "Normal", "WhoId": record_id("003", PLAIN), "OwnerId": user_of(AINO), "CreatedById": user_of(AINO),
            "CreatedDate": before,
        }),
    );
}

//! Dates, statuses, priorities, calls, reminders: what the Task says besides text.

use super::{CALLBACK, Case, POSTPONED, case};
use crate::sample::activities::{CONNECTED, VOICEMAIL};
use crate::sample::calendar::days;

pub(super) const CASES: &[Case] = &[
    case(
        "F3",
        "call:70301",
        "just after midnight in Helsinki, the day before in UTC",
        |draft| draft.title("Night shift hotline").at(4, 0, 20),
    ),
    case(
        "F3",
        "task:70302",
        "due just after midnight in Helsinki: that day, not the one before",
        |draft| {
            draft
                .title("Night shift handover")
                .status("NOT_STARTED")
                .due(10, 0, 30)
        },
    ),
    case("F4", "task:70303", "not started", |draft| {
        draft
            .title("Task, not started")
            .status("NOT_STARTED")
            .due(2, 10, 0)
    }),
    case("F4", "task:70304", "in progress", |draft| {
        draft
            .title("Task, in progress")
            .status("IN_PROGRESS")
            .due(2, 11, 0)
    }),
    case("F4", "task:70305", "waiting", |draft| {
        draft.title("Task, waiting").status("WAITING").due(2, 12, 0)
    }),
    case("F4", "task:70306", "completed", |draft| {
        draft
            .title("Task, completed")
            .status("COMPLETED")
            .due(-2, 13, 0)
            .changed_ago(days(2))
    }),
    case("F4", "task:70307", "no status: Not Started", |draft| {
        draft.title("Task without a status").due(3, 14, 0)
    }),
    case("F4", "meeting:70308", "scheduled", |draft| {
        draft
            .title("Meeting, scheduled")
            .status("SCHEDULED")
            .due(3, 10, 0)
    }),
    case("F4", "meeting:70309", "rescheduled", |draft| {
        draft
            .title("Meeting, rescheduled")
            .status("RESCHEDULED")
            .due(4, 10, 0)
    }),
    case("F4", "meeting:70310", "completed", |draft| {
        draft
            .title("Meeting, completed")
            .status("COMPLETED")
            .due(-1, 10, 30)
    }),
    case(
        "F4",
        "meeting:70311",
        "cancelled: Completed, so that it is never overdue",
        |draft| {
            draft
                .title("Meeting, cancelled")
                .status("CANCELED")
                .due(-1, 11, 0)
        },
    ),
    case("F4", "meeting:70312", "nobody came: Completed", |draft| {
        draft
            .title("Meeting, no-show")
            .status("NO_SHOW")
            .due(-1, 12, 0)
    }),
    case(
        "F4",
        "meeting:70313",
        "no outcome and still to come: Not Started; it is planned again when it has begun",
        |draft| draft.title("Meeting to come").due(5, 9, 0),
    ),
    case(
        "F4",
        "meeting:70314",
        "no outcome and over: Completed",
        |draft| draft.title("Meeting that was").due(-1, 9, 0),
    ),
    case(
        "F4",
        "call:70315",
        "a call is over, even a missed one",
        |draft| draft.title("Missed you").status("MISSED"),
    ),
    case("F5", "task:70316", "high priority", |draft| {
        draft
            .title("Alarm in cold room 3")
            .set("hs_task_priority", "HIGH")
            .due(1, 8, 0)
    }),
    case("F5", "task:70317", "medium priority: Normal", |draft| {
        draft
            .title("Order labels")
            .set("hs_task_priority", "MEDIUM")
            .due(6, 8, 0)
    }),
    case("F5", "task:70318", "low priority", |draft| {
        draft
            .title("Tidy the demo case")
            .set("hs_task_priority", "LOW")
            .due(20, 8, 0)
    }),
    case("F5", "task:70319", "no priority: Normal", |draft| {
        draft
            .title("Water the plants")
            .set("hs_task_priority", "NONE")
            .due(2, 8, 0)
    }),
    case("F7", "call:70320", "its Task is of subtype Call", |draft| {
        draft
            .title("Subtype call")
            .set("hs_call_direction", "OUTBOUND")
    }),
    case(
        "F7",
        "sales_email_replied:70321",
        "its Task is of subtype Email",
        |draft| draft.title("Re: subtype").set("hs_email_text", "Thanks!"),
    ),
    case(
        "F9",
        "call:70322",
        "inbound, connected, 95.5 seconds: rounded up",
        |draft| {
            draft
                .title("Inbound call")
                .set("hs_call_direction", "INBOUND")
                .set("hs_call_duration", "95500")
                .set("hs_call_disposition", CONNECTED)
                .status("COMPLETED")
        },
    ),
    case(
        "F9",
        "call:70323",
        "outbound, voicemail, 0 seconds",
        |draft| {
            draft
                .title("Left a message")
                .set("hs_call_direction", "OUTBOUND")
                .set("hs_call_duration", "0")
                .set("hs_call_disposition", VOICEMAIL)
        },
    ),
    case(
        "F9",
        "call:70324",
        "an outcome that the portal added",
        |draft| draft.title("Callback").set("hs_call_disposition", CALLBACK),
    ),
    case(
        "F9",
        "call:70325",
        "a negative duration: left out, with a warning",
        |draft| {
            draft
                .title("Clock went back")
                .set("hs_call_duration", "-42000")
        },
    ),
    case(
        "F9",
        "call:70326",
        "a duration beyond Salesforce's eight digits: left out, with a warning",
        |draft| {
            draft
                .title("Never hung up")
                .set("hs_call_duration", "100000000000")
        },
    ),
    case(
        "F9",
        "call:70327",
        "no direction, no duration, no outcome: none on the Task",
        |draft| draft.title("Bare call"),
    ),
    case("F10", "task:70328", "open, with a reminder", |draft| {
        draft
            .title("Call the auditor")
            .status("NOT_STARTED")
            .due(7, 10, 0)
            .reminded(1)
    }),
    case(
        "F10",
        "task:70329",
        "waiting is open too: the reminder stays",
        |draft| {
            draft
                .title("Wait for the permit")
                .status("WAITING")
                .due(9, 10, 0)
                .reminded(24)
        },
    ),
    case("F10", "task:70330", "completed: no reminder", |draft| {
        draft
            .title("Already done")
            .status("COMPLETED")
            .due(-1, 10, 0)
            .reminded(2)
            .changed_ago(days(1))
    }),
    case(
        "F15",
        "task:70331",
        "deferred, which this org has no status for: its default, with a warning",
        |draft| {
            draft
                .title("Task, deferred")
                .status("DEFERRED")
                .due(30, 10, 0)
                .reminded(2)
        },
    ),
    case(
        "I3",
        "meeting:70332",
        "an outcome that the portal added counts as none, with a warning",
        |draft| draft.title("Postponed").status(POSTPONED).due(-2, 14, 0),
    ),
    case(
        "U3",
        "task:70333",
        "complete it in HubSpot after the first sync: only what changed is written",
        |draft| {
            draft
                .title("Sign the offer")
                .status("NOT_STARTED")
                .due(4, 15, 0)
        },
    ),
    case(
        "U4",
        "task:70334",
        "change its priority in both systems after the first sync: the later change wins",
        |draft| {
            draft
                .title("Agree on a date")
                .status("IN_PROGRESS")
                .due(5, 15, 0)
        },
    ),
    case(
        "D1",
        "note:70335",
        "delete it in HubSpot after the first sync: its Task is kept",
        |draft| draft.body("<p>Second thoughts.</p>"),
    ),
];

//! A plan as a person reads it, direction by direction: what, where to, by whom, why; then the counts.

use super::super::output::{self, Output, dimmed, emphasised};
use super::super::table::Column;
use crate::sync::{OpensPlanned, Report};
use serde_json::Value;

/// Decisions as JSON, of each direction those that are to be seen.
#[derive(Default)]
pub(super) struct Decisions {
    /// Of HubSpot's activities.
    pub(super) to_salesforce: Vec<String>,
    /// Of Salesforce's records.
    pub(super) to_hubspot: Vec<String>,
}

/// The whole plan.
pub(super) fn show(decisions: &Decisions, report: &Report, output: &Output) {
    let records = report.to_hubspot.records;
    let goes_both_ways = report.activities > 0 && records > 0;
    if report.activities > 0 {
        if goes_both_ways {
            output.line(emphasised("HubSpot to Salesforce"));
        }
        let rows = rows(&decisions.to_salesforce, activity_row);
        show_decisions(&ACTIVITY_COLUMNS, &rows, report.activities, output);
        output::to_salesforce(output, report);
        output.line("");
    }
    if records > 0 {
        if goes_both_ways {
            output.line(emphasised("Salesforce to HubSpot"));
        }
        let rows = rows(&decisions.to_hubspot, record_row);
        show_decisions(&RECORD_COLUMNS, &rows, records, output);
        output::to_hubspot(output, report);
        output.line("");
    }
    output.line(emphasised(&in_numbers(report)));
    if let Some(opens) = &report.marketing_opens {
        output.line(told(opens));
    }
    output.line(dimmed(&format!("rules {}", report.module)));
}

fn rows(decisions: &[String], row: fn(&Value) -> Vec<String>) -> Vec<Vec<String>> {
    let read = decisions
        .iter()
        .filter_map(|decision| serde_json::from_str(decision).ok());
    read.map(|decision| row(&decision)).collect()
}

fn show_decisions(columns: &[Column], rows: &[Vec<String>], all: u64, output: &Output) {
    if rows.is_empty() {
        return;
    }
    output.table(columns, rows);
    let left = all.saturating_sub(rows.len() as u64);
    if left > 0 {
        output.line(dimmed(&format!(
            " … and {left} more; --show {all} shows them all"
        )));
    }
    output.line("");
}

fn in_numbers(report: &Report) -> String {
    let activities = counted(report.activities, ["activity", "activities"]);
    let calls = |calls| counted(calls, ["call", "calls"]);
    let to_salesforce = format!("{} to Salesforce", calls(salesforce_calls(report)));
    if report.to_hubspot.is_empty() {
        return format!("{activities}; {to_salesforce}; nothing was written");
    }
    let records = counted(report.to_hubspot.records, ["record", "records"]);
    let to_hubspot = format!("{} to HubSpot", calls(hubspot_calls(report)));
    format!("{activities} and {records}; {to_salesforce}, {to_hubspot}; nothing was written")
}

fn counted(count: u64, [one, many]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// P3: Salesforce takes 200 records a call.
pub(super) fn salesforce_calls(report: &Report) -> u64 {
    written(
        &report.by_action,
        crosswalk_core::RECORDS_PER_SALESFORCE_CALL,
    )
}

/// P3: HubSpot takes 100 records of one object a call.
pub(super) fn hubspot_calls(report: &Report) -> u64 {
    let by_object = report.to_hubspot.by_object.values();
    by_object
        .map(|by_action| written(by_action, crosswalk_core::RECORDS_PER_HUBSPOT_CALL))
        .sum()
}

fn written(by_action: &std::collections::BTreeMap<String, u64>, records_per_call: u64) -> u64 {
    let writes = ["create", "update", "delete"].iter();
    let counts = writes.filter_map(|action| by_action.get(*action));
    counts.map(|count| count.div_ceil(records_per_call)).sum()
}

/// What each choice of `marketing_email.opens` would write.
fn told(opens: &OpensPlanned) -> String {
    format!(
        "Opens of marketing emails: {} Tasks with marketing_email.opens = \"first\", {} with \"all\"",
        opens.first, opens.all
    )
}

/// The columns of an activity's row.
pub(in super::super) const ACTIVITY_COLUMNS: [Column; 7] = [
    Column::Word("activity"),
    Column::Word("action"),
    Column::Word("reason"),
    Column::Text("subject"),
    Column::Extra("contact"),
    Column::Extra("assigned by"),
    Column::Extra("rules"),
];

/// An activity's decision in a row.
pub(in super::super) fn activity_row(decision: &Value) -> Vec<String> {
    let text = |pointer: &str| text_at(decision, pointer);
    let contact = match (text("/contact/id"), text("/contact/object")) {
        (id, _) if id.is_empty() => String::new(),
        (id, object) => format!("{id} ({object})"),
    };
    vec![
        text("/activity"),
        text("/action"),
        text("/reason"),
        shortened(&text("/task/Subject"), 60),
        contact,
        text("/owner/step"),
        rules(decision),
    ]
}

/// The columns of a record's row.
pub(in super::super) const RECORD_COLUMNS: [Column; 8] = [
    Column::Word("record"),
    Column::Word("action"),
    Column::Word("reason"),
    Column::Text("title"),
    Column::Extra("becomes"),
    Column::Extra("contact"),
    Column::Extra("owner"),
    Column::Extra("rules"),
];

/// Properties of HubSpot's that are a title.
const TITLES: [&str; 4] = [
    "hs_task_subject",
    "hs_call_title",
    "hs_email_subject",
    "hs_meeting_title",
];

/// A record's decision in a row.
pub(in super::super) fn record_row(decision: &Value) -> Vec<String> {
    let text = |pointer: &str| text_at(decision, pointer);
    let titles = TITLES.iter();
    let title = titles.filter_map(|title| decision["properties"][title].as_str());
    vec![
        text("/record"),
        text("/action"),
        text("/reason"),
        shortened(&title.collect::<String>(), 60),
        text("/object"),
        associated(decision),
        text("/properties/hubspot_owner_id"),
        rules(decision),
    ]
}

/// Its contact; else the deal or the company that it is related to.
fn associated(decision: &Value) -> String {
    let associations = decision["associations"].as_array().into_iter().flatten();
    let mut named = associations.map(|to| (text_at(to, "/to"), text_at(to, "/id")));
    match named.next() {
        Some((to, id)) if to == "contacts" => id,
        Some((to, id)) => format!("{} {id}", if to == "deals" { "deal" } else { "company" }),
        None => String::new(),
    }
}

fn text_at(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn rules(decision: &Value) -> String {
    let rules = decision["rules"].as_array().into_iter().flatten();
    let rules: Vec<&str> = rules.filter_map(Value::as_str).collect();
    rules.join(" ")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::ToHubSpot;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn calls_are_rounded_up_for_each_object_and_action() {
        let counts = |counts: &[(&str, u64)]| -> BTreeMap<String, u64> {
            let counts = counts.iter();
            counts
                .map(|(action, count)| ((*action).to_owned(), *count))
                .collect()
        };
        let report = Report {
            by_action: counts(&[("create", 201), ("update", 1), ("skip", 900)]),
            to_hubspot: ToHubSpot {
                by_object: BTreeMap::from([
                    (
                        "tasks".to_owned(),
                        counts(&[("create", 101), ("update", 1)]),
                    ),
                    (
                        "calls".to_owned(),
                        counts(&[("create", 1), ("delete", 100)]),
                    ),
                    ("?".to_owned(), counts(&[("skip", 7)])),
                ]),
                ..ToHubSpot::default()
            },
            ..Report::default()
        };
        assert_eq!((salesforce_calls(&report), hubspot_calls(&report)), (3, 5));
    }

    #[test]
    fn one_is_told_as_one() {
        let mut report = Report {
            activities: 1,
            by_action: BTreeMap::from([("update".to_owned(), 1)]),
            ..Report::default()
        };
        let alone = "1 activity; 1 call to Salesforce; nothing was written";
        assert_eq!(in_numbers(&report), alone);
        report.to_hubspot.records = 1;
        let both = "1 activity and 1 record; 1 call to Salesforce, 0 calls to HubSpot; nothing was written";
        assert_eq!(in_numbers(&report), both);
    }

    #[test]
    fn a_record_is_told_by_what_it_becomes() {
        let decision = json!({
            "record": "00T000000000001AAA", "action": "create", "reason": "new", "rules": ["S2", "S10"], "object": "calls",
            "properties": {"hs_call_title": "Intro", "hubspot_owner_id": "77"}, "associations": [{"to": "companies", "id": "4"}]
        });
        let row = [
            "00T000000000001AAA",
            "create",
            "new",
            "Intro",
            "calls",
            "company 4",
            "77",
            "S2 S10",
        ];
        assert_eq!(record_row(&decision), row);
        let on_contact =
            json!({"associations": [{"to": "contacts", "id": "101"}, {"to": "deals", "id": "9"}]});
        assert_eq!(record_row(&on_contact)[5], "101");
    }
}

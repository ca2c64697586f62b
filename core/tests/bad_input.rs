//! Input that is large, damaged or odd: each activity gets its decision, or the document its error with the path.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::{Code, Rules};
use serde_json::{Value, json};

fn rules() -> Rules {
    let settings = json!({"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
                          "to_salesforce": {"call": {"enabled": true}}, "owners": {"integration_user": "005000000000001AAA"}});
    Rules::from_json(settings.to_string().as_bytes()).unwrap()
}

fn call(changes: Value) -> Value {
    let mut call = json!({"id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["101"]});
    call.as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    call
}

fn contact(id: &str) -> Value {
    json!({"id": id, "created_at": "2026-09-01T07:00:00Z", "salesforce": {"status": "synced", "object": "Contact", "id": format!("003{id:0>12}")}})
}

fn snapshot(activities: Value, contacts: Value) -> Value {
    json!({"now": "2026-11-23T10:00:00Z", "activities": activities, "contacts": contacts})
}

fn decisions_of(text: &str) -> Vec<Value> {
    let plan: Value =
        serde_json::from_slice(&rules().plan_to_salesforce_json(text.as_bytes()).unwrap()).unwrap();
    plan["decisions"].as_array().unwrap().clone()
}

fn decision(activity: Value) -> Value {
    decisions_of(&snapshot(json!([activity]), json!([contact("101")])).to_string())[0].clone()
}

#[test]
fn an_impossible_date_is_the_records_own_trouble() {
    for (field, date) in [
        ("occurred_at", "2026-02-30T08:00:00Z"),
        ("due_at", "2026-13-01T08:00:00Z"),
        ("modified_at", "2026-11-20T25:00:00Z"),
        ("reminder_at", "yesterday"),
        ("occurred_at", "2026-11-20"),
        ("occurred_at", "99999-01-01T00:00:00Z"),
    ] {
        let decision = decision(call(json!({field: date})));
        assert_eq!(decision["reason"], "invalid_record", "{field} {date}");
        assert_eq!(
            decision["warnings"][0]["path"],
            format!("activities[0].{field}"),
            "{date}"
        );
    }
}

#[test]
fn an_impossible_now_is_an_error_with_its_path() {
    for now in [
        json!("2026-02-30T08:00:00Z"),
        json!(5),
        json!(""),
        json!(null),
    ] {
        let snapshot = json!({"now": now, "activities": []});
        let error = rules()
            .plan_to_salesforce_json(snapshot.to_string().as_bytes())
            .unwrap_err();
        assert_eq!(
            (error.code, error.path.as_str()),
            (Code::SnapshotInvalid, "now"),
            "{now}"
        );
    }
}

#[test]
fn a_body_of_ten_megabytes_is_cut() {
    let decision = decision(call(
        json!({"body": "<p>word &amp; word</p>".repeat((10 << 20) / 22)}),
    ));
    assert_eq!(decision["cut"], json!(["Description"]));
    assert_eq!(
        decision["task"]["Description"]
            .as_str()
            .unwrap()
            .encode_utf16()
            .count(),
        32_000
    );
}

#[test]
fn a_long_body_of_whatever_fits() {
    for piece in [
        "a",
        "<br>",
        "a<br>",
        "<td>",
        "<a href=x>",
        "<pre>\n",
        "e\u{301}",
        "\u{1F468}\u{200D}",
        "&",
        "<",
        "\n",
        "\u{7}",
    ] {
        let decision = decision(call(json!({"body": piece.repeat(200_000)})));
        assert_eq!(decision["action"], "create", "{piece:?}");
        let units = decision["task"]["Description"]
            .as_str()
            .unwrap_or_default()
            .encode_utf16()
            .count();
        assert!(units <= 32_000, "{piece:?}: {units}");
    }
}

#[test]
fn a_long_title_is_cut() {
    for piece in ["word ", "\u{301}", "a"] {
        let decision = decision(call(
            json!({"title": piece.repeat((2 << 20) / piece.len())}),
        ));
        assert!(
            decision["task"]["Subject"]
                .as_str()
                .unwrap()
                .encode_utf16()
                .count()
                <= 255,
            "{piece:?}"
        );
    }
}

#[test]
fn an_unpaired_surrogate_is_the_replacement_character_everywhere() {
    let text = snapshot(
        json!([call(json!({"title": "T", "body": "B", "owner_id": "O"}))]),
        json!([contact("101")]),
    )
    .to_string();
    for escape in [
        r"\ud83d",
        r"\udc00",
        r"\uDC00\ud83d",
        r"\ud83dx",
        r"\\\ud83d",
    ] {
        let decisions = decisions_of(
            &text
                .replace("\"T\"", &format!("\"T{escape}\""))
                .replace("\"B\"", &format!("\"B{escape}\""))
                .replace("\"O\"", &format!("\"O{escape}\"")),
        );
        let task = &decisions[0]["task"];
        assert!(
            task["Subject"].as_str().unwrap().contains('\u{FFFD}'),
            "{escape}"
        );
        assert!(
            task["Description"].as_str().unwrap().contains('\u{FFFD}'),
            "{escape}"
        );
    }
}

#[test]
fn a_hundred_thousand_contacts_on_one_activity_have_one_winner() {
    let ids: Vec<String> = (1..=100_000).map(|id| id.to_string()).collect();
    let contacts: Vec<Value> = ids.iter().map(|id| contact(id)).collect();
    let decisions = decisions_of(
        &snapshot(json!([call(json!({"contacts": ids}))]), json!(contacts)).to_string(),
    );
    assert_eq!(decisions[0]["contact"]["id"], "100000");
    let others = decisions[0]["contact"]["others"].as_array().unwrap();
    assert_eq!(others.len(), 99_999);
    assert_eq!(
        others[0],
        json!({"id": "99999", "lost": "same_day_lower_id"})
    );
    assert_eq!(
        others[99_998],
        json!({"id": "1", "lost": "same_day_lower_id"})
    );
}

#[test]
fn a_hundred_thousand_unknown_contacts_are_waited_for() {
    let ids: Vec<String> = (1..=100_000).map(|id| id.to_string()).collect();
    let decisions =
        decisions_of(&snapshot(json!([call(json!({"contacts": ids}))]), json!([])).to_string());
    assert_eq!(decisions[0]["reason"], "contact_not_synced");
    assert_eq!(decisions[0]["warnings"].as_array().unwrap().len(), 100_000);
}

#[test]
fn ids_that_are_no_numbers_are_ids() {
    for id in [
        "abc",
        "-1",
        "1.5",
        "0x10",
        "٣",
        "1 ",
        "\u{1F600}",
        "call:1",
        "99999999999999999999999999999999",
    ] {
        let decisions = decisions_of(
            &snapshot(
                json!([call(json!({"id": id, "contacts": [id]}))]),
                json!([contact(id)]),
            )
            .to_string(),
        );
        assert_eq!(decisions[0]["action"], "create", "{id}");
        assert_eq!(decisions[0]["key"], format!("hubspot:8821:call:{id}"));
        assert_eq!(decisions[0]["contact"]["id"], id);
    }
}

#[test]
fn ids_that_are_no_strings_are_refused_with_their_path() {
    for id in [
        json!(1),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!(null),
        json!(" "),
    ] {
        let decision = decision(call(json!({"id": id})));
        assert_eq!(decision["reason"], "invalid_record", "{id}");
        assert_eq!(decision["warnings"][0]["path"], "activities[0].id", "{id}");
    }
}

#[test]
fn nesting_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        let refused = |input: String| {
            rules()
                .plan_to_salesforce_json(input.as_bytes())
                .unwrap_err()
                .code
        };
        assert_eq!(refused(deep.clone()), Code::SnapshotInvalid);
        assert_eq!(
            refused(format!("{{\"picklists\":{deep}}}")),
            Code::SnapshotInvalid
        );
        assert_eq!(
            Rules::from_json(deep.as_bytes()).unwrap_err().code,
            Code::NotJson
        );
    }
}

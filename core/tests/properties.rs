//! What holds of every plan, whatever the input.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::{Kind, Rules};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation;

// Strategies: few ids, so that records meet; times around the windows' ends.

fn settings() -> impl Strategy<Value = Value> {
    let switches = (
        select(vec![
            None,
            Some("newest"),
            Some("hubspot"),
            Some("salesforce"),
        ]),
        select(vec!["none", "deal", "company", "deal_then_company"]),
        select(vec!["keep", "delete"]),
        any::<bool>(),
        select(vec!["email", "email_and_name"]),
        select(vec!["PT1H", "PT0S", "P40D"]),
        option::of(select(vec![
            "{title}",
            "{kind}: {title} {contact}",
            "{app} - {date}",
            "x",
        ])),
        subsequence(Kind::NAMES.to_vec(), 10..=Kind::NAMES.len()),
    );
    switches.prop_map(|(conflict, related_to, on_delete, returns, match_by, wait, subject, kinds)| {
        let kinds: Map<String, Value> = kinds
            .into_iter()
            .map(|kind| (kind.to_owned(), json!({"enabled": true, "subject": subject, "task_type": subject})))
            .collect();
        let toggle = json!({"enabled": returns});
        json!({
            "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z", "to_salesforce": kinds,
            "to_hubspot": {"task": toggle, "call": toggle, "email": toggle, "meeting": toggle},
            "owners": {"integration_user": USERS[0], "match_by": match_by, "overrides": {"3": USERS[2]}},
            "conflict": conflict, "related_to": related_to, "on_delete": {"to_salesforce": on_delete}, "windows": {"contact_wait": wait}
        })
    })
}

const USERS: [&str; 4] = [
    "005000000000001AAA",
    "005000000000002AAA",
    "005000000000003AAA",
    "005000000000004",
];
const IDS: [&str; 7] = ["1", "2", "3", "03", "10", "x", "12345678901234567890123"];
const EMAILS: [&str; 5] = [
    "a@example.com",
    " A@example.com",
    "b@example.com",
    "",
    "ä@example.com",
];
const MOMENTS: [&str; 9] = [
    "2026-11-23T09:59:00Z",
    "2026-11-23T10:00:00Z",
    "2026-11-22T22:30:00+02:00",
    "2026-10-01T06:00:00Z",
    "2026-09-05T06:00:00Z",
    "2026-10-25T00:30:00Z",
    "2025-10-02T00:00:00Z",
    "2027-01-01T00:00:00.5Z",
    "2026-11-20T21:59:59Z",
];

fn id() -> impl Strategy<Value = &'static str> {
    select(IDS.to_vec())
}

fn moment() -> impl Strategy<Value = &'static str> {
    select(MOMENTS.to_vec())
}

/// Some text: none, plain, markup, white space and controls, anything.
fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        2 => Just(None),
        2 => select(vec!["Intro", "a  b\r\nc", "\u{7} ", "<p>x<br>&nbsp;y</p>", "Call: x", "e\u{301}", "- |"]).prop_map(|text| Some(text.to_owned())),
        1 => any::<String>().prop_map(Some),
    ]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    option::of(select(words.to_vec()))
}

fn activity() -> impl Strategy<Value = Value> {
    let name = (
        id(),
        select([Kind::NAMES, &["fax", "CALL"]].concat()),
        moment(),
        option::of(moment()),
        option::of(moment()),
        option::of(moment()),
    );
    let people = (
        option::of(id()),
        vec(id(), 0..5),
        vec(id(), 0..3),
        vec(id(), 0..3),
    );
    let content = (
        text(),
        text(),
        word(&["html", "text", "rtf"]),
        word(&[
            "NOT_STARTED",
            "IN_PROGRESS",
            "COMPLETED",
            "DEFERRED",
            "SCHEDULED",
            "CANCELLED",
            "odd",
        ]),
        word(&["HIGH", "low", "NONE", "odd"]),
        word(&["INBOUND", "odd"]),
        select(vec![
            json!(null),
            json!(95_000),
            json!(-1),
            json!(1.5),
            json!("x"),
        ]),
        text(),
    );
    let rest = (text(), prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    (name, people, content, rest).prop_map(
        |((id, kind, at, due, modified, reminder), (owner, contacts, deals, companies), content, (app, deleted, from_salesforce))| {
            let (title, body, format, status, priority, direction, duration, disposition) = content;
            json!({
                "id": id, "kind": kind, "occurred_at": at, "due_at": due, "modified_at": modified, "reminder_at": reminder, "owner_id": owner,
                "contacts": contacts, "deals": deals, "companies": companies, "title": title, "body": body, "body_format": format,
                "status": status, "priority": priority, "direction": direction, "duration_ms": duration, "disposition": disposition,
                "app": app, "deleted": deleted, "from_salesforce": from_salesforce
            })
        },
    )
}

fn contact() -> impl Strategy<Value = Value> {
    let sync = (
        word(&[
            "synced", "synced", "synced", "pending", "excluded", "failed", "odd",
        ]),
        any::<bool>(),
        1..4_u8,
        option::of(moment()),
    );
    (id(), moment(), option::of(id()), text(), sync).prop_map(|(id, created, owner, name, (status, is_contact, number, triggered))| {
        let (object, prefix) = if is_contact { ("Contact", "003") } else { ("Lead", "00Q") };
        json!({"id": id, "created_at": created, "owner_id": owner, "name": name,
               "salesforce": {"status": status, "object": object, "id": format!("{prefix}00000000000{number}AAA"), "triggered_at": triggered}})
    })
}

fn owner() -> impl Strategy<Value = Value> {
    (id(), word(&EMAILS), word(&["A", "B b"]))
        .prop_map(|(id, email, name)| json!({"id": id, "email": email, "first_name": name}))
}

fn user() -> impl Strategy<Value = Value> {
    (select(USERS.to_vec()), word(&EMAILS), word(&EMAILS), word(&["a", "b  B"]), any::<bool>(), any::<Option<bool>>()).prop_map(
        |(id, email, username, name, is_active, may_own)| {
            json!({"id": id, "email": email, "username": username, "name": name, "is_active": is_active, "can_own_tasks": may_own})
        },
    )
}

/// Values of a Task as Salesforce or an earlier plan might have left them.
fn values() -> impl Strategy<Value = Value> {
    let texts = (
        text(),
        text(),
        word(&["Completed", "Not Started", "Blocked"]),
        word(&["Normal", "Urgent"]),
        text(),
    );
    let others = (
        option::of(select(USERS.to_vec())),
        word(&["2026-11-20", "2026-11-21T00:00:00Z", "odd"]),
        option::of(0..100_u8),
        any::<Option<bool>>(),
        option::of(moment()),
    );
    (texts, others).prop_map(|((subject, description, status, priority, disposition), (owner, date, seconds, is_set, reminder))| {
        json!({"Subject": subject, "Description": description, "Status": status, "Priority": priority, "CallDisposition": disposition,
               "OwnerId": owner, "ActivityDate": date, "CallDurationInSeconds": seconds, "IsReminderSet": is_set, "ReminderDateTime": reminder,
               "WhoId": "003000000000001AAA"})
    })
}

fn link() -> impl Strategy<Value = Value> {
    let name = (
        select(vec![
            "call",
            "task",
            "note",
            "meeting",
            "sales_email_sent",
            "form_submission",
        ]),
        id(),
    );
    let task = (
        option::weighted(0.9, 1..9_u8),
        word(&["Task", "Task", "Event"]),
        select(vec!["hubspot", "salesforce"]),
        option::of(id()),
    );
    let state = (
        values(),
        moment(),
        word(&["activity_owner", "object_owner", "integration_user", "odd"]),
        option::of(values()),
        option::of(moment()),
        prop::bool::weighted(0.1),
    );
    (name, task, state).prop_map(|((kind, id), (task, object, origin, contact), (synced, synced_at, assigned_by, now, modified, deleted))| {
        json!({"activity": format!("{kind}:{id}"), "task_id": task.map(|number| format!("00T00000000000{number}AAA")), "object": object,
               "origin": origin, "contact": contact, "synced": synced, "synced_at": synced_at, "assigned_by": assigned_by,
               "task_now": now, "task_modified_at": modified, "task_deleted": deleted})
    })
}

fn related() -> impl Strategy<Value = Value> {
    (option::of(id()), option::of(id()), 1..4_u8)
        .prop_map(|(deal, company, number)| json!({"deal": deal, "company": company, "salesforce_id": format!("00600000000000{number}AAA")}))
}

fn picklists() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!({"Status": {"values": ["Not Started", "Completed", "Blocked"], "closed": ["Completed"], "default": "Not Started"}}),
        json!({"Status": {"values": ["Offen", "Erledigt"], "closed": ["Erledigt"], "default": "Offen"}, "Priority": {"values": ["Normal"]}}),
    ])
}

fn snapshot() -> impl Strategy<Value = Value> {
    let lists = (
        vec(activity(), 0..12),
        vec(contact(), 0..8),
        vec(owner(), 0..5),
        vec(user(), 0..6),
        vec(link(), 0..8),
        vec(related(), 0..5),
    );
    (lists, picklists()).prop_map(|((activities, contacts, owners, users, links, related), picklists)| {
        json!({"now": "2026-11-23T10:00:00Z", "digest": true, "activities": activities, "contacts": contacts, "owners": owners,
               "users": users, "links": links, "related": related, "picklists": picklists})
    })
}

/// Any JSON, with names that mean something here and there.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        moment().prop_map(Value::from),
        id().prop_map(Value::from),
    ];
    let names = vec![
        "id",
        "kind",
        "activities",
        "contacts",
        "links",
        "owners",
        "users",
        "related",
        "picklists",
        "now",
        "activity",
        "synced",
        "salesforce",
        "title",
        "to_salesforce",
        "call",
        "windows",
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        let name =
            prop_oneof![4 => select(names.clone()).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

// What is done with them.

fn open(settings: &Value) -> Rules {
    Rules::from_json(settings.to_string().as_bytes()).unwrap()
}

fn plan(rules: &Rules, snapshot: &Value) -> Value {
    serde_json::from_slice(
        &rules
            .plan_to_salesforce_json(snapshot.to_string().as_bytes())
            .unwrap(),
    )
    .unwrap()
}

fn decisions(plan: &Value) -> &Vec<Value> {
    plan["decisions"].as_array().unwrap()
}

/// The lists of a document in another order, by the bits of a number.
fn reorder(value: &mut Value, seed: u64) {
    if let Some(items) = value.as_array_mut() {
        let count = items.len();
        for position in 1..count {
            items.swap(
                position,
                (seed.rotate_left(u32::try_from(position).unwrap()) as usize) % (position + 1),
            );
        }
    }
}

/// Every list but that of the activities in another order.
fn shuffled(snapshot: &Value, seed: u64) -> Value {
    let mut snapshot = snapshot.clone();
    for list in ["contacts", "owners", "users", "links", "related"] {
        reorder(&mut snapshot[list], seed);
    }
    for activity in snapshot["activities"].as_array_mut().unwrap() {
        for list in ["contacts", "deals", "companies"] {
            reorder(&mut activity[list], seed);
        }
    }
    snapshot
}

/// The plan without what tells where in the input something stands.
fn placeless(mut plan: Value) -> Value {
    let sort = |warnings: &mut Value| {
        for warning in warnings.as_array_mut().into_iter().flatten() {
            warning.as_object_mut().unwrap().remove("path");
        }
        if let Some(warnings) = warnings.as_array_mut() {
            warnings.sort_by_key(Value::to_string);
        }
    };
    sort(&mut plan["warnings"]);
    for decision in plan["decisions"].as_array_mut().unwrap() {
        sort(&mut decision["warnings"]);
    }
    plan
}

/// One record per name: what duplicates do is no part of this.
fn without_duplicates(mut snapshot: Value) -> Value {
    let name = |record: &Value| {
        let number = |id: &Value| {
            id.as_str()
                .unwrap_or_default()
                .trim_start_matches('0')
                .to_owned()
        };
        match record["activity"].as_str() {
            Some(activity) => activity.replace(":0", ":"),
            None => format!(
                "{}:{}",
                record["kind"].as_str().unwrap_or_default().to_lowercase(),
                number(&record["id"])
            ),
        }
    };
    for list in ["activities", "links"] {
        let mut seen = std::collections::BTreeSet::new();
        snapshot[list]
            .as_array_mut()
            .unwrap()
            .retain(|record| seen.insert(name(record)));
    }
    snapshot
}

/// Carries a plan out: what it writes is what both sides share from then on.
fn carried_out(snapshot: &Value, plan: &Value) -> Value {
    let mut next = snapshot.clone();
    for (position, decision) in decisions(plan).iter().enumerate() {
        let links = next["links"].as_array_mut().unwrap();
        match decision["action"].as_str().unwrap() {
            "create" => links.push(json!({
                "activity": decision["activity"], "task_id": format!("00T00000001{position:04}AAA"), "origin": "hubspot", "contact": decision["contact"]["id"],
                "synced": decision["task"], "synced_at": "2026-11-23T10:00:00Z", "assigned_by": decision["owner"]["step"]
            })),
            "update" => {
                let link = link_of(links, decision);
                for values in ["synced", "task_now"] {
                    let Some(values) = link[values].as_object_mut() else { continue };
                    for (field, value) in decision["task"].as_object().unwrap() {
                        values.insert(field.clone(), value.clone());
                    }
                    for field in decision["cleared"].as_array().into_iter().flatten() {
                        values.remove(field.as_str().unwrap());
                    }
                }
                if decision["task"].get("OwnerId").is_some() {
                    link["assigned_by"] = decision["owner"]["step"].clone();
                }
                if link["task_now"].is_null() {
                    link["synced_at"] = json!("2026-11-23T10:00:00Z");
                    link["task_modified_at"] = json!("2026-11-23T10:00:00Z");
                }
            }
            "delete" => link_of(links, decision)["task_deleted"] = json!(true),
            _ => {}
        }
    }
    next
}

fn link_of<'a>(links: &'a mut [Value], decision: &Value) -> &'a mut Value {
    let name = |text: &Value| text.as_str().unwrap().to_lowercase().replace(":0", ":");
    links
        .iter_mut()
        .find(|link| name(&link["activity"]) == name(&decision["activity"]))
        .unwrap()
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// F14 for a line: what is left of it.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|character| !character.is_control() || "\n\r\t".contains(*character))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Rules::from_json(&bytes);
        let _ = open(&minimal()).plan_to_salesforce_json(&bytes);
    }

    #[test]
    fn json_never_panics(value in json_value()) {
        let text = value.to_string();
        let _ = Rules::from_json(text.as_bytes());
        let _ = open(&minimal()).plan_to_salesforce_json(text.as_bytes());
    }

    #[test]
    fn a_damaged_document_never_panics(settings in settings(), snapshot in snapshot(), at in any::<prop::sample::Index>(), with in any::<u8>(), value in json_value(), list in select(vec!["activities", "contacts", "links", "owners", "users", "related", "picklists"])) {
        let damage = |document: &Value| {
            let mut bytes = document.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = with;
            bytes
        };
        let _ = Rules::from_json(&damage(&settings));
        let rules = open(&settings);
        let _ = rules.plan_to_salesforce_json(&damage(&snapshot));
        let mut odd = snapshot;
        if let Some(records) = odd[list].as_array_mut() { records.push(value) } else { odd[list] = value }
        if let Ok(plan) = rules.plan_to_salesforce_json(odd.to_string().as_bytes()) {
            let plan: Value = serde_json::from_slice(&plan).unwrap();
            let records = odd["activities"].as_array().unwrap().iter().filter(|record| !record.is_null()).count();
            prop_assert_eq!(decisions(&plan).len(), records);
        }
    }

    #[test]
    fn every_activity_has_one_decision_in_order(settings in settings(), snapshot in snapshot()) {
        let plan = plan(&open(&settings), &snapshot);
        let expected: Vec<String> = snapshot["activities"].as_array().unwrap().iter()
            .map(|activity| format!("{}:{}", activity["kind"].as_str().unwrap().replace("CALL", "call"), activity["id"].as_str().unwrap()))
            .collect();
        let named: Vec<&str> = decisions(&plan).iter().map(|decision| decision["activity"].as_str().unwrap()).collect();
        prop_assert_eq!(named, expected);
        prop_assert_eq!(&plan["summary"]["activities"], &json!(decisions(&plan).len()));
        for decision in decisions(&plan) {
            prop_assert!(!decision["rules"].as_array().unwrap().is_empty());
            prop_assert!(!decision["trace"].as_array().unwrap().is_empty());
            let writes = ["create", "update", "delete"].contains(&decision["action"].as_str().unwrap());
            prop_assert_eq!(decision.get("fingerprint").is_some(), writes);
            prop_assert_eq!(decision.get("task").is_some(), writes && decision["action"] != "delete");
        }
    }

    #[test]
    fn the_order_of_other_records_does_not_matter(settings in settings(), snapshot in snapshot(), seed in any::<u64>()) {
        let rules = open(&settings);
        prop_assert_eq!(placeless(plan(&rules, &snapshot)), placeless(plan(&rules, &shuffled(&snapshot, seed))));
    }

    #[test]
    fn the_digest_does_not_depend_on_any_order(settings in settings(), snapshot in snapshot(), seed in any::<u64>()) {
        let rules = open(&settings);
        let snapshot = without_duplicates(snapshot);
        let mut other = shuffled(&snapshot, seed);
        reorder(&mut other["activities"], seed);
        prop_assert_eq!(&plan(&rules, &snapshot)["digest"], &plan(&rules, &other)["digest"]);
    }

    #[test]
    fn a_plan_carried_out_leaves_nothing_to_do(settings in settings(), snapshot in snapshot()) {
        let rules = open(&settings);
        let snapshot = without_duplicates(snapshot);
        let first = plan(&rules, &snapshot);
        let again = plan(&rules, &carried_out(&snapshot, &first));
        for (before, after) in decisions(&first).iter().zip(decisions(&again)) {
            let expected = match before["action"].as_str().unwrap() {
                "create" | "update" | "delete" => "unchanged",
                other => other,
            };
            prop_assert_eq!(&after["action"], expected, "{:#} then {:#}", before, after);
        }
    }

    #[test]
    fn what_is_written_fits(title in "\\PC{0,120}(\\PC|\u{301}|\u{200D}|\u{1F468}|\u{1F1EB}|[\t\n\r\u{7} ]){0,300}", body in "(\\PC|<p>|<br>|&amp;|\u{1F468}\u{200D}\u{1F469}| ){0,80}", times in select(vec![1, 2, 700_usize])) {
        let body = body.repeat(times);
        let snapshot = json!({"now": "2026-11-23T10:00:00Z", "contacts": [json!({"id": "1", "created_at": MOMENTS[4], "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}})],
            "activities": [
                {"id": "1", "kind": "task", "occurred_at": MOMENTS[0], "contacts": ["1"], "title": title, "body": body},
                {"id": "2", "kind": "call", "occurred_at": MOMENTS[0], "contacts": ["1"], "title": title, "body": body, "body_format": "text", "disposition": title},
            ]});
        let plan = plan(&open(&minimal()), &snapshot);
        for decision in decisions(&plan) {
            let task = &decision["task"];
            for (field, limit) in [("Subject", 255), ("Description", 32_000), ("CallDisposition", 255)] {
                let text = task[field].as_str().unwrap_or_default();
                prop_assert!(utf16(text) <= limit);
                let is_cut = decision["cut"].as_array().is_some_and(|cut| cut.contains(&json!(field)));
                prop_assert!(!is_cut || text.strip_suffix('…').is_some_and(|kept| kept == kept.trim_end()));
                prop_assert!(!text.contains(|character: char| character.is_control() && character != '\n' && character != '\t'));
            }
            prop_assert!(!task["Subject"].as_str().unwrap().is_empty());
        }
        let whole = one_line(&title);
        let subject = decisions(&plan)[0]["task"]["Subject"].as_str().unwrap();
        if whole.is_empty() {
            prop_assert_eq!(subject, "Task");
        } else if utf16(&whole) <= 255 {
            prop_assert_eq!(subject, whole);
        } else {
            let kept = subject.strip_suffix('…').unwrap();
            let rest = whole.strip_prefix(kept).unwrap();
            prop_assert!(whole.grapheme_indices(true).any(|(start, _)| start == kept.len()));
            let next = rest.trim_start().graphemes(true).next().unwrap();
            let space = rest.len() - rest.trim_start().len();
            prop_assert!(utf16(kept) + space + utf16(next) > 254, "a longer prefix fits");
        }
    }

    #[test]
    fn a_body_reads_as_text(html in "(\\PC|<p>|</p>|<br>|<div>|</div>|<ul>|<li>|</ul>|<td>|<tr>|<pre>|</pre>|<a href=u>|</a>|<script>|</script>|<!--|-->|&nbsp;|\u{A0}|\n| |\t|<b){0,60}") {
        let snapshot = json!({"now": "2026-11-23T10:00:00Z", "contacts": [{"id": "1", "created_at": MOMENTS[4], "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}],
            "activities": [{"id": "1", "kind": "call", "occurred_at": MOMENTS[0], "contacts": ["1"], "body": html}]});
        let plan = plan(&open(&minimal()), &snapshot);
        let text = decisions(&plan)[0]["task"]["Description"].as_str().unwrap_or_default().to_owned();
        prop_assert!(!text.contains("\n\n\n"), "{:?}", text);
        prop_assert!(text.split('\n').all(|line| line == line.trim_end()), "{:?}", text);
        let has_no_break_space = text.contains('\u{A0}');
        prop_assert!(!has_no_break_space);
    }

    #[test]
    fn settings_differ_from_themselves_in_nothing(settings in settings(), snapshot in snapshot()) {
        let rules = open(&settings);
        let comparison = rules.compare(&rules, snapshot.to_string().as_bytes()).unwrap();
        prop_assert_eq!(comparison.changed.len(), 0);
    }

    // Slow: a plan for each setting that differs, twice.
    #[test]
    fn every_change_between_settings_has_its_cause(before in settings(), after in settings(), snapshot in snapshot()) {
        let comparison = open(&before).compare(&open(&after), snapshot.to_string().as_bytes()).unwrap();
        for change in &comparison.changed {
            prop_assert!(!change.settings.is_empty());
        }
    }
}

fn minimal() -> Value {
    json!({"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
           "to_salesforce": {"call": {"enabled": true}, "task": {"enabled": true}, "note": {"enabled": true}},
           "owners": {"integration_user": USERS[0]}})
}

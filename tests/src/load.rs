//! Much of the same for measuring: a batch of activities as they come in practice, the same every time.

use serde_json::{Value, json};

/// Settings under which all of a [`batch`] is planned.
pub fn settings() -> Vec<u8> {
    json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-01-01T06:00:00Z",
        "to_salesforce": {
            "task": {"enabled": true, "task_type": "Other"}, "call": {"enabled": true, "task_type": "Call"},
            "note": {"enabled": true}, "meeting": {"enabled": true, "task_type": "Meeting"},
            "sales_email_sent": {"enabled": true, "task_type": "Email"}
        },
        "owners": {"integration_user": "005000000000001AAA"}
    })
    .to_string()
    .into_bytes()
}

/// A snapshot of `count` activities of about 1 KB, with three contacts each.
pub fn batch(count: usize) -> Vec<u8> {
    let contacts: Vec<Value> = (0..count).map(contact).collect();
    let owners: Vec<Value> = (0..20)
        .map(|owner| json!({"id": (70 + owner).to_string(), "email": format!("person{owner}@example.com"), "first_name": "Sam", "last_name": "Oy"}))
        .collect();
    let users: Vec<Value> = (0_u32..20)
        .map(|user| json!({"id": format!("0050000000{user:05}AAA"), "username": format!("person{user}@example.com.prod"),
                           "email": format!("Person{user}@example.com"), "name": "Sam Oy", "is_active": !user.is_multiple_of(7)}))
        .collect();
    json!({
        "now": "2026-11-23T10:00:00Z",
        "activities": (0..count).map(|number| activity(number, count)).collect::<Vec<_>>(),
        "contacts": contacts, "owners": owners, "users": users, "links": [], "related": [],
        "picklists": {"Status": {"values": ["Not Started", "In Progress", "Completed"], "closed": ["Completed"], "default": "Not Started"}}
    })
    .to_string()
    .into_bytes()
}

fn activity(number: usize, count: usize) -> Value {
    let kinds = ["call", "note", "task", "meeting", "sales_email_sent"];
    let contacts: Vec<String> = [0, 7, 31]
        .iter()
        .map(|step| (10_000 + (number + step) % count).to_string())
        .collect();
    let sentence = "We went through the offer line by line &amp; agreed to speak again once <b>purchasing</b> has had a look at it. ";
    json!({
        "id": (500_000 + number).to_string(), "kind": kinds.get(number % kinds.len()),
        "occurred_at": format!("2026-11-{:02}T{:02}:{:02}:00Z", 1 + number % 20, number % 24, number % 60),
        "due_at": format!("2026-11-{:02}T08:00:00Z", 1 + number % 28),
        "modified_at": "2026-11-21T08:00:00Z", "owner_id": (70 + number % 20).to_string(), "contacts": contacts,
        "title": format!("Follow-up number {number} with the buying team"),
        "body": format!("<p>Hello,</p><p>{}</p><ul><li>Price per seat</li><li>Start date</li></ul>", sentence.repeat(3)),
        "body_format": "html", "status": "COMPLETED", "priority": "HIGH", "direction": "OUTBOUND", "duration_ms": 95_000, "disposition": "Connected"
    })
}

fn contact(number: usize) -> Value {
    let status = ["synced", "synced", "pending", "excluded"];
    json!({
        "id": (10_000 + number).to_string(), "created_at": format!("2026-0{}-01T07:00:00Z", 1 + number % 9),
        "owner_id": (70 + number % 20).to_string(), "name": "Aino Aalto", "email": format!("contact{number}@example.com"),
        "salesforce": {"status": status.get(number % status.len()), "object": if number.is_multiple_of(3) { "Lead" } else { "Contact" },
                       "id": format!("003{number:012}AAA"), "triggered_at": "2026-09-01T07:10:00Z"}
    })
}

#[cfg(test)]
mod tests {
    use super::{batch, settings};
    use serde_json::Value;

    /// What is measured is work: most of the batch becomes a Task.
    #[test]
    fn a_batch_is_what_it_claims_to_be() {
        let snapshot = batch(1_000);
        let per_activity = snapshot.len() / 1_000;
        assert!((900..1_400).contains(&per_activity), "{per_activity} bytes");
        let rules = crosswalk_core::Rules::from_json(&settings()).unwrap();
        let plan: Value =
            serde_json::from_slice(&rules.plan_to_salesforce_json(&snapshot).unwrap()).unwrap();
        let created = plan["summary"]["by_action"]["create"].as_u64().unwrap();
        assert!(created > 700, "{}", plan["summary"]);
    }
}

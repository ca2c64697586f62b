//! What people and the org's own code do, which no client asked for.

use serde_json::{Value as Json, json};

use crate::org::{Client, account, contact, data, lead, org, org_with, task};
use crosswalk_sandbox::salesforce::{Trigger, TriggerChange, record_id};

const LEAD: &str = "IsConverted, Status, ConvertedDate, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId";

async fn leads(org: &Client) -> Vec<Json> {
    org.query(&format!("SELECT {LEAD} FROM Lead WHERE Id = '{}'", lead(1)))
        .await
}

#[tokio::test]
async fn a_lead_becomes_an_account_a_contact_and_an_opportunity_and_its_activities_follow() {
    let org = org();
    let made = json!({ "Subject": "Call", "WhoId": lead(1) });
    let made = org.post("/sobjects/Task", made).await.created();
    org.clock.advance(jiff::SignedDuration::from_mins(5));
    let conversion = json!({ "lead": lead(1), "opportunity": "Lahti – pilot" });
    let converted = org.endpoint.administer("convert", &conversion).unwrap();
    let held = leads(&org).await;
    assert_eq!(held[0]["IsConverted"], true);
    assert_eq!(held[0]["Status"], "Closed - Converted");
    assert_eq!(held[0]["ConvertedDate"], "2026-11-23");
    for (field, name) in [
        ("ConvertedAccountId", "account"),
        ("ConvertedContactId", "contact"),
        ("ConvertedOpportunityId", "opportunity"),
    ] {
        assert_eq!(held[0][field], converted[name], "{field}");
    }
    let contact = converted["contact"].as_str().unwrap();
    let person = org
        .get(&format!("/sobjects/Contact/{contact}"))
        .await
        .expect(200);
    assert_eq!(person["Email"], "lahti@example.com");
    assert_eq!(person["AccountId"], converted["account"]);
    let moved = org.task(&made);
    assert_eq!(moved["WhoId"], contact);
    assert_eq!(moved["AccountId"], converted["account"]);
    assert_eq!(moved["SystemModstamp"], "2026-11-23T10:05:00.000+0000");
    let again = org.endpoint.administer("convert", &conversion).unwrap_err();
    assert!(again.starts_with("CANNOT_UPDATE_CONVERTED_LEAD"), "{again}");
}

#[tokio::test]
async fn a_lead_becomes_a_contact_that_is_there_already() {
    let org = org();
    let conversion = json!({ "lead": lead(1), "account": account(), "contact": contact(2) });
    let converted = org.endpoint.administer("convert", &conversion).unwrap();
    assert_eq!(
        converted,
        json!({ "account": account(), "contact": contact(2), "opportunity": null })
    );
    let wrong = json!({ "lead": contact(1) });
    org.endpoint.administer("convert", &wrong).unwrap_err();
    let unknown = json!({ "lead": lead(1), "to": contact(1) });
    org.endpoint.administer("convert", &unknown).unwrap_err();
}

#[tokio::test]
async fn a_trigger_changes_what_is_saved() {
    let mut data = data();
    data.triggers.push(Trigger {
        sobject: "Task".to_owned(),
        field: "Subject".to_owned(),
        change: TriggerChange::Append(" [CRM]".to_owned()),
    });
    let org = org_with(data);
    let made = org
        .post("/sobjects/Task", json!({ "Subject": "Call" }))
        .await
        .created();
    assert_eq!(org.task(&made)["Subject"], "Call [CRM]");
    let path = format!("/sobjects/Task/{made}");
    org.patch(&path, json!({ "Priority": "High" }))
        .await
        .expect(204);
    assert_eq!(org.task(&made)["Subject"], "Call [CRM]");
    org.patch(&path, json!({ "Subject": "x".repeat(255) }))
        .await
        .refused(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    let others = json!([{ "sobject": "Task", "field": "Priority", "set": "Low" }]);
    org.endpoint.administer("triggers", &others).unwrap();
    org.patch(&path, json!({ "Subject": "Mail", "Priority": "High" }))
        .await
        .expect(204);
    let held = org.task(&made);
    assert_eq!(
        (&held["Subject"], &held["Priority"]),
        (&json!("Mail"), &json!("Low"))
    );
    for wrong in [
        json!([{ "sobject": "Task", "field": "Nonsense", "set": "x" }]),
        json!([{ "sobject": "Nonsense", "field": "Subject", "append": "x" }]),
        json!([{ "sobject": "Task", "field": "Subject" }]),
    ] {
        org.endpoint.administer("triggers", &wrong).unwrap_err();
    }
}

#[tokio::test]
async fn a_trigger_of_no_field_isnt_taken() {
    let mut data = data();
    data.triggers.push(Trigger {
        sobject: "Task".to_owned(),
        field: "Nonsense".to_owned(),
        change: TriggerChange::Set(json!("x")),
    });
    let state = org_with(data).endpoint.state();
    assert_eq!(
        state["rejected"],
        json!(["trigger: no field Task.Nonsense"])
    );
}

#[tokio::test]
async fn the_recycle_bin_keeps_for_fifteen_days_and_gives_back() {
    let org = org();
    let path = format!("/sobjects/Task/{}", task(2));
    org.delete(&path).await.expect(204);
    let all = || org.get("/queryAll?q=SELECT+Id+FROM+Task+WHERE+IsDeleted=true");
    assert_eq!(all().await.expect(200)["totalSize"], 1);
    let bin = json!({ "ids": [task(2)] });
    org.endpoint.administer("undelete", &bin).unwrap();
    org.get(&path).await.expect(200);
    org.endpoint.administer("undelete", &bin).unwrap_err();
    org.delete(&path).await.expect(204);
    org.clock
        .advance(jiff::SignedDuration::from_hours(15 * 24 + 1));
    assert_eq!(all().await.expect(200)["totalSize"], 0);
    org.endpoint.administer("undelete", &bin).unwrap_err();
}

#[tokio::test]
async fn an_event_has_a_start_an_end_and_a_duration_that_agree() {
    let org = org();
    let shown = "StartDateTime, EndDateTime, ActivityDateTime, ActivityDate, DurationInMinutes";
    let at = |time: &str| format!("2026-11-24T{time}:00.000+0000");
    let given =
        json!({ "Subject": "Visit", "StartDateTime": at("09:00"), "EndDateTime": at("10:30") });
    let made = org.post("/sobjects/Event", given).await.created();
    let path = format!("/sobjects/Event/{made}");
    for (change, start, end, minutes) in [
        (json!({}), "09:00", "10:30", 90),
        (
            json!({ "ActivityDateTime": at("11:00") }),
            "11:00",
            "12:30",
            90,
        ),
        (json!({ "DurationInMinutes": 30 }), "11:00", "11:30", 30),
        (json!({ "EndDateTime": at("13:00") }), "11:00", "13:00", 120),
        (
            json!({ "StartDateTime": at("08:00") }),
            "08:00",
            "10:00",
            120,
        ),
    ] {
        org.patch(&path, change.clone()).await.expect(204);
        let event = &org
            .query(&format!("SELECT {shown} FROM Event WHERE Id = '{made}'"))
            .await[0];
        assert_eq!(event["StartDateTime"], at(start), "{change}");
        assert_eq!(event["ActivityDateTime"], at(start), "{change}");
        assert_eq!(event["EndDateTime"], at(end), "{change}");
        assert_eq!(event["DurationInMinutes"], minutes, "{change}");
        assert_eq!(event["ActivityDate"], "2026-11-24", "{change}");
    }
    org.patch(&path, json!({ "EndDateTime": at("07:00") }))
        .await
        .refused(400, "FIELD_INTEGRITY_EXCEPTION");
}

#[tokio::test]
async fn an_event_of_all_day_needs_only_its_day_and_ends_with_its_last() {
    let org = org();
    let given = json!({ "Subject": "Fair", "IsAllDayEvent": true, "ActivityDate": "2026-12-01" });
    let made = org.post("/sobjects/Event", given).await.created();
    let event = org
        .get(&format!("/sobjects/Event/{made}"))
        .await
        .expect(200);
    assert_eq!(event["StartDateTime"], "2026-12-01T00:00:00.000+0000");
    assert_eq!(event["EndDateTime"], "2026-12-01T00:00:00.000+0000");
    assert_eq!(event["DurationInMinutes"], 1_440);
    for (change, end, minutes) in [
        (
            json!({ "EndDateTime": "2026-12-03T00:00:00Z" }),
            "03",
            4_320,
        ),
        (json!({ "DurationInMinutes": 2_880 }), "02", 2_880),
        (json!({ "Subject": "Trade fair" }), "02", 2_880),
    ] {
        let path = format!("/sobjects/Event/{made}");
        org.patch(&path, change.clone()).await.expect(204);
        let event = org.get(&path).await.expect(200);
        let end = format!("2026-12-{end}T00:00:00.000+0000");
        assert_eq!(event["EndDateTime"], end, "{change}");
        assert_eq!(event["DurationInMinutes"], minutes, "{change}");
    }
    let refused = org
        .post("/sobjects/Event", json!({ "Subject": "When?" }))
        .await;
    let refused = refused.refused(400, "REQUIRED_FIELD_MISSING");
    assert_eq!(
        refused["fields"],
        json!(["DurationInMinutes", "ActivityDateTime"])
    );
}

#[tokio::test]
async fn an_email_message_belongs_to_its_task() {
    let org = org();
    let given = json!({
        "ActivityId": task(1), "Subject": "Re: offer", "TextBody": "Yes.", "Incoming": true, "Status": "1",
        "FromAddress": "aino@example.com", "ToAddress": "sales@example.com", "MessageDate": "2026-11-20T08:00:00Z",
    });
    let made = org.post("/sobjects/EmailMessage", given).await.created();
    assert!(made.starts_with("02s"), "{made}");
    let soql = format!(
        "SELECT Id, Activity.Subject FROM EmailMessage WHERE ActivityId IN ('{}')",
        task(1)
    );
    let found = org.query(&soql).await;
    assert_eq!(found[0]["Activity"]["Subject"], "Task 1");
    let wrong = json!({ "ActivityId": record_id("00U", 1) });
    org.post("/sobjects/EmailMessage", wrong)
        .await
        .refused(400, "MALFORMED_ID");
}

#[tokio::test]
async fn a_queue_owns_tasks_and_no_events_and_who_left_owns_neither() {
    let mut data = data();
    let queue = record_id("00G", 1);
    data.push(
        "Group",
        json!({ "Id": queue, "Name": "Support", "Type": "Queue" }),
    );
    let org = org_with(data);
    let owned = |owner: &str| json!({ "Subject": "x", "OwnerId": owner });
    let event = |owner: &str| json!({ "Subject": "x", "OwnerId": owner, "IsAllDayEvent": true, "ActivityDate": "2026-12-01" });
    org.post("/sobjects/Task", owned(&queue)).await.created();
    org.post("/sobjects/Event", event(&queue))
        .await
        .refused(400, "MALFORMED_ID");
    let left = crate::org::user(3);
    for (sobject, fields) in [("Task", owned(&left)), ("Event", event(&left))] {
        org.post(&format!("/sobjects/{sobject}"), fields)
            .await
            .refused(400, "INACTIVE_OWNER_OR_USER");
    }
}

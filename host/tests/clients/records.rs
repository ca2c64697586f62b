//! Tasks and Events of Salesforce.

use std::sync::Arc;

use crosswalk_host::listed::Listed;
use crosswalk_host::salesforce::{ListedRecord, RecordCursor, RecordObject, RecordsPage};
use crosswalk_sandbox::salesforce::{Generated, HiddenField, SalesforceData, record_id};
use serde_json::{Value as Json, json};

use crate::systems::{Systems, answers, at, texts};

pub(crate) const KEY: &str = "Crosswalk_Key__c";

fn task(number: u64) -> String {
    record_id("00T", number)
}

/// Tasks 1 to 4, of which 3 is deleted and 4 is older, and Events 1 (of an hour) and 2 (of two days).
fn data() -> SalesforceData {
    let mut data = SalesforceData {
        key_field: Some(KEY.to_owned()),
        ..SalesforceData::default()
    };
    data.push(
        "Contact",
        json!({ "Id": record_id("003", 1), "LastName": "Aalto" }),
    );
    for (number, stamp) in [
        (1, "2026-11-20T08:00:00Z"),
        (2, "2026-11-20T08:00:00Z"),
        (3, "2026-11-21T08:00:00Z"),
        (4, "2026-11-01T08:00:00Z"),
    ] {
        let mut fields = json!({
            "Id": task(number), "Subject": format!("Task {number}"), "CreatedDate": stamp, "LastModifiedDate": stamp,
            "IsDeleted": number == 3,
        });
        if number == 1 {
            for (name, value) in [
                ("Description", "a\r\n\"b\", ü".into()),
                ("Status", "Completed".into()),
                ("CompletedDateTime", "2026-11-20T09:00:00Z".into()),
                ("Priority", "High".into()),
                ("Type", "Call".into()),
                ("TaskSubtype", "Call".into()),
                ("ActivityDate", "2026-11-20".into()),
                ("WhoId", record_id("003", 1).into()),
                ("CallDurationInSeconds", 95.into()),
                ("CallType", "Outbound".into()),
                ("CallDisposition", "Connected".into()),
                ("IsReminderSet", true.into()),
                ("ReminderDateTime", "2026-11-20T07:30:00Z".into()),
                (KEY, "hubspot:8821:call:501".into()),
            ] {
                fields[name] = value;
            }
        }
        data.push("Task", fields);
    }
    data.push(
        "Event",
        json!({
            "Id": record_id("00U", 1), "Subject": "Meeting", "StartDateTime": "2026-11-24T08:00:00Z", "DurationInMinutes": 60,
            "Location": "Helsinki", "CreatedDate": "2026-11-20T08:00:00Z",
        }),
    );
    data.push(
        "Event",
        json!({
            "Id": record_id("00U", 2), "Subject": "Fair", "IsAllDayEvent": true, "ActivityDate": "2026-12-01",
            "EndDateTime": "2026-12-02T00:00:00Z", "IsChild": true, "CreatedDate": "2026-11-21T08:00:00Z",
        }),
    );
    data
}

fn beginning() -> RecordCursor {
    RecordCursor::from(at("2026-11-20T08:00:00Z"))
}

/// The records of a page that all can be read.
pub(crate) fn read(records: Vec<Listed<ListedRecord>>) -> Vec<ListedRecord> {
    let records = records.into_iter().map(|Listed(record)| record.unwrap());
    records.collect()
}

fn ids(page: RecordsPage) -> Vec<String> {
    let records = read(page.records).into_iter();
    records.map(|record| record.id).collect()
}

fn user() -> String {
    SalesforceData::integration_user()
}

#[tokio::test]
async fn a_task_has_the_shape_of_the_snapshot() {
    let systems = Systems::salesforce(data()).await;
    let page = systems
        .salesforce
        .records_changed(RecordObject::Task, &beginning(), Some("CROSSWALK_key__C"))
        .await
        .unwrap();
    assert!(page.is_last);
    assert_eq!(
        page.next,
        Some(RecordCursor {
            stamp: at("2026-11-21T08:00:00Z"),
            id: task(3)
        })
    );
    let records = read(page.records);
    assert_eq!(records[0].id, task(1));
    assert_eq!(records[0].modified_at, at("2026-11-20T08:00:00Z"));
    assert_eq!(
        Json::from(records[0].fields.clone()),
        json!({
            "id": task(1), "object": "Task", "created_at": "2026-11-20T08:00:00Z", "modified_at": "2026-11-20T08:00:00Z",
            "subject": "Task 1", "description": "a\r\n\"b\", ü", "status": "Completed", "is_closed": true, "priority": "High",
            "type": "Call", "task_subtype": "Call", "activity_date": "2026-11-20", "owner_id": user(),
            "who_id": record_id("003", 1), "created_by": user(), "modified_by": user(), "completed_at": "2026-11-20T09:00:00Z",
            "reminder_at": "2026-11-20T07:30:00Z", "key": "hubspot:8821:call:501", "call_duration_s": 95, "call_type": "Outbound",
            "call_disposition": "Connected", "is_deleted": false,
        })
    );
    assert_eq!(records[1].id, task(2));
    assert_eq!(
        (&records[2].id, &records[2].fields["is_deleted"]),
        (&task(3), &json!(true))
    );
}

#[tokio::test]
async fn an_event_has_the_shape_of_the_snapshot() {
    let systems = Systems::salesforce(data()).await;
    let page = systems
        .salesforce
        .records_changed(RecordObject::Event, &beginning(), None)
        .await
        .unwrap();
    let records = read(page.records);
    assert_eq!(
        Json::from(records[0].fields.clone()),
        json!({
            "id": record_id("00U", 1), "object": "Event", "created_at": "2026-11-20T08:00:00Z",
            "modified_at": "2026-11-20T08:00:00Z", "subject": "Meeting", "activity_date": "2026-11-24",
            "start_at": "2026-11-24T08:00:00Z", "end_at": "2026-11-24T09:00:00Z", "is_all_day": false, "is_child": false,
            "location": "Helsinki", "owner_id": user(), "created_by": user(), "modified_by": user(), "is_deleted": false,
        })
    );
    let of_days = &records[1].fields;
    assert_eq!(of_days["activity_date"], "2026-12-01");
    assert_eq!(of_days["start_at"], "2026-12-01T00:00:00Z");
    assert_eq!(of_days["end_at"], "2026-12-02T00:00:00Z");
    assert_eq!(
        (&of_days["is_all_day"], &of_days["is_child"]),
        (&json!(true), &json!(true))
    );
}

#[tokio::test]
async fn a_cursor_stands_behind_its_record() {
    let systems = Systems::salesforce(data()).await;
    for (stamp, id, expected) in [
        ("2026-11-20T08:00:00Z", task(1), vec![task(2), task(3)]),
        ("2026-11-20T08:00:00Z", task(2), vec![task(3)]),
        ("2026-11-20T08:00:01Z", String::new(), vec![task(3)]),
        ("2026-11-21T08:00:00Z", task(3), vec![]),
    ] {
        let after = RecordCursor {
            stamp: at(stamp),
            id,
        };
        let page = systems
            .salesforce
            .records_changed(RecordObject::Task, &after, None)
            .await
            .unwrap();
        assert_eq!(page.next.is_none(), expected.is_empty());
        assert_eq!(ids(page), expected);
    }
}

#[tokio::test]
async fn pages_lose_none_of_many_with_one_stamp() {
    let mut data = SalesforceData::default();
    data.generated.push(Generated {
        sobject: "Task".to_owned(),
        number: 4_500,
        make: Arc::new(|number| {
            let stamp = format!("2026-11-20T08:00:0{}Z", number % 3);
            json!({ "Id": task(number), "Subject": "x", "CreatedDate": stamp })
        }),
    });
    let systems = Systems::salesforce(data).await;
    let salesforce = &systems.salesforce;
    let (mut found, mut pages, mut after) = (Vec::new(), 0, beginning());
    loop {
        let page = salesforce
            .records_changed(RecordObject::Task, &after, None)
            .await
            .unwrap();
        pages += 1;
        let is_last = page.is_last;
        after = page.next.clone().unwrap_or(after);
        found.extend(ids(page));
        if is_last {
            break;
        }
    }
    assert_eq!(pages, 3);
    let mut all: Vec<u64> = (1..=4_500).collect();
    all.sort_by_key(|number| (number % 3, *number));
    let all: Vec<String> = all.into_iter().map(task).collect();
    assert_eq!(found, all);
    assert_eq!(
        salesforce.count_records(RecordObject::Task, None).await,
        Ok(4_500)
    );
    let second = Some(at("2026-11-20T08:00:01Z"));
    assert_eq!(
        salesforce.count_records(RecordObject::Task, second).await,
        Ok(3_000)
    );
}

#[tokio::test]
async fn records_that_are_there_come_by_id() {
    let systems = Systems::salesforce(data()).await;
    let salesforce = &systems.salesforce;
    let since = Some(at("2026-11-20T08:00:00Z"));
    for (since, after, expected) in [
        (None, None, vec![task(1), task(2), task(4)]),
        (since, None, vec![task(1), task(2)]),
        (since, Some(task(1)), vec![task(2)]),
        (None, Some(task(4)), vec![]),
    ] {
        let page = salesforce
            .records_page(RecordObject::Task, since, after.as_deref(), Some(KEY))
            .await
            .unwrap();
        assert!(page.is_last);
        let last = page.next.as_ref().map(|next| next.id.clone());
        assert_eq!(last.as_ref(), expected.last());
        assert_eq!(ids(page), expected);
    }
    assert_eq!(
        salesforce.count_records(RecordObject::Task, since).await,
        Ok(2)
    );
}

#[tokio::test]
async fn records_by_id_are_deleted_ones_too_and_what_is_no_id_spoils_none() {
    let systems = Systems::salesforce(data()).await;
    let wanted = texts(&[
        &task(3),
        "nonsense",
        &record_id("00U", 1),
        &task(99),
        &task(1),
    ]);
    let records = systems
        .salesforce
        .records_by_id(RecordObject::Task, &wanted, Some(KEY))
        .await
        .unwrap();
    let found: Vec<_> = records
        .iter()
        .map(|record| (record.id.as_str(), record.fields["is_deleted"] == true))
        .collect();
    assert_eq!(found, [(&*task(1), false), (&*task(3), true)]);
    assert_eq!(records[0].fields["key"], "hubspot:8821:call:501");
}

#[tokio::test]
async fn fields_that_the_org_hides_are_left_out() {
    let hidden = ["Type", "CallType"].map(|field| HiddenField {
        sobject: "Task".to_owned(),
        field: field.to_owned(),
    });
    let mut data = SalesforceData {
        hidden_fields: hidden.to_vec(),
        ..SalesforceData::default()
    };
    data.push("Task", json!({ "Id": task(1), "Subject": "x" }));
    let systems = Systems::salesforce(data).await;
    let salesforce = &systems.salesforce;
    let queries = || {
        systems
            .sandbox
            .salesforce()
            .log()
            .count("GET", "/services/data/v67.0/queryAll")
    };
    let page = salesforce
        .records_page(RecordObject::Task, None, None, None)
        .await
        .unwrap();
    assert_eq!(read(page.records)[0].fields["subject"], "x");
    // Refused, then without them.
    assert_eq!(queries(), 2);
    let found = salesforce
        .records_by_id(RecordObject::Task, &[task(1)], None)
        .await
        .unwrap();
    assert_eq!((found.len(), queries()), (1, 3));
    let job = salesforce
        .start_bulk_query(RecordObject::Task, None, None)
        .await;
    assert!(job.is_ok(), "{job:?}");
    // A key field isn't left out: who names one believes that it is there.
    let missing = salesforce
        .records_page(RecordObject::Task, None, None, Some("Nothing__c"))
        .await
        .unwrap_err();
    assert_eq!(missing.code.as_deref(), Some("INVALID_FIELD"));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_leaves_the_others_as_they_are() {
    let systems = Systems::salesforce(data()).await;
    let page = json!({ "totalSize": 3, "done": true, "records": [
        { "Id": "00T1", "CreatedDate": "2026-11-20T08:00:00.000+0000", "SystemModstamp": "2026-11-20T08:00:00.000+0000" },
        { "Id": "00T2", "CreatedDate": null, "SystemModstamp": "2026-11-20T08:00:01.000+0000" },
        { "CreatedDate": "2026-11-20T08:00:00.000+0000", "SystemModstamp": "2026-11-20T08:00:02.000+0000" },
    ]});
    systems.salesforce_fault("GET", "/queryAll", answers(200, &page.to_string()), 1);
    let page = systems
        .salesforce
        .records_changed(RecordObject::Task, &beginning(), None)
        .await
        .unwrap();
    let said: Vec<_> = page
        .records
        .iter()
        .map(|Listed(record)| match record {
            Ok(record) => record.id.clone(),
            Err(unreadable) => format!("{:?}: {}", unreadable.id.as_deref(), unreadable.message),
        })
        .collect();
    assert_eq!(
        said,
        [
            "00T1",
            "Some(\"00T2\"): it has no CreatedDate",
            "None: it has no Id"
        ]
    );
    assert_eq!(page.next.unwrap().id, "00T2");
}

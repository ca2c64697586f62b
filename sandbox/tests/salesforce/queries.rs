//! SOQL over the wire.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::org::{DATA, KEY, account, contact, data, escaped, lead, org, org_with, task, user};

fn ids(records: &[Json]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record["Id"].as_str().unwrap())
        .collect()
}

fn fields(records: &[Json], name: &str) -> Vec<Json> {
    records.iter().map(|record| record[name].clone()).collect()
}

#[tokio::test]
async fn a_query_gives_the_fields_it_names() {
    let org = org();
    let soql = "SELECT Id, Subject, ActivityDate, Who.Name, Who.Type, Account.Name, Owner.Email FROM Task WHERE Id = ";
    let reply = org
        .get(&format!(
            "/query?q={}",
            escaped(&format!("{soql}'{}'", task(1)))
        ))
        .await;
    let url = |sobject: &str, id: &str| format!("{DATA}/sobjects/{sobject}/{id}");
    assert_eq!(
        reply.expect(200),
        json!({
            "totalSize": 1,
            "done": true,
            "records": [{
                "attributes": { "type": "Task", "url": url("Task", &task(1)) },
                "Id": task(1),
                "Subject": "Task 1",
                "ActivityDate": null,
                "Who": {
                    "attributes": { "type": "Name", "url": url("Contact", &contact(1)) },
                    "Name": "Aino@example.com",
                    "Type": "Contact",
                },
                "Account": {
                    "attributes": { "type": "Account", "url": url("Account", &account()) },
                    "Name": "Acme",
                },
                "Owner": {
                    "attributes": { "type": "Name", "url": url("User", &user(1)) },
                    "Email": "integration@example.com",
                },
            }],
        })
    );
}

#[tokio::test]
async fn what_the_host_asks_is_answered() {
    let org = org();
    let users = org
        .query("SELECT Id, Username, Email, Name, IsActive, UserType FROM User ORDER BY Id")
        .await;
    assert_eq!(
        fields(&users, "IsActive"),
        [json!(true), json!(true), json!(false)]
    );
    let contacts = org
        .query(r"SELECT Id, Email, CreatedDate FROM Contact WHERE Email IN ('aino@EXAMPLE.com','gone@example.com','x\'y')")
        .await;
    assert_eq!(ids(&contacts), [contact(1)]);
    let leads = format!(
        "SELECT Id, Email, CreatedDate, IsConverted, ConvertedContactId FROM Lead WHERE Id IN ('{}','{}')",
        lead(1),
        lead(2)
    );
    let leads = org.query(&leads).await;
    assert_eq!(
        fields(&leads, "ConvertedContactId"),
        [json!(null), json!(contact(1))]
    );
    let statuses = org
        .query("SELECT ApiName, MasterLabel, IsClosed FROM TaskStatus")
        .await;
    let closed: Vec<_> = statuses
        .iter()
        .filter(|status| status["IsClosed"] == true)
        .map(|status| &status["ApiName"])
        .collect();
    assert_eq!(closed, ["Completed", "Called off"]);
    let keys = format!("SELECT Id, {KEY} FROM Task WHERE {KEY} IN ('A','twice','none')");
    assert_eq!(ids(&org.query(&keys).await), [task(1), task(4), task(5)]);
}

#[tokio::test]
async fn records_are_filtered_and_sorted() {
    let org = org();
    for (number, fields) in [
        (
            1,
            json!({ "ActivityDate": "2026-11-23", "Priority": "High" }),
        ),
        (
            2,
            json!({ "ActivityDate": "2026-11-24", "CallDurationInSeconds": 60 }),
        ),
        (
            3,
            json!({ "ActivityDate": "2026-12-01", "Subject": "50% off_now" }),
        ),
    ] {
        org.patch(&format!("/sobjects/Task/{}", task(number)), fields)
            .await
            .expect(204);
    }
    for (condition, expected) in [
        ("WHERE ActivityDate = TODAY", vec![1]),
        ("WHERE ActivityDate > TODAY", vec![2, 3]),
        ("WHERE ActivityDate = NEXT_N_DAYS:7", vec![2]),
        ("WHERE ActivityDate >= 2026-11-24", vec![2, 3]),
        ("WHERE ActivityDate = null", vec![4, 5]),
        ("WHERE ActivityDate != null", vec![1, 2, 3]),
        ("WHERE IsHighPriority = true", vec![1]),
        ("WHERE CallDurationInSeconds >= 60", vec![2]),
        ("WHERE CreatedDate < 2026-11-03T08:00:00Z", vec![1, 2]),
        (
            "WHERE CreatedDate < 2026-11-03T08:00:01+00:00",
            vec![1, 2, 3],
        ),
        ("WHERE Subject LIKE 'task _'", vec![1, 2, 4, 5]),
        (r"WHERE Subject LIKE '%\% off\_%'", vec![3]),
        ("WHERE Subject = 'TASK 4'", vec![4]),
        (
            "WHERE NOT (Subject LIKE 'Task%' OR ActivityDate = TODAY)",
            vec![3],
        ),
        (
            "WHERE Subject IN ('Task 1','Task 2') AND Priority != 'High'",
            vec![2],
        ),
        (
            "WHERE Subject NOT IN ('Task 1','Task 2') AND Crosswalk_Key__c = 'twice'",
            vec![4, 5],
        ),
        (
            "WHERE Who.Email = 'aino@example.com' AND Account.Name = 'Acme' LIMIT 2",
            vec![1, 2],
        ),
        (
            "WHERE WhoId IN (SELECT Id FROM Contact WHERE Email LIKE 'otto%')",
            vec![],
        ),
        ("ORDER BY CreatedDate DESC LIMIT 2", vec![5, 4]),
        (
            "ORDER BY ActivityDate DESC NULLS LAST, Id DESC",
            vec![3, 2, 1, 5, 4],
        ),
        ("ORDER BY ActivityDate ASC, Id LIMIT 2 OFFSET 1", vec![5, 1]),
        (
            "WHERE SystemModstamp >= 2026-11-23T10:00:00Z ORDER BY SystemModstamp, Id",
            vec![1, 2, 3],
        ),
        (
            "WHERE (SystemModstamp = 2026-11-04T08:00:00Z AND Id > '00T000000000003') OR SystemModstamp > 2026-11-04T08:00:00Z ORDER BY SystemModstamp, Id LIMIT 2",
            vec![4, 5],
        ),
    ] {
        let found = org.query(&format!("SELECT Id FROM Task {condition}")).await;
        let expected: Vec<_> = expected.into_iter().map(task).collect();
        assert_eq!(ids(&found), expected, "{condition}");
    }
}

#[tokio::test]
async fn deleted_records_are_seen_by_query_all_only() {
    let org = org();
    org.delete(&format!("/sobjects/Task/{}", task(1)))
        .await
        .expect(204);
    let soql = escaped("SELECT Id, IsDeleted FROM Task ORDER BY Id LIMIT 1");
    let present = org.get(&format!("/query/?q={soql}")).await.expect(200);
    assert_eq!(present["records"][0]["Id"], task(2));
    let all = org.get(&format!("/queryAll/?q={soql}")).await.expect(200);
    assert_eq!(
        (&all["records"][0]["Id"], &all["records"][0]["IsDeleted"]),
        (&json!(task(1)), &json!(true))
    );
}

#[tokio::test]
async fn count_gives_no_records() {
    let org = org();
    let counted = org
        .get("/query?q=SELECT+COUNT()+FROM+Task+WHERE+Subject+!=+null")
        .await;
    assert_eq!(
        counted.expect(200),
        json!({ "totalSize": 5, "done": true, "records": [] })
    );
}

#[tokio::test]
async fn a_query_is_read_page_by_page() {
    let mut data = data();
    for number in 6..=4_500 {
        data.push("Task", json!({ "Id": task(number), "Subject": "x" }));
    }
    let org = org_with(data);
    let first = org
        .get("/query?q=SELECT%20Id%20FROM%20Task")
        .await
        .expect(200);
    assert_eq!(
        (&first["totalSize"], &first["done"]),
        (&json!(4_500), &json!(false))
    );
    let mut seen = first["records"].as_array().unwrap().clone();
    assert_eq!(seen.len(), 2_000);
    let mut next = first["nextRecordsUrl"].as_str().map(str::to_owned);
    assert!(next.as_ref().unwrap().ends_with("-2000"));
    let mut pages = 1;
    while let Some(url) = next {
        // The same page may be asked for again: its answer may have been lost.
        let resource = url.strip_prefix(DATA).unwrap();
        let page = org.get(resource).await.expect(200);
        assert_eq!(org.get(resource).await.expect(200), page);
        seen.extend(page["records"].as_array().unwrap().iter().cloned());
        next = page["nextRecordsUrl"].as_str().map(str::to_owned);
        assert_eq!(page["done"], next.is_none());
        pages += 1;
    }
    let expected: Vec<_> = (1..=4_500).map(task).collect();
    assert_eq!(
        (ids(&seen), pages),
        (expected.iter().map(String::as_str).collect(), 3)
    );
}

#[tokio::test]
async fn the_size_of_a_page_has_its_bounds() {
    let mut data = data();
    for _ in 0..2_500 {
        data.push("Task", json!({ "Subject": "x" }));
    }
    let org = org_with(data);
    for (wanted, given) in [
        ("200", 200),
        ("700", 700),
        ("1", 200),
        ("9999", 2_000),
        ("x", 2_000),
    ] {
        let option = format!("batchSize={wanted}");
        let headers = [
            ("authorization", "Bearer sandbox-salesforce-token"),
            ("sforce-query-options", &*option),
        ];
        let path = format!("{DATA}/query?q=SELECT+Id+FROM+Task");
        let page = org.send_with("GET", &path, &headers, "").await.expect(200);
        assert_eq!(page["records"].as_array().unwrap().len(), given, "{wanted}");
    }
}

#[tokio::test]
async fn a_locator_ends_after_two_days() {
    let mut data = data();
    for _ in 0..2_500 {
        data.push("Task", json!({ "Subject": "x" }));
    }
    let org = org_with(data);
    let first = org.get("/query?q=SELECT+Id+FROM+Task").await.expect(200);
    let url = first["nextRecordsUrl"].as_str().unwrap().to_owned();
    let resource = url.strip_prefix(DATA).unwrap();
    let (locator, _) = resource.rsplit_once('-').unwrap();
    for wrong in [
        "/query/01g000000000009AAA-2000",
        "/query/nonsense",
        &format!("{locator}-99999"),
        &format!("{locator}-x"),
    ] {
        org.get(wrong).await.refused(400, "INVALID_QUERY_LOCATOR");
    }
    org.clock.advance(SignedDuration::from_hours(47));
    org.get(resource).await.expect(200);
    org.clock.advance(SignedDuration::from_hours(1));
    org.get(resource)
        .await
        .refused(400, "INVALID_QUERY_LOCATOR");
}

#[tokio::test]
async fn a_query_is_refused_with_its_place() {
    let org = org();
    for (soql, code, end) in [
        (
            "SELECT Id FORM Task",
            "MALFORMED_QUERY",
            "\nSELECT Id FORM Task\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FORM'",
        ),
        ("", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        (
            "SELECT Nope FROM Task",
            "INVALID_FIELD",
            "No such column 'Nope' on entity 'Task'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id FROM Nothing",
            "INVALID_TYPE",
            "for the appropriate names.",
        ),
        (
            "SELECT Id FROM Task WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Task ORDER BY Description",
            "MALFORMED_QUERY",
            "field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Id FROM Task WHERE ActivityDate = '2026-11-23'",
            "INVALID_FIELD",
            "value of filter criterion for field 'ActivityDate' must be of type date and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Task WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: x",
        ),
        (
            "SELECT Id FROM Task OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "apiName Task",
        ),
    ] {
        let refused = org
            .get(&format!("/query?q={}", escaped(soql)))
            .await
            .refused(400, code);
        let message = refused["message"].as_str().unwrap();
        assert!(message.ends_with(end), "{soql}: {message}");
    }
    org.get("/query").await.refused(400, "MALFORMED_QUERY");
}

#[tokio::test]
async fn an_address_has_at_most_16_384_bytes() {
    let org = org();
    let resource = |length: usize| {
        let begin = "/query?q=SELECT+Id+FROM+Task+WHERE+Subject='";
        let rest = length - DATA.len() - begin.len() - 1;
        format!("{begin}{}'", "x".repeat(rest))
    };
    org.get(&resource(16_200)).await.expect(200);
    org.get(&resource(16_384))
        .await
        .refused(431, "REQUEST_HEADER_FIELDS_TOO_LARGE");
    org.get(&resource(16_385))
        .await
        .refused(414, "URI_TOO_LONG");
}

//! Queries of the Bulk API.

use serde_json::{Value as Json, json};

use crate::org::{Client, DATA, KEY, Reply, contact, data, options, org, org_with, task};
use crosswalk_sandbox::salesforce::DEFAULT_TOKEN;

const JOBS: &str = "/jobs/query";

fn query(operation: &str, soql: &str) -> Json {
    json!({ "operation": operation, "query": soql })
}

/// The id of a job that was made and waited for.
async fn done(org: &Client, new: Json) -> String {
    let made = org.post(JOBS, new).await.expect(200);
    let job = format!("{JOBS}/{}", made["id"].as_str().unwrap());
    while org.get(&job).await.expect(200)["state"] != "JobComplete" {}
    made["id"].as_str().unwrap().to_owned()
}

fn header<'r>(reply: &'r Reply, name: &str) -> &'r str {
    reply.headers[name].to_str().unwrap()
}

#[tokio::test]
async fn a_job_is_done_by_and_by_and_tells_how_far_it_got() {
    let org = org();
    let soql = "SELECT Id FROM Task WHERE WhoId != null ORDER BY Id";
    let made = org.post(JOBS, query("query", soql)).await.expect(200);
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        made,
        json!({
            "id": id,
            "operation": "query",
            "object": "Task",
            "createdById": "005000000000001AAA",
            "createdDate": "2026-11-23T10:00:00.000+0000",
            "systemModstamp": "2026-11-23T10:00:00.000+0000",
            "state": "UploadComplete",
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": 67.0,
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        })
    );
    let job = format!("{JOBS}/{id}");
    let results = format!("{job}/results");
    org.get(&results).await.refused(400, "INVALIDJOBSTATE");
    org.delete(&job).await.refused(400, "INVALIDJOBSTATE");
    let waiting = org.get(&job).await.expect(200);
    assert_eq!(
        (&waiting["state"], &waiting["jobType"]),
        (&json!("InProgress"), &json!("V2Query"))
    );
    let complete = org.get(&job).await.expect(200);
    assert_eq!(complete["state"], "JobComplete");
    assert_eq!(complete["numberRecordsProcessed"], 5);
    org.get(&results).await.expect(200);
    let all = org.get(JOBS).await.expect(200);
    assert_eq!(all["records"][0]["id"], id);
    org.delete(&job).await.expect(204);
    org.get(&job).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn results_are_pages_of_csv() {
    let org = org();
    let soql = format!("SELECT Id, {KEY}, Who.Name, IsClosed, Description FROM Task ORDER BY Id");
    let job = done(&org, query("query", &soql)).await;
    let results = format!("{JOBS}/{job}/results");
    let first = org.get(&format!("{results}?maxRecords=2")).await;
    assert_eq!(header(&first, "content-type"), "text/csv");
    assert_eq!(header(&first, "sforce-numberofrecords"), "2");
    let lines: Vec<_> = first.text.lines().collect();
    assert_eq!(
        lines[0],
        format!(r#""Id","{KEY}","Who.Name","IsClosed","Description""#)
    );
    assert_eq!(
        lines[1],
        format!(r#""{}","a","Aino@example.com","false","""#, task(1))
    );
    let mut ids = 2;
    let mut locator = header(&first, "sforce-locator").to_owned();
    while locator != "null" {
        let page = org
            .get(&format!("{results}?maxRecords=2&locator={locator}"))
            .await;
        ids += page.text.lines().count() - 1;
        locator = header(&page, "sforce-locator").to_owned();
    }
    assert_eq!(ids, 5);
    let whole = org.get(&results).await;
    assert_eq!(header(&whole, "sforce-locator"), "null");
    assert_eq!(whole.text.lines().count(), 6);
    for wrong in ["locator=zz", "locator=ff"] {
        org.get(&format!("{results}?{wrong}"))
            .await
            .refused(400, "INVALID_QUERY_LOCATOR");
    }
    org.get(&format!("{results}?maxRecords=0"))
        .await
        .refused(400, "API_ERROR");
}

#[tokio::test]
async fn quotes_and_lines_are_kept_and_delimiters_chosen() {
    let mut data = data();
    data.push(
        "Task",
        json!({ "Id": task(9), "Subject": "He said \"no\"", "Description": "one\r\ntwo; three", "WhoId": contact(2) }),
    );
    let org = org_with(data);
    let mut new = query(
        "query",
        &format!(
            "SELECT Subject, Description FROM Task WHERE Id = '{}'",
            task(9)
        ),
    );
    new["columnDelimiter"] = json!("SEMICOLON");
    new["lineEnding"] = json!("CRLF");
    let job = done(&org, new).await;
    let page = org.get(&format!("{JOBS}/{job}/results")).await;
    assert_eq!(
        page.text,
        "\"Subject\";\"Description\"\r\n\"He said \"\"no\"\"\";\"one\r\ntwo; three\"\r\n"
    );
}

#[tokio::test]
async fn query_all_finds_what_was_deleted() {
    let org = org();
    org.delete(&format!("/sobjects/Task/{}", task(2)))
        .await
        .expect(204);
    for (operation, expected) in [("query", 4), ("queryAll", 5)] {
        let job = done(&org, query(operation, "SELECT Id, IsDeleted FROM Task")).await;
        let page = org.get(&format!("{JOBS}/{job}/results")).await;
        assert_eq!(
            header(&page, "sforce-numberofrecords"),
            expected.to_string()
        );
        assert_eq!(page.text.contains("true"), operation == "queryAll");
    }
}

#[tokio::test]
async fn what_bulk_queries_cant_is_refused() {
    let org = org();
    for (new, code) in [
        (query("query", "SELECT COUNT() FROM Task"), "API_ERROR"),
        (
            query("query", "SELECT Id FROM Task LIMIT 5 OFFSET 2"),
            "API_ERROR",
        ),
        (query("query", "SELECT Nonsense FROM Task"), "INVALID_FIELD"),
        (query("insert", "SELECT Id FROM Task"), "JSON_PARSER_ERROR"),
        (json!({ "operation": "query" }), "JSON_PARSER_ERROR"),
    ] {
        org.post(JOBS, new).await.refused(400, code);
    }
    let made = org
        .post(JOBS, query("query", "SELECT Id FROM Task"))
        .await
        .expect(200);
    let job = format!("{JOBS}/{}", made["id"].as_str().unwrap());
    let aborted = org
        .patch(&job, json!({ "state": "Aborted" }))
        .await
        .expect(200);
    assert_eq!(aborted["state"], "Aborted");
    let results = format!("{job}/results");
    org.get(&results).await.refused(400, "INVALIDJOBSTATE");
    org.send("PUT", &job, Json::Null)
        .await
        .refused(405, "METHOD_NOT_ALLOWED");
    org.get(&format!("{JOBS}/nonsense"))
        .await
        .refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn results_need_the_version_that_the_job_was_made_with() {
    let org = org();
    let job = done(&org, query("query", "SELECT Id FROM Task")).await;
    let authorization = format!("Bearer {DEFAULT_TOKEN}");
    let path = DATA.replace("67", "66");
    let other = org
        .send_with(
            "GET",
            &format!("{path}{JOBS}/{job}/results"),
            &[("authorization", &authorization)],
            "",
        )
        .await;
    other.refused(409, "API_VERSION_MISMATCH");
}

#[tokio::test]
async fn jobs_are_kept_for_a_week_and_counted_for_a_day() {
    let org = Client::new(data(), options());
    let job = done(&org, query("query", "SELECT Id FROM Task")).await;
    let left = |limits: Json| limits["DailyBulkV2QueryJobs"]["Remaining"].clone();
    assert_eq!(left(org.get("/limits").await.expect(200)), 9_999);
    org.clock.advance(jiff::SignedDuration::from_hours(25));
    assert_eq!(left(org.get("/limits").await.expect(200)), 10_000);
    let path = format!("{JOBS}/{job}");
    org.get(&path).await.expect(200);
    org.clock.advance(jiff::SignedDuration::from_hours(24 * 6));
    org.get(&path).await.refused(404, "NOT_FOUND");
}

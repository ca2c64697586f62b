//! What the org takes in a day, and who may call it.

use crosswalk_sandbox::salesforce::{DEFAULT_TOKEN, SalesforceData};
use jiff::SignedDuration;
use serde_json::json;

use crate::org::{Client, DATA, data, options, org, task};

fn limited(daily: u64, used: u64) -> Client {
    let data = SalesforceData {
        daily_api_requests: daily,
        used_api_requests: used,
        ..data()
    };
    Client::new(data, options())
}

#[tokio::test]
async fn every_answer_says_how_much_of_the_day_is_used() {
    let org = limited(100_000, 10_017);
    let reply = org.get("/limits").await;
    assert_eq!(reply.headers["sforce-limit-info"], "api-usage=10018/100000");
    let limits = reply.expect(200);
    assert_eq!(
        limits["DailyApiRequests"],
        json!({ "Max": 100_000, "Remaining": 89_982 })
    );
    assert_eq!(limits["HourlySyncReportRuns"]["Max"], 500);
    let refused = org.get("/nonsense").await;
    assert_eq!(
        refused.headers["sforce-limit-info"],
        "api-usage=10019/100000"
    );
    let nothing = org.delete(&format!("/sobjects/Task/{}", task(1))).await;
    assert_eq!(
        nothing.headers["sforce-limit-info"],
        "api-usage=10020/100000"
    );
}

#[tokio::test]
async fn a_day_that_is_used_up_takes_no_call() {
    let org = limited(20, 18);
    org.get("/limits").await.expect(200);
    org.get("/limits").await.expect(200);
    let reply = org.post("/sobjects/Task", json!({ "Subject": "x" })).await;
    assert_eq!(reply.headers["sforce-limit-info"], "api-usage=20/20");
    assert_eq!(
        reply.refused(403, "REQUEST_LIMIT_EXCEEDED"),
        json!({ "message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED" })
    );
    assert_eq!(org.tasks(), 5);
    org.clock.advance(SignedDuration::from_hours(25));
    org.get("/limits").await.expect(200);
}

#[tokio::test]
async fn without_limits_nothing_is_used_up() {
    let org = org();
    for _ in 0..3 {
        let reply = org.get("/limits").await;
        assert_eq!(reply.headers["sforce-limit-info"], "api-usage=0/100000");
        reply.expect(200);
    }
}

#[tokio::test]
async fn a_call_without_a_good_token_is_refused_and_not_counted() {
    let org = limited(20, 1);
    for headers in [
        &[][..],
        &[("authorization", "Bearer nonsense")],
        &[("authorization", "nonsense")],
        &[("authorization", "Basic sandbox-salesforce-token")],
    ] {
        let reply = org
            .send_with("GET", &format!("{DATA}/limits"), headers, "")
            .await;
        assert_eq!(reply.headers.get("sforce-limit-info"), None);
        assert_eq!(
            reply.expect(401),
            json!([{ "message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID" }])
        );
    }
    let reply = org.get("/limits").await;
    assert_eq!(reply.headers["sforce-limit-info"], "api-usage=2/20");
}

#[tokio::test]
async fn records_are_counted() {
    let org = org();
    org.delete(&format!("/sobjects/Task/{}", task(1)))
        .await
        .expect(204);
    let counted = org
        .get("/limits/recordCount?sObjects=Task,contact")
        .await
        .expect(200);
    assert_eq!(
        counted,
        json!({ "sObjects": [{ "count": 2, "name": "Contact" }, { "count": 4, "name": "Task" }] })
    );
    let all = org.get("/limits/recordCount").await.expect(200);
    assert_eq!(all["sObjects"].as_array().unwrap().len(), 11);
}

#[tokio::test]
async fn who_wants_to_read_gets_lines() {
    let org = org();
    let authorization = format!("Bearer {DEFAULT_TOKEN}");
    let headers = [("authorization", &*authorization), ("x-prettyprint", "1")];
    let reply = org
        .send_with("GET", &format!("{DATA}/limits/"), &headers, "")
        .await;
    assert!(reply.text.starts_with("{\n  \""), "{}", reply.text);
}

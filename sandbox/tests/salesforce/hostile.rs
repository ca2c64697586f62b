//! Whatever comes is answered.

use bytes::Bytes;

use crate::org::{DATA, KEY, org, task};

fn paths() -> Vec<(&'static str, String)> {
    let data = |resource: &str| format!("{DATA}{resource}");
    vec![
        ("POST", data("/sobjects/Task")),
        ("PATCH", data(&format!("/sobjects/Task/{}", task(1)))),
        ("PATCH", data(&format!("/sobjects/Task/{KEY}/a"))),
        ("POST", data("/composite")),
        ("POST", data("/composite/batch")),
        ("POST", data("/composite/sobjects")),
        ("PATCH", data("/composite/sobjects")),
        ("PATCH", data(&format!("/composite/sobjects/Task/{KEY}"))),
        ("PATCH", data("/composite/sobjects/Task/Id")),
        ("POST", data("/composite/sobjects/Task")),
        ("POST", "/services/oauth2/token".to_owned()),
        ("POST", "/services/oauth2/revoke".to_owned()),
    ]
}

fn bodies() -> Vec<String> {
    let deep = "[".repeat(10_000);
    let key = format!(
        r#"{{"records":[{{"attributes":{{"type":"Task"}},"{KEY}":7}},{{"attributes":{{"type":"Task"}},"{KEY}":[]}}]}}"#
    );
    [
        "",
        "null",
        "{}",
        "[]",
        "\"",
        &deep,
        &key,
        r#"{"records":null}"#,
        r#"{"records":[]}"#,
        r#"{"records":[{}]}"#,
        r#"{"records":[{"attributes":null,"Id":1}]}"#,
        r#"{"records":[{"attributes":{"type":"Task"},"Id":"é00T000000000001"}]}"#,
        r#"{"records":[{"attributes":{"type":"Task"},"Id":"00T00000000000é"}]}"#,
        r#"{"records":[{"attributes":{"type":"User"},"Id":"005000000000001AAA"}]}"#,
        r#"{"Subject":"\ud800"}"#,
        r#"{"Subject":{"a":1},"WhoId":[]}"#,
        r#"{"CallDurationInSeconds":1e300,"ActivityDate":"-9999-01-01"}"#,
        r#"{"CallDurationInSeconds":-9223372036854775808}"#,
        r#"{"ReminderDateTime":"9999-12-31T23:59:59-23:59","IsReminderSet":true}"#,
        r#"{"ids":[""],"fields":[""]}"#,
        r#"{"compositeRequest":[{"method":"","url":"","referenceId":""}]}"#,
        r#"{"compositeRequest":[{"method":"GET","url":"/services/data/v67.0/@{","referenceId":"a"},{"method":"é","url":"@{}","referenceId":"a"}]}"#,
        r#"{"compositeRequest":[{"method":"GET","url":"/services/data/v67.0/query?q=@{a.b[9]}","referenceId":"a"}]}"#,
        r#"{"batchRequests":[{"method":"PUT","url":"?"},{"method":"GET","url":"v67.0"}]}"#,
        "grant_type=refresh_token&client_id=%FF&refresh_token",
    ]
    .map(str::to_owned)
    .into()
}

#[tokio::test]
async fn any_body_is_answered() {
    let org = org();
    let headers = [("authorization", "Bearer sandbox-salesforce-token")];
    for (method, path) in paths() {
        for body in bodies() {
            let reply = org
                .send_with(method, &path, &headers, Bytes::from(body.clone()))
                .await;
            assert!(reply.status < 500, "{method} {path} {body}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn any_address_is_answered() {
    let org = org();
    for resource in [
        "/sobjects/Task/%FF%FE",
        "/sobjects/%2F/%2E%2E",
        "/sobjects/Task/Id/%00",
        "/sobjects/Task/a/b/c/d",
        "/query?q=%FF",
        "/query?q=SELECT+Id+FROM+Task+LIMIT+99999999999999999999",
        "/query?q=SELECT+Id+FROM+Task+WHERE+ActivityDate=LAST_N_DAYS:99999999999999",
        "/query?q=SELECT+Id+FROM+Task+WHERE+CreatedDate%3E9999-12-31T23:59:59-23:59",
        "/query/-",
        "/query/01g000000000001AAA-18446744073709551616",
        "/composite/sobjects?ids=",
        "/composite/sobjects/Task?ids=%FF&fields=",
        "/sobjects/Task/updated?start=-009999-01-01T00:00:00Z&end=9999-12-30T22:00:00.999999999Z",
        "/sobjects/Task/deleted?start=9999-12-30T22:00:00Z&end=-009999-01-01T00:00:00Z",
        "/limits/recordCount?sObjects=,,é",
    ] {
        for method in ["GET", "POST", "PATCH", "DELETE", "HEAD", "BREW"] {
            let resource = resource.replace('é', "%C3%A9");
            let reply = org.send(method, &resource, serde_json::Value::Null).await;
            assert!(reply.status < 500, "{method} {resource}: {reply:?}");
        }
    }
}

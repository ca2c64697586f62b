use bytes::Bytes;
use crosswalk_sandbox::hubspot::DEFAULT_TOKEN;

use crate::portal::portal;

const PATHS: [(&str, &str); 16] = [
    ("POST", "/crm/v3/objects/calls"),
    ("PATCH", "/crm/v3/objects/calls/501"),
    ("POST", "/crm/v3/objects/calls/search"),
    ("POST", "/crm/v3/objects/calls/batch/read"),
    ("POST", "/crm/v3/objects/calls/batch/create"),
    ("POST", "/crm/v3/objects/calls/batch/update"),
    ("POST", "/crm/v3/objects/contacts/batch/upsert"),
    ("POST", "/crm/v3/objects/calls/batch/archive"),
    ("POST", "/crm/v3/associations/calls/contacts/batch/read"),
    ("POST", "/crm/v4/associations/calls/contacts/batch/read"),
    ("POST", "/crm/v4/associations/calls/contacts/batch/create"),
    ("POST", "/crm/v4/associations/calls/contacts/batch/archive"),
    (
        "POST",
        "/crm/v4/associations/calls/contacts/batch/labels/archive",
    ),
    ("PUT", "/crm/v4/objects/calls/501/associations/contacts/102"),
    ("POST", "/crm/v3/properties/calls"),
    ("POST", "/oauth/v1/token"),
];

fn bodies() -> Vec<String> {
    let deep = "[".repeat(10_000);
    [
        "",
        "null",
        "{}",
        "[]",
        "\"",
        "{\"inputs\":null}",
        "{\"inputs\":[]}",
        "{\"inputs\":[null]}",
        "{\"inputs\":[{\"id\":-1},{\"id\":1e300},{\"id\":\"\"}]}",
        "{\"inputs\":[{\"id\":\"18446744073709551616\",\"properties\":{\"hs_timestamp\":\"-9223372036854775808\"}}]}",
        "{\"inputs\":[{\"from\":{\"id\":\"x\"},\"to\":{\"id\":\"\"},\"types\":[]}]}",
        "{\"properties\":{\"hs_call_title\":\"\\ud800\"}}",
        "{\"properties\":{\"hs_timestamp\":9223372036854775807,\"hs_call_duration\":\"NaN\"}}",
        "{\"properties\":{\"hs_timestamp\":[{}]}}",
        "{\"limit\":-1}",
        "{\"limit\":1e99}",
        "{\"after\":\"99999999999999999999\"}",
        "{\"filters\":[{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":9223372036854775807}]}",
        "{\"filters\":[{\"propertyName\":\"hs_object_id\",\"operator\":\"LT\",\"value\":-9223372036854775808}]}",
        "{\"filters\":[{\"propertyName\":\"hs_lastmodifieddate\",\"operator\":\"BETWEEN\",\"value\":2,\"highValue\":1}]}",
        "{\"filters\":[{\"propertyName\":\"hs_call_title\",\"operator\":\"CONTAINS_TOKEN\",\"value\":\"* ** é*\"}]}",
        "{\"filters\":[{\"propertyName\":\"associations.\",\"operator\":\"EQ\",\"value\":\"1\"}]}",
        "{\"sorts\":[\"-\"],\"query\":\"*\"}",
        &deep,
    ]
    .map(str::to_owned)
    .into()
}

#[tokio::test]
async fn whatever_comes_is_answered() {
    let portal = portal();
    for (method, path) in PATHS {
        for body in bodies() {
            let reply = portal
                .send_with(DEFAULT_TOKEN, method, path, Bytes::from(body.clone()))
                .await;
            let start: String = body.chars().take(80).collect();
            assert!(
                (200..500).contains(&reply.status),
                "{method} {path} {start}: {reply:?}"
            );
            if reply.status >= 400 {
                assert!(
                    reply.body["correlationId"].is_string(),
                    "{method} {path} {start}: {reply:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn whatever_a_query_says_is_answered() {
    let portal = portal();
    for path in [
        "/crm/v3/objects/calls",
        "/crm/v3/owners",
        "/crm/v4/objects/contacts/101/associations/calls",
    ] {
        for query in [
            "limit=0",
            "limit=-1",
            "limit=99999999999999999999",
            "after=x",
            "after=18446744073709551615",
            "properties=,,",
            "%ff=%00&&=",
            "archived=maybe",
        ] {
            let reply = portal.get(&format!("{path}?{query}")).await;
            assert!(
                [200, 400].contains(&reply.status),
                "{path} {query}: {reply:?}"
            );
        }
    }
}

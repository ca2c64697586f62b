//! What every system has before it: faults, a log, a clock, a state, and TCP.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use std::time::Duration;

use bytes::Bytes;
use crosswalk_sandbox::hubspot::{DEFAULT_TOKEN, HubSpotData, ObjectType, Record};
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{
    ConnectionReset, Contents, Effect, Endpoint, Fault, Options, Sandbox, SandboxClock,
};
use http::{Request, Response, StatusCode};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const OWNERS: &str = "/crm/v3/owners";
const NOTES: &str = "/crm/v3/objects/notes";

fn sandbox() -> Sandbox {
    let mut data = HubSpotData::default();
    data.push(
        ObjectType::Note,
        Record::new(1, "2026-11-01T00:00:00Z".parse().unwrap()),
    );
    let clock = SandboxClock::frozen_at("2026-11-23T10:00:00Z".parse().unwrap());
    Sandbox::with_data(
        Options {
            clock,
            ..Options::default()
        },
        data,
        SalesforceData::default(),
    )
}

async fn call(
    endpoint: &Endpoint,
    method: &str,
    path: &str,
    body: Json,
) -> Result<Response<Bytes>, ConnectionReset> {
    let body = if body.is_null() {
        Bytes::new()
    } else {
        Bytes::from(body.to_string())
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {DEFAULT_TOKEN}"));
    endpoint.call(request.body(body).unwrap()).await
}

async fn status(endpoint: &Endpoint, method: &str, path: &str, body: Json) -> u16 {
    call(endpoint, method, path, body)
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// Calls the admin API.
async fn admin(endpoint: &Endpoint, method: &str, what: &str, body: Json) -> Json {
    let answer = call(endpoint, method, &format!("/_sandbox/{what}"), body)
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap()
}

async fn notes(endpoint: &Endpoint) -> usize {
    let state = admin(endpoint, "GET", "state", Json::Null).await;
    state["objects"]["notes"].as_array().unwrap().len()
}

fn note() -> Json {
    json!({ "properties": { "hs_timestamp": "2026-11-23T10:00:00Z" } })
}

#[tokio::test]
async fn a_fault_strikes_whom_it_means_as_often_as_it_says() {
    let endpoint = sandbox().hubspot();
    let faults = json!([
        { "match": { "method": "GET", "path": "/crm/v3/owners" }, "after_requests": 2, "times": 2,
          "fault": { "status": 503, "body": { "message": "down" }, "headers": { "retry-after": 3 } } },
        { "match": { "path": "/crm/v3/objects/*" }, "fault": { "html": true } },
    ]);
    assert_eq!(
        admin(&endpoint, "POST", "faults", faults).await,
        json!({ "left": 2 })
    );
    assert_eq!(status(&endpoint, "GET", OWNERS, Json::Null).await, 200);
    assert_eq!(status(&endpoint, "GET", OWNERS, Json::Null).await, 200);
    let struck = call(&endpoint, "GET", OWNERS, Json::Null).await.unwrap();
    assert_eq!(
        (
            struck.status().as_u16(),
            struck.headers()["retry-after"].to_str().unwrap()
        ),
        (503, "3")
    );
    assert_eq!(struck.body(), &json!({ "message": "down" }).to_string());
    assert_eq!(status(&endpoint, "GET", OWNERS, Json::Null).await, 503);
    assert_eq!(status(&endpoint, "GET", OWNERS, Json::Null).await, 200);
    let page = call(&endpoint, "GET", NOTES, Json::Null).await.unwrap();
    assert_eq!(
        (
            page.status().as_u16(),
            page.headers()["content-type"].to_str().unwrap()
        ),
        (502, "text/html; charset=utf-8")
    );
    assert_eq!(status(&endpoint, "GET", NOTES, Json::Null).await, 200);
    assert_eq!(
        admin(&endpoint, "GET", "faults", Json::Null).await,
        json!({ "left": 0 })
    );
}

#[tokio::test]
async fn a_write_is_lost_before_its_commit_or_only_its_answer_after() {
    let endpoint = sandbox().hubspot();
    endpoint.add_fault(Fault::on("POST", NOTES, Effect::reset()));
    assert_eq!(
        call(&endpoint, "POST", NOTES, note()).await.unwrap_err(),
        ConnectionReset
    );
    assert_eq!(notes(&endpoint).await, 1);
    endpoint.add_fault(Fault::on("POST", NOTES, Effect::reset().after_commit()));
    assert_eq!(
        call(&endpoint, "POST", NOTES, note()).await.unwrap_err(),
        ConnectionReset
    );
    assert_eq!(notes(&endpoint).await, 2);
    endpoint.add_fault(Fault::on(
        "POST",
        NOTES,
        Effect::status(StatusCode::INTERNAL_SERVER_ERROR).after_commit(),
    ));
    assert_eq!(status(&endpoint, "POST", NOTES, note()).await, 500);
    assert_eq!(notes(&endpoint).await, 3);
    endpoint
        .add_fault(Fault::on("POST", "/crm/*", Effect::delay(Duration::from_millis(1))).times(2));
    assert_eq!(status(&endpoint, "POST", NOTES, note()).await, 201);
}

#[tokio::test]
async fn a_fault_that_says_nothing_sensible_is_refused() {
    let endpoint = sandbox().hubspot();
    for wrong in [
        json!([{ "fault": {} }]),
        json!([{ "fault": { "reset": true, "delay_ms": 1 } }]),
        json!([{ "fault": { "status": 42 } }]),
        json!([{ "fault": { "status": 500 }, "time": 1 }]),
        json!({}),
    ] {
        assert_eq!(
            status(&endpoint, "POST", "/_sandbox/faults", wrong.clone()).await,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_log_tells_what_came_and_what_it_got() {
    let endpoint = sandbox().hubspot();
    endpoint.add_fault(Fault::on("GET", NOTES, Effect::reset()));
    call(&endpoint, "GET", &format!("{OWNERS}?limit=1"), Json::Null)
        .await
        .unwrap();
    call(&endpoint, "GET", OWNERS, Json::Null).await.unwrap();
    call(&endpoint, "GET", NOTES, Json::Null).await.unwrap_err();
    call(&endpoint, "POST", NOTES, note()).await.unwrap();
    let log = admin(&endpoint, "GET", "log", Json::Null).await;
    assert_eq!(log["total"], 4);
    assert_eq!(
        log["by_path"],
        json!({ "GET /crm/v3/owners": 2, "GET /crm/v3/objects/notes": 1, "POST /crm/v3/objects/notes": 1 })
    );
    assert_eq!(log["by_status"], json!({ "200": 2, "201": 1, "none": 1 }));
    assert_eq!(
        log["requests"][0],
        json!({ "at": "2026-11-23T10:00:00Z", "method": "GET", "path": OWNERS, "query": "limit=1", "status": 200 })
    );
    assert_eq!(
        (&log["requests"][2]["status"], &log["requests"][2]["fault"]),
        (&Json::Null, &json!("reset"))
    );
    assert!(!log.to_string().contains(DEFAULT_TOKEN));
    assert_eq!(endpoint.log().count("GET", "/crm/"), 3);
    admin(&endpoint, "DELETE", "log", Json::Null).await;
    assert_eq!(endpoint.log().total, 0);
}

#[tokio::test]
async fn one_clock_serves_both() {
    let sandbox = sandbox();
    let now = json!({ "now": "2027-01-01T00:00:00Z" });
    assert_eq!(
        admin(&sandbox.salesforce(), "POST", "clock", now.clone()).await,
        now
    );
    assert_eq!(
        admin(&sandbox.hubspot(), "GET", "clock", Json::Null).await,
        now
    );
    assert_eq!(
        status(
            &sandbox.hubspot(),
            "POST",
            "/_sandbox/clock",
            json!({ "now": "soon" })
        )
        .await,
        400
    );
}

#[tokio::test]
async fn a_reset_forgets_everything_but_the_time() {
    let endpoint = sandbox().hubspot();
    admin(
        &endpoint,
        "POST",
        "clock",
        json!({ "now": "2027-01-01T00:00:00Z" }),
    )
    .await;
    call(&endpoint, "POST", NOTES, note()).await.unwrap();
    endpoint.add_fault(Fault::on("GET", OWNERS, Effect::reset()));
    admin(&endpoint, "POST", "reset", Json::Null).await;
    assert_eq!((notes(&endpoint).await, endpoint.log().total), (1, 0));
    assert_eq!(status(&endpoint, "GET", OWNERS, Json::Null).await, 200);
    assert_eq!(
        admin(&endpoint, "GET", "clock", Json::Null).await["now"],
        "2027-01-01T00:00:00Z"
    );
    admin(&endpoint, "POST", "reset", json!({ "empty": true })).await;
    assert_eq!(notes(&endpoint).await, 0);
    assert_eq!(
        status(&endpoint, "POST", "/_sandbox/reset", json!({ "sede": 1 })).await,
        400
    );
}

#[tokio::test]
async fn a_source_is_asked_for_what_a_reset_wants() {
    let sandbox = Sandbox::with_source(
        Options {
            seed: 2,
            ..Options::default()
        },
        |Contents { seed, empty }| {
            let mut data = HubSpotData::default();
            for id in 1..=seed {
                data.push(
                    ObjectType::Note,
                    Record::new(id, "2026-11-01T00:00:00Z".parse().unwrap()),
                );
            }
            (
                if empty { HubSpotData::default() } else { data },
                SalesforceData::default(),
            )
        },
    );
    let endpoint = sandbox.hubspot();
    assert_eq!(notes(&endpoint).await, 2);
    admin(&endpoint, "POST", "reset", json!({ "seed": 5 })).await;
    assert_eq!(notes(&endpoint).await, 5);
    sandbox.reset();
    assert_eq!(notes(&endpoint).await, 2);
}

#[tokio::test]
async fn an_unknown_admin_request_says_which_there_are() {
    let answer = call(&sandbox().hubspot(), "GET", "/_sandbox/nothing", Json::Null)
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(
        std::str::from_utf8(answer.body())
            .unwrap()
            .contains("GET state")
    );
}

/// Sends these bytes and reads until the other side closes.
async fn over_tcp(url: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap())
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn get(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {DEFAULT_TOKEN}\r\nConnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn tcp_carries_answers_and_resets() {
    let sandbox = sandbox();
    let running = sandbox.serve(0, 0).await.unwrap();
    assert!(running.hubspot_url.starts_with("http://127.0.0.1:"));
    let answer = over_tcp(&running.hubspot_url, &get("/crm/v3/objects/notes/1")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.ends_with('}') && answer.contains("\"id\":\"1\""),
        "{answer}"
    );
    let chunked = format!(
        "POST {NOTES} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {DEFAULT_TOKEN}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        note().to_string().len(),
        note()
    );
    assert!(
        over_tcp(&running.hubspot_url, &chunked)
            .await
            .starts_with("HTTP/1.1 201 Created\r\n")
    );
    sandbox
        .hubspot()
        .add_fault(Fault::on("GET", OWNERS, Effect::reset()));
    assert_eq!(over_tcp(&running.hubspot_url, &get(OWNERS)).await, "");
    let other = over_tcp(&running.salesforce_url, &get("/_sandbox/clock")).await;
    assert!(other.contains("2026-11-23T10:00:00Z"), "{other}");
    let url = running.hubspot_url.clone();
    running.shutdown().await;
    TcpStream::connect(url.strip_prefix("http://").unwrap())
        .await
        .unwrap_err();
}

#[tokio::test]
async fn each_system_has_admin_requests_of_its_own() {
    let sandbox = sandbox();
    let (hubspot, salesforce) = (sandbox.hubspot(), sandbox.salesforce());
    let off = admin(
        &hubspot,
        "POST",
        "account",
        json!({ "event_occurrences": false }),
    )
    .await;
    assert_eq!(off, json!({ "event_occurrences": false }));
    assert_eq!(
        admin(&salesforce, "POST", "triggers", json!([])).await,
        json!({ "triggers": 0 })
    );
    for (endpoint, foreign, own) in [
        (&hubspot, "convert", "POST happen, POST account"),
        (
            &salesforce,
            "happen",
            "POST convert, POST undelete, POST triggers",
        ),
    ] {
        let path = format!("/_sandbox/{foreign}");
        let refused = call(endpoint, "POST", &path, json!({})).await.unwrap();
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
        let told = String::from_utf8_lossy(refused.body()).into_owned();
        assert!(told.contains(own), "{told}");
    }
    let wrong = call(&hubspot, "POST", "/_sandbox/account", json!({ "on": 1 })).await;
    assert_eq!(wrong.unwrap().status(), StatusCode::BAD_REQUEST);
    let log = admin(&hubspot, "GET", "log", Json::Null).await;
    assert_eq!(log["total"], 0);
}

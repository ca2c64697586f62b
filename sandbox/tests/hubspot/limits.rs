use jiff::SignedDuration;
use serde_json::json;

use crate::portal::{Client, data, options};
use crosswalk_sandbox::hubspot::{HubSpotData, Portal};

fn limited() -> Client {
    Client::new(data(), options())
}

#[tokio::test]
async fn ten_seconds_hold_190_requests() {
    let portal = limited();
    for left in (0..190).rev() {
        let reply = portal.get("/crm/v3/owners").await;
        assert_eq!(
            reply.headers["x-hubspot-ratelimit-remaining"],
            left.to_string().as_str()
        );
        reply.expect(200);
    }
    let reply = portal.get("/crm/v3/owners").await;
    assert_eq!(reply.headers["x-hubspot-ratelimit-max"], "190");
    assert_eq!(
        reply.headers["x-hubspot-ratelimit-interval-milliseconds"],
        "10000"
    );
    assert_eq!(reply.headers["x-hubspot-ratelimit-daily"], "625000");
    assert_eq!(
        reply.headers["x-hubspot-ratelimit-daily-remaining"],
        "624810"
    );
    assert_eq!(
        reply.refused(429),
        json!({
            "status": "error",
            "message": "You have reached your ten_secondly_rolling limit.",
            "errorType": "RATE_LIMIT",
            "policyName": "TEN_SECONDLY_ROLLING",
            "groupName": "publicapi:private_app-api-calls-ten-secondly:8821:26892217",
        })
    );
    portal.clock.advance(SignedDuration::from_secs(10));
    portal.get("/crm/v3/owners").await.expect(200);
}

#[tokio::test]
async fn a_second_holds_five_searches_which_say_nothing_of_limits() {
    let portal = limited();
    for _ in 0..5 {
        let reply = portal.post("/crm/v3/objects/calls/search", json!({})).await;
        assert_eq!(reply.headers.get("x-hubspot-ratelimit-remaining"), None);
        reply.expect(200);
    }
    let refused = portal
        .post("/crm/v3/objects/notes/search", json!({}))
        .await
        .refused(429);
    assert_eq!(
        (&refused["message"], &refused["policyName"]),
        (
            &json!("You have reached your secondly limit."),
            &json!("SECONDLY")
        )
    );
    assert_eq!(
        portal.get("/crm/v3/owners").await.headers["x-hubspot-ratelimit-remaining"],
        "189"
    );
    portal.clock.advance(SignedDuration::from_secs(1));
    portal
        .post("/crm/v3/objects/notes/search", json!({}))
        .await
        .expect(200);
}

#[tokio::test]
async fn associations_have_a_limit_of_their_own() {
    let portal = limited();
    let read = || portal.get("/crm/v4/objects/calls/501/associations/contacts");
    for _ in 0..150 {
        read().await.expect(200);
    }
    assert_eq!(
        read().await.refused(429)["policyName"],
        "TEN_SECONDLY_ROLLING"
    );
    portal.get("/crm/v3/owners").await.expect(200);
}

#[tokio::test]
async fn the_day_holds_so_many() {
    let account = Portal {
        daily_requests: 10,
        used_requests: 9,
        ..HubSpotData::default().portal
    };
    let portal = Client::new(
        HubSpotData {
            portal: account,
            ..data()
        },
        options(),
    );
    portal.get("/crm/v3/owners").await.expect(200);
    let refused = portal.get("/crm/v3/owners").await.refused(429);
    assert_eq!(
        (&refused["message"], &refused["policyName"]),
        (
            &json!("You have reached your daily limit."),
            &json!("DAILY")
        )
    );
    assert!(refused["requestId"].is_string());
    portal.clock.advance(SignedDuration::from_hours(13));
    portal.get("/crm/v3/owners").await.expect(200);
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let portal = crate::portal::portal();
    for _ in 0..400 {
        let reply = portal.get("/crm/v3/owners").await;
        assert_eq!(reply.headers.get("x-hubspot-ratelimit-remaining"), None);
        reply.expect(200);
    }
}

#[tokio::test]
async fn the_day_is_told_to_private_apps_only_and_nothing_to_strangers() {
    let portal = limited();
    let form = "grant_type=client_credentials&client_id=sandbox-client-id&client_secret=sandbox-client-secret";
    let given = portal
        .send_with("", "POST", "/oauth/v3/token", form.into())
        .await;
    assert_eq!(given.headers.get("x-hubspot-ratelimit-remaining"), None);
    let token = given.expect(200)["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let owners = portal
        .send_with(&token, "GET", "/crm/v3/owners", "".into())
        .await;
    assert_eq!(owners.headers["x-hubspot-ratelimit-remaining"], "189");
    assert_eq!(owners.headers.get("x-hubspot-ratelimit-daily"), None);
    let stranger = portal
        .send_with("wrong", "GET", "/crm/v3/owners", "".into())
        .await;
    assert_eq!(stranger.headers.get("x-hubspot-ratelimit-remaining"), None);
    let next = portal.get("/crm/v3/owners").await;
    assert_eq!(next.headers["x-hubspot-ratelimit-remaining"], "188");
}

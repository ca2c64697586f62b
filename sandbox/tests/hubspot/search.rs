use crosswalk_sandbox::hubspot::{HubSpotData, ObjectType, Record};
use crosswalk_sandbox::{Limits, Options};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::portal::{Client, at, ids, options, portal};

const SEARCH: &str = "/crm/v3/objects/calls/search";

/// Calls 1 to `count`, of which each ten have one moment of change, a minute after the ten before.
fn calls(count: u64) -> Client {
    let mut data = HubSpotData::default();
    let begin = at("2026-01-01T00:00:00Z");
    for id in 1..=count {
        let minute = i64::try_from((id - 1) / 10).unwrap();
        let moment = begin + SignedDuration::from_mins(minute);
        let direction = if id % 2 == 0 { "OUTBOUND" } else { "INBOUND" };
        data.push(
            ObjectType::Call,
            Record::new(id, begin)
                .updated_at(moment)
                .with("hs_call_title", format!("Call {id}"))
                .with("hs_call_duration", (count - id).to_string())
                .with("hs_call_direction", direction)
                .with("hs_timestamp", moment.to_string()),
        );
    }
    Client::new(
        data,
        Options {
            limits: Limits::Off,
            search_lag: SignedDuration::from_secs(2),
            ..options()
        },
    )
}

fn ms(text: &str) -> String {
    at(text).as_millisecond().to_string()
}

fn filter(property: &str, operator: &str, value: impl ToString) -> Json {
    json!({ "propertyName": property, "operator": operator, "value": value.to_string() })
}

fn groups(groups: &[&[Json]]) -> Json {
    Json::Array(
        groups
            .iter()
            .map(|filters| json!({ "filters": filters }))
            .collect(),
    )
}

fn by_update() -> Json {
    json!([{ "propertyName": "hs_lastmodifieddate", "direction": "ASCENDING" }])
}

/// What the filters find, which is the same in whatever order.
async fn found(portal: &Client, filters: &[Json]) -> Vec<String> {
    let mut orders = Vec::new();
    for (property, direction) in [
        ("hs_object_id", "ASCENDING"),
        ("hs_object_id", "DESCENDING"),
        ("hs_lastmodifieddate", "ASCENDING"),
        ("hs_lastmodifieddate", "DESCENDING"),
        ("hs_call_duration", "DESCENDING"),
    ] {
        let sorts = json!([{ "propertyName": property, "direction": direction }]);
        let body = json!({ "filterGroups": groups(&[filters]), "sorts": sorts, "limit": 200 });
        let found = portal.post(SEARCH, body).await.expect(200);
        assert_eq!(found["total"], ids(&found).len());
        let mut ids: Vec<_> = ids(&found).into_iter().map(str::to_owned).collect();
        if property != "hs_call_duration" && direction == "DESCENDING" {
            ids.reverse();
        }
        orders.push(ids);
    }
    assert!(
        orders.iter().all(|order| *order == orders[0]),
        "{filters:?}: {orders:?}"
    );
    orders.remove(0)
}

#[tokio::test]
async fn a_keyset_reaches_every_record_once() {
    let portal = calls(1_234);
    let (mut stamp, mut id, mut seen, mut left) =
        (Timestamp::UNIX_EPOCH.as_millisecond(), 0, Vec::new(), 1_234);
    loop {
        let body = json!({
            "filterGroups": groups(&[
                &[filter("hs_lastmodifieddate", "GT", stamp)],
                &[filter("hs_lastmodifieddate", "EQ", stamp), filter("hs_object_id", "GT", id)],
            ]),
            "sorts": by_update(),
            "properties": ["hs_call_title"],
            "limit": 199,
        });
        let page = portal.post(SEARCH, body).await.expect(200);
        assert_eq!(page["total"], left);
        let Some(last) = page["results"].as_array().unwrap().last() else {
            break;
        };
        stamp = at(last["updatedAt"].as_str().unwrap()).as_millisecond();
        id = last["id"].as_str().unwrap().parse().unwrap();
        seen.extend(ids(&page).into_iter().map(|id| id.parse::<u64>().unwrap()));
        left = 1_234 - seen.len();
    }
    assert!(seen.into_iter().eq(1..=1_234));
}

#[tokio::test]
async fn pages_follow_an_offset_in_either_direction() {
    let portal = calls(25);
    for direction in ["ASCENDING", "DESCENDING"] {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let body = json!({ "sorts": [{ "propertyName": "hs_lastmodifieddate", "direction": direction }], "limit": 10, "after": after });
            let page = portal.post(SEARCH, body).await.expect(200);
            assert_eq!(page["total"], 25);
            seen.extend(ids(&page).into_iter().map(|id| id.parse::<u64>().unwrap()));
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        if direction == "DESCENDING" {
            seen.reverse();
        }
        assert!(seen.into_iter().eq(1..=25), "{direction}");
    }
}

#[tokio::test]
async fn every_operator_finds_what_it_says() {
    let portal = calls(30);
    let count =
        |range: std::ops::RangeInclusive<u64>| range.map(|id| id.to_string()).collect::<Vec<_>>();
    let second = ms("2026-01-01T00:01:00Z");
    for (filters, wanted) in [
        (
            vec![filter("hs_lastmodifieddate", "EQ", &second)],
            count(11..=20),
        ),
        (
            vec![filter("hs_lastmodifieddate", "GTE", "2026-01-01T00:01:00Z")],
            count(11..=30),
        ),
        (
            vec![filter("hs_lastmodifieddate", "GT", &second)],
            count(21..=30),
        ),
        (
            vec![filter("hs_lastmodifieddate", "LTE", &second)],
            count(1..=20),
        ),
        (
            vec![filter("hs_lastmodifieddate", "LT", &second)],
            count(1..=10),
        ),
        (
            vec![
                filter("hs_lastmodifieddate", "EQ", &second),
                filter("hs_object_id", "GT", 18),
            ],
            count(19..=20),
        ),
        (
            vec![
                filter("hs_lastmodifieddate", "EQ", &second),
                filter("hs_object_id", "LT", 0),
            ],
            Vec::new(),
        ),
        (
            vec![
                filter("hs_lastmodifieddate", "GT", &second),
                filter("hs_lastmodifieddate", "LT", &second),
            ],
            Vec::new(),
        ),
        (
            vec![
                filter("hs_lastmodifieddate", "GTE", &second),
                filter("hs_object_id", "LTE", 12),
            ],
            count(11..=12),
        ),
        (vec![filter("hs_object_id", "LT", 3)], count(1..=2)),
        (
            vec![
                json!({ "propertyName": "hs_object_id", "operator": "BETWEEN", "value": 4, "highValue": 6 }),
            ],
            count(4..=6),
        ),
        (
            vec![json!({ "propertyName": "hs_object_id", "operator": "IN", "values": ["7", "8"] })],
            count(7..=8),
        ),
        (vec![filter("hs_object_id", "NEQ", 1)], count(2..=30)),
        (vec![filter("hs_call_title", "EQ", "CALL 7")], count(7..=7)),
        (
            vec![
                json!({ "propertyName": "hs_call_title", "operator": "IN", "values": ["call 7"] }),
            ],
            count(7..=7),
        ),
        (
            vec![
                json!({ "propertyName": "hs_call_title", "operator": "IN", "values": ["Call 7"] }),
            ],
            Vec::new(),
        ),
        (
            vec![filter("hs_call_title", "CONTAINS_TOKEN", "call 3")],
            count(3..=3),
        ),
        (
            vec![
                filter("hs_call_title", "CONTAINS_TOKEN", "1*"),
                filter("hs_object_id", "GT", 9),
            ],
            count(10..=19),
        ),
        (
            vec![
                filter("hs_call_title", "NOT_CONTAINS_TOKEN", "2*"),
                filter("hs_object_id", "GT", 18),
            ],
            ["19", "30"].map(str::to_owned).into(),
        ),
        (vec![filter("hs_call_duration", "LT", 2.5)], count(28..=30)),
        (
            vec![
                filter("hs_call_direction", "EQ", "INBOUND"),
                filter("hs_object_id", "LT", 4),
            ],
            ["1", "3"].map(str::to_owned).into(),
        ),
        (
            vec![filter("hs_call_direction", "EQ", "inbound")],
            Vec::new(),
        ),
        (
            vec![json!({ "propertyName": "hs_call_body", "operator": "HAS_PROPERTY" })],
            Vec::new(),
        ),
        (
            vec![json!({ "propertyName": "hs_call_body", "operator": "NOT_HAS_PROPERTY" })],
            count(1..=30),
        ),
        (
            vec![filter("hs_timestamp", "GTE", "2026-01-01T00:02:00Z")],
            count(21..=30),
        ),
    ] {
        assert_eq!(found(&portal, &filters).await, wanted, "{filters:?}");
    }
}

#[tokio::test]
async fn what_several_groups_find_counts_once() {
    let portal = calls(40);
    let (second, third) = (ms("2026-01-01T00:01:00Z"), ms("2026-01-01T00:02:00Z"));
    let search = |one: Json, other: Json, after: usize| {
        let body = json!({ "filterGroups": groups(&[&[one], &[other]]), "sorts": by_update(), "limit": 5, "after": after });
        async { portal.post(SEARCH, body).await.expect(200) }
    };
    let overlapping = search(
        filter("hs_lastmodifieddate", "LTE", &third),
        filter("hs_lastmodifieddate", "GTE", &second),
        28,
    )
    .await;
    assert_eq!(overlapping["total"], 40);
    assert_eq!(ids(&overlapping), ["29", "30", "31", "32", "33"]);
    let apart = search(
        filter("hs_lastmodifieddate", "GT", &third),
        filter("hs_lastmodifieddate", "LT", &second),
        8,
    )
    .await;
    assert_eq!(apart["total"], 20);
    assert_eq!(ids(&apart), ["9", "10", "31", "32", "33"]);
    let within_the_second = search(
        filter("hs_lastmodifieddate", "GT", &third),
        filter("hs_lastmodifieddate", "LT", &second),
        13,
    )
    .await;
    assert_eq!(ids(&within_the_second), ["34", "35", "36", "37", "38"]);
}

#[tokio::test]
async fn any_property_sorts() {
    let portal = calls(12);
    let body = json!({ "sorts": [{ "propertyName": "hs_call_duration", "direction": "ASCENDING" }], "limit": 3 });
    assert_eq!(
        ids(&portal.post(SEARCH, body).await.expect(200)),
        ["12", "11", "10"]
    );
    let body = json!({ "sorts": ["-hs_call_title"], "limit": 3, "after": 1 });
    assert_eq!(
        ids(&portal.post(SEARCH, body).await.expect(200)),
        ["8", "7", "6"]
    );
    let two = json!({ "sorts": ["hs_call_title", "hs_call_duration"] });
    portal.post(SEARCH, two).await.refused(400);
}

#[tokio::test]
async fn words_and_associations_find_records() {
    let portal = portal();
    let found = portal
        .post("/crm/v3/objects/contacts/search", json!({ "query": "aal" }))
        .await
        .expect(200);
    assert_eq!(ids(&found), ["101"]);
    let filters = groups(&[&[filter("associations.contact", "EQ", 102)]]);
    assert_eq!(
        ids(&portal
            .post(SEARCH, json!({ "filterGroups": filters }))
            .await
            .expect(200)),
        ["501"]
    );
    let filters = groups(&[&[filter("associations.contact", "EQ", 103)]]);
    assert_eq!(
        portal
            .post(SEARCH, json!({ "filterGroups": filters }))
            .await
            .expect(200)["total"],
        0
    );
}

#[tokio::test]
async fn what_the_request_names_is_shown() {
    let portal = calls(1);
    let body = json!({ "properties": ["hs_call_title", "hs_call_body", "nonsense"] });
    let found = portal
        .post("/crm/objects/2026-09/calls/search", body)
        .await
        .expect(200);
    assert_eq!(
        found["results"][0]["properties"],
        json!({
            "hs_call_body": null,
            "hs_call_title": "Call 1",
            "hs_createdate": "2026-01-01T00:00:00Z",
            "hs_lastmodifieddate": "2026-01-01T00:00:00Z",
            "hs_object_id": "1",
        })
    );
}

#[tokio::test]
async fn a_write_is_found_only_after_a_while() {
    let portal = calls(1);
    let created =
        json!({ "properties": { "hs_timestamp": "2026-11-23T10:00:00Z", "hs_call_title": "New" } });
    portal
        .post("/crm/v3/objects/calls", created)
        .await
        .expect(201);
    let changed = json!({ "properties": { "hs_call_title": "Changed" } });
    portal
        .send("PATCH", "/crm/v3/objects/calls/1", &changed)
        .await
        .expect(200);
    let search = || async {
        portal
            .post(SEARCH, json!({ "properties": ["hs_call_title"] }))
            .await
            .expect(200)
    };
    portal.clock.advance(SignedDuration::from_millis(1_999));
    let before = search().await;
    assert_eq!(
        (
            ids(&before),
            &before["results"][0]["properties"]["hs_call_title"]
        ),
        (vec!["1"], &json!("Call 1"))
    );
    portal.clock.advance(SignedDuration::from_millis(1));
    let after = search().await;
    assert_eq!(
        (
            ids(&after),
            &after["results"][0]["properties"]["hs_call_title"]
        ),
        (vec!["1", "2"], &json!("Changed"))
    );
    portal
        .send("DELETE", "/crm/v3/objects/calls/1", &Json::Null)
        .await
        .expect(204);
    assert_eq!(ids(&search().await), ["1", "2"]);
    portal.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(ids(&search().await), ["2"]);
}

#[tokio::test]
async fn no_page_reaches_beyond_ten_thousand_results() {
    let portal = calls(10_050);
    let last = portal
        .post(SEARCH, json!({ "limit": 100, "after": "9900" }))
        .await
        .expect(200);
    assert_eq!((&last["total"], ids(&last).len()), (&json!(10_050), 100));
    assert_eq!(last["paging"]["next"]["after"], "10000");
    for after in ["9901", "10000"] {
        let refused = portal
            .post(SEARCH, json!({ "limit": 100, "after": after }))
            .await
            .refused(400);
        assert_eq!(refused["message"], "There was a problem with the request.");
    }
}

#[tokio::test]
async fn a_search_has_its_limits() {
    let portal = calls(1);
    let one = filter("hs_call_title", "EQ", "x");
    let refused = |body: Json| async {
        portal.post(SEARCH, body).await.refused(400)["message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let group = json!({ "filters": [one] });
    let six = json!({ "filterGroups": vec![group.clone(); 6] });
    assert_eq!(
        refused(six).await,
        "Invalid input JSON: too many filterGroups (count: 6, max allowed: 5)"
    );
    let seven = json!({ "filters": vec![one.clone(); 7] });
    assert_eq!(
        refused(seven).await,
        "Invalid input JSON: too many filters per filterGroup (count: 7, max allowed: 6)"
    );
    let four_fives = json!({ "filterGroups": vec![json!({ "filters": vec![one.clone(); 5] }); 4] });
    assert_eq!(
        refused(four_fives).await,
        "Invalid input JSON: too many filters (count: 20, max allowed: 18)"
    );
    let three_sixes = json!({ "filterGroups": vec![json!({ "filters": vec![one; 6] }); 3] });
    portal.post(SEARCH, three_sixes).await.expect(200);
    refused(json!({ "limit": 201 })).await;
    refused(json!({ "after": usize::MAX.to_string() })).await;
    let none = portal.post(SEARCH, json!({ "limit": 0 })).await.expect(200);
    assert_eq!(none, json!({ "total": 1, "results": [] }));
    portal
        .post(SEARCH, json!({ "limit": 200 }))
        .await
        .expect(200);
    refused(json!({ "filters": [filter("nonsense", "EQ", 1)] })).await;
    refused(json!({ "filters": [filter("hs_call_title", "LIKE", "x")] })).await;
    refused(json!({ "filters": [filter("hs_lastmodifieddate", "GT", "yesterday")] })).await;
    refused(json!({ "filters": [{ "propertyName": "hs_call_title", "operator": "EQ" }] })).await;
    let body = |length: usize| {
        let empty = json!({ "query": "" }).to_string().len();
        json!({ "query": "x".repeat(length - empty) })
    };
    portal.post(SEARCH, body(3_000)).await.expect(200);
    refused(body(3_001)).await;
}

use bytes::Bytes;
use serde_json::json;

use crate::portal::{Client, at, ids, options, portal};
use crosswalk_sandbox::hubspot::{
    CallDisposition, HubSpotData, ObjectType, Property, PropertyType, Record,
};

#[tokio::test]
async fn owners_are_listed_active_or_archived() {
    let portal = portal();
    let active = portal.get("/crm/v3/owners/?limit=100").await.expect(200);
    assert_eq!(
        active,
        json!({ "results": [{
            "id": "77",
            "email": "sam@example.com",
            "type": "PERSON",
            "firstName": "Sam",
            "lastName": "Oy",
            "userId": 1077,
            "userIdIncludingInactive": 1077,
            "createdAt": "2025-01-01T00:00:00Z",
            "updatedAt": "2025-02-01T00:00:00Z",
            "archived": false,
            "teams": [{ "id": "1", "name": "Nordics", "primary": true }],
        }] })
    );
    assert_eq!(
        ids(&portal
            .get("/crm/owners/2026-09?archived=true")
            .await
            .expect(200)),
        ["78"]
    );
    assert_eq!(
        ids(&portal
            .get("/crm/owners/2026-09?email=SAM@example.com")
            .await
            .expect(200)),
        ["77"]
    );
    assert_eq!(
        portal
            .get("/crm/v3/owners/1077?idProperty=userId")
            .await
            .expect(200)["id"],
        "77"
    );
    portal.get("/crm/v3/owners/78").await.refused(404);
    portal
        .get("/crm/v3/owners/78?archived=true")
        .await
        .expect(200);
}

#[tokio::test]
async fn owners_come_in_pages() {
    let mut data = HubSpotData::default();
    let sam = crate::portal::data().owners.remove(0);
    data.owners = (1..=5)
        .map(|id| crosswalk_sandbox::hubspot::Owner { id, ..sam.clone() })
        .collect();
    let portal = Client::new(data, options());
    let first = portal.get("/crm/v3/owners?limit=3").await.expect(200);
    assert_eq!(ids(&first), ["1", "2", "3"]);
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let second = portal
        .get(&format!("/crm/v3/owners?limit=3&after={after}"))
        .await
        .expect(200);
    assert_eq!(ids(&second), ["4", "5"]);
    assert_eq!(second.get("paging"), None);
}

#[tokio::test]
async fn properties_tell_their_options() {
    let portal = portal();
    let status = portal
        .get("/crm/properties/2026-09/tasks/hs_task_status")
        .await
        .expect(200);
    assert_eq!(
        (&status["type"], &status["options"][1]["value"]),
        (&json!("enumeration"), &json!("IN_PROGRESS"))
    );
    let all = portal.get("/crm/v3/properties/contacts").await.expect(200);
    let names: Vec<_> = all["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|property| property["name"].as_str().unwrap())
        .collect();
    assert!(
        names.is_sorted() && names.contains(&"salesforcecontactid"),
        "{names:?}"
    );
    assert_eq!(
        portal
            .get("/crm/v3/properties/contacts/nonsense")
            .await
            .refused(404)["category"],
        "OBJECT_NOT_FOUND"
    );
}

#[tokio::test]
async fn a_property_is_made_and_then_written() {
    let portal = portal();
    let sized = json!({ "properties": { "shoe_size": "42" } });
    let write = || portal.send("PATCH", "/crm/v3/objects/contacts/101", &sized);
    write().await.refused(400);
    let property = json!({ "name": "shoe_size", "label": "Shoe size", "type": "number", "fieldType": "number", "groupName": "contactinformation" });
    portal
        .post("/crm/v3/properties/contacts", property.clone())
        .await
        .expect(201);
    portal
        .post("/crm/v3/properties/contacts", property)
        .await
        .refused(409);
    assert_eq!(write().await.expect(200)["properties"]["shoe_size"], "42");
}

#[tokio::test]
async fn a_portal_has_properties_and_outcomes_of_its_own() {
    let mut data = HubSpotData::default();
    data.properties.push((
        ObjectType::Call,
        Property::new("mood", "Mood", PropertyType::String),
    ));
    data.call_dispositions.push(CallDisposition {
        id: "own".to_owned(),
        label: "Danced".to_owned(),
        deleted: false,
    });
    data.push(
        ObjectType::Call,
        Record::new(1, at("2026-11-01T00:00:00Z"))
            .with("mood", "good")
            .with("hs_call_disposition", "own"),
    );
    let portal = Client::new(data, options());
    let call = portal
        .get("/crm/v3/objects/calls/1?properties=mood")
        .await
        .expect(200);
    assert_eq!(call["properties"]["mood"], "good");
    let outcomes = portal.get("/calling/v1/dispositions").await.expect(200);
    assert_eq!(
        outcomes[1],
        json!({ "id": "f240bbac-87c9-4f6e-bf70-924b57d47db7", "label": "Connected", "deleted": false })
    );
    assert_eq!(outcomes[6]["label"], "Danced");
    let options = portal
        .get("/crm/v3/properties/calls/hs_call_disposition")
        .await
        .expect(200);
    assert_eq!(
        options["options"][6],
        json!({ "value": "own", "label": "Danced", "displayOrder": 6, "hidden": false })
    );
}

#[tokio::test]
async fn the_account_tells_its_zone_and_usage() {
    let portal = portal();
    let details = portal.get("/account-info/v3/details").await.expect(200);
    assert_eq!(
        (&details["portalId"], &details["utcOffset"]),
        (&json!(8821), &json!("+01:00"))
    );
    let usage = portal
        .get("/account-info/2026-09/api-usage/daily/private-apps")
        .await
        .expect(200);
    assert_eq!(usage["results"][0]["resetsAt"], "2026-11-23T23:00:00Z");
}

#[tokio::test]
async fn a_token_that_was_asked_for_ends_after_half_an_hour() {
    let portal = portal();
    let form = |refresh_token: &str| {
        Bytes::from(format!(
            "grant_type=refresh_token&client_id=sandbox-client-id&client_secret=sandbox-client-secret&refresh_token={refresh_token}"
        ))
    };
    let wrong = portal
        .send_with("", "POST", "/oauth/v1/token", form("nonsense"))
        .await
        .refused(400);
    assert_eq!(
        (&wrong["status"], &wrong["error"]),
        (&json!("BAD_REFRESH_TOKEN"), &json!("invalid_grant"))
    );
    let given = portal
        .send_with(
            "",
            "POST",
            "/oauth/2026-09/token",
            form("sandbox-refresh-token"),
        )
        .await
        .expect(200);
    assert_eq!(
        (&given["expires_in"], &given["hub_id"]),
        (&json!(1800), &json!(8821))
    );
    let token = given["access_token"].as_str().unwrap();
    let call = || portal.send_with(token, "GET", "/crm/v3/owners", Bytes::new());
    call().await.expect(200);
    assert_eq!(
        portal
            .get(&format!("/oauth/v1/access-tokens/{token}"))
            .await
            .expect(200)["hub_id"],
        8821
    );
    portal.clock.set(at("2026-11-23T10:30:00Z"));
    let expired = call().await.refused(401);
    assert_eq!(expired["category"], "EXPIRED_AUTHENTICATION");
    assert_eq!(
        expired["context"]["expire time"],
        json!(["2026-11-23T10:30:00Z"])
    );
}

#[tokio::test]
async fn without_a_token_nobody_gets_in() {
    let portal = portal();
    let refused = portal
        .send_with("wrong", "GET", "/crm/v3/owners", Bytes::new())
        .await
        .refused(401);
    assert_eq!(
        refused,
        json!({
            "status": "error",
            "message": "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more \
                        details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
            "category": "INVALID_AUTHENTICATION",
        })
    );
}

#[tokio::test]
async fn what_couldnt_be_seeded_is_told() {
    let mut data = HubSpotData::default();
    data.push(
        ObjectType::Note,
        Record::new(1, at("2026-11-01T00:00:00Z")).with("nonsense", "x"),
    );
    data.push(ObjectType::Note, Record::new(2, at("2026-11-01T00:00:00Z")));
    data.push(ObjectType::Note, Record::new(2, at("2026-11-01T00:00:00Z")));
    data.push(
        ObjectType::Note,
        Record::new(u64::MAX, at("2026-11-01T00:00:00Z")),
    );
    data.associate((ObjectType::Note, 2), (ObjectType::Contact, 3));
    let state = Client::new(data, options()).endpoint.state();
    assert_eq!(
        state["rejected"],
        json!([
            "note 1: no property nonsense",
            "note 18446744073709551615: its id is above 9007199254740992",
            "note 2: there is another with this id",
            "association notes 2 to contacts 3",
        ])
    );
    assert_eq!(state["objects"]["notes"].as_array().unwrap().len(), 1);
}

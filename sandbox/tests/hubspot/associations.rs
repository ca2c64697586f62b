use serde_json::{Value as Json, json};

use crate::portal::portal;

#[tokio::test]
async fn a_batch_of_associations_is_read_with_their_types() {
    let portal = portal();
    let body = json!({ "inputs": [{ "id": "501" }, { "id": "502" }] });
    let read = portal
        .post(
            "/crm/associations/2026-09/calls/contacts/batch/read",
            body.clone(),
        )
        .await
        .expect(207);
    assert_eq!(
        read["results"],
        json!([{
            "from": { "id": "501" },
            "to": [
                { "toObjectId": "101", "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 194, "label": null }] },
                { "toObjectId": "102", "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 194, "label": null }] },
            ],
        }])
    );
    assert_eq!(
        read["errors"][0]["subCategory"],
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    );
    let numbers = portal
        .post("/crm/v4/associations/0-48/0-1/batch/read", body.clone())
        .await
        .expect(207);
    assert_eq!(numbers["results"][0]["to"][0]["toObjectId"], 101);
    let named = portal
        .post("/crm/v3/associations/calls/contacts/batch/read", body)
        .await
        .expect(207);
    assert_eq!(
        named["results"][0]["to"][0],
        json!({ "id": "101", "type": "call_to_contact" })
    );
}

#[tokio::test]
async fn a_thousand_are_read_at_once_and_no_more() {
    let portal = portal();
    let inputs = |most: u64| -> Vec<Json> {
        (1..=most)
            .map(|id| json!({ "id": id.to_string() }))
            .collect()
    };
    let path = "/crm/associations/2026-09/calls/contacts/batch/read";
    portal
        .post(path, json!({ "inputs": inputs(1_000) }))
        .await
        .expect(207);
    portal
        .post(path, json!({ "inputs": inputs(1_001) }))
        .await
        .refused(400);
}

#[tokio::test]
async fn one_records_associations_are_read_in_v4_only() {
    let portal = portal();
    let read = portal
        .get("/crm/v4/objects/contacts/101/associations/calls")
        .await
        .expect(200);
    assert_eq!(read["results"][0]["toObjectId"], 501);
    assert_eq!(read["results"][0]["associationTypes"][0]["typeId"], 193);
    portal
        .get("/crm/objects/2026-09/contacts/101/associations/calls")
        .await
        .refused(404);
}

#[tokio::test]
async fn many_associations_of_one_record_come_in_pages() {
    let portal = portal();
    for _ in 0..6 {
        let inputs: Vec<_> = (0..100)
            .map(|_| {
                json!({
                    "properties": { "hs_timestamp": "2026-11-23T10:00:00Z" },
                    "associations": [{ "to": { "id": 102 }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202 }] }],
                })
            })
            .collect();
        portal
            .post(
                "/crm/v3/objects/notes/batch/create",
                json!({ "inputs": inputs }),
            )
            .await
            .expect(201);
    }
    let path = "/crm/associations/2026-09/contacts/notes/batch/read";
    let first = portal
        .post(path, json!({ "inputs": [{ "id": "102" }] }))
        .await
        .expect(200);
    assert_eq!(first["results"][0]["to"].as_array().unwrap().len(), 500);
    let after = &first["results"][0]["paging"]["next"]["after"];
    let second = portal
        .post(path, json!({ "inputs": [{ "id": "102", "after": after }] }))
        .await
        .expect(200);
    assert_eq!(second["results"][0]["to"].as_array().unwrap().len(), 100);
    assert_eq!(second["results"][0].get("paging"), None);
}

#[tokio::test]
async fn records_are_joined_and_parted() {
    let portal = portal();
    let joined = portal
        .send(
            "PUT",
            "/crm/objects/2026-09/notes/601/associations/contacts/102",
            &json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202 }]),
        )
        .await
        .expect(201);
    assert_eq!(
        joined,
        json!({ "fromObjectTypeId": "0-46", "fromObjectId": "601", "toObjectTypeId": "0-1", "toObjectId": "102", "labels": [] })
    );
    let contacts = |body: Json| {
        body["associations"]["contacts"]["results"]
            .as_array()
            .map_or(0, Vec::len)
    };
    let read = || async {
        contacts(
            portal
                .get("/crm/v3/objects/notes/601?associations=contacts")
                .await
                .expect(200),
        )
    };
    assert_eq!(read().await, 2);
    portal
        .send(
            "DELETE",
            "/crm/v4/objects/contacts/102/associations/notes/601",
            &Json::Null,
        )
        .await
        .expect(204);
    assert_eq!(read().await, 1);
    portal
        .send(
            "PUT",
            "/crm/v4/objects/notes/601/associations/default/contacts/102",
            &Json::Null,
        )
        .await
        .expect(200);
    assert_eq!(read().await, 2);
    let parting = json!({ "inputs": [{ "from": { "id": "601" }, "to": [{ "id": "101" }, { "id": "102" }] }] });
    portal
        .post("/crm/v4/associations/notes/contacts/batch/archive", parting)
        .await
        .expect(204);
    assert_eq!(read().await, 0);
}

#[tokio::test]
async fn a_batch_joins_what_it_can() {
    let portal = portal();
    let types = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202 }]);
    let body = json!({ "inputs": [
        { "from": { "id": "601" }, "to": { "id": "102" }, "types": types },
        { "from": { "id": "601" }, "to": { "id": "999" }, "types": types },
    ] });
    let joined = portal
        .post("/crm/v4/associations/notes/contacts/batch/create", body)
        .await
        .expect(207);
    assert_eq!(joined["results"][0]["toObjectId"], 102);
    assert_eq!(joined["errors"][0]["context"]["toObjectId"], json!(["999"]));
    let body = json!({ "inputs": [{ "from": { "id": "601" }, "to": { "id": "101" } }] });
    let joined = portal
        .post(
            "/crm/associations/2026-09/notes/contacts/batch/associate/default",
            body,
        )
        .await
        .expect(200);
    assert_eq!(
        joined["results"][0]["associationSpec"]["associationTypeId"],
        202
    );
}

#[tokio::test]
async fn a_new_records_associations_are_checked() {
    let portal = portal();
    let create = |to: &str, type_id: u32| {
        let types =
            json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id }]);
        let body = json!({ "properties": { "hs_timestamp": "2026-11-23T10:00:00Z" }, "associations": [{ "to": { "id": to }, "types": types }] });
        portal.post("/crm/v3/objects/meetings", body)
    };
    assert_eq!(
        create("424242", 200).await.refused(400),
        json!({
            "status": "error",
            "message": "One or more associations are invalid",
            "context": { "INVALID_OBJECT_IDS": ["CONTACT=424242 is not valid"], "objectId": ["424242"], "objectType": ["CONTACT"] },
            "category": "VALIDATION_ERROR",
        })
    );
    assert_eq!(
        create("101", 199).await.refused(400)["message"],
        "invalid from object type 0-47 for associations to be created. expected: 0-1"
    );
    create("101", 9_999).await.refused(400);
    assert_eq!(
        portal.get("/crm/v3/objects/meetings").await.expect(200)["results"],
        json!([])
    );
}

#[tokio::test]
async fn what_is_archived_is_associated_no_more() {
    let portal = portal();
    portal
        .send("DELETE", "/crm/v3/objects/contacts/102", &Json::Null)
        .await
        .expect(204);
    let read = portal
        .post(
            "/crm/v4/associations/calls/contacts/batch/read",
            json!({ "inputs": [{ "id": "501" }] }),
        )
        .await;
    assert_eq!(
        read.expect(200)["results"][0]["to"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let call = portal
        .get("/crm/v3/objects/calls/501?associations=contacts")
        .await
        .expect(200);
    assert_eq!(
        call["associations"]["contacts"]["results"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_company_may_be_the_primary_one() {
    let labels = portal()
        .get("/crm/v4/associations/contacts/companies/labels")
        .await
        .expect(200);
    assert_eq!(
        labels["results"],
        json!([
            { "category": "HUBSPOT_DEFINED", "typeId": 279, "label": null },
            { "category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary" },
        ])
    );
}

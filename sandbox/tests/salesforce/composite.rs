//! Several requests in one.

use serde_json::{Value as Json, json};

use crate::org::{Client, DATA, contact, data, options, org, task};

fn part(method: &str, resource: &str, reference: &str, body: Json) -> Json {
    json!({ "method": method, "url": format!("{DATA}{resource}"), "referenceId": reference, "body": body })
}

fn statuses(answer: &Json) -> Vec<u64> {
    answer["compositeResponse"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["httpStatusCode"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_part_may_refer_to_those_before_it() {
    let org = org();
    let answer = org
        .post(
            "/composite",
            json!({ "allOrNone": true, "compositeRequest": [
                part("POST", "/sobjects/Contact", "aunt", json!({ "LastName": "Aunt" })),
                part("POST", "/sobjects/Task", "call", json!({ "Subject": "Call @{aunt.id}", "WhoId": "@{aunt.id}" })),
                part("GET", "/sobjects/Task/@{call.id}?fields=WhoId", "read", json!(null)),
                part("GET", "/query?q=SELECT+Id+FROM+Contact+WHERE+Id='@{read.WhoId}'", "found", json!(null)),
                part("PATCH", "/sobjects/Contact/@{found.records[0].Id}", "change", json!({ "FirstName": "Great" })),
            ] }),
        )
        .await
        .expect(200);
    assert_eq!(statuses(&answer), [201, 201, 200, 200, 204]);
    let parts = answer["compositeResponse"].as_array().unwrap();
    let (aunt, call) = (parts[0]["body"]["id"].as_str().unwrap(), &parts[1]);
    assert_eq!(call["referenceId"], "call");
    let id = call["body"]["id"].as_str().unwrap();
    assert_eq!(
        call["httpHeaders"],
        json!({ "Location": format!("{DATA}/sobjects/Task/{id}") })
    );
    assert_eq!(org.task(id)["Subject"], format!("Call {aunt}"));
    assert_eq!(parts[4]["body"], json!(null));
}

#[tokio::test]
async fn all_or_none_takes_parts_back_and_halts_the_rest() {
    let org = org();
    let before = org.endpoint.state();
    let parts = |all_or_none| {
        json!({ "allOrNone": all_or_none, "compositeRequest": [
            part("POST", "/sobjects/Task", "good", json!({ "Subject": "x" })),
            part("POST", "/sobjects/Task", "bad", json!({ "Nope": "x" })),
            part("POST", "/sobjects/Task", "child", json!({ "Subject": "@{bad.id}" })),
            part("POST", "/sobjects/Task", "other", json!({ "Subject": "x" })),
        ] })
    };
    let answer = org.post("/composite", parts(true)).await.expect(200);
    assert_eq!(statuses(&answer), [400; 4]);
    let code =
        |answer: &Json, at: usize| answer["compositeResponse"][at]["body"][0]["errorCode"].clone();
    assert_eq!(code(&answer, 1), "INVALID_FIELD");
    for at in [0, 2, 3] {
        assert_eq!(code(&answer, at), "PROCESSING_HALTED");
    }
    assert_eq!(org.endpoint.state(), before);
    let answer = org.post("/composite", parts(false)).await.expect(200);
    assert_eq!(statuses(&answer), [201, 400, 400, 201]);
    assert_eq!(code(&answer, 2), "PROCESSING_HALTED");
    assert_eq!(org.tasks(), 7);
}

#[tokio::test]
async fn there_are_at_most_25_parts_of_which_5_are_heavy() {
    let org = org();
    let body = |resource: &str, count| {
        let parts = (0..count).map(|at| part("GET", resource, &format!("r{at}"), json!(null)));
        json!({ "compositeRequest": parts.collect::<Vec<_>>() })
    };
    let query = "/query?q=SELECT+Id+FROM+Task";
    for (resource, most) in [("/limits", 25), (query, 5)] {
        let answer = org
            .post("/composite", body(resource, most))
            .await
            .expect(200);
        assert_eq!(statuses(&answer), vec![200; most]);
        org.post("/composite", body(resource, most + 1))
            .await
            .refused(400, "LIMIT_EXCEEDED");
    }
}

#[tokio::test]
async fn a_composite_holds_no_other() {
    let org = org();
    let inner = json!({ "compositeRequest": [] });
    let body = json!({ "compositeRequest": [part("POST", "/composite", "inner", inner)] });
    let answer = org.post("/composite", body).await.expect(200);
    assert_eq!(statuses(&answer), [400]);
}

#[tokio::test]
async fn a_batch_carries_out_each_part_and_counts_it() {
    let org = Client::new(data(), options());
    let single = |method: &str, url: String| json!({ "method": method, "url": url, "richInput": { "Subject": "Batch" } });
    let parts = |halt| {
        json!({ "haltOnError": halt, "batchRequests": [
            single("PATCH", format!("v67.0/sobjects/Task/{}", task(1))),
            single("GET", format!("v67.0/sobjects/Task/{}", contact(1))),
            single("GET", format!("{DATA}/sobjects/Task/{}?fields=Subject", task(1))),
        ] })
    };
    let reply = org.post("/composite/batch", parts(false)).await;
    assert_eq!(reply.headers["sforce-limit-info"], "api-usage=4/100000");
    let answer = reply.expect(200);
    assert_eq!(answer["hasErrors"], true);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results[0], json!({ "statusCode": 204, "result": null }));
    assert_eq!(results[1]["statusCode"], 404);
    assert_eq!(results[2]["result"]["Subject"], "Batch");
    let halted = org.post("/composite/batch", parts(true)).await.expect(200);
    assert_eq!(
        halted["results"][2]["result"][0]["errorCode"],
        "BATCH_PROCESSING_HALTED"
    );
}

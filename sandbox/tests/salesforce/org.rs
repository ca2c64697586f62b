//! A small org, and a client for it.

use std::collections::BTreeMap;

use bytes::Bytes;
use crosswalk_sandbox::hubspot::HubSpotData;
use crosswalk_sandbox::salesforce::{
    DEFAULT_TOKEN, SalesforceData, TaskStatus, ValidationRule, record_id,
};
use crosswalk_sandbox::{Endpoint, Limits, Options, Sandbox, SandboxClock};
use http::{HeaderMap, Request, header};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";
pub(crate) const DATA: &str = "/services/data/v67.0";
pub(crate) const KEY: &str = "Crosswalk_Key__c";

pub(crate) fn contact(number: u64) -> String {
    record_id("003", number)
}

pub(crate) fn lead(number: u64) -> String {
    record_id("00Q", number)
}

pub(crate) fn user(number: u64) -> String {
    record_id("005", number)
}

pub(crate) fn task(number: u64) -> String {
    record_id("00T", number)
}

pub(crate) fn account() -> String {
    record_id("001", 1)
}

/// Users 2, who is there, and 3, who left; contacts 1 to 3, of whom 3 is deleted; leads 1 and 2,
/// of whom 2 became contact 1; an account; tasks 1 to 5 with keys, of which 4 and 5 have the same.
pub(crate) fn data() -> SalesforceData {
    let mut data = SalesforceData {
        key_field: Some(KEY.to_owned()),
        validation_rules: vec![ValidationRule {
            sobject: "Task".to_owned(),
            field: "Subject".to_owned(),
            contains: "forbidden".to_owned(),
            message: "Not with this subject".to_owned(),
        }],
        ..SalesforceData::default()
    };
    data.task_statuses.push(TaskStatus::new("Called off", true));
    for (number, is_active) in [(2, true), (3, false)] {
        let email = format!("user{number}@example.com");
        data.push(
            "User",
            json!({ "Id": user(number), "Username": email, "Email": email, "FirstName": "User", "LastName": number.to_string(), "IsActive": is_active, "UserType": "Standard" }),
        );
    }
    data.push("Account", json!({ "Id": account(), "Name": "Acme" }));
    for (number, email) in [
        (1, "Aino@example.com"),
        (2, "otto@example.com"),
        (3, "gone@example.com"),
    ] {
        data.push(
            "Contact",
            json!({ "Id": contact(number), "LastName": email, "Email": email, "AccountId": account(), "IsDeleted": number == 3 }),
        );
    }
    data.push(
        "Lead",
        json!({ "Id": lead(1), "LastName": "Lahti", "Company": "Lahti Oy", "Email": "lahti@example.com" }),
    );
    data.push(
        "Lead",
        json!({ "Id": lead(2), "LastName": "Aalto", "Company": "Acme", "IsConverted": true, "ConvertedContactId": contact(1) }),
    );
    for (number, key) in [(1, "a"), (2, "b"), (3, "c"), (4, "twice"), (5, "twice")] {
        data.push(
            "Task",
            json!({
                "Id": task(number), "Subject": format!("Task {number}"), "WhoId": contact(1), KEY: key,
                "CreatedDate": format!("2026-11-0{number}T08:00:00Z"),
            }),
        );
    }
    data
}

pub(crate) fn options() -> Options {
    Options {
        clock: SandboxClock::frozen_at(at(NOW)),
        ..Options::default()
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An org without limits, at [`NOW`].
pub(crate) fn org() -> Client {
    org_with(data())
}

pub(crate) fn org_with(data: SalesforceData) -> Client {
    Client::new(
        data,
        Options {
            limits: Limits::Off,
            ..options()
        },
    )
}

pub(crate) struct Client {
    pub(crate) endpoint: Endpoint,
    pub(crate) clock: SandboxClock,
}

/// An answer: its status, headers, and body, null if it has none.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Json,
}

impl Client {
    pub(crate) fn new(data: SalesforceData, options: Options) -> Self {
        let clock = options.clock.clone();
        Self {
            endpoint: Sandbox::with_data(options, HubSpotData::default(), data).salesforce(),
            clock,
        }
    }

    /// Calls a resource of the latest version.
    pub(crate) async fn get(&self, resource: &str) -> Reply {
        self.send("GET", resource, Json::Null).await
    }

    pub(crate) async fn post(&self, resource: &str, body: Json) -> Reply {
        self.send("POST", resource, body).await
    }

    pub(crate) async fn patch(&self, resource: &str, body: Json) -> Reply {
        self.send("PATCH", resource, body).await
    }

    pub(crate) async fn delete(&self, resource: &str) -> Reply {
        self.send("DELETE", resource, Json::Null).await
    }

    pub(crate) async fn send(&self, method: &str, resource: &str, body: Json) -> Reply {
        let body = match body {
            Json::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        let authorization = format!("Bearer {DEFAULT_TOKEN}");
        self.send_with(
            method,
            &format!("{DATA}{resource}"),
            &[("authorization", &authorization)],
            body,
        )
        .await
    }

    /// Calls any path, with these headers only.
    pub(crate) async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "salesforce.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let (head, body) = self.endpoint.call(request).await.unwrap().into_parts();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    /// The records that a query finds.
    pub(crate) async fn query(&self, soql: &str) -> Vec<Json> {
        let reply = self.get(&format!("/query?q={}", escaped(soql))).await;
        let body = reply.expect(200);
        body["records"].as_array().unwrap().clone()
    }

    /// A task as it is held.
    pub(crate) fn task(&self, id: &str) -> Json {
        let state = self.endpoint.state();
        let tasks = state["sobjects"]["Task"].as_array().unwrap();
        tasks.iter().find(|task| task["Id"] == id).unwrap().clone()
    }

    /// How many tasks there are, deleted ones too.
    pub(crate) fn tasks(&self) -> usize {
        self.endpoint.state()["sobjects"]["Task"]
            .as_array()
            .unwrap()
            .len()
    }
}

impl Reply {
    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// The one error of a refusal with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Json {
        let body = self.expect(status);
        let errors = body.as_array().unwrap();
        assert_eq!(errors.len(), 1, "{body}");
        assert_eq!(errors[0]["errorCode"], code, "{body}");
        errors[0].clone()
    }

    /// The id of what was created.
    #[track_caller]
    pub(crate) fn created(self) -> String {
        self.expect(201)["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The first error of each outcome in a collection, `ok` for those that have none.
pub(crate) fn codes(outcomes: &Json) -> Vec<&str> {
    outcomes
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            let errors = outcome["errors"].as_array().unwrap();
            assert_eq!(outcome["success"], errors.is_empty(), "{outcome}");
            errors
                .first()
                .map_or("ok", |error| error["statusCode"].as_str().unwrap())
        })
        .collect()
}

/// A task for a collection.
pub(crate) fn record(fields: Json) -> Json {
    let mut record = fields;
    record["attributes"] = json!({ "type": "Task" });
    record
}

/// Records that another transaction holds for so many writes.
pub(crate) fn locked(id: String, writes: u32) -> BTreeMap<String, u32> {
    BTreeMap::from([(id, writes)])
}

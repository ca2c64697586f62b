//! A small portal, and a client for it.

use bytes::Bytes;
use crosswalk_sandbox::hubspot::{
    DEFAULT_TOKEN, HubSpotData, ObjectType, Owner, OwnerType, Record, Team,
};
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{Endpoint, Limits, Options, Sandbox, SandboxClock};
use http::{HeaderMap, Request, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Contacts 101 and 102, call 501 with both, note 601 with the first, an archived task 701,
/// owner 77, who is there, and 78, who left.
pub(crate) fn data() -> HubSpotData {
    let mut data = HubSpotData {
        owners: vec![sam(), alex()],
        ..HubSpotData::default()
    };
    let triggered = at("2026-09-01T07:10:00Z");
    data.push(
        ObjectType::Contact,
        Record::new(101, at("2026-09-01T07:00:00Z"))
            .updated_at(triggered)
            .with("email", "Aino@example.com")
            .with("firstname", "Aino")
            .with("lastname", "Aalto")
            .with("hubspot_owner_id", "77")
            .with("salesforcecontactid", "003000000000002AAA")
            .with_version("salesforcecontactid", "003000000000001AAA", triggered)
            .with_version(
                "salesforcecontactid",
                "003000000000002AAA",
                at("2026-10-01T00:00:00.5Z"),
            ),
    );
    data.push(
        ObjectType::Contact,
        Record::new(102, at("2026-08-01T07:00:00Z")).with("email", "otto@example.com"),
    );
    data.push(
        ObjectType::Call,
        Record::new(501, at("2026-11-20T08:00:00Z"))
            .with("hs_timestamp", "1763625600000")
            .with("hs_call_title", "Intro call")
            .with("hs_call_duration", "95000")
            .with("hs_call_direction", "OUTBOUND")
            .with(
                "hs_call_disposition",
                "f240bbac-87c9-4f6e-bf70-924b57d47db7",
            )
            .with("hubspot_owner_id", "77"),
    );
    data.push(
        ObjectType::Note,
        Record::new(601, at("2026-11-21T08:00:00Z")).with("hs_note_body", "<p>Hello</p>"),
    );
    data.push(
        ObjectType::Task,
        Record::new(701, at("2026-11-19T08:00:00Z"))
            .with("hs_task_subject", "Old")
            .archived_at(at("2026-11-20T00:00:00Z")),
    );
    data.associate((ObjectType::Call, 501), (ObjectType::Contact, 101));
    data.associate((ObjectType::Call, 501), (ObjectType::Contact, 102));
    data.associate((ObjectType::Note, 601), (ObjectType::Contact, 101));
    data
}

fn sam() -> Owner {
    Owner {
        id: 77,
        email: Some("sam@example.com".to_owned()),
        owner_type: OwnerType::Person,
        first_name: Some("Sam".to_owned()),
        last_name: Some("Oy".to_owned()),
        user_id: Some(1077),
        created_at: at("2025-01-01T00:00:00Z"),
        updated_at: at("2025-02-01T00:00:00Z"),
        archived: false,
        teams: vec![Team {
            id: 1,
            name: "Nordics".to_owned(),
        }],
    }
}

fn alex() -> Owner {
    Owner {
        id: 78,
        email: Some("alex@example.com".to_owned()),
        archived: true,
        user_id: None,
        teams: Vec::new(),
        ..sam()
    }
}

/// A portal without limits, at [`NOW`].
pub(crate) fn portal() -> Client {
    Client::new(
        data(),
        Options {
            limits: Limits::Off,
            search_lag: SignedDuration::ZERO,
            ..options()
        },
    )
}

pub(crate) fn options() -> Options {
    Options {
        clock: SandboxClock::frozen_at(at(NOW)),
        ..Options::default()
    }
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
    pub(crate) body: Json,
}

impl Client {
    pub(crate) fn new(data: HubSpotData, options: Options) -> Self {
        let clock = options.clock.clone();
        Self {
            endpoint: Sandbox::with_data(options, data, SalesforceData::default()).hubspot(),
            clock,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &Json::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Json) -> Reply {
        self.send("POST", path, &body).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Json) -> Reply {
        let body = if body.is_null() {
            Bytes::new()
        } else {
            Bytes::from(body.to_string())
        };
        self.send_with(DEFAULT_TOKEN, method, path, body).await
    }

    pub(crate) async fn send_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Bytes,
    ) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "hubspot.test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(body)
            .unwrap();
        let (head, body) = self.endpoint.call(request).await.unwrap().into_parts();
        let body = if body.is_empty() {
            Json::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        };
        Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        }
    }
}

impl Reply {
    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The body of a refusal but for its id, which all refusals have.
    #[track_caller]
    pub(crate) fn refused(self, status: u16) -> Json {
        let header = self.headers["x-hubspot-correlation-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let mut body = self.expect(status);
        let id = body.as_object_mut().unwrap().remove("correlationId");
        assert_eq!(id, Some(json!(header)));
        body
    }
}

/// The ids of results, in order.
pub(crate) fn ids(body: &Json) -> Vec<&str> {
    body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["id"].as_str().unwrap())
        .collect()
}

//! Forms, marketing emails and occurrences of events.

use serde_json::{Value as Json, json};

use crate::portal::{Client, at, data, ids, options};
use crosswalk_sandbox::hubspot::{
    Campaign, EmailEvent, EmailEventType, EventOccurrence, Form, HubSpotData, ObjectType,
    Submission,
};

const CONTACT_US: &str = "a1b2c3d4-0000-4000-8000-000000000001";
const FORMS: &str = "/marketing/v3/forms";
const EVENTS: &str = "/email/public/v1/events";
const OCCURRENCES: &str = "/events/event-occurrences/2026-09";

fn form(id: &str, name: &str, submissions: Vec<Submission>) -> Form {
    Form {
        id: id.to_owned(),
        name: name.to_owned(),
        created_at: at("2026-01-01T08:00:00Z"),
        updated_at: at("2026-01-02T08:00:00Z"),
        archived: false,
        fields: vec!["email".into(), "message".into()],
        submissions,
    }
}

fn submission(number: u64, moment: &str, values: &[(&'static str, &str)]) -> Submission {
    Submission {
        number,
        submitted_at: at(moment),
        page_url: "https://www.hallasensor.example/contact".to_owned(),
        values: values
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).to_owned()))
            .collect(),
    }
}

fn event(number: u64, created: i64, event_type: EmailEventType, recipient: &str) -> EmailEvent {
    EmailEvent {
        number,
        created,
        campaign: 7,
        recipient: recipient.into(),
        event_type,
        filtered: false,
        sent_by: (event_type != EmailEventType::Sent).then_some((1, 1_000)),
    }
}

fn occurrence(
    number: u64,
    moment: &str,
    event_type: &'static str,
    contact: u64,
) -> EventOccurrence {
    EventOccurrence {
        number,
        occurred_at: at(moment),
        event_type: event_type.into(),
        object: (ObjectType::Contact, contact),
        properties: vec![("hs_document_title".into(), "Price list".to_owned())],
    }
}

/// Two forms, one with submissions; an email with six events; three occurrences.
fn eventful() -> HubSpotData {
    HubSpotData {
        forms: vec![
            form("b", "Newsletter", Vec::new()),
            form(
                CONTACT_US,
                "Contact us",
                vec![
                    submission(1, "2026-11-01T08:00:00Z", &[("email", "aino@example.com")]),
                    submission(2, "2026-11-01T08:00:00Z", &[("message", "Hello?")]),
                    submission(3, "2026-11-20T08:00:00.250Z", &[("email", "x@example.com")]),
                ],
            ),
        ],
        campaigns: vec![Campaign {
            id: 7,
            app_id: 113,
            name: "Winter news".to_owned(),
            subject: "Colder than ever".to_owned(),
            link: "https://www.hallasensor.example/winter".to_owned(),
        }],
        email_events: vec![
            event(5, 5_000, EmailEventType::Click, "aino@example.com"),
            event(1, 1_000, EmailEventType::Sent, "aino@example.com"),
            event(2, 1_000, EmailEventType::Sent, "otto@example.com"),
            event(3, 3_000, EmailEventType::Open, "aino@example.com"),
            event(4, 3_000, EmailEventType::Open, "aino@example.com"),
            EmailEvent {
                filtered: true,
                ..event(6, 6_000, EmailEventType::Open, "otto@example.com")
            },
        ],
        event_occurrences: vec![
            occurrence(1, "2026-11-01T08:00:00Z", "e_viewed_document", 101),
            occurrence(2, "2026-11-02T08:00:00Z", "e_visited_page", 101),
            occurrence(3, "2026-11-03T08:00:00Z", "e_viewed_document", 102),
        ],
        ..data()
    }
}

fn portal() -> Client {
    Client::new(eventful(), options())
}

async fn get(portal: &Client, path: &str) -> Json {
    portal.get(path).await.expect(200)
}

/// The numbers at the ends of ids.
fn numbers(list: &Json, id: &str) -> Vec<u64> {
    let number = |held: &Json| {
        let id = held[id].as_str().unwrap();
        id.rsplit('-').next().unwrap().parse().unwrap()
    };
    list.as_array().unwrap().iter().map(number).collect()
}

#[tokio::test]
async fn forms_are_listed_and_renamed_under_either_path() {
    let portal = portal();
    let first = get(&portal, &format!("{FORMS}/?limit=1")).await;
    assert_eq!(ids(&first), [CONTACT_US]);
    let shown = &first["results"][0];
    assert_eq!(shown["name"], "Contact us");
    assert_eq!(shown["createdAt"], "2026-01-01T08:00:00Z");
    assert_eq!(shown["fieldGroups"][0]["fields"][0]["fieldType"], "email");
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let next = get(
        &portal,
        &format!("/marketing/forms/2026-09-beta?after={after}"),
    )
    .await;
    assert_eq!(ids(&next), ["b"]);
    assert_eq!(next.get("paging"), None);
    let renamed = json!({ "name": "Talk to us" });
    let renamed = portal
        .send("PATCH", &format!("{FORMS}/{CONTACT_US}"), &renamed)
        .await
        .expect(200);
    assert_eq!(renamed["name"], "Talk to us");
    assert_eq!(renamed["updatedAt"], "2026-11-23T10:00:00Z");
    portal.get(&format!("{FORMS}/none")).await.refused(404);
    portal.get(&format!("{FORMS}?limit=101")).await.refused(400);
    portal
        .get("/crm/objects/2026-09-beta/contacts")
        .await
        .refused(404);
    portal.get("/marketing/forms/2026-09").await.refused(404);
}

#[tokio::test]
async fn submissions_come_newest_first_in_pages() {
    let portal = portal();
    let path = format!("/form-integrations/v1/submissions/forms/{CONTACT_US}");
    let first = get(&portal, &format!("{path}?limit=2")).await;
    assert_eq!(
        first["results"][0],
        json!({
            "conversionId": "f0f0f0f0-0000-4000-8000-000000000003",
            "submittedAt": 1_795_161_600_250_i64,
            "values": [{ "name": "email", "value": "x@example.com", "objectTypeId": "0-1" }],
            "pageUrl": "https://www.hallasensor.example/contact",
        })
    );
    assert_eq!(numbers(&first["results"], "conversionId"), [3, 2]);
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let next = get(&portal, &format!("{path}?limit=2&after={after}")).await;
    assert_eq!(numbers(&next["results"], "conversionId"), [1]);
    assert_eq!(next.get("paging"), None);
    portal.get(&format!("{path}?limit=51")).await.refused(400);
    portal.get(&format!("{path}?after=x")).await.refused(400);
    portal
        .get("/form-integrations/v1/submissions/forms/none")
        .await
        .refused(404);
}

#[tokio::test]
async fn email_events_come_newest_first_and_as_asked_for() {
    let portal = portal();
    for (query, expected) in [
        ("", &[6, 5, 4, 3, 2, 1][..]),
        ("eventType=OPEN", &[6, 4, 3]),
        ("eventType=OPEN&excludeFilteredEvents=true", &[4, 3]),
        ("recipient=otto@example.com", &[6, 2]),
        ("startTimestamp=3000&endTimestamp=5000", &[5, 4, 3]),
        ("campaignId=8", &[]),
        ("campaignId=7&appId=113&eventType=CLICK", &[5]),
        ("appId=1", &[]),
    ] {
        let page = get(&portal, &format!("{EVENTS}?limit=1000&{query}")).await;
        assert_eq!(numbers(&page["events"], "id"), expected, "{query}");
        assert_eq!(page["hasMore"], false, "{query}");
    }
    for wrong in [
        "limit=1001",
        "limit=0",
        "eventType=open",
        "offset=x",
        "startTimestamp=now",
    ] {
        portal.get(&format!("{EVENTS}?{wrong}")).await.refused(400);
    }
}

#[tokio::test]
async fn an_offset_goes_on_where_the_page_ended_whatever_came_since() {
    let portal = portal();
    let (mut seen, mut offset) = (Vec::new(), String::new());
    loop {
        let page = get(&portal, &format!("{EVENTS}?limit=2&offset={offset}")).await;
        seen.extend(numbers(&page["events"], "id"));
        if page["hasMore"] == false {
            break;
        }
        offset = page["offset"].as_str().unwrap().to_owned();
        let opened = json!({ "email_events": [{ "type": "OPEN", "campaign": 7, "recipient": "new@example.com" }] });
        portal.endpoint.administer("happen", &opened).unwrap();
    }
    assert_eq!(seen, [6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn each_type_of_email_event_tells_what_it_is_about() {
    let portal = portal();
    let events = get(&portal, EVENTS).await;
    let events = events["events"].as_array().unwrap();
    let sent = json!({ "id": "e0e0e0e0-0000-4000-8000-000000000001", "created": 1_000 });
    assert_eq!(events[1]["url"], "https://www.hallasensor.example/winter");
    assert_eq!(events[2]["sentBy"], sent);
    assert_eq!(events[2]["emailCampaignId"], 7);
    assert_eq!(
        (&events[5]["subject"], &events[5]["appId"]),
        (&json!("Colder than ever"), &json!(113))
    );
    assert_eq!(events[5].get("sentBy"), None);
    let campaign = get(&portal, "/email/public/v1/campaigns/7").await;
    assert_eq!(campaign["name"], "Winter news");
    assert_eq!(campaign["subject"], "Colder than ever");
    assert_eq!(campaign["counters"]["open"], 3);
    portal
        .get("/email/public/v1/campaigns/8")
        .await
        .refused(404);
}

#[tokio::test]
async fn occurrences_come_as_asked_for() {
    let portal = portal();
    for (query, expected) in [
        ("", &[3, 2, 1][..]),
        ("sort=occurredAt", &[1, 2, 3]),
        ("eventType=e_viewed_document", &[3, 1]),
        ("objectType=contact&objectId=101", &[2, 1]),
        ("occurredAfter=2026-11-02T08:00:00.000Z", &[3, 2]),
        (
            "occurredBefore=2026-11-02T08:00:00Z&sort=-occurredAt",
            &[2, 1],
        ),
    ] {
        let page = get(&portal, &format!("{OCCURRENCES}?{query}")).await;
        assert_eq!(numbers(&page["results"], "id"), expected, "{query}");
    }
    let first = get(&portal, &format!("{OCCURRENCES}?sort=occurredAt&limit=2")).await;
    assert_eq!(first["results"][0]["objectType"], "CONTACT");
    assert_eq!(
        first["results"][0]["properties"]["hs_document_title"],
        "Price list"
    );
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let next = get(
        &portal,
        &format!("/events/v3/events?sort=occurredAt&limit=2&after={after}"),
    )
    .await;
    assert_eq!(numbers(&next["results"], "id"), [3]);
    for wrong in [
        "limit=101",
        "sort=id",
        "occurredAfter=soon",
        "objectType=moon",
        "objectId=101",
    ] {
        portal
            .get(&format!("{OCCURRENCES}?{wrong}"))
            .await
            .refused(400);
    }
}

#[tokio::test]
async fn an_account_may_be_without_occurrences_and_lists_their_types_all_the_same() {
    let portal = portal();
    let off = json!({ "event_occurrences": false });
    portal.endpoint.administer("account", &off).unwrap();
    assert_eq!(
        portal.get(OCCURRENCES).await.refused(403),
        json!({
            "status": "error",
            "message": "This app hasn't been granted all required scopes to make this call. Read more about required \
                        scopes here: https://developers.hubspot.com/scopes.",
            "errors": [{
                "message": "One or more of the following scopes are required.",
                "context": { "requiredGranularScopes": ["business-intelligence"] },
            }],
            "category": "MISSING_SCOPES",
        })
    );
    let types = get(&portal, &format!("{OCCURRENCES}/event-types")).await;
    assert!(
        types["eventTypes"]
            .as_array()
            .unwrap()
            .contains(&json!("e_viewed_document"))
    );
    let on = json!({ "event_occurrences": true });
    portal.endpoint.administer("account", &on).unwrap();
    get(&portal, OCCURRENCES).await;
}

#[tokio::test]
async fn what_no_api_can_make_happen_the_admin_api_can() {
    let portal = portal();
    let happening = json!({
        "submissions": [{ "form": CONTACT_US, "values": { "email": "new@example.com" } }],
        "occurrences": [{ "type": "ae42_attended", "contact": 102, "properties": { "webinar": "Cold" } }],
        "email_events": [{ "type": "CLICK", "campaign": 7, "recipient": "new@example.com", "at": "2026-11-22T00:00:00Z" }],
    });
    let happened = portal.endpoint.administer("happen", &happening).unwrap();
    assert_eq!(happened, json!({ "happened": 3 }));
    let path = format!("/form-integrations/v1/submissions/forms/{CONTACT_US}?limit=1");
    let submitted = get(&portal, &path).await;
    assert_eq!(numbers(&submitted["results"], "conversionId"), [4]);
    let occurred = get(&portal, &format!("{OCCURRENCES}?limit=1")).await;
    assert_eq!(occurred["results"][0]["eventType"], "ae42_attended");
    let event = get(&portal, &format!("{EVENTS}?limit=1")).await;
    assert_eq!(event["events"][0]["created"], 1_795_305_600_000_i64);
    for wrong in [
        json!({ "submissions": [{ "form": "none", "values": {} }] }),
        json!({ "email_events": [{ "type": "LOOKED", "campaign": 7, "recipient": "x" }] }),
        json!({ "nonsense": [] }),
    ] {
        portal.endpoint.administer("happen", &wrong).unwrap_err();
    }
}

#[tokio::test]
async fn they_count_and_need_a_token_as_all_requests_do() {
    let portal = portal();
    for path in [FORMS, EVENTS, OCCURRENCES] {
        let reply = portal.get(path).await;
        assert!(reply.headers.contains_key("x-hubspot-ratelimit-remaining"));
        portal
            .send_with("wrong", "GET", path, bytes::Bytes::new())
            .await
            .refused(401);
    }
}

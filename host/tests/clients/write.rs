//! Records of HubSpot written.

use std::collections::BTreeMap;

use crosswalk_host::error::Class;
use crosswalk_host::hubspot::{
    Association, HubSpot, NewObject, ObjectRefusal, ObjectType, ObjectsOutcome, RefusedPair,
    Written,
};
use crosswalk_sandbox::Effect;
use crosswalk_sandbox::hubspot::{self as portal, HubSpotData, Property, PropertyType, Record};
use serde_json::{Map, Value as Json, json};

use crate::systems::{NOW, Systems, at, texts};

pub(crate) const KEY: &str = "crosswalk_key";

/// Contacts 101 and 102, company 4, deal 9, tasks 701 (with contact 101) and 702; tasks have a unique property.
fn data() -> HubSpotData {
    let mut data = HubSpotData::default();
    let created = at("2026-11-01T08:00:00Z");
    let key = Property::new(KEY, "Crosswalk key", PropertyType::String);
    data.properties
        .push((portal::ObjectType::Task, key.unique()));
    for (kind, id) in [
        (portal::ObjectType::Contact, 101),
        (portal::ObjectType::Contact, 102),
        (portal::ObjectType::Company, 4),
        (portal::ObjectType::Deal, 9),
    ] {
        data.push(kind, Record::new(id, created));
    }
    for id in [701, 702] {
        let task = Record::new(id, created)
            .with("hs_task_subject", "Old")
            .with("hs_timestamp", "2026-11-20T08:00:00Z");
        data.push(portal::ObjectType::Task, task);
    }
    data.associate(
        (portal::ObjectType::Task, 701),
        (portal::ObjectType::Contact, 101),
    );
    data
}

fn properties(properties: &[(&str, &str)]) -> Map<String, Json> {
    let properties = properties.iter();
    properties
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect()
}

fn new_task(subject: &str) -> NewObject {
    NewObject {
        properties: properties(&[
            ("hs_task_subject", subject),
            ("hs_timestamp", "2026-11-24T08:00:00.000Z"),
        ]),
        associations: Vec::new(),
    }
}

fn about(to: ObjectType, id: &str) -> Association {
    Association {
        to,
        id: id.to_owned(),
    }
}

fn answered(outcome: ObjectsOutcome) -> Vec<Written> {
    match outcome {
        ObjectsOutcome::Answered(written) => written,
        other => panic!("{other:?}"),
    }
}

fn id(written: &Written) -> String {
    match written {
        Written::Done { id, updated_at, .. } => {
            assert_eq!(*updated_at, at(NOW));
            id.clone()
        }
        other => panic!("{other:?}"),
    }
}

fn refusal(written: &Written) -> &ObjectRefusal {
    match written {
        Written::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn task(hubspot: &HubSpot, id: &str) -> BTreeMap<String, String> {
    let names = ["hs_task_subject", "hs_task_body", KEY];
    let task = hubspot
        .read_one(ObjectType::Task, id, &names)
        .await
        .unwrap();
    task.unwrap().properties
}

async fn associated(hubspot: &HubSpot, kind: ObjectType, to: &str, id: &str) -> Vec<String> {
    let found = hubspot.associations(kind, to, &texts(&[id])).await.unwrap();
    found.get(id).cloned().unwrap_or_default()
}

#[tokio::test]
async fn one_that_is_refused_does_not_hold_up_the_others_and_the_order_stays() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    let mut wrong = new_task("b");
    wrong.properties.insert("nonsense".to_owned(), "x".into());
    let mut with_all = new_task("c");
    with_all.associations = vec![
        about(ObjectType::Contact, "101"),
        about(ObjectType::Contact, "102"),
        about(ObjectType::Company, "4"),
        about(ObjectType::Deal, "9"),
    ];
    let outcome = hubspot
        .create_objects(ObjectType::Task, &[new_task("a"), wrong, with_all])
        .await;
    let written = answered(outcome);
    assert!(matches!(written[0], Written::Done { is_new: true, .. }));
    assert_eq!(
        task(hubspot, &id(&written[0])).await["hs_task_subject"],
        "a"
    );
    let refusal = refusal(&written[1]);
    assert_eq!(
        (
            refusal.class,
            refusal.code.as_str(),
            refusal.message.as_str()
        ),
        (
            Class::Permanent,
            "PROPERTY_DOESNT_EXIST",
            "Property \"nonsense\" does not exist"
        )
    );
    assert!(refusal.what_to_do.contains("create it in HubSpot"));
    let last = id(&written[2]);
    assert_eq!(task(hubspot, &last).await["hs_task_subject"], "c");
    for (to, expected) in [
        ("contacts", vec!["101", "102"]),
        ("companies", vec!["4"]),
        ("deals", vec!["9"]),
    ] {
        assert_eq!(
            associated(hubspot, ObjectType::Task, to, &last).await,
            expected
        );
    }
}

#[tokio::test]
async fn every_activity_is_joined_by_the_default_type() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    for kind in [
        ObjectType::Task,
        ObjectType::Call,
        ObjectType::Email,
        ObjectType::Meeting,
        ObjectType::Note,
    ] {
        let mut given = properties(&[("hs_timestamp", "2026-11-24T08:00:00.000Z")]);
        if kind == ObjectType::Email {
            given.insert("hs_email_direction".to_owned(), "EMAIL".into());
        }
        let object = NewObject {
            properties: given,
            associations: vec![
                about(ObjectType::Contact, "101"),
                about(ObjectType::Company, "4"),
                about(ObjectType::Deal, "9"),
            ],
        };
        let written = answered(hubspot.create_objects(kind, &[object]).await);
        for (to, expected) in [("contacts", "101"), ("companies", "4"), ("deals", "9")] {
            let found = associated(hubspot, kind, to, &id(&written[0])).await;
            assert_eq!(found, [expected], "{kind} {to}");
        }
    }
    let mut strange = new_task("x");
    strange.associations = vec![about(ObjectType::Note, "1")];
    let outcome = hubspot.create_objects(ObjectType::Task, &[strange]).await;
    let ObjectsOutcome::Refused(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(error.message.contains("from tasks to notes"), "{error}");
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_not_repeated() {
    let systems = Systems::hubspot(data()).await;
    let path = "/crm/objects/2026-09/tasks/batch/create";
    systems.hubspot_fault("POST", path, Effect::reset().after_commit(), 1);
    let outcome = systems
        .hubspot
        .create_objects(ObjectType::Task, &[new_task("a")])
        .await;
    assert!(matches!(outcome, ObjectsOutcome::Unknown(_)), "{outcome:?}");
    assert_eq!(systems.sandbox.hubspot().log().count("POST", path), 1);
}

#[tokio::test]
async fn what_hubspot_refuses_whole_is_not_written() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    let twice = properties(&[("hs_task_subject", "New")]);
    let twice = [("701".to_owned(), twice.clone()), ("701".to_owned(), twice)];
    let outcome = hubspot.update_objects(ObjectType::Task, &twice).await;
    let ObjectsOutcome::Refused(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((error.class, error.status), (Class::Permanent, Some(400)));
    assert_eq!(task(hubspot, "701").await["hs_task_subject"], "Old");

    let many = vec![new_task("a"); 101];
    let outcome = hubspot.create_objects(ObjectType::Task, &many).await;
    let ObjectsOutcome::Refused(error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.status, None, "it isn't even asked: {error}");
    let none = hubspot.create_objects(ObjectType::Task, &[]).await;
    assert_eq!(answered(none), []);
}

#[tokio::test]
async fn records_are_changed_by_id_and_one_that_is_gone_says_so() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    let changed = [
        ("999", properties(&[("hs_task_subject", "x")])),
        ("702", properties(&[("hs_timestamp", "soon")])),
        (
            "701",
            properties(&[("hs_task_subject", ""), ("hs_task_body", "<p>b</p>")]),
        ),
    ];
    let changed = changed.map(|(id, properties)| (id.to_owned(), properties));
    let written = answered(hubspot.update_objects(ObjectType::Task, &changed).await);
    assert_eq!(refusal(&written[0]).code, "OBJECT_NOT_FOUND");
    assert_eq!(refusal(&written[1]).code, "INVALID_DATE");
    assert!(matches!(&written[2], Written::Done { id, is_new: false, .. } if id == "701"));
    let now = task(hubspot, "701").await;
    assert_eq!(now.get("hs_task_subject"), None);
    assert_eq!(now["hs_task_body"], "<p>b</p>");
}

#[tokio::test]
async fn an_upsert_creates_once() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    let task_of = |subject| properties(&[("hs_task_subject", subject), ("hs_timestamp", NOW)]);
    let first = [("k1".to_owned(), task_of("a"))];
    // The answer is lost, and it is sent again.
    let path = "/crm/objects/2026-09/tasks/batch/upsert";
    systems.hubspot_fault("POST", path, Effect::reset().after_commit(), 1);
    let written = answered(hubspot.upsert_objects(ObjectType::Task, KEY, &first).await);
    let one = id(&written[0]);
    let both = [
        ("k2".to_owned(), task_of("b")),
        ("k3".to_owned(), properties(&[("nonsense", "x")])),
        ("k1".to_owned(), task_of("c")),
    ];
    let written = answered(hubspot.upsert_objects(ObjectType::Task, KEY, &both).await);
    assert!(matches!(written[0], Written::Done { is_new: true, .. }));
    assert_eq!(refusal(&written[1]).code, "PROPERTY_DOESNT_EXIST");
    assert!(matches!(&written[2], Written::Done { id, is_new: false, .. } if *id == one));
    assert_eq!(task(hubspot, &one).await["hs_task_subject"], "c");
    assert_eq!(task(hubspot, &one).await[KEY], "k1");
}

#[tokio::test]
async fn what_is_archived_is_gone_and_twice_is_once() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    for _ in 0..2 {
        let ids = texts(&["701", "999"]);
        let written = answered(hubspot.archive_objects(ObjectType::Task, &ids).await);
        assert_eq!(written.iter().map(id).collect::<Vec<_>>(), ids);
    }
    let gone = hubspot.read_one(ObjectType::Task, "701", &[]).await;
    assert_eq!(gone, Ok(None));
    let page = hubspot.archived_page(ObjectType::Task, None, &[]).await;
    assert_eq!(page.unwrap().records.len(), 1);
}

#[tokio::test]
async fn pairs_are_joined_and_those_that_cannot_be_say_so() {
    let systems = Systems::hubspot(data()).await;
    let hubspot = &systems.hubspot;
    let pairs = [
        ("701", "101"),
        ("701", "999"),
        ("702", "102"),
        ("701", "102"),
    ];
    let pairs = pairs.map(|(from, to)| (from.to_owned(), to.to_owned()));
    let refused = hubspot
        .associate(ObjectType::Task, ObjectType::Contact, &pairs)
        .await
        .unwrap();
    let [RefusedPair { from, to, refusal }] = refused.as_slice() else {
        panic!("{refused:?}")
    };
    assert_eq!((from.as_str(), to.as_str()), ("701", "999"));
    assert_eq!(refusal.class, Class::Permanent);
    for (id, expected) in [("701", vec!["101", "102"]), ("702", vec!["102"])] {
        let found = associated(hubspot, ObjectType::Task, "contacts", id).await;
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn an_error_without_a_pair_is_that_of_all_that_were_not_joined() {
    let systems = Systems::hubspot(data()).await;
    let answer = json!({
        "status": "COMPLETE",
        "results": [{ "from": { "id": "701" }, "to": { "id": "101" } }],
        "errors": [
            { "category": "VALIDATION_ERROR", "message": "full" },
            { "message": "gone", "context": { "fromObjectId": ["702"], "toObjectId": ["102"] } },
        ],
    });
    let path = "/crm/associations/2026-09/tasks/contacts/batch/associate/default";
    let effect = crate::systems::answers(207, &answer.to_string());
    systems.hubspot_fault("POST", path, effect, 1);
    let pairs = [("701", "101"), ("702", "102"), ("703", "103")];
    let pairs = pairs.map(|(from, to)| (from.to_owned(), to.to_owned()));
    let refused = systems
        .hubspot
        .associate(ObjectType::Task, ObjectType::Contact, &pairs)
        .await
        .unwrap();
    let said: Vec<_> = refused
        .iter()
        .map(|pair| (&*pair.from, &*pair.to, &*pair.refusal.message))
        .collect();
    assert_eq!(said, [("702", "102", "gone"), ("703", "103", "full")]);
}

//! Records of HubSpot by what they hold.

use crosswalk_host::hubspot::{ObjectType, UniqueProperty};
use crosswalk_sandbox::hubspot::{self as portal, HubSpotData, Property, PropertyType, Record};
use crosswalk_sandbox::salesforce::record_id;

use crate::systems::{Systems, at, texts};
use crate::write::KEY;

fn record(id: u64, property: &'static str, value: &str) -> Record {
    Record::new(id, at("2026-11-01T08:00:00Z")).with(property, value)
}

#[tokio::test]
async fn contacts_are_found_by_their_contact_or_lead() {
    let mut data = HubSpotData::default();
    for (id, property, value) in [
        (101, "salesforcecontactid", record_id("003", 1)),
        (102, "salesforceleadid", record_id("00Q", 2)),
        (103, "salesforcecontactid", record_id("003", 3)),
        // Fifteen characters, of which only capitals tell one from the other.
        (104, "salesforcecontactid", "0030000000000Ab".to_owned()),
        (105, "salesforcecontactid", "0030000000000aB".to_owned()),
    ] {
        data.push(portal::ObjectType::Contact, record(id, property, &value));
    }
    let systems = Systems::hubspot(data).await;
    let wanted = [
        &record_id("003", 1),
        &record_id("00Q", 2),
        "0030000000000Ab",
        "nonsense",
        &record_id("001", 1),
        &record_id("003", 99),
    ];
    let contacts = systems
        .hubspot
        .contacts_by_salesforce_id(&texts(&wanted))
        .await
        .unwrap();
    let found: Vec<_> = contacts.iter().map(|contact| contact.id.as_str()).collect();
    assert_eq!(found, ["101", "102", "104"]);
    assert_eq!(contacts[1].salesforce_lead_id, Some(record_id("00Q", 2)));
    let none = systems.hubspot.contacts_by_salesforce_id(&[]).await;
    assert_eq!(none, Ok(Vec::new()));
}

#[tokio::test]
async fn many_ids_are_several_searches_and_many_contacts_several_pages() {
    let mut data = HubSpotData::default();
    for number in 1..=150 {
        let (contact, lead) = (record_id("003", number), record_id("00Q", number));
        let contact = record(number, "salesforcecontactid", &contact);
        data.push(portal::ObjectType::Contact, contact);
        let lead = record(1_000 + number, "salesforceleadid", &lead);
        data.push(portal::ObjectType::Contact, lead);
    }
    for number in 1..=250 {
        let same = record(2_000 + number, "salesforcecontactid", &record_id("003", 1));
        data.push(portal::ObjectType::Contact, same);
    }
    let systems = Systems::hubspot(data).await;
    let ids: Vec<String> = (1..=150)
        .flat_map(|number| [record_id("003", number), record_id("00Q", number)])
        .collect();
    let contacts = systems.hubspot.contacts_by_salesforce_id(&ids).await;
    assert_eq!(contacts.unwrap().len(), 550);
    assert_eq!(systems.hubspot.calls().searches, 4);
}

#[tokio::test]
async fn deals_and_companies_are_found_by_their_counterparts() {
    let mut data = HubSpotData::default();
    let opportunity = record(9, "hs_salesforceopportunityid", &record_id("006", 1));
    data.push(portal::ObjectType::Deal, opportunity);
    for id in [4, 5] {
        let company = record(id, "salesforceaccountid", &record_id("001", 1));
        data.push(portal::ObjectType::Company, company);
    }
    let systems = Systems::hubspot(data).await;
    let ids = vec![
        record_id("006", 1),
        record_id("001", 1),
        record_id("006", 2),
    ];
    for (kind, expected) in [
        (ObjectType::Deal, vec![(record_id("006", 1), "9")]),
        (
            ObjectType::Company,
            vec![(record_id("001", 1), "4"), (record_id("001", 1), "5")],
        ),
        (ObjectType::Task, vec![]),
    ] {
        let mut pairs = systems
            .hubspot
            .related_by_salesforce_id(kind, &ids)
            .await
            .unwrap();
        pairs.sort();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(salesforce, hubspot)| (salesforce, hubspot.to_owned()))
            .collect();
        assert_eq!(pairs, expected, "{kind}");
    }
}

#[tokio::test]
async fn a_unique_property_finds_records() {
    let mut data = HubSpotData::default();
    let key = Property::new(KEY, "Crosswalk key", PropertyType::String);
    data.properties
        .push((portal::ObjectType::Task, key.unique()));
    for (id, key) in [(701, "a"), (702, "b")] {
        let task = record(id, KEY, key).with("hs_task_subject", format!("Task {key}"));
        data.push(portal::ObjectType::Task, task);
    }
    let gone = record(703, KEY, "c").archived_at(at("2026-11-02T08:00:00Z"));
    data.push(portal::ObjectType::Task, gone);
    let systems = Systems::hubspot(data).await;
    let hubspot = &systems.hubspot;
    for (kind, name, expected) in [
        (ObjectType::Task, KEY, UniqueProperty::Usable),
        (
            ObjectType::Task,
            "hs_task_subject",
            UniqueProperty::NotUnique,
        ),
        (ObjectType::Task, "non sense/", UniqueProperty::Missing),
        (ObjectType::Call, KEY, UniqueProperty::Missing),
    ] {
        assert_eq!(hubspot.unique_property(kind, name).await, Ok(expected));
    }
    let keys = texts(&["b", "missing", "a", "c"]);
    let found = hubspot
        .objects_by_key(ObjectType::Task, KEY, &keys, &["hs_task_subject"])
        .await
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|task| {
            (
                &*task.id,
                &*task.properties[KEY],
                &*task.properties["hs_task_subject"],
            )
        })
        .collect();
    assert_eq!(found, [("702", "b", "Task b"), ("701", "a", "Task a")]);
}

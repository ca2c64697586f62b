//! Much and plain: for tests of load.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::calendar::{days, earlier, for_hubspot, for_salesforce, later};
use super::company::{KEY_FIELD, PORTAL, ZONE, add_key_property, add_person_token};
use super::enabled_at;
use super::random::Random;
use crate::hubspot::{
    Association, Campaign, EmailEvent, EmailEventType, HubSpotData, ObjectType, Owner, OwnerType,
    Record,
};
use crate::salesforce::{Generated, SalesforceData, record_id};

const OWNER: u64 = 71_001;
const FIRST_CONTACT: u64 = 1_001;
const FIRST_ACTIVITY: u64 = 10_000_001;
const FIRST_CAMPAIGN: u64 = 900_001;
const MAIL: &str = "load@hallasensor.example";

/// So many calls with so many contacts, each of whom is a Contact in Salesforce. All of them are within the window of
/// [`settings`](super::settings), one after the other, and every one is to become a Task.
pub fn load(
    activities: usize,
    distinct_contacts: usize,
    seed: u64,
    now: Timestamp,
) -> (HubSpotData, SalesforceData) {
    load_of(
        &[ObjectType::Call],
        activities,
        distinct_contacts,
        seed,
        now,
    )
}

/// The same of several types of activity, which take turns: tasks, calls, notes, meetings, emails. Other types are left out.
pub fn load_of(
    object_types: &[ObjectType],
    activities: usize,
    distinct_contacts: usize,
    seed: u64,
    now: Timestamp,
) -> (HubSpotData, SalesforceData) {
    let object_types: Vec<_> = object_types
        .iter()
        .copied()
        .filter(|object_type| LOADED.contains(object_type))
        .collect();
    let distinct_contacts = distinct_contacts.max(1);
    let (mut portal, org) = people(distinct_contacts, now);
    if object_types.is_empty() {
        return (portal, org);
    }

    let each = activities.div_ceil(object_types.len());
    for object_type in &object_types {
        portal
            .records
            .insert(*object_type, Vec::with_capacity(each));
    }
    portal.associations.reserve_exact(activities);
    let mut random = Random::new(seed);
    for (at, object_type) in (0..activities).zip(object_types.iter().cycle()) {
        let id = FIRST_ACTIVITY + at as u64;
        let record = activity(*object_type, id, moment(now, at, activities), &mut random);
        portal.push(*object_type, record);
        let contact = FIRST_CONTACT + random.below(distinct_contacts as u64);
        portal.associations.push(Association {
            from: (*object_type, id),
            to: (ObjectType::Contact, contact),
            type_id: None,
        });
    }
    (portal, org)
}

/// So many events of marketing emails with so many contacts: each email is sent to a contact, opened and clicked once,
/// and all of it lies within the window. It draws no numbers; a million of them take some 80 MB.
pub fn load_marketing(
    events: usize,
    distinct_contacts: usize,
    now: Timestamp,
) -> (HubSpotData, SalesforceData) {
    let distinct_contacts = distinct_contacts.max(1);
    let (mut portal, org) = people(distinct_contacts, now);
    let recipients: Vec<Arc<str>> = (FIRST_CONTACT..)
        .take(distinct_contacts)
        .map(|id| address(id).into())
        .collect();
    let emails = events.div_ceil(REACTIONS.len()).div_ceil(distinct_contacts);
    portal.campaigns = (FIRST_CAMPAIGN..).take(emails).map(campaign).collect();
    portal.email_events.reserve_exact(events);
    let mut sent = (0, 0);
    for at in 0..events {
        let (of_all, reaction) = (at / REACTIONS.len(), at % REACTIONS.len());
        let number = at as u64 + 1;
        let created = moment(now, at, events).as_millisecond();
        if reaction == 0 {
            sent = (number, created);
        }
        portal.email_events.push(EmailEvent {
            number,
            created,
            campaign: FIRST_CAMPAIGN + (of_all / distinct_contacts) as u64,
            recipient: recipients[of_all % distinct_contacts].clone(),
            event_type: REACTIONS[reaction],
            filtered: false,
            sent_by: (reaction > 0).then_some(sent),
        });
    }
    (portal, org)
}

const REACTIONS: [EmailEventType; 3] = [
    EmailEventType::Sent,
    EmailEventType::Open,
    EmailEventType::Click,
];

fn campaign(id: u64) -> Campaign {
    Campaign {
        id,
        app_id: 113,
        name: format!("Load {id}"),
        subject: format!("Load {id}"),
        link: "https://load.example/".to_owned(),
    }
}

/// So many Tasks in Salesforce with so many contacts, all of them from before [`settings`](super::settings) turn anything
/// on: for imports. They are made when the org starts, so that no list of them is ever held.
pub fn load_tasks(
    tasks: u64,
    distinct_contacts: usize,
    now: Timestamp,
) -> (HubSpotData, SalesforceData) {
    let distinct_contacts = distinct_contacts.max(1) as u64;
    let (portal, mut org) = people(distinct_contacts as usize, now);
    let end = earlier(enabled_at(now), days(1));
    let make = move |number: u64| {
        let ago = SignedDuration::from_secs(i64::try_from((tasks - number) * 60).unwrap_or(0));
        let written = for_salesforce(earlier(end, ago));
        json!({
            "Id": record_id("00T", FIRST_ACTIVITY + number), "Subject": format!("Load {number}"), "Status": "Completed",
            "Priority": "Normal", "TaskSubtype": SUBTYPES[number as usize % SUBTYPES.len()],
            "WhoId": record_id("003", FIRST_CONTACT + number % distinct_contacts), "OwnerId": record_id("005", 2),
            "CreatedById": record_id("005", 2), "CreatedDate": written,
        })
    };
    org.generated.push(Generated {
        sobject: "Task".to_owned(),
        number: tasks,
        make: Arc::new(make),
    });
    (portal, org)
}

const SUBTYPES: [&str; 3] = ["Task", "Call", "Email"];

/// Both systems with people, and nothing that happened.
fn people(number: usize, now: Timestamp) -> (HubSpotData, SalesforceData) {
    let mut portal = HubSpotData::default();
    let mut org = SalesforceData::default();
    portal.portal.id = PORTAL;
    portal.portal.time_zone = ZONE.to_owned();
    org.key_field = Some(KEY_FIELD.to_owned());
    add_key_property(&mut portal);
    add_person_token(&mut org);
    colleague(&mut portal, &mut org, now);
    contacts(&mut portal, &mut org, number, now);
    (portal, org)
}

/// When one of so many happens, that they lie in the window one after the other.
fn moment(now: Timestamp, at: usize, number: usize) -> Timestamp {
    let begin = later(enabled_at(now), SignedDuration::from_hours(24));
    let end = earlier(now, SignedDuration::from_hours(2));
    let span = end.as_millisecond().saturating_sub(begin.as_millisecond());
    let passed = i128::from(span) * at as i128 / number.max(1) as i128;
    later(
        begin,
        SignedDuration::from_millis(i64::try_from(passed).unwrap_or(0)),
    )
}

fn address(contact: u64) -> String {
    format!("c{contact}@load.example")
}

const LOADED: [ObjectType; 5] = [
    ObjectType::Task,
    ObjectType::Call,
    ObjectType::Note,
    ObjectType::Meeting,
    ObjectType::Email,
];

fn colleague(portal: &mut HubSpotData, org: &mut SalesforceData, now: Timestamp) {
    let created = earlier(now, days(900));
    portal.owners.push(Owner {
        id: OWNER,
        email: Some(MAIL.to_owned()),
        owner_type: OwnerType::Person,
        first_name: Some("Load".to_owned()),
        last_name: Some("Bearer".to_owned()),
        user_id: Some(500_000 + OWNER),
        created_at: created,
        updated_at: created,
        archived: false,
        teams: Vec::new(),
    });
    org.push(
        "User",
        json!({
            "Id": record_id("005", 2), "Username": MAIL, "FirstName": "Load", "LastName": "Bearer", "Email": MAIL,
            "Alias": "load", "IsActive": true, "UserType": "Standard", "TimeZoneSidKey": ZONE, "LocaleSidKey": "en_US",
            "LanguageLocaleKey": "en_US",
        }),
    );
}

fn contacts(portal: &mut HubSpotData, org: &mut SalesforceData, number: usize, now: Timestamp) {
    let created = earlier(now, days(400));
    let since = later(created, SignedDuration::from_mins(10));
    let written = for_salesforce(since);
    let mut records = Vec::with_capacity(number);
    for id in (FIRST_CONTACT..).take(number) {
        let in_salesforce = record_id("003", id);
        let mut record = Record::new(id, created);
        record.properties = vec![
            ("email".into(), address(id)),
            ("lastname".into(), format!("Number {id}")),
            ("salesforcecontactid".into(), in_salesforce.clone()),
        ];
        let record = record.with_version("salesforcecontactid", in_salesforce.as_str(), since);
        records.push(record);
        org.push(
            "Contact",
            json!({
                "Id": in_salesforce, "LastName": format!("Number {id}"), "Email": address(id),
                "CreatedDate": written,
            }),
        );
    }
    portal.records.insert(ObjectType::Contact, records);
}

/// As little as an activity can be: a million of them must fit into memory.
fn activity(object_type: ObjectType, id: u64, at: Timestamp, random: &mut Random) -> Record {
    let mut record = Record::new(id, at);
    let owner = ("hubspot_owner_id".into(), OWNER.to_string());
    let moment = ("hs_timestamp".into(), for_hubspot(at));
    let title = format!("Load {id}");
    record.properties = match object_type {
        ObjectType::Task => vec![owner, moment, ("hs_task_subject".into(), title)],
        ObjectType::Call => {
            let duration = random.between(1_000, 900_000).to_string();
            vec![
                owner,
                moment,
                ("hs_call_title".into(), title),
                ("hs_call_duration".into(), duration),
            ]
        }
        ObjectType::Note => vec![owner, moment, ("hs_note_body".into(), title)],
        ObjectType::Meeting => vec![
            owner,
            ("hs_meeting_start_time".into(), for_hubspot(at)),
            moment,
            ("hs_meeting_title".into(), title),
        ],
        _ => vec![
            owner,
            moment,
            ("hs_email_direction".into(), "EMAIL".to_owned()),
            ("hs_email_subject".into(), title),
        ],
    };
    record
}

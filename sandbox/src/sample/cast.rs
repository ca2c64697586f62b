//! The people, companies and deals of the specimens: each is there because of one thing about it.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::builder::Builder;
use super::calendar::{days, earlier, for_hubspot, for_salesforce, later, minutes};
use super::company::{AINO, FREYA, LUKAS, MIKAEL, user_of};
use super::names;
use super::people::{Company, Contact, Standing, add_contact, known};
use super::places::Buyer;
use crate::hubspot::{ObjectType, Record};
use crate::salesforce::record_id;

/// A Contact whom Aino owns.
pub(super) const PLAIN: u64 = 101;
/// A Contact who came later.
pub(super) const NEWER: u64 = 102;
/// A Lead.
pub(super) const LEAD: u64 = 104;
/// Not in Salesforce yet.
pub(super) const PENDING: u64 = 105;
/// Without an email address.
pub(super) const EXCLUDED: u64 = 106;
/// Not in Salesforce yet, and newer than all others.
pub(super) const PENDING_NEWER: u64 = 107;
/// Old, but in Salesforce for [`LATE_BY`] days only.
pub(super) const LATE: u64 = 108;
pub(super) const LATE_BY: i64 = 20;
/// Found by its email address.
pub(super) const BY_EMAIL: u64 = 110;
/// Found by its email address, which Salesforce has in capitals.
pub(super) const LEAD_BY_EMAIL: u64 = 111;
/// A Lead that became a Contact.
pub(super) const CONVERTED: u64 = 112;
/// A Lead that became a Contact, which was deleted.
pub(super) const CONVERTED_DELETED: u64 = 113;
/// A Contact that was deleted.
pub(super) const DELETED: u64 = 114;
/// Owned by nobody.
pub(super) const NO_OWNER: u64 = 115;
/// Owned by somebody whom Salesforce doesn't have.
pub(super) const UNMAPPED: u64 = 116;
/// With a name in several scripts.
pub(super) const EMOJI: u64 = 117;
/// A Lead that became an Account only.
pub(super) const CONVERTED_NOWHERE: u64 = 118;
/// Salesforce has two Contacts with its email address.
pub(super) const TWICE: u64 = 119;
/// HubSpot has the id of its Contact without the checksum.
pub(super) const SHORT_ID: u64 = 121;
/// It was in Salesforce, and is no more.
pub(super) const CLEARED: u64 = 122;
/// Owned by somebody whom Salesforce has twice.
pub(super) const AMBIGUOUS: u64 = 123;
/// Created on one day in UTC with [`BEFORE_MIDNIGHT`], on the next in Helsinki.
pub(super) const AFTER_MIDNIGHT: u64 = 125;
pub(super) const BEFORE_MIDNIGHT: u64 = 126;
/// Created late on the day of [`SAME_DAY_EARLY`].
pub(super) const SAME_DAY_LATE: u64 = 9_951;
/// Created early on the day of [`SAME_DAY_LATE`], with an id that is higher as a number only.
pub(super) const SAME_DAY_EARLY: u64 = 10_201;

/// A company with an Account.
pub(super) const ICE: u64 = 301;
/// A company whose Account was deleted.
pub(super) const GONE: u64 = 302;
/// A company with the id of another org's Account.
pub(super) const ELSEWHERE: u64 = 303;
/// A company with the id of something else.
pub(super) const MIXED_UP: u64 = 304;
/// A company without an Account.
pub(super) const NO_ACCOUNT: u64 = 305;

/// Deals with Opportunities.
pub(super) const DEAL: u64 = 701;
pub(super) const HIGHER_DEAL: u64 = 702;
/// A deal without an Opportunity.
pub(super) const DEAL_ALONE: u64 = 703;
/// A deal whose Opportunity was deleted.
pub(super) const DEAL_GONE: u64 = 704;

const fn buyer(name: &'static str, domain: &'static str) -> Buyer {
    Buyer {
        name,
        domain,
        city: "Vaasa",
        country: "Finland",
        industry: "Logistics",
        names: &names::FINNISH,
        owner: AINO,
    }
}

const BUYERS: [(u64, Buyer); 5] = [
    (ICE, buyer("Pohjola Ice Oy", "pohjolaice")),
    (GONE, buyer("Kaukorahti Oy", "kaukorahti")),
    (ELSEWHERE, buyer("Länsiväylä Kylmä Oy", "lansivayla")),
    (MIXED_UP, buyer("Sekavarasto Oy", "sekavarasto")),
    (NO_ACCOUNT, buyer("Uusi Pakaste Oy", "uusipakaste")),
];

/// Everybody whom the specimens need.
pub(super) fn enter(builder: &mut Builder) {
    let ice = builder.companies.len();
    companies(builder);
    deals(builder, ice);
    people(builder, ice);
    odd_people(builder, ice);
}

fn companies(builder: &mut Builder) {
    let created = earlier(builder.now, days(700));
    for (id, buyer) in &BUYERS {
        let account = match *id {
            ICE | GONE => Some(record_id("001", *id)),
            ELSEWHERE => Some(record_id("001", 909_303)),
            MIXED_UP => Some(record_id("003", PLAIN)),
            _ => None,
        };
        let mut record = Record::new(*id, created)
            .with("name", buyer.name)
            .with("domain", format!("{}.example", buyer.domain))
            .with("hubspot_owner_id", AINO.to_string());
        if let Some(account) = &account {
            record = record.with("salesforceaccountid", account.as_str());
        }
        builder.hubspot.push(ObjectType::Company, record);
        if matches!(*id, ICE | GONE) {
            builder.salesforce.push(
                "Account",
                json!({
                    "Id": account, "Name": buyer.name, "OwnerId": user_of(AINO), "IsDeleted": *id == GONE,
                    "CreatedDate": for_salesforce(created),
                }),
            );
        }
        builder.companies.push(Company {
            id: *id,
            buyer,
            account: account.filter(|_| *id == ICE),
        });
    }
}

fn deals(builder: &mut Builder, ice: usize) {
    let created = earlier(builder.now, days(120));
    let close = later(builder.now, days(40));
    for (id, name) in [
        (DEAL, "Pohjola Ice – ice rink monitoring"),
        (HIGHER_DEAL, "Pohjola Ice – second rink"),
        (DEAL_ALONE, "Pohjola Ice – just an idea"),
        (DEAL_GONE, "Pohjola Ice – cancelled hall"),
    ] {
        let mut record = Record::new(id, created)
            .with("dealname", name)
            .with("dealstage", "qualifiedtobuy")
            .with("pipeline", "default")
            .with("closedate", for_hubspot(close))
            .with("hubspot_owner_id", AINO.to_string());
        if id != DEAL_ALONE {
            record = record.with("hs_salesforceopportunityid", record_id("006", id));
            builder.salesforce.push(
                "Opportunity",
                json!({
                    "Id": record_id("006", id), "Name": name, "StageName": "Qualification", "OwnerId": user_of(AINO),
                    "AccountId": record_id("001", ICE), "CloseDate": builder.office.date(close).to_string(),
                    "IsDeleted": id == DEAL_GONE, "CreatedDate": for_salesforce(created),
                }),
            );
        }
        builder.hubspot.push(ObjectType::Deal, record);
        let company = builder.companies[ice].id;
        builder
            .hubspot
            .associate((ObjectType::Deal, id), (ObjectType::Company, company));
    }
}

/// Somebody of Pohjola Ice.
fn person(ice: usize, id: u64, first: &str, last: &str, created: Timestamp) -> Contact {
    Contact {
        id,
        company: ice,
        created,
        first: first.to_owned(),
        last: last.to_owned(),
        email: Some(format!("contact{id}@pohjolaice.example")),
        owner: Some(AINO),
    }
}

fn people(builder: &mut Builder, ice: usize) {
    let now = builder.now;
    let ago = |number: i64| earlier(now, days(number));
    let person = |id, first, last, created| person(ice, id, first, last, created);
    let day = builder.office.date(ago(200));
    let early = builder.office.at(day, 9, 5);
    let late = builder.office.at(day, 16, 40);
    let midnight = builder.office.at(day.saturating_add(30.days()), 0, 0);
    let around_midnight = |by| later(midnight, minutes(by));
    let owned_by = |contact, owner| Contact { owner, ..contact };
    let all = [
        (
            person(PLAIN, "Aada", "Niskala", ago(500)),
            Standing::Contact,
        ),
        (
            owned_by(person(NEWER, "Eetu", "Ranta", ago(100)), Some(MIKAEL)),
            Standing::Contact,
        ),
        (
            owned_by(person(LEAD, "Ida", "Holmberg", ago(180)), Some(MIKAEL)),
            Standing::Lead,
        ),
        (
            person(PENDING, "Onni", "Tulokas", ago(10)),
            Standing::Pending,
        ),
        (
            Contact {
                email: None,
                ..person(EXCLUDED, "Front", "Desk", ago(400))
            },
            Standing::Excluded,
        ),
        (
            person(PENDING_NEWER, "Viivi", "Uusitalo", ago(9)),
            Standing::Pending,
        ),
        (
            person(BY_EMAIL, "Helmi", "Postila", ago(320)),
            Standing::ContactByEmail,
        ),
        (
            person(CONVERTED, "Leo", "Muutos", ago(250)),
            Standing::Converted,
        ),
        (
            owned_by(person(NO_OWNER, "Kerttu", "Orpana", ago(260)), None),
            Standing::Contact,
        ),
        (
            owned_by(person(UNMAPPED, "Niilo", "Vieras", ago(270)), Some(FREYA)),
            Standing::Contact,
        ),
        (
            person(EMOJI, "Zoë 🧊👩‍🔬", "王-Ångström", ago(280)),
            Standing::Contact,
        ),
        (
            owned_by(person(AMBIGUOUS, "Elsa", "Kaksonen", ago(285)), Some(LUKAS)),
            Standing::Contact,
        ),
        (
            person(AFTER_MIDNIGHT, "Yrjö", "Aamu", around_midnight(35)),
            Standing::Contact,
        ),
        (
            person(BEFORE_MIDNIGHT, "Ilta", "Myöhänen", around_midnight(-55)),
            Standing::Contact,
        ),
        (
            person(SAME_DAY_LATE, "Kaarlo", "Iltanen", late),
            Standing::Contact,
        ),
        (
            person(SAME_DAY_EARLY, "Kaisa", "Aamunen", early),
            Standing::Contact,
        ),
    ];
    for (contact, standing) in all {
        let triggered = later(contact.created, minutes(10));
        add_contact(builder, contact, standing, triggered, &[]);
    }
    let late = person(LATE, "Pentti", "Hidas", ago(300));
    add_contact(builder, late, Standing::Contact, ago(LATE_BY), &[]);
}

/// Those whom Salesforce has otherwise than HubSpot believes.
fn odd_people(builder: &mut Builder, ice: usize) {
    let now = builder.now;
    let created = earlier(now, days(290));
    let since = later(created, minutes(10));
    let contact = |id: u64| record_id("003", id);
    let lead = |id: u64| record_id("00Q", id);
    for (id, first, last, property, value) in [
        (LEAD_BY_EMAIL, "Siiri", "Suur", "", String::new()),
        (
            CONVERTED_DELETED,
            "Arvo",
            "Poistunut",
            "salesforceleadid",
            lead(CONVERTED_DELETED),
        ),
        (
            DELETED,
            "Hilja",
            "Lähtenyt",
            "salesforcecontactid",
            contact(DELETED),
        ),
        (
            CONVERTED_NOWHERE,
            "Taavi",
            "Tili",
            "salesforceleadid",
            lead(CONVERTED_NOWHERE),
        ),
        (TWICE, "Venla", "Kahdesti", "", String::new()),
        (
            SHORT_ID,
            "Urho",
            "Lyhyt",
            "salesforcecontactid",
            contact(SHORT_ID).chars().take(15).collect(),
        ),
        (CLEARED, "Toivo", "Irti", "", String::new()),
    ] {
        let person = person(ice, id, first, last, created);
        let email = person.email.clone().unwrap_or_default();
        let mut record = Record::new(id, created)
            .with("firstname", first)
            .with("lastname", last)
            .with("email", email.as_str())
            .with("hubspot_owner_id", AINO.to_string());
        if !property.is_empty() {
            record = known(record, property, &value, since);
        }
        if id == CLEARED {
            record = record
                .with_version(
                    "salesforcecontactid",
                    contact(CLEARED),
                    earlier(now, days(30)),
                )
                .with_version("salesforcecontactid", "", earlier(now, days(12)));
        }
        builder.hubspot.push(ObjectType::Contact, record);
        builder
            .hubspot
            .associate((ObjectType::Contact, id), (ObjectType::Company, ICE));
        let fields = |record: String, email: &str| {
            json!({
                "Id": record, "FirstName": first, "LastName": last, "Email": email, "OwnerId": user_of(AINO),
                "CreatedDate": for_salesforce(since),
            })
        };
        let mut lead_fields = fields(lead(id), &email);
        lead_fields["Company"] = json!("Pohjola Ice Oy");
        match id {
            LEAD_BY_EMAIL => {
                lead_fields["Email"] = json!(email.to_uppercase());
                builder.salesforce.push("Lead", lead_fields);
            }
            CONVERTED_DELETED | CONVERTED_NOWHERE => {
                lead_fields["IsConverted"] = json!(true);
                lead_fields["Status"] = json!("Closed - Converted");
                lead_fields["ConvertedAccountId"] = json!(record_id("001", ICE));
                if id == CONVERTED_DELETED {
                    lead_fields["ConvertedContactId"] = json!(contact(id));
                    let mut gone = fields(contact(id), &email);
                    gone["IsDeleted"] = json!(true);
                    builder.salesforce.push("Contact", gone);
                }
                builder.salesforce.push("Lead", lead_fields);
            }
            DELETED => {
                let mut gone = fields(contact(id), &email);
                gone["IsDeleted"] = json!(true);
                builder.salesforce.push("Contact", gone);
            }
            TWICE => {
                builder
                    .salesforce
                    .push("Contact", fields(contact(id), &email));
                builder
                    .salesforce
                    .push("Contact", fields(contact(90_000 + id), &email));
            }
            SHORT_ID => builder
                .salesforce
                .push("Contact", fields(contact(id), &email)),
            _ => {}
        }
    }
}

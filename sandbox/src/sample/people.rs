//! Whom the company knows: companies, people and deals, and what Salesforce has of them.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::builder::Builder;
use super::calendar::{days, earlier, for_hubspot, for_salesforce, later, minutes};
use super::company::{
    Colleague, FREYA, JOAN, LUKAS, NOOR, OSKAR, PETTERI, QUEUE, TOMASZ, queue, user_of,
};
use super::names::in_ascii;
use super::places::{BUYERS, Buyer};
use super::random::Random;
use crate::hubspot::{ObjectType, Record};
use crate::salesforce::record_id;

const FIRST_COMPANY: u64 = 401;
const FIRST_DEAL: u64 = 801;
const FIRST_CONTACT: u64 = 1_001;
const CONTACTS: usize = 200;
const DEALS: usize = 90;
/// When HubSpot's own integration was connected, in days before now: nobody was synced before.
const CONNECTED: i64 = 430;

/// A company, in both systems.
pub(super) struct Company {
    pub(super) id: u64,
    pub(super) buyer: &'static Buyer,
    /// The id of its Account.
    pub(super) account: Option<String>,
}

/// A contact.
pub(super) struct Contact {
    pub(super) id: u64,
    /// Where its company stands in the list.
    pub(super) company: usize,
    pub(super) created: Timestamp,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) email: Option<String>,
    pub(super) owner: Option<u64>,
}

/// A deal.
pub(super) struct Deal {
    pub(super) id: u64,
    pub(super) company: usize,
}

/// How a contact stands in Salesforce.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Standing {
    /// HubSpot knows the id of its Contact.
    Contact,
    /// HubSpot knows the id of its Lead.
    Lead,
    /// HubSpot knows the id of a Lead that has become a Contact since.
    Converted,
    /// There is a Contact with its email address.
    ContactByEmail,
    /// There is a Lead with its email address.
    LeadByEmail,
    /// Not yet there.
    Pending,
    /// Without an email address it never will be.
    Excluded,
}

const STANDINGS: [(u64, Standing); 7] = [
    (66, Standing::Contact),
    (14, Standing::Lead),
    (6, Standing::ContactByEmail),
    (3, Standing::LeadByEmail),
    (4, Standing::Converted),
    (4, Standing::Pending),
    (3, Standing::Excluded),
];

const TITLES: [&str; 16] = [
    "Quality Manager",
    "Head of Logistics",
    "Cold Chain Coordinator",
    "Procurement Lead",
    "Plant Manager",
    "Responsible Person (GDP)",
    "IT Manager",
    "Warehouse Supervisor",
    "Managing Director",
    "Operations Analyst",
    "Chief Pharmacist",
    "Maintenance Engineer",
    "Laadunvalvoja",
    "Einkaufsleiterin",
    "品質管理部長",
    "Responsable qualité",
];

/// Everybody.
pub(super) fn meet(builder: &mut Builder) {
    for (at, buyer) in BUYERS.iter().enumerate() {
        company(builder, at, buyer);
    }
    for at in 0..CONTACTS {
        contact(builder, at);
    }
    for at in 0..DEALS {
        deal(builder, at);
    }
}

fn company(builder: &mut Builder, at: usize, buyer: &'static Buyer) {
    let id = FIRST_COMPANY + at as u64;
    let random = &mut builder.random;
    let date = builder
        .office
        .date(earlier(builder.now, days(random.between(200, 1_100))));
    let created = builder.office.at_work(date, random);
    let account = random.chance(90).then(|| record_id("001", id));
    let mut record = Record::new(id, created)
        .updated_at(later(created, days(random.between(1, 150))))
        .with("name", buyer.name)
        .with("domain", format!("{}.example", buyer.domain))
        .with("city", buyer.city)
        .with("country", buyer.country)
        .with("industry", buyer.industry)
        .with("hubspot_owner_id", buyer.owner.to_string());
    if let Some(account) = &account {
        record = record.with("salesforceaccountid", account.as_str());
        builder
            .salesforce
            .push("Account", self::account(account, buyer, created));
    }
    builder.hubspot.push(ObjectType::Company, record);
    builder.companies.push(Company { id, buyer, account });
}

fn account(id: &str, buyer: &Buyer, created: Timestamp) -> Json {
    json!({
        "Id": id, "Name": buyer.name, "Type": "Customer", "BillingCity": buyer.city, "BillingCountry": buyer.country,
        "Website": format!("https://www.{}.example", buyer.domain), "OwnerId": user_of(buyer.owner),
        "CreatedDate": for_salesforce(created),
    })
}

/// One contact. Companies are met one after the other, again and again; some contacts of a company come on the same day.
fn contact(builder: &mut Builder, at: usize) {
    let id = FIRST_CONTACT + at as u64;
    let company = at % builder.companies.len();
    let buyer = builder.companies[company].buyer;
    let now = builder.now;
    let before = builder
        .contacts
        .iter()
        .rev()
        .find(|contact| contact.company == company)
        .map(|contact| contact.created);
    let random = &mut builder.random;
    let created = match before {
        Some(before) if random.chance(35) => later(before, minutes(random.between(3, 90))),
        _ => {
            let age = if random.chance(25) {
                random.between(2, 90)
            } else {
                random.between(90, 1_000)
            };
            builder
                .office
                .at_work(builder.office.date(earlier(now, days(age))), random)
        }
    };
    let (first, last) = (
        random.pick(buyer.names.first),
        random.pick(buyer.names.last),
    );
    let standing = random.weighted(&STANDINGS);
    let owner = owner_of_contact(buyer.owner, random);
    let suffix = random.weighted(&[(24, ""), (1, " 🧊"), (1, " 🐟"), (1, " (QA)")]);
    let email = format!(
        "{}.{}@{}.example",
        in_ascii(first),
        in_ascii(last),
        buyer.domain
    );
    let taken = builder
        .contacts
        .iter()
        .any(|contact| contact.email.as_deref() == Some(email.as_str()));
    let email = if taken {
        format!(
            "{}.{}{}@{}.example",
            in_ascii(first),
            in_ascii(last),
            id,
            buyer.domain
        )
    } else {
        email
    };
    let connected = later(
        earlier(now, days(CONNECTED)),
        minutes(builder.random.between(0, 4_000)),
    );
    let triggered = later(created, minutes(builder.random.between(2, 45))).max(connected);
    let title = builder.random.pick(&TITLES);
    let phone = format!(
        "+{}",
        builder.random.between(30_000_000_000, 99_999_999_999)
    );
    let contact = Contact {
        id,
        company,
        created,
        first: format!("{}{suffix}", first.0),
        last: last.0.to_owned(),
        email: (standing != Standing::Excluded).then_some(email),
        owner,
    };
    let details = [
        ("jobtitle", title.to_owned()),
        ("phone", phone),
        ("city", buyer.city.to_owned()),
        ("country", buyer.country.to_owned()),
        ("lifecyclestage", stage(standing).to_owned()),
    ];
    add_contact(builder, contact, standing, triggered, &details);
}

fn stage(standing: Standing) -> &'static str {
    match standing {
        Standing::Contact | Standing::ContactByEmail => "customer",
        Standing::Converted => "opportunity",
        Standing::Lead | Standing::LeadByEmail => "lead",
        Standing::Pending => "marketingqualifiedlead",
        Standing::Excluded => "other",
    }
}

fn owner_of_contact(owner: u64, random: &mut Random) -> Option<u64> {
    const OTHERS: [u64; 8] = [LUKAS, JOAN, FREYA, QUEUE, OSKAR, NOOR, TOMASZ, PETTERI];
    match random.below(100) {
        0..88 => Some(owner),
        88..94 => Some(random.pick(&OTHERS)),
        _ => None,
    }
}

/// Adds a contact, and what Salesforce has of it.
pub(super) fn add_contact(
    builder: &mut Builder,
    contact: Contact,
    standing: Standing,
    triggered: Timestamp,
    details: &[(&'static str, String)],
) {
    let company = &builder.companies[contact.company];
    let (company_id, company_name) = (company.id, company.buyer.name);
    let (contact_id, lead_id) = (record_id("003", contact.id), record_id("00Q", contact.id));
    let mut record = Record::new(contact.id, contact.created)
        .updated_at(triggered.max(contact.created))
        .with("firstname", contact.first.as_str())
        .with("lastname", contact.last.as_str())
        .with("company", company_name)
        .with("associatedcompanyid", company_id.to_string());
    if let Some(email) = &contact.email {
        record = record.with("email", email.as_str());
    }
    if let Some(owner) = contact.owner {
        record = record.with("hubspot_owner_id", owner.to_string());
    }
    for (name, value) in details {
        record = record.with(*name, value.as_str());
    }
    record = match standing {
        Standing::Contact => known(record, "salesforcecontactid", &contact_id, triggered),
        Standing::Lead | Standing::Converted => {
            known(record, "salesforceleadid", &lead_id, triggered)
        }
        _ => record,
    };
    builder.hubspot.push(ObjectType::Contact, record);
    builder.hubspot.associate(
        (ObjectType::Contact, contact.id),
        (ObjectType::Company, company_id),
    );
    in_salesforce(builder, &contact, standing, triggered);
    builder.contacts.push(contact);
}

/// With the id of its record in Salesforce since then.
pub(super) fn known(record: Record, property: &'static str, id: &str, since: Timestamp) -> Record {
    record
        .with(property, id)
        .with_version(property, id, since)
        .with("salesforcelastsynctime", for_hubspot(since))
}

fn in_salesforce(builder: &mut Builder, contact: &Contact, standing: Standing, since: Timestamp) {
    let contact_id = record_id("003", contact.id);
    let company = &builder.companies[contact.company];
    let mut person = json!({
        "FirstName": contact.first, "LastName": contact.last, "Email": contact.email,
        "OwnerId": user_of(contact.owner.unwrap_or(company.buyer.owner)), "CreatedDate": for_salesforce(since),
    });
    let is_contact = matches!(
        standing,
        Standing::Contact | Standing::ContactByEmail | Standing::Converted
    );
    let is_lead = matches!(
        standing,
        Standing::Lead | Standing::LeadByEmail | Standing::Converted
    );
    if is_contact {
        let mut fields = person.clone();
        fields["Id"] = json!(contact_id);
        fields["AccountId"] = json!(company.account);
        builder.salesforce.push("Contact", fields);
    }
    if is_lead {
        person["Id"] = json!(record_id("00Q", contact.id));
        person["Company"] = json!(company.buyer.name);
        if contact.owner == Some(QUEUE) {
            person["OwnerId"] = json!(queue());
        }
        if standing == Standing::Converted {
            person["IsConverted"] = json!(true);
            person["Status"] = json!("Closed - Converted");
            person["ConvertedDate"] = json!(builder.office.date(since).to_string());
            person["ConvertedContactId"] = json!(contact_id);
            person["ConvertedAccountId"] = json!(company.account);
        }
        builder.salesforce.push("Lead", person);
    }
}

const SUBJECTS: [&str; 8] = [
    "reefer pilot",
    "pharma monitoring",
    "warehouse roll-out",
    "Halla Cloud renewal",
    "data logger replacement",
    "GDP compliance package",
    "door sensors",
    "vaccine fridges",
];
const STAGES: [(u64, (&str, &str)); 6] = [
    (2, ("appointmentscheduled", "Prospecting")),
    (3, ("qualifiedtobuy", "Qualification")),
    (3, ("presentationscheduled", "Proposal/Price Quote")),
    (2, ("contractsent", "Negotiation/Review")),
    (4, ("closedwon", "Closed Won")),
    (2, ("closedlost", "Closed Lost")),
];

fn deal(builder: &mut Builder, at: usize) {
    let id = FIRST_DEAL + at as u64;
    let random = &mut builder.random;
    let company = random.below(builder.companies.len() as u64) as usize;
    let known = &builder.companies[company];
    let (stage, stage_name) = random.weighted(&STAGES);
    let age = random.between(5, 600);
    let date = builder.office.date(earlier(builder.now, days(age)));
    let created = builder.office.at_work(date, random);
    let close = builder
        .office
        .appointment(created, random.between(20, 90), random);
    let amount = random.between(8, 400) * 250;
    let name = format!("{} – {}", known.buyer.name, random.pick(&SUBJECTS));
    let opportunity = random.chance(80).then(|| record_id("006", id));
    let mut record = Record::new(id, created)
        .with("dealname", name.as_str())
        .with("dealstage", stage)
        .with("pipeline", "default")
        .with("amount", amount.to_string())
        .with("closedate", for_hubspot(close))
        .with("hubspot_owner_id", known.buyer.owner.to_string());
    if let Some(opportunity) = &opportunity {
        record = record.with("hs_salesforceopportunityid", opportunity.as_str());
        let shown: String = name.chars().take(120).collect();
        builder.salesforce.push(
            "Opportunity",
            json!({
                "Id": opportunity, "Name": shown, "StageName": stage_name, "Amount": amount, "AccountId": known.account,
                "CloseDate": builder.office.date(close).to_string(), "OwnerId": user_of(known.buyer.owner),
                "CreatedDate": for_salesforce(created),
            }),
        );
    }
    builder.hubspot.push(ObjectType::Deal, record);
    let end = (ObjectType::Deal, id);
    builder
        .hubspot
        .associate(end, (ObjectType::Company, known.id));
    let members = builder
        .contacts
        .iter()
        .filter(|contact| contact.company == company);
    for contact in members.take(2) {
        builder
            .hubspot
            .associate(end, (ObjectType::Contact, contact.id));
    }
    builder.deals.push(Deal { id, company });
}

impl Contact {
    /// Who of the company works with it.
    pub(super) fn colleague(&self, companies: &[Company]) -> &'static Colleague {
        Colleague::of(self.owner.unwrap_or(companies[self.company].buyer.owner))
    }
}

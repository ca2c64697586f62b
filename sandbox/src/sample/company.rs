//! The company whose systems these are: Hallasensor, a Finnish maker of sensors for the cold chain, with its people.

use jiff::Timestamp;
use serde_json::json;

use super::builder::Builder;
use super::calendar::{days, earlier};
use crate::hubspot::{HubSpotData, ObjectType, Owner, OwnerType, Property, PropertyType, Team};
use crate::salesforce::{SalesforceData, TaskStatus, record_id};

/// The portal that the sample is.
pub(super) const PORTAL: u64 = 8821;
/// Where the company is at home.
pub(super) const ZONE: &str = "Europe/Helsinki";
/// The field of Task that holds the key.
pub const KEY_FIELD: &str = "Crosswalk_Key__c";
const DOMAIN: &str = "hallasensor.example";

pub(super) const AINO: u64 = 71_001;
pub(super) const MIKAEL: u64 = 71_002;
pub(super) const SARAH: u64 = 71_003;
pub(super) const DANIEL: u64 = 71_004;
pub(super) const HARUKA: u64 = 71_005;
pub(super) const PRIYA: u64 = 71_006;
/// Two active users of Salesforce have the email address.
pub(super) const LUKAS: u64 = 71_007;
/// So have three, but of one it is the username.
pub(super) const ELENA: u64 = 71_008;
/// Archived in HubSpot, active in Salesforce.
pub(super) const PETTERI: u64 = 71_009;
/// Inactive in Salesforce.
pub(super) const JOAN: u64 = 71_010;
/// Not in Salesforce.
pub(super) const FREYA: u64 = 71_011;
/// A queue.
pub(super) const QUEUE: u64 = 71_012;
/// Overridden by a user who is inactive.
pub(super) const OSKAR: u64 = 71_013;
/// Overridden by another active user.
pub(super) const NOOR: u64 = 71_014;
/// Overridden by a user whom Salesforce doesn't have.
pub(super) const TOMASZ: u64 = 71_015;
/// No owner at all: HubSpot has forgotten it.
pub(super) const FORGOTTEN: u64 = 71_999;

/// Somebody of the company.
pub(super) struct Colleague {
    pub(super) owner: u64,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// Before the `@`; a queue has none.
    mail: &'static str,
    pub(super) zone: &'static str,
    team: u64,
    archived: bool,
}

const fn colleague(
    owner: u64,
    first: &'static str,
    last: &'static str,
    mail: &'static str,
    zone: &'static str,
    team: u64,
) -> Colleague {
    Colleague {
        owner,
        first,
        last,
        mail,
        zone,
        team,
        archived: false,
    }
}

const fn archived(colleague: Colleague) -> Colleague {
    Colleague {
        archived: true,
        ..colleague
    }
}

const TEAMS: [&str; 3] = ["EMEA", "Americas", "APAC"];

#[rustfmt::skip]
pub(super) const COLLEAGUES: [Colleague; 15] = [
    colleague(AINO, "Aino", "Korhonen", "aino.korhonen", ZONE, 0),
    colleague(MIKAEL, "Mikael", "Lindqvist", "Mikael.Lindqvist", "Europe/Stockholm", 0),
    colleague(SARAH, "Sarah", "Whitfield", "sarah.whitfield", "America/New_York", 1),
    colleague(DANIEL, "Daniel", "Okafor", "daniel.okafor", "America/Chicago", 1),
    colleague(HARUKA, "春香", "田辺", "haruka.tanabe", "Asia/Tokyo", 2),
    colleague(PRIYA, "Priya", "Raman", "priya.raman", "Asia/Singapore", 2),
    colleague(LUKAS, "Lukas", "Brandt", "lukas.brandt", "Europe/Berlin", 0),
    colleague(ELENA, "Elena", "Marchetti", "elena.marchetti", "Europe/Rome", 0),
    archived(colleague(PETTERI, "Petteri", "Salo", "petteri.salo", ZONE, 0)),
    colleague(JOAN, "Joan", "Ferrer", "joan.ferrer", "Europe/Madrid", 0),
    colleague(FREYA, "Freya", "Nyström", "freya.nystrom", ZONE, 0),
    colleague(QUEUE, "Inbound", "EMEA", "", ZONE, 0),
    archived(colleague(OSKAR, "Oskar", "Vinter", "oskar.vinter", "Europe/Stockholm", 0)),
    colleague(NOOR, "Noor", "Haddad", "noor.haddad", "America/New_York", 1),
    colleague(TOMASZ, "Tomasz", "Wilk", "tomasz.wilk", "Europe/Warsaw", 0),
];

impl Colleague {
    /// Who has this id; whom HubSpot has forgotten is taken for the first.
    pub(super) fn of(owner: u64) -> &'static Colleague {
        COLLEAGUES
            .iter()
            .find(|colleague| colleague.owner == owner)
            .unwrap_or(&COLLEAGUES[0])
    }

    pub(super) fn email(&self) -> Option<String> {
        (!self.mail.is_empty()).then(|| format!("{}@{DOMAIN}", self.mail))
    }

    fn owner(&self, at: usize, now: Timestamp) -> Owner {
        let is_queue = self.mail.is_empty();
        let name = |name: &str| (!is_queue).then(|| name.to_owned());
        let user = 500_000 + self.owner;
        Owner {
            id: self.owner,
            email: self.email(),
            owner_type: if is_queue {
                OwnerType::Queue
            } else {
                OwnerType::Person
            },
            first_name: name(self.first),
            last_name: name(self.last),
            user_id: (!is_queue && !self.archived).then_some(user),
            created_at: earlier(now, days(900 - 7 * at as i64)),
            updated_at: earlier(now, days(120)),
            archived: self.archived,
            teams: vec![Team {
                id: 61 + self.team,
                name: TEAMS[self.team as usize % TEAMS.len()].to_owned(),
            }],
        }
    }
}

/// A user of Salesforce: number, names, email address, username, whether it is active.
type User = (
    u64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

#[rustfmt::skip]
const USERS: [User; 19] = [
    (2, "Aino", "Korhonen", "aino.korhonen", "aino.korhonen", true),
    (3, "Mikael", "Lindqvist", "mikael.lindqvist", "mlindqvist.crm", true),
    (4, "Sarah", "Whitfield", "sarah.whitfield", "sarah.w", true),
    (5, "Daniel", "Okafor", "daniel.okafor", "daniel.okafor", true),
    (6, "春香", "田辺", "haruka.tanabe", "haruka.tanabe", true),
    (7, "Priya", "Raman", "priya.raman", "priya.raman", true),
    (8, "Lukas", "Brandt", "lukas.brandt", "lbrandt.sales", true),
    (9, "Lukas", "Brandt", "lukas.brandt", "lbrandt.service", true),
    (10, "Elena", "Marchetti", "elena.marchetti", "elena.marchetti", true),
    (11, "Elena", "Marchetti", "elena.marchetti", "elena.test", true),
    (12, "Demo", "Account", "elena.marchetti", "demo.emea", true),
    (13, "Petteri", "Salo", "petteri.salo", "petteri.salo", true),
    (14, "Joan", "Ferrer", "joan.ferrer", "joan.ferrer", false),
    (15, "Oskar", "Vinter", "oskar.vinter", "oskar.vinter", false),
    (16, "Sales Desk", "Americas", "desk.us", "desk.us", true),
    (17, "Grace", "Adeyemi", "grace.adeyemi", "grace.adeyemi", true),
    (18, "Tomasz", "Wilk", "tomasz.wilk", "tomasz.wilk", true),
    (19, "Ilmari", "Kettunen", "ilmari.kettunen", "ilmari.kettunen", true),
    (20, "Partner", "Portal", "partners", "partners", true),
];

/// The user of Salesforce that an owner is, for whom there is one.
pub(super) fn user_of(owner: u64) -> String {
    let number = match owner {
        AINO => 2,
        MIKAEL => 3,
        SARAH => 4,
        DANIEL => 5,
        HARUKA => 6,
        PRIYA => 7,
        LUKAS => 8,
        ELENA => 10,
        PETTERI => 13,
        NOOR => 16,
        TOMASZ => 18,
        _ => 17,
    };
    user(number)
}

fn user(number: u64) -> String {
    record_id("005", number)
}

/// The queue of Salesforce, which owns some leads.
pub(super) fn queue() -> String {
    record_id("00G", 1)
}

/// Owner of HubSpot to user of Salesforce, for the settings.
pub(super) fn overrides() -> [(String, String); 3] {
    [
        (OSKAR.to_string(), user(15)),
        (NOOR.to_string(), user(16)),
        (TOMASZ.to_string(), user(404)),
    ]
}

/// The property of activities that names their record in Salesforce: no two have the same.
pub const KEY_PROPERTY: &str = "crosswalk_salesforce_id";

/// Gives the activities of a portal their key.
pub(super) fn add_key_property(portal: &mut HubSpotData) {
    let activities = [
        ObjectType::Task,
        ObjectType::Call,
        ObjectType::Email,
        ObjectType::Meeting,
        ObjectType::Note,
    ];
    portal.properties.extend(activities.map(|activity| {
        let key = Property::new(KEY_PROPERTY, "Salesforce record", PropertyType::String);
        (activity, key.unique())
    }));
}

/// The bearer token with which Aino, a person, calls Salesforce.
pub const PERSON_TOKEN: &str = "sandbox-person-token";

/// Gives a person of the org a token, so that not all that happens there is the integration's doing.
pub(super) fn add_person_token(org: &mut SalesforceData) {
    org.tokens.insert(PERSON_TOKEN.to_owned(), user_of(AINO));
}

/// The portal, the org, and everybody in them.
pub(super) fn found(builder: &mut Builder) {
    let now = builder.now;
    builder.hubspot.portal.id = PORTAL;
    builder.hubspot.portal.time_zone = ZONE.to_owned();
    builder.hubspot.owners = COLLEAGUES
        .iter()
        .enumerate()
        .map(|(at, colleague)| colleague.owner(at, now))
        .collect();
    add_key_property(&mut builder.hubspot);
    super::refusals::portal_rules(&mut builder.hubspot);
    users(&mut builder.salesforce);
    add_person_token(&mut builder.salesforce);
    configure(&mut builder.salesforce);
}

fn users(org: &mut SalesforceData) {
    for (number, first, last, mail, username, is_active) in USERS {
        let mut alias: String = username
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        alias.truncate(8);
        let user_type = if mail == "partners" {
            "PowerPartner"
        } else {
            "Standard"
        };
        org.push(
            "User",
            json!({
                "Id": user(number), "Username": format!("{username}@{DOMAIN}"), "FirstName": first, "LastName": last,
                "Email": format!("{mail}@{DOMAIN}"), "Alias": alias, "IsActive": is_active, "UserType": user_type,
                "TimeZoneSidKey": ZONE, "LocaleSidKey": "en_US", "LanguageLocaleKey": "en_US",
            }),
        );
    }
    org.push(
        "Group",
        json!({ "Id": queue(), "Name": "Inbound EMEA", "DeveloperName": "Inbound_EMEA", "Type": "Queue" }),
    );
}

/// What the org's administrator made of it: a key field, and no status `Deferred` but one `Blocked`.
fn configure(org: &mut SalesforceData) {
    org.key_field = Some(KEY_FIELD.to_owned());
    org.task_statuses
        .retain(|status| status.label != "Deferred");
    org.task_statuses.push(TaskStatus::new("Blocked", false));
    super::refusals::rules(org);
}

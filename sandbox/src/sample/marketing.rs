//! What the marketers sent and what came of it: forms, emails to many, and what contacts did by themselves.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::builder::Builder;
use super::calendar::{days, earlier, later, minutes, working_day};
use super::company::PORTAL;
use super::random::Random;
use crate::hubspot::{
    Campaign, EmailEvent, EmailEventType, EventOccurrence, Form, ObjectType, Submission,
};

/// What the names of events are that the sample's contacts did, by the kind of activity that each is.
///
/// Those of HubSpot and of its portals are fixed by neither: they are settings.
pub const EVENT_TYPES: [(&str, &str); 4] = [
    ("sales_email_opened", OPENED),
    ("sales_email_clicked", CLICKED),
    ("sales_content_viewed", VIEWED),
    ("integration_event", ATTENDED),
];
pub(super) const OPENED: &str = "e_opened_sales_email";
pub(super) const CLICKED: &str = "e_clicked_sales_email";
pub(super) const VIEWED: &str = "e_viewed_sales_document";
pub(super) const ATTENDED: &str = "ae1160452_webinar_attended";
/// This is no activity.
const VISITED: &str = "e_visited_page";

/// Forms, by their ids.
pub(super) const CONTACT_US: &str = "5f1c2b7a-0000-4000-8000-000000000601";
pub(super) const RENAMED: &str = "5f1c2b7a-0000-4000-8000-000000000602";
const FORMS: [(&str, &str, &[&str]); 4] = [
    (CONTACT_US, "Contact us", &["email", "firstname", "message"]),
    (RENAMED, "Cold chain guide 2026", &["email", "company"]),
    (
        "5f1c2b7a-0000-4000-8000-000000000603",
        "Newsletter",
        &["email"],
    ),
    (
        "5f1c2b7a-0000-4000-8000-000000000604",
        "Pyydä tarjous",
        &["email", "phone", "message"],
    ),
];
const PAGE: &str = "https://www.hallasensor.example/";

/// The app that sends marketing emails.
const APP: u64 = 113;
/// The emails that the specimens are about.
pub(super) const WINTER: u64 = 6_001;
pub(super) const SUMMER: u64 = 6_007;
/// Marketing emails: what they are called, their subjects, and how many days ago they went out.
const CAMPAIGNS: [(u64, &str, &str, i64); 8] = [
    (WINTER, "Winter newsletter", "Ten ways to keep your cool", 5),
    (
        6_002,
        "Webinar: reefer monitoring",
        "Join us on Thursday",
        16,
    ),
    (
        6_003,
        "Autumn newsletter",
        "Is your cold room ready for the audit?",
        38,
    ),
    (
        6_004,
        "Halla Gate launch",
        "One gateway, 400 sensors ❄️",
        52,
    ),
    (
        6_005,
        "Customer survey",
        "Three questions, three minutes",
        71,
    ),
    (
        6_006,
        "GDP checklist",
        "Ihr GDP-Audit – eine Checkliste",
        97,
    ),
    (SUMMER, "Summer newsletter", "暑い夏を、冷たいままで", 160),
    (6_008, "Trade fair invitation", "Meet us in hall 4", 330),
];
const RECIPIENTS: u64 = 28;

const SUBMISSIONS: u64 = 70;
const OCCURRENCES: u64 = 90;
const SUBJECTS: [&str; 4] = [
    "Offer for 40 × Halla Door",
    "Re: calibration certificates",
    "Halla Cloud: your renewal",
    "Samples are on their way",
];
const DOCUMENTS: [&str; 3] = [
    "Price list 2026",
    "Halla Gate data sheet",
    "Case study: fish",
];
const WEBINARS: [&str; 2] = ["Cold chain basics", "Audits without tears"];

/// Adds it all. It draws from numbers of its own, so that it changes nothing else.
pub(super) fn happen(builder: &mut Builder, seed: u64) {
    let mut random = Random::new(seed ^ 0x6d61_726b_6574_696e);
    forms(builder);
    for number in 1..=SUBMISSIONS {
        submission(builder, &mut random, number);
    }
    let mut number = 0;
    for (id, name, subject, ago) in CAMPAIGNS {
        builder.hubspot.campaigns.push(Campaign {
            id,
            app_id: APP,
            name: name.to_owned(),
            subject: subject.to_owned(),
            link: format!("{PAGE}news/{id}"),
        });
        send(builder, &mut random, id, ago, &mut number);
    }
    for number in 1..=OCCURRENCES {
        occurrence(builder, &mut random, number);
    }
}

fn forms(builder: &mut Builder) {
    for (id, name, fields) in FORMS {
        let created_at = earlier(builder.now, days(700));
        let updated_at = match id {
            RENAMED => earlier(builder.now, days(3)),
            _ => created_at,
        };
        builder.hubspot.forms.push(Form {
            id: id.to_owned(),
            name: name.to_owned(),
            created_at,
            updated_at,
            archived: false,
            fields: fields.iter().map(|field| (*field).into()).collect(),
            submissions: Vec::new(),
        });
    }
}

/// A moment of a working day so long ago.
fn moment(builder: &Builder, random: &mut Random, ago: i64) -> Timestamp {
    let date = working_day(builder.office.date(earlier(builder.now, days(ago.max(1)))));
    let latest = earlier(builder.now, minutes(130));
    builder.office.at_work(date, random).min(latest)
}

/// The id and email address of somebody who has one.
fn somebody(builder: &Builder, random: &mut Random) -> (u64, String) {
    for _ in 0..50 {
        let contact = &builder.contacts[random.below(builder.contacts.len() as u64) as usize];
        if let Some(email) = &contact.email {
            return (contact.id, email.clone());
        }
    }
    (0, "nobody@hallasensor.example".to_owned())
}

fn submission(builder: &mut Builder, random: &mut Random, number: u64) {
    let ago = random.between(1, 22) * random.between(1, 22);
    let submitted_at = moment(builder, random, ago);
    let (_, email) = somebody(builder, random);
    let form = random.below(FORMS.len() as u64) as usize;
    let message = format!("Please call me about {} sensors.", random.between(5, 200));
    let submission = Submission {
        number,
        submitted_at,
        page_url: PAGE.to_owned(),
        values: vec![("email".into(), email), ("message".into(), message)],
    };
    builder.hubspot.forms[form].submissions.push(submission);
}

/// Adds a submission with these values.
pub(super) fn submit(builder: &mut Builder, form: &str, submission: Submission) {
    let mut forms = builder.hubspot.forms.iter_mut();
    if let Some(form) = forms.find(|held| held.id == form) {
        form.submissions.push(submission);
    }
}

/// Sends an email to some, of whom some open it, once or more, and fewer click.
fn send(builder: &mut Builder, random: &mut Random, campaign: u64, ago: i64, number: &mut u64) {
    let date = working_day(builder.office.date(earlier(builder.now, days(ago))));
    let begin = builder.office.at(date, 9, 0);
    for _ in 0..RECIPIENTS {
        let recipient: Arc<str> = somebody(builder, random).1.into();
        let sent = later(
            begin,
            SignedDuration::from_millis(random.between(0, 90_000)),
        );
        *number += 1;
        let sent_by = (*number, sent.as_millisecond());
        let mut events = vec![(EmailEventType::Sent, sent)];
        if random.chance(4) {
            events.push((EmailEventType::Bounce, later(sent, minutes(1))));
        } else {
            events.push((
                EmailEventType::Delivered,
                later(sent, SignedDuration::from_secs(8)),
            ));
            events.extend(reactions(random, sent));
        }
        for (event_type, at) in events.into_iter().filter(|(_, at)| *at < builder.now) {
            let is_sending = event_type == EmailEventType::Sent;
            *number += u64::from(!is_sending);
            builder.hubspot.email_events.push(EmailEvent {
                number: *number,
                created: at.as_millisecond(),
                campaign,
                recipient: recipient.clone(),
                event_type,
                filtered: event_type == EmailEventType::Open && random.chance(10),
                sent_by: (!is_sending).then_some(sent_by),
            });
        }
    }
}

fn reactions(random: &mut Random, sent: Timestamp) -> Vec<(EmailEventType, Timestamp)> {
    if !random.chance(45) {
        return Vec::new();
    }
    let mut at = sent;
    let mut reactions = Vec::new();
    for _ in 0..random.weighted(&[(5, 1), (3, 2), (1, 4)]) {
        at = later(at, minutes(random.between(2, 1_500)));
        reactions.push((EmailEventType::Open, at));
    }
    if random.chance(25) {
        reactions.push((EmailEventType::Click, later(at, minutes(1))));
    }
    reactions
}

fn occurrence(builder: &mut Builder, random: &mut Random, number: u64) {
    let ago = random.between(1, 110);
    let occurred_at = moment(builder, random, ago);
    let event_type = random.weighted(&[
        (8, OPENED),
        (3, CLICKED),
        (3, VIEWED),
        (2, ATTENDED),
        (4, VISITED),
    ]);
    let titles: &[&str] = match event_type {
        VIEWED => &DOCUMENTS,
        ATTENDED => &WEBINARS,
        _ => &SUBJECTS,
    };
    let title = random.pick(titles);
    let contact = somebody(builder, random).0;
    let occurrence = noticed(number, occurred_at, event_type, contact, title);
    builder.hubspot.event_occurrences.push(occurrence);
}

/// That a contact did something, with the properties that its type has.
pub(super) fn noticed(
    number: u64,
    occurred_at: Timestamp,
    event_type: &'static str,
    contact: u64,
    title: &str,
) -> EventOccurrence {
    let title = title.to_owned();
    let properties = match event_type {
        OPENED => vec![("hs_email_subject".into(), title)],
        CLICKED => vec![
            ("hs_email_subject".into(), title),
            ("hs_url".into(), PAGE.to_owned()),
        ],
        VIEWED => vec![("hs_document_title".into(), title)],
        ATTENDED => vec![
            ("title".into(), title),
            ("app".into(), "Frostcast".to_owned()),
            ("portal".into(), PORTAL.to_string()),
        ],
        _ => vec![("hs_url".into(), PAGE.to_owned())],
    };
    EventOccurrence {
        number,
        occurred_at,
        event_type: event_type.into(),
        object: (ObjectType::Contact, contact),
        properties,
    }
}

//! A thousand days' work: what was called, written, noted, met for and planned over two years.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::builder::Builder;
use super::calendar::{Place, days, earlier, for_hubspot, is_weekend, later, minutes, working_day};
use super::company::Colleague;
use super::words;
use crate::hubspot::{ObjectType, Record};

const FIRST: u64 = 20_001;

const KINDS: [(u64, Kind); 7] = [
    (22, Kind::Sent),
    (11, Kind::Received),
    (1, Kind::Forwarded),
    (24, Kind::Call),
    (16, Kind::Note),
    (13, Kind::Meeting),
    (13, Kind::Task),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Sent,
    Received,
    Forwarded,
    Call,
    Note,
    Meeting,
    Task,
}

/// When, with whom (by its place in the list), by whom.
struct Occasion {
    at: Timestamp,
    contact: usize,
    colleague: &'static Colleague,
}

/// So many activities.
pub(super) fn happen(builder: &mut Builder, number: usize) {
    let places: Vec<_> = super::company::COLLEAGUES
        .iter()
        .map(|colleague| (colleague.owner, Place::named(colleague.zone)))
        .collect();
    let mut occasions: Vec<_> = (0..number).map(|_| occasion(builder, &places)).collect();
    occasions.sort_by_key(|occasion| (occasion.at, occasion.contact));
    for (at, occasion) in occasions.iter().enumerate() {
        let kind = builder.random.weighted(&KINDS);
        activity(builder, FIRST + at as u64, kind, occasion, &places);
    }
}

fn place(places: &[(u64, Place)], colleague: &Colleague) -> Place {
    places
        .iter()
        .find(|(owner, _)| *owner == colleague.owner)
        .map_or_else(|| Place::named("UTC"), |(_, place)| place.clone())
}

/// More than half of all lies in the last sixty days; before that, the further back the less.
fn occasion(builder: &mut Builder, places: &[(u64, Place)]) -> Occasion {
    let latest = earlier(builder.now, minutes(130));
    for _ in 0..500 {
        let contact = builder.random.below(builder.contacts.len() as u64) as usize;
        let known = &builder.contacts[contact];
        let colleague = known.colleague(&builder.companies);
        let random = &mut builder.random;
        let place = place(places, colleague);
        let age = if random.chance(54) {
            random.between(0, 59)
        } else {
            let mut far = random.between(0, 1_000) * random.between(0, 1_000) / 1_000;
            if random.chance(50) {
                far = far * random.between(0, 1_000) / 1_000;
            }
            60 + far * 670 / 1_000
        };
        let date = place.date(earlier(builder.now, days(age)));
        if is_weekend(date) && !random.chance(4) {
            continue;
        }
        let at = place.at_work(date, random);
        if at < latest && at > known.created {
            return Occasion {
                at,
                contact,
                colleague,
            };
        }
    }
    let contact = 0;
    let date = working_day(builder.office.date(earlier(builder.now, days(1))));
    Occasion {
        at: builder.office.at(date, 9, 0),
        contact,
        colleague: builder.contacts[contact].colleague(&builder.companies),
    }
}

/// What is said of an occasion, of which the templates have some.
struct Telling {
    words: [(&'static str, String); 9],
}

impl Telling {
    fn of(builder: &mut Builder, occasion: &Occasion, place: &Place) -> Self {
        let contact = &builder.contacts[occasion.contact];
        let buyer = builder.companies[contact.company].buyer;
        let random = &mut builder.random;
        let day = place.date(later(occasion.at, days(random.between(3, 20))));
        let day = working_day(day);
        let quarter = (place.date(occasion.at).month() - 1) / 3 + 1;
        Self {
            words: [
                ("{first}", contact.first.clone()),
                ("{last}", contact.last.clone()),
                ("{company}", buyer.name.to_owned()),
                ("{city}", buyer.city.to_owned()),
                ("{colleague}", occasion.colleague.first.to_owned()),
                ("{product}", (random.pick(&words::PRODUCTS)).to_owned()),
                ("{n}", random.between(3, 480).to_string()),
                ("{day}", day.strftime("%A %-d %B").to_string()),
                ("{quarter}", quarter.to_string()),
            ],
        }
    }

    fn tell(&self, template: &str) -> String {
        self.words
            .iter()
            .fold(template.to_owned(), |text, (word, known)| {
                text.replace(word, known)
            })
    }
}

/// Some titles are in the language of the company.
fn title(builder: &mut Builder, occasion: &Occasion, usual: &[&'static str]) -> &'static str {
    let company = builder.contacts[occasion.contact].company;
    let local: &[&'static str] = match builder.companies[company].buyer.country {
        "Finland" => &words::FINNISH,
        "Japan" => &words::JAPANESE,
        "Germany" | "Austria" | "Switzerland" => &words::GERMAN,
        "France" => &words::FRENCH,
        _ => usual,
    };
    let titles = if builder.random.chance(45) {
        local
    } else {
        usual
    };
    builder.random.pick(titles)
}

fn activity(
    builder: &mut Builder,
    id: u64,
    kind: Kind,
    occasion: &Occasion,
    places: &[(u64, Place)],
) {
    let place = place(places, occasion.colleague);
    let telling = Telling::of(builder, occasion, &place);
    let record = Record::new(id, occasion.at)
        .with("hubspot_owner_id", occasion.colleague.owner.to_string())
        .with("hs_object_source", "CRM_UI")
        .with("hs_object_source_label", "CRM UI");
    let (object_type, record) = match kind {
        Kind::Sent | Kind::Received | Kind::Forwarded => {
            let email = email(builder, record, kind, occasion, &telling);
            (ObjectType::Email, email)
        }
        Kind::Call => (ObjectType::Call, call(builder, record, occasion, &telling)),
        Kind::Note => {
            let body = telling.tell(builder.random.pick(&words::NOTES));
            let note = record
                .with("hs_timestamp", for_hubspot(occasion.at))
                .with("hs_note_body", body);
            (ObjectType::Note, note)
        }
        Kind::Meeting => {
            let meeting = meeting(builder, record, occasion, &place, &telling);
            (ObjectType::Meeting, meeting)
        }
        Kind::Task => {
            let task = task(builder, record, occasion, &place, &telling);
            (ObjectType::Task, task)
        }
    };
    let updated = match record.updated_at == record.created_at && builder.random.chance(20) {
        true => later(record.created_at, minutes(builder.random.between(1, 240))),
        false => record.updated_at,
    };
    let record = record.updated_at(updated.min(earlier(builder.now, minutes(1))));
    builder.hubspot.push(object_type, record);
    associate(builder, (object_type, id), occasion);
}

/// With its contact, sometimes with others of the same company, often with the company and a deal.
fn associate(builder: &mut Builder, activity: (ObjectType, u64), occasion: &Occasion) {
    let contact = &builder.contacts[occasion.contact];
    let company = contact.company;
    let mut present = vec![contact.id];
    if builder.random.chance(15) {
        let others = builder.contacts.iter().filter(|other| {
            other.company == company && other.id != contact.id && other.created < occasion.at
        });
        let most = builder.random.between(1, 3) as usize;
        present.extend(others.map(|other| other.id).take(most));
    }
    for id in present {
        builder
            .hubspot
            .associate(activity, (ObjectType::Contact, id));
    }
    if builder.random.chance(55) {
        let company = (ObjectType::Company, builder.companies[company].id);
        builder.hubspot.associate(activity, company);
    }
    if builder.random.chance(45) {
        let deal = builder.deals.iter().find(|deal| deal.company == company);
        if let Some(deal) = deal {
            builder
                .hubspot
                .associate(activity, (ObjectType::Deal, deal.id));
        }
    }
}

fn email(
    builder: &mut Builder,
    record: Record,
    kind: Kind,
    occasion: &Occasion,
    telling: &Telling,
) -> Record {
    let subject = telling.tell(title(builder, occasion, &words::EMAILS));
    let contact = &builder.contacts[occasion.contact];
    let theirs = contact.email.clone().unwrap_or_default();
    let ours = occasion
        .colleague
        .email()
        .unwrap_or_else(|| "sales@hallasensor.example".to_owned());
    let (direction, subject, from, to) = match kind {
        Kind::Received => ("INCOMING_EMAIL", format!("Re: {subject}"), theirs, ours),
        Kind::Forwarded => ("FORWARDED_EMAIL", format!("Fwd: {subject}"), theirs, ours),
        _ => ("EMAIL", subject, ours, theirs),
    };
    let headers =
        json!({ "from": { "email": from }, "to": [{ "email": to }], "cc": [], "bcc": [] });
    let random = &mut builder.random;
    let status = match kind {
        Kind::Sent if random.chance(3) => "BOUNCED",
        _ => "SENT",
    };
    let record = record
        .with("hs_timestamp", for_hubspot(occasion.at))
        .with("hs_email_direction", direction)
        .with("hs_email_status", status)
        .with("hs_email_subject", subject)
        .with("hs_email_headers", headers.to_string())
        .with("hs_email_from_email", from)
        .with("hs_email_to_email", to);
    if kind == Kind::Sent {
        let opened = random.weighted(&[(5, 0), (4, 1), (2, 3)]);
        record
            .with(
                "hs_email_html",
                telling.tell(random.pick(&words::EMAIL_BODIES)),
            )
            .with("hs_email_open_count", opened.to_string())
    } else {
        record.with("hs_email_text", telling.tell(random.pick(&words::REPLIES)))
    }
}

/// HubSpot's outcomes of calls, and the portal's own.
pub(super) const BUSY: &str = "9d9162e7-6cf3-4944-bf63-4dff82258764";
pub(super) const CONNECTED: &str = "f240bbac-87c9-4f6e-bf70-924b57d47db7";
pub(super) const VOICEMAIL: &str = "b2cf5968-551e-4856-9783-52b3da59a7d0";
const LIVE_MESSAGE: &str = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff";
const NO_ANSWER: &str = "73a0d17f-1163-4015-bdd5-ec830791da20";
const WRONG_NUMBER: &str = "17b47fee-58de-441e-a44c-c6300d46f273";

const OUTCOMES: [(u64, (&str, &str)); 7] = [
    (50, (CONNECTED, "COMPLETED")),
    (12, (VOICEMAIL, "COMPLETED")),
    (12, (NO_ANSWER, "NO_ANSWER")),
    (6, (BUSY, "BUSY")),
    (5, (LIVE_MESSAGE, "COMPLETED")),
    (3, (WRONG_NUMBER, "COMPLETED")),
    (12, ("", "COMPLETED")),
];

fn call(builder: &mut Builder, record: Record, occasion: &Occasion, telling: &Telling) -> Record {
    let title = telling.tell(title(builder, occasion, &words::CALLS));
    let random = &mut builder.random;
    let (outcome, status) = random.weighted(&OUTCOMES);
    let direction = random.weighted(&[(3, "OUTBOUND"), (1, "INBOUND")]);
    let bodies: &[&str] = match outcome {
        CONNECTED | "" => &words::CALL_BODIES,
        _ => &words::MISSED_CALL_BODIES,
    };
    let duration = match outcome {
        CONNECTED | "" => random.between(40_000, 2_900_000),
        NO_ANSWER | BUSY => random.between(0, 30_000),
        _ => random.between(9_000, 80_000),
    };
    record
        .with("hs_timestamp", for_hubspot(occasion.at))
        .with("hs_call_title", title)
        .with("hs_call_body", telling.tell(random.pick(bodies)))
        .with("hs_call_status", status)
        .with("hs_call_direction", direction)
        .with("hs_call_duration", duration.to_string())
        .with("hs_call_disposition", outcome)
}

/// Scheduled at the occasion, it begins some working days later.
fn meeting(
    builder: &mut Builder,
    record: Record,
    occasion: &Occasion,
    place: &Place,
    telling: &Telling,
) -> Record {
    let title = telling.tell(title(builder, occasion, &words::MEETINGS));
    let now = builder.now;
    let random = &mut builder.random;
    let ahead = random.between(1, 9);
    let start = place.appointment(occasion.at, ahead, random);
    let end = later(
        start,
        minutes(random.weighted(&[(3, 30), (4, 60), (1, 90)])),
    );
    let outcome = if end < now {
        random.weighted(&[
            (75, "COMPLETED"),
            (6, "NO_SHOW"),
            (7, "CANCELED"),
            (4, "RESCHEDULED"),
            (8, ""),
        ])
    } else {
        random.weighted(&[(85, "SCHEDULED"), (10, "RESCHEDULED"), (5, "")])
    };
    let location = random.weighted(&[
        (4, "https://meet.hallasensor.example/room"),
        (2, "Customer site"),
        (1, "Pakkanen, 2nd floor"),
        (2, ""),
    ]);
    let updated = if end < now && !outcome.is_empty() {
        end
    } else {
        occasion.at
    };
    record
        .updated_at(updated)
        .with("hs_timestamp", for_hubspot(start))
        .with("hs_meeting_title", title)
        .with(
            "hs_meeting_body",
            telling.tell(random.pick(&words::MEETING_BODIES)),
        )
        .with("hs_meeting_start_time", for_hubspot(start))
        .with("hs_meeting_end_time", for_hubspot(end))
        .with("hs_meeting_outcome", outcome)
        .with("hs_meeting_location", location)
}

/// Planned at the occasion, it is due some working days later.
fn task(
    builder: &mut Builder,
    record: Record,
    occasion: &Occasion,
    place: &Place,
    telling: &Telling,
) -> Record {
    let title = telling.tell(title(builder, occasion, &words::TASKS));
    let now = builder.now;
    let random = &mut builder.random;
    let ahead = random.between(1, 14);
    let due = place.appointment(occasion.at, ahead, random);
    let status = if due < now {
        random.weighted(&[
            (85, "COMPLETED"),
            (9, "NOT_STARTED"),
            (4, "IN_PROGRESS"),
            (2, "DEFERRED"),
        ])
    } else {
        random.weighted(&[
            (72, "NOT_STARTED"),
            (13, "IN_PROGRESS"),
            (12, "WAITING"),
            (3, "DEFERRED"),
        ])
    };
    let priority = random.weighted(&[(6, "NONE"), (3, "LOW"), (7, "MEDIUM"), (4, "HIGH")]);
    let kind = random.weighted(&[(6, "TODO"), (2, "CALL"), (2, "EMAIL")]);
    let record = record
        .with("hs_timestamp", for_hubspot(due))
        .with("hs_task_subject", title)
        .with(
            "hs_task_body",
            telling.tell(random.pick(&words::TASK_BODIES)),
        )
        .with("hs_task_status", status)
        .with("hs_task_priority", priority)
        .with("hs_task_type", kind);
    let record = if random.chance(30) {
        record.with("hs_task_reminders", for_hubspot(earlier(due, minutes(60))))
    } else {
        record
    };
    if status == "COMPLETED" {
        let done = later(due, SignedDuration::from_mins(random.between(-900, -5)));
        let done = done.max(later(occasion.at, minutes(2)));
        record
            .updated_at(done)
            .with("hs_task_completion_date", for_hubspot(done))
    } else {
        record
    }
}

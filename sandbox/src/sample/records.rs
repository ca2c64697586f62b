//! What the company's people wrote into Salesforce themselves: tasks and events there.

use jiff::Timestamp;
use serde_json::json;

use super::builder::Builder;
use super::calendar::{days, earlier, for_salesforce, later, minutes, working_day};
use super::cast::PLAIN;
use super::company::{AINO, queue, user_of};
use crate::salesforce::record_id;

const TASKS: u64 = 60;
const EVENTS: u64 = 20;

const SUBJECTS: [(&str, &str, &str); 8] = [
    ("Call", "Call", "Call"),
    ("Send Quote", "Other", "Task"),
    ("Email: renewal", "Email", "Email"),
    ("Check credit limit", "Other", "Task"),
    ("Call back about invoice", "Call", "Call"),
    ("Prepare contract", "", "Task"),
    ("Update opportunity stage", "", "Task"),
    ("Send Letter", "Other", "Task"),
];

const EVENT_SUBJECTS: [&str; 5] = [
    "Meeting",
    "Contract signing",
    "Site visit",
    "Forecast call with partner",
    "Trade fair",
];

/// Adds them: over the last half year, each with a Contact that has an email address.
pub(super) fn happen(builder: &mut Builder) {
    let people: Vec<_> = builder
        .salesforce
        .records
        .get("Contact")
        .into_iter()
        .flatten()
        .filter_map(|contact| contact.get("Id").cloned())
        .collect();
    if people.is_empty() {
        return;
    }
    for number in 1..=TASKS + EVENTS {
        let random = &mut builder.random;
        let owner = user_of(random.between(71_001, 71_006) as u64);
        let who = &people[random.below(people.len() as u64) as usize];
        let ago = random.between(1, 180);
        let date = working_day(builder.office.date(earlier(builder.now, days(ago))));
        let created = builder.office.at_work(date, random);
        if number <= TASKS {
            let (subject, task_type, subtype) = random.pick(&SUBJECTS);
            let due = builder
                .office
                .date(later(created, days(random.between(0, 20))));
            let is_done = due < builder.office.date(builder.now) && random.chance(85);
            let (status, priority) = (
                if is_done || subtype == "Email" {
                    "Completed"
                } else {
                    "Not Started"
                },
                random.weighted(&[(6, "Normal"), (2, "High"), (1, "Low")]),
            );
            builder.salesforce.push(
                "Task",
                json!({
                    "Id": record_id("00T", number), "Subject": subject, "Status": status, "Priority": priority,
                    "Type": task_type, "TaskSubtype": subtype, "WhoId": who, "OwnerId": owner, "CreatedById": owner,
                    "ActivityDate": due.to_string(), "CreatedDate": for_salesforce(created),
                }),
            );
            if subtype == "Email" {
                email_message(builder, number, subject, created);
            }
        } else {
            let start = builder
                .office
                .appointment(created, random.between(1, 8), random);
            let end = later(start, minutes(60));
            builder.salesforce.push(
                "Event",
                json!({
                    "Id": record_id("00U", number), "Subject": random.pick(&EVENT_SUBJECTS), "WhoId": who, "OwnerId": owner,
                    "CreatedById": owner, "StartDateTime": for_salesforce(start), "EndDateTime": for_salesforce(end),
                    "ActivityDateTime": for_salesforce(start), "ActivityDate": builder.office.date(start).to_string(),
                    "DurationInMinutes": 60, "CreatedDate": for_salesforce(created),
                }),
            );
        }
    }
}

/// The message that an email's Task stands for: Salesforce has both.
fn email_message(builder: &mut Builder, task: u64, subject: &str, created: Timestamp) {
    let moment = for_salesforce(created);
    builder.salesforce.push(
        "EmailMessage",
        json!({
            "Id": record_id("02s", task), "ActivityId": record_id("00T", task), "Subject": subject, "Status": "3",
            "TextBody": "Your licence ends soon.", "FromAddress": "sales@hallasensor.example",
            "ToAddress": "buyer@customer.example", "MessageDate": moment, "CreatedDate": moment,
        }),
    );
}

/// An owner who isn't the usual one.
const QUEUE: &str = "queue";
const LEFT: &str = "left";

/// Tasks that show something: id, subject, subtype, whose it is, and what it says.
#[rustfmt::skip]
const ODD_TASKS: [(u64, &str, &str, &str, &str); 5] = [
    (901, "Owned by a queue", "Task", QUEUE, ""),
    (902, "Owned by somebody who left", "Call", LEFT, ""),
    (903, "Markup <b>is text</b> & stays it", "Task", "", "<script>alert(\"no\")</script>\nSecond line"),
    (904, "שלום 👩‍🔬 مرحبا", "Task", "", "Right to left and back."),
    (905, "For our eyes [internal]", "Task", "", "The portal refuses its subject."),
];

/// A task so old that only `queryAll` finds it.
const ARCHIVED: u64 = 908;

/// Adds those tasks, and an event of all day with the copy of somebody invited.
pub(super) fn show_odd(builder: &mut Builder) {
    let created = for_salesforce(earlier(builder.now, days(2)));
    let who = record_id("003", PLAIN);
    for (id, subject, subtype, owner, description) in ODD_TASKS {
        let owner = match owner {
            QUEUE => queue(),
            LEFT => record_id("005", 14),
            _ => user_of(AINO),
        };
        builder.salesforce.push(
            "Task",
            json!({
                "Id": record_id("00T", id), "Subject": subject, "TaskSubtype": subtype, "OwnerId": owner, "WhoId": who,
                "Status": "In Progress", "Description": description, "CreatedById": user_of(AINO), "CreatedDate": created,
            }),
        );
    }
    builder.salesforce.push(
        "Task",
        json!({
            "Id": record_id("00T", ARCHIVED), "Subject": "Filed away", "Status": "Completed", "IsArchived": true, "WhoId": who,
            "OwnerId": user_of(AINO), "CreatedById": user_of(AINO),
            "CreatedDate": for_salesforce(earlier(builder.now, days(700))),
        }),
    );
    let day = builder.office.date(later(builder.now, days(9))).to_string();
    for (id, subject, is_child) in [
        (906, "Trade fair, all day", false),
        (907, "Trade fair, all day", true),
    ] {
        builder.salesforce.push(
            "Event",
            json!({
                "Id": record_id("00U", id), "Subject": subject, "IsAllDayEvent": true, "ActivityDate": day, "IsChild": is_child,
                "OwnerId": user_of(AINO), "WhoId": who, "CreatedById": user_of(AINO), "CreatedDate": created,
            }),
        );
    }
}

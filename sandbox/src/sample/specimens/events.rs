//! What isn't a record of the CRM: submissions, marketing emails, and what contacts did by themselves.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::Specimen;
use crate::hubspot::{EmailEvent, EmailEventType, Submission};
use crate::sample::builder::Builder;
use crate::sample::calendar::{days, earlier, minutes, working_day};
use crate::sample::cast::{EXCLUDED, LATE, LATE_BY, PENDING, PLAIN};
use crate::sample::company::ZONE;
use crate::sample::enabled_at;
use crate::sample::marketing::{
    ATTENDED, CLICKED, CONTACT_US, OPENED, RENAMED, SUMMER, VIEWED, WINTER, noticed, submit,
};

/// Something that happened, and what it shows.
pub(super) struct Case {
    pub(super) specimen: Specimen,
    whom: Whom,
    when: When,
    what: What,
}

/// With whom.
#[derive(Clone, Copy)]
enum Whom {
    Contact(u64),
    /// Somebody with this email address.
    Address(&'static str),
    /// The form didn't ask.
    Nobody,
}

/// When.
#[derive(Clone, Copy)]
enum When {
    /// On a working day about so many days ago, so many minutes after nine.
    Ago(i64, i64),
    /// At the first moment of the window of forms, or so long after it.
    OfForms(i64),
    /// The same of marketing emails.
    OfMarketing(i64),
    /// Before the sync was turned on.
    BeforeStart,
}

/// What.
#[derive(Clone, Copy)]
enum What {
    Submission(&'static str),
    Email(EmailEventType),
    /// The type of the event, and a title.
    Occurrence(&'static str, &'static str),
}

use EmailEventType::{Click, Open, Sent};
use What::{Email, Occurrence, Submission as Submitted};
use When::{Ago, BeforeStart, OfForms, OfMarketing};
use Whom::{Address, Contact, Nobody};

/// The name of what happened, of which the ids are UUIDs that end in a number.
macro_rules! named {
    (form_submission, $number:literal) => {
        concat!("form_submission:f0f0f0f0-0000-4000-8000-0000000", $number)
    };
    (sent, $number:literal) => {
        concat!(
            "marketing_email_sent:e0e0e0e0-0000-4000-8000-0000000",
            $number
        )
    };
    (opened, $number:literal) => {
        concat!(
            "marketing_email_opened:e0e0e0e0-0000-4000-8000-0000000",
            $number
        )
    };
    (clicked, $number:literal) => {
        concat!(
            "marketing_email_clicked:e0e0e0e0-0000-4000-8000-0000000",
            $number
        )
    };
    ($kind:literal, $number:literal) => {
        concat!($kind, ":d0d0d0d0-0000-4000-8000-0000000", $number)
    };
}

const fn case(
    rule: &'static str,
    activity: &'static str,
    why: &'static str,
    whom: Whom,
    when: When,
    what: What,
) -> Case {
    Case {
        specimen: (rule, activity, why),
        whom,
        when,
        what,
    }
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("K2", named!(form_submission, 70601), "the form's name is its title", Contact(PLAIN), Ago(4, 10), Submitted(CONTACT_US)),
    case("F12", named!(form_submission, 70602), "its form was renamed since: the name of today is its title", Contact(PLAIN), Ago(20, 15), Submitted(RENAMED)),
    case("W3", named!(form_submission, 70603), "submitted a year before the sync was turned on, to the millisecond: it syncs", Contact(PLAIN), OfForms(0), Submitted(CONTACT_US)),
    case("W3", named!(form_submission, 70604), "submitted a millisecond earlier: it doesn't", Contact(PLAIN), OfForms(-1), Submitted(CONTACT_US)),
    case("C3", named!(form_submission, 70605), "submitted without an email address: nobody's", Nobody, Ago(6, 20), Submitted(CONTACT_US)),
    case("C3", named!(form_submission, 70606), "submitted by somebody whom the portal doesn't know", Address("passer-by@elsewhere.example"), Ago(7, 25), Submitted(CONTACT_US)),
    case("C4", named!(form_submission, 70607), "its contact isn't in Salesforce yet: it waits", Contact(PENDING), Ago(8, 30), Submitted(CONTACT_US)),
    case("W5", named!(form_submission, 70608), "submitted long before its contact first synced, which matters to sales activities only", Contact(LATE), Ago(LATE_BY + 40, 35), Submitted(CONTACT_US)),
    case("K2", named!(sent, 70701), "sent to one of many", Contact(PLAIN), Ago(5, 0), Email(Sent)),
    case("K2", named!(opened, 70702), "opened for the first time", Contact(PLAIN), Ago(5, 40), Email(Open)),
    case("K2", named!(opened, 70703), "opened again by the same recipient", Contact(PLAIN), Ago(5, 55), Email(Open)),
    case("K2", named!(opened, 70704), "and again, two days later", Contact(PLAIN), Ago(3, 45), Email(Open)),
    case("K2", named!(clicked, 70705), "clicked", Contact(PLAIN), Ago(5, 56), Email(Click)),
    case("W2", named!(sent, 70706), "sent thirty days before the sync was turned on, to the millisecond: it syncs", Contact(PLAIN), OfMarketing(0), Email(Sent)),
    case("W2", named!(sent, 70707), "sent a millisecond earlier: it doesn't", Contact(PLAIN), OfMarketing(-1), Email(Sent)),
    case("W5", named!(opened, 70708), "opened long before its contact first synced, which matters to sales activities only", Contact(LATE), Ago(LATE_BY + 40, 50), Email(Open)),
    case("C4", named!(sent, 70709), "its contact isn't in Salesforce yet: it waits", Contact(PENDING), Ago(5, 1), Email(Sent)),
    case("C3", named!(opened, 70710), "opened by a recipient whom the portal doesn't know", Address("forwarded@elsewhere.example"), Ago(4, 60), Email(Open)),
    case("C1", named!(clicked, 70711), "the recipient's address is in capitals: it is the contact's all the same", Address("CONTACT101@POHJOLAICE.EXAMPLE"), Ago(4, 65), Email(Click)),
    case("K2", named!("sales_email_opened", 70801), "a sales email was opened", Contact(PLAIN), Ago(4, 5), Occurrence(OPENED, "Offer for 40 × Halla Door")),
    case("K2", named!("sales_email_clicked", 70802), "and its link clicked", Contact(PLAIN), Ago(4, 6), Occurrence(CLICKED, "Offer for 40 × Halla Door")),
    case("K2", named!("sales_content_viewed", 70803), "a document was looked at", Contact(PLAIN), Ago(4, 7), Occurrence(VIEWED, "Price list 2026")),
    case("K2", named!("integration_event", 70804), "an installed app noticed something", Contact(PLAIN), Ago(4, 8), Occurrence(ATTENDED, "Cold chain basics")),
    case("W1", named!("sales_email_opened", 70805), "opened before the sync was turned on", Contact(PLAIN), BeforeStart, Occurrence(OPENED, "Too early")),
    case("W5", named!("sales_content_viewed", 70806), "looked at long before its contact first synced", Contact(LATE), Ago(LATE_BY + 12, 9), Occurrence(VIEWED, "Price list 2026")),
    case("C4", named!("integration_event", 70807), "its contact never syncs", Contact(EXCLUDED), Ago(5, 10), Occurrence(ATTENDED, "Cold chain basics")),
];

/// Adds them all.
pub(super) fn happen(builder: &mut Builder) {
    let sent = CASES
        .iter()
        .find(|case| matches!(case.what, Email(Sent)))
        .map(|case| (number(case), moment(builder, case.when).as_millisecond()));
    for case in CASES {
        let at = moment(builder, case.when);
        match case.what {
            Submitted(form) => submit(builder, form, submission(case, at)),
            Email(event_type) => builder.hubspot.email_events.push(EmailEvent {
                number: number(case),
                created: at.as_millisecond(),
                campaign: campaign(case.when),
                recipient: address(case.whom).unwrap_or_default().into(),
                event_type,
                filtered: false,
                sent_by: sent.filter(|(_, sent)| event_type != Sent && *sent < at.as_millisecond()),
            }),
            Occurrence(event_type, title) => {
                let contact = match case.whom {
                    Contact(contact) => contact,
                    Address(_) | Nobody => continue,
                };
                let occurrence = noticed(number(case), at, event_type, contact, title);
                builder.hubspot.event_occurrences.push(occurrence);
            }
        }
    }
}

/// The email that was about when it happened.
fn campaign(when: When) -> u64 {
    match when {
        Ago(..10, _) => WINTER,
        _ => SUMMER,
    }
}

fn submission(case: &Case, submitted_at: Timestamp) -> Submission {
    let message = ("message".into(), "How cold is cold?".to_owned());
    let email = address(case.whom).map(|email| ("email".into(), email));
    Submission {
        number: number(case),
        submitted_at,
        page_url: "https://www.hallasensor.example/contact".to_owned(),
        values: email.into_iter().chain([message]).collect(),
    }
}

fn number(case: &Case) -> u64 {
    let number = case.specimen.1.rsplit('-').next();
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn address(whom: Whom) -> Option<String> {
    match whom {
        Contact(contact) => Some(format!("contact{contact}@pohjolaice.example")),
        Address(address) => Some(address.to_owned()),
        Nobody => None,
    }
}

fn moment(builder: &Builder, when: When) -> Timestamp {
    let enabled = enabled_at(builder.now);
    let millisecond = SignedDuration::from_millis;
    match when {
        Ago(ago, after_nine) => {
            let date = working_day(builder.office.date(earlier(builder.now, days(ago))));
            earlier(builder.office.at(date, 9, 0), minutes(-after_nine))
        }
        OfForms(after) => earlier(civilly_before(enabled, 1.year()), millisecond(-after)),
        OfMarketing(after) => earlier(civilly_before(enabled, 30.days()), millisecond(-after)),
        BeforeStart => earlier(enabled, days(3)),
    }
}

/// So long before, by the calendar of the office.
fn civilly_before(moment: Timestamp, span: Span) -> Timestamp {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let before = zone.to_datetime(moment).saturating_sub(span);
    zone.to_timestamp(before).unwrap_or(moment)
}

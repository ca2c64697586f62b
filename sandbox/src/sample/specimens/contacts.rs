//! Which contact, and what else the Task is about.

use super::{Case, case};
use crate::sample::calendar::minutes;
use crate::sample::cast::*;

pub(super) const CASES: &[Case] = &[
    case(
        "C1",
        "call:70101",
        "of two contacts one is without an email address: the other takes it",
        |draft| draft.title("Conference call").with(&[EXCLUDED, PLAIN]),
    ),
    case(
        "C2",
        "sales_email_sent:70102",
        "of two contacts the one created last takes it",
        |draft| {
            draft
                .title("Price list")
                .body("<p>Dear both,</p>")
                .with(&[PLAIN, NEWER])
        },
    ),
    case(
        "C2",
        "call:70103",
        "of two contacts created on one day the higher id takes it, as a number: 10201, though 9951 came later in the day",
        |draft| {
            draft
                .title("Twins on the line")
                .with(&[SAME_DAY_LATE, SAME_DAY_EARLY])
        },
    ),
    case(
        "C2",
        "meeting:70104",
        "two contacts created on one day in UTC and on two in Helsinki: the later day takes it, not the higher id",
        |draft| {
            draft
                .title("Night owls")
                .with(&[BEFORE_MIDNIGHT, AFTER_MIDNIGHT])
                .due(-2, 15, 0)
                .status("COMPLETED")
        },
    ),
    case(
        "C3",
        "note:70105",
        "it has a company and no contact",
        |draft| {
            draft
                .body("<p>New logo, new address.</p>")
                .with(&[])
                .company(ICE)
        },
    ),
    case(
        "C4",
        "call:70106",
        "its only contact isn't in Salesforce yet: it waits",
        |draft| draft.title("Welcome call").with(&[PENDING]).at(2, 10, 15),
    ),
    case(
        "C4",
        "note:70107",
        "its only contact never syncs",
        |draft| {
            draft
                .body("<p>Parcel left at the front desk.</p>")
                .with(&[EXCLUDED])
        },
    ),
    case(
        "C4",
        "call:70108",
        "its contact is pending again, but was first synced long after it",
        |draft| draft.title("Early bird").with(&[CLEARED]).at(45, 9, 0),
    ),
    case(
        "C4",
        "task:70109",
        "its contact was synced once and is pending again: it waits",
        |draft| {
            draft
                .title("Find the new address")
                .with(&[CLEARED])
                .status("NOT_STARTED")
                .due(5, 9, 0)
        },
    ),
    case(
        "C4",
        "sales_email_replied:70110",
        "Salesforce has deleted its contact: it waits for another",
        |draft| {
            draft
                .title("Re: goodbye")
                .set("hs_email_text", "I am leaving the company.")
                .with(&[DELETED])
        },
    ),
    case(
        "C4",
        "call:70111",
        "its lead became an account without a contact: it waits",
        |draft| draft.title("Who are you now?").with(&[CONVERTED_NOWHERE]),
    ),
    case(
        "C6",
        "call:70112",
        "a newer contact isn't in Salesforce yet: it waits, for an hour at most",
        |draft| {
            draft
                .title("Three-way call")
                .with(&[PLAIN, PENDING_NEWER])
                .ago(minutes(20))
        },
    ),
    case(
        "C6",
        "call:70113",
        "a newer contact hasn't come to Salesforce within the hour: the best of the others takes it",
        |draft| {
            draft
                .title("Three-way call, again")
                .with(&[PLAIN, PENDING_NEWER])
                .at(2, 14, 5)
        },
    ),
    case(
        "C7",
        "task:70114",
        "once it has synced, a newer contact may be added: the Task stays with the first",
        |draft| {
            draft
                .title("Plan the roll-out")
                .status("IN_PROGRESS")
                .due(12, 10, 0)
        },
    ),
    case(
        "C8",
        "sales_email_sent:70115",
        "six contacts: five lose, each for another reason",
        |draft| {
            draft
                .title("To everybody at Pohjola Ice")
                .body("<p>We are moving to a new office.</p>")
                .with(&[
                    PLAIN,
                    SAME_DAY_LATE,
                    SAME_DAY_EARLY,
                    EXCLUDED,
                    PENDING,
                    LATE,
                ])
                .at(LATE_BY + 9, 13, 0)
        },
    ),
    case(
        "C1",
        "call:70116",
        "its contact is found by its email address",
        |draft| draft.title("Found by mail").with(&[BY_EMAIL]),
    ),
    case(
        "C1",
        "call:70117",
        "its lead is found by its email address, which is in capitals there",
        |draft| draft.title("FOUND BY MAIL").with(&[LEAD_BY_EMAIL]),
    ),
    case(
        "C1",
        "call:70118",
        "its lead was converted: the Contact that it became takes it",
        |draft| draft.title("Congratulations").with(&[CONVERTED]),
    ),
    case(
        "C1",
        "call:70119",
        "Salesforce has two Contacts with its email address: always the same one takes it",
        |draft| draft.title("Double vision").with(&[TWICE]),
    ),
    case(
        "I5",
        "call:70120",
        "HubSpot has the 15 characters of its Contact's id, Salesforce 18",
        |draft| draft.title("Short id").with(&[SHORT_ID]),
    ),
    case(
        "C9",
        "call:70121",
        "it is about a deal and a company: the Opportunity",
        |draft| draft.title("Negotiation").company(ICE).deal(DEAL),
    ),
    case(
        "C9",
        "call:70122",
        "of several deals, the highest id that has an Opportunity",
        |draft| {
            draft
                .title("All our deals")
                .deal(DEAL)
                .deal(HIGHER_DEAL)
                .deal(DEAL_ALONE)
        },
    ),
    case(
        "C9",
        "call:70123",
        "its deal has no Opportunity: the company's Account instead",
        |draft| draft.title("Just an idea").company(ICE).deal(DEAL_ALONE),
    ),
    case(
        "C9",
        "note:70124",
        "neither its deal nor its company is in Salesforce: no Related To, with a warning",
        |draft| {
            draft
                .body("<p>Too early.</p>")
                .company(NO_ACCOUNT)
                .deal(DEAL_ALONE)
        },
    ),
    case(
        "C9",
        "note:70125",
        "its contact is a Lead, which allows no Related To: left out, with a warning",
        |draft| {
            draft
                .body("<p>May buy for Pohjola Ice.</p>")
                .with(&[LEAD])
                .company(ICE)
        },
    ),
];

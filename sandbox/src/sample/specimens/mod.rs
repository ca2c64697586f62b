//! An activity for each rule and each refusal.

mod contacts;
mod draft;
mod events;
mod kinds;
mod owners;
mod refused;
mod tasks;
mod texts;

use draft::Draft;

use super::builder::Builder;
use super::cast;
use crate::hubspot::{ObjectType, Property, PropertyOption};

/// Which rule or error code, the activity that shows it, and how.
pub type Specimen = (&'static str, &'static str, &'static str);

/// A specimen, and what makes it.
struct Case {
    specimen: Specimen,
    make: fn(Draft) -> Draft,
}

const fn case(
    rule: &'static str,
    activity: &'static str,
    why: &'static str,
    make: fn(Draft) -> Draft,
) -> Case {
    Case {
        specimen: (rule, activity, why),
        make,
    }
}

const GROUPS: [&[Case]; 6] = [
    kinds::CASES,
    contacts::CASES,
    owners::CASES,
    tasks::CASES,
    texts::CASES,
    refused::CASES,
];

/// How many of them are records of the CRM.
pub(super) const RECORDS: usize = {
    let mut number = 0;
    let mut group = 0;
    while group < GROUPS.len() {
        number += GROUPS[group].len();
        group += 1;
    }
    number
};

const NUMBER: usize = RECORDS + events::CASES.len();

/// Every rule that the feeds can reach and every refusal that a well-planned Task can meet: its
/// number or code, the activity that shows it as the plan names it, and how it does. Planned and carried out with
/// [`settings`](super::settings).
pub const SPECIMENS: &[Specimen] = &{
    let mut all = [("", "", ""); NUMBER];
    let mut at = 0;
    let mut group = 0;
    while group < GROUPS.len() {
        let mut of_group = 0;
        while of_group < GROUPS[group].len() {
            all[at] = GROUPS[group][of_group].specimen;
            of_group += 1;
            at += 1;
        }
        group += 1;
    }
    let mut event = 0;
    while event < events::CASES.len() {
        all[at] = events::CASES[event].specimen;
        event += 1;
        at += 1;
    }
    all
};

/// The GUID of an outcome of calls that the portal added to HubSpot's.
const CALLBACK: &str = "5c1d3f0e-7a52-4f0b-9a0e-2f6c8d1b4e77";
/// An outcome of meetings that the portal added to HubSpot's.
const POSTPONED: &str = "POSTPONED_BY_CUSTOMER";

/// Adds all specimens, with whom and what they are about.
pub(super) fn show(builder: &mut Builder) {
    cast::enter(builder);
    customise(builder);
    for case in GROUPS.into_iter().flatten() {
        let draft = Draft::new(builder, case.specimen.1);
        (case.make)(draft).finish(builder);
    }
    refused::prepare(builder);
    events::happen(builder);
}

/// The portal's own outcomes.
fn customise(builder: &mut Builder) {
    builder
        .hubspot
        .call_dispositions
        .push(crate::hubspot::CallDisposition {
            id: CALLBACK.to_owned(),
            label: "Callback booked".to_owned(),
            deleted: false,
        });
    let mut outcomes = Property::enumeration(
        "hs_meeting_outcome",
        "Meeting outcome",
        [
            ("SCHEDULED", "Scheduled"),
            ("COMPLETED", "Completed"),
            ("RESCHEDULED", "Rescheduled"),
            ("NO_SHOW", "No Show"),
            ("CANCELED", "Canceled"),
        ],
    );
    outcomes.options.push(PropertyOption {
        value: POSTPONED.into(),
        label: "Postponed by customer".into(),
        hidden: false,
    });
    builder
        .hubspot
        .properties
        .push((ObjectType::Meeting, outcomes));
}

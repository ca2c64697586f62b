//! Which contact is the Task on? (C)

use crate::id;
use crate::index::Index;
use crate::kind::Kind;
use crate::order;
use crate::plan::{Action, ContactChoice, LosingContact, Lost, Reason, Warning};
use crate::snapshot::{Activity, Contact, ContactObject, ContactStatus};
use crate::text::Text;
use crate::window;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// The contact of an activity, or why there is none.
pub(crate) enum Choice<'a> {
    /// The Task is on this contact.
    On {
        contact: &'a Contact<'a>,
        object: ContactObject,
        salesforce_id: &'a str,
        candidates: usize,
        others: Vec<LosingContact<'a>>,
    },
    /// It isn't synced (yet).
    Not {
        action: Action,
        reason: Reason,
        rule: &'static str,
        others: Option<Vec<LosingContact<'a>>>,
    },
}

/// Where a contact stands towards one activity.
struct Standing<'a> {
    id: &'a str,
    contact: Option<&'a Contact<'a>>,
    state: State<'a>,
}

#[derive(Clone, Copy, PartialEq)]
enum State<'a> {
    Candidate(ContactObject, &'a str),
    Pending,
    TriggeredLater,
    Never(Lost),
    Unknown,
}

/// C1-C6, C8: chooses the contact.
pub(crate) fn choose<'a>(
    index: &Index<'a>,
    kind: Kind,
    activity: &'a Activity<'a>,
    position: usize,
    warnings: &mut Vec<Warning>,
) -> Choice<'a> {
    let mut standings = standings(index, kind, activity, position, warnings);
    if standings.is_empty() {
        return Choice::Not {
            action: Action::Skip,
            reason: Reason::NoContact,
            rule: "C3",
            others: None,
        };
    }
    order::sort_by(&mut standings, |left, right| preference(index, right, left));
    let best = standings
        .iter()
        .position(|standing| matches!(standing.state, State::Candidate(..)));
    let Some(best) = best else {
        return without_candidate(index, standings);
    };
    let first_pending = standings
        .iter()
        .position(|standing| standing.state == State::Pending);
    if let Some(pending) =
        first_pending.filter(|pending| *pending < best && is_within_wait(index, activity))
    {
        let others = others(index, &standings, pending, None);
        return Choice::Not {
            action: Action::Wait,
            reason: Reason::NewerContactPending,
            rule: "C6",
            others: Some(others),
        };
    }
    let candidates = standings
        .iter()
        .filter(|standing| matches!(standing.state, State::Candidate(..)))
        .count();
    let others = others(index, &standings, best, Some(best));
    match standings.get(best) {
        Some(Standing {
            contact: Some(contact),
            state: State::Candidate(object, salesforce_id),
            ..
        }) => Choice::On {
            contact,
            object: *object,
            salesforce_id,
            candidates,
            others,
        },
        _ => without_candidate(index, standings),
    }
}

/// The activity's contacts, each once, with where each stands (C1, C5, W5).
fn standings<'a>(
    index: &Index<'a>,
    kind: Kind,
    activity: &'a Activity<'a>,
    position: usize,
    warnings: &mut Vec<Warning>,
) -> Vec<Standing<'a>> {
    let mut standings: Vec<Standing<'a>> = Vec::with_capacity(activity.contacts.len());
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for contact_id in activity.contacts.iter().filter_map(Text::get) {
        let key = id::hubspot(contact_id);
        let is_new = if activity.contacts.len() > 8 {
            seen.insert(key)
        } else {
            !standings
                .iter()
                .any(|standing| id::hubspot(standing.id) == key)
        };
        if !is_new {
            continue;
        }
        let contact = index.contact(contact_id);
        if contact.is_none() {
            warnings.push(
                Warning::new(
                    "unknown_contact",
                    format!("contact {key} isn't in the snapshot; it counts as pending"),
                )
                .at(format!("activities[{position}].contacts")),
            );
        }
        let state = contact.map_or(State::Unknown, |contact| {
            state(index, kind, activity.occurred_at, contact, warnings)
        });
        standings.push(Standing {
            id: contact.and_then(|contact| contact.id.get()).unwrap_or(key),
            contact,
            state,
        });
    }
    standings
}

/// C1: where one contact stands.
fn state<'a>(
    index: &Index<'a>,
    kind: Kind,
    occurred_at: Timestamp,
    contact: &'a Contact<'a>,
    warnings: &mut Vec<Warning>,
) -> State<'a> {
    let sync = &contact.salesforce;
    let contact_id = contact.id.get().unwrap_or_default();
    let status = sync.status.get().and_then(ContactStatus::from_name).unwrap_or_else(|| {
        let given = sync.status.get().unwrap_or_default();
        warnings.push(Warning::new(
            "unknown_value",
            format!("contact {contact_id}: `{given}` is no status of a contact; it counts as pending; known are {}", ContactStatus::NAMES.join(", ")),
        ));
        ContactStatus::Pending
    });
    let state = match status {
        ContactStatus::Excluded => return State::Never(Lost::Excluded),
        ContactStatus::Failed => return State::Never(Lost::Failed),
        ContactStatus::Pending => State::Pending,
        ContactStatus::Synced => match (
            sync.object.get().and_then(ContactObject::from_name),
            sync.id.get(),
        ) {
            (Some(object), Some(salesforce_id)) => State::Candidate(object, salesforce_id),
            _ => {
                warnings.push(Warning::new(
                    "unknown_value",
                    format!("contact {contact_id} is synced, but its Salesforce object or id is missing; it counts as pending"),
                ));
                State::Pending
            }
        },
    };
    if window::is_before_contact(index.rules, kind, occurred_at, contact) {
        State::TriggeredLater
    } else {
        state
    }
}

/// C2: which of two contacts is preferred: the later civil date of creation, then the higher id; unknown ones last.
fn preference(index: &Index<'_>, left: &Standing<'_>, right: &Standing<'_>) -> Ordering {
    match (left.contact, right.contact) {
        (Some(left), Some(right)) => compare_contacts(index, left, right),
        (left_contact, right_contact) => left_contact
            .is_some()
            .cmp(&right_contact.is_some())
            .then_with(|| id::compare_hubspot(left.id, right.id)),
    }
}

/// C2: which of two known contacts is preferred.
pub(crate) fn compare_contacts(
    index: &Index<'_>,
    left: &Contact<'_>,
    right: &Contact<'_>,
) -> Ordering {
    compare_days(index, left, right).then_with(|| {
        id::compare_hubspot(
            left.id.get().unwrap_or_default(),
            right.id.get().unwrap_or_default(),
        )
    })
}

/// Which contact was created on the later civil date. Two days apart, no change of a zone's offset can reverse it.
fn compare_days(index: &Index<'_>, left: &Contact<'_>, right: &Contact<'_>) -> Ordering {
    const TWO_DAYS: SignedDuration = SignedDuration::from_hours(48);
    if left.created_at.duration_since(right.created_at).abs() >= TWO_DAYS {
        return left.created_at.cmp(&right.created_at);
    }
    let day = |contact: &Contact<'_>| index.rules.time_zone.to_datetime(contact.created_at).date();
    day(left).cmp(&day(right))
}

/// C4: no contact syncs.
fn without_candidate<'a>(index: &Index<'a>, standings: Vec<Standing<'a>>) -> Choice<'a> {
    let any = |state: State<'_>| standings.iter().any(|standing| standing.state == state);
    let (action, reason) = if any(State::Pending) || any(State::Unknown) {
        (Action::Wait, Reason::ContactNotSynced)
    } else if any(State::TriggeredLater) {
        (Action::Skip, Reason::BeforeContactSync)
    } else {
        (Action::Skip, Reason::NoSyncingContact)
    };
    let rule = if reason == Reason::BeforeContactSync {
        "W5"
    } else {
        "C4"
    };
    Choice::Not {
        action,
        reason,
        rule,
        others: Some(others(index, &standings, 0, None)),
    }
}

/// C6: whether the activity may still wait for a newer contact; with `PT0S` never, even if it is dated in the future.
fn is_within_wait(index: &Index<'_>, activity: &Activity<'_>) -> bool {
    if index.rules.contact_wait.is_zero() {
        return false;
    }
    let until = index
        .rules
        .contact_wait
        .after(activity.occurred_at, &index.rules.time_zone);
    until.is_none_or(|until| index.snapshot.now < until)
}

/// C8: every contact but the chosen one, with why it lost to the one at `preferred`.
fn others<'a>(
    index: &Index<'a>,
    standings: &[Standing<'a>],
    preferred: usize,
    chosen: Option<usize>,
) -> Vec<LosingContact<'a>> {
    let winner = standings
        .get(preferred)
        .and_then(|standing| standing.contact);
    let others = standings
        .iter()
        .enumerate()
        .filter(|(position, _)| Some(*position) != chosen);
    others
        .map(|(_, standing)| LosingContact {
            id: standing.id,
            lost: match standing.state {
                State::Pending => Lost::Pending,
                State::TriggeredLater => Lost::TriggeredLater,
                State::Never(lost) => lost,
                State::Unknown => Lost::Unknown,
                State::Candidate(..) => match (winner, standing.contact) {
                    (Some(winner), Some(contact))
                        if compare_days(index, winner, contact).is_eq() =>
                    {
                        Lost::SameDayLowerId
                    }
                    _ => Lost::Older,
                },
            },
        })
        .collect()
}

/// C7: the contact of a linked activity: the link's, else the one whose Salesforce record the Task is on.
pub(crate) fn of_link<'a>(
    index: &Index<'a>,
    link: &'a crate::snapshot::Link<'a>,
) -> (Option<&'a Contact<'a>>, ContactChoice<'a>) {
    let who_id = link.synced.get("WhoId").and_then(serde_json::Value::as_str);
    let contact = match link.contact.get() {
        Some(contact_id) => index.contact(contact_id),
        None => who_id.and_then(|who_id| index.contact_by_salesforce_id(who_id)),
    };
    let object = match who_id.and_then(|who_id| who_id.get(..3)) {
        Some("003") => Some(ContactObject::Contact),
        Some("00Q") => Some(ContactObject::Lead),
        _ => contact
            .and_then(|contact| contact.salesforce.object.get())
            .and_then(ContactObject::from_name),
    };
    let choice = ContactChoice {
        id: contact
            .and_then(|contact| contact.id.get())
            .or(link.contact.get()),
        object,
        salesforce_id: who_id.or_else(|| contact.and_then(|contact| contact.salesforce.id.get())),
        others: None,
    };
    (contact, choice)
}

//! Who is assigned? (O)

use crate::index::{Index, folded};
use crate::kind::Kind;
use crate::plan::{Assignment, Outcome, Rung, Step};
use crate::settings::MatchBy;
use crate::snapshot::{Activity, Contact, Owner, User};

/// What an owner is mapped to: a Salesforce user id, or why none.
pub(crate) type Mapping<'a> = Result<&'a str, Outcome>;

/// O1-O3, O7: climbs the ladder; the last step always holds.
pub(crate) fn assign<'a>(
    index: &Index<'a>,
    kind: Kind,
    activity: &'a Activity<'a>,
    contact: Option<&'a Contact<'a>>,
) -> Assignment<'a> {
    let mut ladder = Vec::with_capacity(3);
    let own = if index.rules.kind(kind).is_owned {
        owner_of(activity.owner_id.get())
    } else {
        Err(Outcome::KindHasNoOwner)
    };
    if let Some(user) = climb(index, Step::ActivityOwner, own, &mut ladder) {
        return Assignment {
            user,
            step: Step::ActivityOwner,
            ladder,
        };
    }
    let of_contact = contact.map_or(Err(Outcome::ContactUnknown), |contact| {
        owner_of(contact.owner_id.get())
    });
    if let Some(user) = climb(index, Step::ObjectOwner, of_contact, &mut ladder) {
        return Assignment {
            user,
            step: Step::ObjectOwner,
            ladder,
        };
    }
    ladder.push(Rung {
        step: Step::IntegrationUser,
        owner: None,
        outcome: Outcome::Mapped,
    });
    Assignment {
        user: index.integration_user,
        step: Step::IntegrationUser,
        ladder,
    }
}

/// The rule of a step.
pub(crate) const fn rule(step: Step) -> &'static str {
    match step {
        Step::ActivityOwner => "O1",
        Step::ObjectOwner => "O2",
        Step::IntegrationUser => "O3",
    }
}

fn owner_of(owner_id: Option<&str>) -> Result<&str, Outcome> {
    owner_id.ok_or(Outcome::NoOwner)
}

fn climb<'a>(
    index: &Index<'a>,
    step: Step,
    owner: Result<&'a str, Outcome>,
    ladder: &mut Vec<Rung<'a>>,
) -> Option<&'a str> {
    let mapping = owner.and_then(|owner_id| map(index, owner_id));
    let outcome = mapping.err().unwrap_or(Outcome::Mapped);
    ladder.push(Rung {
        step,
        owner: owner.ok(),
        outcome,
    });
    mapping.ok()
}

/// O4: the Salesforce user of a HubSpot owner.
fn map<'a>(index: &Index<'a>, owner_id: &str) -> Mapping<'a> {
    if let Some(user_id) = index.rules.overrides.get(crate::id::hubspot(owner_id)) {
        return by_override(index, user_id);
    }
    index.owner(owner_id).ok_or(Outcome::OwnerUnknown)?.1
}

/// O4: an override decides alone.
fn by_override<'a>(index: &Index<'a>, user_id: &str) -> Mapping<'a> {
    let user = index.user(user_id.trim()).ok_or(Outcome::OverrideUnknown)?;
    if user.is_active {
        user.id.get().ok_or(Outcome::OverrideUnknown)
    } else {
        Err(Outcome::OverrideInactive)
    }
}

/// O4, O5: the one active user that matches; `regarded` counts as active (S5).
pub(crate) fn by_email<'a>(
    index: &Index<'a>,
    owner: &Owner<'_>,
    regarded: Option<&User<'_>>,
) -> Mapping<'a> {
    let email = owner.email.get().ok_or(Outcome::NoUserWithEmail)?;
    let with_email: Vec<&'a User<'a>> = index
        .users_with_email(email)
        .filter(|user| user.can_own_tasks.unwrap_or(true))
        .collect();
    let name = full_name(owner);
    let has_name = |user: &&&'a User<'a>| match index.rules.match_by {
        MatchBy::Email => true,
        MatchBy::EmailAndName => name.is_some() && user.name.get().map(folded_name) == name,
    };
    let matching: Vec<&&'a User<'a>> = with_email.iter().filter(has_name).collect();
    let active: Vec<&'a User<'a>> = matching
        .iter()
        .filter(|user| user.is_active || regarded.is_some_and(|regarded| regarded.id == user.id))
        .map(|user| **user)
        .collect();
    match active.as_slice() {
        [only] => only.id.get().ok_or(Outcome::NoUserWithEmail),
        [] if !matching.is_empty() => Err(Outcome::UserInactive),
        [] if with_email.is_empty() => Err(Outcome::NoUserWithEmail),
        [] => Err(Outcome::NameDiffers),
        several => by_username(several, email),
    }
}

/// O5: of several, the one whose user name is the e-mail.
fn by_username<'a>(users: &[&'a User<'a>], email: &str) -> Mapping<'a> {
    let email = folded(email);
    let mut named = users
        .iter()
        .filter(|user| user.username.get().map(folded).as_deref() == Some(&*email));
    match (named.next(), named.next()) {
        (Some(only), None) => only.id.get().ok_or(Outcome::Ambiguous),
        _ => Err(Outcome::Ambiguous),
    }
}

/// Why no HubSpot owner stands for a user (S5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreturned {
    Unmapped,
    Ambiguous,
}

/// S5: the one HubSpot owner, not archived, who is mapped to the user.
pub(crate) fn of_user<'a>(
    index: &Index<'a>,
    with_email: impl Fn(&str) -> Vec<&'a Owner<'a>>,
    user_id: &str,
) -> Result<&'a str, Unreturned> {
    let user = index.user(user_id).ok_or(Unreturned::Unmapped)?;
    let overrides = &index.rules.overrides;
    let is_user = |mapped: &str| user.id.get().is_some_and(|id| same(id, mapped.trim()));
    let overridden = index.rules.settings.owners.overrides.iter();
    let mut found: Vec<&'a str> = overridden
        .filter(|(_, mapped)| is_user(mapped))
        .filter_map(|(owner_id, _)| match index.owner(owner_id) {
            Some((owner, _)) => owner.id.get().filter(|_| !owner.archived),
            None => Some(crate::id::hubspot(owner_id)),
        })
        .collect();
    let by_email = |owner: &&'a Owner<'a>| {
        let owner_id = crate::id::hubspot(owner.id.get().unwrap_or_default());
        !owner.archived
            && !overrides.contains_key(owner_id)
            && by_email(index, owner, Some(user)).is_ok_and(is_user)
    };
    let with_email = with_email(user.email.get().unwrap_or_default());
    found.extend(
        with_email
            .into_iter()
            .filter(by_email)
            .filter_map(|owner| owner.id.get()),
    );
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(Unreturned::Unmapped),
        _ => Err(Unreturned::Ambiguous),
    }
}

/// I5: whether two ids name one Salesforce record.
fn same(left: &str, right: &str) -> bool {
    crate::id::salesforce(left) == crate::id::salesforce(right)
}

fn full_name(owner: &Owner<'_>) -> Option<String> {
    let name = format!(
        "{} {}",
        owner.first_name.get().unwrap_or_default(),
        owner.last_name.get().unwrap_or_default()
    );
    Some(folded_name(&name)).filter(|name| !name.is_empty())
}

/// O4: a name trimmed, its inner white space folded, ignoring case.
fn folded_name(name: &str) -> String {
    name.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

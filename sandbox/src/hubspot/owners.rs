//! Who owns records.

use serde_json::{Value as Json, json};

use super::data::{Owner, OwnerType};
use super::moment;
use super::page::{Page, Paging};
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::Call;
use crate::front::Answer;

const LARGEST_PAGE: usize = 500;

/// An owner in an answer.
pub(super) fn view(owner: &Owner) -> Json {
    let mut view = json!({
        "id": owner.id.to_string(),
        "type": match owner.owner_type {
            OwnerType::Person => "PERSON",
            OwnerType::Queue => "QUEUE",
        },
        "createdAt": moment::written(owner.created_at.as_millisecond()),
        "updatedAt": moment::written(owner.updated_at.as_millisecond()),
        "archived": owner.archived,
    });
    let texts = [
        ("email", &owner.email),
        ("firstName", &owner.first_name),
        ("lastName", &owner.last_name),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            view[name] = json!(text);
        }
    }
    if let Some(user) = owner.user_id {
        view["userIdIncludingInactive"] = json!(user);
        if !owner.archived {
            view["userId"] = json!(user);
        }
    }
    if !owner.teams.is_empty() {
        let teams = owner.teams.iter().enumerate();
        let teams: Vec<_> = teams
            .map(|(place, team)| json!({ "id": team.id.to_string(), "name": team.name, "primary": place == 0 }))
            .collect();
        view["teams"] = json!(teams);
    }
    view
}

/// The active owners, or the archived ones.
pub(super) fn list(portal: &Portal, call: &Call) -> Result<Answer, Refusal> {
    let limit = call.page_size(100, LARGEST_PAGE)?;
    let (archived, after) = (call.flag("archived"), call.number("after")?.unwrap_or(0));
    let email = call.parameter("email");
    let wanted = |owner: &&Owner| {
        owner.archived == archived
            && owner.id >= after
            && email.is_none_or(|email| {
                owner
                    .email
                    .as_deref()
                    .is_some_and(|held| held.eq_ignore_ascii_case(email))
            })
    };
    let mut owners = portal.owners.iter().filter(wanted);
    let results = owners.by_ref().take(limit).map(view).collect();
    Answer::ok(&Page::of(
        results,
        owners.next().map(|next| Paging::after(next.id)),
    ))
}

pub(super) fn get(portal: &Portal, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let by_user = match call.parameter("idProperty") {
        None | Some("id") => false,
        Some("userId") => true,
        Some(other) => return Err(Refusal::invalid(format!("Invalid idProperty: {other}"))),
    };
    let archived = call.flag("archived");
    let id = id.parse().map_err(|_| Refusal::no_such_id(id))?;
    let named = |owner: &&Owner| {
        if by_user {
            owner.user_id == Some(id)
        } else {
            owner.id == id
        }
    };
    let owner = portal
        .owners
        .iter()
        .find(|owner| owner.archived == archived && named(owner));
    Answer::ok(&view(owner.ok_or_else(Refusal::not_found)?))
}

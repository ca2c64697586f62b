//! Who a token acts as.

use http::{StatusCode, header};
use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::id::RecordId;
use super::org::Org;
use super::request::Call;
use crate::front::Answer;

/// Answers the resource that OpenID Connect names.
pub(super) fn of_caller(org: &Org, call: &Call, now: i64) -> Result<Answer, Refusal> {
    let user = caller(org, call, now).ok_or_else(Refusal::session)?;
    let field = |name| org.field_of(user, name).to_json();
    Answer::ok(&json!({
        "sub": address(org, call, user),
        "user_id": user.to_string(),
        "organization_id": org.organization_id,
        "preferred_username": field("Username"),
        "nickname": field("Alias"),
        "name": field("Name"),
        "given_name": field("FirstName"),
        "family_name": field("LastName"),
        "email": field("Email"),
        "email_verified": true,
        "zoneinfo": field("TimeZoneSidKey"),
        "locale": field("LocaleSidKey"),
        "language": field("LanguageLocaleKey"),
        "active": field("IsActive"),
        "user_type": user_type(org, user),
        "urls": urls(call, user),
        "updated_at": field("LastModifiedDate"),
        "is_app_installed": true,
    }))
}

/// Answers the address that the id of a token is.
pub(super) fn of_url(
    org: &Org,
    call: &Call,
    (organization, user): (&str, &str),
    now: i64,
) -> Result<Answer, Refusal> {
    let Some(caller) = caller(org, call, now) else {
        return Ok(refused(match call.token() {
            Some(_) => "Bad_OAuth_Token",
            None => "Missing_OAuth_Token",
        }));
    };
    if organization != org.organization_id {
        return Ok(refused("Wrong_Org"));
    }
    if RecordId::parse(user) != Some(caller) {
        return Ok(refused("Bad_Id"));
    }
    let field = |name| org.field_of(caller, name).to_json();
    Answer::ok(&json!({
        "id": address(org, call, caller),
        "asserted_user": true,
        "user_id": caller.to_string(),
        "organization_id": org.organization_id,
        "username": field("Username"),
        "nick_name": field("Alias"),
        "display_name": field("Name"),
        "email": field("Email"),
        "email_verified": true,
        "first_name": field("FirstName"),
        "last_name": field("LastName"),
        "timezone": field("TimeZoneSidKey"),
        "active": field("IsActive"),
        "user_type": user_type(org, caller),
        "language": field("LanguageLocaleKey"),
        "locale": field("LocaleSidKey"),
        "urls": urls(call, caller),
        "last_modified_date": field("LastModifiedDate"),
        "is_app_installed": true,
    }))
}

fn refused(reason: &str) -> Answer {
    let answer = Answer {
        body: reason.as_bytes().to_vec(),
        ..Answer::empty(StatusCode::FORBIDDEN)
    };
    answer.header(header::CONTENT_TYPE, "text/html;charset=UTF-8".to_owned())
}

fn caller(org: &Org, call: &Call, now: i64) -> Option<RecordId> {
    let token = call.token().or_else(|| call.parameter("access_token"))?;
    org.sessions.user(token, now)
}

fn address(org: &Org, call: &Call, user: RecordId) -> String {
    format!("{}/id/{}/{user}", call.origin, org.organization_id)
}

fn user_type(org: &Org, user: RecordId) -> String {
    let user_type = org.field_of(user, "UserType");
    user_type.as_text().unwrap_or("Standard").to_uppercase()
}

fn urls(call: &Call, user: RecordId) -> Map<String, Json> {
    let data = format!("{}/services/data/v{{version}}", call.origin);
    [
        ("rest", format!("{data}/")),
        ("sobjects", format!("{data}/sobjects/")),
        ("query", format!("{data}/query/")),
        ("profile", format!("{}/{user}", call.origin)),
        ("custom_domain", call.origin.clone()),
    ]
    .into_iter()
    .map(|(name, url)| (name.to_owned(), Json::String(url)))
    .collect()
}

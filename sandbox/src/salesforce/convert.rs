//! What people do with leads and the recycle bin, for which REST has nothing: the admin API lets it happen.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::id::RecordId;
use super::org::Org;
use super::save::{self, Writer};
use super::value::Value;
use crate::front::Administered;

/// A lead that becomes an account and a contact, new ones or these, and an opportunity of this name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conversion {
    lead: String,
    account: Option<String>,
    contact: Option<String>,
    opportunity: Option<String>,
}

/// Records that are to leave the recycle bin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Restoration {
    ids: Vec<String>,
}

/// Converts a lead; its activities follow the contact.
pub(super) fn convert(org: &mut Org, conversion: &Conversion, writer: Writer) -> Administered {
    attempt(org, |org| converted(org, conversion, writer))
}

/// Takes records out of the recycle bin.
pub(super) fn undelete(org: &mut Org, restoration: &Restoration, writer: Writer) -> Administered {
    attempt(org, |org| {
        for id in &restoration.ids {
            save::undelete(org, read(id)?, writer)?;
        }
        Ok(json!({ "undeleted": restoration.ids.len() }))
    })
}

/// All or nothing.
fn attempt(org: &mut Org, act: impl FnOnce(&mut Org) -> Result<Json, Refusal>) -> Administered {
    let savepoint = org.savepoint();
    let done = act(org);
    if done.is_err() {
        org.roll_back(savepoint);
    }
    org.close_journal();
    done.map_err(|refusal| format!("{}: {}", refusal.code, refusal.message))
}

fn read(id: &str) -> Result<RecordId, Refusal> {
    RecordId::parse(id).ok_or_else(|| Refusal::bad("MALFORMED_ID", format!("no id: {id}")))
}

fn converted(org: &mut Org, conversion: &Conversion, writer: Writer) -> Result<Json, Refusal> {
    let lead = read(&conversion.lead)?;
    let (_, row) = org.record(lead).ok_or_else(Refusal::not_found)?;
    if row.system.is_deleted || org.field_of(lead, "IsConverted").is_true() {
        let message = "a lead that is deleted or converted can't be converted";
        return Err(Refusal::bad("CANNOT_UPDATE_CONVERTED_LEAD", message));
    }
    let account = match &conversion.account {
        Some(account) => read(account)?,
        None => {
            let fields = [("Name", field(org, lead, "Company"))];
            create(org, "Account", fields, writer)?
        }
    };
    let contact = match &conversion.contact {
        Some(contact) => read(contact)?,
        None => {
            let [first, last, email] =
                ["FirstName", "LastName", "Email"].map(|name| (name, field(org, lead, name)));
            let account = ("AccountId", json!(account.to_string()));
            create(org, "Contact", [first, last, email, account], writer)?
        }
    };
    let opportunity = match &conversion.opportunity {
        None => None,
        Some(name) => {
            let fields = [
                ("Name", json!(name)),
                ("StageName", json!("Prospecting")),
                ("CloseDate", today(writer.now).to_json()),
                ("AccountId", json!(account.to_string())),
            ];
            Some(create(org, "Opportunity", fields, writer)?)
        }
    };
    let reference = |id: Option<RecordId>| id.map_or(Value::Null, Value::Id);
    let changes = [
        ("IsConverted", Value::Bool(true)),
        ("Status", Value::text("Closed - Converted")),
        ("ConvertedDate", today(writer.now)),
        ("ConvertedAccountId", Value::Id(account)),
        ("ConvertedContactId", Value::Id(contact)),
        ("ConvertedOpportunityId", reference(opportunity)),
    ];
    save::overwrite(org, lead, &changes, writer)?;
    for activity in activities(org, lead) {
        save::overwrite(org, activity, &[("WhoId", Value::Id(contact))], writer)?;
    }
    Ok(json!({
        "account": account.to_string(),
        "contact": contact.to_string(),
        "opportunity": opportunity.map(|id| id.to_string()),
    }))
}

fn today(now: i64) -> Value<'static> {
    let moment = Timestamp::from_second(now).unwrap_or_default();
    Value::Date(TimeZone::UTC.to_datetime(moment).date())
}

fn field(org: &Org, id: RecordId, name: &str) -> Json {
    org.field_of(id, name).to_json()
}

fn create<const N: usize>(
    org: &mut Org,
    sobject: &str,
    fields: [(&str, Json); N],
    writer: Writer,
) -> Result<RecordId, Refusal> {
    let table = org.table_named(sobject).ok_or_else(Refusal::not_found)?;
    let fields: Map<_, _> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    save::create(org, table, &fields, writer)
}

/// The tasks and events with somebody.
fn activities(org: &Org, who: RecordId) -> Vec<RecordId> {
    let tables = ["Task", "Event"].map(|name| org.table_named(name));
    let held = tables.into_iter().flatten().filter_map(|table| {
        let place = org.tables[table].sobject.place("WhoId")?;
        Some(save::having(org, table, place, &Value::Id(who)))
    });
    held.flatten().collect()
}

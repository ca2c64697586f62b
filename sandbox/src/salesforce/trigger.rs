//! Triggers of the org: what its own code does to a record before it is saved.

use super::data::{Trigger, TriggerChange};
use super::error::Refusal;
use super::org::Org;
use super::save::fits;
use super::value::{Value, from_json};

/// Lets the org's triggers change the values.
pub(super) fn run(
    org: &Org,
    table: usize,
    values: &mut [Value<'static>],
    is_new: bool,
) -> Result<(), Refusal> {
    let sobject = &org.tables[table].sobject;
    let triggers = org.triggers.iter();
    for trigger in triggers.filter(|trigger| trigger.sobject == sobject.name) {
        let Some(place) = sobject.place(&trigger.field) else {
            continue;
        };
        let field = &sobject.fields[place];
        let changed = match &trigger.change {
            TriggerChange::Set(value) => from_json(field, value),
            TriggerChange::Append(end) => Ok(appended(&values[place], end)),
        };
        let changed = changed.and_then(|value| fits(field, &value).map(|()| value));
        values[place] = changed.map_err(|cause| failed(&cause, is_new))?;
    }
    Ok(())
}

/// The text with this end, which it gets only once.
fn appended(value: &Value<'_>, end: &str) -> Value<'static> {
    let text = value.as_text().unwrap_or_default();
    match text.ends_with(end) {
        true => Value::text(text),
        false => Value::text(format!("{text}{end}")),
    }
}

fn failed(cause: &Refusal, is_new: bool) -> Refusal {
    let when = if is_new {
        "BeforeInsert"
    } else {
        "BeforeUpdate"
    };
    let message = format!(
        "SandboxTrigger: execution of {when}\n\ncaused by: {}",
        cause.message
    );
    Refusal::bad("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)
}

/// What is wrong with a trigger: its field must be one of a sobject.
pub(super) fn wrong(org: &Org, trigger: &Trigger) -> Option<String> {
    let table = org.table_named(&trigger.sobject);
    let place = table.and_then(|table| org.tables[table].sobject.place(&trigger.field));
    place
        .is_none()
        .then(|| format!("trigger: no field {}.{}", trigger.sobject, trigger.field))
}

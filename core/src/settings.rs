//! What does the user want? The settings as they are written; `rules.rs` holds them ready for use.

use crate::error::{Code, Error};
use crate::json;
use crate::kind::Kind;
use crate::names::names;
use crate::text::{Text, is_blank};
use crate::time::Time;
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// All settings. Only `time_zone`, `portal_id`, `enabled_at` and `owners.integration_user` are required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// IANA time zone in which dates are read and written, as `Europe/Helsinki`.
    #[serde(deserialize_with = "required_text")]
    pub time_zone: String,
    /// HubSpot's portal (account) id; part of every key.
    #[serde(deserialize_with = "required_text")]
    pub portal_id: String,
    /// The moment the sync was turned on; a kind may have its own.
    #[serde(deserialize_with = "required_time")]
    #[cfg_attr(feature = "schema", schemars(with = "time_schema::Time"))]
    pub enabled_at: Timestamp,
    /// Which kinds of HubSpot activity become Salesforce tasks; a kind not named is off (K1).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "kinds_schema::ToSalesforce"))]
    pub to_salesforce: BTreeMap<Kind, KindSettings>,
    /// Which Salesforce records become HubSpot activities (S1).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub to_hubspot: ToHubSpot,
    /// Who is assigned (O).
    pub owners: OwnerSettings,
    /// How far back, and how long to wait (W, C6).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub windows: Windows,
    /// What becomes of meetings (F4).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub meetings: MeetingSettings,
    /// What the Task is related to, its `WhatId` (C9). Default `none`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub related_to: Option<RelatedTo>,
    /// Who wins a field that was changed on both sides (U4). Default `newest`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub conflict: Option<Conflict>,
    /// What a deletion on one side does on the other (D1, S9).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub on_delete: OnDeleteSettings,
    /// Time of day at which a Salesforce date is due in HubSpot (S7). Default `08:00`.
    #[serde(
        default,
        deserialize_with = "optional_time_of_day",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<time_schema::TimeOfDay>"))]
    pub due_time: Option<jiff::civil::Time>,
    /// The Salesforce side.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub salesforce: SalesforceSettings,
}

/// One kind's toggle and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindSettings {
    /// Whether activities of this kind sync (K1, K2). Default false.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub enabled: bool,
    /// When this kind was turned on; default the settings' `enabled_at` (W).
    #[serde(
        default,
        deserialize_with = "optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<time_schema::Time>"))]
    pub enabled_at: Option<Timestamp>,
    /// The Task's `Type`; absent is "-- No task type --" (K3).
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub task_type: Option<String>,
    /// The Task's `Subject`: text with `{title}` `{app}` `{kind}` `{contact}` `{date}` (F12).
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub subject: Option<String>,
}

/// The four toggles of Salesforce records (S1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToHubSpot {
    /// Salesforce tasks.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub task: RecordSettings,
    /// Salesforce emails.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub email: RecordSettings,
    /// Salesforce calls.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub call: RecordSettings,
    /// Salesforce meetings (events).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub meeting: RecordSettings,
}

/// One toggle of Salesforce records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordSettings {
    /// Whether such records sync. Default false.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub enabled: bool,
    /// When this was turned on; default the settings' `enabled_at` (S3).
    #[serde(
        default,
        deserialize_with = "optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<time_schema::Time>"))]
    pub enabled_at: Option<Timestamp>,
}

/// Who is assigned (O).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnerSettings {
    /// The Salesforce user to whom everything falls that nobody else takes (O3).
    #[serde(deserialize_with = "required_text")]
    pub integration_user: String,
    /// How a HubSpot owner finds its Salesforce user (O4). Default `email`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub match_by: Option<MatchBy>,
    /// HubSpot owner id → Salesforce user id, for those that don't match (O4).
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub overrides: BTreeMap<String, String>,
    /// The kinds whose own owner counts (O1). Default `task`, `note`, `call`.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub owned_kinds: Option<Vec<Kind>>,
    /// Whether an assignee that was only a fallback comes back to HubSpot (S6). Default false.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_default"
    )]
    pub return_fallback: bool,
}

/// Spans, ISO 8601, not negative (W4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Windows {
    /// How far back marketing emails sync (W2). Default `P30D`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub marketing_email: Option<String>,
    /// How far back form submissions sync (W3). Default `P1Y`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub form_submission: Option<String>,
    /// How long before a contact's first sync an activity may lie that triggered it (W5). Default `PT24H`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub trigger_lead: Option<String>,
    /// How long an activity waits for a newer contact that hasn't synced yet (C6). Default `PT1H`; `PT0S` is not at all.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub contact_wait: Option<String>,
    /// How long a Salesforce record waits for its contact in HubSpot (S4). Default `P30D`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub wait: Option<String>,
}

/// What becomes of meetings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MeetingSettings {
    /// The Task's `Status` for a cancelled meeting and a no-show (F4). Default `Completed`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub cancelled_status: Option<String>,
}

/// What a deletion does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OnDeleteSettings {
    /// In HubSpot, to the Task (D1). Default `keep`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub to_salesforce: Option<OnDelete>,
    /// In Salesforce, to the activity (S9). Default `keep`.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub to_hubspot: Option<OnDelete>,
}

/// The Salesforce side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SalesforceSettings {
    /// The Task's text field, external id and unique, that holds the key (F11). Without it a lost answer can make a second Task.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub key_field: Option<String>,
    /// Whether what the integration user created came from here (S8). Default true.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub integration_user_only_ours: Option<bool>,
}

names! {
    /// How a HubSpot owner finds its Salesforce user (O4).
    pub enum MatchBy {
        /// By e-mail.
        Email = "email",
        /// By e-mail and full name.
        EmailAndName = "email_and_name",
    }
}

names! {
    /// What the Task is related to (C9).
    pub enum RelatedTo {
        /// Nothing.
        None = "none",
        /// A deal's Opportunity.
        Deal = "deal",
        /// A company's Account.
        Company = "company",
        /// A deal's Opportunity, else a company's Account.
        DealThenCompany = "deal_then_company",
    }
}

names! {
    /// Who wins a field that was changed on both sides (U4).
    pub enum Conflict {
        /// The later change.
        Newest = "newest",
        /// HubSpot.
        HubSpot = "hubspot",
        /// Salesforce.
        Salesforce = "salesforce",
    }
}

names! {
    /// What a deletion on one side does on the other (D1).
    pub enum OnDelete {
        /// Nothing.
        Keep = "keep",
        /// It deletes there too.
        Delete = "delete",
    }
}

impl Settings {
    /// Reads the settings from JSON.
    ///
    /// # Errors
    /// `not_json`, or `settings_invalid` with the path of the first value that is wrong.
    pub fn from_json(input: &[u8]) -> Result<Self, Error> {
        let text = json::text(input)?;
        // I2: an unpaired surrogate reads as U+FFFD.
        let text = json::repair_surrogates(&text).map_or(text, Cow::Owned);
        json::read(&text)
            .map_err(|unread| json::error(Code::SettingsInvalid, "", &unread))
            .and_then(Self::from_value)
    }

    pub(crate) fn from_value(value: serde_json::Value) -> Result<Self, Error> {
        json::read(&json::text_of(&json::without_nulls(value)))
            .map_err(|unread| json::error(Code::SettingsInvalid, "", &unread))
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

// Not inlined, as those below: a copy at every field would make the module larger.
#[inline(never)]
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A value that is written as a string; a blank one is absent (I2).
#[inline(never)]
fn optional<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Text::deserialize(deserializer)?;
    text.get()
        .map(|text| T::deserialize(text.to_owned().into_deserializer()))
        .transpose()
}

#[inline(never)]
fn required_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_blank(&text) {
        return Err(serde::de::Error::custom("is empty; it is required"));
    }
    Ok(text)
}

#[inline(never)]
fn required_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = required_text(deserializer)?;
    crate::time::parse(&text).map_err(serde::de::Error::custom)
}

#[inline(never)]
fn optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    Ok(Time::deserialize(deserializer)?.get())
}

#[inline(never)]
fn optional_time_of_day<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<jiff::civil::Time>, D::Error> {
    let text = Text::deserialize(deserializer)?;
    text.get()
        .map(|text| crate::time::parse_time_of_day(text).map_err(serde::de::Error::custom))
        .transpose()
}

#[cfg(feature = "schema")]
mod time_schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    pub(super) struct Time;
    impl JsonSchema for Time {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Time".into()
        }
        fn inline_schema() -> bool {
            true
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "format": "date-time" })
        }
    }

    pub(super) struct TimeOfDay;
    impl JsonSchema for TimeOfDay {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "TimeOfDay".into()
        }
        fn inline_schema() -> bool {
            true
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$" })
        }
    }
}

#[cfg(feature = "schema")]
mod kinds_schema {
    use super::{Kind, KindSettings};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    pub(super) struct ToSalesforce;
    impl JsonSchema for ToSalesforce {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ToSalesforce".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let kind = generator.subschema_for::<KindSettings>();
            let properties: serde_json::Map<_, _> = Kind::NAMES
                .iter()
                .map(|name| ((*name).to_owned(), kind.clone().to_value()))
                .collect();
            json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    }
}

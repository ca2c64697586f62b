//! Records by what they hold: the ids of their counterparts in Salesforce, or the value of a unique property.
//!
//! Search shows what was written late; reading by a unique property doesn't.

use std::collections::{BTreeMap, HashMap};

use futures::stream::{self, StreamExt, TryStreamExt};
use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::contacts::{self, AT_ONCE, CONTACT_ID, HubSpotContact, LEAD_ID};
use super::object::Page;
use super::{HubSpot, ObjectRecord, ObjectType, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;
use crate::salesforce::may_be_id;

/// The most ids of one search: its body may have 3,000 characters.
const MOST_IDS: usize = 100;
/// The most records of a page of a search.
const PAGE: usize = 200;
/// The most records of one call that reads.
const MOST: usize = 100;
/// How much of an id names a record; the rest only says which letters are capitals.
const NAME: usize = 15;

/// A property that HubSpot's own integration keeps, and what the ids that it may hold begin with.
type Counterpart = (&'static str, &'static str);

const PERSON: &[Counterpart] = &[(CONTACT_ID, "003"), (LEAD_ID, "00Q")];
const DEAL: &[Counterpart] = &[("hs_salesforceopportunityid", "006")];
const COMPANY: &[Counterpart] = &[("salesforceaccountid", "001")];

impl HubSpot {
    /// The contacts whose Salesforce Contact or Lead is one of these, by ids of 15 or 18 characters as HubSpot holds them; without
    /// knowing when they first synced. What is the id of neither is left out.
    pub async fn contacts_by_salesforce_id(
        &self,
        ids: &[String],
    ) -> Result<Vec<HubSpotContact>, ApiError> {
        let properties = &contacts::PROPERTIES;
        let searches: Vec<(Asked<'_>, Vec<contacts::Record>)> = self
            .search_for(ObjectType::Contact, PERSON, ids, properties)
            .await?;
        let mut found: Vec<HubSpotContact> = Vec::new();
        for (asked, records) in searches {
            let contacts = records.into_iter().map(HubSpotContact::from);
            found.extend(contacts.filter(|contact| {
                let held = [&contact.salesforce_contact_id, &contact.salesforce_lead_id];
                held.into_iter()
                    .flatten()
                    .any(|id| asked.given(id).is_some())
            }));
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found.dedup_by(|a, b| a.id == b.id);
        Ok(found)
    }

    /// The deals whose Opportunity, or the companies whose Account, is one of these: each id as it was given, with the id in HubSpot.
    /// Of other types of record there are none.
    pub async fn related_by_salesforce_id(
        &self,
        kind: ObjectType,
        ids: &[String],
    ) -> Result<Vec<(String, String)>, ApiError> {
        let counterparts = match kind {
            ObjectType::Deal => DEAL,
            ObjectType::Company => COMPANY,
            _ => return Ok(Vec::new()),
        };
        let properties: Vec<&str> = counterparts.iter().map(|(name, _)| *name).collect();
        let searches: Vec<(Asked<'_>, Vec<ObjectRecord>)> = self
            .search_for(kind, counterparts, ids, &properties)
            .await?;
        let mut pairs = Vec::new();
        for (asked, records) in searches {
            for record in records {
                let held = properties
                    .iter()
                    .find_map(|name| record.properties.get(*name));
                if let Some(given) = held.and_then(|held| asked.given(held)) {
                    pairs.push((given.to_owned(), record.id));
                }
            }
        }
        Ok(pairs)
    }

    /// The records with these values of a unique property, with that property and these; those that aren't there, or are in the
    /// recycle bin, are left out.
    pub async fn objects_by_key(
        &self,
        kind: ObjectType,
        key_property: &str,
        keys: &[String],
        properties: &[&str],
    ) -> Result<Vec<ObjectRecord>, ApiError> {
        let path = format!("/crm/objects/{VERSION}/{kind}/batch/read");
        let mut properties = properties.to_vec();
        if !properties.contains(&key_property) {
            properties.push(key_property);
        }
        let calls = keys.chunks(MOST).map(|keys| {
            let inputs: Vec<_> = keys.iter().map(|key| json!({ "id": key })).collect();
            let body =
                json!({ "inputs": inputs, "idProperty": key_property, "properties": properties });
            let purpose = "records by key";
            Call::with_body(Method::POST, path.as_str(), &body, Effect::Read, purpose)
        });
        let calls: Vec<Call> = calls.collect();
        let pages = stream::iter(calls).map(|call| self.api.read(call));
        let pages: Vec<Page<ObjectRecord>> = pages.buffered(AT_ONCE).try_collect().await?;
        Ok(pages.into_iter().flat_map(|page| page.results).collect())
    }

    /// What searches for these ids find, each with the ids that it asked for.
    async fn search_for<'a, T: DeserializeOwned>(
        &self,
        kind: ObjectType,
        counterparts: &[Counterpart],
        ids: &'a [String],
        properties: &[&str],
    ) -> Result<Vec<(Asked<'a>, Vec<T>)>, ApiError> {
        let asked = Asked::batches(counterparts, ids);
        let groups: Vec<Json> = asked.iter().map(Asked::groups).collect();
        let searches = stream::iter(groups).map(|groups| self.search_all(kind, groups, properties));
        let found: Vec<Vec<T>> = searches.buffered(AT_ONCE).try_collect().await?;
        Ok(asked.into_iter().zip(found).collect())
    }

    /// All that a search finds, page by page, by id: without an order pages may overlap.
    async fn search_all<T: DeserializeOwned>(
        &self,
        kind: ObjectType,
        groups: Json,
        properties: &[&str],
    ) -> Result<Vec<T>, ApiError> {
        let path = format!("/crm/objects/{VERSION}/{kind}/search");
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut body = json!({
                "filterGroups": groups,
                "sorts": [{ "propertyName": "hs_object_id", "direction": "ASCENDING" }],
                "properties": properties,
                "limit": PAGE,
            });
            if let Some(after) = &after {
                body["after"] = after.as_str().into();
            }
            let purpose = "records by Salesforce id";
            let call = Call::with_body(Method::POST, path.as_str(), &body, Effect::Search, purpose);
            let page: Page<T> = self.api.read(call).await?;
            let next = page.next();
            found.extend(page.results);
            if next.is_none() || next == after {
                return Ok(found);
            }
            after = next;
        }
    }
}

/// The ids of one search, each with the property that may hold it.
struct Asked<'a> {
    ids: Vec<(&'static str, &'a str)>,
    by_name: HashMap<&'a str, &'a str>,
}

impl<'a> Asked<'a> {
    fn batches(counterparts: &[Counterpart], ids: &'a [String]) -> Vec<Self> {
        let held_by = |id: &'a String| {
            let mut may_hold = counterparts
                .iter()
                .filter(|(_, prefix)| may_be_id(id, prefix));
            may_hold
                .next()
                .map(|(property, _)| (*property, id.as_str()))
        };
        let ids: Vec<_> = ids.iter().filter_map(held_by).collect();
        ids.chunks(MOST_IDS).map(Self::of).collect()
    }

    fn of(ids: &[(&'static str, &'a str)]) -> Self {
        let names = ids
            .iter()
            .filter_map(|(_, id)| Some((id.get(..NAME)?, *id)));
        Self {
            by_name: names.collect(),
            ids: ids.to_vec(),
        }
    }

    /// A group of filters for each property, of which one must hold.
    fn groups(&self) -> Json {
        let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (property, id) in &self.ids {
            // HubSpot compares such lists with what it holds in small letters.
            values
                .entry(property)
                .or_default()
                .push(id.to_ascii_lowercase());
        }
        let groups = values.into_iter().map(|(property, values)| {
            json!({ "filters": [{ "propertyName": property, "operator": "IN", "values": values }] })
        });
        groups.collect()
    }

    /// The id that was asked for, if this one names the same record: small letters find others too.
    fn given(&self, id: &str) -> Option<&'a str> {
        self.by_name.get(id.trim().get(..NAME)?).copied()
    }
}

//! What both planners take, put together: what several batches name is there once.

use super::super::PassError;
use super::super::pull::BatchSnapshot;
use super::super::to_hubspot::RecordsParts;
use crosswalk_core::Kind;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};

/// A snapshot under way.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) activities: Vec<Box<RawValue>>,
    names: HashSet<String>,
    /// By name. One that changes while it is read is there as it was read last.
    pub(super) records: BTreeMap<String, Box<RawValue>>,
    /// By id. What is known of a contact's activities says more of it than what is known of its records, and comes first.
    pub(super) contacts: BTreeMap<String, Value>,
    /// By activity and record: an activity whose create isn't settled has no name of its own.
    pub(super) links: BTreeMap<(String, String), Value>,
    /// By deal and company.
    pub(super) related: BTreeMap<(String, String), Value>,
}

impl Gathered {
    /// Whether an activity is there.
    pub(super) fn has(&self, activity: &str) -> bool {
        self.names.contains(activity)
    }

    /// Adds activities, with all that their plan needs.
    pub(super) fn add(&mut self, part: BatchSnapshot) -> Result<(), PassError> {
        for activity in part.activities {
            self.activities.push(RawValue::from_string(activity.json)?);
            self.names.insert(activity.activity);
        }
        for contact in part.contacts {
            self.contacts.insert(contact.id, contact.json);
        }
        self.add_links_and_related(part.links, part.related);
        Ok(())
    }

    /// Adds records, with all that their plan needs, behind all activities.
    pub(super) fn add_records(
        &mut self,
        part: RecordsParts,
        syncs_to_salesforce: impl Fn(Kind) -> bool,
    ) -> Result<(), PassError> {
        for (name, json) in part.records {
            self.records.insert(name, RawValue::from_string(json)?);
        }
        for activity in part.activities {
            self.add_other_side(&activity, &syncs_to_salesforce)?;
        }
        for (id, contact) in part.contacts {
            self.contacts.entry(id).or_insert(contact);
        }
        self.add_links_and_related(part.links, part.related);
        Ok(())
    }

    /// Adds HubSpot's side of a record, as it was seen last, if its kind doesn't sync to Salesforce: then its plan is nothing. One
    /// whose kind does is here already if it changed since its window began; if it didn't, it counts as unchanged (S9), and would be
    /// planned here although no pass would look at it.
    fn add_other_side(
        &mut self,
        activity: &Value,
        syncs_to_salesforce: impl Fn(Kind) -> bool,
    ) -> Result<(), PassError> {
        let name = |field: &str| activity[field].as_str().unwrap_or_default();
        let is_planned = Kind::from_name(name("kind")).is_some_and(syncs_to_salesforce);
        if !is_planned
            && self
                .names
                .insert(format!("{}:{}", name("kind"), name("id")))
        {
            let json = RawValue::from_string(activity.to_string())?;
            self.activities.push(json);
        }
        Ok(())
    }

    fn add_links_and_related(&mut self, links: Vec<Value>, related: Vec<Value>) {
        for link in links {
            let key = pair(&link, ["activity", "task_id"]);
            self.links.entry(key).or_insert(link);
        }
        for record in related {
            let key = pair(&record, ["deal", "company"]);
            self.related.entry(key).or_insert(record);
        }
    }
}

fn pair(of: &Value, names: [&str; 2]) -> (String, String) {
    let [first, second] = names.map(|name| of[name].as_str().unwrap_or_default().to_owned());
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn records(part: Value) -> RecordsParts {
        let list = |name: &str| part[name].as_array().cloned().unwrap_or_default();
        let named = |name: &str| {
            let list = list(name).into_iter();
            list.map(|value| (value["id"].as_str().unwrap_or_default().to_owned(), value))
        };
        RecordsParts {
            records: named("records")
                .map(|(id, record)| (id, record.to_string()))
                .collect(),
            activities: list("activities"),
            contacts: named("contacts").collect(),
            links: list("links"),
            related: list("related"),
        }
    }

    fn gathered(parts: [Value; 2]) -> Result<Gathered, PassError> {
        let mut gathered = Gathered::default();
        for part in parts {
            gathered.add_records(records(part), |kind| kind != Kind::Task)?;
        }
        Ok(gathered)
    }

    #[test]
    fn each_contact_link_and_deal_is_there_once_and_the_first_holds() -> Result<(), PassError> {
        let link = |deleted: bool| json!({"activity": "call:1", "task_id": "00T1", "activity_deleted": deleted});
        let gathered = gathered([
            json!({"contacts": [{"id": "101", "owner_id": "7"}], "links": [link(true)],
                   "related": [{"deal": "9", "salesforce_id": "006000000000001AAA"}]}),
            json!({"contacts": [{"id": "101"}, {"id": "102"}], "links": [link(false)],
                   "related": [{"deal": "9", "salesforce_id": "006000000000001"}, {"deal": "8", "salesforce_id": "006000000000001"}]}),
        ])?;
        assert_eq!(gathered.contacts.len(), 2);
        assert_eq!(gathered.contacts["101"]["owner_id"], "7");
        let links: Vec<&Value> = gathered.links.values().collect();
        assert_eq!(links, [&link(true)]);
        assert_eq!(gathered.related.len(), 2, "two deals of one Opportunity");
        Ok(())
    }

    #[test]
    fn links_without_a_name_of_their_own_are_told_apart_by_their_records() -> Result<(), PassError>
    {
        let unsettled = |task: &str| json!({"links": [{"activity": "task:", "task_id": task}]});
        let gathered = gathered([unsettled("00T1"), unsettled("00T2")])?;
        assert_eq!(gathered.links.len(), 2);
        Ok(())
    }

    #[test]
    fn hubspots_side_is_added_only_where_nothing_is_planned_for_it() -> Result<(), PassError> {
        let side = |kind: &str| json!({"activities": [{"kind": kind, "id": "1"}]});
        let of_no_kind_that_syncs = gathered([side("task"), side("task")])?;
        assert_eq!(of_no_kind_that_syncs.activities.len(), 1);
        let of_a_kind_that_syncs = gathered([side("call"), side("call")])?;
        assert!(of_a_kind_that_syncs.activities.is_empty());
        Ok(())
    }

    #[test]
    fn a_record_that_changes_while_it_is_read_is_there_as_it_was_last() -> Result<(), PassError> {
        let record = |subject: &str| json!({"records": [{"id": "00T1", "subject": subject}]});
        let gathered = gathered([record("before"), record("after")])?;
        let records: Vec<&str> = gathered.records.values().map(|json| json.get()).collect();
        assert_eq!(records.len(), 1);
        assert!(records[0].contains("after"));
        Ok(())
    }
}

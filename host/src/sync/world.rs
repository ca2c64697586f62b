//! What holds for a whole pass: who owns, who may be assigned, what the org made of Task.

use super::{Engine, PassError};
use crate::feeds::Dispositions;
use crate::feeds::happened::Names;
use crate::hubspot::{HubSpotOwner, ObjectType};
use crate::inbound;
use crate::salesforce::{KeyField, SalesforceUser, TaskDescription};
use crosswalk_core::Kind;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

/// What holds for a whole pass.
pub struct World {
    /// HubSpot's owners, in the shape of the snapshot.
    pub(super) owners: Vec<Value>,
    known_owners: HashSet<String>,
    has_archived_owners: bool,
    /// Salesforce's users, in the shape of the snapshot.
    pub(super) users: Value,
    /// The picklists of Task, in the shape of the snapshot.
    pub(super) picklists: Value,
    /// Labels of call outcomes.
    pub(super) dispositions: Dispositions,
    /// The key field, if the settings name one and the org has it as a unique external id.
    pub(super) key_field: Option<String>,
    /// The objects of HubSpot's that don't have the key property which the settings name.
    pub(super) without_key_property: BTreeSet<ObjectType>,
    /// Names that were asked for in this pass.
    pub(super) names: Names,
    /// What is weaker than it could be, and what to do.
    pub(super) warnings: Vec<String>,
}

/// Whether what is found out may be kept in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Kept,
    Untouched,
}

/// Under this name the ledger keeps the portal that the token was found to open.
const PORTAL: &str = "portal";

impl World {
    /// Reads what holds for the whole pass.
    ///
    /// # Errors
    /// If one of the systems can't be read, or the settings are for another portal.
    pub(super) async fn read(engine: &Engine<'_>, memory: Memory) -> Result<Self, PassError> {
        check_portal(engine, memory).await?;
        let key_field = engine.settings.settings().salesforce.key_field.as_deref();
        let users = engine.salesforce.users().await?;
        let task = engine.salesforce.describe_task(key_field).await?;
        let dispositions = if engine.settings.is_on(Kind::Call) {
            engine.hubspot.call_dispositions().await?
        } else {
            Dispositions::new()
        };
        let mut world = Self {
            owners: Vec::new(),
            known_owners: HashSet::new(),
            has_archived_owners: false,
            users: users.iter().map(user_json).collect(),
            picklists: task.to_picklists(),
            dispositions,
            without_key_property: BTreeSet::new(),
            names: Names::default(),
            warnings: weaker_without_key(key_field, &task).into_iter().collect(),
            key_field: task.usable_key_field().map(str::to_owned),
        };
        world.learn_owners(&engine.hubspot.active_owners().await?);
        Ok(world)
    }

    /// Reads the owners that have left too, once somebody refers to one that isn't known.
    pub(super) async fn learn_owners_named(
        &mut self,
        engine: &Engine<'_>,
        named: impl IntoIterator<Item = &str>,
    ) -> Result<(), PassError> {
        let all_known = named
            .into_iter()
            .all(|owner| self.known_owners.contains(owner));
        if !all_known && !self.has_archived_owners {
            self.learn_owners(&engine.hubspot.archived_owners().await?);
            self.has_archived_owners = true;
        }
        Ok(())
    }

    /// The id of the owner with this name or email address, if it is one owner's; those that have left too.
    pub(super) async fn owner_called(
        &mut self,
        engine: &Engine<'_>,
        called: &str,
    ) -> Result<Option<String>, PassError> {
        if let Some(id) = inbound::owner_called(&self.owners, called) {
            return Ok(Some(id));
        }
        self.learn_owners_named(engine, [called]).await?;
        Ok(inbound::owner_called(&self.owners, called))
    }

    fn learn_owners(&mut self, owners: &[HubSpotOwner]) {
        self.known_owners
            .extend(owners.iter().map(|owner| owner.id.clone()));
        self.owners.extend(owners.iter().map(owner_json));
    }
}

/// A token's portal never changes, so it is asked for once.
async fn check_portal(engine: &Engine<'_>, memory: Memory) -> Result<(), PassError> {
    let settings = engine.settings.settings().portal_id.trim();
    let asked = engine.hubspot.fingerprint();
    let known = engine.ledger.fact(PORTAL)?;
    let known = known.as_deref().and_then(|known| known.split_once(' '));
    let account = match known {
        Some((of, portal)) if of == asked => portal.to_owned(),
        _ => {
            let portal = engine.hubspot.account().await?.portal_id;
            if memory == Memory::Kept {
                engine
                    .ledger
                    .set_fact(PORTAL, &format!("{asked} {portal}"))?;
            }
            portal
        }
    };
    if account == settings {
        return Ok(());
    }
    Err(PassError::OtherPortal {
        settings: settings.to_owned(),
        account,
    })
}

fn weaker_without_key(asked: Option<&str>, task: &TaskDescription) -> Option<String> {
    let Some(name) = asked else {
        return Some(
            "there is no salesforce.key_field, so a lost answer can leave a Task unsettled: give Task a text field (External ID, Unique) and name it in the settings"
                .to_owned(),
        );
    };
    let what = match task.key_field.as_ref()? {
        KeyField::Usable(_) => return None,
        KeyField::Missing => "isn't a field of Task that the integration user can see",
        KeyField::NotWritable => "isn't a text field of Task that the integration user can write",
        KeyField::NotExternalId => "isn't marked as External ID and Unique",
    };
    Some(format!(
        "salesforce.key_field `{name}` {what}: until it is, a lost answer can leave a Task unsettled"
    ))
}

fn owner_json(owner: &HubSpotOwner) -> Value {
    json!({"id": owner.id, "email": owner.email, "first_name": owner.first_name, "last_name": owner.last_name, "archived": owner.archived})
}

fn user_json(user: &SalesforceUser) -> Value {
    json!({"id": user.id, "username": user.username, "email": user.email, "name": user.name, "is_active": user.is_active,
           "can_own_tasks": can_own_tasks(user.user_type.as_deref())})
}

/// Only standard users own tasks; guests, Chatter-only and automated ones can't.
fn can_own_tasks(user_type: Option<&str>) -> bool {
    user_type.is_none_or(|user_type| {
        matches!(
            user_type,
            "Standard"
                | "PowerPartner"
                | "PowerCustomerSuccess"
                | "CspLitePortal"
                | "CustomerSuccess"
        )
    })
}

//! What happens in a simulated world besides calls: forms are filled in, emails opened, apps notice something or send it in, and some of
//! those who do it are contacts only later. It knows which Tasks must come of it.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_host::inbound;
use crosswalk_sandbox::hubspot::{Campaign, Form, HubSpotData};
use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::World;

/// The form.
pub const FORM: &str = "5f1c2b7a-0000-4000-8000-000000000001";
/// The email.
pub const CAMPAIGN: u64 = 7_001;

/// What happened, and what must come of it.
#[derive(Default)]
pub struct Happenings {
    submissions: u64,
    email_events: u64,
    occurrences: u64,
    sent_in: u64,
    late: BTreeMap<u64, bool>,
    /// Each of these becomes a Task.
    each: BTreeSet<String>,
    /// Of each of these one becomes a Task.
    one_of: BTreeMap<String, BTreeSet<String>>,
}

/// Adds what is needed for it to a portal.
pub fn prepare(hubspot: &mut HubSpotData, now: Timestamp) {
    hubspot.forms.push(Form {
        id: FORM.to_owned(),
        name: "Contact us".to_owned(),
        created_at: now,
        updated_at: now,
        archived: false,
        fields: vec!["email".into()],
        submissions: Vec::new(),
    });
    hubspot.campaigns.push(Campaign {
        id: CAMPAIGN,
        app_id: 113,
        name: "News".to_owned(),
        subject: "News".to_owned(),
        link: "https://example.com/".to_owned(),
    });
}

fn key(kind: &str, sort: &str, number: u64) -> String {
    format!("hubspot:8821:{kind}:{sort}-0000-4000-8000-{number:012}")
}

impl Happenings {
    /// Lets something happen; `chance` answers a number below the one given.
    pub async fn happen(&mut self, world: &World, chance: impl Fn(u64) -> u64) {
        let (email, contact) = match chance(6) {
            0 => {
                let late = chance(4);
                (format!("late{late}@example.com"), None)
            }
            _ => {
                let contact = 1_001 + chance(20);
                (format!("c{contact}@load.example"), Some(contact))
            }
        };
        let what = match (chance(6), contact) {
            (5, Some(contact)) => {
                let whose = match chance(2) {
                    0 => json!({"contacts": [contact.to_string()]}),
                    _ => json!({"email": email}),
                };
                return self.send_in(world, whose, chance(2));
            }
            (0, Some(contact)) => {
                self.occurrences += 1;
                let key = key("integration_event", "d0d0d0d0", self.occurrences);
                self.each.insert(key);
                json!({"occurrences": [{"type": "ae1_noticed", "contact": contact}]})
            }
            (0 | 1 | 5, _) => {
                self.submissions += 1;
                let key = key("form_submission", "f0f0f0f0", self.submissions);
                self.each.insert(key);
                json!({"submissions": [{"form": FORM, "values": {"email": email}}]})
            }
            (other, _) => self.email_event(other, &email),
        };
        if let Some(late) = email.strip_prefix("late") {
            let late = late.chars().next().and_then(|late| late.to_digit(10));
            self.late
                .entry(late.unwrap_or_default().into())
                .or_default();
        }
        world.hubspot(Method::POST, "/_sandbox/happen", what).await;
    }

    /// Sends something in, and perhaps once more.
    fn send_in(&mut self, world: &World, whose: Value, repeats: u64) {
        self.sent_in += 1;
        let id = format!("a0a0a0a0-0000-4000-8000-{:012}", self.sent_in);
        self.each
            .insert(key("integration_event", "a0a0a0a0", self.sent_in));
        let mut event = json!({"kind": "integration_event", "id": id, "occurred_at": world.clock.now().to_string(), "title": "Visit"});
        if let (Some(event), Value::Object(whose)) = (event.as_object_mut(), whose) {
            event.extend(whose);
        }
        let ledger = world.host().ledger;
        for _ in 0..=repeats {
            let sent = [inbound::read(&event.to_string()).activity];
            inbound::take(&ledger, "simulation", &sent, world.clock.now()).unwrap();
        }
    }

    fn email_event(&mut self, which: u64, email: &str) -> Value {
        self.email_events += 1;
        let (event_type, kind) = match which {
            2 => ("SENT", "marketing_email_sent"),
            3 => ("CLICK", "marketing_email_clicked"),
            _ => ("OPEN", "marketing_email_opened"),
        };
        let key = key(kind, "e0e0e0e0", self.email_events);
        if event_type == "OPEN" {
            self.one_of.entry(email.to_owned()).or_default().insert(key);
        } else {
            self.each.insert(key);
        }
        json!({"email_events": [{"type": event_type, "campaign": CAMPAIGN, "recipient": email}]})
    }

    /// Somebody who did something becomes a contact; only later is that in Salesforce too.
    pub async fn somebody_becomes_a_contact(&mut self, world: &World) {
        let unknown = self.late.iter_mut().find(|(_, is_contact)| !**is_contact);
        if let Some((late, is_contact)) = unknown {
            let properties =
                json!({"email": format!("late{late}@example.com"), "lastname": "Late"});
            let path = "/crm/objects/2026-09/contacts";
            world
                .hubspot(Method::POST, path, json!({"properties": properties}))
                .await;
            *is_contact = true;
        }
    }

    /// All of them are contacts at last, in both systems.
    pub async fn everybody_syncs(&mut self, world: &World) {
        while self.late.values().any(|is_contact| !is_contact) {
            self.somebody_becomes_a_contact(world).await;
        }
        for late in self.late.keys() {
            let email = format!("late{late}@example.com");
            let person = json!({"LastName": "Late", "Company": "Late", "Email": email});
            world
                .salesforce(Method::POST, "/sobjects/Lead", person)
                .await;
        }
    }

    /// Checks which of these keys have Tasks: all that must, and nothing that mustn't.
    ///
    /// # Panics
    /// If it isn't so.
    pub fn check(&self, keys: &BTreeSet<&str>) {
        for key in &self.each {
            assert!(keys.contains(key.as_str()), "{key} is lost");
        }
        for (recipient, opens) in &self.one_of {
            let made = opens.iter().filter(|open| keys.contains(open.as_str()));
            assert_eq!(made.count(), 1, "opens by {recipient}: {opens:?}");
        }
    }

    /// Whether this is the key of something that happened.
    pub fn has(&self, key: &str) -> bool {
        self.each.contains(key) || self.one_of.values().any(|opens| opens.contains(key))
    }
}

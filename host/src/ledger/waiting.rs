//! Which activities wait for which contacts, and for whom most? (P6 a)

use super::{Answer, Ledger, milliseconds};
use jiff::Timestamp;
use rusqlite::{ToSql, params};

/// A contact that may change the answer about an activity.
#[derive(Clone, Debug)]
pub struct Awaited<'a> {
    /// HubSpot's id; or [`awaited_email`] where HubSpot has no such contact yet.
    pub contact: &'a str,
    /// What it lacks, in the plan's words (C8).
    pub lacks: Option<&'a str>,
    /// The contact as the decision knew it; none if HubSpot doesn't have it.
    pub known: Option<AwaitedContact<'a>>,
}

/// A contact as the decision knew it.
#[derive(Clone, Copy, Debug)]
pub struct AwaitedContact<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// Its email address, folded.
    pub email: Option<&'a str>,
    /// When it was last changed in HubSpot; none if it isn't there.
    pub modified_at: Option<Timestamp>,
    /// The Salesforce Contact that HubSpot names, its first 15 characters.
    pub salesforce_contact: Option<&'a str>,
    /// The Salesforce Lead that HubSpot names, its first 15 characters.
    pub salesforce_lead: Option<&'a str>,
}

/// A contact in HubSpot that was changed.
#[derive(Clone, Copy, Debug)]
pub struct NoticedContact<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its email address.
    pub email: Option<&'a str>,
    /// The Salesforce Contact that it names.
    pub salesforce_contact: Option<&'a str>,
    /// The Salesforce Lead that it names.
    pub salesforce_lead: Option<&'a str>,
    /// When it was changed.
    pub modified_at: Timestamp,
}

/// A person in Salesforce that was changed.
#[derive(Clone, Copy, Debug)]
pub struct NoticedPerson<'a> {
    /// The first 15 characters of its id.
    pub id: &'a str,
    /// Its email address, folded.
    pub email: Option<&'a str>,
    /// Its SystemModstamp.
    pub modified_at: Timestamp,
}

/// How many wait, for whom, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct WaitingFor {
    /// How many contacts are waited for.
    pub contacts: u64,
    /// Since when the first one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Those for whom most activities wait.
    pub most: Vec<WaitingContact>,
}

/// How many wait for a contact, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct WaitingContact {
    /// HubSpot's id, or `email:…`.
    pub contact: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How many activities.
    pub activities: u64,
    /// Since when the first of them does.
    pub since: String,
}

/// Under this name an activity waits for a contact that HubSpot doesn't have yet.
pub fn awaited_email(email: &str) -> String {
    format!("email:{}", email.trim().to_lowercase())
}

/// Under this name a record of Salesforce waits for a person whom HubSpot doesn't have yet.
pub fn awaited_person(salesforce_id: &str) -> String {
    let short = salesforce_id.get(..15).unwrap_or(salesforce_id);
    format!("salesforce:{short}")
}

/// Of these an operator may do something about: the others lack nothing, or never come.
const PENDING: &str = "w.lacks IN ('pending', 'unknown')";

impl Ledger {
    /// An activity waits for these contacts, and for no others.
    pub(super) fn wait_for(
        &self,
        activity: &str,
        awaited: &[Awaited<'_>],
        now: &str,
    ) -> Answer<()> {
        let names: Vec<&str> = awaited.iter().map(|awaited| awaited.contact).collect();
        self.connection
            .prepare_cached("DELETE FROM waiting WHERE activity = ?1 AND contact NOT IN (SELECT value FROM json_each(?2))")?
            .execute(params![activity, serde_json::json!(names).to_string()])?;
        let mut wait = self.connection.prepare_cached(
            "INSERT INTO waiting (contact, activity, lacks, since, modified_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (contact, activity) DO UPDATE SET lacks = excluded.lacks, modified_at = excluded.modified_at",
        )?;
        for awaited in awaited {
            let modified_at = awaited.known.and_then(|known| known.modified_at);
            let modified_at = modified_at.map(milliseconds);
            wait.execute(params![
                awaited.contact,
                activity,
                awaited.lacks,
                now,
                modified_at
            ])?;
            if let Some(known) = awaited.known {
                self.keep_awaited(awaited.contact, known)?;
            }
        }
        Ok(())
    }

    fn keep_awaited(&self, contact: &str, known: AwaitedContact<'_>) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO awaited_contacts (contact, name, email, salesforce_contact, salesforce_lead) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (contact) DO UPDATE SET name = excluded.name, email = excluded.email,
                 salesforce_contact = excluded.salesforce_contact, salesforce_lead = excluded.salesforce_lead",
            )?
            .execute(params![
                contact,
                known.name,
                known.email,
                known.salesforce_contact,
                known.salesforce_lead
            ])?;
        Ok(())
    }

    pub(super) fn wait_no_more(&self, activity: &str) -> Answer<()> {
        self.connection
            .prepare_cached("DELETE FROM waiting WHERE activity = ?")?
            .execute([activity])?;
        Ok(())
    }

    /// Whether anything waits for contacts.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn anything_waits(&self) -> Answer<bool> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM observations WHERE waits = 1)",
            [],
            |row| row.get(0),
        )?)
    }

    /// A contact was changed in HubSpot: what waits for it is planned again, unless it was decided with the contact as it is.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn contact_changed(&self, contact: NoticedContact<'_>) -> Answer<()> {
        self.release(
            "contact IN (?1, ?2, ?4, ?5)",
            "modified_at",
            params![
                contact.id,
                contact.email.map(awaited_email),
                milliseconds(contact.modified_at),
                contact.salesforce_contact.map(awaited_person),
                contact.salesforce_lead.map(awaited_person)
            ],
        )
    }

    /// A Contact or Lead was changed in Salesforce: what waits for the contact that it may be is planned again.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn person_changed(&self, person: NoticedPerson<'_>) -> Answer<()> {
        self.release(
            "contact IN (SELECT contact FROM awaited_contacts WHERE email = ?1 OR salesforce_contact = ?2 OR salesforce_lead = ?2)",
            "person_modified_at",
            params![person.email, person.id, milliseconds(person.modified_at)],
        )
    }

    /// What waits for such contacts is planned again, unless the change, whose moment is `?3`, was noticed before: `noticed_in` says when one was.
    fn release(
        &self,
        such_contacts: &str,
        noticed_in: &str,
        parameters: &[&dyn ToSql],
    ) -> Answer<()> {
        let waits = format!("{such_contacts} AND ({noticed_in} IS NULL OR {noticed_in} < ?3)");
        self.connection
            .prepare_cached(&format!(
                "UPDATE observations SET plan_again = 1 WHERE activity IN (SELECT activity FROM waiting WHERE {waits})"
            ))?
            .execute(parameters)?;
        self.connection
            .prepare_cached(&format!(
                "UPDATE waiting SET {noticed_in} = ?3 WHERE {waits}"
            ))?
            .execute(parameters)?;
        Ok(())
    }

    /// Everything that waits is planned again, whatever it waits for; and what was sent in and left out for its kind or its window, since
    /// nobody sends it again (P6 b).
    ///
    /// # Errors
    /// If the statement fails.
    pub fn plan_all_waiting_again(&self) -> Answer<()> {
        self.connection
            .execute("UPDATE observations SET plan_again = 1 WHERE waits = 1", [])?;
        self.plan_left_out_inbound_again()
    }

    /// An activity is planned again.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn plan_again(&self, activity: &str) -> Answer<()> {
        self.connection
            .prepare_cached("UPDATE observations SET plan_again = 1 WHERE activity = ?")?
            .execute([activity])?;
        Ok(())
    }

    /// Activities of these kinds that wait, behind one, with the ids of their contacts (JSON), as far as HubSpot is to say whose they are.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn waiting_behind(
        &self,
        activity: &str,
        kinds: &[&str],
        limit: usize,
    ) -> Answer<Vec<(String, Option<String>)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, json_extract(seen, '$.contacts') FROM observations
             WHERE waits = 1 AND activity > ?1 AND kind IN (SELECT value FROM json_each(?2))
             AND coalesce(json_extract(seen, '$.inbound.brings_contacts'), 0) = 0 ORDER BY activity LIMIT ?3",
        )?;
        let rows = statement.query_map(
            params![
                activity,
                serde_json::json!(kinds).to_string(),
                i64::try_from(limit).unwrap_or(i64::MAX)
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets the contacts that nothing waits for any more.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_contacts_not_awaited(&self) -> Answer<()> {
        self.connection.execute(
            "DELETE FROM awaited_contacts WHERE NOT EXISTS (SELECT 1 FROM waiting w WHERE w.contact = awaited_contacts.contact)",
            [],
        )?;
        Ok(())
    }

    pub(super) fn waiting_for(&self, most: usize) -> Answer<WaitingFor> {
        let (contacts, since) = self.connection.query_row(
            &format!(
                "SELECT count(DISTINCT w.contact), min(w.since) FROM waiting w
                 JOIN observations o ON o.activity = w.activity AND o.action = 'wait' WHERE {PENDING}"
            ),
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut statement = self.connection.prepare(&format!(
            "SELECT w.contact, a.name, a.email, count(*), min(w.since) FROM waiting w
             JOIN observations o ON o.activity = w.activity AND o.action = 'wait'
             LEFT JOIN awaited_contacts a ON a.contact = w.contact
             WHERE {PENDING} GROUP BY w.contact ORDER BY 4 DESC, 5, 1 LIMIT ?"
        ))?;
        let rows = statement.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
            Ok(WaitingContact {
                contact: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                activities: row.get(3)?,
                since: row.get(4)?,
            })
        })?;
        Ok(WaitingFor {
            contacts,
            since,
            most: rows.collect::<rusqlite::Result<_>>()?,
        })
    }
}

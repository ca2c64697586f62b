//! Which contacts, deals and companies of HubSpot are which records of Salesforce?

use super::{Answer, Ledger};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

/// A contact of HubSpot that is a person of Salesforce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownContactRow {
    /// HubSpot's id.
    pub contact: String,
    /// The first 15 characters of the Salesforce id.
    pub person: String,
    /// `Contact` or `Lead`.
    pub object: String,
    /// When it was created in HubSpot.
    pub created_at: String,
    /// Its name.
    pub name: Option<String>,
    /// Its email address.
    pub email: Option<String>,
}

/// After this long HubSpot is asked again: contacts are merged, and joined to others.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

const COLUMNS: &str = "contact, person, object, created_at, name, email";

impl Ledger {
    /// Keeps which person a contact is.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn know_contact(&self, known: &KnownContactRow, now: Timestamp) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO known_contacts (contact, person, object, created_at, name, email, known_at) VALUES (?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (contact) DO UPDATE SET person = excluded.person, object = excluded.object, created_at = excluded.created_at,
                 name = excluded.name, email = excluded.email, known_at = excluded.known_at",
            )?
            .execute(params![
                known.contact,
                known.person,
                known.object,
                known.created_at,
                known.name,
                known.email,
                now.to_string()
            ])?;
        Ok(())
    }

    /// The contacts that are a person, as far as that was found out lately.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn contacts_of_person(&self, person: &str, now: Timestamp) -> Answer<Vec<KnownContactRow>> {
        let lately = now.checked_sub(ASKED_AGAIN_AFTER).unwrap_or(now);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM known_contacts WHERE person = ? AND known_at > ? ORDER BY contact"
        ))?;
        let rows = statement.query_map([person, &lately.to_string()], known)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A contact, whenever it was found out who it is.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn known_contact(&self, contact: &str) -> Answer<Option<KnownContactRow>> {
        Ok(self
            .connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM known_contacts WHERE contact = ?"
            ))?
            .query_row([contact], known)
            .optional()?)
    }

    /// A contact may not be there any more, or not be that person. Answers whether that was known since before this moment.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_contact(&self, contact: &str, before: Timestamp) -> Answer<bool> {
        let known_at = self
            .connection
            .prepare_cached("DELETE FROM known_contacts WHERE contact = ? RETURNING known_at")?
            .query_row([contact], |row| row.get::<_, String>(0))
            .optional()?;
        let known_at = known_at.and_then(|known_at| known_at.parse::<Timestamp>().ok());
        Ok(known_at.is_some_and(|known_at| known_at < before))
    }

    /// Keeps which deal or company (`deal`, `company`) a record of Salesforce is.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn know_related(&self, salesforce_id: &str, object: &str, id: &str) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO known_related (salesforce_id, object, id) VALUES (?, ?, ?)",
            )?
            .execute([salesforce_id, object, id])?;
        Ok(())
    }

    /// The deals and companies that a record of Salesforce is: object and id.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn related_of_record(&self, salesforce_id: &str) -> Answer<Vec<(String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT object, id FROM known_related WHERE salesforce_id = ? ORDER BY object, id",
        )?;
        let rows = statement.query_map([salesforce_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn known(row: &Row<'_>) -> rusqlite::Result<KnownContactRow> {
    Ok(KnownContactRow {
        contact: row.get(0)?,
        person: row.get(1)?,
        object: row.get(2)?,
        created_at: row.get(3)?,
        name: row.get(4)?,
        email: row.get(5)?,
    })
}

//! How far has each feed been read?

use super::{Answer, Ledger};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// How far a feed has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCursor {
    /// `hs_lastmodifieddate` of the last record that was read.
    pub stamp: Timestamp,
    /// Its id.
    pub id: String,
}

impl Ledger {
    /// How far a feed has been read.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn cursor(&self, feed: &str) -> Answer<Option<FeedCursor>> {
        let found = self
            .connection
            .prepare_cached("SELECT stamp, id FROM cursors WHERE feed = ?")?
            .query_row([feed], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        Ok(found.and_then(|(stamp, id)| {
            Some(FeedCursor {
                stamp: stamp.parse().ok()?,
                id,
            })
        }))
    }

    /// Moves a feed's cursor.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn set_cursor(&self, feed: &str, cursor: &FeedCursor) -> Answer<()> {
        self.connection
            .prepare_cached("INSERT INTO cursors (feed, stamp, id) VALUES (?, ?, ?) ON CONFLICT (feed) DO UPDATE SET stamp = excluded.stamp, id = excluded.id")?
            .execute(params![feed, cursor.stamp.to_string(), cursor.id])?;
        Ok(())
    }

    /// Forgets a cursor.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_cursor(&self, feed: &str) -> Answer<()> {
        self.connection
            .prepare_cached("DELETE FROM cursors WHERE feed = ?")?
            .execute([feed])?;
        Ok(())
    }
}

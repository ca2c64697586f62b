//! What is kept of a decision?

use crate::plan::{Action, Reason, Row, Step};
use rustc_hash::FxHashMap;

/// Of one decision what it is counted and found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// The hash of its name.
    pub(super) name: u32,
    /// The place of its contact, from 1 on; 0 if it has none.
    pub(super) contact: u32,
    /// The number of its user; 0 if nobody is assigned.
    pub(super) user: u32,
    pub(super) action: Action,
    pub(super) reason: Reason,
    /// The row in which it is counted, or `OTHER_ROW`.
    pub(super) row: u8,
    pub(super) step: Option<Step>,
}

// With where its text is, 12 bytes, no more than 32 are kept of a record.
const _: () = assert!(
    size_of::<Kept>() <= 20,
    "a million of them should stay small"
);

/// A row that has no place of its own.
pub(super) const OTHER_ROW: u8 = u8::MAX;

impl Kept {
    pub(super) fn place_of_contact(place: Option<usize>) -> u32 {
        place.map_or(0, |place| u32::try_from(place + 1).unwrap_or(u32::MAX))
    }

    pub(super) fn row(row: Row<'_>) -> u8 {
        row.map_or(OTHER_ROW, |place| u8::try_from(place).unwrap_or(OTHER_ROW))
    }
}

/// Numbers for users, or owners.
#[derive(Debug, Default)]
pub(super) struct Users {
    numbers: FxHashMap<String, u32>,
}

impl Users {
    /// The number of a user, a new one if need be; 0 of nobody.
    pub(super) fn number(&mut self, user: Option<&str>) -> u32 {
        let Some(user) = user else { return 0 };
        if let Some(number) = self.known(user) {
            return number;
        }
        let number = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        self.numbers.insert(user.to_owned(), number);
        number
    }

    /// The number of a user who is assigned to something.
    pub(super) fn known(&self, user: &str) -> Option<u32> {
        self.numbers.get(user).copied()
    }
}

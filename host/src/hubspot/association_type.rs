//! Which type the default association between two types of record is.

use super::ObjectType::{self, *};

/// From an activity to what it is about, and the id of the default type.
const DEFAULTS: [(ObjectType, ObjectType, u32); 16] = [
    (Task, Contact, 204),
    (Task, Company, 192),
    (Task, Deal, 216),
    (Call, Contact, 194),
    (Call, Company, 182),
    (Call, Deal, 206),
    (Email, Contact, 198),
    (Email, Company, 186),
    (Email, Deal, 210),
    (Meeting, Contact, 200),
    (Meeting, Company, 188),
    (Meeting, Deal, 212),
    (Note, Contact, 202),
    (Note, Company, 190),
    (Note, Deal, 214),
    (Communication, Contact, 81),
];

/// The id of the default type from an activity to a contact, a company or a deal; none if HubSpot has none.
pub(super) fn default_type(from: ObjectType, to: ObjectType) -> Option<u32> {
    DEFAULTS
        .iter()
        .find(|(activity, about, _)| (*activity, *about) == (from, to))
        .map(|(.., id)| *id)
}

//! The types that an association may have, by the types of its two ends.

use super::object_type::ObjectType::{self, *};

/// The far end of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) to: ObjectType,
    pub(super) id: u64,
    pub(super) type_id: u32,
}

/// The id of a type of association, and the one of its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) there: u32,
    pub(super) back: u32,
}

impl Way {
    const fn turned(self) -> Self {
        Self {
            there: self.back,
            back: self.there,
        }
    }
}

/// A type of association between two types of record.
struct Kind {
    ends: (ObjectType, ObjectType),
    way: Way,
    label: Option<&'static str>,
}

const fn kind(from: ObjectType, to: ObjectType, there: u32, back: u32) -> Kind {
    Kind {
        ends: (from, to),
        way: Way { there, back },
        label: None,
    }
}

/// The default type of a pair stands before its others.
const KINDS: [Kind; 31] = [
    kind(Task, Contact, 204, 203),
    kind(Task, Company, 192, 191),
    kind(Task, Deal, 216, 215),
    kind(Task, Ticket, 230, 229),
    kind(Task, Lead, 647, 646),
    kind(Call, Contact, 194, 193),
    kind(Call, Company, 182, 181),
    kind(Call, Deal, 206, 205),
    kind(Call, Ticket, 220, 219),
    kind(Call, Lead, 597, 596),
    kind(Call, Meeting, 399, 400),
    kind(Email, Contact, 198, 197),
    kind(Email, Company, 186, 185),
    kind(Email, Deal, 210, 209),
    kind(Email, Ticket, 224, 223),
    kind(Meeting, Contact, 200, 199),
    kind(Meeting, Company, 188, 187),
    kind(Meeting, Deal, 212, 211),
    kind(Meeting, Ticket, 226, 225),
    kind(Meeting, Lead, 601, 600),
    kind(Note, Contact, 202, 201),
    kind(Note, Company, 190, 189),
    kind(Note, Deal, 214, 213),
    kind(Note, Ticket, 228, 227),
    kind(Note, Lead, 855, 854),
    kind(Communication, Contact, 81, 82),
    kind(Deal, Contact, 3, 4),
    kind(Deal, Company, 341, 342),
    Kind {
        ends: (Deal, Company),
        way: Way { there: 5, back: 6 },
        label: Some("Primary"),
    },
    kind(Contact, Company, 279, 280),
    Kind {
        ends: (Contact, Company),
        way: Way { there: 1, back: 2 },
        label: Some("Primary"),
    },
];

/// The types from one to the other with their labels, the default one first.
pub(super) fn types(
    from: ObjectType,
    to: ObjectType,
) -> impl Iterator<Item = (Way, Option<&'static str>)> {
    KINDS.iter().filter_map(move |kind| {
        if kind.ends == (from, to) {
            Some((kind.way, kind.label))
        } else if kind.ends == (to, from) {
            Some((kind.way.turned(), kind.label))
        } else {
            None
        }
    })
}

/// The default type from one to the other.
pub(super) fn default_type(from: ObjectType, to: ObjectType) -> Option<Way> {
    types(from, to).next().map(|(way, _)| way)
}

/// The type of this id from one to the other.
pub(super) fn type_with_id(from: ObjectType, to: ObjectType, id: u32) -> Option<Way> {
    types(from, to)
        .map(|(way, _)| way)
        .find(|way| way.there == id)
}

/// What people see of a type; most have no label.
pub(super) fn label(from: ObjectType, to: ObjectType, id: u32) -> Option<&'static str> {
    types(from, to)
        .find(|(way, _)| way.there == id)
        .and_then(|(_, label)| label)
}

/// Where associations with this id begin.
pub(super) fn beginning_of(id: u32) -> Option<ObjectType> {
    KINDS.iter().find_map(|kind| match id {
        id if id == kind.way.there => Some(kind.ends.0),
        id if id == kind.way.back => Some(kind.ends.1),
        _ => None,
    })
}

/// What objects' answers call associations from one to the other.
pub(super) fn name(from: ObjectType, to: ObjectType) -> String {
    format!("{}_to_{}", from.in_associations(), to.in_associations())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_the_others_way_back() {
        for from in ObjectType::ALL {
            for to in ObjectType::ALL {
                for (way, label) in types(from, to) {
                    assert!(
                        types(to, from).any(|other| other == (way.turned(), label)),
                        "{from} {to} {way:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_default_from_contact_to_company_has_no_label() {
        assert_eq!(
            default_type(Contact, Company),
            Some(Way {
                there: 279,
                back: 280
            })
        );
        assert_eq!(label(Contact, Company, 279), None);
        assert_eq!(label(Company, Contact, 2), Some("Primary"));
    }
}

//! When are two ids the same, and which is the higher? (I5)

use std::cmp::Ordering;

/// The form of a HubSpot id under which equal ids are equal strings: leading zeros of an all-digit id go.
pub(crate) fn hubspot(id: &str) -> &str {
    if !id.starts_with('0') || !is_number(id) {
        return id;
    }
    match id.trim_start_matches('0') {
        "" => "0",
        significant => significant,
    }
}

/// Orders HubSpot ids: as unsigned integers of any length; one that isn't all digits ranks below every number, then by bytes.
pub(crate) fn compare_hubspot(left: &str, right: &str) -> Ordering {
    match (is_number(left), is_number(right)) {
        (true, true) => {
            let (left, right) = (hubspot(left), hubspot(right));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        }
        (left_is_number, right_is_number) => left_is_number
            .cmp(&right_is_number)
            .then_with(|| left.cmp(right)),
    }
}

/// The part of a Salesforce id that names the record: its first 15 characters, case-sensitively.
pub(crate) fn salesforce(id: &str) -> &str {
    match id.char_indices().nth(15) {
        Some((end, _)) => id.get(..end).unwrap_or(id),
        None => id,
    }
}

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_do_not_tell_ids_apart() {
        assert_eq!(hubspot("00101"), hubspot("101"));
        assert_eq!(hubspot("000"), "0");
        assert_eq!(hubspot("00a"), "00a");
        assert_eq!(compare_hubspot("0101", "101"), Ordering::Equal);
    }

    #[test]
    fn numbers_of_any_length_compare_as_numbers_and_above_all_else() {
        assert_eq!(
            compare_hubspot("99999999999999999999999999", "100000000000000000000000000"),
            Ordering::Less
        );
        assert_eq!(compare_hubspot("9", "10"), Ordering::Less);
        assert_eq!(compare_hubspot("zzz", "0"), Ordering::Less);
        assert_eq!(compare_hubspot("b", "a"), Ordering::Greater);
    }

    #[test]
    fn salesforce_ids_are_their_first_fifteen_characters() {
        assert_eq!(
            salesforce("003000000000001AAA"),
            salesforce("003000000000001")
        );
        assert_ne!(salesforce("003000000000001"), salesforce("00300000000000a"));
        assert_eq!(salesforce("003"), "003");
    }
}

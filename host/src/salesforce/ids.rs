//! What may be the id of a record.

/// Whether a text may be the id of a record whose ids begin like this. One that can't be has a whole query refused.
pub(crate) fn may_be_id(text: &str, prefix: &str) -> bool {
    let is_whole = matches!(text.len(), 15 | 18);
    is_whole && text.starts_with(prefix) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_not_asked_for() {
        assert!(may_be_id("003000000000001", "003"));
        assert!(may_be_id("003000000000001AAA", "003"));
        for other in [
            "",
            "003",
            "00Q000000000001",
            "003000000000001AA'",
            "003000000000001AAAA",
        ] {
            assert!(!may_be_id(other, "003"), "{other}");
        }
    }
}

//! What each fuzz target does with its bytes. Also run by `tests/tests/fuzz_corpus.rs`, over the corpus that is committed here.

use crosswalk_core::Rules;

/// A target: what `fuzz/corpus/` has a folder for.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 4] = [
    ("settings", settings),
    ("plan_to_salesforce", plan_to_salesforce),
    ("plan_to_hubspot", plan_to_hubspot),
    ("compare", compare),
];

/// What most users would set; every kind is on, so that nothing is skipped before it is looked at.
const SETTINGS: &[u8] = br#"{"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2020-01-01T00:00:00Z",
    "to_salesforce": {"task": {"enabled": true}, "call": {"enabled": true, "subject": "{kind}: {title}"}, "note": {"enabled": true},
                      "meeting": {"enabled": true}, "sales_email_sent": {"enabled": true}, "sales_email_replied": {"enabled": true},
                      "form_submission": {"enabled": true}},
    "to_hubspot": {"task": {"enabled": true}, "email": {"enabled": true}, "call": {"enabled": true}, "meeting": {"enabled": true}},
    "related_to": "deal_then_company", "owners": {"integration_user": "005000000000001AAA", "overrides": {"78": "005000000000009AAA"}}}"#;

/// Opens rules under the bytes.
pub fn settings(bytes: &[u8]) {
    if let Ok(rules) = Rules::from_json(bytes) {
        // What was taken can be planned with.
        let plan = rules.plan_to_salesforce_json(br#"{"now": "2026-11-23T10:00:00Z"}"#);
        assert!(plan.is_ok(), "{plan:?}");
    }
}

/// Plans the activities of the bytes.
pub fn plan_to_salesforce(bytes: &[u8]) {
    twice_the_same(|rules| rules.plan_to_salesforce_json(bytes));
}

/// Plans the records of the bytes.
pub fn plan_to_hubspot(bytes: &[u8]) {
    twice_the_same(|rules| rules.plan_to_hubspot_json(bytes));
}

fn twice_the_same(plan: impl Fn(&Rules) -> Result<Vec<u8>, crosswalk_core::Error>) {
    let rules = opened(SETTINGS);
    let first = plan(&rules);
    let again = plan(&rules);
    assert_eq!(first.is_ok(), again.is_ok());
    if let (Ok(first), Ok(again)) = (first, again) {
        assert!(first == again, "planned twice, the plans differ");
        assert!(std::str::from_utf8(&first).is_ok(), "the plan is no UTF-8");
    }
}

/// Compares over the second half, after the first line feed, the settings of the first.
pub fn compare(bytes: &[u8]) {
    let split = bytes.iter().position(|byte| *byte == b'\n');
    let (settings, snapshot) = bytes.split_at(split.unwrap_or(bytes.len()));
    let Ok(other) = Rules::from_json(settings) else {
        return;
    };
    let rules = opened(SETTINGS);
    let there = rules.compare(&other, snapshot);
    let back = other.compare(&rules, snapshot);
    assert_eq!(there.is_ok(), back.is_ok());
    if let (Ok(there), Ok(back)) = (there, back) {
        assert_eq!(there.changed.len(), back.changed.len());
    }
}

fn opened(settings: &[u8]) -> Rules {
    match Rules::from_json(settings) {
        Ok(rules) => rules,
        Err(error) => panic!("{error}"),
    }
}

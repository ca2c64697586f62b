//! HubSpot's calls.

use super::Activity;

pub(super) const PROPERTIES: &[&str] = &[
    "hs_call_title",
    "hs_call_body",
    "hs_call_status",
    "hs_call_direction",
    "hs_call_duration",
    "hs_call_disposition",
];

pub(super) fn read(activity: &mut Activity<'_>) {
    activity.set("kind", Some("call"));
    activity.copy("title", "hs_call_title");
    activity.copy("body", "hs_call_body");
    activity.copy("status", "hs_call_status");
    activity.copy("direction", "hs_call_direction");
    if let Some(duration) = activity.property("hs_call_duration") {
        let duration = duration
            .parse::<i64>()
            .map_or_else(|_| duration.into(), serde_json::Value::from);
        activity.fields.insert("duration_ms".to_owned(), duration);
    }
    activity.copy("disposition", "hs_call_disposition");
}

//! HubSpot's meetings.

use super::Activity;

pub(super) const PROPERTIES: &[&str] = &[
    "hs_meeting_title",
    "hs_meeting_body",
    "hs_meeting_start_time",
    "hs_meeting_outcome",
];

pub(super) fn read(activity: &mut Activity<'_>) {
    activity.set("kind", Some("meeting"));
    activity.copy("title", "hs_meeting_title");
    activity.copy("body", "hs_meeting_body");
    activity.copy("due_at", "hs_meeting_start_time");
    activity.copy("status", "hs_meeting_outcome");
}

//! HubSpot's notes.

use super::Activity;

pub(super) const PROPERTIES: &[&str] = &["hs_note_body"];

pub(super) fn read(activity: &mut Activity<'_>) {
    activity.set("kind", Some("note"));
    activity.copy("body", "hs_note_body");
}

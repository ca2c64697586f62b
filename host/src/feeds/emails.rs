//! HubSpot's one-to-one emails: sent, or replied to, by their direction.

use super::Activity;

pub(super) const PROPERTIES: &[&str] = &[
    "hs_email_subject",
    "hs_email_html",
    "hs_email_text",
    "hs_email_direction",
    "hs_email_status",
];

pub(super) fn read(activity: &mut Activity<'_>) {
    let kind = match activity.property("hs_email_direction") {
        Some("EMAIL") => "sales_email_sent".to_owned(),
        Some("INCOMING_EMAIL") => "sales_email_replied".to_owned(),
        // No kind of the rules: it gets its outcome there, with a warning.
        other => format!(
            "email_{}",
            other.unwrap_or("without_direction").to_lowercase()
        ),
    };
    activity.set("kind", Some(&kind));
    activity.copy("title", "hs_email_subject");
    if activity.property("hs_email_html").is_some() {
        activity.copy("body", "hs_email_html");
    } else {
        activity.copy("body", "hs_email_text");
        activity.set("body_format", Some("text"));
    }
}

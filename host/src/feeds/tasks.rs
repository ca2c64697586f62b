//! HubSpot's tasks.

use super::Activity;
use jiff::Timestamp;

pub(super) const PROPERTIES: &[&str] = &[
    "hs_task_subject",
    "hs_task_body",
    "hs_task_status",
    "hs_task_priority",
    "hs_task_reminders",
];

pub(super) fn read(activity: &mut Activity<'_>) {
    activity.set("kind", Some("task"));
    activity.copy("title", "hs_task_subject");
    activity.copy("body", "hs_task_body");
    activity.copy("status", "hs_task_status");
    activity.copy("priority", "hs_task_priority");
    let reminder = activity
        .property("hs_task_reminders")
        .and_then(first_reminder);
    activity.set("reminder_at", reminder.as_deref());
}

/// HubSpot keeps reminders as milliseconds, several parted by semicolons; Salesforce has room for one.
fn first_reminder(reminders: &str) -> Option<String> {
    let milliseconds = reminders
        .split([';', ','])
        .filter_map(|reminder| reminder.trim().parse::<i64>().ok())
        .min()?;
    Timestamp::from_millisecond(milliseconds)
        .ok()
        .map(|at| at.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_reminder_counts() {
        assert_eq!(
            super::first_reminder("1763629200000;1763625600000").as_deref(),
            Some("2025-11-20T08:00:00Z")
        );
        assert_eq!(super::first_reminder("soon"), None);
    }
}

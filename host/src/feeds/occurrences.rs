//! What contacts did, as far as HubSpot and installed apps noticed: sales emails opened and clicked, content viewed, apps' own events.

use super::EventTypes;
use super::happened::{By, Happened, HappenedPage, Lists, Names, Source};
use crate::error::ApiError;
use crate::hubspot::{HubSpot, Occurrence};
use crosswalk_core::Kind;
use jiff::Timestamp;

/// Where the title stands, by the type of event.
const TITLES: [&str; 4] = ["hs_email_subject", "hs_document_title", "title", "name"];
/// Where the app's name stands.
const APPS: [&str; 2] = ["app", "app_name"];

/// The types of event that are of a kind, of those that the account lists.
pub(super) async fn lists(
    hubspot: &HubSpot,
    names: &mut Names,
    settings: &EventTypes,
    kind: Kind,
) -> Result<Lists, ApiError> {
    if names.event_types.is_none() {
        names.event_types = Some(hubspot.event_types().await?);
    }
    let listed = names.event_types.as_deref().unwrap_or_default();
    let of_kind = listed
        .iter()
        .filter(|event_type| settings.kind_of(event_type) == Some(kind));
    let sources: Vec<_> = of_kind
        .map(|event_type| Source::Occurrences(kind, event_type.clone()))
        .collect();
    if sources.is_empty() {
        let wanted = settings.of(kind).join(", ");
        return Ok(Lists::NoFeed(format!(
            "HubSpot lists no type of event that is called {wanted}; see event_types.{} in crosswalk.toml",
            kind.name()
        )));
    }
    Ok(Lists::Of(sources))
}

pub(super) async fn page(
    hubspot: &HubSpot,
    kind: Kind,
    event_type: &str,
    since: Timestamp,
    after: Option<&str>,
) -> Result<HappenedPage, ApiError> {
    let page = hubspot.occurrences_page(event_type, since, after).await?;
    let mut happened = HappenedPage {
        next: page.next,
        ..HappenedPage::default()
    };
    for occurrence in page.occurrences {
        happened.add(occurrence, |occurrence| Ok(read(kind, occurrence)));
    }
    Ok(happened)
}

fn read(kind: Kind, occurrence: Occurrence) -> Happened {
    let first_of = |names: &[&str]| {
        let mut values = names
            .iter()
            .filter_map(|name| occurrence.properties.get(*name));
        values.next().cloned()
    };
    let title = first_of(&TITLES);
    let title =
        title.or_else(|| (kind == Kind::IntegrationEvent).then(|| spoken(&occurrence.event_type)));
    let is_contact = occurrence
        .object_type
        .as_deref()
        .is_some_and(|object_type| {
            object_type.eq_ignore_ascii_case("CONTACT") || object_type == "0-1"
        });
    Happened {
        kind,
        title,
        app: first_of(&APPS),
        by: match occurrence.object_id {
            Some(id) if is_contact => By::Contact(id),
            _ => By::Unknown,
        },
        id: occurrence.id,
        occurred_at: occurrence.occurred_at,
        series: None,
    }
}

/// What an app calls its event: `ae1160452_webinar_attended` is "webinar attended".
fn spoken(event_type: &str) -> String {
    let (_, name) = event_type.split_once('_').unwrap_or(("", event_type));
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use serde_json::json;

    fn occurrence(
        event_type: &str,
        object_type: &str,
        properties: serde_json::Value,
    ) -> Occurrence {
        let occurrence = json!({"objectType": object_type, "objectId": "101", "eventType": event_type,
            "occurredAt": "2026-11-20T09:00:00.123Z", "id": "d0d0-1", "properties": properties});
        serde_json::from_value(occurrence).unwrap()
    }

    #[test]
    fn an_occurrence_has_a_title_and_whose_it_is() {
        let properties = json!({"hs_email_subject": "Offer", "hs_url": null, "hs_count": 3});
        let opened = read(
            Kind::SalesEmailOpened,
            occurrence("e_opened_sales_email", "CONTACT", properties),
        );
        assert_eq!(opened.activity(), "sales_email_opened:d0d0-1");
        assert_eq!(opened.title.as_deref(), Some("Offer"));
        assert_eq!(opened.by, By::Contact("101".to_owned()));
        let of_deal = occurrence("e_opened_sales_email", "DEAL", json!({}));
        let of_deal = read(Kind::SalesEmailOpened, of_deal);
        assert_eq!((of_deal.title, of_deal.by), (None, By::Unknown));
    }

    #[test]
    fn an_apps_event_without_a_title_is_called_by_its_type() {
        let properties = json!({"app": "Frostcast", "title": " "});
        let attended = occurrence("ae1160452_webinar_attended", "CONTACT", properties);
        let attended = read(Kind::IntegrationEvent, attended);
        assert_eq!(attended.title.as_deref(), Some("webinar attended"));
        assert_eq!(attended.app.as_deref(), Some("Frostcast"));
    }

    #[test]
    fn a_type_of_event_is_of_one_kind() {
        let settings = EventTypes::default();
        let kind_of = |event_type: &str| settings.kind_of(event_type);
        assert_eq!(
            kind_of("e_opened_sales_email"),
            Some(Kind::SalesEmailOpened)
        );
        assert_eq!(kind_of("ae1_x"), Some(Kind::IntegrationEvent));
        assert_eq!(kind_of("e_visited_page"), None);
        let viewed = EventTypes {
            sales_content_viewed: vec!["ae1_x".to_owned()],
            ..EventTypes::default()
        };
        assert_eq!(viewed.kind_of("ae1_x"), Some(Kind::SalesContentViewed));
    }
}

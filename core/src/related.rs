//! What is the Task related to? (C9)

use crate::id;
use crate::index::Index;
use crate::plan::Warning;
use crate::settings::RelatedTo;
use crate::snapshot::{Activity, ContactObject};
use crate::text::Text;

/// What the activity says of its Task's `WhatId`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Relation<'a> {
    /// It isn't ours to say.
    Unsaid,
    /// HubSpot relates it to nothing.
    Nothing,
    /// To this Salesforce record.
    To(&'a str),
}

/// C9: of several, the highest id that has a Salesforce record; never with a Lead.
pub(crate) fn relation<'a>(
    index: &Index<'a>,
    activity: &Activity<'_>,
    contact: Option<ContactObject>,
    warnings: &mut Vec<Warning>,
) -> Relation<'a> {
    let deal = || highest(&activity.deals, |deal| index.related_deal(deal));
    let company = || {
        highest(&activity.companies, |company| {
            index.related_company(company)
        })
    };
    let (has_any, found) = match index.rules.related_to {
        RelatedTo::None => return Relation::Unsaid,
        RelatedTo::Deal => (has_any(&activity.deals), deal()),
        RelatedTo::Company => (has_any(&activity.companies), company()),
        RelatedTo::DealThenCompany => (
            has_any(&activity.deals) || has_any(&activity.companies),
            deal().or_else(company),
        ),
    };
    match (has_any, found) {
        (false, _) => Relation::Nothing,
        (true, None) => {
            warnings.push(Warning::new(
                "related_not_synced",
                "none of its deals or companies is in Salesforce; the Task is related to nothing",
            ));
            Relation::Unsaid
        }
        (true, Some(_)) if contact == Some(ContactObject::Lead) => {
            warnings.push(Warning::new(
                "lead_has_no_related_to",
                "Salesforce relates no Task to anything while it is on a Lead",
            ));
            Relation::Unsaid
        }
        (true, Some(found)) => Relation::To(found),
    }
}

fn has_any(ids: &[Text<'_>]) -> bool {
    ids.iter().any(|id| !id.is_absent())
}

fn highest<'a>(
    ids: &[Text<'_>],
    salesforce_id: impl Fn(&str) -> Option<&'a str>,
) -> Option<&'a str> {
    let known = ids
        .iter()
        .filter_map(Text::get)
        .filter_map(|hubspot_id| Some((hubspot_id, salesforce_id(hubspot_id)?)));
    known
        .max_by(|left, right| id::compare_hubspot(left.0, right.0))
        .map(|(_, salesforce_id)| salesforce_id)
}

//! Both systems in the making.

use jiff::Timestamp;

use super::calendar::Place;
use super::company::ZONE;
use super::people::{Company, Contact, Deal};
use super::random::Random;
use crate::hubspot::HubSpotData;
use crate::salesforce::SalesforceData;

/// Both systems in the making.
pub(super) struct Builder {
    pub(super) hubspot: HubSpotData,
    pub(super) salesforce: SalesforceData,
    pub(super) random: Random,
    pub(super) now: Timestamp,
    /// Where the company is at home.
    pub(super) office: Place,
    pub(super) companies: Vec<Company>,
    pub(super) contacts: Vec<Contact>,
    pub(super) deals: Vec<Deal>,
}

impl Builder {
    pub(super) fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            hubspot: HubSpotData::default(),
            salesforce: SalesforceData::default(),
            random: Random::new(seed),
            now,
            office: Place::named(ZONE),
            companies: Vec::new(),
            contacts: Vec::new(),
            deals: Vec::new(),
        }
    }
}

//! A HubSpot and a Salesforce on loopback ports, and the clients for them.

use std::sync::Arc;

use crosswalk_host::clock::VirtualClock;
use crosswalk_host::connection::Connection;
use crosswalk_host::hubspot::HubSpot;
use crosswalk_host::random::SeededRandom;
use crosswalk_host::salesforce::Salesforce;
use crosswalk_host::token::Token;
use crosswalk_host::transport::HttpTransport;
use crosswalk_sandbox::hubspot::HubSpotData;
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{
    Effect, Fault, Limits, Options, Outcome, Running, Sandbox, SandboxClock, hubspot, salesforce,
};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};

pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";
pub(crate) const DATA: &str = "/services/data/v67.0";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Owned texts.
pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Another answer to a request.
pub(crate) fn answers(status: u16, body: &str) -> Effect {
    Effect {
        outcome: Outcome::Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.to_owned(),
        },
        after_commit: false,
    }
}

/// Both systems, and the clients for them. Their time stands still, and nothing waits.
pub(crate) struct Systems {
    pub(crate) sandbox: Sandbox,
    pub(crate) hubspot: HubSpot,
    pub(crate) salesforce: Salesforce,
    _running: Running,
}

impl Systems {
    pub(crate) async fn with(hubspot_data: HubSpotData, salesforce_data: SalesforceData) -> Self {
        let options = Options {
            limits: Limits::Off,
            clock: SandboxClock::frozen_at(at(NOW)),
            search_lag: SignedDuration::ZERO,
            ..Options::default()
        };
        let sandbox = Sandbox::with_data(options, hubspot_data, salesforce_data);
        let running = sandbox.serve(0, 0).await.unwrap();
        let connection = Connection {
            transport: Arc::new(HttpTransport::new().unwrap()),
            clock: Arc::new(VirtualClock::new(at(NOW))),
            random: Arc::new(SeededRandom::new(1)),
        };
        let url = |url: &str| url.parse().unwrap();
        Self {
            hubspot: HubSpot::new(
                connection.clone(),
                url(&running.hubspot_url),
                Token::new(hubspot::DEFAULT_TOKEN),
            ),
            salesforce: Salesforce::new(
                connection,
                url(&running.salesforce_url),
                Token::new(salesforce::DEFAULT_TOKEN),
            ),
            sandbox,
            _running: running,
        }
    }

    pub(crate) async fn salesforce(data: SalesforceData) -> Self {
        Self::with(HubSpotData::default(), data).await
    }

    pub(crate) async fn hubspot(data: HubSpotData) -> Self {
        Self::with(data, SalesforceData::default()).await
    }

    /// What happens to the next request of Salesforce's below this path.
    pub(crate) fn salesforce_fault(&self, method: &str, path: &str, effect: Effect, times: u64) {
        let fault = Fault::on(method, &format!("{DATA}{path}"), effect).times(times);
        self.sandbox.salesforce().add_fault(fault);
    }

    pub(crate) fn hubspot_fault(&self, method: &str, path: &str, effect: Effect, times: u64) {
        let fault = Fault::on(method, path, effect).times(times);
        self.sandbox.hubspot().add_fault(fault);
    }
}

/// A pass runs on any thread: what it waits for must be able to move there.
#[allow(dead_code, reason = "it only has to compile")]
fn all_can_move(hubspot: &HubSpot, salesforce: &Salesforce) {
    use crosswalk_host::hubspot::ObjectType::Task;
    use crosswalk_host::salesforce::{RecordCursor, RecordObject::Event};
    fn can_move(_: impl Send) {}
    let after = RecordCursor::from(Timestamp::UNIX_EPOCH);
    can_move(salesforce.records_changed(Event, &after, None));
    can_move(salesforce.records_by_id(Event, &[], None));
    can_move(salesforce.start_bulk_query(Event, None, None));
    can_move(salesforce.records_page(Event, None, None, None));
    can_move(salesforce.count_records(Event, None));
    can_move(salesforce.bulk_query_state(""));
    can_move(salesforce.bulk_query_page("", None, 1));
    can_move(salesforce.updated(Event, Timestamp::MIN, Timestamp::MAX));
    can_move(salesforce.deleted(Event, Timestamp::MIN, Timestamp::MAX));
    can_move(hubspot.create_objects(Task, &[]));
    can_move(hubspot.update_objects(Task, &[]));
    can_move(hubspot.upsert_objects(Task, "", &[]));
    can_move(hubspot.archive_objects(Task, &[]));
    can_move(hubspot.unique_property(Task, ""));
    can_move(hubspot.associate(Task, Task, &[]));
    can_move(hubspot.contacts_by_salesforce_id(&[]));
    can_move(hubspot.related_by_salesforce_id(Task, &[]));
    can_move(hubspot.objects_by_key(Task, "", &[], &[]));
}

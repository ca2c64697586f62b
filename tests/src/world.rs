//! A HubSpot, a Salesforce and a host in one process: requests don't travel, and time passes only when somebody waits.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use crosswalk_host::clock::Clock;
use crosswalk_host::connection::Connection;
use crosswalk_host::feeds::FeedSettings;
use crosswalk_host::hubspot::HubSpot;
use crosswalk_host::ledger::Ledger;
use crosswalk_host::random::SeededRandom;
use crosswalk_host::rules::{OpenRules, RulesModule};
use crosswalk_host::salesforce::Salesforce;
use crosswalk_host::sync::{Engine, Mode, PassError, Report, Step, Watcher};
use crosswalk_host::token::Token;
use crosswalk_host::transport::{Transport, TransportError};
use crosswalk_sandbox::hubspot::HubSpotData;
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{Endpoint, Limits, Options, Sandbox, SandboxClock, sample};
use futures::future::BoxFuture;
use http::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

/// When every world begins.
pub const BEGINNING: &str = "2026-11-23T10:00:00Z";

/// The kinds that are records of HubSpot's CRM.
const RECORDS: [&str; 6] = [
    "task",
    "call",
    "note",
    "meeting",
    "sales_email_sent",
    "sales_email_replied",
];

/// Compiled once for all worlds of a test program.
static MODULE: LazyLock<RulesModule> = LazyLock::new(|| RulesModule::embedded().unwrap());

/// Both systems, the host's ledger, and the settings.
pub struct World {
    /// The two systems.
    pub sandbox: Sandbox,
    /// The time, which stands still.
    pub clock: SandboxClock,
    /// The table `[sync]`.
    pub settings: Value,
    /// What is set about feeds.
    pub feeds: FeedSettings,
    /// The property of HubSpot's activities that holds the id of their Salesforce record.
    pub key_property: Option<String>,
    folder: TempDir,
    passes: AtomicU64,
}

/// The beginning of all worlds.
pub fn beginning() -> Timestamp {
    BEGINNING.parse().unwrap()
}

impl World {
    /// The sample company.
    pub fn sample(seed: u64) -> Self {
        Self::with_data(sample::sample(seed, beginning()))
    }

    /// So many events of marketing emails with so many contacts.
    pub fn marketing(events: usize, contacts: usize) -> Self {
        let mut world = Self::with_data(sample::load_marketing(events, contacts, beginning()));
        world.turn_on_only(&[
            "marketing_email_sent",
            "marketing_email_opened",
            "marketing_email_clicked",
        ]);
        world
    }

    /// Turns these kinds on, since the settings' beginning, and all others off.
    pub fn turn_on_only(&mut self, kinds: &[&str]) {
        let kinds = kinds
            .iter()
            .map(|kind| ((*kind).to_owned(), json!({"enabled": true})));
        self.settings["to_salesforce"] = Value::Object(kinds.collect());
    }

    /// So many calls with so many contacts.
    pub fn load(activities: usize, contacts: usize) -> Self {
        let mut world = Self::with_data(sample::load(activities, contacts, 1, beginning()));
        world.turn_on_only(&RECORDS);
        world
    }

    /// What these hold, under the sample's settings; the systems' limits hold.
    pub fn with_data((hubspot, salesforce): (HubSpotData, SalesforceData)) -> Self {
        let clock = SandboxClock::frozen_at(beginning());
        let options = Options {
            limits: Limits::On,
            clock: clock.clone(),
            ..Options::default()
        };
        Self {
            sandbox: Sandbox::with_data(options, hubspot, salesforce),
            clock,
            settings: sample::settings(beginning()),
            feeds: FeedSettings::default(),
            key_property: None,
            folder: tempfile::tempdir().unwrap(),
            passes: AtomicU64::new(0),
        }
    }

    /// So many Tasks in Salesforce with so many contacts; what is said there goes to HubSpot, and nothing the other way.
    pub fn tasks(tasks: u64, contacts: usize) -> Self {
        Self::of_salesforce(sample::load_tasks(tasks, contacts, beginning()))
    }

    /// What these hold; it goes from Salesforce to HubSpot only.
    pub fn of_salesforce(data: (HubSpotData, SalesforceData)) -> Self {
        let mut world = Self::with_data(data);
        world.turn_on_only(&[]);
        world.return_to_hubspot();
        world
    }

    /// Turns all that goes from Salesforce to HubSpot on.
    pub fn return_to_hubspot(&mut self) {
        self.settings["to_hubspot"] = json!({
            "task": {"enabled": true}, "email": {"enabled": true}, "call": {"enabled": true}, "meeting": {"enabled": true}
        });
    }

    /// The same with a key property in HubSpot.
    pub fn with_key_property(mut self) -> Self {
        self.key_property = Some(sample::KEY_PROPERTY.to_owned());
        self
    }

    /// The same without a key field in Salesforce.
    pub fn without_key_field(mut self) -> Self {
        self.settings["salesforce"] = json!({});
        self
    }

    /// The ledger's file.
    pub fn ledger_file(&self) -> PathBuf {
        self.folder.path().join("crosswalk.db")
    }

    /// Forgets everything that the host knew.
    pub fn lose_ledger(&self) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.ledger_file().display()));
        }
    }

    /// A host that has just started.
    pub fn host(&self) -> Host {
        self.host_with(Arc::new(InProcess::new(&self.sandbox)))
    }

    /// A host that has just started, whose requests travel this way.
    pub fn host_with(&self, transport: Arc<dyn Transport>) -> Host {
        let settings = self.settings.to_string();
        let connection = Connection {
            transport,
            clock: Arc::new(WorldClock(self.clock.clone())),
            random: Arc::new(SeededRandom::new(
                self.passes.fetch_add(1, Ordering::Relaxed),
            )),
        };
        let url = |url: &str| url.parse().unwrap();
        Host {
            hubspot: HubSpot::new(
                connection.clone(),
                url("http://hubspot.test"),
                Token::new(crosswalk_sandbox::hubspot::DEFAULT_TOKEN),
            ),
            salesforce: Salesforce::new(
                connection.clone(),
                url("http://salesforce.test"),
                Token::new(crosswalk_sandbox::salesforce::DEFAULT_TOKEN),
            ),
            rules: MODULE.open(settings.as_bytes()).unwrap(),
            settings: crosswalk_core::Rules::from_json(settings.as_bytes()).unwrap(),
            feeds: self.feeds.clone(),
            key_property: self.key_property.clone(),
            ledger: Ledger::open(&self.ledger_file()).unwrap(),
            clock: connection.clock,
        }
    }

    /// A pass of a host that has just started, a second later.
    pub async fn sync(&self) -> Result<Report, PassError> {
        self.clock.advance(SignedDuration::from_secs(1));
        self.host().pass(&Mode::CarryOut).await
    }

    /// Calls HubSpot as somebody else.
    pub async fn hubspot(&self, method: Method, path: &str, body: Value) -> Value {
        let token = crosswalk_sandbox::hubspot::DEFAULT_TOKEN;
        call(&self.sandbox.hubspot(), token, method, path, &body).await
    }

    /// Calls Salesforce as somebody else.
    pub async fn salesforce(&self, method: Method, path: &str, body: Value) -> Value {
        let token = crosswalk_sandbox::salesforce::DEFAULT_TOKEN;
        let path = format!("/services/data/v67.0{path}");
        call(&self.sandbox.salesforce(), token, method, &path, &body).await
    }

    /// Calls Salesforce as a person, who isn't the integration user.
    pub async fn salesforce_person(&self, method: Method, path: &str, body: Value) -> Value {
        let path = format!("/services/data/v67.0{path}");
        call(
            &self.sandbox.salesforce(),
            sample::PERSON_TOKEN,
            method,
            &path,
            &body,
        )
        .await
    }

    /// HubSpot's records of an object, as it holds them, those in the recycle bin left out.
    pub fn objects(&self, object: &str) -> Vec<Value> {
        let state = self.sandbox.hubspot().state();
        let objects = state["objects"][object].as_array().into_iter().flatten();
        objects
            .filter(|object| object["archived"] != true)
            .cloned()
            .collect()
    }

    /// All Tasks that have a key, by it, as Salesforce holds them; deleted ones too.
    pub fn tasks_by_key(&self) -> BTreeMap<String, Vec<Value>> {
        let state = self.sandbox.salesforce().state();
        let mut tasks: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for task in records_of(&state, "Task") {
            if let Some(key) = task[sample::KEY_FIELD].as_str() {
                tasks.entry(key.to_owned()).or_default().push(task.clone());
            }
        }
        tasks
    }

    /// How many Tasks there are, deleted ones left out.
    pub fn task_count(&self) -> usize {
        let state = self.sandbox.salesforce().state();
        let tasks = records_of(&state, "Task");
        tasks
            .iter()
            .filter(|task| task["IsDeleted"] != true)
            .count()
    }
}

fn records_of<'s>(state: &'s Value, sobject: &str) -> &'s [Value] {
    state["sobjects"][sobject].as_array().unwrap()
}

async fn call(endpoint: &Endpoint, token: &str, method: Method, path: &str, body: &Value) -> Value {
    let is_empty = body.is_null();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(if is_empty {
            Bytes::new()
        } else {
            Bytes::from(body.to_string())
        })
        .unwrap();
    let answer = endpoint.call(request).await.unwrap();
    let status = answer.status();
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(status.is_success(), "{path}: {status} {body}");
    serde_json::from_str(&body).unwrap_or(Value::Null)
}

/// A host that has started.
pub struct Host {
    /// HubSpot's client.
    pub hubspot: HubSpot,
    /// Salesforce's client.
    pub salesforce: Salesforce,
    /// The ledger.
    pub ledger: Ledger,
    rules: OpenRules,
    settings: crosswalk_core::Rules,
    feeds: FeedSettings,
    key_property: Option<String>,
    clock: Arc<dyn Clock>,
}

impl Host {
    /// Its engine.
    pub fn engine(&self) -> Engine<'_> {
        Engine {
            hubspot: &self.hubspot,
            salesforce: &self.salesforce,
            rules: &self.rules,
            module: self.rules.module().sha256(),
            settings: &self.settings,
            feeds: &self.feeds,
            key_property: self.key_property.as_deref(),
            ledger: &self.ledger,
            clock: &*self.clock,
        }
    }

    /// One pass.
    pub async fn pass(&self, mode: &Mode) -> Result<Report, PassError> {
        self.engine().pass(mode, &Nobody).await
    }
}

/// Watches nothing.
pub struct Nobody;

impl Watcher for Nobody {
    fn progress(&self, _: Step) {}
    fn decision(&self, _: &str) {}
}

/// Requests that don't travel.
pub struct InProcess {
    hubspot: Endpoint,
    salesforce: Endpoint,
}

impl InProcess {
    /// To these systems.
    pub fn new(sandbox: &Sandbox) -> Self {
        Self {
            hubspot: sandbox.hubspot(),
            salesforce: sandbox.salesforce(),
        }
    }
}

impl Transport for InProcess {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let endpoint = match request.uri().host() {
            Some("hubspot.test") => &self.hubspot,
            _ => &self.salesforce,
        };
        Box::pin(async move {
            let answer = endpoint.call(request).await;
            answer.map_err(|reset| TransportError::unknown(reset.to_string()))
        })
    }
}

/// Waiting is what makes time pass.
struct WorldClock(SandboxClock);

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.0
            .advance(SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX));
        Box::pin(tokio::task::yield_now())
    }
}

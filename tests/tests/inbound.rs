//! What is sent in: by a file, by HubSpot's exports, and over HTTP; through the program itself.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::inbound;
use crosswalk_tests::program::{Said, Stage, program, said};
use crosswalk_tests::world::World;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// A contact of the sample that is in Salesforce.
const CONTACT: &str = "1001";

fn event(id: &str) -> Value {
    json!({"id": id, "kind": "integration_event", "occurred_at": jiff::Timestamp::now().to_string(), "title": "Webinar attended",
        "app": "Frostcast", "contacts": [CONTACT]})
}

fn lines(activities: &[Value]) -> String {
    activities
        .iter()
        .map(|activity| format!("{activity}\n"))
        .collect()
}

async fn push(stage: &Stage, name: &str, text: &str, more: &[&str]) -> Said {
    std::fs::write(stage.file(name), text).unwrap();
    let arguments = [&["push", name, "--json"], more].concat();
    stage.run(&arguments).await
}

fn counts(said: &Said) -> [u64; 4] {
    let receipt = said.json();
    ["new", "changed", "repeated", "refused"].map(|name| receipt[name].as_u64().unwrap())
}

fn task(stage: &Stage, activity: &str) -> Option<Value> {
    let state = stage.sandbox.salesforce().state();
    let key = format!("hubspot:8821:{activity}");
    let tasks = state["sobjects"]["Task"].as_array().unwrap();
    let mut found = tasks
        .iter()
        .filter(|task| task[crosswalk_sandbox::sample::KEY_FIELD] == key);
    let task = found.next().cloned();
    assert!(found.next().is_none(), "{activity} is there twice");
    task
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_becomes_a_task_in_the_next_pass_once() {
    let stage = Stage::sample().await;
    let text = lines(&[event("a-1"), event("a-2")]);
    let first = push(&stage, "events.ndjson", &text, &[]).await;
    assert_eq!((first.code, counts(&first)), (0, [2, 0, 0, 0]), "{first:?}");
    let told = stage.run(&["explain", "integration_event:a-1"]).await;
    assert!(told.stdout.contains("the next pass plans it"), "{told:?}");
    stage.run(&["sync", "--quiet", "--json"]).await;
    let made = task(&stage, "integration_event:a-1").unwrap();
    assert_eq!(made["Subject"], "Frostcast: Webinar attended");
    let again = push(&stage, "events.ndjson", &text, &[]).await;
    assert_eq!(counts(&again), [0, 0, 2, 0]);

    let mut changed = event("a-1");
    changed["title"] = "Webinar left".into();
    changed["occurred_at"] = first_seen(&stage).await;
    let changed = push(&stage, "events.ndjson", &lines(&[changed]), &[]).await;
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    stage.run(&["sync", "--quiet", "--json"]).await;
    let made = task(&stage, "integration_event:a-1").unwrap();
    assert_eq!(made["Subject"], "Frostcast: Webinar left");
    let told = stage.run(&["explain", "integration_event:a-1"]).await;
    assert!(
        told.stdout.contains("Sent in, and looked at last"),
        "{told:?}"
    );
}

async fn first_seen(stage: &Stage) -> Value {
    let told = stage
        .run(&["explain", "integration_event:a-1", "--json"])
        .await;
    told.json()["seen"]["occurred_at"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_may_be_named_by_its_address() {
    let stage = Stage::sample().await;
    let hubspot = stage.sandbox.hubspot().state();
    let contacts = hubspot["objects"]["contacts"].as_array().unwrap();
    let known = contacts
        .iter()
        .find(|contact| contact["id"] == CONTACT)
        .unwrap();
    let address = known["properties"]["email"].as_str().unwrap();
    let mut event = event("by-address");
    event["contacts"] = Value::Null;
    event["email"] = address.to_uppercase().into();
    assert_eq!(
        counts(&push(&stage, "a.ndjson", &lines(&[event]), &[]).await),
        [1, 0, 0, 0]
    );
    stage.run(&["sync", "--quiet", "--json"]).await;
    let made = task(&stage, "integration_event:by-address").unwrap();
    assert!(made["WhoId"].is_string(), "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_refused_stops_nobody_and_is_kept_for_errors() {
    let stage = Stage::sample().await;
    let mut unknown_kind = event("b-2");
    unknown_kind["kind"] = "integration_evnt".into();
    let mut of_nobody = event("b-3");
    of_nobody["contacts"] = json!([]);
    let text = format!(
        "{}{{\"id\": \n\n{}",
        lines(&[event("b-1"), unknown_kind, of_nobody]),
        lines(&[event("b-5")])
    );
    let pushed = push(&stage, "mixed.ndjson", &text, &[]).await;
    assert_eq!(
        (pushed.code, counts(&pushed)),
        (3, [2, 0, 0, 3]),
        "{pushed:?}"
    );
    let errors = stage.run(&["errors", "--json"]).await;
    assert_eq!(errors.code, 3);
    let errors = errors.json();
    let told = |field: &str| -> Vec<Value> {
        let errors = errors.as_array().unwrap().iter();
        errors.map(|error| error[field].clone()).collect()
    };
    assert_eq!(told("line"), [2, 3, 4]);
    assert_eq!(told("path"), ["kind", "contacts", ""]);
    assert_eq!(told("code"), ["unknown_kind", "invalid_record", "not_json"]);
    assert_eq!(told("what_to_do")[0], "did you mean `integration_event`?");
    assert_eq!(told("activity")[1], "integration_event:b-3");
    let shown = stage.run(&["errors"]).await;
    assert!(
        shown.stdout.contains("mixed.ndjson, 3 not taken"),
        "{shown:?}"
    );
    let status = stage.run(&["status"]).await;
    assert!(
        status
            .stdout
            .contains("2 sent in and not planned yet, 3 sent in and not taken"),
        "{status:?}"
    );

    let corrected = push(&stage, "mixed.ndjson", &lines(&[event("b-2")]), &[]).await;
    assert_eq!(corrected.code, 0, "{corrected:?}");
    assert_eq!(stage.run(&["errors", "--json"]).await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_but_for_the_bad_one_and_not_at_all_if_it_is_no_json() {
    let stage = Stage::sample().await;
    let mut activities: Vec<Value> = (0..20)
        .map(|number| event(&format!("c-{number}")))
        .collect();
    activities[7]["id"] = json!(7);
    let text = serde_json::to_string_pretty(&activities).unwrap();
    let pushed = push(&stage, "list.json", &text, &[]).await;
    assert_eq!((pushed.code, counts(&pushed)), (3, [19, 0, 0, 1]));
    let refusal = &pushed.json()["refusals"][0];
    assert_eq!(refusal["path"], "[7].id");
    assert_eq!(refusal["hint"], "put it in quotes: \"7\"");
    let begins = text
        .lines()
        .position(|line| line.contains("\"id\": 7,"))
        .unwrap();
    let line = refusal["line"].as_u64().unwrap();
    assert!(
        line <= begins as u64 + 1 && line + 12 > begins as u64,
        "{line} {begins}"
    );

    // More than are taken at once: the first of them are read long before it ends.
    let many: Vec<Value> = (0..2_500)
        .map(|number| event(&format!("d-{number}")))
        .collect();
    let many = json!(many).to_string();
    let told = push(&stage, "cut.json", &many[..many.len() - 20], &[]).await;
    assert_eq!((told.code, &told.error()["code"]), (2, &json!("not_json")));
    let none = stage.run(&["explain", "integration_event:d-0"]).await;
    assert_eq!(none.code, 1, "nothing of it is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_lines_are_taken_and_known_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for number in 0..100_000 {
        writeln!(
            text,
            r#"{{"id": "n-{number}", "kind": "integration_event", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["{}"], "title": "Visit"}}"#,
            number % 1_000
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("many.ndjson"), text).unwrap();
    let push = || said(program(folder.path(), &["push", "many.ndjson", "--json"]));
    assert_eq!(counts(&push().await), [100_000, 0, 0, 0]);
    assert_eq!(counts(&push().await), [0, 0, 100_000, 0]);
}

const TASKS: &str = "\u{feff}Due date,Queue,Task Title,Record ID,Create date,Task Status,Notes,Associated Contact IDs,Activity assigned to\r\n\
    2026-11-30 09:00,none,\"Call, then write\",90001,2026-11-20 10:00,Not started,\"<p>One</p>\r\n<p>Two</p>\",1001,\r\n\
    2026-11-30 09:00,none,Broken,\"90002,2026-11-20 10:00,Not started,x,1001,\r\n\
    2026-11-30 09:00,none,No such day,90003,2026-11-31 10:00,Not started,x,1001,\r\n\
    2026-11-30 09:00,none,Last,90004,2026-11-20 10:00,Completed,x,1001;1002,\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_through_but_for_its_broken_rows() {
    let stage = Stage::sample().await;
    let without_zone = push(&stage, "tasks.csv", TASKS, &[]).await;
    assert_eq!(without_zone.code, 2);
    assert_eq!(without_zone.error()["code"], "time_zone_missing");
    let pushed = push(
        &stage,
        "tasks.csv",
        TASKS,
        &["--time-zone", "Europe/Helsinki"],
    )
    .await;
    assert_eq!(
        (pushed.code, counts(&pushed)),
        (3, [2, 0, 0, 2]),
        "{pushed:?}"
    );
    let receipt = pushed.json();
    assert_eq!(receipt["format"], "hubspot_export");
    assert_eq!(receipt["unknown"], json!(["Queue"]));
    let refusals = receipt["refusals"].as_array().unwrap();
    let lines: Vec<&Value> = refusals.iter().map(|refusal| &refusal["line"]).collect();
    assert_eq!(lines, [4, 5]);
    assert_eq!(refusals[0]["code"], "broken_row");
    assert_eq!(refusals[1]["path"], "Create date");
    let told = stage.run(&["explain", "task:90001", "--json"]).await.json();
    assert_eq!(told["seen"]["occurred_at"], "2026-11-20T08:00:00Z");
    stage.run(&["sync", "--quiet", "--json"]).await;
    let made = task(&stage, "task:90001").unwrap();
    assert_eq!(made["Subject"], "Call, then write");
    assert_eq!(made["ActivityDate"], "2026-11-30");
    assert_eq!(made["Description"], "One\n\nTwo");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_previewed_offline() {
    let stage = Stage::sample().await;
    std::fs::write(stage.file("tasks.csv"), TASKS).unwrap();
    let arguments = [
        "preview",
        "--csv",
        "tasks.csv",
        "--json",
        "--time-zone",
        "Europe/Helsinki",
    ];
    let alone = stage.run(&arguments).await;
    assert_eq!(alone.code, 3, "{alone:?}");
    let plan = alone.json();
    assert_eq!(
        plan["summary"]["by_reason"],
        json!({"contact_not_synced": 2})
    );
    assert_eq!(plan["refusals"].as_array().unwrap().len(), 2);
    assert_eq!(plan["unknown"], json!(["Queue"]));
    stage.run(&["snapshot", "--output", "snapshot.json"]).await;
    let in_world = stage
        .run(&[&arguments[..], &["--snapshot", "snapshot.json"]].concat())
        .await;
    let plan = in_world.json();
    assert_eq!(plan["decisions"][0]["task"]["Subject"], "Call, then write");
    assert_eq!(plan["summary"]["activities"], 2);
    let told = stage
        .run(&[
            "preview",
            "--csv",
            "tasks.csv",
            "--time-zone",
            "Europe/Helsinki",
        ])
        .await;
    assert!(told.stdout.contains("a quote isn't closed"), "{told:?}");
    assert!(told.stderr.contains("Queue"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_preview_and_a_snapshot_know_what_was_sent_in() {
    let stage = Stage::sample().await;
    push(
        &stage,
        "events.ndjson",
        &lines(&[event("e-1"), event("e-2")]),
        &[],
    )
    .await;
    stage.run(&["snapshot", "--output", "snapshot.json"]).await;
    let live = stage.run(&["preview", "--json"]).await.json();
    let offline = stage
        .run(&["preview", "--snapshot", "snapshot.json", "--json"])
        .await
        .json();
    let creates = |plan: &Value| plan["summary"]["by_kind"]["integration_event"]["create"].clone();
    assert_eq!(creates(&live), creates(&offline));
    assert_eq!(live["digest"], offline["digest"]);
    let digest = live["digest"].as_str().unwrap();
    let done = stage.run(&["sync", "--plan", digest, "--json"]).await;
    assert_eq!(done.json()["digest"], live["digest"]);
    assert!(task(&stage, "integration_event:e-2").is_some());
}

/// The program's HTTP API, until it is dropped.
struct Api {
    program: std::process::Child,
    address: String,
}

/// What the API answers.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

const TOKEN: &str = "a-token-for-tests-0123456789";

impl Api {
    fn start(stage: &Stage) -> Self {
        let mut command = stage.command(&["run", "--listen", "127.0.0.1:0", "--json"]);
        command.env("CROSSWALK_SERVER_TOKEN", TOKEN);
        let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = program.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = ready["url"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .to_owned();
        Self { program, address }
    }

    fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = format!("Content-Length: {}", body.len());
        let headers = [headers, &["Host: here", "Connection: close", &length]]
            .concat()
            .join("\r\n");
        write!(stream, "{method} {path} HTTP/1.1\r\n{headers}\r\n\r\n").unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_lowercase(),
            body: serde_json::from_str(body).unwrap(),
        }
    }

    fn post(&self, body: &Value) -> Answer {
        let authorization = format!("Authorization: Bearer {TOKEN}");
        let headers = [
            authorization.as_str(),
            "Content-Type: application/json; charset=utf-8",
        ];
        self.send(
            "POST",
            "/api/v1/activities",
            &headers,
            body.to_string().as_bytes(),
        )
    }

    fn stop(mut self) -> i32 {
        let stopped = std::process::Command::new("kill")
            .arg(self.program.id().to_string())
            .status();
        assert!(stopped.unwrap().success());
        self.program.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn activities_are_taken_over_http_but_for_the_bad_one() {
    let stage = Stage::sample().await;
    let api = Api::start(&stage);
    let mut list = vec![event("h-1"), event("h-2"), event("h-3")];
    list[1]["kind"] = "carrier_pigeon".into();
    list[2]["colour"] = "red".into();
    let answer = api.post(&json!(list));
    assert_eq!(answer.status, 202, "{answer:?}");
    let expected = json!([{"activity": "integration_event:h-1", "state": "new"}, {"activity": "integration_event:h-3", "state": "new"}]);
    assert_eq!(answer.body["accepted"], expected);
    assert_eq!(answer.body["unknown"], json!(["colour"]));
    let [refused] = answer.body["refused"].as_array().unwrap().as_slice() else {
        panic!("{answer:?}");
    };
    assert_eq!(
        (&refused["path"], &refused["code"]),
        (&json!("[1].kind"), &json!("unknown_kind"))
    );
    assert!(
        refused["hint"]
            .as_str()
            .unwrap()
            .contains("integration_event")
    );
    let one = api.post(&list[0]);
    assert_eq!(one.body["accepted"][0]["state"], "repeated", "{one:?}");
    let of_nobody = api.post(
        &json!({"id": "h-4", "kind": "integration_event", "occurred_at": "2026-11-20T08:00:00Z"}),
    );
    assert_eq!(of_nobody.body["refused"][0]["path"], "contacts");
    let errors = stage.run(&["errors", "--json"]).await.json();
    assert_eq!(errors.as_array().unwrap().len(), 2, "{errors}");
    assert_eq!(errors[0]["source"], "POST /api/v1/activities");
    stage.run(&["sync", "--quiet", "--json"]).await;
    assert!(task(&stage, "integration_event:h-3").is_some());
    assert_eq!(api.stop(), 0, "it ends by itself when it is told to");
    let forgotten = stage
        .run(&["errors", "--forget-inbound", "--json"])
        .await
        .json();
    let left = forgotten.as_array().unwrap().iter();
    assert_eq!(left.filter(|error| error["action"] == "take").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_the_token_gets_in() {
    let stage = Stage::sample().await;
    let api = Api::start(&stage);
    let body = event("i-1").to_string();
    for authorization in [
        "Accept: */*",
        "Authorization: Bearer",
        "Authorization: Bearer a-token-for-tests-0123456780",
        "Authorization: Bearer a-token-for-tests-01234567899",
        "Authorization: Basic a-token-for-tests-0123456789",
    ] {
        let headers = [authorization, "Content-Type: application/json"];
        let answer = api.send("POST", "/api/v1/activities", &headers, body.as_bytes());
        assert_eq!(answer.status, 401, "{authorization}: {answer:?}");
        assert!(
            answer.head.contains("www-authenticate: bearer"),
            "{answer:?}"
        );
        assert!(!answer.body.to_string().contains(TOKEN));
    }
    drop(api);
    assert_eq!(
        stage.run(&["explain", "integration_event:i-1"]).await.code,
        1
    );

    let without = stage
        .run(&["run", "--listen", "127.0.0.1:0", "--json"])
        .await;
    assert_eq!(
        (without.code, &without.error()["code"]),
        (2, &json!("config_missing"))
    );
    let mut short = stage.command(&["run", "--listen", "127.0.0.1:0", "--json"]);
    short.env("CROSSWALK_SERVER_TOKEN", "short");
    let short = said(short).await;
    assert_eq!(
        (short.code, &short.error()["code"]),
        (2, &json!("config_invalid"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_answered_with_what_helps() {
    let stage = Stage::sample().await;
    let config = std::fs::read_to_string(stage.file("crosswalk.toml")).unwrap();
    let limits = "[server.limits]\nlargest_body_bytes = 2000\nrequests_per_minute = 6\n";
    std::fs::write(stage.file("crosswalk.toml"), format!("{limits}\n{config}")).unwrap();
    let api = Api::start(&stage);
    let authorization = format!("Authorization: Bearer {TOKEN}");
    let send = |media_type: &str, body: &[u8]| {
        let media_type = format!("Content-Type: {media_type}");
        api.send(
            "POST",
            "/api/v1/activities",
            &[&authorization, &media_type],
            body,
        )
    };
    for (media_type, body, status, code, hint) in [
        (
            "text/csv",
            b"a,b".as_slice(),
            415,
            "not_json",
            "application/json",
        ),
        ("application/json", b"{\"id\": ", 400, "not_json", "a list"),
        ("application/json", b"[{}, \xff]", 400, "not_json", "a list"),
        (
            "application/json",
            &[b' '; 30_000],
            413,
            "too_large",
            "fewer",
        ),
    ] {
        let answer = send(media_type, body);
        assert_eq!(answer.status, status, "{answer:?}");
        let error = &answer.body["error"];
        assert_eq!(error["code"], code, "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    assert_eq!(send("application/json", b"[]").status, 202);
    assert_eq!(send("application/json", b"7").status, 202);
    let answer = send("application/json", b"[]");
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(answer.head.contains("retry-after: "), "{answer:?}");
    let nowhere = api.send("GET", "/nowhere", &[], b"");
    assert_eq!(
        (nowhere.status, &nowhere.body["error"]["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!(api.send("GET", "/api/v1/activities", &[], b"").status, 405);
}

/// Sends something in, in a simulated world.
fn send_in(world: &World, activities: &[Value]) {
    let sent: Vec<_> = activities
        .iter()
        .map(|activity| inbound::read(&activity.to_string()).activity)
        .collect();
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let ledger = world.host().ledger;
    inbound::take(&ledger, "test", &sent, world.clock.now()).unwrap();
}

fn event_in(world: &World, id: &str, contact: Value) -> Value {
    let mut event = json!({"id": id, "kind": "integration_event", "occurred_at": world.clock.now().to_string(), "title": "Visit"});
    event
        .as_object_mut()
        .unwrap()
        .extend(contact.as_object().unwrap().clone());
    event
}

fn reason(world: &World, activity: &str) -> String {
    let seen = world.host().ledger.observation(activity).unwrap().unwrap();
    seen.reason.unwrap()
}

fn count_of(world: &World, activity: &str) -> usize {
    let tasks = world.tasks_by_key();
    tasks
        .get(&format!("hubspot:8821:{activity}"))
        .map_or(0, Vec::len)
}

#[tokio::test]
async fn what_was_left_out_is_planned_once_its_kind_is_on() {
    let mut world = World::load(0, 1);
    world.settings["to_salesforce"]["integration_event"] = json!({"enabled": false});
    send_in(
        &world,
        &[event_in(&world, "1", json!({"contacts": ["1001"]}))],
    );
    world.sync().await.unwrap();
    assert_eq!(reason(&world, "integration_event:1"), "kind_disabled");
    world.turn_on_only(&["integration_event"]);
    let report = world.sync().await.unwrap();
    assert_eq!(
        (report.created, count_of(&world, "integration_event:1")),
        (1, 1)
    );
    assert_eq!(world.sync().await.unwrap().activities, 0);
}

#[tokio::test]
async fn an_address_that_nobody_has_yet_is_waited_for() {
    let mut world = World::load(0, 1);
    world.turn_on_only(&["integration_event"]);
    let late = json!({"email": "Laila@late.example"});
    send_in(&world, &[event_in(&world, "1", late)]);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, "integration_event:1"), "no_contact");
    assert_eq!(
        world.sync().await.unwrap().activities,
        0,
        "it isn't asked for in every pass"
    );
    let person = json!({"LastName": "Late", "Email": "laila@late.example"});
    world
        .salesforce(Method::POST, "/sobjects/Contact", person)
        .await;
    let contact = json!({"properties": {"email": "laila@late.example"}});
    world
        .hubspot(Method::POST, "/crm/objects/2026-09/contacts", contact)
        .await;
    world.clock.advance(SignedDuration::from_mins(1));
    world.sync().await.unwrap();
    assert_eq!(
        count_of(&world, "integration_event:1"),
        1,
        "{}",
        reason(&world, "integration_event:1")
    );
}

#[tokio::test]
async fn what_hubspot_says_itself_holds() {
    let world = World::load(1, 1);
    let state = world.sandbox.hubspot().state();
    let id = state["objects"]["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let call = |title: &str| json!({"id": id, "kind": "call", "occurred_at": world.clock.now().to_string(), "contacts": ["1001"], "title": title});
    let subject = || world.tasks_by_key()[&format!("hubspot:8821:call:{id}")][0]["Subject"].clone();
    send_in(&world, &[call("Sent in")]);
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    let told = subject();
    assert_ne!(told, "Call: Sent in");
    send_in(&world, &[call("Sent in again")]);
    assert_eq!(world.sync().await.unwrap().activities, 0);
    assert_eq!(subject(), told);
}

#[tokio::test]
async fn a_call_that_hubspot_does_not_know_brings_its_contacts_and_owner() {
    let world = World::load(1, 2);
    let known = world.sandbox.hubspot().state();
    let owner = &known["owners"][0];
    let mut call = event_in(&world, "x-1", json!({"contacts": ["1002"]}));
    call["kind"] = "call".into();
    call["owner"] = owner["email"].clone();
    send_in(&world, &[call]);
    world.sync().await.unwrap();
    let seen = world
        .host()
        .ledger
        .observation("call:x-1")
        .unwrap()
        .unwrap()
        .seen;
    assert_eq!(
        (&seen["contacts"], &seen["owner_id"]),
        (&json!(["1002"]), &owner["id"])
    );
    assert_eq!(count_of(&world, "call:x-1"), 1);
    let calls = world.sandbox.hubspot().log();
    let asked = calls.count(
        "POST",
        "/crm/associations/2026-09/calls/contacts/batch/read",
    );
    assert_eq!(asked, 1, "only about HubSpot's own call");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_may_be_the_snapshots_own() {
    let stage = Stage::sample().await;
    let text = "email;occurred_at;id;kind;contacts;app;duration_ms;colour\n\
        aino@example.com;2026-11-20T08:00:00Z;1;integration_event;;Frostcast;;red\n\
        ;2026-11-20 10:00;2;call;1001, 1002;;95000;\n\
        ;2026-11-20 10:00;3;call;Aino;;;\n\
        ;yesterday;4;call;1001;;;\n";
    let pushed = push(&stage, "own.csv", text, &["--time-zone", "Europe/Helsinki"]).await;
    assert_eq!(counts(&pushed), [2, 0, 0, 2], "{pushed:?}");
    assert_eq!(pushed.json()["format"], "csv");
    assert_eq!(pushed.json()["unknown"], json!(["colour"]));
    let refusals = pushed.json()["refusals"].clone();
    assert_eq!(
        (&refusals[0]["line"], &refusals[0]["path"]),
        (&json!(4), &json!("contacts[0]"))
    );
    assert_eq!(
        (&refusals[1]["line"], &refusals[1]["path"]),
        (&json!(5), &json!("occurred_at"))
    );
    let seen = stage.run(&["explain", "call:2", "--json"]).await.json()["seen"].clone();
    assert_eq!(seen["contacts"], json!(["1001", "1002"]));
    assert_eq!(
        (&seen["occurred_at"], &seen["duration_ms"]),
        (&json!("2026-11-20T08:00:00Z"), &json!(95_000))
    );
    let nothing = push(&stage, "other.csv", "a,b\n1,2\n", &[]).await;
    assert_eq!(
        (nothing.code, &nothing.error()["code"]),
        (2, &json!("csv_columns"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_now_is_to_be_sent_again() {
    let stage = Stage::sample().await;
    let api = Api::start(&stage);
    let other = crosswalk_host::ledger::Ledger::open(&stage.file("crosswalk.db")).unwrap();
    other.begin().unwrap();
    let answer = api.post(&event("j-1"));
    assert_eq!(
        (answer.status, &answer.body["error"]["code"]),
        (503, &json!("ledger_busy"))
    );
    assert!(answer.head.contains("retry-after: 5"), "{answer:?}");
    other.roll_back().unwrap();
    assert_eq!(api.post(&event("j-1")).status, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_huge_value_that_is_refused_little_is_kept() {
    let stage = Stage::sample().await;
    let mut huge = event("k-1");
    huge["kind"] = "x".repeat(500_000).into();
    huge["y".repeat(100_000)] = 1.into();
    let line_too_long = "z".repeat(3_000_000);
    let text = format!("{huge}\n{line_too_long}\n{}", lines(&[event("k-2")]));
    let pushed = push(&stage, "huge.ndjson", &text, &[]).await;
    assert_eq!(counts(&pushed), [1, 0, 0, 2]);
    assert!(pushed.stdout.len() < 10_000, "{}", pushed.stdout.len());
    assert_eq!(pushed.json()["refusals"][1]["code"], "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_does_not_get_its_turn_says_so() {
    let stage = Stage::sample().await;
    let other = crosswalk_host::ledger::Ledger::open(&stage.file("crosswalk.db")).unwrap();
    other.begin().unwrap();
    let told = push(&stage, "events.ndjson", &lines(&[event("l-1")]), &[]).await;
    assert_eq!(
        (told.code, &told.error()["code"]),
        (1, &json!("ledger_in_use")),
        "{told:?}"
    );
}

//! The rules module under wasmtime: that ours is what it says it is, and that a bad one can do nothing but fail.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::rules::{RulesError, RulesModule};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::thread;

const MODULE: &str = env!("CROSSWALK_RULES_FILE");

fn settings() -> Value {
    json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
        "to_salesforce": {"call": {"enabled": true}}, "owners": {"integration_user": "005000000000001AAA"}
    })
}

fn snapshot() -> Value {
    json!({
        "now": "2026-11-23T10:00:00Z",
        "activities": [{"id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["101"]}],
        "contacts": [{"id": "101", "created_at": "2026-09-01T07:00:00Z",
                      "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}]
    })
}

fn bytes(document: &Value) -> Vec<u8> {
    document.to_string().into_bytes()
}

fn json_of(answer: &[u8]) -> Value {
    serde_json::from_slice(answer).unwrap()
}

mod ours {
    use super::*;

    #[test]
    fn it_plans_from_any_number_of_threads() {
        let rules = RulesModule::embedded()
            .unwrap()
            .open(&bytes(&settings()))
            .unwrap();
        let first = rules.plan_to_salesforce(&bytes(&snapshot())).unwrap();
        assert_eq!(json_of(&first)["decisions"][0]["action"], "create");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        assert_eq!(
                            rules.plan_to_salesforce(&bytes(&snapshot())).unwrap(),
                            first
                        );
                    }
                });
            }
        });
    }

    #[test]
    fn it_compares_two_settings() {
        let mut off = settings();
        off["to_salesforce"]["call"]["enabled"] = json!(false);
        let comparison = RulesModule::embedded()
            .unwrap()
            .compare(&bytes(&settings()), &bytes(&off), &bytes(&snapshot()))
            .unwrap();
        assert_eq!(
            json_of(&comparison)["changed"][0]["settings"],
            json!(["to_salesforce.call.enabled"])
        );
    }

    #[test]
    fn its_errors_say_where_and_what_to_do() {
        let module = RulesModule::embedded().unwrap();
        let mut wrong = settings();
        wrong["time_zon"] = json!("x");
        let Err(RulesError::Settings(error)) = module.open(&bytes(&wrong)) else {
            panic!("the settings were taken");
        };
        assert_eq!(
            (&*error.code, &*error.path, &*error.hint),
            ("settings_invalid", "time_zon", "did you mean `time_zone`?")
        );
        let rules = module.open(&bytes(&settings())).unwrap();
        for (wrong, code) in [
            (&b"{"[..], "not_json"),
            (b"[]", "snapshot_invalid"),
            (b"", "not_json"),
        ] {
            let Err(RulesError::Snapshot(error)) = rules.plan_to_salesforce(wrong) else {
                panic!("{} was planned", String::from_utf8_lossy(wrong));
            };
            assert_eq!(error.code, code);
        }
        assert!(rules.plan_to_salesforce(&bytes(&snapshot())).is_ok());
    }

    #[test]
    fn its_file_does_the_same_as_what_is_built_in() {
        let built_in = RulesModule::embedded().unwrap();
        let file = RulesModule::from_file(Path::new(MODULE)).unwrap();
        assert_eq!(file.sha256(), built_in.sha256());
        let plan = |module: &RulesModule| {
            let rules = module.open(&bytes(&settings())).unwrap();
            rules.plan_to_salesforce(&bytes(&snapshot())).unwrap()
        };
        assert_eq!(plan(&file), plan(&built_in));
    }

    /// The folders of the machine that built it would tell who did, and would make the hash depend on them.
    #[test]
    fn it_carries_no_path_of_its_builder() {
        let module = std::fs::read(MODULE).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut paths = vec![
            root.display().to_string(),
            "/root/".to_owned(),
            "/home/".to_owned(),
            "/Users/".to_owned(),
            ".cargo/".to_owned(),
        ];
        paths.extend(std::env::var("CARGO_HOME"));
        paths.extend(std::env::home_dir().map(|home| home.display().to_string()));
        // A home of `/` would be in any module.
        for path in paths.iter().filter(|path| path.len() > 3) {
            assert!(
                !contains(&module, path.as_bytes()),
                "the module names `{path}`; see `flags` in xtask/src/module.rs"
            );
        }
        // The search finds what is there.
        assert!(contains(&module, b"/registry/"));
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    /// Every import is a trap here, so whatever of the corpus reaches one would be `Trapped`.
    #[test]
    fn no_import_is_reached_by_any_case_of_the_corpus() {
        let module = RulesModule::embedded().unwrap();
        let other = bytes(&settings());
        let mut cases = 0;
        for case in cases_of_the_corpus() {
            let (settings, snapshot) = (document(&case, "settings"), document(&case, "snapshot"));
            let planned = module
                .open(&settings)
                .and_then(|rules| rules.plan_to_salesforce(&snapshot));
            let returned = module
                .open(&settings)
                .and_then(|rules| rules.plan_to_hubspot(&snapshot));
            let compared = module.compare(&settings, &other, &snapshot);
            for answer in [planned, returned, compared] {
                assert!(
                    matches!(
                        answer,
                        Ok(_) | Err(RulesError::Settings(_) | RulesError::Snapshot(_))
                    ),
                    "{}: {answer:?}",
                    case["title"]
                );
            }
            cases += 1;
        }
        assert!(cases >= 100, "only {cases} cases were found");
    }

    fn cases_of_the_corpus() -> Vec<Value> {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus");
        let files = |folder: &Path| -> Vec<PathBuf> {
            let entries = std::fs::read_dir(folder).unwrap();
            entries.map(|entry| entry.unwrap().path()).collect()
        };
        files(&corpus)
            .iter()
            .flat_map(|rule| files(rule))
            .map(|case| json_of(&std::fs::read(case).unwrap()))
            .collect()
    }

    fn document(case: &Value, name: &str) -> Vec<u8> {
        match case[format!("{name}_text")].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => bytes(&case[name]),
        }
    }
}

/// Modules written by hand: each does one thing wrong.
mod bad {
    use super::*;
    use std::fmt::Write as _;

    /// A module whose functions do nothing wrong, unless one of them is replaced.
    struct Written {
        imports: &'static str,
        version: u32,
        alloc: &'static str,
        open: String,
        plan: String,
        /// Texts in its memory, by address.
        texts: Vec<(u64, String)>,
    }

    const HANDLE: &str = r#"{"ok":{"handle":1}}"#;
    const PLAN: &str = r#"{"ok":{"decisions":[]}}"#;

    impl Default for Written {
        fn default() -> Self {
            Self {
                imports: "",
                version: 1,
                alloc: "(i32.const 4096)",
                open: answer(16, HANDLE),
                plan: answer(512, PLAN),
                texts: vec![(16, HANDLE.to_owned()), (512, PLAN.to_owned())],
            }
        }
    }

    /// What hands over a text in memory.
    fn answer(address: u64, text: &str) -> String {
        format!("(i64.const {})", (address << 32) | text.len() as u64)
    }

    fn answering(text: &str) -> Written {
        Written {
            plan: answer(1024, text),
            texts: vec![(16, HANDLE.to_owned()), (1024, text.to_owned())],
            ..Written::default()
        }
    }

    impl Written {
        fn text(&self) -> String {
            let Self {
                imports,
                version,
                alloc,
                open,
                plan,
                texts,
            } = self;
            let mut data = String::new();
            for (address, text) in texts {
                let text = text.replace('"', "\\22");
                writeln!(data, "(data (i32.const {address}) \"{text}\")").unwrap();
            }
            format!(
                r#"(module {imports} (memory (export "memory") 1) {data}
                (func (export "cw_abi_version") (result i32) (i32.const {version}))
                (func (export "cw_alloc") (param i32) (result i32) {alloc})
                (func (export "cw_free") (param i32 i32))
                (func (export "cw_open") (param i32 i32) (result i64) {open})
                (func (export "cw_close") (param i32))
                (func (export "cw_plan_to_salesforce") (param i32 i32 i32) (result i64) {plan})
                (func (export "cw_plan_to_hubspot") (param i32 i32 i32) (result i64) {plan})
                (func (export "cw_compare") (param i32 i32 i32 i32) (result i64) {plan}))"#
            )
        }

        fn load(&self) -> Result<RulesModule, RulesError> {
            load(wat::parse_str(self.text()).unwrap())
        }

        /// Plans an empty snapshot.
        fn plan(&self) -> Result<Vec<u8>, RulesError> {
            self.load()?.open(b"{}")?.plan_to_salesforce(b"{}")
        }
    }

    fn load(module: impl AsRef<[u8]>) -> Result<RulesModule, RulesError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rules.wasm");
        std::fs::write(&file, module).unwrap();
        RulesModule::from_file(&file)
    }

    #[test]
    fn where_nothing_is_wrong_it_works() {
        assert_eq!(Written::default().plan().unwrap(), br#"{"decisions":[]}"#);
    }

    #[test]
    fn a_call_of_an_import_is_a_trap_and_says_which() {
        let module = Written {
            imports: r#"(import "env" "now" (func $now (result i64)))"#,
            plan: "(call $now)".to_owned(),
            ..Written::default()
        };
        let error = module.plan().unwrap_err();
        let RulesError::Trapped(why) = &error else {
            panic!("{error}");
        };
        assert!(why.contains("env") && why.contains("now"), "{why}");
    }

    #[test]
    fn another_version_of_the_interface_is_refused_when_it_is_loaded() {
        let module = Written {
            version: 2,
            ..Written::default()
        };
        let error = module.load().unwrap_err();
        assert!(
            matches!(error, RulesError::AbiVersion { found: 2 }),
            "{error}"
        );
    }

    #[test]
    fn a_trap_is_told_and_the_next_call_has_a_new_instance() {
        // It counts its calls in memory, and stops in the second.
        let module = Written {
            plan: format!(
                "(i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
                 (if (i32.eq (i32.load (i32.const 8)) (i32.const 2)) (then unreachable))
                 {}",
                answer(512, PLAN)
            ),
            ..Written::default()
        };
        let rules = module.load().unwrap().open(b"{}").unwrap();
        rules.plan_to_salesforce(b"{}").unwrap();
        let error = rules.plan_to_salesforce(b"{}").unwrap_err();
        assert!(
            matches!(&error, RulesError::Trapped(why) if why.contains("unreachable")),
            "{error}"
        );
        rules.plan_to_salesforce(b"{}").unwrap();
    }

    #[test]
    fn a_module_that_never_ends_is_stopped() {
        let module = Written {
            plan: "(loop $again (br $again)) unreachable".to_owned(),
            ..Written::default()
        };
        let error = module.plan().unwrap_err();
        assert!(
            matches!(&error, RulesError::Trapped(why) if why.contains("fuel")),
            "{error}"
        );
    }

    #[test]
    fn a_module_gets_no_more_memory_than_the_limit() {
        // 40,000 pages are 2.6 GB; where they are refused, memory.grow answers -1.
        let module = Written {
            plan: format!(
                "(if (i32.ne (memory.grow (i32.const 40000)) (i32.const -1)) (then unreachable)) {}",
                answer(512, PLAN)
            ),
            ..Written::default()
        };
        module.plan().unwrap();
    }

    #[test]
    fn what_is_no_answer_is_told() {
        for text in ["", "{}", "null", r#"{"error":{}}"#, r#"{"plan":1}"#] {
            let planned = answering(text).plan();
            assert!(
                matches!(planned, Err(RulesError::BadAnswer(_))),
                "{text}: {planned:?}"
            );
        }
        let refusal = r#"{"error":{"code":"snapshot_invalid","message":"no"}}"#;
        let planned = answering(refusal).plan();
        assert!(
            matches!(planned, Err(RulesError::Snapshot(_))),
            "{planned:?}"
        );
    }

    #[test]
    fn addresses_outside_its_memory_are_told() {
        for plan in [
            "(i64.const 0xffff_ffff_0000_0010)",
            "(i64.const 0x0000_0010_ffff_ffff)",
            "(i64.const -1)",
        ] {
            let module = Written {
                plan: plan.to_owned(),
                ..Written::default()
            };
            let error = module.plan().unwrap_err();
            assert!(matches!(error, RulesError::BadAnswer(_)), "{plan}: {error}");
        }
        let module = Written {
            alloc: "(i32.const -4)",
            ..Written::default()
        };
        let error = module.plan().unwrap_err();
        assert!(matches!(error, RulesError::BadAnswer(_)), "{error}");
    }

    #[test]
    fn an_open_without_a_handle_is_told() {
        let module = Written {
            open: answer(512, PLAN),
            ..Written::default()
        };
        let error = module.plan().unwrap_err();
        assert!(
            matches!(&error, RulesError::BadAnswer(why) if why.contains("handle")),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_rules_module_is_told() {
        let without = |export: &str| {
            let text = Written::default()
                .text()
                .replace(&format!("\"{export}\""), "\"other\"");
            wat::parse_str(text).unwrap()
        };
        for (module, says) in [
            (b"hello".to_vec(), "magic"),
            (without("cw_abi_version"), "cw_abi_version"),
            (without("cw_open"), "cw_open"),
            (without("memory"), "memory"),
        ] {
            let error = load(module).unwrap_err();
            let RulesError::NotRules(why) = &error else {
                panic!("{error}");
            };
            assert!(why.contains(says), "{why}");
        }
        let absent = RulesModule::from_file(Path::new("no/such/rules.wasm")).unwrap_err();
        assert!(matches!(absent, RulesError::Unreadable { .. }), "{absent}");
    }
}

/// The example of docs/module.md.
#[path = "../../docs/examples/embed.rs"]
#[allow(
    unreachable_pub,
    reason = "it stands in the documentation as a module of its own"
)]
mod embed;

#[test]
fn the_example_in_the_documentation_plans() {
    let wasm = std::fs::read(MODULE).unwrap();
    let answer = embed::plan(&wasm, &settings().to_string(), &snapshot().to_string()).unwrap();
    assert_eq!(
        json_of(answer.as_bytes())["ok"]["decisions"][0]["action"],
        "create"
    );
    let answer = embed::plan(&wasm, "{}", "{}").unwrap();
    assert_eq!(
        json_of(answer.as_bytes())["error"]["code"],
        "settings_invalid"
    );
}

//! What do the rules say? Runs the rules module under wasmtime.
//!
//! The bytes face of the module is specified in `docs/module.md`. Whatever a module does, a call answers: what can't be used is an
//! error, and an instance that failed is never used again.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstancePre, Linker, Memory, Module, Store, StoreLimits,
    StoreLimitsBuilder, Trap, TypedFunc,
};

/// The version of the bytes face that is spoken here.
const ABI_VERSION: u32 = 1;
/// An instance may not grow beyond this.
const LARGEST_MEMORY: usize = 2 << 30;
/// An instance that has grown beyond this is not kept for the next call: memory of a module never shrinks.
const LARGEST_KEPT_MEMORY: usize = 256 << 20;
/// What a module that isn't ours may do in one call: far more than the rules need, and yet it ends.
const FUEL_PER_CALL: u64 = 1_000_000_000;
const FUEL_PER_BYTE: u64 = 10_000;

const EMBEDDED: &[u8] = include_bytes!(env!("CROSSWALK_RULES_FILE"));
/// SHA-256 of the module that is built in, in hexadecimal digits.
pub const EMBEDDED_SHA256: &str = env!("CROSSWALK_RULES_SHA256");
/// The compiler that made the module that is built in.
pub const EMBEDDED_COMPILER: &str = env!("CROSSWALK_RULES_COMPILER");

/// An error of the rules themselves: nothing was planned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RuleError {
    /// A stable code, as `settings_invalid`.
    pub code: String,
    /// Where: the path of the value, as `owners.integration_user`; empty for the whole document.
    #[serde(default)]
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do; empty if there is nothing to add.
    #[serde(default)]
    pub hint: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}

/// Why there is no answer of the rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The settings are refused.
    #[error("settings: {0}")]
    Settings(RuleError),
    /// The snapshot is refused.
    #[error("snapshot: {0}")]
    Snapshot(RuleError),
    /// The module stopped. Another call, with another input, may well succeed.
    #[error("the rules module stopped: {0}")]
    Trapped(String),
    /// The module answered what is no answer.
    #[error("the rules module answered {0}")]
    BadAnswer(String),
    /// The module speaks another version of the bytes face.
    #[error(
        "the rules module speaks version {found} of the interface, this program version {ABI_VERSION}; take the module that belongs to this program"
    )]
    AbiVersion {
        /// The version it speaks.
        found: u32,
    },
    /// The file can't be read.
    #[error("can't read the rules module {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no WebAssembly module, or one without the functions of the rules.
    #[error("this is no rules module: {0}")]
    NotRules(String),
}

/// The rules module, compiled.
#[derive(Clone)]
pub struct RulesModule {
    instances: InstancePre<StoreLimits>,
    origin: Origin,
    sha256: Arc<str>,
}

/// Where a module comes from: only ours is trusted to end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Embedded,
    Given,
}

impl fmt::Debug for RulesModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RulesModule")
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

impl RulesModule {
    /// The module that is built in.
    ///
    /// # Errors
    /// Where wasmtime can't run here.
    pub fn embedded() -> Result<Self, RulesError> {
        Self::compile(EMBEDDED, Origin::Embedded, EMBEDDED_SHA256.into())
    }

    /// Another module. It is trusted with nothing: it can neither reach this machine nor run for ever.
    ///
    /// # Errors
    /// Where the file can't be read, or is no rules module of this version.
    pub fn from_file(path: &Path) -> Result<Self, RulesError> {
        let bytes = std::fs::read(path).map_err(|source| RulesError::Unreadable {
            path: path.to_path_buf(),
            source,
        })?;
        let sha256 = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        Self::compile(&bytes, Origin::Given, sha256.into())
    }

    /// The rules' version: SHA-256 of the module, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Opens the rules under settings, JSON.
    ///
    /// # Errors
    /// `Settings` where the rules refuse them.
    pub fn open(&self, settings_json: &[u8]) -> Result<OpenRules, RulesError> {
        let first = Opened::new(self, settings_json)?;
        Ok(OpenRules {
            module: self.clone(),
            settings: settings_json.into(),
            idle: Mutex::new(vec![first]),
        })
    }

    /// What changes over a snapshot if the settings `before` become `after` (P5); all are JSON.
    ///
    /// # Errors
    /// `Settings` or `Snapshot` where the rules refuse one of them.
    pub fn compare(
        &self,
        before: &[u8],
        after: &[u8],
        snapshot: &[u8],
    ) -> Result<Vec<u8>, RulesError> {
        let mut opened = Opened::new(self, before)?;
        let after = open_in(&mut opened.instance, after)?;
        let compare = opened.instance.compare.clone();
        let before = opened.handle;
        opened
            .instance
            .call(
                snapshot,
                |store, address, length| compare.call(store, (before, after, address, length)),
                <[u8]>::to_vec,
            )?
            .map_err(RulesError::Snapshot)
    }

    fn compile(bytes: &[u8], origin: Origin, sha256: Arc<str>) -> Result<Self, RulesError> {
        let mut config = Config::new();
        config.cache(cache()).consume_fuel(origin == Origin::Given);
        let instances = Engine::new(&config)
            .and_then(|engine| {
                let module = Module::from_binary(&engine, bytes)?;
                let mut linker = Linker::new(&engine);
                // The bytes face calls no import; those of the JavaScript face are not here.
                linker.define_unknown_imports_as_traps(&module)?;
                linker.instantiate_pre(&module)
            })
            .map_err(|error| RulesError::NotRules(format!("{error:#}")))?;
        let module = Self {
            instances,
            origin,
            sha256,
        };
        Instance::new(&module)?;
        Ok(module)
    }
}

/// wasmtime's own cache of compiled modules; where there can be none, the module is compiled each time.
fn cache() -> Option<Cache> {
    Cache::new(CacheConfig::new())
        .inspect_err(|error| tracing::debug!(%error, "compiled rules are not kept"))
        .ok()
}

/// The rules under one set of settings. Any number of threads may plan at once.
pub struct OpenRules {
    module: RulesModule,
    settings: Box<[u8]>,
    idle: Mutex<Vec<Opened>>,
}

impl fmt::Debug for OpenRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRules")
            .field("module", &self.module)
            .finish_non_exhaustive()
    }
}

impl OpenRules {
    /// Plans HubSpot's activities of a snapshot into Salesforce tasks; both are JSON.
    ///
    /// # Errors
    /// `Snapshot` where the rules refuse the document, `Trapped` where the module stops; the next call is not affected.
    pub fn plan_to_salesforce(&self, snapshot: &[u8]) -> Result<Vec<u8>, RulesError> {
        self.plan_to_salesforce_with(snapshot, <[u8]>::to_vec)
    }

    /// `plan_to_salesforce` without a copy: `read` is given the plan where it lies, in the module's memory.
    ///
    /// # Errors
    /// As `plan_to_salesforce`.
    pub fn plan_to_salesforce_with<T>(
        &self,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError> {
        self.call(|opened| {
            let plan = opened.instance.plan_to_salesforce.clone();
            opened.plan(&plan, snapshot, read)
        })
    }

    /// Plans Salesforce's records of a snapshot into HubSpot's activities; both are JSON.
    ///
    /// # Errors
    /// As `plan_to_salesforce`.
    pub fn plan_to_hubspot(&self, snapshot: &[u8]) -> Result<Vec<u8>, RulesError> {
        self.plan_to_hubspot_with(snapshot, <[u8]>::to_vec)
    }

    /// `plan_to_hubspot` without a copy: `read` is given the plan where it lies, in the module's memory.
    ///
    /// # Errors
    /// As `plan_to_salesforce`.
    pub fn plan_to_hubspot_with<T>(
        &self,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError> {
        self.call(|opened| {
            let plan = opened.instance.plan_to_hubspot.clone();
            opened.plan(&plan, snapshot, read)
        })
    }

    /// The module that plans.
    pub const fn module(&self) -> &RulesModule {
        &self.module
    }

    /// An instance whose call has failed otherwise than by the rules is dropped, and so is one that has grown large.
    fn call<T>(
        &self,
        call: impl FnOnce(&mut Opened) -> Result<T, RulesError>,
    ) -> Result<T, RulesError> {
        let idle = self.idle().pop();
        let mut opened = match idle {
            Some(opened) => opened,
            None => Opened::new(&self.module, &self.settings)?,
        };
        let answer = call(&mut opened);
        let is_sound = matches!(answer, Ok(_) | Err(RulesError::Snapshot(_)));
        if is_sound && opened.instance.memory_size() <= LARGEST_KEPT_MEMORY {
            self.idle().push(opened);
        }
        answer
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Opened>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An instance with the settings open in it.
struct Opened {
    instance: Instance,
    handle: u32,
}

#[derive(Deserialize)]
struct Handle {
    handle: u32,
}

impl Opened {
    fn new(module: &RulesModule, settings: &[u8]) -> Result<Self, RulesError> {
        let mut instance = Instance::new(module)?;
        let handle = open_in(&mut instance, settings)?;
        Ok(Self { instance, handle })
    }

    fn plan<T>(
        &mut self,
        plan: &Planner,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError> {
        let handle = self.handle;
        let function = |store: &mut Store<StoreLimits>, address, length| {
            plan.call(store, (handle, address, length))
        };
        self.instance
            .call(snapshot, function, read)?
            .map_err(RulesError::Snapshot)
    }
}

/// Opens settings in an instance: their handle.
fn open_in(instance: &mut Instance, settings: &[u8]) -> Result<u32, RulesError> {
    let open = instance.open.clone();
    let answer = instance
        .call(
            settings,
            |store, address, length| open.call(store, (address, length)),
            |answer| serde_json::from_slice::<Handle>(answer),
        )?
        .map_err(RulesError::Settings)?;
    let Handle { handle } = answer
        .map_err(|error: serde_json::Error| RulesError::BadAnswer(format!("no handle: {error}")))?;
    Ok(handle)
}

/// A function that plans: a handle, an address, a length.
type Planner = TypedFunc<(u32, u32, u32), u64>;

/// One instance of the module.
struct Instance {
    store: Store<StoreLimits>,
    origin: Origin,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), ()>,
    open: TypedFunc<(u32, u32), u64>,
    plan_to_salesforce: Planner,
    plan_to_hubspot: Planner,
    compare: TypedFunc<(u32, u32, u32, u32), u64>,
}

impl Instance {
    fn new(module: &RulesModule) -> Result<Self, RulesError> {
        let limits = StoreLimitsBuilder::new()
            .memory_size(LARGEST_MEMORY)
            .build();
        let mut store = Store::new(module.instances.module().engine(), limits);
        store.limiter(|limits| limits);
        refuel(&mut store, module.origin, 0)?;
        let instance = module
            .instances
            .instantiate(&mut store)
            .map_err(|error| RulesError::NotRules(format!("{error:#}")))?;
        let no_rules = |error: wasmtime::Error| RulesError::NotRules(format!("{error:#}"));
        let version = instance
            .get_typed_func::<(), u32>(&mut store, "cw_abi_version")
            .map_err(no_rules)?;
        let found = version
            .call(&mut store, ())
            .map_err(|error| trapped(&error))?;
        if found != ABI_VERSION {
            return Err(RulesError::AbiVersion { found });
        }
        let Some(memory) = instance.get_memory(&mut store, "memory") else {
            return Err(RulesError::NotRules("it exports no memory".to_owned()));
        };
        Ok(Self {
            memory,
            alloc: instance
                .get_typed_func(&mut store, "cw_alloc")
                .map_err(no_rules)?,
            free: instance
                .get_typed_func(&mut store, "cw_free")
                .map_err(no_rules)?,
            open: instance
                .get_typed_func(&mut store, "cw_open")
                .map_err(no_rules)?,
            plan_to_salesforce: instance
                .get_typed_func(&mut store, "cw_plan_to_salesforce")
                .map_err(no_rules)?,
            plan_to_hubspot: instance
                .get_typed_func(&mut store, "cw_plan_to_hubspot")
                .map_err(no_rules)?,
            compare: instance
                .get_typed_func(&mut store, "cw_compare")
                .map_err(no_rules)?,
            origin: module.origin,
            store,
        })
    }

    fn memory_size(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Hands an input over, calls, and takes the answer: what `ok` holds, or the rules' own error.
    fn call<T>(
        &mut self,
        input: &[u8],
        function: impl FnOnce(&mut Store<StoreLimits>, u32, u32) -> wasmtime::Result<u64>,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Result<T, RuleError>, RulesError> {
        refuel(&mut self.store, self.origin, input.len())?;
        // What is too long for the module is too long for 32 bits as well: it says so itself.
        let length = u32::try_from(input.len()).unwrap_or(u32::MAX);
        let store = &mut self.store;
        let address = self
            .alloc
            .call(&mut *store, length)
            .map_err(|error| trapped(&error))?;
        if address != 0 {
            self.memory
                .write(&mut *store, address as usize, input)
                .map_err(|_| RulesError::BadAnswer("an address outside its memory".to_owned()))?;
        }
        let answer = function(&mut *store, address, length).map_err(|error| trapped(&error))?;
        if address != 0 {
            self.free
                .call(&mut *store, (address, length))
                .map_err(|error| trapped(&error))?;
        }
        let (address, length) = ((answer >> 32) as u32, answer as u32);
        let start = address as usize;
        let answer = self
            .memory
            .data(&*store)
            .get(start..start.saturating_add(length as usize))
            .ok_or_else(|| RulesError::BadAnswer("from outside its memory".to_owned()))
            .and_then(content)
            .map(|content| content.map(read));
        self.free
            .call(store, (address, length))
            .map_err(|error| trapped(&error))?;
        answer
    }
}

fn refuel(store: &mut Store<StoreLimits>, origin: Origin, length: usize) -> Result<(), RulesError> {
    match origin {
        Origin::Embedded => Ok(()),
        Origin::Given => store
            .set_fuel(FUEL_PER_CALL.saturating_add(FUEL_PER_BYTE.saturating_mul(length as u64)))
            .map_err(|error| RulesError::NotRules(format!("{error:#}"))),
    }
}

fn content(answer: &[u8]) -> Result<Result<&[u8], RuleError>, RulesError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: RuleError,
    }
    if let Some(content) = answer
        .strip_prefix(br#"{"ok":"#)
        .and_then(|rest| rest.strip_suffix(b"}"))
    {
        return Ok(Ok(content));
    }
    match serde_json::from_slice(answer) {
        Ok(Refusal { error }) => Ok(Err(error)),
        Err(error) => Err(RulesError::BadAnswer(format!(
            "neither `ok` nor `error`: {error}"
        ))),
    }
}

/// The trap in a word; the module's own frames have no names and say nothing.
fn trapped(error: &wasmtime::Error) -> RulesError {
    RulesError::Trapped(match error.downcast_ref::<Trap>() {
        Some(trap) => trap.to_string(),
        None => error.root_cause().to_string(),
    })
}

//! What happens by chance in a simulated world: one seed, one run.

use std::future::Future;

use crosswalk_host::random::{Random, SeededRandom};
use crosswalk_sandbox::{Effect, Fault};
use http::StatusCode;

/// How many worlds, unless `CROSSWALK_SEEDS` says otherwise; and with `CROSSWALK_LONG`.
const SEEDS: u64 = 50;
const SEEDS_OF_A_LONG_RUN: u64 = 1_000;

/// Chance, in words.
pub struct Chance(SeededRandom);

impl Chance {
    /// The chance of a seed.
    pub fn of(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// A number below this.
    pub fn below(&self, most: u64) -> u64 {
        self.0.next_u64() % most
    }

    /// Whether it is one of so many times.
    pub fn one_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    pub fn one_of<'t, T>(&self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len() as u64) as usize]
    }
}

/// Calls that fail, before or after they are carried out.
pub fn faults(chance: &Chance) -> Vec<Fault> {
    let statuses = [500, 502, 503, 429];
    (0..chance.below(5))
        .map(|_| {
            let effect = match chance.below(4) {
                0 => Effect::reset(),
                1 => Effect::reset().after_commit(),
                2 => Effect::html(StatusCode::BAD_GATEWAY).after_commit(),
                _ => Effect::status(StatusCode::from_u16(*chance.one_of(&statuses)).unwrap()),
            };
            let method = chance.one_of(&["PATCH", "PATCH", "POST", "GET", "DELETE"]);
            Fault::on(method, "/*", effect)
                .after_requests(chance.below(25))
                .times(1 + chance.below(12))
        })
        .collect()
}

/// Runs a world for each seed; one that fails is printed, and runs alone as `CROSSWALK_SEED=7`.
pub fn run_seeds<F: Future<Output = ()>>(simulate: impl Fn(u64) -> F) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let many = match std::env::var_os("CROSSWALK_LONG") {
        Some(_) => SEEDS_OF_A_LONG_RUN,
        None => SEEDS,
    };
    let seeds = match number("CROSSWALK_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CROSSWALK_SEEDS").unwrap_or(many),
    };
    for seed in seeds {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let run = std::panic::AssertUnwindSafe(|| runtime.block_on(simulate(seed)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("this was seed {seed}: CROSSWALK_SEED={seed} runs it alone");
            std::panic::resume_unwind(panic);
        }
    }
}

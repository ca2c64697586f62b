//! Runs every case of the corpus on every implementation of the rules, and counts the cases of each rule.

use crosswalk_tests::implementation::{self, Answer, Implementation, Implementations, Skipped};
use crosswalk_tests::rules::{CASES_PER_RULE, RULES};
use crosswalk_tests::{Case, case, expect};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let Implementations { here, skipped } = implementation::all();
    let implementations = Arc::new(here);
    let mut trials: Vec<Trial> = skipped.into_iter().map(not_here).collect();
    let mut cases = Vec::new();
    for case in case::all() {
        match case {
            Ok(case) => {
                let case = Arc::new(case);
                trials.extend(trials_of(&case, &implementations));
                cases.push(case);
            }
            Err(why) => trials.push(Trial::test(why.clone(), || Err(why.into()))),
        }
    }
    trials.push(Trial::test("coverage", move || coverage(&cases)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Says loudly that an implementation isn't tested; it is counted as ignored.
fn not_here(Skipped { name, why }: Skipped) -> Trial {
    eprintln!("SKIPPED: the corpus on the implementation `{name}`: {why}");
    Trial::test("the whole corpus", move || Err(why.into()))
        .with_kind(name)
        .with_ignored_flag(true)
}

/// One trial per implementation, and one for their being alike.
fn trials_of(case: &Arc<Case>, implementations: &Arc<Vec<Box<dyn Implementation>>>) -> Vec<Trial> {
    let mut trials: Vec<Trial> = (0..implementations.len())
        .map(|position| {
            let (case, implementations) = (case.clone(), implementations.clone());
            let kind = implementations[position].name();
            Trial::test(case.name.clone(), move || {
                holds(&case, &answer(&case, &*implementations[position]))
            })
            .with_kind(kind)
        })
        .collect();
    if implementations.len() > 1 {
        let (case, implementations) = (case.clone(), implementations.clone());
        trials.push(
            Trial::test(case.name.clone(), move || alike(&case, &implementations))
                .with_kind("alike"),
        );
    }
    trials
}

fn answer(case: &Case, implementation: &dyn Implementation) -> Answer {
    match case.other_settings() {
        None => implementation.plan(case.direction, &case.settings(), &case.snapshot()),
        Some(other) => implementation.compare(&case.settings(), &other, &case.snapshot()),
    }
}

/// The answer is what the case expects.
fn holds(case: &Case, answer: &Answer) -> Result<(), Failed> {
    let parse = |bytes: &[u8]| {
        serde_json::from_slice::<Value>(bytes)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(bytes)))
    };
    let answer = match answer {
        Ok(plan) => parse(plan)?,
        Err(error) => json!({"error": parse(error)?}),
    };
    let mut unmet = expect::unmet(&case.expect, Some(&answer));
    if case.expect.get("error").is_none() {
        unmet.extend(expect::unmet(&json!({"error": null}), Some(&answer)));
    }
    if unmet.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{}\n{answer:#}", case.title, unmet.join("\n")).into())
}

/// All answers are the same, byte by byte.
fn alike(case: &Case, implementations: &[Box<dyn Implementation>]) -> Result<(), Failed> {
    let mut answers = implementations
        .iter()
        .map(|implementation| (implementation.name(), answer(case, &**implementation)));
    let Some((first, expected)) = answers.next() else {
        return Ok(());
    };
    for (name, answer) in answers {
        if answer != expected {
            return Err(format!(
                "{name} answers {}, {first} {}",
                text(&answer),
                text(&expected)
            )
            .into());
        }
    }
    Ok(())
}

fn text(answer: &Answer) -> String {
    let (Ok(bytes) | Err(bytes)) = answer;
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every rule has its cases, and no case names a rule that isn't one.
fn coverage(cases: &[Arc<Case>]) -> Result<(), Failed> {
    let mut counts: BTreeMap<&str, usize> = RULES.iter().map(|rule| (*rule, 0)).collect();
    let mut failures = Vec::new();
    for case in cases {
        for rule in &case.rules {
            match counts.get_mut(rule.as_str()) {
                Some(count) => *count += 1,
                None => failures.push(format!("{} names `{rule}`, which is no rule", case.name)),
            }
        }
    }
    let lacking = counts.iter().filter(|(_, count)| **count < CASES_PER_RULE);
    failures.extend(
        lacking.map(|(rule, count)| format!("{rule} has {count} cases of {CASES_PER_RULE}")),
    );
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\n").into())
    }
}

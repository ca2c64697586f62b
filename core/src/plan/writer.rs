//! How is a decision made up, and a plan written while it is made? The same for both directions.

use super::tally::{Row, Tally};
use super::{Action, Decision, HubSpotDecision, Reason, Warning};
use crate::error::{Code, Error};
use crate::json::{self, Unwritten};
use crate::snapshot::Snapshot;
use crate::trace::{Entry, Words};
use serde::Serialize;

/// What decisions of both directions have.
pub(crate) struct Parts<'d, 'a> {
    pub(crate) action: &'d mut Action,
    pub(crate) reason: &'d mut Reason,
    pub(crate) rules: &'d mut Vec<&'static str>,
    pub(crate) warnings: &'d mut Vec<Warning>,
    pub(crate) trace: &'d mut Vec<Entry<'a>>,
    pub(crate) fingerprint: &'d mut Option<String>,
}

impl<'a> Parts<'_, 'a> {
    pub(crate) fn says(&mut self, rule: &'static str, words: Words<'a>) {
        self.trace.push(Entry { rule, text: words });
    }

    pub(crate) fn decided(&mut self, action: Action, reason: Reason) {
        *self.action = action;
        *self.reason = reason;
    }

    /// Ends with the rule that decided alone.
    // Called from everywhere: a copy at each place would be much of the module.
    #[inline(never)]
    pub(crate) fn end(
        &mut self,
        action: Action,
        reason: Reason,
        rule: &'static str,
        words: Words<'a>,
    ) {
        self.says(rule, words);
        *self.rules = vec![rule];
        self.decided(action, reason);
    }

    /// I1: a record, or its link, that can't be read.
    pub(crate) fn invalid(&mut self, words: &'static str, error: &Error) {
        self.warnings.push(because(error));
        self.end(
            Action::Skip,
            Reason::InvalidRecord,
            "I1",
            Words::Fixed(words),
        );
    }

    /// I4: of several records with one name the first is decided.
    pub(crate) fn duplicate(&mut self) {
        self.end(
            Action::Skip,
            Reason::DuplicateRecord,
            "I4",
            Words::Fixed("an earlier record has the same name"),
        );
    }
}

fn because(error: &Error) -> Warning {
    Warning {
        code: "invalid_record",
        message: error.message.clone(),
        path: Some(error.path.clone()),
        hint: Some(error.hint.clone()).filter(|hint| !hint.is_empty()),
    }
}

/// A decision of either direction.
pub(crate) trait Drafted<'a>: Serialize {
    fn parts(&mut self) -> Parts<'_, 'a>;
}

impl<'a> Drafted<'a> for Decision<'a> {
    fn parts(&mut self) -> Parts<'_, 'a> {
        Parts {
            action: &mut self.action,
            reason: &mut self.reason,
            rules: &mut self.rules,
            warnings: &mut self.warnings,
            trace: &mut self.trace,
            fingerprint: &mut self.fingerprint,
        }
    }
}

impl<'a> Drafted<'a> for HubSpotDecision<'a> {
    fn parts(&mut self) -> Parts<'_, 'a> {
        Parts {
            action: &mut self.action,
            reason: &mut self.reason,
            rules: &mut self.rules,
            warnings: &mut self.warnings,
            trace: &mut self.trace,
            fingerprint: &mut self.fingerprint,
        }
    }
}

/// Writes the plan as it is made: no decision is kept.
pub(crate) struct PlanWriter<'o> {
    out: &'o mut Vec<u8>,
    tally: Tally,
    result: Result<(), Unwritten>,
}

impl<'o> PlanWriter<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        out.extend_from_slice(br#"{"decisions":["#);
        Self {
            out,
            tally: Tally::new(),
            result: Ok(()),
        }
    }

    /// Writes a decision and counts it in its row.
    pub(crate) fn push<'a>(&mut self, row: Row<'_>, decision: &mut impl Drafted<'a>) {
        if self.out.last() != Some(&b'[') {
            self.out.push(b',');
        }
        if self.result.is_ok() {
            self.result = json::append(self.out, decision);
        }
        self.tally.count(row, &decision.parts());
    }

    /// Writes what is said of all decisions together.
    pub(crate) fn finish<S: Serialize>(
        self,
        snapshot: &Snapshot<'_>,
        summary: fn(&Tally) -> S,
    ) -> Result<(), Error> {
        let Self { out, tally, result } = self;
        out.extend_from_slice(br#"],"summary":"#);
        let rest = move |out: &mut Vec<u8>| -> Result<(), Unwritten> {
            json::append(out, &summary(&tally))?;
            if !snapshot.warnings.is_empty() {
                out.extend_from_slice(br#","warnings":"#);
                json::append(out, &snapshot.warnings)?;
            }
            if snapshot.digest {
                out.extend_from_slice(br#","digest":"#);
                json::append(out, &tally.digest())?;
            }
            out.push(b'}');
            Ok(())
        };
        result.and_then(|()| rest(out)).map_err(|error| {
            Error::new(
                Code::SnapshotInvalid,
                "",
                format!("the plan can't be written: {error}"),
            )
        })
    }
}

//! The activities of a file, planned as if they had been sent in.

use super::super::failure::Failure;
use super::super::output::Output;
use super::super::push;
use super::super::{Common, Ended};
use super::offline::{self, Beside};
use super::read;
use crate::clock::{Clock, SystemClock};
use crate::inbound::{self, About, FileError, Refusal, WasRead};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The activities of a file, in a snapshot.
pub(super) struct SentIn {
    snapshot: Map<String, Value>,
    refusals: Vec<Refusal>,
    read: WasRead,
    has_world: bool,
}

impl SentIn {
    pub(super) fn read(
        csv: &Path,
        about: &About,
        snapshot: Option<&Path>,
    ) -> Result<Self, Failure> {
        let mut whole = match snapshot {
            Some(file) => serde_json::from_slice(&read(file)?).map_err(|error| {
                let (name, line) = (file.display(), error.line());
                Failure::usage("not_json", format!("{name}:{line}: {error}"))
                    .hint("--snapshot takes JSON, as `crosswalk snapshot` writes it.")
            })?,
            None => Map::from_iter([("now".to_owned(), SystemClock.now().to_string().into())]),
        };
        let (mut activities, mut refusals) = (Vec::new(), Vec::new());
        let read = inbound::read_file(csv, about, |sent| {
            match sent {
                Ok(incoming) => activities.push(incoming.into_fields()),
                Err(refusal) => refusals.push(refusal),
            }
            Ok::<_, FileError>(())
        });
        let read = read.map_err(|error| push::of_file(csv, &error))?;
        let list = |name: &str| {
            whole
                .get(name)
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice)
        };
        let (contacts, owners) = (list("contacts"), list("owners"));
        for activity in &mut activities {
            inbound::name_people(activity, contacts, owners);
        }
        let activities = activities.into_iter().map(Value::Object).collect();
        whole.insert("activities".to_owned(), Value::Array(activities));
        whole.remove("records");
        Ok(Self {
            snapshot: whole,
            refusals,
            read,
            has_world: snapshot.is_some(),
        })
    }

    pub(super) fn preview(
        self,
        common: &Common,
        csv: &Path,
        show: usize,
        output: &Output,
    ) -> Result<Ended, Failure> {
        let refusals: Vec<Value> = self.refusals.iter().map(push::refusal_json).collect();
        let beside = Beside::from([
            ("refusals", refusals.into()),
            ("unknown", json!(self.read.unknown)),
        ]);
        let snapshot = Value::Object(self.snapshot).to_string();
        offline::preview(common, csv, snapshot.as_bytes(), show, output, &beside)?;
        if !self.refusals.is_empty() {
            output.line("");
            push::show_refusals(&self.refusals, output);
        }
        push::note_unknown(&self.read, output);
        if !self.has_world && !output.is_json() {
            output.note(
                "Without --snapshot nothing is known of contacts, owners and users, so what has a contact waits for it.",
            );
        }
        Ok(if self.refusals.is_empty() {
            Ended::Done
        } else {
            Ended::WithErrorsLeft
        })
    }
}

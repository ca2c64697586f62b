//! How a snapshot is read: fast where all is well, record by record where something isn't (I1, I4).

use crate::error::{Code, Error};
use crate::id;
use crate::index::{self, Duplicates, Index, activity_name};
use crate::json;
use crate::kind::Kind;
use crate::order;
use crate::plan::Warning;
use crate::rules::Rules;
use crate::snapshot::{Link, Malformed, Picklists, Reading, Related, Snapshot};
use crate::text::Text;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a snapshot and hands it, indexed, to `then`.
pub(crate) fn with_index<T>(
    rules: &Rules,
    input: &[u8],
    then: impl FnOnce(&Index<'_>) -> T,
) -> Result<T, Error> {
    let text = json::text(input)?;
    if let Ok(snapshot) = json::read::<Snapshot<'_>>(&text)
        && let Ok(index) = Index::new(rules, &snapshot)
    {
        return Ok(then(&index));
    }
    let text = json::repair_surrogates(&text).map_or(text, Cow::Owned);
    let snapshot = record_by_record(&text)?;
    match Index::new(rules, &snapshot) {
        Ok(index) => Ok(then(&index)),
        Err(Duplicates) => Err(Error::new(
            Code::SnapshotInvalid,
            "",
            "two records of one list have the same id",
        )),
    }
}

/// What a document says, whose surrogates are repaired.
pub(crate) fn snapshot(text: &str) -> Result<Snapshot<'_>, Error> {
    match json::read(text) {
        Ok(snapshot) if index::is_unique(&snapshot) => Ok(snapshot),
        _ => record_by_record(text),
    }
}

/// The members of a document, as they are written.
#[derive(Default)]
struct Document<'a> {
    now: Option<&'a str>,
    digest: Option<&'a str>,
    activities: Option<&'a str>,
    import: Option<&'a str>,
    records: Option<&'a str>,
    contacts: Option<&'a str>,
    owners: Option<&'a str>,
    users: Option<&'a str>,
    links: Option<&'a str>,
    related: Option<&'a str>,
    picklists: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn read(text: &'a str) -> Result<Self, Error> {
        let members = json::members(text)
            .map_err(|unread| json::error(Code::SnapshotInvalid, "", &unread))?
            .ok_or_else(no_object)?;
        let mut document = Self::default();
        for (name, value) in members {
            let Some(member) = document.member(&name) else {
                continue;
            };
            if member.replace(value).is_some() {
                return Err(twice(&name));
            }
        }
        Ok(document)
    }

    fn member(&mut self, name: &str) -> Option<&mut Option<&'a str>> {
        Some(match name {
            "now" => &mut self.now,
            "digest" => &mut self.digest,
            "activities" => &mut self.activities,
            "import" => &mut self.import,
            "records" => &mut self.records,
            "contacts" => &mut self.contacts,
            "owners" => &mut self.owners,
            "users" => &mut self.users,
            "links" => &mut self.links,
            "related" => &mut self.related,
            "picklists" => &mut self.picklists,
            _ => return None,
        })
    }
}

/// Whether a document has such a member.
pub(crate) fn is_member(name: &str) -> bool {
    Document::default().member(name).is_some()
}

pub(crate) fn no_object() -> Error {
    Error::new(Code::SnapshotInvalid, "", "a snapshot is an object")
        .with_hint("write it as {\"now\": …, \"activities\": [ … ], … }")
}

pub(crate) fn no_list(name: &str) -> Error {
    Error::new(
        Code::SnapshotInvalid,
        name,
        format!("`{name}` is not a list"),
    )
    .with_hint("write it as [ … ]")
}

pub(crate) fn twice(name: &str) -> Error {
    Error::new(
        Code::SnapshotInvalid,
        name,
        format!("`{name}` is there twice"),
    )
    .with_hint("put both into one")
}

fn record_by_record<'a>(text: &'a str) -> Result<Snapshot<'a>, Error> {
    let document = Document::read(text)?;
    let mut warnings = Vec::new();
    let now = value::<crate::time::Time>("now", document.now)?
        .get()
        .ok_or_else(|| {
            Error::new(Code::SnapshotInvalid, "now", "`now` is missing")
                .with_hint("it is required: the moment of planning")
        })?;
    Ok(Snapshot {
        now,
        digest: flag("digest", document.digest)?,
        activities: records("activities", document.activities)?,
        places_of_activities: Vec::new(),
        import: flag("import", document.import)?,
        records: records("records", document.records)?,
        contacts: least("contacts", document.contacts, hubspot_key, &mut warnings)?,
        owners: least("owners", document.owners, hubspot_key, &mut warnings)?,
        users: least("users", document.users, salesforce_key, &mut warnings)?,
        links: links(document.links, &mut warnings)?,
        related: related(document.related, &mut warnings)?,
        picklists: value::<Option<Picklists<'_>>>("picklists", document.picklists)?
            .unwrap_or_default(),
        warnings,
    })
}

fn value<'a, T: Deserialize<'a> + Default>(name: &str, raw: Option<&'a str>) -> Result<T, Error> {
    raw.map_or_else(|| Ok(T::default()), |raw| typed(name, raw))
}

fn flag(name: &str, raw: Option<&str>) -> Result<bool, Error> {
    Ok(value::<Option<bool>>(name, raw)?.unwrap_or(false))
}

fn typed<'a, T: Deserialize<'a>>(path: &str, raw: &'a str) -> Result<T, Error> {
    json::read(raw).map_err(|unread| json::error(Code::SnapshotInvalid, path, &unread))
}

/// The elements of a list with their places; a `null` is none.
fn elements<'a>(name: &str, raw: Option<&'a str>) -> Result<Vec<(usize, &'a str)>, Error> {
    let Some(raw) = raw else {
        return Ok(Vec::new());
    };
    let elements = json::elements(raw)
        .map_err(|unread| json::error(Code::SnapshotInvalid, name, &unread))?
        .ok_or_else(|| no_list(name))?;
    Ok(elements
        .into_iter()
        .enumerate()
        .filter(|(_, raw)| *raw != "null")
        .collect())
}

fn readings<'a, T: Deserialize<'a>>(
    name: &str,
    raw: Option<&'a str>,
) -> Result<Vec<(&'a str, Reading<T>)>, Error> {
    let read = |(place, raw): (usize, &'a str)| (raw, reading(name, || place, raw));
    Ok(elements(name, raw)?.into_iter().map(read).collect())
}

/// The record that is written here, at this place of its list.
pub(crate) fn reading<'a, T: Deserialize<'a>>(
    name: &str,
    place: impl FnOnce() -> usize,
    raw: &'a str,
) -> Reading<T> {
    match json::read(raw) {
        Ok(record) => Reading::Read(record),
        Err(unread) => {
            let path = format!("{name}[{}]", place());
            let error = json::error(Code::SnapshotInvalid, &path, &unread);
            Reading::Malformed(Box::new(malformed(raw, error)))
        }
    }
}

/// The records of a list, in its order.
fn records<'a, T: Deserialize<'a>>(
    name: &str,
    raw: Option<&'a str>,
) -> Result<Vec<Reading<T>>, Error> {
    let readings = readings(name, raw)?;
    Ok(readings.into_iter().map(|(_, reading)| reading).collect())
}

fn malformed(raw: &str, error: Error) -> Malformed {
    let record: Value = json::read(raw).unwrap_or_default();
    let text = |name: &str| {
        record
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !crate::text::is_blank(text))
            .map(str::to_owned)
    };
    Malformed {
        kind: text("kind"),
        id: text("id"),
        activity: text("activity"),
        task_id: text("task_id"),
        error,
    }
}

fn hubspot_key(record: &Value) -> Option<String> {
    record
        .get("id")?
        .as_str()
        .map(|text| id::hubspot(text).to_owned())
}

fn salesforce_key(record: &Value) -> Option<String> {
    record
        .get("id")?
        .as_str()
        .map(|text| id::salesforce(text).to_owned())
}

/// I4: of the well-formed records with one key, the least by canonical JSON; I1: the malformed ones are left out.
fn least<'a, T: Deserialize<'a>>(
    name: &str,
    raw: Option<&'a str>,
    key: fn(&Value) -> Option<String>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<T>, Error> {
    let mut least = Least::default();
    let mut records: Vec<Option<T>> = Vec::new();
    for (position, raw) in elements(name, raw)? {
        let path = format!("{name}[{position}]");
        match typed::<T>(&path, raw) {
            Err(error) => warnings.push(left_out(&error)),
            Ok(record) => {
                let replaced = least.offer(raw, key, records.len(), &path, warnings);
                records.push(Some(record));
                if let Some(replaced) = replaced.and_then(|place| records.get_mut(place)) {
                    *replaced = None;
                }
            }
        }
    }
    Ok(records.into_iter().flatten().collect())
}

/// Of each key the least canonical JSON so far, and its place.
#[derive(Default)]
struct Least {
    by_key: BTreeMap<String, (String, usize)>,
}

impl Least {
    /// The place of the record that isn't the least: an earlier one's, or this one's.
    fn offer(
        &mut self,
        raw: &str,
        key: fn(&Value) -> Option<String>,
        place: usize,
        path: &str,
        warnings: &mut Vec<Warning>,
    ) -> Option<usize> {
        let value: Value = json::read(raw).unwrap_or_default();
        let key = key(&value).unwrap_or_default();
        let canonical = json::canonical(&value);
        let Some(held) = self.by_key.get_mut(&key) else {
            self.by_key.insert(key, (canonical, place));
            return None;
        };
        warnings.push(duplicate(path, &key));
        if canonical < held.0 {
            let (_, replaced) = std::mem::replace(held, (canonical, place));
            Some(replaced)
        } else {
            Some(place)
        }
    }
}

/// A link among those for one activity: what decides which counts, and the link.
struct Candidate<'a> {
    /// Without a Task last, then by the Task's id, then by canonical JSON.
    rank: (bool, String, String),
    reading: Reading<Link<'a>>,
}

impl Candidate<'_> {
    fn is_malformed(&self) -> bool {
        matches!(self.reading, Reading::Malformed(_))
    }

    fn is_better_than(&self, held: &Self) -> bool {
        held.is_malformed() || (!self.is_malformed() && self.rank < held.rank)
    }
}

/// I4: of several links for one activity, the least Salesforce id; a malformed link stands for its activity.
///
/// The others stay, nameless, for the sake of the records that they link: no such record is a new one.
fn links<'a>(
    raw: Option<&'a str>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Reading<Link<'a>>>, Error> {
    let mut chosen: BTreeMap<(Kind, String), Candidate<'a>> = BTreeMap::new();
    let mut nameless = Vec::new();
    for (raw, reading) in readings::<Link<'a>>("links", raw)? {
        let name = match &reading {
            Reading::Read(link) => link.activity.get(),
            Reading::Malformed(malformed) => malformed.activity.as_deref(),
        };
        let Some((kind, activity_id)) = name.and_then(activity_name) else {
            match &reading {
                Reading::Malformed(malformed) => warnings.push(left_out(&malformed.error)),
                Reading::Read(link) if link.is_unsettled() => {}
                Reading::Read(link) => warnings.push(Warning::new(
                    "invalid_record",
                    format!(
                        "`{}` names no activity; the link is left out",
                        link.activity.get().unwrap_or_default()
                    ),
                )),
            }
            nameless.push(reading);
            continue;
        };
        let key = (kind, id::hubspot(activity_id).to_owned());
        let candidate = candidate(raw, reading, chosen.contains_key(&key));
        let Some(held) = chosen.get_mut(&key) else {
            chosen.insert(key, candidate);
            continue;
        };
        let superseded = if candidate.is_better_than(held) {
            std::mem::replace(held, candidate)
        } else {
            candidate
        };
        nameless.push(one_too_many(superseded.reading));
        if let Reading::Read(link) = &mut held.reading {
            link.is_one_of_several = true;
        }
    }
    let chosen = chosen.into_values().map(|candidate| candidate.reading);
    Ok(chosen.chain(nameless).collect())
}

fn candidate<'a>(
    raw: &str,
    mut reading: Reading<Link<'a>>,
    is_one_of_several: bool,
) -> Candidate<'a> {
    let canonical = json::canonical(&json::read(raw).unwrap_or_default());
    let task_id = match &mut reading {
        Reading::Read(link) => {
            link.is_one_of_several = is_one_of_several;
            link.task_id.get().map(id::salesforce).map(str::to_owned)
        }
        Reading::Malformed(_) => None,
    };
    Candidate {
        rank: (task_id.is_none(), task_id.unwrap_or_default(), canonical),
        reading,
    }
}

/// A link that doesn't count, because another one has its activity.
fn one_too_many(reading: Reading<Link<'_>>) -> Reading<Link<'_>> {
    let task_id = match reading {
        Reading::Read(link) => link.task_id.get().map(str::to_owned),
        Reading::Malformed(malformed) => malformed.task_id,
    };
    Reading::Malformed(Box::new(Malformed {
        kind: None,
        id: None,
        activity: None,
        task_id,
        error: Error::new(
            Code::SnapshotInvalid,
            "links",
            "several links name its activity; the one with the least Task id counts",
        ),
    }))
}

/// I4: of several records that name one deal, or one company, the least by canonical JSON. A record may name both.
fn related<'a>(
    raw: Option<&'a str>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Related<'a>>, Error> {
    let mut records = Vec::new();
    for (position, raw) in elements("related", raw)? {
        let path = format!("related[{position}]");
        match typed::<Related<'a>>(&path, raw) {
            Err(error) => warnings.push(left_out(&error)),
            Ok(record) => {
                let value = json::read(raw).unwrap_or_default();
                records.push((json::canonical(&value), path, record));
            }
        }
    }
    order::sort_by(&mut records, |left, right| left.0.cmp(&right.0));
    let (mut deals, mut companies) = (BTreeSet::new(), BTreeSet::new());
    let mut keep_first = |name: &mut Text<'a>, seen: &mut BTreeSet<String>, path: &str| {
        let Some(key) = name.get().map(|text| id::hubspot(text).to_owned()) else {
            return;
        };
        if seen.contains(&key) {
            warnings.push(duplicate(path, &key));
            *name = Text::default();
        } else {
            seen.insert(key);
        }
    };
    for (_, path, record) in &mut records {
        keep_first(&mut record.deal, &mut deals, path);
        keep_first(&mut record.company, &mut companies, path);
    }
    Ok(records.into_iter().map(|(_, _, record)| record).collect())
}

fn left_out(error: &Error) -> Warning {
    Warning {
        code: "invalid_record",
        message: format!("{}; the record is left out", error.message),
        path: Some(error.path.clone()),
        hint: Some(error.hint.clone()).filter(|hint| !hint.is_empty()),
    }
}

fn duplicate(path: &str, key: &str) -> Warning {
    Warning::new(
        "duplicate_input",
        format!("`{key}` is there more than once; the least is taken"),
    )
    .at(path)
}

//! Forms, and what people submitted with them.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::feed::{self, Feed, Happened, Order, Place, Reading};
use super::moment;
use super::page::{Page, Paging};
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::Call;
use crate::front::Answer;

/// The most forms a page holds, and the most submissions.
const LARGEST_PAGE: usize = 100;
const LARGEST_PAGE_OF_SUBMISSIONS: usize = 50;
const DEFAULT_PAGE: usize = 20;
/// What the ids of submissions begin with.
const SORT: u32 = 0xf0f0_f0f0;

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its id, a GUID.
    pub id: String,
    /// What it is called now; submissions don't tell what it was called before.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// It is in use no more.
    pub archived: bool,
    /// The properties of contacts it asks for.
    pub fields: Vec<Cow<'static, str>>,
    /// What people submitted.
    pub submissions: Vec<Submission>,
}

/// What somebody submitted with a form.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its number, which answers show as a UUID, the `conversionId`.
    pub number: u64,
    /// When.
    pub submitted_at: Timestamp,
    /// The page that had the form.
    pub page_url: String,
    /// What was given, by the name of the field.
    pub values: Vec<(Cow<'static, str>, String)>,
}

/// A form as it is held.
pub(super) struct Held {
    /// But for its submissions.
    form: Form,
    pub(super) submissions: Feed<Submission>,
}

impl Happened for Submission {
    fn place(&self) -> Place {
        (self.submitted_at.as_millisecond(), self.number)
    }
}

impl Held {
    pub(super) fn new(mut form: Form) -> Self {
        let submissions = Feed::new(std::mem::take(&mut form.submissions));
        Self { form, submissions }
    }

    fn view(&self) -> Json {
        let form = &self.form;
        let groups: Vec<_> = form
            .fields
            .iter()
            .map(|name| json!({ "groupType": "default_group", "richTextType": "text", "fields": [field(name)] }))
            .collect();
        json!({
            "id": form.id,
            "name": form.name,
            "createdAt": moment::written(form.created_at.as_millisecond()),
            "updatedAt": moment::written(form.updated_at.as_millisecond()),
            "archived": form.archived,
            "formType": "hubspot",
            "fieldGroups": groups,
            "configuration": { "language": "en", "cloneable": true, "editable": true, "archivable": true },
            "displayOptions": { "renderRawHtml": false, "theme": "default_style", "submitButtonText": "Submit" },
            "legalConsentOptions": { "type": "none" },
        })
    }

    /// With its submissions, for tests and for people.
    pub(super) fn state(&self) -> Json {
        let mut state = self.view();
        let submissions = self.submissions.all().iter().map(submission);
        state["submissions"] = submissions.collect();
        state
    }
}

fn field(name: &str) -> Json {
    let is_email = name == "email";
    json!({
        "objectTypeId": "0-1",
        "name": name,
        "label": name,
        "required": is_email,
        "hidden": false,
        "fieldType": if is_email { "email" } else { "single_line_text" },
    })
}

fn submission(submission: &Submission) -> Json {
    let values: Vec<_> = submission
        .values
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value, "objectTypeId": "0-1" }))
        .collect();
    json!({
        "conversionId": feed::id(SORT, submission.number),
        "submittedAt": submission.submitted_at.as_millisecond(),
        "values": values,
        "pageUrl": submission.page_url,
    })
}

/// A form by its id.
pub(super) fn with_id<'p>(portal: &'p mut Portal, id: &str) -> Option<&'p mut Held> {
    portal.forms.iter_mut().find(|held| held.form.id == id)
}

fn named<'p>(portal: &'p Portal, id: &str) -> Result<&'p Held, Refusal> {
    let form = portal.forms.iter().find(|held| held.form.id == id);
    form.ok_or_else(|| Refusal::not_found().category("OBJECT_NOT_FOUND"))
}

pub(super) fn list(portal: &Portal, call: &Call) -> Result<Answer, Refusal> {
    let limit = call.page_size(DEFAULT_PAGE, LARGEST_PAGE)?;
    let (archived, after) = (call.flag("archived"), call.parameter("after"));
    let types = call.list("formTypes");
    let is_of_type =
        types.is_empty() || types.iter().any(|name| matches!(*name, "hubspot" | "all"));
    let mut forms = portal.forms.iter().filter(|held| {
        let is_left = after.is_none_or(|after| *held.form.id > *after);
        is_of_type && held.form.archived == archived && is_left
    });
    let shown: Vec<_> = forms.by_ref().take(limit).collect();
    let next = forms.next().and(shown.last());
    let paging = next.map(|held| Paging::with_link(&held.form.id, call.link_to(&held.form.id)));
    Answer::ok(&Page::of(
        shown.into_iter().map(Held::view).collect(),
        paging,
    ))
}

pub(super) fn get(portal: &Portal, id: &str) -> Result<Answer, Refusal> {
    Answer::ok(&named(portal, id)?.view())
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    archived: Option<bool>,
}

/// Renames it, or takes it out of use.
pub(super) fn change(portal: &mut Portal, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let Change { name, archived } = call.read()?;
    named(portal, id)?;
    let now = Timestamp::from_millisecond(portal.now).unwrap_or_default();
    if let Some(held) = with_id(portal, id) {
        held.form.updated_at = now;
        held.form.archived = archived.unwrap_or(held.form.archived);
        held.form.name = name.unwrap_or_else(|| std::mem::take(&mut held.form.name));
    }
    get(portal, id)
}

/// What was submitted with a form, newest first.
pub(super) fn submissions(portal: &Portal, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let reading = Reading {
        order: Order::NewestFirst,
        span: (i64::MIN, i64::MAX),
        after: feed::after(call, "after")?,
        limit: call.page_size(DEFAULT_PAGE, LARGEST_PAGE_OF_SUBMISSIONS)?,
    };
    let part = named(portal, id)?.submissions.read(&reading, |_| true);
    let paging = part.next.map(|place| {
        let cursor = feed::cursor(place);
        let link = call.link_to(&cursor);
        Paging::with_link(cursor, link)
    });
    Answer::ok(&Page::of(
        part.happened.into_iter().map(submission).collect(),
        paging,
    ))
}

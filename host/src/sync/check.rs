//! Is everything there that a pass needs? Each point with what to do about it; nothing is written.

use super::{Engine, short};
use crate::error::ApiError;
use crate::feeds::Feed;
use crate::feeds::happened::{self, KINDS, Lists, Names};
use crate::hubspot::{Cursor, ObjectType, UniqueProperty};
use crate::salesforce::{KeyField, RecordCursor, RecordObject, SalesforceUser, TaskDescription};
use crosswalk_core::{Kind, RecordKind};
use serde::Serialize;

/// How a point stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As it should be.
    Good,
    /// It works, but is weaker than it could be.
    Weak,
    /// Something that is on doesn't work.
    Bad,
}

impl Standing {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Weak => "weak",
            Self::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// What was looked at, as `HubSpot`, or `kind call`.
    pub what: String,
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    pub found: String,
    /// What to do; empty if nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what_to_do: String,
}

impl Point {
    fn good(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            standing: Standing::Good,
            found: found.into(),
            what_to_do: String::new(),
        }
    }

    fn at(mut self, standing: Standing, what_to_do: impl Into<String>) -> Self {
        self.standing = standing;
        self.what_to_do = what_to_do.into();
        self
    }

    fn failed(what: impl Into<String>, error: &ApiError) -> Self {
        Self::good(what, error.what_happened()).at(Standing::Bad, error.what_to_do.as_str())
    }
}

impl Engine<'_> {
    /// Looks at everything that a pass needs. What can't be asked is a point too.
    pub async fn check(&self) -> Vec<Point> {
        let hubspot = self.check_hubspot().await;
        let can_ask_hubspot = hubspot.standing != Standing::Bad;
        let mut points = vec![hubspot];
        let can_ask_salesforce = self.check_salesforce(&mut points).await;
        if can_ask_hubspot {
            self.check_feeds(&mut points).await;
        }
        if can_ask_salesforce {
            self.check_records(&mut points).await;
        }
        if can_ask_hubspot {
            self.check_key_property(&mut points).await;
        }
        points.extend(self.budgets());
        points
    }

    async fn check_hubspot(&self) -> Point {
        const WHAT: &str = "HubSpot";
        let portal = self.settings.settings().portal_id.as_str();
        match self.hubspot.account().await {
            Err(error) => Point::failed(WHAT, &error),
            Ok(account) if account.portal_id == portal => {
                Point::good(WHAT, format!("answers, portal {portal}"))
            }
            Ok(account) => {
                let found = format!(
                    "the token is for portal {}, the settings are for {portal}",
                    account.portal_id
                );
                let what_to_do = "Set portal_id, or take that portal's token.";
                Point::good(WHAT, found).at(Standing::Bad, what_to_do)
            }
        }
    }

    /// Users, the integration user, Task. Answers whether Salesforce can be asked for more.
    async fn check_salesforce(&self, points: &mut Vec<Point>) -> bool {
        const WHAT: &str = "Salesforce";
        let users = match self.salesforce.users().await {
            Ok(users) => users,
            Err(error) => {
                points.push(Point::failed(WHAT, &error));
                return false;
            }
        };
        points.push(Point::good(WHAT, format!("answers, {} users", users.len())));
        points.push(self.integration_user(&users));
        let key_field = self.settings.settings().salesforce.key_field.as_deref();
        match self.salesforce.describe_task(key_field).await {
            Ok(task) => {
                points.push(key_field_point(key_field, &task));
                points.extend(self.task_types(&task));
                true
            }
            Err(error) => {
                points.push(Point::failed("Task", &error));
                false
            }
        }
    }

    fn integration_user(&self, users: &[SalesforceUser]) -> Point {
        const WHAT: &str = "integration user";
        let id = self.settings.settings().owners.integration_user.trim();
        let user = users.iter().find(|user| short(&user.id) == short(id));
        match user {
            Some(user) if user.is_active => {
                let name = user.name.as_deref().unwrap_or(id);
                Point::good(WHAT, format!("{name}, active"))
            }
            Some(_) => Point::good(WHAT, format!("{id} isn't active")).at(
                Standing::Bad,
                "Activate the user, or set owners.integration_user to another one.",
            ),
            None => Point::good(WHAT, format!("{id} is no user that can be seen")).at(
                Standing::Bad,
                "Set owners.integration_user to the id of the user whose token this is.",
            ),
        }
    }

    /// K3, F15: a type that Task doesn't have is left out.
    fn task_types(&self, task: &TaskDescription) -> Vec<Point> {
        let kinds = &self.settings.settings().to_salesforce;
        let lacking = kinds.iter().filter_map(|(kind, set)| {
            let task_type = set.task_type.as_deref().map(str::trim)?;
            let known = &task.task_type.as_ref()?.values;
            let is_lacking = self.settings.is_on(*kind)
                && !task_type.is_empty()
                && !known.iter().any(|value| value == task_type);
            is_lacking.then(|| {
                let found = format!("Task has no type `{task_type}`: it is left out");
                Point::good(format!("kind {}", kind.name()), found).at(
                    Standing::Weak,
                    "Add it to the picklist Type of Task, or set another task_type.",
                )
            })
        });
        lacking.collect()
    }

    /// Whether each kind that is on can be read.
    async fn check_feeds(&self, points: &mut Vec<Point>) {
        for feed in Feed::ALL {
            let kinds = feed
                .kinds()
                .iter()
                .filter(|kind| self.settings.is_on(**kind));
            let kinds: Vec<&str> = kinds.map(|kind| kind.name()).collect();
            if kinds.is_empty() {
                continue;
            }
            let now = Cursor::from(self.clock.now());
            let read = self.hubspot.changed_page(feed.object_type(), &now, &[]);
            let what = format!("kind {}", kinds.join(", "));
            points.push(match read.await {
                Ok(_) => Point::good(what, format!("HubSpot's {} can be read", feed.object())),
                Err(error) => Point::failed(what, &error),
            });
        }
        let mut names = Names::default();
        for kind in KINDS.into_iter().filter(|kind| self.settings.is_on(*kind)) {
            points.push(self.check_list(kind, &mut names).await);
        }
    }

    async fn check_list(&self, kind: Kind, names: &mut Names) -> Point {
        let what = format!("kind {}", kind.name());
        let read = async {
            let lists = happened::lists(self.hubspot, names, self.feeds, kind).await?;
            if let Lists::Of(sources) = &lists
                && let Some(source) = sources.first()
            {
                let since = self.clock.now();
                source.page(self.hubspot, names, since, None).await?;
            }
            Ok::<_, ApiError>(lists)
        };
        match read.await {
            Ok(Lists::Of(sources)) if sources.is_empty() => {
                Point::good(what, "can be read; there is nothing yet")
            }
            Ok(Lists::Of(sources)) => {
                let lists = match sources.len() {
                    1 => "one list".to_owned(),
                    lists => format!("{lists} lists"),
                };
                Point::good(what, format!("can be read, {lists}"))
            }
            Ok(Lists::NoFeed(why)) => {
                Point::good(what, format!("no feed: {why}")).at(Standing::Weak, NO_FEED)
            }
            Err(error) if matches!(error.status, Some(403 | 404)) => {
                let found = format!("no feed: {}", error.what_happened());
                let what_to_do = format!("{} {NO_FEED}", error.what_to_do);
                Point::good(what, found).at(Standing::Weak, what_to_do)
            }
            Err(error) => Point::failed(what, &error),
        }
    }

    /// Whether the records that go to HubSpot can be read.
    async fn check_records(&self, points: &mut Vec<Point>) {
        for object in RecordObject::ALL {
            let kinds: &[RecordKind] = match object {
                RecordObject::Task => RecordKind::ALL,
                RecordObject::Event => &[RecordKind::Meeting],
            };
            let is_on = |kind: &RecordKind| self.settings.record_window_start(*kind).is_some();
            if !kinds.iter().any(is_on) {
                continue;
            }
            let now = RecordCursor::from(self.clock.now());
            let key_field = self.settings.settings().salesforce.key_field.as_deref();
            let read = self.salesforce.records_changed(object, &now, key_field);
            let what = format!("{}s to HubSpot", object.name());
            points.push(match read.await {
                Ok(_) => Point::good(what, "can be read"),
                Err(error) => Point::failed(what, &error),
            });
        }
    }

    async fn check_key_property(&self, points: &mut Vec<Point>) {
        const WHAT: &str = "hubspot.key_property";
        let is_on = |kind: RecordKind| self.settings.record_window_start(kind).is_some();
        let objects: Vec<ObjectType> = OBJECTS
            .into_iter()
            .filter(|(kind, _)| is_on(*kind))
            .map(|(_, object)| object)
            .collect();
        let Some(name) = self.key_property.filter(|_| !objects.is_empty()) else {
            if !objects.is_empty() {
                let found = "none is set: after a lost answer an activity is told by what it says";
                points.push(Point::good(WHAT, found).at(Standing::Weak, MAKE_KEY_PROPERTY));
            }
            return;
        };
        for object in objects {
            let what = format!("{WHAT}, {object}");
            points.push(match self.hubspot.unique_property(object, name).await {
                Ok(UniqueProperty::Usable) => Point::good(what, format!("`{name}` is usable")),
                Ok(UniqueProperty::NotUnique) => {
                    let found = format!("`{name}` has no unique values");
                    Point::good(what, found).at(Standing::Weak, MAKE_KEY_PROPERTY)
                }
                Ok(UniqueProperty::Missing) => Point::good(what, format!("`{name}` isn't there"))
                    .at(Standing::Weak, MAKE_KEY_PROPERTY),
                Err(error) => Point::failed(what, &error),
            });
        }
    }

    /// What is left of the day's calls, as the last answers counted them.
    fn budgets(&self) -> Vec<Point> {
        let systems = [
            ("HubSpot", self.hubspot.daily_use()),
            ("Salesforce", self.salesforce.daily_use()),
        ];
        let known = systems.into_iter().filter_map(|(system, used)| {
            let used = used?;
            let found = format!("{} of {} used", used.used, used.most);
            Some(Point::good(format!("{system}'s calls of a day"), found))
        });
        known.collect()
    }
}

const NO_FEED: &str = "If the account has no such subscription, turn the kind off, or send such activities by `crosswalk push`; if it calls the events otherwise, set event_types.";
const MAKE_KEY_PROPERTY: &str = "Give the object a single-line text property with unique values, of the same name on each, and set hubspot.key_property.";

/// The objects that records become (S2).
const OBJECTS: [(RecordKind, ObjectType); 4] = [
    (RecordKind::Task, ObjectType::Task),
    (RecordKind::Email, ObjectType::Email),
    (RecordKind::Call, ObjectType::Call),
    (RecordKind::Meeting, ObjectType::Meeting),
];

fn key_field_point(asked: Option<&str>, task: &TaskDescription) -> Point {
    const WHAT: &str = "salesforce.key_field";
    const MAKE_KEY_FIELD: &str = "Give Task a text field (External ID, Unique) that the integration user may edit, and name it in the settings.";
    let Some(name) = asked else {
        let found = "none is set: a lost answer can leave a Task unsettled";
        return Point::good(WHAT, found).at(Standing::Weak, MAKE_KEY_FIELD);
    };
    let found = match &task.key_field {
        Some(KeyField::Usable(_)) => return Point::good(WHAT, format!("`{name}` is usable")),
        Some(KeyField::NotWritable) => "isn't a text field that the integration user can write",
        Some(KeyField::NotExternalId) => "isn't marked as External ID and Unique",
        Some(KeyField::Missing) | None => "isn't a field that the integration user can see",
    };
    Point::good(WHAT, format!("`{name}` {found}")).at(Standing::Weak, MAKE_KEY_FIELD)
}

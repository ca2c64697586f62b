//! The settings, checked and ready for use: what every planner holds.

use crate::error::{Code, Error};
use crate::id;
use crate::kind::{Class, Kind, RecordKind};
use crate::settings::{Conflict, MatchBy, OnDelete, RecordSettings, RelatedTo, Settings};
use crate::snapshot::Origin;
use crate::span::IsoSpan;
use crate::task::subject::Template;
use crate::text::is_blank;
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use rustc_hash::FxHashMap;

/// The rules under one set of settings. Opened once, then used for any number of snapshots.
#[derive(Debug)]
pub struct Rules {
    pub(crate) settings: Settings,
    pub(crate) time_zone: TimeZone,
    kinds: Vec<KindRules>,
    records: [RecordRules; RecordKind::ALL.len()],
    /// The template for links of origin `salesforce` (F12).
    title_only: Template,
    pub(crate) overrides: FxHashMap<String, String>,
    pub(crate) match_by: MatchBy,
    pub(crate) trigger_lead: IsoSpan,
    pub(crate) contact_wait: IsoSpan,
    pub(crate) wait: IsoSpan,
    pub(crate) cancelled_status: String,
    pub(crate) related_to: RelatedTo,
    pub(crate) conflict: Conflict,
    pub(crate) on_delete: OnDelete,
    pub(crate) on_delete_in_salesforce: OnDelete,
    pub(crate) due_time: civil::Time,
}

/// What the settings say of one kind.
#[derive(Clone, Debug)]
pub(crate) struct KindRules {
    pub(crate) is_on: bool,
    pub(crate) is_owned: bool,
    pub(crate) task_type: Option<String>,
    /// Where its window begins (W1-W3); none outside the calendar.
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) template: Template,
}

/// What the settings say of Salesforce's records of one kind.
#[derive(Clone, Copy, Debug)]
struct RecordRules {
    is_on: bool,
    /// Where its window begins (S3).
    not_before: Timestamp,
}

impl Rules {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// `not_json`, or `settings_invalid` with the path of the value, what is wrong and what to do.
    pub fn from_json(input: &[u8]) -> Result<Self, Error> {
        Self::new(Settings::from_json(input)?)
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// `settings_invalid` with the path of the value, what is wrong and what to do.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let time_zone = time_zone(&settings.time_zone)?;
        let windows = &settings.windows;
        let marketing = span(
            "marketing_email",
            windows.marketing_email.as_deref(),
            "P30D",
        )?;
        let form = span("form_submission", windows.form_submission.as_deref(), "P1Y")?;
        let trigger_lead = span("trigger_lead", windows.trigger_lead.as_deref(), "PT24H")?;
        let contact_wait = span("contact_wait", windows.contact_wait.as_deref(), "PT1H")?;
        let wait = span("wait", windows.wait.as_deref(), "P30D")?;
        let not_before = |kind: Kind, enabled_at: Timestamp| match kind.class() {
            Class::Sales => Some(enabled_at),
            Class::Marketing => marketing.before(enabled_at, &time_zone),
            Class::Form => form.before(enabled_at, &time_zone),
        };
        let kinds = Kind::ALL
            .iter()
            .map(|kind| kind_rules(&settings, *kind, not_before))
            .collect::<Result<_, _>>()?;
        let back = &settings.to_hubspot;
        let records = [&back.task, &back.email, &back.call, &back.meeting];
        Ok(Self {
            kinds,
            records: records.map(|toggle| record_rules(&settings, toggle)),
            title_only: Template::title_only(),
            overrides: settings
                .owners
                .overrides
                .iter()
                .filter(|(_, user)| !is_blank(user))
                .map(|(owner, user)| (id::hubspot(owner).to_owned(), user.clone()))
                .collect(),
            match_by: settings.owners.match_by.unwrap_or(MatchBy::Email),
            trigger_lead,
            contact_wait,
            wait,
            cancelled_status: settings
                .meetings
                .cancelled_status
                .clone()
                .unwrap_or_else(|| "Completed".to_owned()),
            related_to: settings.related_to.unwrap_or(RelatedTo::None),
            conflict: settings.conflict.unwrap_or(Conflict::Newest),
            on_delete: settings.on_delete.to_salesforce.unwrap_or(OnDelete::Keep),
            on_delete_in_salesforce: settings.on_delete.to_hubspot.unwrap_or(OnDelete::Keep),
            due_time: settings.due_time.unwrap_or(civil::time(8, 0, 0, 0)),
            time_zone,
            settings,
        })
    }

    /// The settings as they were read.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    #[expect(clippy::indexing_slicing, reason = "there is one entry per kind")]
    pub(crate) fn kind(&self, kind: Kind) -> &KindRules {
        &self.kinds[kind.position()]
    }

    /// F12: the template of a Task's subject.
    pub(crate) fn template(&self, kind: Kind, origin: Origin) -> &Template {
        match origin {
            Origin::HubSpot => &self.kind(kind).template,
            Origin::Salesforce => &self.title_only,
        }
    }

    /// Where the window of a kind begins (W1-W3): nothing that happened before it syncs. None if the kind is off or has no beginning.
    pub fn window_start(&self, kind: Kind) -> Option<Timestamp> {
        let rules = self.kind(kind);
        rules.is_on.then_some(rules.not_before).flatten()
    }

    /// Whether a kind is on (K1).
    pub fn is_on(&self, kind: Kind) -> bool {
        self.kind(kind).is_on
    }

    /// From when on Salesforce's records of a kind sync (S3); none if they don't (S1).
    pub fn record_window_start(&self, kind: RecordKind) -> Option<Timestamp> {
        let rules = self.records.get(kind as usize)?;
        rules.is_on.then_some(rules.not_before)
    }

    /// U4: whether Salesforce's changes of a linked record go to HubSpot.
    pub(crate) fn returns_to_hubspot(&self, kind: Kind, origin: Origin) -> bool {
        RecordKind::of_link(kind, origin)
            .is_some_and(|kind| self.record_window_start(kind).is_some())
    }
}

fn record_rules(settings: &Settings, toggle: &RecordSettings) -> RecordRules {
    RecordRules {
        is_on: toggle.enabled,
        not_before: toggle.enabled_at.unwrap_or(settings.enabled_at),
    }
}

fn kind_rules(
    settings: &Settings,
    kind: Kind,
    not_before: impl Fn(Kind, Timestamp) -> Option<Timestamp>,
) -> Result<KindRules, Error> {
    let toggle = settings.to_salesforce.get(&kind);
    let template = match toggle.and_then(|toggle| toggle.subject.as_deref()) {
        None => Template::default_of(kind),
        Some(subject) => Template::parse(subject).map_err(|message| {
            Error::new(
                Code::SettingsInvalid,
                format!("to_salesforce.{kind}.subject"),
                message,
            )
        })?,
    };
    let owned =
        settings
            .owners
            .owned_kinds
            .as_deref()
            .unwrap_or(&[Kind::Task, Kind::Note, Kind::Call]);
    Ok(KindRules {
        is_on: toggle.is_some_and(|toggle| toggle.enabled),
        is_owned: owned.contains(&kind),
        task_type: toggle.and_then(|toggle| toggle.task_type.clone()),
        not_before: not_before(
            kind,
            toggle
                .and_then(|toggle| toggle.enabled_at)
                .unwrap_or(settings.enabled_at),
        ),
        template,
    })
}

fn time_zone(name: &str) -> Result<TimeZone, Error> {
    let zones = TimeZoneDatabase::bundled();
    zones.get(name.trim()).map_err(|_| {
        let error = Error::new(
            Code::SettingsInvalid,
            "time_zone",
            format!("`{name}` is no IANA time zone"),
        );
        let likely = zones
            .available()
            .map(|zone| zone.as_str().to_owned())
            .collect::<Vec<_>>();
        let best = likely
            .iter()
            .map(|zone| {
                (
                    strsim::normalized_damerau_levenshtein(
                        &zone.to_lowercase(),
                        &name.to_lowercase(),
                    ),
                    zone,
                )
            })
            .filter(|(likeness, _)| *likeness > 0.6)
            .max_by(|left, right| left.0.total_cmp(&right.0));
        match best {
            Some((_, zone)) => error.with_hint(format!("did you mean `{zone}`?")),
            None => error.with_hint("write it as `Europe/Helsinki`"),
        }
    })
}

fn span(name: &str, given: Option<&str>, default: &str) -> Result<IsoSpan, Error> {
    let text = given.unwrap_or(default);
    IsoSpan::parse(text.trim()).map_err(|why| {
        Error::new(
            Code::SettingsInvalid,
            format!("windows.{name}"),
            format!("`{text}` {why}"),
        )
        .with_hint(format!("write an ISO 8601 duration, as `{default}`"))
    })
}

//! A specimen in the making.

use jiff::{SignedDuration, Timestamp};

use crate::hubspot::{ObjectType, Record};
use crate::sample::builder::Builder;
use crate::sample::calendar::{Place, days, earlier, for_hubspot, later, minutes, working_day};
use crate::sample::cast::PLAIN;
use crate::sample::company::AINO;
use crate::sample::enabled_at;

/// An activity in the making: made within the window by Aino with one contact, until the case says otherwise.
pub(super) struct Draft {
    pub(super) now: Timestamp,
    office: Place,
    object_type: ObjectType,
    record: Record,
    /// When it is due, starts or took place, if not when it was created.
    due: Option<Timestamp>,
    owner: Option<u64>,
    contacts: Vec<u64>,
    companies: Vec<u64>,
    deals: Vec<u64>,
}

impl Draft {
    /// One of this name: `kind:id`.
    pub(super) fn new(builder: &Builder, activity: &str) -> Self {
        let (kind, id) = activity.split_once(':').unwrap_or_default();
        let id = id.parse().unwrap_or_default();
        let object_type = match kind {
            "task" => ObjectType::Task,
            "call" => ObjectType::Call,
            "note" => ObjectType::Note,
            "meeting" => ObjectType::Meeting,
            _ => ObjectType::Email,
        };
        let draft = Self {
            now: builder.now,
            office: builder.office.clone(),
            object_type,
            record: Record::new(id, builder.now),
            due: None,
            owner: Some(AINO),
            contacts: vec![PLAIN],
            companies: Vec::new(),
            deals: Vec::new(),
        };
        let draft = draft.at(3 + (id % 7) as i64, 9 + (id % 8) as i8, (id * 7 % 60) as i8);
        match kind {
            "sales_email_sent" => draft
                .set("hs_email_direction", "EMAIL")
                .set("hs_email_status", "SENT"),
            "sales_email_replied" => draft
                .set("hs_email_direction", "INCOMING_EMAIL")
                .set("hs_email_status", "SENT"),
            "email_forwarded_email" => draft
                .set("hs_email_direction", "FORWARDED_EMAIL")
                .set("hs_email_status", "SENT"),
            _ => draft,
        }
    }

    /// Created so many days ago, or on the working day before, at this hour of the office.
    pub(super) fn at(self, ago: i64, hour: i8, minute: i8) -> Self {
        let date = working_day(self.office.date(earlier(self.now, days(ago))));
        let moment = self.office.at(date, hour, minute);
        self.created(moment)
    }

    /// Created at this moment, and not changed since.
    pub(super) fn created(mut self, moment: Timestamp) -> Self {
        self.record.created_at = moment;
        self.record.updated_at = moment;
        self
    }

    /// Created so long ago.
    pub(super) fn ago(self, by: SignedDuration) -> Self {
        let moment = earlier(self.now, by);
        self.created(moment)
    }

    /// Created so long after the sync was turned on.
    pub(super) fn after_start(self, by: SignedDuration) -> Self {
        let moment = later(enabled_at(self.now), by);
        self.created(moment)
    }

    /// Last changed so long ago.
    pub(super) fn changed_ago(mut self, by: SignedDuration) -> Self {
        self.record.updated_at = earlier(self.now, by);
        self
    }

    /// In the recycle bin since yesterday.
    pub(super) fn archived(mut self) -> Self {
        let moment = earlier(self.now, days(1));
        self.record = self.record.archived_at(moment).updated_at(moment);
        self
    }

    pub(super) fn set(mut self, property: &'static str, value: impl Into<String>) -> Self {
        self.record = self.record.with(property, value);
        self
    }

    pub(super) fn title(self, title: impl Into<String>) -> Self {
        let property = match self.object_type {
            ObjectType::Task => "hs_task_subject",
            ObjectType::Call => "hs_call_title",
            ObjectType::Meeting => "hs_meeting_title",
            _ => "hs_email_subject",
        };
        self.set(property, title)
    }

    pub(super) fn body(self, body: impl Into<String>) -> Self {
        let property = match self.object_type {
            ObjectType::Task => "hs_task_body",
            ObjectType::Call => "hs_call_body",
            ObjectType::Meeting => "hs_meeting_body",
            ObjectType::Note => "hs_note_body",
            _ => "hs_email_html",
        };
        self.set(property, body)
    }

    pub(super) fn status(self, status: &str) -> Self {
        let property = match self.object_type {
            ObjectType::Task => "hs_task_status",
            ObjectType::Call => "hs_call_status",
            _ => "hs_meeting_outcome",
        };
        self.set(property, status)
    }

    /// Due, or starting, so many days from now (before it, if negative), at this hour of the office.
    pub(super) fn due(mut self, ahead: i64, hour: i8, minute: i8) -> Self {
        let date = self.office.date(later(self.now, days(ahead)));
        self.due = Some(self.office.at(date, hour, minute));
        self
    }

    /// With a reminder so many hours before it is due.
    pub(super) fn reminded(self, hours: i64) -> Self {
        let due = self.due.unwrap_or(self.record.created_at);
        let reminder = earlier(due, minutes(60 * hours));
        self.set("hs_task_reminders", for_hubspot(reminder))
    }

    /// Owned by somebody else, or nobody.
    pub(super) fn owner(mut self, owner: impl Into<Option<u64>>) -> Self {
        self.owner = owner.into();
        self
    }

    /// With these contacts instead.
    pub(super) fn with(mut self, contacts: &[u64]) -> Self {
        self.contacts = contacts.to_vec();
        self
    }

    pub(super) fn company(mut self, company: u64) -> Self {
        self.companies.push(company);
        self
    }

    pub(super) fn deal(mut self, deal: u64) -> Self {
        self.deals.push(deal);
        self
    }

    /// Puts it into the portal.
    pub(super) fn finish(self, builder: &mut Builder) {
        let due = self.due.unwrap_or(self.record.created_at);
        let end = (self.object_type, self.record.id);
        let is_archived = self.record.archived_at.is_some();
        let mut record = self.record.with("hs_timestamp", for_hubspot(due));
        if self.object_type == ObjectType::Meeting {
            record = record
                .with("hs_meeting_start_time", for_hubspot(due))
                .with("hs_meeting_end_time", for_hubspot(later(due, minutes(45))));
        }
        if let Some(owner) = self.owner {
            record = record.with("hubspot_owner_id", owner.to_string());
        }
        let is_told = record
            .properties
            .iter()
            .any(|(name, _)| name == "hs_object_source");
        if !is_told {
            record = record.with("hs_object_source", "CRM_UI");
        }
        builder.hubspot.push(self.object_type, record);
        // What is in the recycle bin belongs to nothing.
        if is_archived {
            return;
        }
        let ends = [
            (ObjectType::Contact, self.contacts),
            (ObjectType::Company, self.companies),
            (ObjectType::Deal, self.deals),
        ];
        for (object_type, ids) in ends {
            for id in ids {
                builder.hubspot.associate(end, (object_type, id));
            }
        }
    }
}

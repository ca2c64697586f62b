//! When people work.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::random::Random;

/// Days and hours as one sees them at a place.
#[derive(Clone, Debug)]
pub(super) struct Place(TimeZone);

/// How often something happens in which hour of the day: most before and after lunch.
const HOURS: [(u64, i8); 11] = [
    (4, 8),
    (11, 9),
    (13, 10),
    (12, 11),
    (6, 12),
    (10, 13),
    (13, 14),
    (12, 15),
    (9, 16),
    (4, 17),
    (1, 19),
];

impl Place {
    /// The place with this IANA time zone.
    pub(super) fn named(zone: &str) -> Self {
        Self(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    pub(super) fn date(&self, moment: Timestamp) -> Date {
        self.0.to_datetime(moment).date()
    }

    /// This hour and minute of a day.
    pub(super) fn at(&self, date: Date, hour: i8, minute: i8) -> Timestamp {
        let time = date.at(hour.clamp(0, 23), minute.clamp(0, 59), 0, 0);
        self.0.to_timestamp(time).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Some moment of a working day.
    pub(super) fn at_work(&self, date: Date, random: &mut Random) -> Timestamp {
        let hour = random.weighted(&HOURS);
        let moment = self.at(date, hour, random.between(0, 59) as i8);
        later(
            moment,
            SignedDuration::from_millis(random.between(0, 59_999)),
        )
    }

    /// A full or half hour of the working day so many working days after a moment.
    pub(super) fn appointment(
        &self,
        after: Timestamp,
        days: i64,
        random: &mut Random,
    ) -> Timestamp {
        let mut date = self.date(after);
        for _ in 0..days.max(1) {
            date = next_working_day(date);
        }
        let half = if random.chance(40) { 30 } else { 0 };
        self.at(date, random.between(9, 16) as i8, half)
    }
}

pub(super) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The day itself, or the Friday before it.
pub(super) fn working_day(mut date: Date) -> Date {
    while is_weekend(date) {
        date = date.saturating_sub(1.day());
    }
    date
}

fn next_working_day(date: Date) -> Date {
    let mut date = date.saturating_add(1.day());
    while is_weekend(date) && date != Date::MAX {
        date = date.saturating_add(1.day());
    }
    date
}

pub(super) fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number.saturating_mul(24))
}

pub(super) fn minutes(number: i64) -> SignedDuration {
    SignedDuration::from_mins(number)
}

pub(super) fn earlier(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_sub(by).unwrap_or(moment)
}

pub(super) fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(moment)
}

/// A moment as Salesforce reads it, to the second.
pub(super) fn for_salesforce(moment: Timestamp) -> String {
    format!("{moment:.0}")
}

/// A moment as HubSpot reads it, to the millisecond.
pub(super) fn for_hubspot(moment: Timestamp) -> String {
    moment.as_millisecond().to_string()
}

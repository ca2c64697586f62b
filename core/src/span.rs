//! How long is a span of the settings, and which moment lies that far away? (W4)

use jiff::fmt::temporal::SpanParser;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// A span of the settings, ISO 8601, not negative.
#[derive(Clone, Debug)]
pub(crate) enum IsoSpan {
    /// Hours and less: exact.
    Exact(SignedDuration),
    /// With years, months, weeks or days: civil, in the settings' time zone.
    Civil(Span),
    /// Longer than the calendar: no bound.
    BeyondCalendar,
}

impl IsoSpan {
    /// Reads `P30D`, `PT24H`, `P1Y2M3W4DT5H6M7.5S`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.starts_with('-') || text.contains('-') {
            return Err("is negative");
        }
        if !is_iso(text) {
            return Err("is not an ISO 8601 duration");
        }
        let Ok(span) = SpanParser::new().parse_span(text) else {
            return Ok(Self::BeyondCalendar);
        };
        let is_exact = span.get_years() == 0
            && span.get_months() == 0
            && span.get_weeks() == 0
            && span.get_days() == 0;
        Ok(match SignedDuration::try_from(span) {
            Ok(duration) if is_exact => Self::Exact(duration),
            _ => Self::Civil(span),
        })
    }

    /// Whether it is no time at all.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Exact(duration) => duration.is_zero(),
            Self::Civil(span) => span.is_zero(),
            Self::BeyondCalendar => false,
        }
    }

    /// The moment that lies this span before `at`; none outside the calendar.
    pub(crate) fn before(&self, at: Timestamp, time_zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Exact(duration) => at.checked_sub(*duration).ok(),
            Self::Civil(span) => at
                .to_zoned_datetime(time_zone.clone())
                .checked_sub(*span)
                .ok()
                .map(|zoned| zoned.timestamp()),
            Self::BeyondCalendar => None,
        }
    }

    /// The moment that lies this span after `at`; none outside the calendar.
    pub(crate) fn after(&self, at: Timestamp, time_zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Exact(duration) => at.checked_add(*duration).ok(),
            Self::Civil(span) => at
                .to_zoned_datetime(time_zone.clone())
                .checked_add(*span)
                .ok()
                .map(|zoned| zoned.timestamp()),
            Self::BeyondCalendar => None,
        }
    }
}

/// Whether the text has the form of an ISO 8601 duration: designators in order, each with a number, a fraction only at the end.
fn is_iso(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['P', 'p']) else {
        return false;
    };
    let (date, time) = match rest.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let Some(date_parts) = designators(date, "YMWD", Fraction::Nowhere) else {
        return false;
    };
    match time {
        None => date_parts > 0,
        Some(time) => designators(time, "HMS", Fraction::AtTheEnd).is_some_and(|parts| parts > 0),
    }
}

/// Where a number of a duration may have a fraction: a part of a day has no civil meaning.
#[derive(Clone, Copy, PartialEq)]
enum Fraction {
    Nowhere,
    AtTheEnd,
}

/// How many `number designator` pairs the text is, the designators in the given order; none if it is anything else.
fn designators(mut text: &str, mut order: &str, allowed: Fraction) -> Option<usize> {
    let mut parts = 0;
    while !text.is_empty() {
        let (number, rest) =
            text.split_at_checked(text.find(|c: char| c.is_ascii_alphabetic())?)?;
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        let are_digits =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let mut rest = rest.chars();
        let designator = rest.next()?.to_ascii_uppercase();
        let (_, later) = order.split_once(designator)?;
        let has_fraction = number.len() != whole.len();
        let fraction_is_allowed = allowed == Fraction::AtTheEnd && rest.as_str().is_empty();
        if !are_digits(whole) || !are_digits(fraction) || (has_fraction && !fraction_is_allowed) {
            return None;
        }
        (text, order) = (rest.as_str(), later);
        parts += 1;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn reads_iso_and_nothing_else() {
        for text in ["P30D", "P1Y", "PT24H", "PT0S", "P1Y2M3W4DT5H6M7.5S", "p1d"] {
            assert!(IsoSpan::parse(text).is_ok(), "{text}");
        }
        for text in [
            "", "P", "PT", "30D", "1 day", "P1D1Y", "P1.5D2D", "P1.5D", "PD", "P1", "-P1D", "P-1D",
            "PT1X",
        ] {
            assert!(IsoSpan::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn longer_than_the_calendar_is_no_bound() {
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        assert!(matches!(
            IsoSpan::parse("P999999999999Y"),
            Ok(IsoSpan::BeyondCalendar)
        ));
        assert_eq!(
            IsoSpan::parse("P19000Y")
                .unwrap()
                .before(now, &TimeZone::UTC),
            None
        );
    }

    #[test]
    fn fractions_are_exact_where_hours_are() {
        assert!(
            matches!(IsoSpan::parse("PT1.5H"), Ok(IsoSpan::Exact(duration)) if duration == SignedDuration::from_mins(90))
        );
    }
}

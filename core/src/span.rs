//! How long is a span of the settings, and which moment lies that far away? (W4)

use crate::time::nanoseconds;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// A span of the settings, ISO 8601, not negative.
#[derive(Clone, Debug)]
pub(crate) enum IsoSpan {
    /// Civil years, months, weeks and days, in the settings' time zone; then what is exact.
    Within { civil: Span, exact: SignedDuration },
    /// Longer than the calendar: no bound.
    BeyondCalendar,
}

impl IsoSpan {
    /// Reads `P30D`, `PT24H`, `P1Y2M3W4DT5H6M7.5S`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains('-') {
            return Err("is negative");
        }
        let parts = parts(text).ok_or("is not an ISO 8601 duration")?;
        Ok(Self::of(&parts).unwrap_or(Self::BeyondCalendar))
    }

    /// The sum of the parts; none if it is longer than the calendar.
    fn of(parts: &[Part]) -> Option<Self> {
        let (mut civil, mut exact) = (Span::new(), SignedDuration::ZERO);
        for part in parts {
            let whole = part.whole?;
            match part.unit {
                Unit::Years => civil = civil.try_years(whole).ok()?,
                Unit::Months => civil = civil.try_months(whole).ok()?,
                Unit::Weeks => civil = civil.try_weeks(whole).ok()?,
                Unit::Days => civil = civil.try_days(whole).ok()?,
                Unit::Exact { seconds } => exact = exact.checked_add(part.duration(seconds)?)?,
            }
        }
        Some(Self::Within { civil, exact })
    }

    /// Whether it is no time at all.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Within { civil, exact } => civil.is_zero() && exact.is_zero(),
            Self::BeyondCalendar => false,
        }
    }

    /// The moment that lies this span before `at`; none outside the calendar.
    pub(crate) fn before(&self, at: Timestamp, time_zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Within { civil, exact } => {
                let at = add_civil(at, civil.negate(), time_zone)?;
                at.checked_sub(*exact).ok()
            }
            Self::BeyondCalendar => None,
        }
    }

    /// The moment that lies this span after `at`; none outside the calendar.
    pub(crate) fn after(&self, at: Timestamp, time_zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Within { civil, exact } => {
                let at = add_civil(at, *civil, time_zone)?;
                at.checked_add(*exact).ok()
            }
            Self::BeyondCalendar => None,
        }
    }
}

/// The same time of day so many days, weeks, months and years away: in a gap the later, in a fold the earlier instant.
fn add_civil(at: Timestamp, civil: Span, time_zone: &TimeZone) -> Option<Timestamp> {
    if civil.is_zero() {
        return Some(at);
    }
    let then = time_zone.to_datetime(at);
    let day = then.date().checked_add(civil).ok()?;
    time_zone.to_timestamp(day.to_datetime(then.time())).ok()
}

/// A number and its designator.
struct Part {
    unit: Unit,
    /// None if it has too many digits for any calendar.
    whole: Option<i64>,
    /// Nanoseconds of a unit of one second.
    fraction: i32,
}

#[derive(Clone, Copy)]
enum Unit {
    Years,
    Months,
    Weeks,
    Days,
    Exact { seconds: i32 },
}

impl Part {
    fn duration(&self, seconds: i32) -> Option<SignedDuration> {
        let fraction = SignedDuration::from_nanos(i64::from(self.fraction) * i64::from(seconds));
        SignedDuration::from_secs(self.whole?.checked_mul(i64::from(seconds))?)
            .checked_add(fraction)
    }
}

const DATE: [(char, Unit); 4] = [
    ('Y', Unit::Years),
    ('M', Unit::Months),
    ('W', Unit::Weeks),
    ('D', Unit::Days),
];
const TIME: [(char, Unit); 3] = [
    ('H', Unit::Exact { seconds: 3600 }),
    ('M', Unit::Exact { seconds: 60 }),
    ('S', Unit::Exact { seconds: 1 }),
];

/// The parts of an ISO 8601 duration: designators in order, each with a number, a fraction only at the end of a time; none if it is anything else.
fn parts(text: &str) -> Option<Vec<Part>> {
    let rest = text.strip_prefix(['P', 'p'])?;
    let (date, time) = match rest.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let mut parts = Vec::new();
    read_parts(date, &DATE, &mut parts)?;
    if let Some(time) = time {
        let before = parts.len();
        read_parts(time, &TIME, &mut parts)?;
        if parts.len() == before {
            return None;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

fn read_parts(mut text: &str, mut order: &[(char, Unit)], parts: &mut Vec<Part>) -> Option<()> {
    while !text.is_empty() {
        let (number, rest) =
            text.split_at_checked(text.find(|c: char| c.is_ascii_alphabetic())?)?;
        let mut rest = rest.chars();
        let designator = rest.next()?.to_ascii_uppercase();
        let place = order.iter().position(|(name, _)| *name == designator)?;
        let unit = order.get(place)?.1;
        order = order.get(place + 1..)?;
        text = rest.as_str();
        let (whole, fraction) = match number.split_once(['.', ',']) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let may_have_fraction = text.is_empty() && matches!(unit, Unit::Exact { .. });
        if !is_number(whole)
            || fraction.is_some_and(|digits| !may_have_fraction || !is_number(digits))
        {
            return None;
        }
        parts.push(Part {
            unit,
            whole: whole.parse().ok(),
            fraction: fraction.map_or(0, nanoseconds),
        });
    }
    Some(())
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use jiff::fmt::temporal::SpanParser;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    proptest! {
        /// Another library's spans lead to the same moment.
        #[test]
        fn spans_lead_where_another_library_s_do(
            years in 0..30, months in 0..40, weeks in 0..60, days in 0..900, hours in 0..100, minutes in 0..200, tenths in 0..6000,
            second in 1_500_000_000_i64..1_900_000_000, is_after in any::<bool>(),
        ) {
            let text = format!("P{years}Y{months}M{weeks}W{days}DT{hours}H{minutes}M{}.{}S", tenths / 10, tenths % 10);
            let span = SpanParser::new().parse_span(&text).unwrap();
            let zone = jiff::tz::TimeZoneDatabase::bundled().get("Europe/Helsinki").unwrap();
            let at = Timestamp::from_second(second).unwrap();
            let ours = IsoSpan::parse(&text).unwrap();
            let zoned = at.to_zoned_datetime(zone.clone());
            let (ours, theirs) = if is_after {
                (ours.after(at, &zone), zoned.checked_add(span))
            } else {
                (ours.before(at, &zone), zoned.checked_sub(span))
            };
            prop_assert_eq!(ours, theirs.ok().map(|zoned| zoned.timestamp()));
        }
    }

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
            matches!(IsoSpan::parse("PT1.5H"), Ok(IsoSpan::Within { exact, .. }) if exact == SignedDuration::from_mins(90))
        );
    }
}

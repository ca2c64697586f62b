//! How HubSpot writes and reads moments: milliseconds inside, ISO 8601 outside.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A moment as answers write it: in UTC, with milliseconds unless they are zero.
pub(super) fn written(millisecond: i64) -> String {
    match Timestamp::from_millisecond(millisecond) {
        Ok(moment) if millisecond % 1000 == 0 => format!("{moment:.0}"),
        Ok(moment) => format!("{moment:.3}"),
        Err(_) => millisecond.to_string(),
    }
}

/// A moment as requests write it: milliseconds, or ISO 8601 with an offset, or a day that begins in UTC.
pub(super) fn read(text: &str) -> Option<i64> {
    if let Ok(millisecond) = text.parse::<i64>() {
        return Timestamp::from_millisecond(millisecond)
            .ok()
            .map(|_| millisecond);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let date: Date = text.parse().ok()?;
    TimeZone::UTC
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .ok()
        .map(|moment| moment.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_without_milliseconds_that_are_zero() {
        assert_eq!(written(1_572_406_217_883), "2019-10-30T03:30:17.883Z");
        assert_eq!(written(1_572_406_217_880), "2019-10-30T03:30:17.880Z");
        assert_eq!(written(1_572_406_217_000), "2019-10-30T03:30:17Z");
    }

    #[test]
    fn a_moment_is_read_in_each_of_its_forms() {
        for text in [
            "1572406217883",
            "2019-10-30T03:30:17.883Z",
            "2019-10-30T05:30:17.883+02:00",
        ] {
            assert_eq!(read(text), Some(1_572_406_217_883), "{text}");
        }
        assert_eq!(read("2019-10-30"), Some(1_572_393_600_000));
        for text in [
            "",
            "tomorrow",
            "99999999999999999999",
            "9223372036854775807",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

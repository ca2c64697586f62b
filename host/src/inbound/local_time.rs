//! Times of a file: with an offset as they are, without one in the time zone that the user gives.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads a time. Of an hour that is there twice the first one counts; one that is left out begins when the clock goes on.
pub(super) fn read(text: &str, time_zone: Option<&TimeZone>) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let Ok(local) = text.parse::<DateTime>() else {
        return Err(format!("`{text}` is no time"));
    };
    let Some(time_zone) = time_zone else {
        return Err(format!("`{text}` has no offset from UTC"));
    };
    time_zone
        .to_timestamp(local)
        .map_err(|_| format!("`{text}` is outside the calendar"))
}

/// What helps where a time can't be read.
pub(super) const HINT: &str = "write it as 2026-11-20 08:00 and give the zone by --time-zone, or as 2026-11-20T08:00:00+02:00";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_local_time_is_in_the_zone_that_was_given() {
        let helsinki = TimeZone::get("Europe/Helsinki").unwrap();
        let at = |text: &str| read(text, Some(&helsinki)).unwrap().to_string();
        assert_eq!(at("2026-11-20 10:15"), "2026-11-20T08:15:00Z");
        assert_eq!(at("2026-07-20 10:15:30"), "2026-07-20T07:15:30Z");
        assert_eq!(at("2026-11-20"), "2026-11-19T22:00:00Z");
        assert_eq!(at("2026-11-20T10:15:00+01:00"), "2026-11-20T09:15:00Z");
        assert_eq!(at("2026-10-25 03:30"), "2026-10-25T00:30:00Z");
        assert!(
            read("2026-11-20 10:15", None)
                .unwrap_err()
                .contains("offset")
        );
        assert!(read("20.11.2026", Some(&helsinki)).is_err());
    }
}

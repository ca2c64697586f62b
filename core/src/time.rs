//! Moments and dates of a document, read and written: RFC 3339, with an offset.

use crate::text::is_blank;
use jiff::civil::{self, Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// Reads a moment.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    common_moment(text)
        .map_or_else(|| moment(text.trim()), Ok)
        .map_err(|why| format!("`{text}` is no time: {why}; write it as 2026-11-20T08:00:00Z"))
}

/// Reads a time of day, as `08:00` or `08:00:30`.
pub(crate) fn parse_time_of_day(text: &str) -> Result<civil::Time, String> {
    match time_of_day(text.trim()) {
        Ok((time, "")) => Ok(time),
        Ok(_) => Err("something follows it"),
        Err(why) => Err(why),
    }
    .map_err(|why| format!("`{text}` is no time of day: {why}; write it as 08:00"))
}

/// Reads a civil date.
pub(crate) fn date(text: &str) -> Option<Date> {
    match calendar_date(text) {
        Ok((date, "")) => Some(date),
        _ => None,
    }
}

const FORM: &str = "it has another form";
const CALENDAR: &str = "the calendar has no such day";
const CLOCK: &str = "the clock has no such time";

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    let (date, rest) = calendar_date(text)?;
    let time = rest
        .strip_prefix(['T', 't', ' '])
        .ok_or("it is a date without a time")?;
    let (time, offset) = time_of_day(time)?;
    let ahead_of_utc = offset_from_utc(offset)?;
    in_utc(date, time)?
        .checked_sub(ahead_of_utc)
        .map_err(|_| CALENDAR)
}

fn in_utc(date: Date, time: civil::Time) -> Result<Timestamp, &'static str> {
    let at = DateTime::from_parts(date, time);
    Offset::UTC.to_timestamp(at).map_err(|_| CALENDAR)
}

/// The moment in the form that nearly all have, `2026-11-20T08:00:00Z`, without a look at any other: a snapshot holds thousands.
fn common_moment(text: &str) -> Option<Timestamp> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text.as_bytes()
    else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let number = i8::try_from(digit(tens)? * 10 + digit(ones)?);
        number.ok()
    };
    let year = i16::from(two(y1, y2)?) * 100 + i16::from(two(y3, y4)?);
    let date = Date::new(year, two(m1, m2)?, two(d1, d2)?).ok()?;
    let time = civil::Time::new(two(h1, h2)?, two(n1, n2)?, two(s1, s2)?, 0).ok()?;
    in_utc(date, time).ok()
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

fn calendar_date(text: &str) -> Result<(Date, &str), &'static str> {
    let (year, text) = digits(text, 4)?;
    let (month, text) = digits(text.strip_prefix('-').ok_or(FORM)?, 2)?;
    let (day, text) = digits(text.strip_prefix('-').ok_or(FORM)?, 2)?;
    let part = |value: i32| i8::try_from(value).map_err(|_| CALENDAR);
    let year = i16::try_from(year).map_err(|_| CALENDAR)?;
    let date = Date::new(year, part(month)?, part(day)?).map_err(|_| CALENDAR)?;
    Ok((date, text))
}

fn time_of_day(text: &str) -> Result<(civil::Time, &str), &'static str> {
    let (hour, text) = digits(text, 2)?;
    let (minute, text) = digits(text.strip_prefix(':').ok_or(FORM)?, 2)?;
    let (second, nanosecond, text) = match text.strip_prefix(':') {
        None => (0, 0, text),
        Some(text) => {
            let (second, text) = digits(text, 2)?;
            let (nanosecond, text) = fraction(text)?;
            // A leap second is the last one before it.
            (if second == 60 { 59 } else { second }, nanosecond, text)
        }
    };
    let part = |value: i32| i8::try_from(value).map_err(|_| CLOCK);
    let time = civil::Time::new(part(hour)?, part(minute)?, part(second)?, nanosecond)
        .map_err(|_| CLOCK)?;
    Ok((time, text))
}

fn fraction(text: &str) -> Result<(i32, &str), &'static str> {
    let Some(text) = text.strip_prefix(['.', ',']) else {
        return Ok((0, text));
    };
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = text.split_at_checked(count).ok_or(FORM)?;
    if count == 0 {
        return Err(FORM);
    }
    Ok((nanoseconds(fraction), rest))
}

/// The nanoseconds of a second's decimal places; finer ones don't count.
pub(crate) fn nanoseconds(digits: &str) -> i32 {
    let digits = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
}

fn offset_from_utc(text: &str) -> Result<SignedDuration, &'static str> {
    let (sign, text) = match text.split_at_checked(1) {
        Some(("Z" | "z", "")) => return Ok(SignedDuration::ZERO),
        Some(("+", text)) => (1, text),
        Some(("-", text)) => (-1, text),
        None => return Err("it has no offset from UTC"),
        Some(_) => return Err(FORM),
    };
    let (hours, text) = digits(text, 2)?;
    let minutes = match text.strip_prefix(':').unwrap_or(text) {
        "" => 0,
        text => match digits(text, 2)? {
            (minutes, "") => minutes,
            _ => return Err(FORM),
        },
    };
    if hours > 23 || minutes > 59 {
        return Err("there is no such offset from UTC");
    }
    Ok(SignedDuration::from_mins(i64::from(
        sign * (hours * 60 + minutes),
    )))
}

fn digits(text: &str, count: usize) -> Result<(i32, &str), &'static str> {
    let (digits, rest) = text.split_at_checked(count).ok_or(FORM)?;
    let add = |sum: i32, digit: u8| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + i32::from(digit - b'0'))
    };
    let number = digits.bytes().try_fold(0, add).ok_or(FORM)?;
    Ok((number, rest))
}

/// A moment in UTC, as it is written: its fraction only where it has one.
pub(crate) struct Moment(pub(crate) Timestamp);

impl Moment {
    pub(crate) fn push_to(&self, text: &mut String) {
        let at = Offset::UTC.to_datetime(self.0);
        let [y1, y2, y3, y4, _, m1, m2, _, d1, d2] = day(at.date());
        let [[h1, h2], [n1, n2], [s1, s2]] = [at.hour(), at.minute(), at.second()].map(two_digits);
        text.push_str(before_year_zero(at.year()));
        text.push_str(ascii(&[
            y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2,
        ]));
        if at.subsec_nanosecond() != 0 {
            let fraction = format!(".{:09}", at.subsec_nanosecond());
            text.push_str(fraction.trim_end_matches('0'));
        }
        text.push('Z');
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

/// A civil date, as it is written.
pub(crate) struct Day(pub(crate) Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(before_year_zero(self.0.year()))?;
        f.write_str(ascii(&day(self.0)))
    }
}

/// ISO 8601 writes such years with a sign and six digits.
fn before_year_zero(year: i16) -> &'static str {
    if year < 0 { "-00" } else { "" }
}

/// A date without the sign of its year.
fn day(date: Date) -> [u8; 10] {
    let year = date.year().unsigned_abs();
    let [[y1, y2], [y3, y4]] = [year / 100, year % 100].map(two_digits);
    let [[m1, m2], [d1, d2]] = [date.month(), date.day()].map(two_digits);
    [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
}

/// A number below 100.
fn two_digits(number: impl TryInto<u8>) -> [u8; 2] {
    let number = number.try_into().unwrap_or_default();
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

fn ascii(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}

/// A moment of the snapshot; empty, only white space, `null` and missing are all absent (I2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time(Option<Timestamp>);

impl Time {
    /// The moment, unless it is absent.
    pub const fn get(self) -> Option<Timestamp> {
        self.0
    }
}

impl Time {
    pub(crate) const fn absent() -> Self {
        Self(None)
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(Some(at))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time as a string")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        if is_blank(text) {
            return Ok(Time(None));
        }
        parse(text).map(Time::from).map_err(E::custom)
    }
    fn visit_unit<E: Error>(self) -> Result<Time, E> {
        Ok(Time(None))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "null"], "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{Day, Moment, date, parse, parse_time_of_day};
    use jiff::Timestamp;
    use proptest::prelude::{prop_assert_eq, proptest};

    proptest! {
        /// Another library of dates writes and reads the same.
        #[test]
        fn moments_are_written_and_read_as_another_library_does(second in -377_705_023_201_i64..=253_402_207_200, nanosecond in 0_i32..1_000_000_000) {
            for at in [Timestamp::new(second, 0).unwrap(), Timestamp::new(second, nanosecond).unwrap_or_default()] {
                let written = Moment(at).to_string();
                prop_assert_eq!(&written, &at.to_string());
                if !written.starts_with('-') {
                    prop_assert_eq!(parse(&written), Ok(at));
                }
                let day = jiff::tz::Offset::UTC.to_datetime(at).date();
                prop_assert_eq!(Day(day).to_string(), day.to_string());
            }
        }

        #[test]
        fn offsets_are_subtracted_as_another_library_does(hours in 0..24, minutes in 0..60, is_behind: bool) {
            let sign = if is_behind { '-' } else { '+' };
            let text = format!("2026-11-20T08:00:00.25{sign}{hours:02}:{minutes:02}");
            prop_assert_eq!(parse(&text), Ok(text.parse().unwrap()));
        }
    }

    #[test]
    fn forms_that_are_read() {
        let at: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        for text in [
            "2026-11-20T08:00:00Z",
            " 2026-11-20t08:00:00z ",
            "2026-11-20 08:00Z",
            "2026-11-20T08:00:00.000000000000Z",
            "2026-11-20T08:00:00,0Z",
            "2026-11-20T10:00:00+02:00",
            "2026-11-20T10:00:00+0200",
            "2026-11-20T10:00:00+02",
            "2026-11-19T22:00:00-10:00",
        ] {
            assert_eq!(parse(text), Ok(at), "{text}");
        }
        assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn what_is_no_time_says_why() {
        for (text, why) in [
            ("", "another form"),
            ("soon", "another form"),
            ("2026-11-20", "a date without a time"),
            ("2026-11-20T08:00:00", "no offset"),
            ("2026-02-30T08:00:00Z", "calendar"),
            ("2026-13-01T08:00:00Z", "calendar"),
            ("2026-11-20T24:00:00Z", "clock"),
            ("2026-11-20T08:61:00Z", "clock"),
            ("2026-11-20T08:00:00.Z", "another form"),
            ("2026-11-20T08:00:00+24:00", "no such offset"),
            ("2026-11-20T08:00:00+2", "another form"),
            ("2026-11-20T08:00:00ZZ", "another form"),
            ("2026-11-20T08:00:00+02:00[Europe/Helsinki]", "another form"),
            ("٢٠٢٦-11-20T08:00:00Z", "another form"),
            ("9999-12-31T23:59:59Z", "calendar"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_time_of_day_has_no_date_and_no_offset() {
        assert!(parse_time_of_day("08:00").is_ok());
        assert!(parse_time_of_day(" 08:00:30 ").is_ok());
        for text in ["8:00", "08:00Z", "24:00", "noon", "T08:00"] {
            assert!(parse_time_of_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_stands_alone() {
        assert_eq!(date("2026-11-20"), Some(jiff::civil::date(2026, 11, 20)));
        for text in ["2026-11-20T08:00:00Z", "2026-02-30", "20261120", ""] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}

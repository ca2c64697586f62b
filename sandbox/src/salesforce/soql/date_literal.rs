//! `TODAY`, `LAST_N_DAYS:3` and their like: spans of days, in UTC.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The first day of a span and the day behind its last.
pub(super) type Days = (Date, Date);

const NAMES: &[&str] = &[
    "YESTERDAY",
    "TODAY",
    "TOMORROW",
    "LAST_WEEK",
    "THIS_WEEK",
    "NEXT_WEEK",
    "LAST_MONTH",
    "THIS_MONTH",
    "NEXT_MONTH",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
    "LAST_YEAR",
    "THIS_YEAR",
    "NEXT_YEAR",
];
const COUNTED: &[&str] = &[
    "LAST_N_DAYS",
    "NEXT_N_DAYS",
    "N_DAYS_AGO",
    "LAST_N_WEEKS",
    "NEXT_N_WEEKS",
    "LAST_N_MONTHS",
    "NEXT_N_MONTHS",
    "LAST_N_YEARS",
    "NEXT_N_YEARS",
];

/// Whether an upper-case word is a date literal, or begins one.
pub(super) fn is_name(word: &str) -> bool {
    NAMES.contains(&word) || COUNTED.contains(&word)
}

/// The days that a literal means. None when its number is missing, too many, or leads nowhere.
pub(super) fn days(name: &str, number: Option<i64>, today: Date) -> Option<Days> {
    if COUNTED.contains(&name) != number.is_some() {
        return None;
    }
    let week = today
        .checked_sub(i64::from(today.weekday().to_sunday_zero_offset()).days())
        .ok()?;
    let month = today.first_of_month();
    let year = today.first_of_year();
    let day = 1.day();
    let count = number.filter(|count| (0..=100_000).contains(count));
    match name {
        "YESTERDAY" => span(today, (-1).days(), day),
        "TODAY" => span(today, 0.days(), day),
        "TOMORROW" => span(today, 1.day(), day),
        "LAST_WEEK" => span(week, (-7).days(), 7.days()),
        "THIS_WEEK" => span(week, 0.days(), 7.days()),
        "NEXT_WEEK" => span(week, 7.days(), 7.days()),
        "LAST_MONTH" => span(month, (-1).month(), 1.month()),
        "THIS_MONTH" => span(month, 0.months(), 1.month()),
        "NEXT_MONTH" => span(month, 1.month(), 1.month()),
        "LAST_YEAR" => span(year, (-1).year(), 1.year()),
        "THIS_YEAR" => span(year, 0.years(), 1.year()),
        "NEXT_YEAR" => span(year, 1.year(), 1.year()),
        // From the day so long ago up to and with today; the next days begin tomorrow.
        "LAST_90_DAYS" => span(today, (-90).days(), 91.days()),
        "NEXT_90_DAYS" => span(today, 1.day(), 90.days()),
        "LAST_N_DAYS" => span(today, (-count?).days(), (count? + 1).days()),
        "NEXT_N_DAYS" => span(today, 1.day(), count?.days()),
        "N_DAYS_AGO" => span(today, (-count?).days(), day),
        "LAST_N_WEEKS" => span(week, (-count? * 7).days(), (count? * 7).days()),
        "NEXT_N_WEEKS" => span(week, 7.days(), (count? * 7).days()),
        "LAST_N_MONTHS" => span(month, months(-count?)?, months(count?)?),
        "NEXT_N_MONTHS" => span(month, 1.month(), months(count?)?),
        "LAST_N_YEARS" => span(year, years(-count?)?, years(count?)?),
        "NEXT_N_YEARS" => span(year, 1.year(), years(count?)?),
        _ => None,
    }
}

fn months(count: i64) -> Option<Span> {
    Span::new().try_months(count).ok()
}

fn years(count: i64) -> Option<Span> {
    Span::new().try_years(count).ok()
}

fn span(from: Date, offset: Span, length: Span) -> Option<Days> {
    let first = from.checked_add(offset).ok()?;
    Some((first, first.checked_add(length).ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn literals_are_spans_of_days() {
        let today = date(2026, 3, 1); // a Sunday
        for (name, number, first, end) in [
            ("TODAY", None, date(2026, 3, 1), date(2026, 3, 2)),
            ("LAST_N_DAYS", Some(2), date(2026, 2, 27), date(2026, 3, 2)),
            ("NEXT_N_DAYS", Some(2), date(2026, 3, 2), date(2026, 3, 4)),
            ("N_DAYS_AGO", Some(1), date(2026, 2, 28), date(2026, 3, 1)),
            ("LAST_WEEK", None, date(2026, 2, 22), date(2026, 3, 1)),
            ("LAST_MONTH", None, date(2026, 2, 1), date(2026, 3, 1)),
            ("NEXT_YEAR", None, date(2027, 1, 1), date(2028, 1, 1)),
        ] {
            assert_eq!(days(name, number, today), Some((first, end)), "{name}");
        }
        assert_eq!(days("LAST_N_DAYS", None, today), None);
        assert_eq!(days("LAST_N_YEARS", Some(90_000), today), None);
    }
}

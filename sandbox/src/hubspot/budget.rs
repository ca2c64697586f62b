//! How many requests a portal takes, and how many it took.

use std::collections::VecDeque;

use http::HeaderName;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::data::Portal;
use super::refusal::{LimitReached, Refusal};
use super::tokens::Caller;

/// What a request counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Search,
    Association,
    Other,
}

const TEN_SECONDS: i64 = 10_000;
const SECOND: i64 = 1_000;
const SEARCHES_A_SECOND: usize = 5;
const ASSOCIATIONS_PER_TEN_SECONDS: usize = 150;
/// The app that the requests are booked on.
const APP: u64 = 26_892_217;

/// The requests of a portal.
pub(super) struct Budget {
    portal: u64,
    time_zone: TimeZone,
    burst: Window,
    searches: Window,
    associations: Window,
    daily: u64,
    used: u64,
    day: Option<Date>,
}

/// The moments of the requests within a span that rolls on.
struct Window {
    most: usize,
    span: i64,
    taken: VecDeque<i64>,
}

impl Window {
    fn new(most: usize, span: i64) -> Self {
        Self {
            most,
            span,
            taken: VecDeque::new(),
        }
    }

    fn take(&mut self, now: i64) -> bool {
        // What lies ahead was counted before the clock was set back.
        self.taken
            .retain(|moment| (now - self.span < *moment) && *moment <= now);
        let free = self.taken.len() < self.most;
        if free {
            self.taken.push_back(now);
        }
        free
    }

    fn left(&self) -> usize {
        self.most - self.taken.len()
    }
}

impl Budget {
    pub(super) fn new(portal: &Portal) -> Self {
        let burst = usize::try_from(portal.requests_per_ten_seconds).unwrap_or(usize::MAX);
        Self {
            portal: portal.id,
            time_zone: TimeZone::get(&portal.time_zone).unwrap_or(TimeZone::UTC),
            burst: Window::new(burst, TEN_SECONDS),
            searches: Window::new(SEARCHES_A_SECOND, SECOND),
            associations: Window::new(ASSOCIATIONS_PER_TEN_SECONDS, TEN_SECONDS),
            daily: portal.daily_requests,
            used: portal.used_requests,
            day: None,
        }
    }

    /// Counts a request, unless there is no room for it.
    pub(super) fn take(&mut self, class: Class, now: i64) -> Result<(), Refusal> {
        self.begin_day(now);
        if self.used >= self.daily {
            return Err(self.reached("daily", "DAILY", "daily", Some(now)));
        }
        match class {
            Class::Search if !self.searches.take(now) => {
                return Err(self.reached("secondly", "SECONDLY", "search-secondly", None));
            }
            Class::Association if !self.associations.take(now) => {
                return Err(self.ten_secondly("associations-ten-secondly"));
            }
            Class::Other if !self.burst.take(now) => {
                return Err(self.ten_secondly("private_app-api-calls-ten-secondly"));
            }
            _ => self.used += 1,
        }
        Ok(())
    }

    fn begin_day(&mut self, now: i64) {
        let moment = Timestamp::from_millisecond(now).unwrap_or_default();
        let day = Some(self.time_zone.to_datetime(moment).date());
        if self.day.is_some() && self.day != day {
            self.used = 0;
        }
        self.day = day;
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    pub(super) fn daily(&self) -> u64 {
        self.daily
    }

    pub(super) fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    fn ten_secondly(&self, group: &str) -> Refusal {
        self.reached("ten_secondly_rolling", "TEN_SECONDLY_ROLLING", group, None)
    }

    fn reached(
        &self,
        limit: &str,
        policy_name: &'static str,
        group: &str,
        request: Option<i64>,
    ) -> Refusal {
        let (portal, used) = (self.portal, self.used);
        Refusal::limit_reached(
            limit,
            LimitReached {
                error_type: "RATE_LIMIT",
                policy_name,
                group_name: format!("publicapi:{group}:{portal}:{APP}"),
                request_id: request
                    .map(|now| Uuid::from_u64_pair(now.unsigned_abs(), used).to_string()),
            },
        )
    }

    /// What an answer says of it: nothing after a search, nothing of the day to an app with OAuth.
    pub(super) fn headers(&self, class: Class, caller: Caller) -> Vec<(HeaderName, String)> {
        let window = match class {
            Class::Search => return Vec::new(),
            Class::Association => &self.associations,
            Class::Other => &self.burst,
        };
        let left = self.daily.saturating_sub(self.used).to_string();
        let of_the_day = [
            ("x-hubspot-ratelimit-daily", self.daily.to_string()),
            ("x-hubspot-ratelimit-daily-remaining", left),
        ];
        let of_the_window = [
            (
                "x-hubspot-ratelimit-interval-milliseconds",
                window.span.to_string(),
            ),
            ("x-hubspot-ratelimit-max", window.most.to_string()),
            ("x-hubspot-ratelimit-remaining", window.left().to_string()),
        ];
        let of_the_day = of_the_day
            .into_iter()
            .filter(|_| caller == Caller::PrivateApp);
        of_the_day
            .chain(of_the_window)
            .map(|(name, value)| (HeaderName::from_static(name), value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;
    use crate::hubspot::HubSpotData;
    use serde_json::json;

    fn budget() -> Budget {
        Budget::new(&HubSpotData::default().portal)
    }

    #[test]
    fn ten_seconds_hold_190_requests_and_roll_on() {
        let mut budget = budget();
        for request in 0..190 {
            budget.take(Class::Other, request).unwrap();
        }
        let refused = budget.take(Class::Other, 9_999).unwrap_err();
        assert_eq!(
            json!(refused)["message"],
            "You have reached your ten_secondly_rolling limit."
        );
        budget.take(Class::Other, 10_000).unwrap();
        budget.take(Class::Other, 10_000).unwrap_err();
        budget.take(Class::Search, 10_000).unwrap();
    }

    #[test]
    fn a_clock_set_back_frees_what_lies_ahead() {
        let mut budget = budget();
        (0..190).for_each(|_| budget.take(Class::Other, 1_000_000).unwrap());
        budget.take(Class::Other, 0).unwrap();
    }

    #[test]
    fn the_day_ends_at_midnight_of_the_portal() {
        let mut budget = Budget::new(&Portal {
            daily_requests: 1,
            ..HubSpotData::default().portal
        });
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        budget
            .take(Class::Search, at("2026-11-23T22:00:00Z"))
            .unwrap();
        let refused = budget
            .take(Class::Other, at("2026-11-23T22:59:59Z"))
            .unwrap_err();
        assert_eq!(
            json!(refused)["message"],
            "You have reached your daily limit."
        );
        budget
            .take(Class::Other, at("2026-11-23T23:00:00Z"))
            .unwrap();
    }
}

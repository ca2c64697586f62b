//! How many calls HubSpot takes.

use std::num::NonZeroUsize;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;

use super::refusal;
use crate::api::{Call, Explained, Refusal, Vendor, number_in};
use crate::budget::{Burst, Daily, DailyShare, DailyUse};
use crate::calls::Effect;
use crate::error::{ApiError, Class};

/// HubSpot counts when calls arrive, which varies a little.
const TEN_SECONDS: SignedDuration = SignedDuration::from_millis(10_500);
const SECOND: SignedDuration = SignedDuration::from_millis(1_080);

/// How many calls HubSpot takes in a burst, where it doesn't say otherwise itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bursts {
    /// In ten seconds; default 190, a Professional account's share.
    pub calls_per_ten_seconds: NonZeroUsize,
    /// Of associations, which have a limit of their own, in ten seconds; default 150.
    pub associations_per_ten_seconds: NonZeroUsize,
    /// In a second; default 5.
    pub searches_per_second: NonZeroUsize,
}

impl Default for Bursts {
    fn default() -> Self {
        let number = |number| NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN);
        Self {
            calls_per_ten_seconds: number(190),
            associations_per_ten_seconds: number(150),
            searches_per_second: number(5),
        }
    }
}

/// How many calls HubSpot takes.
#[derive(Debug)]
pub(super) struct Limits {
    calls: Burst,
    associations: Burst,
    searches: Burst,
    daily: Daily,
}

impl Limits {
    pub(super) fn new(bursts: Bursts, share: DailyShare) -> Self {
        Self {
            calls: Burst::new(bursts.calls_per_ten_seconds.get(), TEN_SECONDS),
            associations: Burst::new(bursts.associations_per_ten_seconds.get(), TEN_SECONDS),
            searches: Burst::new(bursts.searches_per_second.get(), SECOND),
            daily: Daily::new(share),
        }
    }

    pub(super) fn daily_use(&self) -> Option<DailyUse> {
        self.daily.seen()
    }

    fn burst(&self, call: &Call) -> &Burst {
        if call.effect == Effect::Search {
            &self.searches
        } else if call.path.starts_with("/crm/associations/") {
            &self.associations
        } else {
            &self.calls
        }
    }
}

impl Vendor for Limits {
    const NAME: &'static str = "HubSpot";

    fn admit(&self, call: &Call, now: Timestamp) -> Result<(), Refusal> {
        self.daily
            .check(now)
            .map_err(|(used, wait)| Refusal::Today(Box::new(used_up(used, wait))))?;
        self.burst(call).take(now).map_err(Refusal::In)
    }

    fn note(&self, call: &Call, headers: &HeaderMap, now: Timestamp) {
        let number = |name| number_in(headers, name);
        let ten_seconds = number("x-hubspot-ratelimit-interval-milliseconds") == Some(10_000);
        if let Some(most) = number("x-hubspot-ratelimit-max").filter(|_| ten_seconds) {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            if call.effect != Effect::Search {
                self.burst(call).learn(most);
            }
        }
        let daily = number("x-hubspot-ratelimit-daily");
        let left = number("x-hubspot-ratelimit-daily-remaining");
        if let (Some(most), Some(left)) = (daily, left) {
            let used = most.saturating_sub(left);
            self.daily.learn(DailyUse { used, most }, now);
        }
    }

    fn explain(&self, _call: &Call, status: StatusCode, body: &Json, _now: Timestamp) -> Explained {
        refusal::explain(status, body)
    }
}

fn used_up(DailyUse { used, most }: DailyUse, wait: Duration) -> ApiError {
    ApiError {
        class: Class::Wait,
        system: Limits::NAME,
        status: None,
        code: Some("DAILY_SHARE_USED".to_owned()),
        message: format!(
            "{used} of the account's {most} calls of today are used, and the rest is left to others"
        ),
        what_to_do:
            "It goes on when the account's day ends; or raise budget.hubspot in crosswalk.toml."
                .to_owned(),
        retry_after: Some(wait),
    }
}

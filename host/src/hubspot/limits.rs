//! How many calls HubSpot takes.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::refusal;
use crate::api::{Call, Explained, Refusal, Vendor, number_in};
use crate::budget::{Burst, Daily, DailyShare, DailyUse};
use crate::calls::Effect;
use crate::error::{ApiError, Class};

/// What HubSpot takes in ten seconds until it says otherwise: a Professional account's share.
const CALLS: usize = 190;
/// Associations have a limit of their own.
const ASSOCIATION_CALLS: usize = 150;
/// HubSpot counts when calls arrive, which varies a little.
const TEN_SECONDS: SignedDuration = SignedDuration::from_millis(10_500);
const SEARCHES: usize = 5;
const SECOND: SignedDuration = SignedDuration::from_millis(1_080);

/// How many calls HubSpot takes.
#[derive(Debug)]
pub(super) struct Limits {
    calls: Burst,
    associations: Burst,
    searches: Burst,
    daily: Daily,
}

impl Limits {
    pub(super) fn new(share: DailyShare) -> Self {
        Self {
            calls: Burst::new(CALLS, TEN_SECONDS),
            associations: Burst::new(ASSOCIATION_CALLS, TEN_SECONDS),
            searches: Burst::new(SEARCHES, SECOND),
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
        what_to_do: "It goes on when the account's day ends; or raise the share in the settings."
            .to_owned(),
        retry_after: Some(wait),
    }
}

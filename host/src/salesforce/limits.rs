//! How many calls Salesforce takes.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{DATA, Salesforce, refusal};
use crate::api::{Call, Explained, Refusal, Vendor};
use crate::budget::{Daily, DailyShare, DailyUse};
use crate::error::{ApiError, Class};

/// How many calls Salesforce takes: those of the day only.
#[derive(Debug)]
pub(super) struct Limits {
    daily: Daily,
}

impl Limits {
    pub(super) fn new(share: DailyShare) -> Self {
        Self {
            daily: Daily::new(share),
        }
    }

    pub(super) fn daily_use(&self) -> Option<DailyUse> {
        self.daily.seen()
    }
}

impl Vendor for Limits {
    const NAME: &'static str = "Salesforce";

    fn admit(&self, _call: &Call, now: Timestamp) -> Result<(), Refusal> {
        self.daily
            .check(now)
            .map_err(|(used, wait)| Refusal::Today(Box::new(used_up(used, wait))))
    }

    fn note(&self, _call: &Call, headers: &HeaderMap, now: Timestamp) {
        let told = headers
            .get("sforce-limit-info")
            .and_then(|value| value.to_str().ok());
        if let Some(used) = told.and_then(api_usage) {
            self.daily.learn(used, now);
        }
    }

    fn explain(&self, _call: &Call, status: StatusCode, body: &Json, _now: Timestamp) -> Explained {
        refusal::explain(status, body)
    }
}

/// `api-usage=10018/100000`, with others beside it.
fn api_usage(header: &str) -> Option<DailyUse> {
    let mut parts = header.split([';', ',']).map(str::trim);
    let (used, most) = parts
        .find_map(|part| part.strip_prefix("api-usage="))?
        .split_once('/')?;
    Some(DailyUse {
        used: used.trim().parse().ok()?,
        most: most.trim().parse().ok()?,
    })
}

fn used_up(DailyUse { used, most }: DailyUse, wait: Duration) -> ApiError {
    ApiError {
        class: Class::Wait,
        system: Limits::NAME,
        status: None,
        code: Some("DAILY_SHARE_USED".to_owned()),
        message: format!(
            "{used} of the org's {most} calls of 24 hours are used, and the rest is left to others"
        ),
        what_to_do:
            "It goes on when calls are a day old and free again; or raise budget.salesforce in crosswalk.toml."
                .to_owned(),
        retry_after: Some(wait),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    max: u64,
    remaining: u64,
}

impl Salesforce {
    /// The org's limits by name, such as `DailyApiRequests`.
    pub async fn limits(&self) -> Result<BTreeMap<String, DailyUse>, ApiError> {
        let limits: BTreeMap<String, Limit> = self
            .api
            .read(Call::get(format!("{DATA}/limits"), "limits"))
            .await?;
        let limits = limits.into_iter().map(|(name, Limit { max, remaining })| {
            let used = max.saturating_sub(remaining);
            (name, DailyUse { used, most: max })
        });
        Ok(limits.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_org_says_what_is_used() {
        for (header, expected) in [
            ("api-usage=18/5000", Some((18, 5000))),
            (
                "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)",
                Some((25, 5000)),
            ),
            ("per-app-api-usage=17/250(appName=x)", None),
            ("api-usage=many/5000", None),
        ] {
            let expected = expected.map(|(used, most)| DailyUse { used, most });
            assert_eq!(api_usage(header), expected, "{header}");
        }
    }
}

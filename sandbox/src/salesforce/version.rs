//! The versions of the API, and what each has.

use std::fmt;

use serde_json::{Value as Json, json};

use super::error::Refusal;
use super::org::Org;
use super::request::Call;
use super::route::Caller;
use crate::front::Answer;

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u16);

/// The newest version of the API.
pub const VERSION: &str = "67.0";

const OLDEST: u16 = 31;
const LATEST: u16 = 67;
/// Since this version an upsert that changed a record says so.
pub(super) const UPSERT_TELLS: Version = Version(46);

impl Version {
    /// Reads a segment of a path, such as `v67.0`.
    pub(super) fn of(segment: &str) -> Option<Self> {
        let number = segment.strip_prefix('v')?.strip_suffix(".0")?;
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let version = number.parse().ok().filter(|_| is_plain)?;
        (OLDEST..=LATEST)
            .contains(&version)
            .then_some(Self(version))
    }

    /// The season it came with: three a year, the 31st in Summer '14.
    fn label(self) -> String {
        const SEASONS: [&str; 3] = ["Spring", "Summer", "Winter"];
        let since_spring_14 = usize::from(self.0 - 30);
        let season = SEASONS[since_spring_14 % 3];
        let year = 14 + since_spring_14 / 3 + usize::from(season == "Winter");
        format!("{season} '{year}")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.0)
    }
}

/// All versions, which anybody may ask for.
pub(super) fn all() -> Result<Answer, Refusal> {
    let versions: Vec<Json> = (OLDEST..=LATEST)
        .map(Version)
        .map(|version| json!({ "label": version.label(), "url": format!("/services/data/v{version}"), "version": version.to_string() }))
        .collect();
    Answer::ok(&versions)
}

/// Where the resources of a version are.
pub(super) fn resources(org: &Org, call: &Call, caller: Caller) -> Result<Answer, Refusal> {
    let mut resources: Json = [
        "composite",
        "jobs",
        "limits",
        "query",
        "queryAll",
        "sobjects",
    ]
    .into_iter()
    .map(|name| {
        let url = format!("/services/data/v{}/{name}", caller.version);
        (name.to_owned(), Json::String(url))
    })
    .collect::<serde_json::Map<_, _>>()
    .into();
    resources["identity"] = json!(format!(
        "{}/id/{}/{}",
        call.origin, org.organization_id, caller.writer.user
    ));
    Answer::ok(&resources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_the_names_of_seasons() {
        for (segment, label) in [
            ("v31.0", "Summer '14"),
            ("v32.0", "Winter '15"),
            ("v66.0", "Spring '26"),
            ("v67.0", "Summer '26"),
        ] {
            assert_eq!(
                Version::of(segment).map(Version::label).as_deref(),
                Some(label)
            );
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for segment in ["v68.0", "v30.0", "67.0", "v67", "v67.1", "v+67.0", "v.0"] {
            assert_eq!(Version::of(segment), None, "{segment}");
        }
    }
}

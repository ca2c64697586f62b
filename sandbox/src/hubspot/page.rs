//! A page of what is listed.

use serde::Serialize;

/// A page of results.
#[derive(Serialize)]
pub(super) struct Page<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<usize>,
    pub(super) results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paging: Option<Paging>,
}

/// Where the next page is.
#[derive(Serialize)]
pub(super) struct Paging {
    next: Next,
}

#[derive(Serialize)]
struct Next {
    after: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl Paging {
    pub(super) fn after(after: impl ToString) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
                link: None,
            },
        }
    }

    pub(super) fn with_link(after: impl ToString, link: String) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
                link: Some(link),
            },
        }
    }
}

impl<T> Page<T> {
    pub(super) fn of(results: Vec<T>, paging: Option<Paging>) -> Self {
        Self {
            total: None,
            results,
            paging,
        }
    }
}

//! The simulator: static pages, which anybody may have. They hold no data and ask the server for none.

use super::answer::Problem;
use super::nothing_here;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// What was embedded, by path; empty where the simulator wasn't built.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/simulator.rs"));
/// Whether this program has the simulator: it has if it was built before.
pub const HAS_SIMULATOR: bool = !FILES.is_empty();
/// What a page may load and run: its own files, and the rules.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers a page of the simulator, or that there is nothing.
pub(super) async fn page(request: Request) -> Response {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    match file(request.uri(), FILES) {
        Some((name, bytes)) if is_asked => whole(name, bytes),
        None if is_asked && request.uri().path() == "/" => not_built(),
        _ => nothing_here(),
    }
}

/// The file that is asked for.
fn file<'f>(uri: &Uri, files: &[(&'f str, &'f [u8])]) -> Option<(&'f str, &'f [u8])> {
    let path = uri.path().strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    files.iter().find(|(name, _)| *name == path).copied()
}

fn whole(name: &str, bytes: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, type_of(name)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (StatusCode::OK, headers, Body::from(bytes)).into_response()
}

fn type_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "this program was built without the simulator",
    )
    .hint("run `cargo xtask simulator`, then build it again")
    .into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const SOME: &[(&str, &[u8])] = &[("assets/a.js", b"1"), ("index.html", b"<p>")];

    fn found(path: &str) -> Option<&'static str> {
        file(&path.parse().unwrap(), SOME).map(|(name, _)| name)
    }

    #[test]
    fn a_file_is_found_by_its_path() {
        assert_eq!(found("/"), Some("index.html"));
        assert_eq!(found("/assets/a.js?x"), Some("assets/a.js"));
        assert_eq!(found("/assets"), None);
        assert_eq!(found("/../assets/a.js"), None);
    }

    #[tokio::test]
    async fn what_was_embedded_is_answered_with_its_type_and_policy() {
        for (name, bytes) in FILES {
            let request = Request::get(format!("/{name}"))
                .body(Body::empty())
                .unwrap();
            let response = page(request).await;
            assert_eq!(response.status(), StatusCode::OK, "{name}");
            assert_ne!(
                response.headers()[header::CONTENT_TYPE],
                "application/octet-stream",
                "{name}"
            );
            assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], POLICY);
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
            assert_eq!(body.unwrap(), *bytes, "{name}");
        }
        let begin = page(Request::get("/").body(Body::empty()).unwrap()).await;
        let expected = if FILES.is_empty() {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::OK
        };
        assert_eq!(begin.status(), expected);
    }

    #[tokio::test]
    async fn a_page_is_only_got() {
        let posted = page(Request::post("/").body(Body::empty()).unwrap()).await;
        assert_eq!(posted.status(), StatusCode::NOT_FOUND);
    }
}

//! What Salesforce answers when it refuses.

use http::StatusCode;
use serde_json::{Value as Json, json};

use crate::front::{Answer, Unwritable};

/// A refusal: its code, its words, the fields it is about, and the status it has when it is the
/// whole answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) fields: Vec<String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// A refusal with status 400, as most are.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn field(mut self, name: &str) -> Self {
        self.fields.push(name.to_owned());
        self
    }

    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "The requested resource does not exist",
        )
    }

    pub(super) fn session() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_SESSION_ID",
            "Session expired or invalid",
        )
    }

    pub(super) fn deleted() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ENTITY_IS_DELETED",
            "entity is deleted",
        )
    }

    pub(super) fn cross_reference() -> Self {
        Self::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    }

    pub(super) fn parser(message: impl Into<String>) -> Self {
        Self::bad("JSON_PARSER_ERROR", message)
    }

    pub(super) fn rolled_back() -> Self {
        Self::bad(
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "Record rolled back because not all records were valid and the request was using AllOrNone header",
        )
    }

    /// The body of an answer that is nothing but this refusal.
    pub(super) fn body(&self) -> Json {
        let mut error = json!({ "message": self.message, "errorCode": self.code });
        if !self.fields.is_empty() {
            error["fields"] = json!(self.fields);
        }
        Json::Array(vec![error])
    }

    /// As an answer.
    pub(super) fn answer(&self) -> Answer {
        Answer {
            body: self.body().to_string().into_bytes(),
            ..Answer::empty(self.status)
        }
    }

    /// The refusal of one record among several, where its code has another name.
    pub(super) fn of_record(&self) -> Json {
        json!({ "statusCode": self.code, "message": self.message, "fields": self.fields })
    }

    /// As the outcome of one record in a collection.
    pub(super) fn outcome(&self) -> Json {
        json!({ "success": false, "errors": [self.of_record()] })
    }
}

impl From<Unwritable> for Refusal {
    fn from(Unwritable(reason): Unwritable) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNKNOWN_EXCEPTION",
            reason,
        )
    }
}

//! A system with something in its lists that can't be what it claims to be.

use bytes::Bytes;
use crosswalk_host::transport::{Transport, TransportError};
use futures::future::BoxFuture;
use http::{Request, Response};
use serde_json::Value;

use crate::world::InProcess;

/// A system whose lists begin with something garbled.
pub struct Garbled {
    /// The system.
    pub inner: InProcess,
    /// How the paths of the lists begin.
    pub path: &'static str,
    /// Where in an answer the list stands.
    pub list: &'static str,
    /// The field of its first record that is garbled.
    pub field: &'static str,
    /// What it says.
    pub value: Value,
}

impl Transport for Garbled {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let is_meant = request.uri().path().starts_with(self.path);
        Box::pin(async move {
            let answer = self.inner.send(request).await?;
            let (head, body) = answer.into_parts();
            let read = serde_json::from_slice::<Value>(&body).ok();
            let Some(mut body) = read.filter(|body| is_meant && body[self.list][0].is_object())
            else {
                return Ok(Response::from_parts(head, body));
            };
            body[self.list][0][self.field] = self.value.clone();
            Ok(Response::from_parts(head, Bytes::from(body.to_string())))
        })
    }
}

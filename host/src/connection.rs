//! What both systems' clients need from outside.

use std::fmt;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SystemRandom};
use crate::transport::{HttpTransport, Transport, TransportError};

/// What both systems' clients need from outside.
#[derive(Clone)]
pub struct Connection {
    /// How requests travel.
    pub transport: Arc<dyn Transport>,
    /// What time it is, and how to wait.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
}

impl Connection {
    /// The network, this machine's clock, and chance.
    pub fn real() -> Result<Self, TransportError> {
        Ok(Self {
            transport: Arc::new(HttpTransport::new()?),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").finish_non_exhaustive()
    }
}

//! A host that is killed at one of its calls: before it arrives, or after it was carried out.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use crosswalk_host::sync::{Mode, PassError};
use crosswalk_host::transport::{Transport, TransportError};
use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::sync::Notify;

use crate::chance::{Chance, faults};
use crate::world::{InProcess, World};

/// A host's end.
pub struct Killed {
    transport: Arc<UntilKilled>,
    killed: Arc<Notify>,
}

struct UntilKilled {
    inner: InProcess,
    left: AtomicI64,
    after_commit: bool,
    killed: Arc<Notify>,
}

impl Killed {
    /// At its call number `at`.
    pub fn at(world: &World, at: i64, after_commit: bool) -> Self {
        let killed = Arc::new(Notify::new());
        let transport = UntilKilled {
            inner: InProcess::new(&world.sandbox),
            left: AtomicI64::new(at),
            after_commit,
            killed: killed.clone(),
        };
        Self {
            transport: Arc::new(transport),
            killed,
        }
    }

    /// How its requests travel.
    pub fn transport(&self) -> Arc<dyn Transport> {
        self.transport.clone()
    }

    /// What the work answered; nothing if the host was killed.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            ended = work => Some(ended),
            () = self.killed.notified() => None,
        }
    }
}

impl Transport for UntilKilled {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
                return self.inner.send(request).await;
            }
            if self.after_commit {
                let _ = self.inner.send(request).await;
            }
            self.killed.notify_one();
            std::future::pending().await
        })
    }
}

/// A pass of a host that is killed at its call number `at`. Whether it came so far.
pub async fn killed_at(world: &World, at: i64, after_commit: bool) -> bool {
    let killed = Killed::at(world, at, after_commit);
    let host = world.host_with(killed.transport());
    killed.run(host.pass(&Mode::CarryOut)).await.is_none()
}

/// A pass in which calls fail, or the host is killed. Other ends than a system's failure are a failure of the test.
pub async fn troubled_pass(world: &World, chance: &Chance) {
    let systems = [world.sandbox.salesforce(), world.sandbox.hubspot()];
    for fault in faults(chance) {
        for system in &systems {
            system.add_fault(fault.clone());
        }
    }
    if chance.one_in(2) {
        killed_at(world, chance.below(60) as i64, chance.one_in(2)).await;
    } else {
        let ended = world.sync().await;
        let is_told = matches!(ended, Ok(_) | Err(PassError::Api(_)));
        assert!(is_told, "{:?}", ended.err());
    }
    for system in &systems {
        system.set_faults(Vec::new());
    }
}

//! Both systems over TCP, on loopback.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

use crate::{Endpoint, Sandbox};

/// A sandbox that answers until this is dropped or shut down.
pub struct Running {
    /// Where HubSpot is, without a final slash.
    pub hubspot_url: String,
    /// Where Salesforce is, without a final slash.
    pub salesforce_url: String,
    servers: [JoinHandle<()>; 2],
}

impl Running {
    /// Stops listening and closes every connection.
    pub async fn shutdown(mut self) {
        for server in &mut self.servers {
            server.abort();
            // A task that was aborted ends with an error that says so.
            let _ = server.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}

impl Sandbox {
    /// Serves both systems on these ports of the loopback interface; 0 takes a free one.
    pub async fn serve(&self, hubspot_port: u16, salesforce_port: u16) -> io::Result<Running> {
        let (hubspot_url, hubspot) = listen(self.hubspot(), hubspot_port).await?;
        let (salesforce_url, salesforce) = listen(self.salesforce(), salesforce_port).await?;
        Ok(Running {
            hubspot_url,
            salesforce_url,
            servers: [hubspot, salesforce],
        })
    }
}

async fn listen(endpoint: Endpoint, port: u16) -> io::Result<(String, JoinHandle<()>)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let told = |error: io::Error| {
        io::Error::new(error.kind(), format!("can't listen on {address}: {error}"))
    };
    let listener = TcpListener::bind(address).await.map_err(told)?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((url, tokio::spawn(accept(listener, endpoint))))
}

/// The connections live in a set of this task's, so that they end with it.
async fn accept(listener: TcpListener, endpoint: Endpoint) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, endpoint.clone()));
            }
            Err(error) => {
                tracing::warn!("a connection couldn't be accepted: {error}");
                tokio::task::yield_now().await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection. A service that fails makes hyper close it without an answer.
async fn connection(stream: TcpStream, endpoint: Endpoint) {
    // Small answers shouldn't wait for more of themselves.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("no TCP_NODELAY: {error}");
    }
    let service = TowerToHyperService::new(
        endpoint.map_request(|request: http::Request<_>| request.map(Body::new)),
    );
    if let Err(error) = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await
    {
        tracing::debug!("connection ended: {error}");
    }
}

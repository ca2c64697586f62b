//! `crosswalk run`: the HTTP API, until stopped.

use super::failure::Failure;
use super::output::Output;
use super::session::{ledger_file, load};
use super::{Common, Ended};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::ledger::Ledger;
use crate::server::{ACTIVITIES, HAS_SIMULATOR, Server, ServerToken};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;

/// Options of `crosswalk run`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Where to listen; port 0 takes a free one [default: server.listen, else 127.0.0.1:8321]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

/// Only this machine itself reaches it.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8321);

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let config = load(common)?;
    let token = token(&config)?;
    let address = arguments.listen.or(config.server.listen).unwrap_or(LISTEN);
    let ledger = Ledger::open(&ledger_file(common, &config))?;
    let limits = config.server.limits;
    let server = Server::listen(address, token, limits, ledger, Arc::new(SystemClock))
        .await
        .map_err(|error| no_address(address, &error))?;
    let stopped = stopped().map_err(Failure::internal)?;
    let address = server.address().map_err(Failure::internal)?;
    output.json(&json!({"url": format!("http://{address}")}));
    let simulator = match HAS_SIMULATOR {
        true => format!("the simulator is at http://{address}/ · "),
        false => String::new(),
    };
    output.line(format!(
        "Activities are taken at http://{address}{ACTIVITIES} · {simulator}Ctrl-C stops it"
    ));
    server.serve(stopped).await.map_err(Failure::internal)?;
    Ok(Ended::Done)
}

fn token(config: &Config) -> Result<ServerToken, Failure> {
    const HINT: &str = "Set one of at least 16 characters as CROSSWALK_SERVER_TOKEN, or in crosswalk.toml under [server]; `openssl rand -hex 32` makes one.";
    let token =
        config.server.token.as_deref().ok_or_else(|| {
            Failure::usage("config_missing", "server.token is missing").hint(HINT)
        })?;
    ServerToken::new(token).map_err(|unfit| {
        Failure::usage("config_invalid", unfit)
            .at("server.token")
            .hint(HINT)
    })
}

fn no_address(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::failed(
        "listen_failed",
        format!("{address} can't be listened at: {error}"),
    )
    .hint("Another program may have the port: give another one by --listen, or port 0.")
}

/// Ends when somebody stops the program: by Ctrl-C, or as a service is stopped.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}

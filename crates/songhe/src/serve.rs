//! The server: routes behind their gates, assets, and an orderly end.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use capabilities::App;
use kernel::Trouble;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::args::Listen;
use crate::{assets, edge};

/// How long requests under way may take to finish when the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the server looks whether a new day has begun.
const BETWEEN_LOOKS_AT_THE_CLOCK: Duration = Duration::from_mins(1);

/// Takes the port, so that a busy one is told before any work is done.
pub(crate) async fn bind(listen: &Listen) -> Result<TcpListener, Trouble> {
    TcpListener::bind((listen.listen, listen.port)).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Trouble::refused(
            format!("端口 {} 已被别的程序占用。", listen.port),
            format!(
                "请用 --port 换一个端口，例如 --port {}。",
                listen.port.wrapping_add(1).max(1024)
            ),
        ),
        io::ErrorKind::PermissionDenied => Trouble::refused(
            format!("没有权限使用端口 {}。", listen.port),
            "请用 --port 换一个 1024 以上的端口。",
        ),
        io::ErrorKind::AddrNotAvailable => Trouble::refused(
            format!("本机没有地址 {}。", listen.listen),
            "请核对 --listen，只在本机使用时写 127.0.0.1。",
        ),
        _ => Trouble::fault(error),
    })
}

/// The address as a browser takes it.
pub(crate) fn address(listener: &TcpListener) -> Result<String, Trouble> {
    Ok(format!("http://{}", listener.local_addr().map_err(Trouble::fault)?))
}

/// Serves until it is told to stop; then finishes what is under way.
pub(crate) async fn serve(app: &App, listener: TcpListener) -> Result<(), Trouble> {
    let (stopping, mut stopped) = watch::channel(false);
    tokio::spawn(async move {
        told_to_stop().await;
        stopping.send_replace(true);
    });
    let mut wind_down = stopped.clone();
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
        until(&mut wind_down).await;
    });
    let overdue = async {
        until(&mut stopped).await;
        app.parts().works.stop_all();
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        ended = server => ended.map_err(Trouble::fault),
        () = overdue => Ok(()),
        () = reconcile_each_day(app) => Ok(()),
    }
}

/// Birthdays and deadlines come without any file: the reconcilers run at the start and whenever
/// the bureau's day has changed. Never ends.
async fn reconcile_each_day(app: &App) {
    let mut last = None;
    loop {
        let today = app.now().day();
        if last != Some(today) {
            match capabilities::reconcile_all(app.clone()).await {
                Ok(()) => last = Some(today),
                Err(trouble) => tracing::warn!(%trouble, "the findings are of an earlier day"),
            }
        }
        tokio::time::sleep(BETWEEN_LOOKS_AT_THE_CLOCK).await;
    }
}

async fn until(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end too.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

/// Closes the database in order, or leaves it to the next start when that takes too long.
pub(crate) async fn close(app: &App) -> Result<(), Trouble> {
    let closed = timeout(PATIENCE, app.db().clone().close()).await;
    closed.unwrap_or_else(|_| {
        tracing::warn!("the database is still busy; the next start adopts it");
        Ok(())
    })
}

/// SIGTERM, or Ctrl-C.
pub(crate) async fn told_to_stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Everything that can be asked for.
pub(crate) fn router(app: &App) -> Router {
    capabilities::routes()
        .into_router(app)
        .with_state(app.clone())
        .route("/assets/{name}", get(assets::asset))
        .route("/healthz", get(async || "ok\n"))
        .fallback(edge::not_found)
        .method_not_allowed_fallback(edge::not_found)
        .layer(CatchPanicLayer::custom(edge::broke))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(edge::Limits::new(), edge::limit))
        .layer(from_fn(edge::log))
        .layer(from_fn(edge::guard))
}

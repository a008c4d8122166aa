use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::Trouble;
use tokio::task::{self, JoinHandle};
use tokio::time::sleep;

use super::Cluster;

const LOOK_EVERY: Duration = Duration::from_millis(250);
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A server that is started again when it dies.
#[derive(Debug)]
pub(crate) struct Watch {
    cluster: Arc<Mutex<Option<Cluster>>>,
    task: JoinHandle<()>,
}

impl Watch {
    pub(crate) fn over(cluster: Cluster) -> Self {
        let cluster = Arc::new(Mutex::new(Some(cluster)));
        let task = tokio::spawn(look_after(Arc::clone(&cluster)));
        Self { cluster, task }
    }

    /// Stops watching, and the server if nobody else uses it.
    pub(crate) async fn close(&self) -> Result<(), Trouble> {
        self.task.abort();
        let cluster = Arc::clone(&self.cluster);
        blocking(move || match held(&cluster).take() {
            Some(cluster) => cluster.close(),
            None => Ok(()),
        })
        .await
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Dies and comes back with longer and longer pauses while it keeps dying.
async fn look_after(cluster: Arc<Mutex<Option<Cluster>>>) {
    let mut wait = FIRST_WAIT;
    loop {
        sleep(LOOK_EVERY).await;
        let looked = Arc::clone(&cluster);
        let runs = blocking(move || Ok(held(&looked).as_mut().is_none_or(Cluster::runs))).await;
        if runs.unwrap_or(false) {
            wait = FIRST_WAIT;
            continue;
        }
        tracing::error!("PostgreSQL ended by itself; starts it again");
        let revived = Arc::clone(&cluster);
        match blocking(move || held(&revived).as_mut().map_or(Ok(()), Cluster::revive)).await {
            Ok(()) => tracing::warn!("PostgreSQL runs again"),
            Err(trouble) => tracing::error!(?trouble, "PostgreSQL does not start"),
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Runs blocking code of this module off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

fn held(cluster: &Mutex<Option<Cluster>>) -> std::sync::MutexGuard<'_, Option<Cluster>> {
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}

use access::Action;
use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::guard::{Doorkeeper, check};

/// Who may ask. A route cannot be declared without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Anybody, signed in or not.
    Public,
    /// Anybody who is signed in.
    SignedIn,
    /// Whose role may do this.
    May(Action),
}

/// Whether a route reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Writes; carries the session's token.
    Post,
}

/// One route as it was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Reads or writes.
    pub verb: Verb,
    /// Path pattern.
    pub path: &'static str,
    /// Who may ask.
    pub gate: Gate,
}

/// The routes of a capability. They are the input of the permission tests, so that a forgotten
/// check cannot hide.
pub struct Routes<S> {
    routes: Vec<(Entry, MethodRouter<S>)>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes.
    pub fn new() -> Self {
        Self { routes: Vec::new() }
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(mut self, gate: Gate, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.routes.push((Entry { verb: Verb::Get, path, gate }, get(handler)));
        self
    }

    /// An act.
    #[must_use]
    pub fn post<H, T>(mut self, gate: Gate, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.routes.push((Entry { verb: Verb::Post, path, gate }, post(handler)));
        self
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.routes.extend(others.routes);
        self
    }

    /// What was declared.
    pub fn entries(&self) -> Vec<Entry> {
        self.routes.iter().map(|(entry, _)| *entry).collect()
    }
}

impl<S: Doorkeeper> Routes<S> {
    /// The router, each route behind its gate.
    pub fn into_router(self, state: &S) -> Router<S> {
        self.routes.into_iter().fold(Router::new(), |router, (entry, handler)| {
            let guard = from_fn_with_state((state.clone(), entry), check::<S>);
            router.route(entry.path, handler.route_layer(guard))
        })
    }
}

//! The database: the only crate that opens a connection.
//!
//! [`Db::open`] starts or adopts the private PostgreSQL (or reaches an external one), creates
//! what is missing, migrates as the owner, refuses to serve on an unsafe server, and opens two
//! pools. Whoever wants rows asks for a [`Tx`]: within a [`Scope`] ([`Db::begin`]), as the engine
//! that reads columns for determinations ([`Db::begin_engine`]), or without any area for tables
//! that hold no people ([`Db::begin_unscoped`]).
//!
//! | role | logs in for | can |
//! |---|---|---|
//! | `songhe_owner` | migrations | owns the tables; no superuser |
//! | `songhe_service` | every request | what migrations grant, under row-level security |
//! | `songhe_engine` | determinations | reads columns, writes nothing |

mod copy;
mod open;
mod point;
mod private;
mod refuse;
mod roles;
mod scope;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod trouble;
mod tx;

pub use copy::CopyRows;
pub use open::{Db, Server};
pub use point::point;
pub use scope::Scope;
pub use trouble::OrTrouble;
pub use tx::Tx;

/// What the database looks like: `migrations/` of the repository, embedded.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

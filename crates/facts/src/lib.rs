//! facts
pub mod layout;
pub mod matching;
pub mod normalise;
pub mod return_file;
pub mod row;
pub mod sheet;

mod assertions;
pub mod batches;
pub mod desk;
pub mod merge;
pub mod people;
pub mod population;
mod store;

pub use assertions::{
    DeathClaims, Fact, FileRow, GONE_ROW, STATEMENT_RANK, Voice, assert_all, count_standing,
    death_claims, facts_of, retract_batch, timeline_of,
};
pub use policy::register;

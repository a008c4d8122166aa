//! The views, until the capabilities that they belong to are declared in the library.

#[path = "../../src/account/views.rs"]
pub mod account;
#[path = "../../src/data_exchange/views.rs"]
pub mod data_exchange;
#[path = "../../src/elder_file/views.rs"]
pub mod elder_file;
#[path = "../../src/entitlement_list/views.rs"]
pub mod entitlement_list;
#[path = "../../src/matching/views.rs"]
pub mod matching;

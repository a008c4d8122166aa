//! The views, under the names of their folders.

pub use capabilities::{
    account::views as account, audit_trail::views as audit_trail,
    data_exchange::views as data_exchange, elder_file::views as elder_file,
    entitlement_list::views as entitlement_list, matching::views as matching,
};

//! Who may do what to whom: areas, accounts, grants, sessions, sealing and audit.
//!
//! A request is asked one literal question: may this role do this [`Action`]? The answer is one
//! table in [`rights`]. What it may do it to follows from the area of its grant, as a
//! [`db::Scope`] that every transaction over people carries into row-level security.

mod account;
mod area;
mod audit;
mod manage;
mod reorganise;
pub mod rights;
mod session;
mod store;
mod vault;

pub use account::{
    Account, PasswordHash, Passwords, check_login_name, check_password_length, open_account,
    open_account_with,
};
pub use area::{AreaNode, AreaTree, NewArea, load_areas, parse_area_file, plant_areas};
pub use audit::{AuditEntry, SeenEntry, count_entries, entries, record, seen};
pub use manage::{
    AccountCount, AccountGrant, accounts_within, change_account, change_password, count_accounts,
    end_grants, grants_of,
};
pub use reorganise::{Reorganised, reorganise};
pub use rights::{Action, may, purpose_of};
pub use session::{
    Actor, Ended, IDLE_SECONDS, OVERALL_SECONDS, OpenSession, Times, Token, end_session,
    open_sessions, resolve, sign_in, system_actor, why_ended,
};
pub use store::{Grant, grant, set_setting, setting};
pub use vault::{Sealed, Vault, last_signs, text_index};

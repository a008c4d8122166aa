//! The views, under the names of their folders.

pub use capabilities::{
    account::views as account, accounts::views as accounts, audit_trail::views as audit_trail,
    data_exchange::views as data_exchange, elder_file::views as elder_file,
    entitlement_list::views as entitlement_list, portal::views as portal,
};
pub use capabilities::{duplicates::views as duplicates, match_desk::views as match_desk};

pub use capabilities::receipts::views as receipts;
pub use capabilities::{
    bank_files::views as bank_files, bank_returns::views as bank_returns,
    pay_closing::views as pay_closing, pay_lines::views as pay_lines, pay_runs::views as pay_runs,
};
pub use capabilities::{lookups::views as lookups, reporting::views as reporting};

pub use capabilities::corrections::views as corrections;
pub use capabilities::sheets as paper;
pub use capabilities::{
    applications::views as applications, care_subsidies::views as care_subsidies,
    complaints::views as complaints, on_time::views as on_time, paper::views as paper_forms,
    publicity::views as publicity, relief::views as relief,
};
pub use capabilities::{
    desk_queue::views as desk_queue, elder_search::views as elder_search,
    source_row::views as source_row,
};
pub use capabilities::{duty_list::views as duty_list, today::views as today, why::views as why};

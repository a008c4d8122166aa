//! 待人工比对: what waits on the match desk, by file and reason.
//!
//! 术语: 待人工比对 (desk row), 等村里答复 (asked), 最近比对 (recent decision). Who: the data officer.
//! Asked for by: Anhui 4, Nanyang 3.
//!
//! 1. Rows of the files that count are grouped by file and reason; each number opens to its rows.
//! 2. Rows that the village has answered come first to whoever asks for them.
//! 3. Each row leads to its pair (`match_desk`), and deciding leads on to the next of the filter.
//! 4. One's own last decisions stand below and can be taken back.

mod pages;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 待人工比对
pub const CAPABILITY: Capability = Capability {
    id: "desk_queue",
    name: "待人工比对",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &["name"],
    duties: &[],
    menu: &[Menu {
        group: "", text: "待人工比对", href: links::desk, action: Action::AcceptFiles
    }],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new().get(Gate::May(Action::AcceptFiles), "/desk", pages::overview)
}

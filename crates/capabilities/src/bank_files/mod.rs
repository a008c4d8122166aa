//! 银行文件: the one file of a run leaves for the bank, with a manifest, and leaves once.
//!
//! 术语: 代发版式 (bank layout), 批次号 (run number), 交接清单 (manifest), 回盘 (return), 出件登记
//! (outgoing log), 冻结 (frozen). Who: 资金发放岗 makes and hands over, 县级审批岗 releases after a
//! restore, the auditor looks. Asked for by: Anhui 二(二)4.
//!
//! 1. A run with a payment voucher gets its file in one of the banks' layouts (`bank/*.toml`).
//! 2. Accounts are opened from the vault only here. One that is not the account that was frozen
//!    with the run refuses the file and names who changed: the run is dropped and proposed anew.
//! 3. The same lines give the same bytes; they lie sealed under their SM3, and the manifest on
//!    paper carries count, total and SM3.
//! 4. Before the bytes leave, a line goes into the log beside the database. A log that knows more
//!    than the database freezes everything that leaves, until two people have looked.
//! 5. What the bank answers is the capability `bank_returns`.

mod jobs;
mod pages;
mod show;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 银行文件
pub const CAPABILITY: Capability = Capability {
    id: "bank_files",
    name: "银行文件",
    basis: &["anhui-plan 二(二)4"],
    reads: &["name", "bank_account"],
    duties: &[],
    menu: &[Menu {
        group: "资金",
        text: "银行文件",
        href: links::bank_files::files,
        action: Action::SeePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    let prepare = Gate::May(Action::PreparePay);
    Routes::new()
        .get(see, "/bank-files", pages::overview)
        .post(prepare, "/bank-files/release/propose", pages::propose_release)
        .post(Gate::May(Action::ConfirmPay), "/bank-files/release/confirm", pages::confirm_release)
        .get(see, "/pay/{run}/bank-file", pages::file)
        .post(prepare, "/pay/{run}/bank-file", pages::make)
        .post(prepare, "/pay/{run}/bank-file/download", pages::download)
        .get(see, "/pay/{run}/bank-file/manifest", pages::manifest)
}

//! 养老服务补贴和护理补贴: what is given as a purchased service or a voucher, and which of two
//! benefits stays.
//!
//! 术语: 服务额度 (quota), 电子消费券 (voucher), 到期作废 (expiry), 择高发放 (choose-higher). Who: nobody
//! applies for a month; village and town look who still has something left. Asked for by: the city
//! plan (一), Nanyang 7, Shenyang 三.2.
//!
//! 1. An item whose list says `form = "service"` or `"voucher"` opens a quota every month for
//!    everybody who is entitled and was awarded it; 免申即享 items need no award. Who is on hold, or
//!    of whom a source says that they died, waits.
//! 2. The quota is an account of the ledger: granted from the fund, drawn by services, and on the
//!    day after its last what is left goes back.
//! 3. A service draws ([`draw()`]): its share of the cost, up to the day's limit and what is left,
//!    the month that ends first before the others. The same act drawn twice is drawn once.
//! 4. Cash forms of the same subsidies are paid by the pay runs.
//! 5. 择高发放: who receives a disability subsidy that must not be held together with one of these
//!    gets the higher one, and the page says by how much.

mod domain;
mod draw;
mod higher;
mod jobs;
mod pages;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub use draw::{Draw, Drawn, draw};
pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 养老服务补贴和护理补贴
pub const CAPABILITY: Capability = Capability {
    id: "care_subsidies",
    name: "养老服务补贴和护理补贴",
    basis: &["nanyang-2023-40 三(三)7", "shenyang-2023-27 二(三)2"],
    reads: &[
        "award.care_service_subsidy",
        "award.nursing_subsidy",
        "award.care_voucher",
        "award.disability_living",
        "award.disability_nursing",
        "hold.survival",
        "hold.objection",
        "hold.decision",
    ],
    duties: &[],
    menu: &[Menu {
        group: "资金",
        text: "服务额度与择高",
        href: links::care_subsidies::quotas,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new()
        .get(see, "/quotas", pages::list)
        .get(see, "/quotas.xlsx", pages::list_book)
        .get(see, "/quotas/higher", higher::page)
        .get(see, "/quotas/higher.xlsx", higher::book)
}

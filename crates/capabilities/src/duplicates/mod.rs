//! 合并重复档案: two files that are one person are joined, and taken apart again.
//!
//! 术语: 疑似重复 (suspects), 保留的档案 (kept), 并入的档案 (merged), 提出合并 (propose), 复核 (confirm),
//! 拆开 (undo), 不是同一人 (cleared pair). Who: one of data officer and county proposes, another one
//! confirms. Asked for by: Anhui 4, Nanyang 3.
//!
//! 1. Pairs that share a number, or name, birth and village, are listed until somebody decides.
//! 2. One person proposes which file is kept, with a reason; nothing changes.
//! 3. Another person confirms. What was said of either is the kept one's, numbers and links of
//!    the other lead to it, duties are found anew. No assertion is rewritten.
//! 4. Taken apart, both files say again exactly what was said of each.
//! 5. Two who are found not to be one are remembered and not listed again.

mod acts;
mod list;
mod pair;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 合并重复档案
pub const CAPABILITY: Capability = Capability {
    id: "duplicates",
    name: "重复档案合并",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &["name", "birth_date", "sex", "hukou_area"],
    duties: &[],
    menu: &[Menu {
        group: "",
        text: "疑似重复人员",
        href: links::duplicates,
        action: Action::MergePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let merge = Gate::May(Action::MergePeople);
    Routes::new()
        .get(merge, "/duplicates", list::list)
        .get(merge, "/duplicates/{person}/{other}", pair::pair)
        .post(merge, "/duplicates/{person}/{other}/propose", acts::propose)
        .post(merge, "/duplicates/{person}/{other}/confirm", acts::confirm)
        .post(merge, "/duplicates/{person}/{other}/refuse", acts::refuse)
        .post(merge, "/duplicates/{person}/{other}/undo", acts::undo)
        .post(merge, "/duplicates/{person}/{other}/clear", acts::clear)
        .post(merge, "/duplicates/{person}/{other}/unclear", acts::unclear)
}

//! 需要看一眼: why a line cannot be decided with others at once. Pure.

use cases::Case;
use kernel::Fen;

use crate::applying::{Channel, Filled, Holder, Judged};

/// What is known of an application beside its conditions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside {
    /// Whether its account is also paid into for somebody unrelated, or another county pays, or a
    /// death is claimed: an open duty says so.
    pub(super) open_question: Option<&'static str>,
    /// Times it was returned.
    pub(super) returned: usize,
    /// Whether the reader has declared the elder a relative.
    pub(super) kin: bool,
    /// Whether the reader has had another part in it.
    pub(super) own: bool,
}

/// Why the line needs a look; empty when every condition is proved and nothing is unusual.
pub(super) fn gaps(
    case: &Case,
    judged: Option<&Judged>,
    filled: Option<&Filled>,
    beside: Beside,
) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut gap = |words: &str| gaps.push(words.to_owned());
    match judged {
        None => gap("对象库里没有这位老人的事实"),
        Some(judged) => {
            if judged.terms.is_none() {
                gap("按现在的事实不符合条件");
            } else if !judged.proved {
                gap("有条件还没有依据");
            }
            if judged.paid.is_some_and(|paid| paid != Fen::ZERO) {
                gap("已经在发放这一项");
            }
        }
    }
    match filled {
        None => gap("没有申请表"),
        Some(filled) => {
            if let Some(account) = &filled.account {
                gap(match account.holder {
                    Holder::Oneself => "账户与部门登记的不同，要核对存折或社保卡",
                    Holder::Spouse => "账户是配偶的，要核对",
                    Holder::Relative => "账户是亲属的，要核对",
                });
            } else if judged.is_some_and(|it| it.account.is_none()) {
                gap("没有收款账户");
            }
            if filled.channel == Channel::Helper {
                gap("代办的，要核对委托");
            }
        }
    }
    if let Some(question) = beside.open_question {
        gap(question);
    }
    if beside.returned > 0 {
        gap("退回过，看补正了没有");
    }
    if beside.kin {
        gap("您备案的亲属，应当回避");
    }
    if beside.own {
        gap("您办过前一环节，要由他人办理");
    }
    if case.owner.is_none() {
        gap("已办结");
    }
    gaps
}

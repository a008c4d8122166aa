//! 办理: the route of review and its clocks.

use serde::Deserialize;
use toml::Spanned;

use crate::problem::{Problem, SourceFile};

/// 办理: the route of review and its clocks. None where the texts say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// 经过的层级, in order; with the publicity at its place, when there is one.
    pub route: Vec<Step>,
    /// 联系时限, working days.
    pub contact_working_days: Option<u16>,
    /// 审核时限, working days.
    pub review_working_days: Option<u16>,
    /// 公示期, calendar days.
    pub publicity_days: Option<u16>,
    /// 审批时限, working days.
    pub approval_working_days: Option<u16>,
}

/// 办理环节
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 村(社区)受理
    Village,
    /// 乡镇(街道)审核
    Township,
    /// 公示
    Publicity,
    /// 县级审批
    County,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawReview {
    route: Vec<Spanned<Step>>,
    contact_working_days: Option<u16>,
    review_working_days: Option<u16>,
    publicity_days: Option<u16>,
    approval_working_days: Option<u16>,
}

/// A publicity period without its place in the route stands before the county's approval.
pub(crate) fn read_review(
    file: &SourceFile,
    raw: &RawReview,
    problems: &mut Vec<Problem>,
) -> Review {
    let mut route: Vec<Step> = Vec::new();
    for step in &raw.route {
        let publicity = *step.get_ref() == Step::Publicity;
        let wrong = if route.contains(step.get_ref()) {
            Some(("同一个环节写了两次", "每个环节只写一次。"))
        } else if publicity && route.is_empty() {
            Some(("公示写在了第一位，还没有人审过", "请把 publicity 写在公示前的环节之后。"))
        } else if publicity && raw.publicity_days.is_none() {
            Some(("有公示，却没有写公示几天", "请写 publicity_days。"))
        } else {
            None
        };
        if let Some((sentence, remedy)) = wrong {
            problems.push(file.at(&step.span(), sentence, remedy));
        }
        route.push(*step.get_ref());
    }
    if raw.publicity_days.is_some() && !route.is_empty() && !route.contains(&Step::Publicity) {
        let county = route.iter().position(|step| *step == Step::County);
        match county {
            Some(0) => {
                let remedy = "请在 route 里写明 publicity 的位置。";
                problems.push(file.whole("只有县级一个环节，不知道什么时候公示", remedy));
            }
            Some(at) => route.insert(at, Step::Publicity),
            None => route.push(Step::Publicity),
        }
    }
    Review {
        route,
        contact_working_days: raw.contact_working_days,
        review_working_days: raw.review_working_days,
        publicity_days: raw.publicity_days,
        approval_working_days: raw.approval_working_days,
    }
}

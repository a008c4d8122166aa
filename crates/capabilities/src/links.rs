//! Where things are. Links are values: nothing else writes an address.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kernel::{AccountId, AreaId, BatchId, DutyId, PersonId, SessionId, Trouble};
use serde::de::DeserializeOwned;
use webkit::{Failure, Href};

/// 今日待办
pub fn today() -> Href {
    Href::to("/")
}

/// One duty: 依据.
pub fn duty(duty: DutyId) -> Href {
    Href::to("/duties").seg(duty)
}

/// Records what came of a duty.
pub fn decide(duty: DutyId) -> Href {
    self::duty(duty).seg("outcome")
}

/// Today's duties on paper.
pub fn today_sheet() -> Href {
    Href::to("/duties-sheet")
}

/// Today's duties as a workbook.
pub fn today_export() -> Href {
    Href::to("/duties.xlsx")
}

/// The demo's clock.
pub fn demo_clock() -> Href {
    Href::to("/demo/clock")
}

/// 找老人
pub fn search() -> Href {
    Href::to("/elders")
}

/// 一人一档
pub fn elder(person: PersonId) -> Href {
    Href::to("/elders").seg(person)
}

/// 依据 of one item for one elder.
pub fn why(person: PersonId, item: &str) -> Href {
    elder(person).seg("why").seg(item)
}

/// 一页告知
pub fn notice(person: PersonId) -> Href {
    elder(person).seg("notice")
}

/// Shows the whole resident number.
pub fn reveal(person: PersonId) -> Href {
    elder(person).seg("number")
}

/// A row of a department's file, as it concerns a person.
pub fn source_row(batch: BatchId, row_no: u32) -> Href {
    Href::to("/files").seg(batch).seg("rows").seg(row_no)
}

/// 部门数据
pub fn files() -> Href {
    Href::to("/files")
}

/// One file.
pub fn file(batch: BatchId) -> Href {
    Href::to("/files").seg(batch)
}

/// An act on a file, or a part of it: `apply`, `return`, `undo`, `stop`, `mapping`, `errors.xlsx`.
pub fn file_part(batch: BatchId, part: &'static str) -> Href {
    file(batch).seg(part)
}

/// An empty workbook in the layout of a supplier.
pub fn template(supplier: &str) -> Href {
    Href::to("/file-templates").seg(supplier)
}

/// 服务清单
pub fn lists() -> Href {
    Href::to("/lists")
}

/// One item of a list.
pub fn list_item(list: &str, item: &str) -> Href {
    Href::to("/lists").seg(list).seg(item)
}

/// 留痕
pub fn audit() -> Href {
    Href::to("/audit")
}

/// 在线用户
pub fn sessions() -> Href {
    Href::to("/sessions")
}

/// Signs somebody out.
pub fn force_out(session: SessionId) -> Href {
    Href::to("/sessions").seg(session).seg("end")
}

/// 账号管理
pub fn accounts() -> Href {
    Href::to("/accounts")
}

/// 新开账号
pub fn new_account() -> Href {
    Href::to("/accounts/new")
}

/// One account.
pub fn account(account: AccountId) -> Href {
    accounts().seg(account)
}

/// Ends an account.
pub fn end_account(account: AccountId) -> Href {
    self::account(account).seg("end")
}

/// 改密码
pub fn password() -> Href {
    Href::to("/password")
}

/// 登录
pub fn sign_in() -> Href {
    Href::to(webkit::SIGN_IN)
}

/// 退出
pub fn sign_out() -> Href {
    Href::to("/sign-out")
}

/// The name of a list in addresses: `990121-2026-01-01`, its issuer and its first day.
pub fn list_id(head: &policy::ListHead) -> String {
    format!("{}-{}", head.issuer, head.effective_from)
}

/// One list.
pub fn list(list: &str) -> Href {
    lists().seg(list)
}

/// Everybody of an area, page by page from 1: the area is no personal data.
pub fn search_area(area: AreaId, page: u64) -> Href {
    search().query("area", area).query("page", page)
}

/// What the ids of an address name. An id that cannot be one is not found, with the same page as
/// what lies outside of the reader's area.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(ids)| Self(ids)).map_err(|_| Trouble::NotFound.into())
    }
}

//! Where things are. Links are values: nothing else writes an address.

pub mod applications;
pub mod bank_files;
pub mod care_subsidies;
pub mod complaints;
pub mod funds;
pub mod on_time;
pub mod paper;
pub mod pay_runs;
pub mod publicity;
pub mod recoveries;
pub mod relief;
pub mod stops;
pub mod survival;

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

/// The demo's month, played to its end. Sent to, it begins.
pub fn demo_play() -> Href {
    Href::to("/demo/play")
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

/// 待人工比对
pub fn desk() -> Href {
    Href::to("/desk")
}

/// One row of the desk.
pub fn desk_row(batch: BatchId, row_no: u32) -> Href {
    desk().seg(batch).seg(row_no)
}

/// Decides a row of the desk.
pub fn desk_decide(batch: BatchId, row_no: u32) -> Href {
    desk_row(batch, row_no).seg("decision")
}

/// Takes a decision at the desk back.
pub fn desk_undo() -> Href {
    desk().seg("undo")
}

/// 疑似重复人员
pub fn duplicates() -> Href {
    Href::to("/duplicates")
}

/// Two files side by side.
pub fn duplicate(person: PersonId, other: PersonId) -> Href {
    duplicates().seg(person).seg(other)
}

/// An act on two files: `propose`, `confirm`, `refuse`, `undo`, `clear`, `unclear`.
pub fn duplicate_part(person: PersonId, other: PersonId, part: &'static str) -> Href {
    duplicate(person, other).seg(part)
}

/// 校核纠错
pub fn corrections() -> Href {
    Href::to("/corrections")
}

/// Corrections of a state and of a sender; empty for all.
pub fn corrections_of(state: &str, supplier: &str) -> Href {
    filtered(corrections(), state, supplier)
}

/// The same as a workbook.
pub fn corrections_sheet(state: &str, supplier: &str) -> Href {
    filtered(Href::to("/corrections.xlsx"), state, supplier)
}

fn filtered(list: Href, state: &str, supplier: &str) -> Href {
    let list = if state.is_empty() { list } else { list.query("state", state) };
    if supplier.is_empty() { list } else { list.query("supplier", supplier) }
}

/// One correction.
pub fn correction(id: i64) -> Href {
    corrections().seg(id)
}

/// An act on a correction: `answer`, `close`.
pub fn correction_part(id: i64, part: &'static str) -> Href {
    correction(id).seg(part)
}

/// 送出
pub fn send_corrections() -> Href {
    corrections().seg("send")
}

/// 这条信息不对: a fact of an elder as a row of a file says it.
pub fn new_correction(person: PersonId, kind: &str, batch: BatchId, row_no: u32) -> Href {
    new_correction_form(person).query("kind", kind).query("batch", batch).query("row", row_no)
}

/// Where the form of [`new_correction`] is sent.
pub fn new_correction_form(person: PersonId) -> Href {
    elder(person).seg("correction")
}

/// 交接单 of corrections.
pub fn correction_slip(slip: i64) -> Href {
    Href::to("/correction-slips").seg(slip)
}

/// The workbook that goes with it.
pub fn correction_slip_rows(slip: i64) -> Href {
    correction_slip(slip).seg("rows.xlsx")
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

/// 全部清单: every issuer's editions, or the items in them with these words.
pub fn all_lists(words: &str) -> Href {
    let all = lists().seg("all");
    if words.is_empty() { all } else { all.query("q", words) }
}

/// Looks for words in all lists.
pub fn search_lists() -> Href {
    lists().seg("search")
}

/// A part of a list: `changes` since the edition before, or `items.xlsx`.
pub fn list_part(list: &str, part: &'static str) -> Href {
    self::list(list).seg(part)
}

/// Everybody of an area, page by page from 1: the area is no personal data.
pub fn search_area(area: AreaId, page: u64) -> Href {
    search().query("area", area).query("page", page)
}

/// 公开页
pub fn public() -> Href {
    Href::to("/public")
}

/// 看看能不能享受
pub fn public_check() -> Href {
    Href::to("/public/check")
}

/// One of the open pages (`areas`, `poster`, `check`, `help`; empty for the list) of an area.
pub fn public_of(part: &'static str, area: &str) -> Href {
    let page = if part.is_empty() { public() } else { public().seg(part) };
    page.query("area", area)
}

/// 待办名单
pub fn duties() -> Href {
    Href::to("/duties")
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
/// 上报
pub fn reports() -> Href {
    Href::to("/reports")
}

/// One run.
pub fn report(run: i64) -> Href {
    reports().seg(run)
}

/// An act on a run, or a part of it.
pub fn report_part(run: i64, part: &'static str) -> Href {
    report(run).seg(part)
}

/// 实时核验
pub fn lookups() -> Href {
    Href::to("/lookups")
}

/// 实时核验 of one elder.
pub fn elder_lookups(person: PersonId) -> Href {
    elder(person).seg("lookups")
}

/// Asks a system about an elder once.
pub fn look_up(person: PersonId, exchange: &str) -> Href {
    elder_lookups(person).seg(exchange)
}

/// Pulls a batch from a system.
pub fn pull(exchange: &str, supplier: &str) -> Href {
    lookups().seg(exchange).seg("pull").seg(supplier)
}

/// 留痕 as a workbook.
pub fn audit_export() -> Href {
    Href::to("/audit.xlsx")
}

/// 账号 as a workbook.
pub fn accounts_export() -> Href {
    Href::to("/accounts.xlsx")
}

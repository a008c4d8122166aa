//! 资金账 as the bureau and the treasury use it.

use kernel::{Fen, Now, Role, RunId, Transfer, TransferAct};
use ledger::{AccountKey, AccountKind};

use crate::links;
use crate::testing::{COUNTY, Client, Reply, World, day};

const ITEM: &str = "old_age_allowance";

/// The county with who enters and who confirms.
struct Desk {
    world: World,
    finance: Client,
    treasury: Client,
    county: Client,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let finance = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
        let treasury = world.sign_in_as(Role::TreasuryReviewer, COUNTY).await;
        let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
        Self { world, finance, treasury, county }
    }

    async fn enter(&self, way: &str, yuan: &str, document: &str) -> Reply {
        let form = [
            ("item", ITEM),
            ("year", "2026"),
            ("way", way),
            ("origin", "province"),
            ("amount", yuan),
            ("document", document),
            ("note", ""),
        ];
        self.finance.post(links::funds::entries().as_str(), &form).await
    }

    /// 下达 of so many yuan, by two people.
    async fn allot(&self, yuan: &str) {
        let entered = self.enter("raise", yuan, &format!("松财社〔2026〕{yuan} 号")).await;
        let decided = self.confirm(&self.treasury, entered.location()).await;
        assert_eq!(decided.status.as_u16(), 303, "{}", decided.text());
    }

    async fn confirm(&self, who: &Client, entry: &str) -> Reply {
        who.post(&format!("{entry}/decision"), &[("outcome", "confirm")]).await
    }

    /// 锁定 of so many yuan for somebody, on a day.
    async fn reserve(&self, run: i64, yuan: i64, on: &str) {
        let (app, actor) = (&self.world.app, self.world.system().await);
        let area = self.world.area(COUNTY);
        let mut tx = app.db().begin(&actor.scope).await.expect("a transaction");
        let key = |kind| AccountKey::of_fund(kind, area, "县级财政", ITEM, 2026);
        let debit = ledger::account(tx.conn(), &key(AccountKind::Budget)).await.expect("a budget");
        let credit = ledger::account(tx.conn(), &key(AccountKind::Paid)).await.expect("one");
        let person = self.world.elder("王德福");
        let transfer = Transfer {
            id: ledger::line_id(RunId::new(run), person, ITEM, 1),
            act: TransferAct::Pending { debit, credit, amount_fen: Fen::from_yuan(yuan) },
            person: Some(person),
            about: format!("run/{run}"),
        };
        let at = Now::new(day(on), 9, 0).expect("a time");
        ledger::write(tx.conn(), &[transfer], at).await.expect("reserved");
        tx.commit().await.expect("committed");
    }

    /// The page of the only budget.
    async fn account(&self) -> String {
        let list = self.finance.get("/funds").await.ok().to_owned();
        let id = list.split("/funds/accounts/").nth(1).and_then(|rest| rest.split('"').next());
        let page = self.finance.get(&format!("/funds/accounts/{}", id.expect("a budget"))).await;
        page.ok().to_owned()
    }
}

#[tokio::test]
async fn a_document_counts_once_another_person_has_confirmed_it() {
    let desk = Desk::new().await;
    assert!(desk.finance.get("/funds").await.ok().contains("未下达"));
    let entered = desk.enter("raise", "1,200,000", "松财社〔2026〕12 号").await;
    let entry = entered.location().to_owned();
    let own = desk.finance.get(&entry).await;
    assert!(own.ok().contains("不能自己确认") && !own.ok().contains("记入资金账</button>"));
    let refused = desk.confirm(&desk.finance, &entry).await;
    assert!(refused.text().contains("不能确认自己登记的指标"), "{}", refused.text());
    assert!(desk.finance.get("/funds").await.ok().contains("还没有下达预算指标"));
    let done = desk.confirm(&desk.treasury, &entry).await;
    assert_eq!(done.location(), entry, "{}", done.text());
    let again = desk.confirm(&desk.county, &entry).await;
    assert!(again.text().contains("已确认"), "{}", again.text());
    let list = desk.treasury.get("/funds").await;
    assert!(list.ok().contains("2026 年已下达 1,200,000.00 元，可用 1,200,000.00 元"));
    let account = desk.account().await;
    assert!(account.contains("资金来源（省级财政）") && account.contains(&entry), "{account}");
}

#[tokio::test]
async fn the_same_document_is_entered_once_and_what_is_typed_stays() {
    let desk = Desk::new().await;
    desk.enter("raise", "100", "松财社〔2026〕12 号").await;
    let again = desk.enter("raise", "100", "松财社〔2026〕12 号").await;
    assert_eq!(again.status.as_u16(), 422);
    assert!(again.text().contains("同一文号已经为这个项目登记过同样的金额"));
    let wrong = desk.enter("raise", "一百", "").await;
    for said in ["不是金额", "请填写指标文件的文号", "一百"] {
        assert!(wrong.text().contains(said), "{said}: {}", wrong.text());
    }
    let negative = desk.enter("lower", "-5", "松财社〔2026〕13 号").await;
    assert!(negative.text().contains("调减也填正数"));
}

#[tokio::test]
async fn who_entered_takes_it_back_with_a_reason_and_nobody_else_of_the_bureau_does() {
    let desk = Desk::new().await;
    let entry = desk.enter("raise", "100", "甲").await.location().to_owned();
    let act = format!("{entry}/decision");
    let silent = desk.finance.post(&act, &[("outcome", "return"), ("reason", " ")]).await;
    assert!(silent.text().contains("没有写原因"));
    let town = desk.world.sign_in_as(Role::Auditor, COUNTY).await;
    let foreign = town.post(&act, &[("outcome", "return"), ("reason", "不对")]).await;
    assert!(foreign.text().contains("您的岗位不确认指标"), "{}", foreign.text());
    let back = desk.finance.post(&act, &[("outcome", "return"), ("reason", "登错了年度")]).await;
    assert_eq!(back.status.as_u16(), 303);
    assert!(desk.finance.get(&entry).await.ok().contains("登错了年度"));
    assert_eq!(desk.confirm(&desk.treasury, &entry).await.status.as_u16(), 409);
    assert_eq!(desk.enter("raise", "100", "甲").await.status.as_u16(), 303, "entered anew");
}

#[tokio::test]
async fn what_will_not_last_until_december_is_said_with_the_missing_sum() {
    let desk = Desk::new().await;
    desk.allot("1000").await;
    desk.reserve(1, 200, "2026-06-26").await;
    let account = desk.account().await;
    assert!(account.contains("余额只够发到 10 月，到 12 月还缺 400.00 元"), "{account}");
    assert!(account.contains("href=\"/pay/1\""), "the transfer leads to its run");
    assert!(account.contains("20.0%") && account.contains("2026 年 12 月"));
    assert!(desk.finance.get("/funds").await.ok().contains("只够到 10 月"));
    desk.allot("400").await;
    assert!(desk.account().await.contains("够发到 12 月"));
}

#[tokio::test]
async fn a_budget_is_not_lowered_below_what_is_set_aside() {
    let desk = Desk::new().await;
    desk.allot("1000").await;
    desk.reserve(1, 200, "2026-06-26").await;
    let entry = desk.enter("lower", "900", "调减 1").await.location().to_owned();
    let refused = desk.confirm(&desk.treasury, &entry).await;
    assert!(refused.text().contains("预算指标不足，还缺 100.00 元"), "{}", refused.text());
    assert!(desk.treasury.get(&entry).await.ok().contains("待确认"), "nothing was decided");
    let entry = desk.enter("lower", "800", "调减 2").await.location().to_owned();
    assert_eq!(desk.confirm(&desk.county, &entry).await.status.as_u16(), 303);
    assert!(desk.account().await.contains("100.0%"));
}

#[tokio::test]
async fn a_town_sees_no_money_of_the_county_and_enters_none() {
    let desk = Desk::new().await;
    desk.allot("1000").await;
    let town = desk.world.sign_in_as(Role::FinanceOfficer, "990121002").await;
    assert!(town.get("/funds").await.ok().contains("还没有下达预算指标"));
    assert!(town.get("/funds/entries").await.ok().contains("没有这样的登记"));
    assert!(town.get("/funds/entries/new").await.text().contains("请由发布清单的县级登记"));
    for path in ["/funds/accounts/2", "/funds/entries/1", "/funds/accounts/2/journal.xlsx"] {
        assert_eq!(town.get(path).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn every_list_leaves_as_a_workbook() {
    let desk = Desk::new().await;
    desk.allot("1000").await;
    for path in ["/funds.xlsx", "/funds/entries.xlsx", "/funds/accounts/2/journal.xlsx"] {
        let reply = desk.treasury.get(path).await;
        assert_eq!(reply.status.as_u16(), 200, "{path}");
        assert_eq!(&reply.body[..2], b"PK", "{path}");
    }
}

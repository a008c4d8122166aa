//! What the stories of pay runs, bank files and returns have in common: the county of the stories
//! in late June, with accounts and a budget.

use axum::body::Body;
use axum::http::{Method, header};
use facts::batches::{BatchState, NewBatch};
use kernel::{
    Assertion, AssertionState, Effects, FactValue, Fen, Month, Now, Role, SourceRow, Span,
    Transfer, TransferAct,
};
use ledger::{AccountKey, AccountKind};

use super::{COUNTY, Client, Reply, World, day, undecided};
use crate::links;

/// Those whom the roster of May pays and June pays as well.
pub(crate) const PAID: [&str; 4] = ["王德福", "李秀英", "冯金花", "沈万年"];

/// The people who carry a run from proposal to the bank.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) finance: Client,
    pub(crate) county: Client,
    pub(crate) treasury: Client,
}

/// The bank account of somebody, invented from where the name stands in the list.
pub(crate) fn account(name: &str) -> String {
    let place = PAID.iter().position(|it| *it == name).unwrap_or(9);
    format!("62179901210000{:02}", 10 + place)
}

impl Desk {
    /// The county on 26 June, with an account for everybody who is paid and a budget.
    pub(crate) async fn new() -> Self {
        let world = World::of(undecided()).await;
        let desk = Self::over(world).await;
        for name in PAID {
            desk.says_account(name, &account(name)).await;
        }
        desk.allot(1_000).await;
        desk
    }

    pub(crate) async fn over(world: World) -> Self {
        Self::over_on(world, "2026-06-26").await
    }

    /// The same on another database with the same keys and the same data folder: restored from a
    /// backup of before anything left.
    pub(crate) async fn new_beside(other: &Self) -> Self {
        let desk = Self::over(other.world.beside(undecided()).await).await;
        for name in PAID {
            desk.says_account(name, &account(name)).await;
        }
        desk.allot(1_000).await;
        desk
    }

    /// The same county on a later day, with everybody signed in anew.
    pub(crate) async fn over_again(self, on: &str) -> Self {
        Self::over_on(self.world, on).await
    }

    async fn over_on(world: World, on: &str) -> Self {
        world.hands.turn(Now::new(day(on), 9, 0).expect("a time"));
        let finance = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
        let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
        let treasury = world.sign_in_as(Role::TreasuryReviewer, COUNTY).await;
        Self { world, finance, county, treasury }
    }

    /// Somebody's account, by a statement.
    pub(crate) async fn says_account(&self, name: &str, number: &str) {
        let app = &self.world.app;
        let token = app.vault().seal_text("bank_account", number).expect("sealed");
        self.says(name, "bank_account", FactValue::Text(token), "2026-06-01").await;
    }

    /// A fact about somebody, by a statement.
    pub(crate) async fn says(&self, name: &str, kind: &'static str, value: FactValue, from: &str) {
        let (app, actor) = (&self.world.app, self.world.system().await);
        let assertions = vec![Assertion {
            person: self.world.elder(name),
            kind,
            value,
            valid: Span::from(day(from)),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        }];
        let effects = Effects { assertions, ..Effects::default() };
        let tx = app.db().begin(&actor.scope).await.expect("a transaction");
        let said = crate::commit(tx, &actor, app.now(), &effects, "测试", "test".to_owned(), "");
        said.await.expect("said");
    }

    /// The sources that bring deaths have sent a file as of this day.
    pub(crate) async fn fresh_deaths(&self, as_of: &str) {
        let (app, actor) = (&self.world.app, self.world.system().await);
        let county = self.world.area(COUNTY);
        let mut tx = app.db().begin(&actor.scope).await.expect("a transaction");
        for (supplier, ..) in super::people::FILES.iter().take(2) {
            let new = NewBatch {
                supplier,
                as_of: day(as_of),
                file_name: "later.csv",
                file_sm3: [8; 32],
                file_bytes: 1,
                area: county,
                area_pos: actor.scope.lo(),
                received_at: app.now(),
                received_by: None,
            };
            let batch = facts::batches::receive(tx.conn(), &new).await.expect("a batch");
            let decided = Some((app.now(), None));
            facts::batches::move_on(tx.conn(), batch, BatchState::Applied, None, decided, None)
                .await
                .expect("applied");
            let noted = facts::population::note_source_file(tx.conn(), supplier, county);
            noted.await.expect("a file");
        }
        tx.commit().await.expect("committed");
    }

    /// 下达指标: so many yuan for the year.
    pub(crate) async fn allot(&self, yuan: i64) {
        let (app, actor) = (&self.world.app, self.world.system().await);
        let area = self.world.area(COUNTY);
        let mut tx = app.db().begin(&actor.scope).await.expect("a transaction");
        let key = |kind| AccountKey::of_fund(kind, area, "县级财政", "old_age_allowance", 2026);
        let debit = ledger::account(tx.conn(), &key(AccountKind::Source)).await.expect("a source");
        let credit = ledger::account(tx.conn(), &key(AccountKind::Budget)).await.expect("one");
        let act = TransferAct::Single { debit, credit, amount_fen: Fen::from_yuan(yuan) };
        let id = ledger::made_id(&["test", &yuan.to_string(), &app.now().to_string()]);
        let transfer = Transfer { id, act, person: None, about: "allot/test".to_owned() };
        ledger::write(tx.conn(), &[transfer], app.now()).await.expect("allotted");
        tx.commit().await.expect("committed");
    }

    /// Proposes a run and gives its number.
    pub(crate) async fn propose(&self, month: &str) -> kernel::RunId {
        let reply = self.try_propose(month).await;
        let run = reply.location().strip_prefix("/pay/").map(str::parse);
        if let Some(Ok(run)) = run {
            return run;
        }
        let list = self.finance.get("/pay").await;
        panic!("{} {}", reply.text(), list.text())
    }

    /// Asks for a run.
    pub(crate) async fn try_propose(&self, month: &str) -> Reply {
        assert!(month.parse::<Month>().is_ok());
        let form = [("item", "old_age_allowance"), ("month", month)];
        self.finance.post(links::pay_runs::runs().as_str(), &form).await
    }

    /// The page of a run.
    pub(crate) async fn page(&self, run: kernel::RunId) -> String {
        self.finance.get(links::pay_runs::run(run).as_str()).await.ok().to_owned()
    }

    /// Does one act on a run as somebody who has just looked at its page.
    pub(crate) async fn act(
        &self,
        client: &Client,
        run: kernel::RunId,
        part: &'static str,
        more: &[(&str, &str)],
    ) -> Reply {
        let page = client.get(links::pay_runs::run(run).as_str()).await.text().to_owned();
        let moves = hidden(&page, "moves");
        let digest = hidden(&page, "digest");
        let mut fields = vec![("moves", moves.as_str()), ("digest", digest.as_str())];
        fields.extend_from_slice(more);
        client.post(links::pay_runs::part(run, part).as_str(), &fields).await
    }

    /// From a proposal to two locks.
    pub(crate) async fn locked(&self, month: &str) -> kernel::RunId {
        let run = self.propose(month).await;
        done(&self.act(&self.finance, run, "freeze", &[]).await);
        done(&self.act(&self.finance, run, "lock", &[]).await);
        done(&self.act(&self.county, run, "lock-again", &[]).await);
        run
    }

    /// From a proposal to a payment voucher.
    pub(crate) async fn with_voucher(&self, month: &str) -> kernel::RunId {
        let run = self.locked(month).await;
        done(&self.act(&self.finance, run, "request", &[]).await);
        done(&self.act(&self.treasury, run, "review", &[("decision", "pass")]).await);
        done(&self.act(&self.finance, run, "voucher", &[("note", "松财支 0612 号")]).await);
        run
    }

    /// From a proposal to the bank, in a layout.
    pub(crate) async fn sent(&self, month: &str, layout: &str) -> kernel::RunId {
        let run = self.with_voucher(month).await;
        done(&self.make_file(run, layout).await);
        run
    }

    /// Makes the file of a run.
    pub(crate) async fn make_file(&self, run: kernel::RunId, layout: &str) -> Reply {
        self.finance.post(links::bank_files::file(run).as_str(), &[("layout", layout)]).await
    }

    /// The file as the bank gets it.
    pub(crate) async fn download(&self, run: kernel::RunId) -> Reply {
        self.finance.post(links::bank_files::part(run, "download").as_str(), &[]).await
    }

    /// Uploads what the bank answers.
    pub(crate) async fn answer(&self, run: kernel::RunId, bytes: &[u8]) -> Reply {
        let csrf = &self.finance.csrf;
        let mut body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"huipan.csv\"\r\n\
             content-type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let path = links::bank_files::part(run, "returns");
        let request = self
            .finance
            .request(Method::POST, path.as_str())
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .expect("a request");
        self.finance.send(request).await
    }
}

/// A form was accepted.
#[track_caller]
pub(crate) fn done(reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text());
}

/// The value of a hidden field; empty when the page has none.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split(&mark).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// What the rural bank answers to its file: for each name a result and a code.
pub(crate) fn rural_answer(
    file: &[u8],
    say: impl Fn(&str) -> (&'static str, &'static str),
) -> Vec<u8> {
    let (text, ..) = encoding_rs::GB18030.decode(file);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut out = String::from("批次号,序号,户名,收款账号,金额（元）,处理结果,结果代码\r\n");
    for row in reader.records().map(|row| row.expect("a row")).skip(1) {
        if row[0].starts_with("合计") {
            continue;
        }
        let (result, code) = say(&row[2]);
        if result.is_empty() {
            continue;
        }
        let cells = [&row[0], &row[1], &row[2], &row[4], &row[5], result, code];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    encoding_rs::GB18030.encode(&out).0.into_owned()
}

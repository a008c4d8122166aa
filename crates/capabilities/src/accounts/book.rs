//! Who can sign in, as a workbook.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use webkit::{Answer, grouped};

use crate::App;
use crate::download::{self, Cell, Head};

/// As many grants as a workbook holds.
const BOOK_ROWS: i64 = 5_000;

pub(super) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let grants = access::accounts_within(tx.conn(), &actor, today, BOOK_ROWS, 0).await?;
    let all = access::count_accounts(tx.conn(), &actor, today).await?.grants;
    drop(tx);
    let areas = app.areas();
    let rows: Vec<Vec<Cell>> = grants
        .iter()
        .map(|grant| {
            // What was ended on its first day has no last one.
            let last = grant.valid_to.plus_days(-1).max(grant.valid_from);
            vec![
                grant.name.as_str().into(),
                grant.login.as_str().into(),
                grant.role.chinese().into(),
                areas.spoken(grant.area).into(),
                Cell::Day(grant.valid_from),
                Cell::Day(last),
                if grant.in_force(today) { "有效" } else { "不在有效期" }.into(),
            ]
        })
        .collect();
    let head = Head {
        title: "账号".to_owned(),
        filter_words: "全部，有效的在前".to_owned(),
        personal: true,
        cut_off: (all > BOOK_ROWS)
            .then(|| format!("共 {} 行，这里只有前 {BOOK_ROWS} 行", grouped(all.unsigned_abs()))),
    };
    let columns = [
        ("姓名", 12.0),
        ("账号", 22.0),
        ("岗位", 14.0),
        ("辖区", 22.0),
        ("从", 12.0),
        ("到", 12.0),
        ("状态", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &rows).await?;
    Ok(download::xlsx(&format!("账号-{today}"), bytes))
}

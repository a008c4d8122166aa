//! Stories of a month on paper.

use axum::http::StatusCode;
use kernel::{AreaId, Fen, Role, RunId};

use crate::links;
use crate::sheets::{ROWS_A_SHEET, Row, sheets, totals};
use crate::testing::pay::Desk;

const NEAR: &str = "990121002";
const FAR: &str = "990121001";

/// June, locked by two people: three people of one town and one of the other.
async fn june() -> (Desk, RunId, AreaId, AreaId) {
    let desk = Desk::new().await;
    let run = desk.locked("2026-06").await;
    let (near, far) = (desk.world.area(NEAR), desk.world.area(FAR));
    (desk, run, near, far)
}

/// What stands between two signs, each time.
fn between<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    html.split(before).skip(1).map(|rest| rest.split(after).next().unwrap_or_default()).collect()
}

/// The cells of a line of a table.
fn cells(row: &str) -> Vec<&str> {
    between(row, "<td", "</td>").iter().filter_map(|it| it.split_once('>')).map(|it| it.1).collect()
}

fn fen(text: &str) -> Fen {
    let (yuan, fen) = text.split_once('.').expect("yuan and fen");
    let yuan: i64 = yuan.replace(',', "").parse().expect("yuan");
    Fen::new(yuan * 100 + fen.parse::<i64>().expect("fen"))
}

#[test]
fn every_sheet_has_its_own_sum_and_together_they_are_the_total() {
    for people in [0, 1, ROWS_A_SHEET, ROWS_A_SHEET + 1, 45] {
        let rows: Vec<Row> = (0..people)
            .map(|no| Row {
                cells: vec![no.to_string(), String::new(), String::new()],
                amount_fen: Fen::from_yuan(40 + i64::try_from(no).expect("a few")),
            })
            .collect();
        let all: Fen = rows.iter().map(|row| row.amount_fen).sum();
        let paper = sheets(&rows, 3, 2, ROWS_A_SHEET);
        let sum: Fen = paper.iter().map(|sheet| fen(&sheet.totals[2])).sum();
        assert_eq!(sum, all, "{people}");
        assert_eq!(paper.iter().map(|sheet| sheet.rows.len()).sum::<usize>(), people);
        assert_eq!(paper.len(), people.div_ceil(ROWS_A_SHEET).max(1), "at least one sheet");
        assert_eq!(totals(3, 2, String::new(), all)[2], all.to_string());
    }
}

#[tokio::test]
async fn the_towns_of_the_summary_add_up_to_the_run_and_its_sum_stands_in_words() {
    let (desk, run, ..) = june().await;
    let actor = desk.world.system().await;
    let mut tx = desk.world.app.db().begin(&actor.scope).await.expect("a transaction");
    let paid = payroll::store::run(tx.conn(), run).await.expect("the run");
    drop(tx);
    let page = desk.finance.get(links::paper::form(run, "summary", None).as_str()).await;
    let html = page.ok();
    let sums: Vec<Fen> =
        between(html, "<td class=\"r num nw\">", "<").into_iter().map(fen).collect();
    let (total, towns) = sums.split_last().expect("a total");
    assert_eq!(towns.len(), 2);
    assert_eq!(towns.iter().copied().sum::<Fen>(), *total);
    assert_eq!((*total, paid.total()), (Fen::from_yuan(680), Fen::from_yuan(680)));
    assert_eq!(html.matches(&total.capitals()).count(), 1, "{html}");
    let digest = payroll::hex(&paid.digest.expect("it is frozen"));
    let shown = between(html, "（SM3）：<span class=\"num\">", "<")[0].replace(' ', "");
    assert_eq!(shown, digest);
    assert!(html.contains("复核锁定"), "who locked it is named");
}

#[tokio::test]
async fn a_roster_adds_up_page_by_page_masks_its_numbers_and_says_its_sum_once() {
    let (desk, run, near, _) = june().await;
    let page = desk.finance.get(links::paper::form(run, "roster", Some(near)).as_str()).await;
    let html = page.ok();
    let sums: Vec<Vec<&str>> =
        between(html, "<tr class=\"sum\">", "</tr>").into_iter().map(cells).collect();
    let (all, pages) = sums.split_last().expect("a total");
    assert_eq!(pages.iter().map(|row| fen(row[7])).sum::<Fen>(), fen(all[7]));
    assert_eq!((all[1], fen(all[7])), ("合计（3 人）", Fen::from_yuan(560)));
    assert_eq!(html.matches("大写").count(), 1);
    assert!(html.contains(&Fen::from_yuan(560).capitals()), "{html}");
    for name in ["王德福", "李秀英", "冯金花"] {
        let elder = crate::testing::undecided().into_iter().find(|it| it.name == name);
        let number = elder.expect("an elder").number();
        assert!(html.contains(name) && !html.contains(number.reveal()), "{name}");
        assert!(!html.contains(&number.reveal()[6..14]), "the birth date is a part of the number");
    }
    assert!(!html.contains("沈万年"), "he lives in the other town");
}

#[tokio::test]
async fn who_is_not_paid_any_more_stands_on_the_stopped_list_with_the_cause() {
    let (desk, run, near, far) = june().await;
    let list = |form: &'static str, town| links::paper::form(run, form, Some(town));
    let stopped = desk.finance.get(list("stopped", near).as_str()).await;
    let html = stopped.ok();
    assert!(html.contains("吴长根") && html.contains("郑玉梅") && html.contains("暂缓"), "{html}");
    assert!(html.contains("合计（2 人）") && html.contains("80.00"));
    let nobody = desk.finance.get(list("added", far).as_str()).await;
    assert!(nobody.ok().contains("合计（0 人）") && !nobody.text().contains("大写"));
    let stamped = desk.finance.get(list("confirmation", near).as_str()).await;
    assert!(stamped.ok().contains("伍佰陆拾元整") && !stamped.text().contains("王德福"));
}

#[tokio::test]
async fn prints_are_counted_form_by_form_and_town_by_town() {
    let (desk, run, near, far) = june().await;
    let roster = links::paper::form(run, "roster", Some(near));
    assert!(desk.finance.get(roster.as_str()).await.ok().contains("预览，还没有登记打印"));
    let print = links::paper::print(run, "roster");
    for no in 1..=2 {
        let town = near.to_string();
        let reply = desk.finance.post(print.as_str(), &[("town", &town)]).await;
        assert_eq!(reply.location(), roster.as_str(), "{}", reply.text());
        let page = desk.county.get(roster.as_str()).await;
        assert!(page.ok().contains(&format!("第 {no} 次打印")), "{}", page.text());
    }
    let other = desk.finance.get(links::paper::form(run, "roster", Some(far)).as_str()).await;
    assert!(other.ok().contains("预览，还没有登记打印"));
    let forms = desk.finance.get(links::paper::run(run).as_str()).await;
    assert!(forms.ok().contains("第 2 次打印，测试资金发放"), "{}", forms.text());
    assert_eq!(forms.text().matches("次打印，").count(), 1);
}

#[tokio::test]
async fn the_treasury_prints_the_summary_and_sees_no_roster() {
    let (desk, run, near, _) = june().await;
    let forms = desk.treasury.get(links::paper::run(run).as_str()).await;
    assert!(forms.ok().contains("发放汇总表") && !forms.text().contains("发放花名册"));
    let summary = links::paper::form(run, "summary", None);
    let printed = desk.treasury.post(links::paper::print(run, "summary").as_str(), &[]).await;
    assert_eq!(printed.location(), summary.as_str());
    assert!(desk.treasury.get(summary.as_str()).await.ok().contains("第 1 次打印"));
    for form in ["roster", "added", "stopped"] {
        let sheet = desk.treasury.get(links::paper::form(run, form, Some(near)).as_str()).await;
        assert_eq!(sheet.status, StatusCode::NOT_FOUND, "{form}");
        let town = near.to_string();
        let print = links::paper::print(run, form);
        let printed = desk.treasury.post(print.as_str(), &[("town", &town)]).await;
        assert_eq!(printed.status, StatusCode::NOT_FOUND, "{form}");
    }
    let card = links::paper::card(desk.world.elder("王德福"));
    assert_eq!(desk.treasury.get(card.as_str()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_town_sees_the_forms_of_its_own_and_no_other() {
    let (desk, run, near, far) = june().await;
    let town = desk.world.sign_in_as(Role::TownReviewer, NEAR).await;
    let forms = town.get(links::paper::run(run).as_str()).await;
    assert!(forms.ok().contains("云溪镇") && !forms.text().contains("城关镇"), "{}", forms.text());
    let own = town.get(links::paper::form(run, "roster", None).as_str()).await;
    assert!(own.ok().contains("冯金花") && !own.text().contains("沈万年"));
    for form in ["roster", "added", "stopped", "confirmation"] {
        let own = town.get(links::paper::form(run, form, Some(near)).as_str()).await;
        assert_eq!(own.status, StatusCode::OK, "{form}");
        let other = town.get(links::paper::form(run, form, Some(far)).as_str()).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{form}");
    }
    assert!(!forms.text().contains("发放汇总表"));
    let summary = town.get(links::paper::form(run, "summary", None).as_str()).await;
    assert_eq!(summary.status, StatusCode::NOT_FOUND, "it is the county's");
    let summary = town.post(links::paper::print(run, "summary").as_str(), &[]).await;
    assert_eq!(summary.status, StatusCode::NOT_FOUND);
    let print = links::paper::print(run, "roster");
    let other = town.post(print.as_str(), &[("town", &far.to_string())]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_form_or_no_town_is_not_found_and_a_county_says_which_town() {
    let (desk, run, near, _) = june().await;
    let town = near.to_string();
    let nothing = desk.finance.post(links::paper::print(run, "nothing").as_str(), &[]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for path in [
        format!("/paper/{run}/nothing?town={town}"),
        format!("/paper/{run}/roster?town=x"),
        format!("/paper/{run}/roster?town=999999"),
        "/paper/999999/summary".to_owned(),
        "/paper/x/summary".to_owned(),
    ] {
        assert_eq!(desk.finance.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let which = desk.finance.get(links::paper::form(run, "roster", None).as_str()).await;
    assert_eq!(which.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(which.text().contains("还没有选是哪个乡镇"), "{}", which.text());
}

#[tokio::test]
async fn the_card_tells_what_comes_and_whom_to_call_and_shows_no_account() {
    let (desk, ..) = june().await;
    let village = desk.world.sign_in_as(Role::VillageWorker, NEAR).await;
    let card = village.get(links::paper::card(desk.world.elder("冯金花")).as_str()).await;
    let html = card.ok();
    assert!(html.contains("每月 400.00 元") && html.contains("尾号"), "{html}");
    assert!(
        html.contains("溪头村养老专干") && !html.contains(&crate::testing::pay::account("冯金花"))
    );
}

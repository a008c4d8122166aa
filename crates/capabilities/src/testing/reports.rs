//! What the stories of reporting and of receipts have in common.

use super::{Client, Reply};
use crate::links;

pub(crate) const AWARDS: &str = "provincial_allowance_awards";
pub(crate) const PERSONS: &str = "national_elder_service_persons";

/// Makes a run for May and gives its number.
pub(crate) async fn make(officer: &Client, layout: &str, kind: &str) -> i64 {
    let form = [("layout", layout), ("month", "2026-05"), ("kind", kind)];
    let reply = officer.post(links::reports().as_str(), &form).await;
    let run = reply.location().strip_prefix("/reports/").map(str::parse);
    run.unwrap_or_else(|| panic!("{} {}", reply.location(), reply.text())).expect("a number")
}

/// Posts one of the forms of a run.
pub(crate) async fn act(officer: &Client, run: i64, part: &'static str) -> Reply {
    officer.post(links::report_part(run, part).as_str(), &[("note", "内网邮箱，王某签收")]).await
}

/// The page of a run.
pub(crate) async fn page(officer: &Client, run: i64) -> String {
    officer.get(links::report(run).as_str()).await.ok().to_owned()
}

/// The file as its receiver reads it: the headings and the rows.
pub(crate) async fn file(officer: &Client, run: i64) -> Vec<Vec<String>> {
    let reply = act(officer, run, "file").await;
    assert_eq!(reply.status.as_u16(), 200);
    let (text, ..) = encoding_rs::GB18030.decode(&reply.body);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().map(ToOwned::to_owned).collect()).collect()
}

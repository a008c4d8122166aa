use std::collections::HashSet;
use std::fs;

use access::AuditEntry;
use capabilities::App;
use duties::{CalendarDay, CalendarYear, OldYear, put_calendar};
use kernel::{Day, Refusal, Trouble};
use serde_json::json;

use super::{actor, print_json, within};
use crate::args::Calendar;
use crate::home::{Home, area_of};
use crate::{Answer, why};

/// 导入放假安排: one year's holidays and working weekends, all of them or nothing.
pub(crate) async fn run(home: &Home, args: &Calendar, as_json: bool) -> Result<Answer, Trouble> {
    let document = args.document.trim();
    if document.is_empty() {
        return Err(Trouble::refused(
            "没有写放假通知的名称。",
            "请在 --document 后面写上通知的名称，以备核对。",
        ));
    }
    let text = fs::read_to_string(&args.file).map_err(|error| {
        Trouble::refused(
            format!("放假安排文件 {} 读不出来：{}。", args.file.display(), why(&error)),
            "请检查路径，并存成 UTF-8 的 CSV。",
        )
    })?;
    let days = parse(text.trim_start_matches('\u{FEFF}'), args.year)?;
    let year = CalendarYear { year: args.year, document: document.to_owned(), days };
    let old = if args.replace { OldYear::IsReplaced } else { OldYear::Stays };
    within(home, async |app: &App| put(app, &year, old, &text).await).await?;

    let count = |working| {
        year.days
            .iter()
            .filter(|it| it.working == working && it.day.is_weekend() == working)
            .count()
    };
    let (off, worked) = (count(false), count(true));
    if as_json {
        print_json(&json!({"year": year.year, "document": document,
            "weekdays_off": off, "weekend_days_worked": worked}))?;
    } else {
        say!("已存入 {} 年放假安排（{document}）。", year.year);
        say!("周一至周五放假 {off} 天，周末上班 {worked} 天，请与通知核对。");
        say!("已在运行的服务重启后使用新的安排。");
    }
    Ok(Answer::Yes)
}

async fn put(app: &App, year: &CalendarYear, old: OldYear, text: &str) -> Result<(), Trouble> {
    let actor = actor(app, area_of(app, None)?).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    put_calendar(tx.conn(), year, old).await?;
    let object = format!("calendar/{}", year.year);
    let entry = AuditEntry::new(&actor, app.now(), "导入放假安排", object).after(text.as_bytes());
    access::record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// Reads `day,working,name`. What the week's rule says anyway may stand there, but no workday that
/// is one anyway: a notice names none, so the day is a slip.
fn parse(text: &str, year: i16) -> Result<Vec<CalendarDay>, Refusal> {
    let refuse = |line: u64, what: &str| {
        Refusal::new(
            format!("放假安排文件第 {line} 行：{what}。"),
            "请按 day,working,name 三列填写，如 2027-01-01,休,元旦；调休上班的写“班”。",
        )
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| refuse(1, "读不出来"))?;
    if headings.iter().ne(["day", "working", "name"]) {
        return Err(refuse(1, "表头应为 day,working,name"));
    }
    let (mut days, mut seen) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let record =
            record.map_err(|e| refuse(e.position().map_or(1, csv::Position::line), "应有 3 列"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let day: Day = record[0].parse().map_err(|_| {
            refuse(line, &format!("“{}”不是日期，日期写成 {year}-10-01", &record[0]))
        })?;
        let working = match &record[1] {
            "休" | "false" => false,
            "班" | "true" => true,
            other => return Err(refuse(line, &format!("“{other}”应为“休”或“班”"))),
        };
        if day.year() != year {
            return Err(refuse(line, &format!("{day} 不在 {year} 年")));
        }
        if working && !day.is_weekend() {
            let weekday = day.weekday_chinese();
            return Err(refuse(line, &format!("{day} 是{weekday}，本来就上班")));
        }
        if !seen.insert(day) {
            return Err(refuse(line, &format!("{day} 写了两次")));
        }
        if record[2].is_empty() {
            return Err(refuse(line, "没有写名称，如“元旦”“调休上班”"));
        }
        days.push(CalendarDay { day, working, name: record[2].to_owned() });
    }
    if days.is_empty() {
        return Err(Refusal::new(
            "放假安排文件里没有日期。",
            "请把通知里放假和调休上班的日期各写一行。",
        ));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rows: &str) -> String {
        match parse(&format!("day,working,name\n{rows}"), 2027) {
            Ok(days) => format!("{} days", days.len()),
            Err(refusal) => refusal.sentence,
        }
    }

    #[test]
    fn days_off_and_working_weekends_are_read_in_either_spelling() {
        let rows = "2027-01-01,休,元旦\n2027-01-02,false,元旦\n2027-02-20,班,调休上班\n";
        let days = parse(&format!("day,working,name\n{rows}"), 2027).expect("a good file");
        let working: Vec<bool> = days.iter().map(|it| it.working).collect();
        assert_eq!(working, [false, false, true]);
        assert_eq!(
            (days[2].day, days[2].name.as_str()),
            ("2027-02-20".parse().unwrap(), "调休上班")
        );
    }

    #[test]
    fn a_slip_is_refused_with_its_line() {
        for (rows, about) in [
            ("2026-12-31,休,元旦\n", "第 2 行：2026-12-31 不在 2027 年"),
            ("2027-01-01,休,元旦\n2027-01-01,休,元旦\n", "第 3 行：2027-01-01 写了两次"),
            ("2027-01-04,班,调休上班\n", "第 2 行：2027-01-04 是星期一，本来就上班"),
            ("2027-01-01,放,元旦\n", "“放”应为“休”或“班”"),
            ("1月1日,休,元旦\n", "“1月1日”不是日期"),
            ("2027-01-01,休\n", "第 2 行：应有 3 列"),
            ("2027-01-01,休,\n", "没有写名称"),
            ("", "没有日期"),
        ] {
            assert!(said(rows).contains(about), "{rows}: {}", said(rows));
        }
        let headless = parse("2027-01-01,休,元旦\n", 2027).expect_err("no headings");
        assert!(headless.sentence.contains("表头"), "{headless}");
    }
}

//! 死亡信息名单: whom a file reports dead that its source had not reported before, with what a
//! second person has to weigh. Until the file is applied it claims nothing.

use std::collections::{HashMap, HashSet};

use db::Tx;
use facts::layout::Layout;
use facts::population::{self, Subject};
use kernel::{Day, FactValue, Fen, PersonId, Trouble};
use serde::{Deserialize, Serialize};
use webkit::{Line, Link, Tone, grouped};

use super::apply::people_of;
use super::read::Reading;
use super::report::Report;
use super::views::{DeathRow, Deaths, Figure};
use crate::{App, links};

/// A person whom the file reports dead.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeathNote {
    /// Row of the file.
    pub row: u32,
    /// Whom.
    pub person: PersonId,
    /// As the file names them.
    pub who: String,
    /// Day of death as the file has it.
    pub on: Day,
    /// What they are paid now, by the label of the kind: would be looked at and stopped.
    pub gets: Vec<(String, Fen)>,
    /// The source and day of a trace of life after that day.
    pub seen: Option<(String, Day)>,
    /// Other departments that have reported it.
    pub also: Vec<String>,
}

impl DeathNote {
    /// Contradicted first, then those who are paid: what must be looked at comes before the rest.
    fn order(&self) -> (bool, bool, u32) {
        (self.seen.is_none(), self.gets.is_empty(), self.row)
    }
}

/// The deaths that a file brings, about people who were known before it.
pub(super) async fn deaths_of(
    app: &App,
    tx: &mut Tx,
    layout: &Layout,
    read: &Reading,
) -> Result<Vec<DeathNote>, Trouble> {
    if !layout.facts.iter().any(|rule| rule.kind == "death_date") {
        return Ok(Vec::new());
    }
    let mut claimed: Vec<(u32, PersonId, &str, Day)> = Vec::new();
    let mut met = HashSet::new();
    for (row, person) in read.rows.iter().zip(people_of(read)) {
        let day = row.drafts.iter().find_map(|draft| match draft.value {
            FactValue::Day(day) if draft.kind == "death_date" => Some(day),
            _ => None,
        });
        if let (Some(day), Some(person)) = (day, person)
            && met.insert(person)
        {
            claimed.push((row.row_no, person, &row.who, day));
        }
    }
    let ids: Vec<PersonId> = claimed.iter().map(|(_, person, ..)| *person).collect();
    let subjects = population::subjects_of(tx.conn(), &ids).await?;
    let subjects: HashMap<PersonId, &Subject> = subjects.iter().map(|s| (s.id, s)).collect();
    let today = app.now().day();
    let mut notes: Vec<DeathNote> = claimed
        .into_iter()
        .filter_map(|(row, person, who, on)| {
            let subject = *subjects.get(&person)?;
            let said_before = subject.by("death_date", &layout.id).is_some();
            (!said_before).then(|| DeathNote {
                row,
                person,
                who: who.to_owned(),
                on,
                gets: awards(subject, today),
                seen: seen_after(app, subject, on),
                also: other_departments(app, layout, subject),
            })
        })
        .collect();
    notes.sort_by_key(DeathNote::order);
    Ok(notes)
}

fn awards(subject: &Subject, today: Day) -> Vec<(String, Fen)> {
    let stands = |to: Option<Day>| to.is_none_or(|to| today < to);
    subject
        .said
        .iter()
        .filter(|said| said.kind.starts_with("award.") && stands(said.to))
        .filter_map(|said| match said.value {
            FactValue::Fen(monthly) => {
                let label = policy::register::kind_of(said.kind)?.label;
                Some((label.trim_start_matches("在发").to_owned(), monthly))
            }
            _ => None,
        })
        .collect()
}

fn seen_after(app: &App, subject: &Subject, died: Day) -> Option<(String, Day)> {
    let traces = subject.said.iter().filter(|said| said.kind == "last_seen");
    let days = traces.filter_map(|said| match said.value {
        FactValue::Day(day) if day > died => Some((day, said.supplier.as_str())),
        _ => None,
    });
    days.max().map(|(day, supplier)| (app.source_name(supplier), day))
}

fn other_departments(app: &App, layout: &Layout, subject: &Subject) -> Vec<String> {
    let claims = subject.said.iter().filter(|said| said.kind == "death_date");
    let others = claims.filter(|said| app.department(&said.supplier) != layout.department);
    let mut names: Vec<String> = others.map(|said| app.source_name(&said.supplier)).collect();
    names.dedup();
    names
}

/// The list as the page shows it, when the file reports deaths at all.
pub(super) fn shown(report: &Report) -> Option<Deaths> {
    let reports = report.columns.iter().any(|column| column.field == "death_date");
    if report.deaths.is_empty() && !reports {
        return None;
    }
    let count = |of: &dyn Fn(&&DeathNote) -> bool| report.deaths.iter().filter(of).count();
    let figure = |count: usize, label: &str, class: &'static str| Figure {
        count: grouped(u64::try_from(count).unwrap_or(u64::MAX)),
        label: label.to_owned(),
        class: if count == 0 { "" } else { class },
        href: None,
    };
    Some(Deaths {
        figures: vec![
            figure(report.deaths.len(), "新报死亡", ""),
            figure(count(&|it| !it.gets.is_empty()), "现在领着待遇，确认后停发核对", "wait"),
            figure(count(&|it| it.seen.is_some()), "死亡日期之后还有记录，要先看", "bad"),
            figure(count(&|it| !it.also.is_empty()), "别的部门也报了", ""),
        ],
        rows: report.deaths.iter().map(row).collect(),
    })
}

fn row(note: &DeathNote) -> DeathRow {
    let gets = note.gets.iter().map(|(label, monthly)| format!("{label}每月 {monthly}"));
    let check = match (&note.seen, note.also.as_slice()) {
        (Some((source, day)), _) => Line::new()
            .chip(Tone::Bad, "矛盾")
            .text(format!(" {source} {}还有记录", day.chinese_short())),
        (None, []) => Line::new().chip(Tone::Plain, "只有这一个部门报"),
        (None, also) => {
            Line::new().chip(Tone::Ok, "已印证").text(format!(" {}也报了", also.join("、")))
        }
    };
    DeathRow {
        elder: Link::new(note.who.clone(), links::elder(note.person)),
        on: note.on.to_string(),
        gets: gets.collect::<Vec<_>>().join("；"),
        check,
        row: format!("第 {} 行", note.row),
    }
}

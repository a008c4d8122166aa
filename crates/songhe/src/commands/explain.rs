use std::collections::HashMap;

use access::{Actor, AuditEntry, record};
use capabilities::App;
use facts::people::{self, Find, PersonCard};
use facts::population::{EngineTree, engine_facts, subject_of};
use facts::{Fact, facts_of};
use kernel::{Month, PersonId, Trouble};
use policy::{Explanation, Facts, Item, Verdict, explain};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{actor, print_json, within};
use crate::Answer;
use crate::args::Explain;
use crate::home::{Home, area_of};

/// More people of one name than this are not listed.
const NAMESAKES: usize = 5;

/// 为什么: one person against each item of the list in force, with the sources of every fact.
pub(crate) async fn run(home: &Home, args: &Explain, as_json: bool) -> Result<Answer, Trouble> {
    let told = within(home, async |app| told(app, args).await).await?;
    if as_json {
        print_json(&told.json())?;
    } else {
        told.print();
    }
    Ok(Answer::Yes)
}

/// Everything that is said about a person.
struct Told {
    person: PersonCard,
    village: String,
    month: Month,
    items: Vec<(String, String, Explanation)>,
    sources: HashMap<String, String>,
}

async fn told(app: &App, args: &Explain) -> Result<Told, Trouble> {
    let month = args.month.unwrap_or_else(|| app.now().day().month());
    let actor = actor(app, area_of(app, None)?).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let person = person(app, tx.conn(), &actor, &args.person).await?;
    let stated = facts_of(tx.conn(), person.id).await?;
    let closed = app.closed_world(tx.conn()).await?;
    // A look at a person leaves a trace, also from the command line.
    let entry =
        AuditEntry::new(&actor, app.now(), "命令行查看依据", format!("person/{}", person.id));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;

    let areas = app.areas();
    let subject = subject_of(person.id, person.area, person.life, &stated);
    let facts = engine_facts(&subject, &areas, &closed)?;
    let items = items(app, &person, month, args.item.as_deref())?
        .into_iter()
        .map(|item| (item.id.clone(), item.name.clone(), why(item, &facts, month, &areas)))
        .collect();
    let village = areas.spoken(person.area);
    Ok(Told { person, village, month, items, sources: sources(app, &stated) })
}

fn why(item: &Item, facts: &Facts, month: Month, areas: &access::AreaTree) -> Explanation {
    let tree = EngineTree(areas);
    explain(item, facts, month, &tree, &|code| tree.name(code))
}

fn items<'a>(
    app: &'a App,
    person: &PersonCard,
    month: Month,
    asked: Option<&str>,
) -> Result<Vec<&'a Item>, Trouble> {
    let list = app.list_for(person.area, month).ok_or_else(|| {
        Trouble::refused(
            format!("没有适用于 {} 的清单。", month.chinese()),
            "请用 --month 换一个月，或先录入这个月的清单。",
        )
    })?;
    match asked {
        None => Ok(list.items.iter().filter(|item| item.is_judged()).collect()),
        Some(id) => list.item(id).map(|item| vec![item]).ok_or_else(|| {
            let known: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
            Trouble::refused(
                format!("清单里没有项目“{id}”。"),
                format!("可以写：{}。", known.join("、")),
            )
        }),
    }
}

/// By id, by whole number, or by a name that nobody else has.
async fn person(
    app: &App,
    conn: &mut PgConnection,
    actor: &Actor,
    typed: &str,
) -> Result<PersonCard, Trouble> {
    let nobody = || Trouble::refused("没有找到这位老人。", "请核对档案编号、身份证号或姓名。");
    if let Ok(id) = typed.parse::<PersonId>() {
        return match people::card(conn, id).await {
            Err(Trouble::NotFound) => Err(nobody()),
            found => found,
        };
    }
    let areas = app.areas();
    let Some(what @ (Find::Number(_) | Find::Name(_))) = Find::parse(typed, &areas, actor.area)
    else {
        return Err(nobody());
    };
    let mut found = people::find(conn, app.vault(), &areas, &what, 200, 0).await?;
    if matches!(what, Find::Name(_)) {
        found.retain(|card| card.name == typed.trim());
    }
    match found.len() {
        0 => Err(nobody()),
        1 => Ok(found.swap_remove(0)),
        count => {
            let first: Vec<String> = found
                .iter()
                .take(NAMESAKES)
                .map(|card| format!("{} {} {}", card.id, areas.spoken(card.area), card.number))
                .collect();
            Err(Trouble::refused(
                format!("有 {count} 位老人对得上，分不清是哪一位。"),
                format!("请改用档案编号，如 {}。", first.join("；")),
            ))
        }
    }
}

/// Where the word that counts for each kind of fact comes from.
fn sources(app: &App, stated: &[Fact]) -> HashMap<String, String> {
    let mut sources = HashMap::new();
    for fact in stated {
        let name = app.source_name(&fact.supplier);
        let said = match &fact.source {
            Some(row) => format!("{name}（截至 {}，第 {} 行）", row.as_of, row.row_no),
            None => format!("{name}（{}）", fact.known_at),
        };
        // The best source of a kind comes first.
        sources.entry(fact.kind.clone()).or_insert(said);
    }
    sources
}

impl Told {
    fn print(&self) {
        let person = &self.person;
        say!("{}　{}　{}　{}", person.name, person.number, self.village, person.life.chinese());
        for (_, name, why) in &self.items {
            say!("\n{name}：{}。{}", why.verdict.chinese(), why.sentence);
            for line in &why.conditions {
                let sources = self.of(&line.facts);
                let sources =
                    if sources.is_empty() { sources } else { format!("　来源：{sources}") };
                say!("  {} {}{sources}", line.mark(), line.text());
            }
            for line in &why.amounts {
                say!("  {}：每月 {} 元", line.text, line.amount);
            }
            say!("  依据：{}", why.list);
            for basis in &why.basis {
                let clause = &basis.citation.clause;
                say!("    《{}》{clause}：{}", basis.title, basis.citation.says);
            }
            for assumption in &why.assumptions {
                say!("  假定：{}", assumption.text);
            }
            for change in &why.changes {
                say!("  会改变结论：{change}");
            }
        }
    }

    fn of(&self, facts: &[&'static str]) -> String {
        let mut said: Vec<&str> =
            facts.iter().filter_map(|kind| self.sources.get(*kind)).map(String::as_str).collect();
        said.dedup();
        said.join("；")
    }

    fn json(&self) -> Value {
        let id: PersonId = self.person.id;
        let items: Vec<Value> =
            self.items.iter().map(|(id, name, why)| self.item_json(id, name, why)).collect();
        json!({
            "person": {
                "id": id,
                "name": self.person.name,
                "number": self.person.number.to_string(),
                "area": self.village,
                "life": self.person.life,
            },
            "month": self.month,
            "items": items,
        })
    }

    fn item_json(&self, id: &str, name: &str, why: &Explanation) -> Value {
        let conditions: Vec<Value> = why
            .conditions
            .iter()
            .map(|line| {
                json!({"mark": line.mark().to_string(), "text": line.text(),
                       "facts": line.facts, "sources": self.of(&line.facts)})
            })
            .collect();
        let needs: &[&str] = if let Verdict::Unknown(needs) = &why.verdict { needs } else { &[] };
        let basis: Vec<Value> = why
            .basis
            .iter()
            .map(|it| {
                json!({"document": it.title, "number": it.number, "clause": it.citation.clause,
                       "says": it.citation.says, "confidence": it.confidence})
            })
            .collect();
        let assumptions: Vec<&str> = why.assumptions.iter().map(|it| it.text.as_str()).collect();
        json!({
            "id": id, "name": name,
            "verdict": why.verdict.word(), "amount_fen": why.verdict.amount(), "per": "month",
            "sentence": why.sentence, "conditions": conditions, "needs": needs,
            "list": why.list, "rules": why.rules, "basis": basis,
            "assumptions": assumptions, "changes": why.changes,
        })
    }
}

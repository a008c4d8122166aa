//! Words that several capabilities say in one way.

use access::{Action, Actor, AreaTree, may};
use facts::{Fact, GONE_ROW};
use kernel::{Day, FactType, FactValue, Life, Sensitivity};
use policy::register::{kind_of, word_chinese};
use webkit::{Chip, Line, Tone};

use crate::{App, links};

/// What stands in the place of something sensitive.
pub(crate) const CLOSED: &str = "已有记录（敏感信息，不在这里显示）";

/// Whether a kind of fact is shown closed.
pub(crate) fn is_sensitive(kind: &str) -> bool {
    kind_of(kind).is_some_and(|kind| kind.sensitivity != Sensitivity::Work)
}

/// What a fact says, in the bureau's words; closed when the kind is sensitive.
pub(crate) fn value_words(fact: &Fact, areas: &AreaTree) -> String {
    let Some(kind) = kind_of(&fact.kind) else { return fact.value.to_string() };
    if is_sensitive(&fact.kind) {
        return CLOSED.to_owned();
    }
    match (&fact.value, kind.value_type) {
        (FactValue::Area(area), _) => areas.spoken(*area),
        (FactValue::Text(word), FactType::Word(_)) => word_chinese(word).to_owned(),
        (FactValue::Fen(fen), _) if kind.unit == "分/月" => format!("{fen} 元/月"),
        (value, _) => value.to_string(),
    }
}

/// The bureau's word for a kind of fact.
pub(crate) fn label(kind: &str) -> &str {
    kind_of(kind).map_or(kind, |kind| kind.label)
}

/// How long there is: `今天`, `还有 3 天`, `已超期 2 天`.
pub(crate) fn due_chip(due_on: Day, today: Day) -> Chip {
    match due_on.days_since(today) {
        0 => Chip::new(Tone::Bad, "今天"),
        left @ 1.. => Chip::new(Tone::Plain, format!("还有 {left} 天")),
        late => Chip::new(Tone::Bad, format!("已超期 {} 天", -late)),
    }
}

/// `公安户籍人口登记 2026-06-01 第 11 行`, the row as a link; or who established it.
pub(crate) fn source(app: &App, fact: &Fact) -> Line {
    let name = app.source_name(&fact.supplier);
    match &fact.source {
        Some(row) if row.row_no == GONE_ROW => {
            Line::new().text(format!("{name} {} 里已没有", row.as_of))
        }
        Some(row) => {
            let text = format!("{name} {} 第 {} 行", row.as_of, row.row_no);
            Line::new().link(text, links::source_row(row.batch, row.row_no))
        }
        None => Line::new().text(format!("{name} {}", fact.known_at)),
    }
}

/// 在世 and its like, in its colour.
pub(crate) fn life_chip(life: Life) -> Chip {
    let tone = match life {
        Life::Living => Tone::Ok,
        Life::Reported | Life::Contradicted => Tone::Wait,
        Life::Corroborated | Life::Confirmed => Tone::Bad,
    };
    Chip::new(tone, life.chinese())
}

/// What a row says, with the way to tell its sender that it is wrong, for whoever may.
pub(crate) fn or_wrong(said: Line, actor: &Actor, fact: &Fact) -> Line {
    match &fact.source {
        Some(row) if row.row_no != GONE_ROW && may(actor.role, Action::DecideDuties) => {
            let here = links::new_correction(fact.person, &fact.kind, row.batch, row.row_no);
            said.text(" ").link("这条信息不对", here)
        }
        _ => said,
    }
}

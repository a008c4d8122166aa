//! What the pages of a stop, a restore and an item of an elder have in common.

use access::Actor;
use cases::{Case, Flow, Move};
use facts::people::PersonCard;
use webkit::{Chip, Crumbs, Form, Link, PostButton, Tone};

use super::views::note_form;
use crate::links;

/// The way to a page about somebody.
pub(crate) fn crumbs(card: &PersonCard, here: &str) -> Crumbs {
    Crumbs {
        above: vec![
            Link::new("停发与恢复", links::stops::list()),
            Link::new(&card.name, links::elder(card.id)),
        ],
        here: here.to_owned(),
    }
}

/// Month, overpaid sum, who paid it.
pub(crate) fn month_rows(months: &[findings::Paid]) -> Vec<(String, String, String)> {
    let row = |paid: &findings::Paid| {
        let by = if paid.by_us { "本系统发放" } else { "原发放名册" };
        (paid.month.to_string(), paid.amount_fen.to_string(), by.to_owned())
    };
    months.iter().map(row).collect()
}

/// How far a case is, in its colour.
pub(crate) fn chip(flow: &Flow, state: &str) -> Chip {
    let tone = match state {
        "proposed" => Tone::Wait,
        "in_review" => Tone::Bad,
        "approved" | "confirmed" => Tone::Ok,
        _ => Tone::Plain,
    };
    Chip::new(tone, flow.state(state).map_or(state, |state| state.chinese))
}

/// When, and who did what.
pub(crate) fn history(flow: &Flow, moves: &[Move]) -> Vec<(String, String)> {
    let words = |it: &Move| {
        let label = flow.move_by_id(&it.action).map_or("提出", |it| it.label);
        let note = if it.note.is_empty() { String::new() } else { format!("：{}", it.note) };
        (it.at.to_string(), format!("{} {label}{note}", it.by))
    };
    moves.iter().map(words).collect()
}

/// A button for each move without words, a form for each that needs some.
pub(crate) fn buttons(
    flow: &Flow,
    case: &Case,
    actor: &Actor,
    to: impl Fn(&'static str) -> webkit::Href,
) -> (Vec<PostButton>, Vec<(String, Form)>) {
    let (mut acts, mut forms) = (Vec::new(), Vec::new());
    for it in flow.may(&case.state, actor.role) {
        let href = to(it.id);
        if it.needs_note {
            forms.push((it.label.to_owned(), note_form(href, &actor.csrf, it.label)));
        } else {
            acts.push(PostButton::new(href, &actor.csrf, it.label).class("btn main"));
        }
    }
    (acts, forms)
}

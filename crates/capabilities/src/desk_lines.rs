//! 人工比对 as its pages share it: what a list is narrowed to, how files are called, how many rows
//! stand how, and one's own last decisions.

use std::collections::HashMap;

use access::Actor;
use db::Tx;
use facts::batches::{self, Original};
use facts::desk::{self, Count, Show, Which};
use facts::people;
use kernel::{BatchId, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Bar, BarPart, Href, Line, PostButton, grouped};

use crate::{App, links};

/// How many of one's own decisions can be taken back.
pub(crate) const RECENT: i64 = 20;

/// What a list of the desk is narrowed to, as it stands in addresses and forms.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Narrowed {
    #[serde(default)]
    pub(crate) file: Option<String>,
    #[serde(default)]
    pub(crate) why: Option<String>,
    #[serde(default)]
    pub(crate) which: Option<String>,
    #[serde(default)]
    pub(crate) page: i64,
}

impl Narrowed {
    /// Of the files that count, those that it leaves.
    pub(crate) fn show(&self, live: &[BatchId]) -> Show {
        let file = self.file.as_deref().and_then(|id| id.parse::<BatchId>().ok());
        Show {
            batches: live.iter().copied().filter(|it| file.is_none_or(|f| f == *it)).collect(),
            reason: self.why.clone().filter(|why| !why.is_empty()),
            which: self.which.as_deref().and_then(Which::from_code).unwrap_or_default(),
        }
    }

    /// The same narrowing in another address.
    pub(crate) fn keep(&self, href: Href) -> Href {
        self.pairs().into_iter().fold(href, |href, (name, value)| href.query(name, value))
    }

    /// As fields of a form.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [("file", &self.file), ("why", &self.why)];
        pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone().filter(|it| !it.is_empty())?)))
            .collect()
    }
}

/// What is said of a file: its source and as-of day.
pub(crate) struct Files(HashMap<BatchId, Original>);

impl Files {
    pub(crate) async fn load(tx: &mut Tx, ids: &[BatchId]) -> Result<Self, Trouble> {
        let mut files = HashMap::new();
        for id in ids {
            if let Some(original) = batches::original(tx.conn(), *id).await? {
                files.insert(*id, original);
            }
        }
        Ok(Self(files))
    }

    pub(crate) fn name(&self, app: &App, id: BatchId) -> String {
        self.0.get(&id).map_or_else(
            || format!("第 {id} 批文件"),
            |it| format!("{} {}", app.source_name(&it.supplier), it.as_of),
        )
    }
}

/// How many rows stand how: open ones, those that the village is asked about, decided ones.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) open: u64,
    pub(crate) answered: u64,
    pub(crate) asked: u64,
    pub(crate) decided: u64,
}

impl Sums {
    pub(crate) fn of<'a>(counts: impl IntoIterator<Item = &'a Count>) -> Self {
        let mut sums = Self::default();
        for count in counts {
            let n = u64::try_from(count.count).unwrap_or(0);
            match count.which {
                Which::Open => sums.open += n,
                Which::Answered => {
                    sums.open += n;
                    sums.answered += n;
                }
                Which::Asked => sums.asked += n,
                Which::Decided => sums.decided += n,
            }
        }
        sums
    }

    const fn all(self) -> u64 {
        self.open + self.asked + self.decided
    }

    pub(crate) fn progress(self) -> String {
        format!("已比对 {} / {}", grouped(self.decided), grouped(self.all()))
    }

    pub(crate) fn bar(self) -> Bar {
        let part = |count, class| BarPart { count, class };
        Bar {
            label: self.progress(),
            parts: vec![
                part(self.decided, "done"),
                part(self.asked, "wait"),
                part(self.open, "rest"),
            ],
        }
    }

    pub(crate) const fn listed(self, which: Which) -> u64 {
        match which {
            Which::Open => self.open,
            Which::Answered => self.answered,
            Which::Asked => self.asked,
            Which::Decided => self.decided,
        }
    }
}

/// The name in a row, which may be blank.
pub(crate) fn named(name: &str) -> String {
    if name.trim().is_empty() { "（没有姓名）".to_owned() } else { name.trim().to_owned() }
}

/// 最近比对: one's own last decisions, each to be taken back.
#[derive(Clone, Debug, Default)]
pub struct Recents {
    /// The newest first.
    pub rows: Vec<RecentRow>,
}

/// One's own decision.
#[derive(Clone, Debug)]
pub struct RecentRow {
    /// File and row, leading there, and what was decided.
    pub what: Line,
    /// 撤销
    pub undo: PostButton,
}

/// One's own last decisions that still hold.
pub(crate) async fn recents(app: &App, actor: &Actor, tx: &mut Tx) -> Result<Recents, Trouble> {
    let own = desk::recent(tx.conn(), actor.account, RECENT).await?;
    let ids: Vec<BatchId> = own.iter().map(|it| it.batch).collect();
    let files = Files::load(tx, &ids).await?;
    let who: Vec<PersonId> = own.iter().filter_map(|it| it.person).collect();
    let names: HashMap<PersonId, String> = people::cards(tx.conn(), &who)
        .await?
        .into_iter()
        .map(|card| (card.id, card.name))
        .collect();
    let rows = own.iter().map(|it| {
        let source = format!("{} 第 {} 行", files.name(app, it.batch), it.row_no);
        let mut what = Line::new().link(source, links::desk_row(it.batch, it.row_no));
        what = what.text(format!("：{}", it.word));
        if let Some((id, name)) = it.person.and_then(|id| Some((id, names.get(&id)?))) {
            what = what.text("，").link(name, links::elder(id));
        }
        let undo = PostButton::new(links::desk_undo(), &actor.csrf, "撤销")
            .hidden("batch", it.batch.to_string())
            .hidden("row", it.row_no.to_string())
            .hidden("seq", it.seq.to_string());
        RecentRow { what: what.small(it.at.to_string()), undo }
    });
    Ok(Recents { rows: rows.collect() })
}

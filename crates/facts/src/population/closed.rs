//! 名册之外: what a file that names everybody says about those whom it does not name.

use std::collections::{HashMap, HashSet};

use access::AreaTree;
use kernel::{AreaId, AssertionId, BatchId, Day, FactValue, PersonId, Trouble};
use policy::register;
use sqlx::PgConnection;

use super::{Subject, store};
use crate::layout::Layout;

/// 名册之外: which kinds have a stated absence, for which area, by which file. A layout states it
/// (`otherwise`); it counts once such a file is applied, and only within that file's area. It does
/// not count for whom a row of that file may mean: a candidate at the match desk, or the one known
/// person whom a row names that cannot be used. Made once for a run, or for a page.
#[doc(alias = "名册之外")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosedWorld {
    absences: Vec<Absence>,
    /// By supplier: people about whom a row of its newest file waits for a person to look.
    waiting: HashMap<String, HashSet<PersonId>>,
}

/// What one applied file says of somebody by not naming them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Id of the kind.
    pub kind: &'static str,
    /// What is so for whoever is not in the file.
    pub value: FactValue,
    /// Who sent the file.
    pub supplier: String,
    /// The file.
    pub batch: BatchId,
    /// As of when it speaks.
    pub as_of: Day,
    /// Positions of its area: from, and to but not including.
    pub(super) place: (i32, i32),
}

/// The newest applied file of a source for an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Who sent it.
    pub supplier: String,
    /// The area that it is about.
    pub area: AreaId,
    /// The file.
    pub batch: BatchId,
    /// As of when it speaks.
    pub as_of: Day,
}

/// The newest applied file of every source and area. Everybody may know them, so who shows them
/// picks those of the reader's area and above it.
pub async fn source_files(conn: &mut PgConnection) -> Result<Vec<SourceFile>, Trouble> {
    store::source_files(conn).await
}

/// Notes anew which file of this source is the last one for an area; the caller has just applied
/// or undone one.
pub async fn note_source_file(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<(), Trouble> {
    store::forget_source_file(&mut *conn, supplier, area).await?;
    store::note_source_file(conn, supplier, area).await
}

impl ClosedWorld {
    /// Reads which of the layouts' files are in.
    pub async fn load(
        conn: &mut PgConnection,
        layouts: &[Layout],
        tree: &AreaTree,
    ) -> Result<Self, Trouble> {
        let files = store::source_files(&mut *conn).await?;
        let mut world = Self::of_files(&files, layouts, tree);
        let suppliers = world.suppliers();
        if !suppliers.is_empty() {
            world.note_waiting(store::waiting_in(conn, &suppliers).await?);
        }
        Ok(world)
    }

    /// What [`ClosedWorld::load`] gave when `mark` was the newest number: see
    /// [`super::high_water`]. The layouts and the tree are the caller's.
    pub async fn load_as_of(
        conn: &mut PgConnection,
        layouts: &[Layout],
        tree: &AreaTree,
        mark: AssertionId,
    ) -> Result<Self, Trouble> {
        let mut files = store::source_files_as_of(&mut *conn, mark).await?;
        let mut world = Self::of_files(&files, layouts, tree);
        let suppliers = world.suppliers();
        files.retain(|file| suppliers.contains(&file.supplier));
        let (suppliers, batches): (Vec<String>, Vec<BatchId>) =
            files.into_iter().map(|file| (file.supplier, file.batch)).unzip();
        world.note_waiting(store::waiting_as_of(conn, (&suppliers, &batches), mark).await?);
        Ok(world)
    }

    fn of_files(files: &[SourceFile], layouts: &[Layout], tree: &AreaTree) -> Self {
        let mut world = Self::default();
        for file in files {
            let Some(layout) = layouts.iter().find(|layout| layout.id == file.supplier) else {
                continue;
            };
            let Some(node) = tree.node(file.area) else { continue };
            world.absences.extend(stated(layout).map(|(kind, value)| Absence {
                kind,
                value,
                supplier: file.supplier.clone(),
                batch: file.batch,
                as_of: file.as_of,
                place: (node.lo, node.hi),
            }));
        }
        // The file of the nearest area speaks.
        world.absences.sort_by_key(|it| (it.kind, it.place.1 - it.place.0));
        world
    }

    /// Who states an absence.
    fn suppliers(&self) -> Vec<String> {
        let suppliers: HashSet<&str> =
            self.absences.iter().map(|absence| absence.supplier.as_str()).collect();
        suppliers.into_iter().map(str::to_owned).collect()
    }

    fn note_waiting(&mut self, waiting: Vec<(String, PersonId)>) {
        for (supplier, person) in waiting {
            self.waiting.entry(supplier).or_default().insert(person);
        }
    }

    #[cfg(test)]
    pub(super) fn of(absences: Vec<Absence>) -> Self {
        Self { absences, waiting: HashMap::new() }
    }

    #[cfg(test)]
    pub(super) fn wait(&mut self, supplier: &str, person: PersonId) {
        self.waiting.entry(supplier.to_owned()).or_default().insert(person);
    }

    /// Who says about this person, by not naming them, what is so. Nothing when some source
    /// names them, or when a row that may be about them waits for a person to look.
    pub fn absence(&self, subject: &Subject, kind: &str, tree: &AreaTree) -> Option<&Absence> {
        let named = subject.said.iter().any(|said| said.kind == kind && !said.gone);
        if named { None } else { self.silent(subject, tree).find(|it| it.kind == kind) }
    }

    /// The absences that may count for a person, the nearest file of each kind, by kind.
    pub(super) fn silent(
        &self,
        subject: &Subject,
        tree: &AreaTree,
    ) -> impl Iterator<Item = &Absence> {
        let at = tree.node(subject.area).map(|node| node.lo);
        let person = subject.id;
        let mut last = "";
        self.absences.iter().filter(move |absence| {
            let covers = at.is_some_and(|at| (absence.place.0..absence.place.1).contains(&at));
            let first = covers && absence.kind != last;
            if first {
                last = absence.kind;
            }
            first && !self.waits(&absence.supplier, person)
        })
    }

    /// Whether a row of this source's newest file that may be about the person waits on the desk.
    pub fn waits(&self, supplier: &str, person: PersonId) -> bool {
        self.waiting.get(supplier).is_some_and(|people| people.contains(&person))
    }
}

impl Absence {
    /// `低收入人口名册（截至 2026-05-31）里没有`: its evidence, with the source's name.
    pub fn sentence(&self, source_name: &str) -> String {
        format!("{source_name}（截至 {}）里没有", self.as_of)
    }
}

/// The kinds for which a layout says what is otherwise so.
fn stated(layout: &Layout) -> impl Iterator<Item = (&'static str, FactValue)> {
    let mut seen: Vec<&str> = Vec::new();
    layout.facts.iter().filter_map(move |rule| {
        let kind = register::kind_of(&rule.kind)?.id;
        let value = rule.otherwise.as_ref()?.value(kind)?;
        let first = !seen.contains(&kind);
        seen.push(kind);
        first.then_some((kind, value))
    })
}

//! One pass over a file: read it in a child process, type its rows, match them to people.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use access::{AreaTree, Vault};
use facts::layout::{self, Layout, Mapping, Profile, Profiler};
use facts::matching::{
    Gazetteer, Hashes, Index, Matched, Matcher, NamedArea, NumberKey, Person, Surroundings,
};
use facts::normalise::{self, NumberFault};
use facts::people::KnownPerson;
use facts::row::{FactDraft, TypedRow, facts_of};
use facts::sheet::{Limits, Peek, SheetProcess};
use kernel::{AreaId, Day, PersonId, Refusal, ResidentNumber, Sex};

use crate::App;
use crate::work::Work;

/// A row of the file, as far as it is needed after it was matched.
pub(crate) struct Kept {
    pub(crate) row_no: u32,
    pub(crate) drafts: Vec<FactDraft>,
    pub(crate) person: Option<PersonSeed>,
    pub(crate) key: [u8; 16],
    pub(crate) hash: [u8; 16],
    pub(crate) who: String,
}

/// What a row says about the person itself, in a file that makes people known.
#[derive(Clone)]
pub(crate) struct PersonSeed {
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) number: ResidentNumber,
    pub(crate) birth: Day,
    pub(crate) sex: Sex,
    pub(crate) area: AreaId,
}

/// Everything that one pass gives.
pub(crate) struct Reading {
    pub(crate) peek: Peek,
    pub(crate) mapping: Mapping,
    pub(crate) notes: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) rows: Vec<Kept>,
    pub(crate) matched: Vec<Matched>,
}

/// What is known around the file.
pub(crate) struct Setting {
    pub(crate) app: App,
    pub(crate) layout: Layout,
    pub(crate) areas: Arc<AreaTree>,
    /// The area that the file is about.
    pub(crate) area: AreaId,
    pub(crate) as_of: Day,
    pub(crate) known: Vec<KnownPerson>,
    /// How the columns are read, when somebody has said so.
    pub(crate) mapping: Option<Mapping>,
    gazetteer: Gazetteer,
}

impl Setting {
    pub(crate) fn new(
        app: &App,
        layout: Layout,
        area: AreaId,
        as_of: Day,
        known: Vec<KnownPerson>,
        mapping: Option<Mapping>,
    ) -> Self {
        let areas = app.areas();
        let below = areas.iter().filter(|node| areas.within(node.id, area) == Some(true));
        let gazetteer = Gazetteer::new(below.map(|node| NamedArea {
            id: node.id,
            name: node.name.clone(),
            level: node.level,
            parent: node.parent,
        }));
        Self {
            app: app.clone(),
            layout,
            areas: areas.clone(),
            area,
            as_of,
            known,
            mapping,
            gazetteer,
        }
    }

    fn vault(&self) -> &Vault {
        self.app.vault()
    }

    fn hashes(&self) -> Hashes {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&self.vault().keyed(b"row_hash", b"1"));
        key[16..].copy_from_slice(&self.vault().keyed(b"row_hash", b"2"));
        Hashes::new(key)
    }

    fn index(&self) -> Index {
        Index::new(self.known.iter().map(|person| {
            let it = Person {
                id: person.id,
                name: person.name.clone(),
                birth: person.birth,
                sex: person.sex,
                area: Some(person.area),
            };
            (it, person.numbers.clone())
        }))
    }

    fn keep(&self, row: &TypedRow, hashes: &Hashes) -> Kept {
        let place = row.place();
        let area = self.gazetteer.area(&place);
        let name = row.name();
        let number = row.number().ok().map(|(number, _)| number);
        let person = match (self.layout.creates_people, name, number) {
            (true, Some(name), Some(number)) => Some(PersonSeed {
                name: name.given.clone(),
                name_key: name.key.clone(),
                number,
                birth: number.birth(),
                sex: number.sex(),
                area: area.unwrap_or(self.area),
            }),
            _ => None,
        };
        let village = area.map_or_else(|| place.whole.clone(), |area| self.areas.spoken(area));
        Kept {
            row_no: row.row_no,
            drafts: facts_of(&self.layout, row, self.as_of, &|place| self.gazetteer.area(place)),
            person,
            key: hashes.row_key(row),
            hash: hashes.row_hash(row),
            who: who(name.map(|n| n.given.as_str()), row.number().err().as_ref(), &village),
        }
    }
}

fn who(name: Option<&str>, number: Option<&NumberFault>, village: &str) -> String {
    let mut words = vec![name.unwrap_or("（没有姓名）")];
    if !village.is_empty() {
        words.push(village);
    }
    if matches!(number, Some(NumberFault::Blank)) {
        words.push("没有证件号");
    }
    words.join(" · ")
}

impl Surroundings for Setting {
    fn number_key(&self, number: &ResidentNumber) -> NumberKey {
        self.vault().number_index(number)
    }

    fn new_person(&self, number: &NumberKey) -> PersonId {
        facts::people::person_id(self.vault(), self.area, number)
    }

    fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }
}

/// Reads and matches a file. Blocking: a child process reads, this thread types and matches.
pub(crate) fn read(setting: &Setting, path: &Path, work: &Work) -> Result<Reading, Refusal> {
    let exe = &setting.app.parts().exe;
    let limits = Limits::default();
    work.step("看文件的格式", 0);
    let peek = SheetProcess::peek(exe, path, &limits)?;
    let (mapping, notes) = match &setting.mapping {
        Some(mapping) if mapping.fits(&peek) => (mapping.clone(), Vec::new()),
        _ => {
            let guess = layout::recognise(&peek, std::slice::from_ref(&setting.layout))?;
            (guess.mapping, guess.notes)
        }
    };
    let estimate = peek.sheets.get(mapping.sheet).map_or(0, |sheet| sheet.rows_estimate);
    work.step("逐行读取并比对", u64::from(estimate));
    let process = SheetProcess::rows(exe, path, mapping.sheet, &limits)?;
    let stop = process.stop();
    work.on_stop(move || stop.cancel());
    let hashes = setting.hashes();
    let mut profiler = Profiler::new(&setting.layout, &mapping);
    let mut pairs = Matcher::new(&setting.layout, setting, setting.as_of, &hashes, setting.index());
    let mut rows = Vec::new();
    for row in process {
        work.check()?;
        let row = row?;
        work.done(u64::from(row.number));
        if let Some(typed) = profiler.see(&row) {
            pairs.push(&typed);
            rows.push(setting.keep(&typed, &hashes));
        }
    }
    work.check()?;
    let profile = profiler.finish();
    profile.verdict(&setting.layout)?;
    work.step("整理比对结果", 0);
    let matched = pairs.finish();
    Ok(Reading { peek, mapping, notes, profile, rows, matched })
}

/// The card that a row gives a person, when it differs from what is known.
pub(crate) fn changed_seed<'a>(
    seed: &'a PersonSeed,
    id: PersonId,
    known: &HashMap<PersonId, &KnownPerson>,
) -> Option<&'a PersonSeed> {
    let same = known.get(&id).is_some_and(|person| {
        person.name == seed.name
            && person.area == seed.area
            && person.birth == Some(seed.birth)
            && person.sex == Some(seed.sex)
    });
    (!same).then_some(seed)
}

/// Pinyin initials of a name, for search.
pub(crate) fn initials(name: &str) -> String {
    normalise::pinyin_initials(name)
}

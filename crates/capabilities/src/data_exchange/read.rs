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
use facts::row::{FactDraft, Place, Resolve, TypedRow, facts_of};
use facts::sheet::{Limits, Peek, SheetProcess};
use kernel::{AreaId, Day, FactType, PersonId, Refusal, ResidentNumber, Sex};
use policy::register;

use crate::App;
use crate::work::Work;

use super::names::Names;

/// A row of the file, as far as it is needed after it was matched.
pub(crate) struct Kept {
    pub(crate) row_no: u32,
    pub(crate) drafts: Vec<FactDraft>,
    pub(crate) person: Option<PersonSeed>,
    pub(crate) key: [u8; 16],
    pub(crate) hash: [u8; 16],
    pub(crate) who: String,
    /// Its cells as they stand, in the order of the layout's columns, for the match desk.
    pub(crate) cells: Box<str>,
    /// Whether the row names a place at all.
    pub(crate) placed: bool,
    /// The place, when no area of the file's is called so.
    pub(crate) elsewhere: Option<Place>,
    /// 认得出人: the one known person whom a row that cannot be used names all the same.
    pub(crate) names: Option<PersonId>,
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

impl Reading {
    /// How many rows cannot be used and yet name one known person.
    pub(crate) fn names_somebody(&self) -> u32 {
        let count = self.rows.iter().filter(|row| row.names.is_some()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
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

    /// Everybody by number, when the file names relatives by theirs.
    fn relatives(&self) -> Relatives {
        let names_people = self.layout.facts.iter().any(|rule| {
            register::kind_of(&rule.kind).is_some_and(|kind| kind.value_type == FactType::Person)
        });
        let known = self.known.iter().filter(|_| names_people);
        known.flat_map(|person| person.numbers.iter().map(|key| (*key, person.id))).collect()
    }

    fn keep(&self, row: &TypedRow, hashes: &Hashes, relatives: &Relatives) -> Kept {
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
            drafts: facts_of(
                &self.layout,
                row,
                self.as_of,
                Resolve {
                    area: &|place| self.gazetteer.area(place),
                    person: &|number| relatives.get(&self.vault().number_index(number)).copied(),
                },
            ),
            person,
            key: hashes.row_key(row),
            hash: hashes.row_hash(row),
            cells: cells_of(row),
            placed: !place.is_empty(),
            names: None,
            elsewhere: (area.is_none() && self.gazetteer.areas(&place).is_empty()).then_some(place),
            who: who(name.map(|n| n.given.as_str()), row.number().err().as_ref(), &village),
        }
    }
}

/// The raw cells of a row in one piece: one allocation for each row of a large file.
fn cells_of(row: &TypedRow) -> Box<str> {
    let cells: Vec<&str> = row.fields.iter().map(|field| field.raw.as_str()).collect();
    cells.join("\u{1f}").into()
}

/// Who has which number, keyed.
type Relatives = HashMap<NumberKey, PersonId>;

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
    let relatives = setting.relatives();
    let mut profiler = Profiler::new(&setting.layout, &mapping);
    let mut pairs = Matcher::new(&setting.layout, setting, setting.as_of, &hashes, setting.index());
    let mut rows = Vec::new();
    let mut names = Names::default();
    for row in process {
        work.check()?;
        let row = row?;
        work.done(u64::from(row.number));
        if let Some(typed) = profiler.see(&row) {
            pairs.push(&typed);
            if typed.fault(&setting.layout).is_some() {
                names.note(rows.len(), &typed, setting);
            }
            rows.push(setting.keep(&typed, &hashes, &relatives));
        }
    }
    work.check()?;
    let profile = profiler.finish();
    profile.verdict(&setting.layout)?;
    about_this_area(setting, &rows)?;
    work.step("整理比对结果", 0);
    let matched = pairs.finish();
    for (place, person) in names.known(&setting.known) {
        rows[place].names = Some(person);
    }
    Ok(Reading { peek, mapping, notes, profile, rows, matched })
}

/// Fewer rows do not tell whose file it is.
const FEWEST_PLACED: usize = 5;

/// Refuses a file most of whose places are not in the area that it was handed in for.
fn about_this_area(setting: &Setting, rows: &[Kept]) -> Result<(), Refusal> {
    let placed: Vec<&Kept> = rows.iter().filter(|row| row.placed).collect();
    let mut elsewhere = placed.iter().filter_map(|row| row.elsewhere.as_ref());
    let count = elsewhere.clone().count();
    if placed.len() < FEWEST_PLACED || count * 2 <= placed.len() {
        return Ok(());
    }
    let area = setting.areas.node(setting.area).map_or("", |node| node.name.as_str());
    let named =
        elsewhere.next().map(|place| format!("{}{}{}", place.town, place.village, place.whole));
    Err(Refusal::new(
        format!(
            "文件里 {count} 行的地名（如“{}”）不在{area}的区划里，像是别的地方的文件。",
            named.unwrap_or_default()
        ),
        "请核对文件和登记的账号；确是本地的，请先核对区划名称。",
    ))
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

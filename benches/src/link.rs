//! 人员比对: a million rows to a million people.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;

use access::Vault;
use facts::layout::{Layout, Mapping};
use facts::matching::{
    Agreement, Candidate, Gazetteer, Hashes, Index, Match, Matched, Matcher, NamedArea, NumberKey,
    Person, Surroundings,
};
use facts::row::{TypedRow, Typist};
use facts::sheet::{Cell, Epoch, Row};
use kernel::{AreaId, AreaLevel, Day, PersonId, ResidentNumber, Trouble};

use crate::clock::Stopwatch;
use crate::extract::{self, COUNTIES, Pair, Record};
use crate::table::{head, note, row, share};

/// Rows that are typed at a time, so that memory holds the people and not the file.
const TYPED_AT_ONCE: usize = 50_000;

const LAYOUT: &str = r#"
id = "extract"
name = "抽取"
department = "部门"
coverage = "increment"
fresh_days = 31
rank = 10
creates_people = false
same_number_twice = "each_stands"
acceptance = { shrink_percent = 40 }
columns = [
  { field = "name", headers = ["姓名"], parse = "name", required = true },
  { field = "resident_number", headers = ["身份证号"], parse = "resident_number" },
  { field = "birth_date", headers = ["出生日期"], parse = "day" },
  { field = "town", headers = ["乡镇"], parse = "area" },
  { field = "village", headers = ["村"], parse = "area" },
]
"#;

struct World {
    vault: Vault,
    gazetteer: Gazetteer,
}

impl Surroundings for World {
    fn number_key(&self, number: &ResidentNumber) -> NumberKey {
        self.vault.number_index(number)
    }

    fn new_person(&self, key: &NumberKey) -> PersonId {
        PersonId::new(uuid::Uuid::from_bytes(*key))
    }

    fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }
}

/// Measures our matcher, then the peers on the same rows.
pub(crate) fn run(rows: usize) -> Result<(), Trouble> {
    head(&format!(
        "match {rows} rows to {rows} people (register and extract of {COUNTIES} counties)"
    ));
    let pair = extract::make(rows);
    let folder = tempfile::tempdir().map_err(Trouble::fault)?;
    pair.write(folder.path()).map_err(Trouble::fault)?;
    let ours = measure(&pair, folder.path())?;
    row("songhe: index and match, all cores", ours, ours, "");
    drop(pair);
    peers(folder.path(), ours);
    Ok(())
}

fn measure(pair: &Pair, folder: &Path) -> Result<f64, Trouble> {
    let layout = Layout::parse(LAYOUT)?;
    let mapping = mapping();
    let vault = Vault::open_or_create(&folder.join("keys.toml"))?;
    let world = World { vault, gazetteer: gazetteer() };
    let hashes = Hashes::new([7; 32]);
    let typist = Typist::new(&layout, &mapping);
    let as_of = Day::new(2026, 5, 31).expect("a day");
    // The keys of known people come with them from the database.
    let known: Vec<(Person, Vec<NumberKey>)> =
        pair.register.iter().enumerate().map(|(at, it)| known(at, it, &world)).collect();
    let (mut typing, mut indexing, mut matching) =
        (Stopwatch::default(), Stopwatch::default(), Stopwatch::default());
    let index = indexing.time(|| Index::new(known));
    let mut matcher = Matcher::new(&layout, &world, as_of, &hashes, index);
    for (part, records) in pair.extract.chunks(TYPED_AT_ONCE).enumerate() {
        let rows = cells(records, part * TYPED_AT_ONCE);
        let typed: Vec<TypedRow> =
            typing.time(|| rows.iter().filter_map(|row| typist.read(row)).collect());
        matching.time(|| matcher.push_all(&typed));
    }
    let outcomes = matching.time(|| matcher.finish());
    note(&format!(
        "songhe: index {:.2} s, match {:.2} s; typing the cells before it {:.2} s",
        indexing.seconds(),
        matching.seconds(),
        typing.seconds()
    ));
    score(&outcomes, &pair.truth);
    note(&format!("songhe: digest of all outcomes {:016x}", digest(&outcomes)));
    Ok(indexing.seconds() + matching.seconds())
}

/// The same for the same outcomes: what makes matching faster must not change it.
fn digest(matched: &[Matched]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for it in matched {
        format!("{it:?}").hash(&mut hasher);
    }
    hasher.finish()
}

/// Against the truth, which the matcher never saw.
fn score(matched: &[Matched], truth: &[Option<usize>]) {
    let (mut certain, mut right, mut desk, mut offered) = (0, 0, 0, 0);
    let meant = truth.iter().filter(|it| it.is_some()).count();
    for (it, truth) in matched.iter().zip(truth) {
        let truth = truth.map(person_id);
        match &it.outcome {
            Match::Exact(person) | Match::Normalised(person, _) => {
                certain += 1;
                right += usize::from(Some(*person) == truth);
            }
            Match::Desk { candidates, .. } => {
                desk += 1;
                offered += usize::from(candidates.iter().any(|it| Some(it.person) == truth));
            }
            _ => {}
        }
    }
    note(&format!(
        "songhe: {certain} rows matched by themselves, precision {:.6}, recall {:.4}; \
         {desk} rows at the desk, the right person among their candidates in {:.4} of them; \
         together recall {:.4}",
        share(right, certain),
        share(right, meant),
        share(offered, desk),
        share(right + offered, meant)
    ));
    note("a row without a usable number always goes to a person: money follows the match");
    for (name, places) in [
        ("the same name, birth and village", &[Agreement::Village][..]),
        ("the same name, birth and town or village", &[Agreement::Village, Agreement::Town]),
    ] {
        without_number(name, places, matched, truth, (certain, right));
    }
}

/// What passes such as DuckDB's decide and we leave to a person: if rows at the desk were taken
/// to be about the only candidate of whom this much agrees, unless another row is about the same.
fn without_number(
    name: &str,
    places: &[Agreement],
    matched: &[Matched],
    truth: &[Option<usize>],
    (certain, right): (usize, usize),
) {
    let agrees = |it: &&Candidate| {
        let has = |what: &Agreement| it.agrees.contains(what);
        has(&Agreement::Name) && has(&Agreement::Birth) && places.iter().any(has)
    };
    let only = |it: &Matched| match &it.outcome {
        Match::Exact(person) | Match::Normalised(person, _) => Some((*person, true)),
        Match::Desk { candidates, .. } => {
            match candidates.iter().filter(agrees).collect::<Vec<_>>()[..] {
                [one] => Some((one.person, false)),
                _ => None,
            }
        }
        _ => None,
    };
    let mut rows_of: HashMap<PersonId, usize> = HashMap::new();
    for (person, _) in matched.iter().filter_map(only) {
        *rows_of.entry(person).or_default() += 1;
    }
    let (mut taken, mut so_right) = (0, 0);
    for (it, truth) in matched.iter().zip(truth) {
        if let Some((person, false)) = only(it).filter(|(person, _)| rows_of[person] == 1) {
            taken += 1;
            so_right += usize::from(Some(person) == truth.map(person_id));
        }
    }
    let meant = truth.iter().filter(|it| it.is_some()).count();
    note(&format!(
        "were rows at the desk decided by {name}: {taken} more, {so_right} of them right; \
         precision {:.6}, recall {:.4}",
        share(right + so_right, certain + taken),
        share(right + so_right, meant)
    ));
}

fn person_id(at: usize) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(at as u128 + 1))
}

fn area(county: usize, village: Option<usize>) -> AreaId {
    let place = village.map_or(0, |village| village + 1);
    AreaId::new(i64::try_from(county * 1_000 + place + 1).expect("few areas"))
}

fn known(at: usize, it: &Record, world: &World) -> (Person, Vec<NumberKey>) {
    let number: ResidentNumber = it.number.parse().expect("the register's numbers hold");
    let person = Person {
        id: person_id(at),
        name: it.name.clone(),
        birth: Some(it.birth),
        sex: Some(number.sex()),
        area: Some(area(it.county, Some(it.village))),
    };
    (person, vec![world.number_key(&number)])
}

fn gazetteer() -> Gazetteer {
    let towns = (0..COUNTIES).map(|county| NamedArea {
        id: area(county, None),
        name: extract::town(county),
        level: AreaLevel::Township,
        parent: None,
    });
    let villages = extract::villages().map(|(county, village)| NamedArea {
        id: area(county, Some(village)),
        name: extract::village(village),
        level: AreaLevel::Village,
        parent: Some(area(county, None)),
    });
    Gazetteer::new(towns.chain(villages))
}

const HEADERS: [(&str, &str); 5] = [
    ("name", "姓名"),
    ("resident_number", "身份证号"),
    ("birth_date", "出生日期"),
    ("town", "乡镇"),
    ("village", "村"),
];

fn mapping() -> Mapping {
    let columns = HEADERS.iter().enumerate().map(|(at, (field, _))| ((*field).to_owned(), at));
    Mapping {
        supplier: "extract".to_owned(),
        sheet: 0,
        sheet_name: String::new(),
        header_rows: vec![1],
        headers: HEADERS.iter().map(|(_, header)| (*header).to_owned()).collect(),
        columns: columns.collect(),
        epoch: Epoch::From1900,
    }
}

fn cells(records: &[Record], before: usize) -> Vec<Row> {
    let rows = records.iter().enumerate().map(|(at, it)| Row {
        number: u32::try_from(before + at + 2).expect("a sheet's rows"),
        cells: [it.name.clone(), it.number.clone(), it.birth.to_string(), it.town(), it.village()]
            .map(Cell::Text)
            .into(),
    });
    rows.collect()
}

/// Each peer prints one line: its name, its seconds, its pairs, precision and recall.
fn peers(folder: &Path, ours: f64) {
    let python = std::env::var("SONGHE_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/link.py");
    for peer in ["duckdb", "splink"] {
        let output = Command::new(&python).arg(&script).arg(peer).arg(folder).output();
        let said = match &output {
            Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr);
                let why = why.trim_end().lines().last().unwrap_or_default();
                println!("{peer}: NOT MEASURED: {why}");
                continue;
            }
            Err(error) => {
                println!("{peer}: NOT MEASURED: {python}: {error}");
                continue;
            }
        };
        for line in said.lines() {
            match line.split('\t').collect::<Vec<_>>()[..] {
                [name, seconds, about] => {
                    row(name, seconds.parse().unwrap_or_default(), ours, about);
                }
                _ => note(line),
            }
        }
    }
}

//! 松河县: the demo county, which does not exist. Its areas, its people, the departments' files
//! of June 2026 with their dirt, and the truth of every row beside them, so that matching and
//! findings can be measured.
//!
//! Everything comes from fixed seeds: the same preset gives the same bytes every time. Resident
//! numbers begin with 99, a region that has never been assigned, so that no number can belong to
//! a person.
//!
//! ```no_run
//! let demo = demo::generate(demo::Preset::Town);
//! demo.write(std::path::Path::new("tray"))?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod areas;
mod biff;
mod departments;
mod dirt;
mod funeral;
pub mod hostile;
mod june;
mod names;
mod numbers;
mod people;
mod police;
mod rng;
mod roster;
mod second;
mod traces;
mod truth;
mod worst;

use std::path::Path;
use std::{fs, io};

use kernel::{AreaLevel, Day};

pub use areas::DemoArea;
pub use departments::Departments;
pub use june::{Course, InJune, June, Returned, ReturnedLine};
pub use numbers::{Dirt, FileDirt, Numbers};
pub use second::{BandChange, DeathOnList, Moved, SecondCounty, SecondTruth, second_county};
pub use truth::{
    Award, DeathOnRoll, FileTruth, Outcome, Overlapping, PaidElsewhere, RowTruth, Sets, Truth,
    Unpaid,
};

use areas::{Place, Village};
use dirt::Index;
use numbers::{census, day};
use people::Person;
use police::Shape;

/// How much of the county is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// 云溪镇 with 1,260 elders: for tests.
    Town,
    /// 松河县 with 98,214 elders.
    County,
}

impl Preset {
    /// The word of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::County => "county",
        }
    }

    /// The preset with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Town, Self::County].into_iter().find(|preset| preset.word() == word)
    }
}

/// A department's file as it lies in the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFile {
    /// Supplier's id.
    pub supplier: &'static str,
    /// 截至日期: the day that the file speaks of.
    pub as_of: Day,
    /// Name as the department gave it.
    pub file_name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The demo's county or town.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Areas from the province down, each after the area above it.
    pub areas: Vec<DemoArea>,
    /// Police register, funeral home, roster and clinic traces, then the other departments, in
    /// the order of importing.
    pub files: Vec<DemoFile>,
    /// What is true of them.
    pub truth: Truth,
}

/// Makes a preset: the same bytes every time.
///
/// # Panics
/// When the temporary folder cannot be written, through which the large workbook goes.
pub fn generate(preset: Preset) -> Demo {
    let world = World::new(preset);
    let index = world.index();
    let numbers = world.numbers;
    let mut made = vec![
        police::register(&index, numbers, day(2026, 6, 1), Shape::Whole).expect(WRITABLE),
        funeral::ledger(&index, numbers).expect("memory is writable"),
        roster::roster(&index, numbers, census().month()),
        traces::traces(&index, numbers),
    ];
    made.extend(departments::files(&index, numbers));
    let (files, rows) = made.into_iter().unzip();
    let truth = Truth::new(&world.people, numbers, rows);
    Demo { areas: world.areas, files, truth }
}

/// 全市: the counties of 青屏市 without 松河县, twenty times 98,214 elders, one after the other so
/// that only one is held. Each has its own people and villages, and four files: register, funeral
/// home, roster and low-income roster; the truth's sets that rest on other files are empty.
/// [`city_areas`] is the tree that all of them are planted in.
///
/// # Panics
/// As [`generate`].
pub fn city() -> impl Iterator<Item = Demo> {
    let areas = city_areas();
    Place::of_the_city().into_iter().map(move |place| {
        let part = areas::part(&areas, &place);
        let world = World::of(place, part, Numbers::of(Preset::County));
        let (index, numbers) = (world.index(), world.numbers);
        let made = [
            police::register(&index, numbers, day(2026, 6, 1), Shape::Whole).expect(WRITABLE),
            funeral::ledger(&index, numbers).expect("memory is writable"),
            roster::roster(&index, numbers, census().month()),
            departments::low_income(&index, numbers),
        ];
        let (files, rows) = made.into_iter().unzip();
        let truth = Truth::new(&world.people, numbers, rows);
        Demo { areas: world.areas, files, truth }
    })
}

/// The tree of [`city`]: the province, the city, its counties, towns and villages. A county's
/// `areas` are these nodes, under the same ids.
pub fn city_areas() -> Vec<DemoArea> {
    areas::city()
}

/// 上月文件: the register as of 1 May and the roster of April, for the difference from the last
/// file and for history.
///
/// # Panics
/// As [`generate`].
pub fn last_month(preset: Preset) -> Vec<DemoFile> {
    let world = World::new(preset);
    let index = world.index();
    let (register, _) =
        police::register(&index, world.numbers, day(2026, 5, 1), Shape::Whole).expect(WRITABLE);
    let (roster, _) = roster::roster(&index, world.numbers, census().month().plus(-1));
    vec![register, roster]
}

/// May's register under June's name and date: the mistake that an intake has to notice.
///
/// # Panics
/// As [`generate`].
pub fn renamed_last_month(preset: Preset) -> DemoFile {
    let may = last_month(preset).swap_remove(0);
    let as_of = day(2026, 6, 1);
    DemoFile { as_of, file_name: police::file_name(as_of), ..may }
}

const WRITABLE: &str = "the temporary folder is writable";

/// The people and where they live, before any file is written.
struct World {
    numbers: &'static Numbers,
    place: Place,
    areas: Vec<DemoArea>,
    villages: Vec<Village>,
    people: Vec<Person>,
}

impl World {
    fn new(preset: Preset) -> Self {
        Self::of(Place::songhe(), areas::areas(preset), Numbers::of(preset))
    }

    fn of(place: Place, areas: Vec<DemoArea>, numbers: &'static Numbers) -> Self {
        let villages = areas::villages(&areas);
        let mut people = people::people(numbers, &villages, &place);
        departments::give(&mut people, &numbers.more, place.seed);
        Self { numbers, place, areas, villages, people }
    }

    fn index(&self) -> Index<'_> {
        Index::new(&self.people, &self.villages, &self.place)
    }
}

/// The files, and their list.
fn write_files(dir: &Path, files: &[DemoFile]) -> io::Result<()> {
    let mut list = csv::Writer::from_path(dir.join("files.csv"))?;
    list.write_record(["supplier", "as_of", "file_name"])?;
    for file in files {
        fs::write(dir.join(&file.file_name), &file.bytes)?;
        list.write_record([file.supplier, &file.as_of.to_string(), &file.file_name])?;
    }
    list.flush()
}

impl Demo {
    /// Writes the files into the folder, and beside them `areas.csv` (code, name, level, kind,
    /// parent, valid_from, valid_to), `files.csv` (supplier, as_of, file_name) and `truth.json`.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir_all(dir)?;
        self.write_areas(&dir.join("areas.csv"))?;
        write_files(dir, &self.files)?;
        let truth = io::BufWriter::new(fs::File::create(dir.join("truth.json"))?);
        serde_json::to_writer(truth, &self.truth).map_err(io::Error::from)
    }

    fn write_areas(&self, path: &Path) -> io::Result<()> {
        let code_of = |id: i64| {
            let above = self.areas.iter().find(|area| area.id == id);
            above.map_or("", |area| area.code.as_str())
        };
        let mut list = csv::Writer::from_path(path)?;
        list.write_record(["code", "name", "level", "kind", "parent", "valid_from", "valid_to"])?;
        for area in &self.areas {
            list.write_record([
                area.code.as_str(),
                area.name.as_str(),
                area.level.code(),
                area.kind.code(),
                area.parent.map_or("", code_of),
                &area.valid_from.to_string(),
                "",
            ])?;
        }
        list.flush()
    }

    /// The villages and communities.
    pub fn villages(&self) -> impl Iterator<Item = &DemoArea> {
        self.areas.iter().filter(|area| area.level == AreaLevel::Village)
    }
}

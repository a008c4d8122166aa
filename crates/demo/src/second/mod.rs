//! 平川县: a second county, small and unlike the first in bands, areas, layouts and formats, so
//! that 松河县 does not become the specification.

mod files;
mod people;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use kernel::Day;
use serde::Serialize;

use crate::areas::Place;
use crate::dirt::Index;
use crate::truth::{FileTruth, Unpaid};
use crate::{DemoFile, write_files};

/// 平川县 with about 400 elders. Its departments' layouts come with it: none of the shipped ones
/// reads a file of it.
#[derive(Clone, Debug)]
pub struct SecondCounty {
    /// The areas as an area file: a town that was merged on 2026-01-01, a development zone.
    pub areas_csv: String,
    /// The layouts by supplier, as TOML.
    pub layouts: Vec<(&'static str, String)>,
    /// The register of May and of June, burials, pay roster and the roster of hardship, in the
    /// order of importing.
    pub files: Vec<DemoFile>,
    /// What is true of them.
    pub truth: SecondTruth,
}

/// What is true of 平川县 on 2 June 2026, by whole resident number. The allowance has the bands
/// 70–79, 80–94, 95–99 and 100 and more, from the month after the birthday on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SecondTruth {
    /// Counts by name.
    pub counts: BTreeMap<&'static str, usize>,
    /// 70 and more, living, in the county, and not on the roster.
    pub unpaid: Vec<Unpaid>,
    /// On the roster in one band and due in the next since May.
    pub class_changes: Vec<BandChange>,
    /// On the roster and dead.
    pub deaths_on_roll: Vec<DeathOnList>,
    /// Buried, and the register still has them as present.
    pub not_yet_at_police: Vec<String>,
    /// In another village in June's register than in May's.
    pub moved_within: Vec<Moved>,
    /// Moved out in May.
    pub moved_out: Vec<String>,
    /// First in June's register: moved in during May.
    pub moved_in: Vec<String>,
    /// Registered in a village of a town that the development zone looks after.
    pub in_the_zone: Vec<String>,
    /// Low income with grade 1 or 2.
    pub low_income_grave: Vec<String>,
    /// Living alone.
    pub alone: Vec<String>,
    /// Every row of every file.
    pub files: Vec<FileTruth>,
}

/// Somebody who passed the beginning of a band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandChange {
    /// Resident number.
    pub number: String,
    /// Age at which the new band begins.
    pub age: i32,
    /// Yuan a month on the roster.
    pub paid_yuan: u32,
    /// Yuan a month from June on.
    pub due_yuan: u32,
}

/// Somebody dead on the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeathOnList {
    /// Resident number.
    pub number: String,
    /// Day of death.
    pub died: Day,
    /// Months paid after the month of death, up to and with May 2026.
    pub overpaid_months: i32,
    /// Yuan a month on the roster.
    pub yuan: u32,
}

/// Somebody who moved within the county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Resident number.
    pub number: String,
    /// Code of the village before.
    pub from: &'static str,
    /// Code of the village now.
    pub to: &'static str,
}

impl SecondCounty {
    /// Writes the files into the folder, and beside them `areas.csv`, `files.csv` (supplier,
    /// as_of, file_name), `truth.json` and the layouts under `exchange`.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let exchange = dir.join("exchange");
        fs::create_dir_all(&exchange)?;
        for (id, layout) in &self.layouts {
            fs::write(exchange.join(format!("{id}.toml")), layout)?;
        }
        fs::write(dir.join("areas.csv"), &self.areas_csv)?;
        write_files(dir, &self.files)?;
        let truth = io::BufWriter::new(fs::File::create(dir.join("truth.json"))?);
        serde_json::to_writer(truth, &self.truth).map_err(io::Error::from)
    }
}

/// Makes 平川县: the same bytes every time.
pub fn second_county() -> SecondCounty {
    let place = Place { code: "990322".to_owned(), name: "平川县".to_owned(), seed: 0x0322 };
    let villages = people::villages();
    let people = people::people(&villages, &place);
    let index = Index::new(&people, &villages, &place);
    let made = files::files(&index);
    let (files, rows): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    let layouts = vec![
        ("pc_residents", include_str!("pc_residents.toml").to_owned()),
        ("pc_burials", include_str!("pc_burials.toml").to_owned()),
        ("pc_longevity", include_str!("pc_longevity.toml").to_owned()),
        ("pc_hardship", include_str!("pc_hardship.toml").to_owned()),
    ];
    let truth = people::truth(&people, rows);
    SecondCounty { areas_csv: people::AREAS.to_owned(), layouts, files, truth }
}

//! What is true of the demo, as its generator wrote it beside the files: the player knows it, as
//! people know their village.

use std::collections::HashMap;
use std::path::Path;

use access::Vault;
use kernel::{AreaId, PersonId, ResidentNumber, Trouble};
use serde::Deserialize;

/// `tray/truth.json`, as far as June needs it.
#[derive(Deserialize)]
struct Stored {
    sets: Sets,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct Sets {
    june: Vec<InJune>,
    deaths_on_roll: Vec<Death>,
}

#[derive(Deserialize)]
struct InJune {
    number: String,
    course: Course,
}

/// 办理结果: see `demo::Course`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Course {
    CameIn,
    NotReached,
    WithoutAccount,
    Declined,
    Objection,
}

#[derive(Deserialize)]
struct Death {
    number: String,
}

#[derive(Deserialize)]
struct File {
    supplier: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "row")]
    number: u32,
    outcome: String,
    person: Option<String>,
}

/// Somebody entitled and unpaid.
#[derive(Clone, Debug)]
pub(super) struct Unpaid {
    pub(super) person: PersonId,
    pub(super) course: Course,
}

/// What the player knows.
pub(super) struct Truth {
    /// Who is entitled and unpaid.
    pub(super) unpaid: Vec<Unpaid>,
    /// Who is dead and on the roster.
    pub(super) dead: Vec<PersonId>,
    /// Whom a row means that waits on the desk, by supplier and row.
    desk: HashMap<(String, u32), Option<PersonId>>,
}

impl Truth {
    /// Reads it. Ids follow from the numbers by the installation's own keys.
    pub(super) fn read(path: &Path, vault: &Vault, county: AreaId) -> Result<Self, Trouble> {
        let missing = |_| {
            Trouble::refused(
                format!("演示目录里没有 {}，不知道六月里谁会怎样。", path.display()),
                "请用 songhe demo 或 songhe init --preset 重新建立演示数据。",
            )
        };
        let text = std::fs::read(path).map_err(missing)?;
        let stored: Stored = serde_json::from_slice(&text).map_err(Trouble::fault)?;
        let id = |number: &str| -> Result<PersonId, Trouble> {
            let number: ResidentNumber = number.parse().map_err(Trouble::fault)?;
            Ok(facts::people::person_id(vault, county, &vault.number_index(&number)))
        };
        let unpaid = stored.sets.june.into_iter().map(|it| {
            let person = id(&it.number)?;
            Ok(Unpaid { person, course: it.course })
        });
        let unpaid = unpaid.collect::<Result<_, Trouble>>()?;
        let dead = stored.sets.deaths_on_roll.iter().map(|it| id(&it.number));
        let dead = dead.collect::<Result<_, Trouble>>()?;
        let mut desk = HashMap::new();
        for file in stored.files {
            for row in file.rows.into_iter().filter(|row| row.outcome == "desk") {
                let whom = row.person.as_deref().map(id).transpose()?;
                desk.insert((file.supplier.clone(), row.number), whom);
            }
        }
        Ok(Self { unpaid, dead, desk })
    }

    /// Whom a row on the desk means.
    pub(super) fn whom(&self, supplier: &str, row: u32) -> Option<PersonId> {
        self.desk.get(&(supplier.to_owned(), row)).copied().flatten()
    }

    /// Those of whom June brings this.
    pub(super) fn of(&self, course: Course) -> impl Iterator<Item = &Unpaid> {
        self.unpaid.iter().filter(move |it| it.course == course)
    }
}

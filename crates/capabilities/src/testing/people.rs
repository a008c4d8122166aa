//! Who lives in the county of the stories, and what the departments say about them.

use db::Tx;
use facts::batches::{BatchState, NewBatch, RowOutcome};
use facts::people::NewPerson;
use facts::{Voice, normalise};
use kernel::{
    Assertion, AssertionState, BatchId, DutyChange, DutyOpening, FactValue, Fen, Life, Month, Now,
    PersonId, ResidentNumber, Role, Sex, SourceRow, Span,
};

use super::day;
use crate::App;

/// Code of the county.
pub(crate) const COUNTY: &str = "990121";

/// The item that every duty of the stories is about.
pub(crate) const ITEM: &str = "old_age_allowance";

/// What every duty of the stories rests on.
pub(crate) const BASIS: [u8; 32] = [9; 32];

/// An elder, with what is said of them.
#[derive(Clone, Debug)]
pub(crate) struct Elder {
    pub(crate) name: &'static str,
    pub(crate) sex: Sex,
    pub(crate) born: &'static str,
    pub(crate) village: &'static str,
    /// Row in every file that speaks of them, and sequence in the number; unique.
    pub(crate) row: u32,
    pub(crate) said: Vec<Said>,
}

/// What is said of an elder, beside what the police register says of everybody.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said {
    /// On the pay roster: yuan a month, since a month.
    Paid(i64, &'static str),
    /// On the pay roster until this month, not any more.
    PaidUntil(i64, &'static str, &'static str),
    /// Dead by the police register.
    DeadByPolice(&'static str),
    /// Dead by the funeral home.
    Cremated(&'static str),
    /// Seen by a hospital.
    Seen(&'static str),
    /// An open duty: kind, cause, last day, yuan.
    Owes(&'static str, &'static str, &'static str, i64),
}

/// Supplier, as-of day, file name and rank, in the order in which they were received.
pub(crate) const FILES: [(&str, &str, &str, i16); 4] = [
    ("police_register", "2026-06-01", "公安人口库_60岁以上人口_20260601.xlsx", 1),
    ("funeral_home", "2026-05-31", "殡仪馆火化登记_202605.xls", 2),
    ("legacy_roster", "2026-05-31", "高龄津贴发放名册_202605.csv", 3),
    ("medical_traces", "2026-05-31", "医保最近就诊_202605.csv", 4),
];

/// The people of the stories: three or so in each village.
pub(crate) fn county() -> Vec<Elder> {
    use Said::{Cremated, DeadByPolice, Owes, Paid, PaidUntil, Seen};
    let (tail, head) = ("990121002001", "990121002002");
    let (east, west) = ("990121001001", "990121001002");
    let (man, woman) = (Sex::Male, Sex::Female);
    let elder = |row, name, sex, born, village, said: &[Said]| Elder {
        name,
        sex,
        born,
        village,
        row,
        said: said.to_vec(),
    };
    let unclaimed = |due| Owes("unclaimed_entitlement", "满龄未申请，名册里没有", due, 280);
    vec![
        elder(11, "周桂兰", woman, "1945-10-17", tail, &[unclaimed("2026-06-03")]),
        elder(12, "王德福", man, "1944-03-05", tail, &[Paid(40, "2024-04")]),
        elder(13, "李秀英", woman, "1936-04-20", tail, &[Paid(40, "2019-01")]),
        elder(14, "陈国栋", man, "1946-06-20", tail, &[]),
        elder(
            15,
            "吴长根",
            man,
            "1940-02-02",
            tail,
            &[
                Paid(40, "2020-03"),
                Cremated("2026-05-10"),
                Owes("award_after_death", "已火化，名册还在发", "2026-06-04", 40),
            ],
        ),
        elder(
            21,
            "郑玉梅",
            woman,
            "1938-08-08",
            head,
            &[
                Paid(40, "2019-01"),
                DeadByPolice("2026-05-03"),
                Seen("2026-05-22"),
                Owes("contradicted_death", "公安说已死亡，后来又有就诊", "2026-06-02", 0),
            ],
        ),
        elder(22, "冯金花", woman, "1925-04-01", head, &[Paid(400, "2025-05")]),
        elder(23, "褚有田", man, "1950-05-05", head, &[]),
        elder(31, "卫东升", man, "1943-09-09", east, &[unclaimed("2026-06-05")]),
        elder(32, "蒋素芬", woman, "1942-12-12", east, &[PaidUntil(40, "2023-01", "2026-05")]),
        elder(41, "沈万年", man, "1930-07-07", west, &[Paid(120, "2020-08")]),
        elder(42, "韩小妹", woman, "1947-01-01", west, &[]),
    ]
}

/// The same people, and nothing is anybody's duty yet.
pub(crate) fn undecided() -> Vec<Elder> {
    let mut people = county();
    for elder in &mut people {
        elder.said.retain(|said| !matches!(said, Said::Owes(..)));
    }
    people
}

impl Elder {
    /// The number, which begins with 99: nobody's.
    pub(crate) fn number(&self) -> ResidentNumber {
        let sequence = self.row * 2 + u32::from(self.sex == Sex::Male);
        let text = format!("990121{}{sequence:03}", self.born.replace('-', ""));
        let first17: [u8; 17] = text.as_bytes().try_into().expect("17 digits");
        let check = char::from(ResidentNumber::check_of(&first17));
        format!("{text}{check}").parse().expect("a number")
    }

    fn life(&self) -> Life {
        let says = |what: fn(&Said) -> bool| self.said.iter().any(what);
        let police = says(|said| matches!(said, Said::DeadByPolice(_)));
        let cremated = says(|said| matches!(said, Said::Cremated(_)));
        match (police, cremated) {
            (true, true) => Life::Corroborated,
            (true, false) if says(|said| matches!(said, Said::Seen(_))) => Life::Contradicted,
            (false, false) => Life::Living,
            _ => Life::Reported,
        }
    }

    fn person(&self, app: &App) -> NewPerson {
        let number = self.number();
        let areas = app.areas();
        let node = areas.with_code(self.village).expect("a village of the county");
        NewPerson {
            id: facts::people::person_id(app.vault(), node.id, &app.vault().number_index(&number)),
            name: self.name.to_owned(),
            name_key: normalise::name(self.name).expect("a name").value.key,
            initials: normalise::pinyin_initials(self.name),
            birth: day(self.born),
            sex: self.sex,
            number,
            area: node.id,
            area_pos: node.lo,
        }
    }
}

/// Writes the people, the files that speak of them and their duties; gives their ids.
pub(super) async fn settle(app: &App, elders: &[Elder]) -> Vec<PersonId> {
    let county = app.areas().with_code(COUNTY).expect("the county").clone();
    let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await.expect("one");
    let mut tx = app.db().begin(&actor.scope).await.expect("the database");
    let people: Vec<NewPerson> = elders.iter().map(|elder| elder.person(app)).collect();
    facts::people::put_people(&mut tx, app.vault(), &people).await.expect("people");
    for (supplier, as_of, file_name, rank) in FILES {
        let new = NewBatch {
            supplier,
            as_of: day(as_of),
            file_name,
            file_sm3: [7; 32],
            file_bytes: 4096,
            area: county.id,
            area_pos: county.lo,
            received_at: at_six(),
            received_by: None,
        };
        let batch = facts::batches::receive(tx.conn(), &new).await.expect("a batch");
        say(&mut tx, batch, (supplier, rank), elders, &people).await;
        facts::population::note_source_file(tx.conn(), supplier, county.id).await.expect("a file");
    }
    let lives: Vec<(PersonId, Life)> =
        people.iter().zip(elders).map(|(person, elder)| (person.id, elder.life())).collect();
    facts::people::show_lives(tx.conn(), &lives).await.expect("lives");
    let duties: Vec<DutyChange> = people
        .iter()
        .zip(elders)
        .flat_map(|(person, elder)| elder.said.iter().filter_map(|said| duty(person, said)))
        .collect();
    duties::write(tx.conn(), &duties, at_six()).await.expect("duties");
    tx.commit().await.expect("the database");
    people.iter().map(|person| person.id).collect()
}

fn at_six() -> Now {
    Now::new(day("2026-06-02"), 6, 0).expect("a time")
}

async fn say(
    tx: &mut Tx,
    batch: BatchId,
    (supplier, rank): (&str, i16),
    elders: &[Elder],
    people: &[NewPerson],
) {
    let mut rows = Vec::new();
    let mut assertions = Vec::new();
    for (elder, person) in elders.iter().zip(people) {
        let facts = facts_of(elder, person, supplier);
        if facts.is_empty() {
            continue;
        }
        rows.push(RowOutcome {
            row_no: elder.row,
            outcome: "exact",
            person: Some(person.id),
            area_pos: person.area_pos,
            row_key: [1; 16],
            row_hash: [2; 16],
            note: None,
            candidates: Vec::new(),
        });
        assertions.extend(facts.into_iter().map(|(kind, value, valid)| Assertion {
            person: person.id,
            kind,
            value,
            valid,
            source: SourceRow::File(batch, elder.row),
            state: AssertionState::Asserted,
        }));
    }
    facts::batches::put_rows(tx, batch, &rows).await.expect("rows");
    let voice = Voice { supplier, rank, as_of: None, statement: None };
    facts::assert_all(tx, voice, at_six(), &assertions).await.expect("facts");
    let decided = Some((at_six(), None));
    facts::batches::move_on(tx.conn(), batch, BatchState::Applied, None, decided, None)
        .await
        .expect("an applied file");
}

/// What a supplier's file says of an elder.
fn facts_of(
    elder: &Elder,
    person: &NewPerson,
    supplier: &str,
) -> Vec<(&'static str, FactValue, Span)> {
    let since = |text: &str| Span::from(day(text));
    let month = |text: &str| text.parse::<Month>().expect("a month").first();
    let mut facts = Vec::new();
    if supplier == "police_register" {
        let register = since("2026-06-01");
        let dead = elder.said.iter().any(|said| matches!(said, Said::DeadByPolice(_)));
        let state = if dead { "cancelled_by_death" } else { "present" };
        facts.extend([
            ("name", FactValue::Text(person.name.clone()), register),
            ("sex", FactValue::Text(person.sex.code().to_owned()), register),
            ("birth_date", FactValue::Day(person.birth), register),
            ("hukou_area", FactValue::Area(person.area), register),
            ("register_state", FactValue::Text(state.to_owned()), register),
        ]);
    }
    for said in &elder.said {
        let allowance = |yuan| FactValue::Fen(Fen::from_yuan(yuan));
        facts.extend(match (supplier, *said) {
            ("legacy_roster", Said::Paid(yuan, from)) => {
                Some(("award.old_age_allowance", allowance(yuan), Span::from(month(from))))
            }
            ("legacy_roster", Said::PaidUntil(yuan, from, to)) => {
                let span = Span::between(month(from), month(to)).expect("at least a month");
                Some(("award.old_age_allowance", allowance(yuan), span))
            }
            ("police_register", Said::DeadByPolice(on)) | ("funeral_home", Said::Cremated(on)) => {
                Some(("death_date", FactValue::Day(day(on)), since(on)))
            }
            ("medical_traces", Said::Seen(on)) => {
                Some(("last_seen", FactValue::Day(day(on)), since(on)))
            }
            _ => None,
        });
    }
    facts
}

fn duty(person: &NewPerson, said: &Said) -> Option<DutyChange> {
    let Said::Owes(kind, cause, due_on, yuan) = *said else { return None };
    let kind = crate::duty_kind(kind).expect("a declared kind");
    let item = Some(ITEM.to_owned());
    let basis = BASIS;
    Some(DutyChange::Open(DutyOpening {
        id: duties::duty_id(kind.id, person.id, item.as_deref(), &basis),
        kind: kind.id,
        person: person.id,
        item,
        cause_code: kind.id.to_owned(),
        cause: cause.to_owned(),
        owner_role: kind.owner,
        owner_area: person.area,
        opened_on: day("2026-06-02"),
        due_on: day(due_on),
        amount_fen: Fen::from_yuan(yuan),
        monthly_fen: Fen::from_yuan(40),
        basis,
    }))
}

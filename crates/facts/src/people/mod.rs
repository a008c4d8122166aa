//! 基本养老服务对象: people as lists and search show them, and the numbers that identify them.

mod store;

use std::collections::HashMap;

use access::{AreaTree, Sealed, Vault};
use db::{CopyRows, Tx};
use kernel::{AreaId, Day, Life, MaskedNumber, PersonId, ResidentNumber, Sex, Trouble};
use sqlx::PgConnection;

use crate::normalise;
use crate::sheet::Cell;

/// A person as the register names them, ready to be written.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// For ever; see [`person_id`].
    pub id: PersonId,
    /// As given.
    pub name: String,
    /// For comparing; see [`normalise::name`].
    pub name_key: String,
    /// Pinyin initials, for search.
    pub initials: String,
    /// Day of birth.
    pub birth: Day,
    /// Sex.
    pub sex: Sex,
    /// Resident number.
    pub number: ResidentNumber,
    /// Village of the household register.
    pub area: AreaId,
    /// Its position.
    pub area_pos: i32,
}

/// The id of a person first seen in this area under this number. It is keyed and not counted: a
/// counted id would tell how many people there are elsewhere.
pub fn person_id(vault: &Vault, area: AreaId, number_index: &[u8; 16]) -> PersonId {
    let mut text = area.get().to_be_bytes().to_vec();
    text.extend_from_slice(number_index);
    PersonId::new(uuid::Builder::from_custom_bytes(vault.keyed(b"person", &text)).into_uuid())
}

/// Writes people, or brings their cards up to date.
pub async fn put_people(tx: &mut Tx, vault: &Vault, people: &[NewPerson]) -> Result<(), Trouble> {
    if people.is_empty() {
        return Ok(());
    }
    store::make_person_stage(tx.conn()).await?;
    let mut rows = people.iter();
    let mut copy = CopyRows::new(12);
    tx.copy_in(store::COPY_PEOPLE, |buffer| {
        let Some(person) = rows.next() else {
            copy.end(buffer);
            return Ok(false);
        };
        let sealed = vault.seal_number(person.id, &person.number)?;
        copy.row(buffer);
        copy.field(buffer, &person.id)?;
        copy.field(buffer, &person.name)?;
        copy.field(buffer, &person.name_key)?;
        copy.field(buffer, &person.initials)?;
        copy.field(buffer, &person.birth)?;
        copy.field(buffer, &person.sex.code())?;
        copy.field(buffer, &&person.number.reveal()[16..])?;
        copy.field(buffer, &person.area)?;
        copy.field(buffer, &person.area_pos)?;
        copy.field(buffer, &vault.number_index(&person.number).to_vec())?;
        copy.field(buffer, &sealed.bytes)?;
        copy.field(buffer, &sealed.key_version)?;
        Ok(true)
    })
    .await?;
    store::merge_person_stage(tx.conn()).await
}

/// 一人一档的封面: what a list shows of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCard {
    /// Who.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Day of birth, when known.
    pub birth: Option<Day>,
    /// Sex, when known.
    pub sex: Option<Sex>,
    /// What may be shown of the number.
    pub number: MaskedNumber,
    /// What the claims of death amount to.
    pub life: Life,
    /// Village of the household register.
    pub area: AreaId,
}

impl PersonCard {
    /// `女 80 岁`, as far as known.
    pub fn sex_and_age(&self, today: Day) -> String {
        let sex = self.sex.map_or("", Sex::chinese);
        match self.birth {
            Some(birth) => format!("{sex} {} 岁", today.full_years_since(birth)).trim().to_owned(),
            None => format!("{sex} 年龄未知").trim().to_owned(),
        }
    }
}

/// The card, if the person lies in the scope; of somebody who was merged, the card of the one
/// who was kept.
pub async fn card(conn: &mut PgConnection, person: PersonId) -> Result<PersonCard, Trouble> {
    store::card(conn, person).await?.ok_or(Trouble::NotFound)
}

/// People whose cards are asked for at a time.
const CARDS: usize = 5_000;

/// The cards of those of these people who lie in the scope.
pub async fn cards(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<PersonCard>, Trouble> {
    let mut cards = Vec::with_capacity(people.len());
    for some in people.chunks(CARDS) {
        cards.append(&mut store::cards_of(conn, some).await?);
    }
    Ok(cards)
}

/// Under whose file each of these people is kept now: their own, or that of whom they were merged
/// into. Who is not listed or not in the scope is not there.
pub async fn kept(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, PersonId>, Trouble> {
    Ok(store::kept(conn, people).await?.into_iter().collect())
}

/// What somebody typed to find an elder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// A whole resident number.
    Number(ResidentNumber),
    /// The beginning of the name's pinyin initials.
    Initials(String),
    /// The beginning of a name.
    Name(String),
    /// Everybody of an area.
    Area(AreaId),
}

impl Find {
    /// Understands what was typed: a whole number, initials, an area of the scope, else a name.
    pub fn parse(typed: &str, tree: &AreaTree, within: AreaId) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        if let Ok(number) = normalise::resident_number(&Cell::Text(typed.to_owned())) {
            return Some(Self::Number(number.value));
        }
        if typed.chars().all(|c| c.is_ascii_alphabetic()) {
            return Some(Self::Initials(typed.to_ascii_lowercase()));
        }
        let area = tree
            .iter()
            .filter(|node| tree.within(node.id, within) == Some(true))
            .find(|node| node.name == typed || tree.spoken(node.id) == typed);
        match area {
            Some(node) => Some(Self::Area(node.id)),
            None => normalise::name(typed).map(|name| Self::Name(name.value.key)),
        }
    }
}

/// People found, by name; at most `limit`, from `offset` on.
pub async fn find(
    conn: &mut PgConnection,
    vault: &Vault,
    tree: &AreaTree,
    what: &Find,
    limit: i64,
    offset: i64,
) -> Result<Vec<PersonCard>, Trouble> {
    match what {
        Find::Number(number) => store::by_number(conn, &vault.number_index(number)).await,
        Find::Initials(text) => store::by_initials(conn, text, &after(text), limit, offset).await,
        Find::Name(text) => store::by_name(conn, text, &after(text), limit, offset).await,
        Find::Area(area) => {
            let node = tree.node(*area).ok_or(Trouble::NotFound)?;
            store::by_area(conn, node.lo, node.hi, limit, offset).await
        }
    }
}

/// The first text after all that begin with this prefix, in byte order.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// The whole number. The caller asks for the reason and leaves an audit entry.
pub async fn reveal_number(
    conn: &mut PgConnection,
    vault: &Vault,
    person: PersonId,
) -> Result<ResidentNumber, Trouble> {
    let (bytes, key_version) =
        store::sealed_number(conn, person).await?.ok_or(Trouble::NotFound)?;
    vault.open_number(person, &Sealed { bytes, key_version })
}

/// A person as the matcher knows them.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    /// Who.
    pub id: PersonId,
    /// As shown.
    pub name: String,
    /// For comparing.
    pub name_key: String,
    /// Day of birth.
    pub birth: Option<Day>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Village.
    pub area: AreaId,
    /// Keyed hashes of the numbers, current and former.
    pub numbers: Vec<[u8; 16]>,
}

/// Everybody in the scope, for matching a file.
pub async fn known_people(conn: &mut PgConnection) -> Result<Vec<KnownPerson>, Trouble> {
    let mut people = store::known_people(conn).await?;
    for (kept, number) in store::merged_numbers(conn).await? {
        // The people come in the order of their ids.
        if let Ok(at) = people.binary_search_by_key(&kept, |person| person.id)
            && !people[at].numbers.contains(&number)
        {
            people[at].numbers.push(number);
        }
    }
    Ok(people)
}

/// Notes a number as a further one of the person, for look-ups. It is never shown as theirs.
pub async fn note_number(
    conn: &mut PgConnection,
    vault: &Vault,
    person: PersonId,
    number: &ResidentNumber,
) -> Result<(), Trouble> {
    let sealed = vault.seal_number(person, number)?;
    let index = vault.number_index(number);
    store::note_number(conn, person, &index, &sealed.bytes, sealed.key_version).await
}

/// Takes back that a number is a further one of the person.
pub async fn withdraw_number(
    conn: &mut PgConnection,
    vault: &Vault,
    person: PersonId,
    number: &ResidentNumber,
) -> Result<(), Trouble> {
    store::withdraw_number(conn, person, &vault.number_index(number)).await
}

/// Shows what the claims of death amount to.
pub async fn show_lives(
    conn: &mut PgConnection,
    lives: &[(PersonId, Life)],
) -> Result<(), Trouble> {
    let (people, lives): (Vec<PersonId>, Vec<String>) =
        lives.iter().map(|(person, life)| (*person, life.code().to_owned())).unzip();
    store::show_lives(conn, &people, &lives).await
}

/// Takes people whose every fact was taken back off the lists, and brings back who has facts.
pub async fn list_who_has_facts(
    conn: &mut PgConnection,
    batch: kernel::BatchId,
) -> Result<(), Trouble> {
    store::list_who_has_facts(conn, batch).await
}

/// Brings the cards of the people of a file back to what their facts say, after it was undone.
pub async fn refresh_cards(tx: &mut Tx, batch: kernel::BatchId) -> Result<(), Trouble> {
    let stale = store::stale_cards(tx.conn(), batch).await?;
    rewrite_cards(tx, stale).await
}

/// Lists these people or not, and brings their cards to what their facts say now.
pub async fn settle(tx: &mut Tx, people: &[PersonId]) -> Result<(), Trouble> {
    store::list_anew(tx.conn(), people).await?;
    let stale = store::stale_cards_of(tx.conn(), people).await?;
    rewrite_cards(tx, stale).await
}

async fn rewrite_cards(
    tx: &mut Tx,
    stale: Vec<(PersonId, String, AreaId, i32)>,
) -> Result<(), Trouble> {
    for (person, name, area, area_pos) in stale {
        let key = normalise::name(&name).map_or_else(|| name.clone(), |n| n.value.key);
        let initials = normalise::pinyin_initials(&name);
        store::rewrite_card(tx.conn(), person, &name, &key, &initials, (area, area_pos)).await?;
    }
    Ok(())
}

/// How many people are listed in this part of the scope.
pub async fn count_in(conn: &mut PgConnection, lo: i32, hi: i32) -> Result<i64, Trouble> {
    store::count_in(conn, lo, hi).await
}

/// How many people are listed in the scope.
pub async fn count(conn: &mut PgConnection) -> Result<i64, Trouble> {
    store::count(conn).await
}

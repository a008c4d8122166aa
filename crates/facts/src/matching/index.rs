use std::collections::HashMap;

use kernel::{AreaId, Day, PersonId, ResidentNumber, Sex};

use super::quick::KeyedMap;
use super::{Agreement, Candidate, Gazetteer, Surroundings, sex_of};
use crate::normalise::{self, Name, Normalised, NumberFault};
use crate::row::TypedRow;

/// 身份证号密钥摘要: a keyed hash of a number, as the database holds it.
pub type NumberKey = [u8; 16];

/// Somebody known, as far as matching needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name as it is stored.
    pub name: String,
    /// Day of birth.
    pub birth: Option<Day>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Registered village, or town when no more is known.
    pub area: Option<AreaId>,
}

/// Everybody known, by number and by name.
#[derive(Default)]
pub struct Index {
    people: Vec<(Person, Box<str>)>,
    by_number: KeyedMap<NumberKey, Holders>,
    by_name: HashMap<Box<str>, Vec<Namesake>>,
}

/// Who has had a number: nearly always one.
enum Holders {
    One([u32; 1]),
    Several(Vec<u32>),
}

impl Holders {
    fn add(&mut self, at: u32) {
        match self {
            Self::One([first]) => *self = Self::Several(vec![*first, at]),
            Self::Several(all) => all.push(at),
        }
    }
}

/// Somebody of a name, with what rules most of them out: a county has hundreds of one name, and
/// to look at each of them in its place costs more than all the rest.
struct Namesake {
    at: u32,
    birth: Option<Day>,
    area: Option<AreaId>,
}

/// More candidates than this help nobody to choose.
const MOST_CANDIDATES: usize = 5;

impl Index {
    /// From people with the keys of all numbers that they have had.
    pub fn new(people: impl IntoIterator<Item = (Person, Vec<NumberKey>)>) -> Self {
        let people = people.into_iter();
        let mut index = Self::default();
        index.people.reserve(people.size_hint().0);
        index.by_number.reserve(people.size_hint().0);
        for (person, keys) in people {
            index.insert(person, &keys);
        }
        index
    }

    /// How many people it knows.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it knows nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    pub(super) fn insert(&mut self, person: Person, keys: &[NumberKey]) {
        // People are counted by u32: there are fewer of them than 2^32.
        let at = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let key: Box<str> = match normalise::name(&person.name) {
            Some(name) => name.value.key.into(),
            None => person.name.as_str().into(),
        };
        for number in keys {
            let holders = self.by_number.entry(*number);
            holders.and_modify(|it| it.add(at)).or_insert(Holders::One([at]));
        }
        let namesake = Namesake { at, birth: person.birth, area: person.area };
        match self.by_name.get_mut(&key) {
            Some(namesakes) => namesakes.push(namesake),
            None => {
                self.by_name.insert(key.clone(), vec![namesake]);
            }
        }
        self.people.push((person, key));
    }

    pub(super) fn holders(&self, key: &NumberKey) -> &[u32] {
        match self.by_number.get(key) {
            None => &[],
            Some(Holders::One(one)) => one,
            Some(Holders::Several(all)) => all,
        }
    }

    pub(super) fn person(&self, at: u32) -> &Person {
        &self.people[at as usize].0
    }

    pub(super) fn name_key(&self, at: u32) -> &str {
        &self.people[at as usize].1
    }

    /// Whom a row may be about: the holders of its number, then those of its name with whom
    /// enough else agrees. The best first; equals in the order of their ids.
    pub(super) fn candidates(
        &self,
        claim: &Claim,
        number: Option<&NumberKey>,
        as_of: Day,
        world: &impl Surroundings,
    ) -> Vec<Candidate> {
        let holders = number.map_or(&[][..], |key| self.holders(key));
        let named = claim.name.as_ref().and_then(|name| self.by_name.get(name.key.as_str()));
        let mut places: Vec<u32> = holders.to_vec();
        let namesakes = named.into_iter().flatten().filter(|it| claim.may_mean(it));
        places.extend(namesakes.map(|it| it.at).filter(|at| !holders.contains(at)));
        let mut found: Vec<Candidate> = places
            .into_iter()
            .filter_map(|at| {
                let holds = holders.contains(&at);
                self.judge(claim, at, holds, as_of, world.gazetteer())
            })
            .collect();
        found.sort_by_key(|it| (u8::MAX - it.score, it.person));
        found.truncate(MOST_CANDIDATES);
        found
    }

    fn judge(
        &self,
        claim: &Claim,
        at: u32,
        holds_number: bool,
        as_of: Day,
        gazetteer: &Gazetteer,
    ) -> Option<Candidate> {
        let person = self.person(at);
        let birth = claim.birth.map(|birth| person.birth == Some(birth));
        let village = person.area.is_some_and(|area| claim.areas.contains(&area));
        let town_of = |area: &AreaId| gazetteer.town_of(*area);
        let own_town = person.area.as_ref().and_then(town_of);
        let town = own_town.is_some() && claim.areas.iter().any(|area| town_of(area) == own_town);
        let sex = claim.sex.zip(person.sex).map(|(a, b)| a == b);
        let mut agrees = Vec::new();
        let mut add = |holds: bool, what: Agreement| {
            if holds {
                agrees.push(what);
            }
        };
        add(holds_number, Agreement::Number);
        add(claim.name.as_ref().is_some_and(|it| it.key == self.name_key(at)), Agreement::Name);
        add(birth == Some(true), Agreement::Birth);
        add(village, Agreement::Village);
        add(town && !village, Agreement::Town);
        add(sex == Some(true), Agreement::Sex);
        let contradicted = sex == Some(false)
            || (birth == Some(false) && claim.birth_is_sure)
            || claim.age_contradicts(person, as_of);
        let enough = birth == Some(true) || village || (town && birth.is_none_or(|same| same));
        if !holds_number && (contradicted || !enough) {
            return None;
        }
        let score = agrees.iter().map(|it| weight(*it)).sum::<u8>().min(100);
        Some(Candidate { person: person.id, agrees, score })
    }
}

const fn weight(agreement: Agreement) -> u8 {
    match agreement {
        Agreement::Number => 50,
        Agreement::Birth => 35,
        Agreement::Name => 30,
        Agreement::Village => 25,
        Agreement::Town => 15,
        Agreement::Sex => 5,
    }
}

/// What a row says about whom it is about.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) name: Option<Name>,
    /// What its key took.
    pub(super) name_steps: Vec<Normalised>,
    pub(super) number: Option<ResidentNumber>,
    pub(super) fault: Option<NumberFault>,
    pub(super) number_place: Option<usize>,
    pub(super) areas: Vec<AreaId>,
    birth: Option<Day>,
    /// Whether the birth is legible beyond doubt, so that another one speaks against somebody.
    birth_is_sure: bool,
    sex: Option<Sex>,
    age: Option<i64>,
}

impl Claim {
    pub(super) fn of(
        row: &TypedRow,
        fault: Option<NumberFault>,
        number: Option<&ResidentNumber>,
        gazetteer: &Gazetteer,
    ) -> Self {
        let stated = number.map(ResidentNumber::birth).or_else(|| row.day("birth_date"));
        // The kept digits of a cut number are right; a number with a wrong digit may be wrong here.
        let cut = matches!(fault, Some(NumberFault::LostDigits { .. }));
        let named = row.field("name");
        let legible = fault.as_ref().and_then(NumberFault::birth);
        Self {
            name: row.name().cloned(),
            name_steps: named.map(|field| field.steps.clone()).unwrap_or_default(),
            number: number.copied(),
            number_place: row.field("resident_number").and_then(|field| field.place),
            areas: gazetteer.areas(&row.place()),
            birth: stated.or(legible),
            birth_is_sure: stated.is_some() || (cut && legible.is_some()),
            sex: sex_of(row, number),
            age: row.count("age"),
            fault,
        }
    }

    /// Whether birth or village leaves the possibility open; what [`Index::judge`] asks first.
    fn may_mean(&self, namesake: &Namesake) -> bool {
        self.birth.is_none_or(|birth| namesake.birth == Some(birth))
            || namesake.area.is_some_and(|area| self.areas.contains(&area))
    }

    /// Ages are counted in several ways, by up to two years.
    fn age_contradicts(&self, person: &Person, as_of: Day) -> bool {
        self.age
            .zip(person.birth)
            .is_some_and(|(age, birth)| (i64::from(as_of.full_years_since(birth)) - age).abs() > 2)
    }
}

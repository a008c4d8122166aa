//! 认得出人的: whom rows name that cannot be used. A roster with such a row is not silent about its
//! person, so nothing ends and nothing is concluded because the person is missing.

use std::collections::HashMap;

use facts::matching::{NumberKey, Surroundings};
use facts::people::KnownPerson;
use facts::row::TypedRow;
use kernel::{AreaId, PersonId};

use super::read::Setting;

/// Rows that cannot be used, by what they say about whom they are: the number when it is legible,
/// else name and village.
#[derive(Default)]
pub(super) struct Names {
    by_number: HashMap<NumberKey, Vec<usize>>,
    by_name: HashMap<(AreaId, String), Vec<usize>>,
}

impl Names {
    /// Notes the row at this place among those that are kept.
    pub(super) fn note(&mut self, place: usize, row: &TypedRow, setting: &Setting) {
        if let Ok((number, _)) = row.number() {
            self.by_number.entry(setting.number_key(&number)).or_default().push(place);
        } else if let (Some(name), Some(area)) =
            (row.name(), setting.gazetteer().area(&row.place()))
        {
            self.by_name.entry((area, name.key.clone())).or_default().push(place);
        }
    }

    /// The rows that name exactly one of these people, and whom.
    pub(super) fn known(&self, people: &[KnownPerson]) -> Vec<(usize, PersonId)> {
        let mut found: HashMap<usize, Vec<PersonId>> = HashMap::new();
        let mut note = |places: Option<&Vec<usize>>, person: PersonId| {
            for place in places.into_iter().flatten() {
                found.entry(*place).or_default().push(person);
            }
        };
        if self.by_number.is_empty() && self.by_name.is_empty() {
            return Vec::new();
        }
        for person in people {
            for number in &person.numbers {
                note(self.by_number.get(number), person.id);
            }
            if !self.by_name.is_empty() {
                note(self.by_name.get(&(person.area, person.name_key.clone())), person.id);
            }
        }
        let one = |(place, people): (usize, Vec<PersonId>)| match people.as_slice() {
            [person] => Some((place, *person)),
            _ => None,
        };
        found.into_iter().filter_map(one).collect()
    }
}

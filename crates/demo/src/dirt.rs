use std::collections::{HashMap, HashSet};

use kernel::{Day, ResidentNumber, Sex};

use crate::areas::{Place, Village};
use crate::names;
use crate::numbers::{FileDirt, day};
use crate::people::Person;
use crate::rng::Rng;
use crate::truth::Outcome;

/// A cell as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A day as a spreadsheet keeps it.
    Serial(Day),
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Days from the spreadsheet's epoch, 30 December 1899 (its leap day of 1900 lies before ours).
pub(crate) fn serial(of: Day) -> f64 {
    let days = i32::try_from(of.days_since(day(1899, 12, 30))).expect("a century of days");
    f64::from(days)
}

/// Who a row is about, as a file writes it, and what an importer should make of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Index of the person that the row means.
    pub(crate) person: Option<usize>,
    pub(crate) name: String,
    pub(crate) id: Cell,
    pub(crate) birth: Day,
    pub(crate) village: usize,
    pub(crate) outcome: Outcome,
}

impl Entry {
    /// The number's signs when it has all eighteen.
    pub(crate) fn id_digits(&self) -> Option<&[u8]> {
        match &self.id {
            Cell::Text(id) if id.len() == 18 => Some(id.as_bytes()),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Desk {
    Scientific,
    Name,
    Digit,
    Empty,
    /// The row carries the number of this other person.
    Shared(usize),
}

/// What is wrong with the row of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    OldNumber,
    Desk(Desk),
}

/// What is wrong with the row of nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hopeless {
    Scientific,
    Digit,
    Birth,
    Length,
    NoNumber,
    Nothing,
}

impl Hopeless {
    pub(crate) const OTHER: [Self; 5] =
        [Self::Digit, Self::Birth, Self::Length, Self::NoNumber, Self::Nothing];

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Scientific => "scientific_notation",
            Self::Digit => "wrong_check_digit",
            Self::Birth => "impossible_birth",
            Self::Length => "wrong_length",
            Self::NoNumber => "empty_id",
            Self::Nothing => "empty_row",
        }
    }
}

/// How often which name stands where: a dirty row must mean one person only.
pub(crate) struct Index<'a> {
    pub(crate) people: &'a [Person],
    pub(crate) villages: &'a [Village],
    pub(crate) place: &'a Place,
    in_town: HashMap<(&'a str, &'a str), usize>,
    on_day: HashMap<(&'a str, Day), usize>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(people: &'a [Person], villages: &'a [Village], place: &'a Place) -> Self {
        let mut in_town = HashMap::new();
        let mut on_day = HashMap::new();
        for person in people {
            let town = villages[person.village].town.as_str();
            *in_town.entry((person.name.as_str(), town)).or_insert(0) += 1;
            *on_day.entry((person.name.as_str(), person.birth)).or_insert(0) += 1;
        }
        Self { people, villages, place, in_town, on_day }
    }

    pub(crate) fn village(&self, entry: &Entry) -> &Village {
        &self.villages[entry.village]
    }

    fn town_of(&self, person: &Person) -> &str {
        &self.villages[person.village].town
    }

    /// Nobody else in the town has the name, and nobody born on the day.
    fn unique(&self, person: &Person) -> bool {
        let name = person.name.as_str();
        self.in_town.get(&(name, self.town_of(person))) == Some(&1)
            && self.on_day.get(&(name, person.birth)) == Some(&1)
    }

    /// Somebody unique whose number a spreadsheet takes for a number.
    pub(crate) fn unique_digits(&self, at: usize) -> bool {
        self.fits(Flaw::Desk(Desk::Scientific), at)
    }

    fn fits(&self, flaw: Flaw, at: usize) -> bool {
        let person = &self.people[at];
        let digits = !person.number.reveal().ends_with('X');
        match flaw {
            Flaw::OldNumber => true,
            Flaw::Desk(Desk::Scientific) => digits && self.unique(person),
            Flaw::Desk(Desk::Name) => {
                let other = names::misheard(&person.name);
                self.unique(person)
                    && !self.in_town.contains_key(&(other.as_str(), self.town_of(person)))
            }
            Flaw::Desk(_) => self.unique(person),
        }
    }
}

/// Whether a file keeps numbers as numbers (a workbook) or as text (csv).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    Numbers,
    Text,
}

/// Writes people into rows of one file, with the dirt of that file.
pub(crate) struct Soiler<'a> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) rng: Rng,
    pub(crate) keeps: Keeps,
}

impl Soiler<'_> {
    /// Chooses the people of the pool whose rows shall be flawed.
    pub(crate) fn plan(&mut self, dirt: FileDirt, pool: &[usize]) -> HashMap<usize, Flaw> {
        let mut pool = pool.to_vec();
        self.rng.shuffle(&mut pool);
        let wanted = [
            (Flaw::Desk(Desk::Scientific), dirt.desk_scientific),
            (Flaw::Desk(Desk::Name), dirt.desk_name),
            (Flaw::Desk(Desk::Digit), dirt.desk_digit),
            (Flaw::Desk(Desk::Empty), dirt.desk_empty),
            (Flaw::OldNumber, dirt.old_numbers),
        ];
        let mut plan = HashMap::new();
        let mut used = HashSet::new();
        for (flaw, count) in wanted {
            for _ in 0..count {
                let at = self.choose(&pool, &used, flaw);
                used.insert(at);
                plan.insert(at, flaw);
            }
        }
        for _ in 0..dirt.desk_shared {
            let at = self.choose(&pool, &used, Flaw::Desk(Desk::Digit));
            used.insert(at);
            let holder = self.choose(&pool, &used, Flaw::Desk(Desk::Digit));
            used.insert(holder);
            plan.insert(at, Flaw::Desk(Desk::Shared(holder)));
        }
        plan
    }

    fn choose(&self, pool: &[usize], used: &HashSet<usize>, flaw: Flaw) -> usize {
        let free = |at: &&usize| !used.contains(at) && self.index.fits(flaw, **at);
        *pool.iter().find(free).expect("a preset has more people than flaws")
    }

    /// The row of a person by the plan.
    pub(crate) fn row(&mut self, at: usize, flaw: Option<Flaw>) -> Entry {
        match flaw {
            None => self.good(at),
            Some(Flaw::OldNumber) => {
                let person = &self.index.people[at];
                let number = person.number.reveal();
                let old = format!("{}{}", &number[..6], &number[8..17]);
                let outcome = Outcome::Normalised { what: vec!["id_15"] };
                self.entry(at, person.name.clone(), Cell::Text(old), outcome)
            }
            Some(Flaw::Desk(desk)) => self.desk(at, desk),
        }
    }

    fn entry(&self, at: usize, name: String, id: Cell, outcome: Outcome) -> Entry {
        let person = &self.index.people[at];
        let (birth, village) = (person.birth, person.village);
        Entry { person: Some(at), name, id, birth, village, outcome }
    }

    /// A row that means its person for certain, here and there after a normalisation.
    fn good(&mut self, at: usize) -> Entry {
        let person = &self.index.people[at];
        let mut what = Vec::new();
        let id = self.mendable_id(person.number, &mut what);
        let mut name = person.name.clone();
        let signs: Vec<char> = name.chars().collect();
        if name.contains('·') && self.rng.chance(2, 3) {
            let dot = names::DOTS[1 + self.rng.below(3)];
            name = name.replace('·', &dot.to_string());
            what.push("name_dot");
        } else if signs.len() == 2 && self.rng.chance(1, 90) {
            let gap = if self.rng.chance(1, 3) { '\u{3000}' } else { ' ' };
            name = format!("{}{gap}{}", signs[0], signs[1]);
            what.push("name_spaces");
        } else if self.rng.chance(1, 700) {
            name.push(' ');
            what.push("name_spaces");
        }
        let outcome = if what.is_empty() { Outcome::Exact } else { Outcome::Normalised { what } };
        self.entry(at, name, Cell::Text(id), outcome)
    }

    fn mendable_id(&mut self, number: ResidentNumber, what: &mut Vec<&'static str>) -> String {
        let id = number.reveal();
        if id.ends_with('X') && self.rng.chance(1, 12) {
            what.push("id_lower_x");
            return id.to_lowercase();
        }
        match self.rng.below(1600) {
            0..4 => {
                what.push("id_full_width");
                full_width(id)
            }
            4..8 => {
                what.push("id_spaces");
                format!(" {id}")
            }
            8..16 => {
                what.push("id_spaces");
                format!("{id} ")
            }
            16..20 => {
                what.push("id_spaces");
                format!("{} {} {}", &id[..6], &id[6..14], &id[14..])
            }
            20..24 => {
                what.push("id_quote");
                format!("'{id}")
            }
            _ => id.to_owned(),
        }
    }

    fn desk(&mut self, at: usize, desk: Desk) -> Entry {
        let person = &self.index.people[at];
        let number = person.number.reveal();
        let (name, id, reason) = match desk {
            Desk::Scientific => {
                (person.name.clone(), self.scientific(number), "scientific_notation")
            }
            Desk::Name => (names::misheard(&person.name), Cell::text(number), "name_differs"),
            Desk::Digit => {
                let wrong = wrong_digit(number, 14 + self.rng.below(3));
                (person.name.clone(), Cell::Text(wrong), "wrong_check_digit")
            }
            Desk::Empty => (person.name.clone(), Cell::Empty, "empty_id"),
            Desk::Shared(holder) => {
                let other = self.index.people[holder].number.reveal();
                (person.name.clone(), Cell::text(other), "two_people_one_id")
            }
        };
        self.entry(at, name, id, Outcome::Desk { reason })
    }

    /// A legible row about somebody who is too young for the register.
    pub(crate) fn stranger(
        &mut self,
        (from, to): (i16, i16),
        taken: &mut HashSet<String>,
    ) -> Entry {
        let (from, to) = (day(from, 1, 1), day(to, 12, 31));
        let days = usize::try_from(to.days_since(from)).expect("some years");
        loop {
            let birth = from.plus_days(i64::try_from(self.rng.below(days)).expect("some years"));
            let sex = if self.rng.chance(1, 2) { Sex::Female } else { Sex::Male };
            let sequence = self.rng.below(497) * 2 + usize::from(sex == Sex::Male);
            let digits = birth.to_string().replace('-', "");
            let first17 = format!("{}{digits}{sequence:03}", self.index.place.code);
            let bytes = first17.as_bytes().try_into().expect("6 + 8 + 3 digits");
            let number = format!("{first17}{}", char::from(ResidentNumber::check_of(bytes)));
            if taken.insert(number.clone()) {
                let name = names::whole(&mut self.rng, sex, birth.year());
                let village = self.rng.below(self.index.villages.len());
                let id = Cell::Text(number);
                let outcome = Outcome::Outside;
                return Entry { person: None, name, id, birth, village, outcome };
            }
        }
    }

    /// A row that fits nobody.
    pub(crate) fn nobody(&mut self, hopeless: Hopeless) -> Entry {
        let birth = day(1940, 1, 1).plus_days(self.rng.below(9000).try_into().unwrap_or(0));
        let village = self.rng.below(self.index.villages.len());
        let mut number = format!(
            "{}{:04}{:02}{:02}{:03}0",
            self.index.place.code,
            birth.year(),
            birth.month_number(),
            birth.day(),
            self.rng.below(990)
        );
        let first17 = number.as_bytes()[..17].try_into().expect("17 digits");
        let check = ResidentNumber::check_of(first17);
        // A check sign that is wrong for certain.
        let wrong = if check == b'3' { "7" } else { "3" };
        number.replace_range(17.., wrong);
        let mut name = names::outsider(&mut self.rng);
        let id = match hopeless {
            Hopeless::Scientific => self.scientific(&number),
            Hopeless::Digit => Cell::Text(number),
            Hopeless::Birth => {
                number.replace_range(10..14, "0231");
                Cell::Text(number)
            }
            Hopeless::Length => Cell::text(&number[..17]),
            Hopeless::NoNumber => Cell::Empty,
            Hopeless::Nothing => {
                name.clear();
                Cell::Empty
            }
        };
        let outcome = Outcome::Unusable { reason: hopeless.reason() };
        Entry { person: None, name, id, birth, village, outcome }
    }

    fn scientific(&self, number: &str) -> Cell {
        match self.keeps {
            // A workbook keeps fifteen digits and shows 9.90121E+17.
            Keeps::Numbers => {
                let kept = format!("{}000", &number[..15]);
                Cell::Number(kept.parse().expect("eighteen digits are a number"))
            }
            Keeps::Text => Cell::Text(format!("{}.{}E+17", &number[..1], &number[1..6])),
        }
    }

    /// A day, mostly as the standard writes it.
    pub(crate) fn date(&mut self, of: Day) -> Cell {
        let (year, month, dom) = (of.year(), of.month_number(), of.day());
        match self.rng.below(400) {
            0..2 => Cell::Text(format!("{year}/{month}/{dom}")),
            2..4 => Cell::Text(format!("{year}年{month}月{dom}日")),
            4..6 => Cell::Text(format!("{year}{month:02}{dom:02}")),
            6..8 => Cell::Text(format!("{year}.{month}.{dom}")),
            8..12 if self.keeps == Keeps::Numbers => Cell::Serial(of),
            12 if self.keeps == Keeps::Numbers => Cell::Number(serial(of)),
            _ => Cell::Text(of.to_string()),
        }
    }
}

/// The digits as an input method's full-width state writes them.
pub(crate) fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c);
    text.chars().map(|c| if c.is_ascii_graphic() { wide(c) } else { c }).collect()
}

/// The number with one digit raised by one: its check sign no longer fits.
pub(crate) fn wrong_digit(number: &str, place: usize) -> String {
    let mut bytes = number.as_bytes().to_vec();
    bytes[place] = b'0' + (bytes[place] - b'0' + 1) % 10;
    bytes.into_iter().map(char::from).collect()
}

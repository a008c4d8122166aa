//! A register and a department's extract of it, with the truth beside them. The recipe is the one
//! of the house's linkage anchor: 12 % of the numbers missing, 4 % with a wrong digit, 6 % of the
//! names with another sign, 3 % of the birth dates a day off, 10 % of the addresses another's,
//! and every tenth row about somebody who is not in the register.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use kernel::{Day, ResidentNumber};

/// Villages of a county, and groups of a village.
const VILLAGES: usize = 150;
const GROUPS: usize = 29;
/// Counties.
pub(crate) const COUNTIES: usize = 104;

const SURNAMES: [char; 20] = [
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭',
    '何', '高', '林', '罗',
];
const GIVEN: &str = "秀英桂兰玉珍凤华明国建军志强德福玲芳丽敏静文斌平海云金春梅红光荣生才义成";

/// One record, of the register or of the extract.
#[derive(Clone)]
pub(crate) struct Record {
    /// Eighteen signs, or nothing.
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) birth: Day,
    pub(crate) county: usize,
    pub(crate) village: usize,
    pub(crate) group: usize,
}

impl Record {
    /// The county's one town, as a text that the gazetteer knows.
    pub(crate) fn town(&self) -> String {
        town(self.county)
    }

    /// The village, as a text that the gazetteer knows.
    pub(crate) fn village(&self) -> String {
        village(self.village)
    }

    /// The whole address, as peers compare it.
    fn address(&self) -> String {
        format!("{}{}第{}组", self.town(), self.village(), self.group)
    }
}

pub(crate) fn town(county: usize) -> String {
    format!("第{county}乡镇")
}

pub(crate) fn village(place: usize) -> String {
    format!("第{place}村")
}

pub(crate) fn villages() -> impl Iterator<Item = (usize, usize)> {
    (0..COUNTIES).flat_map(|county| (0..VILLAGES).map(move |village| (county, village)))
}

/// A register, an extract, and whom each row of the extract is about.
pub(crate) struct Pair {
    pub(crate) register: Vec<Record>,
    pub(crate) extract: Vec<Record>,
    /// Place in the register; nobody when the person is not in it.
    pub(crate) truth: Vec<Option<usize>>,
}

/// A seeded generator (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}

/// As many records on both sides.
pub(crate) fn make(rows: usize) -> Pair {
    let mut dice = Dice(3);
    let given: Vec<char> = GIVEN.chars().collect();
    let all: Vec<Record> =
        (0..rows + rows / 10).map(|serial| person(&mut dice, &given, serial)).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    order.truncate(rows);
    let truth = order.iter().map(|at| (*at < rows).then_some(*at)).collect();
    let extract = order.iter().map(|at| spoilt(&all, &all[*at], &mut dice, &given)).collect();
    let mut register = all;
    register.truncate(rows);
    Pair { register, extract, truth }
}

/// Numbers never repeat: the serial stands in the region's last signs and in the sequence.
fn person(dice: &mut Dice, given: &[char], serial: usize) -> Record {
    let epoch = Day::new(1926, 1, 1).expect("a day");
    let days = i64::try_from(dice.below(366 * 40)).expect("forty years");
    let birth = epoch.plus_days(days);
    let surname = SURNAMES[dice.below(20) * dice.below(20) / 20];
    let mut name = String::from(surname);
    name.push(given[dice.below(given.len())]);
    if dice.percent(80) {
        name.push(given[dice.below(given.len())]);
    }
    let county = dice.below(COUNTIES);
    let digits =
        format!("99{:04}{}{:03}", serial / 1000, birth.to_string().replace('-', ""), serial % 1000);
    let first17: &[u8; 17] = digits.as_bytes().try_into().expect("17 digits");
    let number = format!("{digits}{}", char::from(ResidentNumber::check_of(first17)));
    let (village, group) = (dice.below(VILLAGES), 1 + dice.below(GROUPS));
    Record { number, name, birth, county, village, group }
}

fn spoilt(all: &[Record], person: &Record, dice: &mut Dice, given: &[char]) -> Record {
    let mut row = person.clone();
    match dice.below(100) {
        0..4 => {
            let wrong = (row.number.as_bytes()[14] - b'0' + 1) % 10;
            row.number.replace_range(14..15, &wrong.to_string());
        }
        4..16 => row.number.clear(),
        _ => {}
    }
    if dice.percent(6) {
        let surname = row.name.chars().next().expect("a name");
        row.name = [surname, given[dice.below(given.len())]].iter().collect();
    }
    if dice.percent(3) {
        row.birth = row.birth.plus_days(1);
    }
    if dice.percent(10) {
        let other = &all[dice.below(all.len())];
        (row.village, row.group) = (other.village, other.group);
    }
    row
}

impl Pair {
    /// The same rows for peers: `register.csv`, `extract.csv` and `truth.csv`.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        for (name, records) in [("register.csv", &self.register), ("extract.csv", &self.extract)] {
            let mut file = BufWriter::new(File::create(folder.join(name))?);
            writeln!(file, "unique_id,idno,name,dob,addr,county")?;
            for (at, it) in records.iter().enumerate() {
                let (number, name, birth) = (&it.number, &it.name, it.birth);
                writeln!(file, "{at},{number},{name},{birth},{},{}", it.address(), it.county)?;
            }
            file.flush()?;
        }
        let mut file = BufWriter::new(File::create(folder.join("truth.csv"))?);
        writeln!(file, "extract,register")?;
        for (row, person) in self.truth.iter().enumerate() {
            if let Some(person) = person {
                writeln!(file, "{row},{person}")?;
            }
        }
        file.flush()
    }
}

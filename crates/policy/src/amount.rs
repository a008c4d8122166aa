//! 标准: how the amounts of an item are read.

use std::collections::BTreeSet;
use std::ops::Range;

use kernel::{Citation, Day, Fen};
use toml::Spanned;

use crate::list::{Band, Parameter};
use crate::load::compile_all;
use crate::problem::{Problem, SourceFile};
use crate::raw::{Per, RawBand, RawBasis, RawCells, RawParameter};
use crate::source::Sources;

/// What an amount may refer to besides itself.
pub(crate) struct Surroundings<'a> {
    pub(crate) file: &'a SourceFile,
    /// Parameters of the item's list and of those above it, the nearest first.
    pub(crate) parameters: &'a [Parameter],
    /// The item's bands that are written above.
    pub(crate) bands: &'a [(Band, Per)],
    /// The age that the item asks for.
    pub(crate) age_from: i32,
}

/// Reads a band and for how long its sums are; none when it is wrong.
pub(crate) fn read_band(
    raw: &Spanned<RawBand>,
    around: &Surroundings<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Band, Per)> {
    let (band, span) = (raw.get_ref(), raw.span());
    let file = around.file;
    let Some((cells, per, fen_each)) = cells(band) else {
        let remedy = "请写 yuan_per_month、fen_per_month、yuan_per_quarter、\
                      yuan_per_half_year、yuan_per_year 或 yuan_once，只写一个。";
        problems.push(file.at(&span, "这一档的标准没有写或写了两种", remedy));
        return None;
    };
    if band.age_from.is_none() && band.name.is_none() {
        problems.push(file.at(&span, "这一档没有年龄也没有名称", "请写 age_from 或 name。"));
    }
    let age_from = band.age_from.unwrap_or(around.age_from);
    if band.age_below.is_some_and(|below| below <= age_from) {
        let remedy = "age_below 是第一个不在本档的周岁，应大于 age_from。";
        problems.push(file.at(&span, "年龄档写反了", remedy));
    }
    let who = compile_all(file, &band.who, problems);
    let mut reader = CellReader {
        around,
        span: cells.span(),
        amounts: Vec::new(),
        formulas: Vec::new(),
        wrong: Vec::new(),
    };
    reader.read(cells, fen_each);
    let CellReader { amounts, formulas, wrong, .. } = reader;
    let good = wrong.is_empty();
    problems.extend(wrong);
    let (label, channel) = (band.name.clone(), band.channel.clone());
    let age_below = band.age_below;
    let band = Band { label, age_from, age_below, who, channel, amounts, formulas };
    good.then_some((band, per))
}

/// The one table of amounts, for how long they are, and the fen of its unit.
fn cells(band: &RawBand) -> Option<(&RawCells, Per, i64)> {
    let all = [
        (&band.yuan_per_month, Per::Month, 100),
        (&band.fen_per_month, Per::Month, 1),
        (&band.yuan_per_quarter, Per::Quarter, 100),
        (&band.yuan_per_half_year, Per::HalfYear, 100),
        (&band.yuan_per_year, Per::Year, 100),
        (&band.yuan_once, Per::Once, 100),
    ];
    let mut written =
        all.into_iter().filter_map(|(cells, per, fen)| Some((cells.as_ref()?, per, fen)));
    written.next().filter(|_| written.next().is_none())
}

/// A part of a formula: a sum that changes by date, and how much of it.
struct Operand {
    name: String,
    values: Vec<(Day, Option<Fen>)>,
    percent: i64,
}

impl Operand {
    fn on(&self, day: Day) -> Option<Fen> {
        self.values.iter().rev().find(|(from, _)| *from <= day)?.1
    }

    fn part(&self, fen: Fen) -> Fen {
        Fen::new((fen.get() * self.percent + 50) / 100)
    }

    /// `最低生活保障标准 805 元 × 15%`, `300 元`
    fn say(&self, fen: Fen) -> String {
        let sum = format!("{} {} 元", self.name, crate::say::yuan(fen));
        let sum = sum.trim_start();
        match (self.percent, self.name.is_empty()) {
            (100, true) => sum.to_owned(),
            (percent, _) => format!("{sum} × {percent}%"),
        }
    }
}

impl Surroundings<'_> {
    /// `minimum_living * 15%`, `band(最低生活保障) * 120%` or a number of yuan.
    fn operand(
        &self,
        part: &str,
        formula: &str,
        from: Day,
    ) -> Result<Operand, (String, &'static str)> {
        let (id, share) = part.split_once('*').unwrap_or((part, "100%"));
        let percent = share.trim().strip_suffix('%').and_then(|it| it.parse::<i64>().ok());
        let Some(percent) = percent.filter(|percent| (0..=1000).contains(percent)) else {
            let remedy = "请写成 \"参数 * 20%\"，百分数是 0 到 1000 的整数。";
            return Err((format!("算式“{formula}”写得不对"), remedy));
        };
        let id = id.trim();
        if let Ok(yuan) = id.parse::<u32>() {
            let values = vec![(from, Some(Fen::from_yuan(i64::from(yuan))))];
            return Ok(Operand { name: String::new(), values, percent });
        }
        if let Some(name) = id.strip_prefix("band(").and_then(|it| it.strip_suffix(')')) {
            let band = self.bands.iter().find(|(band, _)| band.name() == name.trim());
            let Some((band, _)) = band else {
                let sentence = format!("这一档前面没有“{}”档", name.trim());
                return Err((sentence, "按另一档算的写在那一档之后，括号里写那一档的名称。"));
            };
            let name = format!("{}档", band.name());
            return Ok(Operand { name, values: band.amounts.clone(), percent });
        }
        let Some(parameter) = self.parameters.iter().find(|it| it.id == id) else {
            let remedy = "请在 list.toml 写 [parameter.名称]，上级清单的参数也能用。";
            return Err((format!("没有参数“{id}”"), remedy));
        };
        let values = parameter.values.iter().map(|(day, fen)| (*day, Some(*fen))).collect();
        Ok(Operand { name: parameter.name.clone(), values, percent })
    }
}

struct CellReader<'a> {
    around: &'a Surroundings<'a>,
    span: Range<usize>,
    amounts: Vec<(Day, Option<Fen>)>,
    formulas: Vec<(Day, String)>,
    wrong: Vec<Problem>,
}

impl CellReader<'_> {
    fn read(&mut self, cells: &RawCells, fen_each: i64) {
        let mut all: Vec<(Day, &toml::Value)> = Vec::new();
        for (from, cell) in cells.get_ref() {
            match from.parse::<Day>() {
                Ok(day) if day.day() == 1 => all.push((day, cell)),
                Ok(_) => self
                    .refuse(format!("标准从 {from} 起，不是月初"), "标准按月生效，请写某月 1 日。"),
                Err(_) => {
                    self.refuse(format!("“{from}”不是日期"), "请写成 2026-01-01 = 金额。");
                }
            }
        }
        if cells.get_ref().is_empty() {
            self.refuse("这一档没有金额".to_owned(), "请写成 { 2026-01-01 = 金额 }。");
        }
        for (at, (from, cell)) in all.iter().enumerate() {
            let until = all.get(at + 1).map(|(next, _)| *next);
            self.cell(*from, until, cell, fen_each);
        }
        if self.amounts.iter().rev().skip(1).any(|(_, amount)| amount.is_none()) {
            self.refuse("停发之后又有金额".to_owned(), "\"ended\" 只能写在最后一个日期。");
        }
    }

    fn cell(&mut self, from: Day, until: Option<Day>, cell: &toml::Value, fen_each: i64) {
        let fen = match cell {
            toml::Value::Integer(number) if *number >= 0 => number.checked_mul(fen_each),
            toml::Value::String(word) if word == "ended" => {
                return self.amounts.push((from, None));
            }
            toml::Value::String(formula) => return self.formula(from, until, formula),
            _ => None,
        };
        match fen {
            Some(fen) => self.amounts.push((from, Some(Fen::new(fen)))),
            None => self.refuse(
                format!("{from} 起的标准写成了 {cell}"),
                "请写非负整数；停发写 \"ended\"；按参数算写 \"参数 * 20%\"。",
            ),
        }
    }

    /// `minimum_living * 20% <= 150`: an amount for every value of what it refers to in these
    /// days, rounded half up to the fen, and no more than the ceiling.
    fn formula(&mut self, from: Day, until: Option<Day>, text: &str) {
        let (of, most) = match text.split_once("<=") {
            Some((of, most)) => (of, Some(most)),
            None => (text, None),
        };
        let of = self.around.operand(of, text, from);
        let most = most.map(|most| self.around.operand(most, text, from)).transpose();
        let (of, most) = match (of, most) {
            (Ok(of), Ok(most)) => (of, most),
            (Err((sentence, remedy)), _) | (_, Err((sentence, remedy))) => {
                return self.refuse(sentence, remedy);
            }
        };
        let changes = of.values.iter().chain(most.iter().flat_map(|it| &it.values));
        let mut days: BTreeSet<Day> = changes
            .map(|(day, _)| *day)
            .filter(|day| *day > from && until.is_none_or(|until| *day < until))
            .collect();
        days.insert(from);
        for day in days {
            let ceiling = most.as_ref().map(|most| (most, most.on(day)));
            match (of.on(day), ceiling) {
                (Some(fen), None) => {
                    self.amounts.push((day, Some(of.part(fen))));
                    self.formulas.push((day, of.say(fen)));
                }
                (Some(fen), Some((most, Some(ceiling)))) => {
                    self.amounts.push((day, Some(of.part(fen).min(most.part(ceiling)))));
                    let gap = if most.name.is_empty() { " " } else { "" };
                    let say = format!("{}，不超过{gap}{}", of.say(fen), most.say(ceiling));
                    self.formulas.push((day, say));
                }
                _ => {
                    let sentence = format!("算式“{text}”引用的标准在 {day} 还没有值");
                    let remedy = "请补上较早的值，或让标准晚些开始。";
                    return self.refuse(sentence, remedy);
                }
            }
        }
    }

    fn refuse(&mut self, sentence: String, remedy: &str) {
        self.wrong.push(self.around.file.at(&self.span, sentence, remedy));
    }
}

/// Reads a parameter of a list.
pub(crate) fn read_parameter(
    id: &str,
    raw: &RawParameter,
    file: &SourceFile,
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> Option<Parameter> {
    let RawBasis { doc, clause, says } = raw.basis.get_ref().clone();
    let basis = match sources.cite(Citation { doc, clause, says }) {
        Ok(basis) => basis,
        Err((sentence, remedy)) => {
            problems.push(file.at(&raw.basis.span(), sentence, remedy));
            return None;
        }
    };
    let mut values = Vec::new();
    for (from, cell) in raw.yuan_per_month.get_ref() {
        let fen = cell.as_integer().filter(|yuan| *yuan >= 0).and_then(|it| it.checked_mul(100));
        match (from.parse::<Day>(), fen) {
            (Ok(day), Some(fen)) if day.day() == 1 => values.push((day, Fen::new(fen))),
            _ => {
                let sentence = format!("参数“{id}”的值“{from} = {cell}”写得不对");
                let remedy = "请写成 2026-01-01 = 元，日期是某月 1 日，金额是非负整数。";
                problems.push(file.at(&raw.yuan_per_month.span(), sentence, remedy));
            }
        }
    }
    Some(Parameter { id: id.to_owned(), name: raw.name.clone(), values, basis })
}

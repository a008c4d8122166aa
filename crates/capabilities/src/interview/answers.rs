//! What a form of the check brings: read once, strictly, and then trusted.

use kernel::{Day, Refusal};
use policy::{Facts, Value};

use super::questions::{Pick, QUESTIONS, Question, Says};

/// No page of ours sends more fields, or longer ones.
const MOST_FIELDS: usize = 64;
const MOST_BYTES: usize = 64;
/// Nobody has lived longer.
const OLDEST_YEARS: i32 = 130;
/// Stands for the area of somebody who is registered anywhere else.
pub(crate) const ELSEWHERE: &str = "elsewhere";
/// 不知道
pub(crate) const UNKNOWN: &str = "unknown";

/// The answers so far, in the order of the questions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers(Vec<(&'static Question, Given)>);

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// 不知道
    Unknown,
    /// A day.
    Day(Day),
    /// One of a few.
    Pick(&'static Pick),
}

/// A form as it was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Code of the area; empty for the default.
    pub(crate) area: String,
    /// The answers to earlier questions.
    pub(crate) answers: Answers,
    /// What is done.
    pub(crate) act: Act,
}

/// What a form does.
#[derive(Debug)]
pub(crate) enum Act {
    /// Answers a question.
    Answer(&'static Question, Typed),
    /// Asks a question again.
    Change(&'static Question),
}

/// What was typed or picked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) year: String,
    pub(crate) month: String,
    pub(crate) day: String,
    pub(crate) pick: String,
}

impl Sent {
    /// Reads a form; none when no page of ours sends such a one.
    pub(crate) fn read(fields: &[(String, String)]) -> Option<Self> {
        if fields.len() > MOST_FIELDS || fields.iter().any(|(_, value)| value.len() > MOST_BYTES) {
            return None;
        }
        let (mut area, mut answers) = (String::new(), Answers::default());
        let (mut ask, mut change, mut typed) = (None, None, Typed::default());
        for (at, (name, value)) in fields.iter().enumerate() {
            if fields[..at].iter().any(|(before, _)| before == name) {
                return None;
            }
            let text = value.trim().to_owned();
            match name.as_str() {
                "csrf" => {}
                "area" => area = text,
                "ask" => ask = Some(Question::of(value)?),
                "change" => change = Some(Question::of(value)?),
                "year" => typed.year = text,
                "month" => typed.month = text,
                "day" => typed.day = text,
                "answer" => typed.pick = text,
                kind => {
                    let question = Question::of(kind)?;
                    answers.set(question, Given::read(question, value)?);
                }
            }
        }
        let act = match (ask, change) {
            (_, Some(question)) => Act::Change(question),
            (Some(question), None) => Act::Answer(question, typed),
            (None, None) => return None,
        };
        Some(Self { area, answers, act })
    }
}

impl Given {
    /// An answer that goes along in the form.
    fn read(question: &'static Question, value: &str) -> Option<Self> {
        if value == UNKNOWN {
            return Some(Self::Unknown);
        }
        if question.is_day() {
            return value.parse().ok().map(Self::Day);
        }
        question.picks.iter().find(|pick| pick.value == value).map(Self::Pick)
    }

    /// As it goes along in the form.
    pub(crate) fn sent(self) -> String {
        match self {
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Day(day) => day.to_string(),
            Self::Pick(pick) => pick.value.to_owned(),
        }
    }

    /// As it is read.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Unknown => "不知道".to_owned(),
            Self::Day(day) => day.chinese(),
            Self::Pick(pick) => pick.label.to_owned(),
        }
    }
}

impl Typed {
    /// What stands in the fields when a question is asked again.
    pub(crate) fn of(given: Given) -> Self {
        match given {
            Given::Day(day) => Self {
                year: day.year().to_string(),
                month: day.month_number().to_string(),
                day: day.day().to_string(),
                pick: String::new(),
            },
            other => Self { pick: other.sent(), ..Self::default() },
        }
    }

    /// The answer, or what is wrong with it in a kind sentence.
    pub(crate) fn given(&self, question: &'static Question, today: Day) -> Result<Given, Refusal> {
        if self.pick == UNKNOWN {
            return Ok(Given::Unknown);
        }
        if question.is_day() {
            return self.birth(today).map(Given::Day);
        }
        Given::read(question, &self.pick)
            .ok_or_else(|| Refusal::new("还没有选。", "请选一个；说不准的选“不知道”。"))
    }

    fn birth(&self, today: Day) -> Result<Day, Refusal> {
        let wrong = |sentence: &str, remedy: &str| Err(Refusal::new(sentence, remedy));
        let parts = [&self.year, &self.month, &self.day].map(|text| plain_digits(text));
        if parts.iter().any(|text| text.chars().count() > 4) {
            return wrong("写得太长。", "不用填身份证号，年、月、日分开填，如 1945、10、17。");
        }
        if parts.iter().any(String::is_empty) {
            return wrong("年、月、日没有填全。", "请填全；记不清的，按“不知道”。");
        }
        let day = match (parts[0].parse(), parts[1].parse(), parts[2].parse()) {
            (Ok(year), Ok(month), Ok(day)) => Day::new(year, month, day),
            _ => return wrong("填的不是数字。", "请用数字填写，如 1945、10、17。"),
        };
        if parts[0].len() != 4 {
            return wrong("年份不是四位数。", "请写四位，如 1945。");
        }
        match day {
            None => wrong("日历上没有这一天。", "请对照身份证看看月和日。"),
            Some(day) if day > today => wrong("出生日期比今天还晚。", "请对照身份证看看年份。"),
            Some(day) if today.full_years_since(day) > OLDEST_YEARS => {
                wrong("年份太早了。", "请对照身份证看看年份。")
            }
            Some(day) => Ok(day),
        }
    }
}

/// Full-width digits as telephones type them, and spaces, are no mistake.
fn plain_digits(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        other => other,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(plain).collect()
}

impl Answers {
    /// The answer to a question.
    pub(crate) fn get(&self, question: &Question) -> Option<Given> {
        self.0.iter().find(|(it, _)| it.kind == question.kind).map(|(_, given)| *given)
    }

    /// Sets an answer, in the place of an earlier one.
    pub(crate) fn set(&mut self, question: &'static Question, given: Given) {
        self.0.retain(|(it, _)| it.kind != question.kind);
        self.0.push((question, given));
        let place = |kind: &str| QUESTIONS.iter().position(|it| it.kind == kind);
        self.0.sort_by_key(|(it, _)| place(it.kind));
    }

    /// Without the answer to a question.
    pub(crate) fn without(&self, question: &Question) -> Self {
        Self(self.0.iter().filter(|(it, _)| it.kind != question.kind).copied().collect())
    }

    /// The questions answered before this one, in their order.
    pub(crate) fn before(&self, question: &Question) -> Vec<&'static Question> {
        let place = |kind: &str| QUESTIONS.iter().position(|it| it.kind == kind);
        let earlier = |it: &&'static Question| place(it.kind) < place(question.kind);
        self.0.iter().map(|(it, _)| *it).filter(earlier).collect()
    }

    /// In the order of the questions.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Question, Given)> {
        self.0.iter().copied()
    }

    /// Adds the facts that they say, for a list of this area.
    pub(crate) fn add_to(&self, facts: &mut Facts, issuer: &str) {
        for (question, given) in self.iter() {
            match given {
                Given::Unknown => {}
                Given::Day(day) => set(facts, question.kind, Value::Day(day)),
                Given::Pick(pick) => {
                    for (kind, says) in pick.says {
                        set(facts, kind, value(*says, issuer));
                    }
                }
            }
        }
    }
}

/// Sets a fact. What the register does not know yet, no list asks about.
pub(crate) fn set(facts: &mut Facts, kind: &str, value: Value) {
    if policy::register::kind_of(kind).is_some() {
        facts.set(kind, value).expect("an answer is of its kind's type: a test asks all of them");
    }
}

fn value(says: Says, issuer: &str) -> Value {
    match says {
        Says::Flag(flag) => Value::Bool(flag),
        Says::Number(number) => Value::Int(number),
        Says::Word(word) => Value::Word(word),
        Says::Here => Value::Area(issuer.into()),
        Says::Elsewhere => Value::Area(ELSEWHERE.into()),
    }
}

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Citation, Confidence, Day, Fen};
use toml::Spanned;

use crate::area::is_code;
use crate::condition::{Cond, Gate, compile};
use crate::list::{Band, Item, List, ListHead};
use crate::problem::{Problem, Problems, SourceFile, whole};
use crate::raw::{
    Assumption, Pay, RawAmount, RawBand, RawBasis, RawItem, RawList, RawWho, Review, Start, Time,
};
use crate::register::{APPLIED_ON, APPROVED_ON};
use crate::source::Sources;

/// Lists name their upper list; no administration has more levels than this.
const MOST_LEVELS: usize = 6;
/// A verdict keeps the failed conditions in 64 bits, two of which mean “no band” and “ended”.
const MOST_CONDITIONS: usize = 60;

impl List {
    /// Reads the list in a folder: `list.toml` and one file per item.
    ///
    /// # Errors
    /// Everything that is wrong, with file and line.
    pub fn load(dir: &Path) -> Result<Self, Problems> {
        let sources = Sources::above(dir)?;
        let head = Arc::new(read_head(dir)?);
        let mut items = Vec::new();
        let mut problems = Vec::new();
        for path in item_files(dir)? {
            match load_item(&path, &head, &sources) {
                Ok(item) => items.push(item),
                Err(Problems(more)) => problems.extend(more),
            }
        }
        if items.is_empty() && problems.is_empty() {
            return Err(whole(dir.to_path_buf(), "清单里没有项目", "请至少写一个 <项目>.toml。"));
        }
        items.sort_by_key(|item| item.no);
        if let Some(pair) = items.windows(2).find(|pair| pair[0].no == pair[1].no) {
            problems.push(Problem {
                file: dir.join(format!("{}.toml", pair[1].id)),
                line: None,
                sentence: format!("序号 {} 用了两次", pair[1].no),
                remedy: "请给每个项目不同的序号。".to_owned(),
            });
        }
        if problems.is_empty() { Ok(Self { head, items }) } else { Err(Problems(problems)) }
    }
}

fn read_head(dir: &Path) -> Result<ListHead, Problems> {
    let file = SourceFile::read(dir.join("list.toml"))?;
    let raw: RawList = file.parse()?;
    let mut problems = Vec::new();
    if *raw.grammar.get_ref() != 1 {
        problems.push(file.at(&raw.grammar.span(), "不认识的语法版本", "本程序支持 grammar = 1。"));
    }
    if !is_code(raw.issuer.get_ref()) {
        let remedy = "请写 2、4、6、9 或 12 位区划代码。";
        problems.push(file.at(&raw.issuer.span(), "发布地区不是区划代码", remedy));
    }
    let parent = raw.parent.as_ref().map(|parent| dir.join(parent.get_ref()));
    if let (Some(parent), Some(raw)) = (&parent, &raw.parent)
        && !parent.join("list.toml").is_file()
    {
        problems.push(file.at(&raw.span(), "上级清单不存在", "请写上级清单文件夹的相对路径。"));
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    Ok(ListHead {
        issuer: raw.issuer.into_inner(),
        issuer_name: raw.issuer_name,
        title: raw.title,
        edition: raw.edition,
        number: raw.number,
        issued_on: raw.issued_on,
        effective_from: raw.effective_from,
        effective_to: raw.effective_to,
        parent,
        responsible: raw.responsible,
        confidence: raw.confidence,
        dir: dir.to_path_buf(),
    })
}

/// The item files of a list folder, sorted by name.
fn item_files(dir: &Path) -> Result<Vec<PathBuf>, Problems> {
    let unreadable = |_| whole(dir.to_path_buf(), "文件夹读不出来", "请检查路径和读取权限。");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        let is_item = !path.ends_with("list.toml") && !path.ends_with("sources.toml");
        if is_toml && is_item && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// An item's slots, each with the file that it was written in: its own or an upper list's.
struct Slots {
    name: Option<String>,
    confidence: Confidence,
    who: Option<(Arc<SourceFile>, RawWho)>,
    amount: Option<(Arc<SourceFile>, RawAmount)>,
    time: Option<Time>,
    pay: Option<Pay>,
    review: Option<Review>,
    basis: Vec<(Arc<SourceFile>, Spanned<RawBasis>)>,
    assumptions: Vec<Assumption>,
}

struct Header {
    id: String,
    no: u32,
    implements: Option<String>,
    file: Arc<SourceFile>,
}

fn read_slots(
    path: &Path,
    parent: Option<&Path>,
    levels: usize,
) -> Result<(Header, Slots), Problems> {
    let file = Arc::new(SourceFile::read(path.to_path_buf())?);
    let raw: RawItem = file.parse()?;
    let one = |problem| Problems(vec![problem]);
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(raw.item.get_ref()) {
        let remedy = "文件名应是项目标识加 .toml。";
        return Err(one(file.at(&raw.item.span(), "项目标识与文件名不同", remedy)));
    }
    let upper = upper_item(&file, &raw, parent).map_err(one)?;
    let header = Header {
        id: raw.item.get_ref().clone(),
        no: raw.no,
        implements: raw.implements.as_ref().map(|upper| upper.get_ref().clone()),
        file: Arc::clone(&file),
    };
    let own = own_slots(&file, &raw);
    if !raw.inherits {
        return Ok((header, own));
    }
    let Some((upper_dir, upper)) = upper else {
        let remedy = "请写 implements = \"上级项目标识\"，或删去 inherits。";
        return Err(one(file.whole("要沿用上级项目，但没有写是哪一个", remedy)));
    };
    if levels == 0 {
        return Err(one(file.whole("上级清单互相引用，成了环", "请检查各清单的 parent。")));
    }
    let above = read_head(upper_dir)?.parent;
    let (_, inherited) = read_slots(&upper, above.as_deref(), levels - 1)?;
    Ok((header, own.over(inherited)))
}

/// The upper list's folder and the file of the item that this one implements.
fn upper_item<'a>(
    file: &SourceFile,
    raw: &RawItem,
    parent: Option<&'a Path>,
) -> Result<Option<(&'a Path, PathBuf)>, Problem> {
    let Some(upper) = &raw.implements else { return Ok(None) };
    let Some(parent) = parent else {
        let remedy = "请在 list.toml 写 parent，或删去 implements。";
        return Err(file.at(&upper.span(), "本清单没有上级清单", remedy));
    };
    let path = parent.join(format!("{}.toml", upper.get_ref()));
    if path.is_file() {
        Ok(Some((parent, path)))
    } else {
        let sentence = format!("上级清单里没有项目“{}”", upper.get_ref());
        Err(file.at(&upper.span(), sentence, "请核对上级清单的项目标识。"))
    }
}

fn own_slots(file: &Arc<SourceFile>, raw: &RawItem) -> Slots {
    Slots {
        name: raw.name.clone(),
        confidence: raw.confidence,
        who: raw.who.clone().map(|who| (Arc::clone(file), who)),
        amount: raw.amount.clone().map(|amount| (Arc::clone(file), amount)),
        time: raw.time.clone(),
        pay: raw.pay.clone(),
        review: raw.review.clone(),
        basis: raw.basis.iter().map(|basis| (Arc::clone(file), basis.clone())).collect(),
        assumptions: raw.assumption.iter().map(|it| it.get_ref().clone()).collect(),
    }
}

impl Slots {
    /// Own slots replace the upper item's whole slots; citations and assumptions add up, and an
    /// own assumption replaces the upper one about the same slot.
    fn over(mut self, upper: Self) -> Self {
        let own: Vec<_> = self.assumptions.iter().map(|it| it.slot).collect();
        let kept = upper.assumptions.into_iter().filter(|it| !own.contains(&it.slot));
        self.assumptions.extend(kept);
        self.basis.extend(upper.basis);
        Self {
            name: self.name.or(upper.name),
            who: self.who.or(upper.who),
            amount: self.amount.or(upper.amount),
            time: self.time.or(upper.time),
            pay: self.pay.or(upper.pay),
            review: self.review.or(upper.review),
            ..self
        }
    }
}

impl Slots {
    /// The slots that neither the item nor an upper one has, as problems of the item's file.
    fn missing(&self, file: &SourceFile) -> Vec<Problem> {
        let has = [
            ("name", self.name.is_some()),
            ("who", self.who.is_some()),
            ("amount", self.amount.is_some()),
            ("time", self.time.is_some()),
            ("pay", self.pay.is_some()),
            ("basis", !self.basis.is_empty()),
        ];
        let remedy = "请补上这一节；实施上级项目的，可写 inherits = true 沿用。";
        has.iter()
            .filter(|(_, has)| !has)
            .map(|(slot, _)| file.whole(format!("缺少“{slot}”"), remedy))
            .collect()
    }
}

fn load_item(path: &Path, head: &Arc<ListHead>, sources: &Sources) -> Result<Item, Problems> {
    let (header, slots) = read_slots(path, head.parent.as_deref(), MOST_LEVELS)?;
    let mut problems = slots.missing(&header.file);
    let basis = cite_all(&slots.basis, sources, &mut problems);
    let (Some(name), Some((who_file, who)), Some((amount_file, amount)), Some(time), Some(pay)) =
        (slots.name, slots.who, slots.amount, slots.time, slots.pay)
    else {
        return Err(Problems(problems));
    };
    let mut conditions = compile_all(&who_file, &who.all, &mut problems);
    conditions.extend(gate(time.start));
    if conditions.len() > MOST_CONDITIONS {
        problems.push(who_file.whole("条件太多", format!("最多 {MOST_CONDITIONS} 个。")));
    }
    let bands: Vec<Band> =
        amount.band.iter().map(|band| read_band(&amount_file, band, &mut problems)).collect();
    let first_day = bands.iter().filter_map(|band| band.amounts.first()).map(|(day, _)| *day).min();
    if first_day.is_none() && problems.is_empty() {
        problems.push(amount_file.whole("没有写档次", "请至少写一个 [[amount.band]]。"));
    }
    let (Some(first_day), true) = (first_day, problems.is_empty()) else {
        return Err(Problems(problems));
    };
    Ok(Item {
        id: header.id,
        no: header.no,
        name,
        confidence: slots.confidence,
        list: Arc::clone(head),
        implements: header.implements,
        conditions,
        bands,
        time,
        pay,
        review: slots.review.unwrap_or_default(),
        basis,
        assumptions: slots.assumptions,
        encoded_from: first_day.month(),
    })
}

fn cite_all(
    all: &[(Arc<SourceFile>, Spanned<RawBasis>)],
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> Vec<crate::source::Basis> {
    let mut basis = Vec::new();
    for (file, raw) in all {
        let RawBasis { doc, clause, says } = raw.get_ref().clone();
        match sources.cite(Citation { doc, clause, says }) {
            Ok(cited) if !basis.contains(&cited) => basis.push(cited),
            Ok(_) => {}
            Err((sentence, remedy)) => problems.push(file.at(&raw.span(), sentence, remedy)),
        }
    }
    basis
}

/// Each text may join several conditions by `&&`; each is judged and shown by itself.
fn compile_all(
    file: &SourceFile,
    texts: &[Spanned<String>],
    problems: &mut Vec<Problem>,
) -> Vec<Cond> {
    let mut all = Vec::new();
    for text in texts {
        match compile(text.get_ref()) {
            Ok(Cond::All(parts)) => all.extend(parts),
            Ok(cond) => all.push(cond),
            Err(error) => {
                let near: String = text.get_ref()[error.offset..].chars().take(24).collect();
                let place =
                    if near.is_empty() { "末尾".to_owned() } else { format!("“{near}”处") };
                let mut problem = file.at(
                    &text.span(),
                    format!("条件“{}”在{place}有误：{}", text.get_ref(), error.sentence),
                    error.remedy,
                );
                // A text over several lines: count the lines up to the place.
                let above = text.get_ref()[..error.offset].matches('\n').count();
                problem.line = problem.line.map(|line| line + above);
                problems.push(problem);
            }
        }
    }
    all
}

/// A start that counts from an act of the person or the bureau is a condition about that act.
fn gate(start: Start) -> Option<Cond> {
    match start {
        Start::MonthOfApplication => Some(Cond::Happened(APPLIED_ON, Gate::InMonth)),
        Start::MonthAfterApplication => Some(Cond::Happened(APPLIED_ON, Gate::BeforeMonth)),
        Start::MonthAfterApproval => Some(Cond::Happened(APPROVED_ON, Gate::BeforeMonth)),
        Start::MonthOfAge | Start::MonthAfterAge | Start::AgeAtYearEnd => None,
    }
}

fn read_band(file: &SourceFile, raw: &Spanned<RawBand>, problems: &mut Vec<Problem>) -> Band {
    let band = raw.get_ref();
    let (cells, fen_each) = match (&band.yuan_per_month, &band.fen_per_month) {
        (Some(yuan), None) => (yuan, 100),
        (None, Some(fen)) => (fen, 1),
        _ => {
            let remedy = "请写 yuan_per_month 或 fen_per_month，只写一个。";
            problems.push(file.at(&raw.span(), "这一档的标准没有写或写了两种", remedy));
            return Band { age_from: 0, age_below: None, who: Vec::new(), amounts: Vec::new() };
        }
    };
    let mut refuse = |sentence: String, remedy: &str| {
        problems.push(file.at(&cells.span(), sentence, remedy));
    };
    let mut amounts = Vec::new();
    for (from, cell) in cells.get_ref() {
        let amount = match cell {
            toml::Value::Integer(number) if *number >= 0 => {
                number.checked_mul(fen_each).map(|fen| Some(Fen::new(fen)))
            }
            toml::Value::String(word) if word == "ended" => Some(None),
            _ => None,
        };
        match (from.parse::<Day>(), amount) {
            (Ok(day), Some(amount)) if day.day() == 1 => amounts.push((day, amount)),
            (Ok(_), Some(_)) => {
                refuse(format!("标准从 {from} 起，不是月初"), "标准按月生效，请写某月 1 日。");
            }
            (Ok(_), None) => {
                refuse(format!("{from} 起的标准写成了 {cell}"), "请写非负整数；停发写 \"ended\"。");
            }
            (Err(_), _) => refuse(format!("“{from}”不是日期"), "请写成 2026-01-01 = 金额。"),
        }
    }
    if cells.get_ref().is_empty() {
        refuse("这一档没有金额".to_owned(), "请写成 { 2026-01-01 = 金额 }。");
    }
    if amounts.iter().rev().skip(1).any(|(_, amount)| amount.is_none()) {
        refuse("停发之后又有金额".to_owned(), "\"ended\" 只能写在最后一个日期。");
    }
    let who = compile_all(file, &band.who, problems);
    if band.age_below.is_some_and(|below| below <= band.age_from) {
        let remedy = "age_below 是第一个不在本档的周岁，应大于 age_from。";
        problems.push(file.at(&raw.span(), "年龄档写反了", remedy));
    }
    Band { age_from: band.age_from, age_below: band.age_below, who, amounts }
}

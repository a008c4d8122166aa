use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use kernel::{Citation, Day, FactType};
use toml::Spanned;

use crate::amount::{Surroundings, read_band, read_parameter};
use crate::area::is_code;
use crate::condition::{Cond, Gate, Op, Term, compile};
use crate::list::{Band, Every, Exclusion, Form, Item, List, ListHead, Parameter, Service};
use crate::pay::{Given, Pay, read_pay};
use crate::problem::{Problem, Problems, SourceFile, whole};
use crate::raw::{
    BackPay, Cycle, Per, RawAmount, RawBasis, RawEvery, RawExclusion, RawForm, RawList, RawService,
    Start, Stop, Time,
};
use crate::register::{APPLIED_ON, APPROVED_ON, KindIx};
use crate::review::{Review, read_review};
use crate::slots::{self, Header, Slots};
use crate::source::{Basis, Sources};

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
        let parameters = parameters_above(&head)?;
        let mut items = Vec::new();
        let mut problems = Vec::new();
        for path in item_files(dir)? {
            match load_item(&path, &head, &parameters, &sources) {
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

pub(crate) fn read_head(dir: &Path) -> Result<ListHead, Problems> {
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
    let parent = raw.parent.as_ref().map(|parent| join(dir, parent.get_ref()));
    if let (Some(parent), Some(raw)) = (&parent, &raw.parent)
        && !parent.join("list.toml").is_file()
    {
        problems.push(file.at(&raw.span(), "上级清单不存在", "请写上级清单文件夹的相对路径。"));
    }
    let mut parameters = Vec::new();
    if !raw.parameter.is_empty() {
        let sources = Sources::above(dir)?;
        for (id, raw) in &raw.parameter {
            parameters.extend(read_parameter(id, raw.get_ref(), &file, &sources, &mut problems));
        }
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
        phone: raw.phone,
        confidence: raw.confidence,
        complete: raw.complete,
        parameters,
        dir: dir.to_path_buf(),
    })
}

/// A path below or beside a folder, without detours, so that one file has one name.
fn join(dir: &Path, relative: &str) -> PathBuf {
    let mut path = dir.to_path_buf();
    for part in Path::new(relative).components() {
        let goes_up = part == Component::ParentDir
            && matches!(path.components().next_back(), Some(Component::Normal(_)));
        if goes_up {
            path.pop();
        } else if part != Component::CurDir {
            path.push(part);
        }
    }
    path
}

/// The parameters of a list and of those above it, the nearest first.
fn parameters_above(head: &ListHead) -> Result<Vec<Parameter>, Problems> {
    let mut all = head.parameters.clone();
    let mut above = head.parent.clone();
    for _ in 0..MOST_LEVELS {
        let Some(dir) = above else { break };
        let upper = read_head(&dir)?;
        all.extend(upper.parameters);
        above = upper.parent;
    }
    Ok(all)
}

/// The item files of a list folder, sorted by name.
pub(crate) fn item_files(dir: &Path) -> Result<Vec<PathBuf>, Problems> {
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

fn load_item(
    path: &Path,
    head: &Arc<ListHead>,
    parameters: &[Parameter],
    sources: &Sources,
) -> Result<Item, Problems> {
    let (header, slots) = slots::read(path, head.parent.as_deref(), MOST_LEVELS)?;
    let mut problems = slots.problems(&header);
    let mut basis = cite_all(&slots.basis, sources, &mut problems);
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let pay = slots.pay.as_ref().map(|(file, raw)| read_pay(file, raw, &mut problems));
    let pay = pay.unwrap_or(NO_PAY);
    let review = slots.review.as_ref().map(|(file, raw)| read_review(file, raw, &mut problems));
    let rule = read_rule(&slots, head, &pay, parameters, &mut problems);
    let taken = quota_problem(&slots, &pay, rule.per);
    problems.extend(taken.into_iter().chain(application_problem(&slots)));
    for parameter in parameters.iter().filter(|it| rule.uses(it)) {
        if !basis.contains(&parameter.basis) {
            basis.push(parameter.basis.clone());
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let ready = Ready { pay, review: review.unwrap_or_default(), rule, basis };
    Ok(item(header, slots, head, ready))
}

/// A quota is opened every month and what has passed cannot be used any more.
fn quota_problem(slots: &Slots, pay: &Pay, per: Per) -> Option<Problem> {
    let (file, _) = slots.pay.as_ref().filter(|_| pay.given != Given::Cash)?;
    let back_pay = slots.time.as_ref().is_some_and(|time| time.back_pay != BackPay::None);
    if per != Per::Month {
        let remedy = "请写 yuan_per_month 或 fen_per_month。";
        Some(file.whole("服务额度和消费券按月给，标准却不是按月的", remedy))
    } else if back_pay {
        Some(file.whole("服务额度和消费券不补发", "请写 back_pay = \"none\"，或改为现金。"))
    } else {
        None
    }
}

/// Who need not apply has no day of application, and somebody must be judged.
fn application_problem(slots: &Slots) -> Option<Problem> {
    let (file, said) = slots.no_application.as_ref().filter(|(_, said)| *said.get_ref())?;
    let start = slots.time.as_ref().map(|time| time.start);
    if !slots.is_judged() {
        let remedy = "由其他部门办理的和留给下级规定的项目不写 no_application。";
        Some(file.at(&said.span(), "这个项目不在这里认定，谈不上免申即享", remedy))
    } else if matches!(start, Some(Start::MonthOfApplication | Start::MonthAfterApplication)) {
        let remedy = "请让 [time] start 从年龄或条件起，或删去 no_application。";
        Some(file.at(&said.span(), "免申即享的项目没有申请日期，却从申请起算", remedy))
    } else {
        None
    }
}

/// The slots that were read and found good.
struct Ready {
    pay: Pay,
    review: Review,
    rule: Rule,
    basis: Vec<Basis>,
}

fn item(header: Header, slots: Slots, head: &Arc<ListHead>, ready: Ready) -> Item {
    let Ready { pay, review, rule, basis } = ready;
    let amounts_in = slots.amount.as_ref().map_or(&header.file, |(file, _)| file).path.clone();
    let told = "checked to be there";
    Item {
        id: header.id,
        no: header.no,
        name: slots.name.expect(told),
        confidence: slots.confidence,
        list: Arc::clone(head),
        implements: header.implements,
        form: rule.form,
        beneficiary: slots.beneficiary.expect(told),
        content: slots.content.expect(told),
        kind: slots.kind.expect(told),
        responsible: slots.responsible.unwrap_or_else(|| head.responsible.clone()),
        bring: slots.bring.unwrap_or_default(),
        no_application: slots.no_application.is_some_and(|(_, said)| said.into_inner()),
        apply_at: slots.apply_at.unwrap_or_default(),
        conditions: rule.conditions,
        bands: rule.bands,
        top_ups: rule.top_ups,
        per: rule.per,
        excludes: rule.excludes,
        time: slots.time.unwrap_or(SERVICE_TIME),
        pay,
        review,
        basis,
        assumptions: slots.assumptions,
        encoded_from: rule.from.map(Day::month),
        amounts_in,
        own_rule: header.wrote.iter().any(|slot| *slot != "pay"),
    }
}

/// A service is judged at the end of the month before, and what was missed cannot be made up.
const SERVICE_TIME: Time =
    Time { start: Start::MonthAfterEligible, stop: Stop::EventMonthPaid, back_pay: BackPay::None };

const NO_PAY: Pay = Pay {
    cycle: Cycle::Month,
    to: String::new(),
    fund: String::new(),
    month_closes_on: None,
    due_month: None,
    given: Given::Cash,
    quota: None,
    share: None,
};

/// What judges people: nothing where the item is another department's or left to lower lists.
struct Rule {
    form: Form,
    conditions: Vec<Cond>,
    bands: Vec<Band>,
    top_ups: Vec<Band>,
    per: Per,
    excludes: Vec<Exclusion>,
    /// First encoded day.
    from: Option<Day>,
}

impl Rule {
    fn uses(&self, parameter: &Parameter) -> bool {
        let bands = self.bands.iter().chain(&self.top_ups);
        let mut formulas = bands.flat_map(|band| &band.formulas);
        formulas.any(|(_, text)| text.contains(&parameter.name))
    }
}

fn read_rule(
    slots: &Slots,
    head: &ListHead,
    pay: &Pay,
    parameters: &[Parameter],
    problems: &mut Vec<Problem>,
) -> Rule {
    let form = match (slots.form(), &slots.service) {
        (RawForm::Elsewhere, _) => Form::Elsewhere,
        (RawForm::Service, Some((file, raw))) => Form::Service(read_service(file, raw, problems)),
        (RawForm::Service, None) => Form::Service(Service { record: None, every: Every::Once }),
        (RawForm::Cash, _) => Form::Cash,
    };
    let mut rule = Rule {
        form,
        conditions: Vec::new(),
        bands: Vec::new(),
        top_ups: Vec::new(),
        per: Per::Month,
        excludes: Vec::new(),
        from: None,
    };
    let Some((who_file, who)) = slots.who.as_ref().filter(|_| slots.is_judged()) else {
        return rule;
    };
    rule.conditions = compile_all(who_file, &who.all, problems);
    rule.conditions.extend(slots.time.as_ref().and_then(|time| gate(time.start)));
    if rule.conditions.len() > MOST_CONDITIONS {
        problems.push(who_file.whole("条件太多", format!("最多 {MOST_CONDITIONS} 个。")));
    }
    let edition = head.effective_from.month().first();
    rule.from = match (&slots.amount, &slots.service) {
        (Some((file, amount)), _) if form == Form::Cash => {
            read_amount(file, amount, pay, parameters, &mut rule, problems)
        }
        (_, Some((_, service))) => Some(service.from.unwrap_or(edition)),
        _ => None,
    };
    if let Some((file, raw)) = &slots.excludes {
        rule.excludes = raw.iter().filter_map(|it| read_exclusion(file, it, problems)).collect();
    }
    rule
}

/// Reads the bands into the rule; gives the first encoded day.
fn read_amount(
    file: &SourceFile,
    amount: &RawAmount,
    pay: &Pay,
    parameters: &[Parameter],
    rule: &mut Rule,
    problems: &mut Vec<Problem>,
) -> Option<Day> {
    if let Some(from) = amount.local_from {
        if !amount.band.is_empty() {
            let remedy = "标准由下级规定的写 local_from，本级规定的写 [[amount.band]]。";
            problems.push(file.whole("又写了本级标准，又写了由下级规定", remedy));
        }
        return Some(from);
    }
    let age_from = least_age(&rule.conditions);
    let mut bands: Vec<(Band, Per)> = Vec::new();
    for raw in &amount.band {
        let around = Surroundings { file, parameters, bands: &bands, age_from };
        let read = read_band(raw, &around, problems);
        bands.extend(read);
    }
    let mut top_ups: Vec<(Band, Per)> = Vec::new();
    for raw in &amount.top_up {
        let around = Surroundings { file, parameters, bands: &bands, age_from };
        if raw.get_ref().name.is_none() {
            problems.push(file.at(&raw.span(), "增发没有名称", "请写 name，如“高龄增发”。"));
        }
        top_ups.extend(read_band(raw, &around, problems));
    }
    if amount.band.is_empty() {
        problems.push(file.whole("没有写档次", "请至少写一个 [[amount.band]]。"));
    }
    rule.per = bands.first().map_or(Per::Month, |(_, per)| *per);
    if bands.iter().chain(&top_ups).any(|(_, per)| *per != rule.per) {
        let remedy = "一个项目的各档请都按月，或都按年。";
        problems.push(file.whole("各档标准的单位不同", remedy));
    }
    let good = match rule.per.months() {
        Some(period) => pay.due_month.is_some_and(|due| (1..=period).contains(&due)),
        None => pay.due_month.is_none(),
    };
    if !good {
        let remedy = "按季、半年、年的标准写 [pay] due_month：期内第几个月应发；其余不写。";
        problems.push(file.whole("应发月 due_month 没有写对", remedy));
    }
    let only = |all: Vec<(Band, Per)>| all.into_iter().map(|(band, _)| band).collect();
    (rule.bands, rule.top_ups) = (only(bands), only(top_ups));
    rule.bands.iter().filter_map(|band| band.amounts.first()).map(|(day, _)| *day).min()
}

/// The age that conditions ask for; 0 when they do not.
pub(crate) fn least_age(conditions: &[Cond]) -> i32 {
    let least = conditions.iter().filter_map(|cond| match cond {
        Cond::Compare(Term::Age, Op::AtLeast, Term::Int(years)) => i32::try_from(*years).ok(),
        _ => None,
    });
    least.max().unwrap_or(0)
}

fn read_service(file: &SourceFile, raw: &RawService, problems: &mut Vec<Problem>) -> Service {
    let mut day_fact = |id: &str, span: &std::ops::Range<usize>| {
        let kind = KindIx::of(id).filter(|kind| kind.kind().value_type == FactType::Day);
        if kind.is_none() {
            let sentence = format!("“{id}”不是日期类的事实");
            problems.push(file.at(span, sentence, "可用的事实见 policy facts。"));
        }
        kind
    };
    let record = raw.record.as_ref().and_then(|it| day_fact(it.get_ref(), &it.span()));
    let every = match raw.every.get_ref() {
        RawEvery::Month => Every::Month,
        RawEvery::Months(months) => Every::Months(*months),
        RawEvery::Once => Every::Once,
        RawEvery::UntilDay(id) => {
            day_fact(id, &raw.every.span()).map_or(Every::Once, Every::UntilDay)
        }
    };
    Service { record, every }
}

fn read_exclusion(
    file: &SourceFile,
    raw: &Spanned<RawExclusion>,
    problems: &mut Vec<Problem>,
) -> Option<Exclusion> {
    let RawExclusion { fact, choose } = raw.get_ref();
    let kind = KindIx::of(fact.get_ref()).map(KindIx::kind);
    if let Some(kind) = kind.filter(|kind| kind.value_type == FactType::Fen) {
        return Some(Exclusion { kind: kind.id, choose: *choose });
    }
    let sentence = format!("“{}”不是金额类的事实", fact.get_ref());
    let remedy = "请写在发待遇的事实，如 award.disability_nursing。";
    problems.push(file.at(&fact.span(), sentence, remedy));
    None
}

fn cite_all(
    all: &[(Arc<SourceFile>, Spanned<RawBasis>)],
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Basis> {
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
pub(crate) fn compile_all(
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
        Start::MonthOfAge
        | Start::MonthAfterAge
        | Start::AgeAtYearEnd
        | Start::MonthOfEligible
        | Start::MonthAfterEligible => None,
    }
}

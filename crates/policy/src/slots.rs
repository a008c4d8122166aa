use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::Confidence;
use toml::Spanned;

use crate::load::read_head;
use crate::pay::RawPay;
use crate::problem::{Problem, Problems, SourceFile};
use crate::raw::{
    Assumption, ItemKind, RawAmount, RawBasis, RawExclusion, RawForm, RawItem, RawRule, RawService,
    RawWho, Time,
};
use crate::review::RawReview;

/// A slot with the file that it was written in: the item's own or an upper list's.
type In<T> = (Arc<SourceFile>, T);

/// An item's slots as they count: its own, and what it takes over from the upper item.
pub(crate) struct Slots {
    pub(crate) name: Option<String>,
    pub(crate) confidence: Confidence,
    pub(crate) form: Option<RawForm>,
    /// People and sums are left to the lower lists.
    pub(crate) left_below: bool,
    pub(crate) no_application: Option<In<Spanned<bool>>>,
    pub(crate) beneficiary: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) kind: Option<ItemKind>,
    pub(crate) responsible: Option<String>,
    pub(crate) bring: Option<Vec<String>>,
    pub(crate) apply_at: Option<String>,
    pub(crate) who: Option<In<RawWho>>,
    pub(crate) amount: Option<In<RawAmount>>,
    pub(crate) service: Option<In<RawService>>,
    pub(crate) time: Option<Time>,
    pub(crate) pay: Option<In<RawPay>>,
    pub(crate) review: Option<In<RawReview>>,
    pub(crate) excludes: Option<In<Vec<Spanned<RawExclusion>>>>,
    pub(crate) basis: Vec<In<Spanned<RawBasis>>>,
    pub(crate) assumptions: Vec<Assumption>,
    /// The file that a missing slot is a mistake of.
    pub(crate) blame: Arc<SourceFile>,
}

pub(crate) struct Header {
    pub(crate) id: String,
    pub(crate) no: u32,
    pub(crate) implements: Option<String>,
    /// Slots of the rule that its own file writes.
    pub(crate) wrote: Vec<&'static str>,
    pub(crate) file: Arc<SourceFile>,
}

/// Reads an item with whatever it takes over from the lists above, at most so many.
pub(crate) fn read(
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
        wrote: wrote(&raw),
        file: Arc::clone(&file),
    };
    let inherits = raw.inherits;
    let own = own_slots(&file, raw);
    if !inherits {
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
    let (_, inherited) = read(&upper, above.as_deref(), levels - 1)?;
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

fn wrote(raw: &RawItem) -> Vec<&'static str> {
    [
        ("who", raw.who.is_some()),
        ("amount", raw.amount.is_some()),
        ("service", raw.service.is_some()),
        ("time", raw.time.is_some()),
        ("pay", raw.pay.is_some()),
        ("excludes", raw.excludes.is_some()),
    ]
    .into_iter()
    .filter_map(|(slot, written)| written.then_some(slot))
    .collect()
}

fn own_slots(file: &Arc<SourceFile>, raw: RawItem) -> Slots {
    let here = || Arc::clone(file);
    Slots {
        name: raw.name,
        confidence: raw.confidence,
        form: raw.form,
        left_below: raw.rule == Some(RawRule::Below),
        no_application: raw.no_application.map(|said| (here(), said)),
        beneficiary: raw.beneficiary,
        content: raw.content,
        kind: raw.kind,
        responsible: raw.responsible,
        bring: raw.bring,
        apply_at: raw.apply_at,
        who: raw.who.map(|who| (here(), who)),
        amount: raw.amount.map(|amount| (here(), amount)),
        service: raw.service.map(|service| (here(), service)),
        time: raw.time,
        pay: raw.pay.map(|pay| (here(), pay)),
        review: raw.review.map(|review| (here(), review)),
        excludes: raw.excludes.map(|excludes| (here(), excludes)),
        basis: raw.basis.into_iter().map(|basis| (here(), basis)).collect(),
        assumptions: raw.assumption.into_iter().map(Spanned::into_inner).collect(),
        blame: here(),
    }
}

impl Slots {
    /// Own slots replace the upper item's whole slots; citations and assumptions add up, and an
    /// own assumption replaces the upper one about the same slot.
    fn over(mut self, upper: Self) -> Self {
        let begins_here = self.form.is_some()
            || upper.left_below && self.who.is_some()
            || upper.amount_is_local() && self.amount.is_some();
        let own: Vec<_> = self.assumptions.iter().map(|it| it.slot).collect();
        let kept = upper.assumptions.into_iter().filter(|it| !own.contains(&it.slot));
        self.assumptions.extend(kept);
        self.basis.extend(upper.basis);
        Self {
            name: self.name.or(upper.name),
            form: self.form.or(upper.form),
            left_below: self.left_below || upper.left_below && !begins_here,
            no_application: self.no_application.or(upper.no_application),
            beneficiary: self.beneficiary.or(upper.beneficiary),
            content: self.content.or(upper.content),
            kind: self.kind.or(upper.kind),
            responsible: self.responsible.or(upper.responsible),
            bring: self.bring.or(upper.bring),
            apply_at: self.apply_at.or(upper.apply_at),
            who: self.who.or(upper.who),
            amount: self.amount.or(upper.amount),
            service: self.service.or(upper.service),
            time: self.time.or(upper.time),
            pay: self.pay.or(upper.pay),
            review: self.review.or(upper.review),
            excludes: self.excludes.or(upper.excludes),
            // What an item only takes over is the upper item's to complete.
            blame: if begins_here { self.blame } else { upper.blame },
            ..self
        }
    }

    /// How the item is given; cash when nothing is said.
    pub(crate) fn form(&self) -> RawForm {
        self.form.unwrap_or(RawForm::Cash)
    }

    /// Whether the item has a rule that judges people.
    pub(crate) fn is_judged(&self) -> bool {
        !self.left_below && self.form() != RawForm::Elsewhere
    }

    /// Whether there is a right, and the lower lists set its sum.
    pub(crate) fn amount_is_local(&self) -> bool {
        self.amount.as_ref().is_some_and(|(_, amount)| amount.local_from.is_some())
    }

    /// The slots that neither the item nor an upper one has, and those that it must not have.
    pub(crate) fn problems(&self, header: &Header) -> Vec<Problem> {
        let judged = self.is_judged();
        let cash = judged && self.form() == RawForm::Cash;
        let sums = cash && !self.amount_is_local();
        let asked = [
            ("name", true, self.name.is_some()),
            ("beneficiary", true, self.beneficiary.is_some()),
            ("content", true, self.content.is_some()),
            ("kind", true, self.kind.is_some()),
            ("responsible", self.form() == RawForm::Elsewhere, self.responsible.is_some()),
            ("who", judged, self.who.is_some()),
            ("amount", cash, self.amount.is_some()),
            ("service", judged && !cash, self.service.is_some()),
            ("time", sums, self.time.is_some()),
            ("pay", sums, self.pay.is_some()),
            ("basis", true, !self.basis.is_empty()),
        ];
        let remedy = "请补上这一节；实施上级项目的，可写 inherits = true 沿用。";
        let missing = asked.iter().filter(|(_, asked, has)| *asked && !has);
        let mut problems: Vec<Problem> =
            missing.map(|(slot, ..)| self.blame.whole(format!("缺少“{slot}”"), remedy)).collect();
        let takes: &[&str] = match (judged, cash) {
            (false, _) => &[],
            (true, true) => &["who", "amount", "time", "pay", "excludes"],
            (true, false) => &["who", "service", "time"],
        };
        for slot in header.wrote.iter().filter(|slot| !takes.contains(slot)) {
            let remedy = "由其他部门办理的和留给下级规定的项目没有规则，服务没有金额；请删去。";
            problems.push(header.file.whole(format!("这种形式的项目不写“{slot}”"), remedy));
        }
        problems
    }
}

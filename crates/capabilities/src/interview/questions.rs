//! The questions of the check, as data: one for each kind of fact that a family can tell.

/// 问题: what is asked to learn a fact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The kind of fact, and the name of the field.
    pub(crate) kind: &'static str,
    /// The question.
    pub(crate) ask: &'static str,
    /// What it is called among the answers.
    pub(crate) short: &'static str,
    /// Help; may be empty.
    pub(crate) hint: &'static str,
    /// How it is found out when it is not known.
    pub(crate) find_out: &'static str,
    /// Under which heading of the list an item stands that asks for it first; may be empty.
    pub(crate) group: &'static str,
    /// The answers; none for a day.
    pub(crate) picks: &'static [Pick],
}

/// One of the answers to a question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// What is sent.
    pub(crate) value: &'static str,
    /// What is read.
    pub(crate) label: &'static str,
    /// The facts that it says.
    pub(crate) says: &'static [(&'static str, Says)],
}

/// What an answer says about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A word of the kind's domain.
    Word(&'static str),
    /// In the area that issued the list.
    Here,
    /// Not there.
    Elsewhere,
}

use Says::{Elsewhere, Flag, Here, Number, Word};

const fn pick(
    value: &'static str,
    label: &'static str,
    says: &'static [(&'static str, Says)],
) -> Pick {
    Pick { value, label, says }
}

/// In the order in which they are asked. `{area}` stands for the area that issued the list.
pub(crate) const QUESTIONS: &[Question] = &[
    Question {
        kind: "birth_date",
        ask: "老人是哪一天出生的？",
        short: "出生日期",
        hint: "按身份证上的填。不用填身份证号。",
        find_out: "看身份证或者户口本。",
        group: "",
        picks: &[],
    },
    Question {
        kind: "hukou_area",
        ask: "老人的户口在{area}吗？",
        short: "户口在{area}",
        hint: "看户口本首页的地址。",
        find_out: "看户口本首页的地址，或者问派出所。",
        group: "",
        picks: &[
            pick("here", "在", &[("hukou_area", Here)]),
            pick("elsewhere", "不在", &[("hukou_area", Elsewhere)]),
        ],
    },
    Question {
        kind: "relief_category",
        ask: "老人家里有没有被民政部门认定为困难家庭？",
        short: "困难家庭",
        hint: "有认定的，家里有证或者有通知书。",
        find_out: "问村（社区）或者乡镇（街道）民政办。",
        group: "经济困难的老人",
        picks: &[
            pick("minimum_living", "享受最低生活保障（低保）", &relief("minimum_living")),
            pick("destitute", "享受特困人员救助供养", &relief("destitute")),
            pick("low_income_edge", "最低生活保障边缘家庭", &relief("low_income_edge")),
            pick("rigid_expense", "刚性支出困难家庭", &relief("rigid_expense")),
            pick("other_low_income", "其他低收入家庭", &relief("other_low_income")),
            pick(
                "none",
                "都没有",
                &[("relief_category", Word("none")), ("low_income", Flag(false))],
            ),
        ],
    },
    Question {
        kind: "disability_grade",
        ask: "老人有没有残疾人证？是几级？",
        short: "残疾人证",
        hint: "级别写在残疾人证上。",
        find_out: "看残疾人证，或者问县残联。",
        group: "失能或者残疾的老人",
        picks: &[
            pick("1", "一级", &[("disability_grade", Number(1))]),
            pick("2", "二级", &[("disability_grade", Number(2))]),
            pick("3", "三级", &[("disability_grade", Number(3))]),
            pick("4", "四级", &[("disability_grade", Number(4))]),
            pick("0", "没有残疾人证", &[("disability_grade", Number(0))]),
        ],
    },
    Question {
        kind: "disability_kind",
        ask: "残疾人证上写的是哪一类？",
        short: "残疾类别",
        hint: "",
        find_out: "看残疾人证，或者问县残联。",
        group: "失能或者残疾的老人",
        picks: &[
            pick("visual", "视力残疾", &[("disability_kind", Word("visual"))]),
            pick("hearing", "听力残疾", &[("disability_kind", Word("hearing"))]),
            pick("speech", "言语残疾", &[("disability_kind", Word("speech"))]),
            pick("physical", "肢体残疾", &[("disability_kind", Word("physical"))]),
            pick("intellectual", "智力残疾", &[("disability_kind", Word("intellectual"))]),
            pick("mental", "精神残疾", &[("disability_kind", Word("mental"))]),
            pick("multiple", "多重残疾", &[("disability_kind", Word("multiple"))]),
        ],
    },
    Question {
        kind: "living_arrangement",
        ask: "老人平时和谁一起住？",
        short: "居住情况",
        hint: "",
        find_out: "说不准的，请村（社区）上门看一看。",
        group: "独居、空巢、留守的老人",
        picks: &[
            pick("alone", "一个人住", &[("living_arrangement", Word("alone"))]),
            pick("empty_nest", "只和老伴住", &[("living_arrangement", Word("empty_nest"))]),
            pick(
                "left_behind",
                "子女长期在外地，老人留在家里",
                &[("living_arrangement", Word("left_behind"))],
            ),
            pick(
                "with_family",
                "和子女或者别的家人住",
                &[("living_arrangement", Word("with_family"))],
            ),
            pick(
                "in_institution",
                "住在养老机构",
                &[("living_arrangement", Word("in_institution"))],
            ),
        ],
    },
    Question {
        kind: "assessment_level",
        ask: "老人做过能力评估吗？评下来是什么？",
        short: "能力评估",
        hint: "评估报告上写着等级。做过但已经过了有效期的，选“没有做过”。",
        find_out: "到村（社区）申请做一次老年人能力评估。",
        group: "失能或者残疾的老人",
        picks: &[
            pick("able", "能力完好", &[("assessment_level", Word("able"))]),
            pick("mild", "轻度失能", &[("assessment_level", Word("mild"))]),
            pick("moderate", "中度失能", &[("assessment_level", Word("moderate"))]),
            pick("severe", "重度失能", &[("assessment_level", Word("severe"))]),
            pick("complete", "完全失能", &[("assessment_level", Word("complete"))]),
            pick("never", "没有做过", &[]),
        ],
    },
    Question {
        kind: "family_planning_special",
        ask: "老人是计划生育特殊家庭吗？",
        short: "计划生育特殊家庭",
        hint: "指独生子女伤残或者去世，并且经卫生健康部门认定的家庭。",
        find_out: "问乡镇（街道）计划生育专干。",
        group: "计划生育特殊家庭的老人",
        picks: &[
            pick("none", "不是", &[("family_planning_special", Word("none"))]),
            pick(
                "only_child_disabled",
                "是，独生子女伤残",
                &[("family_planning_special", Word("only_child_disabled"))],
            ),
            pick(
                "only_child_dead",
                "是，独生子女去世",
                &[("family_planning_special", Word("only_child_dead"))],
            ),
        ],
    },
    Question {
        kind: "veteran",
        ask: "老人是优抚对象吗？",
        short: "优抚对象",
        hint: "指退役军人事务部门认定的烈士遗属、伤残军人等。",
        find_out: "问退役军人服务站。",
        group: "对国家和社会作出特殊贡献的老人",
        picks: &[
            pick("yes", "是", &[("veteran", Flag(true))]),
            pick("no", "不是", &[("veteran", Flag(false))]),
        ],
    },
    Question {
        kind: "marital_status",
        ask: "老人的婚姻情况是哪一种？",
        short: "婚姻情况",
        hint: "",
        find_out: "看户口本或者结婚证、离婚证。",
        group: "",
        picks: &[
            pick("married", "有老伴", &[("marital_status", Word("married"))]),
            pick("widowed", "老伴去世了", &[("marital_status", Word("widowed"))]),
            pick("divorced", "离婚", &[("marital_status", Word("divorced"))]),
            pick("unmarried", "没有结过婚", &[("marital_status", Word("unmarried"))]),
        ],
    },
    Question {
        kind: "sex",
        ask: "老人是男是女？",
        short: "性别",
        hint: "",
        find_out: "看身份证。",
        group: "",
        picks: &[
            pick("female", "女", &[("sex", Word("female"))]),
            pick("male", "男", &[("sex", Word("male"))]),
        ],
    },
    Question {
        kind: "receives_elsewhere",
        ask: "老人现在有没有在别的县（市、区）领同样的钱？",
        short: "在别处领取",
        hint: "比如户口迁来以前的地方还在发高龄津贴。",
        find_out: "问原来户口所在地的民政部门。",
        group: "",
        picks: &[
            pick("no", "没有", &[("receives_elsewhere", Flag(false))]),
            pick("yes", "有", &[("receives_elsewhere", Flag(true))]),
        ],
    },
];

/// Every one of them is a low-income family as well.
const fn relief(category: &'static str) -> [(&'static str, Says); 2] {
    [("relief_category", Word(category)), ("low_income", Flag(true))]
}

impl Question {
    /// The question with this kind.
    pub(crate) fn of(kind: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.kind == kind)
    }

    /// The question whose answers tell a fact.
    pub(crate) fn about(fact: &str) -> Option<&'static Self> {
        Self::of(fact).or_else(|| {
            QUESTIONS.iter().find(|question| {
                question.picks.iter().any(|pick| pick.says.iter().any(|(kind, _)| *kind == fact))
            })
        })
    }

    /// Whether the answer is a day and not one of a few.
    pub(crate) fn is_day(&self) -> bool {
        self.picks.is_empty()
    }
}

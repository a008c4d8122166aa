use kernel::{Day, FactType};

use super::parse::{Expr, Node, parse};
use super::{Cond, CondError, Op, Place, Term};
use crate::area::is_code;
use crate::register::KindIx;

/// Compiles a condition, or says where and why it is none.
pub fn compile(text: &str) -> Result<Cond, CondError> {
    boolean(&parse(text)?)
}

/// A side of a comparison with the type it has; texts wait for their domain.
enum Side {
    Typed(Term, Type),
    Text(String),
    Bool(Cond, bool),
}

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Int,
    Day,
    Word(&'static [&'static str]),
}

fn boolean(node: &Node) -> Result<Cond, CondError> {
    let each = |nodes: &[Node]| nodes.iter().map(boolean).collect::<Result<Vec<_>, _>>();
    match &node.expr {
        Expr::Or(nodes) => Ok(Cond::Any(each(nodes)?)),
        Expr::And(nodes) => Ok(Cond::All(each(nodes)?)),
        Expr::Not(inner) => Ok(Cond::Not(Box::new(boolean(inner)?))),
        Expr::Bool(constant) => Ok(Cond::Constant(*constant)),
        Expr::Compare(left, op, right) => compare(node.offset, left, *op, right),
        Expr::In(one, all) => {
            let any = all.iter().map(|it| compare(it.offset, one, Op::Equal, it));
            Ok(Cond::Any(any.collect::<Result<_, _>>()?))
        }
        Expr::Name(name) => match side(node)? {
            Side::Bool(cond, _) => Ok(cond),
            _ => Err(CondError::new(
                node.offset,
                format!("“{name}”不是是否类的事实，不能单独作条件"),
                "请写成比较，如 age >= 80。",
            )),
        },
        Expr::Call(name, arguments) if name == "within" => within(node.offset, arguments),
        Expr::Call(name, arguments) if name == "known" => match arguments.as_slice() {
            [one] => Ok(Cond::Known(Box::new(boolean(one)?))),
            _ => Err(CondError::new(
                node.offset,
                "known 里要写一个条件",
                "请写成 known(living_arrangement == \"alone\")。",
            )),
        },
        Expr::Call(name, _) if name == "date" => Err(not_alone(node.offset)),
        Expr::Call(name, _) => Err(CondError::new(
            node.offset,
            format!("没有函数“{name}”"),
            "可用的函数是 within(…)、known(…) 和 date(…)。",
        )),
        Expr::Int(_) | Expr::Text(_) => Err(not_alone(node.offset)),
    }
}

fn not_alone(offset: usize) -> CondError {
    CondError::new(offset, "单独一个值不是条件", "请写成比较，如 age >= 80。")
}

fn side(node: &Node) -> Result<Side, CondError> {
    match &node.expr {
        Expr::Int(number) => Ok(Side::Typed(Term::Int(*number), Type::Int)),
        Expr::Text(text) => Ok(Side::Text(text.clone())),
        Expr::Bool(constant) => Ok(Side::Bool(Cond::Constant(*constant), true)),
        Expr::Name(name) => named(node.offset, name),
        Expr::Call(name, arguments) if name == "date" => match arguments.as_slice() {
            [Node { expr: Expr::Text(text), offset }] => {
                let day: Day = text.parse().map_err(|_| {
                    CondError::new(*offset, format!("“{text}”不是日期"), "请写成 2026-06-02。")
                })?;
                Ok(Side::Typed(Term::Day(day), Type::Day))
            }
            _ => Err(CondError::new(
                node.offset,
                "date(…) 里要有一个带引号的日期",
                "请写成 date(\"2026-06-02\")。",
            )),
        },
        _ => boolean(node).map(|cond| Side::Bool(cond, false)),
    }
}

fn named(offset: usize, name: &str) -> Result<Side, CondError> {
    match name {
        "age" => return Ok(Side::Typed(Term::Age, Type::Int)),
        "deceased" => return Ok(Side::Bool(Cond::Deceased, false)),
        "paid_elsewhere" => return Ok(Side::Bool(Cond::PaidElsewhere, false)),
        _ => {}
    }
    let Some(kind) = KindIx::of(name) else {
        return Err(CondError::new(
            offset,
            format!("事实登记表里没有“{name}”"),
            "可用的事实见 policy facts；另有 age、deceased、paid_elsewhere。",
        ));
    };
    let typed = |of| Ok(Side::Typed(Term::Fact(kind), of));
    match kind.kind().value_type {
        FactType::Bool => Ok(Side::Bool(Cond::Flag(kind), false)),
        FactType::Int(..) | FactType::Fen => typed(Type::Int),
        FactType::Day => typed(Type::Day),
        FactType::Word(words) => typed(Type::Word(words)),
        FactType::Area => Err(CondError::new(
            offset,
            format!("区划“{name}”不能直接比较"),
            "请写成 within(hukou_area, issuer)。",
        )),
        FactType::Text | FactType::Person => Err(CondError::new(
            offset,
            format!("“{name}”是文字或人员，不能作条件"),
            "条件只用日期、数字、是否、区划和有固定取值的事实。",
        )),
    }
}

fn compare(offset: usize, left: &Node, op: Op, right: &Node) -> Result<Cond, CondError> {
    let mismatch = || {
        CondError::new(
            offset,
            "比较的两边类型不同",
            "数字比数字，日期比 date(…)，取值比带引号的词。",
        )
    };
    match (side(left)?, side(right)?) {
        (Side::Typed(left, a), Side::Typed(right, b)) => {
            if a != b {
                return Err(mismatch());
            }
            ordered(offset, op, a)?;
            Ok(Cond::Compare(left, op, right))
        }
        (Side::Typed(term, Type::Word(words)), Side::Text(text)) => {
            word(right.offset, term, op, words, &text)
        }
        (Side::Text(text), Side::Typed(term, Type::Word(words))) => {
            word(left.offset, term, op.flipped(), words, &text)
        }
        (Side::Bool(cond, _), Side::Bool(Cond::Constant(constant), true))
        | (Side::Bool(Cond::Constant(constant), true), Side::Bool(cond, _)) => match op {
            Op::Equal | Op::Differs if constant == (op == Op::Equal) => Ok(cond),
            Op::Equal | Op::Differs => Ok(Cond::Not(Box::new(cond))),
            _ => Err(mismatch()),
        },
        _ => Err(mismatch()),
    }
}

fn ordered(offset: usize, op: Op, of: Type) -> Result<(), CondError> {
    if matches!(of, Type::Word(_)) && !matches!(op, Op::Equal | Op::Differs) {
        return Err(CondError::new(offset, "取值没有大小", "请用 == 、!= 或 in。"));
    }
    Ok(())
}

fn word(
    offset: usize,
    term: Term,
    op: Op,
    words: &'static [&'static str],
    text: &str,
) -> Result<Cond, CondError> {
    ordered(offset, op, Type::Word(words))?;
    let Some(word) = words.iter().find(|word| **word == text) else {
        return Err(CondError::new(
            offset,
            format!("没有取值“{text}”"),
            format!("可用的取值：{}。", words.join("、")),
        ));
    };
    Ok(Cond::Compare(term, op, Term::Word(word)))
}

fn within(offset: usize, arguments: &[Node]) -> Result<Cond, CondError> {
    let usage = || {
        CondError::new(
            offset,
            "within 要写一个区划事实和一个区划",
            "请写成 within(hukou_area, issuer) 或 within(hukou_area, \"990121\")。",
        )
    };
    let [Node { expr: Expr::Name(area), .. }, place] = arguments else {
        return Err(usage());
    };
    let kind = KindIx::of(area)
        .filter(|kind| kind.kind().value_type == FactType::Area)
        .ok_or_else(usage)?;
    match &place.expr {
        Expr::Name(name) if name == "issuer" => Ok(Cond::Within(kind, Place::Issuer)),
        Expr::Text(code) if is_code(code) => {
            Ok(Cond::Within(kind, Place::Code(code.as_str().into())))
        }
        _ => Err(usage()),
    }
}

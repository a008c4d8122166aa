//! 停发与恢复 of one elder: the forms.

use webkit::{Choice, Field, FieldKind, Form, Href};

/// The form of a stop: sends `reason`, `died_on`, `unknown`, `not_due_from`, `evidence`.
pub fn propose_form(action: Href, csrf: &str, reasons: Vec<Choice>, chosen: &str) -> Form {
    Form::new(action, csrf, "提出停发")
        .main()
        .field(Field::new("reason", "停发原因", FieldKind::Radio(reasons)).value(chosen))
        .field(
            Field::new("died_on", "去世日期", FieldKind::Day)
                .hint("去世停发才填；来源已有日期的可以不填。")
                .optional(),
        )
        .field(Field::new("unknown", "去世日期不详", FieldKind::Check).optional())
        .field(
            Field::new("not_due_from", "从哪个月起不该发", FieldKind::Text("off"))
                .hint("其他原因才填，如 2026-06。")
                .optional(),
        )
        .field(
            Field::new("evidence", "依据", FieldKind::Lines)
                .hint("谁核实的、看了什么。两个部门都报去世的可以不写。")
                .optional(),
        )
}

/// The form of a restore: sends `evidence`.
pub fn restore_form(action: Href, csrf: &str, label: &str) -> Form {
    Form::new(action, csrf, label).main().field(
        Field::new("evidence", "依据", FieldKind::Lines)
            .hint("谁核实的、怎么核实的，如“6 月 5 日上门见到本人，核对身份证”。"),
    )
}

/// The form of a hold: sends `act`, `reason`.
pub fn hold_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "暂缓发放").hidden("act", "place").field(Field::new(
        "reason",
        "原因",
        FieldKind::Lines,
    ))
}

/// The form of somebody who moved in: sends `place`, `until`.
pub fn moved_in_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "记下证明")
        .field(Field::new("place", "原户籍地", FieldKind::Text("off")).hint("出证明的民政部门。"))
        .field(
            Field::new("until", "最后发放月", FieldKind::Text("off"))
                .hint("按证明写，如 2026-05；本县从次月起发。"),
        )
}

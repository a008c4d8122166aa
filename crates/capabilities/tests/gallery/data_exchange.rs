//! Samples of a file's way.

use webkit::{
    Chip, Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, PostButton, Progress, Tone,
};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::data_exchange::{
    BatchPage, BatchRow, DeathRow, Deaths, DeskRow, Difference, Figure, Hold, IntakePage,
    MappingColumn, MatchSummary, Matrix, Profile, ProgressPage, RejectRow, Stage, SupplierRow,
    WaitingRow, mapping_form, upload_form,
};

fn batch_href() -> Href {
    Href::to("/files").seg(12)
}

fn batches() -> Vec<BatchRow> {
    let batch = |file: &str, supplier: &str, as_of: &str, rows: &str, state, by: &str| BatchRow {
        file: Link::new(file, batch_href()),
        supplier: supplier.to_owned(),
        as_of: as_of.to_owned(),
        rows: rows.to_owned(),
        state,
        by: by.to_owned(),
    };
    vec![
        batch(
            "人口信息_20260601.xlsx",
            "县公安局 人口信息",
            "2026-06-01",
            "98,214",
            Chip::new(Tone::Wait, "待核对"),
            "王数据 06-01 17:42",
        ),
        batch(
            "4月火化.xls",
            "县殡仪馆 火化台账",
            "2026-04-30",
            "301",
            Chip::new(Tone::Ok, "已接收"),
            "王数据 05-04 09:10",
        ),
    ]
}

fn intake() -> IntakePage {
    let supplier = |name: &str, what: &str, as_of: &str, age, expected: &str| SupplierRow {
        name: Link::new(name, Href::to("/files").query("supplier", name)),
        what: what.to_owned(),
        as_of: as_of.to_owned(),
        age,
        expected: expected.to_owned(),
        template: Some(Href::to("/files/template").seg(name)),
    };
    let suppliers = ["县公安局 人口信息", "县殡仪馆 火化台账", "县民政局 高龄津贴发放名册"];
    IntakePage {
        shell: shell("部门数据"),
        sentence: Line::from("有 ").strong("2 份新文件").text("等待核对；殡仪馆台账该催了。"),
        suppliers: vec![
            supplier(
                "县公安局",
                "人口信息",
                "2026-06-01",
                Chip::new(Tone::Ok, "1 天前"),
                "每月 5 日前",
            ),
            supplier(
                "县殡仪馆",
                "火化台账",
                "2026-04-30",
                Chip::new(Tone::Wait, "33 天前，该催了"),
                "每月 3 日前",
            ),
            supplier(
                "县民政局",
                "高龄津贴发放名册",
                "还没有收到",
                Chip::new(Tone::Bad, "缺"),
                "每月 20 日前",
            ),
        ],
        upload: Some(upload_form(
            Href::to("/files"),
            CSRF,
            suppliers.map(|name| Choice::new(name, name)).into(),
        )),
        matrix: None,
        waiting: Vec::new(),
        batches: batches(),
        pager: None,
    }
}

/// What the city sees: no form, and every county's sources.
fn city_intake() -> IntakePage {
    let ok = |days: u32| Chip::new(Tone::Ok, format!("{days} 天前"));
    let none = || Chip::new(Tone::Wait, "还没有收到");
    let late = |days: u32| Chip::new(Tone::Bad, format!("{days} 天前，已超期"));
    IntakePage {
        sentence: Line::from(
            "有 1 份文件等另一人确认。有 2 项数据没有收到或已超过约定期限，相关认定可能不准，请催要。",
        ),
        matrix: Some(Matrix {
            areas: ["松河县", "临河县", "高新区"].map(ToOwned::to_owned).into(),
            rows: vec![
                ("公安户籍人口登记".to_owned(), vec![ok(2), ok(1), late(40)]),
                ("殡仪馆火化台账".to_owned(), vec![ok(2), late(33), none()]),
                ("低收入人口名册".to_owned(), vec![ok(2), none(), none()]),
            ],
        }),
        waiting: vec![WaitingRow {
            file: Link::new("5月火化.xls", batch_href()),
            supplier: "殡仪馆火化台账".to_owned(),
            as_of: "2026-05-31".to_owned(),
            by: "赵数据 2026-06-02 09:10".to_owned(),
        }],
        upload: None,
        ..intake()
    }
}

fn figure(count: &str, label: &str, class: &'static str) -> Figure {
    let href = Some(batch_href().query("rows", label));
    Figure { count: count.to_owned(), label: label.to_owned(), class, href }
}

fn profile() -> Profile {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let words = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    Profile {
        facts: vec![
            pair("行数", "98,214 行，14 列"),
            pair("工作表", "人口（第 1 张，共 2 张）"),
            pair("表头", "第 2—3 行，合并单元格"),
            pair("编码", "xlsx（UTF-8）"),
        ],
        headings: words(&["公民身份号码", "姓名", "性别", "出生日期", "户籍地村居"]),
        sample: vec![
            words(&["****************26", "周某某", "女", "16726", "云溪镇溪尾村"]),
            words(&["****************1X", "孙某某", "男", "1949-08-02", "石岭乡上坪村"]),
        ],
    }
}

fn slip() -> Vec<(String, String)> {
    [
        ("文件", "人口信息_20260601.xlsx"),
        ("哈希（SM3）", "7f3a90d1c2b845e6a0919b7c3d5e2f18aa64c0d97be1f3524478d6b0e9c1f205"),
        ("行数", "98,214"),
        ("截至", "2026-06-01"),
        ("登记", "王数据，2026-06-01 17:42"),
    ]
    .map(|(a, b)| (a.to_owned(), b.to_owned()))
    .into()
}

fn rejects() -> Vec<RejectRow> {
    vec![
        RejectRow {
            row: 311,
            who: "吴某某 9.90123E+17".to_owned(),
            reason: "身份证号被 Excel 写成科学记数，后 3 位已丢失".to_owned(),
            remedy: "把这一列设为文本格式，重新填写完整号码".to_owned(),
        },
        RejectRow {
            row: 5_120,
            who: "何某某 ****************33".to_owned(),
            reason: "身份证号校验位不对，有一位写错了".to_owned(),
            remedy: "对照身份证改正".to_owned(),
        },
    ]
}

fn checked() -> BatchPage {
    let act = |label: &str, to: &'static str, class| {
        PostButton::new(batch_href().seg(to), CSRF, label).class(class)
    };
    BatchPage {
        shell: shell("部门数据"),
        crumbs: Crumbs {
            above: vec![Link::new("部门数据", Href::to("/files"))],
            here: "县公安局 人口信息 2026-06-01".to_owned(),
        },
        stage: Stage::Checked,
        headline: "99.6 % 已对上，287 行要看一看，64 行不能用".to_owned(),
        advice: "不能用的行可以导出给对方改。现在接收的，先用对上的行；要看的行以后逐条核对。"
            .to_owned(),
        holds: Vec::new(),
        reason: None,
        second: None,
        deaths: None,
        acts: vec![
            act("接收对上的 97,863 行", "accept", "btn main"),
            act("先放着", "hold", "btn"),
            act("退回给对方", "return", "btn danger"),
        ],
        matched: Some(MatchSummary {
            figures: vec![
                figure("97,640", "身份证号、姓名一致", ""),
                figure("112", "15 位号码换成 18 位后一致", ""),
                figure("111", "去空格、全角、小写 x 后一致", ""),
                figure("287", "要人工核对", "wait"),
                figure("64", "不能用", "bad"),
            ],
        }),
        rejects: rejects(),
        error_workbook: Some(Link::new("下载错误清单", batch_href().seg("errors.xlsx"))),
        desk: vec![DeskRow {
            row: Link::new("第 88 行", batch_href().seg("rows").seg(88)),
            says: "周某 女 1945-10-17 云溪镇溪尾村".to_owned(),
            candidate: Some(Link::new("周某某", Href::to("/elders/7f3a"))),
            reason: "号码一致，姓名差一个字".to_owned(),
        }],
        difference: Some(Difference {
            before: Link::new("人口信息 2026-05-01", Href::to("/files/8")),
            figures: vec![
                figure("412", "新增", ""),
                figure("301", "减少", ""),
                figure("1,206", "变化", ""),
                figure("96,596", "不变", ""),
            ],
        }),
        profile: Some(profile()),
        mapping: None,
        slip: slip(),
        slip_print: Some(batch_href().seg("slip")),
    }
}

fn held() -> BatchPage {
    BatchPage {
        headline: "先不要接收：比上一份少了四成".to_owned(),
        advice: "下面的问题弄清以前，这份文件不影响任何人的待遇。".to_owned(),
        holds: vec![Hold {
            sentence: "只有 58,102 行，上一份有 98,103 行，少了 40.8 %".to_owned(),
            remedy: "多半是只导出了一部分。请问对方是否漏了乡镇；确实减少的，由另一人复核后接收。"
                .to_owned(),
            earlier: Some(Link::new("看上一份", Href::to("/files/8"))),
        }],
        acts: vec![
            PostButton::new(batch_href().seg("return"), CSRF, "退回给对方").class("btn main"),
            PostButton::new(batch_href().seg("confirm"), CSRF, "请另一人复核后接收"),
        ],
        ..checked()
    }
}

fn accepted() -> BatchPage {
    let row = |who: &str, gets: &str, check: Line| DeathRow {
        elder: Link::new(who, Href::to("/elders/7f3a")),
        on: "2026-05-09".to_owned(),
        gets: gets.to_owned(),
        check,
        row: "第 12 行".to_owned(),
    };
    let reason = Field::new("reason", "哪里不对", FieldKind::Lines)
        .hint("写一两句，接收的人和来源部门会看到。");
    let refuse = Form::new(batch_href().seg("refuse"), CSRF, "不同意，退回").field(reason);
    BatchPage {
        stage: Stage::Seconded,
        headline: "共 318 行，98.1% 已对上人；2 行要人工比对，4 行无法使用。".to_owned(),
        advice: "赵数据 2026-06-02 09:10 接收。请看下面的名单，没有问题就确认入库；确认前，名单里的人都不按去世办。".to_owned(),
        acts: vec![
            PostButton::new(batch_href().seg("confirm"), CSRF, "确认入库").class("btn main"),
        ],
        second: Some(refuse),
        deaths: Some(Deaths {
            figures: vec![
                figure("35", "新报死亡", ""),
                figure("14", "现在领着待遇，确认后停发核对", "wait"),
                figure("1", "死亡日期之后还有记录，要先看", "bad"),
                figure("20", "别的部门也报了", ""),
            ],
            rows: vec![
                row(
                    "郑某某 · 云溪镇溪头村",
                    "",
                    Line::new().chip(Tone::Bad, "矛盾").text(" 医保就诊痕迹 5月28日还有记录"),
                ),
                row(
                    "吴某某 · 云溪镇溪尾村",
                    "高龄津贴每月 40.00",
                    Line::new().chip(Tone::Plain, "只有这一个部门报"),
                ),
                row(
                    "冯某某 · 石岭乡上坪村",
                    "高龄津贴每月 120.00",
                    Line::new().chip(Tone::Ok, "已印证").text(" 公安死亡注销明细也报了"),
                ),
            ],
        }),
        ..checked()
    }
}

fn mapping() -> BatchPage {
    let column = |position, heading: &str, field: &str, note: &str| MappingColumn {
        position,
        heading: heading.to_owned(),
        field: field.to_owned(),
        note: note.to_owned(),
    };
    let fields =
        [("number", "身份证号"), ("name", "姓名"), ("birth", "出生日期"), ("hukou", "户籍")]
            .map(|(value, label)| Choice::new(value, label));
    let columns = [
        column(0, "公民身份号码（例：****************26）", "number", "沿用上次"),
        column(1, "姓名（例：周某某）", "name", "沿用上次"),
        column(2, "性别（例：女）", "", ""),
        column(3, "出生日期（例：16726）", "birth", "像 Excel 日期序号"),
    ];
    BatchPage {
        stage: Stage::Mapping,
        headline: "请认一认每一列".to_owned(),
        advice: "表头与上次不同，认得的已经选好。认完后先试算，不改动任何数据。".to_owned(),
        acts: Vec::new(),
        matched: None,
        rejects: Vec::new(),
        desk: Vec::new(),
        difference: None,
        mapping: Some(mapping_form(batch_href().seg("mapping"), CSRF, &columns, &fields)),
        ..checked()
    }
}

fn progress() -> ProgressPage {
    ProgressPage {
        shell: shell("部门数据"),
        crumbs: checked().crumbs,
        file: "人口信息_20260601.xlsx".to_owned(),
        progress: Progress {
            doing: "正在逐行核对".to_owned(),
            done: 61_400,
            total: 98_214,
            unit: "行".to_owned(),
            left: "约 12 秒".to_owned(),
            here: batch_href(),
            cancel: Some(PostButton::new(batch_href().seg("cancel"), CSRF, "取消，不留下任何数据")),
        },
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let undone = BatchPage {
        stage: Stage::Undone,
        headline: "已撤销，据此记下的事实全部收回".to_owned(),
        advice: "文件和记录仍保留备查。".to_owned(),
        acts: Vec::new(),
        ..checked()
    };
    let returned = BatchPage {
        stage: Stage::Returned,
        headline: "已退回县公安局，等重新报送".to_owned(),
        acts: Vec::new(),
        ..held()
    };
    vec![
        ("files", Box::new(intake())),
        ("files-city", Box::new(city_intake())),
        ("batch-checked", Box::new(checked())),
        ("batch-held", Box::new(held())),
        ("batch-accepted", Box::new(accepted())),
        ("batch-mapping", Box::new(mapping())),
        ("batch-undone", Box::new(undone)),
        ("batch-returned", Box::new(returned)),
        ("batch-progress", Box::new(progress())),
    ]
}

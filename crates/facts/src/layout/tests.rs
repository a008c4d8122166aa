use super::*;
use crate::row::Typist;
use crate::sheet::{Cell, Epoch, Format, Peek, Row, SheetHead};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../exchange");

fn layouts() -> Vec<Layout> {
    load(Path::new(FOLDER)).expect("the shipped layouts")
}

fn layout(id: &str) -> Layout {
    layouts().into_iter().find(|layout| layout.id == id).expect("a shipped layout")
}

fn row(number: u32, cells: &[&str]) -> Row {
    let cell = |text: &&str| {
        if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) }
    };
    Row { number, cells: cells.iter().map(cell).collect() }
}

fn sheet(name: &str, hidden: bool, head: Vec<Row>) -> SheetHead {
    SheetHead { name: name.to_owned(), hidden, rows_estimate: 0, head }
}

fn peek(sheets: Vec<SheetHead>) -> Peek {
    Peek { format: Format::Xlsx, encoding: None, epoch: Epoch::From1900, sheets }
}

fn police() -> Vec<Row> {
    vec![
        row(1, &["松河县六十周岁以上户籍人口"]),
        row(2, &["序号", "人员信息", "", "", "", "户籍地址", "", "", "户籍状态", "", "", "户信息"]),
        row(
            3,
            &[
                "",
                "姓名",
                "性别",
                "公民身份\n号码",
                "出生日期",
                "乡镇街道",
                "村社区",
                "详细地址",
                "状态",
                "注销或迁出日期",
                "登记日期",
                "户号",
            ],
        ),
        row(
            4,
            &[
                "1",
                "张三",
                "男",
                "99010519491231004X",
                "1949-12-31",
                "云溪镇",
                "溪尾村",
                "1 号",
                "正常",
                "",
                "1990-01-01",
                "990121002-0001",
            ],
        ),
    ]
}

const ROSTER: [&str; 12] = [
    "序号",
    "乡镇",
    "村社区",
    "姓名",
    "身份证号",
    "年龄段",
    "月标准",
    "开始享受年月",
    "本月发放金额",
    "开户行",
    "账号",
    "备注",
];

#[test]
fn the_shipped_layouts_are_read() {
    let ids: Vec<String> = layouts().into_iter().map(|layout| layout.id).collect();
    for id in ["funeral_home", "legacy_roster", "medical_traces", "police_register"] {
        assert!(ids.iter().any(|it| it == id), "{id}");
    }
}

#[test]
fn an_unknown_key_and_an_unknown_field_are_errors_that_name_them() {
    let text = toml::to_string(&layout("funeral_home")).expect("a layout is written");
    let refusal = Layout::parse(&format!("colour = 1\n{text}")).expect_err("unknown key");
    assert!(refusal.sentence.contains("colour"), "{refusal}");
    let refusal = Layout::parse(&text.replace("from = \"death_date\"", "from = \"died\""))
        .expect_err("unknown field");
    assert!(refusal.sentence.contains("died"), "{refusal}");
}

#[test]
fn a_header_of_two_lines_below_a_title_is_found() {
    let guess = recognise(&peek(vec![sheet("人口", false, police())]), &layouts()).expect("police");
    let mapping = guess.mapping;
    assert_eq!(mapping.supplier, "police_register");
    assert!(guess.score > 80, "all that this header has: {}", guess.score);
    assert_eq!(mapping.header_rows, [2, 3]);
    assert_eq!(mapping.headers[3], "人员信息/公民身份号码");
    assert_eq!(mapping.place("register_state"), Some(8));
    assert_eq!(mapping.place("registered_on"), Some(10));
}

#[test]
fn a_header_of_one_line_is_not_joined_with_the_data_below() {
    let head = vec![row(1, &ROSTER), row(2, &["1", "云溪镇", "溪尾村", "张三"])];
    let guess = recognise(&peek(vec![sheet("", false, head)]), &layouts()).expect("roster");
    assert_eq!(guess.mapping.supplier, "legacy_roster");
    assert_eq!(guess.mapping.header_rows, [1]);
}

#[test]
fn the_sheet_with_the_header_is_chosen_and_said_to_be_hidden() {
    let note = sheet("说明", false, vec![row(1, &["请勿外传"])]);
    let copy = sheet("旧表", true, police());
    let guess = recognise(&peek(vec![note.clone(), copy.clone()]), &layouts()).expect("police");
    assert_eq!(guess.mapping.sheet, 1);
    assert!(guess.notes[0].contains("隐藏"), "{:?}", guess.notes);
    let seen = sheet("六月", false, police());
    let guess = recognise(&peek(vec![note, copy, seen]), &layouts()).expect("police");
    assert_eq!(guess.mapping.sheet_name, "六月", "a visible sheet is preferred");
    assert!(guess.notes[0].contains("旧表"));
}

#[test]
fn a_file_without_a_needed_column_is_refused_with_its_name() {
    let mut head = police();
    head[2].cells[8] = Cell::Text("情况".to_owned());
    let refusal = recognise(&peek(vec![sheet("人口", false, head)]), &[layout("police_register")])
        .expect_err("no state");
    assert!(refusal.sentence.contains("户籍状态/状态"), "{refusal}");
    let nothing = peek(vec![sheet("", false, vec![row(1, &["甲", "乙"])])]);
    assert!(recognise(&nothing, &layouts()).is_err());
}

#[test]
fn a_remembered_mapping_fits_the_same_header_only_and_can_be_changed_by_hand() {
    let seen = peek(vec![sheet("人口", false, police())]);
    let mut mapping = recognise(&seen, &layouts()).expect("police").mapping;
    let text = serde_json::to_string(&mapping).expect("it is remembered");
    mapping = serde_json::from_str(&text).expect("it is read again");
    assert!(mapping.fits(&seen));
    let mut moved = police();
    moved[2].cells.swap(1, 2);
    assert!(!mapping.fits(&peek(vec![sheet("人口", false, moved)])));
    mapping.set("address", Some(6));
    assert_eq!((mapping.place("address"), mapping.place("village")), (Some(6), None));
    mapping.set("address", None);
    assert_eq!(mapping.place("address"), None);
}

#[test]
fn totals_notes_and_repeated_headers_are_about_nobody() {
    let roster = layout("legacy_roster");
    let head = vec![row(1, &ROSTER)];
    let mapping = recognise(&peek(vec![sheet("", false, head)]), std::slice::from_ref(&roster))
        .expect("roster")
        .mapping;
    let typist = Typist::new(&roster, &mapping);
    for aside in [
        row(1, &ROSTER),
        row(40, &ROSTER[..11]),
        row(41, &["合 计", "", "", "", "", "", "", "", "480.00"]),
        row(42, &["", "制表人：王五"]),
    ] {
        assert_eq!(typist.read(&aside), None, "{aside:?}");
    }
    let nameless = row(43, &["7"]);
    let typed = typist.read(&nameless).expect("a row about somebody unknown");
    assert!(typed.fault(&roster).expect("unusable").reason.contains("分不清是谁"));
    let person = row(44, &["合计", "云溪镇", "溪尾村", "合计生", "99010519491231004X"]);
    assert!(typist.read(&person).is_some(), "a number is never thrown away");
}

fn profile_of(rows: Vec<Row>) -> (Profile, Layout) {
    let police_layout = layout("police_register");
    let mapping = recognise(
        &peek(vec![sheet("人口", false, police())]),
        std::slice::from_ref(&police_layout),
    )
    .expect("police")
    .mapping;
    let mut profiler = Profiler::new(&police_layout, &mapping);
    for row in rows {
        profiler.see(&row);
    }
    (profiler.finish(), police_layout)
}

fn many(change: impl Fn(&mut Vec<Cell>)) -> Vec<Row> {
    (4..104)
        .map(|number| {
            let mut row = police()[3].clone();
            row.number = number;
            change(&mut row.cells);
            row
        })
        .collect()
}

#[test]
fn a_good_file_passes_and_shows_its_columns() {
    let (profile, layout) = profile_of(many(|_| {}));
    assert_eq!(profile.verdict(&layout), Ok(()));
    assert_eq!(
        (profile.rows, profile.columns[3].filled, profile.columns[3].valid),
        (100, 100, 100)
    );
    assert_eq!(profile.columns[1].samples, ["张三"]);
    assert_eq!(profile.columns[9].filled, 0);
}

#[test]
fn swapped_columns_are_refused_and_named() {
    let refused = |change: fn(&mut Vec<Cell>)| {
        let (profile, layout) = profile_of(many(change));
        profile.verdict(&layout).expect_err("swapped").sentence
    };
    let names = refused(|cells| cells.swap(1, 3));
    assert!(names.contains("姓名") && names.contains("公民身份号码"), "{names}");
    let days = refused(|cells| cells.swap(4, 10));
    assert!(days.contains("出生日期") && days.contains("登记日期"), "{days}");
    let words = refused(|cells| cells[8] = Cell::Text("在册".to_owned()));
    assert!(words.contains("只有 0% 读得出"), "{words}");
}

#[test]
fn a_file_with_a_header_and_nothing_else_is_refused() {
    let (profile, layout) = profile_of(Vec::new());
    assert!(profile.verdict(&layout).expect_err("no data").sentence.contains("没有数据"));
}

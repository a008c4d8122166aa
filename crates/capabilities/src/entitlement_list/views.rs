//! 服务清单: published lists and their items, to be read: what the pages say, as plain data.

use askama::Template;
use webkit::{Column, Crumbs, Form, Line, Link, Shell, Table, Tone};

/// 清单: the items of one edition.
#[derive(Clone, Debug, Template)]
#[template(path = "entitlement_list/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// Such as 松河县基本养老服务清单（第 4 版）.
    pub title: String,
    /// Issuer, day and parent lists in a sentence.
    pub sentence: Line,
    /// The items.
    pub items: Vec<ItemRow>,
    /// 全部清单, 比上一版, 导出.
    pub tools: Vec<Link>,
    /// The issuer's editions, newest first.
    pub editions: Vec<Edition>,
}

/// An item in the list.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// Number and name, leading to the item.
    pub item: Link,
    /// 类型
    pub kind: String,
    /// 对象
    pub who: String,
    /// 内容
    pub content: String,
    /// 标准
    pub standard: String,
    /// Since when.
    pub since: String,
    /// 责任单位
    pub responsible: String,
    /// How sure we are; empty when as sure as of the whole list.
    pub sure: String,
}

/// An edition in the line of time.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Green in force, grey over, blue coming.
    pub tone: Tone,
    /// Such as 2026-01-01 起，现行.
    pub when: String,
    /// Its title.
    pub list: Link,
    /// Number, items, upper list and how sure we are.
    pub about: String,
}

/// 全部清单: every issuer's editions.
#[derive(Clone, Debug, Template)]
#[template(path = "entitlement_list/all.html")]
pub struct AllListsPage {
    /// Around it.
    pub shell: Shell,
    /// How many there are.
    pub sentence: String,
    /// Looks for words in the items of all lists.
    pub search: Form,
    /// What was looked for; empty when nothing was.
    pub words: String,
    /// Items with these words: list, item, people, standard, responsible.
    pub found: Vec<(Line, ItemRow)>,
    /// Issuers with their editions, newest first.
    pub issuers: Vec<(String, Vec<Edition>)>,
}

/// 比上一版: what an edition says otherwise than the one before.
#[derive(Clone, Debug, Template)]
#[template(path = "entitlement_list/changes.html")]
pub struct ChangesPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// The list.
    pub title: String,
    /// Compared with which edition, and how much is different.
    pub sentence: Line,
    /// 新增
    pub added: Vec<String>,
    /// 删去
    pub removed: Vec<String>,
    /// 修改: item, what, before, after.
    pub changed: Vec<(String, &'static str, String, String)>,
    /// 标准变动 by day: day, item and band, before, after.
    pub amounts: Vec<[String; 4]>,
}

/// 清单项目: who gets what, from when, by which text.
#[derive(Clone, Debug, Template)]
#[template(path = "entitlement_list/item.html")]
pub struct ItemPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Such as 高龄津贴.
    pub name: String,
    /// What it gives to whom, in a sentence.
    pub sentence: String,
    /// 对象, 内容, 类型, 责任单位: term and words.
    pub columns: Vec<(&'static str, String)>,
    /// 谁能享受, one condition a line; none where the list does not judge.
    pub who: Vec<String>,
    /// 标准, by band and date; none for services.
    pub amounts: Vec<AmountRow>,
    /// 起发, 停发, 补发, 发放: term and words.
    pub time: Vec<(String, Line)>,
    /// 规定出处: document and clause, and what it says in our words.
    pub basis: Vec<(Line, String)>,
    /// 清单没有写明的
    pub assumptions: Vec<Line>,
    /// 逐级对照: this item and those above it, side by side.
    pub levels: Levels,
}

/// 逐级对照
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Issuers, from this one up.
    pub issuers: Vec<String>,
    /// What is compared, with a cell for each issuer.
    pub rows: Vec<(&'static str, Vec<Line>)>,
}

/// An amount of a band from a day on.
#[derive(Clone, Debug)]
pub struct AmountRow {
    /// Such as 80—89 周岁.
    pub band: String,
    /// Such as 40.00 元/月.
    pub amount: String,
    /// Such as 2024-01-01 起.
    pub valid: String,
    /// How sure we are of it.
    pub sure: String,
}

impl ListPage {
    fn table(&self) -> Table {
        let columns = ["项目", "对象", "内容", "标准", "责任单位"].map(Column::new);
        let columns = columns.into_iter().chain([Column::short("起始")]).collect();
        let mut table = Table::new("items", "清单项目", columns)
            .rows(self.items.iter().map(|row| {
                vec![
                    Line::from(row.item.clone()).small(format!("{}{}", row.kind, row.sure)),
                    row.who.as_str().into(),
                    row.content.as_str().into(),
                    row.standard.as_str().into(),
                    row.responsible.as_str().into(),
                    row.since.as_str().into(),
                ]
            }))
            .empty("这一版清单还没有编入项目。请清单管理岗位先导入清单文件。", None);
        table.tools.clone_from(&self.tools);
        table
    }
}

impl AllListsPage {
    fn table(&self) -> Table {
        let columns = ["项目", "清单", "对象", "标准", "责任单位"].map(Column::new).into();
        let mut table = Table::new("found", "找到的项目", columns)
            .rows(self.found.iter().map(|(list, row)| {
                vec![
                    row.item.clone().into(),
                    list.clone(),
                    row.who.as_str().into(),
                    row.standard.as_str().into(),
                    row.responsible.as_str().into(),
                ]
            }))
            .empty("没有项目写着这些字。可以换个说法，比如“津贴”“助餐”“残疾”。", None);
        table.filter_words = format!("写着“{}”的项目，共 {} 项", self.words, self.found.len());
        table
    }
}

impl ChangesPage {
    fn changes(&self) -> Table {
        let columns = ["项目", "改了什么", "原来", "现在"].map(Column::new).into();
        let rows = self
            .changed
            .iter()
            .map(|(item, what, before, after)| [item, *what, before, after].map(Line::from).into());
        Table::new("changed", "修改的项目", columns)
            .rows(rows)
            .empty("两版都有的项目，写的都一样。", None)
    }

    fn history(&self) -> Table {
        let columns = vec![
            Column::short("从哪一天起"),
            Column::new("项目和档次"),
            Column::sum("原来"),
            Column::sum("现在"),
        ];
        Table::new("amounts", "标准的变动", columns)
            .rows(
                self.amounts
                    .iter()
                    .map(|row| row.each_ref().map(|text| text.as_str().into()).into()),
            )
            .empty("清单里的标准从开始执行起没有变过。", None)
    }
}

impl ItemPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("档次"),
            Column::sum("标准"),
            Column::short("执行时间"),
            Column::new("资料核对"),
        ];
        Table::new("amounts", "发多少", columns)
            .rows(self.amounts.iter().map(|row| {
                [&row.band, &row.amount, &row.valid, &row.sure].map(|it| it.as_str().into()).into()
            }))
            .empty("这一项不发钱，或者标准由下级清单规定，见上面的说明。", None)
    }

    fn levels(&self) -> Table {
        let issuers = self.levels.issuers.iter().map(Column::new);
        let columns = std::iter::once(Column::short("对照")).chain(issuers).collect();
        let rows = self.levels.rows.iter().map(|(what, cells)| {
            std::iter::once(Line::from(*what)).chain(cells.iter().cloned()).collect()
        });
        Table::new("levels", "和上级清单逐级对照", columns).rows(rows)
    }
}

//! 服务清单: one published list and its items, to be read: what the pages say, as plain data.

use askama::Template;
use webkit::{Column, Crumbs, Line, Link, Shell, Table};

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
}

/// An item in the list.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// Number and name, leading to the item.
    pub item: Link,
    /// 对象
    pub who: String,
    /// 标准
    pub standard: String,
    /// Since when.
    pub since: String,
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
    /// 谁能享受, one condition a line.
    pub who: Vec<String>,
    /// 标准, by band and date.
    pub amounts: Vec<AmountRow>,
    /// 起发, 停发, 补发, 发放: term and words.
    pub time: Vec<(String, Line)>,
    /// 规定出处: document and clause, and what it says in our words.
    pub basis: Vec<(Line, String)>,
    /// 清单没有写明的
    pub assumptions: Vec<String>,
    /// 上级清单: the upper item and how this one compares with it.
    pub parents: Vec<(Link, String)>,
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
    /// Which text sets it.
    pub basis: Line,
}

impl ListPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("项目"),
            Column::new("对象"),
            Column::new("标准"),
            Column::short("起始"),
        ];
        Table::new("items", "清单项目", columns)
            .rows(self.items.iter().map(|row| {
                vec![
                    row.item.clone().into(),
                    row.who.as_str().into(),
                    row.standard.as_str().into(),
                    row.since.as_str().into(),
                ]
            }))
            .empty("这一版清单还没有编入项目。请清单管理岗位先导入清单文件。", None)
    }
}

impl ItemPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("档次"),
            Column::sum("标准"),
            Column::short("执行时间"),
            Column::new("依据"),
        ];
        Table::new("amounts", "发多少", columns)
            .rows(self.amounts.iter().map(|row| {
                vec![
                    row.band.as_str().into(),
                    row.amount.as_str().into(),
                    row.valid.as_str().into(),
                    row.basis.clone(),
                ]
            }))
            .empty("这一项不发钱，提供的是服务，见上面的说明。", None)
    }
}

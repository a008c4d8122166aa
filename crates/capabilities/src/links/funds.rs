//! Where 资金账 is.

use kernel::LedgerAccountId;
use webkit::Href;

/// 资金账 of this year.
pub fn funds() -> Href {
    Href::to("/funds")
}

/// 资金账 of a year.
pub fn of_year(year: i16) -> Href {
    funds().query("year", year)
}

/// The same as a workbook.
pub fn export(year: i16) -> Href {
    Href::to("/funds.xlsx").query("year", year)
}

/// 分户账 of a budget.
pub fn account(account: LedgerAccountId) -> Href {
    funds().seg("accounts").seg(account)
}

/// Its transfers as a workbook.
pub fn journal(account: LedgerAccountId) -> Href {
    self::account(account).seg("journal.xlsx")
}

/// 指标登记
pub fn entries() -> Href {
    funds().seg("entries")
}

/// Those of a state; empty for all.
pub fn entries_of(state: &str) -> Href {
    of_state(entries(), state)
}

/// The same as a workbook.
pub fn entries_export(state: &str) -> Href {
    of_state(funds().seg("entries.xlsx"), state)
}

fn of_state(list: Href, state: &str) -> Href {
    if state.is_empty() { list } else { list.query("state", state) }
}

/// 登记指标: the form, for an item where one is given.
pub fn new_entry(item: &str) -> Href {
    let form = entries().seg("new");
    if item.is_empty() { form } else { form.query("item", item) }
}

/// One entry.
pub fn entry(entry: i64) -> Href {
    entries().seg(entry)
}

/// Confirms it, or sends it back.
pub fn decide(entry: i64) -> Href {
    self::entry(entry).seg("decision")
}

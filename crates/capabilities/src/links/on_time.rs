//! Where 按时足额发放 is.

use webkit::Href;

/// 按时足额发放 of an item and a month; empty for the first item and the newest month.
pub fn on_time(item: &str, month: &str) -> Href {
    with(Href::to("/on-time"), item, month)
}

/// By town, as a workbook.
pub fn book(item: &str, month: &str) -> Href {
    with(Href::to("/on-time.xlsx"), item, month)
}

/// Counts anew.
pub fn count() -> Href {
    Href::to("/on-time/count")
}

/// The people behind a number: of a result and a cause; empty for all.
pub fn people(item: &str, month: &str, result: &str, cause: &str) -> Href {
    narrowed(with(Href::to("/on-time/people"), item, month), result, cause)
}

/// The same as a workbook.
pub fn people_book(item: &str, month: &str, result: &str, cause: &str) -> Href {
    narrowed(with(Href::to("/on-time/people.xlsx"), item, month), result, cause)
}

/// 按时足额发放, as the menu leads there.
pub fn first() -> Href {
    on_time("", "")
}

fn with(href: Href, item: &str, month: &str) -> Href {
    add(add(href, "item", item), "month", month)
}

fn narrowed(href: Href, result: &str, cause: &str) -> Href {
    add(add(href, "result", result), "cause", cause)
}

fn add(href: Href, key: &str, value: &str) -> Href {
    if value.is_empty() { href } else { href.query(key, value) }
}

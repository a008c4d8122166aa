//! Every page, rendered with invented people. With `SONGHE_GALLERY=<folder>` the pages are also
//! written there, to be looked at.

mod account;
mod applications;
mod audit_trail;
mod cases;
mod corrections;
mod data_exchange;
mod duplicates;
mod duties;
mod elder_file;
mod entitlement_list;
mod lookups;
mod match_desk;
mod paper;
mod pay;
mod portal;
mod reporting;
mod shell;
pub mod views;

use askama::DynTemplate;

/// A page with its file name.
type Sample = (&'static str, Box<dyn DynTemplate>);

fn samples() -> Vec<Sample> {
    let mut all = account::samples();
    all.extend(audit_trail::samples());
    all.extend(duties::samples());
    all.extend(elder_file::samples());
    all.extend(data_exchange::samples());
    all.extend(corrections::samples());
    all.extend(entitlement_list::samples());
    all.extend(portal::samples());
    all.extend(match_desk::samples());
    all.extend(duplicates::samples());
    all.extend(reporting::samples());
    all.extend(lookups::samples());
    all.extend(paper::samples());
    all.extend(pay::samples());
    all.extend(applications::samples());
    all.extend(cases::samples());
    all.extend(shell::samples());
    all
}

fn rendered() -> Vec<(&'static str, String)> {
    samples()
        .into_iter()
        .map(|(name, page)| (name, page.dyn_render().expect("a template writes to a String")))
        .collect()
}

/// What stands between `before` and the next `after`, each time.
fn between<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    html.split(before).skip(1).map(|rest| rest.split(after).next().unwrap_or_default()).collect()
}

#[test]
fn every_page_renders_and_says_the_same_twice() {
    let (first, second) = (rendered(), rendered());
    assert_eq!(first, second);
    for (name, html) in &first {
        assert!(html.contains("</html>"), "{name} is cut off");
    }
    if let Ok(folder) = std::env::var("SONGHE_GALLERY") {
        for (name, html) in &first {
            let file = std::path::Path::new(&folder).join(format!("{name}.html"));
            std::fs::write(file, html).expect("the gallery's folder can be written");
        }
    }
}

#[test]
fn every_link_leads_somewhere_within_the_site() {
    for (name, html) in rendered() {
        for tag in between(&html, "<a ", ">") {
            let href = between(tag, "href=\"", "\"");
            assert_eq!(href.len(), 1, "{name}: a link without an address: {tag}");
            let ours = href[0].starts_with('/') && !href[0].starts_with("//");
            let dials = href[0]
                .strip_prefix("tel:")
                .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
            assert!(ours || dials || href[0].starts_with('#'), "{name}: {tag}");
        }
        for address in between(&html, "href=\"#", "\"") {
            assert!(html.contains(&format!("id=\"{address}\"")), "{name}: nothing at #{address}");
        }
        for tag in between(&html, "<form ", ">") {
            assert!(tag.contains("method=\"post\" action=\"/"), "{name}: {tag}");
        }
        let forms = html.matches("<form ").count();
        assert_eq!(forms, html.matches("name=\"csrf\"").count(), "{name}: a form without a token");
    }
}

#[test]
fn every_page_has_one_heading_one_main_part_and_its_language() {
    for (name, html) in rendered() {
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        assert_eq!(html.matches("<main ").count(), 1, "{name}");
        assert!(html.contains("<html lang=\"zh-CN\">"), "{name}");
        let mut ids = between(&html, " id=\"", "\"");
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
        for address in between(&html, "<label for=\"", "\"") {
            assert!(ids.contains(&address), "{name}: a label for nothing: {address}");
        }
        for tag in between(&html, "<th ", ">") {
            assert!(tag.contains("scope="), "{name}: {tag}");
        }
    }
}

#[test]
fn no_page_carries_a_style_or_a_script_of_its_own_or_asks_another_site() {
    for (name, html) in rendered() {
        for sign in
            [" style=", "<style", "<script>", " onclick=", "javascript:", "http://", "//cdn"]
        {
            assert!(!html.contains(sign), "{name}: {sign}");
        }
        assert!(!html.contains("https://"), "{name}");
    }
}

#[test]
fn a_page_has_at_most_one_main_act() {
    for (name, html) in rendered() {
        assert!(html.matches("class=\"btn main\"").count() <= 1, "{name}");
        for word in [">提交<", ">确定<", "！"] {
            assert!(!html.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn what_files_say_is_shown_and_never_obeyed() {
    for (name, html) in rendered() {
        assert!(!html.contains("<img"), "{name}");
    }
    let (_, elder) =
        rendered().into_iter().find(|(name, _)| *name == "elder-hostile").expect("a hostile file");
    assert!(elder.contains("&#60;img src=x onerror=alert(1)&#62;"), "{elder}");
}

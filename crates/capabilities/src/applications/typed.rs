//! The form of an application as somebody types it, and as it is read. Pure.

use std::collections::HashMap;

use kernel::Day;

use crate::applying::{Channel, Consent, Filled, Helper, Holder, NewAccount};

/// The boxes of a form by their names.
pub(super) type Typed = HashMap<String, String>;

/// What is wrong, box by box.
pub(super) type Wrong = Vec<(String, String)>;

const LONGEST_NAME: usize = 40;
const LONGEST_NOTE: usize = 500;

/// What is known of the elder before anything is typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Today: nobody agrees in the future.
    pub(super) today: Day,
    /// Whether the departments know an account.
    pub(super) account: bool,
    /// 免申即享: whether the item asks for no application.
    pub(super) no_application: bool,
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |text| text.trim())
}

/// Reads the form.
pub(super) fn read(typed: &Typed, known: Known) -> Result<Filled, Wrong> {
    let mut wrong = Wrong::new();
    let mut bad = |name: &str, why: &str| wrong.push((name.to_owned(), why.to_owned()));
    let channel = Channel::from_code(text(typed, "channel"))
        .filter(|it| *it != Channel::NoApplication || known.no_application);
    if channel.is_none() {
        bad("channel", "请选这件申请是怎么来的。");
    }
    let consent = consent(typed, known, channel, &mut bad);
    let helper = (channel == Some(Channel::Helper)).then(|| Helper {
        name: text(typed, "helper_name").to_owned(),
        relation: text(typed, "helper_relation").to_owned(),
        phone: text(typed, "helper_phone").to_owned(),
    });
    if let Some(helper) = &helper {
        for (name, said) in [
            ("helper_name", &helper.name),
            ("helper_relation", &helper.relation),
            ("helper_phone", &helper.phone),
        ] {
            if said.is_empty() {
                bad(name, "代办的，要填代办人的姓名、关系和电话。");
            } else if said.chars().count() > LONGEST_NAME {
                bad(name, "太长，请只填必要的内容。");
            }
        }
        if !helper.phone.is_empty() && !is_phone(&helper.phone) {
            bad("helper_phone", "请填手机号，或带区号的固定电话。");
        }
    }
    let account = account(typed, known, &mut bad);
    let note = text(typed, "note").to_owned();
    if note.chars().count() > LONGEST_NOTE {
        bad("note", "太长，最多 500 个字。");
    }
    match (channel, account) {
        (Some(channel), Some((account, has_account))) if wrong.is_empty() => {
            Ok(Filled { channel, consent, helper, account, has_account, note })
        }
        _ => Err(wrong),
    }
}

fn consent(
    typed: &Typed,
    known: Known,
    channel: Option<Channel>,
    bad: &mut impl FnMut(&str, &str),
) -> Option<(Consent, Day)> {
    if channel == Some(Channel::NoApplication) {
        return None;
    }
    let how = Consent::from_code(text(typed, "consent"));
    if how.is_none() {
        bad("consent", "请选本人是怎么同意的。没有本人同意，不能代为申请。");
    }
    if how == Some(Consent::Entrusted) && channel.is_some_and(|it| it != Channel::Helper) {
        bad("consent", "凭委托书的，请把申请方式选为代办。");
    }
    let on = text(typed, "consent_on").parse::<Day>().ok().filter(|day| *day <= known.today);
    if on.is_none() {
        bad("consent_on", "请填同意的日期，不能晚于今天。");
    }
    how.zip(on)
}

/// Another account if one is given, and whether there is any.
fn account(
    typed: &Typed,
    known: Known,
    bad: &mut impl FnMut(&str, &str),
) -> Option<(Option<NewAccount>, bool)> {
    match text(typed, "account") {
        "known" if known.account => Some((None, true)),
        "none" => Some((None, false)),
        "new" => {
            let number: String =
                text(typed, "account_number").chars().filter(|it| !it.is_whitespace()).collect();
            let digits = number.bytes().all(|it| it.is_ascii_digit());
            if !digits || !(8..=32).contains(&number.len()) {
                bad("account_number", "账号是 8 到 32 位数字，请照存折或社保卡抄写。");
                return None;
            }
            let Some(holder) = Holder::from_code(text(typed, "account_holder")) else {
                bad("account_holder", "请选账户是谁的。");
                return None;
            };
            let name = text(typed, "account_name").to_owned();
            if name.chars().count() > LONGEST_NAME || (name.is_empty() && holder != Holder::Oneself)
            {
                bad("account_name", "不是本人的账户，要填户名。");
                return None;
            }
            Some((Some(NewAccount { number, holder, name }), true))
        }
        _ => {
            bad("account", "请选发到哪个账户；还没有账户的，选“还没有账户”。");
            None
        }
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=13).contains(&digits)
        && text.chars().all(|it| it.is_ascii_digit() || matches!(it, '-' | ' ' | '+'))
}

/// The boxes as they stand in a form that was filled in before. The account is not shown again.
pub(super) fn typed_of(filled: &Filled) -> Vec<(String, String)> {
    let mut all = vec![
        ("channel", filled.channel.code().to_owned()),
        ("note", filled.note.clone()),
        ("account", if filled.has_account { "known" } else { "none" }.to_owned()),
    ];
    if let Some((how, on)) = filled.consent {
        all.push(("consent", how.code().to_owned()));
        all.push(("consent_on", on.to_string()));
    }
    if let Some(helper) = &filled.helper {
        all.push(("helper_name", helper.name.clone()));
        all.push(("helper_relation", helper.relation.clone()));
        all.push(("helper_phone", helper.phone.clone()));
    }
    if let Some(account) = &filled.account {
        all.retain(|(name, _)| *name != "account");
        all.push(("account", "new".to_owned()));
        all.push(("account_number", account.number.clone()));
        all.push(("account_holder", account.holder.code().to_owned()));
        all.push(("account_name", account.name.clone()));
    }
    all.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let today = "2026-06-02".parse().expect("a day");
        Known { today, account: true, no_application: false }
    }

    fn typed(boxes: &[(&str, &str)]) -> Typed {
        let usual = [
            ("channel", "found"),
            ("consent", "signed"),
            ("consent_on", "2026-06-02"),
            ("account", "known"),
        ];
        usual.iter().chain(boxes).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    fn wrong(boxes: &[(&str, &str)]) -> Vec<String> {
        let wrong = read(&typed(boxes), known()).expect_err("something is wrong");
        wrong.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_usual_form_is_four_answers() {
        let filled = read(&typed(&[]), known()).expect("a good form");
        assert_eq!(filled.channel, Channel::Found);
        assert!(filled.has_account && filled.account.is_none());
    }

    #[test]
    fn nobody_is_applied_for_without_their_word_or_with_one_of_tomorrow() {
        assert_eq!(wrong(&[("consent", "")]), ["consent"]);
        assert_eq!(wrong(&[("consent_on", "2026-06-03")]), ["consent_on"]);
        assert_eq!(wrong(&[("consent", "entrusted")]), ["consent"]);
    }

    #[test]
    fn a_helper_gives_name_relation_and_a_telephone() {
        let boxes = [("channel", "helper"), ("helper_name", "周建国")];
        assert_eq!(wrong(&boxes), ["helper_relation", "helper_phone"]);
        let boxes = [
            ("channel", "helper"),
            ("helper_name", "周建国"),
            ("helper_relation", "儿子"),
            ("helper_phone", "call me"),
        ];
        assert_eq!(wrong(&boxes), ["helper_phone"]);
    }

    #[test]
    fn another_account_is_digits_and_somebody_elses_has_a_name() {
        let new = ("account", "new");
        assert_eq!(wrong(&[new, ("account_number", "6217 0000 x")]), ["account_number"]);
        let number = ("account_number", "6217 0000 0000 1234");
        assert_eq!(wrong(&[new, number]), ["account_holder"]);
        assert_eq!(wrong(&[new, number, ("account_holder", "spouse")]), ["account_name"]);
        let boxes = [new, number, ("account_holder", "spouse"), ("account_name", "王德福")];
        let filled = read(&typed(&boxes), known()).expect("a good form");
        assert_eq!(filled.account.expect("another account").number, "6217000000001234");
    }

    #[test]
    fn what_needs_no_application_needs_no_consent_and_nothing_else_goes_that_way() {
        let boxes = [("channel", "no_application"), ("consent", "")];
        assert_eq!(wrong(&boxes), ["channel", "consent"]);
        let known = Known { no_application: true, ..known() };
        assert_eq!(read(&typed(&boxes), known).expect("a good form").consent, None);
    }

    #[test]
    fn a_form_that_was_filled_in_reads_the_same_again() {
        let boxes = [
            ("account", "new"),
            ("account_number", "6217000000001234"),
            ("account_holder", "oneself"),
            ("note", "行动不便"),
        ];
        let filled = read(&typed(&boxes), known()).expect("a good form");
        let again: Typed = typed_of(&filled).into_iter().collect();
        assert_eq!(read(&again, known()), Ok(filled));
    }

    #[test]
    fn an_empty_form_and_a_huge_one_are_refused_box_by_box() {
        let empty = read(&Typed::new(), known()).expect_err("nothing is there");
        assert!(empty.iter().any(|(name, _)| name == "channel"), "{empty:?}");
        let huge = "很".repeat(100_000);
        assert_eq!(wrong(&[("note", &huge)]), ["note"]);
        let boxes = [("account", "new"), ("account_number", "9".repeat(100_000).as_str())]
            .map(|(n, v)| (n, v.to_owned()));
        let boxes: Vec<(&str, &str)> = boxes.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(wrong(&boxes), ["account_number"]);
    }
}

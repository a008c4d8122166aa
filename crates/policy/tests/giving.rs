//! What a sum comes as, how it is put together and who bears it.

mod support;

use kernel::{Fen, Month};
use policy::{
    CodePrefix, Facts, Given, Item, Level, List, Step, Verdict, check, evaluate, explain,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::{Folder, LIST};

const HEAD: &str = r#"item = "old_age_allowance"
no = 1
name = "护理补贴"
confidence = "fictional"
beneficiary = "老年人"
content = "给护理补贴"
kind = "material_help"
"#;
const RULE: &str = r#"
[who]
all = ["age >= 60"]

[[amount.band]]
name = "全体"
yuan_per_month = { 2020-01-01 = 200 }

[time]
start = "month_after_eligible"
stop = "event_month_paid"
back_pay = "none"

[pay]
cycle = "month"
to = "本人"
fund = "县级财政"
"#;
const BASIS: &str = "\n[[basis]]\ndoc = \"rules\"\nclause = \"第一条\"\nsays = \"如此\"\n";

fn load(rule: &str) -> Result<List, String> {
    let text = format!("{HEAD}{rule}{BASIS}");
    let folder = Folder::with(&text);
    List::load(folder.path()).map_err(|problems| problems.to_string())
}

fn good(rule: &str) -> List {
    load(rule).expect("a list")
}

/// The rule with more at its end, which belongs to `[pay]`.
fn with(more: &str) -> String {
    format!("{RULE}{more}")
}

fn facts(more: &[(&str, Json)]) -> Facts {
    let mut all = json!({"birth_date": "1940-03-03"});
    for (id, value) in more {
        all[id] = value.clone();
    }
    Facts::from_json(&all).expect("facts")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn due(item: &Item, more: &[(&str, Json)], when: &str) -> Verdict {
    evaluate(item, &facts(more), month(when), &CodePrefix)
}

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

const QUOTA: &str = "form = \"service\"\nquota = { unit = \"yuan\", expires = \"month_end\" }\n";

#[test]
fn an_item_is_cash_until_its_list_says_that_it_comes_as_a_quota_or_a_voucher() {
    assert_eq!(good(RULE).items[0].pay.given, Given::Cash);
    assert_eq!(good(&with("form = \"cash\"\n")).items[0].pay.quota, None);
    let list = good(&with(QUOTA));
    let item = &list.items[0];
    assert_eq!(item.pay.given, Given::Service);
    let said = explain(item, &facts(&[]), month("2026-06"), &CodePrefix, &str::to_owned);
    let words = "以政府购买服务额度给付，当月月底前用完，不结转，不兑现";
    assert!(said.rules.contains(&words.to_owned()), "{:?}", said.rules);
    let voucher = with(
        "form = \"voucher\"\n[pay.quota]\nunit = \"yuan\"\nexpires = { months = 2 }\n\
         percent_of_cost = 40\nmost_yuan_per_day = 30\n",
    );
    let quota = good(&voucher).items[0].pay.quota.expect("a quota");
    assert_eq!(
        quota.chinese(),
        "2 个月内用完，不结转，抵扣服务费用的 40%，每日不超过 30 元，不兑现"
    );
}

#[test]
fn a_month_s_quota_ends_with_the_month_the_quarter_or_after_so_many_months() {
    for (expires, of, last) in [
        ("expires = \"month_end\"", "2026-02", Some("2026-02-28")),
        ("expires = \"quarter_end\"", "2026-01", Some("2026-03-31")),
        ("expires = \"quarter_end\"", "2026-06", Some("2026-06-30")),
        ("expires = \"quarter_end\"", "2026-11", Some("2026-12-31")),
        ("expires = { months = 1 }", "2026-06", Some("2026-06-30")),
        ("expires = { months = 3 }", "2026-12", Some("2027-02-28")),
        ("rollover = true", "2026-06", None),
    ] {
        let pay = format!("form = \"service\"\nquota = {{ unit = \"yuan\", {expires} }}\n");
        let quota = good(&with(&pay)).items[0].pay.quota.expect("a quota");
        let last = last.map(|day| day.parse().expect("a day"));
        assert_eq!(quota.last_day(month(of)), last, "{expires} {of}");
    }
}

#[test]
fn a_quota_bears_its_share_of_the_cost_up_to_the_day_s_and_the_account_s_rest() {
    let pay = "form = \"voucher\"\nquota = { unit = \"yuan\", expires = \"month_end\", \
               percent_of_cost = 30, most_yuan_per_day = 20 }\n";
    let quota = good(&with(pay)).items[0].pay.quota.expect("a quota");
    let covers = |cost, today, left| quota.covers(Fen::new(cost), Fen::new(today), Fen::new(left));
    assert_eq!(covers(1005, 0, 50_000), Fen::new(302), "301.5 fen, half up");
    assert_eq!(covers(10_000, 0, 50_000), yuan(20), "30 yuan would be over the day's");
    assert_eq!(covers(10_000, 1500, 50_000), yuan(5));
    assert_eq!(covers(10_000, 2500, 50_000), Fen::ZERO);
    assert_eq!(covers(10_000, 0, 700), yuan(7));
}

#[test]
fn what_a_quota_cannot_be_is_refused_with_its_line() {
    let quota = |inside: &str| {
        let pay = format!("form = \"service\"\nquota = {{ unit = \"yuan\", {inside} }}\n");
        load(&with(&pay)).expect_err("refused")
    };
    let month_end = "expires = \"month_end\"";
    for (inside, said) in [
        ("rollover = false", "没有写用不完的怎么办"),
        ("expires = \"month_end\", rollover = true", "写了两样"),
        ("expires = \"month_end\", cashable = true", "额度不能兑现"),
        ("expires = { months = 0 }", "0 个月"),
        ("expires = \"month_end\", percent_of_cost = 0", "抵扣比例"),
        ("expires = \"month_end\", most_yuan_per_day = 0", "每日限额"),
    ] {
        let complaint = quota(inside);
        assert!(complaint.contains(said), "{complaint}");
        assert!(complaint.contains("old_age_allowance.toml 第 26 行"), "{complaint}");
    }
    let hours = load(&with(&QUOTA.replace("yuan", "hours"))).expect_err("refused");
    assert!(hours.contains("不认识的取值“hours”"), "{hours}");
    let cash = load(&with(&QUOTA.replace("service", "cash"))).expect_err("refused");
    assert!(cash.contains("现金没有额度"), "{cash}");
    let none = load(&with("form = \"voucher\"\n")).expect_err("refused");
    assert!(none.contains("却没有写额度怎么用"), "{none}");
    let late = with(QUOTA).replace("back_pay = \"none\"", "back_pay = \"current_year\"");
    assert!(load(&late).expect_err("refused").contains("不补发"), "{month_end}");
    let yearly = with(QUOTA).replace("yuan_per_month", "yuan_once");
    assert!(load(&yearly).expect_err("refused").contains("标准却不是按月的"));
}

#[test]
fn an_item_without_application_says_so_and_cannot_begin_with_one() {
    let rule = format!("no_application = true\n{RULE}");
    let list = good(&rule);
    assert!(list.items[0].no_application);
    let said = explain(&list.items[0], &facts(&[]), month("2026-06"), &CodePrefix, &str::to_owned);
    assert!(said.rules.contains(&"免申即享，不用申请".to_owned()), "{:?}", said.rules);
    assert!(!good(RULE).items[0].no_application);
    let applied = rule.replace("month_after_eligible", "month_after_application");
    let complaint = load(&applied).expect_err("refused");
    assert!(complaint.contains("第 8 行：免申即享的项目没有申请日期"), "{complaint}");
    let elsewhere = "no_application = true\nform = \"elsewhere\"\nresponsible = \"残联\"\n";
    let complaint = load(elsewhere).expect_err("refused");
    assert!(complaint.contains("谈不上免申即享"), "{complaint}");
}

fn route(review: &str) -> Result<Vec<Step>, String> {
    load(&with(&format!("\n[review]\n{review}\n"))).map(|list| list.items[0].review.route.clone())
}

#[test]
fn publicity_stands_where_the_route_puts_it_and_before_the_county_when_it_does_not() {
    use Step::{County, Publicity, Township, Village};
    let written = |review: &str| route(review).expect("a route");
    let days = "publicity_days = 7";
    let usual = [Village, Township, Publicity, County];
    assert_eq!(written(&format!("route = [\"village\", \"township\", \"county\"]\n{days}")), usual);
    let last = format!("route = [\"village\", \"township\", \"county\", \"publicity\"]\n{days}");
    assert_eq!(written(&last), [Village, Township, County, Publicity]);
    let no_county = format!("route = [\"village\", \"township\"]\n{days}");
    assert_eq!(written(&no_county), [Village, Township, Publicity]);
    assert_eq!(written("route = [\"village\", \"county\"]"), [Village, County]);
    let refused = |review: &str| route(review).expect_err("refused");
    let first = refused(&format!("route = [\"publicity\", \"county\"]\n{days}"));
    assert!(first.contains("第 27 行：公示写在了第一位"), "{first}");
    let silent = refused("route = [\"village\", \"publicity\", \"county\"]");
    assert!(silent.contains("没有写公示几天"), "{silent}");
    let twice = refused("route = [\"village\", \"village\"]");
    assert!(twice.contains("写了两次"), "{twice}");
    let alone = refused(&format!("route = [\"county\"]\n{days}"));
    assert!(alone.contains("不知道什么时候公示"), "{alone}");
}

const TOP_UP: &str = r#"
[[amount.top_up]]
name = "重度增发"
who = ['assessment_level == "severe"', "!known(award.disability_nursing > 0)"]
yuan_per_month = { 2022-01-01 = 80 }
"#;

#[test]
fn of_a_sum_with_a_top_up_only_the_top_up_gives_way_to_another_benefit() {
    let list = good(&format!("{RULE}{TOP_UP}"));
    let item = &list.items[0];
    let severe = ("assessment_level", json!("severe"));
    let sum = |more: &[(&str, Json)]| due(item, more, "2026-06").amount();
    assert_eq!(sum(&[("assessment_level", json!("mild"))]), yuan(200));
    assert_eq!(sum(std::slice::from_ref(&severe)), yuan(280));
    let both = [severe.clone(), ("award.disability_nursing", json!(10_000))];
    assert_eq!(sum(&both), yuan(200), "the base stays");
    assert_eq!(due(item, &[], "2026-06"), Verdict::Unknown(vec!["assessment_level"]));
    let before = due(item, std::slice::from_ref(&severe), "2021-12");
    assert_eq!(before.amount(), yuan(200), "the top-up began later");
    let said = explain(item, &facts(&[severe]), month("2026-06"), &CodePrefix, &str::to_owned);
    let lines: Vec<_> = said.amounts.iter().map(|it| (it.text.as_str(), it.amount)).collect();
    assert_eq!(lines[0], ("全体档（2020 年 1 月起的标准）", yuan(200)));
    assert!(lines[1].0.starts_with("重度增发（2022 年 1 月起的标准）"), "{lines:?}");
    assert_eq!(lines[1].1, yuan(80));
    let nameless = TOP_UP.replace("name = \"重度增发\"\n", "age_from = 80\n");
    assert!(load(&format!("{RULE}{nameless}")).expect_err("refused").contains("增发没有名称"));
}

const WAGE: &str = r#"
[parameter.minimum_wage]
name = "最低工资标准"
yuan_per_month = { 2020-01-01 = 1500, 2023-01-01 = 1900, 2026-01-01 = 2100 }
basis = { doc = "rules", clause = "第一条", says = "如此" }
"#;

#[test]
fn a_sum_may_follow_a_parameter_up_to_a_ceiling_and_the_band_above_it() {
    let bands = r#"[[amount.band]]
name = "中度失能"
who = ['assessment_level == "moderate"']
yuan_per_month = { 2020-01-01 = "minimum_wage * 10% <= 180" }

[[amount.band]]
name = "重度失能"
who = ['assessment_level == "severe"']
yuan_per_month = { 2020-01-01 = "band(中度失能) * 125% <= minimum_wage * 11%" }

[[amount.band]]
name = "其他"
yuan_per_month = { 2020-01-01 = 0 }
"#;
    let plain = "[[amount.band]]\nname = \"全体\"\nyuan_per_month = { 2020-01-01 = 200 }\n";
    let text = format!("{HEAD}{}{BASIS}", RULE.replace(plain, bands));
    let folder = Folder::with(&text).and("list.toml", &format!("{LIST}{WAGE}"));
    let list = folder.load();
    let item = &list.items[0];
    let sum = |level: &str, when| due(item, &[("assessment_level", json!(level))], when).amount();
    let moderate = ["2020-06", "2023-06", "2026-06"].map(|when| sum("moderate", when));
    assert_eq!(moderate, [150, 180, 180].map(yuan), "10 %, up to 180");
    // 125 % of the band above, up to 11 % of the wage: 165, 209, 231.
    let severe = ["2020-06", "2023-06", "2026-06"].map(|when| sum("severe", when));
    assert_eq!(severe, [165, 209, 225].map(yuan));
    let level = [("assessment_level", json!("severe"))];
    let said = explain(item, &facts(&level), month("2026-06"), &CodePrefix, &str::to_owned);
    let words = "：中度失能档 180 元 × 125%，不超过最低工资标准 2,100 元 × 11%";
    assert!(said.amounts[0].text.contains(words), "{}", said.amounts[0].text);
    let unknown = text.replace("band(中度失能)", "band(轻度失能)");
    let folder = folder.and("old_age_allowance.toml", &unknown);
    let complaint = List::load(folder.path()).expect_err("refused").to_string();
    assert!(complaint.contains("第 20 行：这一档前面没有“轻度失能”档"), "{complaint}");
}

#[test]
fn shares_that_do_not_make_a_whole_are_refused_and_said_when_they_do() {
    let list = good(&with("share = { province = 30, city = 20, county = 50 }\n"));
    let said = explain(&list.items[0], &facts(&[]), month("2026-06"), &CodePrefix, &str::to_owned);
    let words = "资金由省级 30%、市级 20%、县级 50%，零头归县级".to_owned();
    assert!(said.rules.contains(&words), "{:?}", said.rules);
    let complaint = load(&with("share = { province = 30, county = 50 }\n")).expect_err("refused");
    assert!(complaint.contains("第 25 行：各级负担的比例合计 80%"), "{complaint}");
    let nobody = load(&with("share = { province = 0, county = 100 }\n"));
    assert!(nobody.is_err());
}

#[test]
fn the_lowest_level_bears_the_fen_that_cannot_be_split() {
    let list = good(&with("share = { central = 33, province = 33, county = 34 }\n"));
    let share = list.items[0].pay.share.as_ref().expect("shares");
    let parts = share.split(Fen::new(101));
    let fen = [(Level::Central, 33), (Level::Province, 33), (Level::County, 35)];
    assert_eq!(parts, fen.map(|(level, fen)| (level, Fen::new(fen))));
}

#[test]
fn a_county_that_gives_care_as_a_quota_and_a_voucher_passes_the_check() {
    let lists = concat!(env!("CARGO_MANIFEST_DIR"), "/../songhe/tests/pingchuan/policy");
    let report = check(lists.as_ref());
    assert!(report.passed(), "{report}");
    let list = List::load(format!("{lists}/pingchuan/v2").as_ref()).expect("a list");
    let given = ["care_service_subsidy", "care_voucher"].map(|id| list.item(id).expect("an item"));
    assert_eq!(given.map(|item| item.pay.given), [Given::Service, Given::Voucher]);
    assert_eq!(given.map(|item| item.no_application), [true, false]);
}

proptest! {
    #[test]
    fn parts_add_up_to_the_fen(
        sum in 0_i64..10_000_000_000,
        province in 1_u8..98,
        city in 1_u8..98,
    ) {
        prop_assume!(province + city < 100);
        let county = 100 - province - city;
        let share =
            format!("share = {{ province = {province}, city = {city}, county = {county} }}\n");
        let list = good(&with(&share));
        let share = list.items[0].pay.share.as_ref().expect("shares");
        let parts = share.split(Fen::new(sum));
        let all: Fen = parts.iter().map(|(_, fen)| *fen).sum();
        prop_assert_eq!(all, Fen::new(sum));
        prop_assert!(parts.iter().all(|(_, fen)| *fen >= Fen::ZERO));
    }
}

//! Stories of families at the open pages. What is expected here is what `policy/` says.

use axum::http::{StatusCode, header};

use crate::testing::{Client, Reply, World};

const CHECK: &str = "/public/check";

/// Answers question after question as given, “不知道” to the rest, until the result.
async fn ask_all(client: &Client, born: &str, given: &[(&str, &str)]) -> (Vec<String>, Reply) {
    let mut asked = Vec::new();
    let mut fields: Vec<(String, String)> = vec![("area".to_owned(), "990121".to_owned())];
    let mut page = client.get(CHECK).await;
    while let Some(kind) = between(page.ok(), "name=\"ask\" value=\"", "\"") {
        let kind = kind.to_owned();
        let answer = given.iter().find(|(it, _)| *it == kind).map_or("unknown", |(_, v)| v);
        let date: Vec<&str> = born.split('-').collect();
        let is_born = kind == "birth_date" && !born.is_empty();
        let mut send: Vec<(&str, &str)> = vec![("csrf", ""), ("ask", &kind)];
        send.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if is_born {
            send.extend([("year", date[0]), ("month", date[1]), ("day", date[2])]);
        } else {
            send.push(("answer", answer));
        }
        page = client.post(CHECK, &send).await;
        fields.push((kind.clone(), (if is_born { born } else { answer }).to_owned()));
        assert!(!asked.contains(&kind), "{kind} is asked twice");
        asked.push(kind);
    }
    (asked, page)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}

#[tokio::test]
async fn anybody_reads_the_list_of_the_county_and_whom_to_call() {
    let world = World::new().await;
    let page = world.nobody().get("/public").await;
    for words in ["松河县的老人能享受什么", "高龄津贴", "每月 40—400 元", "每月 120 元", "tel:"]
    {
        assert!(page.ok().contains(words), "{words}");
    }
    assert!(world.nobody().get("/public/poster").await.ok().contains("100 周岁及以上"));
    assert!(world.nobody().get("/public/card").await.ok().contains("老人联系卡"));
    assert!(world.nobody().get("/public/help").await.ok().contains("行政复议"));
    assert!(world.nobody().get("/public/areas").await.ok().contains("云溪镇"));
    let town = world.nobody().get("/public?area=990121002").await;
    assert!(town.ok().contains("云溪镇的老人能享受什么"));
    assert_eq!(world.nobody().get("/public?area=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_elder_of_eighty_is_told_the_sum_its_month_and_the_clause() {
    let world = World::new().await;
    let given = [("hukou_area", "here"), ("receives_elsewhere", "no")];
    let (asked, page) = ask_all(&world.nobody(), "1945-10-17", &given).await;
    assert_eq!(asked[..2], ["birth_date", "hukou_area"]);
    for words in ["能享受", "每月 40 元", "从 2025 年 11 月起", "第 4 项", "第四条"]
    {
        assert!(page.ok().contains(words), "{words}: {}", page.text());
    }
}

#[tokio::test]
async fn who_turns_eighty_soon_is_told_how_many_months_it_takes() {
    let world = World::new().await;
    let (_, page) = ask_all(&world.nobody(), "1946-08-10", &[("hukou_area", "here")]).await;
    assert!(page.ok().contains("快到了"), "{}", page.text());
    assert!(
        page.text().contains("还有 3 个月。</p><p>2026 年 8 月 10 日满 80 周岁"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn who_lives_elsewhere_is_told_why_not_and_asked_no_more() {
    let world = World::new().await;
    let given = [("hukou_area", "elsewhere")];
    let (asked, page) = ask_all(&world.nobody(), "1945-10-17", &given).await;
    assert_eq!(asked, ["birth_date", "hukou_area"]);
    assert!(page.ok().contains("户口在松河县“不在”"), "{}", page.text());
}

#[tokio::test]
async fn who_knows_nothing_is_told_what_to_find_out() {
    let world = World::new().await;
    let (_, page) = ask_all(&world.nobody(), "", &[]).await;
    assert!(page.ok().contains("还差一些情况才能确定"));
    assert!(page.text().contains("看身份证或者户口本"), "{}", page.text());
}

#[tokio::test]
async fn the_birth_date_of_a_child_is_answered_kindly() {
    let world = World::new().await;
    let (_, page) = ask_all(&world.nobody(), "1986-03-05", &[]).await;
    assert!(page.ok().contains("老人现在满 40 周岁"), "{}", page.text());
    assert!(page.text().contains("填错了可以在下面改"));
}

#[tokio::test]
async fn a_wrong_day_is_named_and_a_resident_number_is_never_shown_again() {
    let world = World::new().await;
    let nobody = world.nobody();
    let wrong = [
        (["2030", "1", "1"], "出生日期比今天还晚"),
        (["1945", "2", "30"], "日历上没有这一天"),
        (["45", "1", "1"], "年份不是四位数"),
        (["1945", "", "1"], "没有填全"),
        (["1745", "1", "1"], "年份太早"),
        (["一九四五", "1", "1"], "填的不是数字"),
        (["990121194510170021", "10", "17"], "不用填身份证号"),
    ];
    for ([year, month, born], words) in wrong {
        let fields = [("ask", "birth_date"), ("year", year), ("month", month), ("day", born)];
        let page = nobody.post(CHECK, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{year}");
        assert!(page.text().contains(words), "{words}: {}", page.text());
        assert!(!page.text().contains("990121194510170021"));
    }
    let wide = [("ask", "birth_date"), ("year", "１９４５"), ("month", "１０"), ("day", " 17")];
    assert!(nobody.post(CHECK, &wide).await.ok().contains("1945-10-17"));
}

#[tokio::test]
async fn a_question_can_be_asked_again_and_keeps_its_answer() {
    let world = World::new().await;
    let fields =
        [("birth_date", "1945-10-17"), ("hukou_area", "elsewhere"), ("change", "hukou_area")];
    let page = world.nobody().post(CHECK, &fields).await;
    assert!(page.ok().contains("value=\"elsewhere\" checked"), "{}", page.text());
    assert!(page.text().contains("name=\"birth_date\" value=\"1945-10-17\""));
    assert!(!page.text().contains("type=\"hidden\" name=\"hukou_area\""));
}

#[tokio::test]
async fn what_no_page_of_ours_sends_gets_a_plain_400() {
    let world = World::new().await;
    let nobody = world.nobody();
    let many: Vec<(String, String)> =
        (0..10_000).map(|at| (format!("answer{at}"), "1".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let long = "1".repeat(70_000);
    let hostile: [&[(&str, &str)]; 8] = [
        &many,
        &[],
        &[("ask", "<script>alert(1)</script>")],
        &[("ask", "birth_date"), ("year", &long)],
        &[("ask", "hukou_area"), ("relief_category", "<script>")],
        &[("ask", "birth_date"), ("life", "living")],
        &[("ask", "birth_date"), ("ask", "sex")],
        &[("ask", "birth_date"), ("area", "' OR 1=1")],
    ];
    for fields in hostile {
        let page = nobody.post(CHECK, fields).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text().contains("没有看懂") || page.text().contains("户口在哪里"));
        assert!(!page.text().contains("<script>"), "{}", page.text());
    }
}

#[tokio::test]
async fn nothing_is_kept_and_no_answer_stands_in_an_address() {
    let world = World::new().await;
    let nobody = world.nobody();
    let given = [("hukou_area", "here"), ("receives_elsewhere", "no")];
    let (_, page) = ask_all(&nobody, "1945-10-17", &given).await;
    for reply in [&page, &nobody.get("/public").await, &nobody.get(CHECK).await] {
        assert_eq!(reply.header(header::SET_COOKIE), "");
        let mut rest = reply.text();
        while let Some((_, after)) = rest.split_once("href=\"") {
            let (href, more) = after.split_once('"').expect("an attribute ends");
            let query = href.split_once('?').map_or("", |(_, query)| query);
            assert!(query.is_empty() || query == "area=990121", "{href}");
            rest = more;
        }
        assert!(!reply.text().contains("method=\"get\""));
    }
}

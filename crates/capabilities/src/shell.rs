use access::{Action, Actor, may};
use kernel::{AreaLevel, Trouble};
use webkit::{
    Assets, ClockBar, Href, Link, MenuGroup, MenuItem, Notice, Paper, PostButton, SearchBox, Shell,
};

use crate::{ALL, App, applying, links};

const PRODUCT: &str = "松鹤";

/// What stands around a page of the actor; `current` is the menu's page that it belongs to.
pub(crate) async fn shell(app: &App, actor: &Actor, current: &Href) -> Result<Shell, Trouble> {
    let (open, applications) = if may(actor.role, Action::SeeDuties) {
        let mut tx = app.db().begin(&actor.scope).await?;
        let open = duties::count_open(tx.conn()).await?;
        (open, applying::waiting_for(tx.conn(), actor.role).await?)
    } else {
        (0, 0)
    };
    let desk = if may(actor.role, Action::AcceptFiles) { desk_count(app, actor).await? } else { 0 };
    let files = if may(actor.role, Action::ConfirmDeaths) { waiting(app, actor).await? } else { 0 };
    let now = app.now();
    Ok(Shell {
        product: PRODUCT.to_owned(),
        assets: Assets::default(),
        home: links::today(),
        area: app.areas().spoken(actor.area),
        area_note: area_note(app, actor),
        person: actor.name.clone(),
        role: actor.role.chinese().to_owned(),
        date_line: format!("{} {}", now.day().chinese(), now.day().weekday_chinese()),
        menu: menu(
            actor,
            current,
            &[
                (links::today(), count(open)),
                (links::desk(), count(desk)),
                (
                    links::applications::queue(),
                    if applications == 0 { String::new() } else { count(applications) },
                ),
                (links::files(), if files == 0 { String::new() } else { count(files) }),
            ],
        ),
        search: may(actor.role, Action::SeePeople).then(|| SearchBox {
            action: links::search(),
            csrf: actor.csrf.clone(),
            hint: "姓名、拼音首字母、村名或完整身份证号".to_owned(),
            text: String::new(),
        }),
        clock: app.is_demo().then(|| ClockBar {
            now: format!("{} {}", now.day().chinese(), now.clock()),
            controls: clock_controls(app, actor),
        }),
        notice: None,
        password: Link::new("改密码", links::password()),
        sign_out: PostButton::new(links::sign_out(), &actor.csrf, "退出"),
    })
}

fn clock_controls(app: &App, actor: &Actor) -> Vec<PostButton> {
    let turns = [("day", "到下一天"), ("deadline", "到下一个期限"), ("month", "到下个月")];
    let mut controls: Vec<PostButton> = turns
        .map(|(to, label)| {
            PostButton::new(links::demo_clock(), &actor.csrf, label).hidden("to", to)
        })
        .into();
    if app.play().is_some() {
        let play = PostButton::new(links::demo_play(), &actor.csrf, "把本月办完，到下月");
        controls.push(play);
    }
    controls
}

fn area_note(app: &App, actor: &Actor) -> String {
    let areas = app.areas();
    let towns = areas.count_below(actor.area, AreaLevel::Township);
    let villages = areas.count_below(actor.area, AreaLevel::Village);
    match areas.node(actor.area).map(|node| node.level) {
        Some(AreaLevel::County) => format!("全县 {towns} 个乡镇 {villages} 个村社区"),
        Some(AreaLevel::Township) => format!("全镇 {villages} 个村社区"),
        Some(AreaLevel::Village) => String::new(),
        _ => format!("{towns} 个乡镇 {villages} 个村社区"),
    }
}

/// How many files wait for a second person.
async fn waiting(app: &App, actor: &Actor) -> Result<i64, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let files = facts::batches::accepted(tx.conn()).await?;
    i64::try_from(files.len()).map_err(Trouble::fault)
}

/// More than this is not counted out.
const MOST_COUNTED: i64 = 9999;

/// How many rows wait on the match desk.
async fn desk_count(app: &App, actor: &Actor) -> Result<i64, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let live = facts::desk::live(tx.conn(), &app.increments()).await?;
    facts::desk::count_open(tx.conn(), &live, MOST_COUNTED + 1).await
}

fn count(n: i64) -> String {
    if n > MOST_COUNTED { format!("{MOST_COUNTED}+") } else { n.to_string() }
}

fn menu(actor: &Actor, current: &Href, counts: &[(Href, String)]) -> Vec<MenuGroup> {
    let mut groups: Vec<MenuGroup> = Vec::new();
    let lines = ALL.iter().flat_map(|capability| capability.menu);
    for line in lines.filter(|line| may(actor.role, line.action)) {
        let href = (line.href)();
        let item = MenuItem {
            current: href == *current,
            count: counts
                .iter()
                .find(|(page, _)| *page == href)
                .map_or_else(String::new, |(_, count)| count.clone()),
            link: Link::new(line.text, href),
        };
        match groups.iter_mut().find(|group| group.heading == line.group) {
            Some(group) => group.items.push(item),
            None => groups.push(MenuGroup { heading: line.group.to_owned(), items: vec![item] }),
        }
    }
    groups
}

/// What stands around a sheet that the actor prints.
pub(crate) fn paper(app: &App, actor: &Actor, back: Link) -> Paper {
    Paper {
        product: PRODUCT.to_owned(),
        assets: Assets::default(),
        printed: format!("{} {} 打印", actor.name, app.now()),
        back,
    }
}

/// The shell with a notice of what has just happened.
pub(crate) fn with_notice(mut shell: Shell, notice: Option<Notice>) -> Shell {
    shell.notice = notice;
    shell
}

use std::fs;
use std::path::Path;

use access::{Grant, NewArea, grant, open_account, parse_area_file, plant_areas, purpose_of};
use capabilities::App;
use kernel::{Day, Role, Span, Trouble};

use super::demo as demo_command;
use crate::args::{Init, Size};
use crate::clock::Stopwatch;
use crate::home::Home;
use crate::{Answer, serve, why};

const PASSWORD: &str = "SONGHE_ADMIN_PASSWORD";

/// 建立数据目录: a real region with its first administrator, or a demo's data without serving.
pub(crate) async fn run(home: &Home, args: &Init) -> Result<Answer, Trouble> {
    if let Some(preset) = args.preset {
        let held = home.wipe_for_demo().await?;
        let watch = Stopwatch::start();
        let app = match preset {
            Size::One(preset) => demo_command::fill(home, preset).await?,
            Size::City => demo_command::fill_city(home).await?,
        };
        serve::close(&app).await?;
        drop(held);
        say!(
            "演示数据已建在 {}，用时 {:.1} 秒。",
            home.dir().display(),
            watch.elapsed().as_secs_f64()
        );
        return Ok(Answer::Yes);
    }
    let (Some(file), Some(login), Some(name)) = (&args.areas, &args.admin_login, &args.admin_name)
    else {
        return Err(Trouble::fault("the command line lets no other case through"));
    };
    if home.is_demo() {
        return Err(Trouble::refused(
            format!("目录 {} 是演示数据。", home.dir().display()),
            "请用 --data-dir 指定另一个目录。",
        ));
    }
    let areas = read_areas(file)?;
    let password = password()?;
    access::check_login_name(login)?;
    access::check_password_length(&password)?;
    let app = home.open_or_create().await?;
    let planted = plant(&app, &areas, login, name, &password).await;
    serve::close(&app).await?;
    planted?;
    say!("已建立 {} 个区划和系统管理员 {login}。", areas.len());
    say!("密钥文件 {} 请另行备份：没有它，已加密的证件号无法还原。", home.keys().display());
    say!("启动服务：songhe serve --data-dir {}", home.dir().display());
    Ok(Answer::Yes)
}

fn read_areas(file: &Path) -> Result<Vec<NewArea>, Trouble> {
    let text = fs::read_to_string(file).map_err(|error| {
        Trouble::refused(
            format!("区划文件 {} 读不出来：{}。", file.display(), why(&error)),
            "请检查路径，并存成 UTF-8 的 CSV。",
        )
    })?;
    Ok(parse_area_file(text.trim_start_matches('\u{FEFF}'))?)
}

/// Areas and administrator in one transaction: all or nothing.
async fn plant(
    app: &App,
    areas: &[NewArea],
    login: &str,
    name: &str,
    password: &str,
) -> Result<(), Trouble> {
    if app.areas().iter().next().is_some() {
        return Err(Trouble::refused(
            "这个数据目录已经建立过区划。",
            "请直接运行 songhe serve，或用 --data-dir 指定另一个目录。",
        ));
    }
    let today: Day = app.now().day();
    let mut tx = app.db().begin_unscoped().await?;
    plant_areas(tx.conn(), areas).await?;
    let tree = access::load_areas(tx.conn(), today).await?;
    let root = tree.iter().next().ok_or_else(|| {
        Trouble::refused("今天没有一个有效的区划。", "请核对区划文件的起止日期。")
    })?;
    let account = open_account(tx.conn(), login, name, password, Span::from(today)).await?;
    let role = Role::Administrator;
    let given = Grant {
        account,
        role,
        area: root.id,
        purpose: purpose_of(role),
        valid_from: today,
        valid_to: today.plus_years(2),
    };
    grant(tx.conn(), &given).await?;
    tx.commit().await
}

/// From the environment, or typed twice without being shown.
fn password() -> Result<String, Trouble> {
    if let Ok(given) = std::env::var(PASSWORD) {
        return Ok(given);
    }
    let terminal = console::Term::stderr();
    if !terminal.is_term() {
        return Err(Trouble::refused(
            "没有管理员密码。",
            format!("请在终端里运行，或把密码写进环境变量 {PASSWORD}。"),
        ));
    }
    let ask = |words: &str| {
        terminal.write_str(words).and_then(|()| terminal.read_secure_line()).map_err(Trouble::fault)
    };
    let password = ask("请设定系统管理员密码（至少 8 个字符，输入时不显示）：")?;
    if ask("请再输一遍：")? == password {
        return Ok(password);
    }
    Err(Trouble::refused("两次输入的密码不一样。", "请重新运行。"))
}

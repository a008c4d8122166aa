use std::path::Path;

use capabilities::App;
use capabilities::data_exchange::{Hands, Incoming, Mode};
use capabilities::matching;
use demo::{Demo as County, Preset, hostile};
use facts::batches::BatchState;
use kernel::{AreaId, AreaLevel, Trouble, TwoPeople};

use super::serve::warn_of_the_network;
use super::{actor, import};
use crate::args::Demo;
use crate::clock::Stopwatch;
use crate::home::{Home, area_of};
use crate::progress::Step;
use crate::{Answer, people, serve};

/// 演示: a fresh data folder with the demo county, served.
pub(crate) async fn run(home: &Home, args: &Demo) -> Result<Answer, Trouble> {
    let watch = Stopwatch::start();
    let listener = serve::bind(&args.listen).await?;
    let keep = args.keep && home.exists() && home.is_demo();
    let (_held, app) = if keep {
        (home.hold_demo()?, home.open().await?)
    } else {
        let held = home.wipe_for_demo().await?;
        (held, fill(home, args.preset).await?)
    };
    tell!("{:6.1} 秒  全部", watch.elapsed().as_secs_f64());
    invite(home, &app, &serve::address(&listener)?);
    warn_of_the_network(&args.listen);
    let served = serve::serve(&app, listener).await;
    serve::close(&app).await?;
    served.map(|()| Answer::Yes)
}

fn invite(home: &Home, app: &App, address: &str) {
    let now = app.now();
    let dir = home.dir().display();
    say!("松鹤已启动：{address}");
    say!(
        "  松河县、里面的人和证件号都是虚构的。演示时钟停在 {} {}，由页面上的按钮拨动。",
        now.day().chinese(),
        now.clock()
    );
    say!("  登录页列出了各岗位的账号，密码都是 songhe-demo。");
    say!("  先试：李审批看全县差异；周小禾看今天要联系谁；赵数据接收 {dir}/tray 里的文件。");
    say!("  命令行：songhe determine --month 2026-06 --data-dir {dir}");
    say!("  按 Ctrl-C 停止。");
}

/// Fills a wiped folder: areas, people of the offices, the departments' files, the findings.
pub(crate) async fn fill(home: &Home, preset: Preset) -> Result<App, Trouble> {
    let made = Stopwatch::start();
    let tray = home.dir().join("tray");
    let county = tokio::task::spawn_blocking(move || {
        let county = demo::generate(preset);
        write_tray(&county, &tray).map(|()| county)
    });
    let step = Step::begin("启动数据库");
    let app = home.open_or_create().await?;
    step.end("");
    let filled = async {
        let step = Step::begun("生成虚构的人口和部门文件", made);
        let county = county.await.map_err(Trouble::fault)?.map_err(Trouble::fault)?;
        step.end(&format!("{} 个区划，{} 份文件", county.areas.len(), county.files.len()));
        let step = Step::begin("建立区划和各岗位账号");
        let two = people::plant(&app, &county.areas).await?;
        step.end("");
        take_in(&app, area_of(&app, None)?, county, two).await
    };
    match filled.await {
        Ok(()) => Ok(app),
        Err(trouble) => {
            serve::close(&app).await?;
            Err(trouble)
        }
    }
}

/// Fills a wiped folder with a city, county by county: only one county's files are in memory.
pub(crate) async fn fill_city(home: &Home) -> Result<App, Trouble> {
    let step = Step::begin("启动数据库");
    let app = home.open_or_create().await?;
    step.end("");
    let filled = async {
        let step = Step::begin("建立区划和各岗位账号");
        let two = people::plant(&app, &demo::city_areas()).await?;
        step.end("");
        let mut counties = demo::city();
        loop {
            let step = Step::begin("生成一个县的虚构人口和部门文件");
            let made = tokio::task::spawn_blocking(move || (counties.next(), counties)).await;
            let (county, rest) = made.map_err(Trouble::fault)?;
            counties = rest;
            let Some(county) = county else {
                step.end("已经全部生成");
                return Ok(());
            };
            let node = county.areas.iter().find(|area| area.level == AreaLevel::County);
            let node = node.ok_or_else(|| Trouble::fault("a county without itself"))?;
            step.end(&node.name);
            let area = area_of(&app, Some(&node.code))?;
            take_in(&app, area, county, two).await?;
        }
    };
    match filled.await {
        Ok(()) => Ok(app),
        Err(trouble) => {
            serve::close(&app).await?;
            Err(trouble)
        }
    }
}

/// The same way as a file takes from the page. Where two people are asked for, the demo's data
/// officer has accepted the file and its approver confirmed it.
async fn take_in(app: &App, area: AreaId, county: County, two: TwoPeople) -> Result<(), Trouble> {
    for file in county.files {
        let step = Step::followed(format!("导入 {}", file.file_name));
        let incoming = Incoming {
            supplier: file.supplier.to_owned(),
            as_of: file.as_of,
            file_name: file.file_name,
            bytes: file.bytes,
        };
        let imported = import::import(app, area, incoming, Mode::Apply, Hands::Both(two)).await?;
        step.end(&format!("{}。{}", imported.state.chinese(), imported.report.sentence()));
        if imported.state != BatchState::Applied {
            return Err(Trouble::refused(
                format!("演示文件没有入库：{}。", imported.report.sentence()),
                "多半是机器太忙。请关掉别的程序，再重新运行。",
            ));
        }
    }
    let step = Step::begin("核对差异");
    let actor = actor(app, area).await?;
    matching::reconcile(app, &actor).await?;
    let open = duties::count_open(app.db().begin(&actor.scope).await?.conn()).await?;
    step.end(&format!("{open} 件待办"));
    Ok(())
}

/// Files to try: the departments', and the worst one that a data officer owns.
fn write_tray(county: &County, tray: &Path) -> std::io::Result<()> {
    county.write(tray)?;
    std::fs::write(tray.join("最乱的一份_公安人口库.xlsx"), hostile::worst_spreadsheet())?;
    std::fs::write(tray.join("看着很小的一份.xlsx"), hostile::sparse_cell())
}

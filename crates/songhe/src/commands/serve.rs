use access::system_actor;
use capabilities::App;
use kernel::{Role, Trouble};

use crate::args::Listen;
use crate::home::Home;
use crate::{Answer, serve, store};

/// What happened may be this much ahead of the clock: machines of one office differ a little.
const SECONDS_BEHIND: i64 = 5 * 60;

/// 启动服务: an existing data folder. A demo's is refused: its passwords stand on the page.
pub(crate) async fn run(home: &Home, listen: &Listen) -> Result<Answer, Trouble> {
    if home.is_demo() {
        return Err(Trouble::refused(
            format!("目录 {} 是演示数据，不能正式提供服务。", home.dir().display()),
            "看演示请用 songhe demo --keep；正式使用请另建目录，运行 songhe init。",
        ));
    }
    if !home.exists() {
        // Before the port is taken: this is what has to be put right first.
        home.open().await?;
    }
    let listener = serve::bind(listen).await?;
    let app = home.open().await?;
    if let Err(trouble) = clock_is_not_behind(&app).await {
        serve::close(&app).await?;
        return Err(trouble);
    }
    say!("松鹤已启动：{}", serve::address(&listener)?);
    say!("数据目录：{}。按 Ctrl-C 停止。", home.dir().display());
    warn_of_the_network(listen);
    let served = serve::serve(&app, listener).await;
    serve::close(&app).await?;
    served.map(|()| Answer::Yes)
}

/// What is on record cannot lie in the future: deadlines and the order of things hang on it.
async fn clock_is_not_behind(app: &App) -> Result<(), Trouble> {
    let Some(root) = app.areas().iter().next().map(|node| node.id) else { return Ok(()) };
    let auditor = system_actor(app.db(), root, Role::Auditor).await?;
    let mut tx = app.db().begin(&auditor.scope).await?;
    match store::last_entry_at(tx.conn()).await? {
        Some(last) if last.seconds_since(app.now()) > SECONDS_BEHIND => Err(Trouble::refused(
            format!("本机时间是 {}，而最后一条留痕在 {last}。", app.now()),
            "请先校准本机时间和时区，再启动。",
        )),
        _ => Ok(()),
    }
}

/// Said when others than this machine can reach the address.
pub(super) fn warn_of_the_network(listen: &Listen) {
    if !listen.listen.is_loopback() {
        tell!(
            "注意：别的机器也能访问这个地址，而且没有加密。请只在专网内使用，或放在加密网关后面。"
        );
    }
}

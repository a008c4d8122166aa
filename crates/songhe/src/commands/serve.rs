use kernel::Trouble;

use crate::Answer;
use crate::args::Listen;
use crate::home::Home;
use crate::serve;

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
    say!("松鹤已启动：{}", serve::address(&listener)?);
    say!("数据目录：{}。按 Ctrl-C 停止。", home.dir().display());
    let served = serve::serve(&app, listener).await;
    serve::close(&app).await?;
    served.map(|()| Answer::Yes)
}

use capabilities::matching;
use kernel::Trouble;

use super::{print_json, within};
use crate::Answer;
use crate::args::Determine;
use crate::home::{Home, area_of};

/// 认定: everybody against every item of the list in force, for a month. Writes nothing.
pub(crate) async fn run(home: &Home, args: &Determine, json: bool) -> Result<Answer, Trouble> {
    let code = args.area.code.as_deref();
    let work = async |app: &capabilities::App| {
        let area = area_of(app, code)?;
        if app.list_for(area, args.month).is_none() {
            return Err(Trouble::refused(
                format!("没有适用于 {} 的清单。", args.month.chinese()),
                "请把本地清单放进数据目录的 policy 文件夹，再用 songhe policy check 检查。",
            ));
        }
        let determined = matching::determine(app, area, args.month).await?;
        Ok((determined, app.areas().spoken(area)))
    };
    let (determined, area) = within(home, work).await?;
    if json {
        print_json(&determined)?;
        return Ok(Answer::Yes);
    }
    say!("{area} {}，共 {} 人。", determined.month.chinese(), determined.people);
    for item in &determined.items {
        say!(
            "{}：应享 {} 人，不符合 {} 人，还不能认定 {} 人，金额 {} 元。",
            item.id,
            item.entitled,
            item.not_entitled,
            item.unknown,
            item.amount_fen
        );
    }
    say!("摘要值：{}", determined.digest);
    Ok(Answer::Yes)
}

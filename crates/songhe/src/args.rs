//! What can be typed. The names are a contract: checks and scripts call them.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use kernel::{Day, Month};

const OPTIONS: &str = "选项";
const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "songhe",
    version,
    about = "松鹤：基本养老服务信息系统",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    next_help_heading = OPTIONS
)]
pub(crate) struct Cli {
    #[arg(long, global = true, env = "SONGHE_DATA_DIR", hide_env = true, value_name = "目录")]
    // Not the usual parser, which ends the program over a variable that is set and empty.
    #[arg(value_parser = |text: &str| Ok::<_, std::convert::Infallible>(PathBuf::from(text)))]
    #[arg(help = "数据目录；也可以写在环境变量 SONGHE_DATA_DIR 里")]
    pub(crate) data_dir: Option<PathBuf>,

    #[arg(long, global = true, help = "只输出 JSON")]
    pub(crate) json: bool,

    #[arg(short, long, global = true, action = ArgAction::Help, help = "显示帮助")]
    help: Option<bool>,

    #[arg(long, action = ArgAction::Version, help = "显示版本")]
    version: Option<bool>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "启动演示：新建一个虚构的县，导入各部门的文件，打开网页")]
    Demo(Demo),
    #[command(about = "启动服务：打开已有的数据目录")]
    Serve(Listen),
    #[command(about = "建立数据目录：真实地区用区划文件，检查用演示数据")]
    Init(Init),
    #[command(about = "导入一份部门文件")]
    Import(Import),
    #[command(about = "区划调整：乡镇合并、改名、换代码")]
    Areas(Areas),
    #[command(about = "导入一年的放假安排")]
    Calendar(Calendar),
    #[command(about = "按清单认定一个月，输出人数、金额和摘要值")]
    Determine(Determine),
    #[command(about = "列出现有的差异和待办：种类、缘由、件数、金额")]
    Findings(Findings),
    #[command(about = "说明一位老人为什么能享受或不能享受")]
    Explain(Explain),
    #[command(about = "检查和试算清单", subcommand)]
    Policy(Policy),
    #[command(about = "发放批次：列出、核验、重算", subcommand)]
    Pay(Pay),
    #[command(about = "演示：按岗位在网页上办完一个月", subcommand)]
    Play(Play),
    #[command(about = "检查数据目录、数据库、清单和日历")]
    Doctor,
    #[command(about = "生成参考文档", hide = true)]
    GenerateDocs { dir: PathBuf },
}

/// Where the server listens.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Listen {
    #[arg(long, default_value_t = 8080, value_name = "端口", help = "端口")]
    pub(crate) port: u16,
    #[arg(long, default_value = "127.0.0.1", value_name = "地址", help = "监听地址")]
    pub(crate) listen: IpAddr,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Demo {
    #[arg(long, default_value = "county", value_name = "规模", value_parser = preset)]
    #[arg(help = "town（一个镇）或 county（一个县）")]
    pub(crate) preset: demo::Preset,
    #[arg(long, help = "接着用上次的演示数据，不重新生成")]
    pub(crate) keep: bool,
    #[command(flatten)]
    pub(crate) listen: Listen,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Init {
    #[arg(value_name = "区划文件", help_heading = "参数", conflicts_with = "preset")]
    #[arg(required_unless_present = "preset", requires = "admin_login", requires = "admin_name")]
    #[arg(help = "CSV：code,name,level,kind,parent,valid_from,valid_to")]
    pub(crate) areas: Option<PathBuf>,
    #[arg(long, value_name = "登录名", help = "第一个系统管理员的登录名")]
    pub(crate) admin_login: Option<String>,
    #[arg(long, value_name = "姓名", help = "第一个系统管理员的姓名")]
    pub(crate) admin_name: Option<String>,
    #[arg(long, value_name = "规模", value_parser = size)]
    #[arg(help = "不用区划文件，改用演示数据：town、county 或 city（20 个县，196 万位老人）")]
    pub(crate) preset: Option<Size>,
}

/// How much of invented data is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Size {
    /// One town or one county, with every department's file.
    One(demo::Preset),
    /// A city of twenty counties.
    City,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Import {
    #[arg(value_name = "文件", help_heading = "参数", help = "xlsx、xls 或 csv")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "来源", help = "来文格式的编号，如 police_register")]
    pub(crate) supplier: String,
    #[arg(long, value_name = "日期", help = "截至日期，如 2026-06-01")]
    pub(crate) as_of: Day,
    #[arg(long, help = "只试导，不写入")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) area: AreaArg,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Calendar {
    #[arg(value_name = "文件", help_heading = "参数")]
    #[arg(help = "CSV：day,working,name，如 2027-01-01,休,元旦")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "年份", value_parser = clap::value_parser!(i16).range(2000..=2199))]
    #[arg(help = "哪一年，如 2027")]
    pub(crate) year: i16,
    #[arg(long, value_name = "名称", help = "放假通知的名称")]
    pub(crate) document: String,
    #[arg(long, help = "替换已有的同一年安排")]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Areas {
    #[arg(value_name = "区划文件", help_heading = "参数")]
    #[arg(
        help = "调整后的全部区划：code,name,level,kind,parent,valid_from,valid_to,formerly（原代码）"
    )]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "日期", help = "从哪天起，如 2026-07-01")]
    pub(crate) from: Day,
    #[arg(long, help = "只看会变什么，不写入")]
    pub(crate) dry_run: bool,
}

/// Which area a command is about.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct AreaArg {
    #[arg(long = "area", value_name = "区划代码", help = "为哪个地区；不写则为本级")]
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Determine {
    #[arg(long, value_name = "月份", help = "如 2026-06")]
    pub(crate) month: Month,
    #[command(flatten)]
    pub(crate) area: AreaArg,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Findings {
    #[command(flatten)]
    pub(crate) area: AreaArg,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Explain {
    #[arg(
        value_name = "老人",
        help_heading = "参数",
        help = "档案编号、完整身份证号或不重名的姓名"
    )]
    pub(crate) person: String,
    #[arg(long, value_name = "项目", help = "清单项目，如 old_age_allowance；不写则全部")]
    pub(crate) item: Option<String>,
    #[arg(long, value_name = "月份", help = "如 2026-06；不写则为本月")]
    pub(crate) month: Option<Month>,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "命令", subcommand_value_name = "命令")]
#[command(disable_help_subcommand = true)]
pub(crate) enum Policy {
    #[command(about = "检查清单：能读通、出处有登记、档次不缺不重、例子都对")]
    Check {
        #[arg(value_name = "路径", help_heading = "参数", help = "清单文件夹或它的上级")]
        path: Option<PathBuf>,
    },
    #[command(about = "列出清单可以问到的事实")]
    Facts,
    #[command(about = "不用数据库，按清单试算文件里的人")]
    Eval(Eval),
}

#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "命令", subcommand_value_name = "命令")]
#[command(disable_help_subcommand = true)]
pub(crate) enum Pay {
    #[command(about = "列出发放批次：状态、人数、金额、校验值")]
    Runs,
    #[command(about = "核验：资金账两边相等，每批明细与校验值相符，送出的文件都有登记")]
    Verify,
    #[command(about = "重算：按冻结时所知的事实和当时的清单再算一遍，逐字节比对")]
    Replay(Replay),
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Replay {
    #[arg(long, value_name = "月份", help = "如 2026-06")]
    pub(crate) month: Month,
    #[arg(long, default_value = "old_age_allowance", value_name = "项目", help = "清单项目")]
    pub(crate) item: String,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "命令", subcommand_value_name = "命令")]
#[command(disable_help_subcommand = true)]
pub(crate) enum Play {
    #[command(about = "办完 2026 年 6 月：比对、联系、申领、公示、审批、停发、发放、交银行")]
    June(PlayJune),
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct PlayJune {
    #[arg(long, default_value = "county", value_name = "规模", value_parser = preset)]
    #[arg(help = "新建时用 town（一个镇）或 county（一个县）；已有演示数据的接着办")]
    pub(crate) preset: demo::Preset,
    #[arg(long, value_name = "哪一步", value_parser = ["closing"])]
    #[arg(help = "closing：办到拟制发放批次之前停下")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub(crate) struct Eval {
    #[arg(long, value_name = "目录", help = "清单文件夹")]
    pub(crate) list: PathBuf,
    #[arg(long, value_name = "文件", help = "事实文件（JSON），- 表示标准输入")]
    pub(crate) facts: PathBuf,
    #[arg(long, value_name = "月份", required_unless_present = "from")]
    #[arg(conflicts_with_all = ["from", "to"], help = "试算一个月")]
    pub(crate) month: Option<Month>,
    #[arg(long, value_name = "起月", requires = "to", help = "试算一段时间的第一个月")]
    pub(crate) from: Option<Month>,
    #[arg(long, value_name = "止月", requires = "from", help = "试算一段时间的最后一个月")]
    pub(crate) to: Option<Month>,
}

fn preset(word: &str) -> Result<demo::Preset, String> {
    demo::Preset::from_word(word)
        .ok_or_else(|| "演示有 town（一个镇）和 county（一个县）".to_owned())
}

fn size(word: &str) -> Result<Size, String> {
    match (demo::Preset::from_word(word), word) {
        (Some(preset), _) => Ok(Size::One(preset)),
        (None, "city") => Ok(Size::City),
        (None, "province") => {
            Err("province 还没有做，现在有 town（一个镇）、county（一个县）和 city（一个市）"
                .to_owned())
        }
        _ => Err("现在有 town（一个镇）、county（一个县）和 city（一个市）".to_owned()),
    }
}

/// What came of reading the command line.
pub(crate) enum Parsed {
    /// Something to do.
    Run(Cli),
    /// Help or version, asked for.
    Told(String),
    /// Bad usage, in one line with its remedy.
    Wrong(String),
}

/// Reads the command line.
pub(crate) fn parse() -> Parsed {
    let matches = dressed(Cli::command()).try_get_matches();
    match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => Parsed::Run(cli),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let text = error.to_string().replace("[OPTIONS]", "[选项]");
                Parsed::Told(text.trim_end().to_owned())
            }
            _ => Parsed::Wrong(in_chinese(&error)),
        },
    }
}

/// The same look for the help of every command.
fn dressed(command: clap::Command) -> clap::Command {
    command.help_template(TEMPLATE).mut_subcommands(dressed)
}

fn in_chinese(error: &clap::Error) -> String {
    let about = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        _ => String::new(),
    };
    let (arg, value) = (about(ContextKind::InvalidArg), about(ContextKind::InvalidValue));
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识的参数“{arg}”。"),
        ErrorKind::InvalidSubcommand => {
            format!("不认识的命令“{}”。", about(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "没有写要做什么，例如 songhe demo。".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("还缺 {arg}。"),
        ErrorKind::ArgumentConflict => {
            format!("{arg} 不能和 {} 一起用。", about(ContextKind::PriorArg))
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue if value.is_empty() => {
            format!("{arg} 后面没有写值。")
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.filter(|why| !why.is_ascii()).unwrap_or_default();
            let colon = if why.is_empty() { "" } else { "：" };
            format!("{arg} 的值“{value}”不对{colon}{}。", why.trim_end_matches('。'))
        }
        ErrorKind::TooManyValues => format!("多写了“{value}”。"),
        _ => "命令的写法不对。".to_owned(),
    };
    format!("{} 用法见 songhe --help。", sentence.replace('\n', " "))
}

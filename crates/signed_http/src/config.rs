//! 对接配置: where another system is and how it is asked, as data in `exchange-http/<id>.toml`.
//! Secrets stand in a file of their own beside the program's keys, never here.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use kernel::{Confidence, Refusal};
use serde::Deserialize;

/// The folder of configurations and their certificates, in the repository and in a data folder.
pub const FOLDER: &str = "exchange-http";

/// 对接的系统
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Stored word, the name of its file.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub department: String,
    /// How sure we are that it speaks so.
    pub confidence: Confidence,
    /// `https://…`, without a path.
    pub base_url: String,
    /// Allows `http://`, for a dedicated line inside of the government's network.
    #[serde(default)]
    pub plain_http: bool,
    /// Certificate of the authority that signed theirs, in this folder; else the public ones.
    pub ca_file: Option<String>,
    /// Who we are to them.
    pub app_id: String,
    /// How long one call may take.
    pub timeout_seconds: u64,
    /// How often a read is asked again. What is sent is never sent again by itself.
    pub read_retries: u32,
    /// Wait before the first retry; doubled for each further one.
    pub retry_wait_ms: u64,
    /// How far their clock may differ from ours.
    pub clock_skew_seconds: i64,
    /// After so many failures in a row it is left alone …
    pub rest_after_failures: u32,
    /// … for so long.
    pub rest_seconds: i64,
    /// The longest answer that is taken.
    pub most_bytes: u64,
    /// 实时核验, where it answers about one person.
    pub look_up: Option<LookUp>,
    /// 批量拉取: batches that it gives as of a day.
    #[serde(default)]
    pub pull: Vec<Pull>,
    /// 在线上报, where it takes our files.
    pub report: Option<ReportPaths>,
}

/// How it is asked about one person, and what its answer means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// Path.
    pub path: String,
    /// Field of the question that carries the resident number.
    pub number_field: String,
    /// JSON pointer to the list of records in the answer.
    pub records: String,
    /// What is read of a record.
    pub fields: Vec<AnswerField>,
    /// An answer younger than this is not asked for again.
    pub cache_hours: i64,
    /// What is said when it does not answer.
    pub on_failure: OnFailure,
}

/// A field of an answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerField {
    /// JSON pointer within the record.
    pub pointer: String,
    /// What people call it.
    pub label: String,
    /// Our kind of fact that it is compared with.
    pub kind: Option<String>,
    /// Their code → our word.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

/// 失败时怎么办
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum OnFailure {
    /// 用缓存: the last answer, when it is not older.
    UseCache {
        /// Oldest answer that is shown.
        hours: i64,
    },
    /// 暂缓: what depends on it has to wait.
    Hold,
    /// 不知道: says so, and work goes on with what is on record.
    Unknown,
}

/// A batch that is pulled as a file and then goes the way of every file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Layout in `exchange/` by which the file is read.
    pub supplier: String,
    /// Path.
    pub path: String,
    /// Field of the question that carries the day.
    pub as_of_field: String,
    /// Ending of the file's name: `csv`, `xlsx`.
    pub ending: String,
}

/// Where files are sent to and answers fetched from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPaths {
    /// Takes a file.
    pub send: String,
    /// Says what became of it.
    pub receipt: String,
}

impl Config {
    /// Reads one: `name` is that of its file, without the ending.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(name: &str, text: &str) -> Result<Self, Refusal> {
        let broken = |what: String| {
            Refusal::new(
                format!("对接配置 exchange-http/{name}.toml 有问题：{what}。"),
                "请按随程序附带的配置改正后重新启动。",
            )
        };
        let config: Self = toml::from_str(text).map_err(|e| broken(e.message().to_owned()))?;
        if config.id != name {
            return Err(broken(format!("id 写的是 {}，应与文件名相同", config.id)));
        }
        let plain = config.plain_http && config.base_url.starts_with("http://");
        if !(plain || config.base_url.starts_with("https://")) {
            return Err(broken(
                "base_url 要以 https:// 开头，专线内网用 http 的要写明 plain_http = true"
                    .to_owned(),
            ));
        }
        if config.base_url.ends_with('/') {
            return Err(broken("base_url 末尾不要写斜杠".to_owned()));
        }
        let fields = config.look_up.iter().flat_map(|it| &it.fields);
        for kind in fields.filter_map(|field| field.kind.as_deref()) {
            if policy::register::kind_of(kind).is_none() {
                return Err(broken(format!("没有登记事实 {kind}")));
            }
        }
        Ok(config)
    }
}

/// The configurations in a folder, in the order of their names; none where there is no folder.
///
/// # Errors
/// A file that cannot be read, or says what no configuration says.
pub fn load(dir: &Path) -> Result<Vec<Config>, Refusal> {
    let mut configs = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return Ok(configs) };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).map_err(|_| {
            Refusal::new(format!("对接配置 {name}.toml 读不出来。"), "请检查文件权限和编码。")
        })?;
        configs.push(Config::parse(&name, &text)?);
    }
    Ok(configs)
}

/// The secret of a system, if one was put beside the keys. Others must not be able to read it.
pub(crate) fn secret(keys_dir: &Path, id: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let path = keys_dir.join(format!("{id}.key"));
    let Ok(about) = fs::metadata(&path) else { return Ok(None) };
    if about.mode() & 0o077 != 0 {
        return Err(Refusal::new(
            format!("对接密钥 {id}.key 别的用户也能读，没有使用。"),
            "请把它的权限改为只有本系统账号可读（600）。",
        ));
    }
    let text = fs::read_to_string(&path)
        .map_err(|_| Refusal::new(format!("对接密钥 {id}.key 读不出来。"), "请检查文件权限。"))?;
    let text = text.trim();
    if text.len() < 16 {
        return Err(Refusal::new(
            format!("对接密钥 {id}.key 太短。"),
            "请向对方系统管理员核对密钥，至少 16 个字符。",
        ));
    }
    Ok(Some(text.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NAME: &str = "provincial_platform";
    const SHIPPED: &str = include_str!("../../../exchange-http/provincial_platform.toml");

    #[test]
    fn a_configuration_without_https_or_with_an_unknown_kind_is_refused() {
        let good = SHIPPED;
        Config::parse(NAME, good).expect("what ships is sound");
        for (from, to, says) in [
            ("https://", "http://", "plain_http"),
            ("kind = \"life\"", "kind = \"lief\"", "没有登记事实 lief"),
            ("timeout_seconds", "timeout_secs", "timeout_secs"),
        ] {
            let refusal = Config::parse(NAME, &good.replacen(from, to, 1)).expect_err(says);
            assert!(refusal.sentence.contains(says), "{}", refusal.sentence);
        }
    }

    #[test]
    fn a_secret_that_others_can_read_is_not_used() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(secret(dir.path(), "x").expect("no secret is no error"), None);
        let path = dir.path().join("x.key");
        fs::write(&path, "0123456789abcdef\n").expect("written");
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode));
        mode(0o644).expect("changed");
        assert!(secret(dir.path(), "x").is_err());
        mode(0o600).expect("changed");
        assert_eq!(secret(dir.path(), "x").expect("read"), Some(b"0123456789abcdef".to_vec()));
    }
}

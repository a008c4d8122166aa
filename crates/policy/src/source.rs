use std::path::{Path, PathBuf};

use kernel::{Citation, Confidence, Day};
use serde::Deserialize;

use crate::problem::{Problems, SourceFile, whole};

/// 文件库: the register of documents that lists cite, `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// All documents.
    pub source: Vec<Source>,
}

/// A document with the clauses that may be cited.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Own name.
    pub id: String,
    /// 标题
    pub title: String,
    /// 文号
    pub number: Option<String>,
    /// 发文机关
    pub issuer: String,
    /// 发文日期
    pub issued_on: Option<Day>,
    /// How sure we are of its text.
    pub confidence: Confidence,
    /// Where we read it, when not in the text itself.
    pub read_in: Option<String>,
    /// Clauses as the document counts them.
    pub clauses: Vec<String>,
}

/// 规定出处: a checked citation with the document's title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Document, clause and paraphrase.
    pub citation: Citation,
    /// Title of the document.
    pub title: String,
    /// 文号, if it has one.
    pub number: Option<String>,
    /// How sure we are of the document's text.
    pub confidence: Confidence,
}

impl Sources {
    /// Reads the register that lies in `dir` or in the nearest folder above it.
    pub fn above(dir: &Path) -> Result<Self, Problems> {
        let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
        let found = dir.ancestors().map(|it| it.join("sources.toml")).find(|it| it.is_file());
        let Some(path) = found else {
            let remedy = "清单引用的文件要先登记，请在清单文件夹的上级建立 sources.toml。";
            return Err(whole(PathBuf::from("sources.toml"), "找不到文件库", remedy));
        };
        SourceFile::read(path)?.parse()
    }

    /// The citation with its title, or what is wrong with it and what to do.
    pub(crate) fn cite(&self, citation: Citation) -> Result<Basis, (String, String)> {
        let Some(source) = self.source.iter().find(|source| source.id == citation.doc) else {
            return Err((
                format!("文件库里没有“{}”", citation.doc),
                "请先在 sources.toml 登记这份文件。".to_owned(),
            ));
        };
        if !source.clauses.contains(&citation.clause) {
            return Err((
                format!("《{}》没有登记条款“{}”", source.title, citation.clause),
                format!("已登记的条款：{}。", source.clauses.join("、")),
            ));
        }
        Ok(Basis {
            citation,
            title: source.title.clone(),
            number: source.number.clone(),
            confidence: source.confidence,
        })
    }
}

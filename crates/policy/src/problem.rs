use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// What is wrong with a list file: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The file, as the caller named it.
    pub file: PathBuf,
    /// Line from 1; none when the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, " 第 {line} 行")?;
        }
        write!(f, "：{}。{}", self.sentence.trim_end_matches('。'), self.remedy)
    }
}

/// All that is wrong with a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// A text file with its name, so that whatever is wrong in it can be said with its line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl SourceFile {
    pub(crate) fn read(path: PathBuf) -> Result<Self, Problems> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
                Err(whole(path, "没有这个文件", "请检查路径。"))
            }
            Err(_) => Err(whole(path, "读不出来", "请确认它是 UTF-8 文本且有读取权限。")),
        }
    }

    /// Parses the file as TOML of a known shape; unknown keys are refused.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problems> {
        toml::from_str(&self.text).map_err(|error| {
            let (sentence, remedy) = translate(error.message());
            Problems(vec![Problem {
                file: self.path.clone(),
                line: error.span().map(|span| self.line(span.start)),
                sentence,
                remedy,
            }])
        })
    }

    pub(crate) fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|b| *b == b'\n').count()
    }

    pub(crate) fn at(
        &self,
        span: &Range<usize>,
        sentence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem {
            file: self.path.clone(),
            line: Some(self.line(span.start)),
            sentence: sentence.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn whole(&self, sentence: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem {
            file: self.path.clone(),
            line: None,
            sentence: sentence.into(),
            remedy: remedy.into(),
        }
    }
}

pub(crate) fn whole(path: PathBuf, sentence: &str, remedy: &str) -> Problems {
    Problems(vec![Problem {
        file: path,
        line: None,
        sentence: sentence.to_owned(),
        remedy: remedy.to_owned(),
    }])
}

/// The parser speaks English; its three commonest complaints are said in Chinese.
fn translate(message: &str) -> (String, String) {
    let quoted = |message: &str| message.split('`').nth(1).unwrap_or_default().to_owned();
    let expected = || {
        let names: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        format!("这里可以写：{}。", names.join("、"))
    };
    if message.starts_with("unknown field") {
        (format!("不认识的键“{}”", quoted(message)), expected())
    } else if message.starts_with("missing field") {
        (format!("缺少“{}”", quoted(message)), "请补上。".to_owned())
    } else if message.starts_with("unknown variant") {
        (format!("不认识的取值“{}”", quoted(message)), expected())
    } else if message.starts_with("duplicate key") {
        ("同一个键写了两次".to_owned(), "请删去一个。".to_owned())
    } else {
        (format!("写法不对（{message}）"), "请对照清单文件的写法说明修改。".to_owned())
    }
}

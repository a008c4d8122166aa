//! One signed call and what may come of it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use access::Vault;
use kernel::{Day, Now, Refusal, ResidentNumber};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error};

use crate::config::{Config, Pull};
use crate::sign::{APP, NONCE, SIGNATURE, Signed, TIME, time_of, time_text};

/// Another system that can be asked. One implementation: JSON over signed HTTP. Its calls block.
pub trait Exchange: Send + Sync {
    /// Where it is and how it is asked.
    fn config(&self) -> &Config;
    /// Whether it can be asked at all: its secret is there.
    fn is_connected(&self) -> bool;
    /// 核验一人: what it knows of one person; none when it knows nobody of this number.
    fn look_up(&self, number: &ResidentNumber, at: Now) -> Called<Option<Answer>>;
    /// 拉取: a batch as of a day, as the bytes of a file.
    fn pull(&self, what: &Pull, as_of: Day, at: Now) -> Called<Vec<u8>>;
    /// 报送: hands over a file under the number of its run.
    fn send(&self, file: &Outgoing<'_>, at: Now) -> Called<()>;
    /// 查回执: what became of a run.
    fn receipt(&self, number: &str, at: Now) -> Called<Receipt>;
}

/// What came of a call, and how often it was tried.
pub struct Called<T> {
    /// The answer, or why there is none that can be used.
    pub result: Result<T, CallFault>,
    /// Tries; none when it was spared.
    pub attempts: u32,
}

/// A file that is handed over.
pub struct Outgoing<'a> {
    /// Number of the run, by which the receiver knows it again.
    pub number: &'a str,
    /// Id of its layout.
    pub layout: &'a str,
    /// Its media type.
    pub kind: &'a str,
    /// Rows in it.
    pub rows: u32,
    /// The file.
    pub bytes: &'a [u8],
}

/// What the receiver says of a run.
#[derive(Debug)]
pub enum Receipt {
    /// 没有收到
    NotArrived,
    /// 处理中
    Pending,
    /// 已处理: one object for each row.
    Rows(Vec<Value>),
}

/// What was answered about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// In the order of the configuration.
    pub lines: Vec<AnswerLine>,
}

/// A field of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// What people call it.
    pub label: String,
    /// Our kind of fact.
    pub kind: Option<String>,
    /// Our word, or their text; none when it was left empty.
    pub value: Option<String>,
}

/// 调用失败: why there is no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// Its secret is not there, or it does not do this.
    NotConnected,
    /// Left alone for so many seconds more.
    Resting(i64),
    /// No connection: nothing has left.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The answer broke off.
    CutOff,
    /// Refused, or failed on their side.
    Status(u16),
    /// The answer is not signed with the common secret.
    WrongSignature,
    /// The answer belongs to another question.
    Replayed,
    /// Their clock differs by so many seconds.
    Clock(i64),
    /// The answer is longer than is taken.
    TooMuch,
    /// The answer does not say what was agreed.
    Unreadable(&'static str),
}

impl CallFault {
    /// The word of the trace.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Resting(_) => "resting",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::CutOff => "cut_off",
            Self::Status(_) => "refused",
            Self::WrongSignature => "wrong_signature",
            Self::Replayed => "replayed",
            Self::Clock(_) => "clock",
            Self::TooMuch => "too_much",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// What is wrong, for who asked.
    pub fn chinese(&self) -> String {
        match self {
            Self::NotConnected => "还没有接通".to_owned(),
            Self::Resting(seconds) => {
                format!("连续失败，暂停调用，约 {} 分钟后再试", seconds / 60 + 1)
            }
            Self::Unreachable => "连不上对方系统".to_owned(),
            Self::TimedOut => "对方没有按时应答".to_owned(),
            Self::CutOff => "应答没有收全".to_owned(),
            Self::Status(status @ 500..) => format!("对方系统出错（{status}）"),
            Self::Status(status) => format!("对方系统不受理（{status}）"),
            Self::WrongSignature => "应答的签名不对，没有采用".to_owned(),
            Self::Replayed => "应答对不上这次提问，没有采用".to_owned(),
            Self::Clock(seconds) => {
                format!("双方时钟相差 {} 秒，没有采用", seconds.abs())
            }
            Self::TooMuch => "应答过长，没有采用".to_owned(),
            Self::Unreadable(why) => format!("应答读不懂：{why}"),
        }
    }

    /// Whether asking again may help.
    fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::CutOff | Self::Status(500..))
    }

    /// Whether the system itself is in trouble, so that it is better left alone for a while.
    pub(crate) fn counts(&self) -> bool {
        !matches!(self, Self::NotConnected | Self::Resting(_) | Self::Status(..500))
    }

    /// Whether what was sent may have arrived all the same.
    pub fn may_have_arrived(&self) -> bool {
        self.counts() && *self != Self::Unreachable
    }
}

/// JSON over signed HTTP.
pub(crate) struct SignedHttp {
    config: Config,
    secret: Option<Vec<u8>>,
    agent: Agent,
    nonce_key: [u8; 16],
}

impl SignedHttp {
    pub(crate) fn new(
        config: Config,
        secret: Option<Vec<u8>>,
        dir: &Path,
        vault: &Vault,
    ) -> Result<Self, Refusal> {
        let roots = match &config.ca_file {
            None => RootCerts::WebPki,
            Some(name) => RootCerts::new_with_certs(&certificates(&dir.join(name), &config.id)?),
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(!config.plain_http)
            // Outgoing addresses come from the configuration only: nobody sends us elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("songhe")
            .timeout_global(Some(Duration::from_secs(config.timeout_seconds)))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build()
            .new_agent();
        let nonce_key = vault.keyed(b"exchange_nonce", config.id.as_bytes());
        Ok(Self { config, secret, agent, nonce_key })
    }

    /// A text that was never used before: counted within the process, with the time and the
    /// process beside it, and hashed.
    fn nonce(&self, at: Now) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let count = NEXT.fetch_add(1, Ordering::Relaxed);
        let text = format!("{}/{}/{count}", at.civil(), std::process::id());
        let signed =
            Signed { verb: "", path: "", app: "", time: "", nonce: "", body: text.as_bytes() };
        signed.sign(&self.nonce_key)[..32].to_owned()
    }

    /// A read: asked again when it may pass.
    fn read(&self, path: &str, question: &Value, at: Now) -> Called<Vec<u8>> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let result = self.call(path, &[], question.to_string().as_bytes(), at);
            let again = matches!(&result, Err(fault) if fault.may_pass());
            if !again || attempts > self.config.read_retries {
                return Called { result, attempts };
            }
            let wait = self.config.retry_wait_ms.saturating_mul(1 << (attempts - 1).min(10));
            thread::sleep(Duration::from_millis(wait));
        }
    }

    fn call(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        at: Now,
    ) -> Result<Vec<u8>, CallFault> {
        let secret = self.secret.as_deref().ok_or(CallFault::NotConnected)?;
        let (nonce, time) = (self.nonce(at), time_text(at));
        let app = self.config.app_id.as_str();
        let signed = Signed { verb: "POST", path, app, time: &time, nonce: &nonce, body };
        let mut request = self
            .agent
            .post(format!("{}{path}", self.config.base_url))
            .header("content-type", "application/json")
            .header(APP, app)
            .header(TIME, &time)
            .header(NONCE, &nonce)
            .header(SIGNATURE, signed.sign(secret));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send(body).map_err(|error| fault_of(&error))?;
        let (head, answer) = answer.into_parts();
        let answer = answer
            .into_with_config()
            .limit(self.config.most_bytes)
            .read_to_vec()
            .map_err(|error| fault_of(&error))?;
        let header = |name: &str| {
            head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let status = head.status.as_u16();
        if status != 200 {
            // An error page is nobody's word: its status is all that is believed.
            return Err(CallFault::Status(status));
        }
        if header(NONCE) != nonce {
            return Err(CallFault::Replayed);
        }
        let signed =
            Signed { verb: "200", path, app, time: header(TIME), nonce: &nonce, body: &answer };
        if !signed.fits(secret, header(SIGNATURE)) {
            return Err(CallFault::WrongSignature);
        }
        let theirs = time_of(header(TIME)).ok_or(CallFault::Unreadable("没有写明时间"))?;
        let skew = theirs.seconds_since(at);
        if skew.abs() > self.config.clock_skew_seconds {
            return Err(CallFault::Clock(skew));
        }
        Ok(answer)
    }

    fn answer_of(&self, bytes: &[u8]) -> Result<Option<Answer>, CallFault> {
        let look_up = self.config.look_up.as_ref().ok_or(CallFault::NotConnected)?;
        let whole: Value =
            serde_json::from_slice(bytes).map_err(|_| CallFault::Unreadable("不是约定的格式"))?;
        let records = whole
            .pointer(&look_up.records)
            .and_then(Value::as_array)
            .ok_or(CallFault::Unreadable("没有约定的记录一栏"))?;
        let record = match records.as_slice() {
            [] => return Ok(None),
            [record] => record,
            _ => return Err(CallFault::Unreadable("同一个人有几条不同的记录")),
        };
        let mut lines = Vec::new();
        for field in &look_up.fields {
            let text = match record.pointer(&field.pointer) {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) if text.trim().is_empty() => None,
                Some(Value::String(text)) => Some(text.trim().to_owned()),
                Some(Value::Bool(yes)) => Some(yes.to_string()),
                Some(Value::Number(number)) => Some(number.to_string()),
                Some(_) => return Err(CallFault::Unreadable("有一栏不是文字或数")),
            };
            let value = match text {
                Some(code) if !field.words.is_empty() => Some(
                    field
                        .words
                        .get(&code)
                        .cloned()
                        .ok_or(CallFault::Unreadable("有没约定过的代码"))?,
                ),
                other => other,
            };
            let (label, kind) = (field.label.clone(), field.kind.clone());
            lines.push(AnswerLine { label, kind, value });
        }
        Ok(Some(Answer { lines }))
    }
}

impl Exchange for SignedHttp {
    fn config(&self) -> &Config {
        &self.config
    }

    fn is_connected(&self) -> bool {
        self.secret.is_some()
    }

    fn look_up(&self, number: &ResidentNumber, at: Now) -> Called<Option<Answer>> {
        let Some(look_up) = &self.config.look_up else {
            return Called { result: Err(CallFault::NotConnected), attempts: 0 };
        };
        let called =
            self.read(&look_up.path, &json!({ &look_up.number_field: number.reveal() }), at);
        Called {
            result: called.result.and_then(|bytes| self.answer_of(&bytes)),
            attempts: called.attempts,
        }
    }

    fn pull(&self, what: &Pull, as_of: Day, at: Now) -> Called<Vec<u8>> {
        self.read(&what.path, &json!({ &what.as_of_field: as_of.to_string() }), at)
    }

    fn send(&self, file: &Outgoing<'_>, at: Now) -> Called<()> {
        let Some(report) = &self.config.report else {
            return Called { result: Err(CallFault::NotConnected), attempts: 0 };
        };
        let rows = file.rows.to_string();
        let headers = [
            ("content-type", file.kind),
            ("x-songhe-run", file.number),
            ("x-songhe-layout", file.layout),
            ("x-songhe-rows", &rows),
        ];
        let result = self.call(&report.send, &headers, file.bytes, at).and_then(|bytes| {
            let said: Value = serde_json::from_slice(&bytes)
                .map_err(|_| CallFault::Unreadable("不是约定的格式"))?;
            match said["received"].as_str() {
                Some(number) if number == file.number => Ok(()),
                _ => Err(CallFault::Unreadable("没有说收到了这一批")),
            }
        });
        Called { result, attempts: 1 }
    }

    fn receipt(&self, number: &str, at: Now) -> Called<Receipt> {
        let Some(report) = &self.config.report else {
            return Called { result: Err(CallFault::NotConnected), attempts: 0 };
        };
        let called = self.read(&report.receipt, &json!({ "run": number }), at);
        let result = called.result.and_then(|bytes| {
            let mut said: Value = serde_json::from_slice(&bytes)
                .map_err(|_| CallFault::Unreadable("不是约定的格式"))?;
            if said["run"].as_str() != Some(number) {
                return Err(CallFault::Unreadable("回执不是这一批的"));
            }
            match said["state"].as_str() {
                Some("unknown") => Ok(Receipt::NotArrived),
                Some("pending") => Ok(Receipt::Pending),
                Some("done") => match said["rows"].take() {
                    Value::Array(rows) => Ok(Receipt::Rows(rows)),
                    _ => Err(CallFault::Unreadable("回执没有逐行的结果")),
                },
                _ => Err(CallFault::Unreadable("回执没有说处理到哪一步")),
            }
        });
        Called { result, attempts: called.attempts }
    }
}

fn certificates(path: &Path, id: &str) -> Result<Vec<Certificate<'static>>, Refusal> {
    let broken = || {
        Refusal::new(
            format!("对接配置 {id} 写的证书文件读不出来。"),
            "请向对方要 PEM 格式的根证书，放在 exchange-http 目录里。",
        )
    };
    let pem = std::fs::read(path).map_err(|_| broken())?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { Err(broken()) } else { Ok(certificates) }
}

fn fault_of(error: &Error) -> CallFault {
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut};
    match error {
        Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::TlsRequired
        | Error::RequireHttpsOnly(_) => CallFault::Unreachable,
        Error::Io(io)
            if matches!(io.kind(), ConnectionRefused | HostUnreachable | NetworkUnreachable) =>
        {
            CallFault::Unreachable
        }
        Error::Timeout(_) => CallFault::TimedOut,
        Error::Io(io) if io.kind() == TimedOut => CallFault::TimedOut,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => CallFault::TooMuch,
        _ => CallFault::CutOff,
    }
}

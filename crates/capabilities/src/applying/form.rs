//! 申请表: what the elder wants, by whom and into which account. Kept sealed, version by version.

use access::{Actor, Sealed};
use kernel::{CaseId, Day, Now, Trouble};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::store;
use crate::App;

/// 申请方式: how an application came about.
#[doc(alias = "申请方式")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    /// 本人申请
    Oneself,
    /// 代办人申请
    Helper,
    /// 村里主动发现
    Found,
    /// 免申即享
    NoApplication,
}

impl Channel {
    /// All of them, in the order of the form.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Found, "found", "村里主动发现，本人同意"),
        (Self::Oneself, "oneself", "本人申请"),
        (Self::Helper, "helper", "亲属或他人代办"),
        (Self::NoApplication, "no_application", "免申即享"),
    ];

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(it, ..)| *it == self).expect("every channel is in the table")
    }

    /// The stored word.
    pub(crate) fn code(self) -> &'static str {
        self.entry().1
    }

    /// The bureau's word.
    pub(crate) fn chinese(self) -> &'static str {
        self.entry().2
    }

    /// The one with this stored word.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(it, ..)| *it)
    }
}

/// 同意方式: how the elder agreed to the application and to the look-up of data.
#[doc(alias = "同意方式")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Consent {
    /// 本人签字
    Signed,
    /// 按手印
    Fingerprint,
    /// 口头同意
    Spoken,
    /// 委托书
    Entrusted,
}

impl Consent {
    /// All of them, in the order of the form.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Signed, "signed", "本人签字"),
        (Self::Fingerprint, "fingerprint", "本人按手印"),
        (Self::Spoken, "spoken", "口头同意，有两人在场"),
        (Self::Entrusted, "entrusted", "代办人凭委托书"),
    ];

    /// The stored word.
    pub(crate) fn code(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(_, code, _)| code)
    }

    /// The bureau's word.
    pub(crate) fn chinese(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(.., chinese)| chinese)
    }

    /// The one with this stored word.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(it, ..)| *it)
    }
}

/// 户主: whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holder {
    /// 本人
    Oneself,
    /// 配偶
    Spouse,
    /// 其他亲属
    Relative,
}

impl Holder {
    /// All of them, in the order of the form.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Oneself, "oneself", "本人"),
        (Self::Spouse, "spouse", "配偶"),
        (Self::Relative, "relative", "其他亲属"),
    ];

    /// The stored word.
    pub(crate) fn code(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(_, code, _)| code)
    }

    /// The bureau's word.
    pub(crate) fn chinese(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(.., chinese)| chinese)
    }

    /// The one with this stored word.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(it, ..)| *it)
    }
}

/// 代办人
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Helper {
    /// Name.
    pub(crate) name: String,
    /// What they are to the elder.
    pub(crate) relation: String,
    /// Telephone.
    pub(crate) phone: String,
}

/// An account other than the one that the departments know. A second person looks at the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NewAccount {
    /// Digits only.
    pub(crate) number: String,
    /// Whose.
    pub(crate) holder: Holder,
    /// The holder's name.
    pub(crate) name: String,
}

/// 申请表 as filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Filled {
    /// How it came about.
    pub(crate) channel: Channel,
    /// How the elder agreed; none where no application is asked for.
    pub(crate) consent: Option<(Consent, Day)>,
    /// Who acts for the elder.
    pub(crate) helper: Option<Helper>,
    /// Another account than the departments know; none to use theirs.
    pub(crate) account: Option<NewAccount>,
    /// Whether there is any account at all.
    pub(crate) has_account: bool,
    /// What else was said.
    pub(crate) note: String,
}

/// A form with when and by whom it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// What it says.
    pub(crate) filled: Filled,
    /// Counted from 1.
    pub(crate) version: i32,
    /// When.
    pub(crate) at: Now,
    /// By whom.
    pub(crate) by: String,
}

fn place(case: CaseId, version: i32) -> String {
    format!("application_form.content/{case}/{version}")
}

/// Writes the next version of the form of an application.
pub(crate) async fn write(
    app: &App,
    conn: &mut PgConnection,
    case: CaseId,
    filled: &Filled,
    actor: &Actor,
) -> Result<(), Trouble> {
    let version = store::last_form(conn, case).await?.map_or(1, |it| it.version + 1);
    let clear = serde_json::to_vec(filled).map_err(Trouble::fault)?;
    let sealed = app.vault().seal(&place(case, version), &clear)?;
    let signed = (actor.account, app.now());
    store::insert_form(conn, case, version, filled.channel.code(), &sealed, signed).await
}

/// The last version of the form of an application.
pub(crate) async fn last(
    app: &App,
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<Written>, Trouble> {
    let Some(stored) = store::last_form(conn, case).await? else { return Ok(None) };
    opened(app, stored).map(Some)
}

/// The last versions of the forms of these applications.
pub(crate) async fn last_of(
    app: &App,
    conn: &mut PgConnection,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, Written)>, Trouble> {
    let all = store::last_forms(conn, cases).await?;
    all.into_iter().map(|it| Ok((it.case, opened(app, it)?))).collect()
}

fn opened(app: &App, stored: store::StoredForm) -> Result<Written, Trouble> {
    let sealed = Sealed { bytes: stored.content, key_version: stored.key_version };
    let clear = app.vault().open(&place(stored.case, stored.version), &sealed)?;
    Ok(Written {
        filled: serde_json::from_slice(&clear).map_err(Trouble::fault)?,
        version: stored.version,
        at: stored.at,
        by: stored.by,
    })
}

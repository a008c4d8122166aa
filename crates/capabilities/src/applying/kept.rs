//! 认定依据 as it stood when an application was decided. Kept sealed, for ever.

use access::Sealed;
use kernel::{CaseId, Fen, Month, Trouble};
use policy::Verdict;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::proof::Judged;
use super::store;
use crate::App;

/// What the decider saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The verdict in a sentence.
    pub(crate) sentence: String,
    /// Every condition.
    pub(crate) conditions: Vec<KeptCondition>,
    /// 清单 and its edition.
    pub(crate) list: String,
    /// Document and clause, one line each.
    pub(crate) basis: Vec<String>,
    /// 什么会改变结论
    pub(crate) changes: Vec<String>,
    /// Rate and first month, when it would pay.
    pub(crate) pays: Option<(Fen, Month)>,
    /// Months before and their sum, when it would pay any.
    #[serde(default)]
    pub(crate) arrears: Option<(u16, Fen)>,
    /// 档次: place in the item's bands.
    #[serde(default)]
    pub(crate) band: Option<usize>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptCondition {
    /// ✓, ✗ or ?
    pub(crate) mark: char,
    /// What is asked.
    pub(crate) asked: String,
    /// What was known.
    pub(crate) found: String,
    /// What is said when it is false.
    pub(crate) opposite: String,
}

impl Kept {
    /// What is kept of a judgement.
    pub(crate) fn of(judged: &Judged) -> Self {
        let explained = &judged.explained;
        let basis = explained.basis.iter().map(|it| {
            let number = it.number.as_deref().map_or_else(String::new, |n| format!("（{n}）"));
            format!("《{}》{number}{}：{}", it.title, it.citation.clause, it.citation.says)
        });
        let conditions = explained.conditions.iter().map(|it| KeptCondition {
            mark: it.mark(),
            asked: it.asked.clone(),
            found: it.found.clone(),
            opposite: it.opposite.clone(),
        });
        Self {
            sentence: explained.sentence.clone(),
            conditions: conditions.collect(),
            list: explained.list.clone(),
            basis: basis.collect(),
            changes: explained.changes.clone(),
            pays: judged.terms.as_ref().map(|it| (it.monthly_fen, it.first_month)),
            arrears: judged
                .terms
                .as_ref()
                .filter(|it| it.arrears_months > 0)
                .map(|it| (it.arrears_months, it.arrears_fen)),
            band: match explained.verdict {
                Verdict::Entitled { band, .. } => Some(band),
                _ => None,
            },
        }
    }
}

fn place(case: CaseId, move_no: i32) -> String {
    format!("application_proof.content/{case}/{move_no}")
}

/// Keeps what was seen with the move of this number.
pub(crate) async fn keep(
    app: &App,
    conn: &mut PgConnection,
    case: CaseId,
    move_no: i32,
    kept: &Kept,
) -> Result<(), Trouble> {
    let clear = serde_json::to_vec(kept).map_err(Trouble::fault)?;
    let sealed = app.vault().seal(&place(case, move_no), &clear)?;
    store::insert_proof(conn, case, move_no, &sealed).await
}

/// What was seen when the application was last decided.
pub(crate) async fn kept(
    app: &App,
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<Kept>, Trouble> {
    let found: Option<(i32, Sealed)> = store::last_proof(conn, case).await?;
    let Some((move_no, sealed)) = found else { return Ok(None) };
    let clear = app.vault().open(&place(case, move_no), &sealed)?;
    serde_json::from_slice(&clear).map(Some).map_err(Trouble::fault)
}

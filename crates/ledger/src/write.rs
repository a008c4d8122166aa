use kernel::{
    Fen, LedgerAccountId, Now, PersonId, Refusal, Transfer, TransferAct, TransferId, Trouble,
};
use sqlx::postgres::PgDatabaseError;
use sqlx::{Connection, PgConnection, Postgres, Transaction};

use crate::read::Act;
use crate::store::{self, reading};
use crate::{AccountKind, posting_id, voiding_id};

/// Writes transfers in the order given. What stands already, with the same content, is left.
///
/// # Errors
/// - Refused when an account that may not fall below zero would: the sentence tells what is
///   missing. The transaction has failed then.
/// - `Conflict` when a pending transfer has been settled in the meantime.
/// - `NotFound` when a person or a pending transfer lies outside of the scope.
/// - A fault when the id stands for another transfer.
pub async fn write(
    conn: &mut PgConnection,
    transfers: &[Transfer],
    at: Now,
) -> Result<(), Trouble> {
    for part in transfers.chunk_by(|a, b| settles(a) == settles(b)) {
        let written = if settles(&part[0]) {
            store::insert_settlements(conn, part, at).await?
        } else {
            store::insert_moves(conn, part, at).await?
        };
        if usize::try_from(written).ok() != Some(part.len()) {
            must_stand(conn, part).await?;
        }
    }
    Ok(())
}

fn settles(transfer: &Transfer) -> bool {
    matches!(transfer.act, TransferAct::Post(_) | TransferAct::Void(_))
}

/// Some were not written: each has to stand already, as it is asked for.
async fn must_stand(conn: &mut PgConnection, asked: &[Transfer]) -> Result<(), Trouble> {
    let ids: Vec<TransferId> = asked.iter().map(|it| it.id).collect();
    let standing = reading::find(conn, &ids).await?;
    for it in asked {
        let Some(stored) = standing.iter().find(|stored| stored.id == it.id) else {
            return Err(Trouble::NotFound);
        };
        let sums = (stored.debit, stored.credit, stored.amount);
        let same = match it.act {
            TransferAct::Single { debit, credit, amount_fen } => {
                stored.act == Act::Single && sums == (debit, credit, amount_fen)
            }
            TransferAct::Pending { debit, credit, amount_fen } => {
                stored.act == Act::Pending && sums == (debit, credit, amount_fen)
            }
            TransferAct::Post(pending) => {
                stored.act == Act::Post && stored.pending == Some(pending)
            }
            TransferAct::Void(pending) => {
                stored.act == Act::Void && stored.pending == Some(pending)
            }
        };
        // What settles takes the person of what it settles.
        let person = stored.person == it.person || settles(it) && it.person.is_none();
        if !(same && person && stored.about == it.about) {
            return Err(Trouble::fault(format!("transfer {} stands for another one", it.id)));
        }
    }
    Ok(())
}

/// 预留 of many people at once, from one account to one other.
#[derive(Clone, Copy, Debug)]
pub struct Reserve<'a> {
    /// 借方: the account that is debited.
    pub debit: LedgerAccountId,
    /// 贷方: the account that is credited.
    pub credit: LedgerAccountId,
    /// What it is for, as the audit trail names it (`run/12`).
    pub about: &'a str,
    /// Whom, how much.
    pub lines: &'a [ReserveLine],
}

/// One person's part of a [`Reserve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveLine {
    /// See [`crate::line_id`].
    pub id: TransferId,
    /// Whom.
    pub person: PersonId,
    /// How much.
    pub amount: Fen,
}

/// Writes a pending transfer for each line; gives how many were new.
///
/// # Errors
/// As [`write`].
pub async fn reserve(conn: &mut PgConnection, it: &Reserve<'_>, at: Now) -> Result<u64, Trouble> {
    store::make_room(conn).await?;
    let mut attempt = conn.begin().await.map_err(trouble)?;
    let first = store::insert_reserved(&mut attempt, it, false, at).await;
    let written = match settled(attempt, first).await? {
        Some(written) => written,
        None => store::insert_reserved(conn, it, true, at).await.map_err(trouble)?,
    };
    if usize::try_from(written).ok() == Some(it.lines.len()) {
        return Ok(written);
    }
    let (seen, same) = store::count_reserved(conn, it).await?;
    if usize::try_from(same).ok() == Some(it.lines.len()) {
        Ok(written)
    } else if seen > same {
        Err(Trouble::fault(format!("{}: ids stand for other transfers", it.about)))
    } else {
        Err(Trouble::NotFound)
    }
}

/// 入账 of many pending transfers at once; gives how many were new.
///
/// # Errors
/// As [`write`].
pub async fn post_all(
    conn: &mut PgConnection,
    pending: &[TransferId],
    about: &str,
    at: Now,
) -> Result<u64, Trouble> {
    settle_all(conn, (Act::Post, posting_id), pending, about, at).await
}

/// 撤销 of many pending transfers at once; gives how many were new.
///
/// # Errors
/// As [`write`].
pub async fn void_all(
    conn: &mut PgConnection,
    pending: &[TransferId],
    about: &str,
    at: Now,
) -> Result<u64, Trouble> {
    settle_all(conn, (Act::Void, voiding_id), pending, about, at).await
}

async fn settle_all(
    conn: &mut PgConnection,
    how: (Act, fn(TransferId) -> TransferId),
    pending: &[TransferId],
    about: &str,
    at: Now,
) -> Result<u64, Trouble> {
    // In the order of the index they are written to, and each once.
    let mut ordered = pending.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    store::make_room(conn).await?;
    let mut attempt = conn.begin().await.map_err(trouble)?;
    let first = store::insert_settled(&mut attempt, how, &ordered, about, false, at).await;
    let written = if let Some(written) = settled(attempt, first).await? {
        written
    } else {
        let again = store::insert_settled(conn, how, &ordered, about, true, at).await;
        again.map_err(trouble)?
    };
    if usize::try_from(written).ok() == Some(ordered.len()) {
        return Ok(written);
    }
    let stand = store::count_settled(conn, &ordered, how.0).await?;
    if usize::try_from(stand).ok() == Some(ordered.len()) {
        Ok(written)
    } else {
        Err(Trouble::NotFound)
    }
}

/// Keeps what an attempt wrote; undoes it, and gives nothing, when some of its ids stand already.
async fn settled(
    attempt: Transaction<'_, Postgres>,
    outcome: Result<u64, sqlx::Error>,
) -> Result<Option<u64>, Trouble> {
    match outcome {
        Ok(written) => {
            attempt.commit().await.map_err(trouble)?;
            Ok(Some(written))
        }
        Err(error) if constraint(&error) == Some("transfer_pkey") => {
            attempt.rollback().await.map_err(trouble)?;
            Ok(None)
        }
        Err(error) => Err(trouble(error)),
    }
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}

/// What the database says when it does not book.
pub(crate) fn trouble(error: sqlx::Error) -> Trouble {
    let said = error.as_database_error().and_then(|it| it.try_downcast_ref::<PgDatabaseError>());
    match said.map(|it| (it.code(), it.constraint(), it.detail())) {
        Some(("SL001", _, Some(detail))) => {
            overdraft(detail).map_or_else(|| Trouble::fault(error), Trouble::from)
        }
        Some(("23505", Some("transfer_pending"), _)) => {
            Trouble::Conflict("这笔预留已经入账或撤销，本次没有写入。请刷新页面后查看。".to_owned())
        }
        _ => db::OrTrouble::or_trouble(Err::<(), _>(error)).expect_err("an error stays one"),
    }
}

/// `budget 123400`: which kind of account falls short, and of how much.
fn overdraft(detail: &str) -> Option<Refusal> {
    let (kind, missing) = detail.split_once(' ')?;
    let (kind, missing) = (AccountKind::from_code(kind)?, Fen::new(missing.parse().ok()?));
    Some(match kind {
        AccountKind::Receivable => Refusal::new(
            format!("金额超过应收追缴的余额，多出 {missing} 元。"),
            "请核对还欠多少，改小金额后再办。",
        ),
        AccountKind::Quota => Refusal::new(
            format!("服务额度不足，还缺 {missing} 元。"),
            "请核对本期额度和已经使用的服务，改小金额后再办。",
        ),
        _ => Refusal::new(
            format!("{}不足，还缺 {missing} 元。", kind.chinese()),
            "请先在“资金账”登记追加的预算指标，由另一人确认后再办。",
        ),
    })
}

//! The statements over the lines of a run.

use std::collections::HashMap;

use db::OrTrouble;
use kernel::{AreaId, Fen, Month, PersonId, RunId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::{Line, Out, Segment, SegmentKind};

/// Which lines a list shows.
#[derive(Clone, Debug, Default)]
pub struct LineFilter {
    /// Within these places of the area tree.
    pub place: Option<(i32, i32)>,
    /// Of a band.
    pub band: Option<u8>,
    /// Of these people.
    pub people: Option<Vec<PersonId>>,
    /// Only some.
    pub only: Lines,
}

/// Which kind of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines {
    /// All.
    #[default]
    All,
    /// 有补发
    WithArrears,
    /// 有退汇重发
    Reissued,
    /// 需人工看
    Look,
}

impl Lines {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::WithArrears => Some("arrears"),
            Self::Reissued => Some("reissued"),
            Self::Look => Some("look"),
        }
    }
}

/// 发放明细 as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// 序号
    pub no: i32,
    /// Who.
    pub person: PersonId,
    /// Village.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// 档次
    pub band: Option<u8>,
    /// 账户摘要
    pub account: [u8; 32],
    /// 当月
    pub current: Fen,
    /// 补发, 退汇重发 included.
    pub arrears: Fen,
    /// 补发月数
    pub arrears_months: u16,
    /// Some of it goes out again.
    pub reissued: bool,
    /// Why the current month is not paid.
    pub without_current: Option<Out>,
    /// 需人工看
    pub look: bool,
}

impl LineRow {
    /// Everything that is paid.
    pub fn total(&self) -> Fen {
        [self.current, self.arrears].into_iter().sum()
    }
}

struct Stored {
    no: i32,
    person: PersonId,
    area: AreaId,
    area_pos: i32,
    band: Option<i16>,
    account: Vec<u8>,
    current: Fen,
    current_earlier: i16,
    arrears: Fen,
    arrears_months: i16,
    reissued: bool,
    without_current: Option<String>,
    look: bool,
}

impl TryFrom<Stored> for LineRow {
    type Error = Trouble;

    fn try_from(row: Stored) -> Result<Self, Trouble> {
        let broken = |column: &str| Trouble::fault(format!("pay_line.{column}"));
        Ok(Self {
            no: row.no,
            person: row.person,
            area: row.area,
            area_pos: row.area_pos,
            band: band(row.band),
            account: row.account.try_into().map_err(|_| broken("account"))?,
            current: row.current,
            arrears: row.arrears,
            arrears_months: u16::try_from(row.arrears_months).map_err(Trouble::fault)?,
            reissued: row.reissued,
            without_current: row.without_current.as_deref().and_then(Out::from_code),
            look: row.look,
        })
    }
}

pub(super) fn band(stored: Option<i16>) -> Option<u8> {
    stored.and_then(|band| u8::try_from(band).ok())
}

/// Lines of a run, by place and person.
pub async fn lines(
    conn: &mut PgConnection,
    run: RunId,
    filter: &LineFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<LineRow>, Trouble> {
    let rows = query_as!(
        Stored,
        r#"SELECT no, person_id AS "person: PersonId", area_id AS "area: AreaId", area_pos, band,
                  account, current_fen AS "current: Fen", current_earlier,
                  arrears_fen AS "arrears: Fen", arrears_months, reissued, without_current, look
           FROM pay_line
           WHERE run_id = $1 AND ($2::integer IS NULL OR area_pos >= $2)
             AND ($3::integer IS NULL OR area_pos < $3) AND ($4::smallint IS NULL OR band = $4)
             AND ($5::uuid[] IS NULL OR person_id = ANY($5))
             AND ($6::text IS NULL OR $6 = 'arrears' AND arrears_months > 0
                  OR $6 = 'reissued' AND reissued OR $6 = 'look' AND look)
           ORDER BY no LIMIT $7 OFFSET $8"#,
        run.get(),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1),
        filter.band.map(i16::from),
        filter.people.as_deref() as Option<&[PersonId]>,
        filter.only.code(),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(LineRow::try_from).collect()
}

/// How many lines [`lines`] has, with their months and money: count, months, current, arrears.
pub async fn count_lines(
    conn: &mut PgConnection,
    run: RunId,
    filter: &LineFilter,
) -> Result<crate::Tally, Trouble> {
    let row = query!(
        r#"SELECT count(*) AS "lines!",
                  coalesce(sum(arrears_months + (current_fen > 0)::integer), 0) AS "months!",
                  coalesce(sum(current_fen), 0)::bigint AS "current!: Fen",
                  coalesce(sum(arrears_fen), 0)::bigint AS "arrears!: Fen"
           FROM pay_line
           WHERE run_id = $1 AND ($2::integer IS NULL OR area_pos >= $2)
             AND ($3::integer IS NULL OR area_pos < $3) AND ($4::smallint IS NULL OR band = $4)
             AND ($5::uuid[] IS NULL OR person_id = ANY($5))
             AND ($6::text IS NULL OR $6 = 'arrears' AND arrears_months > 0
                  OR $6 = 'reissued' AND reissued OR $6 = 'look' AND look)"#,
        run.get(),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1),
        filter.band.map(i16::from),
        filter.people.as_deref() as Option<&[PersonId]>,
        filter.only.code()
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(crate::Tally {
        lines: row.lines,
        months: row.months,
        current: row.current,
        arrears: row.arrears,
    })
}

/// Every line of a run with its months, by place and person: for the file, and for its hash. The
/// months ascend.
pub async fn all_lines(conn: &mut PgConnection, run: RunId) -> Result<Vec<Line>, Trouble> {
    let month = month_of(&mut *conn, run).await?;
    let mut earlier_months = arrears_of(&mut *conn, run, None).await?;
    let rows = query_as!(
        Stored,
        r#"SELECT no, person_id AS "person: PersonId", area_id AS "area: AreaId", area_pos, band,
                  account, current_fen AS "current: Fen", current_earlier,
                  arrears_fen AS "arrears: Fen", arrears_months, reissued, without_current, look
           FROM pay_line WHERE run_id = $1 ORDER BY no"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|row| {
            let mut segments = if row.arrears_months == 0 {
                Vec::with_capacity(1)
            } else {
                earlier_months.remove(&row.person).unwrap_or_default()
            };
            if row.current > Fen::ZERO {
                let earlier = u16::try_from(row.current_earlier).map_err(Trouble::fault)?;
                let (kind, amount) = (SegmentKind::Current, row.current);
                segments.push(Segment { month, kind, amount, earlier });
            }
            let row = LineRow::try_from(row)?;
            Ok(Line {
                person: row.person,
                area: row.area,
                area_pos: row.area_pos,
                band: row.band,
                account: row.account,
                segments,
                without_current: row.without_current,
                look: row.look,
            })
        })
        .collect()
}

/// The months of these people's lines, ascending.
pub async fn segments_of(
    conn: &mut PgConnection,
    run: RunId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Segment>>, Trouble> {
    let month = month_of(&mut *conn, run).await?;
    let mut all = arrears_of(&mut *conn, run, Some(people)).await?;
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", current_fen AS "current: Fen", current_earlier
           FROM pay_line WHERE run_id = $1 AND person_id = ANY($2) AND current_fen > 0"#,
        run.get(),
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    for row in rows {
        let earlier = u16::try_from(row.current_earlier).map_err(Trouble::fault)?;
        let (kind, amount) = (SegmentKind::Current, row.current);
        all.entry(row.person).or_default().push(Segment { month, kind, amount, earlier });
    }
    Ok(all)
}

async fn month_of(conn: &mut PgConnection, run: RunId) -> Result<Month, Trouble> {
    query_scalar!(r#"SELECT month AS "month: Month" FROM pay_run WHERE id = $1"#, run.get())
        .fetch_one(conn)
        .await
        .or_trouble()
}

async fn arrears_of(
    conn: &mut PgConnection,
    run: RunId,
    people: Option<&[PersonId]>,
) -> Result<HashMap<PersonId, Vec<Segment>>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", month AS "month: Month", kind,
                  amount_fen AS "amount: Fen", earlier
           FROM pay_line_arrears
           WHERE run_id = $1 AND ($2::uuid[] IS NULL OR person_id = ANY($2))
           ORDER BY person_id, month"#,
        run.get(),
        people as Option<&[PersonId]>
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut all: HashMap<PersonId, Vec<Segment>> = HashMap::new();
    for row in rows {
        let kind = SegmentKind::from_code(&row.kind);
        let kind = kind.ok_or_else(|| Trouble::fault("pay_line_arrears.kind"))?;
        let earlier = u16::try_from(row.earlier).map_err(Trouble::fault)?;
        let segment = Segment { month: row.month, kind, amount: row.amount, earlier };
        all.entry(row.person).or_default().push(segment);
    }
    Ok(all)
}

//! The statement of the rounds.

use db::OrTrouble;
use kernel::{AreaId, Day, Month, Now, Trouble};
use sqlx::{PgConnection, query_as};

/// 一轮核验
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) id: i64,
    pub(crate) area: AreaId,
    pub(crate) month: Month,
    pub(crate) traces_from: Day,
    pub(crate) opened_on: Day,
    pub(crate) ends_on: Day,
    pub(crate) closed_at: Option<Now>,
}

/// The rounds that the reader may know of, the newest first.
pub(crate) async fn rounds(conn: &mut PgConnection) -> Result<Vec<Round>, Trouble> {
    query_as!(
        Round,
        r#"SELECT id, area_id AS "area: AreaId", month AS "month: Month",
                  traces_from AS "traces_from: Day", opened_on AS "opened_on: Day",
                  ends_on AS "ends_on: Day", closed_at AS "closed_at: Now"
           FROM survival_round ORDER BY month DESC, id DESC LIMIT 100"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

//! Statements over areas: nodes, dated versions, positions.

use db::OrTrouble;
use kernel::{AreaId, AreaLevel, Day, Now, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::broken;
use crate::area::{AreaNode, NewArea};

pub(crate) async fn area_nodes(
    conn: &mut PgConnection,
    day: Day,
) -> Result<Vec<AreaNode>, Trouble> {
    let rows = query!(
        r#"SELECT v.area_id AS "id: AreaId", v.code, v.name, v.level,
                  v.parent_id AS "parent: AreaId", p.lo, p.hi
           FROM area_version v JOIN area_position p USING (area_id)
           WHERE v.valid_from <= $1 AND (v.valid_to IS NULL OR v.valid_to > $1)
           ORDER BY p.lo"#,
        day as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(AreaNode {
                id: r.id,
                code: r.code,
                name: r.name,
                level: AreaLevel::from_code(&r.level)
                    .ok_or_else(|| broken("area_version.level"))?,
                parent: r.parent,
                lo: r.lo,
                hi: r.hi,
            })
        })
        .collect()
}

pub(crate) async fn insert_area(
    conn: &mut PgConnection,
    id: AreaId,
    area: &NewArea,
    parent: Option<AreaId>,
) -> Result<(), Trouble> {
    query!(
        "WITH node AS (INSERT INTO area (id, kind) VALUES ($1, $2))
         INSERT INTO area_version (area_id, code, name, level, parent_id, valid_from, valid_to)
         VALUES ($1, $3, $4, $5, $6, $7, $8)",
        id as AreaId,
        area.kind.code(),
        area.code,
        area.name,
        area.level.code(),
        parent as Option<AreaId>,
        area.valid_from as Day,
        area.valid_to as Option<Day>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn insert_position(
    conn: &mut PgConnection,
    area: AreaId,
    lo: i32,
    hi: i32,
) -> Result<(), Trouble> {
    query!("INSERT INTO area_position VALUES ($1, $2, $3)", area as AreaId, lo, hi)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

/// Closes the standing version of an area. One that began on the day itself never held.
pub(crate) async fn end_area(
    conn: &mut PgConnection,
    area: AreaId,
    from: Day,
) -> Result<(), Trouble> {
    let closed = query!(
        "UPDATE area_version SET valid_to = $2
         WHERE area_id = $1 AND valid_from < $2 AND (valid_to IS NULL OR valid_to > $2)",
        area as AreaId,
        from as Day
    )
    .execute(conn)
    .await
    .or_trouble()?;
    if closed.rows_affected() == 1 {
        return Ok(());
    }
    Err(Trouble::refused(
        format!("这个区划在 {} 当天或以后已经调整过一次。", from.chinese()),
        "请把两次调整写在一个文件里，或者用后一天的日期。",
    ))
}

pub(crate) async fn insert_version(
    conn: &mut PgConnection,
    id: AreaId,
    area: &NewArea,
    parent: Option<AreaId>,
    from: Day,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO area_version (area_id, code, name, level, parent_id, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id as AreaId,
        area.code,
        area.name,
        area.level.code(),
        parent as Option<AreaId>,
        from as Day,
        area.valid_to as Option<Day>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn note_change(
    conn: &mut PgConnection,
    area: AreaId,
    what: &str,
    from: Day,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO area_change (area_id, what, valid_from, made_at) VALUES ($1, $2, $3, $4)",
        area as AreaId,
        what,
        from as Day,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The highest number of a node.
pub(crate) async fn last_area(conn: &mut PgConnection) -> Result<i64, Trouble> {
    query_scalar!(r#"SELECT coalesce(max(id), 0) AS "id!" FROM area"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// One of these areas in which people are registered, with how many.
pub(crate) async fn peopled(
    conn: &mut PgConnection,
    areas: &[AreaId],
) -> Result<Option<(AreaId, i64)>, Trouble> {
    let row = query!(
        r#"SELECT area_id AS "area: AreaId", count(*) AS "n!" FROM person
           WHERE area_id = ANY($1) AND listed GROUP BY area_id ORDER BY area_id LIMIT 1"#,
        areas as &[AreaId]
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|row| (row.area, row.n)))
}

/// Accounts with a grant for one of these areas that still holds, by name.
pub(crate) async fn granted_in(
    conn: &mut PgConnection,
    areas: &[AreaId],
    today: Day,
) -> Result<Vec<String>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT a.name FROM access_grant g JOIN account a ON a.id = g.account_id
           WHERE g.area_id = ANY($1) AND g.valid_from <= $2 AND g.valid_to > $2
           ORDER BY a.name"#,
        areas as &[AreaId],
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Where every area begins, ended ones too.
pub(crate) async fn positions(conn: &mut PgConnection) -> Result<Vec<(AreaId, i32)>, Trouble> {
    let rows = query!(r#"SELECT area_id AS "id: AreaId", lo FROM area_position ORDER BY lo"#)
        .fetch_all(conn)
        .await
        .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.id, row.lo)).collect())
}

pub(crate) async fn put_position(
    conn: &mut PgConnection,
    area: AreaId,
    lo: i32,
    hi: i32,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO area_position (area_id, lo, hi) VALUES ($1, $2, $3)
         ON CONFLICT (area_id) DO UPDATE SET lo = excluded.lo, hi = excluded.hi",
        area as AreaId,
        lo,
        hi
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Moves every row that keeps a position from where its area was to where it is.
pub(crate) async fn move_areas(
    conn: &mut PgConnection,
    was: &[i32],
    becomes: &[i32],
) -> Result<(), Trouble> {
    query_scalar!("SELECT move_areas($1, $2)", was, becomes).fetch_one(conn).await.or_trouble()?;
    Ok(())
}

pub(crate) async fn position(
    conn: &mut PgConnection,
    area: AreaId,
) -> Result<Option<(i32, i32)>, Trouble> {
    let row = query!("SELECT lo, hi FROM area_position WHERE area_id = $1", area as AreaId)
        .fetch_optional(conn)
        .await
        .or_trouble()?;
    Ok(row.map(|r| (r.lo, r.hi)))
}

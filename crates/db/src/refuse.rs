//! When the program does not serve: a server that can lose or show what it must not.

use kernel::Trouble;
use sqlx::PgConnection;

use crate::trouble::OrTrouble;

/// Refuses a server on which committed money could be lost.
pub(crate) async fn unless_durable(service: &mut PgConnection) -> Result<(), Trouble> {
    let wanted = [
        ("fsync", "断电会丢失已提交的数据"),
        ("full_page_writes", "断电会损坏数据页"),
        ("synchronous_commit", "断电会丢失已提交的数据"),
        ("data_checksums", "磁盘损坏无法察觉"),
    ];
    for (setting, harm) in wanted {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *service)
            .await
            .or_trouble()?;
        if value == "off" {
            let remedy = match setting {
                "data_checksums" => "请停库后执行 pg_checksums --enable，再启动。".to_owned(),
                _ => {
                    format!("请在 postgresql.conf 里设 {setting} = on，并检查角色和数据库的设置。")
                }
            };
            return Err(Trouble::refused(
                format!("数据库的 {setting} 已关闭，{harm}，因此不启动服务。"),
                remedy,
            ));
        }
    }
    Ok(())
}

/// Refuses a service role for which row-level security would not hold.
pub(crate) async fn unless_bound(service: &mut PgConnection) -> Result<(), Trouble> {
    // A role that may become another one (SET ROLE) is as strong as that one.
    let (strong, owns, serves): (bool, bool, bool) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM pg_roles
                 WHERE (rolsuper OR rolbypassrls) AND pg_has_role(session_user, oid, 'MEMBER')),
             EXISTS (SELECT FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace
                   AND pg_has_role(session_user, relowner, 'MEMBER')),
             pg_has_role(session_user, 'songhe_service', 'USAGE')",
    )
    .fetch_one(&mut *service)
    .await
    .or_trouble()?;
    let remedy = "请让 DATABASE_URL 使用 songhe_service，它只做服务：\
                  ALTER ROLE songhe_service NOSUPERUSER NOBYPASSRLS;";
    if strong {
        return Err(Trouble::refused(
            "服务账号有超级权限或能绕过行级安全，因此不启动服务。",
            remedy,
        ));
    }
    if owns {
        return Err(Trouble::refused("服务账号是数据表的属主，因此不启动服务。", remedy));
    }
    if !serves {
        return Err(Trouble::refused("服务账号不是 songhe_service，也不属于它。", remedy));
    }
    Ok(())
}

/// Refuses a table of people that its rows' areas do not guard.
pub(crate) async fn unless_guarded(service: &mut PgConnection) -> Result<(), Trouble> {
    // A partition is reached through its parent, unless somebody was let in by name.
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE a.attname = 'person_id' AND NOT a.attisdropped
           AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
           AND NOT (c.relispartition
               AND NOT has_table_privilege('songhe_service', c.oid, 'SELECT')
               AND NOT has_table_privilege('songhe_engine', c.oid, 'SELECT'))
         ORDER BY 1",
    )
    .fetch_all(&mut *service)
    .await
    .or_trouble()?;
    if open.is_empty() {
        return Ok(());
    }
    let names = open.join("、");
    Err(Trouble::refused(
        format!("含有人员信息的数据表 {names} 没有强制行级安全，因此不启动服务。"),
        "请由属主对每张表执行 ALTER TABLE 表名 ENABLE ROW LEVEL SECURITY, \
         FORCE ROW LEVEL SECURITY;",
    ))
}

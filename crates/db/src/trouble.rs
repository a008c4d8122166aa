use kernel::Trouble;
use sqlx::Error;

/// What PostgreSQL answers when somebody else was faster (SQLSTATE, PostgreSQL appendix A).
const UNIQUE: &str = "23505";
const EXCLUSION: &str = "23P01";
const SERIALIZATION: &str = "40001";
const DEADLOCK: &str = "40P01";
const LOCKED: &str = "55P03";

/// Turns a database error into the kernel's three kinds.
pub trait OrTrouble<T> {
    /// A duplicate or a lost race is a conflict, a missing row is "not found", the rest a fault.
    ///
    /// The sentence of a conflict names no value: it must not tell what lies outside of a scope.
    fn or_trouble(self) -> Result<T, Trouble>;
}

impl<T> OrTrouble<T> for Result<T, Error> {
    fn or_trouble(self) -> Result<T, Trouble> {
        self.map_err(trouble)
    }
}

fn trouble(error: Error) -> Trouble {
    if matches!(error, Error::RowNotFound) {
        return Trouble::NotFound;
    }
    match error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() {
        Some(UNIQUE | EXCLUSION) => {
            Trouble::Conflict("相同的记录已经登记，本次没有写入。请刷新页面后查看。".into())
        }
        Some(SERIALIZATION | DEADLOCK | LOCKED) => {
            Trouble::Conflict("数据刚被他人修改，本次没有写入。请刷新页面后重试。".into())
        }
        _ => Trouble::fault(error),
    }
}

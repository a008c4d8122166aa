use kernel::Trouble;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::trouble::OrTrouble;

/// 事务: one transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
#[doc(alias = "事务")]
#[derive(Debug)]
pub struct Tx(pub(crate) Transaction<'static, Postgres>);

/// Bytes that are gathered before they are sent.
const CHUNK_BYTES: usize = 64 * 1024;

impl Tx {
    /// The connection, for queries of a `store.rs`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Makes it so.
    pub async fn commit(self) -> Result<(), Trouble> {
        crate::point("before_commit");
        self.0.commit().await.or_trouble()?;
        crate::point("after_commit");
        Ok(())
    }

    /// Runs `COPY … FROM STDIN`; gives the number of rows.
    ///
    /// `fill` appends some rows in the statement's format and says whether more follow;
    /// [`CopyRows`](crate::CopyRows) writes the binary one. PostgreSQL cannot copy into a table
    /// with row-level security: copy into a staging table and insert from it.
    ///
    /// # Errors
    /// When `fill` fails, its trouble, and the copy is abandoned. Either way the transaction has
    /// failed then: drop it.
    pub async fn copy_in(
        &mut self,
        statement: &str,
        mut fill: impl FnMut(&mut Vec<u8>) -> Result<bool, Trouble> + Send,
    ) -> Result<u64, Trouble> {
        let mut copy = self.0.copy_in_raw(statement).await.or_trouble()?;
        let mut buffer = Vec::with_capacity(2 * CHUNK_BYTES);
        loop {
            let more = match fill(&mut buffer) {
                Ok(more) => more,
                Err(trouble) => {
                    copy.abort("the rows could not be made").await.or_trouble()?;
                    return Err(trouble);
                }
            };
            if buffer.len() >= CHUNK_BYTES || !more {
                copy.send(buffer.as_slice()).await.or_trouble()?;
                buffer.clear();
            }
            if !more {
                return copy.finish().await.or_trouble();
            }
        }
    }
}

use kernel::Trouble;
use sqlx::encode::IsNull;
use sqlx::postgres::PgArgumentBuffer;
use sqlx::{Encode, Postgres};

/// Writes rows for `COPY … FROM STDIN (FORMAT binary)` (PostgreSQL manual, COPY, "Binary Format").
///
/// A field's Rust type must be the column's exact type: nothing is converted on the way. JSON is
/// not supported (its encoding waits for the statement's types).
#[derive(Debug)]
pub struct CopyRows {
    columns: i16,
    begun: bool,
    scratch: PgArgumentBuffer,
}

impl CopyRows {
    /// For a statement that names so many columns.
    pub fn new(columns: i16) -> Self {
        Self { columns, begun: false, scratch: PgArgumentBuffer::default() }
    }

    /// Begins a row; [`CopyRows::field`] follows once for each column.
    pub fn row(&mut self, buffer: &mut Vec<u8>) {
        self.begin(buffer);
        buffer.extend_from_slice(&self.columns.to_be_bytes());
    }

    /// Appends one field; `None` is NULL.
    pub fn field<T>(&mut self, buffer: &mut Vec<u8>, value: &T) -> Result<(), Trouble>
    where
        T: for<'q> Encode<'q, Postgres>,
    {
        self.scratch.clear();
        match value.encode_by_ref(&mut self.scratch).map_err(Trouble::fault)? {
            IsNull::Yes => buffer.extend_from_slice(&(-1_i32).to_be_bytes()),
            IsNull::No => {
                let length = i32::try_from(self.scratch.len()).map_err(Trouble::fault)?;
                buffer.extend_from_slice(&length.to_be_bytes());
                buffer.extend_from_slice(&self.scratch);
            }
        }
        Ok(())
    }

    /// Ends the data, once, after the last row.
    pub fn end(&mut self, buffer: &mut Vec<u8>) {
        self.begin(buffer);
        buffer.extend_from_slice(&(-1_i16).to_be_bytes());
    }

    fn begin(&mut self, buffer: &mut Vec<u8>) {
        if !self.begun {
            buffer.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
            buffer.extend_from_slice(&[0; 8]);
            self.begun = true;
        }
    }
}

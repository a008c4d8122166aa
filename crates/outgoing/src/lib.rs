//! 上报文件: what is known here, as files that leave for other systems.
//!
//! 1. [`layout`]: `export/<id>.toml` says who is in, which columns, which codes, what stays here.
//! 2. [`rows`]: from facts to cells, pure. What cannot go out is held with its reasons.
//! 3. [`file`](mod@file): the bytes; the same rows give the same bytes. [`workbook`]: typed cells.
//! 4. [`flow`]: how far a run has come; nothing leads from "may have arrived" back to sending.
//! 5. [`receipt`]: what the receiver said of each row.
//! 6. [`run`]: moves a run on and settles it, each in one transaction with its audit entry.
//!
//! It asks nobody and shows nothing: pages, jobs and the wire are the capability's.

pub mod file;
pub mod flow;
pub mod layout;
pub mod receipt;
pub mod rows;
pub mod run;
pub mod store;
pub mod workbook;

//! The files of both counties through layouts and matching, without a database.

mod first;
mod matching;
mod second;

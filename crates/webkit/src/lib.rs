//! Pages, forms, tables and paper, in the house's look. No domain words.
//!
//! A page is a struct that carries a [`Shell`] and plain data, with a template beside it that
//! extends one of five layouts: `layout.html` (signed in), `plain.html` (nobody signed in, and
//! errors), `open.html` (for everybody, in large type), `paper.html` (A4, black on white) and
//! `sheets.html` (as many sheets of A4 as it takes).
//! Parts of a page ([`Table`], [`Form`], [`Line`] …) are values too: a template writes
//! `{{ table }}` and gets safe HTML.
//!
//! Everything works without scripts, and no part writes a style attribute or a script of its
//! own, so that the pages live under `default-src 'none'; script-src 'self'; style-src 'self';
//! img-src 'self'; connect-src 'self'; form-action 'self'`.

mod device;
mod errors;
mod figure;
mod form;
mod guard;
mod href;
mod line;
mod page;
mod routes;
mod shell;
mod table;

pub use device::device;
pub use errors::{FaultPage, NotFoundPage, RefusalPage, Typed};
pub use figure::{Bar, BarPart, Progress, grouped};
pub use form::{Choice, Field, FieldKind, Form, PostButton};
pub use guard::{
    Answer, COOKIE, Doorkeeper, Failure, Posted, SIGN_IN, check_csrf, set_cookie, token,
};
pub use href::{Href, Link};
pub use line::{Chip, Line, Part, Tone};
pub use page::Page;
pub use routes::{Entry, Gate, Routes, Verb};
pub use shell::{
    Assets, Bare, Call, ClockBar, Crumbs, MenuGroup, MenuItem, Notice, Open, Paper, SearchBox,
    Shell,
};
pub use table::{Align, Column, Empty, FilterLink, Pager, Row, Sort, Table};

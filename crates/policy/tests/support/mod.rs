//! A list folder of its own, to be broken.

use std::path::Path;

use policy::List;

const SOURCES: &str = r#"
[[source]]
id = "rules"
title = "试验办法"
issuer = "试验县"
confidence = "fictional"
clauses = ["第一条"]
"#;

pub(crate) const LIST: &str = r#"grammar = 1
issuer = "990199"
issuer_name = "试验县"
title = "试验清单"
edition = "第 1 版"
effective_from = "2026-01-01"
responsible = "试验县民政局"
confidence = "fictional"
"#;

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// With nothing in it but the register of documents.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder")).and("sources.toml", SOURCES)
    }

    /// A list of one item.
    pub(crate) fn with(item: &str) -> Self {
        Self::empty().and("list.toml", LIST).and("old_age_allowance.toml", item)
    }

    /// Writes one more file, or another text of one.
    pub(crate) fn and(self, name: &str, text: &str) -> Self {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        std::fs::write(path, text).expect("written");
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn load(&self) -> List {
        List::load(self.path()).expect("a list")
    }
}

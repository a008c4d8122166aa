//! What ships inside the program: lists, layouts of what comes in and of what goes out, other
//! systems, stylesheets and script.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use capabilities::bank::{self, BankLayout};
use facts::layout::{self, Layout};
use kernel::{Refusal, Trouble};
use outgoing::layout::OutLayout;
use policy::List;
use rust_embed::{EmbeddedFile, RustEmbed};
use signed_http::Config;

use crate::why;

#[derive(RustEmbed)]
#[folder = "../../policy"]
struct Lists;

#[derive(RustEmbed)]
#[folder = "../../exchange"]
struct Layouts;

#[derive(RustEmbed)]
#[folder = "../../export"]
struct OutLayouts;

#[derive(RustEmbed)]
#[folder = "../../bank"]
struct BankLayouts;

#[derive(RustEmbed)]
#[folder = "../../exchange-http"]
struct Systems;

/// `web/dist`.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
pub(crate) struct Web;

/// The folder of the lists that came with the program.
pub(crate) fn lists_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("program").join("policy")
}

/// What the program works by: what came with it and the region's own.
pub(crate) struct ProgramData {
    /// Published lists.
    pub(crate) lists: Vec<List>,
    /// Senders' layouts.
    pub(crate) layouts: Vec<Layout>,
    /// Layouts of what goes to other systems.
    pub(crate) outgoing: Vec<OutLayout>,
    /// How banks want their files.
    pub(crate) banks: Vec<BankLayout>,
    /// Other systems that can be asked live.
    pub(crate) exchanges: Vec<Config>,
}

/// Unpacks what came with the program and reads it, together with the region's own additions in
/// folders of the same names in the data folder. One of their own replaces ours of that name.
pub(crate) fn load(data_dir: &Path) -> Result<ProgramData, Trouble> {
    unpack(data_dir).map_err(Trouble::fault)?;
    let program = data_dir.join("program");
    let mut lists = load_lists(&lists_dir(data_dir))?;
    if data_dir.join("policy").is_dir() {
        lists.extend(load_lists(&data_dir.join("policy"))?);
    }
    let mut layouts = layout::load(&program.join("exchange"))?;
    if data_dir.join("exchange").is_dir() {
        put_over(&mut layouts, layout::load(&data_dir.join("exchange"))?, |it| &it.id);
    }
    let mut outgoing = outgoing::layout::load(&program.join("export"))?;
    put_over(&mut outgoing, outgoing::layout::load(&data_dir.join("export"))?, |it| &it.id);
    let mut banks = bank::load(&program.join("bank"))?;
    put_over(&mut banks, bank::load(&data_dir.join("bank"))?, |it| &it.id);
    let mut exchanges = signed_http::load(&program.join(signed_http::FOLDER))?;
    let own = signed_http::load(&data_dir.join(signed_http::FOLDER))?;
    put_over(&mut exchanges, own, |it| &it.id);
    Ok(ProgramData { lists, layouts, outgoing, banks, exchanges })
}

/// Their own replace ours of the same name.
fn put_over<T>(ours: &mut Vec<T>, own: Vec<T>, id: impl Fn(&T) -> &str) {
    ours.retain(|it| own.iter().all(|theirs| id(theirs) != id(it)));
    ours.extend(own);
}

/// Every list below a folder.
pub(crate) fn load_lists(folder: &Path) -> Result<Vec<List>, Refusal> {
    let unreadable = |error: io::Error| {
        Refusal::new(
            format!("清单目录 {} 读不出来：{}。", folder.display(), why(&error)),
            "请检查目录和权限。",
        )
    };
    if folder.join("list.toml").is_file() {
        let list = List::load(folder).map_err(|problems| {
            Refusal::new(problems.to_string(), "请用 songhe policy check 检查清单。")
        })?;
        return Ok(vec![list]);
    }
    let mut below = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        below.push(entry.map_err(unreadable)?.path());
    }
    below.sort();
    let mut lists = Vec::new();
    for dir in below.into_iter().filter(|path| path.is_dir()) {
        lists.extend(load_lists(&dir)?);
    }
    Ok(lists)
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn shipped() -> Files {
    let mut files = Files::new();
    let mut add = |folder: &str, name: &str, data: Option<EmbeddedFile>| {
        if let Some(file) = data {
            files.insert(Path::new(folder).join(name), file.data.to_vec());
        }
    };
    Lists::iter().for_each(|name| add("policy", &name, Lists::get(&name)));
    Layouts::iter().for_each(|name| add("exchange", &name, Layouts::get(&name)));
    OutLayouts::iter().for_each(|name| add("export", &name, OutLayouts::get(&name)));
    BankLayouts::iter().for_each(|name| add("bank", &name, BankLayouts::get(&name)));
    Systems::iter().for_each(|name| add(signed_http::FOLDER, &name, Systems::get(&name)));
    files
}

/// Writes the files beside their place and renames them, so that nobody reads half of them.
fn unpack(data_dir: &Path) -> io::Result<()> {
    let (place, shipped) = (data_dir.join("program"), shipped());
    if read(&place, &place)? == shipped {
        return Ok(());
    }
    let beside = |ending: &str| data_dir.join(format!("program.{ending}.{}", std::process::id()));
    let (fresh, old) = (beside("new"), beside("old"));
    for (name, content) in &shipped {
        let path = fresh.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&fresh))?;
        fs::write(path, content)?;
    }
    if place.exists() {
        fs::rename(&place, &old)?;
        fs::remove_dir_all(&old)?;
    }
    fs::rename(&fresh, &place)
}

fn read(folder: &Path, root: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(read(&path, root)?);
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacking_puts_right_what_was_changed_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        unpack(dir.path()).unwrap();
        let (place, changed) = (dir.path().join("program"), dir.path().join("program/policy/x"));
        fs::write(&changed, "not ours").unwrap();
        unpack(dir.path()).unwrap();
        assert_eq!(read(&place, &place).unwrap(), shipped());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_ships_loads_and_one_of_their_own_replaces_ours_of_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let ours = load(dir.path()).unwrap();
        assert!(ours.lists.len() > 1 && ours.layouts.len() > 1);
        assert!(ours.outgoing.len() > 1 && !ours.exchanges.is_empty());
        for (place, theirs, from, to) in [
            ("exchange/police_register", "exchange/police", "fresh_days = 31", "fresh_days = 7"),
            ("export/provincial_services", "export/provincial_services", "days = 31", "days = 7"),
            (
                "exchange-http/provincial_platform",
                "exchange-http/provincial_platform",
                "timeout_seconds = 8",
                "timeout_seconds = 7",
            ),
        ] {
            let shipped = dir.path().join("program").join(place).with_extension("toml");
            let text = fs::read_to_string(shipped).unwrap();
            assert!(text.contains(from), "{place}");
            let own = dir.path().join(theirs).with_extension("toml");
            fs::create_dir_all(own.parent().unwrap()).unwrap();
            fs::write(own, text.replace(from, to)).unwrap();
        }
        let with_theirs = load(dir.path()).unwrap();
        assert_eq!(with_theirs.layouts.len(), ours.layouts.len());
        let police = with_theirs.layouts.iter().find(|layout| layout.id == "police_register");
        assert_eq!(police.unwrap().fresh_days, 7);
        assert_eq!(with_theirs.outgoing.len(), ours.outgoing.len());
        assert!(with_theirs.outgoing.iter().any(|layout| layout.every_days == 7));
        assert_eq!(with_theirs.exchanges.len(), ours.exchanges.len());
        assert!(with_theirs.exchanges.iter().any(|system| system.timeout_seconds == 7));
    }
}

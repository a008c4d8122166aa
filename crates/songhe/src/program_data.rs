//! What ships inside the program: lists, senders' layouts, stylesheets and script.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use facts::layout::{self, Layout};
use kernel::{Refusal, Trouble};
use policy::List;
use rust_embed::RustEmbed;

use crate::why;

#[derive(RustEmbed)]
#[folder = "../../policy"]
struct Lists;

#[derive(RustEmbed)]
#[folder = "../../exchange"]
struct Layouts;

/// `web/dist`.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
pub(crate) struct Web;

/// The folder of the lists that came with the program.
pub(crate) fn lists_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("program").join("policy")
}

/// Unpacks what came with the program and reads it, together with the region's own additions in
/// `policy` and `exchange` of the data folder. A layout of their own replaces ours of that name.
pub(crate) fn load(data_dir: &Path) -> Result<(Vec<List>, Vec<Layout>), Trouble> {
    unpack(data_dir).map_err(Trouble::fault)?;
    let mut lists = load_lists(&lists_dir(data_dir))?;
    let mut layouts = layout::load(&data_dir.join("program").join("exchange"))?;
    if data_dir.join("policy").is_dir() {
        lists.extend(load_lists(&data_dir.join("policy"))?);
    }
    if data_dir.join("exchange").is_dir() {
        for own in layout::load(&data_dir.join("exchange"))? {
            layouts.retain(|layout| layout.id != own.id);
            layouts.push(own);
        }
    }
    Ok((lists, layouts))
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
    let mut add = |folder: &str, name: &str, data: &[u8]| {
        files.insert(Path::new(folder).join(name), data.to_vec());
    };
    for name in Lists::iter() {
        if let Some(file) = Lists::get(&name) {
            add("policy", &name, &file.data);
        }
    }
    for name in Layouts::iter() {
        if let Some(file) = Layouts::get(&name) {
            add("exchange", &name, &file.data);
        }
    }
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
    fn what_ships_loads_and_a_layout_of_their_own_replaces_ours() {
        let dir = tempfile::tempdir().unwrap();
        let (lists, layouts) = load(dir.path()).unwrap();
        assert!(lists.len() > 1 && layouts.len() > 1);
        let ours = fs::read_to_string(dir.path().join("program/exchange/police_register.toml"));
        let theirs = ours.unwrap().replace("fresh_days = 31", "fresh_days = 7");
        fs::create_dir(dir.path().join("exchange")).unwrap();
        fs::write(dir.path().join("exchange/police.toml"), theirs).unwrap();
        let (_, with_theirs) = load(dir.path()).unwrap();
        assert_eq!(with_theirs.len(), layouts.len());
        let police = with_theirs.iter().find(|layout| layout.id == "police_register").unwrap();
        assert_eq!(police.fresh_days, 7);
    }
}

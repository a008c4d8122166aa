//! 断电: cuts the power while transfers are committed, and counts what is lost.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{fs, thread};

use crate::disk::{self, Disk};
use crate::{processes, writer};

/// What one cut left.
struct Left {
    acknowledged: u64,
    lost: u64,
    /// Balances that do not add up, in words.
    broken: Vec<String>,
}

/// Cuts the power so many times; every acknowledged transfer must be there, and sums must be zero.
/// Then again with a careless database, until something is lost.
pub(crate) fn run(cuts: u32, control: u32) -> Result<(), String> {
    if let Err(why) = disk::possible() {
        println!("没有做断电试验：这里不能挂载磁盘映像（{why}）。");
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // The database runs as somebody else.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))
        .map_err(|error| error.to_string())?;
    let base = prepare(folder.path())?;
    let (mut acknowledged, mut lost, mut broken) = (0, 0, 0);
    for cut in 0..cuts {
        let left = one(folder.path(), &base, cut, false)?;
        acknowledged += left.acknowledged;
        lost += left.lost;
        broken += left.broken.len();
        for what in left.broken {
            println!("第 {} 次断电后：{what}", cut + 1);
        }
    }
    println!("断电 {cuts} 次：已确认 {acknowledged} 笔，丢失 {lost} 笔，账不平 {broken} 处");
    if lost > 0 || broken > 0 {
        return Err("断电丢了已经确认的账，或者账不平。".into());
    }
    for cut in 0..control {
        let left = one(folder.path(), &base, cut, true)?;
        if left.lost > 0 {
            println!("对照（提交不等磁盘）：第 {} 次断电丢失 {} 笔", cut + 1, left.lost);
            return Ok(());
        }
    }
    match control {
        0 => Ok(()),
        _ => Err(format!("对照 {control} 次都没有丢账：这套试验看不出丢账。")),
    }
}

/// A disk on which the database is ready.
fn prepare(folder: &Path) -> Result<std::path::PathBuf, String> {
    let image = folder.join("base");
    let disk = Disk::new(image.clone(), folder.join("prepare"))?;
    writer::prepare(&disk.data_dir())?;
    drop(disk);
    Ok(image)
}

/// Moments spread over a second and a half in a mixed-up order, the same every time.
fn moment(cut: u32) -> Duration {
    Duration::from_millis(u64::from(100 + (cut * 617) % 1_400))
}

fn one(folder: &Path, base: &Path, cut: u32, careless: bool) -> Result<Left, String> {
    let name = |what: &str| folder.join(format!("{what}-{cut}-{careless}"));
    let (image, after) = (name("image"), name("after"));
    disk::copy(base, &image)?;
    let disk = Disk::mount(image.clone(), name("at"))?;
    let (mut child, said) = start(&disk.data_dir(), careless)?;
    let first = said.recv_timeout(Duration::from_mins(1));
    let first = first.map_err(|_| "the writer said nothing for a minute".to_owned())?;
    thread::sleep(moment(cut));

    let mut everybody = processes::database(&disk.data_dir());
    everybody.insert(0, child.id());
    processes::signal(&everybody, "STOP")?;
    // What was said before the cut was acknowledged before it.
    thread::sleep(Duration::from_millis(20));
    let last = said.try_iter().last().unwrap_or(first);
    disk.copy(&after)?;
    processes::signal(&everybody, "KILL")?;
    child.wait().map_err(|error| error.to_string())?;
    drop(disk);

    let disk = Disk::mount(after.clone(), name("again"))?;
    let (found, broken) = writer::look(&disk.data_dir(), last)?;
    drop(disk);
    for image in [image, after] {
        fs::remove_file(image).map_err(|error| error.to_string())?;
    }
    Ok(Left { acknowledged: last, lost: last - found, broken })
}

/// Starts the writer; what it says arrives number by number.
fn start(data_dir: &Path, careless: bool) -> Result<(Child, Receiver<u64>), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg("write").arg(data_dir).arg("1").stdout(Stdio::piped());
    if careless {
        command.arg("--careless");
    }
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let out = child.stdout.take().ok_or("the writer has no output")?;
    let (said, heard) = channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let Ok(number) = line.parse() else { continue };
            if said.send(number).is_err() {
                return;
            }
        }
    });
    Ok((child, heard))
}

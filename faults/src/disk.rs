//! A disk in a file: made, mounted, copied as a power cut would leave it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file with a file system, mounted while this lives.
pub(crate) struct Disk {
    image: PathBuf,
    at: PathBuf,
}

const BYTES: u64 = 384 << 20;

impl Disk {
    /// An empty one.
    pub(crate) fn new(image: PathBuf, at: PathBuf) -> Result<Self, String> {
        let file = File::create(&image).map_err(|error| format!("{}: {error}", image.display()))?;
        file.set_len(BYTES).map_err(|error| format!("{}: {error}", image.display()))?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image))?;
        Self::mount(image, at)
    }

    /// One that is there. The file system writes back of itself only every five minutes
    /// (`commit`), so that only what was waited for is on the disk.
    pub(crate) fn mount(image: PathBuf, at: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&at).map_err(|error| format!("{}: {error}", at.display()))?;
        run(Command::new("mount").args(["-o", "loop,commit=300"]).arg(&image).arg(&at))?;
        Ok(Self { image, at })
    }

    /// What has reached the disk, as another file.
    pub(crate) fn copy(&self, to: &Path) -> Result<(), String> {
        copy(&self.image, to)
    }

    /// The data folder on it.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.at.join("data")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Processes that were killed let go of their files a moment later.
        for _ in 0..50 {
            if run(Command::new("umount").arg(&self.at)).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(40));
        }
        eprintln!("{} is still mounted", self.at.display());
    }
}

/// Copies an image; holes stay holes.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    run(Command::new("cp").arg("--sparse=always").arg(from).arg(to))
}

/// Whether disks in files can be made here.
pub(crate) fn possible() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    Disk::new(folder.path().join("image"), folder.path().join("at")).map(drop)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

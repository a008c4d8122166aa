//! Processes of the machine: who belongs to whom, and signals to them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The database server of a data folder, and all of its processes.
pub(crate) fn database(data_dir: &Path) -> Vec<u32> {
    let first = |text: String| text.lines().next().and_then(|pid| pid.trim().parse().ok());
    let Some(server) = fs::read_to_string(data_dir.join("pg/postmaster.pid")).ok().and_then(first)
    else {
        return Vec::new();
    };
    let mut family = vec![server];
    family.extend(children(server));
    family
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

/// The fourth field of `/proc/…/stat`; the second is a name in brackets that may hold anything.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Sends a signal. A process that is gone meanwhile needs none.
pub(crate) fn signal(pids: &[u32], name: &str) -> Result<(), String> {
    for pid in pids {
        let told = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).output();
        told.map_err(|error| format!("kill: {error}"))?;
    }
    Ok(())
}

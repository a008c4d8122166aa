use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Whether what is committed survives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Always, outside of tests.
    Full,
    /// The tests' server: its data are worth nothing after the run.
    None,
}

/// Below our settings the operator may add others; they are written once.
const SETTINGS: &str = "
# --- songhe ---
listen_addresses = ''
unix_socket_permissions = 0700
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
jit = off
wal_level = replica
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_min_error_statement = panic
";

const DURABLE: &str = "max_connections = 60
fsync = on
full_page_writes = on
synchronous_commit = on
";

const FOR_TESTS: &str = "max_connections = 300
shared_buffers = 128MB
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
";

/// Nobody but who passes the socket's folder: that is the whole authentication.
const WHO: &str = "local all all trust\n";

pub(super) fn write(pg_dir: &Path, durability: Durability) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(pg_dir.join("postgresql.conf"))?;
    file.write_all(SETTINGS.as_bytes())?;
    file.write_all(match durability {
        Durability::Full => DURABLE.as_bytes(),
        Durability::None => FOR_TESTS.as_bytes(),
    })?;
    file.sync_all()?;
    let mut file = File::create(pg_dir.join("pg_hba.conf"))?;
    file.write_all(WHO.as_bytes())?;
    file.sync_all()
}

/// Changes with the settings, so that tests never run on a server with older ones.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn settings_hash() -> u64 {
    super::fnv(format!("{SETTINGS}{FOR_TESTS}{WHO}").as_bytes())
}

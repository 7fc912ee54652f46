//! Where a warehouse file may lie, and who may read it. SQLite's write-ahead log needs memory that all programs on the
//! file share, which no network file system gives: there the file is refused rather than slowly broken.

use super::{Failure, Mode, Result};
use std::fs::{self, DirBuilder, OpenOptions};
use std::path::Path;

/// Refuses what cannot be a warehouse file (a folder, a share, a file that may only be read), and makes a new one, with
/// its folder, for its owner alone. What is there already keeps its rights.
pub(super) fn prepare(path: &Path, mode: Mode) -> Result<()> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Failure::usage(format!("{shown} is a folder. Name a file in it with --db.")));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if mode == Mode::Create && !path.exists() {
        private_folder(folder)
            .map_err(|e| Failure::usage(format!("The folder {} cannot be made: {e}.", folder.display())))?;
        on_this_machine(folder)?;
        private_file(path)
            .map_err(|e| Failure::usage(format!("{shown} cannot be made: {e}. Name another with --db.")))?;
        return Ok(());
    }
    on_this_machine(folder)?;
    if let Err(e) = may_read(path) {
        return Err(Failure::usage(format!(
            "{shown} cannot be read: {e}. Ask whoever owns the file for the right to."
        )));
    }
    if mode != Mode::ReadOnly && !may_write(path) {
        return Err(Failure::refused(format!(
            "{shown} may only be read here, so nothing can be saved. Ask whoever owns the file for the right to write; export, check and backup work."
        )));
    }
    Ok(())
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Two programs may make the file at once: the second finds it made.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

/// Asked, never tried: where a process opens and closes a file, the locks that SQLite holds on it through other handles
/// of that process are gone (POSIX), and the next program to close the file takes it for its own and removes the log.
#[cfg(unix)]
fn may_read(path: &Path) -> std::io::Result<()> {
    Ok(rustix::fs::access(path, rustix::fs::Access::READ_OK)?)
}

#[cfg(not(unix))]
fn may_read(path: &Path) -> std::io::Result<()> {
    fs::File::open(path).map(drop)
}

#[cfg(unix)]
pub(super) fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
pub(super) fn may_write(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|m| !m.permissions().readonly())
}

/// The kernel's numbers of network file systems (linux/magic.h): NFS, SMB, CIFS, SMB2, AFS (two), Coda, Novell.
#[cfg(target_os = "linux")]
const SHARES: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x564c, "NCP"),
];
/// FUSE: the kernel's table of mounts says of which kind.
#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

#[cfg(target_os = "linux")]
fn on_this_machine(folder: &Path) -> Result<()> {
    let Ok(found) = rustix::fs::statfs(folder) else { return Ok(()) }; // opening it will say what is wrong
    let kind = found.f_type as u32; // the upper half is sign extension
    let share = SHARES.iter().find(|s| s.0 == kind).map(|s| s.1.to_string());
    let share = share.or_else(|| if kind == FUSE { remote_fuse(folder) } else { None });
    match share {
        None => Ok(()),
        Some(name) => Err(Failure::refused(format!(
            "{} lies on a network share ({name}), where two programs can destroy a warehouse file. Keep it on the machine that owns it and work there over SSH: ssh -t HOST backshelf.",
            folder.display()
        ))),
    }
}

#[cfg(not(target_os = "linux"))]
fn on_this_machine(_folder: &Path) -> Result<()> {
    Ok(())
}

/// The kind of the mount that holds the folder, where it is one that reaches over the network.
#[cfg(target_os = "linux")]
fn remote_fuse(folder: &Path) -> Option<String> {
    let folder = fs::canonicalize(folder).ok()?;
    kind_of_mount(&fs::read_to_string("/proc/self/mounts").ok()?, &folder).filter(|kind| {
        ["sshfs", "rclone", "s3fs", "davfs", "glusterfs", "ceph", "curlftpfs", "gvfsd"].iter().any(|k| kind.contains(k))
    })
}

/// The file system type of the innermost mount over the folder, from the kernel's table (`source place type ...`).
#[cfg(target_os = "linux")]
fn kind_of_mount(table: &str, folder: &Path) -> Option<String> {
    let rows = table.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?.replace("\\040", " "), fields.next()?))
    });
    rows.filter(|(place, _)| folder.starts_with(place))
        .max_by_key(|(place, _)| place.len())
        .map(|(_, kind)| kind.to_string())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_counts() {
        let table = "/dev/sda1 / ext4 rw 0 0\nhost:/x /home/a\\040b fuse.sshfs rw 0 0\nproc /proc proc rw 0 0\n";
        assert_eq!(kind_of_mount(table, Path::new("/home/a b/w")).as_deref(), Some("fuse.sshfs"));
        assert_eq!(kind_of_mount(table, Path::new("/home/ab")).as_deref(), Some("ext4"));
    }
}

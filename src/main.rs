//! Arguments to `cli`, its answer to the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    give_freed_memory_back();
    backshelf::cli::main(std::env::args_os())
}

/// The program stays open all day, with threads that now and then need much memory for a moment (planning, find's text,
/// a long list). Left to itself glibc learns from the first large piece that is freed to keep up to 64 MiB a thread
/// for the next one; told these limits once it learns nothing, and at a million items a fifth less stays resident.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_freed_memory_back() {
    const KEPT_AT_MOST: libc::c_int = 256 * 1024;
    const PIECE_OF_ITS_OWN: libc::c_int = 1024 * 1024;
    // SAFETY: both take a number and are called before there is a second thread; a refusal leaves the usual limits.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT_AT_MOST);
        libc::mallopt(libc::M_MMAP_THRESHOLD, PIECE_OF_ITS_OWN);
    }
}

/// Other systems' allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_freed_memory_back() {}

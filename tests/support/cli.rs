//! The program as a script would call it: arguments in; exit code, standard output and standard error out.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A folder of its own with files to import and a warehouse file, removed at the end.
pub struct Bench {
    dir: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The run went well, else its words are shown.
    #[track_caller]
    pub fn well(self) -> Ran {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }
}

impl Bench {
    pub fn new() -> Bench {
        Bench { dir: TempDir::new().unwrap() }
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    pub fn db(&self) -> PathBuf {
        self.path("warehouse.db")
    }
    /// Writes a file of the folder and answers its path.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
    /// Runs the program on this folder's warehouse.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }
    /// The same with a text on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut given = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut given, input.as_bytes()).unwrap();
        std::io::Seek::rewind(&mut given).unwrap();
        let done = Command::new(env!("CARGO_BIN_EXE_backshelf"))
            .stdin(given)
            .args(args)
            .env("BACKSHELF_DB", self.db())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        Ran {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&done.stdout).into_owned(),
            err: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }
    /// Imports every file of a folder.
    #[track_caller]
    pub fn import(&self, folder: &Path, as_of: &str) -> Ran {
        self.run(&["import", folder.to_str().unwrap(), "--as-of", as_of, "--format", "json"]).well()
    }
    /// An export view as JSON rows.
    #[track_caller]
    pub fn export(&self, view: &str, as_of: &str) -> Vec<Value> {
        let ran = self.run(&["export", view, "--format", "json", "--as-of", as_of]).well();
        ran.json().as_array().cloned().unwrap_or_else(|| panic!("not an array: {}", ran.out))
    }
}

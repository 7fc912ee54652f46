//! `backshelf paths`: where everything lies.

use super::{Context, Outcome, out};
use crate::store::{Failure, Result};
use directories::ProjectDirs;
use std::io::Write;
use std::path::PathBuf;

/// Shows where the warehouse file, its copies, your config, your import profiles, your message templates and the sample warehouses lie.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  backshelf paths")]
pub struct Args {}

fn folders() -> Result<ProjectDirs> {
    ProjectDirs::from("", "", "backshelf")
        .ok_or_else(|| Failure::usage("There is no home folder to keep the warehouse in. Name a file with --db."))
}

/// The warehouse file where none is named: `warehouse.db` in the platform's data folder.
pub fn default_database() -> Result<PathBuf> {
    Ok(folders()?.data_dir().join("warehouse.db"))
}

/// What belongs to this machine and its user: `config.toml`.
pub fn config() -> Result<PathBuf> {
    Ok(folders()?.config_dir().join("config.toml"))
}

/// Where the person's own import profiles lie (`NAME.toml`).
pub fn profiles() -> Result<PathBuf> {
    Ok(folders()?.config_dir().join("profiles"))
}

/// Where the person's own message templates lie (`LANGUAGE/MESSAGE.txt`).
pub fn templates() -> Result<PathBuf> {
    Ok(folders()?.config_dir().join("templates"))
}

/// Where sample warehouses are made; may be emptied at any time.
pub fn cache() -> Result<PathBuf> {
    Ok(folders()?.cache_dir().to_path_buf())
}

pub fn run(context: &Context, _args: Args) -> Result<Outcome> {
    let mut out = out();
    writeln!(out, "warehouse  {}", context.db.display())?;
    writeln!(out, "copies     {}", crate::ops::safekeeping::copies_of(&context.db).display())?;
    writeln!(out, "config     {}", config()?.display())?;
    writeln!(out, "profiles   {}", profiles()?.display())?;
    writeln!(out, "templates  {}", templates()?.display())?;
    writeln!(out, "samples    {}", cache()?.display())?;
    out.flush()?;
    Ok(Outcome::Fine)
}

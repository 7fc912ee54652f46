//! `backshelf completions` and `backshelf man`: made from the same definitions as the help.

use super::{Outcome, out};
use crate::store::Result;
use clap::Command;
use std::io::Write;

/// Writes a completion script for your shell.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf completions bash > ~/.local/share/bash-completion/completions/backshelf
  backshelf completions fish > ~/.config/fish/completions/backshelf.fish")]
pub struct CompletionArgs {
    /// Which shell
    shell: clap_complete::Shell,
}

/// Writes the manual page, or that of one command.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf man > ~/.local/share/man/man1/backshelf.1
  backshelf man import")]
pub struct ManArgs {
    /// The command whose page it is; without it the page of the whole program
    command: Option<String>,
}

pub fn completions(args: CompletionArgs, mut command: Command) -> Result<Outcome> {
    let mut written = Vec::new(); // a reader that went away is told by the write below
    clap_complete::generate(args.shell, &mut command, "backshelf", &mut written);
    let mut out = out();
    out.write_all(&written)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

pub fn man(args: ManArgs, command: Command) -> Result<Outcome> {
    let page = match args.command {
        None => command,
        Some(name) => {
            let found = command.get_subcommands().find(|c| c.get_name() == name).cloned();
            found.ok_or_else(|| {
                crate::store::Failure::usage(format!("There is no command {name:?}. `backshelf --help` lists them."))
            })?
        }
    };
    let mut out = out();
    clap_mangen::Man::new(page).render(&mut out)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

//! `backshelf print`: any of the program's texts on paper.

use super::{Context, Outcome, machine, note};
use crate::ops::printing::{self, Printer};
use crate::store::{Failure, Result};
use std::io::Read;
use std::path::PathBuf;

/// The most text that is printed.
const LONGEST: u64 = 8 << 20;

/// Prints a text, from a file or from standard input: with the command that config.toml names (print = "lp"), else to a
/// PDF, whose path is told.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf contacts --due --form | backshelf print --title \"Call list\"
  backshelf print letters/SO-1042.txt
  backshelf contacts --due | backshelf print -o calls.pdf

config.toml (backshelf paths):
  print = \"lp -d dock\"
  print_as = \"text\"      # else the command is given PDF")]
pub struct Args {
    /// The text [default: standard input]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// What stands on top of each page
    #[arg(long, value_name = "WORDS")]
    title: Option<String>,
    /// Not to the printer but to this file, .pdf or .txt
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What config.toml says about printing.
pub fn printer() -> Result<Printer> {
    let machine = machine::load()?;
    let text = match machine.print_as.as_deref() {
        None | Some("pdf") => false,
        Some("text") => true,
        Some(other) => {
            return Err(Failure::usage(format!("config.toml: print_as is \"{other}\"; it takes pdf or text.")));
        }
    };
    Ok(Printer { command: machine.print, text })
}

/// Writes it there.
pub fn keep(printer: &Printer) -> Result<()> {
    let command = printer.command.clone().filter(|c| !c.trim().is_empty());
    machine::change(|machine| {
        machine.print = command;
        machine.print_as = printer.text.then(|| "text".to_string());
    })
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let mut text = String::new();
    let read = match &args.file {
        Some(path) => std::fs::File::open(path).and_then(|f| f.take(LONGEST).read_to_string(&mut text)),
        None => std::io::stdin().lock().take(LONGEST).read_to_string(&mut text),
    };
    let name = args.file.as_ref().map_or("standard input".into(), |p| p.display().to_string());
    read.map_err(|e| Failure::usage(format!("{name} cannot be read as text: {e}.")))?;
    if text.trim().is_empty() {
        return Err(Failure::usage(format!("{name} is empty: there is nothing to print.")));
    }
    let lines: Vec<String> = text.lines().map(String::from).collect();
    let stem = args.file.as_ref().and_then(|p| p.file_stem()).map(|s| s.to_string_lossy().into_owned());
    let title = args.title.or(stem).unwrap_or_else(|| "backshelf".into());
    if let Some(path) = args.output {
        if !printing::is_paper(&path) {
            return Err(Failure::usage("Let the name end in .pdf or .txt."));
        }
        printing::to_file(&path, &title, &lines)?;
        note(&format!("{} lines in {}", lines.len(), path.display()));
        return Ok(Outcome::Fine);
    }
    let folder = context.db.parent().unwrap_or(std::path::Path::new(".")).join("paper");
    note(&printing::print(&printer()?, &title, &lines, &folder)?);
    Ok(Outcome::Fine)
}

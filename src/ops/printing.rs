//! Printing: to the one command that the machine's config names, else to a file, whose path is told.

use crate::exchange::label::{self, Label};
use crate::exchange::paper;
use crate::exchange::write;
use crate::store::{Failure, Result};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a command may take before it is left to itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the machine's config says about printing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Printer {
    /// The command and its arguments, blanks between; none: paper becomes a file.
    pub command: Option<String>,
    /// It takes plain text, not PDF.
    pub text: bool,
}

/// How the machine's word about printing is read and kept: it may change while the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub read: fn() -> Result<Printer>,
    pub keep: fn(&Printer) -> Result<()>,
}

/// Prints lines; answers what became of them, as a sentence. `folder`: where a file goes where there is no printer.
pub fn print(printer: &Printer, title: &str, lines: &[String], folder: &Path) -> Result<String> {
    let bytes = if printer.text { as_text(lines) } else { paper::pdf(title, lines) };
    send(printer, title, &bytes, if printer.text { "txt" } else { "pdf" }, folder)
}

/// Prints labels: they are drawn, so they need a printer that takes PDF.
pub fn print_labels(printer: &Printer, title: &str, labels: &[Label], folder: &Path) -> Result<String> {
    if printer.text && printer.command.is_some() {
        return Err(Failure::usage(
            "The print command takes plain text, and bars are drawn. Write the labels to a file: .pdf, or .zpl for a label printer.",
        ));
    }
    send(printer, title, &label::pdf(labels), "pdf", folder)
}

fn send(printer: &Printer, title: &str, bytes: &[u8], ending: &str, folder: &Path) -> Result<String> {
    let Some(command) = printer.command.as_deref().filter(|c| !c.trim().is_empty()) else {
        let path = free_name(folder, title, ending)?;
        put(&path, bytes)?;
        return Ok(format!("No printer is set (: printer). The paper is {}.", path.display()));
    };
    run(command, bytes)?;
    Ok(format!("Printed {title} ({command})."))
}

/// Writes labels to a file; its ending says how.
pub fn labels_to_file(path: &Path, labels: &[Label]) -> Result<()> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let mut bytes = Vec::new();
    match ending.as_str() {
        "pdf" => bytes = label::pdf(labels),
        "zpl" => label::zpl(labels, &mut bytes)?,
        "html" | "htm" => label::html(labels, &mut bytes)?,
        _ => return Err(Failure::usage("Let the name end in .pdf, .zpl or .html.")),
    }
    put(path, &bytes)
}

/// Writes paper to a file; its ending says how.
pub fn to_file(path: &Path, title: &str, lines: &[String]) -> Result<()> {
    let text = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt"));
    put(path, &if text { as_text(lines) } else { paper::pdf(title, lines) })
}

/// Whether a file's name asks for paper.
pub fn is_paper(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf") || e.eq_ignore_ascii_case("txt"))
}

fn as_text(lines: &[String]) -> Vec<u8> {
    let mut out = lines.join("\n").into_bytes();
    out.push(b'\n');
    out
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = write::to_file(path, |out| out.write_all(bytes));
    written.map_err(|e| Failure::usage(format!("{} cannot be written: {e}.", path.display())))
}

fn free_name(folder: &Path, title: &str, ending: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)
        .map_err(|e| Failure::usage(format!("The folder {} cannot be made: {e}.", folder.display())))?;
    let stem: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    (1..10_000)
        .map(|n| folder.join(if n == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{n}.{ending}") }))
        .find(|path| std::fs::symlink_metadata(path).is_err())
        .ok_or_else(|| Failure::usage(format!("{} is full of paper. Remove some.", folder.display())))
}

/// No shell between: the words of the config are the program and its arguments, nothing of the data is among them.
fn run(command: &str, bytes: &[u8]) -> Result<()> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let failed =
        |why: String| Failure::usage(format!("The print command \"{command}\" {why}. Change it with : printer."));
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| failed(format!("cannot be started ({e})")))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that ends without reading says more by its exit code.
        let _ = stdin.write_all(bytes);
    }
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(failed(format!("ended with {status}"))),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(e) => return Err(failed(format!("cannot be watched ({e})"))),
        }
    }
    Err(failed(format!("is still busy after {} seconds; it goes on by itself", PATIENCE.as_secs())))
}

/// A file that was written, as its name was typed, and its folder where that was not typed with it.
pub fn place(path: &Path) -> String {
    match std::path::absolute(path).ok().as_deref().and_then(Path::parent) {
        Some(folder) if path.is_relative() => format!("{}, in the folder {}", path.display(), folder.display()),
        _ => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_goes_to_the_command_or_to_a_file_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let lines = ["one".to_string(), "two".into()];
        let said = print(&Printer::default(), "Pick list", &lines, folder.path()).unwrap();
        assert!(said.contains("pick-list.pdf"), "{said}");
        assert!(print(&Printer::default(), "Pick list", &lines, folder.path()).unwrap().contains("pick-list-2.pdf"));
        let out = folder.path().join("printed");
        let printer = Printer { command: Some(format!("tee {}", out.display())), text: true };
        print(&printer, "Pick list", &lines, folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(out).unwrap(), "one\ntwo\n");
        let none = Printer { command: Some("no-such-printer-here".into()), text: true };
        assert!(print(&none, "x", &lines, folder.path()).unwrap_err().to_string().contains("cannot be started"));
        let bad = Printer { command: Some("false".into()), text: true };
        assert!(print(&bad, "x", &lines, folder.path()).unwrap_err().to_string().contains("ended with"));
    }
}

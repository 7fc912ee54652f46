//! `backshelf operator`: who works here, and what their role lets them do. A PIN is never an argument: arguments stand in
//! the list of processes.

use super::{Context, Outcome, interactive, label, note, out, visible};
use crate::domain::people::Role;
use crate::exchange::label::Label;
use crate::ops::people::{self, Entered};
use crate::store::{Db, Failure, Mode, Result};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Who works here. As long as all are leads these are names only, and everybody may do everything.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf operator add M.Baker\n  backshelf operator add K.Smit --role counter --operator M.Baker\n  backshelf operator pin M.Baker --operator M.Baker\n  backshelf operator badge K.Smit -o badge.html\n  backshelf operator list\n\nCounters count, move, receive and pick. Keepers do the day's work, cancels, orders and imports.\nLeads may do everything. Without a terminal a PIN is read from the file that BACKSHELF_PIN_FILE names."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Everybody with role, PIN and badge
    List,
    /// Adds somebody
    Add {
        name: String,
        #[arg(long, default_value = "lead", value_parser = role)]
        role: Role,
    },
    /// Gives somebody another role: counter, keeper or lead
    Role {
        name: String,
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Asks for a PIN twice (without a terminal: reads it as one line); `--none` takes it away
    Pin {
        name: String,
        #[arg(long)]
        none: bool,
    },
    /// Makes a badge and prints its code once, or takes the code of a card; `--none` takes it away
    Badge {
        name: String,
        /// The code of a card that he has already
        #[arg(conflicts_with = "none")]
        code: Option<String>,
        #[arg(long)]
        none: bool,
        /// The badge itself, to print and cut out: a .html page, or a .zpl file for a label printer
        #[arg(short, long, value_name = "FILE", conflicts_with = "none")]
        output: Option<PathBuf>,
    },
    /// Takes somebody off the list; what they did stays under their name
    Remove { name: String },
}

fn role(text: &str) -> std::result::Result<Role, String> {
    Role::of_word(text).ok_or_else(|| "a role is counter, keeper or lead".into())
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    if let Command::List = args.command {
        return list(context);
    }
    let mut store = context.open(Mode::Create)?;
    let act = context.act("people");
    let mut code = None;
    let done = match args.command {
        Command::List => return Ok(Outcome::Fine),
        Command::Add { name, role } => people::add(&mut store, act, &name, role)?,
        Command::Role { name, role } => people::set_role(&mut store, act, &name, role)?,
        Command::Remove { name } => people::remove(&mut store, act, &name)?,
        Command::Pin { name, none: true } => people::set_pin(&mut store, act, &name, None)?,
        Command::Pin { name, none: false } => {
            let pin = new_pin()?;
            people::set_pin(&mut store, act, &name, Some(&pin))?
        }
        Command::Badge { name, none: true, .. } => people::set_badge(&mut store, act, &name, None)?,
        Command::Badge { name, code: given, none: false, output } => {
            if let Some(file) = &output {
                label::can_write(file)?; // else the old badge is gone and the new one nowhere
            }
            let made = given.is_none();
            let badge = match given {
                Some(code) => code,
                None => people::new_badge()?,
            };
            let done = people::set_badge(&mut store, act, &name, Some(&badge))?;
            if let Some(file) = output {
                let (title, detail) = (name.trim().to_string(), "badge".to_string());
                label::print(&[Label { code: badge, title, detail }], Some(file))?;
            } else {
                code = Some(badge).filter(|_| made);
            }
            done
        }
    };
    note(if done.summary.is_empty() { "Nothing changed: it was so already." } else { &done.summary });
    if let Some(code) = code {
        let mut out = out();
        writeln!(out, "{code}")?;
        out.flush()?;
        note("Print it as a barcode (Code 128): it is not shown again. -o badge.html makes a new one, ready to print.");
    }
    Ok(Outcome::Fine)
}

fn list(context: &Context) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let everybody = people::list(store.db())?;
    let mut out = out();
    for person in &everybody {
        let has = |yes: bool, what: &'static str| if yes { what } else { "" };
        let line = format!(
            "{:<24} {:<8} {:<4} {}",
            visible(&person.name),
            person.role.word(),
            has(person.has_pin, "PIN"),
            has(person.has_badge, "badge")
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()?;
    note(match (everybody.is_empty(), people::in_force(&everybody)) {
        (true, _) => "Nobody is listed: everybody works under the name he gives.",
        (_, false) => "All are leads: names only, everybody may do everything. A second role changes that.",
        (_, true) => "Roles count: whoever is not listed here may count, move, receive and pick.",
    });
    Ok(Outcome::Fine)
}

/// Refuses whoever works under the name of somebody with a PIN and cannot say it.
pub fn prove(db: &Db, operator: &str) -> Result<()> {
    let Entered::Pin(name) = people::enter(db, operator, None)? else { return Ok(()) };
    if !name.eq_ignore_ascii_case(operator) {
        return Ok(()); // the beginning of another's name
    }
    let pin = match std::env::var_os("BACKSHELF_PIN_FILE").filter(|f| !f.is_empty()) {
        Some(file) => in_file(Path::new(&file))?,
        None if interactive() => asked(&format!("PIN of {name}: "))?,
        None => {
            return Err(Failure::usage(format!(
                "{name} has a PIN: put it into a file of mode 0600 and name that in BACKSHELF_PIN_FILE."
            )));
        }
    };
    match people::enter(db, operator, Some(&pin))? {
        Entered::In(_) => Ok(()),
        _ => Err(Failure::refused(format!("That is not the PIN of {name}. Nothing was done."))),
    }
}

fn in_file(path: &Path) -> Result<String> {
    let unread = |e: std::io::Error| Failure::usage(format!("{} cannot be read: {e}.", path.display()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(path).map_err(unread)?.permissions().mode() & 0o077 != 0 {
            return Err(Failure::usage(format!("Others can read {}: chmod 600 it.", path.display())));
        }
    }
    Ok(std::fs::read_to_string(path).map_err(unread)?.trim().to_string())
}

fn new_pin() -> Result<String> {
    if !interactive() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        return Ok(line.trim().to_string());
    }
    let first = asked("New PIN (4 to 12 digits): ")?;
    if asked("Once more: ")? != first {
        return Err(Failure::refused("The two are not the same. Nothing was changed."));
    }
    Ok(first)
}

/// Asks on the terminal without showing what is typed.
fn asked(words: &str) -> Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin).map_err(std::io::Error::from)?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    eprint!("{words}");
    tcsetattr(&stdin, OptionalActions::Now, &hidden).map_err(std::io::Error::from)?;
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    tcsetattr(&stdin, OptionalActions::Now, &before).map_err(std::io::Error::from)?;
    eprintln!();
    read?;
    Ok(line.trim().to_string())
}

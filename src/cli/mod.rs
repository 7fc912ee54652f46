//! The same capabilities without a terminal. One file per subcommand: its `Args` (what it takes) and its `run`.
//!
//! Standard output holds only the result, in UTF-8; notes and progress go to standard error. Exit codes:
//! 0 done, 1 a problem in the data (or something broke), 2 wrong use.

pub mod backup;
pub mod chase;
pub mod check;
pub mod contacts;
pub mod count;
pub mod demo;
pub mod end_of_day;
pub mod export;
pub mod find;
pub mod first_run;
pub mod history;
pub mod import;
pub mod label;
pub mod machine;
pub mod manual;
pub mod operator;
pub mod paths;
pub mod pick;
pub mod po;
pub mod print;
pub mod receive;
pub mod replay;
pub mod replay_suppliers;
pub mod restore;
pub mod rule;
pub mod scanner;
pub mod send;
pub mod set;
pub mod template;
pub mod undo;
pub mod value;
pub mod workbench;

use crate::clock::Clock;
use crate::domain::locale::{self, Locale};
use crate::domain::people::clean_name;
use crate::ops::settings;
use crate::store::{Act, Failure, Mode, Result, Store};
use chrono::NaiveDate;
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "Examples:
  backshelf                                  opens the workbench on your warehouse
  backshelf demo                             opens it on a sample warehouse
  backshelf import items.csv stock.csv       brings in files
  backshelf export backorders --format csv   writes what the Backorders tab shows
  backshelf contacts --due                   says whom to call today
  backshelf undo                             takes the last operation back

Exit codes: 0 done, 1 a problem in the data, 2 wrong use.";

/// Stock, open backorders, supplier scorecards and reorder suggestions over one SQLite file.
/// Without a command: opens the workbench.
#[derive(Parser, Debug)]
#[command(name = "backshelf", version, about, after_help = EXAMPLES, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command; they stand before or after it.
#[derive(clap::Args, Debug)]
struct Common {
    /// The warehouse file [default: BACKSHELF_DB, else in your data folder; see `backshelf paths`]
    #[arg(long, value_name = "FILE", global = true)]
    db: Option<PathBuf>,
    /// Business date to use in place of today, such as 2026-11-23: everything about lateness follows it
    #[arg(long, value_name = "DATE", global = true, value_parser = parse_date)]
    as_of: Option<NaiveDate>,
    /// Who does this, for the record [default: your login name]
    #[arg(long, value_name = "NAME", global = true)]
    operator: Option<String>,
    /// Open the workbench for reading only: nothing can be saved
    #[arg(long, global = true)]
    read_only: bool,
    /// Draw the workbench with ASCII characters only
    #[arg(long, global = true)]
    ascii: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    Import(import::Args),
    Export(export::Args),
    Print(print::Args),
    EndOfDay(end_of_day::Args),
    Find(find::Args),
    Contacts(contacts::Args),
    Chase(chase::Args),
    Check(check::Args),
    Count(count::Args),
    Undo(undo::Args),
    History(history::Args),
    Backup(backup::Args),
    Po(po::Args),
    Restore(restore::Args),
    Replay(replay::Args),
    ReplaySuppliers(replay_suppliers::Args),
    Rule(rule::Args),
    Send(send::Args),
    Set(set::Args),
    Operator(operator::Args),
    Scanner(scanner::Args),
    Template(template::Args),
    Value(value::Args),
    MonthEnd(value::MonthArgs),
    Paths(paths::Args),
    Completions(manual::CompletionArgs),
    Man(manual::ManArgs),
    Label(label::Args),
    Pick(pick::Args),
    Receive(receive::Args),
    Demo(demo::Args),
}

/// What every subcommand is given.
#[derive(Clone, Debug)]
pub struct Context {
    pub clock: Clock,
    /// Who does this: `--operator`, else the login name.
    pub operator: String,
    /// The warehouse file: `--db`, else `BACKSHELF_DB`, else the one in the data folder.
    pub db: PathBuf,
    /// Whether the person named the file (`--db`), as `demo` wants to know: it never touches the user's own.
    pub db_given: bool,
    /// The workbench opens for reading only.
    pub read_only: bool,
    /// The workbench draws with ASCII only.
    pub ascii: bool,
}

impl Context {
    /// The head of an operation done now by this person. `kind` is its name in the journal.
    pub fn act(&self, kind: &'static str) -> Act {
        Act { kind, operator: self.operator.clone(), now: self.clock.now(), today: self.clock.today(), uid: None }
    }
    /// The business date.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }
    /// Opens the warehouse file. A missing one is refused (exit 2) unless `mode` makes it. To write, whoever works under
    /// the name of somebody with a PIN must say it.
    pub fn open(&self, mode: Mode) -> Result<Store> {
        let store = Store::open(&self.db, mode)?;
        locale::set(Locale::named(&settings::current(store.db(), "locale")?));
        if mode != Mode::ReadOnly {
            operator::prove(store.db(), &self.operator)?;
        }
        Ok(store)
    }
}

/// How a command ended, when nothing stood in its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Exit 0.
    Fine,
    /// It ran and found problems in the data, already told: exit 1.
    Problems,
}

/// Reads the arguments, runs the command, prints what went wrong: the whole program but its exit.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(e) => {
            let _ = e.print(); // help into a closed pipe is nobody's problem
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(arguments) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(failure) => tell(&failure),
    }
}

fn dispatch(arguments: Arguments) -> Result<Outcome> {
    let context = context(arguments.common)?;
    match arguments.command {
        None => workbench::run(&context),
        Some(Command::Import(args)) => import::run(&context, args),
        Some(Command::Export(args)) => export::run(&context, args),
        Some(Command::Print(args)) => print::run(&context, args),
        Some(Command::EndOfDay(args)) => end_of_day::run(&context, args),
        Some(Command::Find(args)) => find::run(&context, args),
        Some(Command::Contacts(args)) => contacts::run(&context, args),
        Some(Command::Chase(args)) => chase::run(&context, args),
        Some(Command::Check(args)) => check::run(&context, args),
        Some(Command::Count(args)) => count::run(&context, args),
        Some(Command::History(args)) => history::run(&context, args),
        Some(Command::Undo(args)) => undo::run(&context, args),
        Some(Command::Backup(args)) => backup::run(&context, args),
        Some(Command::Po(args)) => po::run(&context, args),
        Some(Command::Restore(args)) => restore::run(&context, args),
        Some(Command::Replay(args)) => replay::run(&context, args),
        Some(Command::ReplaySuppliers(args)) => replay_suppliers::run(&context, args),
        Some(Command::Rule(args)) => rule::run(&context, args),
        Some(Command::Send(args)) => send::run(&context, args),
        Some(Command::Set(args)) => set::run(&context, args),
        Some(Command::Scanner(args)) => scanner::run(&context, args),
        Some(Command::Operator(args)) => operator::run(&context, args),
        Some(Command::Template(args)) => template::run(&context, args),
        Some(Command::Value(args)) => value::run(&context, args),
        Some(Command::MonthEnd(args)) => value::run_month(&context, args),
        Some(Command::Completions(args)) => manual::completions(args, Arguments::command()),
        Some(Command::Man(args)) => manual::man(args, Arguments::command()),
        Some(Command::Paths(args)) => paths::run(&context, args),
        Some(Command::Label(args)) => label::run(&context, args),
        Some(Command::Pick(args)) => pick::run(&context, args),
        Some(Command::Receive(args)) => receive::run(&context, args),
        Some(Command::Demo(args)) => demo::run(&context, args),
    }
}

fn context(common: Common) -> Result<Context> {
    let db_given = common.db.is_some();
    let from_env = || std::env::var_os("BACKSHELF_DB").filter(|v| !v.is_empty()).map(PathBuf::from);
    let db = match common.db.or_else(from_env) {
        Some(db) if db.as_os_str().is_empty() => {
            return Err(Failure::usage("--db needs the name of a file."));
        }
        Some(db) => db,
        None => machine::load()?.warehouse.map_or_else(paths::default_database, Ok)?,
    };
    let operator = match common.operator {
        Some(name) => clean_name(&name).ok_or_else(|| Failure::usage("--operator needs a name."))?,
        None => machine::load()?.operator.and_then(|name| clean_name(&name)).unwrap_or_else(login_name),
    };
    Ok(Context {
        clock: Clock::new(common.as_of),
        operator,
        db,
        db_given,
        read_only: common.read_only,
        ascii: common.ascii,
    })
}

/// The login name: from the environment, else from the system's list of users, else the user's number.
fn login_name() -> String {
    let from_env = ["LOGNAME", "USER", "USERNAME"].iter().filter_map(|key| std::env::var(key).ok());
    from_env.filter_map(|name| clean_name(&name)).next().unwrap_or_else(name_of_this_user)
}

#[cfg(unix)]
fn name_of_this_user() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| clean_name(name)).flatten()
    });
    found.unwrap_or_else(|| format!("user {uid}"))
}

#[cfg(not(unix))]
fn name_of_this_user() -> String {
    "unknown".into()
}

fn parse_date(text: &str) -> std::result::Result<NaiveDate, String> {
    let iso = |t: &str| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok().filter(|_| t.len() == 10);
    iso(text).ok_or_else(|| "a date is written year-month-day, such as 2026-11-23".into())
}

/// Prints why nothing was done, and gives the exit code. A reader that went away (`| head`) is no failure.
fn tell(failure: &Failure) -> ExitCode {
    if let Failure::Broken(e) = failure {
        let gone = e.chain().filter_map(|c| c.downcast_ref::<io::Error>());
        if gone.into_iter().any(|e| e.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        note(&format!("backshelf: something broke: {failure}"));
        return ExitCode::from(1);
    }
    note(&format!("backshelf: {failure}"));
    ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
}

/// A line to standard error: progress, notes, refusals. Control characters of data never reach the terminal.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(line)); // nobody is left to tell that this failed
}

/// Standard output, buffered: flush it before the command ends, or a full disk or closed pipe goes unseen.
pub fn out() -> io::BufWriter<io::StdoutLock<'static>> {
    io::BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Whether a person sits at both ends; else nothing is asked and no bar is drawn.
pub fn interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Text as it may be shown on any terminal: control and bidi characters become a mark; line breaks stay.
pub fn visible(text: &str) -> String {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if hidden(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in [
            "backshelf --db a.db --as-of 2026-11-23 --operator Kim check",
            "backshelf check --db a.db --as-of 2026-11-23 --operator Kim",
        ] {
            let parsed = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(parsed.common.db, Some(PathBuf::from("a.db")), "{line}");
            assert_eq!(parsed.common.as_of, NaiveDate::from_ymd_opt(2026, 11, 23));
            assert_eq!(parsed.common.operator.as_deref(), Some("Kim"));
        }
    }

    #[test]
    fn every_command_has_an_example_in_its_help() {
        for command in Arguments::command().get_subcommands_mut() {
            let help = command.render_long_help().to_string();
            assert!(help.contains(&format!("backshelf {}", command.get_name())), "{help}");
        }
    }

    #[test]
    fn a_date_is_iso_or_refused() {
        assert!(parse_date("2026-11-23").is_ok());
        for text in ["23.11.2026", "2026-13-01", "2026-1-1", "", "today"] {
            assert!(parse_date(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_made_visible() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}c\td\né"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\né");
    }
}

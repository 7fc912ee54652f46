//! `backshelf count`: sessions without the workbench: begin, scan, sheets, review, post.

use super::{Context, Outcome, note, out, visible};
use crate::domain::counting::{Class, Scope};
use crate::domain::ids::SessionId;
use crate::exchange::sheet::Sheet;
use crate::exchange::write::{self, Format};
use crate::ops::counting::accuracy::{self, By};
use crate::ops::counting::counter::{Counter, Sent};
use crate::ops::counting::{self, Wanted, review, sheet};
use crate::store::{Failure, Mode, Result, counting as store};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Counts in sessions: scans from standard input, blind sheets, review and posting.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf count begin --bins A1\n  backshelf count sheet 3 -o count.xlsx\n  backshelf count read 3 count.xlsx --operator K.Smit\n  backshelf count review 3\n  backshelf count post 3"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// The sessions that are neither posted nor thrown away
    List,
    /// Begins a session and prints its number
    Begin(Begin),
    /// Takes lines from standard input as a scanner sends them, each answered when it is saved. `=` before a line: typed
    Scan {
        session: i64,
        /// Each line begins with its own id and a tab: sent twice it is counted once
        #[arg(long)]
        stamped: bool,
    },
    /// Writes a blind count sheet (.csv or .xlsx), or a page to print
    Sheet {
        session: i64,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Reads a filled sheet back as the operator's count
    Read { session: i64, file: PathBuf },
    /// What was counted against the book of that moment, as CSV
    Review { session: i64 },
    /// Books what is ready: one operation, `backshelf undo` takes it back
    Post { session: i64 },
    /// How exact the books were: one less the absolute differences over the book
    Accuracy {
        #[arg(long, value_enum, default_value = "bin")]
        by: ByName,
        /// Over how many days back
        #[arg(long, default_value_t = 365)]
        days: u64,
    },
}

#[derive(Clone, Copy, clap::ValueEnum, Debug)]
enum ByName {
    Bin,
    Class,
    Counter,
}

#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("scope").required(true))]
struct Begin {
    /// Whole bins: codes, beginnings, ranges ("A1 C2-11 D1-01..D1-09")
    #[arg(long, group = "scope", value_name = "BINS")]
    bins: Option<String>,
    /// Everything of a category
    #[arg(long, group = "scope", value_name = "NAME")]
    category: Option<String>,
    /// A, B or C, by the value used in a year
    #[arg(long, group = "scope", value_name = "LETTER")]
    class: Option<String>,
    /// Not counted for so many days
    #[arg(long, group = "scope", value_name = "DAYS")]
    not_for: Option<i64>,
    /// Never counted
    #[arg(long, group = "scope")]
    never: bool,
    /// Emptied by the last pick
    #[arg(long, group = "scope")]
    emptied: bool,
    /// What customers wait for although the book says that it is there
    #[arg(long, group = "scope")]
    short: bool,
    /// What the schedule (setting counting.days) asks for today
    #[arg(long, group = "scope")]
    due: bool,
    /// Whatever is scanned
    #[arg(long, group = "scope")]
    anything: bool,
    /// What the session is called
    #[arg(long, default_value = "")]
    name: String,
}

impl Begin {
    fn scope(&self) -> Result<Scope> {
        Ok(match self {
            Begin { bins: Some(which), .. } => Scope::Bins(which.clone()),
            Begin { category: Some(name), .. } => Scope::Category(name.clone()),
            Begin { class: Some(letter), .. } => {
                Scope::Class(Class::from_letter(letter).ok_or_else(|| Failure::usage("A class is A, B or C."))?)
            }
            Begin { not_for: Some(days), .. } => Scope::NotFor(*days),
            Begin { never: true, .. } => Scope::Never,
            Begin { emptied: true, .. } => Scope::Emptied,
            Begin { short: true, .. } => Scope::Short,
            Begin { due: true, .. } => Scope::Due,
            _ => Scope::Anything,
        })
    }
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    match args.command {
        Command::List => list(context),
        Command::Begin(begin) => {
            let mut store = context.open(Mode::Existing)?;
            let wanted = Wanted { scope: begin.scope()?, name: begin.name, uid: None };
            let session = counting::begin(&mut store, &context.act("count"), &wanted)?;
            say(&session.0.to_string())
        }
        Command::Scan { session, stamped } => scan(context, SessionId(session), stamped),
        Command::Sheet { session, output } => {
            let store = context.open(Mode::ReadOnly)?;
            let title = store::session(store.db(), SessionId(session))?.name;
            write_sheet(&title, &sheet::blind(store.db(), SessionId(session))?, output.as_deref())
        }
        Command::Read { session, file } => read(context, SessionId(session), &file),
        Command::Review { session } => {
            let store = context.open(Mode::ReadOnly)?;
            let found = review::load(store.db(), SessionId(session), &context.operator, context.today())?;
            csv(&review::sheet(&found))
        }
        Command::Post { session } => {
            let mut store = context.open(Mode::Existing)?;
            let done = review::post(&mut store, context.act("post count"), SessionId(session))?;
            if done.value.left > 0 {
                note(&format!(
                    "{} lines, bins or codes are left over: the session stays open for them.",
                    done.value.left
                ));
            }
            say(&done.summary)
        }
        Command::Accuracy { by, days } => {
            let by = match by {
                ByName::Bin => By::Bin,
                ByName::Class => By::Class,
                ByName::Counter => By::Counter,
            };
            let store = context.open(Mode::ReadOnly)?;
            csv(&accuracy::sheet(&accuracy::accuracy(store.db(), by, context.today(), days)?))
        }
    }
}

fn say(line: &str) -> Result<Outcome> {
    let mut out = out();
    writeln!(out, "{}", visible(line))?;
    out.flush()?;
    Ok(Outcome::Fine)
}

fn csv(sheet: &Sheet) -> Result<Outcome> {
    let mut out = out();
    write::sheet(sheet, Format::Csv, &mut out)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

fn list(context: &Context) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let mut out = out();
    for s in store::open_sessions(store.db())? {
        let line = format!("{:>4}  {}  {}  {}", s.id.0, s.started_at.format("%Y-%m-%d %H:%M"), s.operator, s.name);
        writeln!(out, "{}", visible(&line))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// Each line is answered on standard output once it is on disk: `ok`, `again` (taken before) or `no` and why.
fn scan(context: &Context, session: SessionId, stamped: bool) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let mut counter = Counter::resume(store.db(), session, &context.operator)?;
    let (mut out, mut refused) = (std::io::stdout().lock(), false);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (uid, text) = match line.split_once('\t').filter(|_| stamped) {
            Some((uid, text)) => (Some(uid), text),
            None => (None, line.as_str()),
        };
        let (scanned, text) = text.strip_prefix('=').map_or((true, text), |typed| (false, typed));
        let answer = match counter.enter(&mut store, &context.act("count"), &Sent { text, scanned, uid, twice: false })
        {
            Ok(told) if told.again => "again".to_string(),
            Ok(told) if told.find.is_some() => {
                refused = true;
                format!("no Nothing here has the code {text}.")
            }
            Ok(told) => format!("ok {}", told.sentence),
            Err(Failure::Refused(why)) => {
                refused = true;
                format!("no {why}")
            }
            Err(broken) => return Err(broken),
        };
        writeln!(out, "{}", visible(answer.trim_end()))?;
        out.flush()?;
    }
    Ok(if refused { Outcome::Problems } else { Outcome::Fine })
}

fn write_sheet(title: &str, sheet: &Sheet, output: Option<&Path>) -> Result<Outcome> {
    let Some(path) = output.filter(|p| p.as_os_str() != "-") else { return page(title, sheet) };
    let format = Format::of_file(path).ok_or_else(|| Failure::usage("Let the name end in .csv or .xlsx."))?;
    let rows = write::to_file(path, |out| write::sheet(sheet, format, out))
        .map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display())))?;
    note(&format!("{rows} rows in {}", path.display()));
    Ok(Outcome::Fine)
}

/// A page to print, on standard output.
fn page(title: &str, sheet: &Sheet) -> Result<Outcome> {
    let mut out = out();
    write!(out, "{}", visible(&sheet::page(title, sheet)))?;
    out.flush()?;
    Ok(Outcome::Fine)
}

fn read(context: &Context, session: SessionId, file: &Path) -> Result<Outcome> {
    let grid = sheet::grid_of(file)?;
    let mut store = context.open(Mode::Existing)?;
    let found = sheet::read_back(&mut store, &context.act("count"), session, &grid)?;
    if !found.problems.is_empty() {
        for problem in &found.problems {
            note(&format!("{}:{}: {}", file.display(), problem.line, problem.sentence));
        }
        note("Nothing was taken. Correct the sheet and read it again.");
        return Ok(Outcome::Problems);
    }
    let before = if found.before > 0 { format!("; {} bins were read before", found.before) } else { String::new() };
    say(&format!("{} lines of {} bins counted{before}.", found.lines, found.bins))
}

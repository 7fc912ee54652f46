//! What belongs to no tab: settings, the check of the file, copies, files of what a list shows.

use super::{Desk, Lane, Trouble};
use crate::domain::ids::PoId;
use crate::domain::locale::{self, Locale};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::paper;
use crate::exchange::sheet::Sheet;
use crate::exchange::write::{self, Format, Writer};
use crate::messages::supplier::Letter;
pub use crate::ops::closing::{CLOSED, CLOSES_TODAY};
use crate::ops::outbox::Verdict;
use crate::ops::people;
use crate::ops::printing;
use crate::ops::views::{po, stock};
use crate::ops::{checking, day_end, safekeeping, settings};
use crate::post;
use crate::post::smtp::Limits;
use crate::store::browse::{self, Short, StockOrder, StockRow};
use crate::store::{Db, Done, Failure};
use chrono::{NaiveDate, NaiveDateTime};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use crate::exchange::sheet::Value;
pub use crate::ops::printing::Printer;
pub use crate::ops::settings::{Group, Listed, Setting, Takes, spoken, wanted};

/// The most rows that go onto paper.
const MOST_ON_PAPER: usize = 50_000;

#[derive(Clone, Debug)]
pub enum Load {
    /// Every setting with its value.
    Settings,
    /// Whether the file is sound and the books agree.
    Check,
    /// Copies the warehouse to a file.
    Backup(PathBuf),
    /// Writes what a list shows to a file that is not there yet; its ending says how. All of it is read from there,
    /// where the screen may hold a part only.
    Export(Shown, Option<Whole>, PathBuf),
    /// Tries the mail server with these values in place of the stored ones; with an address a mail is sent there.
    TryMail { values: Vec<(&'static str, String)>, to: Option<String> },
    /// Puts another print command in the machine's config.
    KeepPrinter(Printer),
    /// Prints a page to see whether that command works.
    TryPrinter(Printer),
    /// Makes the exports at the end of the day.
    DayEnd,
    /// Prints a page, under that title.
    PrintPage(String, Vec<String>),
    /// Writes it to a file that is not there yet, .pdf or .txt.
    WritePage(String, Vec<String>, PathBuf),
    /// A name for a file that is not there yet: that one, else with a number behind it.
    FreeName(PathBuf),
    /// Prints what a list shows, under that title.
    Print(Shown, Option<Whole>, String),
}

/// A list as it is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Value>>,
    /// More rows belong to the list than are in memory.
    pub more: bool,
}

impl Shown {
    /// All of a list whose cells were written for machines ([`Locale::File`](crate::domain::locale::Locale)); those
    /// columns hold figures.
    pub fn of(columns: Vec<&'static str>, rows: Vec<Vec<String>>, figures: &[&str]) -> Shown {
        let figure: Vec<bool> = columns.iter().map(|c| figures.contains(c)).collect();
        let row = |row: Vec<String>| row.into_iter().zip(&figure).map(|(cell, f)| value(cell, *f)).collect();
        Shown { rows: rows.into_iter().map(row).collect(), columns, more: false }
    }
}

/// A cell that was written for machines, as what it says; a code stays a code, whatever it looks like.
pub fn value(cell: String, figure: bool) -> Value {
    if cell.is_empty() {
        return Value::None;
    }
    if let Ok(date) = NaiveDate::parse_from_str(&cell, "%Y-%m-%d") {
        return Value::Date(date);
    }
    let cents = || Money::parse(&cell).filter(|_| cell.split_once('.').is_some_and(|(_, f)| f.len() == 2));
    match figure {
        true => cents().map(Value::Money).or_else(|| Qty::parse(&cell).map(Value::Quantity)),
        false => None,
    }
    .unwrap_or(Value::Text(cell))
}

/// A list that the screen holds a part of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whole {
    /// The Stock list, in that order.
    Stock(StockOrder),
    /// By bin, by value, or what is too much.
    Short(Short),
    /// The items that match a filter.
    Matching(String),
    /// A PO: on paper the order as it goes out, else its lines as they are shown.
    Order(PoId),
}

#[derive(Debug)]
pub enum Answer {
    Settings {
        all: Vec<Listed>,
        printer: Printer,
        /// Who may do what is told apart.
        people: usize,
    },
    /// Each a sentence; the first says the whole.
    Checked(Vec<String>),
    /// A name that no file has.
    Name(PathBuf),
    /// A file was written, or why not.
    Written(Result<String, String>),
}

#[derive(Clone, Debug)]
pub enum Write {
    /// Settings and their values, at once.
    Set(Vec<(&'static str, String)>),
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Settings | Load::FreeName(_) => Lane::Quick,
            _ => Lane::Slow,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Settings => {
            Answer::Settings { all: settings::list(db)?, printer: printer(desk), people: people::list(db)?.len() }
        }
        Load::TryMail { values, to } => Answer::Written(said(try_mail(desk, &values, to.as_deref()))),
        Load::KeepPrinter(printer) => Answer::Written(said(keep_printer(desk, &printer))),
        Load::TryPrinter(printer) => Answer::Written(said(try_printer(desk, &printer))),
        Load::Check => Answer::Checked(checked(checking::check(db)?)),
        Load::Backup(path) => Answer::Written(said(safekeeping::backup(&desk.store, &path).map(|copied| {
            format!("Copied and checked: {} operations in {}", copied.operations, printing::place(&path))
        }))),
        Load::Export(shown, whole, path) => Answer::Written(said(export(desk, shown, whole, &path))),
        Load::DayEnd => Answer::Checked(day_end(db, desk.clock.moment())?),
        Load::PrintPage(title, lines) => Answer::Written(said(print_lines(desk, &title, &lines))),
        Load::WritePage(title, lines, path) => Answer::Written(said(
            free(&path)
                .and_then(|()| printing::to_file(&path, &title, &lines))
                .map(|()| format!("It is in {}", printing::place(&path))),
        )),
        Load::FreeName(path) => Answer::Name(free_name(path)),
        Load::Print(shown, whole, title) => Answer::Written(said(print(desk, shown, whole, &title))),
    })
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let Write::Set(values) = write;
    let act = desk.act("set");
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let done = settings::set_all(&mut desk.store, act, &values)?;
    // Seen at once; other workstations see it when they open the file again.
    if values.iter().any(|(key, _)| *key == "locale") {
        locale::set(Locale::named(&settings::current(desk.store.db(), "locale")?));
    }
    Ok(done)
}

/// How long a try may take: somebody sits before it.
const TRY: Limits = Limits { talk: Duration::from_secs(20), content: Duration::from_secs(30) };

fn try_mail(desk: &Desk, values: &[(&str, String)], to: Option<&str>) -> Result<String, Failure> {
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let settings = settings::Settings::load(desk.store.db())?.with(&values)?;
    let report = post::test(&settings, desk.clock, TRY, to)?;
    match (report.verdict, to) {
        (Verdict::Sent, Some(to)) => Ok(format!("A test mail is on its way to {to}: {}", report.said)),
        (Verdict::Sent, None) => Ok(format!("It works: {}", report.said)),
        _ => Err(Failure::refused(format!("It does not work yet, at {}: {}", report.phase.name(), report.said))),
    }
}

fn printer(desk: &Desk) -> Printer {
    // A config that cannot be read is told when something is printed.
    desk.printer.and_then(|kept| (kept.read)().ok()).unwrap_or_default()
}

fn keep_printer(desk: &Desk, printer: &Printer) -> Result<String, Failure> {
    let kept = desk.printer.ok_or_else(|| Failure::refused("There is no config to keep it in."))?;
    (kept.keep)(printer)?;
    Ok(match &printer.command {
        Some(command) => format!("Paper goes to \"{command}\" from now on."),
        None => "Paper becomes a file from now on; its path is told.".into(),
    })
}

fn try_printer(desk: &Desk, printer: &Printer) -> Result<String, Failure> {
    let lines = ["This is a test page.".to_string(), format!("{}, {}", desk.operator, desk.clock.now())];
    printing::print(printer, "Test page", &lines, &paper_folder(desk))
}

/// The dialog that asked stays open with the sentence: what it is told is an answer, not a failed reading.
pub(super) fn said(result: Result<String, Failure>) -> Result<String, String> {
    result.map_err(|failure| Trouble::from(failure).sentence)
}

fn day_end(db: &Db, now: NaiveDateTime) -> Result<Vec<String>, Failure> {
    let made = match day_end::export(db, now) {
        Ok(made) => made,
        Err(Failure::Broken(e)) => return Err(Failure::Broken(e)),
        Err(sentence) => return Ok(vec![Trouble::from(sentence).sentence]),
    };
    if made.is_empty() {
        let none = "No exports are made at the end of the day. Name a folder for them: : settings, Printing and files.";
        return Ok(vec![none.into()]);
    }
    Ok(made.into_iter().map(|(rows, path)| format!("{rows} rows in {}", path.display())).collect())
}

fn checked(report: checking::Report) -> Vec<String> {
    if report.faults.is_empty() {
        return vec![format!(
            "All is well: {} items, {} movements, {} operations; the books agree.",
            report.items, report.movements, report.operations
        )];
    }
    let mut lines =
        vec![format!("{} faults. Keep a copy (: backup), then restore the last good one.", report.faults.len())];
    lines.extend(report.faults);
    lines
}

fn export(desk: &mut Desk, shown: Shown, whole: Option<Whole>, path: &Path) -> Result<String, Failure> {
    free(path)?;
    if let (Some(Whole::Order(po)), true) = (&whole, printing::is_paper(path)) {
        printing::to_file(path, "backshelf", &order(desk, *po)?)?;
        return Ok(format!("The order is in {}", printing::place(path)));
    }
    let whole = whole.filter(|w| !matches!(w, Whole::Order(_)));
    if printing::is_paper(path) {
        let sheet = sheet(desk, shown, whole)?;
        printing::to_file(path, "backshelf", &paper::table(&sheet))?;
        return Ok(format!("{} rows in {}", sheet.rows.len(), printing::place(path)));
    }
    let format =
        Format::of_file(path).ok_or_else(|| Failure::usage("Let the name end in .csv, .xlsx, .json, .pdf or .txt."))?;
    let cut = shown.more && whole.is_none();
    let written = write::to_file(path, |out| -> Result<u64, Failure> {
        let Some(whole) = whole else { return Ok(write::sheet(&as_shown(shown), format, out)?) };
        let mut writer = Writer::new(format, out, "shown", stock::COLUMNS.to_vec())?;
        each(desk, &whole, &mut |row| Ok(writer.row(&stock::cells(row))?))?;
        Ok(writer.finish()?)
    });
    let written = written.map_err(|failure| match failure {
        Failure::Broken(e) => Failure::usage(format!("{} cannot be written: {e}. Type another name.", path.display())),
        other => other,
    })?;
    let rest = if cut { "; these are not all: `backshelf export` writes the whole list" } else { "" };
    Ok(format!("{written} rows in {}{rest}", printing::place(path)))
}

/// Every row of a list, also those that are not in memory.
fn each(desk: &mut Desk, whole: &Whole, take: &mut dyn FnMut(&StockRow) -> Result<(), Failure>) -> Result<(), Failure> {
    match whole {
        Whole::Stock(order) => stock::each(desk.store.db(), *order, take),
        Whole::Order(_) => Ok(()), // what is shown of it is all of it
        Whole::Short(short) => browse::stock_short(desk.store.db(), *short, i64::MAX, take),
        Whole::Matching(text) => {
            let items = desk.haystack.search(desk.store.db(), text, usize::MAX)?;
            browse::stock_rows_of(desk.store.db(), &items)?.iter().try_for_each(take)
        }
    }
}

fn as_shown(shown: Shown) -> Sheet {
    Sheet { name: "shown", columns: shown.columns, rows: shown.rows }
}

/// The list in memory, for paper.
fn sheet(desk: &mut Desk, shown: Shown, whole: Option<Whole>) -> Result<Sheet, Failure> {
    let Some(whole) = whole else { return Ok(as_shown(shown)) };
    let mut rows = Vec::new();
    each(desk, &whole, &mut |row| {
        if rows.len() >= MOST_ON_PAPER {
            return Err(Failure::usage("That is more than 50,000 rows: nobody reads so much paper. Filter first (/)."));
        }
        rows.push(stock::cells(row));
        Ok(())
    })?;
    Ok(Sheet { name: "shown", columns: stock::COLUMNS.to_vec(), rows })
}

/// A PO on paper.
fn order(desk: &Desk, po: PoId) -> Result<Vec<String>, Failure> {
    let by = (desk.operator.as_str(), desk.templates.as_deref());
    let (letter, about) = (Letter::Order, po::About::default());
    Ok(po::paper(&po::letter(desk.store.db(), letter, &[po], &about, by, desk.today())?.words))
}

fn print(desk: &mut Desk, shown: Shown, whole: Option<Whole>, title: &str) -> Result<String, Failure> {
    let lines = match &whole {
        Some(Whole::Order(po)) => order(desk, *po)?,
        _ => paper::table(&sheet(desk, shown, whole)?),
    };
    print_lines(desk, title, &lines)
}

fn print_lines(desk: &Desk, title: &str, lines: &[String]) -> Result<String, Failure> {
    printing::print(&the_printer(desk)?, title, lines, &paper_folder(desk))
}

/// As the machine's config says now; a config that cannot be read is told.
pub(super) fn the_printer(desk: &Desk) -> Result<Printer, Failure> {
    desk.printer.map_or(Ok(Printer::default()), |kept| (kept.read)())
}

/// `stock-2026-11-23.csv`, the second time on a day `stock-2026-11-23-2.csv`.
fn free_name(path: PathBuf) -> PathBuf {
    let words = |part: Option<&std::ffi::OsStr>| part.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let (stem, form) = (words(path.file_stem()), words(path.extension()));
    let numbered = (2..1_000).map(|n| path.with_file_name(format!("{stem}-{n}.{form}")));
    let mut names = std::iter::once(path.clone()).chain(numbered);
    names.find(|p| free(p).is_ok()).unwrap_or(path)
}

/// Nothing is written over.
pub(super) fn free(path: &Path) -> Result<(), Failure> {
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(Failure::usage(format!("{} is there already. Type another name.", path.display())));
    }
    Ok(())
}

/// Where paper becomes files: beside the warehouse.
pub(super) fn paper_folder(desk: &Desk) -> PathBuf {
    desk.store.path().parent().filter(|f| f.is_dir()).map_or(PathBuf::from("paper"), |f| f.join("paper"))
}

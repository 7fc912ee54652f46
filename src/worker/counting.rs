//! What the count screens ask, are answered, record and write.

use super::{Desk, Lane, Trouble, without_value};
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::exchange::write::{self, Format};
use crate::ops::counting::accuracy::{self, By};
use crate::ops::counting::{self as ops, counter, review, scope, sheet, standing};
use crate::ops::printing;
use crate::store::{Act, Db, Done, Failure, counting as store};
use chrono::{NaiveDate, NaiveDateTime};
use std::path::{Path, PathBuf};

pub use crate::domain::counting::Pass;
pub use crate::domain::counting::{Accuracy, Class, Scope};
pub use crate::ops::counting::Wanted;
pub use crate::ops::counting::counter::Told;
pub use crate::ops::counting::review::{Aside, Line, Loss, Review, State};
pub use crate::ops::counting::scope::Preview;
pub use crate::ops::counting::standing::{Standing, Upper};
pub use crate::ops::scanning::far_more;

#[derive(Clone, Debug)]
pub enum Load {
    /// The open sessions, and what there is to count.
    Menu,
    /// What a scope comes to.
    Preview(Scope),
    /// The categories that items have.
    Categories,
    /// Where this person is in a session.
    Standing(SessionId),
    Review(SessionId),
    /// Writes the blind sheet of a session: .csv, .xlsx, else a page to print.
    WriteSheet(SessionId, PathBuf),
    /// How exact the books were found to be, in a year.
    Accuracy,
}

/// By what, and how exact each was.
pub type HowExact = (&'static str, Vec<(String, Accuracy)>);

#[derive(Debug)]
pub enum Answer {
    Menu(Menu),
    /// Or why there is nothing to look at.
    Preview(Scope, Result<Preview, String>),
    Categories(Vec<String>),
    Begun(SessionId),
    Standing(Box<Standing>),
    /// What came of a line, and where this person is now.
    Told(Told, Box<Standing>),
    Review(Box<Review>),
    /// A decision was kept.
    Marked,
    /// A sheet was written or read, or why not.
    Sheet(Result<String, String>),
    /// By class, counter and bin.
    Accuracy(Vec<HowExact>),
}

/// What is written down while a session goes on. Each is durable when it is answered.
#[derive(Clone, Debug)]
pub enum Record {
    Begin(Wanted),
    /// A line of the scan field.
    Enter {
        session: SessionId,
        text: String,
        scanned: bool,
        /// The scanner sent the same code a moment before.
        twice: bool,
    },
    /// The item was chosen by name.
    Choose {
        session: SessionId,
        item: ItemId,
        /// Where it names a code that nobody knew: how many one scan of that counts.
        pack: Qty,
    },
    /// A line of the review is taken as it is, or is to be counted again.
    Mark {
        session: SessionId,
        bin: BinId,
        item: ItemId,
        again: bool,
    },
    Drop(SessionId),
    /// What was kept aside of a code that is known by now is counted.
    Settle(SessionId, String),
    /// What was kept aside of a code counts for nothing.
    DropAside(SessionId, String),
    /// A filled sheet is read back as this person's count.
    ReadSheet(SessionId, PathBuf),
}

#[derive(Clone, Debug)]
pub enum Write {
    Post(SessionId),
    /// A code that was kept aside is this item.
    Name {
        session: SessionId,
        code: String,
        item: ItemId,
        /// How many one scan of it counts.
        pack: Qty,
    },
}

/// What the choice of a count shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Menu {
    pub sessions: Vec<Listed>,
    pub due: Preview,
    pub short: Preview,
    pub emptied: Preview,
    /// A schedule is set.
    pub scheduled: bool,
    /// Bins in which the book says less than nothing, with the item.
    pub below: Vec<(String, String)>,
}

/// An open session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub id: SessionId,
    pub name: String,
    pub operator: String,
    pub began: NaiveDateTime,
    /// Bins of the round, and how many are finished.
    pub bins: usize,
    pub done: usize,
    /// Bins of which the review wants something counted again.
    pub again: Vec<String>,
    /// Bins that others counted and that wait for this person's own count.
    pub second: Vec<String>,
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Standing(_) => Lane::Quick,
            _ => Lane::Slow,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Menu => Answer::Menu(menu(desk, today)?),
        Load::Preview(scope) => {
            let found = scope::preview(db, &scope, today)?;
            let nothing = found.bins == 0 && scope != Scope::Anything;
            let result = if nothing { Err(scope::nothing(&scope)) } else { Ok(found) };
            Answer::Preview(scope, result)
        }
        Load::Categories => Answer::Categories(store::scoping::categories(db)?),
        Load::Standing(session) => {
            let mut counter = counter::Counter::resume(db, session, &desk.operator)?;
            counter.learn_what_is_asked(db, today)?;
            let standing = standing::standing(db, &counter, today)?;
            desk.counter = Some(counter);
            Answer::Standing(Box::new(standing))
        }
        Load::WriteSheet(session, path) => Answer::Sheet(said(write_sheet(db, session, &path))),
        Load::Accuracy => {
            let kinds = [("class", By::Class), ("counter", By::Counter), ("bin", By::Bin)];
            let each = kinds.map(|(name, by)| accuracy::accuracy(db, by, today, YEAR).map(|rows| (name, rows)));
            Answer::Accuracy(each.into_iter().collect::<Result<_, _>>()?)
        }
        Load::Review(session) => Answer::Review(Box::new(review::load(db, session, &desk.operator, today)?)),
    })
}

/// Days over which accuracy is told.
const YEAR: u64 = 365;

/// The dialog that asked stays open with the sentence: what it is told is an answer, not a failed reading.
fn said(result: Result<String, Failure>) -> Result<String, String> {
    result.map_err(|failure| Trouble::from(failure).sentence)
}

fn write_sheet(db: &Db, session: SessionId, path: &Path) -> Result<String, Failure> {
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(Failure::usage(format!("{} is there already. Type another name.", path.display())));
    }
    let (title, blind) = (store::session(db, session)?.name, sheet::blind(db, session)?);
    let written = match Format::of_file(path) {
        Some(format) => write::to_file(path, |out| write::sheet(&blind, format, out)).map(|_| ()),
        None => write::to_file(path, |out| out.write_all(sheet::page(&title, &blind).as_bytes())),
    };
    written.map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Type another name.", path.display())))?;
    Ok(format!("{} rows to count in {}. i reads it back.", blind.rows.len(), printing::place(path)))
}

fn read_sheet(desk: &mut Desk, act: &Act, session: SessionId, path: &Path) -> Result<String, Failure> {
    let found = sheet::read_back(&mut desk.store, act, session, &sheet::grid_of(path)?)?;
    if let Some(first) = found.problems.first() {
        let more = found.problems.len() - 1;
        let more = if more > 0 { format!(" And {more} more.") } else { String::new() };
        let words = format!("Line {}: {}.{more} Nothing was taken: correct the sheet.", first.line, first.sentence);
        return Err(Failure::refused(words));
    }
    let before = if found.before > 0 { format!("; {} bins were read before", found.before) } else { String::new() };
    Ok(format!("{} lines of {} bins counted{before}. r reviews them.", found.lines, found.bins))
}

fn menu(desk: &Desk, today: NaiveDate) -> Result<Menu, Failure> {
    let db = desk.store.db();
    let mut sessions = Vec::new();
    for session in store::open_sessions(db)? {
        let counter = counter::Counter::resume(db, session.id, &desk.operator)?;
        let now = standing::standing(db, &counter, today)?;
        let began = session.started_at;
        let (bins, done, second) = (now.bins, now.done, now.second);
        let mut again = Vec::new();
        for (bin, _) in store::asked_places(db, session.id)? {
            again.extend(crate::store::goods::bin(db, bin).ok().map(|b| b.code)); // an undone import may remove it
        }
        again.dedup();
        let (id, name, operator) = (session.id, session.name, session.operator);
        sessions.push(Listed { id, name, operator, began, bins, done, again, second });
    }
    let settings = crate::ops::settings::Settings::load(db)?;
    Ok(Menu {
        sessions,
        due: scope::preview(db, &Scope::Due, today)?,
        short: scope::preview(db, &Scope::Short, today)?,
        emptied: scope::preview(db, &Scope::Emptied, today)?,
        scheduled: settings.text("counting.days").is_some(),
        below: scope::below_zero(db)?,
    })
}

pub fn record(desk: &mut Desk, record: Record) -> Result<Answer, Failure> {
    let act = desk.act("count");
    match record {
        Record::Begin(wanted) => Ok(Answer::Begun(ops::begin_by_hand(&mut desk.store, &act, &wanted)?)),
        Record::Enter { session, text, scanned, twice } => {
            let sent = counter::Sent { text: &text, scanned, uid: None, twice };
            with_counter(desk, session, |counter, store| counter.enter(store, &act, &sent))
        }
        Record::Choose { session, item, pack } => {
            with_counter(desk, session, |counter, store| counter.choose(store, &act, item, pack))
        }
        Record::Mark { session, bin, item, again } => {
            review::mark(&mut desk.store, &act, session, bin, item, again)?;
            Ok(Answer::Marked)
        }
        Record::Settle(session, code) => {
            review::settle_aside(&mut desk.store, &act, session, &code)?;
            Ok(Answer::Marked)
        }
        Record::DropAside(session, code) => {
            review::drop_aside(&mut desk.store, &act, session, &code)?;
            Ok(Answer::Marked)
        }
        Record::ReadSheet(session, path) => Ok(Answer::Sheet(said(read_sheet(desk, &act, session, &path)))),
        Record::Drop(session) => {
            ops::drop_session(&mut desk.store, &act, session)?;
            Ok(Answer::Marked)
        }
    }
}

fn with_counter(
    desk: &mut Desk,
    session: SessionId,
    work: impl FnOnce(&mut counter::Counter, &mut crate::store::Store) -> Result<Told, Failure>,
) -> Result<Answer, Failure> {
    let today = desk.act("count").today;
    let mut counter = match desk.counter.take().filter(|c| c.session.id == session) {
        Some(counter) => counter,
        None => {
            let mut counter = counter::Counter::resume(desk.store.db(), session, &desk.operator)?;
            counter.learn_what_is_asked(desk.store.db(), today)?;
            counter
        }
    };
    let told = work(&mut counter, &mut desk.store);
    let standing = standing::standing(desk.store.db(), &counter, today);
    desk.counter = Some(counter);
    Ok(Answer::Told(told?, Box::new(standing?)))
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {
        Write::Post(session) => {
            let act = desk.act("post count");
            review::post(&mut desk.store, act, session).map(without_value)
        }
        Write::Name { session, code, item, pack } => {
            let act = desk.act("attach barcode");
            review::name_aside(&mut desk.store, act, session, &code, item, pack)
        }
    }
}

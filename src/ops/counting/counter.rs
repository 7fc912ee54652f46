//! One person counting at one workstation: bin first, then items. Every line that is taken is a committed row before it
//! is answered; what the person has in hand (which bin, which item above) follows from the rows after any end.

mod asking;
mod bins;
mod figures;

use super::store::{self, NewScan};
use super::{Session, still_open};
use crate::domain::counting::folding::Kind;
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
pub use crate::ops::scanning::Told;
use crate::ops::scanning::{self, Meaning};
use crate::ops::settings::Settings;
use crate::store::goods::{self, Bin};
use crate::store::{Act, Db, Failure, Result, Store, scanning as codes};
use chrono::NaiveDate;

/// What stands above the field: the next quantity is of this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Above {
    Item(ItemId),
    /// A code that was kept aside, and the row that says so.
    Aside {
        code: String,
        row: i64,
        quantity: Qty,
    },
}

/// The open bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InBin {
    pub visit: i64,
    pub bin: Bin,
}

/// One person in one session.
#[derive(Clone, Debug)]
pub struct Counter {
    pub session: Session,
    pub operator: String,
    pub open: Option<InBin>,
    pub above: Option<Above>,
    /// The next scan counts so many: the last row that stands says so.
    pub times: Option<Qty>,
    /// A figure that was asked about and not taken, and of which item: the same again of the same is meant so. The last row
    /// that stands says so.
    pub doubted: Option<(ItemId, Qty)>,
    /// Items of the open bin that were scanned twice at once, and of which no figure was typed since.
    pub doubled: Vec<ItemId>,
    /// Items of the open bin of which this person's own count is waited for, since somebody else counted them.
    pub asked: Vec<ItemId>,
    /// There is one bin only, and nobody scans it.
    pub only_bin: Option<BinId>,
}

/// A line that came from the scan field.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub text: &'a str,
    /// It came from the scanner, not from the keys.
    pub scanned: bool,
    /// The workstation's own id of this line: sent twice it is counted once.
    pub uid: Option<&'a str>,
    /// The scanner sent the same code a moment before: counted, and asked about until somebody says how many there are.
    pub twice: bool,
}

/// A decision about a session that belongs to nobody's bin.
pub(super) fn decision(act: &Act, session: SessionId, kind: Kind) -> NewScan<'_> {
    NewScan {
        uid: act.uid.as_deref(),
        session,
        visit: None,
        kind,
        bin: None,
        item: None,
        code: None,
        quantity: None,
        total: None,
        takes_back: None,
        typed: true,
        at: act.today.and_time(act.now.time()),
        operator: &act.operator,
        note: None,
    }
}

impl Counter {
    /// Goes on where this person was in the session, or begins.
    pub fn resume(db: &Db, session: SessionId, operator: &str) -> Result<Counter> {
        let session = store::session(db, session)?;
        let bins = goods::bins(db)?;
        let only_bin = if bins.len() == 1 { bins.first().map(|b| b.id) } else { None };
        let mut counter = Counter {
            session,
            operator: operator.to_string(),
            open: None,
            above: None,
            times: None,
            doubted: None,
            doubled: Vec::new(),
            asked: Vec::new(),
            only_bin,
        };
        counter.catch_up(db)?;
        Ok(counter)
    }

    fn catch_up(&mut self, db: &Db) -> Result<()> {
        self.leave();
        let Some((visit, bin)) = store::visits_of(db, self.session.id, &self.operator)?.into_iter().next() else {
            return Ok(());
        };
        if store::is_done(db, visit)? {
            return Ok(());
        }
        let Ok(bin) = goods::bin(db, bin) else { return Ok(()) };
        self.stands_at(db, visit)?;
        self.open = Some(InBin { visit, bin });
        Ok(())
    }

    /// What stands above, what the next scan counts, and what is still asked, as the rows of the visit say.
    fn stands_at(&mut self, db: &Db, visit: i64) -> Result<()> {
        let last = store::last_standing(db, visit)?;
        // A question is not of what was counted last: a figure then is of nothing above.
        let asked = last.as_ref().is_some_and(|last| last.is_question());
        self.above = if asked { None } else { above_of(store::last_said(db, visit)?) };
        (self.times, self.doubted) = last.map_or((None, None), |last| (last.times(), last.doubted()));
        self.doubled = doubled_items(db, visit)?;
        Ok(())
    }

    /// This stands above from now on: what was said or asked of another is over.
    fn puts_above(&mut self, above: Option<Above>) {
        (self.above, self.times, self.doubted) = (above, None, None);
    }

    /// No bin is open any more.
    fn leave(&mut self) {
        self.puts_above(None);
        (self.open, self.doubled, self.asked) = (None, Vec::new(), Vec::new());
    }

    /// Learns of what in the open bin this person's own count is waited for.
    pub fn learn_what_is_asked(&mut self, db: &Db, today: NaiveDate) -> Result<()> {
        self.asked = match &self.open {
            Some(open) => super::review::asked_of(db, self.session.id, &self.operator, open.bin.id, today)?,
            None => Vec::new(),
        };
        Ok(())
    }

    /// Takes a line. Refused lines leave everything as it was.
    pub fn enter(&mut self, store: &mut Store, act: &Act, sent: &Sent) -> Result<Told> {
        self.unname(store, act, sent)?;
        let mut next = self.clone();
        let told = store.record("count", |db| next.take(db, act, sent))?;
        *self = next;
        Ok(told)
    }

    /// The item was chosen by name: it stands above, and nothing of it is counted yet. Where a code that nobody knew
    /// stands above, the code is of this item, now and in this count; one scan of it counts `pack`.
    pub fn choose(&mut self, store: &mut Store, act: &Act, item: ItemId, pack: Qty) -> Result<Told> {
        if let Some(Above::Aside { code, .. }) = self.above.clone() {
            return self.attach(store, act, &code, item, pack);
        }
        let mut next = self.clone();
        let told = store.record("count", |db| {
            still_open(db, next.session.id)?;
            next.open_only_bin(db, act)?;
            let open = next.open.clone().ok_or_else(bin_first)?;
            let total = store::total(db, open.visit, item)?;
            let row = NewScan { item: Some(item), total, typed: true, ..next.row(act, Kind::Name, &open) };
            store::append(db, &row)?;
            next.puts_above(Some(Above::Item(item)));
            Ok(Told::default())
        })?;
        *self = next;
        Ok(told)
    }

    /// Makes a code that was kept aside a barcode of the item (an operation, to be taken back like any other) and counts
    /// what was scanned of it here.
    pub fn attach(&mut self, store: &mut Store, act: &Act, code: &str, item: ItemId, pack: Qty) -> Result<Told> {
        let open = self.open.clone().ok_or_else(bin_first)?;
        if codes::by_barcode(store.db(), &scan::forms(code))?.is_some_and(|(known, _)| known == item) {
            // Somebody named it meanwhile: nothing is to be made, and what lies aside of it is counted.
            let name = super::review::settle_aside(store, act, self.session.id, code)?;
            self.puts_above(Some(Above::Item(item)));
            return Ok(Told::say(format!("{code} is {name} already: what was kept aside is counted.")));
        }
        let mut act = act.clone();
        act.kind = "attach barcode";
        let row_act = act.clone();
        let this = &*self;
        let done = crate::ops::perform(store, act, |tx| {
            still_open(tx, this.session.id)?;
            let thing = goods::item(tx, item)?;
            name_code(tx, code, item, pack)?;
            tx.summarise(format!("made {code} a barcode of {}", thing.name));
            let scans = store::kept_aside(tx, open.visit, code)?;
            let total = count_aside(tx, &this.row(&row_act, Kind::Attach, &open), code, item, pack)?;
            Ok((thing.name, scans, total))
        })?;
        let (name, scans, _) = done.value;
        self.puts_above(Some(Above::Item(item)));
        // What was kept aside were scans of the code, each of so many pieces: the figure that comes of it is told.
        let figure = match (scans, pack) {
            (_, Qty::ONE) => String::new(),
            (scans, pack) => format!(" {scans} kept aside x {pack} = {}.", scans.checked_mul(pack).unwrap_or(scans)),
        };
        Ok(Told::say(format!("{code} is {name} from now on.{figure} - takes that back.")))
    }

    /// `-` after a code was named takes that back too: the barcode that was made goes (its operation is undone), then what
    /// it counted here. Nothing is done where the code was a barcode before.
    fn unname(&self, store: &mut Store, act: &Act, sent: &Sent) -> Result<()> {
        let meant = if sent.scanned { Ok(scan::scanned(sent.text)) } else { scan::typed(sent.text, true) };
        if meant != Ok(Entry::TakeBack)
            || sent.uid.map(|uid| store::by_uid(store.db(), uid)).transpose()?.flatten().is_some()
        {
            return Ok(());
        }
        let Some(open) = &self.open else { return Ok(()) };
        let last = store::last_standing(store.db(), open.visit)?;
        let Some(code) = last.filter(|r| r.kind == Kind::Attach).and_then(|r| r.code) else { return Ok(()) };
        let Some(operation) = codes::named_by(store.db(), &code, &self.operator)? else { return Ok(()) };
        crate::ops::undo::undo(store, Act { kind: "undo", uid: None, ..act.clone() }, operation).map(|_| ())
    }

    fn row<'a>(&'a self, act: &'a Act, kind: Kind, open: &InBin) -> NewScan<'a> {
        NewScan {
            visit: Some(open.visit),
            bin: Some(open.bin.id),
            uid: None,
            typed: false,
            operator: &self.operator,
            ..decision(act, self.session.id, kind)
        }
    }

    fn take(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        if let Some(before) = sent.uid.map(|uid| store::by_uid(db, uid)).transpose()?.flatten() {
            return Ok(match before.doubted() {
                Some((_, quantity)) => Told { again: true, ..Told::warn(scanning::far_more(quantity)) },
                None => Told { again: true, ..Told::say("This was taken before; it is counted once.") },
            });
        }
        still_open(db, self.session.id)?;
        let entry = if sent.scanned {
            scan::scanned(sent.text)
        } else {
            scan::typed(sent.text, self.above.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        match entry {
            Entry::Nothing => Ok(Told::default()),
            Entry::TakeBack => self.take_back(db, act, sent),
            Entry::Done => self.done(db, act, sent),
            Entry::Bad(..) => {
                Err(Failure::refused("Bad goods are said when they are received (r). Here count what lies there."))
            }
            Entry::Rest => Err(Failure::refused(
                "= says \"all that was asked for\", and a count is not told how many that is: type how many lie here.",
            )),
            Entry::Times(n, None) => self.next_counts(db, act, sent, n),
            Entry::Times(n, Some(code)) => {
                let before = self.times.replace(n);
                let told = self.code(db, act, sent, &code, true)?;
                // Nothing was taken: it was said of this code alone, and no row says it.
                self.times = self.times.and(before);
                Ok(told)
            }
            Entry::Quantity(quantity) => self.quantity(db, act, sent, quantity),
            Entry::Add(more) => match self.above.clone() {
                Some(Above::Item(item)) => self.add(db, act, sent, item, more, None),
                _ => Err(Failure::refused("Nothing stands above to add to: scan an item first.")),
            },
            Entry::Code(code) => self.code(db, act, sent, &code, sent.scanned),
            Entry::Words(words) => self.code(db, act, sent, &words, false),
        }
    }

    fn code(&mut self, db: &Db, act: &Act, sent: &Sent, code: &str, certain: bool) -> Result<Told> {
        match scanning::meaning(db, code, act.today)? {
            Meaning::Item { item, quantity, note, remark } => {
                let (quantity, which) = scanning::counts(quantity, self.times.take());
                if quantity > Qty::units(1_000_000) {
                    return Err(Failure::refused("That many at once lie on no shelf. Type the figure instead."));
                }
                Ok(self.add(db, act, sent, item, quantity, Some((code, note)))?.and(which.or(remark)))
            }
            Meaning::Bin(bin) => self.open_bin(db, act, sent, bin),
            Meaning::Po(_) => {
                Err(Failure::refused(format!("{code} is a purchase order: nothing to count. r receives it.")))
            }
            Meaning::Broken(why) => {
                Err(Failure::refused(format!("Misread: {why}. Scan it again. Nothing was counted.")))
            }
            Meaning::Nobody { last_digit: Some(digit) } if !sent.scanned => Err(Failure::refused(format!(
                "{code} is mistyped: its last digit would have to be {digit}. Nothing was counted."
            ))),
            Meaning::Nobody { last_digit } => {
                let digits = code.chars().all(|c| c.is_ascii_digit());
                if !certain && digits && code.len() <= scan::QUANTITY_DIGITS {
                    Err(Failure::refused("Nothing stands above: scan an item, then say how many."))
                } else if certain || digits {
                    self.keep_aside(db, act, sent, code, last_digit)
                } else {
                    Ok(Told { find: Some(code.to_string()), ..Told::default() })
                }
            }
        }
    }
}

fn above_of(last: Option<crate::domain::counting::folding::Scan>) -> Option<Above> {
    let last = last?;
    match last.kind {
        Kind::Unknown => {
            Some(Above::Aside { code: last.code?, row: last.id, quantity: last.quantity.unwrap_or(Qty::ONE) })
        }
        Kind::Item | Kind::Set | Kind::Name | Kind::Attach => last.item.map(Above::Item),
        _ => None,
    }
}

fn doubled_items(db: &Db, visit: i64) -> Result<Vec<ItemId>> {
    Ok(store::doubled(db, visit)?.into_iter().map(|(_, item)| item).collect())
}

fn bin_first() -> Failure {
    Failure::refused("Scan the bin first, then what lies in it.")
}

/// Makes a code a barcode of the item, unless it is one already.
pub(in crate::ops) fn name_code(tx: &mut crate::store::Tx, code: &str, item: ItemId, pack: Qty) -> Result<()> {
    if let Some((other, _)) = codes::by_barcode(tx, &[code.to_string()])? {
        if other == item {
            return Ok(());
        }
        return Err(Failure::refused(format!("{code} is a barcode of {} already.", goods::item(tx, other)?.name)));
    }
    if !pack.is_positive() {
        return Err(Failure::refused("A pack holds at least something: type how many one scan is."));
    }
    codes::add_barcode(tx, code, item, pack)?;
    tx.touch(item);
    Ok(())
}

/// Counts what a visit kept aside of a code towards the item. `row` bears visit and bin.
pub(super) fn count_aside(db: &Db, row: &NewScan, code: &str, item: ItemId, pack: Qty) -> Result<Qty> {
    let visit = row.visit.ok_or_else(|| Failure::Broken(anyhow::anyhow!("a code is named in a bin")))?;
    let scans = store::kept_aside(db, visit, code)?;
    let quantity = scans.checked_mul(pack).unwrap_or(scans);
    let total = store::total(db, visit, item)?.unwrap_or(Qty::ZERO) + quantity;
    let row =
        NewScan { item: Some(item), code: Some(code), quantity: Some(quantity), total: Some(total), ..row.clone() };
    store::append(db, &row)?;
    Ok(total)
}

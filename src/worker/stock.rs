//! What the Stock tab asks, is answered and writes.

use super::{Desk, Lane, without_value};
use crate::domain::counting::Scope;
use crate::domain::ids::{BinId, ItemId, LineId};
use crate::domain::quantity::Qty;
use crate::ops::counting::scope;
use crate::ops::settings::Settings;
use crate::ops::{returning, stock as ops, views};
use crate::store::{Done, Failure, browse, goods, item, returns};
use chrono::NaiveDate;

pub use crate::ops::stock::{Basics, Change, Takes};
pub use crate::ops::views::item::{Coming, ItemDetail, ItemLine};
pub use crate::store::browse::{Edge, Short, StockOrder, StockRow};
pub use crate::store::item::Counted;
pub use crate::store::item::OpenPoLine;
pub use crate::store::returns::Shipped;

/// Rows of one page.
pub const PAGE: i64 = 300;
/// The longest list that is kept whole.
const WHOLE: i64 = 1_000;

/// Rows that a filter shows: nobody reads more, and they are there at once.
const MATCHING: usize = 300;

#[derive(Clone, Debug)]
pub enum Load {
    /// A page of a long list.
    Page {
        order: StockOrder,
        edge: Edge,
    },
    /// The page that begins with this item.
    Around {
        order: StockOrder,
        item: ItemId,
    },
    Short(Short),
    /// The items that have these words.
    Matching(String),
    /// How many items there are of each trouble.
    Counts,
    /// How many bins the schedule wants counted today.
    DueCounts,
    /// One item in full.
    Detail(ItemId),
    /// The PO lines on which goods are still to come.
    OpenPoLines,
    /// What of an item may come back from customers.
    Shipped(ItemId),
    /// Whether a correction of so many would be refused, and why.
    TryAdjust {
        item: ItemId,
        bin: String,
        by: Qty,
    },
}

#[derive(Debug)]
pub enum Answer {
    Page {
        edge: Edge,
        rows: Vec<StockRow>,
        more: bool,
    },
    /// The list is to begin with these rows; rows may lie before them.
    Around {
        item: ItemId,
        rows: Vec<StockRow>,
        more: bool,
    },
    Whole(Vec<StockRow>),
    Matching {
        text: String,
        rows: Vec<StockRow>,
        /// More match than are answered.
        more: bool,
        /// Where nothing matches, what is spelled nearly so.
        close: Option<String>,
    },
    Counts(Vec<i64>),
    DueCounts(usize),
    Detail(Box<ItemDetail>),
    OpenPoLines(Vec<OpenPoLine>),
    Shipped(Vec<Shipped>),
    Tried(Tried),
}

/// What a correction of a bin would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    pub bin: String,
    pub by: Qty,
    /// Why it would be refused or asked about.
    pub refusal: Option<String>,
    /// Whose goods it would take.
    pub takes: Takes,
}

/// Bins are named by their codes, as a person types or scans them.
#[derive(Clone, Debug)]
pub enum Write {
    Adjust {
        item: ItemId,
        bin: String,
        change: Change,
        seen: Qty,
        reason: String,
        note: Option<String>,
        sure: bool,
    },
    /// A customer sent goods back; `bin`: for what is fit for sale.
    Return {
        line: LineId,
        quantity: Qty,
        good: bool,
        bin: String,
        seen: Qty,
        note: Option<String>,
    },
    Count {
        item: ItemId,
        bin: String,
        counted: Qty,
        note: Option<String>,
        sure: bool,
    },
    Edit(Box<EditItem>),
}

/// An item's basics as they were seen and as they are to be; home bins by their codes.
#[derive(Clone, Debug)]
pub struct EditItem {
    pub item: ItemId,
    pub seen: Basics,
    pub seen_bin: Option<String>,
    pub wanted: Basics,
    pub bin: Option<String>,
}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Matching(_) => Lane::Search,
            Load::Counts | Load::DueCounts | Load::Short(_) | Load::OpenPoLines => Lane::Slow,
            _ => Lane::Quick,
        }
    }
}

pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    Ok(match load {
        Load::Page { order, edge } => {
            let (rows, more) = browse::stock_page(db, order, &edge, PAGE)?;
            Answer::Page { edge, rows, more }
        }
        Load::Around { order, item } => {
            let key = browse::stock_rows_of(db, &[item])?.into_iter().next();
            let edge = key.map_or(Edge::First, |row| Edge::From(row.trouble.number(), row.sku));
            let (rows, more) = browse::stock_page(db, order, &edge, PAGE)?;
            Answer::Around { item, rows, more }
        }
        Load::Short(short) => {
            let mut rows = Vec::new();
            let limit = if short == Short::ByBin { WHOLE * 10 } else { WHOLE };
            browse::stock_short(db, short, limit, &mut |row| {
                rows.push(row.clone());
                Ok(())
            })?;
            Answer::Whole(rows)
        }
        Load::Matching(text) => {
            let db = desk.store.db();
            let mut items = desk.haystack.search_in_bins_too(db, &text, MATCHING + 1)?;
            let more = items.len() > MATCHING;
            items.truncate(MATCHING);
            let rows = browse::stock_rows_of(db, &items)?;
            let close = if rows.is_empty() { desk.haystack.close(&text) } else { None };
            let name = |item| browse::stock_rows_of(db, &[item]).map(|rows| rows.into_iter().next().map(|r| r.name));
            let close = close.map(name).transpose()?.flatten();
            Answer::Matching { rows, more, close, text }
        }
        Load::Counts => Answer::Counts(browse::stock_counts(db)?),
        Load::DueCounts => Answer::DueCounts(due_counts(desk, today)?),
        Load::OpenPoLines => Answer::OpenPoLines(item::open_po_lines(db)?),
        Load::Shipped(item) => Answer::Shipped(returns::shipped_lines(db, item, 50)?),
        Load::TryAdjust { item, bin, by } => {
            let known = bin_of(db, &bin);
            let takes = known.as_ref().map_or(Ok(Takes::default()), |at| ops::would_take(db, item, *at, by, today))?;
            let refusal = match known.and_then(|at| ops::would_refuse(db, item, at, by)) {
                Ok(()) => None,
                Err(Failure::Broken(broken)) => return Err(Failure::Broken(broken)),
                Err(refused) => Some(super::Trouble::from(refused).sentence),
            };
            Answer::Tried(Tried { bin, by, refusal, takes })
        }
        Load::Detail(item) => Answer::Detail(Box::new(views::item::load(db, item, today, &mut desk.learned)?)),
    })
}

/// What the bins to count today follow from: the day, the newest posted counts, the schedule, the books below zero.
pub type DueOf = (NaiveDate, (i64, i64), String, Vec<(String, String)>);

/// Worked out anew each day, after each posted count, and when the schedule changes: classes are of the whole warehouse.
fn due_counts(desk: &mut Desk, today: NaiveDate) -> Result<usize, Failure> {
    let db = desk.store.db();
    let schedule = Settings::load(db)?.value("counting.days").to_string();
    let below = scope::below_zero(db)?;
    if schedule.is_empty() && below.is_empty() {
        return Ok(0);
    }
    let key = (today, crate::store::counting::last_entry(db)?, schedule, below);
    if let Some((_, bins)) = desk.due_counts.as_ref().filter(|(of, _)| *of == key) {
        return Ok(*bins);
    }
    let bins = scope::preview(db, &Scope::Due, today)?.bins;
    desk.due_counts = Some((key, bins));
    Ok(bins)
}

pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let db = desk.store.db();
    match write {
        Write::Adjust { item, bin, change, seen, reason, note, sure } => {
            let adjust = ops::Adjust { item, bin: bin_of(db, &bin)?, change, seen, reason, note, sure };
            let act = desk.act("adjust");
            ops::adjust(&mut desk.store, act, &adjust).map(without_value)
        }
        Write::Return { line, quantity, good, bin, seen, note } => {
            let wanted = returning::Return { line, quantity, good, bin: bin_of(db, &bin)?, seen, note };
            let act = desk.act("return");
            returning::take_back(&mut desk.store, act, &wanted)
        }
        Write::Count { item, bin, counted, note, sure } => {
            let count = ops::Count { item, bin: bin_of(db, &bin)?, counted, earlier: None, note, sure };
            let act = desk.act("count");
            ops::count(&mut desk.store, act, &count).map(without_value)
        }
        Write::Edit(edit) => {
            let EditItem { item, mut seen, seen_bin, mut wanted, bin } = *edit;
            let home = |code: Option<String>| code.map(|c| bin_of(db, &c)).transpose();
            (seen.home, wanted.home) = (home(seen_bin)?, home(bin)?);
            let act = desk.act("edit");
            ops::edit(&mut desk.store, act, item, &seen, &wanted)
        }
    }
}

/// The bin of that code, as typed in any case or scanned from our own label (`BIN` before it).
fn bin_of(db: &crate::store::Db, code: &str) -> Result<BinId, Failure> {
    let code = code.trim();
    let forms = [code.to_string(), code.to_uppercase(), code.strip_prefix("BIN").unwrap_or(code).to_string()];
    for form in &forms {
        if let Some(bin) = goods::bin_by_code(db, form)? {
            return Ok(bin.id);
        }
    }
    Err(Failure::refused(format!("There is no bin \"{code}\". Type a bin that is there, or scan its label.")))
}

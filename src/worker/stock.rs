//! What the Stock tab asks, is answered and writes.

use super::{Desk, Lane};
use crate::domain::ids::ItemId;
use crate::ops::views;
use crate::store::{Done, Failure, browse};
use chrono::NaiveDate;

pub use crate::ops::views::item::{Coming, ItemDetail, ItemLine};
pub use crate::store::browse::{Edge, StockOrder, StockRow};

/// Rows of one page.
pub const PAGE: i64 = 300;
/// The longest list that is kept whole.
const WHOLE: i64 = 1_000;

/// A list of the tab that is kept whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    ByBin,
    Value,
    TooMuch,
}

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
    /// One item in full.
    Detail(ItemId),
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
    },
    Counts(Vec<i64>),
    Detail(Box<ItemDetail>),
}

#[derive(Clone, Debug)]
pub enum Write {}

impl Load {
    pub fn lane(&self) -> Lane {
        match self {
            Load::Matching(_) => Lane::Search,
            Load::Counts | Load::Short(_) => Lane::Slow,
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
        Load::Short(Short::ByBin) => Answer::Whole(browse::stock_by_bin(db, WHOLE * 10)?),
        Load::Short(Short::Value) => Answer::Whole(browse::stock_by_value(db, WHOLE)?),
        Load::Short(Short::TooMuch) => Answer::Whole(browse::stock_too_much(db, WHOLE)?),
        Load::Matching(text) => {
            let items = desk.haystack.search(desk.store.db(), &text, WHOLE as usize)?;
            Answer::Matching { rows: browse::stock_rows_of(desk.store.db(), &items)?, text }
        }
        Load::Counts => Answer::Counts(browse::stock_counts(db)?),
        Load::Detail(item) => Answer::Detail(Box::new(views::item::load(db, item, today)?)),
    })
}

pub fn write(_desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {}
}

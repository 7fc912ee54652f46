//! What the screens look up as one types: pages of the Stock list by key, codes and names.
//! Pages are read by key in an index, never by number, so that a million items feel like fifty.

use super::{Db, Result};
use crate::domain::gauge::Gauge;
use crate::domain::ids::ItemId;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::stock::Trouble;
use rusqlite::{OptionalExtension, Row, params};

/// A number that changes when another connection changed the file.
pub fn data_version(db: &Db) -> Result<i64> {
    Ok(db.query_row("PRAGMA data_version", [], |r| r.get(0))?)
}

/// A row of the Stock list.
#[derive(Clone, PartialEq, Debug)]
pub struct StockRow {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    /// The bin that holds most of it, else its home bin.
    pub bin: Option<String>,
    /// How many bins hold some.
    pub bins: i64,
    pub on_hand: Qty,
    /// Sellable less reserved.
    pub free: Qty,
    /// Open customer demand that is not reserved.
    pub wait: Qty,
    pub on_order: Qty,
    pub trouble: Trouble,
    /// Sold a day, where planning knows.
    pub daily: Option<f64>,
    pub cost: Option<Money>,
    /// The level to which an order lifts it, where one is known.
    pub up_to: Option<Qty>,
    /// Nobody has said yet how many there are: its figures are blanks and no zeros.
    pub unknown: bool,
}

impl StockRow {
    /// How full its shelf is.
    pub fn gauge(&self) -> Option<Gauge> {
        Gauge::of(self.trouble, self.free, self.on_order, self.up_to)
    }
}

/// `A1-05 +1 bin  1,200 free`: where most of it lies, in how many more bins, and what of all of it is free.
fn place_and_free(row: &StockRow) -> String {
    let more = match row.bins {
        n if n > 2 => format!(" +{} bins", n - 1),
        2 => " +1 bin".into(),
        _ => String::new(),
    };
    let free = if row.unknown { "not counted".into() } else { format!("{} free", locale::here().quantity(row.free)) };
    format!("{}{more}  {free}", row.bin.as_deref().unwrap_or_default()).trim().to_string()
}

/// The orders in which the Stock list is paged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StockOrder {
    /// Worst first, then by SKU.
    Trouble,
    Sku,
}

/// Where a page begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edge {
    First,
    Last,
    /// The rows after (or before) the row with this trouble and SKU.
    After(i64, String),
    Before(i64, String),
    /// The rows from this one on.
    From(i64, String),
}

const ROW: &str = "SELECT i.id, i.sku, i.name,
    coalesce((SELECT b.code FROM level l JOIN bin b ON b.id = l.bin_id WHERE l.item_id = i.id AND l.quantity <> 0
              ORDER BY l.quantity DESC LIMIT 1), (SELECT code FROM bin WHERE id = i.bin_id)),
    (SELECT count(*) FROM level l WHERE l.item_id = i.id AND l.quantity <> 0),
    s.on_hand, s.sellable - s.allocated, max(s.open_demand - s.allocated, 0), s.on_order, s.trouble, p.daily, i.cost,
    coalesce(p.order_up_to, i.max, i.min),
    s.on_hand = 0 AND NOT EXISTS (SELECT 1 FROM level l WHERE l.item_id = i.id)
      AND NOT EXISTS (SELECT 1 FROM stated_level x WHERE x.item_id = i.id)
      AND NOT EXISTS (SELECT 1 FROM count_entry x WHERE x.item_id = i.id AND x.withdrawn_by IS NULL)
  FROM item_state s JOIN item i ON i.id = s.item_id LEFT JOIN item_plan p ON p.item_id = s.item_id";

fn stock_row(r: &Row) -> rusqlite::Result<StockRow> {
    Ok(StockRow {
        id: ItemId(r.get(0)?),
        sku: r.get(1)?,
        name: r.get(2)?,
        bin: r.get(3)?,
        bins: r.get(4)?,
        on_hand: Qty::from_thousandths(r.get(5)?),
        free: Qty::from_thousandths(r.get(6)?),
        wait: Qty::from_thousandths(r.get(7)?),
        on_order: Qty::from_thousandths(r.get(8)?),
        trouble: Trouble::from_number(r.get(9)?),
        daily: r.get(10)?,
        cost: r.get::<_, Option<i64>>(11)?.map(Money::from_ten_thousandths),
        up_to: r.get::<_, Option<i64>>(12)?.map(Qty::from_thousandths),
        unknown: r.get(13)?,
    })
}

/// At most `limit` rows from an edge on, in the list's order, and whether more lie beyond.
pub fn stock_page(db: &Db, order: StockOrder, edge: &Edge, limit: i64) -> Result<(Vec<StockRow>, bool)> {
    let key = match order {
        StockOrder::Trouble => "s.trouble, s.sku",
        StockOrder::Sku => "i.sku",
    };
    let (compare, backwards) = match edge {
        Edge::First => ("", false),
        Edge::Last => ("", true),
        Edge::After(..) => (">", false),
        Edge::From(..) => (">=", false),
        Edge::Before(..) => ("<", true),
    };
    let (trouble, sku) = match edge {
        Edge::After(t, s) | Edge::Before(t, s) | Edge::From(t, s) => (*t, s.as_str()),
        _ => (0, ""),
    };
    let filter = match (compare, order) {
        ("", _) => "WHERE ?1 = ?1 AND ?2 = ?2".to_string(),
        (c, StockOrder::Trouble) => format!("WHERE (s.trouble, s.sku) {c} (?1, ?2)"),
        (c, StockOrder::Sku) => format!("WHERE ?1 = ?1 AND i.sku {c} ?2"),
    };
    let by = if backwards {
        key.split(", ").map(|k| format!("{k} DESC")).collect::<Vec<_>>().join(", ")
    } else {
        key.to_string()
    };
    // The order decides which table is walked; the planner is told by CROSS JOIN where it could not know.
    let from = match order {
        StockOrder::Trouble => ROW.replace("item_state s JOIN item i ON", "item_state s CROSS JOIN item i ON"),
        StockOrder::Sku => ROW.replace("item_state s JOIN item i ON", "item i CROSS JOIN item_state s ON"),
    };
    let sql = format!("{from} {filter} ORDER BY {by} LIMIT ?3");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows: Vec<StockRow> =
        statement.query_map(params![trouble, sku, limit + 1], stock_row)?.collect::<rusqlite::Result<_>>()?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    if backwards {
        rows.reverse();
    }
    Ok((rows, more))
}

/// The rows of these items, in this order; items that are gone are left out.
pub fn stock_rows_of(db: &Db, items: &[ItemId]) -> Result<Vec<StockRow>> {
    let mut statement = db.prepare_cached(&format!("{ROW} WHERE s.item_id = ?1"))?;
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        rows.extend(statement.query_row(params![item.0], stock_row).optional()?);
    }
    Ok(rows)
}

/// A list of stock that the screen keeps whole, as far as anybody reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    /// Bin by bin, as one walks the aisles.
    ByBin,
    /// What binds most money first.
    Value,
    /// What is too much, likewise.
    TooMuch,
}

/// The rows of such a list, one by one, at most so many of them (of the bins: so many levels).
pub fn stock_short(db: &Db, short: Short, limit: i64, take: &mut dyn FnMut(&StockRow) -> Result<()>) -> Result<()> {
    const DEAREST: &str = "ORDER BY s.on_hand * coalesce(i.cost, 0) DESC, s.sku LIMIT ?1";
    let sql = match short {
        Short::ByBin => format!(
            "SELECT * FROM ({ROW} WHERE s.item_id IN (SELECT l.item_id FROM bin b CROSS JOIN level l ON l.bin_id = b.id
             WHERE l.quantity <> 0 ORDER BY b.code LIMIT ?1)) ORDER BY 4, 2"
        ),
        Short::Value => format!("{ROW} WHERE s.on_hand > 0 {DEAREST}"),
        Short::TooMuch => format!("{ROW} WHERE s.trouble = {} {DEAREST}", Trouble::Much.number()),
    };
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([limit])?;
    while let Some(row) = rows.next()? {
        take(&stock_row(row)?)?;
    }
    Ok(())
}

/// How many items there are of each trouble, in [`Trouble::ALL`]'s order.
pub fn stock_counts(db: &Db) -> Result<Vec<i64>> {
    let mut counts = vec![0; Trouble::ALL.len()];
    let mut statement = db.prepare_cached("SELECT trouble, count(*) FROM item_state GROUP BY trouble")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(place) = counts.get_mut(row.get::<_, i64>(0)? as usize) {
            *place = row.get(1)?;
        }
    }
    Ok(counts)
}

/// Calls `take` for every item, by SKU, with the words it is found by: SKU, name, barcodes, home bin, suppliers' codes.
pub fn each_items_words(db: &Db, mut take: impl FnMut(ItemId, &[String])) -> Result<()> {
    let mut statement = db.prepare(
        "SELECT i.id, i.sku, i.name,
           coalesce((SELECT group_concat(code, char(9)) FROM barcode WHERE item_id = i.id), ''),
           coalesce((SELECT code FROM bin WHERE id = i.bin_id), ''),
           coalesce((SELECT group_concat(supplier_sku, char(9)) FROM supplier_item WHERE item_id = i.id), '')
         FROM item i ORDER BY i.sku",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let words: [String; 5] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        take(ItemId(row.get(0)?), &words);
    }
    Ok(())
}

/// What lies in the bins whose code has the text, in the order of the bins; an item may come more than once.
pub fn items_in_bins(db: &Db, code: &str, limit: i64) -> Result<Vec<ItemId>> {
    let like = format!("%{}%", code.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let mut statement = db.prepare_cached(
        "SELECT l.item_id FROM bin b CROSS JOIN level l ON l.bin_id = b.id AND l.quantity <> 0
         WHERE b.code LIKE ?1 ESCAPE '\\' ORDER BY b.code, l.item_id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![like, limit], |r| r.get(0).map(ItemId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The number of the newest operation.
pub fn newest_operation(db: &Db) -> Result<i64> {
    Ok(db.query_row("SELECT coalesce(max(id), 0) FROM operation", [], |r| r.get(0))?)
}

/// Whether an operation after that one touched anything that items are found by.
pub fn words_changed_since(db: &Db, operation: i64) -> Result<bool> {
    Ok(db.query_row(
        "SELECT EXISTS (SELECT 1 FROM journal WHERE operation_id > ?1 AND tbl IN ('item','barcode','supplier_item','bin'))",
        [operation],
        |r| r.get(0),
    )?)
}

/// What kind of thing was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FoundKind {
    Customer,
    Order,
    Item,
    Po,
    Supplier,
    /// Its place is the item of which most lies there.
    Bin,
}

/// Something that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub kind: FoundKind,
    pub id: i64,
    /// Where to look at it: the customer of an order, the supplier of a PO; else the thing itself.
    pub place: i64,
    pub title: String,
    pub detail: String,
}

/// These items as found things.
pub fn found_items(db: &Db, items: &[ItemId]) -> Result<Vec<Found>> {
    Ok(stock_rows_of(db, items)?
        .into_iter()
        .map(|row| Found {
            kind: FoundKind::Item,
            id: row.id.0,
            place: row.id.0,
            title: format!("{}  {}", row.sku, row.name),
            detail: place_and_free(&row),
        })
        .collect())
}

//! Which items' plans do not know everything any more, read from the journal: what operations since did to the rows that
//! a plan is made from. Every row that planning one item reads is asked for here; whatever concerns the catalogue as a
//! whole (a planning setting, rows taken away without their cells, more items than are planned one by one) is `Whole`.

use super::{Db, Result};
use crate::domain::ids::ItemId;
use rusqlite::params;
use std::collections::BTreeSet;

/// What is to be planned anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// These items; none: every plan knows everything.
    Items(BTreeSet<ItemId>),
    /// More than that.
    Whole,
}

/// How an entry of a table leads to items.
struct Way {
    table: &'static str,
    /// Cells of a change that matter; empty: any.
    cells: &'static [&'static str],
    /// The items of the rows ?1 to ?2.
    items: &'static str,
    /// The cell of a row that is gone, and of one that was changed, that leads there too, and the question for it.
    gone: Option<(&'static str, &'static str)>,
}

const ITEM_ITSELF: &str = "SELECT ?1 UNION SELECT ?2";
const OF_LINE: &str = "SELECT coalesce(wanted_item_id, item_id) FROM order_line WHERE id BETWEEN ?1 AND ?2
    UNION SELECT item_id FROM order_line WHERE id BETWEEN ?1 AND ?2";

const WAYS: &[Way] = &[
    Way {
        table: "item",
        cells: &["category", "cost", "supplier_id", "min", "max", "pack", "service_level", "status", "backorders"],
        items: "SELECT id FROM item WHERE id BETWEEN ?1 AND ?2",
        gone: None,
    },
    Way {
        table: "supplier",
        cells: &["lead_days"],
        items: "SELECT item_id FROM supplier_item WHERE supplier_id BETWEEN ?1 AND ?2
                UNION SELECT id FROM item WHERE supplier_id BETWEEN ?1 AND ?2",
        gone: None,
    },
    Way {
        table: "supplier_item",
        cells: &[],
        items: "SELECT item_id FROM supplier_item WHERE id BETWEEN ?1 AND ?2",
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "price_break",
        cells: &[],
        items: "SELECT item_id FROM price_break WHERE id BETWEEN ?1 AND ?2",
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "item_rule",
        cells: &[],
        items: "SELECT item_id FROM item_rule WHERE id BETWEEN ?1 AND ?2",
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "customer_order",
        cells: &["ordered_on", "continues_id"],
        items: "SELECT item_id FROM order_line WHERE order_id BETWEEN ?1 AND ?2
                UNION SELECT wanted_item_id FROM order_line WHERE order_id BETWEEN ?1 AND ?2 AND wanted_item_id > 0",
        gone: None,
    },
    Way {
        table: "order_line",
        cells: &["item_id", "wanted_item_id", "quantity", "order_id"],
        items: OF_LINE,
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "project_line",
        cells: &[],
        items: "SELECT coalesce(l.wanted_item_id, l.item_id) FROM project_line p JOIN order_line l ON l.id = p.order_line_id
                WHERE p.id BETWEEN ?1 AND ?2",
        gone: Some(("order_line_id", OF_LINE)),
    },
    Way {
        table: "customer_return",
        cells: &[],
        items: "SELECT coalesce(l.wanted_item_id, l.item_id) FROM customer_return x JOIN order_line l ON l.id = x.line_id
                WHERE x.id BETWEEN ?1 AND ?2",
        gone: None,
    },
    Way {
        table: "movement",
        cells: &[],
        items: "SELECT item_id FROM movement WHERE id BETWEEN ?1 AND ?2",
        gone: None,
    },
    Way {
        table: "succession",
        cells: &[],
        items: "SELECT item_id FROM succession WHERE id BETWEEN ?1 AND ?2",
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "purchase_order",
        cells: &["supplier_id", "ordered_on", "confirmed_on", "expected_on", "status"],
        items: "SELECT item_id FROM po_line WHERE po_id BETWEEN ?1 AND ?2",
        gone: None,
    },
    Way {
        table: "po_line",
        cells: &[],
        items: "SELECT item_id FROM po_line WHERE id BETWEEN ?1 AND ?2",
        gone: Some(("item_id", ITEM_ITSELF)),
    },
    Way {
        table: "receipt",
        cells: &[],
        items: "SELECT p.item_id FROM receipt r JOIN po_line p ON p.id = r.po_line_id WHERE r.id BETWEEN ?1 AND ?2",
        gone: None,
    },
];

/// Rows of one entry, and entries, that are looked through for items; more are a day's work at once, not a change.
const MOST_ROWS: i64 = 20_000;

/// What operations after that one changed, of at most `most` items.
pub fn since(db: &Db, operation: i64, most: usize) -> Result<Changed> {
    let sql = "SELECT tbl, action, row_id, row_to, cells FROM journal WHERE operation_id > ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![operation])?;
    let mut found = Found { items: BTreeSet::new(), most };
    let mut left = MOST_ROWS;
    while let Some(r) = rows.next()? {
        let table: String = r.get(0)?;
        let (action, from, to): (String, i64, i64) = (r.get(1)?, r.get(2)?, r.get(3)?);
        let cells: Option<String> = r.get(4)?;
        if table == "setting" {
            if of_planning(db, from, to, cells.as_deref())? {
                return Ok(Changed::Whole);
            }
            continue;
        }
        let Some(way) = WAYS.iter().find(|w| w.table == table) else { continue };
        left -= to - from + 1;
        if left < 0 || !found.follow(db, way, &action, (from, to), cells.as_deref())? {
            return Ok(Changed::Whole);
        }
    }
    if !found.with_successors(db)? {
        return Ok(Changed::Whole);
    }
    Ok(Changed::Items(found.items))
}

struct Found {
    items: BTreeSet<ItemId>,
    most: usize,
}

impl Found {
    /// False where the catalogue as a whole is concerned.
    fn follow(
        &mut self,
        db: &Db,
        way: &Way,
        action: &str,
        (from, to): (i64, i64),
        cells: Option<&str>,
    ) -> Result<bool> {
        let cells: Option<serde_json::Map<String, serde_json::Value>> = cells.map(serde_json::from_str).transpose()?;
        if action == "delete" {
            let cells = cells.unwrap_or_default();
            if cells.is_empty() {
                return Ok(false); // an undo took rows away and does not say whose they were
            }
            let Some((cell, question)) = way.gone else { return Ok(true) };
            let also = ["wanted_item_id"].into_iter().filter(|_| way.table == "order_line");
            for cell in std::iter::once(cell).chain(also) {
                if let Some(id) = cells.get(cell).and_then(|v| v.as_i64())
                    && !self.ask(db, question, id, id)?
                {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if let Some(cells) = &cells {
            if !way.cells.is_empty() && !way.cells.iter().any(|cell| cells.contains_key(*cell)) {
                return Ok(true);
            }
            // What a row was of before is concerned as well.
            for cell in ["item_id", "wanted_item_id"] {
                let before = cells.get(cell).and_then(|pair| pair.get(0)).and_then(|v| v.as_i64());
                if let Some(item) = before
                    && !self.ask(db, ITEM_ITSELF, item, item)?
                {
                    return Ok(false);
                }
            }
        }
        self.ask(db, way.items, from, to)
    }

    fn ask(&mut self, db: &Db, question: &str, from: i64, to: i64) -> Result<bool> {
        let mut statement = db.prepare_cached(question)?;
        let mut rows = statement.query(params![from, to])?;
        while let Some(r) = rows.next()? {
            if let Some(item) = r.get::<_, Option<i64>>(0)? {
                self.items.insert(ItemId(item));
                if self.items.len() > self.most {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whoever inherits from one of them is concerned too.
    fn with_successors(&mut self, db: &Db) -> Result<bool> {
        let mut new: Vec<ItemId> = self.items.iter().copied().collect();
        while let Some(item) = new.pop() {
            let mut statement = db.prepare_cached("SELECT item_id FROM succession WHERE from_item_id = ?1")?;
            let mut rows = statement.query(params![item.0])?;
            while let Some(r) = rows.next()? {
                let heir = ItemId(r.get(0)?);
                if self.items.insert(heir) {
                    new.push(heir);
                }
            }
        }
        Ok(self.items.len() <= self.most)
    }
}

/// Whether a changed setting is one that plans are made by. One that is gone without its cells may have been.
fn of_planning(db: &Db, from: i64, to: i64, cells: Option<&str>) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM setting WHERE id BETWEEN ?1 AND ?2 AND key LIKE 'planning.%')";
    if db.prepare_cached(sql)?.query_row(params![from, to], |r| r.get(0))? {
        return Ok(true);
    }
    let cells: serde_json::Map<String, serde_json::Value> =
        cells.map(serde_json::from_str).transpose()?.unwrap_or_default();
    let gone = cells.get("key").and_then(|k| k.as_str()).is_some_and(|k| k.starts_with("planning."));
    let sql = "SELECT count(*) FROM setting WHERE id BETWEEN ?1 AND ?2";
    let there: i64 = db.prepare_cached(sql)?.query_row(params![from, to], |r| r.get(0))?;
    Ok(gone || there < to - from + 1 && !cells.contains_key("key"))
}

//! The statements behind `backshelf check`: each finds rows that cannot be, worded for a person.

use super::{Db, Result, item_state};
use crate::domain::quantity::Qty;

/// Faults of one kind that are listed; of the others only the number.
const LISTED: usize = 20;

/// Each statement answers one sentence a row. They are many so that each says exactly what is wrong.
const STATEMENTS: &[&str] = &[
    // Books = movements. A level row may be missing where movements cancel out, and the other way round.
    "SELECT 'The book of ' || i.sku || ' in bin ' || b.code || ' says ' || (x.level / 1000.0) || ', but its movements add up to ' || (x.moved / 1000.0) || '.'
     FROM (SELECT item_id, bin_id, sum(level) level, sum(moved) moved FROM (
             SELECT item_id, bin_id, quantity level, 0 moved FROM level
             UNION ALL SELECT item_id, bin_id, 0, sum(quantity) FROM movement GROUP BY item_id, bin_id)
           GROUP BY item_id, bin_id) x
     JOIN item i ON i.id = x.item_id JOIN bin b ON b.id = x.bin_id
     WHERE x.level <> x.moved ORDER BY i.sku, b.code",
    // Allocations within supply.
    "SELECT 'More of ' || i.sku || ' is reserved (' || (l.allocated / 1000.0) || ') than lies in storage (' || (coalesce(v.sellable, 0) / 1000.0) || ').'
     FROM (SELECT item_id, sum(allocated) allocated FROM order_line WHERE shipped + cancelled < quantity GROUP BY item_id) l
     JOIN item i ON i.id = l.item_id
     LEFT JOIN (SELECT v.item_id, sum(v.quantity) sellable FROM level v JOIN bin b ON b.id = v.bin_id AND b.kind = 'storage' GROUP BY v.item_id) v
       ON v.item_id = l.item_id
     WHERE l.allocated > max(coalesce(v.sellable, 0), 0) ORDER BY i.sku",
    "SELECT 'Order ' || o.code || ' line ' || l.line || ': shipped ' || (l.shipped / 1000.0) || ', cancelled ' || (l.cancelled / 1000.0) ||
       ' and reserved ' || (l.allocated / 1000.0) || ' are more than the ' || (l.quantity / 1000.0) || ' ordered.'
     FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE l.shipped + l.cancelled + l.allocated > l.quantity",
    "SELECT 'PO ' || p.code || ' line ' || l.line || ': more was rejected (' || (l.rejected / 1000.0) || ') than received (' || (l.received / 1000.0) || ').'
     FROM po_line l JOIN purchase_order p ON p.id = l.po_id WHERE l.rejected > l.received",
    "SELECT 'PO ' || p.code || ' line ' || l.line || ': its receipts add up to ' || (sum(r.quantity) / 1000.0) || ', but ' || (l.received / 1000.0) || ' are booked as received.'
     FROM receipt r JOIN po_line l ON l.id = r.po_line_id JOIN purchase_order p ON p.id = l.po_id
     WHERE r.withdrawn_by IS NULL GROUP BY l.id HAVING sum(r.quantity) > l.received",
    "SELECT 'Order ' || o.code || ' line ' || l.line || ' is on hold, but ' || (l.allocated / 1000.0) || ' are reserved to it.'
     FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE l.held_on IS NOT NULL AND l.allocated > 0",
    "SELECT 'Order ' || o.code || ' line ' || l.line || ': more was paid back for (' || (l.refunded / 1000.0) || ') than was cancelled (' || (l.cancelled / 1000.0) || ').'
     FROM order_line l JOIN customer_order o ON o.id = l.order_id WHERE l.refunded > l.cancelled",
    "SELECT 'Order ' || o.code || ' line ' || l.line || ': its parcels add up to ' || (sum(s.quantity) / 1000.0) || ', but ' || (l.shipped / 1000.0) || ' are booked as shipped.'
     FROM shipment s JOIN order_line l ON l.id = s.line_id JOIN customer_order o ON o.id = l.order_id
     WHERE s.withdrawn_by IS NULL GROUP BY l.id HAVING sum(s.quantity) > l.shipped",
    "SELECT 'Order ' || o.code || ' line ' || l.line || ': more came back (' || (sum(x.quantity) / 1000.0) || ') than was shipped (' || (l.shipped / 1000.0) || ').'
     FROM customer_return x JOIN order_line l ON l.id = x.line_id JOIN customer_order o ON o.id = l.order_id
     WHERE x.withdrawn_by IS NULL GROUP BY l.id HAVING sum(x.quantity) > l.shipped",
    "SELECT 'Delivery ' || k.delivery_id || ' was booked up to scan ' || k.last_scan || ', which it does not have.' FROM delivery_booking k
     WHERE NOT EXISTS (SELECT 1 FROM delivery_scan s WHERE s.id = k.last_scan AND s.delivery_id = k.delivery_id)",
    // The journal unbroken.
    "SELECT 'The record of operations has a gap: number ' || (o.id - 1) || ' is missing.' FROM operation o
     WHERE o.id > 1 AND NOT EXISTS (SELECT 1 FROM operation p WHERE p.id = o.id - 1)",
    "SELECT 'Operation ' || o.id || ' (' || o.kind || ') has no journal: it cannot be taken back.' FROM operation o
     WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.operation_id = o.id)",
    "SELECT 'The journal has a gap before row ' || j.id || ': what was written there can no longer be taken back.' FROM journal j
     WHERE j.id > 1 AND NOT EXISTS (SELECT 1 FROM journal p WHERE p.id = j.id - 1)",
    "SELECT 'Journal row ' || j.id || ' of operation ' || j.operation_id || ' does not say what was there before.' FROM journal j
     JOIN operation o ON o.id = j.operation_id
     WHERE j.action <> 'insert' AND j.cells NOT LIKE '{\"%' AND o.reverses IS NULL", // of what an undo removed, its own operation tells
    "SELECT 'Journal row ' || j.id || ' belongs to operation ' || j.operation_id || ', which is missing.' FROM journal j
     WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE o.id = j.operation_id)",
    "SELECT 'Operation ' || o.id || ' takes back operation ' || o.reverses || ', which is not older.' FROM operation o WHERE o.reverses >= o.id",
    "SELECT 'Movement ' || m.id || ' takes back movement ' || r.id || ' but does not undo it exactly.' FROM movement m JOIN movement r ON r.id = m.reverses
     WHERE m.quantity <> -r.quantity OR m.item_id <> r.item_id OR m.bin_id <> r.bin_id",
    // What is said of a line is said of a line of that order.
    "SELECT 'Promise ' || p.id || ' names order ' || o.code || ' and a line of another order.' FROM promise p
     JOIN customer_order o ON o.id = p.order_id JOIN order_line l ON l.id = p.line_id WHERE l.order_id <> p.order_id",
    "SELECT 'Contact ' || c.id || ' names order ' || o.code || ' and a line of another order.' FROM contact c
     JOIN customer_order o ON o.id = c.order_id JOIN order_line l ON l.id = c.line_id WHERE l.order_id <> c.order_id",
    "SELECT 'Contact ' || c.id || ' went by mail ' || m.id || ' of another operation.' FROM contact c
     JOIN mail m ON m.id = c.mail_id WHERE m.operation_id <> c.operation_id",
    "SELECT 'Order ' || o.code || ' is promised for ' || p.promised_on || ', before it was ordered (' || o.ordered_on || ').' FROM promise p
     JOIN customer_order o ON o.id = p.order_id WHERE p.promised_on < o.ordered_on AND p.withdrawn_by IS NULL",
];

/// The append-only tables: every row was made by an operation whose journal says so.
const RECORDED: &[&str] = &[
    "movement",
    "contact",
    "mail",
    "promise",
    "receipt",
    "po_date",
    "po_invoice",
    "count_entry",
    "count_posting",
    "not_told",
    "incident",
    "delivery_booking",
    "blind_receipt",
    "customer_return",
    "pick_shipment",
];

/// What the file itself says: damaged pages, broken rules.
pub fn damage(db: &Db) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut statement = db.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            out.push(format!("The file is damaged: {said}."));
        }
    }
    Ok(out)
}

/// Rows that point at nothing.
pub fn loose_ends(db: &Db) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut statement = db.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if out.len() >= LISTED {
            break;
        }
        let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        out.push(format!("Row {} of {table} points at a row of {parent} that is not there.", id.unwrap_or(0)));
    }
    Ok(out)
}

/// What does not agree with what.
pub fn disagreements(db: &Db) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for sql in STATEMENTS {
        gather(db, sql, &mut out)?;
    }
    for table in RECORDED {
        let sql = format!(
            "SELECT 'Operation ' || x.id || ' recorded ' || x.said || ' rows of {table}, but ' || x.there || ' are there.'
             FROM (SELECT id, sum(said) said, sum(there) there FROM (
                     SELECT operation_id id, row_to - row_id + 1 said, 0 there FROM journal WHERE tbl = '{table}' AND action = 'insert'
                     UNION ALL SELECT operation_id, 0, count(*) FROM {table} GROUP BY operation_id)
                   GROUP BY id) x
             WHERE x.said <> x.there ORDER BY x.id"
        );
        gather(db, &sql, &mut out)?;
    }
    Ok(out)
}

fn gather(db: &Db, sql: &str, out: &mut Vec<String>) -> Result<()> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        found += 1;
        if found <= LISTED {
            let sentence: String = row.get(0)?;
            out.push(sentence.replace(".0 ", " ").replace(".0)", ")").replace(".0.", ".").replace(".0,", ","));
        }
    }
    if found > LISTED {
        out.push(format!("... and {} more of these.", found - LISTED));
    }
    Ok(())
}

/// Items whose stored state is not what follows from the facts.
pub fn stale_states(db: &Db, cover_days: f64) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut stale = 0;
    item_state::each_computed(db, cover_days, |mut now| {
        now.figures.lowest = Qty::ZERO; // not stored
        let stored = item_state::stored(db, now.item)?;
        let differs = stored.as_ref() != Some(&now);
        if differs {
            stale += 1;
        }
        if differs && stale <= LISTED {
            let had = stored.map_or("nothing".into(), |s| figures(&s));
            out.push(format!("The list shows {} as {had}, but it is {}.", now.sku, figures(&now)));
        }
        Ok(())
    })?;
    if stale > LISTED {
        out.push(format!("... and {} more of these.", stale - LISTED));
    }
    Ok(out)
}

fn figures(s: &item_state::ItemState) -> String {
    let f = &s.figures;
    format!(
        "{} on hand, {} sellable, {} reserved, {} open, {} on order, {}",
        f.on_hand,
        f.sellable,
        f.allocated,
        f.open_demand,
        f.on_order,
        s.trouble.word()
    )
}

/// How much there is: items, movements, operations.
pub fn size(db: &Db) -> Result<(i64, i64, i64)> {
    let count = |table: &str| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0));
    Ok((count("item")?, count("movement")?, count("operation")?))
}

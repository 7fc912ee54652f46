//! Deliveries taken in by scan or line by line: beginning one, scanning into it, seeing where each piece goes, booking it.
//!
//! - `receiver` one person at one workstation: every line is a committed row before it is answered
//! - `standing` what that person's screen shows, and where each piece would go
//! - `booking`  the one operation that books a delivery, and receipts that find their PO later
//! - `paper`    the put-aside list
//!
//! A delivery's rows are a record of their own ([`Store::record`]); nothing of the warehouse changes until it is booked.

pub mod booking;
pub mod paper;
pub mod receiver;
pub mod standing;

use crate::domain::delivery::{Came, Contents, Expected, Kind, Share, contents, spread};
use crate::domain::ids::{DeliveryId, ItemId, PoId, SupplierId};
use crate::domain::quantity::Qty;
use crate::store::deliveries::{self as store, Head, Line, NewRow};
use crate::store::purchases::{self, PoHead};
use crate::store::{Act, Db, Failure, Result, Store};

/// Why goods are bad, as the list offers it; the person may say it otherwise.
pub const BAD: [&str; 6] = ["damaged", "expired", "too short a date", "wrong goods", "dirty", "incomplete"];

/// Begins a delivery, of a PO where one is named: one of that PO that is half done goes on. `uid`: the caller's own id of this wish; it begins one delivery.
pub fn begin(store: &mut Store, act: &Act, po: Option<PoId>, uid: Option<&str>) -> Result<DeliveryId> {
    store.record("begin a delivery", |db| {
        if let Some(po) = po {
            may_receive(db, po)?;
        }
        // Two people at one lorry work on one delivery.
        if let Some(po) = po {
            for head in store::open(db)? {
                if contents(&store::rows(db, head.id)?, 0).pos.contains(&po) {
                    return Ok(head.id);
                }
            }
        }
        let at = act.today.and_time(act.now.time());
        let (delivery, fresh) = store::begin(db, uid, at, &act.operator)?;
        if let Some(po) = po.filter(|_| fresh) {
            store::append(db, &NewRow { po: Some(po), ..row(act, delivery, Kind::Po) })?;
        }
        Ok(delivery)
    })
}

/// Throws a delivery away: what was scanned stays on record and counts for nothing.
pub fn throw_away(store: &mut Store, act: &Act, delivery: DeliveryId) -> Result<()> {
    store.record("throw a delivery away", |db| {
        still_open(db, delivery)?;
        store::append(db, &row(act, delivery, Kind::Drop)).map(|_| ())
    })
}

/// A PO on which goods may come, else why not.
fn may_receive(db: &Db, po: PoId) -> Result<PoHead> {
    let head =
        purchases::head(db, po)?.ok_or_else(|| Failure::refused("That purchase order is not there any more."))?;
    match head.status.as_deref() {
        Some("draft") => Err(Failure::refused(format!(
            "{} is a draft: send it first (Suppliers, s), then its goods can come.",
            head.code
        ))),
        Some("cancelled") => Err(Failure::refused(format!(
            "{} is cancelled: nothing can be received on it. Receive without a PO and match it later.",
            head.code
        ))),
        _ => Ok(head),
    }
}

fn still_open(db: &Db, delivery: DeliveryId) -> Result<Head> {
    let head = store::head(db, delivery)?;
    if store::is_closed(db, delivery)? {
        return Err(Failure::refused("This delivery is booked or thrown away already: begin another (r)."));
    }
    Ok(head)
}

/// A row that says nothing yet.
fn row(act: &Act, delivery: DeliveryId, kind: Kind) -> NewRow<'_> {
    NewRow {
        uid: None,
        delivery,
        kind,
        po: None,
        item: None,
        code: None,
        quantity: None,
        words: None,
        takes_back: None,
        typed: true,
        at: act.today.and_time(act.now.time()),
        operator: &act.operator,
    }
}

/// A delivery with what it is compared with.
#[derive(Clone, Debug)]
pub struct Facts {
    pub head: Head,
    pub contents: Contents,
    /// Its POs, in the order in which they were named.
    pub pos: Vec<PoHead>,
    /// The lines of its POs; behind them those of other POs of the supplier that have what came and these do not.
    pub lines: Vec<(Line, bool)>,
}

impl Facts {
    /// Reads them.
    pub fn load(db: &Db, delivery: DeliveryId) -> Result<Facts> {
        let head = store::head(db, delivery)?;
        let contents = contents(&store::rows(db, delivery)?, store::booked(db, delivery)?);
        let mut pos = Vec::new();
        let mut lines: Vec<(Line, bool)> = Vec::new();
        for po in &contents.pos {
            let Some(head) = purchases::head(db, *po)? else { continue }; // an undone import took it away
            lines.extend(store::lines(db, *po)?.into_iter().map(|l| (l, true)));
            pos.push(head);
        }
        let supplier = pos.first().map(|p| p.supplier);
        if let Some(supplier) = supplier {
            for came in &contents.came {
                if !lines.iter().any(|(l, _)| l.item == came.item) {
                    lines.extend(store::open_lines(db, supplier, came.item)?.into_iter().map(|l| (l, false)));
                }
            }
        }
        Ok(Facts { head, contents, pos, lines })
    }

    /// Whose delivery it is, as far as anybody knows.
    pub fn supplier(&self) -> Option<(SupplierId, &str)> {
        self.pos.first().map(|p| (p.supplier, p.supplier_name.as_str()))
    }

    /// The codes of its POs.
    pub fn po_codes(&self) -> String {
        self.pos.iter().map(|p| p.code.clone()).collect::<Vec<_>>().join(", ")
    }

    /// Which lines what came of an item is for, and how many (and how many bad ones) no PO has.
    fn shares(&self, came: &Came) -> (Vec<Share>, Qty, Qty) {
        let expected: Vec<Expected> = self
            .lines
            .iter()
            .map(|(l, named)| Expected { line: l.id, item: l.item, open: l.open(), named: *named })
            .collect();
        spread(came, &expected)
    }

    /// Still to come of an item on the delivery's POs, before what came now.
    fn still_to_come(&self, item: ItemId) -> Qty {
        self.lines.iter().filter(|(l, _)| l.item == item).map(|(l, _)| l.open()).sum()
    }
}

/// An open delivery, for a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub head: Head,
    /// `PO-77, Exotic Liquids`; `no PO` where nobody named one.
    pub name: String,
    /// Items, and units of them, that were scanned so far.
    pub items: usize,
    pub units: Qty,
    /// Codes that nobody knows, kept aside.
    pub unknown: usize,
    /// Something was said of it: a scan, a figure, the number of its note. One that was only opened is none to finish.
    pub begun: bool,
}

/// The deliveries that somebody has to finish: open ones of which something was said, newest first.
pub fn to_finish(db: &Db) -> Result<Vec<Listed>> {
    Ok(open(db)?.into_iter().filter(|d| d.begun).collect())
}

/// The deliveries that are neither booked nor thrown away, newest first.
pub fn open(db: &Db) -> Result<Vec<Listed>> {
    let mut out = Vec::new();
    for head in store::open(db)? {
        let facts = Facts::load(db, head.id)?;
        let name = match facts.supplier() {
            Some((_, supplier)) => format!("{}, {supplier}", facts.po_codes()),
            None => "no PO".to_string(),
        };
        let came = facts.contents.came.iter().filter(|c| c.quantity.is_positive());
        let (items, units) = (came.clone().count(), came.map(|c| c.quantity).sum());
        let said = &facts.contents;
        let begun = !said.came.is_empty() || !said.aside.is_empty() || said.note.is_some();
        out.push(Listed { head, name, items, units, unknown: said.aside.len(), begun });
    }
    Ok(out)
}

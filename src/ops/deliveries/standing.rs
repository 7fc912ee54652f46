//! What the screen of somebody who takes a delivery in shows: the lines of its POs, what came, and where each piece goes
//! when it is booked. Nothing is written.

use super::receiver::{Above, Receiver};
use super::{Facts, store};
use crate::domain::delivery::{Came, Share};
use crate::domain::ids::{DeliveryId, ItemId, LineId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::settings::Settings;
use crate::ops::{allocating, receiving, scanning};
use crate::store::goods::{self, Bin};
use crate::store::{Db, Failure, Result, fulfilment};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// `None`: a code without an item.
    pub item: Option<ItemId>,
    /// The supplier's own code, else our SKU; `?` for a code without an item.
    pub code: String,
    pub name: String,
    /// `None`: nobody ordered it here.
    pub ordered: Option<Qty>,
    pub before: Qty,
    /// `None`: nothing was said of it yet.
    pub now: Option<Qty>,
    pub bad: Qty,
    /// Why some of the item are bad, and how many.
    pub reasons: Vec<(String, Qty)>,
    /// Still to come after it.
    pub to_come: Qty,
    pub note: String,
    /// It needs a look: not ordered, too many, unknown.
    pub odd: bool,
}

/// Where some of it goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Goes {
    pub quantity: Qty,
    pub name: String,
    pub to: To,
}

/// The place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum To {
    /// Put aside for an order, in this bin.
    Aside {
        order: String,
        customer: String,
        bin: String,
    },
    Bin(String),
    /// Why, and what it cost, where that is known: to be claimed.
    Quarantine {
        bin: String,
        why: String,
        claim: Option<Money>,
    },
    /// Still to come on these POs; whether anybody waits for it.
    StillToCome {
        pos: String,
        waited_for: bool,
    },
}

/// What the screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub delivery: DeliveryId,
    /// `PO-77`; blank: no PO.
    pub pos: String,
    pub supplier: Option<String>,
    pub due: Option<NaiveDate>,
    pub note: Option<String>,
    pub rows: Vec<Row>,
    /// What stands above the field.
    pub above: Option<ItemId>,
    pub above_aside: bool,
    pub goes: Vec<Goes>,
    /// Orders that are complete with it.
    pub complete: Vec<(String, String)>,
    pub times: Option<Qty>,
    /// A figure that was asked about and not taken, and of which item.
    pub doubted: Option<(ItemId, Qty)>,
    /// The reason that bad goods would get.
    pub reason: String,
    /// The last row of all: booking is refused where another came meanwhile.
    pub last: i64,
}

/// Reads it.
pub fn standing(db: &Db, receiver: &Receiver, today: NaiveDate) -> Result<Standing> {
    let facts = Facts::load(db, receiver.delivery)?;
    let (goes, complete) = goes(db, &facts, today)?;
    let (above, above_aside) = match &receiver.above {
        Some(Above::Item(item)) => (Some(*item), false),
        Some(Above::Aside { .. }) => (None, true),
        None => (None, false),
    };
    let reason = store::last_reason(db)?.or(super::BAD.first().map(|r| r.to_string())).unwrap_or_default();
    Ok(Standing {
        delivery: receiver.delivery,
        pos: facts.po_codes(),
        supplier: facts.supplier().map(|(_, name)| name.to_string()),
        due: facts.lines.iter().filter(|(l, named)| *named && l.open().is_positive()).filter_map(|(l, _)| l.due).min(),
        note: facts.contents.note.clone(),
        rows: rows(db, &facts)?,
        above,
        above_aside,
        goes,
        complete,
        times: receiver.times,
        doubted: receiver.doubted,
        reason,
        last: facts.contents.last,
    })
}

fn rows(db: &Db, facts: &Facts) -> Result<Vec<Row>> {
    let mut out = Vec::new();
    let mut shares: BTreeMap<i64, Share> = BTreeMap::new();
    let mut beside: Vec<(&Came, Qty, Qty)> = Vec::new();
    for came in &facts.contents.came {
        let (of_lines, rest, rest_bad) = facts.shares(came);
        shares.extend(of_lines.into_iter().map(|s| (s.line.0, s)));
        let nothing_else = !facts.lines.iter().any(|(l, _)| l.item == came.item);
        if rest.is_positive() || nothing_else {
            beside.push((came, rest, rest_bad));
        }
    }
    for (line, named) in &facts.lines {
        let share = shares.get(&line.id.0);
        if share.is_none() && !*named {
            continue;
        }
        let now = share.map(|s| s.quantity).or(facts.contents.of(line.item).map(|_| Qty::ZERO));
        let over = share.map_or(Qty::ZERO, |s| s.over);
        let to_come = (line.open() - now.unwrap_or(Qty::ZERO)).or_zero();
        // The figure first: the rest may be cut where the screen is narrow.
        let mut notes = Vec::new();
        if over.is_positive() {
            notes.push(format!("{over} too many"));
        } else if now.is_some() && to_come.is_positive() {
            notes.push(format!("{to_come} to come"));
        }
        if !*named {
            notes.push(format!("on {}", line.po_code));
        }
        if let Some(why) = facts
            .contents
            .of(line.item)
            .and_then(Came::reason)
            .filter(|_| share.is_some_and(|s| s.rejected.is_positive()))
        {
            notes.push(why);
        }
        out.push(Row {
            item: Some(line.item),
            code: line.their_code.clone().unwrap_or_else(|| line.sku.clone()),
            name: line.name.clone(),
            ordered: Some(line.ordered),
            before: line.received,
            now,
            bad: share.map_or(Qty::ZERO, |s| s.rejected),
            reasons: facts.contents.of(line.item).map(reasons).unwrap_or_default(),
            to_come,
            note: notes.join(", "),
            odd: over.is_positive(),
        });
    }
    for (came, rest, bad) in beside {
        let item = goods::item(db, came.item)?;
        let why = came.reason().map(|r| format!(", {r}")).unwrap_or_default();
        let note = if facts.pos.is_empty() { came.reason().unwrap_or_default() } else { format!("not ordered{why}") };
        out.push(Row {
            item: Some(came.item),
            code: item.sku,
            name: item.name,
            ordered: None,
            before: Qty::ZERO,
            now: Some(rest),
            bad,
            reasons: reasons(came),
            to_come: Qty::ZERO,
            note,
            odd: !facts.pos.is_empty(),
        });
    }
    for aside in &facts.contents.aside {
        out.push(Row {
            item: None,
            code: "?".into(),
            name: aside.code.clone(),
            ordered: None,
            before: Qty::ZERO,
            now: Some(aside.quantity),
            bad: Qty::ZERO,
            reasons: Vec::new(),
            to_come: Qty::ZERO,
            note: "unknown code".into(),
            odd: true,
        });
    }
    Ok(out)
}

fn reasons(came: &Came) -> Vec<(String, Qty)> {
    came.bad.iter().map(|(why, n)| (why.clone(), *n)).collect()
}

/// What of an item is good and ours to sell, what is good and was not ordered, and what is bad.
pub(super) struct Sorted {
    /// For PO lines, or taken in without any PO: to be sold.
    pub sellable: Qty,
    /// Good, but not on the delivery's POs: kept apart until somebody decides.
    pub not_ordered: Qty,
    pub bad: Qty,
}

pub(super) fn sorted(facts: &Facts, came: &Came) -> Sorted {
    let (shares, rest, rest_bad) = facts.shares(came);
    let good: Qty = shares.iter().map(|s| s.quantity - s.rejected).sum();
    let blind = rest - rest_bad;
    let bad = came.rejected();
    if facts.pos.is_empty() {
        Sorted { sellable: good + blind, not_ordered: Qty::ZERO, bad }
    } else {
        Sorted { sellable: good, not_ordered: blind, bad }
    }
}

/// Where goods are put aside for orders.
pub(super) enum Aside {
    Bin(Bin),
    /// It is made when it is needed first.
    New(String),
    /// Each lies with the others of its item.
    WithTheOthers,
}

/// The bin in which goods are put aside for orders, where there is one already.
pub(in crate::ops) fn aside_bin(db: &Db) -> Result<Option<Bin>> {
    Ok(match aside(db)? {
        Aside::Bin(bin) => Some(bin),
        Aside::New(_) | Aside::WithTheOthers => None,
    })
}

/// Where goods are put aside for orders here. Where there is one bin only, nobody scans bins: it stays the only one.
pub(super) fn aside(db: &Db) -> Result<Aside> {
    let settings = Settings::load(db)?;
    let Some(code) = settings.text("receiving.aside_bin") else { return Ok(Aside::WithTheOthers) };
    let several = || Ok::<bool, Failure>(goods::bins(db)?.iter().filter(|b| b.kind == "storage").count() > 1);
    Ok(match scanning::bin_by_code(db, code)? {
        Some(bin) if bin.kind == "storage" => Aside::Bin(bin),
        None if several()? => Aside::New(code.to_string()),
        _ => Aside::WithTheOthers,
    })
}

type Complete = Vec<(String, String)>;

fn goes(db: &Db, facts: &Facts, today: NaiveDate) -> Result<(Vec<Goes>, Complete)> {
    let mut out = Vec::new();
    let aside = match aside(db)? {
        Aside::Bin(bin) => Some(bin.code),
        Aside::New(code) => Some(code),
        Aside::WithTheOthers => None,
    };
    let quarantine = goods::first_of_kind(db, "quarantine")?.map_or("QUARANTINE".to_string(), |b| b.code);
    let mut gained: BTreeMap<LineId, Qty> = BTreeMap::new();
    let mut orders: Vec<(String, String)> = Vec::new();
    let (mut rejects, mut to_come) = (Vec::new(), Vec::new());
    let mut came: Vec<&Came> = facts.contents.came.iter().filter(|c| c.quantity.is_positive()).collect();
    came.sort_by_key(|c| facts.lines.iter().position(|(l, _)| l.item == c.item).unwrap_or(usize::MAX));
    for came in came {
        let item = goods::item(db, came.item)?;
        let sorted = sorted(facts, came);
        let home = receiving::home(db, &item)?.map_or("MAIN".to_string(), |b| b.code);
        let mut left = sorted.sellable;
        for (line, quantity) in allocating::foreseen(db, came.item, sorted.sellable, today)? {
            let known = fulfilment::order_line(db, line)?;
            gained.insert(line, quantity);
            // What lay here already may be given too: only what came is put aside from it.
            let quantity = quantity.min(left);
            left -= quantity;
            if quantity.is_positive() {
                let bin = aside.clone().unwrap_or_else(|| home.clone());
                let (order, customer) = (known.order.clone(), known.customer.clone());
                if !orders.iter().any(|o| o.0 == order) {
                    orders.push((order.clone(), customer.clone()));
                }
                out.push(Goes { quantity, name: item.name.clone(), to: To::Aside { order, customer, bin } });
            }
        }
        if left.is_positive() {
            out.push(Goes { quantity: left, name: item.name.clone(), to: To::Bin(home) });
        }
        let cost = facts.lines.iter().find(|(l, _)| l.item == came.item).and_then(|(l, _)| l.cost);
        for (n, why) in
            [(sorted.bad, came.reason().unwrap_or_default()), (sorted.not_ordered, "not ordered".to_string())]
        {
            if n.is_positive() {
                let claim = cost.filter(|_| why != "not ordered").map(|c| c.times(n));
                let to = To::Quarantine { bin: quarantine.clone(), why, claim };
                rejects.push(Goes { quantity: n, name: item.name.clone(), to });
            }
        }
        let open = (facts.still_to_come(came.item) - came.quantity).or_zero();
        if open.is_positive() {
            let pos: BTreeSet<&str> = facts
                .lines
                .iter()
                .filter(|(l, _)| l.item == came.item && l.open().is_positive())
                .map(|(l, _)| l.po_code.as_str())
                .collect();
            let pos = pos.into_iter().collect::<Vec<_>>().join(", ");
            let waited_for = still_short(db, came.item, &gained)?;
            to_come.push(Goes { quantity: open, name: item.name.clone(), to: To::StillToCome { pos, waited_for } });
        }
    }
    out.append(&mut rejects);
    out.append(&mut to_come);
    let mut complete = Vec::new();
    for (order, customer) in orders {
        let lines = store::lines_of_order(db, &order)?;
        let has = |line: &LineId| gained.get(line).copied().unwrap_or(Qty::ZERO);
        if lines.iter().all(|(line, open, reserved)| *reserved + has(line) >= *open) {
            complete.push((order, customer));
        }
    }
    Ok((out, complete))
}

/// Whether anybody still waits for the item after what he gains.
fn still_short(db: &Db, item: ItemId, gained: &BTreeMap<LineId, Qty>) -> Result<bool> {
    let waiting = crate::store::waiting::of_item(db, item)?;
    Ok(waiting.iter().any(|w| w.allocated + gained.get(&w.line).copied().unwrap_or(Qty::ZERO) < w.open))
}

//! What is decided about a session: a line taken as it is or asked for again, a code named, and the one operation that
//! posts what is ready.

use super::{Line, Review, State, load};
use crate::domain::counting::folding::{Kind, fold};
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::money::Money;
use crate::domain::people::Role;
use crate::domain::quantity::Qty;
use crate::ops::counting::counter::{count_aside, decision, name_code};
use crate::ops::counting::store::{self, NewScan};
use crate::ops::counting::{policy, still_open};
use crate::ops::people::role_of;
use crate::ops::perform;
use crate::ops::scanning::{self, Meaning};
use crate::ops::settings::Settings;
use crate::ops::stock::less_picked;
use crate::store::goods::{self, Moving};
use crate::store::{Act, Db, Done, Failure, Result, Store};

/// Takes a line as it is, or asks for it to be counted again.
pub fn mark(store: &mut Store, act: &Act, session: SessionId, bin: BinId, item: ItemId, again: bool) -> Result<()> {
    let kind = if again { Kind::Again } else { Kind::Ok };
    store.record("review a count", |db| {
        still_open(db, session)?;
        if again {
            may_ask_again(db, act, session, bin, item)?;
        } else {
            may_take(db, act, session, bin, item)?;
        }
        store::append(db, &NewScan { bin: Some(bin), item: Some(item), ..decision(act, session, kind) }).map(|_| ())
    })
}

/// A line that waits for somebody else's count anyhow is not asked for again: that would ask who counted it once more.
fn may_ask_again(db: &Db, act: &Act, session: SessionId, bin: BinId, item: ItemId) -> Result<()> {
    if !policy(&Settings::load(db)?).two_people {
        return Ok(());
    }
    let review = load(db, session, &act.operator, act.today)?;
    let line = review.lines.iter().find(|l| l.bin.id == bin && l.item.id == item);
    match line {
        Some(l) if matches!(l.state, State::Second | State::Third) && !l.lead_decides => Err(Failure::refused(
            "It waits for somebody else's count already: who has not counted it presses c and scans the bin.",
        )),
        _ => Ok(()),
    }
}

/// Whether this person may take a line as it is. Where two people count, a line that waits for another count is taken
/// only where two disagree and nobody else is there to count it, and by who leads.
fn may_take(db: &Db, act: &Act, session: SessionId, bin: BinId, item: ItemId) -> Result<()> {
    if !policy(&Settings::load(db)?).two_people {
        return Ok(());
    }
    let review = load(db, session, &act.operator, act.today)?;
    let line = review.lines.iter().find(|l| l.bin.id == bin && l.item.id == item);
    match line {
        Some(l) if l.state == State::Third && !l.lead_decides => Err(Failure::refused(
            "Two people found different things: somebody who counted neither time counts it (c), then it is decided.",
        )),
        Some(l) if l.state == State::Third && role_of(db, &act.operator)? != Role::Lead => Err(Failure::refused(
            "Two people found different things and nobody else is here: a lead decides whose count stands.",
        )),
        Some(l) if l.state == State::Second => {
            Err(Failure::refused("Somebody else counts it first (c): it cannot be taken as it is."))
        }
        _ => Ok(()),
    }
}

/// Says which item a code is that was kept aside: it becomes a barcode of it, and every visit that kept it aside counts it.
pub fn name_aside(
    store: &mut Store,
    act: Act,
    session: SessionId,
    code: &str,
    item: ItemId,
    pack: Qty,
) -> Result<Done<()>> {
    perform(store, act, |tx| {
        still_open(tx, session)?;
        let thing = goods::item(tx, item)?;
        name_code(tx, code, item, pack)?;
        let folded = fold(&store::rows(tx, session)?);
        let act = tx.act().clone();
        for visit in folded.visits.values().filter(|v| v.aside.iter().any(|a| a.code == code)) {
            let row = NewScan { visit: Some(visit.id), bin: Some(visit.bin), ..decision(&act, session, Kind::Attach) };
            count_aside(tx, &row, code, item, pack)?;
        }
        tx.summarise(format!("made {code} a barcode of {}", thing.name));
        Ok(())
    })
}

/// Counts what was kept aside of a code that is known by now, wherever it was kept aside. Answers the item's name.
/// It writes rows of the session alone and changes nothing else, so that it is no operation of its own.
pub fn settle_aside(store: &mut Store, act: &Act, session: SessionId, code: &str) -> Result<String> {
    let Meaning::Item { item, quantity, .. } = scanning::meaning(store.db(), code, act.today)? else {
        return Err(Failure::refused(format!("Nobody knows {code} yet: b names its item.")));
    };
    let act = Act { uid: None, ..act.clone() };
    store.record("count", |db| {
        still_open(db, session)?;
        let folded = fold(&store::rows(db, session)?);
        for visit in folded.visits.values().filter(|v| v.aside.iter().any(|a| a.code == code)) {
            let row = NewScan { visit: Some(visit.id), bin: Some(visit.bin), ..decision(&act, session, Kind::Attach) };
            count_aside(db, &row, code, item, quantity)?;
        }
        Ok(goods::item(db, item)?.name)
    })
}

/// Drops a code that was kept aside: its scans count for nothing. The rows stay, taken back.
pub fn drop_aside(store: &mut Store, act: &Act, session: SessionId, code: &str) -> Result<()> {
    let act = Act { uid: None, ..act.clone() };
    store.record("count", |db| {
        still_open(db, session)?;
        let folded = fold(&store::rows(db, session)?);
        for visit in folded.visits.values() {
            for aside in visit.aside.iter().filter(|a| a.code == code) {
                let (visit, bin, back) = (Some(visit.id), Some(visit.bin), Some(aside.row));
                let row = NewScan { visit, bin, takes_back: back, ..decision(&act, session, Kind::Back) };
                store::append(db, &row)?;
            }
        }
        Ok(())
    })
}

/// What a posting did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posted {
    /// Lines that were posted, right ones included.
    pub lines: usize,
    pub changes: usize,
    pub net: Money,
    /// Lines, bins and codes that are left over: the session stays open for them.
    pub left: usize,
}

/// Books what is ready: the difference that was found then goes onto today's book. One operation; its undo opens the
/// session again as it was. Lines that wait for another count, or for somebody who may approve them, stay.
pub fn post(store: &mut Store, act: Act, session: SessionId) -> Result<Done<Posted>> {
    perform(store, act, |tx| {
        let record = still_open(tx, session)?;
        let (operator, today) = (tx.act().operator.clone(), tx.act().today);
        let review = load(tx, session, &operator, today)?;
        let ready: Vec<&Line> = review.lines.iter().filter(|l| l.ready()).collect();
        if ready.is_empty() {
            return Err(Failure::refused(why_not(&review)));
        }
        let negative = Settings::load(tx)?.negative_stock();
        let mut posted = Posted { lines: ready.len(), changes: 0, net: Money::ZERO, left: 0 };
        for line in &ready {
            let difference = line.difference();
            let level = goods::level(tx, line.item.id, line.bin.id)?;
            if difference.is_negative() && (level + difference).is_negative() && !negative {
                return Err(Failure::refused(format!(
                    "{} in {} would be {} then: more was taken since than was there. Count it again (r).",
                    line.item.name,
                    line.bin.code,
                    level + difference
                )));
            }
            let entry = store::Entry {
                session,
                item: line.item.id,
                bin: line.bin.id,
                at: line.pass.at,
                book: line.pass.book,
                counted: line.pass.counted,
                operator: &line.pass.operator,
            };
            store::keep_entry(tx, &entry)?;
            if !difference.is_zero() {
                posted.changes += 1;
                posted.net += line.worth.unwrap_or(Money::ZERO);
                let less = less_picked(line.pass.book, line.pass.picked);
                let moving = Moving {
                    item: line.item.id,
                    bin: line.bin.id,
                    quantity: difference,
                    reason: "count",
                    reference: Some(&record.name),
                    note: less.as_deref(),
                };
                goods::move_stock(tx, &moving)?;
            }
        }
        posted.left = (review.lines.len() - ready.len()) + review.open.len() + review.left + review.aside.len();
        store::keep_posting(tx, session, review.last, posted.left == 0)?;
        let changes = match posted.changes {
            0 => "all right".to_string(),
            1 => "1 change".to_string(),
            n => format!("{n} changes"),
        };
        let net = posted.net.ten_thousandths();
        let worth =
            if net == 0 { String::new() } else { format!(", {}{}", if net > 0 { "+" } else { "" }, posted.net) };
        let open = still_left(&review, review.lines.len() - ready.len());
        tx.summarise(format!("{} posted: {} counted, {changes}{worth}{open}", record.name, posted.lines));
        Ok(posted)
    })
}

/// Why the session stays open after what was ready is posted.
fn still_left(review: &Review, lines: usize) -> String {
    let of = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let waits = review.waits().into_iter().map(|(n, what)| of(n, &format!("line {what}"), &format!("lines {what}")));
    let parts: Vec<String> = [
        of(lines.saturating_sub(review.waiting()), "line to approve", "lines to approve"),
        of(review.aside.len(), "unknown code", "unknown codes"),
        of(review.left, "bin not counted", "bins not counted"),
        of(review.open.len(), "bin half done", "bins half done"),
    ]
    .into_iter()
    .chain(waits)
    .flatten()
    .collect();
    if parts.is_empty() { String::new() } else { format!("; still open: {}", parts.join(", ")) }
}

fn why_not(review: &Review) -> String {
    let held = review.lines.iter().filter(|l| l.held).count();
    if review.lines.is_empty() && !review.open.is_empty() {
        "Nothing to post yet: finish the bin first (F8 in the count).".into()
    } else if review.lines.is_empty() {
        "Nothing to post: nothing was counted that is not posted already.".into()
    } else if held > 0 {
        let (what, them) = match held {
            1 => ("1 difference is".to_string(), "that"),
            n => (format!("{n} differences are"), "them"),
        };
        format!("{what} over the limit: {} must post {them}.", review.who_approves())
    } else {
        let each: Vec<String> = review
            .waits()
            .iter()
            .map(|(n, what)| format!("{n} {} {what}", if *n == 1 { "line" } else { "lines" }))
            .collect();
        format!("Nothing to post yet: {}.", each.join(", "))
    }
}

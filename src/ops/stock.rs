//! Adjusting, moving and counting stock; the item's own few facts.

use super::allocating::{self, Loss};
use super::perform;
use super::settings::Settings;
use crate::domain::dates;
use crate::domain::ids::{BinId, ItemId};
use crate::domain::oversell::Oversell;
use crate::domain::quantity::Qty;
use crate::domain::stock::reason_goes;
use crate::store::goods::{self, Item, Moving};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx, fulfilment, item, picking};
use chrono::{NaiveDate, NaiveDateTime};

/// How a refusal ends that a person may overrule: the same operation with `sure` goes through.
const ASKS: &str = "If that is right, save again to confirm it.";

/// Whether the refusal only asks again: the same operation with its `sure` set goes through.
pub fn asks_again(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(r) if r.sentence().ends_with(ASKS))
}

/// A refusal that `sure` overrules.
pub(super) fn ask(sentence: String) -> Failure {
    Failure::refused(format!("{sentence} {ASKS}"))
}

/// Refuses when what the person saw is no longer so, with both values.
pub(super) fn same(what: &str, seen: impl ToString + PartialEq, now: impl ToString + PartialEq) -> Result<()> {
    let (seen, now) = (seen.to_string(), now.to_string());
    if seen == now {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "{what} was {seen} when you looked and is {now} now: somebody changed it meanwhile. Nothing was saved; look again."
    )))
}

/// Refuses a quantity far over the usual, unless the person is sure. 160,000 typed for 16,000 is caught here.
pub(super) fn plausible(db: &Db, item: &Item, quantity: Qty, sure: bool) -> Result<()> {
    let times = Settings::load(db)?.count("stock.usual_times");
    let Some(usual) = goods::usual(db, item.id)?.filter(|_| !sure) else { return Ok(()) };
    let limit = Qty::from_thousandths(usual.max(Qty::ONE).thousandths().saturating_mul(times));
    if quantity.abs() > limit {
        return Err(ask(format!("{} {} is over {times} times the usual ({usual}).", quantity.abs(), item.name)));
    }
    Ok(())
}

/// Refuses a level below zero, unless the warehouse allows it.
fn not_below_zero(db: &Db, item: &Item, bin: &str, level: Qty, change: Qty) -> Result<()> {
    if !change.is_negative() || !(level + change).is_negative() || Settings::load(db)?.negative_stock() {
        return Ok(());
    }
    if !level.is_positive() {
        return Err(Failure::refused(format!(
            "The book says {level} {} in {bin}: nothing can be taken out. Count the bin first.",
            item.name
        )));
    }
    Err(Failure::refused(format!(
        "Only {level} {} are in {bin}: {} cannot be taken out. Count the bin first.",
        item.name,
        change.abs()
    )))
}

/// A text that says something.
pub(super) fn said<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        Err(Failure::refused(format!("{what} is missing: say it in a word or two.")))
    } else {
        Ok(text)
    }
}

/// By how much, or to what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    By(Qty),
    To(Qty),
}

/// A correction of a bin's level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adjust {
    pub item: ItemId,
    pub bin: BinId,
    pub change: Change,
    /// The bin's level as the person saw it.
    pub seen: Qty,
    pub reason: String,
    pub note: Option<String>,
    /// The person was asked whether so much is right.
    pub sure: bool,
}

/// Why a correction would be refused, or asked about, if it were saved now; nothing is written.
pub fn would_refuse(db: &Db, item: ItemId, bin: BinId, by: Qty) -> Result<()> {
    let (item, bin) = (goods::item(db, item)?, goods::bin(db, bin)?);
    let level = goods::level(db, item.id, bin.id)?;
    not_below_zero(db, &item, &bin.code, level, by)?;
    plausible(db, &item, by, false)
}

/// Whose goods a correction would take.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Takes {
    /// They would have less set aside.
    pub loses: Vec<Loss>,
    /// Their goods are put aside in this bin: they would come from another one.
    pub elsewhere: Vec<Loss>,
}

/// Whose goods a correction would take if it were saved now; nothing is written.
pub fn would_take(db: &Db, item: ItemId, bin: BinId, by: Qty, today: NaiveDate) -> Result<Takes> {
    if !by.is_negative() || goods::bin(db, bin)?.kind != "storage" {
        return Ok(Takes::default());
    }
    let loses = allocating::would_lose(db, item, by, today)?;
    let mut elsewhere = Vec::new();
    let after = super::picking::laid_aside(db, item, bin, by)?;
    for (line, had) in super::picking::laid_aside(db, item, bin, Qty::ZERO)? {
        let left = after.iter().find(|(l, _)| *l == line).map_or(Qty::ZERO, |(_, n)| *n);
        let known = fulfilment::order_line(db, line)?;
        let lost = loses.iter().find(|l| l.order == known.order).map_or(Qty::ZERO, |l| l.quantity);
        let quantity = had - left - lost;
        if quantity.is_positive() {
            elsewhere.push(Loss { order: known.order, customer: known.customer, quantity });
        }
    }
    Ok(Takes { loses, elsewhere })
}

/// Corrects what lies in a bin, with the reason. Answers the new level.
pub fn adjust(store: &mut Store, act: Act, adjust: &Adjust) -> Result<Done<Qty>> {
    perform(store, act, |tx| {
        let (item, bin) = (goods::item(tx, adjust.item)?, goods::bin(tx, adjust.bin)?);
        let reason = said(&adjust.reason, "The reason")?;
        let level = goods::level(tx, item.id, bin.id)?;
        same(&format!("{} in {}", item.name, bin.code), adjust.seen, level)?;
        let by = match adjust.change {
            Change::By(by) => by,
            Change::To(to) => to - level,
        };
        if by.is_zero() {
            return Ok(level);
        }
        reason_goes(reason, by).map_err(Failure::refused)?;
        not_below_zero(tx, &item, &bin.code, level, by)?;
        plausible(tx, &item, by, adjust.sure)?;
        let note = adjust.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
        goods::move_stock(tx, &Moving { item: item.id, bin: bin.id, quantity: by, reason, reference: None, note })?;
        let sign = if by.is_negative() { "" } else { "+" };
        tx.summarise(format!("adjusted {} in {} by {sign}{by}: {reason}", item.name, bin.code));
        Ok(level + by)
    })
}

/// Goods from one bin to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Move {
    pub item: ItemId,
    pub from: BinId,
    pub to: BinId,
    pub quantity: Qty,
    /// The level of `from` as the person saw it.
    pub seen: Qty,
    pub sure: bool,
}

/// Moves goods between bins. Allocations stay as they are, unless goods leave storage.
pub fn move_goods(store: &mut Store, act: Act, wanted: &Move) -> Result<Done<()>> {
    let line = Carried { item: wanted.item, quantity: wanted.quantity, seen: wanted.seen };
    carry(store, act, &Carry { from: wanted.from, to: wanted.to, lines: vec![line], sure: wanted.sure })
}

/// What is carried of one item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carried {
    pub item: ItemId,
    pub quantity: Qty,
    /// The level of the bin that it leaves, as the person saw it.
    pub seen: Qty,
}

/// Goods of several items from one bin to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carry {
    pub from: BinId,
    pub to: BinId,
    pub lines: Vec<Carried>,
    pub sure: bool,
}

/// What moving goods between these bins is called: into quarantine they may no longer be sold, out of it they may.
pub fn kind_of_move(from: &goods::Bin, to: &goods::Bin) -> &'static str {
    match (from.kind.as_str(), to.kind.as_str()) {
        ("quarantine", "quarantine") => "move",
        (_, "quarantine") => "quarantine",
        ("quarantine", _) => "release goods",
        _ => "move",
    }
}

/// Moves goods of several items between two bins, in one operation.
pub fn carry(store: &mut Store, act: Act, wanted: &Carry) -> Result<Done<()>> {
    perform(store, act, |tx| carry_in(tx, wanted))
}

/// The same within an operation that does more.
pub(super) fn carry_in(tx: &mut Tx, wanted: &Carry) -> Result<()> {
    let (from, to) = (goods::bin(tx, wanted.from)?, goods::bin(tx, wanted.to)?);
    if from.id == to.id || wanted.lines.is_empty() || wanted.lines.iter().any(|l| !l.quantity.is_positive()) {
        return Err(Failure::refused("Name another bin and a quantity above zero."));
    }
    let kind = kind_of_move(&from, &to);
    let reason = if kind == "release goods" { "release" } else { kind };
    let mut said = Vec::new();
    for line in &wanted.lines {
        let item = goods::item(tx, line.item)?;
        let level = goods::level(tx, item.id, from.id)?;
        same(&format!("{} in {}", item.name, from.code), line.seen, level)?;
        not_below_zero(tx, &item, &from.code, level, -line.quantity)?;
        if line.quantity > level {
            plausible(tx, &item, line.quantity, wanted.sure)?; // what lies there may always be moved
        }
        for (bin, quantity, other) in [(from.id, -line.quantity, &to.code), (to.id, line.quantity, &from.code)] {
            let moving = Moving { item: item.id, bin, quantity, reason, reference: Some(other), note: None };
            goods::move_stock(tx, &moving)?;
        }
        said.push(format!("{} {}", line.quantity, item.name));
    }
    let verb = match kind {
        "quarantine" => "put into quarantine",
        "release goods" => "released",
        _ => "moved",
    };
    tx.summarise(format!("{verb} {} from {} to {}", super::shipping::few(&said), from.code, to.code));
    Ok(())
}

/// A bin of an item that was counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    pub item: ItemId,
    pub bin: BinId,
    pub counted: Qty,
    /// When it was counted and what the book said at that moment, if that was earlier: what moved since is not a
    /// difference. `None`: now.
    pub earlier: Option<(NaiveDateTime, Qty)>,
    pub note: Option<String>,
    pub sure: bool,
}

/// Keeps a count and books its difference (counted - book when it was counted) onto today's book. What was picked out of
/// the bin and is not shipped should not lie there, though the book has it until it leaves. A count without a difference is
/// kept too. Answers the difference.
pub fn count(store: &mut Store, act: Act, count: &Count) -> Result<Done<Qty>> {
    perform(store, act, |tx| {
        let (item, bin) = (goods::item(tx, count.item)?, goods::bin(tx, count.bin)?);
        if count.counted.is_negative() {
            return Err(Failure::refused("Nobody can count less than nothing: type 0 for an empty bin."));
        }
        let level = goods::level(tx, item.id, bin.id)?;
        let (at, book, picked) = match count.earlier {
            Some((at, book)) => (at.format("%Y-%m-%dT%H:%M:%S").to_string(), book, Qty::ZERO),
            None => {
                let picked = picking::in_hand(tx, bin.id, item.id, None)?;
                (goods::moment(tx), level - picked, picked)
            }
        };
        let difference = count.counted - book;
        not_below_zero(tx, &item, &bin.code, level, difference)?;
        plausible(tx, &item, difference, count.sure)?;
        goods::keep_count(tx, item.id, bin.id, &at, book, count.counted, count.note.as_deref())?;
        let with = if picked.is_zero() { String::new() } else { format!(", {picked} picked and not shipped") };
        let less = less_picked(book, picked);
        if difference.is_zero() {
            tx.summarise(format!("counted {} in {}: {} is right{with}", item.name, bin.code, count.counted));
            return Ok(difference);
        }
        let note = count.note.as_deref();
        let kept = [less.as_deref(), note].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let note = Some(kept.as_str()).filter(|n| !n.is_empty());
        let moving =
            Moving { item: item.id, bin: bin.id, quantity: difference, reason: "count", reference: None, note };
        goods::move_stock(tx, &moving)?;
        let less = less.map_or(String::new(), |less| format!(" ({less})"));
        let (name, counted) = (&item.name, count.counted);
        tx.summarise(format!("counted {name} in {}: {counted}, should have been {book}{less}", bin.code));
        Ok(difference)
    })
}

/// Why less should have lain in a bin than its book said: `13 in the book, less 5 picked`.
pub(super) fn less_picked(should: Qty, picked: Qty) -> Option<String> {
    (!picked.is_zero()).then(|| format!("{} in the book, less {picked} picked", should + picked))
}

/// The item's facts that a person edits at the shelf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Basics {
    pub name: String,
    pub note: Option<String>,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    pub home: Option<BinId>,
    /// How many customers may wait for it.
    pub oversell: Oversell,
    /// The first day on which it is there.
    pub available_on: Option<NaiveDate>,
}

impl Basics {
    /// As they are stored now: what a form begins with.
    pub fn of(db: &Db, item: ItemId) -> Result<Basics> {
        let record = item::record(db, item)?;
        let item = goods::item(db, item)?;
        Ok(Basics {
            name: item.name,
            note: item.note,
            min: item.min,
            max: item.max,
            home: item.home,
            oversell: record.as_ref().map_or(Oversell::default(), |r| r.oversell),
            available_on: record.and_then(|r| r.available_on),
        })
    }
}

/// Changes an item's basics; `seen` is what the form began with.
pub fn edit(store: &mut Store, act: Act, item: ItemId, seen: &Basics, wanted: &Basics) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let now = Basics::of(tx, item)?;
        unchanged(seen, &now)?;
        let name = said(&wanted.name, "The name")?;
        let below = |q: Option<Qty>| q.is_some_and(Qty::is_negative);
        if below(wanted.min) || below(wanted.max) || wanted.min.zip(wanted.max).is_some_and(|(min, max)| min > max) {
            return Err(Failure::refused("Min and max are not below zero, and min is not over max."));
        }
        if below(wanted.oversell.limit) {
            return Err(Failure::refused(
                "How many may wait is not below zero: 0 lets nobody wait, blank has no limit.",
            ));
        }
        write_basics(tx, item, name, wanted)?;
        tx.touch(item);
        let note_alone =
            Basics { note: now.note.clone(), ..wanted.clone() } == Basics { home: wanted.home, ..now.clone() };
        match note_alone && now.note != wanted.note {
            true => tx.summarise(format!("note on {name}")),
            false => tx.summarise(format!("edited {name}")),
        }
        Ok(())
    })
}

fn unchanged(seen: &Basics, now: &Basics) -> Result<()> {
    let blank = |q: Option<Qty>| q.map_or("blank".to_string(), |q| q.to_string());
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "blank".into());
    same("The name", seen.name.clone(), now.name.clone())?;
    same("The note", text(&seen.note), text(&now.note))?;
    same("Min", blank(seen.min), blank(now.min))?;
    same("Max", blank(seen.max), blank(now.max))?;
    let terms = |o: Oversell| format!("{} {}", o.policy.name(), blank(o.limit));
    same("Who may wait", terms(seen.oversell), terms(now.oversell))?;
    let day = |d: Option<NaiveDate>| d.map_or("blank".to_string(), dates::long);
    same("The day from which it is there", day(seen.available_on), day(now.available_on))?;
    if seen.home == now.home {
        return Ok(());
    }
    Err(Failure::refused("The home bin was changed by somebody meanwhile. Nothing was saved; look again."))
}

fn write_basics(tx: &mut Tx, item: ItemId, name: &str, wanted: &Basics) -> Result<()> {
    let note = wanted.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
    goods::write_item(
        tx,
        &Item {
            id: item,
            sku: String::new(),
            name: name.to_string(),
            note: note.map(String::from),
            min: wanted.min,
            max: wanted.max,
            home: wanted.home,
        },
    )?;
    goods::write_oversell(tx, item, wanted.oversell, wanted.available_on)
}

//! Picking reserved goods in rounds: a list in the order of the bins, scanned or typed off; a place that has less than the
//! book says; then shipping, out of the bins that they were picked from. A round's rows are a record of their own; only
//! the shipment moves stock.

use super::deliveries::standing::aside_bin;
use super::scanning::{self, Meaning, Told};
use super::shipping::{self, Parcel, Sending};
use crate::domain::ids::{BinId, ItemId, LineId, PickId};
use crate::domain::picking::{self as rules, Kind, Picked, Place, Wanted};
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
use crate::exchange::sheet::{Sheet, Value};
use crate::store::picking::{self as store, Head, Named, NewRow};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};
use crate::store::{goods, waiting};
use std::collections::{BTreeMap, BTreeSet};

/// Which lines a round is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Orders of which all that is open lies here.
    Whole,
    /// Whatever lies here, reserved.
    All,
}

/// What a round would be: from where each line's goods are taken.
fn wanted(db: &Db, which: Which) -> Result<(Vec<Place>, usize)> {
    let ready = store::ready(db)?;
    let lines: Vec<_> = ready.iter().filter(|r| which == Which::All || r.whole).collect();
    let items = lines.iter().map(|r| r.item).collect();
    let orders: BTreeSet<&str> = lines.iter().map(|r| r.order.as_str()).collect();
    let wanted: Vec<Wanted> =
        lines.iter().map(|r| Wanted { line: r.line, item: r.item, quantity: r.reserved }).collect();
    Ok((rules::places(&wanted, &lies(db, &items)?), orders.len()))
}

/// What lies in storage of these items, in the order of the bins, and what of it was put aside.
fn lies(db: &Db, items: &BTreeSet<ItemId>) -> Result<Vec<rules::Lies>> {
    let mut lies = store::lies(db, items)?;
    if let Some(aside) = aside_bin(db)? {
        lies.iter_mut().for_each(|l| l.aside = l.bin == aside.id);
    }
    Ok(lies)
}

/// From where the goods of a line would be picked: asked where they leave without a round. Nothing is said where nothing
/// is put aside here.
pub(super) fn would_take(db: &Db, item: ItemId, line: LineId) -> Result<Vec<(BinId, Qty)>> {
    if aside_bin(db)?.is_none() {
        return Ok(Vec::new());
    }
    let reserved = waiting::of_item(db, item)?.into_iter().filter(|l| l.allocated.is_positive());
    let wanted: Vec<Wanted> = reserved.map(|l| Wanted { line: l.line, item, quantity: l.allocated }).collect();
    let places = rules::places(&wanted, &lies(db, &BTreeSet::from([item]))?);
    Ok(places.into_iter().filter(|p| p.line == line).map(|p| (p.bin, p.quantity)).collect())
}

/// How many orders and places a round would have.
pub fn preview(db: &Db, which: Which) -> Result<(usize, usize)> {
    let (places, orders) = wanted(db, which)?;
    Ok((orders, places.len()))
}

/// Begins a round. Refused where nothing lies ready.
pub fn begin(store: &mut Store, act: &Act, which: Which, uid: Option<&str>) -> Result<PickId> {
    store.record("begin a round of picking", |db| {
        let (places, _) = wanted(db, which)?;
        if places.is_empty() {
            return Err(Failure::refused(match which {
                Which::Whole => "No order lies here complete. What lies here of others: the second row, or --all.",
                Which::All => "Nothing is reserved that is not in a round already: nothing is to be picked.",
            }));
        }
        store::begin(db, uid, act.today.and_time(act.now.time()), &act.operator, &places)
    })
}

/// Throws a round away: nothing moved, and its lines may be picked in another.
pub fn throw_away(store: &mut Store, act: &Act, pick: PickId) -> Result<()> {
    store.record("throw a round away", |db| {
        still_open(db, pick)?;
        store::append(db, &row(act, pick, Kind::Drop))
    })
}

fn still_open(db: &Db, pick: PickId) -> Result<()> {
    if store::is_open(db, pick)? {
        return Ok(());
    }
    Err(Failure::refused("This round is shipped or thrown away already: begin another (s)."))
}

fn row(act: &Act, pick: PickId, kind: Kind) -> NewRow<'_> {
    NewRow {
        uid: None,
        pick,
        kind,
        place: None,
        bin: None,
        quantity: None,
        takes_back: None,
        typed: true,
        at: act.today.and_time(act.now.time()),
        operator: &act.operator,
    }
}

/// A place and how far it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub place: Named,
    pub picked: Picked,
}

impl Spot {
    /// Still to be taken.
    pub fn left(&self) -> Qty {
        if self.picked.short || self.place.shipped {
            Qty::ZERO
        } else {
            (self.place.quantity - self.picked.quantity).or_zero()
        }
    }
}

/// An open round, for a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub head: Head,
    pub places: usize,
    pub done: usize,
}

/// The open rounds, newest first.
pub fn open(db: &Db) -> Result<Vec<Listed>> {
    let mut out = Vec::new();
    for head in store::open(db)? {
        let spots = spots(db, head.id)?;
        let done = spots.iter().filter(|s| s.left().is_zero()).count();
        out.push(Listed { head, places: spots.len(), done });
    }
    Ok(out)
}

/// The places of a round, in the order of the bins.
pub fn spots(db: &Db, pick: PickId) -> Result<Vec<Spot>> {
    let picked = rules::picked(&store::rows(db, pick)?);
    let places = store::places(db, pick)?;
    Ok(places.into_iter().map(|p| Spot { picked: picked.get(&p.id).copied().unwrap_or_default(), place: p }).collect())
}

/// What the screen of somebody who picks shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub pick: PickId,
    pub spots: Vec<Spot>,
    /// The place that the next scan or figure is most likely of.
    pub at: Option<i64>,
    /// The bin that this person stands at.
    pub bin: Option<BinId>,
    /// Places that were short and whose bin has more by the book than was picked of it: to be counted.
    pub uncounted: Vec<i64>,
}

/// Reads it.
pub fn standing(db: &Db, pick: PickId, operator: &str) -> Result<Standing> {
    let (spots, rows) = (spots(db, pick)?, store::rows(db, pick)?);
    let mine = || rules::standing(&rows).rev().filter(|r| r.operator == operator);
    let bin = mine().find_map(|r| match r.kind {
        Kind::Bin => r.bin,
        _ => spots.iter().find(|s| Some(s.place.id) == r.place).map(|s| s.place.bin),
    });
    let last = mine().find(|r| r.kind != Kind::Bin).and_then(|r| r.place);
    // What is begun goes on; else the next at this bin; else the next of the walk.
    let begun = spots.iter().find(|s| Some(s.place.id) == last && s.left().is_positive() && Some(s.place.bin) == bin);
    let here = spots.iter().find(|s| Some(s.place.bin) == bin && s.left().is_positive());
    let next = spots.iter().find(|s| s.left().is_positive());
    let at = begun.or(here).or(next).map(|s| s.place.id);
    Ok(Standing { pick, at, bin, uncounted: uncounted(db, &spots)?, spots })
}

/// The short places of which the book says more than what was picked in open rounds and is not shipped.
fn uncounted(db: &Db, spots: &[Spot]) -> Result<Vec<i64>> {
    let short: Vec<&Spot> = spots.iter().filter(|s| s.picked.short).collect();
    if short.is_empty() {
        return Ok(Vec::new());
    }
    let mut picked: BTreeMap<(BinId, ItemId), Qty> = BTreeMap::new();
    for round in store::open(db)? {
        for spot in self::spots(db, round.id)?.iter().filter(|s| !s.place.shipped) {
            *picked.entry((spot.place.bin, spot.place.item)).or_insert(Qty::ZERO) += spot.picked.quantity;
        }
    }
    let mut out = Vec::new();
    for spot in short {
        let taken = picked.get(&(spot.place.bin, spot.place.item)).copied().unwrap_or(Qty::ZERO);
        if goods::level(db, spot.place.item, spot.place.bin)? > taken {
            out.push(spot.place.id);
        }
    }
    Ok(out)
}

/// A line that came from the scan field.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub text: &'a str,
    /// It came from the scanner, not from the keys.
    pub scanned: bool,
    /// The workstation's own id of this line: sent twice it counts once.
    pub uid: Option<&'a str>,
    /// The place that the person chose in the list: a figure is of this one.
    pub about: Option<i64>,
    /// The person was asked whether this is the bin, and said the same again.
    pub sure: bool,
}

/// Takes a line. What is told is durable; refused lines leave everything as it was.
pub fn enter(store: &mut Store, act: &Act, pick: PickId, sent: &Sent) -> Result<Told> {
    store.record("pick", |db| {
        if let Some(uid) = sent.uid
            && store::knows(db, uid)?
        {
            return Ok(Told { again: true, ..Told::say("This was taken before; it counts once.") });
        }
        still_open(db, pick)?;
        let now = standing(db, pick, &act.operator)?;
        let at = sent.about.or(now.at);
        let spot = now.spots.iter().find(|s| Some(s.place.id) == at);
        let entry = if sent.scanned {
            scan::scanned(sent.text)
        } else {
            scan::typed(sent.text, spot.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        let taker = Taker { db, act, pick, sent, now: &now };
        let chosen = || spot.ok_or_else(|| Failure::refused("Everything of this round is picked: F8 ships it."));
        match entry {
            Entry::Nothing => Ok(Told::default()),
            Entry::TakeBack => take_back(db, act, pick, &now),
            Entry::Quantity(n) => taker.set(chosen()?, n),
            Entry::Add(n) => {
                let spot = chosen()?;
                taker.set(spot, spot.picked.quantity + n)
            }
            Entry::Rest => {
                let spot = chosen()?;
                taker.set(spot, spot.place.quantity)
            }
            Entry::Code(code) => taker.code(spot, &code, Qty::ONE, true),
            Entry::Words(words) => taker.code(spot, &words, Qty::ONE, false),
            Entry::Times(n, Some(code)) => taker.code(spot, &code, n, true),
            Entry::Times(n, None) => Err(Failure::refused(format!("Type {n} alone: it is {n} of the place above."))),
            Entry::Bad(..) => {
                Err(Failure::refused("Bad goods: F9 says that no more lies there, then move them to quarantine (m)."))
            }
            Entry::Done => Err(Failure::refused("F8 ships what is picked.")),
        }
    })
}

/// No more lies at the place than was taken.
pub fn short(store: &mut Store, act: &Act, pick: PickId, place: i64) -> Result<Told> {
    store.record("short pick", |db| {
        still_open(db, pick)?;
        let spots = spots(db, pick)?;
        let spot = spots.iter().find(|s| s.place.id == place);
        let spot = spot.ok_or_else(|| Failure::refused("That place is not in this round any more."))?;
        if spot.picked.quantity >= spot.place.quantity {
            return Err(Failure::refused("All of it is picked: nothing is missing here."));
        }
        store::append(db, &NewRow { place: Some(place), ..row(act, pick, Kind::Short) })?;
        Ok(Told::warn(format!(
            "Short: {} of {} {} from {}.",
            spot.picked.quantity, spot.place.quantity, spot.place.name, spot.place.bin_code
        )))
    })
}

/// One line of one person in a round.
struct Taker<'a> {
    db: &'a Db,
    act: &'a Act,
    pick: PickId,
    sent: &'a Sent<'a>,
    now: &'a Standing,
}

impl Taker<'_> {
    /// Whether it is known that the person stands at the place: its bin was scanned, or its goods lie in no other.
    fn stands_at(&self, spot: &Spot) -> Result<bool> {
        if self.now.bin == Some(spot.place.bin) {
            return Ok(true);
        }
        let lies = goods::levels(self.db, spot.place.item)?;
        let mut bins = lies.iter().filter(|l| l.quantity.is_positive()).map(|l| l.bin.id);
        Ok(bins.next() == Some(spot.place.bin) && bins.next().is_none())
    }

    fn row(&self, kind: Kind) -> NewRow<'_> {
        row(self.act, self.pick, kind)
    }

    /// So many were taken. A figure names neither bin nor goods: where the bin was not scanned it is asked for, once.
    fn set(&self, spot: &Spot, n: Qty) -> Result<Told> {
        let place = &spot.place;
        if n > place.quantity {
            return Err(Failure::refused(format!(
                "{} {} are to be taken from {} for {}: {n} are too many.",
                place.quantity, place.name, place.bin_code, place.order
            )));
        }
        if place.shipped {
            return Err(Failure::refused(format!("{} is shipped already.", place.order)));
        }
        let here = self.now.bin == Some(place.bin);
        if !here && !self.sent.sure {
            let (bin, text) = (&place.bin_code, self.sent.text.trim());
            return Ok(Told::ask(format!("Are you at {bin}? Scan {bin}, or the same again ({text}) if you are.")));
        }
        if !here {
            store::append(self.db, &NewRow { bin: Some(place.bin), ..self.row(Kind::Bin) })?;
        }
        let new = NewRow { uid: self.sent.uid, place: Some(place.id), quantity: Some(n), ..self.row(Kind::Set) };
        store::append(self.db, &new)?;
        if n < place.quantity {
            let left = place.quantity - n;
            return Ok(Told::say(format!("{left} more to take here. F9 where no more lies there.")));
        }
        Ok(Told::default())
    }

    fn code(&self, shown: Option<&Spot>, code: &str, times: Qty, certain: bool) -> Result<Told> {
        match scanning::meaning(self.db, code, self.act.today)? {
            Meaning::Bin(bin) => {
                let here: Vec<&Spot> = self.now.spots.iter().filter(|s| s.place.bin == bin.id).collect();
                if here.is_empty() {
                    let wanted = shown.map(|s| format!(" Go to {}.", s.place.bin_code)).unwrap_or_default();
                    return Err(Failure::refused(format!("Nothing is to be taken from {}.{wanted}", bin.code)));
                }
                let new = NewRow { uid: self.sent.uid, bin: Some(bin.id), ..self.row(Kind::Bin) };
                store::append(self.db, &new)?;
                Ok(match here.iter().filter(|s| s.left().is_positive()).count() {
                    0 => Told::say(format!("{} is done.", bin.code)),
                    _ => Told::default(),
                })
            }
            Meaning::Item { item, quantity, .. } => {
                self.item(shown, item, quantity.checked_mul(times).unwrap_or(quantity))
            }
            Meaning::Po(_) => Err(Failure::refused(format!("{code} is a purchase order: r receives it."))),
            Meaning::Broken(why) => Err(Failure::refused(format!("Misread: {why}. Scan it again."))),
            Meaning::Nobody { .. } if certain || code.chars().all(|c| c.is_ascii_digit()) => {
                Err(Failure::refused(format!("Nothing here has the code {code}: nothing was taken.")))
            }
            Meaning::Nobody { .. } => Ok(Told { find: Some(code.to_string()), ..Told::default() }),
        }
    }

    /// Goods were scanned: they count only at the place where the walk has this person, never at another by itself.
    fn item(&self, shown: Option<&Spot>, item: ItemId, quantity: Qty) -> Result<Told> {
        let of_item: Vec<&Spot> = self.now.spots.iter().filter(|s| s.place.item == item).collect();
        let open = |s: &&&Spot| s.left().is_positive();
        let stood: Vec<&&Spot> = of_item.iter().filter(open).filter(|s| Some(s.place.bin) == self.now.bin).collect();
        let shown = shown.filter(|s| s.left().is_positive());
        let here: Vec<&&Spot> = match shown {
            _ if !stood.is_empty() => stood,
            Some(shown) if shown.place.item == item && self.stands_at(shown)? => {
                of_item.iter().filter(open).filter(|s| s.place.bin == shown.place.bin).collect()
            }
            _ => Vec::new(),
        };
        let Some(first) = here.first().copied() else { return Err(self.wrong(shown, item, &of_item)?) };
        // One scan may serve several lines of the bin: a carton of twelve for two orders of six.
        let most: Qty = here.iter().map(|s| s.left()).sum();
        if quantity > most {
            return Err(Failure::refused(format!(
                "Only {most} {} are to be taken from {}: {quantity} are too many.",
                first.place.name, first.place.bin_code
            )));
        }
        let (mut left, mut uid) = (quantity, self.sent.uid);
        for spot in here {
            let n = left.min(spot.left());
            if n.is_positive() {
                let new = NewRow {
                    uid: uid.take(),
                    place: Some(spot.place.id),
                    quantity: Some(n),
                    typed: !self.sent.scanned,
                    ..self.row(Kind::Item)
                };
                store::append(self.db, &new)?;
                left -= n;
            }
        }
        Ok(Told::default())
    }

    /// Why these goods do not count here, and what to do.
    fn wrong(&self, shown: Option<&Spot>, item: ItemId, of_item: &[&Spot]) -> Result<Failure> {
        let Some(first) = of_item.first() else {
            let name = goods::item(self.db, item)?.name;
            return Ok(Failure::refused(format!("Wrong: {name} is not on this list. Put it back.")));
        };
        let name = &first.place.name;
        let Some(next) = of_item.iter().find(|s| s.left().is_positive()) else {
            return Ok(Failure::refused(format!("All {name} of this round are picked: put this one back.")));
        };
        let bin = &next.place.bin_code;
        Ok(Failure::refused(match shown {
            Some(shown) if shown.place.item == item && shown.place.bin == next.place.bin => {
                format!("{name} lies in several bins: scan {bin} first if you stand there. Nothing was taken.")
            }
            Some(shown) => {
                format!("Wrong: that is {name}, from {bin}. Here: {}. For {name} scan {bin}.", shown.place.name)
            }
            None => format!("{name} is to be taken from {bin}: scan {bin} first."),
        }))
    }
}

fn take_back(db: &Db, act: &Act, pick: PickId, now: &Standing) -> Result<Told> {
    let rows = store::rows(db, pick)?;
    let shipped = |place: i64| now.spots.iter().any(|s| s.place.id == place && s.place.shipped);
    let last = rules::standing(&rows)
        .rfind(|r| r.operator == act.operator && r.place.is_some_and(|p| !shipped(p)))
        .ok_or_else(|| Failure::refused("Nothing is left to take back here."))?;
    store::append(db, &NewRow { takes_back: Some(last.id), ..row(act, pick, Kind::Back) })?;
    let name = now.spots.iter().find(|s| Some(s.place.id) == last.place).map(|s| s.place.name.as_str());
    Ok(Told::say(format!("Taken back: {}.", name.unwrap_or("the last"))))
}

/// Where the goods of a line were picked, in open rounds.
pub(super) fn picked_from(db: &Db, line: LineId) -> Result<Vec<(BinId, Qty)>> {
    let mut out: BTreeMap<i64, (BinId, Qty)> = BTreeMap::new();
    for pick in store::rounds_of(db, line)? {
        for spot in spots(db, pick)?.into_iter().filter(|s| s.place.line == line && s.picked.quantity.is_positive()) {
            out.entry(spot.place.bin.0).or_insert((spot.place.bin, Qty::ZERO)).1 += spot.picked.quantity;
        }
    }
    Ok(out.into_values().collect())
}

/// What was picked out of a bin in open rounds and is not shipped: `6 Chang`. The book has it there still.
pub(super) fn picked_of_bin(db: &Db, bin: BinId) -> Result<Vec<String>> {
    let mut out: BTreeMap<String, Qty> = BTreeMap::new();
    for round in store::open(db)? {
        for spot in spots(db, round.id)?.into_iter().filter(|s| s.place.bin == bin && !s.place.shipped) {
            if spot.picked.quantity.is_positive() {
                *out.entry(spot.place.name).or_insert(Qty::ZERO) += spot.picked.quantity;
            }
        }
    }
    Ok(out.into_iter().map(|(name, n)| format!("{n} {name}")).collect())
}

/// The line was shipped: its part of every open round is done.
pub(super) fn shipped(tx: &mut Tx, line: LineId) -> Result<()> {
    for pick in store::rounds_of(tx, line)? {
        store::keep_shipment(tx, pick, line)?;
    }
    Ok(())
}

/// An order of a round, to be shipped with what was picked of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ship {
    pub order: String,
    /// Parcel or tracking number.
    pub number: Option<String>,
    /// How the customer was told that it is on its way; none: not told.
    pub told: Option<String>,
    /// The customer took it along: it is delivered.
    pub handed_over: bool,
}

/// Ships what was picked of an order, out of the bins that it was picked from.
pub fn ship(store: &mut Store, act: Act, pick: PickId, wanted: &Ship) -> Result<Done<()>> {
    let spots = spots(store.db(), pick)?;
    let mine = || spots.iter().filter(|s| s.place.order == wanted.order && !s.place.shipped);
    if mine().any(|s| s.left().is_positive()) {
        return Err(Failure::refused(format!(
            "{} is not picked to the end: take the rest, or say with F9 where no more lies.",
            wanted.order
        )));
    }
    let mut parcels: Vec<Parcel> = Vec::new();
    for spot in mine().filter(|s| s.picked.quantity.is_positive()) {
        match parcels.iter_mut().find(|p| p.line == spot.place.line) {
            Some(parcel) => parcel.quantity += spot.picked.quantity,
            None => parcels.push(Parcel {
                line: spot.place.line,
                quantity: spot.picked.quantity,
                seen: spot.place.reserved,
            }),
        }
    }
    if parcels.is_empty() {
        return Err(Failure::refused(format!("Nothing of {} was picked: nothing to ship.", wanted.order)));
    }
    let sending = Sending {
        parcels,
        reference: wanted.number.clone(),
        told: wanted.told.clone(),
        handed_over: wanted.handed_over,
    };
    shipping::send(store, act, &sending)
}

/// The columns of the list as a file.
pub const COLUMNS: [&str; 8] = ["bin", "sku", "name", "quantity", "picked", "order", "line", "customer"];

/// A round as a table.
pub fn sheet(spots: &[Spot]) -> Sheet {
    let rows = spots.iter().map(|s| {
        vec![
            Value::text(s.place.bin_code.clone()),
            Value::text(s.place.sku.clone()),
            Value::text(s.place.name.clone()),
            Value::Quantity(s.place.quantity),
            Value::Quantity(s.picked.quantity),
            Value::text(s.place.order.clone()),
            Value::text(s.place.line_code.clone()),
            Value::text(s.place.customer_name.clone()),
        ]
    });
    Sheet { name: "pick list", columns: COLUMNS.to_vec(), rows: rows.collect() }
}

/// At most so many letters; that there are more is seen.
fn within(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_string();
    }
    words.chars().take(most - 1).chain(['…']).collect()
}

/// A round as a page of 80 columns.
pub fn page(spots: &[Spot]) -> Vec<String> {
    let mut out = vec!["Pick list".to_string(), String::new()];
    let mut last = None;
    for s in spots {
        if last.replace(&s.place.bin_code) != Some(&s.place.bin_code) {
            out.push(s.place.bin_code.clone());
        }
        let (name, customer) = (within(&s.place.name, 30), within(&s.place.customer_name, 16));
        let n = s.place.quantity.to_string();
        out.push(format!("  [ ]{n:>6}  {:<12} {name:<30} {:<8} {customer}", s.place.sku, s.place.order));
    }
    out
}

//! Carrying goods from bin to bin with the scanner: the bin, what is taken out of it, the bin that it is put into. What is
//! in the hand is booked when it is put down, all of it in one operation. Every line that is taken is a committed row
//! before it is answered, so that after any end the person goes on with the same hands.

use super::allocating::{self, Loss};
use super::perform;
use super::scanning::{self, Meaning, Told};
use super::stock::{self, Carried, Carry};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
use crate::store::carrying::{self as store, Kind};
use crate::store::goods::{self, Bin};
use crate::store::{Act, Db, Failure, Result, Store};
use chrono::NaiveDate;

/// One person carrying goods; what he has in his hands is in the file.
#[derive(Clone, Debug, Default)]
pub struct Carrier {
    /// The next scan takes so many, as the hands say.
    times: Option<Qty>,
}

/// What somebody has in his hands.
#[derive(Clone, Debug, Default)]
struct Hands {
    from: Option<Bin>,
    /// What was taken of each item, in the order in which it was taken first.
    held: Vec<(ItemId, Qty)>,
    above: Option<ItemId>,
    /// The next scan takes so many: the last row says so.
    times: Option<Qty>,
    /// The row that said something last, other than from which bin.
    last: Option<i64>,
    /// Nothing in them was scanned today.
    of_old: bool,
}

/// A line of the hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    /// What the book says lies in the bin.
    pub there: Qty,
    pub taken: Qty,
    /// Where its goods usually lie.
    pub home: Option<String>,
}

/// What the screen shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    pub from: Option<String>,
    pub from_kind: String,
    pub hand: Vec<Held>,
    pub above: Option<ItemId>,
    pub times: Option<Qty>,
}

impl Hands {
    fn of(db: &Db, act: &Act) -> Result<Hands> {
        Hands::of_person(db, &act.operator, act.today)
    }

    fn of_person(db: &Db, operator: &str, today: NaiveDate) -> Result<Hands> {
        let mut hands = Hands::default();
        let rows = store::rows(db, operator)?;
        hands.of_old = rows.last().is_some_and(|r| r.at.date() < today);
        for row in rows {
            hands.times = None;
            match row.kind {
                Kind::Times(n) => (hands.times, hands.last) = (Some(n), Some(row.id)),
                Kind::From(bin) => {
                    (hands.held, hands.above, hands.last) = (Vec::new(), None, None);
                    hands.from = goods::bin(db, bin).ok(); // an undone import may have removed it
                }
                Kind::Name(item) | Kind::Take(item, _) => {
                    if goods::item(db, item).is_err() {
                        continue;
                    }
                    let taken = if let Kind::Take(_, n) = row.kind { Some(n) } else { None };
                    match hands.held.iter_mut().find(|h| h.0 == item) {
                        Some(held) => held.1 = taken.unwrap_or(held.1),
                        None => hands.held.push((item, taken.unwrap_or(Qty::ZERO))),
                    }
                    (hands.above, hands.last) = (Some(item), Some(row.id));
                }
                Kind::Put(_) | Kind::Back(_) => {}
            }
        }
        Ok(hands)
    }

    fn is_empty(&self) -> bool {
        self.held.iter().all(|h| h.1.is_zero())
    }

    fn taken(&self, item: ItemId) -> Qty {
        self.held.iter().find(|h| h.0 == item).map_or(Qty::ZERO, |h| h.1)
    }

    fn item(&self) -> Result<ItemId> {
        self.above.ok_or_else(|| Failure::refused("Scan an item first, then say how many you take."))
    }

    /// The bin that an item is taken from. Where nobody said which and the item lies in one bin only, it is that one.
    fn place(&self, db: &Db, act: &Act, item: ItemId) -> Result<Bin> {
        if let Some(from) = &self.from {
            return Ok(from.clone());
        }
        let name = || goods::item(db, item).map(|i| i.name);
        let mut places = goods::levels(db, item)?.into_iter().filter(|l| l.quantity.is_positive());
        match (places.next(), places.next()) {
            (Some(only), None) => {
                store::append(db, act, Kind::From(only.bin.id))?;
                Ok(only.bin)
            }
            (Some(_), Some(_)) => {
                Err(Failure::refused(format!("{} lies in several bins: scan the one that you take it from.", name()?)))
            }
            (None, _) => Err(Failure::refused(format!("The book has no {} in any bin: count it first (c).", name()?))),
        }
    }

    fn take(&self, db: &Db, act: &Act, item: ItemId, n: Qty) -> Result<Told> {
        let from = self.place(db, act, item)?;
        let there = goods::level(db, item, from.id)?;
        store::append(db, act, Kind::Take(item, n))?;
        if n > there {
            let name = goods::item(db, item)?.name;
            return Ok(Told::warn(format!(
                "The book has only {there} {name} in {}: count it if there are more.",
                from.code
            )));
        }
        Ok(Told::default())
    }

    /// `6 Chang, 2 Chai`
    fn words(&self, db: &Db) -> Result<String> {
        let mut said = Vec::new();
        for (item, n) in self.held.iter().filter(|h| h.1.is_positive()) {
            said.push(format!("{n} {}", goods::item(db, *item)?.name));
        }
        Ok(super::shipping::few(&said))
    }
}

/// What somebody took and did not put down yet: `6 Chang from A1-04`; nothing where the hands are empty.
pub fn in_hand(db: &Db, operator: &str) -> Result<Option<String>> {
    let hands = Hands::of_person(db, operator, NaiveDate::MIN)?; // the day says only whose bin it was
    if hands.is_empty() {
        return Ok(None);
    }
    let from = hands.from.as_ref().map_or(String::new(), |bin| format!(" from {}", bin.code));
    Ok(Some(format!("{}{from}", hands.words(db)?)))
}

impl Carrier {
    /// Goes on with what is in the hands; with empty ones at the bin that has most of the item, where one is in view.
    pub fn begin(&mut self, store: &mut Store, act: &Act, item: Option<ItemId>) -> Result<Told> {
        self.times = None;
        store.record("carry", |db| {
            let hands = Hands::of(db, act)?;
            if !hands.is_empty() {
                let from = hands.from.as_ref().map_or("a bin", |b| b.code.as_str());
                let words = hands.words(db)?;
                return Ok(Told::say(format!(
                    "You still hold {words} from {from}: scan where you put it, or {from} to put it back."
                )));
            }
            if let Some(times) = hands.last.filter(|_| hands.times.is_some()) {
                store::append(db, act, Kind::Back(times))?; // said, and nothing was scanned after it
            }
            if let Some(bin) = hands.from.filter(|_| hands.of_old) {
                store::append(db, act, Kind::Put(bin.id))?; // yesterday's bin, and nothing was taken
            }
            let Some(item) = item else { return Ok(Told::default()) };
            let most =
                goods::levels(db, item)?.into_iter().filter(|l| l.quantity.is_positive()).max_by_key(|l| l.quantity);
            if let Some(level) = most {
                store::append(db, act, Kind::From(level.bin.id))?;
                store::append(db, act, Kind::Name(item))?;
            }
            Ok(Told::default())
        })
    }

    /// What the screen shows.
    pub fn standing(&self, db: &Db, act: &Act) -> Result<Standing> {
        let hands = Hands::of(db, act)?;
        let mut hand = Vec::new();
        for (id, taken) in &hands.held {
            let item = goods::item(db, *id)?;
            let there = hands.from.as_ref().map(|b| goods::level(db, *id, b.id)).transpose()?.unwrap_or(Qty::ZERO);
            let home = item.home.map(|h| goods::bin(db, h)).transpose()?.map(|b| b.code);
            hand.push(Held { item: *id, sku: item.sku, name: item.name, there, taken: *taken, home });
        }
        Ok(Standing {
            from: hands.from.as_ref().map(|b| b.code.clone()),
            from_kind: hands.from.as_ref().map(|b| b.kind.clone()).unwrap_or_default(),
            hand,
            above: hands.above,
            times: hands.times,
        })
    }

    /// Takes a line. Refused lines leave everything as it was.
    pub fn enter(&mut self, store: &mut Store, act: &Act, text: &str, scanned: bool) -> Result<Told> {
        let mut next = self.clone();
        let mut put = None;
        let told = store.record("carry", |db| next.line(db, act, text, scanned, &mut put))?;
        let told = match put {
            Some(to) => put_down(store, act, &to)?,
            None => told,
        };
        *self = next;
        Ok(told)
    }

    fn line(&mut self, db: &Db, act: &Act, text: &str, scanned: bool, put: &mut Option<Bin>) -> Result<Told> {
        let hands = Hands::of(db, act)?;
        self.times = hands.times;
        let entry = if scanned {
            scan::scanned(text)
        } else {
            scan::typed(text, hands.above.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        match entry {
            Entry::Nothing => Ok(Told::default()),
            Entry::TakeBack => self.take_back(db, act, &hands),
            Entry::Times(n, None) => {
                // Kept like a scan, so that what the screen shows outlives the program.
                store::append(db, act, Kind::Times(n))?;
                Ok(Told::say(format!("The next scan takes {n}.")))
            }
            Entry::Times(n, Some(code)) => {
                self.times = Some(n);
                self.code(db, act, &hands, &code, true, put)
            }
            Entry::Quantity(n) => hands.take(db, act, hands.item()?, n),
            Entry::Add(n) => {
                let item = hands.item()?;
                hands.take(db, act, item, hands.taken(item) + n)
            }
            Entry::Rest => {
                let item = hands.item()?;
                let from = hands.place(db, act, item)?;
                hands.take(db, act, item, goods::level(db, item, from.id)?.or_zero())
            }
            Entry::Code(code) => self.code(db, act, &hands, &code, scanned, put),
            Entry::Words(words) => self.code(db, act, &hands, &words, false, put),
            Entry::Done => Err(Failure::refused("Scan the bin that it is put into: that books it.")),
            Entry::Bad(..) => {
                Err(Failure::refused("Scan a quarantine bin to put bad goods there: they are then not sold."))
            }
        }
    }

    /// The item was chosen by name: it stands above, and nothing of it is taken yet.
    pub fn choose(&mut self, store: &mut Store, act: &Act, item: ItemId) -> Result<Told> {
        store.record("carry", |db| {
            Hands::of(db, act)?.place(db, act, item)?;
            store::append(db, act, Kind::Name(item))?;
            Ok(Told::default())
        })
    }

    fn code(
        &mut self,
        db: &Db,
        act: &Act,
        hands: &Hands,
        code: &str,
        certain: bool,
        put: &mut Option<Bin>,
    ) -> Result<Told> {
        match scanning::meaning(db, code, act.today)? {
            Meaning::Item { item, quantity, remark, .. } => {
                let (quantity, which) = scanning::counts(quantity, self.times.take());
                Ok(hands.take(db, act, item, hands.taken(item) + quantity)?.and(which.or(remark)))
            }
            Meaning::Bin(bin) if hands.is_empty() => {
                self.times = None;
                store::append(db, act, Kind::From(bin.id))?;
                Ok(Told::say(format!("From {}. Scan what you take, then the bin that you put it into.", bin.code)))
            }
            Meaning::Bin(bin) if hands.from.as_ref().is_some_and(|from| from.id == bin.id) => {
                self.times = None;
                store::append(db, act, Kind::Put(bin.id))?;
                Ok(Told::say(format!("{} put back into {}: nothing moved.", hands.words(db)?, bin.code)))
            }
            Meaning::Bin(bin) => {
                self.times = None;
                *put = Some(bin);
                Ok(Told::default())
            }
            Meaning::Po(_) => Err(Failure::refused(format!("{code} is a purchase order: r receives it."))),
            Meaning::Broken(why) => Err(Failure::refused(format!("Misread: {why}. Scan it again."))),
            Meaning::Nobody { .. } if certain || code.chars().all(|c| c.is_ascii_digit()) => {
                Err(Failure::refused(format!("Nothing here has the code {code}: nothing was taken.")))
            }
            Meaning::Nobody { .. } => Ok(Told { find: Some(code.to_string()), ..Told::default() }),
        }
    }

    fn take_back(&mut self, db: &Db, act: &Act, hands: &Hands) -> Result<Told> {
        match hands.last {
            Some(row) => {
                store::append(db, act, Kind::Back(row))?;
                if let Some(times) = hands.times {
                    return Ok(Told::say(format!("The next scan takes 1 again, not {times}.")));
                }
                // A scan goes with the 12* that was said of it.
                let left = Hands::of(db, act)?;
                if let Some(times) = left.last.filter(|_| left.times.is_some()) {
                    store::append(db, act, Kind::Back(times))?;
                }
                let now = Hands::of(db, act)?;
                let what = match hands.above {
                    Some(item) if hands.taken(item) > now.taken(item) => {
                        let (less, left) = (hands.taken(item) - now.taken(item), now.taken(item));
                        format!("{less} {}, {left} in your hands now", goods::item(db, item)?.name)
                    }
                    Some(item) => format!("what was said last of {}", goods::item(db, item)?.name),
                    None => "the bin that you take from".to_string(),
                };
                Ok(Told::say(format!("Taken back: {what}.")))
            }
            None => Err(Failure::refused("Your hands are empty: what was put down is taken back with u.")),
        }
    }
}

/// Books what is in the hands into the bin, and empties them, all of it or nothing.
fn put_down(store: &mut Store, act: &Act, to: &Bin) -> Result<Told> {
    let hands = Hands::of(store.db(), act)?;
    let from = hands.from.ok_or_else(|| Failure::refused("Scan the bin that you take it from, then the item."))?;
    let (mut lines, mut loses) = (Vec::new(), Vec::new());
    for (item, quantity) in hands.held.iter().filter(|h| h.1.is_positive()) {
        let seen = goods::level(store.db(), *item, from.id)?;
        lines.push(Carried { item: *item, quantity: *quantity, seen });
        if from.kind == "storage" && to.kind != "storage" {
            loses.extend(allocating::would_lose(store.db(), *item, -*quantity, act.today)?);
        }
    }
    let carry = Carry { from: from.id, to: to.id, lines, sure: false };
    let row_act = act.clone();
    let act = Act { kind: stock::kind_of_move(&from, to), ..act.clone() };
    let done = perform(store, act, |tx| {
        stock::carry_in(tx, &carry)?;
        store::append(tx, &row_act, Kind::Put(to.id))
    })?;
    let mut said = done.summary;
    if let Some(first) = said.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    Ok(match loses.first() {
        None => Told::say(format!("{said}. Saved; u takes it back.")),
        Some(Loss { order, customer, quantity }) => {
            let more = if loses.len() > 1 { format!(" and {} more", loses.len() - 1) } else { String::new() };
            Told::warn(format!("{said}: {order} loses {quantity}, tell {customer}{more}. Saved; u takes it back."))
        }
    })
}

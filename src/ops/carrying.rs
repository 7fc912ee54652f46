//! Carrying goods from bin to bin with the scanner: the bin, what is taken out of it, the bin that it is put into. What is
//! in the hand is booked when it is put down, all of it in one operation.

use super::scanning::{self, Meaning, Told};
use super::stock::{self, Carried, Carry};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
use crate::store::goods::{self, Bin};
use crate::store::{Act, Db, Failure, Result, Store};

/// One person carrying goods.
#[derive(Clone, Debug, Default)]
pub struct Carrier {
    from: Option<Bin>,
    /// What was taken of each item, in the order in which it was taken first.
    hand: Vec<(ItemId, Qty)>,
    above: Option<ItemId>,
    times: Option<Qty>,
    /// The hand before each line, to take it back.
    before: Vec<Before>,
}

/// What was in the hand, and what stood above.
type Before = (Vec<(ItemId, Qty)>, Option<ItemId>);

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

impl Carrier {
    /// Begins with an item in view, at the bin that has most of it.
    pub fn beginning(db: &Db, item: Option<ItemId>) -> Result<Carrier> {
        let mut carrier = Carrier::default();
        if let Some(item) = item {
            let most =
                goods::levels(db, item)?.into_iter().filter(|l| l.quantity.is_positive()).max_by_key(|l| l.quantity);
            if let Some(level) = most {
                carrier.from = Some(level.bin);
                carrier.hand.push((item, Qty::ZERO));
                carrier.above = Some(item);
            }
        }
        Ok(carrier)
    }

    /// What the screen shows.
    pub fn standing(&self, db: &Db) -> Result<Standing> {
        let mut hand = Vec::new();
        for (id, taken) in &self.hand {
            let item = goods::item(db, *id)?;
            let there = self.from.as_ref().map(|b| goods::level(db, *id, b.id)).transpose()?.unwrap_or(Qty::ZERO);
            let home = item.home.map(|h| goods::bin(db, h)).transpose()?.map(|b| b.code);
            hand.push(Held { item: *id, sku: item.sku, name: item.name, there, taken: *taken, home });
        }
        Ok(Standing {
            from: self.from.as_ref().map(|b| b.code.clone()),
            from_kind: self.from.as_ref().map(|b| b.kind.clone()).unwrap_or_default(),
            hand,
            above: self.above,
            times: self.times,
        })
    }

    /// Takes a line. Refused lines leave everything as it was.
    pub fn enter(&mut self, store: &mut Store, act: &Act, text: &str, scanned: bool) -> Result<Told> {
        let entry = if scanned {
            scan::scanned(text)
        } else {
            scan::typed(text, self.above.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        let kept = (self.hand.clone(), self.above);
        let told = match entry {
            Entry::Nothing => return Ok(Told::default()),
            Entry::TakeBack => return self.take_back(),
            Entry::Times(n, None) => {
                self.times = Some(n);
                return Ok(Told::say(format!("The next scan takes {n}.")));
            }
            Entry::Times(n, Some(code)) => {
                self.times = Some(n);
                self.code(store, act, &code, true)?
            }
            Entry::Quantity(n) => self.take(store.db(), n)?,
            Entry::Add(n) => {
                let had = self.taken(self.item()?);
                self.take(store.db(), had + n)?
            }
            Entry::Rest => {
                let (item, from) = (self.item()?, self.from()?);
                let there = goods::level(store.db(), item, from.id)?;
                self.take(store.db(), there.or_zero())?
            }
            Entry::Code(code) => self.code(store, act, &code, scanned)?,
            Entry::Words(words) => self.code(store, act, &words, false)?,
            Entry::Done => return Err(Failure::refused("Scan the bin that it is put into: that books it.")),
            Entry::Bad(..) => {
                return Err(Failure::refused("Scan a quarantine bin to put bad goods there: they are then not sold."));
            }
        };
        if (&self.hand, self.above) != (&kept.0, kept.1) && !self.hand.is_empty() {
            self.before.push(kept);
        }
        Ok(told)
    }

    /// The item was chosen by name: it stands above, and nothing of it is taken yet.
    pub fn choose(&mut self, db: &Db, item: ItemId) -> Result<Told> {
        let kept = (self.hand.clone(), self.above);
        self.find_place(db, item)?;
        self.above = Some(item);
        if !self.hand.iter().any(|h| h.0 == item) {
            self.hand.push((item, Qty::ZERO));
        }
        self.before.push(kept);
        Ok(Told::default())
    }

    fn item(&self) -> Result<ItemId> {
        self.above.ok_or_else(|| Failure::refused("Scan an item first, then say how many you take."))
    }

    fn from(&self) -> Result<Bin> {
        self.from.clone().ok_or_else(|| Failure::refused("Scan the bin that you take it from, then the item."))
    }

    fn taken(&self, item: ItemId) -> Qty {
        self.hand.iter().find(|h| h.0 == item).map_or(Qty::ZERO, |h| h.1)
    }

    /// Where nobody said from where and the item lies in one bin only, it is taken from there.
    fn find_place(&mut self, db: &Db, item: ItemId) -> Result<()> {
        if self.from.is_none() {
            let mut places = goods::levels(db, item)?.into_iter().filter(|l| l.quantity.is_positive());
            match (places.next(), places.next()) {
                (Some(only), None) => self.from = Some(only.bin),
                (Some(_), Some(_)) => {
                    let name = goods::item(db, item)?.name;
                    return Err(Failure::refused(format!(
                        "{name} lies in several bins: scan the one that you take it from."
                    )));
                }
                (None, _) => {
                    let name = goods::item(db, item)?.name;
                    return Err(Failure::refused(format!("The book has no {name} in any bin: count it first (c).")));
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, db: &Db, n: Qty) -> Result<Told> {
        let item = self.item()?;
        self.find_place(db, item)?;
        let from = self.from()?;
        let there = goods::level(db, item, from.id)?;
        match self.hand.iter_mut().find(|h| h.0 == item) {
            Some(held) => held.1 = n,
            None => self.hand.push((item, n)),
        }
        if n > there {
            let name = goods::item(db, item)?.name;
            return Ok(Told::warn(format!(
                "The book has only {there} {name} in {}: count it if there are more.",
                from.code
            )));
        }
        Ok(Told::default())
    }

    fn code(&mut self, store: &mut Store, act: &Act, code: &str, certain: bool) -> Result<Told> {
        match scanning::meaning(store.db(), code, act.today)? {
            Meaning::Item { item, quantity, .. } => {
                let times = self.times.take().unwrap_or(Qty::ONE);
                let quantity = quantity.checked_mul(times).unwrap_or(quantity);
                self.find_place(store.db(), item)?;
                self.above = Some(item);
                let had = self.taken(item);
                self.take(store.db(), had + quantity)
            }
            Meaning::Bin(bin) if self.hand.iter().all(|h| h.1.is_zero()) => {
                self.hand.clear();
                (self.above, self.times) = (None, None);
                let what = format!("From {}. Scan what you take, then the bin that you put it into.", bin.code);
                self.from = Some(bin);
                Ok(Told::say(what))
            }
            Meaning::Bin(bin) => self.put_down(store, act, bin),
            Meaning::Po(_) => Err(Failure::refused(format!("{code} is a purchase order: r receives it."))),
            Meaning::Broken(why) => Err(Failure::refused(format!("Misread: {why}. Scan it again."))),
            Meaning::Nobody { .. } if certain || code.chars().all(|c| c.is_ascii_digit()) => {
                Err(Failure::refused(format!("Nothing here has the code {code}.")))
            }
            Meaning::Nobody { .. } => Ok(Told { find: Some(code.to_string()), ..Told::default() }),
        }
    }

    fn put_down(&mut self, store: &mut Store, act: &Act, to: Bin) -> Result<Told> {
        let from = self.from()?;
        let mut lines = Vec::new();
        for (item, quantity) in self.hand.iter().filter(|h| h.1.is_positive()) {
            let seen = goods::level(store.db(), *item, from.id)?;
            lines.push(Carried { item: *item, quantity: *quantity, seen });
        }
        let act = Act { kind: stock::kind_of_move(&from, &to), ..act.clone() };
        let done = stock::carry(store, act, &Carry { from: from.id, to: to.id, lines, sure: false })?;
        *self = Carrier { from: None, ..Carrier::default() };
        let mut said = done.summary;
        if let Some(first) = said.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Ok(Told::say(format!("{said}. Saved; u takes it back.")))
    }

    fn take_back(&mut self) -> Result<Told> {
        if let Some(times) = self.times.take() {
            return Ok(Told::say(format!("The next scan takes 1 again, not {times}.")));
        }
        match self.before.pop() {
            Some((hand, above)) => {
                (self.hand, self.above) = (hand, above);
                Ok(Told::say("Taken back."))
            }
            None => Err(Failure::refused("Your hands are empty: what was put down is taken back with u.")),
        }
    }
}

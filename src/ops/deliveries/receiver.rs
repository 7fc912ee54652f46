//! One person taking a delivery in at one workstation. Every line that is taken is a committed row before it is answered;
//! which item stands above follows from the rows, so that after any end the person goes on where he was.

use super::store::{self, NewRow};
use super::{Facts, may_receive, row, still_open};
use crate::domain::delivery::{Kind, Row, contents, standing};
use crate::domain::ids::{DeliveryId, ItemId, PoId};
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
use crate::ops::scanning::{self, Meaning, Told};
use crate::ops::settings::Settings;
use crate::store::{Act, Db, Failure, Result, Store, goods, scanning as codes};

/// The most that one line may say.
const MOST: Qty = Qty::from_thousandths(1_000_000_000);

/// What stands above the field: the next quantity is of this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Above {
    Item(ItemId),
    /// A code that was kept aside, and the row that says so.
    Aside {
        code: String,
        row: i64,
    },
}

/// One person at one delivery.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub delivery: DeliveryId,
    pub operator: String,
    pub above: Option<Above>,
    /// The next scan counts so many: the last row that stands says so.
    pub times: Option<Qty>,
    /// A figure that was asked about and not taken, and of which item: the same again of the same is meant so. The last row
    /// that stands says so.
    pub doubted: Option<(ItemId, Qty)>,
}

/// A line that came from the scan field.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub text: &'a str,
    /// It came from the scanner, not from the keys.
    pub scanned: bool,
    /// The workstation's own id of this line: sent twice it counts once.
    pub uid: Option<&'a str>,
    /// The item that the person chose in the list: a figure is of this one.
    pub about: Option<ItemId>,
}

impl Receiver {
    /// Goes on where this person was in the delivery, or begins.
    pub fn resume(db: &Db, delivery: DeliveryId, operator: &str) -> Result<Receiver> {
        store::head(db, delivery)?;
        let mut receiver =
            Receiver { delivery, operator: operator.to_string(), above: None, times: None, doubted: None };
        receiver.stands(db)?;
        if receiver.above.is_none() && receiver.last(db)?.is_none() {
            // All is booked but a code that nobody knows: it waits for its name.
            let aside = contents(&store::rows(db, delivery)?, store::booked(db, delivery)?).aside.pop();
            receiver.above = aside.map(|aside| Above::Aside { code: aside.code, row: aside.row });
        }
        Ok(receiver)
    }

    /// The rows of this person that still count and were not booked yet, oldest first.
    fn mine(&self, db: &Db) -> Result<Vec<Row>> {
        let (rows, booked) = (store::rows(db, self.delivery)?, store::booked(db, self.delivery)?);
        let mine = |r: &&Row| r.operator == self.operator && r.id > booked && r.kind != Kind::Drop;
        Ok(standing(&rows).filter(mine).cloned().collect())
    }

    fn last(&self, db: &Db) -> Result<Option<Row>> {
        Ok(self.mine(db)?.pop())
    }

    /// What stands above, and what the next scan counts, as the rows say.
    fn stands(&mut self, db: &Db) -> Result<()> {
        let mut mine = self.mine(db)?;
        self.times = mine.last().and_then(Row::times);
        self.doubted = mine.last().and_then(Row::doubted);
        self.above = mine.iter().rposition(|r| r.times().is_none()).map(|at| mine.swap_remove(at)).and_then(above_of);
        Ok(())
    }

    /// This stands above from now on: what was said or asked of another is over.
    fn puts_above(&mut self, above: Option<Above>) {
        (self.above, self.times, self.doubted) = (above, None, None);
    }

    /// Takes a line. Refused lines leave everything as it was.
    pub fn enter(&mut self, store: &mut Store, act: &Act, sent: &Sent) -> Result<Told> {
        self.unname(store, act, sent)?;
        let mut next = self.clone();
        let told = store.record("receive", |db| next.take(db, act, sent))?;
        *self = next;
        Ok(told)
    }

    /// The item was chosen by name: it stands above. Where a code that nobody knew stands above, the code is of this item,
    /// now and in this delivery; one scan of it counts `pack`.
    pub fn choose(&mut self, store: &mut Store, act: &Act, item: ItemId, pack: Qty) -> Result<Told> {
        if let Some(Above::Aside { code, .. }) = self.above.clone() {
            return self.attach(store, act, &code, item, pack);
        }
        let mut next = self.clone();
        store.record("receive", |db| {
            still_open(db, next.delivery)?;
            store::append(db, &NewRow { item: Some(item), ..next.row(act, Kind::Name) })?;
            next.puts_above(Some(Above::Item(item)));
            Ok(())
        })?;
        *self = next;
        Ok(Told::default())
    }

    /// Makes a code that was kept aside a barcode of the item (an operation, to be taken back like any other) and counts
    /// what was scanned of it.
    fn attach(&mut self, store: &mut Store, act: &Act, code: &str, item: ItemId, pack: Qty) -> Result<Told> {
        if let Some((_, pack)) = codes::by_barcode(store.db(), &scan::forms(code))?.filter(|(known, _)| *known == item)
        {
            // Somebody named it meanwhile: nothing is to be made, and what lies aside of it came.
            store.record("receive", |db| {
                still_open(db, self.delivery)?;
                let row = self.row(act, Kind::Attach);
                store::append(db, &NewRow { item: Some(item), code: Some(code), quantity: Some(pack), ..row })
            })?;
            self.puts_above(Some(Above::Item(item)));
            let name = codes_name(store.db(), item)?;
            return Ok(Told::say(format!("{code} is {name} already: what was kept aside came.")));
        }
        let mut act = act.clone();
        act.kind = "attach barcode";
        let row_act = act.clone();
        let this = &*self;
        let done = crate::ops::perform(store, act, |tx| {
            still_open(tx, this.delivery)?;
            let thing = goods::item(tx, item)?;
            crate::ops::counting::counter::name_code(tx, code, item, pack)?;
            tx.summarise(format!("made {code} a barcode of {}", thing.name));
            let row = this.row(&row_act, Kind::Attach);
            store::append(tx, &NewRow { item: Some(item), code: Some(code), quantity: Some(pack), ..row })?;
            Ok(thing.name)
        })?;
        self.puts_above(Some(Above::Item(item)));
        Ok(Told::say(format!("{code} is {} from now on. - takes that back.", done.value)))
    }

    /// Keeps the number of the delivery note.
    pub fn note(&mut self, store: &mut Store, act: &Act, number: &str) -> Result<Told> {
        let number: String = number.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        store
            .record("receive", |db| {
                still_open(db, self.delivery)?;
                store::append(db, &NewRow { words: Some(&number), ..self.row(act, Kind::Note) })?;
                Ok(Told::default())
            })
            .inspect(|_| (self.times, self.doubted) = (None, None))
    }

    /// `-` after a code was named takes that back too: the barcode that was made goes (its operation is undone), then what
    /// it counted here. Nothing is done where the code was a barcode before.
    fn unname(&self, store: &mut Store, act: &Act, sent: &Sent) -> Result<()> {
        let meant = if sent.scanned { Ok(scan::scanned(sent.text)) } else { scan::typed(sent.text, true) };
        if meant != Ok(Entry::TakeBack)
            || sent.uid.map(|uid| store::knows(store.db(), uid)).transpose()?.unwrap_or(false)
        {
            return Ok(());
        }
        let last = self.last(store.db())?;
        let Some(code) = last.filter(|r| r.kind == Kind::Attach).and_then(|r| r.code) else { return Ok(()) };
        let Some(operation) = codes::named_by(store.db(), &code, &self.operator)? else { return Ok(()) };
        crate::ops::undo::undo(store, Act { kind: "undo", uid: None, ..act.clone() }, operation).map(|_| ())
    }

    fn row<'a>(&'a self, act: &'a Act, kind: Kind) -> NewRow<'a> {
        NewRow { operator: &self.operator, ..row(act, self.delivery, kind) }
    }

    fn take(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        if let Some(uid) = sent.uid
            && store::knows(db, uid)?
        {
            return Ok(match store::doubted(db, uid)? {
                Some(quantity) => Told { again: true, ..Told::warn(scanning::far_more(quantity)) },
                None => Told { again: true, ..Told::say("This was taken before; it counts once.") },
            });
        }
        still_open(db, self.delivery)?;
        let about = sent.about.filter(|_| !sent.scanned);
        let entry = if sent.scanned {
            scan::scanned(sent.text)
        } else {
            scan::typed(sent.text, about.is_some() || self.above.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        if let Some(item) = about
            && matches!(entry, Entry::Quantity(_) | Entry::Add(_) | Entry::Bad(..) | Entry::Rest)
        {
            self.above = Some(Above::Item(item));
        }
        match entry {
            Entry::Nothing => Ok(Told::default()),
            Entry::TakeBack => self.take_back(db, act, sent),
            Entry::Done => Ok(Told::say("All is saved. F8 books the delivery.")),
            Entry::Bad(n, why) => self.bad(db, act, sent, n, why),
            Entry::Rest => self.rest(db, act, sent),
            Entry::Times(n, None) => {
                // Kept like a scan, so that what the screen shows outlives the program.
                let row = NewRow { uid: sent.uid, quantity: Some(n), ..self.row(act, Kind::Name) };
                store::append(db, &NewRow { typed: !sent.scanned, ..row })?;
                (self.times, self.doubted) = (Some(n), None);
                Ok(Told::say(format!("The next scan counts {n}.")))
            }
            Entry::Times(n, Some(code)) => {
                let before = self.times.replace(n);
                let told = self.code(db, act, sent, &code, true)?;
                // Nothing was taken: it was said of this code alone, and no row says it.
                self.times = self.times.and(before);
                Ok(told)
            }
            Entry::Quantity(quantity) => self.quantity(db, act, sent, quantity),
            Entry::Add(more) => {
                let item = self.item("Nothing stands above to add to: scan an item first.")?;
                self.add(db, act, sent, item, more, None)
            }
            Entry::Code(code) => self.code(db, act, sent, &code, sent.scanned),
            Entry::Words(words) => self.code(db, act, sent, &words, false),
        }
    }

    fn item(&self, otherwise: &str) -> Result<ItemId> {
        match &self.above {
            Some(Above::Item(item)) => Ok(*item),
            _ => Err(Failure::refused(otherwise)),
        }
    }

    fn code(&mut self, db: &Db, act: &Act, sent: &Sent, code: &str, certain: bool) -> Result<Told> {
        let facts = Facts::load(db, self.delivery)?;
        let theirs = facts.supplier().map(|(s, _)| store::by_code_of(db, s, code)).transpose()?.flatten();
        let meaning = match (scanning::meaning(db, code, act.today)?, theirs) {
            (Meaning::Nobody { .. } | Meaning::Broken(_), Some(item)) => {
                Meaning::Item { item, quantity: Qty::ONE, note: None, remark: None }
            }
            (nobody @ Meaning::Nobody { .. }, None) => po_of(db, code)?.map_or(nobody, Meaning::Po),
            (meaning, _) => meaning,
        };
        match meaning {
            Meaning::Item { item, quantity, note, remark } => {
                let (quantity, which) = scanning::counts(quantity, self.times.take());
                if quantity > MOST {
                    return Err(Failure::refused("That many at once come on no lorry. Type the figure instead."));
                }
                Ok(self.add(db, act, sent, item, quantity, Some((code, note)))?.and(which.or(remark)))
            }
            Meaning::Bin(bin) => Err(Failure::refused(format!(
                "{} is a bin. Where each piece goes is shown below and booked with F8; move it later with m.",
                bin.code
            ))),
            Meaning::Po(po) => self.add_po(db, act, sent, po, &facts),
            Meaning::Broken(why) => {
                Err(Failure::refused(format!("Misread: {why}. Scan it again. Nothing was counted.")))
            }
            Meaning::Nobody { last_digit: Some(digit) } if !sent.scanned => Err(Failure::refused(format!(
                "{code} is mistyped: its last digit would have to be {digit}. Nothing was counted."
            ))),
            Meaning::Nobody { last_digit } => {
                let digits = code.chars().all(|c| c.is_ascii_digit());
                if !certain && digits && code.len() <= scan::QUANTITY_DIGITS {
                    Err(Failure::refused("Scan an item first, or go to its line with Up Down; then say how many came."))
                } else if certain || digits {
                    self.keep_aside(db, act, sent, code, last_digit)
                } else {
                    Ok(Told { find: Some(code.to_string()), ..Told::default() })
                }
            }
        }
    }

    fn add_po(&mut self, db: &Db, act: &Act, sent: &Sent, po: PoId, facts: &Facts) -> Result<Told> {
        let head = may_receive(db, po)?;
        if facts.contents.pos.contains(&po) {
            return Ok(Told::say(format!("{} is open already. Scan what came.", head.code)));
        }
        if let Some((_, name)) = facts.supplier().filter(|(s, _)| *s != head.supplier) {
            return Err(Failure::refused(format!(
                "{} is of {}, and this delivery is of {name}: receive it on its own (F3, then r).",
                head.code, head.supplier_name
            )));
        }
        store::append(db, &NewRow { uid: sent.uid, po: Some(po), ..self.row(act, Kind::Po) })?;
        (self.times, self.doubted) = (None, None);
        Ok(Told::say(format!("{} of {} is in this delivery now.", head.code, head.supplier_name)))
    }

    fn add(
        &mut self,
        db: &Db,
        act: &Act,
        sent: &Sent,
        item: ItemId,
        quantity: Qty,
        from: Option<(&str, Option<String>)>,
    ) -> Result<Told> {
        let (code, words) = from.map_or((None, None), |(code, note)| (Some(code), note));
        let new = NewRow {
            uid: sent.uid,
            item: Some(item),
            code,
            quantity: Some(quantity),
            words: words.as_deref(),
            typed: code.is_none(),
            ..self.row(act, Kind::Item)
        };
        store::append(db, &new)?;
        self.puts_above(Some(Above::Item(item)));
        self.remark(db, item)
    }

    /// What a person at the dock wants to know at once: nobody ordered it, or more came than was ordered.
    fn remark(&self, db: &Db, item: ItemId) -> Result<Told> {
        let facts = Facts::load(db, self.delivery)?;
        let Some(came) = facts.contents.of(item) else { return Ok(Told::default()) };
        let name = goods::item(db, item)?.name;
        let (shares, beside, _) = facts.shares(came);
        let over: Qty = shares.iter().map(|s| s.over).sum();
        if over.is_positive() {
            return Ok(Told::warn(format!("{over} {name} more than ordered. F8 asks about it.")));
        }
        if beside.is_positive() && !facts.pos.is_empty() {
            return Ok(Told::warn(format!(
                "{name} is not on {}: it goes to quarantine until somebody decides. - takes it back.",
                facts.po_codes()
            )));
        }
        if beside.is_positive() {
            let pos = store::pos_with(db, item)?;
            if let Some((_, code, supplier)) = pos.first() {
                let more = if pos.len() > 1 { format!(" and {} more POs", pos.len() - 1) } else { String::new() };
                return Ok(Told::say(format!(
                    "{name} is on {code} of {supplier}{more}: type {code} to receive on it."
                )));
            }
        }
        Ok(Told::default())
    }

    fn quantity(&mut self, db: &Db, act: &Act, sent: &Sent, quantity: Qty) -> Result<Told> {
        match self.above.clone() {
            None => {
                Err(Failure::refused("Scan an item first, or go to its line with Up Down; then say how many came."))
            }
            Some(Above::Item(item)) => {
                if let Some(doubt) = self.doubt(db, act, sent, item, quantity)? {
                    return Ok(doubt);
                }
                self.state(db, act, sent, item, quantity)
            }
            Some(Above::Aside { code, row }) => {
                let back = NewRow { takes_back: Some(row), ..self.row(act, Kind::Back) };
                store::append(db, &back)?;
                self.puts_above(None);
                if quantity.is_positive() {
                    let aside = NewRow {
                        uid: sent.uid,
                        code: Some(&code),
                        quantity: Some(quantity),
                        ..self.row(act, Kind::Unknown)
                    };
                    let row = store::append(db, &aside)?;
                    self.above = Some(Above::Aside { code, row });
                }
                Ok(Told::default())
            }
        }
    }

    fn state(&mut self, db: &Db, act: &Act, sent: &Sent, item: ItemId, quantity: Qty) -> Result<Told> {
        let set = NewRow { uid: sent.uid, item: Some(item), quantity: Some(quantity), ..self.row(act, Kind::Set) };
        store::append(db, &set)?;
        (self.times, self.doubted) = (None, None);
        self.remark(db, item)
    }

    /// All that was still to come of the item above came.
    fn rest(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        let item = self.item("= says that all of it came: choose a line, or scan its item first.")?;
        let open = Facts::load(db, self.delivery)?.still_to_come(item);
        if !open.is_positive() {
            return Err(Failure::refused("Nothing was still to come of it: type how many came."));
        }
        self.state(db, act, sent, item, open)
    }

    fn bad(&mut self, db: &Db, act: &Act, sent: &Sent, n: Qty, why: Option<String>) -> Result<Told> {
        let item = self.item("Nothing stands above: scan the item, say how many came, then how many are bad.")?;
        let facts = Facts::load(db, self.delivery)?;
        let came = facts.contents.of(item).map_or(Qty::ZERO, |c| c.quantity);
        let name = goods::item(db, item)?.name;
        let why = match why {
            Some(why) => why,
            None => store::last_reason(db)?.unwrap_or_else(|| super::BAD.first().copied().unwrap_or("bad").to_string()),
        };
        let others: Qty = facts
            .contents
            .of(item)
            .map_or(Qty::ZERO, |c| c.bad.iter().filter(|(other, _)| **other != why).map(|(_, n)| *n).sum());
        if n + others > came {
            return Err(Failure::refused(format!(
                "Only {came} {name} came so far: {} cannot be bad. Say first how many came, bad ones included.",
                n + others
            )));
        }
        let row = NewRow {
            uid: sent.uid,
            item: Some(item),
            quantity: Some(n),
            words: Some(&why).filter(|_| n.is_positive()).map(String::as_str),
            ..self.row(act, Kind::Bad)
        };
        store::append(db, &row)?;
        (self.times, self.doubted) = (None, None);
        Ok(if n.is_zero() {
            Told::say(format!("None of the {name} is bad."))
        } else {
            Told::say(format!("{n} bad: {why}. F7 gives another reason; or type {n} b and the reason."))
        })
    }

    /// A quantity far over what is to come is asked again: a slip of the finger, or a barcode's end. That it was asked is
    /// a row of its own, which counts nothing: the question outlives the program.
    fn doubt(&mut self, db: &Db, act: &Act, sent: &Sent, item: ItemId, quantity: Qty) -> Result<Option<Told>> {
        if self.doubted.take() == Some((item, quantity)) || quantity <= Qty::units(99) {
            return Ok(None);
        }
        let times = Settings::load(db)?.count("stock.usual_times");
        let open = Facts::load(db, self.delivery)?.still_to_come(item);
        let usual = goods::usual(db, item)?.unwrap_or(Qty::ONE).max(open).max(Qty::ONE);
        if quantity.thousandths() <= usual.thousandths().saturating_mul(times) {
            return Ok(None);
        }
        let row = NewRow { uid: sent.uid, item: Some(item), quantity: Some(quantity), ..self.row(act, Kind::Name) };
        store::append(db, &row)?;
        (self.doubted, self.times) = (Some((item, quantity)), None);
        Ok(Some(Told::warn(scanning::far_more(quantity))))
    }

    fn keep_aside(&mut self, db: &Db, act: &Act, sent: &Sent, code: &str, last_digit: Option<u8>) -> Result<Told> {
        let quantity = self.times.unwrap_or(Qty::ONE);
        let new = NewRow {
            uid: sent.uid,
            code: Some(code),
            quantity: Some(quantity),
            typed: !sent.scanned,
            ..self.row(act, Kind::Unknown)
        };
        let row = store::append(db, &new)?;
        self.puts_above(Some(Above::Aside { code: code.to_string(), row }));
        Ok(scanning::aside(code, last_digit))
    }

    fn take_back(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        let nothing = || Failure::refused("Nothing is left to take back here.");
        let last = self.last(db)?.ok_or_else(nothing)?;
        let first = store::rows(db, self.delivery)?.first().map(|r| r.id);
        if last.kind == Kind::Po && Some(last.id) == first {
            return Err(nothing());
        }
        let back =
            NewRow { uid: sent.uid, takes_back: Some(last.id), typed: !sent.scanned, ..self.row(act, Kind::Back) };
        store::append(db, &back)?;
        // A scan goes with the 12* that was said of it: the next one counts one again.
        if last.kind == Kind::Item
            && let Some(times) = self.last(db)?.filter(|r| r.times().is_some())
        {
            store::append(db, &NewRow { takes_back: Some(times.id), ..self.row(act, Kind::Back) })?;
        }
        self.stands(db)?;
        if let Some(times) = last.times() {
            return Ok(Told::say(format!("The next scan counts 1 again, not {times}.")));
        }
        let name = last.item.map(|i| codes_name(db, i)).transpose()?.unwrap_or_default();
        Ok(Told::say(match (last.kind, last.quantity) {
            (Kind::Item, Some(n)) => format!("Taken back: {n} {name}."),
            (Kind::Set, Some(n)) => format!("Taken back: that {n} {name} came."),
            (Kind::Bad, Some(n)) => format!("Taken back: that {n} {name} are bad."),
            (Kind::Name, Some(n)) => format!("{n} {name} were not taken; nothing is changed."),
            (Kind::Attach, _) => scanning::unnamed(db, last.code.as_deref().unwrap_or_default())?,
            (Kind::Unknown, _) => format!("Taken back: the unknown code {}.", last.code.unwrap_or_default()),
            _ => format!("Taken back: {}.", if name.is_empty() { "the last line" } else { &name }),
        }))
    }
}

fn codes_name(db: &Db, item: ItemId) -> Result<String> {
    Ok(goods::item(db, item).map(|i| i.name).unwrap_or_default())
}

fn above_of(last: Row) -> Option<Above> {
    match (last.kind, last.item) {
        (Kind::Unknown, _) => Some(Above::Aside { code: last.code?, row: last.id }),
        (Kind::Item | Kind::Set | Kind::Bad | Kind::Name | Kind::Attach, Some(item)) => Some(Above::Item(item)),
        _ => None,
    }
}

/// The PO that a person names by its code, or by its label.
pub fn po_of(db: &Db, code: &str) -> Result<Option<PoId>> {
    if let Some(po) = codes::po(db, code)? {
        return Ok(Some(po));
    }
    let upper = code.to_uppercase();
    match codes::po(db, &upper)? {
        Some(po) => Ok(Some(po)),
        None => match scan::label(code) {
            Some((scan::Label::Po, rest)) => Ok(codes::po(db, rest)?.or(codes::po(db, &rest.to_uppercase())?)),
            _ => Ok(None),
        },
    }
}

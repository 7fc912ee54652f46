//! Entry by hand: an item, a customer, a supplier, new or changed; an order taken on the telephone; a note on anything.

use super::importing::{self, Options, With};
use super::stock::plausible;
use super::views::item as view;
use super::{allocating, perform};
use crate::domain::ids::{CustomerId, ItemId, OperationId};
use crate::domain::money::Money;
use crate::domain::oversell::Policy;
use crate::domain::quantity::Qty;
use crate::exchange::table::{Kind as CellKind, Table};
use crate::exchange::typed;
use crate::store::acting::{self, Alternative};
use crate::store::entering::{self, Head};
use crate::store::records::Field;
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx, goods, item};
use chrono::NaiveDate;
use std::collections::BTreeSet;

pub use crate::store::entering::Kind;

/// A record as a form shows it: texts in the order of its file's columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    pub kind: Kind,
    /// None: it is new.
    pub id: Option<i64>,
    pub texts: Vec<String>,
}

impl Kind {
    /// The table of files that holds it.
    pub fn file(self) -> Table {
        match self {
            Kind::Item => Table::Items,
            Kind::Customer => Table::Customers,
            Kind::Supplier => Table::Suppliers,
        }
    }
    /// In words: "item".
    pub fn word(self) -> &'static str {
        match self {
            Kind::Item => "item",
            Kind::Customer => "customer",
            Kind::Supplier => "supplier",
        }
    }
}

impl Card {
    /// An empty one.
    pub fn new(kind: Kind) -> Card {
        Card { kind, id: None, texts: vec![String::new(); kind.file().columns().len()] }
    }

    /// As it is stored now.
    pub fn load(db: &Db, kind: Kind, id: i64) -> Result<Card> {
        let fields = entering::fields(db, kind, id)?;
        let texts = fields.iter().zip(kind.file().columns()).map(|(field, column)| text(field, column.kind)).collect();
        Ok(Card { kind, id: Some(id), texts })
    }

    /// The text of a column.
    pub fn text(&self, column: &str) -> &str {
        self.kind.file().column(column).and_then(|at| self.texts.get(at)).map_or("", String::as_str)
    }

    /// Writes the text of a column.
    pub fn set(&mut self, column: &str, text: &str) {
        let at = self.kind.file().column(column);
        if let Some(cell) = at.and_then(|at| self.texts.get_mut(at)) {
            *cell = text.trim().to_string();
        }
    }
}

fn text(field: &Field, kind: CellKind) -> String {
    match (field, kind) {
        (Field::None, _) => String::new(),
        (Field::Text(text), _) => text.clone(),
        (Field::Number(n), CellKind::Money) => Money::from_ten_thousandths(*n).to_string(),
        (Field::Number(n), CellKind::Quantity | CellKind::Positive) => Qty::from_thousandths(*n).to_string(),
        (Field::Number(n), CellKind::Rate) => {
            format!("0.{n:06}").trim_end_matches('0').trim_end_matches('.').to_string()
        }
        (Field::Number(n), _) => n.to_string(),
    }
}

/// Saves a record. `seen` is what the form began with (an empty card for a new one); `level` is what of a new item lies
/// in which bin. What was emptied is emptied.
pub fn save(
    store: &mut Store,
    act: Act,
    seen: &Card,
    wanted: &Card,
    level: Option<(String, String)>,
) -> Result<Done<()>> {
    let kind = wanted.kind;
    let code = wanted.texts.first().cloned().unwrap_or_default();
    let Some(id) = wanted.id else {
        if let Some(there) = entering::by_code(store.db(), kind, &code)? {
            let there = Card::load(store.db(), kind, there)?;
            return Err(Failure::refused(format!(
                "{code} is here already: {}. Take another number, or edit that {}.",
                there.text("name"),
                kind.word()
            )));
        }
        return written(store, act, wanted, wanted, Vec::new(), level);
    };
    let now = Card::load(store.db(), kind, id)?;
    if now != *seen {
        let names = kind.file().columns().iter().zip(&now.texts).zip(&seen.texts);
        let changed = names.filter(|((_, a), b)| a != b).map(|((c, now), was)| {
            let shown = |t: &String| if t.is_empty() { "blank".to_string() } else { t.clone() };
            format!("{} was {}, is {}", c.name.replace('_', " "), shown(was), shown(now))
        });
        let changed: Vec<String> = changed.collect();
        return Err(Failure::refused(format!(
            "Somebody changed it meanwhile: {}. Nothing was saved; look again.",
            changed.join("; ")
        )));
    }
    // Only what differs is written; the key says which one it is, the name is always needed.
    let mut sparse = wanted.clone();
    let mut erased = Vec::new();
    for (at, column) in kind.file().columns().iter().enumerate().skip(2) {
        let (was, will) = (seen.texts.get(at), wanted.texts.get(at));
        if was == will {
            sparse.texts[at].clear();
        } else if will.is_some_and(String::is_empty) {
            erased.push((kind, id, column.name));
        }
    }
    written(store, act, &sparse, wanted, erased, level)
}

fn written(
    store: &mut Store,
    act: Act,
    card: &Card,
    shown: &Card,
    erase: Vec<(Kind, i64, &'static str)>,
    level: Option<(String, String)>,
) -> Result<Done<()>> {
    let table = card.kind.file();
    let refused = |(column, sentence): (&'static str, String)| {
        let named = sentence.starts_with("The ");
        let column = column.replace('_', " ");
        Failure::refused(if named { sentence } else { format!("{column}: {sentence}") })
    };
    let mut rows = vec![(table, typed::row(table, &card.texts).map_err(refused)?)];
    if let Some((bin, quantity)) = level.filter(|(_, q)| !q.trim().is_empty()) {
        let texts = [card.texts.first().cloned().unwrap_or_default(), bin, quantity];
        rows.push((Table::Stock, typed::row(Table::Stock, &texts).map_err(refused)?));
    }
    let verb = if card.id.is_some() { "changed" } else { "new" };
    let summary = format!("{verb} {}: {}  {}", card.kind.word(), shown.texts[0], shown.text("name"));
    let with = With { erase, summary: Some(summary.clone()), ..With::default() };
    let outcome = importing::bring(store, act, typed::batch(rows), Options::default(), with, &mut |_| {})?;
    if let Some(problem) = outcome.problems.first() {
        return Err(Failure::refused(problem.message.clone()));
    }
    Ok(Done { operation: outcome.operation.unwrap_or(OperationId(0)), summary, value: () })
}

/// Who ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whom {
    Known(CustomerId),
    /// Somebody new: his name, and his telephone where he said it.
    New {
        name: String,
        phone: Option<String>,
    },
}

/// A line that was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewLine {
    pub item: ItemId,
    pub quantity: Qty,
    /// None: the item's own.
    pub price: Option<Money>,
}

/// An order taken by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewOrder {
    pub code: String,
    pub customer: Whom,
    pub promised_on: Option<NaiveDate>,
    pub paid: bool,
    pub note: Option<String>,
    pub lines: Vec<NewLine>,
    /// The person confirmed what was asked again.
    pub sure: bool,
}

/// What would become of a line: how much of it goes at once, when the rest would come, what could be had instead.
#[derive(Clone, PartialEq, Debug)]
pub struct Outlook {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub price: Option<Money>,
    pub now: Qty,
    pub later: Qty,
    pub likely: Option<NaiveDate>,
    /// What is to come for it, what comes first on top; the rest of `later` is not on order.
    pub comes: Vec<view::Comes>,
    /// Why it may not be ordered so: 12 wait and 10 may.
    pub over: Option<String>,
    /// Of it so many may be ordered.
    pub at_most: Qty,
    pub instead: Vec<Alternative>,
}

/// The next number after the newest of the house's own: SO-1042 is followed by SO-1043. A shop counts its orders itself:
/// the number after its newest is the one that it gives to its next.
pub fn next_code(db: &Db) -> Result<String> {
    let newest = entering::newest_orders(db)?;
    let own = newest.iter().find(|(code, _)| is_own(code, &newest)).map(|(code, _)| code.clone());
    let own = match own {
        Some(code) => Some(code),
        None => entering::newest_typed_orders(db)?.into_iter().find(|code| is_own(code, &newest)),
    };
    let mut code = own.unwrap_or_else(|| "SO-0".into());
    for _ in 0..1000 {
        code = after(&code);
        if !entering::order_exists(db, &code)? {
            break;
        }
    }
    Ok(code)
}

/// Whether orders numbered like this one are numbered here: no shop has such numbers; or they have a word before the figure
/// (`SO-`) that shops share with others. A bare figure or `#1001` is how shops count, each for itself.
fn is_own(code: &str, newest: &[(String, Option<String>)]) -> bool {
    let head = split(code).0;
    let channels: BTreeSet<Option<&str>> =
        newest.iter().filter(|(other, _)| split(other).0 == head).map(|(_, channel)| channel.as_deref()).collect();
    let shops = channels.iter().any(|c| c.is_some_and(|c| c != entering::TYPED));
    !shops || channels.len() > 1 && head.contains(char::is_alphabetic)
}

/// What stands before the figure at a number's end, and that figure.
fn split(code: &str) -> (&str, &str) {
    code.split_at(code.len() - code.chars().rev().take_while(char::is_ascii_digit).count())
}

fn after(code: &str) -> String {
    let (head, figure) = split(code);
    let width = figure.len();
    match figure.parse::<u64>() {
        Ok(n) => format!("{head}{:0width$}", n.saturating_add(1)),
        Err(_) => format!("{code}-2"),
    }
}

/// Takes an order. Refused where more would wait of an item than may.
pub fn order(store: &mut Store, act: Act, order: &NewOrder) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let name = write(tx, order)?;
        let items: BTreeSet<ItemId> = order.lines.iter().map(|l| l.item).collect();
        allocating::settle(tx)?;
        if let Some(over) = item::oversold(tx, &items)?.first() {
            let ordered: Qty = order.lines.iter().filter(|l| l.item == over.item).map(|l| l.quantity).sum();
            let most = (ordered - over.oversell.over(over.wait)).or_zero();
            return Err(Failure::refused(format!(
                "{}: {}. Of it {most} can be ordered now, or something else instead.",
                over.name,
                over.oversell.words(over.wait).unwrap_or_default()
            )));
        }
        let lines = if order.lines.len() == 1 { "line" } else { "lines" };
        tx.summarise(format!("took order {} of {name}: {} {lines}", order.code, order.lines.len()));
        Ok(())
    })
}

/// What would become of each line, were the order taken now. Nothing is written.
pub fn outlook(store: &mut Store, act: Act, order: &NewOrder) -> Result<Vec<Outlook>> {
    let mut found = Vec::new();
    let today = act.today;
    let tried: Result<Done<()>> = perform(store, act, |tx| {
        // Its number is a matter of saving it.
        let taken = order.code.trim().is_empty() || entering::order_exists(tx, order.code.trim())?;
        let code = if taken { next_code(tx)? } else { order.code.trim().to_string() };
        let sure = NewOrder { sure: true, code: code.clone(), ..order.clone() };
        write(tx, &sure)?;
        let items: BTreeSet<ItemId> = order.lines.iter().map(|l| l.item).collect();
        allocating::settle(tx)?;
        let over = item::oversold(tx, &items)?;
        for (n, line) in order.lines.iter().enumerate() {
            let detail = view::load(tx, line.item, today, &mut Default::default())?;
            // The lines of an item in the order in which they were typed: each has what is left to it.
            let mut mine: Vec<&view::ItemLine> = detail.lines.iter().filter(|l| l.order == code).collect();
            mine.sort_by_key(|l| l.line);
            let before = order.lines.iter().take(n).filter(|l| l.item == line.item).count();
            let mine = mine.get(before);
            let (now, later) = mine.map_or((Qty::ZERO, Qty::ZERO), |l| (l.allocated, l.short));
            let likely = mine.and_then(|l| l.likely);
            let over = over.iter().find(|o| o.item == line.item);
            found.push(Outlook {
                item: line.item,
                sku: detail.record.sku.clone(),
                name: detail.record.name.clone(),
                price: line.price.or(detail.record.price),
                now,
                later,
                likely: likely.filter(|_| later.is_positive()),
                comes: mine.filter(|_| later.is_positive()).map_or(Vec::new(), |l| l.comes.clone()),
                over: over.and_then(|o| o.oversell.words(o.wait)),
                at_most: over.map_or(line.quantity, |o| (line.quantity - o.oversell.over(o.wait)).or_zero()),
                instead: if later.is_positive() { acting::alternatives(tx, line.item)? } else { Vec::new() },
            });
        }
        // Leaving with a failure rolls everything back.
        Err(Failure::refused("Only looked at."))
    });
    match tried {
        Err(Failure::Refused(_)) if found.len() == order.lines.len() => Ok(found),
        Err(failure) => Err(failure),
        Ok(_) => Ok(found),
    }
}

/// Writes the order; answers the customer's name.
fn write(tx: &mut Tx, order: &NewOrder) -> Result<String> {
    let code = order.code.trim();
    if code.is_empty() {
        return Err(Failure::refused("The order has no number: type one."));
    }
    if entering::order_exists(tx, code)? {
        return Err(Failure::refused(format!("There is an order {code} already: type another number.")));
    }
    if order.lines.is_empty() {
        return Err(Failure::refused("Nothing is ordered yet: type what, as 12 bolt, and Enter."));
    }
    let today = tx.act().today;
    if order.promised_on.is_some_and(|d| d < today) {
        return Err(Failure::refused("The promised day is over already: type one from today on, or leave it blank."));
    }
    let (customer, name) = match &order.customer {
        Whom::Known(id) => (*id, entering::note(tx, "customer", id.0)?.1),
        Whom::New { name, phone } => {
            let name = name.trim();
            if name.is_empty() {
                return Err(Failure::refused("Who orders? Type the customer's name."));
            }
            let mut code = name.to_string();
            let mut n = 1;
            while entering::by_code(tx, Kind::Customer, &code)?.is_some() {
                n += 1;
                code = format!("{name} {n}");
            }
            (entering::add_customer(tx, &code, name, phone.as_deref())?, name.to_string())
        }
    };
    let mut ahead = false;
    for line in &order.lines {
        let stored = goods::item(tx, line.item)?;
        if !line.quantity.is_positive() {
            return Err(Failure::refused(format!("How many {}? Type a number above 0.", stored.name)));
        }
        plausible(tx, &stored, line.quantity, order.sure)?;
        let record = item::record(tx, line.item)?;
        ahead |=
            record.is_some_and(|r| r.oversell.policy == Policy::Preorder && r.available_on.is_some_and(|d| d > today));
    }
    let head = Head {
        code,
        customer,
        ordered_on: today,
        kind: ahead.then_some("preorder"),
        paid: order.paid,
        promised_on: order.promised_on,
        note: order.note.as_deref(),
    };
    let id = entering::add_order(tx, &head)?;
    for (n, line) in order.lines.iter().enumerate() {
        let price = match line.price {
            Some(price) => Some(price),
            None => item::record(tx, line.item)?.and_then(|r| r.price),
        };
        entering::add_line(tx, id, n + 1, line.item, line.quantity, price)?;
    }
    Ok(name)
}

/// What a note is on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum About {
    Customer(i64),
    Order(i64),
    Bin(i64),
    Item(i64),
    Supplier(i64),
    Po(i64),
}

impl About {
    fn place(self) -> (&'static str, i64) {
        match self {
            About::Item(id) => ("item", id),
            About::Supplier(id) => ("supplier", id),
            About::Po(id) => ("purchase_order", id),
            About::Customer(id) => ("customer", id),
            About::Order(id) => ("customer_order", id),
            About::Bin(id) => ("bin", id),
        }
    }
}

/// A note with what it is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noted {
    pub about: About,
    /// Its name: the customer's, the order's number.
    pub name: String,
    pub note: String,
}

/// The notes of some things.
pub fn notes(db: &Db, of: &[About]) -> Result<Vec<Noted>> {
    of.iter()
        .map(|about| {
            let (table, id) = about.place();
            let (note, name) = entering::note(db, table, id)?;
            Ok(Noted { about: *about, name, note: note.unwrap_or_default() })
        })
        .collect()
}

/// Writes notes; each comes with what the person saw.
pub fn write_notes(store: &mut Store, act: Act, wanted: &[(Noted, String)]) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let mut names = Vec::new();
        for (seen, words) in wanted {
            let (table, id) = seen.about.place();
            let now = entering::note(tx, table, id)?.0.unwrap_or_default();
            if now != seen.note {
                return Err(Failure::refused(format!(
                    "The note on {} was changed by somebody meanwhile: \"{now}\". Nothing was saved; look again.",
                    seen.name
                )));
            }
            let words = words.trim();
            if words != now {
                entering::write_note(tx, table, id, Some(words).filter(|w| !w.is_empty()))?;
                names.push(seen.name.clone());
            }
        }
        match names.is_empty() {
            true => tx.summarise("the notes are as they were"),
            false => tx.summarise(format!("note on {}", names.join(", "))),
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shops_numbers_are_its_own() {
        let orders = |all: &[(&str, Option<&str>)]| -> Vec<(String, Option<String>)> {
            all.iter().map(|(code, channel)| (code.to_string(), channel.map(String::from))).collect()
        };
        let newest = orders(&[("#1020", Some("shopify")), ("#1019", Some("shopify")), ("SO-7", Some("phone"))]);
        assert!(!is_own("#1020", &newest) && is_own("SO-7", &newest));
        let one_series = orders(&[("SO-9", Some("shopify")), ("SO-8", Some("amazon"))]);
        assert!(is_own("SO-9", &one_series), "the house numbers the orders of all channels");
        assert!(is_own("7", &orders(&[("7", None)])));
        let two_shops = orders(&[
            ("772", Some("woocommerce")),
            ("5012", Some("etsy")),
            ("#9", Some("phone")),
            ("#8", Some("shopify")),
        ]);
        assert!(!is_own("772", &two_shops), "two shops count each for itself");
        assert!(!is_own("#9", &two_shops), "one typed among a shop's numbers does not make them the house's");
        assert!(is_own("SO-1", &two_shops));
    }

    #[test]
    fn orders_are_numbered_on() {
        for (code, next) in
            [("SO-1042", "SO-1043"), ("SO-099", "SO-100"), ("SO-0", "SO-1"), ("2026-7", "2026-8"), ("web", "web-2")]
        {
            assert_eq!(after(code), next);
        }
    }
}

//! Find anything, and "where is my order?". Items come from the haystack of [`super::search`], customers from a folded
//! text of their own, papers and places by index; the answer to the question from the board that the Backorders tab shows.

use super::Desk;
use super::backorders::Shown;
use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::text::fold_into;
use crate::ops::scanning;
use crate::ops::settings::Settings;
use crate::ops::views::backorders::{self, Board, Terms};
use crate::ops::views::whereabouts::{self, Whereabouts};
use crate::store::browse::{self, Found, FoundKind};
use crate::store::{Db, Failure, finding};
use chrono::NaiveDate;
use memchr::memmem;
use std::sync::Arc;

/// Rows of one kind.
const EACH: i64 = 6;
/// Orders of a found customer that stand below.
const OF_CUSTOMER: i64 = 4;
/// Numbers of a sentence that are looked for.
const NUMBERS: usize = 3;
/// Items.
const ITEMS: usize = 12;
/// Rows to choose from in a dialog's field.
const CHOICES: i64 = 50;
/// A code that may be no name: as long as the shortest that scanners send.
const CODE: usize = 8;

/// Everything that has the text, grouped by kind. Of a sentence such as "where is my order W-1010?", which nothing has as a
/// whole, what its numbers name.
pub fn find(desk: &mut Desk, text: &str) -> Result<Vec<Found>, Failure> {
    let mut found = find_all_of(desk, text)?;
    if found.is_empty() {
        for code in numbers_in(text) {
            for one in find_all_of(desk, code)? {
                if !found.iter().any(|f| (f.kind, f.id) == (one.kind, one.id)) {
                    found.push(one);
                }
            }
        }
        found.sort_by_key(|f| f.kind);
    }
    Ok(found)
}

/// The words of several that have a figure, without the signs round them: what may be an order, a PO or a SKU.
fn numbers_in(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = words.iter().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    let codes = bare.filter(|w| w.len() > 1 && w.contains(|c: char| c.is_ascii_digit()));
    codes.filter(|_| words.len() > 1).take(NUMBERS).collect()
}

fn find_all_of(desk: &mut Desk, text: &str) -> Result<Vec<Found>, Failure> {
    let today = desk.today();
    let db = desk.store.db();
    let mut found = Vec::new();
    let people = desk.people.search(db, text, EACH as usize)?;
    for customer in &people {
        found.extend(finding::customer(db, *customer)?);
    }
    let mut orders = finding::orders(db, text, EACH)?;
    for customer in people.iter().take(2) {
        for order in finding::orders_of(db, *customer, OF_CUSTOMER)? {
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
    }
    for order in orders.into_iter().take(2 * EACH as usize) {
        found.extend(order_row(db, order, today)?);
    }
    found.extend(finding::supply_and_places(db, text, EACH)?);
    let mut items = desk.haystack.search(desk.store.db(), text, ITEMS)?;
    if text.trim().len() >= CODE
        && let Some(item) = scanning::item_of(desk.store.db(), text.trim(), today)?
        && !items.contains(&item)
    {
        items.insert(0, item);
    }
    found.extend(browse::found_items(desk.store.db(), &items)?);
    found.sort_by_key(|f| f.kind);
    Ok(found)
}

/// What a field can name of that kind.
pub fn choices(desk: &mut Desk, kind: FoundKind, text: &str) -> Result<Vec<finding::Choice>, Failure> {
    let wanted = !text.trim().is_empty();
    Ok(match kind {
        FoundKind::Item if wanted => {
            let items = desk.haystack.search(desk.store.db(), text, CHOICES as usize)?;
            finding::items_named(desk.store.db(), &items)?
        }
        FoundKind::Customer if wanted => {
            let people = desk.people.search(desk.store.db(), text, CHOICES as usize)?;
            finding::customers_named(desk.store.db(), &people)?
        }
        _ => finding::choices(desk.store.db(), kind, text, CHOICES)?,
    })
}

fn order_row(db: &Db, order: OrderId, today: NaiveDate) -> Result<Option<Found>, Failure> {
    Ok(finding::order(db, order)?.map(|fact| {
        let lines = if fact.lines.len() == 1 { "1 line".to_string() } else { format!("{} lines", fact.lines.len()) };
        let state = whereabouts::state_words(&fact, today);
        Found {
            kind: FoundKind::Order,
            id: order.0,
            place: fact.customer.0,
            title: format!("{}  {}  {lines}", fact.code, crate::domain::dates::short(fact.ordered_on, today)),
            detail: format!("{}  {state}", fact.customer_name),
        }
    }))
}

/// Where what was found is; none of what no sentence is known.
pub fn whereabouts(desk: &mut Desk, kind: FoundKind, id: i64) -> Result<Option<Whereabouts>, Failure> {
    match kind {
        FoundKind::Order => {
            let board = waiting(desk)?;
            whereabouts::of_order(desk.store.db(), board.board(), OrderId(id))
        }
        FoundKind::Customer => {
            let board = waiting(desk)?;
            whereabouts::of_customer(desk.store.db(), board.board(), CustomerId(id))
        }
        _ => Ok(None),
    }
}

/// What waits: as the tab was last answered, while nothing was done since; else read anew.
enum Waiting {
    Shown(Arc<Shown>),
    Read(Box<Board>),
}

impl Waiting {
    fn board(&self) -> &Board {
        match self {
            Waiting::Shown(shown) => &shown.board,
            Waiting::Read(board) => board,
        }
    }
}

fn waiting(desk: &mut Desk) -> Result<Waiting, Failure> {
    let db = desk.store.db();
    let newest = browse::newest_operation(db)?;
    if let Some((stamp, shown)) = &desk.waiting
        && *stamp == newest
        && shown.board.today == desk.today()
    {
        return Ok(Waiting::Shown(shown.clone()));
    }
    let terms = Terms::of(&Settings::load(db)?);
    Ok(Waiting::Read(Box::new(backorders::load_at(db, &terms, desk.clock.moment())?)))
}

/// Every customer's words, folded, a line each; read when somebody looks for one first, and when customers changed.
#[derive(Default)]
pub struct People {
    text: String,
    starts: Vec<usize>,
    ids: Vec<CustomerId>,
    stamp: Option<i64>,
}

impl People {
    /// The customers that have all the words: those first of whom a word begins with the text.
    pub fn search(&mut self, db: &Db, text: &str, limit: usize) -> Result<Vec<CustomerId>, Failure> {
        self.freshen(db)?;
        let mut folded = String::new();
        fold_into(text.trim(), &mut folded);
        let figures: String = folded.chars().filter(|c| !" -()/.+".contains(*c)).collect();
        let phone = figures.len() >= 5 && figures.chars().all(|c| c.is_ascii_digit());
        let words: Vec<&str> =
            if phone { vec![figures.trim_start_matches('0')] } else { folded.split_whitespace().collect() };
        let Some(rarest) = words.iter().max_by_key(|w| w.len()).filter(|w| !w.is_empty()) else {
            return Ok(Vec::new());
        };
        let finder = memmem::Finder::new(rarest.as_bytes());
        let (mut first, mut rest, mut at): (Vec<CustomerId>, Vec<CustomerId>, usize) = (Vec::new(), Vec::new(), 0);
        while let Some(hit) = self.text.as_bytes().get(at..).and_then(|t| finder.find(t)) {
            let row = self.starts.partition_point(|s| *s <= at + hit).saturating_sub(1);
            let start = self.starts.get(row).copied().unwrap_or(0);
            at = self.starts.get(row + 1).copied().unwrap_or(self.text.len());
            let line = self.text.get(start..at).unwrap_or("");
            if !words.iter().all(|w| line.contains(w)) {
                continue;
            }
            let begins = line.split('\t').any(|field| field.starts_with(folded.trim()))
                || line.split(['\t', ' ', '-']).any(|word| word.starts_with(*rarest));
            let into = if begins { &mut first } else { &mut rest };
            if into.len() < limit
                && let Some(id) = self.ids.get(row)
            {
                into.push(*id);
            }
            if first.len() >= limit {
                break;
            }
        }
        first.extend(rest);
        first.truncate(limit);
        Ok(first)
    }

    fn freshen(&mut self, db: &Db) -> Result<(), Failure> {
        let newest = browse::newest_operation(db)?;
        if let Some(stamp) = self.stamp
            && (stamp == newest || !finding::customers_changed_since(db, stamp)?)
        {
            self.stamp = Some(newest);
            return Ok(());
        }
        *self = People { stamp: Some(newest), ..People::default() };
        let (text, starts, ids) = (&mut self.text, &mut self.starts, &mut self.ids);
        finding::each_customers_words(db, |id, words| {
            starts.push(text.len());
            ids.push(id);
            for word in words.iter().filter(|w| !w.is_empty()) {
                fold_into(&word.replace(['\n', '\t'], " "), text);
                text.push('\t');
                // A phone number is found however its figures are set apart.
                let figures: String = word.chars().filter(char::is_ascii_digit).collect();
                if figures.len() >= 6 && figures.len() < word.len() {
                    text.push_str(&figures);
                    text.push('\t');
                }
            }
            text.push('\n');
        })?;
        text.shrink_to_fit();
        Ok(())
    }
}

//! What each offer and each kind of message achieved: of the orders that were talked about, how many stayed.

use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::money::Money;
use crate::exchange::sheet::{Sheet, Value};
use crate::store::offers::{TalkOfLine, talks};
use crate::store::{Db, Result};
use std::collections::{BTreeMap, HashMap, HashSet};

/// With fewer decided orders than this nobody can tell whether it helped.
pub const TOO_FEW: usize = 10;

/// What the talks are counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum By {
    /// What was offered; talks without an offer are `no offer`.
    Offer,
    /// The kind of message.
    Message,
}

/// One offer, or one kind of message, and what came of it. Counted are **orders**, each once, with the lines that the
/// talk was about and that were still open on its day; only talks that came through (sent or reached) count.
///
/// - *kept*: all of these lines were shipped in full on the day of the talk or after it;
/// - *cancelled*: something of them was cancelled on that day or after it (or on a day that nobody noted);
/// - *open*: neither yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Achieved {
    pub by: By,
    /// `free delivery`, `no offer`; `first short`, `no message`.
    pub name: String,
    pub contacted: usize,
    pub kept: usize,
    pub cancelled: usize,
    pub open: usize,
    /// What was spent on it: of a talk about several lines once.
    pub cost: Money,
}

impl Achieved {
    /// Fewer than [`TOO_FEW`] of its orders are decided.
    pub fn too_few(&self) -> bool {
        self.kept + self.cancelled < TOO_FEW
    }
    /// The share of the decided orders that stayed; none where none is decided.
    pub fn kept_rate(&self) -> Option<f64> {
        let decided = self.kept + self.cancelled;
        (decided > 0).then(|| self.kept as f64 / decided as f64)
    }
    /// What each order that stayed has cost; none where none stayed.
    pub fn cost_per_kept(&self) -> Option<Money> {
        let kept = i64::try_from(self.kept).ok().filter(|n| *n > 0)?;
        Some(Money::from_ten_thousandths((self.cost.ten_thousandths() + kept / 2) / kept))
    }
}

#[derive(Default)]
struct Tally {
    orders: HashMap<OrderId, Fate>,
    paid: HashSet<(Option<i64>, Option<CustomerId>, i64)>,
    cost: Money,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Kept,
    Open,
    Cancelled,
}

/// By offer, then by message, what was used most on top.
pub fn achieved(db: &Db) -> Result<Vec<Achieved>> {
    let mut tallies: BTreeMap<(By, String), Tally> = BTreeMap::new();
    for talk in talks(db)? {
        let Some(fate) = fate(&talk) else { continue };
        let offer = talk.offer.as_deref().map(str::trim).filter(|o| !o.is_empty() && *o != "none");
        let offer = offer.map_or("no offer".into(), str::to_lowercase);
        let message = talk.message.as_deref().unwrap_or("no message").replace('_', " ");
        // A typed talk about several lines names its cost on each of them; a file's rows stand for themselves.
        let paid = match talk.typed_in {
            Some(operation) => (Some(operation), Some(talk.customer), 0),
            None => (None, None, talk.contact),
        };
        for key in [(By::Offer, offer), (By::Message, message)] {
            let tally = tallies.entry(key).or_default();
            let known = tally.orders.entry(talk.order).or_insert(fate);
            *known = fate.max(*known);
            if let Some(cost) = talk.cost
                && tally.paid.insert(paid)
            {
                tally.cost += cost;
            }
        }
    }
    let mut rows: Vec<Achieved> = tallies.into_iter().map(|((by, name), tally)| tally.row(by, name)).collect();
    rows.sort_by(|a, b| (a.by, b.contacted, &a.name).cmp(&(b.by, a.contacted, &b.name)));
    Ok(rows)
}

impl Tally {
    fn row(self, by: By, name: String) -> Achieved {
        let count = |fate| self.orders.values().filter(|f| **f == fate).count();
        Achieved {
            by,
            name,
            contacted: self.orders.len(),
            kept: count(Fate::Kept),
            cancelled: count(Fate::Cancelled),
            open: count(Fate::Open),
            cost: self.cost,
        }
    }
}

/// What became of the line after the talk; none where it was closed before.
fn fate(talk: &TalkOfLine) -> Option<Fate> {
    let closed = talk.shipped + talk.cancelled >= talk.quantity;
    let last = talk.shipped_on.max(talk.cancelled_on);
    if closed && last.is_some_and(|day| day < talk.on) {
        return None;
    }
    let cancelled = talk.cancelled.is_positive() && talk.cancelled_on.is_none_or(|day| day >= talk.on);
    Some(match (cancelled, closed) {
        (true, _) => Fate::Cancelled,
        (false, true) => Fate::Kept,
        (false, false) => Fate::Open,
    })
}

/// The `offers` export.
pub fn sheet(rows: &[Achieved]) -> Sheet {
    let columns =
        vec!["by", "name", "contacted", "kept", "cancelled", "open", "kept_rate", "cost", "cost_per_kept", "too_few"];
    let count = |n: usize| Value::Count(i64::try_from(n).unwrap_or(i64::MAX));
    let cells = |row: &Achieved| {
        vec![
            Value::text(match row.by {
                By::Offer => "offer",
                By::Message => "message",
            }),
            Value::text(&row.name),
            count(row.contacted),
            count(row.kept),
            count(row.cancelled),
            count(row.open),
            row.kept_rate().map_or(Value::None, Value::Rate),
            Value::Money(row.cost),
            Value::maybe_money(row.cost_per_kept()),
            Value::YesNo(row.too_few()),
        ]
    };
    Sheet { name: "offers", columns, rows: rows.iter().map(cells).collect() }
}

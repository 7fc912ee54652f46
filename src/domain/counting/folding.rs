//! From the rows of a session to what was counted: every person's visit of every bin.

use crate::domain::ids::{BinId, ItemId};
use crate::domain::quantity::Qty;
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, BTreeSet};

/// What a row of a session says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// The bin was opened by this person, or gone on with.
    Bin,
    /// So many (more) of an item.
    Item,
    /// It is so many.
    Set,
    /// An item was named, to be counted next; without an item: the next scan counts so many; without either: whether the
    /// bin is done was asked.
    Name,
    /// A code that nobody knows, kept aside.
    Unknown,
    /// Nothing lies in the bin.
    Empty,
    /// The row that it points at was mistyped and counts for nothing.
    Back,
    /// The bin is done.
    Done,
    /// A code that was kept aside is this item.
    Attach,
    /// The review takes the difference as it is.
    Ok,
    /// The review wants it counted again.
    Again,
    /// The session was thrown away.
    Drop,
}

named!(Kind {
    Bin = "bin",
    Item = "item",
    Set = "set",
    Name = "name",
    Unknown = "unknown",
    Empty = "empty",
    Back = "back",
    Done = "done",
    Attach = "attach",
    Ok = "ok",
    Again = "again",
    Drop = "drop",
});

/// A row of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scan {
    pub id: i64,
    /// The row that opened the bin for this person.
    pub visit: Option<i64>,
    pub kind: Kind,
    pub bin: Option<BinId>,
    pub item: Option<ItemId>,
    pub code: Option<String>,
    pub quantity: Option<Qty>,
    /// What the visit has of the item after this row; `None`: not counted.
    pub total: Option<Qty>,
    pub takes_back: Option<i64>,
    pub typed: bool,
    pub known: Known,
    pub at: NaiveDateTime,
    pub operator: String,
}

/// What a row knew of the rest of the warehouse: the moment of the book that it is compared with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Known {
    /// The last movement.
    pub movement: i64,
    /// The last row of picking; `None`: counted when goods that were picked were still counted as lying in their bin.
    pub pick: Option<i64>,
}

/// What a visit found of an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    pub total: Qty,
    /// The row that said so last.
    pub row: i64,
    pub known: Known,
    pub at: NaiveDateTime,
}

/// A code that nobody knew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    pub row: i64,
    pub code: String,
    pub quantity: Qty,
    pub at: NaiveDateTime,
}

/// The end of a visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    pub row: i64,
    pub known: Known,
    pub at: NaiveDateTime,
}

/// One person in one bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    pub id: i64,
    pub bin: BinId,
    pub operator: String,
    pub began: NaiveDateTime,
    pub figures: BTreeMap<ItemId, Figure>,
    pub aside: Vec<Aside>,
    /// Said to be empty.
    pub empty: bool,
    pub done: Option<End>,
}

/// Everything that a session's rows say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Folded {
    /// By their first row.
    pub visits: BTreeMap<i64, Visit>,
    /// Lines that the review took as they are: bin and item, and the row that said so.
    pub ok: BTreeMap<(BinId, ItemId), i64>,
    /// Lines that are to be counted again.
    pub again: BTreeMap<(BinId, ItemId), i64>,
    pub dropped: bool,
    /// The last row.
    pub last: i64,
}

/// Reads a session's rows, oldest first.
pub fn fold<'a>(rows: impl IntoIterator<Item = &'a Scan>) -> Folded {
    let mut out = Folded::default();
    // What is taken back is known by later rows only, so that each item's former figures are kept.
    let mut former: BTreeMap<(i64, ItemId), Vec<Option<Figure>>> = BTreeMap::new();
    let mut kinds: BTreeMap<i64, (Kind, Option<ItemId>)> = BTreeMap::new();
    let mut named: BTreeMap<i64, Vec<Aside>> = BTreeMap::new();
    for row in rows {
        out.last = row.id;
        let Some(visit) = row.visit else {
            mark(&mut out, row);
            continue;
        };
        if row.kind == Kind::Bin && row.id == visit {
            if let Some(bin) = row.bin {
                out.visits.insert(visit, Visit::begun(visit, bin, row));
            }
            kinds.insert(row.id, (Kind::Bin, None));
            continue;
        }
        let Some(v) = out.visits.get_mut(&visit) else { continue };
        kinds.insert(row.id, (row.kind, row.item));
        match row.kind {
            Kind::Bin => v.done = None,
            Kind::Item | Kind::Set | Kind::Attach => {
                if let Some(code) = row.code.as_ref().filter(|_| row.kind == Kind::Attach) {
                    named.insert(row.id, v.aside.extract_if(.., |a| a.code == *code).collect());
                }
                if let (Some(item), Some(total)) = (row.item, row.total) {
                    former.entry((visit, item)).or_default().push(v.figures.get(&item).cloned());
                    let figure = Figure { total, row: row.id, known: row.known, at: row.at };
                    v.figures.insert(item, figure);
                }
            }
            Kind::Unknown => v.aside.push(Aside {
                row: row.id,
                code: row.code.clone().unwrap_or_default(),
                quantity: row.quantity.unwrap_or(Qty::ONE),
                at: row.at,
            }),
            Kind::Empty => v.empty = true,
            Kind::Done => v.done = Some(End { row: row.id, known: row.known, at: row.at }),
            Kind::Back => {
                v.aside.extend(row.takes_back.and_then(|id| named.remove(&id)).unwrap_or_default());
                let Some((kind, item)) = row.takes_back.and_then(|id| kinds.get(&id)).copied() else { continue };
                match (kind, item) {
                    (Kind::Item | Kind::Set | Kind::Attach, Some(item)) => {
                        let now = v.figures.remove(&item);
                        // An earlier row may be taken back too: then what was said last goes on being the last.
                        let stays = if now.as_ref().is_some_and(|f| Some(f.row) == row.takes_back) {
                            former.entry((visit, item)).or_default().pop().flatten()
                        } else {
                            now
                        };
                        if let (Some(figure), Some(total)) = (stays, row.total) {
                            v.figures.insert(item, Figure { total, ..figure });
                        }
                    }
                    (Kind::Unknown, _) => v.aside.retain(|a| Some(a.row) != row.takes_back),
                    (Kind::Empty, _) => v.empty = false,
                    (Kind::Done, _) => v.done = None,
                    (Kind::Bin, _) if row.takes_back == Some(visit) => {
                        out.visits.remove(&visit);
                    }
                    _ => {}
                }
            }
            Kind::Name | Kind::Ok | Kind::Again | Kind::Drop => {}
        }
    }
    out
}

fn mark(out: &mut Folded, row: &Scan) {
    match (row.kind, row.bin.zip(row.item)) {
        (Kind::Ok, Some(place)) => {
            out.ok.insert(place, row.id);
        }
        (Kind::Again, Some(place)) => {
            out.again.insert(place, row.id);
            out.ok.remove(&place);
        }
        (Kind::Drop, _) => out.dropped = true,
        _ => {}
    }
}

impl Scan {
    /// How many the next scan counts, where the row says that.
    pub fn times(&self) -> Option<Qty> {
        self.quantity.filter(|_| self.kind == Kind::Name && self.item.is_none())
    }

    /// The end of the bin was held up by a question; the row counts nothing.
    pub fn is_question(&self) -> bool {
        self.kind == Kind::Name && self.item.is_none() && self.quantity.is_none()
    }

    /// A figure that was far over the usual and is asked about, and of which item, where the row says that: it counts
    /// nothing.
    pub fn doubted(&self) -> Option<(ItemId, Qty)> {
        self.item.zip(self.quantity).filter(|_| self.kind == Kind::Name)
    }
}

impl Visit {
    fn begun(id: i64, bin: BinId, row: &Scan) -> Visit {
        Visit {
            id,
            bin,
            operator: row.operator.clone(),
            began: row.at,
            figures: BTreeMap::new(),
            aside: Vec::new(),
            empty: false,
            done: None,
        }
    }
}

impl Folded {
    /// What was not found in finished bins and therefore is none: for the first finished visit of a bin all that was
    /// `expected` there, for later ones what they were asked to count again; whoever says that a bin is empty says it of
    /// all that the book or anybody found there. What nobody was asked for says nothing.
    pub fn fill(&mut self, expected: impl Fn(BinId, bool) -> BTreeSet<ItemId>) {
        let mut first: BTreeMap<BinId, i64> = BTreeMap::new();
        for (id, visit) in self.visits.iter().filter(|(_, v)| v.done.is_some()) {
            first.entry(visit.bin).or_insert(*id);
        }
        let mut found: BTreeMap<BinId, BTreeSet<ItemId>> = BTreeMap::new();
        for visit in self.visits.values() {
            found.entry(visit.bin).or_default().extend(visit.figures.keys());
        }
        let again = &self.again;
        for (id, visit) in &mut self.visits {
            let Some(end) = visit.done else { continue };
            let asked = again.iter().filter(|((bin, _), row)| *bin == visit.bin && **row < end.row);
            let mut items: BTreeSet<ItemId> =
                asked.filter(|(_, row)| **row > *id).map(|((_, item), _)| *item).collect();
            items.extend(again.iter().filter(|((bin, _), row)| *bin == visit.bin && **row < *id).map(|((_, i), _)| *i));
            if first.get(&visit.bin) == Some(id) || visit.empty {
                items.extend(expected(visit.bin, visit.empty));
            }
            if visit.empty {
                items.extend(found.get(&visit.bin).into_iter().flatten());
            }
            for item in items {
                visit.figures.entry(item).or_insert(Figure {
                    total: Qty::ZERO,
                    row: end.row,
                    known: end.known,
                    at: end.at,
                });
            }
        }
    }
}

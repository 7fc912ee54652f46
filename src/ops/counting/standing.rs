//! What the screen of somebody who counts shows: the bin, the item above and its figure, what is in the bin so far.
//! Blind: no figure of the book, and none of anybody else.

use super::counter::{Above, Counter};
use super::{review, store};
use crate::domain::counting::folding::{Kind, Scan};
use crate::domain::gs1;
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::ops::scanning::{self, Meaning};
use crate::store::{Db, Result, goods, item};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeSet;

pub use crate::store::counting::Finished;

/// Lines of the open bin that the screen shows.
const SHOWN: i64 = 30;

/// The item or code that the next figure is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upper {
    pub name: String,
    /// SKU; blank for a code that nobody knows.
    pub sku: String,
    pub unit: Option<String>,
    /// What one scan of its last code counted.
    pub one_scan: Option<Qty>,
    /// `None`: not counted yet.
    pub figure: Option<Qty>,
    /// "1 scan, then typed 14".
    pub how: String,
    /// A code that was kept aside.
    pub unknown: bool,
}

/// A line of the open bin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub at: NaiveDateTime,
    pub what: String,
    /// `None`: a code that nobody knows.
    pub figure: Option<Qty>,
    pub note: String,
}

/// What the screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub session: SessionId,
    pub name: String,
    pub operator: String,
    /// Bins of the round, and how many of them somebody finished; nothing where there is no plan.
    pub bins: usize,
    pub done: usize,
    pub bin: Option<String>,
    /// Nobody scans bins here.
    pub binless: bool,
    /// Where to go next, in the order of the bins; one in which nobody counts, where there is one.
    pub next: Option<String>,
    /// Between two bins: who else counts, and in which bin.
    pub others_at: Vec<(String, String)>,
    /// Bins of which the review wants something counted again; `next` is the first where all else is done.
    pub again: usize,
    /// Bins that others counted and that wait for this person's own count; told between two bins.
    pub second: Vec<String>,
    /// Lines that wait for the count of somebody else than this person; told between two bins.
    pub others: usize,
    /// Items that the round names in the open bin and that are not counted here yet; a few of them, and how many.
    pub to_find: (Vec<String>, usize),
    pub above: Option<Upper>,
    pub lines: Vec<Line>,
    /// Between two bins: those that are finished, by whomever, the last one first; no figures.
    pub finished: Vec<Finished>,
    pub times: Option<Qty>,
    /// A figure that was asked about and not taken.
    pub doubted: Option<Qty>,
    /// What was scanned twice at once in the open bin, and of which no figure was typed since.
    pub doubled: Vec<String>,
    /// Somebody else counted the open bin, and this person's own count of it is waited for.
    pub own_count: bool,
}

/// Reads it.
pub fn standing(db: &Db, counter: &Counter, today: NaiveDate) -> Result<Standing> {
    let session = counter.session.id;
    let places = store::places(db, session)?;
    let finished = store::finished_bins(db, session)?;
    let planned = in_order(&places);
    let bin = counter.open.as_ref().map(|o| o.bin.code.clone());
    let here = counter.open.as_ref().map(|o| o.bin.id);
    let occupied = match here {
        Some(_) => Vec::new(),
        None => store::occupied(db, session, &counter.operator)?,
    };
    let left = || planned.iter().filter(|b| !finished.contains(b) && Some(**b) != here);
    let next = left().find(|b| !occupied.iter().any(|(at, _)| at == *b)).or_else(|| left().next());
    let asked = store::asked_places(db, session)?;
    let mut again: Vec<BinId> = asked.iter().map(|(b, _)| *b).collect();
    again.dedup();
    let next = next.or_else(|| asked.iter().map(|(b, _)| b).find(|b| Some(**b) != here));
    let (second, others) = match &counter.open {
        Some(_) => Default::default(),
        None => review::waiting_for(db, session, &counter.operator, today)?,
    };
    let next = next.or(second.first().map(|b| &b.id));
    let next = match next {
        Some(bin) => goods::bin(db, *bin).ok().map(|b| b.code),
        None => None,
    };
    let (lines, counted) = match &counter.open {
        Some(open) => lines(db, open.visit, &counter.doubled)?,
        None => (Vec::new(), BTreeSet::new()),
    };
    let wanted: Vec<ItemId> = places
        .iter()
        .chain(asked.iter().map(|(b, i)| (*b, Some(*i))).collect::<Vec<_>>().iter())
        .filter(|(b, _)| Some(*b) == here)
        .filter_map(|(_, i)| *i)
        .chain(counter.asked.iter().copied())
        .filter(|i| !counted.contains(i))
        .collect::<BTreeSet<ItemId>>()
        .into_iter()
        .collect();
    let mut to_find = Vec::new();
    for item in wanted.iter().take(3) {
        to_find.extend(store::thing(db, *item)?.map(|t| t.name));
    }
    let mut others_at = Vec::new();
    for (bin, who) in occupied.into_iter().filter(|_| counter.only_bin.is_none()) {
        others_at.extend(goods::bin(db, bin).ok().map(|b| (who, b.code))); // an undone import may remove it
    }
    let mut doubled = Vec::new();
    for item in &counter.doubled {
        doubled.extend(store::thing(db, *item)?.map(|t| t.name));
    }
    Ok(Standing {
        session,
        name: counter.session.name.clone(),
        operator: counter.operator.clone(),
        bins: planned.len(),
        done: planned.iter().filter(|b| finished.contains(b)).count(),
        bin: bin.filter(|_| counter.only_bin.is_none()),
        binless: counter.only_bin.is_some(),
        next,
        others_at,
        again: again.len(),
        others,
        second: second.into_iter().map(|b| b.code).collect(),
        to_find: (to_find, wanted.len()),
        above: above(db, counter, today)?,
        finished: match &counter.open {
            None if counter.only_bin.is_none() => store::finished(db, session, SHOWN)?,
            _ => Vec::new(),
        },
        lines,
        times: counter.times,
        doubted: counter.doubted.map(|(_, asked)| asked),
        doubled,
        own_count: !counter.asked.is_empty(),
    })
}

/// Each bin once, in the order of the places.
pub(super) fn in_order(places: &[store::Place]) -> Vec<BinId> {
    let mut seen = BTreeSet::new();
    places.iter().map(|p| p.0).filter(|b| seen.insert(*b)).collect()
}

fn above(db: &Db, counter: &Counter, today: NaiveDate) -> Result<Option<Upper>> {
    let (Some(open), Some(above)) = (&counter.open, &counter.above) else { return Ok(None) };
    Ok(match above {
        Above::Aside { code, quantity, .. } => Some(Upper {
            name: code.clone(),
            sku: String::new(),
            unit: None,
            one_scan: None,
            figure: Some(*quantity),
            how: "no item has this code: kept aside".into(),
            unknown: true,
        }),
        Above::Item(item) => store::thing(db, *item)?
            .map(|thing| -> Result<Upper> {
                let rows = store::last_rows_of(db, open.visit, *item, 60)?;
                // Of the code itself: what was scanned with 12* counted twelve, but the next one counts its pack again.
                let code = rows.iter().filter(|r| r.kind == Kind::Item).find_map(|r| r.code.as_deref());
                let one_scan = match code.map(|code| scanning::meaning(db, code, today)).transpose()? {
                    // What one carton's label says of itself is not so of the next.
                    Some(Meaning::Item { .. }) if code.is_some_and(|c| gs1::read(c, today).is_ok()) => None,
                    Some(Meaning::Item { quantity, .. }) => Some(quantity),
                    _ => None,
                };
                Ok(Upper {
                    one_scan,
                    how: how(&rows),
                    name: thing.name,
                    sku: thing.sku,
                    unit: thing.unit,
                    figure: store::total(db, open.visit, *item)?,
                    unknown: false,
                })
            })
            .transpose()?,
    })
}

/// How the figure came about, from its rows, newest first: "3 scans, then typed 14".
fn how(newest_first: &[Scan]) -> String {
    let gone: BTreeSet<i64> = newest_first.iter().filter_map(|r| r.takes_back).collect();
    let standing: Vec<&Scan> = newest_first.iter().filter(|r| r.kind != Kind::Back && !gone.contains(&r.id)).collect();
    let typed = standing.iter().position(|r| r.kind == Kind::Set);
    let scans = |rows: &[&Scan]| rows.iter().filter(|r| r.kind == Kind::Item && !r.typed).count();
    let added = |rows: &[&Scan]| -> Qty {
        rows.iter().filter(|r| r.kind == Kind::Item && r.typed).filter_map(|r| r.quantity).sum()
    };
    let words = |n: usize| if n == 1 { "1 scan".to_string() } else { format!("{n} scans") };
    match typed {
        Some(at) => {
            let (after, before) = standing.split_at(at);
            let figure = before.first().and_then(|r| r.quantity).unwrap_or(Qty::ZERO);
            let before = scans(before);
            let first =
                if before > 0 { format!("{}, then typed {figure}", words(before)) } else { format!("typed {figure}") };
            match (scans(after), added(after)) {
                (0, Qty::ZERO) => first,
                (0, more) => format!("{first}, then +{more}"),
                (n, Qty::ZERO) => format!("{first}, then {}", words(n)),
                (n, more) => format!("{first}, then {}, +{more}", words(n)),
            }
        }
        None => match (scans(&standing), standing.iter().any(|r| r.kind == Kind::Item && r.typed)) {
            (0, true) => "typed".into(),
            (0, false) => "chosen by name: type how many".into(),
            (n, true) => format!("{}, and typed", words(n)),
            (n, false) => words(n),
        },
    }
}

fn lines(db: &Db, visit: i64, doubled: &[ItemId]) -> Result<(Vec<Line>, BTreeSet<ItemId>)> {
    let last = store::last_of_each(db, visit)?;
    let mut counted = BTreeSet::new();
    let mut lines = Vec::new();
    for row in last {
        match row.item {
            Some(item) => {
                let Some(total) = row.total else { continue };
                counted.insert(item);
                if lines.len() < SHOWN as usize {
                    let name = item::record(db, item)?.map_or_else(|| "an item that is gone".to_string(), |r| r.name);
                    let note = match row.doubted() {
                        Some((_, asked)) => format!("{asked}? not taken"),
                        None if doubled.contains(&item) => "scanned twice?".to_string(),
                        None if row.kind == Kind::Set => "(typed)".to_string(),
                        None => String::new(),
                    };
                    lines.push(Line { at: row.at, what: name, figure: Some(total), note });
                }
            }
            None => {
                let quantity = row.quantity.unwrap_or(Qty::ONE);
                lines.push(Line {
                    at: row.at,
                    what: row.code.unwrap_or_default(),
                    figure: None,
                    note: format!("unknown, kept aside: {quantity}"),
                });
            }
        }
    }
    Ok((lines, counted))
}

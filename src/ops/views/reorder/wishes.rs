//! What planning wants of goods that are on their way: sooner, later, or not at all. The same lines that the Reorder tab
//! names to be hurried or put off, by PO, for those who talk with the suppliers.

use super::desk::Desk;
use super::{NotNeeded, OnTheWay, ReorderLine, not_needed};
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::domain::locale;
use crate::ops::planning;
use crate::store::purchases::{self, Among};
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveTime};
use std::collections::HashMap;

/// What is wanted of a PO line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    pub po_line: PoLineId,
    pub wants: Wants,
    /// `Chang runs out Tue 1 Dec, this comes Fri 4 Dec`, without the full stop.
    pub reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wants {
    /// It comes after the shelf is empty: by that day it is needed; today: at once.
    Sooner(NaiveDate),
    /// It is not needed before that day; none: not within the longest cover.
    Later(Option<NaiveDate>),
}

impl Wish {
    pub fn is_hurry(&self) -> bool {
        matches!(self.wants, Wants::Sooner(_))
    }
}

/// What is wanted of a supplier's goods, or of all, by PO. Where the kept levels do not know everything that happened, or are
/// of another day, each reason says so.
pub fn wishes(db: &Db, supplier: Option<SupplierId>, today: NaiveDate) -> Result<HashMap<PoId, Vec<Wish>>> {
    let levels = match planning::kept(db)? {
        Some((day, _)) if day != today => format!(" (by levels of {})", dates::full(day, today)),
        Some((_, true)) => " (levels are being worked out anew)".to_string(),
        _ => String::new(),
    };
    let desk = Desk::open(db, today.and_time(NaiveTime::MIN), HashMap::new())?;
    let mut of: HashMap<PoId, Vec<Wish>> = HashMap::new();
    for candidate in purchases::candidates(db, Among::Coming, today)? {
        let coming = desk.coming.get(&candidate.item).map_or(&[][..], |l| l);
        if supplier.is_some_and(|s| coming.iter().all(|l| l.inbound.supplier != s)) {
            continue;
        }
        match desk.line(&candidate)? {
            // What a person put off is not pressed for either.
            Some(line) if candidate.later_until.is_none() => {
                if let Some(way) = line.too_late() {
                    of.entry(way.po).or_default().push(sooner(&line, way, &levels, today));
                }
            }
            Some(_) => {}
            None => {
                for n in not_needed::of(&desk, &candidate)? {
                    of.entry(n.po).or_default().push(later(&n, &levels, today));
                }
            }
        }
    }
    Ok(of)
}

fn sooner(line: &ReorderLine, way: &OnTheWay, levels: &str, today: NaiveDate) -> Wish {
    let comes = match way.likely {
        Some(on) => format!("this comes {}", dates::full(on, today)),
        None => format!("this has no day ({})", way.inbound.unknown_words(today)),
    };
    let empty = match line.out_on {
        Some(on) if on > today => format!("{} runs out {}", line.name, dates::full(on, today)),
        _ if line.wait.is_positive() => format!("Customers wait for {} {}", locale::quantity(line.wait), line.name),
        _ => format!("{} is out", line.name),
    };
    Wish {
        po_line: way.inbound.po_line,
        wants: Wants::Sooner(line.out_on.unwrap_or(today).max(today)),
        reason: format!("{empty}, {comes}{levels}"),
    }
}

fn later(n: &NotNeeded, levels: &str, today: NaiveDate) -> Wish {
    let when = match n.needed_on {
        Some(on) => format!("before {}", dates::full(on, today)),
        None => "within the longest cover".into(),
    };
    let reason = format!("{} {}: not needed {when}{levels}", locale::quantity(n.open), n.name);
    Wish { po_line: n.po_line, wants: Wants::Later(n.needed_on), reason }
}

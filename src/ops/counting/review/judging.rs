//! A counted line: against which book it stands, whose count holds, what it is worth, who would lose goods by it.

use super::{Counted, Line, State};
use crate::domain::counting::folding::{Folded, Known};
use crate::domain::counting::{Class, Pass, Policy, Verdict, judge};
use crate::domain::ids::{BinId, ItemId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::allocating;
use crate::ops::counting::scope::all_classes;
use crate::ops::counting::store::{self, Since, Thing};
use crate::store::goods::{self, Bin};
use crate::store::{Db, Failure, Result, picking};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What lines are judged with, read once.
pub(super) struct Judge<'a> {
    db: &'a Db,
    pub policy: Policy,
    classes: HashMap<ItemId, Class>,
    moved: HashMap<(BinId, ItemId), Vec<Since>>,
    today: NaiveDate,
}

impl<'a> Judge<'a> {
    pub fn new(db: &'a Db, folded: &Folded, policy: Policy, today: NaiveDate) -> Result<Judge<'a>> {
        let ends = folded.visits.values().filter_map(|v| v.done.map(|d| d.known.movement));
        let figures = folded.visits.values().flat_map(|v| v.figures.values().map(|f| f.known.movement));
        let mut moved: HashMap<(BinId, ItemId), Vec<Since>> = HashMap::new();
        if let Some(from) = ends.chain(figures).min() {
            for since in store::moved_after(db, from)? {
                moved.entry((since.bin, since.item)).or_default().push(since);
            }
        }
        let classes = if policy.two_people { all_classes(db, today)? } else { HashMap::new() };
        Ok(Judge { db, policy, classes, moved, today })
    }

    fn since(&self, bin: BinId, item: ItemId, after: i64) -> Vec<Since> {
        let all = self.moved.get(&(bin, item)).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|m| m.id > after).cloned().collect()
    }

    /// The book of that moment: today's, less all that moved since.
    pub fn book(&self, bin: BinId, item: ItemId, known: Known) -> Result<Qty> {
        let since: Qty = self.since(bin, item, known.movement).iter().map(|m| m.quantity).sum();
        Ok(goods::level(self.db, item, bin)? - since)
    }

    /// What of the book was picked by then and not shipped.
    pub fn picked(&self, bin: BinId, item: ItemId, known: Known) -> Result<Qty> {
        match known.pick {
            Some(row) => picking::in_hand(self.db, bin, item, Some((known.movement, row))),
            None => Ok(Qty::ZERO),
        }
    }

    pub fn line(&self, bin: Bin, item: Thing, passes: &[Counted], folded: &Folded, approves: bool) -> Result<Line> {
        let place = (bin.id, item.id);
        let asked = folded.again.get(&place).copied().unwrap_or(0);
        let answered = passes.iter().any(|p| p.0 > asked);
        // Alone, a count that was asked again is gone; with two people it stays one of the two.
        let valid: Vec<&Counted> =
            passes.iter().filter(|p| self.policy.two_people || !answered || p.0 > asked).collect();
        let found: Vec<Pass> = valid.iter().map(|p| p.2.clone()).collect();
        let class = self.classes.get(&item.id).copied().unwrap_or(Class::C);
        let verdict = judge(&found, &self.policy, class, item.cost);
        let last = found.len().saturating_sub(1);
        let ok = folded.ok.get(&place).copied();
        let taken = |at: usize| valid.get(at).is_some_and(|(row, ..)| ok.is_some_and(|ok| ok > *row));
        let (at, state) = match verdict {
            _ if !answered => (last, State::Again),
            Some(Verdict::Stands(at)) => {
                let differs = found.get(at).is_some_and(|p| !p.difference().is_zero());
                (at, if differs { State::Differs } else { State::Right })
            }
            // Where there was no third person, who leads took the last count.
            Some(Verdict::Third) if taken(last) => {
                let differs = found.get(last).is_some_and(|p| !p.difference().is_zero());
                (last, if differs { State::Differs } else { State::Right })
            }
            Some(Verdict::Third) => (last, State::Third),
            Some(Verdict::Second) | None => (last, State::Second),
        };
        let (Some(pass), Some((row, known, _))) = (found.get(at).cloned(), valid.get(at)) else {
            return Err(Failure::Broken(anyhow::anyhow!("a line without a count")));
        };
        let worth = item.cost.map(|c| c.times(pass.difference()));
        let over = |limit: Money| {
            !pass.difference().is_zero()
                && worth.is_none_or(|w| w.ten_thousandths().saturating_abs() > limit.ten_thousandths())
        };
        let limit = self.policy.second_look;
        let great = worth.is_some_and(|w| w.ten_thousandths().saturating_abs() > limit.ten_thousandths());
        Ok(Line {
            second_look: !pass.difference().is_zero() && (great || !pass.found),
            ok: ok.is_some_and(|ok| ok > *row),
            hidden: false,
            lead_decides: false,
            anybody_decides: false,
            held: self.policy.approval_over.is_some_and(over) && !approves,
            loses: if bin.kind == "storage" {
                allocating::would_lose(self.db, item.id, pass.difference(), self.today)?
            } else {
                Vec::new()
            },
            before: if pass.difference().is_zero() { None } else { store::last_difference(self.db, item.id, bin.id)? },
            moved: self.since(bin.id, item.id, known.movement),
            passes: found,
            worth,
            pass,
            state,
            item,
            bin,
        })
    }
}

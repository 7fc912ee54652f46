//! Supply meets demand: which stock and which PO lines serve an item's open lines, and so when each can ship.
//!
//! Demand in the order of allocation; supply is what is allocated, then what is free, then PO lines by likely date.
//! A unit never serves two lines and the whole never exceeds the supply. Computed anew, never stored.

use super::allocation::{Waiting, fill, natural_order, serve_order};
use super::ids::{LineId, PoLineId, SupplierId};
use super::inbound::Inbound;
use super::lateness::{Arrives, Lateness};
use super::quantity::Qty;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashMap;

/// What a line gets from one PO line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub po_line: PoLineId,
    /// Where it stands in the inbound lines that were given.
    pub inbound: usize,
    pub quantity: Qty,
    /// None: overdue without a new date, or never dated.
    pub arrives: Option<Arrives>,
    /// When it can likely ship, handling included; none: unknown.
    pub ships_on: Option<NaiveDate>,
}

/// How a line will be served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pegged {
    pub line: LineId,
    /// Allocated to it, or free and its turn.
    pub from_stock: Qty,
    pub parts: Vec<Part>,
    /// What no stock and no PO covers; nothing of a line on hold.
    pub uncovered: Qty,
    /// Not to be served until somebody releases it: it has no date.
    pub held: bool,
    /// When its last unit can ship, handling included; none: unknown.
    pub likely: Option<NaiveDate>,
    /// The same with the 90 % lateness.
    pub safe: Option<NaiveDate>,
}

/// Serves the open lines of ONE item from `sellable` stock and its inbound PO lines, in the order of allocation.
/// The answer is in the order of `lines`.
pub fn peg(
    lines: &[Waiting],
    sellable: Qty,
    inbound: &[Inbound],
    lateness: &HashMap<SupplierId, Lateness>,
    today: NaiveDate,
    handling_days: i64,
) -> Vec<Pegged> {
    let nothing_learned = Lateness::default();
    let mut supply: Vec<Part> = inbound
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let learned = lateness.get(&line.supplier).unwrap_or(&nothing_learned);
            let arrives = line.arrives(learned, today);
            let handling = Days::new(handling_days.max(0).unsigned_abs());
            let ships_on = arrives.and_then(|a| a.likely.max(today).checked_add_days(handling));
            Part { po_line: line.po_line, inbound: i, quantity: line.open.or_zero(), arrives, ships_on }
        })
        .collect();
    supply.sort_by(|a, b| arrival_order(a, b, inbound));
    let mut pegged: Vec<Pegged> = fill(lines, sellable, today)
        .into_iter()
        .map(|(line, from_stock)| Pegged {
            line,
            from_stock,
            parts: Vec::new(),
            uncovered: Qty::ZERO,
            held: false,
            likely: None,
            safe: None,
        })
        .collect();
    let mut turns: Vec<(&Waiting, &mut Pegged)> = lines.iter().zip(pegged.iter_mut()).collect();
    turns.sort_by(|a, b| serve_order(a.0, b.0, today));
    let mut next = supply.iter_mut().peekable();
    for (line, pegged) in turns {
        if line.held {
            pegged.held = true;
            continue;
        }
        let mut needed = line.open.or_zero() - pegged.from_stock;
        while needed.is_positive() {
            let Some(part) = next.peek_mut() else { break };
            let taken = part.quantity.min(needed);
            if taken.is_positive() {
                pegged.parts.push(Part { quantity: taken, ..**part });
                part.quantity -= taken;
                needed -= taken;
            }
            if part.quantity.is_zero() {
                next.next();
            }
        }
        pegged.uncovered = needed;
        pegged.date(today, handling_days);
    }
    pegged
}

/// Dated before undated, then by likely date, then by number.
fn arrival_order(a: &Part, b: &Part, inbound: &[Inbound]) -> std::cmp::Ordering {
    let key = |p: &Part| (p.arrives.is_none(), p.arrives.map(|a| a.likely));
    key(a).cmp(&key(b)).then_with(|| match (inbound.get(a.inbound), inbound.get(b.inbound)) {
        (Some(x), Some(y)) => natural_order(&x.po_code, &y.po_code)
            .then_with(|| natural_order(&x.line_code, &y.line_code))
            .then_with(|| x.po_line.cmp(&y.po_line)),
        _ => std::cmp::Ordering::Equal,
    })
}

impl Pegged {
    fn date(&mut self, today: NaiveDate, handling_days: i64) {
        if self.uncovered.is_positive() || self.parts.iter().any(|p| p.arrives.is_none()) {
            return;
        }
        let last = |of: fn(Arrives) -> NaiveDate| {
            let arrivals = self.parts.iter().filter_map(|p| p.arrives).map(of);
            let handling = Days::new(handling_days.max(0).unsigned_abs());
            arrivals.chain([today]).max()?.checked_add_days(handling)
        };
        (self.likely, self.safe) = (last(|a| a.likely), last(|a| a.safe));
    }

    /// What it waits for, in short: `24 of PO-77 (Exotic Liquids), 6 not on order`; none: all of it lies here.
    pub fn waits_for(&self, inbound: &[Inbound]) -> Option<String> {
        if self.held {
            return Some("its release, on hold".into());
        }
        let mut words: Vec<String> = self
            .parts
            .iter()
            .filter_map(|part| {
                let po = inbound.get(part.inbound)?;
                Some(format!("{} of {} ({})", part.quantity, po.po_name(), po.supplier_name))
            })
            .collect();
        if self.uncovered.is_positive() {
            words.push(format!("{}, nothing on order", self.uncovered));
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// The chain for a person: `PO-77, Exotic Liquids, due 27 Nov; 11 of their last 14 came 4 days late`,
    /// what comes last first, as the line waits for it; none where all of it lies here.
    pub fn chain(
        &self,
        inbound: &[Inbound],
        lateness: &HashMap<SupplierId, Lateness>,
        today: NaiveDate,
    ) -> Option<String> {
        let mut words = Vec::new();
        if self.uncovered.is_positive() {
            let alone = self.parts.is_empty() && self.from_stock.is_zero();
            words.push(match alone {
                true => format!("{} short, and nothing is on order", self.uncovered),
                false => format!("{} more are short, and nothing is on order for them", self.uncovered),
            });
        }
        for part in self.parts.iter().rev() {
            let Some(po) = inbound.get(part.inbound) else { continue };
            let said = told(po, part, lateness.get(&po.supplier), today);
            words.push(match self.parts.len() {
                1 if words.is_empty() => format!("{}, {}, {said}", po.po_name(), po.supplier_name),
                _ => format!("{} of {}, {}, {said}", part.quantity, po.po_name(), po.supplier_name),
            });
        }
        (!words.is_empty()).then(|| words.join(". Also "))
    }

    /// Why it is likely then, without the line's own name: `waits for 24 of PO-77 (Exotic Liquids), confirmed 12 May,
    /// usually 4 days late`; `PO-77 is 12 days overdue, no new date` where nobody knows; `nothing on order`.
    pub fn reason(
        &self,
        inbound: &[Inbound],
        lateness: &HashMap<SupplierId, Lateness>,
        today: NaiveDate,
    ) -> Option<String> {
        if self.held {
            return Some("is on hold".into());
        }
        let mut words: Vec<String> = self
            .parts
            .iter()
            .filter_map(|part| {
                let po = inbound.get(part.inbound)?;
                let from = format!("{} of {} ({})", part.quantity, po.po_name(), po.supplier_name);
                Some(format!("{from}, {}", when(po, part, lateness.get(&po.supplier), today)))
            })
            .collect();
        if self.uncovered.is_positive() {
            words.push(if self.parts.is_empty() && self.from_stock.is_zero() {
                format!("{}, nothing on order", self.uncovered)
            } else {
                format!("{} more, nothing on order", self.uncovered)
            });
        }
        (!words.is_empty()).then(|| format!("waits for {}", words.join("; then ")))
    }
}

/// How far a PO's date can be believed, for a person on the phone: `due 27 Nov; 11 of their last 14 came 4 days late`
/// (the days are those usual of the late ones).
fn told(po: &Inbound, part: &Part, learned: Option<&Lateness>, today: NaiveDate) -> String {
    if let Some(words) = po.undated_words(part.arrives, today) {
        return words;
    }
    let Some(due) = po.due_on() else { return "no date".into() };
    let overdue = po.days_overdue(today);
    let mut words = match (po.confirmed_for, po.expected_on) {
        (Some(first), Some(now)) if first != now => {
            format!("was due {}, now {}", day_month(first, today), day_month(now, today))
        }
        (None, None) => format!("due {} by its quoted lead time", day_month(due, today)),
        _ => format!("due {}", day_month(due, today)),
    };
    if overdue > 0 {
        words.push_str(&format!(", {} overdue", days(overdue)));
        if part.arrives.is_none() {
            words.push_str(" and no new date");
        }
    }
    if let Some(habit) = learned.and_then(habit) {
        words.push_str(&format!("; {habit}"));
    }
    words
}

/// `11 of their last 14 came 4 days late`; none where nothing is learned.
fn habit(learned: &Lateness) -> Option<String> {
    let (all, late) = (learned.learned_from(), learned.late_of_them());
    let which = if all == 1 { "their last one".into() } else { format!("{late} of their last {all}") };
    match learned.usual_when_late() {
        _ if all == 0 => None,
        None if all == 1 => Some("their last one came on time".into()),
        None => Some(format!("their last {all} came on time")),
        Some(usual) => Some(format!("{which} came {} late", days(usual))),
    }
}

/// When a PO line comes, in words.
fn when(po: &Inbound, part: &Part, learned: Option<&Lateness>, today: NaiveDate) -> String {
    if let Some(words) = po.undated_words(part.arrives, today) {
        return words;
    }
    let Some(due) = po.due_on() else { return format!("{} has no date", po.po_name()) };
    let overdue = po.days_overdue(today);
    if overdue > 0 && part.arrives.is_none() {
        return format!("{} is {} overdue, no new date", po.po_name(), days(overdue));
    }
    let mut words = match (po.confirmed_for, po.expected_on) {
        (Some(first), Some(now)) if first != now => {
            format!("confirmed {}, now {}", day_month(first, today), day_month(now, today))
        }
        (Some(_), _) => format!("confirmed {}", day_month(due, today)),
        (None, Some(_)) => format!("expected {}", day_month(due, today)),
        (None, None) => format!("due {} by the quoted lead time", day_month(due, today)),
    };
    if overdue > 0 {
        words.push_str(&format!(", {} overdue", days(overdue)));
    }
    match learned.and_then(Lateness::usual) {
        Some(0) => words.push_str(", usually on time"),
        Some(late) => words.push_str(&format!(", usually {} late", days(late))),
        None => {}
    }
    words
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".into() } else { format!("{n} days") }
}

/// `12 May`, with the year where it is more than half a year away.
fn day_month(date: NaiveDate, today: NaiveDate) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    let far = date.year() != today.year() && (date - today).num_days().abs() > 183;
    if far { format!("{} {month} {}", date.day(), date.year()) } else { format!("{} {month}", date.day()) }
}

#[cfg(test)]
mod tests {
    use super::super::allocation::{OrderKind, Protection};
    use super::*;
    use crate::domain::lead_time::Takes;
    use proptest::prelude::*;

    const EXOTIC: SupplierId = SupplierId(1);

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 5, 1).unwrap() + chrono::Duration::days(n)
    }
    fn line(id: i64, open: i64, allocated: i64) -> Waiting {
        Waiting {
            line: LineId(id),
            order_code: format!("SO-{id}"),
            line_code: "1".into(),
            open: Qty::units(open),
            allocated: Qty::units(allocated),
            picked: Qty::ZERO,
            turn: None,
            kind: OrderKind::Regular,
            set_date: None,
            priority: None,
            promise: None,
            ordered_on: day(-10),
            protection: Protection::Normal,
            held: false,
        }
    }
    fn po(code: i64, open: i64, confirmed: Option<i64>) -> Inbound {
        Inbound {
            po_line: PoLineId(code),
            po_code: format!("PO-{code}"),
            line_code: "1".into(),
            supplier: EXOTIC,
            supplier_name: "Exotic Liquids".into(),
            open: Qty::units(open),
            expected_on: None,
            confirmed_for: confirmed.map(day),
            ordered_on: None,
            quoted_lead_days: None,
            takes: None,
        }
    }
    fn late(days: &[i64]) -> HashMap<SupplierId, Lateness> {
        HashMap::from([(EXOTIC, Lateness::learn(days.iter().map(|d| (day(0), day(*d)))))])
    }

    #[test]
    fn the_chain_names_the_po_and_the_habit_of_its_supplier() {
        let habits = |late: &[i64]| {
            let days = late.iter().map(|n| (day(0), day(*n)));
            HashMap::from([(EXOTIC, Lateness::learn(days))])
        };
        let said = |inbound: &[Inbound], lateness: &HashMap<SupplierId, Lateness>, today| {
            let pegged = peg(&[line(1, 24, 0)], Qty::ZERO, inbound, lateness, today, 0);
            pegged[0].chain(inbound, lateness, today).unwrap()
        };
        let inbound = [po(77, 40, Some(11))];
        let of = |late: &[i64]| said(&inbound, &habits(late), day(0));
        assert_eq!(of(&[0, 4, 4, 5]), "PO-77, Exotic Liquids, due 12 May; 3 of their last 4 came 4 days late");
        assert_eq!(of(&[0, 0]), "PO-77, Exotic Liquids, due 12 May; their last 2 came on time");
        assert_eq!(of(&[1]), "PO-77, Exotic Liquids, due 12 May; their last one came 1 day late");
        assert_eq!(of(&[]), "PO-77, Exotic Liquids, due 12 May");
        assert_eq!(
            said(&inbound, &habits(&[]), day(14)),
            "PO-77, Exotic Liquids, due 12 May, 3 days overdue and no new date"
        );
        let short = [po(77, 10, Some(11))];
        assert_eq!(
            said(&short, &habits(&[]), day(0)),
            "14 more are short, and nothing is on order for them. Also 10 of PO-77, Exotic Liquids, due 12 May"
        );
        assert_eq!(said(&[], &habits(&[]), day(0)), "24 short, and nothing is on order");
        let bare = [Inbound { po_code: "2074".into(), ..po(77, 40, Some(11)) }];
        assert_eq!(said(&bare, &habits(&[]), day(0)), "PO 2074, Exotic Liquids, due 12 May");
    }

    #[test]
    fn the_chain_says_which_po_and_how_late_they_usually_are() {
        let inbound = [po(77, 30, Some(11))];
        let usual = late(&[4, 4, 4]);
        let pegged = peg(&[line(103, 24, 0)], Qty::ZERO, &inbound, &usual, day(0), 0);
        assert_eq!(pegged[0].likely, Some(day(15)));
        assert_eq!(pegged[0].waits_for(&inbound).unwrap(), "24 of PO-77 (Exotic Liquids)");
        assert_eq!(
            pegged[0].reason(&inbound, &usual, day(0)).unwrap(),
            "waits for 24 of PO-77 (Exotic Liquids), confirmed 12 May, usually 4 days late"
        );
    }

    #[test]
    fn allocated_then_free_then_inbound_by_likely_date() {
        let inbound = [po(2, 5, Some(20)), po(1, 5, Some(10)), po(3, 5, None)];
        let lines = [line(1, 4, 0), line(2, 12, 3)];
        let pegged = peg(&lines, Qty::units(5), &inbound, &HashMap::new(), day(0), 2);
        assert_eq!((pegged[0].from_stock, pegged[0].parts.len()), (Qty::units(2), 1));
        assert_eq!((pegged[0].parts[0].po_line, pegged[0].parts[0].quantity), (PoLineId(1), Qty::units(2)));
        // Handling days are added once, at the end.
        assert_eq!(pegged[0].likely, Some(day(12)));
        let second: Vec<_> = pegged[1].parts.iter().map(|p| (p.po_line.0, p.quantity.thousandths() / 1000)).collect();
        assert_eq!(second, [(1, 3), (2, 5), (3, 1)]);
        assert_eq!(pegged[1].likely, None, "its last unit is on a PO without a date");
        assert!(pegged[1].reason(&inbound, &HashMap::new(), day(0)).unwrap().ends_with("PO-3 has no date"));
    }

    #[test]
    fn what_lies_here_is_likely_today_plus_handling() {
        let pegged = peg(&[line(1, 4, 4)], Qty::units(4), &[], &HashMap::new(), day(0), 1);
        assert_eq!((pegged[0].likely, pegged[0].safe), (Some(day(1)), Some(day(1))));
        assert_eq!(pegged[0].waits_for(&[]), None);
    }

    #[test]
    fn nothing_on_order_is_unknown_and_says_so() {
        let pegged = peg(&[line(1, 4, 0)], Qty::ZERO, &[], &HashMap::new(), day(0), 0);
        assert_eq!(pegged[0].likely, None);
        assert_eq!(pegged[0].reason(&[], &HashMap::new(), day(0)).unwrap(), "waits for 4, nothing on order");
    }

    #[test]
    fn an_overdue_po_is_never_assumed_for_today() {
        let inbound = [po(77, 30, Some(-12))];
        let none = peg(&[line(1, 4, 0)], Qty::ZERO, &inbound, &HashMap::new(), day(0), 0);
        assert_eq!(none[0].likely, None);
        assert!(
            none[0]
                .reason(&inbound, &HashMap::new(), day(0))
                .unwrap()
                .ends_with("PO-77 is 12 days overdue, no new date")
        );
        let slow = late(&[2, 14, 20]);
        let some = peg(&[line(1, 4, 0)], Qty::ZERO, &inbound, &slow, day(0), 0);
        assert_eq!(some[0].likely, Some(day(5)), "2 or 8 days more, so 5");
        let beyond = peg(&[line(1, 4, 0)], Qty::ZERO, &inbound, &late(&[1, 2, 3]), day(0), 0);
        assert_eq!(beyond[0].likely, None);
    }

    #[test]
    fn the_date_expected_now_goes_before_the_first_confirmed_and_the_quoted() {
        let mut moved = po(77, 30, Some(11));
        moved.expected_on = Some(day(19));
        assert_eq!(moved.due_on(), Some(day(19)));
        let pegged = peg(&[line(1, 4, 0)], Qty::ZERO, std::slice::from_ref(&moved), &HashMap::new(), day(0), 0);
        assert_eq!(
            pegged[0].reason(std::slice::from_ref(&moved), &HashMap::new(), day(0)).unwrap(),
            "waits for 4 of PO-77 (Exotic Liquids), confirmed 12 May, now 20 May"
        );
        let quoted = Inbound { ordered_on: Some(day(-3)), quoted_lead_days: Some(10), ..po(78, 1, None) };
        assert_eq!(quoted.due_on(), Some(day(7)));
    }

    proptest! {
        #[test]
        fn no_unit_serves_two_lines_and_the_whole_never_exceeds_the_supply(
            demand in prop::collection::vec((0i64..20, 0i64..9), 0..10),
            supply in prop::collection::vec((0i64..30, prop::option::of(-9i64..30)), 0..6),
            sellable in -5i64..40,
            learned in prop::collection::vec(-3i64..15, 0..6),
        ) {
            let lines: Vec<Waiting> =
                demand.iter().enumerate().map(|(i, d)| line(i as i64, d.0, d.1)).collect();
            // Without a date: some are known by how long they take, some by nothing.
            let takes = |i: usize| i.is_multiple_of(2).then(|| Takes::fixed(3 + i as i64));
            let one = |(i, s): (usize, &(i64, Option<i64>))| {
                Inbound { ordered_on: Some(day(-4)), takes: takes(i), ..po(i as i64, s.0, s.1) }
            };
            let inbound: Vec<Inbound> = supply.iter().enumerate().map(one).collect();
            let learned = late(&learned);
            let pegged = peg(&lines, Qty::units(sellable), &inbound, &learned, day(0), 0);
            let from_stock: Qty = pegged.iter().map(|p| p.from_stock).sum();
            prop_assert!(from_stock <= Qty::units(sellable).or_zero());
            for po in &inbound {
                let used: Qty = pegged.iter().flat_map(|p| &p.parts)
                    .filter(|p| p.po_line == po.po_line).map(|p| p.quantity).sum();
                prop_assert!(used <= po.open);
            }
            for (w, p) in lines.iter().zip(&pegged) {
                let parts: Qty = p.parts.iter().map(|part| part.quantity).sum();
                prop_assert_eq!(p.from_stock + parts + p.uncovered, w.open);
                prop_assert!(p.parts.iter().all(|part| part.quantity.is_positive()));
                prop_assert!(p.likely.is_none_or(|d| d >= day(0) && p.safe >= p.likely));
            }
            // Nobody goes without while something that could serve him is left over.
            let short: Qty = pegged.iter().map(|p| p.uncovered).sum();
            let left: Qty = inbound.iter().map(|i| i.open).sum::<Qty>()
                - pegged.iter().flat_map(|p| &p.parts).map(|p| p.quantity).sum();
            prop_assert!(short.is_zero() || left.is_zero());
        }
    }
}

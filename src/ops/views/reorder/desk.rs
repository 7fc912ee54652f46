//! Everything that the board is made from, read once, and the lines made from it.

use super::{
    ChangedTo, Group, IdleLine, Later, Need, OnTheWay, ReorderBoard, ReorderLine, explain, not_needed, urgency,
};
use crate::domain::ids::{ItemId, PoLineId, SupplierId};
use crate::domain::lateness::Lateness;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{self, Buying, Coming, Levels, Selling, weekdays};
use crate::ops::learning;
use crate::ops::planning::{self, Details, Due};
use crate::ops::settings::Settings;
use crate::store::changed::{self, Changed};
use crate::store::inbound::{self, InboundRow, Which};
use crate::store::plans::{self, PlanRow};
use crate::store::purchases::{self, Among, Candidate, Seller};
use crate::store::suppliers::Whose;
use crate::store::{Db, Result};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::HashMap;

/// No order is put off for longer than this, in days.
const MOST_WAIT: i64 = 60;

/// Everything that the lines are made from.
pub(super) struct Desk<'a> {
    pub(super) db: &'a Db,
    pub(super) today: NaiveDate,
    pub(super) sellers: HashMap<SupplierId, Seller>,
    pub(super) coming: HashMap<ItemId, Vec<InboundRow>>,
    pub(super) lateness: HashMap<SupplierId, Lateness>,
    /// Plans that go before the kept ones.
    pub(super) fresh: HashMap<ItemId, PlanRow>,
    pub(super) settings: Settings,
    /// What people changed and did not order yet.
    pub(super) changed: HashMap<ItemId, Changed>,
    /// The hour of now: after a supplier's hour his next order day is meant.
    pub(super) hour: NaiveTime,
}

/// An item's plan together with its terms today.
pub(super) struct Case {
    pub(super) plan: Option<PlanRow>,
    pub(super) details: Option<Details>,
    pub(super) selling: Selling,
    pub(super) levels: Levels,
    pub(super) buying: Buying,
    pub(super) supplier: Option<SupplierId>,
    pub(super) cost: Option<Money>,
}

impl Case {
    /// Days after which an order of today is likely to come.
    pub(super) fn usual_days(&self) -> f64 {
        let usual = self.details.as_ref().and_then(|d| d.lead_usual).map(|days| days as f64);
        usual.or(self.plan.as_ref().map(|p| p.lead_days)).unwrap_or(planning::ASSUMED_DAYS)
    }
}

impl<'a> Desk<'a> {
    pub(super) fn open(db: &'a Db, now: NaiveDateTime, fresh: HashMap<ItemId, PlanRow>) -> Result<Desk<'a>> {
        let today = now.date();
        let mut coming: HashMap<ItemId, Vec<InboundRow>> = HashMap::new();
        let mut rows = inbound::read(db, Which::All)?;
        let sent = rows.iter_mut().filter(|row| !row.draft);
        learning::tell(db, sent.map(|row| (row.item, &mut row.inbound)), today)?;
        for line in rows {
            coming.entry(line.item).or_default().push(line);
        }
        Ok(Desk {
            db,
            today,
            sellers: purchases::sellers(db)?.into_iter().map(|s| (s.id, s)).collect(),
            coming,
            lateness: learning::lateness(db, Whose::Coming, today)?,
            fresh,
            changed: changed::all(db)?,
            settings: Settings::load(db)?,
            hour: now.time(),
        })
    }

    pub(super) fn board(&self, among: Among, due: &Due) -> Result<ReorderBoard> {
        let (mut lines, mut later, mut not_needed) = (Vec::new(), Vec::new(), Vec::new());
        for candidate in purchases::candidates(self.db, among, self.today)? {
            let line = self.line(&candidate)?;
            if line.is_none() && self.coming.contains_key(&candidate.item) {
                not_needed.extend(not_needed::of(self, &candidate)?);
            }
            if let Some(mut line) = line {
                line.stale = due.concerns(line.item);
                if let Some(until) = candidate.later_until {
                    let reason = purchases::why_later(self.db, line.item, until)?;
                    later.push(Later { item: line.item, sku: line.sku, name: line.name, until, reason });
                } else {
                    lines.push(line);
                }
            }
        }
        lines.sort_by_key(urgency);
        later.sort_by(|a, b| (a.until, &a.sku).cmp(&(b.until, &b.sku)));
        // Said only where nothing is to be ordered: it is looked for among all items.
        let nothing = lines.iter().all(|l| l.quantity().is_none());
        let next = if nothing { purchases::next_due(self.db)? } else { None }.and_then(|(name, days)| {
            // Above its level today, so tomorrow at the earliest.
            Some((name, self.today.checked_add_days(Days::new(days.ceil().clamp(1.0, 3650.0) as u64))?))
        });
        let places = |which: fn(&Need) -> bool| -> Vec<usize> {
            lines.iter().enumerate().filter(|l| which(&l.1.need)).map(|l| l.0).collect()
        };
        let expedite = places(|need| matches!(need, Need::Expedite(_)));
        let to_send = places(|need| matches!(need, Need::Send(_)));
        let to_count = places(|need| matches!(need, Need::Count));
        let to_ask = places(|need| matches!(need, Need::Ask(_)));
        let groups = self.groups(&lines);
        let has_history = purchases::has_orders(self.db)?;
        not_needed.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.sku.cmp(&b.sku)));
        let budget = Money::parse(self.settings.value("planning.budget")).filter(|b| *b > Money::ZERO);
        let (today, stale) = (self.today, due.is_stale());
        let hours = lines.iter().filter_map(|l| self.sellers.get(&l.supplier?)?.cutoff.as_deref());
        let closes_at = hours.filter_map(reorder::cut_off).filter(|hour| *hour > self.hour).min();
        Ok(ReorderBoard {
            today,
            stale,
            anew: *due == Due::Whole,
            of_day: None,
            hour: self.hour,
            closes_at,
            has_history,
            groups,
            lines,
            expedite,
            to_send,
            to_count,
            to_ask,
            not_needed,
            later,
            next,
            budget,
        })
    }

    fn groups(&self, lines: &[ReorderLine]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (i, line) in lines.iter().enumerate().filter(|l| l.1.quantity().is_some()) {
            let at = groups.iter().position(|g| g.seller.as_ref().map(|s| s.id) == line.supplier);
            let at = at.unwrap_or_else(|| {
                let seller = line.supplier.and_then(|s| self.sellers.get(&s).cloned());
                groups.push(Group { seller, total: Money::ZERO, short_of_minimum: None, lines: Vec::new() });
                groups.len() - 1
            });
            let group = &mut groups[at]; // found or just pushed
            group.total += line.cost.unwrap_or_default();
            group.lines.push(i);
        }
        for group in &mut groups {
            let minimum = group.seller.as_ref().and_then(|s| s.min_order_value);
            group.short_of_minimum = minimum.filter(|m| *m > group.total).map(|m| m - group.total);
        }
        groups
    }

    pub(super) fn case(&self, c: &Candidate) -> Result<Case> {
        let plan = match self.fresh.get(&c.item) {
            Some(fresh) => Some(fresh.clone()),
            None => plans::plan_of(self.db, c.item)?,
        };
        let details = plan.as_ref().map(|p| Details::read(&p.details)).transpose()?;
        let terms = plans::terms_of(self.db, c.item)?;
        let (named, chosen) = planning::chosen(c.supplier, &terms);
        // What planning chose by cost stands, unless a person prefers another or the terms are gone since.
        let reckoned = plan.as_ref().and_then(|p| p.supplier).filter(|_| !chosen.is_some_and(|t| t.preferred));
        let found = reckoned.and_then(|s| terms.iter().find(|t| t.supplier == s));
        let (supplier, chosen) = found.map_or((named, chosen), |t| (Some(t.supplier), Some(t)));
        let cost = chosen.and_then(|t| t.cost).or(c.cost);
        let unit = details.as_ref().map_or(Qty::ONE, Details::unit);
        let pack = chosen.and_then(|t| t.pack).or(c.pack);
        let buying = Buying::new(unit, pack, chosen.and_then(|t| t.min_quantity));
        let selling = match (&details, c.active) {
            (_, false) => Selling::Discontinued,
            (Some(details), true) => details.selling(),
            (None, true) => Selling::NoHistory,
        };
        let (point, batch) = details.as_ref().map_or((0, 0), |d| (d.point, d.batch));
        let (point, batch) = (Qty::from_thousandths(point), Qty::from_thousandths(batch));
        let levels = Levels::in_force(point, batch, c.min, c.max, selling, unit);
        Ok(Case { plan, details, selling, levels, buying, supplier, cost })
    }

    /// The first day on which an order to a supplier can leave.
    fn leaves_on(&self, supplier: Option<SupplierId>) -> NaiveDate {
        let Some(seller) = supplier.and_then(|s| self.sellers.get(&s)) else { return self.today };
        let days = weekdays(seller.order_days.as_deref().unwrap_or(""));
        reorder::next_chance(self.today, &days, reorder::is_closed(seller.cutoff.as_deref(), self.hour))
    }

    pub(super) fn on_the_way(&self, item: ItemId, lead_days: f64) -> Vec<OnTheWay> {
        let unknown = Lateness::default();
        let lines = self.coming.get(&item).map_or(&[][..], |l| l);
        lines
            .iter()
            .map(|line| {
                let likely = if line.draft {
                    let leaves_on = self.leaves_on(Some(line.inbound.supplier));
                    leaves_on.checked_add_days(Days::new(lead_days.clamp(0.0, 3650.0).ceil() as u64))
                } else {
                    let learned = self.lateness.get(&line.inbound.supplier).unwrap_or(&unknown);
                    line.inbound.arrives(learned, self.today).map(|a| a.likely)
                };
                OnTheWay { po: line.po, inbound: line.inbound.clone(), draft: line.draft, likely }
            })
            .collect()
    }

    pub(super) fn line(&self, c: &Candidate) -> Result<Option<ReorderLine>> {
        let case = self.case(c)?;
        let lead_days = case.usual_days();
        let daily = case.plan.as_ref().map_or(0.0, |p| p.daily);
        let coming = self.on_the_way(c.item, lead_days);
        let on_order: Qty = coming.iter().map(|w| w.inbound.open).sum();
        let position = reorder::position(c.usable, c.open_demand, on_order);
        let free = position - on_order;
        let arrivals: Vec<Coming> = coming.iter().map(|w| Coming { on: w.likely, quantity: w.inbound.open }).collect();
        let out = reorder::run_out(self.today, free, daily, &arrivals);
        let drafts: Qty = coming.iter().filter(|w| w.draft).map(|w| w.inbound.open).sum();
        let sent = Sent::of(self, c, &case, &coming, drafts, daily);
        let most_days = case.details.as_ref().map_or(self.settings.cover_days(), |d| d.most_days);
        let most = (daily > 0.0).then(|| Qty::from_f64(daily * most_days));
        let suggested = case.levels.suggest_within(position, &case.buying, most);
        let need = match suggested {
            Some(_) if !c.known || only_the_book(c, &case, on_order) => Need::Count,
            Some(order) if order.beyond_cover => Need::Ask(order.quantity),
            Some(order) => Need::Order(order.quantity),
            None => match (sent.draft, hurried(&coming, &out, free, daily)) {
                (Some(po_line), _) => Need::Send(po_line),
                (None, Some(po_line)) => Need::Expedite(po_line),
                (None, None) => return Ok(None),
            },
        };
        let seller = case.supplier.and_then(|s| self.sellers.get(&s));
        let order_days = seller.and_then(|s| s.order_days.clone()).unwrap_or_default();
        // A draft that is still to be sent brings nothing.
        let out_on = if let Need::Send(_) = need { sent.out_on } else { out.first() };
        let review_days = case.details.as_ref().map_or(0.0, |d| d.review_days);
        // A draft brings nothing before it is sent, and what is to be hurried does not help until it comes.
        let waited_for = if let Need::Expedite(po_line) = need { Some(po_line) } else { None };
        let helps = coming.iter().filter(|w| !w.draft && Some(w.inbound.po_line) != waited_for);
        let asked_for: Vec<Coming> = helps.map(|w| Coming { on: w.likely, quantity: w.inbound.open }).collect();
        let risk_in = |d: &Details, days: f64| {
            let there = reorder::there_within(self.today, days, free, &asked_for);
            if there.is_positive() { d.risk(days, there) } else { 1.0 }
        };
        // Where nobody orders it, a minimum that a person typed is no matter of chances: under it, it is ordered.
        let sells = case.selling == Selling::Active && daily > 0.0;
        let chances = case.details.as_ref().filter(|_| sells);
        let accepted = chances.map(|d| d.risk(d.cover_days, Qty::from_thousandths(d.point).or_zero()));
        let can_wait = chances.zip(accepted).filter(|_| position.is_positive()).map_or(0, |(d, accepted)| {
            reorder::can_wait(accepted, MOST_WAIT, |days| risk_in(d, lead_days + days as f64))
        });
        let closed = reorder::is_closed(seller.and_then(|s| s.cutoff.as_deref()), self.hour);
        let (waits_until, order_by) = match need {
            Need::Expedite(_) | Need::Count => (self.today, self.today),
            _ => {
                let by = |days: &str, closed| reorder::order_by(self.today, can_wait, &weekdays(days), closed);
                (by("", false), by(&order_days, closed))
            }
        };
        let leaves_on = self.leaves_on(case.supplier);
        // Of goods to be hurried: until they come; else until goods ordered as soon as that can be have come.
        let comes = |po_line: PoLineId| coming.iter().find(|w| w.inbound.po_line == po_line)?.likely;
        let until = match need {
            Need::Expedite(po_line) => {
                comes(po_line).map_or(lead_days, |on| (on - self.today).num_days().max(0) as f64)
            }
            _ => lead_days + (leaves_on - self.today).num_days() as f64,
        };
        // Of all receipts until then, and of the last, the one before which it is likeliest empty.
        let risk = case.details.as_ref().filter(|_| sells || !free.is_positive()).map(|d| {
            let before = |on: NaiveDate| {
                let earlier = asked_for.iter().filter(|c| c.on.is_some_and(|day| day < on));
                let there = free + earlier.map(|c| c.quantity).sum();
                let days = (on - self.today).num_days().max(0) as f64;
                (days <= until).then(|| if there.is_positive() { d.risk(days, there) } else { 1.0 })
            };
            asked_for.iter().filter_map(|c| before(c.on?)).fold(risk_in(d, until), f64::max)
        });
        let would_do = case.levels.would_do(position, &case.buying);
        let would_do_each = if quantity_of(&need).is_some() { self.cost_at(&case, c.item, would_do)? } else { None };
        let quantity = quantity_of(&need);
        let unit = case.details.as_ref().map_or(Qty::ONE, Details::unit);
        let late = hurried(&coming, &out, free, daily).filter(|_| quantity.is_some());
        let cost_each = quantity.and_then(|q| self.cost_at(&case, c.item, q).transpose()).transpose()?;
        let mut line = ReorderLine {
            item: c.item,
            sku: c.sku.clone(),
            name: c.name.clone(),
            unit: c.unit.clone(),
            supplier: case.supplier,
            supplier_code: case.supplier.and_then(|s| self.sellers.get(&s)).map(|s| s.code.clone()),
            need,
            on_hand: c.usable,
            known: c.known,
            on_order,
            open_demand: c.open_demand,
            allocated: c.allocated,
            position,
            reorder_point: case.levels.reorder_point,
            order_up_to: case.levels.order_up_to(&case.buying),
            safety_stock: case.plan.as_ref().map_or(Qty::ZERO, |p| whole(p.safety_stock, unit)),
            program_point: case
                .details
                .as_ref()
                .filter(|_| case.levels.typed_min)
                .map(|d| Qty::from_thousandths(d.point)),
            daily,
            lead_days,
            order_by,
            waits_until,
            review_days,
            order_days,
            sign: if order_by <= self.today { '!' } else { '~' },
            out_on,
            wait: (c.open_demand - c.allocated).or_zero(),
            cost_each,
            cost: cost_each.zip(quantity).map(|(each, q)| each.times(q)),
            pack: case.buying.pack,
            would_do,
            would_do_each,
            least_sold: case.buying.min_quantity,
            min: c.min,
            max: c.max,
            beyond_max: quantity.and_then(|q| case.levels.beyond_maximum(position, q)),
            typed_max: case.levels.typed_max,
            leaves_on,
            most_days,
            risk,
            accepted,
            risk_ordered: chances.zip(quantity).map(|(d, q)| d.risk(d.cover_days, position + q)),
            risk_more: chances.zip(quantity).map(|(d, q)| d.risk(d.cover_days, position + q + case.buying.pack)),
            late,
            coming,
            selling: case.selling,
            reason: String::new(),
            stale: false,
            changed: self.changed_to(c, &case)?,
        };
        line.reason = explain::reason(&line, out.gap_from, self.today);
        Ok(Some(line))
    }

    /// What a person changed a line to, with the cost of a unit at that quantity there.
    fn changed_to(&self, c: &Candidate, case: &Case) -> Result<Option<ChangedTo>> {
        let Some(Changed { own, operator, on }) = self.changed.get(&c.item).cloned() else { return Ok(None) };
        let terms = plans::terms_of(self.db, c.item)?;
        let there = own.supplier.and_then(|s| terms.iter().find(|t| t.supplier == s)).and_then(|t| t.cost);
        let cost = if own.supplier == case.supplier { case.cost } else { there.or(c.cost) };
        let broken = match own.supplier {
            Some(supplier) => plans::price_break(self.db, supplier, c.item, own.quantity, self.today)?,
            None => None,
        };
        let supplier_code = own.supplier.and_then(|s| self.sellers.get(&s)).map(|s| s.code.clone());
        Ok(Some(ChangedTo { own, each: broken.or(cost), supplier_code, operator, on }))
    }

    /// Cost of a unit at this quantity: the price break that holds today, else the supplier's, else the item's.
    fn cost_at(&self, case: &Case, item: ItemId, quantity: Qty) -> Result<Option<Money>> {
        let Some(supplier) = case.supplier else { return Ok(case.cost) };
        let broken = plans::price_break(self.db, supplier, item, quantity, self.today)?;
        Ok(broken.or(case.cost))
    }

    pub(super) fn idle(&self, asleep: bool) -> Result<Vec<IdleLine>> {
        let mut lines = Vec::new();
        let among = if asleep { Among::Asleep } else { Among::TooMuch };
        for c in purchases::candidates(self.db, among, self.today)? {
            let case = self.case(&c)?;
            let Some(plan) = &case.plan else { continue };
            let on_order: Qty = self.coming.get(&c.item).map_or(Qty::ZERO, |l| l.iter().map(|l| l.inbound.open).sum());
            let position = reorder::position(c.usable, c.open_demand, on_order);
            let excess = reorder::excess(position, case.levels.order_up_to(&case.buying), plan.daily);
            let excess = if asleep { (position - case.levels.reorder_point.or_zero()).or_zero() } else { excess };
            // Whole units: nobody sells a part of one.
            let unit = case.details.as_ref().map_or(Qty::ONE, Details::unit).thousandths().max(1);
            let excess = Qty::from_thousandths(excess.thousandths() / unit * unit);
            if !excess.is_positive() || asleep != (case.selling == Selling::Asleep) {
                continue;
            }
            let value = case.cost.map(|cost| cost.times(excess));
            let (item, sku, name) = (c.item, c.sku, c.name);
            let ways = self.coming.get(&item).map_or(&[][..], |l| l);
            let most = ways.iter().filter(|l| !l.draft).max_by_key(|l| l.inbound.open);
            let coming = most.map(|l| (l.po, l.inbound.po_code.clone(), l.inbound.open));
            let (selling, daily, max) = (case.selling, plan.daily, c.max);
            lines.push(IdleLine { item, sku, name, position, excess, value, selling, daily, coming, max });
        }
        lines.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.sku.cmp(&b.sku)));
        Ok(lines)
    }
}

/// In whole units of issue, as it is said everywhere.
fn whole(quantity: Qty, unit: Qty) -> Qty {
    let unit = unit.thousandths().max(1);
    Qty::from_thousandths((quantity.thousandths() + unit / 2).div_euclid(unit) * unit)
}

fn quantity_of(need: &Need) -> Option<Qty> {
    if let Need::Order(quantity) | Need::Ask(quantity) = need { Some(*quantity) } else { None }
}

/// How an item stands without the drafts that nobody has sent.
struct Sent {
    /// The draft's line without which it would have to be ordered; the first, where there are several.
    draft: Option<PoLineId>,
    /// Nothing is left from this day.
    out_on: Option<NaiveDate>,
}

impl Sent {
    fn of(desk: &Desk, c: &Candidate, case: &Case, coming: &[OnTheWay], drafts: Qty, daily: f64) -> Sent {
        if drafts.is_zero() {
            return Sent { draft: None, out_on: None };
        }
        let there = coming.iter().filter(|w| !w.draft);
        let on_order: Qty = there.clone().map(|w| w.inbound.open).sum();
        let arrivals: Vec<Coming> = there.map(|w| Coming { on: w.likely, quantity: w.inbound.open }).collect();
        let position = reorder::position(c.usable, c.open_demand, on_order);
        let low = case.levels.suggest(position, &case.buying).is_some();
        let draft = coming.iter().find(|w| w.draft).filter(|_| low).map(|w| w.inbound.po_line);
        Sent { draft, out_on: reorder::run_out(desk.today, position - on_order, daily, &arrivals).first() }
    }
}

/// The position is low only because the book says that less than nothing is there, and no customer waits for that: the
/// book is wrong, and what lies there decides.
fn only_the_book(c: &Candidate, case: &Case, on_order: Qty) -> bool {
    let unexplained = c.usable.is_negative() && c.usable.abs() > c.open_demand;
    unexplained && case.levels.suggest(on_order - c.open_demand, &case.buying).is_none()
}

/// The PO line to hurry: the shelf is (or will be) empty before goods arrive that are on their way already. Only where
/// that costs something: customers wait, or it sells.
fn hurried(coming: &[OnTheWay], out: &reorder::RunOut, free: Qty, daily: f64) -> Option<PoLineId> {
    out.gap_from?;
    if !free.is_negative() && daily <= 0.0 {
        return None;
    }
    // Where all that has a day is less than wanted: what has none, else what brings the most.
    let ends = match out.gap_until {
        Some(at) => coming.get(at),
        None => coming
            .iter()
            .find(|w| w.likely.is_none())
            .or(coming.iter().filter(|w| !w.draft).max_by_key(|w| w.inbound.open)),
    };
    ends.filter(|w| !w.draft).map(|w| w.inbound.po_line)
}

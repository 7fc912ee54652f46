//! What to order, from whom, how much, when and why; and which goods on their way must be hurried instead.

mod explain;

pub use explain::{Explanation, Term};

use crate::domain::ids::{ItemId, PoLineId, SupplierId};
use crate::domain::lateness::Lateness;
use crate::domain::money::Money;
use crate::domain::pegging::Inbound;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{self, Buying, Coming, Levels, Selling, weekdays};
use crate::exchange::sheet::{Sheet, Value};
use crate::ops::learning;
use crate::ops::planning::{self, Details};
use crate::ops::settings::Settings;
use crate::store::plans::{self, PlanRow};
use crate::store::purchases::{self, Among, Candidate, ComingLine, Seller};
use crate::store::suppliers::Whose;
use crate::store::{Db, Result};
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// What a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// Order this much.
    Order(Qty),
    /// Do not order again: hurry this PO line, which comes after the shelf is empty.
    Expedite(PoLineId),
}

/// A PO line that brings goods of the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnTheWay {
    pub inbound: Inbound,
    pub draft: bool,
    /// The likely day; none: nobody can say.
    pub likely: Option<NaiveDate>,
}

/// One item that needs an order or a hurry.
#[derive(Clone, PartialEq, Debug)]
pub struct ReorderLine {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub unit: Option<String>,
    pub supplier: Option<SupplierId>,
    pub supplier_code: Option<String>,
    pub need: Need,
    /// Usable stock in all bins.
    pub on_hand: Qty,
    /// On POs, drafts included.
    pub on_order: Qty,
    pub open_demand: Qty,
    /// Of it set aside already.
    pub allocated: Qty,
    /// On hand + on order - ordered by customers.
    pub position: Qty,
    /// The levels in force; with a typed minimum that.
    pub reorder_point: Qty,
    pub order_up_to: Qty,
    pub safety_stock: Qty,
    /// What the program would keep, where a typed minimum is in force.
    pub program_point: Option<Qty>,
    pub daily: f64,
    pub lead_days: f64,
    pub order_by: NaiveDate,
    /// `!` today, `~` later.
    pub sign: char,
    /// Nothing is left from this day, with all that is on its way (to be hurried: until it comes); today: out.
    pub out_on: Option<NaiveDate>,
    /// Customers' pieces that nothing on the shelf serves.
    pub wait: Qty,
    pub cost_each: Option<Money>,
    pub cost: Option<Money>,
    pub pack: Qty,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    /// Chance that the shelf is empty before goods ordered today arrive.
    pub risk: Option<f64>,
    pub coming: Vec<OnTheWay>,
    pub selling: Selling,
    /// One sentence that closes.
    pub reason: String,
}

impl ReorderLine {
    /// The quantity to order, if this is not a hurry.
    pub fn quantity(&self) -> Option<Qty> {
        match self.need {
            Need::Order(quantity) => Some(quantity),
            Need::Expedite(_) => None,
        }
    }
}

/// A supplier's lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// None: nobody is known to sell these.
    pub seller: Option<Seller>,
    pub total: Money,
    /// What is missing to the minimum order value; none: reached, or there is none.
    pub short_of_minimum: Option<Money>,
    /// Places in [`ReorderBoard::lines`], most urgent first.
    pub lines: Vec<usize>,
}

/// Stock that asks for nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct IdleLine {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub position: Qty,
    pub excess: Qty,
    pub value: Option<Money>,
    pub selling: Selling,
}

/// The Reorder tab and the reorder export.
#[derive(Clone, PartialEq, Debug)]
pub struct ReorderBoard {
    pub today: NaiveDate,
    /// The plans are of another day, or their facts have changed.
    pub stale: bool,
    /// Whether there are past orders at all; without them only min and max are used.
    pub has_history: bool,
    /// By supplier, most urgent group first. Orders only.
    pub groups: Vec<Group>,
    pub lines: Vec<ReorderLine>,
    /// Places of the lines that must be hurried.
    pub expedite: Vec<usize>,
    /// Items put off, not among the lines.
    pub put_off: usize,
    /// The item that will need an order next, and when.
    pub next: Option<(String, NaiveDate)>,
}

impl ReorderBoard {
    /// What all suggested orders cost.
    pub fn total(&self) -> Money {
        self.groups.iter().map(|g| g.total).sum()
    }
    /// Places of all lines by urgency: the day to order by, then the day the shelf is empty, then SKU.
    pub fn by_urgency(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.lines.len()).collect();
        all.sort_by_key(|&i| self.lines.get(i).map(urgency));
        all
    }
}

fn urgency(line: &ReorderLine) -> (NaiveDate, Option<NaiveDate>, String) {
    (line.order_by, Some(line.out_on.unwrap_or(NaiveDate::MAX)), line.sku.clone())
}

/// The board from the kept plans. Where these are stale the levels are those of the last planning ([`ReorderBoard::stale`]
/// says so); positions are always of now.
pub fn load(db: &Db, today: NaiveDate) -> Result<ReorderBoard> {
    let stale = planning::is_stale(db, today)?;
    Desk::open(db, today, None)?.board(Among::NeedingALook, stale)
}

/// The board with plans computed anew where the kept ones are stale, without writing: for exports.
pub fn load_fresh(db: &Db, today: NaiveDate) -> Result<ReorderBoard> {
    if !planning::is_stale(db, today)? {
        return load(db, today);
    }
    let plans = planning::compute(db, today, &|_, _| true)?;
    let rows = plans.rows.into_iter().map(|p| (p.item, p)).collect();
    Desk::open(db, today, Some(rows))?.board(Among::All, false)
}

/// Stock beyond the level and a year's sales, the most valuable first; `asleep`: instead all that nobody has ordered for
/// long and that still lies there.
pub fn idle(db: &Db, today: NaiveDate, asleep: bool) -> Result<Vec<IdleLine>> {
    Desk::open(db, today, None)?.idle(asleep)
}

/// The explanation of one line, for the pane.
pub fn explain(db: &Db, board: &ReorderBoard, line: &ReorderLine) -> Result<Explanation> {
    let desk = Desk::open(db, board.today, None)?;
    explain::explain(&desk, line)
}

/// Somebody who sells a line's item, and what the line would be there.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    pub supplier: SupplierId,
    pub name: String,
    /// In that supplier's packs and at least its least quantity.
    pub quantity: Qty,
    pub cost_each: Option<Money>,
    pub cost: Option<Money>,
    pub lead_days: Option<i64>,
    /// The line is with this supplier now.
    pub current: bool,
}

/// Who sells the item of a line, the cheapest first; what is wanted is the line's quantity.
pub fn choices(db: &Db, board: &ReorderBoard, line: &ReorderLine) -> Result<Vec<Choice>> {
    let sellers: HashMap<SupplierId, Seller> = purchases::sellers(db)?.into_iter().map(|s| (s.id, s)).collect();
    let wanted = line.quantity().unwrap_or(line.pack);
    let mut out = Vec::new();
    for terms in plans::terms_of(db, line.item)? {
        let Some(seller) = sellers.get(&terms.supplier) else { continue };
        let pack = terms.pack.unwrap_or(Qty::ONE).thousandths().max(1);
        let least = wanted.max(terms.min_quantity.unwrap_or(Qty::ZERO)).thousandths();
        let quantity = Qty::from_thousandths((least + pack - 1) / pack * pack);
        let broken = plans::price_break(db, terms.supplier, line.item, quantity, board.today)?;
        let cost_each = broken.or(terms.cost);
        out.push(Choice {
            supplier: terms.supplier,
            name: seller.name.clone(),
            quantity,
            cost_each,
            cost: cost_each.map(|each| each.times(quantity)),
            lead_days: terms.lead_days.or(seller.lead_days),
            current: Some(terms.supplier) == line.supplier,
        });
    }
    out.sort_by_key(|c| (c.cost.is_none(), c.cost, c.name.clone()));
    Ok(out)
}

/// The suppliers' names and minimum order values, and the code of the draft that waits for each, if one does.
pub fn sellers(db: &Db) -> Result<Vec<(Seller, Option<String>)>> {
    let mut out = Vec::new();
    for seller in purchases::sellers(db)? {
        let draft = purchases::draft_for(db, seller.id)?;
        let head = draft.map(|po| purchases::head(db, po)).transpose()?.flatten();
        out.push((seller, head.map(|h| h.code)));
    }
    Ok(out)
}

/// Everything that the lines are made from.
struct Desk<'a> {
    db: &'a Db,
    today: NaiveDate,
    sellers: HashMap<SupplierId, Seller>,
    coming: HashMap<ItemId, Vec<ComingLine>>,
    lateness: HashMap<SupplierId, Lateness>,
    fresh: Option<HashMap<ItemId, PlanRow>>,
    settings: Settings,
}

/// An item's plan together with its terms today.
struct Case {
    plan: Option<PlanRow>,
    details: Option<Details>,
    selling: Selling,
    levels: Levels,
    buying: Buying,
    supplier: Option<SupplierId>,
    cost: Option<Money>,
}

impl<'a> Desk<'a> {
    fn open(db: &'a Db, today: NaiveDate, fresh: Option<HashMap<ItemId, PlanRow>>) -> Result<Desk<'a>> {
        let mut coming: HashMap<ItemId, Vec<ComingLine>> = HashMap::new();
        for line in purchases::coming(db)? {
            coming.entry(line.item).or_default().push(line);
        }
        Ok(Desk {
            db,
            today,
            sellers: purchases::sellers(db)?.into_iter().map(|s| (s.id, s)).collect(),
            coming,
            lateness: learning::lateness(db, Whose::Coming, today)?,
            fresh,
            settings: Settings::load(db)?,
        })
    }

    fn board(&self, among: Among, stale: bool) -> Result<ReorderBoard> {
        let (mut lines, mut put_off) = (Vec::new(), 0);
        for candidate in purchases::candidates(self.db, among, self.today)? {
            if let Some(line) = self.line(&candidate)? {
                if candidate.later_until.is_some() {
                    put_off += 1;
                } else {
                    lines.push(line);
                }
            }
        }
        lines.sort_by_key(urgency);
        let next = purchases::next_due(self.db)?.and_then(|(name, days)| {
            // Above its level today, so tomorrow at the earliest.
            Some((name, self.today.checked_add_days(Days::new(days.ceil().clamp(1.0, 3650.0) as u64))?))
        });
        let expedite =
            lines.iter().enumerate().filter(|l| matches!(l.1.need, Need::Expedite(_))).map(|l| l.0).collect();
        let groups = self.groups(&lines);
        let has_history = purchases::has_orders(self.db)?;
        Ok(ReorderBoard { today: self.today, stale, has_history, groups, lines, expedite, put_off, next })
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

    fn case(&self, c: &Candidate) -> Result<Case> {
        let plan = match &self.fresh {
            Some(fresh) => fresh.get(&c.item).cloned(),
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

    fn on_the_way(&self, item: ItemId, lead_days: f64) -> Vec<OnTheWay> {
        let unknown = Lateness::default();
        let lines = self.coming.get(&item).map_or(&[][..], |l| l);
        lines
            .iter()
            .map(|line| {
                let likely = if line.draft {
                    self.today.checked_add_days(Days::new(lead_days.clamp(0.0, 3650.0).ceil() as u64))
                } else {
                    let learned = self.lateness.get(&line.inbound.supplier).unwrap_or(&unknown);
                    line.inbound.due_on().and_then(|due| learned.arrives(due, self.today)).map(|a| a.likely)
                };
                OnTheWay { inbound: line.inbound.clone(), draft: line.draft, likely }
            })
            .collect()
    }

    fn line(&self, c: &Candidate) -> Result<Option<ReorderLine>> {
        let case = self.case(c)?;
        let lead_days = case.plan.as_ref().map_or(planning::ASSUMED_DAYS, |p| p.lead_days);
        let daily = case.plan.as_ref().map_or(0.0, |p| p.daily);
        let coming = self.on_the_way(c.item, lead_days);
        let on_order: Qty = coming.iter().map(|w| w.inbound.open).sum();
        let position = reorder::position(c.usable, c.open_demand, on_order);
        let free = position - on_order;
        let arrivals: Vec<Coming> = coming.iter().map(|w| Coming { on: w.likely, quantity: w.inbound.open }).collect();
        let out = reorder::run_out(self.today, free, daily, &arrivals);
        let need = match case.levels.suggest(position, &case.buying) {
            Some(quantity) => Need::Order(quantity),
            None => match hurried(&coming, &out, free, daily) {
                Some(po_line) => Need::Expedite(po_line),
                None => return Ok(None),
            },
        };
        let order_days = case.supplier.and_then(|s| self.sellers.get(&s)?.order_days.clone()).unwrap_or_default();
        // Where goods are only to be hurried, the day that matters is the one before they come.
        let out_on = match need {
            Need::Order(_) => out.on,
            Need::Expedite(_) => out.gap_from.or(out.on),
        };
        let order_by = match need {
            Need::Order(_) => reorder::order_by(self.today, out_on, lead_days, &weekdays(&order_days)),
            Need::Expedite(_) => self.today,
        };
        let quantity = if let Need::Order(quantity) = need { Some(quantity) } else { None };
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
            on_order,
            open_demand: c.open_demand,
            allocated: c.allocated,
            position,
            reorder_point: case.levels.reorder_point,
            order_up_to: case.levels.order_up_to(&case.buying),
            safety_stock: case.plan.as_ref().map_or(Qty::ZERO, |p| p.safety_stock),
            program_point: case
                .details
                .as_ref()
                .filter(|_| case.levels.typed_min)
                .map(|d| Qty::from_thousandths(d.point)),
            daily,
            lead_days,
            order_by,
            sign: if order_by <= self.today { '!' } else { '~' },
            out_on,
            wait: (c.open_demand - c.allocated).or_zero(),
            cost_each,
            cost: cost_each.zip(quantity).map(|(each, q)| each.times(q)),
            pack: case.buying.pack,
            min: c.min,
            max: c.max,
            risk: case.details.as_ref().map(|d| d.risk(lead_days, free)),
            coming,
            selling: case.selling,
            reason: String::new(),
        };
        line.reason = explain::reason(&line, out.gap_from, self.today);
        Ok(Some(line))
    }

    /// Cost of a unit at this quantity: the price break that holds today, else the supplier's, else the item's.
    fn cost_at(&self, case: &Case, item: ItemId, quantity: Qty) -> Result<Option<Money>> {
        let Some(supplier) = case.supplier else { return Ok(case.cost) };
        let broken = plans::price_break(self.db, supplier, item, quantity, self.today)?;
        Ok(broken.or(case.cost))
    }

    fn idle(&self, asleep: bool) -> Result<Vec<IdleLine>> {
        let mut lines = Vec::new();
        let among = if asleep { Among::All } else { Among::TooMuch };
        for c in purchases::candidates(self.db, among, self.today)? {
            let case = self.case(&c)?;
            let Some(plan) = &case.plan else { continue };
            let on_order: Qty = self.coming.get(&c.item).map_or(Qty::ZERO, |l| l.iter().map(|l| l.inbound.open).sum());
            let position = reorder::position(c.usable, c.open_demand, on_order);
            let excess = reorder::excess(position, case.levels.order_up_to(&case.buying), plan.daily);
            let excess = if asleep { (position - case.levels.reorder_point.or_zero()).or_zero() } else { excess };
            if !excess.is_positive() || asleep && case.selling != Selling::Asleep {
                continue;
            }
            let value = case.cost.map(|cost| cost.times(excess));
            let (item, sku, name) = (c.item, c.sku, c.name);
            lines.push(IdleLine { item, sku, name, position, excess, value, selling: case.selling });
        }
        lines.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.sku.cmp(&b.sku)));
        Ok(lines)
    }
}

/// The PO line to hurry: the shelf is (or will be) empty before goods arrive that are on their way already. Only where
/// that costs something: customers wait, or it sells.
fn hurried(coming: &[OnTheWay], out: &reorder::RunOut, free: Qty, daily: f64) -> Option<PoLineId> {
    out.gap_from?;
    if !free.is_negative() && daily <= 0.0 {
        return None;
    }
    let ends = match out.gap_until {
        Some(at) => coming.get(at),
        None => coming.iter().find(|w| w.likely.is_none()),
    };
    ends.filter(|w| !w.draft).map(|w| w.inbound.po_line)
}

/// The columns of the reorder export.
pub const COLUMNS: [&str; 17] = [
    "sku",
    "name",
    "supplier",
    "on_hand",
    "on_order",
    "open_demand",
    "position",
    "reorder_point",
    "order_up_to",
    "safety_stock",
    "forecast_daily",
    "lead_days",
    "quantity",
    "cost",
    "order_by",
    "stockout_on",
    "reason",
];

/// The board as a sheet: one row per item with a suggestion or a hurry, by urgency. `quantity` and `cost` (of the whole
/// quantity) are absent where goods are only to be hurried.
pub fn sheet(board: &ReorderBoard) -> Sheet {
    let rows = board
        .lines
        .iter()
        .map(|l| {
            vec![
                Value::text(&l.sku),
                Value::text(&l.name),
                Value::maybe_text(l.supplier_code.as_deref()),
                Value::Quantity(l.on_hand),
                Value::Quantity(l.on_order),
                Value::Quantity(l.open_demand),
                Value::Quantity(l.position),
                Value::Quantity(l.reorder_point),
                Value::Quantity(l.order_up_to),
                Value::Quantity(l.safety_stock),
                Value::Quantity(Qty::from_f64(l.daily)),
                Value::Count(l.lead_days.round() as i64),
                Value::maybe_quantity(l.quantity()),
                Value::maybe_money(l.cost),
                Value::Date(l.order_by),
                Value::maybe_date(l.out_on),
                Value::text(&l.reason),
            ]
        })
        .collect();
    Sheet { name: "reorder", columns: COLUMNS.to_vec(), rows }
}

//! What to order, from whom, how much, when and why; and which goods on their way must be hurried instead.

mod decided;
mod desk;
mod explain;
mod not_needed;
mod outlook;
mod sheet;
pub mod targets;
mod wishes;

pub use decided::{ChangedTo, Decision};
pub use explain::{Behind, Explanation, Term, in_100};
pub use not_needed::NotNeeded;
pub use outlook::{Outlook, Point};
pub use sheet::{COLUMNS, sheet};
pub use targets::{Reason, Target, percent};
pub use wishes::{Wants, Wish, wishes};

use desk::Desk;

use crate::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{self, Coming, RunOut, Selling};
use crate::ops::planning::{self, Details, Due, Other};
use crate::store::plans;
use crate::store::purchases::{self, Among, Draft, Seller};
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::HashMap;

/// What a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// Order this much.
    Order(Qty),
    /// Do not order again: hurry this PO line, which comes after the shelf is empty.
    Expedite(PoLineId),
    /// Do not order again: this line of a draft covers it, and nobody has sent the draft.
    Send(PoLineId),
    /// The book is below zero though no customer waits for that: count before anything is ordered.
    Count,
    /// The least that can be had goes beyond the longest cover, or what sells while it keeps: only with a person's yes.
    Ask(Qty),
}

/// A PO line that brings goods of the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnTheWay {
    pub po: PoId,
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
    /// Somebody once said how many there are, or some moved: else `on_hand` is a blank and no 0.
    pub known: bool,
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
    /// What is left on average when goods come, in whole units: level + half a pack - what sells until then.
    pub safety_stock: Qty,
    /// What the program would keep, where a typed minimum is in force.
    pub program_point: Option<Qty>,
    pub daily: f64,
    pub lead_days: f64,
    pub order_by: NaiveDate,
    /// The last day on which its level accepts the risk of waiting, whatever days the supplier has.
    pub waits_until: NaiveDate,
    pub review_days: f64,
    /// The weekdays on which the supplier takes orders, as his record says it; blank: any.
    pub order_days: String,
    /// `!` today, `~` later.
    pub sign: char,
    /// The first day on which nothing is left, though goods may come later; today: out. Without a draft that is still to be
    /// sent.
    pub out_on: Option<NaiveDate>,
    /// Customers' pieces that nothing on the shelf serves.
    pub wait: Qty,
    pub cost_each: Option<Money>,
    pub cost: Option<Money>,
    pub pack: Qty,
    /// The smallest number of packs that lifts the position above the level, and what one costs then.
    pub would_do: Qty,
    pub would_do_each: Option<Money>,
    /// The least that the supplier sells, where he says so.
    pub least_sold: Qty,
    pub min: Option<Qty>,
    pub max: Option<Qty>,
    /// The person's own maximum, where it is in force.
    pub typed_max: Option<Qty>,
    /// It, where the order goes beyond it, as less cannot be had.
    pub beyond_max: Option<Qty>,
    /// No order goes beyond what sells in so many days unless a person says so.
    pub most_days: f64,
    /// The first day on which an order can leave: today, unless the supplier takes none today, or no more.
    pub leaves_on: NaiveDate,
    /// Chance that the shelf is empty when goods ordered then would come, with what comes before them; of what is to be
    /// hurried: when that comes.
    pub risk: Option<f64>,
    /// The same that the program's level accepts: ordered there, and at the next look.
    pub accepted: Option<f64>,
    /// The same until goods ordered at the next look arrive, once this order has come; and with one pack more.
    pub risk_ordered: Option<f64>,
    pub risk_more: Option<f64>,
    pub coming: Vec<OnTheWay>,
    /// To be ordered, and goods on their way come too late for what is wanted before: they are to be hurried as well.
    pub late: Option<PoLineId>,
    pub selling: Selling,
    /// One sentence that closes.
    pub reason: String,
    /// Its plan does not know everything that happened: it is being worked out anew.
    pub stale: bool,
    /// What a person wants in its place, kept until it is ordered.
    pub changed: Option<ChangedTo>,
}

impl ReorderLine {
    /// What is on its way as it comes into account: a draft that is still to be sent does not.
    pub fn counted(&self) -> impl Iterator<Item = &OnTheWay> {
        let sent_only = matches!(self.need, Need::Send(_));
        self.coming.iter().filter(move |way| !(way.draft && sent_only))
    }
    /// How the stock goes on at the usual sales with what is on its way, and with an order that comes on a day: one
    /// answer for list, chart and words. The order stands last among the arrivals.
    pub fn runs_out(&self, today: NaiveDate, order: Option<(Qty, NaiveDate)>) -> (RunOut, Vec<Coming>) {
        let mut arrivals: Vec<Coming> =
            self.counted().map(|way| Coming { on: way.likely, quantity: way.inbound.open }).collect();
        arrivals.extend(order.map(|(quantity, on)| Coming { on: Some(on), quantity }));
        let free = self.position - self.on_order;
        (reorder::run_out(today, free, self.daily, &arrivals), arrivals)
    }
    /// The quantity to order, if this is not a hurry.
    pub fn quantity(&self) -> Option<Qty> {
        match self.need {
            Need::Order(quantity) => Some(quantity),
            Need::Expedite(_) | Need::Send(_) | Need::Count | Need::Ask(_) => None,
        }
    }
    /// The least that can be had, where that is so much that the person must say yes to it.
    pub fn asked(&self) -> Option<Qty> {
        if let Need::Ask(quantity) = self.need { Some(quantity) } else { None }
    }
    /// The draft that covers it, where that is all that does.
    pub fn draft(&self) -> Option<&OnTheWay> {
        match self.need {
            Need::Send(po_line) => self.coming.iter().find(|w| w.inbound.po_line == po_line),
            _ => None,
        }
    }
    /// The book is below zero by more than customers wait for: it is to be counted before it is believed.
    pub fn book_is_wrong(&self) -> bool {
        self.on_hand.is_negative() && self.on_hand.abs() > self.open_demand
    }
    /// To be ordered, and today is the last day on which it is in time: counted everywhere by this.
    pub fn orders_today(&self) -> bool {
        self.sign == '!' && self.quantity().is_some()
    }
    /// The goods on their way that come too late, whether or not more is to be ordered as well.
    pub fn too_late(&self) -> Option<&OnTheWay> {
        let late = self.late.and_then(|po_line| self.coming.iter().find(|w| w.inbound.po_line == po_line));
        self.hurried().or(late)
    }
    /// The goods that are to be hurried, where that is what the line asks for.
    pub fn hurried(&self) -> Option<&OnTheWay> {
        match self.need {
            Need::Expedite(po_line) => self.coming.iter().find(|w| w.inbound.po_line == po_line),
            _ => None,
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

/// A line that a person put off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Later {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    /// It is suggested again from this day on, if it is still needed.
    pub until: NaiveDate,
    pub reason: String,
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
    /// Sold a day.
    pub daily: f64,
    /// Still on its way: the PO that brings the most of it, and how much.
    pub coming: Option<(PoId, String, Qty)>,
    /// The person's own maximum.
    pub max: Option<Qty>,
}

impl IdleLine {
    /// Days that it lasts at today's sales; none: nothing is sold.
    pub fn lasts(&self) -> Option<f64> {
        (self.daily > 0.0).then(|| self.position.or_zero().as_f64() / self.daily)
    }

    /// What to do about it, the most useful first.
    pub fn advice(&self) -> String {
        if let Some((_, po, open)) = &self.coming {
            return format!("Cancel or put off the {} that {po} still brings (c).", locale::quantity(*open));
        }
        match (self.selling, self.max.filter(|max| *max >= self.position - self.excess)) {
            (Selling::Active, Some(max)) => {
                format!("Your maximum {} asks for it: another level (a), and order none.", locale::quantity(max))
            }
            (Selling::Active, None) => match self.lasts().map(|days| (days / 30.4).round()) {
                Some(months) if months >= 2.0 => {
                    let years = months / 12.0;
                    let long = if years > 3.0 { format!("{years:.0} years") } else { format!("{months:.0} months") };
                    format!("Order none: it lasts {long}. Offer it cheaper, or return what the supplier takes.")
                }
                _ => "Order none. Offer it cheaper, or return what the supplier takes.".into(),
            },
            (Selling::Discontinued, _) => "It ends: sell it off, or write it off (1 Stock, a).".into(),
            (Selling::Asleep, _) => {
                "Nobody has ordered it for long: sell it off, and let it end (1 Stock, e: discontinued).".into()
            }
            (Selling::NoHistory, _) => {
                "No orders tell how it sells: is it listed in the shop? Else return it, or sell it off.".into()
            }
        }
    }
}

/// The Reorder tab and the reorder export.
#[derive(Clone, PartialEq, Debug)]
pub struct ReorderBoard {
    pub today: NaiveDate,
    /// The plans are of another day, or their facts have changed: of some items ([`ReorderLine::stale`]), or of all.
    pub stale: bool,
    /// Whether there are past orders at all; without them only min and max are used.
    pub has_history: bool,
    /// By supplier, most urgent group first. Orders only.
    pub groups: Vec<Group>,
    pub lines: Vec<ReorderLine>,
    /// All of it is: till then nothing can be said of what is not listed.
    pub anew: bool,
    /// The levels are of this day and stand, as others go by them. None: they are, or are to be, of today.
    pub of_day: Option<NaiveDate>,
    /// The hour at which it was read: see [`ReorderBoard::closes_at`].
    pub hour: NaiveTime,
    /// The next hour of today after which a supplier of a line takes no more of today's orders.
    pub closes_at: Option<NaiveTime>,
    /// Places of the lines that must be hurried.
    pub expedite: Vec<usize>,
    /// Places of the lines that a draft covers which nobody has sent, of those to be counted first, and of those where the
    /// least that can be had is beyond the longest cover.
    pub to_send: Vec<usize>,
    pub to_count: Vec<usize>,
    pub to_ask: Vec<usize>,
    /// Goods on their way that nobody needs for long, the most valuable first.
    pub not_needed: Vec<NotNeeded>,
    /// What was put off, not among the lines; what comes back first stands first.
    pub later: Vec<Later>,
    /// The item that will need an order next, and when.
    pub next: Option<(String, NaiveDate)>,
    /// What one round of orders may cost in all, where that is set.
    pub budget: Option<Money>,
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
pub fn load(db: &Db, now: impl Into<NaiveDateTime>) -> Result<ReorderBoard> {
    let now = now.into();
    load_of_day(db, now, now.date())
}

/// The same where the plans are to be of that day ([`planning::day_of_plans`]): [`ReorderBoard::of_day`] says it where it
/// is not today.
pub fn load_of_day(db: &Db, now: NaiveDateTime, day: NaiveDate) -> Result<ReorderBoard> {
    let due = planning::due(db, day)?;
    let mut board = Desk::open(db, now, HashMap::new())?.board(Among::NeedingALook, &due)?;
    board.of_day = Some(day).filter(|day| *day != board.today);
    Ok(board)
}

/// The board with plans computed anew where the kept ones are stale, without writing: for exports.
pub fn load_fresh(db: &Db, now: impl Into<NaiveDateTime>) -> Result<ReorderBoard> {
    let now = now.into();
    let today = now.date();
    let plans = match planning::due(db, today)? {
        Due::Nothing => return load(db, now),
        Due::Items(items) => planning::replan(db, &items)?,
        Due::Whole => planning::compute(db, today, &|_, _| true)?,
    };
    let rows = plans.rows.into_iter().map(|p| (p.item, p)).collect();
    Desk::open(db, now, rows)?.board(Among::All, &Due::Nothing)
}

/// Stock beyond the level and a year's sales of what sells, or never did, the most valuable first; `asleep`: instead all
/// that nobody has ordered for long and that still lies there. No item stands in both.
pub fn idle(db: &Db, today: NaiveDate, asleep: bool) -> Result<Vec<IdleLine>> {
    Desk::open(db, today.and_time(NaiveTime::MIN), HashMap::new())?.idle(asleep)
}

/// The explanation of one line, for the pane.
pub fn explain(db: &Db, board: &ReorderBoard, line: &ReorderLine) -> Result<Explanation> {
    let desk = Desk::open(db, board.today.and_time(board.hour), HashMap::new())?;
    explain::explain(&desk, line)
}

/// What lies behind the level of a line's item.
pub fn outlook(db: &Db, board: &ReorderBoard, line: &ReorderLine) -> Result<Outlook> {
    outlook::of(db, line, board.today)
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
    /// Days that it takes on average, as the plans reckon it of each supplier; none: it is not planned with this one.
    pub takes_days: Option<i64>,
    /// So many days later than from the line's supplier, both as the plans reckon them; below zero: sooner.
    pub later_by: Option<i64>,
    /// The line is with this supplier now.
    pub current: bool,
    /// More a year than the line's supplier, with orders, holding and what is kept in case; below zero: less.
    pub more_a_year: Option<Money>,
    /// Share of lines in full and on time that it is sure to exceed; none: too few to judge.
    pub sure: Option<f64>,
    /// It is cheaper in all and not chosen: why. Blank where nothing is to be said.
    pub why_not: &'static str,
}

/// Why one that is cheaper in all was not chosen. Plans choose the cheapest of those that are sure enough, unless a person
/// prefers one.
fn why_not(other: &Other, chosen: &str) -> &'static str {
    match chosen {
        _ if other.more_a_year.is_none_or(|more| more >= 0) => "",
        _ if other.unsure => "not taken: too seldom in full and on time",
        "preferred" => "not taken: you prefer the other",
        _ => "not taken: of one who sells it nobody knows the cost",
    }
}

/// Who sells the item of a line, the cheapest first; what is wanted is the line's quantity.
pub fn choices(db: &Db, board: &ReorderBoard, line: &ReorderLine) -> Result<Vec<Choice>> {
    let sellers: HashMap<SupplierId, Seller> = purchases::sellers(db)?.into_iter().map(|s| (s.id, s)).collect();
    let wanted = line.quantity().or(line.asked()).unwrap_or(line.pack);
    let plan = plans::plan_of(db, line.item)?;
    let planned = plan.as_ref().and_then(|p| Some((p.supplier?, p.lead_days.round() as i64)));
    let details = plan.map(|p| Details::read(&p.details)).transpose()?;
    let (others, chosen) = details.map_or_else(Default::default, |d| (d.others, d.chosen));
    let takes = |supplier: SupplierId| match planned {
        Some((chosen, days)) if chosen == supplier => Some(days),
        _ => others.iter().find(|o| o.supplier == supplier.0).map(|o| o.lead_days.round() as i64),
    };
    let now = line.supplier.and_then(takes);
    let mut out = Vec::new();
    for terms in plans::terms_of(db, line.item)? {
        let takes_days = takes(terms.supplier);
        let other = others.iter().find(|o| o.supplier == terms.supplier.0);
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
            takes_days,
            later_by: takes_days.zip(now).map(|(days, now)| days - now),
            current: Some(terms.supplier) == line.supplier,
            more_a_year: other.and_then(|o| o.more_a_year).map(Money::from_ten_thousandths),
            sure: other.and_then(|o| o.sure),
            why_not: other.map_or("", |o| why_not(o, &chosen)),
        });
    }
    out.sort_by_key(|c| (c.cost.is_none(), c.cost, c.name.clone()));
    Ok(out)
}

/// The suppliers, and the drafts that wait to be sent.
pub fn sellers(db: &Db) -> Result<(Vec<Seller>, Vec<Draft>)> {
    Ok((purchases::sellers(db)?, purchases::drafts(db)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cheaper_one_that_is_not_chosen_says_why() {
        let other = |more: Option<i64>, unsure: bool| Other {
            supplier: 2,
            more_a_year: more,
            lead_days: 9.0,
            sure: None,
            unsure,
        };
        assert_eq!(why_not(&other(Some(100), false), "preferred"), "");
        assert_eq!(why_not(&other(None, false), "named"), "");
        assert_eq!(why_not(&other(Some(-100), false), "preferred"), "not taken: you prefer the other");
        assert!(why_not(&other(Some(-100), true), "cheapest").contains("too seldom"));
        assert!(why_not(&other(Some(-100), false), "named").contains("nobody knows the cost"));
    }
}

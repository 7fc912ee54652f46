//! One open line: what serves it, when, and what its delay rule asks for.

use super::Terms;
use crate::domain::allocation::{OrderKind, Protection, Waiting, natural_order};
use crate::domain::dates;
use crate::domain::delay::{Action, ContactFact, Decision, LineFacts, Rule, State, Urgency, decide, rule_for, state};
use crate::domain::ids::{CustomerId, ItemId, LineId, OrderId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::Lateness;
use crate::domain::money::Money;
use crate::domain::pegging::{Pegged, peg};
use crate::domain::quantity::Qty;
use crate::store::backlog::{Backlog, Customer, InboundLine, OpenLine, WantedItem};
use chrono::{Days, NaiveDate};
use std::cmp::Reverse;
use std::collections::HashMap;

/// An open order line on one day: what a screen shows and the `backorders` export holds.
#[derive(Clone, PartialEq, Debug)]
pub struct WaitingLine {
    pub line: LineId,
    pub order: OrderId,
    pub customer: CustomerId,
    pub item: ItemId,
    pub order_code: String,
    pub line_code: String,
    pub customer_code: String,
    pub customer_name: String,
    pub channel: Option<String>,
    pub kind: OrderKind,
    pub sku: String,
    pub item_name: String,
    pub ordered_on: NaiveDate,
    pub quantity: Qty,
    pub open: Qty,
    pub allocated: Qty,
    /// Open less allocated.
    pub short: Qty,
    /// The first promise of the line, else of its order.
    pub first_promise: Option<NaiveDate>,
    /// The promise that holds now.
    pub promise: Option<NaiveDate>,
    /// What lateness is measured from: the promise, else deliver-by, else ordered on + 30 days.
    pub due_on: NaiveDate,
    /// When its last unit can ship; none: unknown.
    pub likely_on: Option<NaiveDate>,
    /// The same, kept 9 times of 10.
    pub safe_on: Option<NaiveDate>,
    pub state: State,
    /// None: nobody knows how late it will be.
    pub days_late: Option<i64>,
    pub decision: Decision,
    /// Open x price (the line's, else the item's).
    pub value: Option<Money>,
    /// What serves it; `inbound` of its parts points into `Board::inbound`.
    pub pegged: Pegged,
    /// `24 of PO-77 (Exotic Liquids)`; none: all of it lies here.
    pub waits_for: Option<String>,
    /// The same for a person: `PO-77, Exotic Liquids, due 27 Nov; 11 of their last 14 came 4 days late`;
    /// none: all of it lies here.
    pub chain: Option<String>,
    /// `SO-103 line 2 waits for 24 of PO-77 (Exotic Liquids), confirmed 12 May, usually 4 days late`.
    pub reason: String,
    pub paid: bool,
    pub essential: bool,
    /// A day of delivery was agreed at the order.
    pub stated_delivery: bool,
    pub protection: Protection,
    pub turn: Option<i64>,
    /// The mail about it that did not arrive, for a person: `The mail of 20 Nov did not arrive: 550 no such user.`
    pub lost_mail: Option<String>,
    /// Why it is not to be served for now.
    pub held: Option<String>,
    /// What was ordered, where a substitute is sent.
    pub wanted: Option<String>,
    /// How often the customer was contacted about it, tries included.
    pub contacts: usize,
    /// How often of these it came through: mails and letters that were sent, calls that were answered.
    pub talks: usize,
}

/// How soon a line is lost: urgency, then those whom a law protects by the day they are lost, then value.
pub(super) type LostFirst = (Urgency, NaiveDate, Reverse<Money>);

impl WaitingLine {
    /// Whether the export and the list of what needs attention hold it: short, late, will be late, or an action asked.
    pub fn is_listed(&self) -> bool {
        self.short.is_positive() || self.state != State::OnTrack || self.decision.action != Action::None
    }
    /// Whether all of it lies here and could go today.
    pub fn is_ready(&self) -> bool {
        self.pegged.from_stock >= self.open
    }
    /// Whether the date that counts was stated to the customer; else it follows from the rule.
    pub fn is_stated(&self) -> bool {
        self.promise == Some(self.due_on) || self.stated_delivery
    }
    /// A law asks for something by a day, which nobody can put off beyond it.
    pub fn law_asks_by(&self) -> Option<(Rule, NaiveDate)> {
        let asks = matches!(self.decision.action, Action::Notify | Action::Chase | Action::Ship);
        Some((self.decision.rule, self.by()?)).filter(|(rule, _)| asks && *rule != Rule::House)
    }
    /// The day that the customer knows: the newest date said in a talk that came through, while it lies ahead.
    pub fn told_date(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.decision.last_quoted.filter(|day| *day >= today)
    }
    /// That day is agreed: it is the promise now.
    pub fn is_agreed(&self) -> bool {
        self.decision.last_quoted.is_some() && self.promise == self.decision.last_quoted
    }
    /// A day was agreed and holds, and only whence the goods come is not known: the customer has heard all that there is
    /// to say.
    pub fn agreed_without_goods(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.told_date(today)
            .filter(|_| self.decision.action == Action::Notify && self.is_agreed() && self.likely_on.is_none())
    }
    /// Whether somebody has something to do about it.
    pub fn is_due(&self) -> bool {
        self.decision.urgency() < Urgency::Quiet
    }
    /// The last day on which what is to be done is in time: of a refund, the day the money must be back.
    pub fn by(&self) -> Option<NaiveDate> {
        self.decision.refund_by.or(self.decision.act_by)
    }
    pub(super) fn lost_first(&self) -> (LostFirst, Reverse<NaiveDate>, &str, LineId) {
        let law = self.decision.rule != Rule::House && self.is_due();
        let lost_on = if law { self.by().or(self.decision.commitment_on) } else { None };
        let key = (self.decision.urgency(), lost_on.unwrap_or(NaiveDate::MAX), Reverse(self.value.unwrap_or_default()));
        (key, Reverse(self.ordered_on), &self.order_code, self.line)
    }
}

/// Every line pegged, dated and decided; in no particular order.
pub(super) fn decided(
    backlog: &Backlog,
    lateness: &HashMap<SupplierId, Lateness>,
    terms: &Terms,
    today: NaiveDate,
) -> Vec<WaitingLine> {
    let inbound: Vec<Inbound> = backlog.inbound.iter().map(|line| line.inbound.clone()).collect();
    let mut found = Vec::with_capacity(backlog.lines.len());
    let mut first_inbound = 0;
    // Lines and inbound come by item, so that each item is one run of both.
    for lines in backlog.lines.chunk_by(|a, b| a.item == b.item) {
        let Some(item) = lines.first().and_then(|l| backlog.items.get(&l.item)) else { continue };
        let coming = run_of(&backlog.inbound, item.id, &mut first_inbound);
        let scene =
            Scene { backlog, item, inbound: &inbound, lateness, terms, today, nothing_learned: Lateness::default() };
        let waiting: Vec<Waiting> = lines.iter().map(|line| scene.waiting(line)).collect();
        let supply = inbound.get(coming.clone()).unwrap_or_default();
        let pegged = peg(&waiting, item.sellable, supply, lateness, today, terms.handling_days);
        for (line, mut pegged) in lines.iter().zip(pegged) {
            for part in &mut pegged.parts {
                part.inbound += coming.start;
            }
            found.extend(scene.decide(line, pegged));
        }
    }
    found
}

/// The run of inbound lines of `item`, searched onwards from `from`: both lists go up by item.
fn run_of(inbound: &[InboundLine], item: ItemId, from: &mut usize) -> std::ops::Range<usize> {
    let skipped = inbound.iter().skip(*from).take_while(|line| line.item < item).count();
    let start = *from + skipped;
    let count = inbound.iter().skip(start).take_while(|line| line.item == item).count();
    *from = start + count;
    start..start + count
}

/// What the lines of one item share.
struct Scene<'a> {
    backlog: &'a Backlog,
    item: &'a WantedItem,
    inbound: &'a [Inbound],
    lateness: &'a HashMap<SupplierId, Lateness>,
    terms: &'a Terms,
    today: NaiveDate,
    nothing_learned: Lateness,
}

impl Scene<'_> {
    fn waiting(&self, line: &OpenLine) -> Waiting {
        Waiting {
            line: line.line,
            order_code: line.order_code.clone(),
            line_code: line.place.clone(),
            open: line.open,
            allocated: line.allocated,
            picked: self.backlog.picked.get(&line.line).copied().unwrap_or_default(),
            turn: line.turn,
            kind: line.kind,
            set_date: line.first_promise.or(self.item.available_on),
            priority: self.backlog.customers.get(&line.customer).and_then(|c| c.priority),
            promise: self.current_promise(line).or(line.deliver_by),
            ordered_on: line.ordered_on,
            protection: line.protection,
            held: line.held.is_some(),
        }
    }

    /// The promise that holds: the newest of the line, else its first, else those of its order.
    fn current_promise(&self, line: &OpenLine) -> Option<NaiveDate> {
        let later = self.backlog.promises.get(&line.order).map_or(&[][..], Vec::as_slice);
        let newest = |of| later.iter().rfind(|p| p.line == of).map(|p| p.promised_on);
        let of_order = || if line.own_promise { None } else { newest(None) };
        newest(Some(line.line)).or_else(of_order).or(line.first_promise)
    }

    fn contacts(&self, line: &OpenLine) -> Vec<ContactFact> {
        let all = self.backlog.contacts.get(&line.order).into_iter().flatten();
        all.filter(|(of, _)| of.is_none_or(|of| of == line.line)).map(|(_, fact)| fact.clone()).collect()
    }

    fn facts(&self, line: &OpenLine, customer: &Customer, pegged: &Pegged) -> LineFacts {
        let terms = self.terms;
        let house = terms.warehouse_country.as_deref();
        let country = customer.country.as_deref().or(house);
        let rule: Rule =
            rule_for(customer.kind, customer.country.as_deref(), house, terms.mostly, line.paid, &terms.delay);
        let old = self.backlog.first_day.is_some_and(|first| line.ordered_on < first);
        LineFacts {
            promised_on: line.first_promise,
            current_promise: self.current_promise(line),
            deliver_by: line.deliver_by,
            paid: line.paid,
            essential: line.essential,
            transit_days: country.and_then(|c| terms.transit_days.get(c)).copied().unwrap_or(0),
            likely: pegged.likely,
            // A discontinued item that nothing more comes of.
            can_never_ship: self.item.discontinued && pegged.uncovered.is_positive(),
            not_known: terms.old_orders_unknown && old && !self.backlog.not_told.contains(&line.order),
            contacts: self.contacts(line),
            ..LineFacts::new(rule, line.ordered_on)
        }
    }

    /// The newest recorded fact, up to today, that moved the likely date past `due`: the order itself, the day a PO's
    /// date became known, or a missed receipt (its date + 1) where that date would still have been in time. Of a PO line
    /// that nobody gave a day: the first day on which it was out for so long that it would not be in time any more.
    fn moved_on(&self, line: &OpenLine, pegged: &Pegged, due: NaiveDate) -> NaiveDate {
        let handling = Days::new(self.terms.handling_days.max(0).unsigned_abs());
        let in_time = |arrival: NaiveDate| arrival.checked_add_days(handling).is_some_and(|ships| ships <= due);
        let mut newest = line.ordered_on;
        for part in &pegged.parts {
            let (Some(po), Some(recorded)) = (self.inbound.get(part.inbound), self.backlog.inbound.get(part.inbound))
            else {
                continue; // the parts point into both lists, which go side by side
            };
            if part.arrives.is_some_and(|a| in_time(a.likely)) {
                continue;
            }
            let learned = self.lateness.get(&po.supplier).unwrap_or(&self.nothing_learned);
            let then = |day| po.arrives(learned, day).is_some_and(|a| in_time(a.likely));
            let fact = match (po.by_lead_time(), po.due_on()) {
                // Past its usual day it is moved on more than once.
                (Some((ordered_on, _)), _) if then(ordered_on) => {
                    ordered_on.iter_days().take_while(|day| *day <= self.today).find(|day| !then(*day))
                }
                (None, Some(day)) if po.days_overdue(self.today) > 0 && then(day) => day.succ_opt(),
                _ => recorded.dated_on,
            };
            newest = newest.max(fact.filter(|day| *day <= self.today).unwrap_or(newest));
        }
        newest
    }

    fn decide(&self, line: &OpenLine, pegged: Pegged) -> Option<WaitingLine> {
        let customer = self.backlog.customers.get(&line.customer)?;
        let mut facts = self.facts(line, customer, &pegged);
        let mut decision = decide(&facts, &self.terms.delay, self.today);
        if decision.rule == Rule::House && decision.action == Action::Notify {
            facts.moved_on = Some(self.moved_on(line, &pegged, decision.due_on));
            decision = decide(&facts, &self.terms.delay, self.today);
        }
        let (state, days_late) = state(decision.due_on, pegged.likely, self.today);
        let why = pegged.reason(self.inbound, self.lateness, self.today);
        let name = format!("{} line {}", line.order_code, line.line_code);
        let reason = match why {
            Some(why) if line.held.as_ref().is_some_and(|said| !said.is_empty()) => {
                format!("{name} {why}: {}", line.held.as_deref().unwrap_or_default())
            }
            Some(why) => format!("{name} {why}"),
            None => format!("{name} is ready to ship"),
        };
        Some(WaitingLine {
            line: line.line,
            order: line.order,
            customer: line.customer,
            item: line.item,
            order_code: line.order_code.clone(),
            line_code: line.line_code.clone(),
            customer_code: customer.code.clone(),
            customer_name: customer.name.clone(),
            channel: line.channel.clone(),
            kind: line.kind,
            sku: self.item.sku.clone(),
            item_name: self.item.name.clone(),
            ordered_on: line.ordered_on,
            quantity: line.quantity,
            open: line.open,
            allocated: line.allocated,
            short: (line.open - line.allocated).or_zero(),
            first_promise: line.first_promise,
            promise: decision.promise,
            due_on: decision.due_on,
            likely_on: pegged.likely,
            safe_on: pegged.safe,
            state,
            days_late,
            decision,
            value: line.price.or(self.item.price).map(|price| price.times(line.open)),
            waits_for: pegged.waits_for(self.inbound),
            chain: match line.held.as_deref() {
                Some("") => Some("On hold".into()),
                Some(said) => Some(format!("On hold: {said}")),
                None => pegged.chain(self.inbound, self.lateness, self.today),
            },
            pegged,
            reason,
            paid: line.paid,
            essential: line.essential,
            stated_delivery: line.deliver_by.is_some(),
            protection: line.protection,
            turn: line.turn,
            held: line.held.clone(),
            wanted: line.wanted.clone(),
            contacts: facts.contacts.len(),
            talks: facts.contacts.iter().filter(|c| c.given()).count(),
            lost_mail: self.lost_mail(line),
        })
    }

    fn lost_mail(&self, line: &OpenLine) -> Option<String> {
        let mail = self.backlog.lost_mails.get(&line.line)?;
        let of =
            if mail.on == self.today { String::new() } else { format!(" of {}", dates::short(mail.on, self.today)) };
        let today = if of.is_empty() { "Today's" } else { "The" };
        let said = mail.said.as_ref().map_or(String::new(), |said| format!(": {}", said.trim_end_matches('.')));
        Some(match mail.surely {
            true => format!("{today} mail{of} did not arrive{said}."),
            false => format!("{today} mail{of} may not have arrived{said}."),
        })
    }
}

/// Orders of one customer and lines of one order as people number them.
pub(super) fn by_number(a: &WaitingLine, b: &WaitingLine) -> std::cmp::Ordering {
    natural_order(&a.order_code, &b.order_code).then_with(|| natural_order(&a.line_code, &b.line_code))
}

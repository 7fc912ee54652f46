//! What a talk needs to know beside the lines that it is about, and the facts of its message.

use crate::domain::delay::talk::notice;
use crate::domain::delay::{Action, Message, Row, Rule};
use crate::domain::ids::{CustomerId, ItemId, OrderId};
use crate::domain::money::Money;
use crate::domain::offer::{Alternative, Means, Offered, offers};
use crate::domain::quantity::Qty;
use crate::messages::{Facts, Form, Group, Shelf};
use crate::ops::outbox;
use crate::ops::settings::Settings;
use crate::ops::views::backorders::{WaitingLine, amount};
use crate::store::backlog::Customer;
use crate::store::{Db, Result, talks};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Everything that the words of a talk depend on and that the list does not hold.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TalkTerms {
    pub shelf: Arc<Shelf>,
    pub operator: String,
    pub warehouse: String,
    pub warehouse_country: Option<String>,
    pub currency: Option<String>,
    /// That customers call free of charge.
    pub phone: Option<String>,
    /// Why nothing can be mailed; none: it can.
    pub no_mail: Option<String>,
    /// By country.
    pub transit_days: BTreeMap<String, i64>,
    /// What was paid for whole orders.
    pub paid: HashMap<OrderId, Money>,
    /// Orders of which it is on file that they were paid: a blank only counts as paid.
    pub surely_paid: HashSet<OrderId>,
    pub alternatives: Vec<Alternative>,
    /// Numbers and addresses that turned out wrong.
    pub wrong: Vec<(String, NaiveDate)>,
    pub parcel_cost: Option<Money>,
    pub delivery_cost: Option<Money>,
    pub sample_cost: Option<Money>,
    pub discount_percent: i64,
    /// By the workstation's clock: when a call can be tried again today.
    pub now: Option<NaiveDateTime>,
}

/// What a talk is about, as it asks for its terms.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    pub customers: Vec<CustomerId>,
    pub orders: Vec<OrderId>,
    /// The items that wait.
    pub items: Vec<ItemId>,
}

/// Reads them.
pub fn terms(db: &Db, asked: &Asked, shelf: Shelf, operator: &str, now: NaiveDateTime) -> Result<TalkTerms> {
    let settings = Settings::load(db)?;
    let text = |key: &str| settings.text(key).map(String::from);
    let cost = |key: &str| settings.text(key).and_then(Money::parse);
    let mut terms = TalkTerms {
        shelf: Arc::new(shelf),
        operator: operator.to_string(),
        warehouse: text("warehouse.name").unwrap_or_default(),
        warehouse_country: text("warehouse.country"),
        currency: text("warehouse.currency"),
        phone: text("mail.phone"),
        no_mail: outbox::not_ready(&settings),
        transit_days: settings.transit_days(),
        parcel_cost: cost("offers.parcel_cost"),
        delivery_cost: cost("offers.delivery_cost"),
        sample_cost: cost("offers.sample_cost"),
        discount_percent: settings.count("offers.discount_percent"),
        now: Some(now),
        ..TalkTerms::default()
    };
    for order in &asked.orders {
        if let Some(paid) = talks::paid_whole(db, *order)? {
            terms.paid.insert(*order, paid);
        }
        if talks::surely_paid(db, *order)? {
            terms.surely_paid.insert(*order);
        }
    }
    for item in &asked.items {
        terms.alternatives.extend(talks::alternatives(db, *item)?);
    }
    for customer in &asked.customers {
        terms.wrong.extend(talks::wrong_addresses(db, *customer)?);
    }
    Ok(terms)
}

/// A line and the date that is said about it.
pub type SaidLine<'a> = (&'a WaitingLine, Option<NaiveDate>);

impl TalkTerms {
    /// Days to the customer's door, where the rule counts to there.
    pub fn transit(&self, line: &WaitingLine, customer: Option<&Customer>) -> i64 {
        if !matches!(line.decision.rule, Rule::Eu | Rule::Uk) {
            return 0;
        }
        let country = customer.and_then(|c| c.country.as_ref()).or(self.warehouse_country.as_ref());
        country.and_then(|c| self.transit_days.get(c)).copied().unwrap_or(0)
    }

    /// The day on which a number or address turned out wrong.
    pub fn wrong_since(&self, address: &str) -> Option<NaiveDate> {
        self.wrong.iter().find(|(wrong, _)| wrong == address.trim()).map(|(_, day)| *day)
    }

    /// What may be offered about these lines, best first.
    pub fn offers(&self, lines: &[&WaitingLine]) -> Vec<Offered> {
        // What lies here is offered to go ahead where something else has to wait.
        let waits = lines.iter().any(|l| l.short.is_positive());
        let ready: Vec<String> = lines
            .iter()
            .filter(|l| l.allocated.is_positive() && waits)
            .map(|l| format!("{} {}", l.allocated, l.item_name))
            .collect();
        let means = Means {
            ready: (!ready.is_empty()).then(|| ready.join(", ")),
            waiting: lines.iter().filter(|l| l.short.is_positive()).map(|l| (l.item, l.short)).collect(),
            alternatives: self.alternatives.clone(),
            value: lines.iter().map(|l| l.value).sum(),
            parcel_cost: self.parcel_cost,
            delivery_cost: self.delivery_cost,
            sample_cost: self.sample_cost,
            discount_percent: self.discount_percent,
        };
        offers(lines.iter().map(|l| l.decision.rule), &means)
    }

    fn money(&self, money: Money) -> String {
        // Whole cents: what a bank can pay.
        let cents = (money.ten_thousandths() + 50) / 100;
        let amount = amount(Money::from_ten_thousandths(cents * 100));
        self.currency.as_ref().map_or(amount.clone(), |c| format!("{c} {amount}"))
    }

    /// The money that goes back for these lines, and whether it is what was paid (whole orders go) or what the goods cost.
    fn refund(&self, lines: &[&WaitingLine], all: &[WaitingLine]) -> Option<(String, bool)> {
        let (mut sum, mut exact) = (Money::ZERO, true);
        let mut orders: Vec<OrderId> = lines.iter().map(|l| l.order).collect();
        orders.sort();
        orders.dedup();
        for order in orders {
            let mine = lines.iter().filter(|l| l.order == order);
            let whole = all.iter().filter(|l| l.order == order).all(|l| lines.iter().any(|m| m.line == l.line));
            sum += match self.paid.get(&order).filter(|_| whole) {
                Some(paid) => *paid,
                None => {
                    exact = false;
                    mine.map(|l| l.value).sum::<Option<Money>>()?
                }
            };
        }
        Some((self.money(sum), exact))
    }

    /// The facts of a message to one customer. `all` are that warehouse's open lines, to know which orders are whole.
    pub fn facts(
        &self,
        customer: Option<&Customer>,
        lines: &[SaidLine],
        all: &[WaitingLine],
        form: Form,
        today: NaiveDate,
    ) -> Facts {
        let mut groups: Vec<(Group, Vec<&WaitingLine>)> = Vec::new();
        let mut lines = lines.to_vec();
        // Only what is missing is late. (A notice under the us rule names every line: it may offer nothing instead.)
        let waits = lines.iter().any(|(l, _)| l.short.is_positive());
        lines.retain(|(l, date)| {
            let lost = notice(&l.decision, *date).0 == Some(Message::Cancelled);
            !waits || l.short.is_positive() || lost || l.decision.rule == Rule::Us || is_late(l)
        });
        lines.sort_by_key(|(l, _)| l.decision.urgency());
        for (line, date) in lines {
            let mut group = group(line, date);
            // A law promises the money back; the house rule knows of none where no payment is on file.
            group.paid &= group.rule != Rule::House || self.surely_paid.contains(&line.order);
            let key = |g: &Group| {
                (g.rule, g.message, g.silence, g.until, g.was, g.date, g.paid, g.refund_by, g.why_cancelled)
            };
            match groups.iter_mut().find(|(g, _)| key(g) == key(&group)) {
                Some((g, lines)) => {
                    g.several = true;
                    g.goods.extend(group.goods);
                    g.ordered_on = g.ordered_on.filter(|on| Some(*on) == group.ordered_on);
                    g.supplier_late |= group.supplier_late;
                    g.orders.extend(group.orders.into_iter().filter(|o| !g.orders.contains(o)).collect::<Vec<_>>());
                    lines.push(line);
                }
                None => groups.push((group, vec![line])),
            }
        }
        let groups = groups.into_iter().map(|(mut group, lines)| {
            if let Some((amount, exact)) = self.refund(&lines, all).filter(|_| group.paid) {
                (group.refund, group.refund_exact) = (Some(amount), exact);
            }
            group
        });
        let name = customer.map(|c| c.name.clone()).unwrap_or_default();
        Facts {
            form,
            language: customer.and_then(|c| c.language.clone()),
            today,
            name: customer.and_then(|c| c.contact_person.clone()).unwrap_or_else(|| name.clone()),
            customer: name,
            operator: self.operator.clone(),
            warehouse: self.warehouse.clone(),
            phone: self.phone.clone(),
            next_on: None,
            offer: None,
            groups: groups.collect(),
        }
    }
}

/// The customer is to be told of a delay of it, or nobody knows whether that was done.
pub fn is_late(line: &WaitingLine) -> bool {
    line.decision.action == Action::Notify || line.decision.row == Row::NotKnown
}

fn group(line: &WaitingLine, date: Option<NaiveDate>) -> Group {
    let decision = &line.decision;
    let (message, silence, until) = notice(decision, date);
    let message = message.unwrap_or(Message::Progress);
    let lost = message == Message::Cancelled;
    let wanted = if line.short.is_positive() && !lost { line.short } else { line.open };
    Group {
        rule: decision.rule,
        message,
        silence,
        until,
        // "The Enamel pot you ordered" reads better than "the 1 Enamel pot".
        goods: vec![match wanted {
            part if part < line.open => format!("{part} (of {}) {}", line.open, line.item_name),
            Qty::ONE => line.item_name.clone(),
            all => format!("{all} {}", line.item_name),
        }],
        several: wanted != Qty::ONE,
        orders: vec![line.order_code.clone()],
        ordered_on: Some(line.ordered_on),
        was: match decision.rule {
            // The day by which the law counts.
            Rule::Us | Rule::Eu | Rule::Uk => Some(decision.commitment_on.unwrap_or(decision.due_on)),
            Rule::House => line.promise,
        },
        date: date.filter(|_| !lost),
        told_on: decision.last_told_on,
        supplier_late: !line.pegged.parts.is_empty(),
        paid: line.paid,
        refund: None,
        refund_exact: false,
        refund_by: decision.refund_by,
        why_cancelled: decision.row.why_cancelled(),
    }
}

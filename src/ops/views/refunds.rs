//! Refunds that are owed after a cancellation: until somebody says that the money went back.

use super::backorders::Terms;
use crate::domain::calendar::{plus_days, plus_working_days};
use crate::domain::delay::{Rule, rule_for};
use crate::domain::ids::{CustomerId, OrderId};
use crate::domain::money::Money;
use crate::store::refunds::{CancelledLine, unsettled};
use crate::store::{Db, Result};
use chrono::NaiveDate;

/// The money that an order's customer is owed for what was cancelled.
#[derive(Clone, PartialEq, Debug)]
pub struct Refund {
    pub order: OrderId,
    pub customer: CustomerId,
    pub order_code: String,
    pub channel: Option<String>,
    pub customer_code: String,
    pub customer_name: String,
    pub contact_person: Option<String>,
    pub phone: Option<String>,
    /// `2 Espresso grinder`, `2 Espresso grinder, +1 line`.
    pub goods: String,
    /// What is still to go back: cancelled x price, of a wholly cancelled order what was paid, less what went back; none
    /// where a price is missing.
    pub amount: Option<Money>,
    /// Parts that went back already.
    pub paid_back: Money,
    /// The amount follows from prices, not from what a file says was paid.
    pub estimate: bool,
    pub cancelled_on: NaiveDate,
    /// The last day for the money to be back.
    pub by: NaiveDate,
    pub rule: Rule,
    pub reason: String,
}

/// What is owed, what is due first on top.
pub fn owed(db: &Db, terms: &Terms) -> Result<Vec<Refund>> {
    let mut refunds: Vec<Refund> = Vec::new();
    for lines in unsettled(db)?.chunk_by(|a, b| a.order == b.order) {
        refunds.extend(of_order(lines, terms));
    }
    refunds.sort_by(|a, b| a.by.cmp(&b.by).then_with(|| a.order_code.cmp(&b.order_code)));
    Ok(refunds)
}

fn of_order(lines: &[CancelledLine], terms: &Terms) -> Option<Refund> {
    let first = lines.first()?;
    let house = terms.warehouse_country.as_deref();
    let rule = rule_for(first.kind, first.country.as_deref(), house, terms.mostly, true, &terms.delay);
    let more = match lines.len() - 1 {
        // `first` is one of them
        0 => String::new(),
        1 => ", +1 line".into(),
        n => format!(", +{n} lines"),
    };
    let by_price = lines.iter().map(|l| l.price.map(|p| p.times(l.quantity))).sum::<Option<Money>>();
    let paid = first.paid_amount.filter(|_| first.whole);
    // What was paid is the most that can go back.
    let most = |owed: Money| first.paid_amount.map_or(owed, |paid| owed.min(paid));
    let owed = paid.or(by_price.map(most)).map(|owed| (owed - first.paid_back).max(Money::ZERO));
    Some(Refund {
        order: first.order,
        customer: first.customer,
        order_code: first.order_code.clone(),
        channel: first.channel.clone(),
        customer_code: first.customer_code.clone(),
        customer_name: first.customer_name.clone(),
        contact_person: first.contact_person.clone(),
        phone: first.phone.clone(),
        goods: format!("{} {}{more}", first.quantity, first.item_name),
        amount: owed,
        paid_back: first.paid_back,
        estimate: paid.is_none(),
        cancelled_on: first.cancelled_on,
        by: lines.iter().map(|l| last_day(l, rule, terms)).min()?,
        rule,
        reason: first.reason.clone(),
    })
}

/// The right to the money arises with the customer's word, else the day after the ship-by date that nobody spoke of
/// in time (us), else with the cancellation: whichever came first.
fn last_day(line: &CancelledLine, rule: Rule, terms: &Terms) -> NaiveDate {
    let mut arose = line.asked_on.map_or(line.cancelled_on, |asked| asked.min(line.cancelled_on));
    if rule != Rule::Us {
        return plus_days(arose, terms.delay.refund_days_eu);
    }
    let stated = line.promised_on.unwrap_or_else(|| plus_days(line.ordered_on, terms.delay.stated_shipping_days));
    if line.told_on.is_none_or(|told| told > stated) {
        arose = arose.min(plus_days(stated, 1));
    }
    plus_working_days(arose, terms.delay.refund_working_days_us, &terms.delay.holidays)
}

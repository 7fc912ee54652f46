//! Orders from before this program of which nobody knows what was told: a person says it.

use super::perform;
use super::settings::Settings;
use super::views::backorders::{self, Terms};
use crate::domain::dates;
use crate::domain::delay::{Message, Row, Rule};
use crate::domain::ids::CustomerId;
use crate::store::not_told::{self, Told};
use crate::store::{Act, Done, Failure, Result, Store, fulfilment};
use chrono::NaiveDate;

/// What a person says of orders from before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// They were told of the delay.
    Told {
        on: NaiveDate,
        /// The date that was said to them; none: that there was none.
        quoted_for: Option<NaiveDate>,
        /// They were told that they may cancel: only then it is a notice under the us rule.
        offered_cancel: bool,
    },
    /// Nobody told them: the rule asks for what it always asks for.
    Nobody,
}

/// Keeps it for every line of these customers of which nothing is known. Refused where nothing is unknown, and for a
/// day that is yet to come or lies before an order.
pub fn say(store: &mut Store, act: Act, who: &[CustomerId], said: &Before) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let today = tx.act().today;
        if let Before::Told { on, .. } = said
            && *on > today
        {
            let day = dates::full(*on, today);
            return Err(Failure::refused(format!("{day} is yet to come: say the day on which they were told.")));
        }
        let board = backorders::load(tx, &Terms::of(&Settings::load(tx)?), today)?;
        let unknown = board.lines.iter().filter(|l| l.decision.row == Row::NotKnown && who.contains(&l.customer));
        let (mut lines, mut orders, mut customers) = (0, Vec::new(), Vec::new());
        for waiting in unknown {
            match *said {
                Before::Told { on, quoted_for, offered_cancel } => {
                    if on < waiting.ordered_on {
                        return Err(Failure::refused(format!(
                            "{} was ordered on {}, after that day. Say a later day, or choose its customer alone.",
                            waiting.order_code,
                            dates::full(waiting.ordered_on, today)
                        )));
                    }
                    let message = message(waiting.decision.rule, quoted_for).name();
                    let line = fulfilment::order_line(tx, waiting.line)?;
                    not_told::told(tx, &line, Told { on, message, quoted_for, offered_cancel })?;
                }
                Before::Nobody if orders.contains(&waiting.order) => {}
                Before::Nobody => not_told::nobody(tx, waiting.order)?,
            }
            lines += 1;
            orders.push(waiting.order);
            if !customers.contains(&waiting.customer_name) {
                customers.push(waiting.customer_name.clone());
            }
        }
        let who = match customers.as_slice() {
            [] => return Err(Failure::refused("Of these it is known already what they were told.")),
            [one] => one.clone(),
            many => format!("{} customers", many.len()),
        };
        let about = if lines == 1 { "1 line".into() } else { format!("{lines} lines") };
        tx.summarise(match said {
            Before::Told { on, .. } => format!("{who} had been told about {about} on {}", dates::short(*on, today)),
            Before::Nobody => format!("nobody had told {who} about {about}"),
        });
        Ok(())
    })
}

/// What such a word was under the rule. The date quoted decides how long a notice was, not this label.
fn message(rule: Rule, quoted_for: Option<NaiveDate>) -> Message {
    match (rule, quoted_for) {
        (Rule::Us, Some(_)) => Message::FirstShort,
        (Rule::Us, None) => Message::FirstUnknown,
        (Rule::Eu | Rule::Uk, _) => Message::NewDate,
        (Rule::House, _) => Message::Delay,
    }
}

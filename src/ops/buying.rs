//! What a buyer decides beside orders: that a large order was a project, whose history an item inherits, and that the
//! program's level is to stand in place of a typed one; and who sells an item.

mod changing;
mod level;
mod selling;

pub use changing::{change, still_as_seen};
pub use level::{KeptBy, go_by_the_program, set_level};
pub use selling::{NewSeller, add_seller, set_terms};

use super::perform;
use crate::domain::dates;
use crate::domain::demand::Season;
use crate::domain::ids::{ItemId, LineId};
use crate::domain::quantity::Qty;
use crate::store::plans::ItemRule;
use crate::store::{Act, Db, Done, Failure, Result, Store, past_demand, plans, purchases, scanning};

/// A large order was a project: it stays in the record and leaves the forecast. Undo brings it back.
pub fn call_a_project(store: &mut Store, act: Act, line: LineId, reason: &str) -> Result<Done<()>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::refused("Say what it was: the next person will want to know why it does not count."));
    }
    perform(store, act, |tx| {
        let found = past_demand::large_line(tx, line)?
            .ok_or_else(|| Failure::refused("That order line is not there any more. Read the list again (F5)."))?;
        if found.project {
            return Err(Failure::refused(format!("{} is called a project already.", found.order)));
        }
        past_demand::call_a_project(tx, line, reason)?;
        tx.touch(found.item);
        tx.summarise(format!(
            "called {} {} of {} for {} ({}) a project: {reason}",
            found.quantity,
            found.item_name,
            found.order,
            found.customer,
            dates::full(found.ordered_on, tx.act().today)
        ));
        Ok(())
    })
}

/// A line that was called a project is demand like any other again.
pub fn call_no_project(store: &mut Store, act: Act, line: LineId) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let found = past_demand::large_line(tx, line)?.filter(|found| found.project);
        let found = found.ok_or_else(|| Failure::refused("That line is called no project now. Read it again (F5)."))?;
        past_demand::call_no_project(tx, line)?;
        tx.touch(found.item);
        tx.summarise(format!("{} {} of {} count as demand again", found.quantity, found.item_name, found.order));
        Ok(())
    })
}

/// What was put off is suggested again from today on.
pub fn suggest_again(store: &mut Store, act: Act, item: ItemId) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let today = tx.act().today;
        let sku = plans::sku(tx, item)?;
        if purchases::put_off_until(tx, item)?.is_none_or(|until| until <= today) {
            return Err(Failure::refused(format!("{sku} is not put off any more. Read the list again (F5).")));
        }
        purchases::put_off(tx, item, today, "suggested again")?;
        tx.summarise(format!("{sku} is suggested again from today on"));
        Ok(())
    })
}

/// The item of a SKU that a person typed.
pub fn item_named(db: &Db, sku: &str) -> Result<ItemId> {
    let sku = sku.trim();
    let missing = || Failure::refused(format!("There is no item {sku}. Type its SKU as it stands on 1 Stock."));
    scanning::by_sku(db, sku)?.ok_or_else(missing)
}

/// An item inherits what customers ordered of another, which it follows; a blank SKU: of none any more.
pub fn inherit(store: &mut Store, act: Act, item: ItemId, from: &str) -> Result<Done<()>> {
    let from = from.trim();
    perform(store, act, |tx| {
        let own = plans::sku(tx, item)?;
        tx.touch(item);
        if from.is_empty() {
            past_demand::inherit(tx, item, None)?;
            tx.summarise(format!("{own} stands on its own history"));
            return Ok(());
        }
        let older = item_named(tx, from)?;
        if older == item {
            return Err(Failure::refused("An item cannot follow itself. Type the SKU of the one that it replaces."));
        }
        let follows = past_demand::successions(tx)?;
        let mut at = older;
        while let Some((_, next)) = follows.iter().find(|f| f.0 == at) {
            if *next == item {
                return Err(Failure::refused(format!(
                    "{from} follows {own} already: that would go round in a circle."
                )));
            }
            at = *next;
        }
        past_demand::inherit(tx, item, Some(older))?;
        tx.summarise(format!("{own} takes over from {from}, with what customers ordered of it"));
        Ok(())
    })
}

/// What a person says about planning an item: a fixed lead time, how long it keeps, its season, what is expected to sell; with a supplier only
/// where it is bought there. A rule that says nothing takes the former one away.
pub fn set_rule(store: &mut Store, act: Act, item: ItemId, rule: &ItemRule) -> Result<Done<()>> {
    set_rules(store, act, item, std::slice::from_ref(rule))
}

/// The same for several rules of an item, in one deed.
pub fn set_rules(store: &mut Store, act: Act, item: ItemId, rules: &[ItemRule]) -> Result<Done<()>> {
    rules.iter().try_for_each(sound)?;
    perform(store, act, |tx| {
        let mut changed = Vec::new();
        for rule in rules {
            if plans::put_rule(tx, item, rule)? {
                changed.push(rule);
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        tx.touch(item);
        let sku = plans::sku(tx, item)?;
        let mut says = Vec::new();
        for rule in changed {
            let whose = match rule.supplier {
                Some(supplier) => format!(" from {}", plans::supplier_code(tx, supplier)?),
                None => String::new(),
            };
            says.extend(rule.lead_days.map(|days| format!("{days} days of lead time{whose}, fixed")));
            says.extend(rule.shelf_days.map(|days| format!("keeps {days} days")));
            says.extend(rule.season.as_ref().map(|text| format!("season {text}")));
            says.extend(
                rule.expects.map(|e| format!("{} a month expected, for {} months of sales", e.month, e.months)),
            );
        }
        tx.summarise(match says.is_empty() {
            true => format!("{sku} is planned without a rule of its own"),
            false => format!("{sku} is planned with {}", says.join(", ")),
        });
        Ok(())
    })
}

/// More than any item sells.
const MOST_A_MONTH: Qty = Qty::from_thousandths(1_000_000_000_000);

/// Whether a rule can be meant.
fn sound(rule: &ItemRule) -> Result<()> {
    if rule.lead_days.is_some_and(|days| !(0..=730).contains(&days)) {
        return Err(Failure::refused("A lead time is 0 to 730 days."));
    }
    if rule.shelf_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
        return Err(Failure::refused("How long it keeps is given in days, at least 1."));
    }
    if rule.season.as_deref().is_some_and(|text| Season::parse(text).is_none()) {
        return Err(Failure::refused(
            "A season is twelve factors, January first, each from 0.1 to 10: 0.8 0.8 1 1 1 1 1 1 1 1.2 1.5 1.7.",
        ));
    }
    if rule.expects.is_some_and(|e| !e.month.is_positive() || e.month > MOST_A_MONTH) {
        return Err(Failure::refused(
            "What you expect to sell is a number a month, above 0 and at most 1,000,000,000.",
        ));
    }
    if rule.expects.is_some_and(|e| !(1..=36).contains(&e.months)) {
        return Err(Failure::refused("What you expect counts for as much as 1 to 36 months of sales."));
    }
    if rule.supplier.is_some() && (rule.shelf_days.is_some() || rule.season.is_some() || rule.expects.is_some()) {
        return Err(Failure::refused(
            "How long it keeps, its season and what you expect are the item's, whoever brings it.",
        ));
    }
    Ok(())
}

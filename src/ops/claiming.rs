//! Claiming rejected goods from a supplier, and what the claim comes to. What he replaces is owed on a PO of its own, at
//! no price, from the day on which he said so: so customers are promised it and the next delivery finds it.

use super::perform;
use super::purchasing::telling::{self, Told};
use crate::domain::claim::Settled;
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::domain::money::Money;
use crate::domain::purchase::SaidBy;
use crate::store::chasing::{self, Said};
use crate::store::claims::{self, Claim};
use crate::store::po::{self, Po};
use crate::store::{Act, Done, Failure, Result, Store, Tx, purchases};
use chrono::NaiveDate;

/// How a claim ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settling {
    pub po: PoId,
    pub how: Settled,
    /// The day on which the replacement comes; for that alone.
    pub day: Option<NaiveDate>,
    /// Who said so, the number of the credit note, why not.
    pub words: String,
}

fn open(tx: &Tx, po: PoId) -> Result<(Po, Claim)> {
    let gone = || Failure::refused("That purchase order is not there any more. Read the list again (F5).");
    let order = po::find(tx, po)?.ok_or_else(gone)?;
    let claim = claims::open_of(tx, po, order.supplier, tx.act().today)?;
    let claim = claim.ok_or_else(|| {
        Failure::refused(format!("Nothing rejected on {} waits to be settled. Read the list again (F5).", order.code))
    })?;
    Ok((order, claim))
}

/// `3 Chang`, `3 Chang and 1 more line`.
fn goods(claim: &Claim) -> String {
    let first = claim.lines.first().map_or(String::new(), |l| format!("{} {}", l.quantity, l.item_name));
    match claim.lines.len().saturating_sub(1) {
        0 => first,
        1 => format!("{first} and 1 more line"),
        n => format!("{first} and {n} more lines"),
    }
}

/// Keeps that rejected goods were claimed, and queues the mail.
pub fn claim(store: &mut Store, act: Act, po: PoId, told: &Told) -> Result<Done<()>> {
    perform(store, act, |tx| {
        let (order, claim) = open(tx, po)?;
        let mailed = telling::claim(tx, &order, told)?;
        tx.summarise(format!("claimed {} on {} from {}{mailed}", goods(&claim), order.code, order.supplier_name));
        Ok(())
    })
}

/// Keeps what a claim came to. Goods that are replaced are ordered at no price for the day named; answers that PO.
pub fn settle(store: &mut Store, act: Act, settling: &Settling) -> Result<Done<Option<PoId>>> {
    perform(store, act, |tx| {
        let (order, claim) = open(tx, settling.po)?;
        let today = tx.act().today;
        let words = Some(settling.words.trim()).filter(|w| !w.is_empty());
        let replacement = match (settling.how, settling.day) {
            (Settled::Replaced, None) => {
                return Err(Failure::refused("Name the day on which the replacement comes, as +7, fri or 2.12."));
            }
            (Settled::Replaced, Some(day)) if day < today => {
                return Err(Failure::refused(format!("{day} is past. Give the day on which the replacement comes.")));
            }
            (Settled::Replaced, Some(day)) => Some((replace(tx, &order, &claim, day, words)?, day)),
            _ => None,
        };
        if settling.how == Settled::Refused && words.is_none() {
            return Err(Failure::refused("Say what they said: why they refuse it."));
        }
        let said = Said {
            answer: Some(words.unwrap_or(settling.how.words())),
            new_date: replacement.as_ref().map(|(_, day)| *day),
            about: Some("claim"),
            settled: Some(settling.how.name()),
            ..Said::default()
        };
        chasing::add(tx, order.id, &said)?;
        let goods = goods(&claim);
        let (name, code) = (&order.supplier_name, &order.code);
        tx.summarise(match (settling.how, &replacement) {
            (Settled::Replaced, Some(((_, new), day))) => {
                format!("{name} replaces {goods} of {code} on {new}, {}", dates::full(*day, today))
            }
            (Settled::Refused, _) => format!("{name} refuses the claim for {goods} of {code}"),
            (Settled::Dropped, _) => format!("{goods} rejected on {code} are not claimed"),
            _ => format!("{name} credits {goods} of {code}"),
        });
        Ok(replacement.map(|((po, _), _)| po))
    })
}

/// The PO on which the goods come once more. It has no day of order: what it teaches of lead times would be of
/// replacements.
fn replace(tx: &mut Tx, order: &Po, claim: &Claim, day: NaiveDate, words: Option<&str>) -> Result<(PoId, String)> {
    let today = tx.act().today;
    let po = purchases::new_draft(tx, order.supplier)?;
    for line in &claim.lines {
        purchases::add_to_draft(tx, po, line.item, line.quantity, Some(Money::ZERO))?;
    }
    purchases::set_status(tx, po, "confirmed", None, Some(today))?;
    po::set_terms(tx, po, None, Some(&format!("replaces what was rejected on {}", order.code)))?;
    let gone = || Failure::refused("That purchase order is not there any more. Read the list again (F5).");
    let made = po::find(tx, po)?.ok_or_else(gone)?;
    for line in &made.lines {
        po::say_date(tx, line, day, Some(day), (SaidBy::Supplier, words))?;
    }
    Ok((po, made.code))
}

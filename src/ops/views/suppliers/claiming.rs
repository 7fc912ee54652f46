//! Rejected goods that are not settled: what is said of them, and what is to be done next.

use crate::domain::chase::Terms;
use crate::domain::claim::due_on;
use crate::domain::dates;
use crate::domain::ids::SupplierId;
use crate::store::claims::{self, Claim};
use crate::store::suppliers::Supplier;
use crate::store::{Db, Result};
use chrono::NaiveDate;

/// A claim with its next day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenClaim {
    pub claim: Claim,
    /// When somebody should claim it, or ask again.
    pub next_on: NaiveDate,
    /// That day has come.
    pub to_ask: bool,
}

/// The open claims of a supplier, or of all, the oldest first.
pub fn open_claims(db: &Db, supplier: Option<SupplierId>, terms: &Terms, today: NaiveDate) -> Result<Vec<OpenClaim>> {
    let with_day = |claim: Claim| {
        let next_on = due_on(claim.since, claim.asked_on, terms);
        OpenClaim { next_on, to_ask: next_on <= today, claim }
    };
    let mut found: Vec<OpenClaim> = claims::open(db, supplier, today)?.into_iter().map(with_day).collect();
    found.sort_by_key(|c| (c.claim.since, c.claim.po));
    Ok(found)
}

impl OpenClaim {
    /// `3 rejected on PO-73 (45.60), not claimed yet`, `3 rejected on PO-73 (45.60), claimed Mon 23 Nov, no answer`.
    pub fn sentence(&self, today: NaiveDate) -> String {
        let worth = self.claim.worth().map(|w| format!(" ({w})")).unwrap_or_default();
        let asked = match self.claim.asked_on {
            Some(on) => format!("claimed {}, no answer", dates::full(on, today)),
            None => "not claimed yet".into(),
        };
        format!("{} rejected on {}{worth}, {asked}", self.claim.quantity(), self.claim.code)
    }

    /// What to do about it today.
    pub(super) fn words(&self, supplier: &Supplier) -> String {
        let person = supplier.contact_person.as_deref().unwrap_or(&supplier.name);
        let (quantity, code) = (self.claim.quantity(), &self.claim.code);
        match self.claim.asked_on {
            None => format!("Claim {quantity} rejected on {code} from {person} (t): replacement or credit?"),
            Some(_) => format!("Ask {person} again about {quantity} rejected on {code} (t): no answer yet."),
        }
    }
}

/// What is said of a supplier's claims; empty where there are none. Beside POs under way in few words.
pub(super) fn now(claims: &[OpenClaim], beside: bool, today: NaiveDate) -> String {
    let Some(first) = claims.first() else { return String::new() };
    let more = if claims.len() > 1 { format!(", {} more", claims.len() - 1) } else { String::new() };
    match beside {
        true => format!("{} rejected on {}{more}.", first.claim.quantity(), first.claim.code),
        false => format!("{}{more}.", first.sentence(today)),
    }
}

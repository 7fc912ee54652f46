//! What the catalogue as a whole taught: kept beside the plans, so that one changed item is planned anew by itself with
//! the same figures, and `backshelf check` can prove every kept plan.

use super::leads::Leads;
use crate::domain::counting::{self, Class};
use crate::domain::demand::Grid;
use crate::domain::forecast::{Habits, Prior};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::lateness::Delivery;
use crate::domain::lead_time::{LeadTimes, Waits};
use crate::domain::money::Money;
use crate::store::plan_basis::{self, BasisRow, SupplierRow};
use crate::store::{Db, Result};
use chrono::NaiveDate;
use std::collections::HashMap;

/// Everything that is kept of a planning as a whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Basis {
    pub row: BasisRow,
    pub priors: Vec<(String, Prior)>,
    pub suppliers: Vec<SupplierRow>,
}

impl Basis {
    /// From what was just learned; chances and classes are found with it and added afterwards.
    pub(super) fn of(today: NaiveDate, grid: Grid, operation: i64, habits: &Habits, leads: &Leads) -> Basis {
        let learned = leads.learned();
        let mut suppliers: Vec<SupplierRow> = learned
            .suppliers()
            .map(|(supplier, waits)| SupplierRow { supplier, waits: waits.to_text(), sure: leads.sure(supplier) })
            .collect();
        suppliers.sort_by_key(|s| s.supplier);
        let mut priors: Vec<(String, Prior)> = habits.by_category().map(|(name, p)| (name.to_string(), p)).collect();
        priors.sort_by(|a, b| a.0.cmp(&b.0));
        let row = BasisRow {
            planned_on: today,
            grid,
            after_operation: operation,
            known_operation: operation,
            whole: habits.whole(),
            chances: [0.0; 3],
            class_from: [i64::MAX; 2],
            cancel_rate: 0.0,
            pool: learned.pool_text(),
            slips: learned.slips_text(),
        };
        Basis { row, priors, suppliers }
    }

    /// The kept one, with what is needed for items of these categories and suppliers; `None` while nothing was planned.
    pub(super) fn load_for<'a>(
        db: &Db,
        categories: impl Iterator<Item = &'a str>,
        suppliers: impl Iterator<Item = SupplierId>,
    ) -> Result<Option<Basis>> {
        let Some(row) = plan_basis::load(db)? else { return Ok(None) };
        let mut basis = Basis { row, priors: Vec::new(), suppliers: Vec::new() };
        for category in categories {
            if basis.priors.iter().all(|p| p.0 != category)
                && let Some(prior) = plan_basis::prior_of(db, category)?
            {
                basis.priors.push((category.to_string(), prior));
            }
        }
        for supplier in suppliers {
            if basis.suppliers.iter().all(|s| s.supplier != supplier) {
                basis.suppliers.extend(plan_basis::supplier(db, supplier)?);
            }
        }
        Ok(Some(basis))
    }

    pub(super) fn habits(&self) -> Habits {
        Habits::taken_up(self.row.whole, self.priors.iter().cloned())
    }

    /// Lead times; `lines` are those of the items to be planned.
    pub(super) fn leads(&self, lines: &[Delivery], review_days: f64) -> Leads {
        let waits = self.suppliers.iter().map(|s| (s.supplier, Waits::from_text(&s.waits)));
        let row = &self.row;
        let learned = LeadTimes::taken_up(&row.pool, &row.slips, waits, lines, row.planned_on);
        let sure: HashMap<SupplierId, f64> =
            self.suppliers.iter().filter_map(|s| Some((s.supplier, s.sure?))).collect();
        Leads::new(learned, sure, row.grid.days() as f64, review_days)
    }

    /// The class of what sells for so much a year.
    pub(super) fn class_of(&self, yearly: Option<Money>) -> Class {
        let value = yearly.map_or(0, Money::ten_thousandths);
        let [a, b] = self.row.class_from;
        match value {
            _ if value <= 0 => Class::C,
            _ if value >= a => Class::A,
            _ if value >= b => Class::B,
            _ => Class::C,
        }
    }

    /// Keeps it. Call it inside [`crate::store::Store::keep`].
    pub(super) fn keep(&self, db: &Db) -> Result<()> {
        plan_basis::keep(db, &self.row, &self.priors, &self.suppliers)
    }
}

/// The yearly values from which an item is A, and B: see [`counting::classes`].
pub(super) fn class_limits(used: &[(ItemId, Money)]) -> [i64; 2] {
    let classes = counting::classes(used);
    let least = |class: Class| {
        let of = used.iter().filter(|u| classes.get(&u.0) == Some(&class));
        of.map(|u| u.1.ten_thousandths()).min()
    };
    let a = least(Class::A).unwrap_or(i64::MAX);
    [a, least(Class::B).unwrap_or(a)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_begins_at_its_least_value() {
        let used: Vec<(ItemId, Money)> = [800, 150, 20, 20, 10]
            .into_iter()
            .enumerate()
            .map(|(n, v)| (ItemId(n as i64), Money::from_f64(f64::from(v))))
            .collect();
        let [a, b] = class_limits(&used);
        assert_eq!((a, b), (8_000_000, 1_500_000));
        assert_eq!(class_limits(&[]), [i64::MAX; 2]);
    }
}

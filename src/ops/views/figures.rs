//! One supplier's figures in any window, and the cases behind each.

use super::suppliers::{card_of, measure};
use crate::domain::ids::{ItemId, SupplierId};
use crate::domain::scorecard::{Behind, Conduct, Figure, Measure, Scorecard, behind};
use crate::ops::settings::Settings;
use crate::store::suppliers::{conduct, deliveries_of, quoted_days};
use crate::store::{Db, Result, chasing, supplier_sums};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The figures of a supplier.
#[derive(Clone, PartialEq, Debug)]
pub struct Figures {
    pub supplier: SupplierId,
    pub card: Scorecard,
    /// How they were measured.
    pub measure: Measure,
    /// Days that the supplier says it takes.
    pub quoted_days: Option<i64>,
}

/// A case, its item by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    pub behind: Behind,
    pub item_name: String,
}

fn in_window(db: &Db, window_days: Option<i64>) -> Result<Measure> {
    let usual = measure(&Settings::load(db)?);
    Ok(Measure { window_days: window_days.unwrap_or(usual.window_days), ..usual })
}

/// Reads the figures; `window_days`: another window than the settings say, 0 for all.
pub fn load(db: &Db, supplier: SupplierId, window_days: Option<i64>, today: NaiveDate) -> Result<Figures> {
    let measure = in_window(db, window_days)?;
    let card = card_of(db, supplier, &measure, today)?;
    Ok(Figures { supplier, card, measure, quoted_days: quoted_days(db, supplier)? })
}

/// The cases behind one figure, bad ones first.
pub fn cases(
    db: &Db,
    supplier: SupplierId,
    figure: Figure,
    window_days: Option<i64>,
    today: NaiveDate,
) -> Result<Vec<Case>> {
    let measure = in_window(db, window_days)?;
    let noted = supplier_sums::noted(db)?;
    let since = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let conduct: Conduct = conduct(db, Some(supplier), since)?.remove(&supplier).unwrap_or_default();
    let names: HashMap<ItemId, (String, String)> = chasing::goods_of(db, supplier)?;
    let found = behind(figure, &deliveries_of(db, supplier)?, &conduct, noted, &measure, today);
    let named = |behind: Behind| {
        let item = behind.item.and_then(|item| names.get(&item));
        Case { item_name: item.map(|(_, name)| name.clone()).unwrap_or_default(), behind }
    };
    Ok(found.into_iter().map(named).collect())
}

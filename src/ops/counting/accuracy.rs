//! How exact the books were found to be: per bin, class and counter, from every posted count that stands.

use super::scope::all_classes;
use crate::domain::counting::{Accuracy, Class};
use crate::exchange::sheet::{Sheet, Value};
use crate::store::counting as store;
use crate::store::{Db, Result};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// By what counts are put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    Bin,
    Class,
    Counter,
}

/// The accuracy of each bin, class or counter over the last `days`, by name.
pub fn accuracy(db: &Db, by: By, today: NaiveDate, days: u64) -> Result<Vec<(String, Accuracy)>> {
    let since = today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let classes = if by == By::Class { all_classes(db, today)? } else { Default::default() };
    let mut found: BTreeMap<String, Accuracy> = BTreeMap::new();
    for count in store::posted_counts(db, since)? {
        let name = match by {
            By::Bin => count.bin,
            By::Counter => count.operator,
            By::Class => classes.get(&count.item).copied().unwrap_or(Class::C).letter().to_string(),
        };
        found.entry(name).or_default().add(count.book, count.counted);
    }
    Ok(found.into_iter().collect())
}

/// The same as a table.
pub fn sheet(rows: &[(String, Accuracy)]) -> Sheet {
    let row = |(name, a): &(String, Accuracy)| {
        vec![
            Value::text(name.clone()),
            Value::Count(a.counts as i64),
            Value::Count(a.right as i64),
            Value::Quantity(a.book),
            Value::Quantity(a.off),
            a.share().map_or(Value::None, Value::Rate),
        ]
    };
    Sheet {
        name: "accuracy",
        columns: vec!["name", "counts", "right", "book", "off", "accuracy"],
        rows: rows.iter().map(row).collect(),
    }
}

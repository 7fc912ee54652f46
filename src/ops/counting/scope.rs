//! What a count is to look at, and what the schedule asks for today.

use super::class_days;
use super::store::{Place, scoping};
use crate::domain::counting::{Class, Scope, bin_wanted, classes, is_due};
use crate::domain::ids::{BinId, ItemId};
use crate::ops::settings::Settings;
use crate::store::{Db, Result, goods};
use chrono::{Days, NaiveDate};
use std::collections::{BTreeSet, HashMap};

/// Over how many days back the value of use is measured.
const USE_DAYS: u64 = 365;
/// How long an emptied bin is worth a look.
const EMPTIED_DAYS: u64 = 30;
/// Places that the schedule asks for on one day: nobody counts more.
const DUE_AT_MOST: usize = 60;
/// Seconds to count a line until this warehouse's own counts say better.
const SECONDS_A_LINE: i64 = 30;

/// What a scope comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Preview {
    pub bins: usize,
    /// Items in bins; whole bins count what the book says lies there.
    pub lines: usize,
    pub minutes: i64,
    /// Where it begins.
    pub first: Vec<String>,
}

/// The classes of all items that were used, by the value of what was shipped in a year.
pub fn all_classes(db: &Db, today: NaiveDate) -> Result<HashMap<ItemId, Class>> {
    let since = today.checked_sub_days(Days::new(USE_DAYS)).unwrap_or(today);
    Ok(classes(&scoping::used_since(db, since)?))
}

/// The places of a scope, in the order of the bins.
pub fn places(db: &Db, scope: &Scope, today: NaiveDate) -> Result<Vec<Place>> {
    let with_item = |(bin, item, _): &(BinId, ItemId, Option<NaiveDate>)| (*bin, Some(*item));
    let mut found: Vec<Place> = match scope {
        Scope::Anything => Vec::new(),
        Scope::Bins(which) => scoping::bins(db)?
            .into_iter()
            .filter(|(_, code)| bin_wanted(which, code))
            .map(|(bin, _)| (bin, None))
            .collect(),
        Scope::Category(name) => scoping::of_category(db, name)?,
        Scope::Class(class) => {
            let classes = all_classes(db, today)?;
            let of = |item: &ItemId| classes.get(item).copied().unwrap_or(Class::C);
            scoping::last_counted(db)?.iter().filter(|p| of(&p.1) == *class).map(with_item).collect()
        }
        Scope::NotFor(days) => {
            let before = |on: NaiveDate| (today - on).num_days() >= *days;
            scoping::last_counted(db)?.iter().filter(|p| p.2.is_none_or(before)).map(with_item).collect()
        }
        Scope::Never => scoping::last_counted(db)?.iter().filter(|p| p.2.is_none()).map(with_item).collect(),
        Scope::Emptied => scoping::emptied(db, today.checked_sub_days(Days::new(EMPTIED_DAYS)).unwrap_or(today))?,
        Scope::Short => scoping::short(db)?,
        Scope::Due => due(db, today)?,
    };
    let order: HashMap<BinId, usize> = scoping::bins(db)?.iter().enumerate().map(|(at, (bin, _))| (*bin, at)).collect();
    found.sort_by_key(|(bin, item)| (order.get(bin).copied(), *item));
    found.dedup();
    Ok(found)
}

/// The bins in which the book says less than nothing, with the item.
pub fn below_zero(db: &Db) -> Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    for (bin, item) in scoping::below_zero(db)? {
        let Some(item) = item else { continue };
        out.push((goods::bin(db, bin)?.code, goods::item(db, item)?.name));
    }
    out.sort();
    Ok(out)
}

/// What is to be counted today: where the book is below zero, whatever the schedule says; and what the schedule asks
/// for, the places longest not counted first, no more than somebody counts in a day.
fn due(db: &Db, today: NaiveDate) -> Result<Vec<Place>> {
    let mut out = scoping::below_zero(db)?;
    let days = class_days(Settings::load(db)?.value("counting.days")).unwrap_or_default();
    if days.is_empty() {
        return Ok(out);
    }
    let classes = all_classes(db, today)?;
    let of = |item: &ItemId| classes.get(item).copied().unwrap_or(Class::C);
    let mut due: Vec<(Class, Option<NaiveDate>, Place)> = scoping::last_counted(db)?
        .into_iter()
        .filter(|(_, item, last)| is_due(of(item), *last, &days, today))
        .map(|(bin, item, last)| (of(&item), last, (bin, Some(item))))
        .collect();
    due.sort();
    due.truncate(DUE_AT_MOST);
    out.extend(due.into_iter().map(|d| d.2).filter(|place| !out.contains(place)).collect::<Vec<_>>());
    Ok(out)
}

/// How much there is to look at, and how long it takes.
pub fn preview(db: &Db, scope: &Scope, today: NaiveDate) -> Result<Preview> {
    weigh(db, &places(db, scope, today)?)
}

/// How much there is to look at in these places.
fn weigh(db: &Db, places: &[Place]) -> Result<Preview> {
    let bins: BTreeSet<BinId> = places.iter().map(|p| p.0).collect();
    let mut lines = 0;
    for (bin, item) in places {
        lines += match item {
            Some(_) => 1,
            None => super::store::book_of_bin(db, *bin)?.iter().filter(|(_, q)| !q.is_zero()).count(),
        };
    }
    let seconds = scoping::seconds_a_line(db)?.unwrap_or(SECONDS_A_LINE);
    let mut first: Vec<String> = Vec::new();
    for (bin, _) in places {
        let code = goods::bin(db, *bin)?.code;
        if !first.contains(&code) {
            first.push(code);
        }
        if first.len() >= 4 {
            break;
        }
    }
    Ok(Preview { bins: bins.len(), lines, minutes: (lines as i64 * seconds + 59) / 60, first })
}

/// Why there is nothing to look at.
pub fn nothing(scope: &Scope) -> String {
    match scope {
        Scope::Anything => String::new(),
        Scope::Bins(which) => {
            format!("No bin is called {which}. Type codes, beginnings or ranges: A1 C2-11 D1-01..D1-09.")
        }
        Scope::Category(name) => format!("Nothing of the category {name} lies anywhere. Choose another."),
        Scope::Class(class) => format!("Nothing of class {} lies anywhere. Choose another.", class.letter()),
        Scope::NotFor(days) => format!("Everything was counted within {days} days. Type fewer days."),
        Scope::Never => "Everything that lies in a bin was counted before.".into(),
        Scope::Emptied => "No bin was emptied by a pick and not looked at since.".into(),
        Scope::Short => "Nobody waits for anything that the book says is there.".into(),
        Scope::Due => "No count is due today. The schedule is the setting counting.days.".into(),
    }
}

//! What customers ordered of an item, bucket by bucket of the grid that plans are made on: all channels together, each
//! apart, and what of it the forecast reads.

use crate::domain::demand::{Demand, Grid};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::Value;
use crate::ops::planning;
use crate::store::past_demand::{self, LargeLine};
use crate::store::{Db, Result, plan_basis, plans};
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashMap};

/// Large orders that are told.
const LARGE: i64 = 6;

/// What the forecast makes of a bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counts {
    /// What was ordered.
    AsOrdered,
    /// As if so much had been ordered: it could be had on a part of the days only, or its season is taken out.
    As(Qty),
    /// It was out on all of its days and nobody ordered: that says nothing of what is wanted.
    Nothing,
}

/// A week, or a month of 30 days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bucket {
    /// Its first and its last day.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// All channels together, less what came back.
    pub all: Qty,
    /// Each channel, in the order of [`ItemDemand::channels`]: together they are `all`.
    pub by: Vec<Qty>,
    /// On so many of its days nothing was there at the day's end.
    pub out_days: i64,
    pub counts: Counts,
}

/// The demand of one item.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemDemand {
    pub grid: Grid,
    /// The sales channels, that of most pieces first; blank: orders that name none.
    pub channels: Vec<String>,
    /// The newest first. Time before it was first listed is unknown, and not here.
    pub buckets: Vec<Bucket>,
    /// The SKUs whose history is in it beside its own.
    pub inherits: Vec<String>,
    /// Lines that were called a project and are left out, then the largest that count.
    pub large: Vec<LargeLine>,
}

impl Default for ItemDemand {
    fn default() -> ItemDemand {
        let (channels, buckets, inherits, large) = Default::default();
        ItemDemand { grid: Grid::Weeks, channels, buckets, inherits, large }
    }
}

impl ItemDemand {
    /// Several channels sell it: then each apart tells more than all together.
    pub fn is_split(&self) -> bool {
        self.channels.len() > 1
    }
    /// The name of a channel as a person reads it.
    pub fn name(&self, channel: usize) -> &str {
        match self.channels.get(channel).map_or("", String::as_str) {
            "" => "no channel",
            name => name,
        }
    }
    /// What was ordered in each of the last buckets, the oldest first, with its first day: by one channel, else by all.
    pub fn last(&self, most: usize, channel: Option<usize>) -> Vec<(NaiveDate, Qty)> {
        let of = |b: &Bucket| channel.map_or(b.all, |c| b.by.get(c).copied().unwrap_or(Qty::ZERO));
        let mut out: Vec<_> = self.buckets.iter().take(most).map(|b| (b.from, of(b))).collect();
        out.reverse();
        out
    }
    /// What was ordered in a year: all together, and by each channel.
    pub fn year(&self) -> (Qty, Vec<Qty>) {
        let year = || self.buckets.iter().take(self.grid.a_year());
        let by = (0..self.channels.len()).map(|c| year().filter_map(|b| b.by.get(c).copied()).sum());
        (year().map(|b| b.all).sum(), by.collect())
    }
}

/// The grid on which the catalogue is planned; weeks where nothing was planned yet.
fn grid(db: &Db) -> Result<Grid> {
    Ok(plan_basis::load(db)?.map_or(Grid::Weeks, |basis| basis.grid))
}

/// The demand of an item, up to today; nothing of an item that is gone.
pub fn of(db: &Db, item: ItemId, today: NaiveDate) -> Result<ItemDemand> {
    let grid = grid(db)?;
    let Some((demand, line)) = planning::demand_of_item(db, today, item)? else { return Ok(ItemDemand::default()) };
    let mut parts: HashMap<String, HashMap<i64, i64>> = HashMap::new();
    for item in &line {
        take(db, today, *item, grid, &mut parts)?;
    }
    let mut channels: Vec<(i64, String)> =
        parts.iter().map(|(name, days)| (days.values().sum(), name.clone())).collect();
    channels.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let channels: Vec<String> = channels.into_iter().map(|c| c.1).collect();
    let history = demand.history(grid);
    let sold: HashMap<u32, f64> = history.sales.iter().copied().collect();
    let days = grid.days();
    let mut all: HashMap<i64, i64> = HashMap::new();
    for (day, quantity) in &demand.days {
        *all.entry(i64::from(*day) / days).or_default() += quantity;
    }
    let bucket = |age: u32| {
        let at = i64::from(age);
        let sum = Qty::from_thousandths(all.get(&at).copied().unwrap_or(0));
        let read = sold.get(&age).map(|units| Qty::from_f64(units * demand.unit as f64 / 1000.0));
        let counts = match read {
            _ if history.missing.contains(&age) => Counts::Nothing,
            Some(read) if read != sum => Counts::As(read),
            _ => Counts::AsOrdered,
        };
        let [to, from] = ends(&demand, today, grid, at);
        let of = |name: &String| parts.get(name).and_then(|days| days.get(&at)).copied().unwrap_or(0);
        let by = channels.iter().map(|name| Qty::from_thousandths(of(name))).collect();
        Bucket {
            from,
            to,
            all: sum,
            by,
            out_days: demand.days_out((today - to).num_days(), (today - from).num_days()),
            counts,
        }
    };
    let buckets = (0..history.listed).map(bucket).collect();
    let since = back(today, days * i64::from(history.listed));
    let mut inherits = Vec::new();
    for older in line.iter().skip(1) {
        inherits.push(plans::sku(db, *older)?);
    }
    Ok(ItemDemand { grid, channels, buckets, inherits, large: past_demand::large_lines(db, item, since, LARGE)? })
}

fn back(today: NaiveDate, days: i64) -> NaiveDate {
    today.checked_sub_days(Days::new(days.max(0) as u64)).unwrap_or(today)
}

/// The last and the first day of a bucket: it begins no earlier than the item was listed.
fn ends(demand: &Demand, today: NaiveDate, grid: Grid, age: i64) -> [NaiveDate; 2] {
    let first = ((age + 1) * grid.days()).min(demand.listed_days).max(age * grid.days() + 1) - 1;
    [back(today, age * grid.days()), back(today, first)]
}

/// Adds up what was ordered of an item by channel and bucket.
fn take(
    db: &Db,
    today: NaiveDate,
    item: ItemId,
    grid: Grid,
    parts: &mut HashMap<String, HashMap<i64, i64>>,
) -> Result<()> {
    for part in past_demand::channels_of(db, today, item)? {
        let of_channel = parts.entry(part.channel.unwrap_or_default()).or_default();
        *of_channel.entry(i64::from(part.day) / grid.days()).or_default() += part.quantity;
    }
    Ok(())
}

/// The columns of the demand export: a bucket is named by its first day, so that the file is a history as `replay` reads
/// one.
pub const COLUMNS: [&str; 4] = ["sku", "period", "quantity", "channel"];

/// Hands over every item's own demand of the last 104 weeks, a row per bucket and channel in which something was ordered
/// or came back, the oldest first.
pub fn each(db: &Db, today: NaiveDate, row: &mut dyn FnMut(&[Value]) -> Result<()>) -> Result<()> {
    let grid = grid(db)?;
    for item in plans::items(db)? {
        let mut parts = HashMap::new();
        take(db, today, item.id, grid, &mut parts)?;
        let mut found: BTreeMap<(i64, String), i64> = BTreeMap::new();
        for (channel, buckets) in parts {
            found.extend(buckets.into_iter().map(|(age, sum)| ((-age, channel.clone()), sum)));
        }
        let sku = plans::sku(db, item.id)?;
        for ((age, channel), sum) in found.into_iter().filter(|(_, sum)| *sum != 0) {
            let from = back(today, (1 - age) * grid.days() - 1); // ages stand below zero here
            row(&[
                Value::text(&sku),
                Value::Date(from),
                Value::Quantity(Qty::from_thousandths(sum)),
                Value::maybe_text(Some(channel.as_str()).filter(|c| !c.is_empty())),
            ])?;
        }
    }
    Ok(())
}

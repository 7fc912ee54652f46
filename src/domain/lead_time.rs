//! Lead times, learned: from the day an order was placed to the receipt that completed its line, as a distribution. The
//! one place where they are learned; reorder points and the pane read it from here. The days until a supplier confirms are
//! part of it: whoever plans an order that is still to be placed waits for those too, and the days that a supplier quotes
//! are from the order as well. (A scorecard's figure is another: how long goods take once they are confirmed.)
//!
//! - **Open lines are information**: a line that is still to come took at least as long as it is open. Leaving it out
//!   makes slow suppliers look fast (Kaplan and Meier's estimate of the share that came by a day takes it in).
//! - **Few deliveries lean on others'**: everybody's, or the quoted time corrected by how late all suppliers are; then
//!   the supplier's; then those of the item. Each is mixed with up to [`OTHERS`] deliveries' worth of the one before it.
//! - **The far end leans longest**: of n deliveries only n * (1 - share) lie beyond a share, and only they tell where it
//!   lies. So what is slowest of 20 is taken from others until a supplier has shown it itself; who has shown it often
//!   enough stands alone.
//! - Lines of one PO weigh as one delivery, and a delivery counts half after [`HALF_LIFE`] days.
//!
//! Measured on the SCMS history by `backshelf replay-suppliers` ([`super::hindsight`]); the constants were chosen there.

mod kept;
mod takes;
mod waits;

pub use takes::Takes;
pub use waits::Waits;

use super::ids::{ItemId, PoId, SupplierId};
use super::lateness::Delivery;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Others' deliveries weigh as much as so many of one's own, while there are few of those ...
const OTHERS: f64 = 8.0;
/// ... and half as much when there are so many.
const FEW: f64 = 15.0;
/// One's own quantile weighs the cube of n * (1 - share) against this: with few beyond it, nearly nothing, and soon nearly
/// all.
const FAR_END: f64 = 10.0;
/// Days after which a delivery counts half: ways change slowly, and few deliveries are worth keeping long.
pub const HALF_LIFE: f64 = 1826.0;
/// Longer waits are mistakes in the records.
pub const LONGEST: i64 = 730;
/// Where nobody knows anything.
pub const ASSUMED: i64 = 14;
/// Points at which a distribution is kept: one for each half percent.
const POINTS: usize = 200;

/// Whose deliveries a lead time was learned from, for the explanation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// This supplier's deliveries of this item.
    Item,
    /// This supplier's deliveries.
    Supplier,
    /// The supplier's word, corrected by how late all suppliers are.
    Quoted,
    /// All suppliers' deliveries.
    Everybody,
    /// Nothing is known.
    Assumed,
    /// A person fixed it for the item.
    Fixed,
}

impl Source {
    pub fn word(self) -> &'static str {
        match self {
            Source::Item => "item",
            Source::Supplier => "supplier",
            Source::Quoted => "quoted",
            Source::Everybody => "everybody",
            Source::Assumed => "assumed",
            Source::Fixed => "fixed",
        }
    }
}

/// How long goods take: the share that has come, by days.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadTime {
    pub source: Source,
    /// Deliveries of that source that came.
    pub learned_from: usize,
    /// The days for each of [`POINTS`] shares, rising.
    points: Vec<f64>,
    /// What it was learned from: a narrower one leans on it.
    waits: Waits,
}

impl LeadTime {
    /// What all suppliers' deliveries say; where there are none, [`ASSUMED`] days.
    pub fn of_everybody(pool: &Waits) -> LeadTime {
        if pool.cases == 0 {
            let mut waits = Waits::default();
            waits.came(ASSUMED, 1.0);
            return LeadTime { learned_from: 0, ..LeadTime::of(Source::Assumed, waits) };
        }
        LeadTime::of(Source::Everybody, pool.clone())
    }
    /// A quoted time, corrected by how many days beyond their promise all suppliers' deliveries came (early ones below
    /// zero; each with its weight).
    pub fn quoted(days: i64, slips: &[(i64, f64)]) -> LeadTime {
        let mut waits = Waits::default();
        for (slip, weight) in if slips.is_empty() { &[(0, 1.0)][..] } else { slips } {
            waits.came((days + slip).clamp(1, LONGEST), *weight);
        }
        LeadTime { learned_from: slips.len(), ..LeadTime::of(Source::Quoted, waits) }
    }
    fn of(source: Source, waits: Waits) -> LeadTime {
        LeadTime { source, learned_from: waits.cases, points: waits.within(&shares()), waits }
    }
    /// The same after what is known of a narrower circle: one supplier, one of its items.
    pub fn narrowed(&self, source: Source, own: &Waits) -> LeadTime {
        let (total, own_weight) = (self.waits.weight(), own.weight());
        if own.cases == 0 || total <= 0.0 {
            return self.clone();
        }
        let mut mixed = own.clone();
        mixed.take(&self.waits, OTHERS * FEW / (FEW + own_weight) / total);
        let shares = shares();
        let near = mixed.within(&shares);
        let mut points: Vec<f64> = shares
            .iter()
            .zip(near.iter().zip(&self.points))
            .map(|(share, (near, far))| {
                let beyond = (own_weight * (1.0 - share)).powi(3);
                (beyond * near + FAR_END * far) / (beyond + FAR_END)
            })
            .collect();
        let mut longest = 0.0_f64;
        for point in &mut points {
            longest = longest.max(*point);
            *point = longest;
        }
        LeadTime { source, learned_from: own.cases, points, waits: mixed }
    }
    /// Days within which this share (0 to 1) of the goods come, in half percents.
    pub fn days(&self, share: f64) -> f64 {
        let at = (share * POINTS as f64 - 1e-9).ceil() as usize;
        self.points.get(at.clamp(1, POINTS) - 1).copied().unwrap_or(ASSUMED as f64)
    }
    /// The same in whole days. Under a tenth of a day is what others weigh, and no day: who always took 2 takes no 3.
    pub fn within(&self, share: f64) -> i64 {
        whole_days(self.days(share))
    }
    pub fn mean_days(&self) -> f64 {
        self.points.iter().sum::<f64>() / self.points.len().max(1) as f64
    }
    /// Equally likely days.
    pub fn points(&self) -> &[f64] {
        &self.points
    }
}

/// Whole days, at least one: nothing comes on the day of its order.
fn whole_days(days: f64) -> i64 {
    ((days - 0.1).ceil() as i64).max(1)
}

/// 0.5 %, 1 % ... 99.5 %, and the middle of what is left.
fn shares() -> [f64; POINTS] {
    std::array::from_fn(|n| if n + 1 == POINTS { 1.0 - 0.5 / POINTS as f64 } else { (n + 1) as f64 / POINTS as f64 })
}

/// What a delivery of that day weighs today.
pub fn recency(day: NaiveDate, today: NaiveDate) -> f64 {
    0.5_f64.powf((today - day).num_days().max(0) as f64 / HALF_LIFE)
}

/// A line as lead times see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait {
    pub days: i64,
    /// The day it came; none: it is open.
    pub came: Option<NaiveDate>,
}

/// What a line teaches about lead times, as known on `today`: the days from its order. None where nobody knows when it was
/// ordered or when it came, and of what was cancelled or closed short.
pub fn wait(line: &Delivery, today: NaiveDate) -> Option<Wait> {
    let began = line.ordered_on?;
    if let Some(came) = line.completed_on(today) {
        return Some(Wait { days: (came - began).num_days(), came: Some(came) });
    }
    let open = line.open().is_positive() && !line.is_undated() && began < today;
    open.then(|| Wait { days: (today - began).num_days(), came: None })
}

/// A day that weights can be kept by: what a delivery of some day weighs today is what it weighs by this one, times
/// [`faded_since_then`] for every delivery alike.
const REFERENCE: NaiveDate = match NaiveDate::from_ymd_opt(2020, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What a delivery of that day weighs against one of the reference day: more, the later it came.
pub fn lasting_weight(day: NaiveDate) -> f64 {
    2.0_f64.powf((day - REFERENCE).num_days() as f64 / HALF_LIFE)
}

/// What one of the reference day weighs today.
pub fn faded_since_then(today: NaiveDate) -> f64 {
    0.5_f64.powf((today - REFERENCE).num_days() as f64 / HALF_LIFE)
}

/// What one supplier's lines teach.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Taught {
    pub waits: Waits,
    /// Days beyond the date first promised, early ones below zero, each with its weight.
    pub slips: BTreeMap<i64, f64>,
}

impl Taught {
    /// Takes in a line that is so much of its PO, as known on `today`. `weigh`: what a delivery of that day weighs.
    pub fn add(&mut self, line: &Delivery, part: f64, today: NaiveDate, weigh: impl Fn(NaiveDate) -> f64) {
        let Some(wait) = wait(line, today) else { return };
        match wait.came {
            Some(came) => {
                let weight = part * weigh(came);
                self.waits.came(wait.days, weight);
                if let Some(promised) = line.first_promised {
                    let slip = (came - promised).num_days().clamp(-LONGEST, LONGEST);
                    *self.slips.entry(slip).or_default() += weight;
                }
            }
            None => self.waits.open(wait.days, part),
        }
    }
}

/// How many lines each PO has.
pub fn lines_of_pos<'a>(lines: impl IntoIterator<Item = &'a Delivery>) -> HashMap<PoId, usize> {
    let mut of: HashMap<PoId, usize> = HashMap::new();
    for line in lines {
        *of.entry(line.po).or_default() += 1;
    }
    of
}

/// What the deliveries of all suppliers teach: lead times by supplier and by supplier and item.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LeadTimes {
    pool: Waits,
    of: HashMap<SupplierId, Waits>,
    of_item: HashMap<(SupplierId, ItemId), Waits>,
    /// As of [`Taught`], of all suppliers.
    slips: BTreeMap<i64, f64>,
}

impl LeadTimes {
    /// Learns from a supplier's lines as known on `today`, by item too.
    pub fn learn(&mut self, supplier: SupplierId, lines: &[Delivery], today: NaiveDate) {
        self.learn_among(supplier, lines, today, &|_| true);
    }

    /// The same; by item of those `among` alone, where there are too many to know each.
    pub fn learn_among(
        &mut self,
        supplier: SupplierId,
        lines: &[Delivery],
        today: NaiveDate,
        among: &impl Fn(ItemId) -> bool,
    ) {
        let lines_of = lines_of_pos(lines);
        let mut taught = Taught::default();
        for line in lines {
            let part = 1.0 / lines_of.get(&line.po).map_or(1.0, |n| *n as f64);
            taught.add(line, part, today, |came| recency(came, today));
            let Some(wait) = wait(line, today).filter(|_| among(line.item)) else { continue };
            self.add_to_item(supplier, line.item, wait, today);
        }
        self.take(supplier, taught);
    }

    /// Learns what lines teach about their items alone: of their suppliers it is known already.
    pub fn learn_items(&mut self, lines: &[Delivery], today: NaiveDate) {
        for line in lines {
            if let Some(wait) = wait(line, today) {
                self.add_to_item(line.supplier, line.item, wait, today);
            }
        }
    }

    /// What a line teaches about its item at its supplier. The weights are whole millionths (of two to the twentieth), so
    /// that their sum is the same in whatever order the lines are read.
    fn add_to_item(&mut self, supplier: SupplierId, item: ItemId, wait: Wait, today: NaiveDate) {
        const FINE: f64 = 1_048_576.0;
        let of_item = self.of_item.entry((supplier, item)).or_default();
        match wait.came {
            Some(came) => of_item.came(wait.days, (recency(came, today) * FINE).round() / FINE),
            None => of_item.open(wait.days, 1.0),
        }
    }

    /// Takes in what a supplier's lines teach; by item nothing is known then.
    pub fn take(&mut self, supplier: SupplierId, taught: Taught) {
        self.pool.take(&taught.waits, 1.0);
        for (slip, weight) in taught.slips {
            *self.slips.entry(slip).or_default() += weight;
        }
        self.of.insert(supplier, taught.waits);
    }

    /// How long goods of this supplier take, leaning on the quoted days, else on everybody's.
    pub fn of_supplier(&self, supplier: Option<SupplierId>, quoted: Option<i64>) -> LeadTime {
        let base = match quoted {
            Some(days) => {
                let slips: Vec<(i64, f64)> = self.slips.iter().map(|(days, weight)| (*days, *weight)).collect();
                LeadTime::quoted(days, &slips)
            }
            None => LeadTime::of_everybody(&self.pool),
        };
        match supplier.and_then(|supplier| self.of.get(&supplier)) {
            Some(own) => base.narrowed(Source::Supplier, own),
            None => base,
        }
    }

    /// The same of one of its items, leaning on that; none where none of it came yet.
    pub fn of_item(&self, supplier: &LeadTime, of: SupplierId, item: ItemId) -> Option<LeadTime> {
        let own = self.of_item.get(&(of, item)).filter(|own| own.cases() > 0)?;
        Some(supplier.narrowed(Source::Item, own))
    }

    /// One supplier's waits, for a picture of them.
    pub fn waits(&self, supplier: SupplierId) -> Option<&Waits> {
        self.of.get(&supplier)
    }
}

#[cfg(test)]
mod tests {
    use super::waits::tests::waits;
    use super::*;

    fn delivered(supplier: i64, item: i64, po: i64, promised: i64, took: i64) -> Delivery {
        let start = NaiveDate::default();
        let day = |n: i64| start + chrono::Duration::days(n);
        let one = crate::domain::quantity::Qty::units(1);
        Delivery {
            supplier: SupplierId(supplier),
            item: ItemId(item),
            po: PoId(po),
            ordered_on: Some(start),
            first_promised: Some(day(promised)),
            quantity: one,
            received: one,
            arrivals: vec![crate::domain::lateness::Arrival {
                on: day(took),
                quantity: one,
                rejected: crate::domain::quantity::Qty::ZERO,
                wrong_item: false,
            }],
            ..Delivery::blank()
        }
    }
    fn lead_times(lines: Vec<Delivery>) -> LeadTimes {
        let mut of: BTreeMap<SupplierId, Vec<Delivery>> = BTreeMap::new();
        lines.into_iter().for_each(|line| of.entry(line.supplier).or_default().push(line));
        let mut lead_times = LeadTimes::default();
        for (supplier, lines) in &of {
            lead_times.learn(*supplier, lines, NaiveDate::default() + chrono::Duration::days(60));
        }
        lead_times
    }

    #[test]
    fn an_item_leans_on_its_supplier_and_the_supplier_on_the_quoted_time_or_everybody() {
        let mut lines: Vec<Delivery> = (0..40).map(|po| delivered(1, po, po, 10, 10)).collect();
        lines.push(delivered(2, 1, 100, 10, 30));
        let lead_times = lead_times(lines);
        let lead = |supplier: i64, item: i64, quoted| {
            let base = lead_times.of_supplier(Some(SupplierId(supplier)), quoted);
            let lead = lead_times.of_item(&base, SupplierId(supplier), ItemId(item)).unwrap_or(base);
            (lead.source, lead.learned_from, lead.within(0.5))
        };
        assert_eq!(lead(1, 999, None), (Source::Supplier, 40, 10));
        assert_eq!(lead(1, 3, None), (Source::Item, 1, 10));
        assert_eq!((lead(2, 1, None).0, lead(2, 9, None).0), (Source::Item, Source::Supplier));
        assert!(lead(2, 1, None).2 < 20, "one delivery of 30 days, 40 of others of 10: {:?}", lead(2, 1, None));
        // Nobody has bought there: its word, corrected by how late all are (nearly always not at all).
        assert_eq!(lead(3, 1, Some(20)).0, Source::Quoted);
        assert_eq!(lead(3, 1, Some(20)).2, 20);
        assert_eq!(lead(3, 1, None), (Source::Everybody, 41, 10));
    }

    #[test]
    fn lines_of_one_po_weigh_as_one_delivery() {
        let mut lines: Vec<Delivery> = (0..20).map(|item| delivered(1, item, 7, 10, 12)).collect();
        let one = lead_times(lines.clone()).waits(SupplierId(1)).map(Waits::weight);
        assert!(one.is_some_and(|weight| weight < 1.01), "{one:?}");
        lines.push(delivered(1, 1, 8, 10, 40));
        let both = lead_times(lines).of_supplier(Some(SupplierId(1)), None);
        assert!(both.within(0.9) == 40, "half of the deliveries took 40 days: {}", both.within(0.9));
    }

    /// Whoever plans an order that is not placed yet waits for the answer too.
    #[test]
    fn the_days_until_they_confirm_are_part_of_it() {
        let today = NaiveDate::default() + chrono::Duration::days(60);
        let mut line = delivered(1, 1, 1, 10, 10);
        let unconfirmed = wait(&line, today);
        line.confirmed_on = line.ordered_on.map(|on| on + chrono::Duration::days(3));
        assert_eq!(wait(&line, today), unconfirmed);
        assert_eq!(unconfirmed.map(|w| w.days), Some(10));
        line.arrivals.clear();
        line.received = crate::domain::quantity::Qty::ZERO;
        assert_eq!(wait(&line, today), Some(Wait { days: 60, came: None }));
        line.ordered_on = None;
        assert_eq!(wait(&line, today), None, "confirmed, but nobody knows when it was ordered");
    }

    /// The more a supplier has delivered, the less others' far end stands for its own.
    #[test]
    fn the_far_end_becomes_the_suppliers_own() {
        let slow: Vec<i64> = (0..200).map(|n| 5 + n % 20).collect(); // half in 14 d, 9 of 10 in 22 d
        for others in [waits(&slow, &[]), waits(&[1; 200], &[])] {
            let others = LeadTime::of_everybody(&others);
            let far = |n: i64| {
                let own: Vec<i64> = (0..n).map(|n| 3 + n % 6).collect(); // 3 to 8 days
                others.narrowed(Source::Supplier, &waits(&own, &[])).days(0.9)
            };
            let off: Vec<f64> = [6, 30, 120, 600, 6000].map(|n| (far(n) - 8.0).abs()).to_vec();
            assert!(off.windows(2).all(|w| w[1] <= w[0]), "{off:?}");
            assert!(off[2] < 1.0 && off[3] < 0.1 && off[4] < 0.001, "{off:?}");
        }
    }

    #[test]
    fn few_deliveries_lean_on_everybodys_and_many_stand_alone() {
        let everybody = LeadTime::of_everybody(&waits(&[10; 40], &[]));
        let one = everybody.narrowed(Source::Supplier, &waits(&[30], &[]));
        assert_eq!((one.source, one.learned_from), (Source::Supplier, 1));
        assert!((10.0..12.0).contains(&one.mean_days()), "{}", one.mean_days());
        let many = everybody.narrowed(Source::Supplier, &waits(&[30; 2000], &[]));
        assert!(many.days(0.5) > 29.0 && many.within(0.9) == 30, "{:?}", many.days(0.9));
        // Of ten fast ones none tells of the slowest in twenty: that stays where others have it.
        let slow = LeadTime::of_everybody(&waits(&[10, 10, 10, 10, 10, 10, 10, 10, 60, 60], &[]));
        let fast = slow.narrowed(Source::Supplier, &waits(&[5; 10], &[]));
        assert!(fast.days(0.5) < 9.0 && fast.days(0.95) > 55.0, "{} {}", fast.days(0.5), fast.days(0.95));
    }

    #[test]
    fn a_distribution_rises() {
        let everybody = LeadTime::of_everybody(&waits(&[5, 10, 20, 40], &[3, 30]));
        let own = everybody.narrowed(Source::Supplier, &waits(&[60; 9], &[]));
        let item = own.narrowed(Source::Item, &waits(&[2, 3], &[90]));
        for lead in [&everybody, &own, &item] {
            assert!(lead.points().windows(2).all(|w| w[0] <= w[1]));
            assert_eq!(lead.points().len(), POINTS);
        }
    }

    #[test]
    fn a_quoted_time_is_corrected_by_how_late_all_are() {
        let quoted = LeadTime::quoted(20, &[(4, 1.0), (4, 1.0)]);
        assert_eq!((quoted.source, quoted.within(0.5), quoted.mean_days()), (Source::Quoted, 24, 24.0));
        assert_eq!(LeadTime::quoted(20, &[]).within(0.9), 20);
        assert_eq!(LeadTime::of_everybody(&Waits::default()).within(0.9), ASSUMED);
    }
}

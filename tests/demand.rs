//! Demand by sales channel: whatever came back, was carried on, swapped or called a project, the channels of a week are
//! together what the plans are made from.

use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::ids::ItemId;
use backshelf::domain::quantity::Qty;
use backshelf::ops::planning;
use backshelf::ops::views::{demand, named};
use backshelf::ops::{buying, perform};
use backshelf::store::past_demand;
use chrono::TimeDelta;
use proptest::prelude::*;

const CHANNELS: [Option<&str>; 4] = [Some("shop"), Some(" amazon "), Some(""), None];

/// One order of one line, and what became of it.
#[derive(Clone, Debug)]
struct Deed {
    days_ago: i64,
    channel: usize,
    item: usize,
    /// It stood for another item.
    wanted: Option<usize>,
    units: i64,
    /// So much came back so many days after; with its line, or by the order's number on a movement.
    back: Option<(i64, i64, bool)>,
    project: bool,
    /// It carries on the order before it.
    continues: bool,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let back = prop::option::weighted(0.3, (0i64..60, 1i64..8, any::<bool>()));
    let kinds = (prop::option::weighted(0.2, 0usize..2), prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let one = (0i64..760, 0usize..4, 0usize..2, 1i64..30, back, kinds);
    let deed = one.prop_map(|(days_ago, channel, item, units, back, (wanted, project, continues))| Deed {
        days_ago,
        channel,
        item,
        wanted,
        units,
        back,
        project,
        continues,
    });
    prop::collection::vec(deed, 0..40)
}

fn shop(deeds: &[Deed]) -> (Warehouse, [ItemId; 2]) {
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let items = [w.item("OLD", "The old one"), w.item("NEW", "The new one")];
    let (today, act) = (w.today, w.act("prepare"));
    perform(&mut w.store, act, |tx| {
        let customer = tx.insert("customer", &["code", "name"], &[&"C", &"C"])?;
        let mut before: Option<i64> = None;
        for (n, deed) in deeds.iter().enumerate() {
            let on = today - TimeDelta::days(deed.days_ago);
            let (code, item) = (format!("SO-{n}"), items[deed.item]);
            let order = tx.insert(
                "customer_order",
                &["code", "customer_id", "ordered_on", "channel", "continues_id"],
                &[&code, &customer, &on.to_string(), &CHANNELS[deed.channel], &before.filter(|_| deed.continues)],
            )?;
            before = Some(order);
            let units = q(deed.units).thousandths();
            let wanted = deed.wanted.map(|at| items[at].0);
            let line = tx.insert(
                "order_line",
                &["order_id", "line", "item_id", "wanted_item_id", "quantity", "shipped"],
                &[&order, &"1", &item.0, &wanted, &units, &units],
            )?;
            tx.touch(item);
            if deed.project {
                tx.insert("project_line", &["order_line_id", "reason"], &[&line, &"a hotel"])?;
            }
            let Some((later, units, by_line)) = deed.back else { continue };
            let (back, units) = ((on + TimeDelta::days(later)).min(today), q(units).thousandths());
            let operation = tx.operation().0;
            if by_line {
                tx.insert(
                    "customer_return",
                    &["line_id", "returned_on", "quantity", "good", "operator", "operation_id"],
                    &[&line, &back.to_string(), &units, &1, &"M.Baker", &operation],
                )?;
            } else {
                tx.insert(
                    "movement",
                    &["at", "item_id", "bin_id", "quantity", "reason", "reference", "operator", "operation_id"],
                    &[&format!("{back}T10:00:00"), &item.0, &bin.0, &units, &"return", &code, &"M.Baker", &operation],
                )?;
            }
        }
        tx.insert("succession", &["item_id", "from_item_id"], &[&items[1].0, &items[0].0])
    })
    .unwrap();
    (w, items)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_channels_of_a_bucket_are_together_what_the_plans_are_made_from(deeds in deeds()) {
        let (w, items) = shop(&deeds);
        let db = w.store.db();
        for item in items {
            let found = demand::of(db, item, w.today).unwrap();
            for bucket in &found.buckets {
                prop_assert_eq!(bucket.all, bucket.by.iter().copied().sum::<Qty>(), "{:?}", bucket);
            }
            let (planned, _) = planning::demand_of_item(db, w.today, item).unwrap().unwrap();
            let all: Qty = found.buckets.iter().map(|b| b.all).sum();
            prop_assert_eq!(all, Qty::from_thousandths(planned.days.iter().map(|d| d.1).sum()));
            let own = past_demand::ordered_of(db, w.today, item).unwrap().unwrap_or_default();
            let mut sums = [vec![0i64; 730], vec![0i64; 730]];
            own.days.iter().for_each(|(day, quantity)| sums[0][usize::from(*day)] += quantity);
            let parts = past_demand::channels_of(db, w.today, item).unwrap();
            parts.iter().for_each(|part| sums[1][usize::from(part.day)] += part.quantity);
            prop_assert_eq!(&sums[0], &sums[1], "day by day");
        }
    }
}

#[test]
fn a_week_of_two_channels_is_shown_and_exported_apart() {
    let deed = |days_ago, channel, units| Deed {
        days_ago,
        channel,
        item: 0,
        wanted: None,
        units,
        back: None,
        project: false,
        continues: false,
    };
    let mut hotel = deed(9, 0, 400);
    hotel.project = true;
    let mut back = deed(8, 1, 6);
    back.back = Some((3, 2, true));
    let (mut w, [old, new]) = shop(&[deed(1, 0, 5), deed(2, 1, 3), deed(3, 3, 1), hotel, back]);
    let found = demand::of(w.store.db(), old, w.today).unwrap();
    assert_eq!(found.channels, ["amazon", "shop", ""]);
    assert_eq!(found.name(2), "no channel");
    let weeks: Vec<_> = found.buckets.iter().map(|b| (b.from, b.all, b.by.clone())).collect();
    assert_eq!(
        weeks,
        [
            (day("2026-11-17"), q(9), vec![q(3), q(5), q(1)]),
            (day("2026-11-14"), q(4), vec![q(4), q(0), q(0)]), // listed with its oldest order
        ]
    );
    assert_eq!(found.year(), (q(13), vec![q(7), q(5), q(1)]));
    assert_eq!(found.last(2, Some(0)), [(day("2026-11-14"), q(4)), (day("2026-11-17"), q(3))]);
    let hotel = &found.large[0];
    assert!(hotel.project && hotel.quantity == q(400), "what was left out is told first: {:?}", found.large);
    let heir = demand::of(w.store.db(), new, w.today).unwrap();
    assert_eq!((heir.inherits, heir.buckets[0].all), (vec!["OLD".to_string()], q(9)));
    let mut file = Vec::new();
    let now = w.today.and_hms_opt(9, 0, 0).unwrap();
    named::write(w.store.db(), "demand", now, backshelf::exchange::write::Format::Csv, &mut file).unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.starts_with("sku,period,quantity,channel\n"), "{file}");
    let rows: Vec<&str> = file.lines().skip(1).collect();
    assert_eq!(
        rows,
        ["OLD,2026-11-10,4,amazon", "OLD,2026-11-17,1,", "OLD,2026-11-17,3,amazon", "OLD,2026-11-17,5,shop"]
    );
    // A person may say otherwise later: it counts again.
    let act = w.act("project");
    buying::call_no_project(&mut w.store, act, hotel.line).unwrap();
    assert_eq!(demand::of(w.store.db(), old, w.today).unwrap().buckets[1].all, q(404));
}

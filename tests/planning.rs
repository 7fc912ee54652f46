//! The planning policy: against published levels, and its laws.

use crate::support::shared_data;
use backshelf::domain::demand::{Demand, Grid, History};
use backshelf::domain::forecast::{
    Aim, Catalogue, Evidence, Expected, Forecaster, Model, Outlook, Posterior, Prior, Wait,
};
use backshelf::domain::quantity::Qty;
use backshelf::domain::reorder::{Buying, Levels, Selling};
use backshelf::ops::gates;
use backshelf::ops::replaying::Policy;
use proptest::prelude::*;

const PRIOR: Prior = Prior { sold: 2.1, unsold: 6.9, size: 1.7 };

fn outlook(amounts: &[f64], lead: f64, model: Model) -> Outlook {
    let evidence = Evidence::of(&History::from_buckets(amounts), model.recency);
    Forecaster::new(model).outlook(&Posterior::new(evidence, &PRIOR, &model), &Wait::fixed(lead, 1.0))
}

/// All that is published, on the data beside the checkout: forecasts, functions, levels, service.
#[test]
fn the_gates_hold_on_published_data() {
    let Some(data) = shared_data() else { return };
    let folder = data.join("planning");
    let mut all = gates::forecasts(&folder).unwrap();
    all.extend(gates::textbook(&folder).unwrap());
    all.extend(gates::levels(&folder).unwrap());
    let verdicts = gates::replay_carparts(&folder, &[Policy::Ours], &|_, _| true).unwrap();
    all.extend(gates::service(&verdicts[0]));
    for gate in &all {
        eprintln!("{}: {} ({})", gate.what, gate.found, gate.wanted);
    }
    let broken: Vec<_> = all.iter().filter(|g| !g.holds).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// One catalogue-wide chance serves the asked share of the whole demand with less stock than every item by itself.
#[test]
fn one_chance_for_the_catalogue_saves_stock() {
    let model = Model::with_recency(0.97);
    let items: Vec<Vec<f64>> =
        (1..40).map(|n| (0..104).map(|t| if t % n == 0 { f64::from(n % 5 + 1) } else { 0.0 }).collect()).collect();
    let outlooks: Vec<Outlook> = items.iter().map(|y| outlook(y, 2.0, model)).collect();
    let mut catalogue = Catalogue::default();
    for o in &outlooks {
        catalogue.add(o, 1, 1.0);
    }
    let alpha = catalogue.chance_for(0.95);
    let wanted: f64 = outlooks.iter().map(Outlook::mean_review).sum();
    let lost: f64 = outlooks.iter().map(|o| o.unserved(o.level_for_chance(alpha))).sum();
    assert!(1.0 - lost / wanted >= 0.95, "served {}", 1.0 - lost / wanted);
    let together: i64 = outlooks.iter().map(|o| o.level_for_chance(alpha)).sum();
    let alone: i64 = outlooks.iter().map(|o| o.level_for_served(0.95)).sum();
    assert!(together < alone, "{together} is not less than {alone}");
}

/// A single unit at a time: the reorder point is one below the level; a larger quantum needs a lower one.
#[test]
fn the_quantum_lowers_the_reorder_point() {
    let amounts: Vec<f64> = (0..104).map(|t| f64::from(t % 4 * 3)).collect();
    let o = outlook(&amounts, 2.0, Model::with_recency(0.97));
    for target in [0.8, 0.95, 0.99] {
        assert_eq!(o.reorder_point(Aim::Served(target), 1), o.level_for_served(target) - 1);
        let mut last = i64::MAX;
        for quantum in [1, 6, 24, 64, 65, 1000] {
            let point = o.reorder_point(Aim::Served(target), quantum);
            assert!(point <= last && point >= -1, "{quantum}: {point} after {last}");
            last = point;
        }
    }
}

/// An item that sells in every bucket over a long lead time does not run off the grid.
#[test]
fn a_long_lead_time_fits_the_grid() {
    let amounts = vec![20.0; 104];
    let o = outlook(&amounts, 30.0, Model::with_recency(0.97));
    let mean = o.mean_cover();
    // The category's habit holds it a little below one sale a week: (2.1 + 31.9) of (9 + 31.9) weeks.
    assert!((0.75..1.05).contains(&(mean / (31.0 * 20.0))), "{mean}");
    assert!(o.level_for_chance(0.95) as f64 > mean);
    assert!((o.mean_review() - mean / 31.0).abs() < 1e-6 * mean);
}

#[test]
fn odd_histories_give_plain_answers() {
    let model = Model::with_recency(0.97);
    let mut rows: Vec<(&str, Vec<f64>)> = vec![
        ("nothing at all", vec![]),
        ("never sold", vec![0.0; 104]),
        ("one observation", vec![3.0]),
        ("a million pieces", vec![1e6; 104]),
        ("one million once", [vec![0.0; 103], vec![1e6]].concat()),
        ("returns", vec![-5.0; 104]),
        ("not a number", vec![f64::NAN; 10]),
        ("beyond counting", vec![1e300, 1.0]),
    ];
    rows.push(("mixed", vec![0.0, -1.0, 1e12, 0.5]));
    for (what, amounts) in rows {
        for lead in [0.0, 0.3, 4.0, 60.0, f64::NAN, -3.0] {
            let o = outlook(&amounts, lead, model);
            for value in [o.mean_cover(), o.mean_lead(), o.served(0), o.served(5), o.chance_within(3)] {
                assert!(value.is_finite(), "{what} at {lead}: {value}");
            }
            assert!(o.reorder_point(Aim::Chance(0.95), 12) >= -1, "{what}");
            assert!(o.level_for_served(0.95) >= 0, "{what}");
        }
    }
    assert_eq!(Prior::learn([Evidence::default()].iter()), None);
}

fn histories() -> impl Strategy<Value = Vec<f64>> {
    let amount = prop_oneof![6 => Just(0u32), 3 => 1u32..6, 1 => 1u32..200];
    prop::collection::vec(amount.prop_map(f64::from), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whoever expects to sell more keeps at least as much; and what was expected of it long ago decides next to nothing.
    #[test]
    fn what_a_person_expects_raises_the_level_and_fades(
        prior in (0.05..20.0f64, 0.1..60.0f64, 1.0..30.0f64),
        amounts in prop::collection::vec(prop_oneof![3 => Just(0.0), 2 => (1u32..60).prop_map(f64::from)], 0..60),
        less in 0.05..80.0f64, more in 1.0..4.0f64, buckets in 1.0..40.0f64, lead in 0.0..6.0f64,
    ) {
        let model = Model::with_recency(0.97);
        let prior = Prior { sold: prior.0, unsold: prior.1, size: prior.2 };
        let own = Evidence::of(&History::from_buckets(&amounts), model.recency);
        let mut forecaster = Forecaster::new(model);
        let mut level = |evidence: Evidence| {
            let item = Posterior::new(evidence, &prior, &model);
            (item.mean(&model), forecaster.outlook(&item, &Wait::fixed(lead, 1.0)).level_for_chance(0.95))
        };
        let expecting = |a_bucket: f64, buckets: f64| own.clone().expecting(Expected { a_bucket, buckets }, &prior);
        let (low, high) = (level(expecting(less, buckets)), level(expecting(less * more, buckets)));
        prop_assert!(low.0 <= high.0 + 1e-9, "mean {} of {less}, {} of {more} times as much", low.0, high.0);
        prop_assert!(low.1 <= high.1, "level {} of {less}, {} of {more} times as much", low.1, high.1);
        let (without, faded) = (level(own.clone()), level(expecting(less, buckets * 1e-6)));
        let step = 1 + without.1 / 50; // of the grid on which large levels lie
        prop_assert!((without.0 - faded.0).abs() <= 1e-3 * without.0.max(less) && (without.1 - faded.1).abs() <= step);
    }

    #[test]
    fn a_longer_lead_time_or_a_higher_target_never_lowers_a_level(
        amounts in histories(), lead in 0u32..12, longer in 1u32..6, target in 0.5f64..0.97, more in 0.0f64..0.029,
        quantum in 1i64..40,
    ) {
        let model = Model::with_recency(0.97);
        let short = outlook(&amounts, f64::from(lead), model);
        let long = outlook(&amounts, f64::from(lead + longer), model);
        for (low, high) in [(Aim::Served(target), Aim::Served(target + more)), (Aim::Chance(target), Aim::Chance(target + more))] {
            prop_assert!(short.reorder_point(low, quantum) <= short.reorder_point(high, quantum));
            prop_assert!(short.reorder_point(low, quantum) <= long.reorder_point(low, quantum), "{low:?}");
        }
        prop_assert!(short.level_for_chance(target) <= long.level_for_chance(target));
    }

    #[test]
    fn doubling_every_demand_never_lowers_a_level(
        amounts in histories(), lead in 0u32..12, target in 0.5f64..0.99, quantum in 1i64..40,
    ) {
        let model = Model::with_recency(0.97);
        let doubled: Vec<f64> = amounts.iter().map(|y| y * 2.0).collect();
        let (once, twice) = (outlook(&amounts, f64::from(lead), model), outlook(&doubled, f64::from(lead), model));
        for aim in [Aim::Served(target), Aim::Chance(target)] {
            prop_assert!(
                once.reorder_point(aim, quantum) <= twice.reorder_point(aim, quantum),
                "{aim:?}: {} and {}", once.reorder_point(aim, quantum), twice.reorder_point(aim, quantum)
            );
        }
    }

    #[test]
    fn nothing_is_proposed_beyond_the_longest_cover_unasked(
        position in -500i64..500, point in -1i64..300, batch in 0i64..400, pack in 1i64..60, least in 0i64..200,
        most in 0i64..600,
    ) {
        let buying = Buying::new(Qty::ONE, Some(Qty::units(pack)), Some(Qty::units(least)));
        let levels = Levels::in_force(Qty::units(point), Qty::units(batch), None, None, Selling::Active, Qty::ONE);
        let position = Qty::units(position);
        let found = levels.suggest_within(position, &buying, Some(Qty::units(most)));
        prop_assert_eq!(found.is_some(), levels.suggest(position, &buying).is_some());
        if let Some(found) = found {
            let above = levels.reorder_point + Qty::ONE - position;
            prop_assert_eq!(found.quantity.thousandths() % Qty::units(pack).thousandths(), 0);
            prop_assert!(found.quantity >= Qty::units(least) && position + found.quantity > levels.reorder_point);
            let waited_for = (Qty::ZERO - position).or_zero();
            prop_assert_eq!(found.beyond_cover, found.quantity > (Qty::units(most) + waited_for).max(above));
            prop_assert_eq!(levels.suggest_within(position + found.quantity, &buying, Some(Qty::units(most))), None);
        }
    }

    #[test]
    fn orders_are_packs_above_the_minimum_and_end_the_need(
        position in -500i64..500, point in -1i64..300, batch in 0i64..400, pack in 1i64..60, least in 0i64..200,
        min in prop::option::of(0i64..100), max in prop::option::of(0i64..300), selling in 0usize..4,
    ) {
        let buying = Buying::new(Qty::ONE, Some(Qty::units(pack)), Some(Qty::units(least)));
        let levels = Levels::in_force(
            Qty::units(point), Qty::units(batch), min.map(Qty::units), max.map(Qty::units), Selling::ALL[selling], Qty::ONE);
        let position = Qty::units(position);
        if let Some(order) = levels.suggest(position, &buying) {
            prop_assert!(position <= levels.reorder_point);
            prop_assert_eq!(order.thousandths() % Qty::units(pack).thousandths(), 0);
            prop_assert!(order >= Qty::units(least) && order.is_positive());
            prop_assert_eq!(levels.suggest(position + order, &buying), None, "the second run proposes nothing");
        } else {
            prop_assert!(position > levels.reorder_point);
        }
    }

    #[test]
    fn demand_of_any_rows_is_finite(
        rows in prop::collection::vec((0u16..728, -2_000_000i64..2_000_000), 0..60),
    ) {
        let demand = Demand::from_days(chrono::NaiveDate::default(), None, rows);
        for grid in [Grid::Weeks, Grid::Months] {
            let history = demand.history(grid);
            prop_assert!(history.sales.iter().all(|s| s.0 < history.listed && s.1 > 0.0 && s.1.is_finite()));
        }
    }
}

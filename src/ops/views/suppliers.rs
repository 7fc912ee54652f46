//! Suppliers: whom can we rely on, and who hurts us? One row per supplier with the scorecard, the POs under way and the
//! customers who are late because of them; the same rows as the `scorecards` export.

mod asking;
mod claiming;

pub use asking::{OpenPo, again_on, ladder, step_words, under_way};
pub use claiming::{OpenClaim, open_claims};

use super::backorders::{Board, WaitingLine};
use super::reorder;
use crate::domain::delay::{Row, State};
use crate::domain::ids::{CustomerId, OrderId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::{Delivery, Lateness};
use crate::domain::lead_time::{LeadTime, LeadTimes, Waits};
use crate::domain::money::Money;
pub use crate::domain::scorecard::Measure;
use crate::domain::scorecard::counting::Tallies;
use crate::domain::scorecard::{Conduct, Priors, Scorecard};
use crate::domain::standing::Judged;
use crate::exchange::sheet::{Sheet, Value};
use crate::ops::purchasing::standing;
use crate::ops::settings::Settings;
use crate::store::po::standings;
use crate::store::supplier_sums::{self, noted};
use crate::store::suppliers::{Supplier, Whose, asked, conduct, open_po_codes, suppliers};
use crate::store::{Db, Result};
use asking::{UnderWay, climb, next, now, open_pos, undated};
use chrono::NaiveDate;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// How suppliers are measured, as the warehouse's settings say.
pub fn measure(settings: &Settings) -> Measure {
    Measure {
        window_days: settings.count("scorecard.window_days"),
        weights: settings.scorecard_weights(),
        holidays: settings.holidays(),
        half_life_days: settings.count("scorecard.half_life_days") as f64,
        late_days: settings.count("scorecard.late_days"),
        early_days: settings.text("scorecard.early_days").and_then(|days| days.parse().ok()),
        short_percent: settings.count("scorecard.short_percent"),
        over_percent: settings.count("scorecard.over_percent"),
    }
}

/// Customers whose lines are past their day, and the orders and worth of those lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LateNow {
    pub customers: usize,
    pub orders: usize,
    pub worth: Money,
}

/// What a supplier's lateness does to customers: those who are late today and those who will be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hurt {
    pub customers: usize,
    pub lines: usize,
    /// Open x price of the lines.
    pub worth: Money,
    /// Orders with such a line.
    pub orders: usize,
    /// Of these, what is late today.
    pub now: LateNow,
    /// Talks with these customers about these lines that came through.
    pub talks: usize,
    /// Of the lines, those of old orders of which nobody knows what was told.
    pub not_known: usize,
}

/// A supplier on one day.
#[derive(Clone, PartialEq, Debug)]
pub struct SupplierRow {
    pub supplier: Supplier,
    pub card: Scorecard,
    /// How long its goods take, learned; none: nothing of it ever came.
    pub lead: Option<Lead>,
    /// Late ones first, then by date.
    pub open_pos: Vec<OpenPo>,
    pub late_pos: usize,
    /// Rejected goods that are not settled, the oldest first.
    pub claims: Vec<OpenClaim>,
    pub hurts: Hurt,
    /// Whether one should order from it.
    pub standing: Judged,
    /// How it stands, in a sentence; empty where nothing is open.
    pub now: String,
    /// The one thing to do next; empty where there is none.
    pub next: String,
}

impl SupplierRow {
    /// Somebody should speak with them today: a step of the ladder is due, goods are wanted on another day or rejected ones
    /// are to be claimed, and they were not put off.
    pub fn is_to_ask(&self) -> bool {
        let claim = self.claims.iter().any(|claim| claim.to_ask);
        let about = |po: &OpenPo| po.to_ask || po.to_put_off;
        self.supplier.later_until.is_none() && (claim || self.open_pos.iter().any(about))
    }
}

/// Reads and judges every supplier, who hurts us most on top.
pub fn load(db: &Db, board: &Board, measure: &Measure, today: NaiveDate) -> Result<Vec<SupplierRow>> {
    Ok(load_with_lines(db, board, measure, today)?.0)
}

/// The same with every line that is under way, by number.
pub fn load_with_lines(
    db: &Db,
    board: &Board,
    measure: &Measure,
    today: NaiveDate,
) -> Result<(Vec<SupplierRow>, Vec<Delivery>)> {
    let judged = judge_all(db, measure, today)?;
    let mut cards = judged.cards;
    let (mut under_way, codes) = (judged.under_way, open_po_codes(db)?);
    for line in &mut under_way {
        line.po_code = codes.get(&line.po).cloned().unwrap_or_default();
    }
    let settings = Settings::load(db)?;
    let hurts = hurts(board);
    let mut open = open_pos(&under_way, &asked(db, today)?, today);
    let terms = ladder(&settings);
    let coming = UnderWay {
        lines: &under_way,
        undated: undated(db, None, Some(&judged.lead_times), today)?,
        wishes: reorder::wishes(db, None, today)?,
    };
    climb(db, &mut open, coming, &judged.lateness, board, &terms, today)?;
    let mut claims: HashMap<SupplierId, Vec<OpenClaim>> = HashMap::new();
    for claim in open_claims(db, None, &terms, today)? {
        claims.entry(claim.claim.supplier).or_default().push(claim);
    }
    let (owns, limits) = (standings(db)?, standing::limits(&settings));
    let known = suppliers(db, today)?;
    let lead = |supplier: &Supplier| {
        let waits = judged.lead_times.waits(supplier.id).filter(|waits| waits.cases() > 0)?;
        Some(Lead::of(&judged.lead_times.of_supplier(Some(supplier.id), supplier.lead_days), waits))
    };
    let leads: Vec<Option<Lead>> = known.par_iter().map(lead).collect();
    let mut rows: Vec<SupplierRow> = known
        .into_iter()
        .zip(leads)
        .map(|(supplier, lead)| {
            let open_pos = open.remove(&supplier.id).unwrap_or_default();
            let hurts = hurts.get(&supplier.id).copied().unwrap_or_default();
            let card = cards.remove(&supplier.id).unwrap_or_default();
            let claims = claims.remove(&supplier.id).unwrap_or_default();
            SupplierRow {
                standing: standing::judged(owns.get(&supplier.id), &card, limits),
                card,
                lead,
                late_pos: open_pos.iter().filter(|po| po.days_late > 0).count(),
                hurts,
                now: [now(&open_pos, today), claiming::now(&claims, !open_pos.is_empty(), today)]
                    .join(" ")
                    .trim()
                    .to_string(),
                next: next(&supplier, &open_pos, &claims, today),
                claims,
                supplier,
                open_pos,
            }
        })
        .collect();
    // Who hurts most, then who is late, then the worst score; those without data last.
    let score = |row: &SupplierRow| row.card.score.map_or(i64::MAX, |score| (score * 1000.0) as i64);
    rows.sort_by_cached_key(|row| {
        let hurt = (Reverse(row.hurts.customers), Reverse(row.hurts.worth), Reverse(row.late_pos));
        (hurt, score(row), row.supplier.name.clone(), row.supplier.id)
    });
    Ok((rows, under_way))
}

/// How long a supplier's goods take from the order, as it is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Lead {
    /// Deliveries that it was learned from.
    pub learned_from: usize,
    /// In half of the cases.
    pub usual: i64,
    /// In 9 of 10.
    pub most: i64,
    /// Its own deliveries alone: half of them, 9 of 10.
    pub took: Option<(i64, i64)>,
    /// Days that a bar of the picture is wide; the last one is all that took longer.
    pub bar_days: i64,
    /// What came in each span, recent deliveries weighing more.
    pub bars: Vec<f64>,
}

/// Bars of the picture of lead times.
const BARS: usize = 12;

impl Lead {
    fn of(learned: &LeadTime, waits: &Waits) -> Lead {
        let (usual, most) = (learned.within(0.5), learned.within(0.9));
        // Wide enough that what 9 of 10 take is on it, in days, weeks, fortnights ...
        let wide = [1, 2, 3, 7, 14, 28, 56].into_iter().find(|days| days * (BARS as i64 - 2) >= most).unwrap_or(90);
        Lead {
            learned_from: learned.learned_from,
            usual,
            most,
            took: waits.took(0.5).zip(waits.took(0.9)),
            bar_days: wide,
            bars: waits.histogram(wide, BARS),
        }
    }
}

/// All suppliers' scorecards, what all of them do, and what their deliveries teach.
pub struct Judgement {
    pub cards: HashMap<SupplierId, Scorecard>,
    pub lead_times: LeadTimes,
    pub lateness: HashMap<SupplierId, Lateness>,
    /// Lines with goods still to come, by number, without their codes.
    pub under_way: Vec<Delivery>,
}

/// Judges every supplier from what is kept of its lines.
pub fn judge_all(db: &Db, measure: &Measure, today: NaiveDate) -> Result<Judgement> {
    let (noted, conduct) = (noted(db)?, conduct(db, None, measure.from(today).max(day_one()))?);
    let none = Conduct::default();
    let read = supplier_sums::each(db, Whose::All, Some(measure), today, |supplier, sums| {
        let (card, tallies) = sums.count(conduct.get(&supplier).unwrap_or(&none), noted, measure, today);
        let (taught, lateness) = (sums.taught(today), sums.lateness(today));
        let open = sums.unsettled.into_iter().map(|l| l.line).filter(|line| line.open().is_positive());
        (card, tallies, taught, lateness, open.collect::<Vec<Delivery>>())
    })?;
    let priors = Priors::of(&read.iter().map(|(_, (_, tallies, ..))| *tallies).collect::<Vec<_>>());
    let (mut lead_times, mut lateness, mut under_way) = (LeadTimes::default(), HashMap::new(), Vec::new());
    let mut counted: Vec<(SupplierId, Scorecard, Tallies)> = Vec::with_capacity(read.len());
    for (supplier, (card, tallies, taught, late, open)) in read {
        under_way.extend(open);
        lead_times.take(supplier, taught);
        lateness.insert(supplier, late);
        counted.push((supplier, card, tallies));
    }
    counted.par_iter_mut().for_each(|(_, card, tallies)| priors.score(card, tallies, measure.weights));
    under_way.sort_unstable_by_key(|line| line.po_line);
    let cards = counted.into_iter().map(|(id, card, _)| (id, card)).collect();
    Ok(Judgement { cards, lead_times, lateness, under_way })
}

/// One supplier's scorecard: of the others only what they do together is counted.
pub fn card_of(db: &Db, supplier: SupplierId, measure: &Measure, today: NaiveDate) -> Result<Scorecard> {
    Ok(card_among(db, supplier, measure, today)?.0)
}

/// The same, with what all suppliers do.
pub(super) fn card_among(
    db: &Db,
    supplier: SupplierId,
    measure: &Measure,
    today: NaiveDate,
) -> Result<(Scorecard, Priors)> {
    let (noted, conduct) = (noted(db)?, conduct(db, None, measure.from(today).max(day_one()))?);
    let none = Conduct::default();
    let read = supplier_sums::each(db, Whose::All, Some(measure), today, |of, sums| {
        let (card, tallies) = sums.count(conduct.get(&of).unwrap_or(&none), noted, measure, today);
        ((of == supplier).then(|| Box::new(card)), tallies)
    })?;
    let priors = Priors::of(&read.iter().map(|(_, (_, tallies))| *tallies).collect::<Vec<_>>());
    let own = read.into_iter().find_map(|(_, (card, tallies))| Some((card?, tallies)));
    let card = own.map_or_else(Scorecard::default, |(mut card, tallies)| {
        priors.score(&mut card, &tallies, measure.weights);
        *card
    });
    Ok((card, priors))
}

/// Before any warehouse: dates are compared as text, which years below 0 are not.
pub(super) fn day_one() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// Whom each supplier makes late: lines late or going to be, with goods of theirs that come after the line's date.
fn hurts(board: &Board) -> HashMap<SupplierId, Hurt> {
    let mut customers: HashMap<SupplierId, HashSet<CustomerId>> = HashMap::new();
    let mut orders: HashMap<SupplierId, HashSet<OrderId>> = HashMap::new();
    let mut late: HashMap<SupplierId, (HashSet<CustomerId>, HashSet<OrderId>)> = HashMap::new();
    let mut found: HashMap<SupplierId, Hurt> = HashMap::new();
    for line in &board.lines {
        let who: HashSet<SupplierId> = too_late(board, line).iter().map(|po| po.supplier).collect();
        for supplier in who {
            let hurt = found.entry(supplier).or_default();
            let of = customers.entry(supplier).or_default();
            of.insert(line.customer);
            hurt.customers = of.len();
            let of = orders.entry(supplier).or_default();
            of.insert(line.order);
            hurt.orders = of.len();
            hurt.talks += line.talks;
            hurt.not_known += usize::from(line.decision.row == Row::NotKnown);
            hurt.lines += 1;
            hurt.worth += line.value.unwrap_or_default();
            if line.state == State::Late {
                let (customers, orders) = late.entry(supplier).or_default();
                customers.insert(line.customer);
                orders.insert(line.order);
                let worth = hurt.now.worth + line.value.unwrap_or_default();
                hurt.now = LateNow { customers: customers.len(), orders: orders.len(), worth };
            }
        }
    }
    found
}

/// Customers who wait for what is to be asked about today, each once.
pub fn waiting(rows: &[SupplierRow]) -> usize {
    let pos = rows.iter().filter(|row| row.is_to_ask()).flat_map(|row| &row.open_pos).filter(|po| po.to_ask);
    pos.flat_map(|po| &po.waiting).collect::<HashSet<_>>().len()
}

/// Which customers each PO line makes late, and whether they are late today.
pub fn customers_hurt_by_line(board: &Board) -> HashMap<PoLineId, HashMap<CustomerId, bool>> {
    let mut of: HashMap<PoLineId, HashMap<CustomerId, bool>> = HashMap::new();
    for line in &board.lines {
        for po in too_late(board, line) {
            *of.entry(po.po_line).or_default().entry(line.customer).or_default() |= line.state == State::Late;
        }
    }
    of
}

/// The goods that a late line waits for and that come after its date.
fn too_late<'a>(board: &'a Board, line: &WaitingLine) -> Vec<&'a Inbound> {
    if line.state == State::OnTrack {
        return Vec::new();
    }
    let parts = line.pegged.parts.iter().filter(|part| part.arrives.is_none_or(|a| a.likely > line.due_on));
    parts.filter_map(|part| board.inbound.get(part.inbound)).collect()
}

const COLUMNS: [&str; 19] = [
    "supplier",
    "name",
    "lines",
    "grade",
    "score",
    "timeliness",
    "reliability",
    "professionalism",
    "on_time",
    "on_time_qty",
    "in_full",
    "otif",
    "reject_rate",
    "lead_days_quoted",
    "lead_days_median",
    "lead_days_p90",
    "late_days_median",
    "overdue_lines",
    "too_few",
];

/// The `scorecards` export, one row per supplier.
pub fn sheet(rows: &[SupplierRow]) -> Sheet {
    Sheet { name: "scorecards", columns: COLUMNS.to_vec(), rows: rows.iter().map(cells).collect() }
}

fn cells(row: &SupplierRow) -> Vec<Value> {
    let card = &row.card;
    let count = |n: usize| Value::Count(n as i64);
    let rate = |rate: Option<f64>| rate.map_or(Value::None, Value::Rate);
    let score = |score: Option<f64>| score.map_or(Value::None, Value::Score);
    vec![
        Value::text(&row.supplier.code),
        Value::text(&row.supplier.name),
        count(card.lines),
        Value::Text(card.grade_text()),
        score(card.score),
        score(card.timeliness),
        score(card.reliability),
        score(card.professionalism),
        rate(card.on_time.rate()),
        rate(card.on_time_qty),
        rate(card.in_full.rate()),
        rate(card.otif.rate()),
        rate(card.reject_rate),
        Value::maybe_count(row.supplier.lead_days),
        Value::maybe_count(card.lead_days_median),
        Value::maybe_count(card.lead_days_p90),
        Value::maybe_count(card.late_days_median),
        count(card.overdue_lines),
        Value::YesNo(card.too_few()),
    ]
}

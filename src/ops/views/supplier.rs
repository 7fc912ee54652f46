//! One supplier in full: the lines behind its figures, what is under way, what was asked and answered; and the open
//! POs of all suppliers as rows.

use super::backorders::Board;
use super::suppliers::{SupplierRow, customers_hurt_by_line, day_one};
use crate::domain::ids::{CustomerId, ItemId, PoId, PoLineId, SupplierId};
use crate::domain::lateness::Delivery;
use crate::domain::lead_time::Takes;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::scorecard::{Measure, judged};
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::chasing::{self, Chase, OpenPoLine};
use crate::store::levels::{self, Standing};
use crate::store::suppliers::deliveries_promised_since;
use crate::store::{Db, Result};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Questions and answers that are shown of one supplier.
const TALKS: i64 = 50;

/// A line that counts in the scorecard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedLine {
    pub po_code: String,
    pub line_code: String,
    pub item_name: String,
    pub ordered: Qty,
    /// What was accepted of it.
    pub accepted: Qty,
    pub rejected: Qty,
    pub promised: NaiveDate,
    /// None: not complete.
    pub completed: Option<NaiveDate>,
    pub on_time: bool,
    pub in_full: bool,
}

/// One supplier in full.
#[derive(Clone, PartialEq, Debug)]
pub struct SupplierDetail {
    pub supplier: SupplierId,
    /// Newest promise first.
    pub judged: Vec<JudgedLine>,
    /// Drafts included, by PO.
    pub open: Vec<OpenPoLine>,
    /// By draft, the days after its order on which the last of its goods usually comes; not in it: too little is known of
    /// one of them.
    pub usual_days: HashMap<PoId, i64>,
    /// Newest first.
    pub talks: Vec<Chase>,
    /// What came of it at any time, judged or not: pieces, and on how many lines.
    pub received: (Qty, usize),
    /// How the shelves of the items stand that are still to come.
    pub levels: HashMap<ItemId, Standing>,
}

/// Lines to come of whose items the shelf is looked at.
const SHELVES: usize = 60;

/// Reads one supplier.
pub fn load(db: &Db, supplier: SupplierId, measure: &Measure, today: NaiveDate) -> Result<SupplierDetail> {
    // No more than is shown: on this thread writes wait for it.
    let deliveries = deliveries_promised_since(db, supplier, measure.from(today).max(day_one()))?;
    let names = chasing::goods_of(db, supplier)?;
    let line = |judged: crate::domain::scorecard::Judged| JudgedLine {
        po_code: judged.line.po_code.clone(),
        line_code: judged.line.line_code.clone(),
        item_name: names.get(&judged.line.item).map(|(_, name)| name.clone()).unwrap_or_default(),
        ordered: judged.line.ordered(),
        accepted: judged.line.received - judged.line.rejected,
        rejected: judged.line.rejected,
        promised: judged.promised,
        completed: judged.completed,
        on_time: judged.on_time,
        in_full: judged.in_full,
    };
    let open = chasing::open_po_lines_of(db, supplier)?;
    let cover_days = Settings::load(db)?.cover_days();
    let levels = levels::standings(db, open.iter().map(|l| l.item).take(SHELVES), cover_days, today)?;
    Ok(SupplierDetail {
        supplier,
        levels,
        usual_days: usual_days(db, &open, today)?,
        judged: judged(&deliveries, measure, today).into_iter().map(line).collect(),
        open,
        talks: chasing::chases(db, supplier, TALKS)?,
        received: chasing::received_of(db, supplier)?,
    })
}

/// As [`SupplierDetail::usual_days`].
fn usual_days(db: &Db, open: &[OpenPoLine], today: NaiveDate) -> Result<HashMap<PoId, i64>> {
    let drafted: Vec<&OpenPoLine> = open.iter().filter(|line| line.draft).collect();
    let asked: Vec<learning::Asked> = drafted.iter().map(|l| (l.supplier, l.item, l.quoted_days)).collect();
    let takes = learning::takes(db, &asked, today)?;
    let of = |lines: &[&OpenPoLine]| {
        let days: Option<Vec<i64>> = lines.iter().map(|l| takes.get(&(l.supplier, l.item)).map(Takes::usual)).collect();
        Some((lines.first()?.po, days?.into_iter().max()?))
    };
    Ok(drafted.chunk_by(|a, b| a.po == b.po).filter_map(of).collect())
}

/// A PO with goods still to come, as a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoRow {
    pub po: PoId,
    pub code: String,
    pub supplier: SupplierId,
    pub supplier_name: String,
    pub draft: bool,
    /// The earliest date expected now of its open lines.
    pub due_on: Option<NaiveDate>,
    /// The earliest date first promised of its open lines.
    pub first_on: Option<NaiveDate>,
    /// Where nobody named a day: the one that follows from how long such goods take, else from the lead time they quote.
    pub usual_for: Option<NaiveDate>,
    /// What is said of its day where nobody named one, and when it likely comes where that is another day.
    pub when: String,
    /// Days past the date first promised.
    pub days_late: i64,
    pub asked_on: Option<NaiveDate>,
    /// Somebody should ask about it today.
    pub to_ask: bool,
    pub lines: usize,
    /// What is open x cost; none where no cost is known.
    pub value: Option<Money>,
    /// Customers late because of it, or going to be; and those of them who are late today.
    pub customers: usize,
    pub late_now: usize,
    /// Quantity and name of what is open, biggest value first.
    pub goods: Vec<(Qty, String)>,
}

/// A line of an open PO, as its row needs it.
struct Open<'a> {
    po_line: PoLineId,
    code: &'a str,
    supplier: SupplierId,
    supplier_name: &'a str,
    draft: bool,
    item_name: &'a str,
    open: Qty,
    cost: Option<Money>,
    expected_on: Option<NaiveDate>,
}

/// The open POs: those that hurt customers first, then the latest; drafts last. `under_way`: the lines of those that
/// were sent.
pub fn open_pos(db: &Db, under_way: &[Delivery], rows: &[SupplierRow], board: &Board) -> Result<Vec<PoRow>> {
    let hurt = customers_hurt_by_line(board);
    let (drafts, items) = (chasing::draft_lines(db)?, chasing::open_item_names(db)?);
    let names: HashMap<SupplierId, &str> = rows.iter().map(|r| (r.supplier.id, r.supplier.name.as_str())).collect();
    let known: HashMap<PoId, (&SupplierRow, &super::suppliers::OpenPo)> =
        rows.iter().flat_map(|row| row.open_pos.iter().map(move |po| (po.po, (row, po)))).collect();
    let mut pos: BTreeMap<PoId, Vec<Open>> = BTreeMap::new();
    for line in under_way {
        pos.entry(line.po).or_default().push(Open {
            po_line: line.po_line,
            code: &line.po_code,
            supplier: line.supplier,
            supplier_name: names.get(&line.supplier).copied().unwrap_or_default(),
            draft: false,
            item_name: items.get(&line.item).map_or("", String::as_str),
            open: line.open(),
            cost: line.cost,
            expected_on: line.expected_on,
        });
    }
    for line in &drafts {
        pos.entry(line.po).or_default().push(Open {
            po_line: line.po_line,
            code: &line.po_code,
            supplier: line.supplier,
            supplier_name: &line.supplier_name,
            draft: true,
            item_name: &line.item_name,
            open: line.open,
            cost: line.cost,
            expected_on: line.expected_on,
        });
    }
    let mut found: Vec<PoRow> =
        pos.into_iter().filter_map(|(po, lines)| row(po, &lines, &known, &hurt, board.today)).collect();
    found.sort_by_key(|row| {
        let order = (row.draft, Reverse(row.customers), Reverse(row.days_late));
        (order, row.due_on.is_none(), row.due_on, row.po)
    });
    Ok(found)
}

fn row(
    po: PoId,
    lines: &[Open],
    known: &HashMap<PoId, (&SupplierRow, &super::suppliers::OpenPo)>,
    hurt: &HashMap<PoLineId, HashMap<CustomerId, bool>>,
    today: NaiveDate,
) -> Option<PoRow> {
    let first = lines.first()?;
    let open = known.get(&po);
    let value = |line: &Open| line.cost.map(|cost| cost.times(line.open));
    let mut customers: HashMap<CustomerId, bool> = HashMap::new();
    for (customer, late) in lines.iter().filter_map(|l| hurt.get(&l.po_line)).flatten() {
        *customers.entry(*customer).or_default() |= *late;
    }
    let mut by_value: Vec<&Open> = lines.iter().collect();
    by_value.sort_by_key(|line| Reverse(value(line)));
    Some(PoRow {
        po,
        code: first.code.to_string(),
        supplier: first.supplier,
        supplier_name: first.supplier_name.to_string(),
        draft: first.draft,
        due_on: lines.iter().filter_map(|l| l.expected_on).min(),
        first_on: open.and_then(|(_, po)| po.promised_on),
        usual_for: open.and_then(|(_, po)| Some(po.undated.as_ref()?.0).filter(|_| po.due_on.is_none())),
        when: open.map_or(String::new(), |(_, po)| match po.due_on {
            None => po.undated_words(today),
            Some(_) => po.likely_words(today).unwrap_or_default(),
        }),
        days_late: open.map_or(0, |(_, po)| po.days_late),
        asked_on: open.and_then(|(_, po)| po.asked_on),
        to_ask: open.is_some_and(|(row, po)| row.supplier.later_until.is_none() && po.to_ask),
        lines: lines.len(),
        value: lines.iter().filter_map(value).reduce(|a, b| a + b),
        customers: customers.len(),
        late_now: customers.values().filter(|late| **late).count(),
        goods: by_value.iter().map(|l| (l.open, l.item_name.to_string())).collect(),
    })
}

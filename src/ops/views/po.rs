//! One purchase order in full, with when it likely comes, who waits for it, what was said and invoiced; as a table to
//! print or export; and as the words that go to the supplier.

use super::backorders::Board;
use super::suppliers::{self, OpenClaim, OpenPo};
use crate::domain::chase::Step;
use crate::domain::ids::{CustomerId, ItemId, PoId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::purchase::is_piece;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::messages::supplier::{self as words, Facts, Letter, Words};
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::chasing::{self, Chase};
use crate::store::inbound::{self, Which};
use crate::store::po::{self, Came, Invoiced, Po, PoItem, SaidDate};
use crate::store::{Db, Failure, Result, claims, plans};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Talks that are shown of one PO.
const TALKS: i64 = 100;

/// A PO in full.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoPage {
    pub po: Po,
    /// When what is open of a line comes; not in it: nobody knows.
    pub likely: HashMap<PoLineId, NaiveDate>,
    /// What that follows from where nobody named a day.
    pub follows_from: HashMap<PoLineId, String>,
    /// Customers who wait for goods of a line, by line.
    pub waiting: HashMap<PoLineId, Vec<String>>,
    /// Newest first.
    pub talks: Vec<Chase>,
    pub dates: Vec<SaidDate>,
    pub receipts: Vec<Came>,
    /// Oldest first.
    pub invoices: Vec<Invoiced>,
    /// What else is under way from this supplier, this PO included.
    pub under_way: Vec<OpenPo>,
    /// The day on which a question asked today counts as unanswered.
    pub again_on: NaiveDate,
    /// What was rejected of this supplier's POs and is not settled.
    pub claims: Vec<OpenClaim>,
}

/// Reads one PO.
pub fn load(db: &Db, id: PoId, board: &Board, today: NaiveDate) -> Result<PoPage> {
    let po = find(db, id)?;
    let lateness = match board.lateness.get(&po.supplier) {
        Some(known) => known.clone(),
        None => learning::lateness_of(db, po.supplier, today)?,
    };
    let under_way = suppliers::under_way(db, po.supplier, board, today)?;
    let terms = suppliers::ladder(&Settings::load(db)?);
    let mut coming = inbound::read(db, Which::Po(id))?;
    learning::tell(db, coming.iter_mut().map(|row| (row.item, &mut row.inbound)), today)?;
    let coming: Vec<Inbound> = coming.into_iter().map(|row| row.inbound).collect();
    let likely = |line: &Inbound| Some((line.po_line, line.arrives(&lateness, today)?.likely));
    let follows = |line: &Inbound| Some((line.po_line, line.date_follows_from(today)?));
    Ok(PoPage {
        likely: coming.iter().filter_map(likely).collect(),
        follows_from: coming.iter().filter_map(follows).collect(),
        waiting: waiting(board),
        talks: chasing::chases_of(db, id, TALKS)?,
        dates: po::dates(db, id)?,
        receipts: po::receipts(db, id)?,
        invoices: po::invoices(db, id)?,
        under_way,
        again_on: suppliers::again_on(&terms, today),
        claims: suppliers::open_claims(db, Some(po.supplier), &terms, today)?,
        po,
    })
}

fn find(db: &Db, id: PoId) -> Result<Po> {
    po::find(db, id)?
        .ok_or_else(|| Failure::refused("That purchase order is not there any more. Read the list again (F5)."))
}

/// Who waits for which PO line, each customer once.
fn waiting(board: &Board) -> HashMap<PoLineId, Vec<String>> {
    let mut seen: HashSet<(PoLineId, CustomerId)> = HashSet::new();
    let mut of: HashMap<PoLineId, Vec<String>> = HashMap::new();
    for line in &board.lines {
        for inbound in line.pegged.parts.iter().filter_map(|part| board.inbound.get(part.inbound)) {
            if seen.insert((inbound.po_line, line.customer)) {
                of.entry(inbound.po_line).or_default().push(line.customer_name.clone());
            }
        }
    }
    of
}

const COLUMNS: [&str; 19] = [
    "po",
    "supplier",
    "status",
    "line",
    "sku",
    "supplier_sku",
    "item",
    "quantity",
    "cost",
    "value",
    "confirmed_for",
    "expected_on",
    "received",
    "rejected",
    "open",
    "ended_by",
    "invoiced",
    "invoiced_cost",
    "freight",
];

/// The PO as a table for a spreadsheet, with what was invoiced; the freight that was agreed stands in every row.
pub fn sheet(po: &Po, invoices: &[Invoiced]) -> Sheet {
    let row = |line: &PoItem| {
        let of_line: Vec<&Invoiced> = invoices.iter().filter(|i| i.line == Some(line.id)).collect();
        let invoiced: Qty = of_line.iter().filter_map(|i| i.quantity).sum();
        vec![
            Value::text(&po.code),
            Value::text(&po.supplier_name),
            Value::text(po.state.word()),
            Value::text(&line.line),
            Value::text(&line.sku),
            Value::maybe_text(line.supplier_sku.as_deref()),
            Value::text(&line.item_name),
            Value::Quantity(line.quantity),
            Value::maybe_money(line.cost),
            Value::maybe_money(line.value()),
            Value::maybe_date(line.confirmed_for),
            Value::maybe_date(line.expected_on),
            Value::Quantity(line.received),
            Value::Quantity(line.rejected),
            Value::Quantity(line.open()),
            Value::maybe_text(line.ended_by.map(|by| by.name())),
            if of_line.is_empty() { Value::None } else { Value::Quantity(invoiced) },
            Value::maybe_money(of_line.last().map(|i| i.cost)),
            Value::maybe_money(po.freight),
        ]
    };
    Sheet { name: "purchase-order", columns: COLUMNS.to_vec(), rows: po.lines.iter().map(row).collect() }
}

/// The PO as a page: the order as it goes to the supplier.
pub fn paper(words: &Words) -> Vec<String> {
    let mut lines = vec![words.subject.clone(), String::new()];
    lines.extend(words.body.lines().map(String::from));
    lines
}

/// Words ready to go to a supplier.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ready {
    pub words: Words,
    /// His mail address, where one is on file.
    pub address: Option<String>,
    /// Why his own template is not used.
    pub note: Option<String>,
    /// Why no mail can be sent from this warehouse.
    pub no_mail: Option<String>,
}

/// What a letter says beside its POs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// The only lines that are named; none: all that are open.
    pub lines: Option<Vec<PoLineId>>,
    /// Customers who wait: mentioned where it is a question.
    pub waiting: usize,
    /// The day that we ask for.
    pub day: Option<NaiveDate>,
}

/// The words of a letter about POs of one supplier.
pub fn letter(
    db: &Db,
    letter: Letter,
    pos: &[PoId],
    about: &About,
    by: (&str, Option<&Path>),
    today: NaiveDate,
) -> Result<Ready> {
    let (operator, folder) = by;
    let orders = pos.iter().map(|id| find(db, *id)).collect::<Result<Vec<Po>>>()?;
    let Some(first) = orders.first() else {
        return Err(Failure::refused("Choose the order that it is about."));
    };
    let settings = Settings::load(db)?;
    let is_order = letter == Letter::Order;
    let figure = |plain: String| locale::here().typed_figure(&plain);
    let claimed: HashMap<PoLineId, Qty> = match letter {
        Letter::Claim => {
            let claims = claims::open(db, Some(first.supplier), today)?.into_iter().filter(|c| pos.contains(&c.po));
            claims.flat_map(|c| c.lines).map(|l| (l.line, l.quantity)).collect()
        }
        _ => HashMap::new(),
    };
    let named = |line: &&PoItem| match &about.lines {
        _ if letter == Letter::Claim => claimed.contains_key(&line.id),
        Some(lines) => lines.contains(&line.id),
        None => is_order || line.open().is_positive(),
    };
    // Goods without a day are not due with the others: these letters ask of them apart.
    let apart = matches!(letter, Letter::Ask(Step::Remind | Step::Overdue));
    let (undated, dated): (Vec<&PoItem>, Vec<&PoItem>) =
        orders.iter().flat_map(|o| &o.lines).filter(named).partition(|l| apart && l.expected_on.is_none());
    let (meant, undated) = if dated.is_empty() { (undated, dated) } else { (dated, undated) };
    let about_po = |order: &Po| words::About {
        code: order.code.clone(),
        ordered_on: order.ordered_on,
        due: due_of(letter, &order.lines.iter().filter(named).collect::<Vec<_>>()),
        came: order.lines.iter().filter_map(|l| l.received_on).max().filter(|_| !is_order),
        heard: order.confirmed_on.is_some() || order.lines.iter().any(|l| l.confirmed_for.is_some()),
    };
    let cells = |line: &&PoItem| {
        let open = claimed.get(&line.id).copied().unwrap_or(line.open());
        let quantity = match (is_order, open < line.quantity) {
            (true, _) => figure(line.quantity.to_string()),
            (false, true) => format!("{} of {}", figure(open.to_string()), figure(line.quantity.to_string())),
            (false, false) => figure(open.to_string()),
        };
        let code = line.supplier_sku.as_deref().unwrap_or(&line.sku);
        let price = line.cost.filter(|_| is_order).map(|c| format!("at {}", figure(c.to_string()))).unwrap_or_default();
        let unit = line.unit.as_deref().filter(|u| !is_piece(Some(u))).map(|u| format!(" {u}")).unwrap_or_default();
        [format!("{quantity}{unit}"), code.to_string(), line.item_name.clone(), price]
    };
    let asked = orders.iter().map(|o| chasing::chases_of(db, o.id, 1)).collect::<Result<Vec<_>>>()?;
    let asked_on = asked.iter().flatten().filter(|c| c.answer.is_none() && c.step.as_deref() != Some("order"));
    let currency = settings.value("warehouse.currency");
    let money = |m: Money| format!("{currency} {}", figure(m.to_string())).trim_start().to_string();
    let facts = Facts {
        name: first.contact_person.clone().unwrap_or_else(|| first.supplier_name.clone()),
        supplier: first.supplier_name.clone(),
        pos: orders.iter().map(about_po).collect(),
        lines: meant.iter().map(cells).collect(),
        undated: undated.iter().map(cells).collect(),
        asked_on: asked_on.map(|c| c.asked_on).max(),
        waiting: if matches!(letter, Letter::Ask(_)) { about.waiting } else { 0 },
        new_date: about.day,
        language: first.language.clone(),
        total: Some(first.total()).filter(|t| !t.is_zero()).map(money),
        freight: first.freight.map(money),
        note: first.note.clone().filter(|_| is_order),
        today,
        operator: operator.to_string(),
        warehouse: settings.value("warehouse.name").to_string(),
    };
    let (words, note) = words::write(letter, &facts, folder);
    Ok(Ready { words, address: first.email.clone(), note, no_mail: crate::ops::outbox::not_ready(&settings) })
}

/// The day that a letter names of an order: the first of its lines; a reminder the last, by which all of it is expected.
fn due_of(letter: Letter, meant: &[&PoItem]) -> Option<NaiveDate> {
    let open = || meant.iter().filter(|l| l.open().is_positive()).filter_map(|l| l.expected_on);
    let (first, last) = (open().min(), open().max());
    if letter == Letter::Ask(Step::Remind) { last } else { first }
}

/// The letter of a rung; asking out of turn asks where the goods are.
pub fn letter_of(step: Option<Step>) -> Letter {
    Letter::Ask(step.unwrap_or(Step::Overdue))
}

/// Who else sells something: for the last step of the ladder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Other {
    pub supplier: SupplierId,
    pub name: String,
    /// At least his minimum, in whole packs.
    pub quantity: Qty,
    /// Of a unit, by the price break where there is one.
    pub cost: Option<Money>,
    /// Ordered today: by his own word, with what he is usually late by.
    pub likely: Option<NaiveDate>,
    /// `grade A`; `3 lines, too few to judge`; `no grade`.
    pub grade: String,
}

/// Who else sells an item, the soonest first. `grades` as the Suppliers tab shows them.
pub fn others(
    db: &Db,
    item: ItemId,
    not: SupplierId,
    wanted: Qty,
    grades: &HashMap<SupplierId, (String, String)>,
    today: NaiveDate,
) -> Result<Vec<Other>> {
    let mut found = Vec::new();
    for terms in plans::terms_of(db, item)?.into_iter().filter(|t| t.supplier != not) {
        let least = wanted.max(terms.min_quantity.unwrap_or(Qty::ZERO));
        let quantity = match terms.pack.filter(|p| p.is_positive()) {
            Some(pack) => {
                let packs = least.thousandths().div_euclid(pack.thousandths())
                    + i64::from(least.thousandths().rem_euclid(pack.thousandths()) > 0);
                Qty::from_thousandths(packs * pack.thousandths())
            }
            None => least,
        };
        let lead = match terms.lead_days {
            Some(days) => Some(days),
            None => plans::quoted_lead_days(db)?.get(&terms.supplier).copied(),
        };
        let takes = learning::takes(db, &[(terms.supplier, item, lead)], today)?.remove(&(terms.supplier, item));
        let likely = match takes {
            Some(takes) => takes.arrives(today, today),
            None => {
                let quoted = lead.map(|days| crate::domain::calendar::plus_days(today, days));
                let lateness = learning::lateness_of(db, terms.supplier, today)?;
                quoted.and_then(|day| lateness.arrives(day, today))
            }
        };
        let (name, grade) = grades.get(&terms.supplier).cloned().unwrap_or_default();
        found.push(Other {
            supplier: terms.supplier,
            name,
            quantity,
            cost: plans::price_break(db, terms.supplier, item, quantity, today)?.or(terms.cost),
            likely: likely.map(|a| a.likely),
            grade,
        });
    }
    found.sort_by_key(|o| (o.likely.is_none(), o.likely, o.cost, o.supplier));
    Ok(found)
}

//! What is under way from suppliers line by line, and what they were asked and answered about it.

use super::cells::{date, maybe_date, maybe_money};
use super::outbox::State;
use super::{Db, Result, Tx};
use crate::domain::calendar::plus_days;
use crate::domain::chase::{Step, Talk};
use crate::domain::claim::Settled;
use crate::domain::ids::{ItemId, MailId, PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{HashMap, HashSet};

/// A PO line with goods still to come, drafts included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenPoLine {
    pub po_line: PoLineId,
    pub po: PoId,
    pub po_code: String,
    pub line_code: String,
    pub supplier: SupplierId,
    pub supplier_name: String,
    /// Decided, but not sent to the supplier.
    pub draft: bool,
    pub item: ItemId,
    pub sku: String,
    pub item_name: String,
    pub quantity: Qty,
    pub received: Qty,
    pub open: Qty,
    pub cost: Option<Money>,
    /// The date expected now: the line's, else its PO's, else the one first confirmed.
    pub expected_on: Option<NaiveDate>,
    /// The date first promised: first confirmed, else the one expected.
    pub first_promised: Option<NaiveDate>,
    pub confirmed_for: Option<NaiveDate>,
    /// The PO was answered by the supplier.
    pub answered: bool,
    /// The lead days that he quotes for it, else in general.
    pub quoted_days: Option<i64>,
    /// The day of the order + those.
    pub quoted_for: Option<NaiveDate>,
}

impl OpenPoLine {
    /// The day on which it was to come before this answer: expected now, else as quoted.
    pub fn wanted_on(&self) -> Option<NaiveDate> {
        self.expected_on.or(self.quoted_for)
    }
}

/// The open lines; `promised` is the day by which a line is judged.
fn open(db: &Db) -> Result<String> {
    let promised = super::suppliers::promised(db)?;
    Ok(format!("SELECT p.id, p.po_id, h.code, p.line, h.supplier_id, s.name, coalesce(h.status, '') = 'draft', p.item_id, i.sku,
  i.name, p.quantity, p.received, p.quantity - p.received - p.cancelled, p.cost, coalesce(p.expected_on, h.expected_on, p.confirmed_for),
  {promised}, p.confirmed_for, h.confirmed_on IS NOT NULL,
  h.ordered_on, coalesce(si.lead_days, s.lead_days)
  FROM po_line p JOIN purchase_order h ON h.id = p.po_id JOIN supplier s ON s.id = h.supplier_id
    JOIN item i ON i.id = p.item_id LEFT JOIN supplier_item si ON si.supplier_id = h.supplier_id AND si.item_id = p.item_id
  WHERE p.closed = 0 AND p.received + p.cancelled < p.quantity
    AND (h.status IS NULL OR h.status IN ('draft', 'sent', 'confirmed'))"))
}

fn open_po_line(r: &Row) -> rusqlite::Result<OpenPoLine> {
    Ok(OpenPoLine {
        po_line: PoLineId(r.get(0)?),
        po: PoId(r.get(1)?),
        po_code: r.get(2)?,
        line_code: r.get(3)?,
        supplier: SupplierId(r.get(4)?),
        supplier_name: r.get(5)?,
        draft: r.get(6)?,
        item: ItemId(r.get(7)?),
        sku: r.get(8)?,
        item_name: r.get(9)?,
        quantity: Qty::from_thousandths(r.get(10)?),
        received: Qty::from_thousandths(r.get(11)?),
        open: Qty::from_thousandths(r.get(12)?),
        cost: maybe_money(r, 13)?,
        expected_on: maybe_date(r, 14)?,
        first_promised: maybe_date(r, 15)?,
        confirmed_for: maybe_date(r, 16)?,
        answered: r.get(17)?,
        quoted_days: r.get(19)?,
        quoted_for: maybe_date(r, 18)?.zip(r.get(19)?).map(|(on, days)| plus_days(on, days)),
    })
}

/// The open lines of the drafts, by PO.
pub fn draft_lines(db: &Db) -> Result<Vec<OpenPoLine>> {
    let drafts = "p.po_id IN (SELECT d.id FROM purchase_order d WHERE d.status = 'draft')";
    let mut statement = db.prepare_cached(&format!("{} AND {drafts} ORDER BY p.po_id, p.id", open(db)?))?;
    let rows = statement.query_map([], open_po_line)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The names of items that are on order.
pub fn open_item_names(db: &Db) -> Result<HashMap<ItemId, String>> {
    let sql = "SELECT i.id, i.name FROM item i WHERE i.id IN
                 (SELECT o.item_id FROM po_line o WHERE o.closed = 0 AND o.quantity > o.received + o.cancelled)";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| Ok((ItemId(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The open lines of one supplier, by PO.
pub fn open_po_lines_of(db: &Db, supplier: SupplierId) -> Result<Vec<OpenPoLine>> {
    let mut statement = db.prepare_cached(&format!("{} AND h.supplier_id = ?1 ORDER BY p.po_id, p.id", open(db)?))?;
    let rows = statement.query_map(params![supplier.0], open_po_line)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One open line; none where nothing more is to come of it.
pub fn open_po_line_of(db: &Db, line: PoLineId) -> Result<Option<OpenPoLine>> {
    Ok(db
        .prepare_cached(&format!("{} AND p.id = ?1", open(db)?))?
        .query_row(params![line.0], open_po_line)
        .optional()?)
}

/// A question to a supplier about a PO, or the answer to one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chase {
    pub po_code: String,
    pub asked_on: NaiveDate,
    pub channel: Option<String>,
    /// None: it was a question.
    pub answer: Option<String>,
    pub new_date: Option<NaiveDate>,
    pub note: Option<String>,
    pub operator: String,
    /// What it was: `order`, `overdue`, ..., `cancel`; none: asked by no step.
    pub step: Option<String>,
    /// When it comes back, where a person said so.
    pub next_on: Option<NaiveDate>,
    /// The words that were sent or said.
    pub words: Option<String>,
    /// Where its mail stands; none: it went by no mail.
    pub mail: Option<State>,
    /// It is about rejected goods, not about those to come.
    pub of_claim: bool,
    /// What the claim came to, where this is its end.
    pub settled: Option<Settled>,
    /// The operation that kept it: what was done earlier that day has a lower one.
    pub operation: i64,
}

impl Chase {
    /// Its mail did not arrive.
    pub fn is_lost(&self) -> bool {
        matches!(self.mail, Some(State::Failed | State::Bounced))
    }
}

const CHASE: &str = "SELECT h.code, c.asked_on, c.channel, c.answer, c.new_date, c.note, c.operator, c.step, c.next_on,
    c.words, m.state, c.about IS NOT NULL, c.settled, c.operation_id
  FROM chase c JOIN purchase_order h ON h.id = c.po_id LEFT JOIN mail m ON m.id = c.mail_id";

fn chase(r: &Row) -> rusqlite::Result<Chase> {
    Ok(Chase {
        po_code: r.get(0)?,
        asked_on: date(r, 1)?,
        channel: r.get(2)?,
        answer: r.get(3)?,
        new_date: maybe_date(r, 4)?,
        note: r.get(5)?,
        operator: r.get(6)?,
        step: r.get(7)?,
        next_on: maybe_date(r, 8)?,
        words: r.get(9)?,
        mail: r.get::<_, Option<String>>(10)?.as_deref().map(State::named),
        of_claim: r.get(11)?,
        settled: r.get::<_, Option<String>>(12)?.as_deref().and_then(Settled::named),
        operation: r.get(13)?,
    })
}

/// What was said about a PO, newest first.
pub fn chases_of(db: &Db, po: PoId, limit: i64) -> Result<Vec<Chase>> {
    let sql = format!("{CHASE} WHERE c.po_id = ?1 AND c.withdrawn_by IS NULL ORDER BY c.id DESC LIMIT ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![po.0, limit], chase)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was said to and by suppliers, newest first: of one supplier, or of all.
pub fn log(db: &Db, supplier: Option<SupplierId>, limit: i64) -> Result<Vec<Chase>> {
    let sql = format!(
        "{CHASE} WHERE (?1 IS NULL OR h.supplier_id = ?1) AND c.withdrawn_by IS NULL ORDER BY c.id DESC LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![supplier.map(|s| s.0), limit], chase)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether anything was ever said about a PO, taken back or not.
pub fn was_spoken_of(db: &Db, po: PoId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM chase WHERE po_id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row(params![po.0], |r| r.get(0))?)
}

/// The POs with goods to come that this program sent: of these it is known that no answer came.
pub fn sent_here(db: &Db) -> Result<HashSet<PoId>> {
    let sql = "SELECT h.id FROM purchase_order h WHERE h.sent_how IS NOT NULL AND h.status IN ('sent', 'confirmed')";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |r| r.get(0).map(PoId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the ladder of every PO with goods to come needs: what was said, up to `today`, oldest first. A mail that did not
/// arrive was not said.
pub fn talks(db: &Db, today: NaiveDate) -> Result<HashMap<PoId, Vec<Talk>>> {
    let sql = "SELECT c.po_id, c.asked_on, c.answer IS NOT NULL, c.step, c.next_on FROM chase c
               LEFT JOIN mail m ON m.id = c.mail_id
               WHERE c.withdrawn_by IS NULL AND c.about IS NULL AND c.asked_on <= ?1 AND coalesce(m.state, '') NOT IN ('failed', 'bounced')
                 AND EXISTS (SELECT 1 FROM po_line l WHERE l.po_id = c.po_id AND l.closed = 0
                               AND l.quantity > l.received + l.cancelled)
               ORDER BY c.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([today.to_string()])?;
    let mut of: HashMap<PoId, Vec<Talk>> = HashMap::new();
    while let Some(r) = rows.next()? {
        let (answer, step): (bool, Option<String>) = (r.get(2)?, r.get(3)?);
        // That it was sent, or cut, is no question.
        if !answer && matches!(step.as_deref(), Some("order" | "cancel")) {
            continue;
        }
        // A question by no step asks where the goods are.
        let step = (!answer).then(|| step.as_deref().and_then(Step::named).unwrap_or(Step::Overdue));
        let talk = Talk { on: date(r, 1)?, answer, step, next_on: maybe_date(r, 4)? };
        of.entry(PoId(r.get(0)?)).or_default().push(talk);
    }
    Ok(of)
}

/// What a supplier was asked and answered, newest first.
pub fn chases(db: &Db, supplier: SupplierId, limit: i64) -> Result<Vec<Chase>> {
    log(db, Some(supplier), limit)
}

/// A question or an answer to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Said<'a> {
    pub channel: Option<&'a str>,
    pub answer: Option<&'a str>,
    pub new_date: Option<NaiveDate>,
    pub note: Option<&'a str>,
    /// What it was: `order`, a rung of the ladder, `cancel`.
    pub step: Option<&'a str>,
    pub next_on: Option<NaiveDate>,
    pub subject: Option<&'a str>,
    pub words: Option<&'a str>,
    pub address: Option<&'a str>,
    pub template: Option<&'a str>,
    pub mail: Option<MailId>,
    /// `claim` of rejected goods.
    pub about: Option<&'a str>,
    /// What the claim came to.
    pub settled: Option<&'a str>,
}

/// Keeps what was asked or answered about a PO today.
pub fn add(tx: &mut Tx, po: PoId, said: &Said) -> Result<()> {
    let (today, operator, operation) = (tx.act().today.to_string(), tx.act().operator.clone(), tx.operation().0);
    let day = |date: Option<NaiveDate>| date.map(|d| d.to_string());
    tx.insert(
        "chase",
        &[
            "po_id",
            "asked_on",
            "channel",
            "answer",
            "new_date",
            "note",
            "operator",
            "operation_id",
            "step",
            "next_on",
            "subject",
            "words",
            "address",
            "template",
            "mail_id",
            "about",
            "settled",
        ],
        &[
            &po.0,
            &today,
            &said.channel,
            &said.answer,
            &day(said.new_date),
            &said.note,
            &operator,
            &operation,
            &said.step,
            &day(said.next_on),
            &said.subject,
            &said.words,
            &said.address,
            &said.template,
            &said.mail.map(|m| m.0),
            &said.about,
            &said.settled,
        ],
    )?;
    Ok(())
}

/// A supplier's name and note.
pub fn supplier_note(db: &Db, supplier: SupplierId) -> Result<Option<(String, Option<String>)>> {
    let sql = "SELECT name, note FROM supplier WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row(params![supplier.0], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// Puts another note on a supplier; none removes it.
pub fn set_note(tx: &mut Tx, supplier: SupplierId, note: Option<&str>) -> Result<()> {
    let value = note.map_or(Value::Null, |n| Value::Text(n.into()));
    tx.update("supplier", supplier.0, &[("note", value)])?;
    Ok(())
}

/// What came of a supplier, of whatever age and whether its day is known or not: pieces, and on how many lines.
pub fn received_of(db: &Db, supplier: SupplierId) -> Result<(Qty, usize)> {
    let sql = "SELECT coalesce(sum(p.received), 0), count(*) FROM po_line p JOIN purchase_order h ON h.id = p.po_id
               WHERE h.supplier_id = ?1 AND p.received > 0";
    let found = db.prepare_cached(sql)?.query_row(params![supplier.0], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?)))?;
    Ok((Qty::from_thousandths(found.0), usize::try_from(found.1).unwrap_or(0)))
}

/// Whether anything ever came on an order.
pub fn anything_came(db: &Db) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM po_line WHERE received > 0)";
    Ok(db.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

/// SKU and name of everything ever ordered from a supplier.
pub fn goods_of(db: &Db, supplier: SupplierId) -> Result<HashMap<ItemId, (String, String)>> {
    let sql = "SELECT i.id, i.sku, i.name FROM item i WHERE i.id IN
                 (SELECT p.item_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id WHERE h.supplier_id = ?1)";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![supplier.0], |r| Ok((ItemId(r.get(0)?), (r.get(1)?, r.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

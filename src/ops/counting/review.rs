//! What was counted against the book of its own moment, whose count stands, and the one operation that posts it.

use super::counter::{count_aside, decision, name_code};
use super::scope::all_classes;
use super::store::{self, NewScan, Since, Thing};
use super::{Session, may_approve, policy, standing, still_open};
use crate::domain::allocation::fill;
use crate::domain::counting::folding::{Folded, Kind, Visit, fold};
use crate::domain::counting::{Class, Pass, Policy, Verdict, judge};
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::money::Money;
use crate::domain::people::Role;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
use crate::ops::people::{self, Person, role_of};
use crate::ops::perform;
use crate::ops::settings::Settings;
use crate::store::goods::{self, Bin, Moving};
use crate::store::{Act, Db, Done, Failure, Result, Store, fulfilment, waiting};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// No difference.
    Right,
    Differs,
    /// Somebody else must count it.
    Second,
    /// Two people found different things: a third decides.
    Third,
    /// The review asked for it again, and nobody counted it since.
    Again,
}

/// An item in a bin that was counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub bin: Bin,
    pub item: Thing,
    pub state: State,
    /// The count that stands, or the last where none does yet.
    pub pass: Pass,
    /// Everybody's counts, oldest first.
    pub passes: Vec<Pass>,
    /// What moved there after that count.
    pub moved: Vec<Since>,
    /// Unknown where the item has no cost.
    pub worth: Option<Money>,
    /// Worth a second look.
    pub second_look: bool,
    /// The review took it as it is.
    pub ok: bool,
    /// Over the limit, and this person may not approve it.
    pub held: bool,
    /// This person is still to count it: neither the book nor anybody's figure is told.
    pub hidden: bool,
    /// Two people found different things, and nobody else works here: who leads decides.
    pub lead_decides: bool,
    /// Who would lose goods that are set aside: order, customer, how many.
    pub loses: Vec<(String, String, Qty)>,
    /// The last difference that was found here before, if any.
    pub before: Option<(NaiveDate, Qty)>,
}

impl Line {
    pub fn difference(&self) -> Qty {
        self.pass.difference()
    }
    pub fn since(&self) -> Qty {
        self.moved.iter().map(|m| m.quantity).sum()
    }
    /// Movements that were booked after the count but bear an earlier date: perhaps counted already.
    pub fn dated_before(&self) -> Vec<&Since> {
        self.moved.iter().filter(|m| m.at < self.pass.at).collect()
    }
    /// It can be posted.
    pub fn ready(&self) -> bool {
        matches!(self.state, State::Right | State::Differs) && !self.held
    }
}

/// A code that nobody knew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    pub code: String,
    pub quantity: Qty,
    pub bin: Bin,
    pub operator: String,
    pub visit: i64,
}

/// A session as it is reviewed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    pub session: Session,
    pub bins: usize,
    pub from: Option<NaiveDateTime>,
    pub to: Option<NaiveDateTime>,
    /// The greatest worth first; what is right last.
    pub lines: Vec<Line>,
    pub aside: Vec<Aside>,
    /// Bins that somebody still counts: they are not in it.
    pub open: Vec<(String, String)>,
    /// Bins of the round that nobody counted yet.
    pub left: usize,
    pub two_people: bool,
    /// Lines that were posted before.
    pub posted: usize,
    last: i64,
}

impl Review {
    pub fn right(&self) -> usize {
        self.lines.iter().filter(|l| l.state == State::Right).count()
    }
    pub fn differ(&self) -> usize {
        self.lines.iter().filter(|l| l.state == State::Differs).count()
    }
    pub fn waiting(&self) -> usize {
        self.lines.len() - self.right() - self.differ()
    }
    /// What was found too much and what was found missing, in money.
    pub fn sums(&self) -> (Money, Money) {
        let worths = || self.lines.iter().filter(|l| l.state == State::Differs).filter_map(|l| l.worth);
        (worths().filter(|w| *w > Money::ZERO).sum(), worths().filter(|w| *w < Money::ZERO).sum())
    }
}

/// The row that said it last, the last movement that its book knew, and the count.
type Counted = (i64, i64, Pass);

/// Reads a session for its review by this person.
pub fn load(db: &Db, session: SessionId, operator: &str, today: NaiveDate) -> Result<Review> {
    let record = store::session(db, session)?;
    let places = store::places(db, session)?;
    let rows = store::rows(db, session)?;
    let mut folded = fold(&rows);
    expect(db, &record, &places, &mut folded)?;
    let settings = Settings::load(db)?;
    let rules = policy(&settings);
    let judge = Judge::new(db, &folded, rules, today)?;
    let approves = may_approve(db, &settings, operator)?;
    let (rules_of_two, people) = (judge.policy.two_people, people::list(db)?);
    let posted = store::posted(db, session)?;
    let mut by_place: BTreeMap<(BinId, ItemId), Vec<Counted>> = BTreeMap::new();
    let finished: Vec<&Visit> = folded.visits.values().filter(|v| v.done.is_some()).collect();
    for visit in &finished {
        let end = visit.done.map_or(0, |d| d.row);
        for (item, figure) in &visit.figures {
            if posted.get(&(visit.bin, *item)).is_some_and(|last| figure.row <= *last) {
                continue;
            }
            let pass = Pass {
                operator: visit.operator.clone(),
                counted: figure.total,
                book: judge.book(visit.bin, *item, figure.after_movement)?,
                at: figure.at,
                found: figure.row != end,
            };
            if pass.found || !pass.book.is_zero() {
                by_place.entry((visit.bin, *item)).or_default().push((figure.row, figure.after_movement, pass));
            }
        }
    }
    let mut lines = Vec::new();
    for ((bin, item), mut passes) in by_place {
        passes.sort_by_key(|p| p.0);
        let (Ok(bin), Some(thing)) = (goods::bin(db, bin), store::thing(db, item)?) else { continue };
        let mut line = judge.line(bin, thing, &passes, &folded, approves)?;
        line.lead_decides = line.state == State::Third && nobody_else(&people, &line.passes);
        if rules_of_two && waits_for(&line, operator) {
            hide(&mut line);
        }
        lines.push(line);
    }
    lines.sort_by_key(order);
    let ats: Vec<NaiveDateTime> = finished.iter().filter_map(|v| v.done).map(|d| d.at).collect();
    let name = |bin: BinId| goods::bin(db, bin).map_or_else(|_| "a bin that is gone".to_string(), |b| b.code);
    let counted: BTreeSet<BinId> = finished.iter().map(|v| v.bin).collect();
    let mut aside = Vec::new();
    for visit in folded.visits.values() {
        let Ok(bin) = goods::bin(db, visit.bin) else { continue };
        aside.extend(visit.aside.iter().map(|a| Aside {
            code: a.code.clone(),
            quantity: a.quantity,
            bin: bin.clone(),
            operator: visit.operator.clone(),
            visit: visit.id,
        }));
    }
    Ok(Review {
        bins: counted.len(),
        from: folded.visits.values().map(|v| v.began).min(),
        to: ats.iter().max().copied(),
        lines,
        aside,
        open: folded.visits.values().filter(|v| v.done.is_none()).map(|v| (v.operator.clone(), name(v.bin))).collect(),
        left: standing::in_order(&places).iter().filter(|b| !counted.contains(b)).count(),
        two_people: judge.policy.two_people,
        posted: posted.len(),
        last: folded.last,
        session: record,
    })
}

/// Whether a count of this person is what the line waits for: who counted it already is not asked again.
fn waits_for(line: &Line, operator: &str) -> bool {
    matches!(line.state, State::Second | State::Third | State::Again)
        && !line.passes.iter().any(|p| p.operator.eq_ignore_ascii_case(operator))
}

/// Takes all figures out of a line that this person is still to count.
fn hide(line: &mut Line) {
    line.hidden = true;
    for pass in line.passes.iter_mut().chain([&mut line.pass]) {
        (pass.counted, pass.book, pass.found) = (Qty::ZERO, Qty::ZERO, true);
    }
    (line.worth, line.before, line.second_look) = (None, None, false);
    line.moved.clear();
    line.loses.clear();
}

/// Whether all who are listed here counted it: there is no third person.
fn nobody_else(people: &[Person], passes: &[Pass]) -> bool {
    people.iter().all(|who| passes.iter().any(|p| p.operator.eq_ignore_ascii_case(&who.name)))
}

/// The bins in which something that others counted waits for this person's count, in their order.
/// Nothing where one count is enough.
pub fn waiting_for(db: &Db, session: SessionId, operator: &str, today: NaiveDate) -> Result<Vec<Bin>> {
    if !policy(&Settings::load(db)?).two_people {
        return Ok(Vec::new());
    }
    let mut bins: BTreeMap<String, Bin> = BTreeMap::new();
    for line in load(db, session, operator, today)?.lines.into_iter().filter(|l| l.hidden) {
        bins.insert(line.bin.code.clone(), line.bin);
    }
    Ok(bins.into_values().collect())
}

/// What differs first, the greatest worth on top, then what waits for a count, then what is right, by bin.
fn order(line: &Line) -> (u8, std::cmp::Reverse<i64>, String, String) {
    let group = match line.state {
        State::Differs => 0,
        State::Second | State::Third | State::Again => 1,
        State::Right => 2,
    };
    let worth = line.worth.map_or(i64::MAX, |w| w.ten_thousandths().saturating_abs());
    let worth = if group == 2 { 0 } else { worth };
    (group, std::cmp::Reverse(worth), line.bin.code.clone(), line.item.sku.clone())
}

/// What should have been found in finished bins: all that the book knows there, or what the round names.
fn expect(db: &Db, record: &Session, places: &[store::Place], folded: &mut Folded) -> Result<()> {
    let mut books: HashMap<BinId, BTreeSet<ItemId>> = HashMap::new();
    for visit in folded.visits.values() {
        if let Entry::Vacant(place) = books.entry(visit.bin) {
            place.insert(store::book_of_bin(db, visit.bin)?.into_iter().map(|(item, _)| item).collect());
        }
    }
    folded.fill(|bin, empty| {
        let all = empty || record.whole_bins && places.contains(&(bin, None));
        if all {
            return books.get(&bin).cloned().unwrap_or_default();
        }
        places.iter().filter(|p| p.0 == bin).filter_map(|p| p.1).collect()
    });
    Ok(())
}

/// What lines are judged with, read once.
struct Judge<'a> {
    db: &'a Db,
    policy: Policy,
    classes: HashMap<ItemId, Class>,
    moved: HashMap<(BinId, ItemId), Vec<Since>>,
    today: NaiveDate,
}

impl<'a> Judge<'a> {
    fn new(db: &'a Db, folded: &Folded, policy: Policy, today: NaiveDate) -> Result<Judge<'a>> {
        let ends = folded.visits.values().filter_map(|v| v.done.map(|d| d.after_movement));
        let figures = folded.visits.values().flat_map(|v| v.figures.values().map(|f| f.after_movement));
        let mut moved: HashMap<(BinId, ItemId), Vec<Since>> = HashMap::new();
        if let Some(from) = ends.chain(figures).min() {
            for since in store::moved_after(db, from)? {
                moved.entry((since.bin, since.item)).or_default().push(since);
            }
        }
        let classes = if policy.two_people { all_classes(db, today)? } else { HashMap::new() };
        Ok(Judge { db, policy, classes, moved, today })
    }

    fn since(&self, bin: BinId, item: ItemId, after: i64) -> Vec<Since> {
        let all = self.moved.get(&(bin, item)).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|m| m.id > after).cloned().collect()
    }

    /// The book of that moment: today's, less all that moved since.
    fn book(&self, bin: BinId, item: ItemId, after: i64) -> Result<Qty> {
        let since: Qty = self.since(bin, item, after).iter().map(|m| m.quantity).sum();
        Ok(goods::level(self.db, item, bin)? - since)
    }

    fn line(&self, bin: Bin, item: Thing, passes: &[Counted], folded: &Folded, approves: bool) -> Result<Line> {
        let place = (bin.id, item.id);
        let asked = folded.again.get(&place).copied().unwrap_or(0);
        let answered = passes.iter().any(|p| p.0 > asked);
        // Alone, a count that was asked again is gone; with two people it stays one of the two.
        let valid: Vec<&Counted> =
            passes.iter().filter(|p| self.policy.two_people || !answered || p.0 > asked).collect();
        let found: Vec<Pass> = valid.iter().map(|p| p.2.clone()).collect();
        let class = self.classes.get(&item.id).copied().unwrap_or(Class::C);
        let verdict = judge(&found, &self.policy, class, item.cost);
        let last = found.len().saturating_sub(1);
        let ok = folded.ok.get(&place).copied();
        let taken = |at: usize| valid.get(at).is_some_and(|(row, ..)| ok.is_some_and(|ok| ok > *row));
        let (at, state) = match verdict {
            _ if !answered => (last, State::Again),
            Some(Verdict::Stands(at)) => {
                let differs = found.get(at).is_some_and(|p| !p.difference().is_zero());
                (at, if differs { State::Differs } else { State::Right })
            }
            // Where there was no third person, who leads took the last count.
            Some(Verdict::Third) if taken(last) => {
                let differs = found.get(last).is_some_and(|p| !p.difference().is_zero());
                (last, if differs { State::Differs } else { State::Right })
            }
            Some(Verdict::Third) => (last, State::Third),
            Some(Verdict::Second) | None => (last, State::Second),
        };
        let (Some(pass), Some((row, after, _))) = (found.get(at).cloned(), valid.get(at)) else {
            return Err(Failure::Broken(anyhow::anyhow!("a line without a count")));
        };
        let worth = item.cost.map(|c| c.times(pass.difference()));
        let over = |limit: Money| {
            !pass.difference().is_zero()
                && worth.is_none_or(|w| w.ten_thousandths().saturating_abs() > limit.ten_thousandths())
        };
        let limit = self.policy.second_look;
        let great = worth.is_some_and(|w| w.ten_thousandths().saturating_abs() > limit.ten_thousandths());
        Ok(Line {
            second_look: !pass.difference().is_zero() && (great || !pass.found),
            ok: ok.is_some_and(|ok| ok > *row),
            hidden: false,
            lead_decides: false,
            held: self.policy.approval_over.is_some_and(over) && !approves,
            loses: if pass.difference().is_negative() {
                self.losers(&bin, item.id, pass.difference())?
            } else {
                Vec::new()
            },
            before: if pass.difference().is_zero() { None } else { store::last_difference(self.db, item.id, bin.id)? },
            moved: self.since(bin.id, item.id, *after),
            passes: found,
            worth,
            pass,
            state,
            item,
            bin,
        })
    }

    /// Who would have less set aside if so much less lay in storage.
    fn losers(&self, bin: &Bin, item: ItemId, difference: Qty) -> Result<Vec<(String, String, Qty)>> {
        if bin.kind != "storage" {
            return Ok(Vec::new());
        }
        let lines = waiting::of_item(self.db, item)?;
        let sellable = waiting::sellable(self.db, item)? + difference;
        let mut out = Vec::new();
        for (id, then) in fill(&lines, sellable.or_zero(), self.today) {
            let now = lines.iter().find(|l| l.line == id).map_or(Qty::ZERO, |l| l.allocated);
            if then < now {
                let line = fulfilment::order_line(self.db, id)?;
                out.push((line.order, line.customer, now - then));
            }
        }
        Ok(out)
    }
}

/// The review as a table.
pub fn sheet(review: &Review) -> Sheet {
    let row = |l: &Line| {
        let state = match l.state {
            State::Right => "right",
            State::Differs if l.held => "to approve",
            State::Differs => "differs",
            State::Second => "second count",
            State::Third if l.lead_decides => "a lead decides",
            State::Third => "third count",
            State::Again => "count again",
        };
        let quantity = |q: Qty| if l.hidden { Value::None } else { Value::Quantity(q) };
        vec![
            Value::text(l.bin.code.clone()),
            Value::text(l.item.sku.clone()),
            Value::text(l.item.name.clone()),
            quantity(l.pass.book),
            quantity(l.since()),
            quantity(l.pass.counted),
            quantity(l.difference()),
            Value::maybe_money(l.worth),
            Value::text(state),
            Value::text(l.pass.operator.clone()),
        ]
    };
    Sheet {
        name: "review",
        columns: vec!["bin", "sku", "name", "book", "since", "counted", "difference", "worth", "state", "counted_by"],
        rows: review.lines.iter().map(row).collect(),
    }
}

/// Takes a line as it is, or asks for it to be counted again.
pub fn mark(store: &mut Store, act: &Act, session: SessionId, bin: BinId, item: ItemId, again: bool) -> Result<()> {
    let kind = if again { Kind::Again } else { Kind::Ok };
    store.record("review a count", |db| {
        still_open(db, session)?;
        if !again {
            may_take(db, act, session, bin, item)?;
        }
        store::append(db, &NewScan { bin: Some(bin), item: Some(item), ..decision(act, session, kind) }).map(|_| ())
    })
}

/// Whether this person may take a line as it is. Where two people count, a line that waits for another count is taken
/// only where two disagree and nobody else is there to count it, and by who leads.
fn may_take(db: &Db, act: &Act, session: SessionId, bin: BinId, item: ItemId) -> Result<()> {
    if !policy(&Settings::load(db)?).two_people {
        return Ok(());
    }
    let review = load(db, session, &act.operator, act.today)?;
    let line = review.lines.iter().find(|l| l.bin.id == bin && l.item.id == item);
    match line {
        Some(l) if l.state == State::Third && !l.lead_decides => Err(Failure::refused(
            "Two people found different things: somebody who counted neither time counts it (c), then it is decided.",
        )),
        Some(l) if l.state == State::Third && role_of(db, &act.operator)? != Role::Lead => Err(Failure::refused(
            "Two people found different things and nobody else is here: a lead decides whose count stands.",
        )),
        Some(l) if l.state == State::Second => {
            Err(Failure::refused("Somebody else counts it first (c): it cannot be taken as it is."))
        }
        _ => Ok(()),
    }
}

/// Says which item a code is that was kept aside: it becomes a barcode of it, and every visit that kept it aside counts it.
pub fn name_aside(
    store: &mut Store,
    act: Act,
    session: SessionId,
    code: &str,
    item: ItemId,
    pack: Qty,
) -> Result<Done<()>> {
    perform(store, act, |tx| {
        still_open(tx, session)?;
        let thing = goods::item(tx, item)?;
        name_code(tx, code, item, pack)?;
        let folded = fold(&store::rows(tx, session)?);
        let act = tx.act().clone();
        for visit in folded.visits.values().filter(|v| v.aside.iter().any(|a| a.code == code)) {
            let row = NewScan { visit: Some(visit.id), bin: Some(visit.bin), ..decision(&act, session, Kind::Attach) };
            count_aside(tx, &row, code, item, pack)?;
        }
        tx.summarise(format!("made {code} a barcode of {}", thing.name));
        Ok(())
    })
}

/// What a posting did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posted {
    /// Lines that were posted, right ones included.
    pub lines: usize,
    pub changes: usize,
    pub net: Money,
    /// Lines, bins and codes that are left over: the session stays open for them.
    pub left: usize,
}

/// Books what is ready: the difference that was found then goes onto today's book. One operation; its undo opens the
/// session again as it was. Lines that wait for another count, or for somebody who may approve them, stay.
pub fn post(store: &mut Store, act: Act, session: SessionId) -> Result<Done<Posted>> {
    perform(store, act, |tx| {
        let record = still_open(tx, session)?;
        let (operator, today) = (tx.act().operator.clone(), tx.act().today);
        let review = load(tx, session, &operator, today)?;
        let ready: Vec<&Line> = review.lines.iter().filter(|l| l.ready()).collect();
        if ready.is_empty() {
            return Err(Failure::refused(why_not(&review)));
        }
        let negative = Settings::load(tx)?.negative_stock();
        let mut posted = Posted { lines: ready.len(), changes: 0, net: Money::ZERO, left: 0 };
        for line in &ready {
            let difference = line.difference();
            let level = goods::level(tx, line.item.id, line.bin.id)?;
            if difference.is_negative() && (level + difference).is_negative() && !negative {
                return Err(Failure::refused(format!(
                    "{} in {} would be {} then: more was taken since than was there. Count it again (r).",
                    line.item.name,
                    line.bin.code,
                    level + difference
                )));
            }
            let entry = store::Entry {
                session,
                item: line.item.id,
                bin: line.bin.id,
                at: line.pass.at,
                book: line.pass.book,
                counted: line.pass.counted,
                operator: &line.pass.operator,
            };
            store::keep_entry(tx, &entry)?;
            if !difference.is_zero() {
                posted.changes += 1;
                posted.net += line.worth.unwrap_or(Money::ZERO);
                let moving = Moving {
                    item: line.item.id,
                    bin: line.bin.id,
                    quantity: difference,
                    reason: "count",
                    reference: Some(&record.name),
                    note: None,
                };
                goods::move_stock(tx, &moving)?;
            }
        }
        posted.left = (review.lines.len() - ready.len()) + review.open.len() + review.left + review.aside.len();
        store::keep_posting(tx, session, review.last, posted.left == 0)?;
        let changes = match posted.changes {
            0 => "all right".to_string(),
            1 => "1 change".to_string(),
            n => format!("{n} changes"),
        };
        let net = posted.net.ten_thousandths();
        let worth =
            if net == 0 { String::new() } else { format!(", {}{}", if net > 0 { "+" } else { "" }, posted.net) };
        let open = still_left(&review, review.lines.len() - ready.len());
        tx.summarise(format!("{} posted: {} counted, {changes}{worth}{open}", record.name, posted.lines));
        Ok(posted)
    })
}

/// Why the session stays open after what was ready is posted.
fn still_left(review: &Review, lines: usize) -> String {
    let of = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts: Vec<String> = [
        of(lines, "line to count again", "lines to count again"),
        of(review.aside.len(), "unknown code", "unknown codes"),
        of(review.left, "bin not counted", "bins not counted"),
        of(review.open.len(), "bin half done", "bins half done"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { String::new() } else { format!("; still open: {}", parts.join(", ")) }
}

fn why_not(review: &Review) -> String {
    let held = review.lines.iter().filter(|l| l.held).count();
    let waits = review.waiting();
    if review.lines.is_empty() && !review.open.is_empty() {
        "Nothing to post yet: finish the bin first (F8 in the count).".into()
    } else if review.lines.is_empty() {
        "Nothing to post: nothing was counted that is not posted already.".into()
    } else if held > 0 {
        format!("{held} differences are over the limit: somebody who may approve them must post them.")
    } else {
        format!("{waits} lines wait for another count. Nothing else is left to post.")
    }
}

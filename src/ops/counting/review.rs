//! What was counted against the book of its own moment, whose count stands, and the one operation that posts it.

mod judging;
mod posting;

use super::store::{self, Since, Thing};
use super::{Session, may_approve, policy, standing};
use crate::domain::counting::Pass;
use crate::domain::counting::folding::{Folded, Known, Visit, fold};
use crate::domain::ids::{BinId, ItemId, SessionId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::exchange::sheet::{Sheet, Value};
pub use crate::ops::allocating::Loss;
use crate::ops::people::{self, Person};
use crate::ops::scanning::{self, Meaning};
use crate::ops::settings::Settings;
use crate::store::goods::{self, Bin};
use crate::store::{Db, Result};
use chrono::{NaiveDate, NaiveDateTime};
use judging::Judge;
pub use posting::{Posted, drop_aside, mark, name_aside, post, settle_aside};
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
    /// The same where roles do not count: whoever reviews it decides.
    pub anybody_decides: bool,
    /// Who would lose goods that are set aside.
    pub loses: Vec<Loss>,
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
    /// What it waits for before it can be settled.
    pub fn waits_for(&self) -> Option<&'static str> {
        match self.state {
            State::Right | State::Differs => None,
            State::Second => Some("for a 2nd count"),
            State::Third if self.anybody_decides => Some("to decide"),
            State::Third if self.lead_decides => Some("for a lead"),
            State::Third => Some("for a 3rd count"),
            State::Again => Some("to recount"),
        }
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
    /// Somebody named it since: the item, and how many one scan of it is.
    pub known: Option<(String, Qty)>,
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
    /// Who may post what is over the limit.
    pub approvers: Vec<String>,
    /// Lines that were posted before.
    pub posted: usize,
    /// Who posted last, and when.
    pub posted_by: Option<(String, NaiveDateTime)>,
    last: i64,
}

impl Review {
    pub fn right(&self) -> usize {
        self.lines.iter().filter(|l| l.state == State::Right).count()
    }
    pub fn differ(&self) -> usize {
        self.lines.iter().filter(|l| l.state == State::Differs).count()
    }
    /// Who must post what is over the limit, in words.
    pub fn who_approves(&self) -> String {
        match self.approvers.as_slice() {
            [] => "somebody who may approve it".into(),
            [a, b, c, more @ ..] if !more.is_empty() => format!("{a} or {b} or {c} (and {} more)", more.len()),
            names => names.join(" or "),
        }
    }
    pub fn waiting(&self) -> usize {
        self.lines.len() - self.right() - self.differ()
    }
    /// What the lines that are neither right nor settled wait for, and how many each: together [`Review::waiting`].
    pub fn waits(&self) -> Vec<(usize, &'static str)> {
        let mut waits: Vec<(usize, &'static str)> = Vec::new();
        for word in self.lines.iter().filter_map(Line::waits_for) {
            match waits.iter_mut().find(|(_, known)| *known == word) {
                Some((n, _)) => *n += 1,
                None => waits.push((1, word)),
            }
        }
        waits
    }
    /// What was found too much and what was found missing, in money.
    pub fn sums(&self) -> (Money, Money) {
        let worths = || self.lines.iter().filter(|l| l.state == State::Differs).filter_map(|l| l.worth);
        (worths().filter(|w| *w > Money::ZERO).sum(), worths().filter(|w| *w < Money::ZERO).sum())
    }
}

/// The row that said it last, what it knew, and the count.
type Counted = (i64, Known, Pass);

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
    let mut could_count: Option<Vec<String>> = None;
    let posted = store::posted(db, session)?;
    let mut by_place: BTreeMap<(BinId, ItemId), Vec<Counted>> = BTreeMap::new();
    let finished: Vec<&Visit> = folded.visits.values().filter(|v| v.done.is_some()).collect();
    for visit in &finished {
        let end = visit.done.map_or(0, |d| d.row);
        for (item, figure) in &visit.figures {
            if posted.get(&(visit.bin, *item)).is_some_and(|last| figure.row <= *last) {
                continue;
            }
            let picked = judge.picked(visit.bin, *item, figure.known)?;
            let said = figure.row != end;
            let pass = Pass {
                operator: visit.operator.clone(),
                counted: figure.total,
                book: judge.book(visit.bin, *item, figure.known)? - picked,
                picked,
                at: figure.at,
                found: said || visit.empty,
            };
            if said || !pass.book.is_zero() {
                by_place.entry((visit.bin, *item)).or_default().push((figure.row, figure.known, pass));
            }
        }
    }
    let mut lines = Vec::new();
    for ((bin, item), mut passes) in by_place {
        passes.sort_by_key(|p| p.0);
        let (Ok(bin), Some(thing)) = (goods::bin(db, bin), store::thing(db, item)?) else { continue };
        let mut line = judge.line(bin, thing, &passes, &folded, approves)?;
        if line.state == State::Third {
            let people = match could_count.take() {
                Some(known) => known,
                None => who_may_count(db, &people, today)?,
            };
            line.lead_decides = nobody_else(&people, &line.passes);
            could_count = Some(people);
        }
        line.anybody_decides = line.lead_decides && !people::in_force(&people);
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
        for a in &visit.aside {
            let known = match scanning::meaning(db, &a.code, today)? {
                Meaning::Item { item, quantity, .. } => store::thing(db, item)?.map(|t| (t.name, quantity)),
                _ => None,
            };
            let (code, operator) = (a.code.clone(), visit.operator.clone());
            aside.push(Aside { code, quantity: a.quantity, bin: bin.clone(), operator, visit: visit.id, known });
        }
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
        approvers: super::approvers(db, &settings)?,
        posted: posted.len(),
        posted_by: store::last_posting(db, session)?,
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
        (pass.counted, pass.book, pass.picked, pass.found) = (Qty::ZERO, Qty::ZERO, Qty::ZERO, true);
    }
    (line.worth, line.before, line.second_look) = (None, None, false);
    line.moved.clear();
    line.loses.clear();
}

/// Whether all who could count here counted it: there is no third person.
fn nobody_else(people: &[String], passes: &[Pass]) -> bool {
    people.iter().all(|who| passes.iter().any(|p| p.operator.eq_ignore_ascii_case(who)))
}

/// Who could count: who is listed; where nobody is, whoever wrote something in this warehouse of late, in a count or by any
/// other operation. Who left long ago is not waited for.
fn who_may_count(db: &Db, listed: &[Person], today: NaiveDate) -> Result<Vec<String>> {
    match listed {
        [] => store::who_wrote(db, today - chrono::Days::new(OF_LATE)),
        listed => Ok(listed.iter().map(|p| p.name.clone()).collect()),
    }
}

/// For so many days somebody who is not listed is reckoned with.
const OF_LATE: u64 = 30;

/// The bins in which something that others counted waits for this person's count, in their order; and how many lines
/// wait for the count of somebody else. Nothing where one count is enough.
pub fn waiting_for(db: &Db, session: SessionId, operator: &str, today: NaiveDate) -> Result<(Vec<Bin>, usize)> {
    if !policy(&Settings::load(db)?).two_people {
        return Ok(Default::default());
    }
    let mut bins: BTreeMap<String, Bin> = BTreeMap::new();
    let mut others = 0;
    for line in load(db, session, operator, today)?.lines {
        match line.state {
            _ if line.hidden => drop(bins.insert(line.bin.code.clone(), line.bin)),
            State::Second | State::Third if !line.lead_decides => others += 1,
            _ => {}
        }
    }
    Ok((bins.into_values().collect(), others))
}

/// Items of the bin that somebody else counted and of which this person's own count is waited for.
pub(super) fn asked_of(
    db: &Db,
    session: SessionId,
    operator: &str,
    bin: BinId,
    today: NaiveDate,
) -> Result<Vec<ItemId>> {
    if !policy(&Settings::load(db)?).two_people || !store::done_by_another_since(db, session, bin, operator, 0)? {
        return Ok(Vec::new());
    }
    let lines = load(db, session, operator, today)?.lines.into_iter();
    Ok(lines.filter(|l| l.hidden && l.bin.id == bin).map(|l| l.item.id).collect())
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

/// The review as a table. A line's difference is what was counted and what was picked, less the book.
pub fn sheet(review: &Review) -> Sheet {
    let row = |l: &Line| {
        let state = match l.state {
            State::Right => "right",
            State::Differs if l.held => "to approve",
            State::Differs => "differs",
            State::Second => "second count",
            State::Third if l.anybody_decides => "to decide",
            State::Third if l.lead_decides => "a lead decides",
            State::Third => "third count",
            State::Again => "count again",
        };
        let quantity = |q: Qty| if l.hidden { Value::None } else { Value::Quantity(q) };
        vec![
            Value::text(l.bin.code.clone()),
            Value::text(l.item.sku.clone()),
            Value::text(l.item.name.clone()),
            quantity(l.pass.book + l.pass.picked),
            quantity(l.pass.picked),
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
        columns: vec![
            "bin",
            "sku",
            "name",
            "book",
            "picked",
            "since",
            "counted",
            "difference",
            "worth",
            "state",
            "counted_by",
        ],
        rows: review.lines.iter().map(row).collect(),
    }
}

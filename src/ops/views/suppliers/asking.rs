//! What is under way from suppliers, and what they are asked about it next: one rule for every screen, list and letter.

use super::super::backorders::Board;
use super::super::reorder::{self, Wants, Wish};
use super::claiming::OpenClaim;
use crate::domain::calendar::plus_working_days;
use crate::domain::chase::{self, Next, Step};
use crate::domain::dates;
use crate::domain::ids::{CustomerId, PoId, PoLineId, SupplierId};
use crate::domain::inbound::Inbound;
use crate::domain::lateness::{Delivery, Lateness, learn};
use crate::domain::lead_time::LeadTimes;
use crate::domain::quantity::Qty;
use crate::ops::learning;
use crate::ops::settings::Settings;
use crate::store::chasing;
use crate::store::inbound::{self, Which};
use crate::store::suppliers::{Supplier, asked, deliveries_of};
use crate::store::{Db, Result};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A PO with goods still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenPo {
    pub po: PoId,
    pub code: String,
    /// The earliest date first promised of its open lines: lateness is counted from it.
    pub promised_on: Option<NaiveDate>,
    /// The latest date expected now of its open lines.
    pub expected_on: Option<NaiveDate>,
    /// The earliest date expected now of its open lines.
    pub due_on: Option<NaiveDate>,
    /// Of its open lines for which nobody named a day, the earliest by how long such goods take, else by the lead time
    /// that they quote; and what the day of the last of them follows from, as of the last is said when it likely comes.
    pub undated: Option<(NaiveDate, String)>,
    /// When the last of its open lines likely comes; none: nobody knows when one of them does.
    pub likely: Option<NaiveDate>,
    /// Open lines without a day: what they answered about the others says nothing of these.
    pub without_day: usize,
    /// A line is past the date expected now, or has none.
    pub is_missed: bool,
    /// Days past the date first promised, 0 where it is not.
    pub days_late: i64,
    pub lines: usize,
    pub quantity: Qty,
    /// A part of it came, what is open is the rest; looked up where it is to be asked about.
    pub came: bool,
    /// The newest day on which the supplier was asked about it.
    pub asked_on: Option<NaiveDate>,
    /// The next step of the ladder and its day; none: nothing is to be asked.
    pub next: Option<Next>,
    /// That step is due.
    pub to_ask: bool,
    /// Customers who wait for goods of it.
    pub customers: HashSet<CustomerId>,
    /// The lines that a question asked today is about: what is overdue, or due first, or not confirmed.
    pub about: Vec<PoLineId>,
    /// Customers who wait for goods of these lines.
    pub waiting: HashSet<CustomerId>,
    /// What planning wants of its lines: sooner, or later.
    pub wishes: Vec<Wish>,
    /// The next step is due because it is wanted sooner.
    pub hurries: bool,
    /// Goods of it are not needed for long, and nobody spoke of it lately: to be put off or cancelled.
    pub to_put_off: bool,
}

impl OpenPo {
    /// A step of the ladder is due.
    pub fn is_to_ask(&self) -> bool {
        self.to_ask
    }
    /// The day by which it is wanted, where it is to be hurried.
    pub fn wanted_by(&self) -> Option<NaiveDate> {
        let by = self.wishes.iter().filter_map(|wish| match wish.wants {
            Wants::Sooner(by) => Some(by),
            Wants::Later(_) => None,
        });
        by.min().filter(|_| self.hurries)
    }
    /// In a word or two what is to be said to them.
    pub fn in_a_word(&self) -> &'static str {
        match () {
            () if self.hurries => "hurry it",
            () if self.to_put_off && !self.to_ask => "not needed yet",
            () => self.question().words(),
        }
    }
    /// Why it is wanted sooner, and later, by its first line: empty where it is not.
    pub fn why_sooner(&self) -> String {
        self.reasons(Wish::is_hurry)
    }
    pub fn why_later(&self) -> String {
        self.reasons(|wish| !wish.is_hurry())
    }
    fn reasons(&self, which: fn(&Wish) -> bool) -> String {
        let all: Vec<&str> = self.wishes.iter().filter(|w| which(w)).map(|w| w.reason.as_str()).collect();
        let more = match all.len() {
            0 | 1 => String::new(),
            2 => "; 1 more line".into(),
            n => format!("; {} more lines", n - 1),
        };
        all.first().map_or(String::new(), |first| format!("{first}{more}."))
    }
    /// What they are asked, if somebody asks today.
    pub fn question(&self) -> Step {
        chase::question(self.next, self.due_on)
    }
}

/// The day on which a question asked today counts as unanswered.
pub fn again_on(terms: &chase::Terms, today: NaiveDate) -> NaiveDate {
    plus_working_days(today, terms.answer_days, &terms.holidays)
}

/// How patient the house is with suppliers, as its settings say.
pub fn ladder(settings: &Settings) -> chase::Terms {
    let days = |key: &str| u32::try_from(settings.count(key)).unwrap_or(0);
    chase::Terms {
        confirm_days: days("chase.confirm_days"),
        remind_days: settings.count("chase.remind_days"),
        answer_days: days("chase.answer_days"),
        holidays: settings.holidays(),
    }
}

/// The POs with open lines, by supplier, late ones first.
pub(super) fn open_pos(
    deliveries: &[Delivery],
    asked: &HashMap<PoId, NaiveDate>,
    today: NaiveDate,
) -> HashMap<SupplierId, Vec<OpenPo>> {
    let mut pos: BTreeMap<(SupplierId, PoId), OpenPo> = BTreeMap::new();
    for line in deliveries.iter().filter(|line| line.open().is_positive()) {
        let po = pos.entry((line.supplier, line.po)).or_insert_with(|| OpenPo {
            po: line.po,
            code: line.po_code.clone(),
            promised_on: None,
            expected_on: None,
            due_on: None,
            undated: None,
            likely: None,
            without_day: 0,
            is_missed: false,
            days_late: 0,
            lines: 0,
            quantity: Qty::ZERO,
            came: false,
            asked_on: asked.get(&line.po).copied(),
            next: None,
            to_ask: false,
            customers: HashSet::new(),
            about: Vec::new(),
            waiting: HashSet::new(),
            wishes: Vec::new(),
            hurries: false,
            to_put_off: false,
        });
        po.promised_on = po.promised_on.into_iter().chain(line.first_promised).min();
        po.expected_on = po.expected_on.max(line.expected_on);
        po.due_on = po.due_on.into_iter().chain(line.expected_on).min();
        po.is_missed |= line.expected_on.is_none_or(|day| day < today);
        po.lines += 1;
        po.without_day += usize::from(line.expected_on.is_none());
        po.quantity += line.open();
    }
    let mut of: HashMap<SupplierId, Vec<OpenPo>> = HashMap::new();
    for ((supplier, _), mut po) in pos {
        po.days_late = po.promised_on.map_or(0, |day| (today - day).num_days().max(0));
        of.entry(supplier).or_default().push(po);
    }
    for pos in of.values_mut() {
        pos.sort_by_key(|po| (Reverse(po.days_late), po.expected_on.is_none(), po.expected_on, po.po));
    }
    of
}

/// What is under way from one supplier, late ones first, with the next step for each.
pub fn under_way(db: &Db, supplier: SupplierId, board: &Board, today: NaiveDate) -> Result<Vec<OpenPo>> {
    let deliveries = deliveries_of(db, supplier)?;
    let mut open = open_pos(&deliveries, &asked(db, today)?, today);
    let terms = ladder(&Settings::load(db)?);
    let coming = UnderWay {
        lines: &deliveries,
        undated: undated(db, Some(supplier), None, today)?,
        wishes: reorder::wishes(db, Some(supplier), today)?,
    };
    climb(db, &mut open, coming, &learn(&deliveries, today), board, &terms, today)?;
    Ok(open.remove(&supplier).unwrap_or_default())
}

/// When the last of these lines likely comes: by the day expected now with what the supplier is usually late by, else as
/// a line that nobody gave a day. None: nobody knows when one of them does.
fn likely(
    open: &[&Delivery],
    undated: &HashMap<PoLineId, Inbound>,
    learned: &Lateness,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let arrives = |line: &&Delivery| match line.expected_on {
        Some(day) => learned.arrives(day, today),
        None => undated.get(&line.po_line)?.arrives(learned, today),
    };
    let days: Option<Vec<NaiveDate>> = open.iter().map(|line| arrives(line).map(|a| a.likely)).collect();
    days?.into_iter().max()
}

/// What is under way, line by line.
pub(super) struct UnderWay<'a> {
    pub lines: &'a [Delivery],
    /// Those of them for which nobody named a day, as [`undated`] reads them.
    pub undated: HashMap<PoLineId, Inbound>,
    /// What planning wants of it, by PO.
    pub wishes: HashMap<PoId, Vec<Wish>>,
}

/// The open lines for which nobody named a day, of one supplier or of all, told how long such goods take; `learned` is
/// what all suppliers' lines teach today, where that is known already.
pub(super) fn undated(
    db: &Db,
    supplier: Option<SupplierId>,
    learned: Option<&LeadTimes>,
    today: NaiveDate,
) -> Result<HashMap<PoLineId, Inbound>> {
    let mut rows = inbound::read(db, Which::Undated(supplier))?;
    learning::tell_by(db, rows.iter_mut().map(|row| (row.item, &mut row.inbound)), learned, today)?;
    Ok(rows.into_iter().map(|row| (row.inbound.po_line, row.inbound)).collect())
}

/// Finds the next step of the ladder and the likely day for every PO under way.
pub(super) fn climb(
    db: &Db,
    open: &mut HashMap<SupplierId, Vec<OpenPo>>,
    coming: UnderWay,
    lateness: &HashMap<SupplierId, Lateness>,
    board: &Board,
    terms: &chase::Terms,
    today: NaiveDate,
) -> Result<()> {
    let (talks, sent) = (chasing::talks(db, today)?, chasing::sent_here(db)?);
    let UnderWay { lines: deliveries, undated, mut wishes } = coming;
    let nothing_learned = Lateness::default();
    let mut heads: HashMap<PoId, (Option<NaiveDate>, Option<NaiveDate>, bool)> = HashMap::new();
    for line in deliveries.iter().filter(|line| line.open().is_positive()) {
        let head = heads.entry(line.po).or_insert((line.ordered_on, line.confirmed_on, false));
        head.2 |= line.confirmed_for.is_some();
    }
    let mut waiting: HashMap<PoLineId, HashSet<CustomerId>> = HashMap::new();
    for line in &board.lines {
        for inbound in line.pegged.parts.iter().filter_map(|part| board.inbound.get(part.inbound)) {
            waiting.entry(inbound.po_line).or_default().insert(line.customer);
        }
    }
    let mut lines: HashMap<PoId, Vec<&Delivery>> = HashMap::new();
    for line in deliveries.iter().filter(|line| line.open().is_positive()) {
        lines.entry(line.po).or_default().push(line);
    }
    let waits_for = |lines: &[PoLineId]| -> HashSet<CustomerId> {
        lines.iter().filter_map(|line| waiting.get(line)).flatten().copied().collect()
    };
    for (supplier, pos) in open.iter_mut() {
        let learned = lateness.get(supplier).unwrap_or(&nothing_learned);
        let usually_late = learned.usual().is_some_and(|days| days > 0);
        for po in pos {
            let open = lines.remove(&po.po).unwrap_or_default();
            let dates = open.iter().filter_map(|line| undated.get(&line.po_line));
            let dates: Vec<(NaiveDate, String)> =
                dates.filter_map(|l| l.due_on().zip(l.date_follows_from(today))).collect();
            let first = dates.iter().map(|(day, _)| *day).min();
            // Each item has its own figure: of several it is said of which one it is.
            let alike = dates.windows(2).all(|two| matches!(two, [a, b] if a.1 == b.1));
            let last = dates.into_iter().max().map(|(_, words)| words);
            po.undated = first.zip(last.map(|words| if alike { words } else { format!("the last of them {words}") }));
            po.likely = likely(&open, &undated, learned, today);
            po.customers = waits_for(&open.iter().map(|line| line.po_line).collect::<Vec<_>>());
            let (sent_on, confirmed_on, dated) = heads.get(&po.po).copied().unwrap_or_default();
            let facts = chase::Facts {
                sent_on,
                sent_here: sent.contains(&po.po),
                confirmed_on: confirmed_on.or(sent_on.filter(|_| dated)),
                due_on: po.due_on,
                lacks_day: po.without_day > 0,
                matters: usually_late || !po.customers.is_empty(),
                talks: talks.get(&po.po).map_or(&[], Vec::as_slice),
            };
            po.next = chase::next(&facts, terms, today);
            po.wishes = wishes.remove(&po.po).unwrap_or_default();
            let mut wished = chase::wished(&facts, terms, today);
            if po.wishes.iter().any(Wish::is_hurry)
                && po.next.is_none_or(|next| next.step == Step::Remind || next.on > wished.on)
            {
                // Never later than they would be asked without a wish.
                wished.on = po.next.map_or(wished.on, |next| wished.on.min(next.on));
                po.next = Some(wished);
                po.hurries = true;
            }
            po.to_ask = po.next.is_some_and(|next| next.is_due(today));
            po.to_put_off = po.wishes.iter().any(|wish| !wish.is_hurry()) && wished.is_due(today);
            po.came = po.to_ask && crate::store::po::has_come(db, po.po)?;
            po.about = asked_about(po, &open, today);
            po.waiting = waits_for(&po.about);
        }
    }
    Ok(())
}

/// The open lines that a question asked today is about, those without a day always among them; where none is meant more
/// than another, all of them.
fn asked_about(po: &OpenPo, open: &[&Delivery], today: NaiveDate) -> Vec<PoLineId> {
    let meant = |line: &&&Delivery| match po.question() {
        _ if po.hurries => po.wishes.iter().any(|wish| wish.is_hurry() && wish.po_line == line.po_line),
        Step::Confirm => line.confirmed_for.is_none(),
        Step::Remind => line.expected_on.is_none_or(|day| Some(day) == po.due_on),
        _ => line.expected_on.is_none_or(|day| day < today),
    };
    let found: Vec<PoLineId> = open.iter().filter(meant).map(|line| line.po_line).collect();
    if found.is_empty() { open.iter().map(|line| line.po_line).collect() } else { found }
}

/// `PO-73 was due Thu 19 Nov: 4 days late, not asked yet. PO-77 due Fri 27 Nov.`
pub(super) fn now(pos: &[OpenPo], today: NaiveDate) -> String {
    let mut words: Vec<String> = pos.iter().take(2).map(|po| po.sentence(today)).collect();
    if pos.len() > 2 {
        words.push(format!("{} more under way.", pos.len() - 2));
    }
    words.join(" ")
}

impl OpenPo {
    /// `likely Thu 3 Dec`, where that is another day than the one named; what nobody knows is said.
    pub fn likely_words(&self, today: NaiveDate) -> Option<String> {
        match (self.likely, self.expected_on) {
            (Some(likely), Some(named)) if likely == named => None,
            (Some(likely), _) => Some(format!("likely {}", dates::full(likely, today))),
            (None, _) => Some("nobody knows when".into()),
        }
    }

    /// `no day named; by their lead time due Sun 8 Nov, likely Thu 3 Dec`, where nobody named a day; where enough is known
    /// `no day named; usually 2 days after the order (61 receipts), likely Thu 3 Dec`.
    pub fn undated_words(&self, today: NaiveDate) -> String {
        // A day is said once.
        let said = |day: NaiveDate| self.undated.as_ref().is_some_and(|(_, w)| w.ends_with(&dates::full(day, today)));
        let likely = self.likely_words(today).filter(|_| !self.likely.is_some_and(said));
        let known: Vec<String> = self.undated.iter().map(|(_, words)| words.clone()).chain(likely).collect();
        format!("no day named; {}", known.join(", "))
    }

    /// `, 1 line without a day` where others have one; else empty.
    pub fn lacking(&self) -> String {
        match self.without_day {
            n if n == 0 || n == self.lines => String::new(),
            1 => ", 1 line without a day".into(),
            n => format!(", {n} lines without a day"),
        }
    }

    fn sentence(&self, today: NaiveDate) -> String {
        let lacking = self.lacking();
        let day = |date: NaiveDate| dates::full(date, today);
        match (self.promised_on, self.expected_on) {
            (Some(promised), expected) if self.days_late > 0 => {
                let late = if self.days_late == 1 { "1 day".to_string() } else { format!("{} days", self.days_late) };
                let moved = expected.filter(|e| *e > promised).map_or(String::new(), |e| format!(", now {}", day(e)));
                let likely = self.likely_words(today).map_or(String::new(), |likely| format!(", {likely}"));
                let asked = self.asked_on.map_or(", not asked yet".into(), |d| format!(", asked {}", day(d)));
                format!("{} was due {}: {late} late{moved}{asked}{likely}{lacking}.", self.code, day(promised))
            }
            (_, Some(expected)) => {
                let likely = self.likely_words(today).map_or(String::new(), |likely| format!(", {likely}"));
                format!("{} due {}{likely}{lacking}.", self.code, day(expected))
            }
            _ => format!("{}: {}.", self.code, self.undated_words(today)),
        }
    }
}

/// The one thing to do next about a supplier's POs; empty where there is none.
pub(super) fn next(supplier: &Supplier, pos: &[OpenPo], claims: &[OpenClaim], today: NaiveDate) -> String {
    let due = pos.iter().filter(|po| po.to_ask).filter_map(|po| Some((po.next?, po)));
    if let Some((_, po)) = due.max_by_key(|(next, po)| (next.step, po.days_late)) {
        return step_words(supplier, po, today);
    }
    if let Some(claim) = claims.iter().find(|claim| claim.to_ask) {
        return claim.words(supplier);
    }
    if let Some(po) = pos.iter().find(|po| po.to_put_off) {
        return step_words(supplier, po, today);
    }
    let later = pos.iter().find(|po| (po.days_late > 0 || po.without_day > 0 || po.hurries) && po.next.is_some());
    later.map_or(String::new(), |po| step_words(supplier, po, today))
}

/// The next step of one PO in a sentence; empty where nothing is to be asked.
pub fn step_words(supplier: &Supplier, po: &OpenPo, today: NaiveDate) -> String {
    let put_off = || format!("{} Put {} off (d) or cancel it (x).", po.why_later(), po.code);
    let Some(next) = po.next.filter(|_| po.to_ask || !po.to_put_off) else {
        return if po.to_put_off { put_off() } else { String::new() };
    };
    let person = supplier.contact_person.as_deref().unwrap_or(&supplier.name);
    let mut reach = vec![person];
    reach.extend([&supplier.phone, &supplier.email].into_iter().flatten().map(String::as_str));
    let reach = reach.join(", ");
    let waiting = match po.waiting.len() {
        0 => String::new(),
        1 => " 1 customer waits for it.".into(),
        n => format!(" {n} customers wait for it."),
    };
    // Where customers wait for what they are asked about anyway, that is said already.
    let sooner = if po.wishes.iter().any(Wish::is_hurry) && (po.hurries || po.waiting.is_empty()) {
        format!(" {}", po.why_sooner())
    } else {
        String::new()
    };
    // Who waits is said once.
    let waiting = if sooner.contains("Customers wait for") { sooner } else { format!("{sooner}{waiting}") };
    if !po.to_ask {
        let day = dates::full(next.on, today);
        return format!("Nothing to ask today; on {day}: {} ({}).{waiting}", next.step.words(), po.code);
    }
    let code = format!("{}{}", if po.came { "the rest of " } else { "" }, po.code);
    match next.step {
        Step::Confirm if !po.lacking().is_empty() => {
            let which =
                if po.without_day == 1 { "does the line".into() } else { format!("do the {} lines", po.without_day) };
            format!("Ask {reach}: when {which} of {} without a day come?{waiting}", po.code)
        }
        Step::Confirm => format!("Ask {reach}: will {code} come, and when?"),
        Step::Remind if po.hurries => format!("Ask {reach}: can {code} come sooner?{waiting}"),
        Step::Remind => format!("Remind {reach}: will {code} come in time?{waiting}"),
        Step::Overdue => format!("Ask {reach}: new date for {code}?{waiting}"),
        Step::Again => format!("Ask {reach} again about {code}: no answer yet.{waiting}"),
        Step::Urgent => format!("Call {reach} about {code}: asked twice, no answer.{waiting}"),
        Step::SecondSource => format!("{}: asked three times. Order it elsewhere (w)?{waiting}", po.code),
    }
}

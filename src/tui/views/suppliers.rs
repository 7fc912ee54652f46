//! How the Suppliers tab looks: its columns, what the chosen row says, and its pane.

use super::{consequences, purchase};
use crate::domain::dates;
use crate::domain::scorecard::{ENOUGH_LINES, Grade, Share};
use crate::tui::screens::{Line, Spoken};
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::suppliers::{Consequences, OpenPo, OpenPoLine, PoRow, Rows, Standing, SupplierDetail, SupplierRow};
use chrono::NaiveDate;
use std::cmp::Ordering;

/// From this width on a pane is a whole screen: the lines behind the figures are shown too.
const FULL: usize = 62;
/// A page wider than this is hard to read across.
const READABLE: usize = 110;
/// Lines behind the figures that are shown; the rest is in the export.
const SHOWN: usize = 200;

impl Row for SupplierRow {
    fn id(&self) -> i64 {
        self.supplier.id.0
    }
    fn words(&self) -> String {
        let s = &self.supplier;
        let pos: Vec<&str> = self.open_pos.iter().map(|po| po.code.as_str()).collect();
        format!("{} {} {} {}", s.name, s.code, s.contact_person.as_deref().unwrap_or(""), pos.join(" "))
    }
}

impl Row for PoRow {
    fn id(&self) -> i64 {
        self.po.0
    }
    fn words(&self) -> String {
        let goods: Vec<&str> = self.goods.iter().map(|(_, name)| name.as_str()).collect();
        format!("{} {} {}", self.code, self.supplier_name, goods.join(" "))
    }
}

/// The letter, `?` where there are too few orders to judge.
fn grade(row: &SupplierRow) -> &'static str {
    match row.card.grade() {
        Some(grade) if !row.card.too_few() => grade.letter(),
        _ => "?",
    }
}

fn grade_cell(row: &SupplierRow) -> Cell {
    let role = match row.card.grade() {
        _ if row.is_to_ask() => Role::Urgent,
        Some(grade) if !row.card.too_few() => match grade {
            Grade::A | Grade::B => Role::Normal,
            Grade::C | Grade::D => Role::Soon,
        },
        _ => Role::Unknown,
    };
    Cell::with(grade(row), role)
}

/// Best first; those without enough orders last.
pub fn by_grade(a: &SupplierRow, b: &SupplierRow) -> Ordering {
    let key = |row: &SupplierRow| {
        let score = row.card.score.map_or(0, |score| (score * 1_000.0) as i64);
        (row.card.too_few() || row.card.score.is_none(), -score)
    };
    key(a).cmp(&key(b)).then_with(|| by_name(a, b))
}

fn by_name(a: &SupplierRow, b: &SupplierRow) -> Ordering {
    a.supplier.name.to_lowercase().cmp(&b.supplier.name.to_lowercase()).then(a.supplier.id.cmp(&b.supplier.id))
}

/// Least first, no data last.
fn by_rate(a: Option<f64>, b: Option<f64>) -> Ordering {
    a.unwrap_or(f64::MAX).total_cmp(&b.unwrap_or(f64::MAX))
}

fn percent(rate: f64) -> String {
    format!("{:.0} %", rate * 100.0)
}

/// `61 % of 46`, `3 orders` where that is too few, `no orders`.
fn on_time(row: &SupplierRow) -> String {
    match (row.card.lines, row.card.on_time.rate()) {
        (0, _) | (_, None) => "no orders".into(),
        (n, _) if row.card.too_few() => text::plural(n, "order"),
        (_, Some(rate)) => format!("{:>5} of {}", percent(rate), text::count(row.card.on_time.all)),
    }
}

fn in_full(row: &SupplierRow) -> String {
    row.card.in_full.rate().filter(|_| !row.card.too_few()).map(percent).unwrap_or_default()
}

fn says(row: &SupplierRow) -> String {
    row.supplier.lead_days.map_or(String::new(), |d| format!("{d} d"))
}

/// The usual days and those of 9 of 10: `11-15 d`.
fn takes(row: &SupplierRow) -> String {
    match (row.card.lead_days_median, row.card.lead_days_p90) {
        (Some(usual), Some(most)) if usual != most => format!("{usual}-{most} d"),
        (Some(usual), _) => format!("{usual} d"),
        _ => String::new(),
    }
}

fn counted(n: usize, word: &str) -> String {
    if n == 0 { String::new() } else { format!("{} {word}", text::count(n)) }
}

const fn column<R>(
    heading: &'static str,
    wide: Wide,
    align: Align,
    drop: u8,
    cell: fn(&R, &Look) -> Cell,
) -> Column<R> {
    Column { heading, wide, align, drop, from: 0, hide_same: false, cell, order: None }
}

/// The columns of the suppliers.
pub static COLUMNS: &[Column<SupplierRow>] = &[
    Column { order: Some(by_grade), ..column("", Wide::Fixed(1), Align::Left, 0, |r, _| grade_cell(r)) },
    Column {
        order: Some(by_name),
        ..column("Supplier", Wide::Rest(20), Align::Left, 0, |r, _| Cell::plain(&r.supplier.name))
    },
    Column {
        order: Some(|a, b| by_rate(a.card.on_time.rate(), b.card.on_time.rate())),
        ..column("On time", Wide::Longest(12, 14), Align::Left, 0, |r, _| Cell::plain(on_time(r)))
    },
    Column {
        order: Some(|a, b| by_rate(a.card.in_full.rate(), b.card.in_full.rate())),
        ..column("In full", Wide::Fixed(7), Align::Right, 3, |r, _| Cell::plain(in_full(r)))
    },
    Column {
        order: Some(|a, b| a.supplier.lead_days.cmp(&b.supplier.lead_days)),
        ..column("Says", Wide::Longest(5, 6), Align::Right, 1, |r, _| Cell::plain(says(r)))
    },
    Column {
        order: Some(|a, b| a.card.lead_days_median.cmp(&b.card.lead_days_median)),
        ..column("Takes", Wide::Longest(7, 10), Align::Right, 4, |r, _| Cell::plain(takes(r)))
    },
    Column {
        order: Some(|a, b| b.late_pos.cmp(&a.late_pos)),
        ..column("Late now", Wide::Fixed(8), Align::Left, 2, |r, _| {
            Cell::plain(counted(r.late_pos, if r.late_pos == 1 { "PO" } else { "POs" }))
        })
    },
    Column {
        order: Some(|a, b| b.hurts.customers.cmp(&a.hurts.customers)),
        ..column("Hurts", Wide::Longest(7, 11), Align::Left, 5, |r, _| Cell::plain(counted(r.hurts.customers, "cust.")))
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| b.hurts.worth.cmp(&a.hurts.worth)),
        ..column("Worth late", Wide::Longest(10, 12), Align::Right, 1, |r, _| {
            Cell::plain(if r.hurts.lines == 0 { String::new() } else { text::whole_money(r.hurts.worth) })
        })
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| by_rate(a.card.answered.rate(), b.card.answered.rate())),
        ..column("Answers", Wide::Fixed(7), Align::Right, 1, |r, _| {
            Cell::plain(r.card.answered.rate().map(percent).unwrap_or_default())
        })
    },
    Column {
        from: 140,
        hide_same: true,
        order: Some(|a, b| by_rate(b.card.reject_rate, a.card.reject_rate)),
        ..column("Rejects", Wide::Fixed(7), Align::Right, 1, |r, _| {
            Cell::plain(r.card.reject_rate.map(|rate| format!("{:.1} %", rate * 100.0)).unwrap_or_default())
        })
    },
];

fn po_state(row: &PoRow) -> Cell {
    match (row.draft, row.to_ask, row.days_late > 0) {
        (true, ..) => Cell::with("+ draft", Role::Quiet),
        (_, false, false) if row.due_on.is_none() => Cell::with(". sent", Role::Quiet),
        (_, true, _) => Cell::with("! ask", Role::Urgent),
        (_, _, true) => Cell::with("~ late", Role::Soon),
        _ => Cell::with(". due", Role::Quiet),
    }
}

/// The columns of the open POs.
pub static PO_COLUMNS: &[Column<PoRow>] = &[
    column("", Wide::Fixed(7), Align::Left, 0, |r, _| po_state(r)),
    Column {
        order: Some(|a, b| crate::domain::allocation::natural_order(&a.code, &b.code)),
        ..column("PO", Wide::Longest(6, 14), Align::Left, 0, |r, _| Cell::plain(&r.code))
    },
    Column {
        order: Some(|a, b| a.supplier_name.to_lowercase().cmp(&b.supplier_name.to_lowercase())),
        ..column("Supplier", Wide::Rest(20), Align::Left, 0, |r, _| Cell::plain(&r.supplier_name))
    },
    Column {
        order: Some(|a, b| (a.due_on.is_none(), a.due_on).cmp(&(b.due_on.is_none(), b.due_on))),
        ..column("Due", Wide::Longest(6, 11), Align::Left, 5, |r, look| {
            Cell::plain(r.due_on.map(|day| dates::short(day, look.today)).unwrap_or_default())
        })
    },
    Column {
        order: Some(|a, b| b.days_late.cmp(&a.days_late)),
        ..column("Late", Wide::Longest(5, 8), Align::Right, 4, |r, _| {
            Cell::plain(if r.days_late > 0 {
                format!("{} d", text::count(r.days_late as usize))
            } else {
                String::new()
            })
        })
    },
    Column {
        order: Some(|a, b| b.lines.cmp(&a.lines)),
        ..column("Lines", Wide::Fixed(5), Align::Right, 1, |r, _| Cell::plain(text::count(r.lines)))
    },
    Column {
        hide_same: true,
        order: Some(|a, b| b.value.cmp(&a.value)),
        ..column("Value", Wide::Longest(8, 12), Align::Right, 2, |r, _| {
            Cell::plain(r.value.map(text::whole_money).unwrap_or_default())
        })
    },
    Column {
        order: Some(|a, b| b.customers.cmp(&a.customers)),
        ..column("Hurts", Wide::Longest(8, 11), Align::Left, 3, |r, _| Cell::plain(counted(r.customers, "cust.")))
    },
];

/// What a supplier's row says.
pub fn spoken(row: &SupplierRow, drafts: &[&PoRow], look: &Look) -> Spoken {
    let mut now = vec![row.now.clone()];
    now.extend(drafts.iter().take(2).map(|po| draft_sentence(po)));
    let now: Vec<String> = now.into_iter().filter(|w| !w.is_empty()).collect();
    let now = if now.is_empty() { "Nothing is under way.".to_string() } else { now.join(" ") };
    Spoken { name: row.supplier.name.clone(), lines: vec![("Now", now), ("Next", next(row, drafts, look.today))] }
}

fn draft_sentence(po: &PoRow) -> String {
    let value = po.value.map(|v| format!(", {}", text::money(v))).unwrap_or_default();
    format!("{} is a draft: {}{value}.", po.code, text::plural(po.lines, "line"))
}

fn next(row: &SupplierRow, drafts: &[&PoRow], today: NaiveDate) -> String {
    let name = row.supplier.contact_person.as_deref().unwrap_or(&row.supplier.name);
    if let Some(until) = row.supplier.later_until {
        return format!("Put off; it comes back on {}.", dates::full(until, today));
    }
    if !row.next.is_empty() {
        return row.next.clone();
    }
    if let Some(draft) = drafts.first() {
        return format!("Send {} to {name} (s).", draft.code);
    }
    if row.hurts.customers > 0 {
        let who = text::plural(row.hurts.customers, "customer");
        let verb = if row.hurts.customers == 1 { "is" } else { "are" };
        return format!("{who} {verb} late by what comes: tell them on 2 Backorders.");
    }
    match row.open_pos.first().and_then(|po| Some((po, po.expected_on?))) {
        Some((po, day)) => format!("Nothing to do; {} comes {}.", po.code, dates::full(day, today)),
        None => "Nothing to do.".into(),
    }
}

/// What a PO's row says.
pub fn po_spoken(row: &PoRow, supplier: Option<&SupplierRow>, look: &Look) -> Spoken {
    let goods: Vec<String> =
        row.goods.iter().take(2).map(|(quantity, name)| format!("{} {name}", text::quantity(*quantity))).collect();
    let more = row.goods.len().saturating_sub(2);
    let more = if more > 0 { format!(", +{}", text::plural(more, "line")) } else { String::new() };
    let when = match (row.due_on, row.days_late) {
        _ if row.draft => "not sent".to_string(),
        (None, 0) => "no date".to_string(),
        (Some(day), 0) => format!("due {}", dates::full(day, look.today)),
        (_, n) => {
            let asked =
                row.asked_on.map_or("not asked yet".into(), |d| format!("asked {}", dates::full(d, look.today)));
            format!("{} late, {asked}", text::plural(n as usize, "day"))
        }
    };
    let hurt = match row.customers {
        0 => String::new(),
        1 => " 1 customer is late by it.".into(),
        n => format!(" {} customers are late by it.", text::count(n)),
    };
    let now = format!("{}{more}: {when}.{hurt}", goods.join(", "));
    let next = match supplier {
        _ if row.draft => format!("Send it to {} (s), or drop lines (x).", row.supplier_name),
        Some(supplier) if row.to_ask || row.days_late > 0 => next(supplier, &[], look.today),
        _ => match row.next {
            Some(next) => format!("On {}: {}.", dates::full(next.on, look.today), next.step.words()),
            None => "Nothing to do.".into(),
        },
    };
    Spoken { name: format!("{}, {}", row.code, row.supplier_name), lines: vec![("Now", now), ("Next", next)] }
}

/// What was read of the chosen supplier so far.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    pub detail: Option<&'a SupplierDetail>,
    pub costs: Option<&'a Consequences>,
}

/// A supplier in full; on a whole screen with the lines behind the figures.
pub fn pane(row: &SupplierRow, known: Known, rows: &Rows, width: usize, look: &Look) -> Vec<Line> {
    let detail = known.detail;
    let width = width.min(READABLE);
    let mut page = Page { out: Vec::new(), width };
    let grade = if row.card.lines == 0 { "no grade".to_string() } else { format!("grade {}", grade(row)) };
    let room = width.saturating_sub(text::width(&grade) + 1);
    page.out
        .push(vec![Cell::with(text::left(&row.supplier.name, room), Role::Title), Cell::plain(format!(" {grade}"))]);
    let s = &row.supplier;
    let contact = [s.contact_person.as_deref(), s.phone.as_deref(), s.email.as_deref()];
    let contact: Vec<&str> = contact.into_iter().flatten().filter(|t| !t.trim().is_empty()).collect();
    if !contact.is_empty() {
        page.say(&contact.join("  "));
    }
    page.blank();
    measures(&mut page, row, rows);
    how_late(&mut page, row);
    page.say(&lead_sentence(row));
    page.blank();
    under_way(&mut page, row, known, rows, look);
    if row.standing.standing != Standing::Ok || !row.standing.why.is_empty() {
        page.say(&format!("New POs: {}, {}.", row.standing.standing.name(), row.standing.why));
    }
    if let Some(until) = s.later_until {
        page.say(&format!("Put off until {}.", dates::full(until, look.today)));
    }
    if let Some(note) = s.note.as_deref().filter(|n| !n.trim().is_empty()) {
        page.say(&format!("Note  {note}"));
    }
    if let (Some(detail), true) = (detail, width >= FULL) {
        behind(&mut page, detail, rows, look);
    }
    page.out
}

/// A PO in full, then its supplier.
pub fn po_pane(
    po: &PoRow,
    row: Option<&SupplierRow>,
    known: Known,
    rows: &Rows,
    width: usize,
    look: &Look,
) -> Vec<Line> {
    let width = width.min(READABLE);
    let mut page = Page { out: Vec::new(), width };
    page.out.push(vec![Cell::with(text::fit(&format!("{}  {}", po.code, po.supplier_name), width), Role::Title)]);
    let detail = known.detail;
    for line in detail.iter().flat_map(|d| &d.open).filter(|l| l.po == po.po) {
        open_line(&mut page, line, look);
    }
    for talk in detail.iter().flat_map(|d| &d.talks).filter(|t| t.po_code == po.code) {
        page.say(&talk_words(talk, look));
    }
    page.blank();
    if let Some(row) = row {
        page.out.extend(pane(row, known, rows, width, look));
    }
    page.out
}

/// Lines being written.
struct Page {
    out: Vec<Line>,
    width: usize,
}

impl Page {
    fn say(&mut self, words: &str) {
        if !words.is_empty() {
            self.out.extend(text::wrap(words, self.width).into_iter().map(|w| vec![Cell::plain(w)]));
        }
    }
    fn blank(&mut self) {
        self.out.push(Vec::new());
    }
    fn heading(&mut self, words: &str) {
        self.blank();
        self.out.push(vec![Cell::with(text::fit(words, self.width), Role::Title)]);
    }
    fn bar(&mut self, label: &str, share: Share, what: &str) {
        let Some(rate) = share.rate() else { return };
        let full = (rate * 10.0).round() as usize;
        let bar = format!("[{}{}]", "=".repeat(full.min(10)), ".".repeat(10 - full.min(10)));
        let counts = format!("{} of {}{what}", text::count(share.good), text::count(share.all));
        let line = format!("{label:<10}{bar} {:>5}  {counts}", percent(rate));
        self.out.push(vec![Cell::plain(text::clip(&line, self.width))]);
    }
}

fn measures(page: &mut Page, row: &SupplierRow, rows: &Rows) {
    let card = &row.card;
    if card.lines == 0 {
        return page.say("No orders to judge yet, so no grade.");
    }
    page.bar("On time", card.on_time, "");
    if let Some(sure) = card.timeliness {
        page.out.push(vec![Cell::with(format!("{:10}sure above {sure:.0} %", ""), Role::Quiet)]);
    }
    page.bar("In full", card.in_full, " lines");
    page.bar("Answers", card.answered, " in 2 days");
    page.bar("Dates", card.kept_dates, " not put off");
    if let Some(rate) = card.reject_rate.filter(|r| *r > 0.0) {
        page.say(&format!("Rejected  {:.1} % of what came", rate * 100.0));
    }
    if card.too_few() {
        page.say(&format!("{} are too few to judge: {ENOUGH_LINES} needed.", text::plural(card.lines, "order")));
    } else {
        page.say(&make_up(row, rows));
    }
    page.blank();
}

/// `Grade: 40 on time, 40 in full, 20 answers; 63 of 100.` A part without data is not counted.
fn make_up(row: &SupplierRow, rows: &Rows) -> String {
    let card = &row.card;
    let parts = [("on time", card.timeliness), ("in full", card.reliability), ("answers", card.professionalism)];
    let known: Vec<(&str, f64)> = parts
        .iter()
        .zip(rows.weights)
        .filter(|((_, part), _)| part.is_some())
        .map(|((name, _), w)| (*name, w))
        .collect();
    let total: f64 = known.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return String::new();
    }
    let known: Vec<String> = known.iter().map(|(name, w)| format!("{:.0} {name}", w / total * 100.0)).collect();
    let score = card.score.map(|score| format!("; {score:.0} of 100")).unwrap_or_default();
    format!("Grade: {}{score}.", known.join(", "))
}

fn how_late(page: &mut Page, row: &SupplierRow) {
    let counts = row.card.how_late;
    let (all, most) = (counts.iter().sum::<usize>(), counts.iter().copied().max().unwrap_or(0));
    if most == 0 {
        return;
    }
    page.say(&format!("How late, last {}", text::plural(all, "line")));
    let room = page.width.saturating_sub(24).clamp(6, 20);
    for (label, n) in ["early", "on day", "1-3 d", "4-7 d", "later"].iter().zip(counts) {
        // Halves of a cell; one line of many is still seen.
        let halves = if n == 0 { 0 } else { (n * room * 2 / most).max(1) };
        let bar = format!("{}{}", "█".repeat(halves / 2), if halves % 2 == 1 { "▄" } else { "" });
        page.out.push(vec![Cell::plain(format!("  {label:<8}{}{:>6}", text::left(&bar, room), text::count(n)))]);
    }
}

fn lead_sentence(row: &SupplierRow) -> String {
    let says = row.supplier.lead_days.map(|d| format!("Says {d} d"));
    let takes = match (row.card.lead_days_median, row.card.lead_days_p90) {
        (Some(usual), Some(most)) => Some(format!("takes {usual} d, 9 of 10 within {most} d")),
        _ => None,
    };
    match (says, takes) {
        (Some(says), Some(takes)) => format!("{says}, {takes}"),
        (Some(says), None) => says,
        (None, Some(takes)) => takes.replacen('t', "T", 1),
        (None, None) => String::new(),
    }
}

fn open_words(po: &OpenPo, look: &Look) -> String {
    match (po.days_late, po.expected_on) {
        (0, Some(day)) => format!("{} due {}", po.code, dates::short(day, look.today)),
        (0, None) => format!("{} no date", po.code),
        (n, Some(day)) if day >= look.today => format!("{} {n} d late, now {}", po.code, dates::short(day, look.today)),
        (n, _) => format!("{} {n} d late", po.code),
    }
}

fn under_way(page: &mut Page, row: &SupplierRow, known: Known, rows: &Rows, look: &Look) {
    let Known { detail, costs } = known;
    let mut open: Vec<String> = row.open_pos.iter().take(4).map(|po| open_words(po, look)).collect();
    if row.open_pos.len() > 4 {
        open.push(format!("{} more", row.open_pos.len() - 4));
    }
    let drafts = detail.iter().flat_map(|d| &d.open).filter(|l| l.draft).map(|l| l.po_code.as_str());
    let mut drafts: Vec<String> = drafts.map(|code| format!("{code} draft")).collect();
    drafts.dedup();
    open.extend(drafts);
    if !open.is_empty() {
        page.say(&format!("Open: {}", open.join("; ")));
    }
    for sentence in consequences::sentences(row.hurts, costs, rows.window_days, look) {
        page.say(&sentence);
    }
    if let Some(talk) = detail.and_then(|d| d.talks.first()) {
        page.say(&talk_words(talk, look));
    }
}

fn talk_words(talk: &crate::worker::suppliers::Chase, look: &Look) -> String {
    format!("{}  {} {}", dates::short(talk.asked_on, look.today), talk.po_code, purchase::talk(talk, look))
}

fn open_line(page: &mut Page, line: &OpenPoLine, look: &Look) {
    let when = match (line.expected_on, line.first_promised) {
        _ if line.draft => "draft".to_string(),
        (Some(now), Some(first)) if first != now => {
            format!("{}, first {}", dates::short(now, look.today), dates::short(first, look.today))
        }
        (Some(now), _) => dates::short(now, look.today),
        (None, _) => "no date".into(),
    };
    let quantity = text::quantity(line.open);
    let room = page.width.saturating_sub(text::width(&when) + 2);
    let head = format!("{} {}  {quantity} {}", line.po_code, line.line_code, line.item_name);
    page.out.push(vec![Cell::plain(text::left(&head, room)), Cell::with(format!("  {when}"), Role::Quiet)]);
}

/// The lines behind the figures.
fn behind(page: &mut Page, detail: &SupplierDetail, rows: &Rows, look: &Look) {
    if !detail.open.is_empty() {
        page.heading("Still to come");
        for line in detail.open.iter().take(SHOWN) {
            open_line(page, line, look);
        }
    }
    if !detail.talks.is_empty() {
        page.heading("Asked and answered");
        for talk in &detail.talks {
            page.say(&talk_words(talk, look));
        }
    }
    page.heading(&format!(
        "Judged: {} promised in the last {} days, by the first confirmed date",
        text::plural(detail.judged.len(), "line"),
        rows.window_days
    ));
    for line in detail.judged.iter().take(SHOWN) {
        let came = match line.completed {
            Some(day) if day <= line.promised => format!("came {}", dates::short(day, look.today)),
            Some(day) => format!("came {}, {} d late", dates::short(day, look.today), (day - line.promised).num_days()),
            None => "not complete".into(),
        };
        let short = if line.in_full {
            String::new()
        } else {
            format!(", {} of {}", text::quantity(line.accepted), text::quantity(line.ordered))
        };
        let sign = if line.on_time && line.in_full { "." } else { "~" };
        let verdict = format!("{:<11}{came}{short}", dates::short(line.promised, look.today));
        let head = format!("{sign} {} {}  {}", line.po_code, line.line_code, line.item_name);
        let room = page.width.saturating_sub(40);
        page.out
            .push(vec![Cell::plain(text::left(&head, room)), Cell::plain(format!("  {}", text::clip(&verdict, 38)))]);
    }
    if detail.judged.len() > SHOWN {
        page.say(&format!("{} older ones: backshelf export purchase-orders.", detail.judged.len() - SHOWN));
    }
}

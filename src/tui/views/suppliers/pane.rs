//! A supplier in full: figures, how late, how long it takes, what is under way, and the lines behind.

use super::{few, grade, percent};
use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::domain::scorecard::{ENOUGH_LINES, Grade, Scorecard, Share, Turn};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::{consequences, gauge, purchase};
use crate::worker::reorder::Standing as Level;
use crate::worker::suppliers::{Consequences, OpenPo, OpenPoLine, PoRow, Rows, Standing, SupplierDetail, SupplierRow};

/// From this width on a pane is a whole screen: the lines behind the figures are shown too.
const FULL: usize = 62;
/// A page wider than this is hard to read across.
pub const READABLE: usize = 110;
/// Lines behind the figures that are shown; the rest is in the export.
const SHOWN: usize = 200;

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
    let received = detail.map(|d| d.received).filter(|(_, lines)| *lines > 0);
    measures(&mut page, row, rows, received);
    how_late(&mut page, row);
    how_long(&mut page, row, received.is_some());
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
        page.shelf(detail.and_then(|d| d.levels.get(&line.item)));
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
    /// How the shelf of a line's item stands, below it.
    fn shelf(&mut self, standing: Option<&Level>) {
        let line = standing.and_then(|s| gauge::line(&s.level, s.days, self.width.saturating_sub(2)));
        self.out.extend(line.map(|line| std::iter::once(Cell::plain("  ")).chain(line).collect()));
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

fn measures(page: &mut Page, row: &SupplierRow, rows: &Rows, received: Option<(Qty, usize)>) {
    let card = &row.card;
    if let (0, Some((pieces, lines))) = (card.lines, received) {
        return page.say(&format!(
            "{} came on {}, none with a promised day in the window: no grade. Further back: m.",
            text::quantity(pieces),
            text::plural(lines, "line")
        ));
    }
    if card.lines == 0 {
        return page.say("No orders to judge yet, so no grade.");
    }
    page.bar("On time", card.on_time, "");
    if let Some(sure) = card.sure_on_time() {
        page.out.push(vec![Cell::with(format!("{:10}sure above {sure:.0} %", ""), Role::Quiet)]);
    }
    if let Some(months) = trend(card) {
        page.out.push(vec![Cell::with(format!("{:10}by month {months}", ""), Role::Quiet)]);
    }
    if let Some(turn) = card.turn() {
        let words = match turn {
            Turn::Better => "▲ last 3 months better than the 9 before",
            Turn::Worse => "▼ last 3 months worse than the 9 before",
        };
        page.out.push(vec![Cell::with(text::clip(&format!("{:10}{words}", ""), page.width), Role::Quiet)]);
    }
    page.bar("In full", card.in_full, " lines");
    page.bar("Confirms", card.answered, " in time");
    page.bar("Dates", card.kept_dates, " not put off");
    if let Some(rate) = card.reject_rate.filter(|r| *r > 0.0) {
        page.say(&format!("Rejected  {} % of what came", text::decimal(rate * 100.0, 1)));
    }
    if card.too_few() {
        page.say(&format!("{}: {ENOUGH_LINES} needed.", few(card)));
    } else {
        page.say(&make_up(card, rows.weights));
    }
    page.blank();
}

/// On time month by month up to this one, a column each, `·` where nothing was due: `▆█·▂█...`; none of one month alone.
pub fn trend(card: &Scorecard) -> Option<String> {
    const EIGHTHS: [&str; 9] = ["▁", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let known = card.trend.iter().filter(|share| share.all > 0).count();
    let column = |share: &Share| {
        let eighths = share.rate().map(|rate| (rate * 8.0).round() as usize);
        eighths.and_then(|n| EIGHTHS.get(n)).copied().unwrap_or("·")
    };
    (known > 1).then(|| format!("{} to this month", card.trend.iter().map(column).collect::<String>()))
}

/// `Score 61: timeliness 34 weighs 40, reliability 93 weighs 40, professionalism 53 weighs 20.` A part without data
/// weighs nothing; empty where there is no score.
fn make_up(card: &Scorecard, weights: [f64; 3]) -> String {
    let parts =
        [("timeliness", card.timeliness), ("reliability", card.reliability), ("professionalism", card.professionalism)];
    let known: Vec<(&str, f64, f64)> =
        parts.into_iter().zip(weights).filter_map(|((name, part), weight)| Some((name, part?, weight))).collect();
    let total: f64 = known.iter().map(|(.., weight)| weight).sum();
    let Some(score) = card.score.filter(|_| total > 0.0) else { return String::new() };
    let known: Vec<String> = known
        .iter()
        .map(|(name, part, weight)| format!("{name} {part:.0} weighs {:.0}", weight / total * 100.0))
        .collect();
    let band = Grade::of(score);
    format!("Score {score:.0}, {} is {}: {}. What moved it: m.", band.letter(), band.range(), known.join(", "))
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

/// What came after so many days, with the days that the supplier says, the usual ones and those of 9 in 10 marked.
fn how_long(page: &mut Page, row: &SupplierRow, came: bool) {
    const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    const WIDE: usize = 3;
    let says = row.supplier.lead_days;
    let Some(lead) = &row.lead else {
        if let Some(days) = says {
            page.say(&match came {
                true => format!("Says {days} d; of what came nobody knows how long it took."),
                false => format!("Says {days} d; nothing came yet to learn from."),
            });
        }
        return;
    };
    let most = lead.bars.iter().copied().fold(0.0, f64::max);
    page.blank();
    page.say(&format!("How long from the order, {}", text::plural(lead.learned_from, "line")));
    for row in (0..2).rev() {
        let bar = |weight: &f64| {
            let eighths = (weight / most * 16.0).ceil() as usize;
            EIGHTHS.get(eighths.saturating_sub(row * 8).min(8)).copied().unwrap_or(" ").repeat(WIDE - 1) + " "
        };
        let line: String = lead.bars.iter().map(bar).collect();
        page.out.push(vec![Cell::plain(format!("  {}", line.trim_end()))]);
    }
    let mut marks = vec![' '; lead.bars.len() * WIDE];
    let said = says.map(|days| (days, 's'));
    for (days, mark) in said.into_iter().chain([(lead.usual, 'u'), (lead.most, '9')]) {
        let bar = usize::try_from(days / lead.bar_days.max(1)).unwrap_or(0).min(lead.bars.len().saturating_sub(1));
        let cells = marks.iter_mut().skip(bar * WIDE).take(WIDE);
        if let Some(free) = cells.into_iter().find(|cell| **cell == ' ') {
            *free = mark;
        }
    }
    let marks: String = marks.into_iter().collect();
    page.out.push(vec![Cell::with(format!("  {}", marks.trim_end()), Role::Quiet)]);
    // The day that each fourth bar begins with.
    let days: String =
        (0..lead.bars.len() as i64).step_by(4).map(|bar| format!("{:<1$}", bar * lead.bar_days, 4 * WIDE)).collect();
    page.out.push(vec![Cell::with(format!("  {}days", days), Role::Quiet)]);
    let says = says.map_or(String::new(), |days| format!("; s says {days} d"));
    page.say(&format!("To expect: u {} d, 9 of 10 in {} d{says}", lead.usual, lead.most));
    if let Some((half, most)) = lead.took {
        page.say(&format!("As it was: half in {half} d, 9 of 10 in {most} d"));
    }
    // Another count of days, of the window's lines: by its name on the page of figures, and as exported.
    if let (Some(half), Some(most)) = (row.card.lead_days_median, row.card.lead_days_p90) {
        page.say(&format!("Days once confirmed: half in {half} d, 9 of 10 in {most} d"));
    }
}

fn open_words(po: &OpenPo, look: &Look) -> String {
    let likely = po.likely_words(look.today).map_or(String::new(), |likely| format!(", {likely}"));
    match (po.days_late, po.expected_on) {
        (0, Some(day)) => format!("{} due {}{likely}", po.code, dates::short(day, look.today)),
        (0, None) => format!("{} {}", po.code, po.undated_words(look.today)),
        (n, Some(day)) if day >= look.today => {
            format!("{} {n} d after its first date, now {}{likely}", po.code, dates::short(day, look.today))
        }
        (n, _) => format!("{} {n} d late{likely}", po.code),
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
    for po in row.open_pos.iter().filter(|po| po.hurries || !po.why_later().is_empty()).take(3) {
        let why = [po.why_sooner(), po.why_later()].into_iter().filter(|why| !why.is_empty());
        page.say(&format!("{}: {}", po.code, why.collect::<Vec<_>>().join(" ")));
    }
    for claim in &row.claims {
        page.say(&format!("{} (t).", claim.sentence(look.today)));
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
            page.shelf(detail.levels.get(&line.item));
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

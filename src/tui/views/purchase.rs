//! How purchase orders look: the list of a supplier's, and one of them in full.

use crate::domain::dates;
use crate::domain::ids::PoLineId;
use crate::domain::locale::{self, Locale};
use crate::domain::money::Money;
use crate::tui::action::{Action, Availability};
use crate::tui::keymap::{self, Scope};
use crate::tui::overlay::{self, footer};
use crate::tui::screens::suppliers::book::{Page, Pos};
use crate::tui::table::Look;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::worker::office::Shown;
use crate::worker::suppliers::{
    Chase, Invoiced, OpenClaim, OpenPo, PoItem, PoPage, PoState, PoSummary, SaidBy, Step, sheet,
};
use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows of the list on a screen of that height.
pub fn list_rows(height: u16) -> usize {
    height.saturating_sub(6) as usize
}

/// `j` and `k` move as the arrows do.
pub fn arrow(key: &KeyEvent) -> KeyEvent {
    let code = match key.code {
        KeyCode::Char('j') => KeyCode::Down,
        KeyCode::Char('k') => KeyCode::Up,
        KeyCode::Char('g') => KeyCode::Home,
        KeyCode::Char('G') => KeyCode::End,
        other => other,
    };
    KeyEvent { code, ..*key }
}

/// In a column: at most nine cells.
fn day(date: Option<NaiveDate>, look: &Look) -> String {
    date.map(|d| dates::narrow(d, look.today)).unwrap_or_default()
}

fn role(state: PoState) -> Role {
    match state {
        PoState::Draft => Role::Soon,
        PoState::ClosedShort | PoState::Cancelled => Role::Unknown,
        _ => Role::Normal,
    }
}

/// Draws the list.
pub fn draw_list(screen: &Pos, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    overlay::title(area, buf, theme, &format!("Purchase orders, {}", screen.name));
    let width = area.width as usize;
    let under_way = screen.pos.iter().filter(|po| !po.state.is_over()).count();
    let sentence = match (screen.loaded, screen.pos.len()) {
        (false, _) => String::new(),
        (true, 0) => "No order yet. n starts a draft.".into(),
        (true, n) => format!("{}, {} under way.", text::plural(n, "order"), text::count(under_way)),
    };
    buf.set_string(area.x + 1, area.y + 1, text::clip(&sentence, width.saturating_sub(2)), theme.style(Role::Normal));
    let head = ["State", "PO", "Ordered", "Answered", "Due", "Came", "Lines", "Value"].map(String::from);
    let rows = list_rows(area.height);
    let top = (screen.cursor + 1).saturating_sub(rows);
    let seen: Vec<[String; 8]> = screen.pos.iter().skip(top).take(rows).map(|po| cells(po, look)).collect();
    let wide = list_widths(&head, &seen, width);
    buf.set_string(area.x, area.y + 3, text::clip(&line(&head, " ", &wide), width), theme.style(Role::Quiet));
    for (n, (i, po)) in screen.pos.iter().enumerate().skip(top).take(rows).enumerate() {
        let y = area.y + 4 + n as u16;
        let chosen = i == screen.cursor;
        let words =
            text::left(&text::clip(&line(&cells(po, look), if chosen { "▸" } else { " " }, &wide), width), width);
        buf.set_string(area.x, y, words, theme.style(if chosen { Role::Selected } else { Role::Normal }));
        if !chosen && role(po.state) != Role::Normal {
            buf.set_stringn(area.x + 1, y, po.state.word(), width, theme.style(role(po.state)));
        }
    }
    footer(area, buf, theme, "Enter opens it  n new PO  p export  ? keys", "Esc back");
}

fn cells(po: &PoSummary, look: &Look) -> [String; 8] {
    let due = if po.state.is_over() { None } else { po.due_on };
    [
        po.state.word().into(),
        po.code.clone(),
        day(po.ordered_on, look),
        day(po.confirmed_on, look),
        day(due, look),
        day(po.received_on, look),
        text::count(po.lines),
        po.value.map(text::whole_money).unwrap_or_default(),
    ]
}

/// How wide the columns of the list are: figures as wide as the widest, so that none is ever cut. What there is no room
/// for then is the day of the answer, which the page tells too.
fn list_widths(head: &[String; 8], rows: &[[String; 8]], width: usize) -> [usize; 8] {
    let widest = |at: usize| widest(std::iter::once(head).chain(rows), at);
    let mut wide = [13, widest(1).min(12), 9, 9, 9, 9, widest(6), widest(7)];
    let spare = width.saturating_sub(wide.iter().sum::<usize>() + wide.len());
    wide[7] += spare.min(3); // figures side by side read as one
    if wide.iter().sum::<usize>() + wide.len() > width {
        wide[3] = 0;
    }
    wide
}

/// The widest of a column's cells.
fn widest<'a, const N: usize>(rows: impl Iterator<Item = &'a [String; N]>, at: usize) -> usize {
    rows.filter_map(|cells| cells.get(at)).map(|cell| text::width(cell)).max().unwrap_or(0)
}

fn line(c: &[String; 8], sign: &str, wide: &[usize; 8]) -> String {
    let cells = c.iter().zip(wide).enumerate().filter(|(_, (_, wide))| **wide > 0);
    let aligned = cells.map(|(n, (cell, wide))| match n {
        0..=5 => text::left(&text::fit(cell, *wide), *wide),
        _ => text::right(cell, *wide),
    });
    format!("{sign}{}", aligned.collect::<Vec<_>>().join(" "))
}

/// The list as it is exported.
pub fn shown_list(screen: &Pos, look: &Look) -> Shown {
    let columns = vec!["status", "po", "ordered", "answered", "due", "came", "lines", "value"];
    let rows = locale::within(Locale::File, || screen.pos.iter().map(|po| cells(po, look).to_vec()).collect());
    Shown::of(columns, rows, &["lines", "value"])
}

/// A PO as it is exported: the columns of its print.
pub fn shown_page(page: &PoPage) -> Shown {
    let sheet = sheet(&page.po, &page.invoices);
    Shown { columns: sheet.columns, rows: sheet.rows, more: false }
}

/// Lines for what was said, below the table, on a screen of that height.
fn log_rows(height: u16) -> u16 {
    if height < 30 { 5 } else { height / 3 }
}

/// Draws one PO.
pub fn draw_page(screen: &Page, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    let width = area.width as usize;
    let Some(page) = &screen.page else {
        return overlay::title(area, buf, theme, &screen.code);
    };
    let po = &page.po;
    overlay::title(area, buf, theme, &format!("{}  {}  {}", po.code, po.supplier_name, po.state.word()));
    let say = |buf: &mut Buffer, y: u16, words: &str, role: Role| {
        buf.set_string(area.x + 1, y, text::clip(words, width.saturating_sub(2)), theme.style(role));
    };
    stages(page, area, buf, theme, look);
    let (reach, terms) = head(page, look);
    say(buf, area.y + 2, &reach, Role::Normal);
    say(buf, area.y + 3, &terms, Role::Normal);
    let heads = ["Item", "Ordered", "Came", "Bad", "Open", "Price", "First", "Now", "Likely"].map(String::from);
    let lines: Vec<[String; 9]> = po.lines.iter().map(|item| line_cells(page, item, look)).collect();
    let wide = widths(&heads, &lines, width);
    say(buf, area.y + 4, &row(&heads, &wide), Role::Quiet);
    let log = log_rows(area.height);
    let foot = area.bottom().saturating_sub(2);
    let rule = foot.saturating_sub(log + 3);
    let rows = rule.saturating_sub(area.y + 5) as usize;
    let top = (screen.cursor + 1).saturating_sub(rows);
    for (n, (i, cells)) in lines.iter().enumerate().skip(top).take(rows).enumerate() {
        let chosen = i == screen.cursor;
        let words = format!("{}{}", if chosen { "▸" } else { " " }, row(cells, &wide));
        let role = if chosen { Role::Selected } else { Role::Normal };
        buf.set_string(area.x, area.y + 5 + n as u16, text::left(&text::clip(&words, width), width), theme.style(role));
    }
    let chosen = po.lines.get(screen.cursor);
    let name = chosen.map_or("no lines yet: n puts one on".to_string(), |l| format!("{}  {}", l.sku, l.item_name));
    overlay::title(Rect { y: rule, height: 1, ..area }, buf, theme, &name);
    let spoken: Vec<String> = chosen.map(|l| spoken(page, l, look)).unwrap_or_default();
    // When it comes is never cut off: a longer sentence takes its room from the log.
    let spoken: Vec<String> = spoken
        .iter()
        .flat_map(
            |words| if words.is_empty() { vec![String::new()] } else { text::wrap(words, width.saturating_sub(2)) },
        )
        .take(2 + log as usize)
        .collect();
    for (n, words) in spoken.iter().enumerate() {
        say(buf, rule + 1 + n as u16, words, Role::Normal);
    }
    let below = spoken.len().max(2);
    for (n, words) in said(page, look).iter().take((2 + log as usize).saturating_sub(below)).enumerate() {
        say(buf, rule + 1 + (below + n) as u16, words, Role::Quiet);
    }
    if let Some(said) = &screen.said {
        say(buf, foot, said, Role::Urgent);
    }
    footer(area, buf, theme, &keys(screen, width.saturating_sub(14)), "Esc back");
}

/// The keys that do something now, most wanted first.
fn keys(screen: &Page, room: usize) -> String {
    let draft = screen.page.as_ref().is_some_and(|page| page.po.state == PoState::Draft);
    let lines = screen.page.iter().flat_map(|page| &page.po.lines).filter(|l| l.open().is_positive());
    let confirmed = lines.clone().all(|l| l.confirmed_for.is_some());
    let wanted = [
        if draft { Action::SendOrder } else { Action::RecordAnswer },
        Action::New,
        Action::Edit,
        Action::Ask,
        Action::PoDate,
        Action::Receive,
        Action::Claim,
        Action::CancelPoLine,
        Action::Invoice,
        Action::Export,
        Action::OtherSupplier,
        if draft { Action::Copy } else { Action::SendOrder },
    ];
    let ready = wanted.iter().filter(|a| screen.availability(**a) == Availability::Ready);
    let key = |action: &Action| keymap::of(Scope::Purchase).find(|b| b.action == *action);
    let mut out = String::new();
    for b in ready.filter_map(key) {
        // What is confirmed is not confirmed again: then it is an answer.
        let label = if b.action == Action::RecordAnswer && confirmed { "answer" } else { b.label };
        let words = format!("{} {label}  ", b.key);
        if text::width(&out) + text::width(&words) + "? keys".len() <= room {
            out.push_str(&words);
        }
    }
    out + "? keys"
}

/// `draft ─ sent 12 Nov ─ confirmed 13 Nov ─ part received ─ received`, the reached ones louder.
fn stages(page: &PoPage, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    let po = &page.po;
    let last = po.lines.iter().filter_map(|l| l.received_on).max();
    let came = po.lines.iter().any(|l| l.received.is_positive());
    let answered = po.confirmed_on.is_some() || po.lines.iter().any(|l| l.confirmed_for.is_some());
    let end = if matches!(po.state, PoState::ClosedShort | PoState::Cancelled) { po.state } else { PoState::Received };
    let marks = [
        (PoState::Draft, true, None),
        (PoState::Sent, po.state != PoState::Draft, po.ordered_on),
        (PoState::Confirmed, answered, po.confirmed_on),
        (PoState::PartReceived, came, last.filter(|_| po.state == PoState::PartReceived)),
        (end, po.state.is_over(), last.filter(|_| po.state.is_over())),
    ];
    let mut x = area.x + 1;
    for (n, (state, reached, on)) in marks.into_iter().enumerate() {
        let on = on.map(|d| format!(" {}", dates::short(d, look.today))).unwrap_or_default();
        let words = format!("{}{}{on}", if n > 0 { " ─ " } else { "" }, state.word());
        let room = area.right().saturating_sub(x) as usize;
        let style = theme.style(if reached { Role::Title } else { Role::Quiet });
        buf.set_stringn(x, area.y + 1, &words, room, style);
        x += text::width(&words) as u16;
    }
}

/// Whom to reach; and what it comes to, with what is to be done about it next.
fn head(page: &PoPage, look: &Look) -> (String, String) {
    let po = &page.po;
    let mut reach = vec![po.contact_person.clone().unwrap_or_else(|| po.supplier_name.clone())];
    reach.extend(po.phone.iter().chain(&po.email).filter(|t| !t.trim().is_empty()).cloned());
    let mut parts = Vec::new();
    let freight = po.freight.map(|f| format!(" + freight {}", text::money(f))).unwrap_or_default();
    parts.push(format!("{}{freight}", text::money(po.value())));
    parts.extend(invoiced(&page.invoices));
    if let Some(least) = po.min_order_value.filter(|least| po.state == PoState::Draft && po.value() < *least) {
        parts.push(format!("{} short of their minimum", text::money(least - po.value())));
    }
    parts.extend(page.under_way.iter().find(|o| o.po == po.id).and_then(|o| next_step(o, look)));
    let claim = page.claims.iter().find(|c| c.claim.po == po.id);
    parts.extend(claim.map(|c| format!("{} rejected, {} (t)", text::quantity(c.claim.quantity()), claimed(c, look))));
    parts.extend(po.note.as_deref().map(|n| format!("Note {n}")));
    (reach.join("   "), parts.join("   "))
}

/// `Invoiced 230.40 + freight 25.00, 19.40 over`.
fn invoiced(invoices: &[Invoiced]) -> Option<String> {
    if invoices.is_empty() {
        return None;
    }
    let goods: Money = invoices.iter().filter_map(|i| Some(i.cost.times(i.quantity?))).sum();
    let freight: Money = invoices.iter().filter(|i| i.line.is_none()).map(|i| i.cost).sum();
    let over: Money = invoices.iter().filter_map(Invoiced::over).sum();
    let freight = if freight.is_zero() { String::new() } else { format!(" + freight {}", text::money(freight)) };
    let verdict = match over {
        Money::ZERO => "as agreed".to_string(),
        over if over > Money::ZERO => format!("{} over", text::money(over)),
        over => format!("{} under", text::money(Money::ZERO - over)),
    };
    Some(format!("Invoiced {}{freight}, {verdict}", text::money(goods)))
}

/// `Next: ask: overdue (c)`, `Next: remind (c), Tue 24`: the step that the talk puts, early or on its day.
fn next_step(po: &OpenPo, look: &Look) -> Option<String> {
    let next = po.next?;
    let key = if next.step == Step::SecondSource { "w" } else { "c" };
    let on = if next.on > look.today { format!(", {}", dates::short(next.on, look.today)) } else { String::new() };
    Some(format!("Next: {} ({key}){on}", next.step.words()))
}

/// `not claimed yet`, `claimed Mon 23 Nov, no answer`.
fn claimed(claim: &OpenClaim, look: &Look) -> String {
    match claim.claim.asked_on {
        Some(on) => format!("claimed {}, no answer", dates::short(on, look.today)),
        None => "not claimed yet".into(),
    }
}

/// Cells of the item's name and of the figures, and whether the two last columns fit.
struct Widths {
    item: usize,
    /// As wide as the widest, so that no figure is ever cut.
    figures: [usize; 5],
    first: bool,
    likely: bool,
}

fn widths(head: &[String; 9], rows: &[[String; 9]], width: usize) -> Widths {
    let mut figures = [7, 5, 4, 5, 8]; // as such figures mostly are
    for (n, wide) in figures.iter_mut().enumerate() {
        *wide = widest(std::iter::once(head).chain(rows), n + 1).max(*wide);
    }
    // The item, at least ten columns of it, the figures and the date that holds now; then the other dates, where they fit.
    let least = 1 + 10 + figures.iter().map(|w| w + 1).sum::<usize>() + 11 + 2;
    let first = width >= least + 10;
    let likely = width >= least + 32; // with twenty-two of the item
    let fixed = least - 10 + if first { 10 } else { 0 } + if likely { 10 } else { 0 };
    Widths { item: width.saturating_sub(fixed).clamp(10, 60), figures, first, likely }
}

fn row(c: &[String; 9], w: &Widths) -> String {
    let mut out = text::left(&text::fit(&c[0], w.item), w.item);
    for (cell, wide) in c.iter().skip(1).zip(w.figures) {
        out.push_str(&format!(" {}", text::right(cell, wide)));
    }
    out.push(' ');
    if w.first {
        out.push_str(&format!(" {}", text::left(&c[6], 9)));
    }
    out.push_str(&format!(" {}", text::left(&c[7], 9)));
    if w.likely {
        out.push_str(&format!(" {}", text::left(&c[8], 9)));
    }
    out
}

fn line_cells(page: &PoPage, item: &PoItem, look: &Look) -> [String; 9] {
    let now = if item.open().is_positive() { item.expected_on } else { None };
    [
        item.item_name.clone(),
        text::quantity(item.quantity),
        text::quantity_or_blank(item.received),
        text::quantity_or_blank(item.rejected),
        text::quantity_or_blank(item.open()),
        item.cost.map(text::money).unwrap_or_default(),
        day(item.confirmed_for, look),
        day(now, look),
        day(page.likely.get(&item.id).copied(), look),
    ]
}

/// Two lines about the chosen line: when and why; who waits, what was agreed and invoiced.
fn spoken(page: &PoPage, item: &PoItem, look: &Look) -> Vec<String> {
    let mut when = Vec::new();
    match (item.confirmed_for, item.expected_on) {
        (Some(first), Some(now)) if first != now && item.open().is_positive() => {
            when.push(format!(
                "first confirmed {}, now {}",
                dates::full(first, look.today),
                dates::full(now, look.today)
            ));
        }
        (Some(first), _) => {
            let later = page.po.quoted_for(item).map_or(0, |quoted| (first - quoted).num_days());
            let quoted = match (later, item.quoted_days) {
                // With the figure: it is the item's own where the supplier quotes none in general.
                (1.., Some(quoted)) => {
                    let on_file = text::plural(usize::try_from(quoted).unwrap_or(0), "day");
                    format!(", {} later than the {on_file} on file", text::plural(later as usize, "day"))
                }
                _ => String::new(),
            };
            when.push(format!("confirmed for {}{quoted}", dates::full(first, look.today)));
        }
        (None, Some(now)) if item.open().is_positive() => {
            when.push(format!("expected {}, not confirmed", dates::full(now, look.today)));
        }
        (None, None) if item.open().is_positive() && page.po.state != PoState::Draft => {
            let from = page.follows_from.get(&item.id).map_or(String::new(), |words| format!(", {words}"));
            when.push(format!("no day named{from}"));
        }
        _ => {}
    }
    match page.likely.get(&item.id) {
        Some(day) => when.push(format!("likely {}", dates::full(*day, look.today))),
        None if item.open().is_positive() && page.po.state != PoState::Draft => {
            when.push("nobody knows when".into());
        }
        None => {}
    }
    if let Some(by) = item.ended_by {
        let who = if by == crate::worker::suppliers::EndedBy::Us { "cancelled by us" } else { "closed short by them" };
        let why = item.end_reason.as_deref().map(|r| format!(": {r}")).unwrap_or_default();
        when.push(format!("{who}{why}"));
    }
    let mut what = Vec::new();
    what.extend(item.asked_cost.filter(|a| Some(*a) != item.cost).map(|a| format!("ordered at {}", text::money(a))));
    for invoice in page.invoices.iter().filter(|i| i.line == Some(item.id)) {
        let papers = if invoice.papers_right { "" } else { ", papers wrong" };
        let quantity = invoice.quantity.map(text::quantity).unwrap_or_default();
        what.push(format!("invoiced {quantity} at {}{papers}", text::money(invoice.cost)));
    }
    if let Some(names) = page.waiting.get(&item.id) {
        let more = names.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        what.push(format!("waiting: {}{more}", names.iter().take(3).cloned().collect::<Vec<_>>().join(", ")));
    }
    vec![sentence(&when), sentence(&what)]
}

fn sentence(parts: &[String]) -> String {
    let joined = parts.join("; ");
    let mut letters = joined.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// What came, was said, dated and invoiced, newest first.
fn said(page: &PoPage, look: &Look) -> Vec<String> {
    let name_of = |id: PoLineId| page.po.lines.iter().find(|l| l.id == id).map_or("", |l| l.item_name.as_str());
    // By day, and within a day as it was done.
    let mut all: Vec<((NaiveDate, i64), String)> = Vec::new();
    for came in &page.receipts {
        let bad = match (&came.reason, came.rejected.is_positive()) {
            (_, false) => String::new(),
            (None, true) => format!(", {} bad", text::quantity(came.rejected)),
            (Some(why), true) => format!(", {} bad: {why}", text::quantity(came.rejected)),
        };
        all.push((
            (came.on, came.operation),
            format!("came {} {}{bad}", text::quantity(came.quantity), name_of(came.line)),
        ));
    }
    // An answer with a day is about the lines that got it: said so where there are others.
    let about = |t: &Chase| {
        let dated = page.dates.iter().filter(|d| d.operation == t.operation && t.new_date == Some(d.date));
        let names: Vec<&str> = dated.map(|d| name_of(d.line)).collect();
        let part = !t.of_claim && !names.is_empty() && names.len() < page.po.lines.len();
        if part { format!("{}: ", names.join(", ")) } else { String::new() }
    };
    all.extend(page.talks.iter().map(|t| ((t.asked_on, t.operation), format!("{}{}", about(t), talk(t, look)))));
    for said in page.dates.iter().filter(|d| (d.was.is_some() || d.by != SaidBy::Supplier) && !d.confirms) {
        let name = name_of(said.line);
        let was = said.was.map_or("no date".to_string(), |d| dates::short(d, look.today));
        let now = dates::short(said.date, look.today);
        let why = said.reason.as_deref().map(|r| format!(": {r}")).unwrap_or_default();
        let by = match said.by {
            SaidBy::Supplier => String::new(),
            SaidBy::Asked => format!(", we asked for it{why} ({})", said.operator),
            SaidBy::Expected => format!(", we expect it{why} ({})", said.operator),
        };
        all.push(((said.said_on, said.operation), format!("{name} from {was} to {now}{by}")));
    }
    for invoice in page.invoices.iter().filter(|i| i.line.is_none()) {
        let papers = if invoice.papers_right { "" } else { ", papers wrong" };
        all.push(((invoice.invoiced_on, i64::MAX), format!("freight invoiced {}{papers}", text::money(invoice.cost))));
    }
    all.sort_by_key(|a| std::cmp::Reverse(a.0));
    all.into_iter().map(|((on, _), words)| format!("{:<8} {words}", dates::short(on, look.today))).collect()
}

/// `asked by mail: overdue (M.Baker)`.
pub fn talk(talk: &Chase, look: &Look) -> String {
    let how = talk.channel.as_deref().map(|c| format!(" by {c}")).unwrap_or_default();
    let what = match (&talk.answer, talk.new_date, talk.step.as_deref()) {
        (Some(answer), Some(date), _) if talk.of_claim => {
            format!("claim: replaced, {}, {answer}", dates::short(date, look.today))
        }
        (Some(answer), ..) if talk.of_claim => {
            format!("claim {}: {answer}", talk.settled.map_or("answered", |s| s.name()))
        }
        (None, ..) if talk.of_claim => format!("claimed what was rejected{how}"),
        (Some(answer), Some(date), _) => format!("answered{how}: {}, {answer}", dates::short(date, look.today)),
        (Some(answer), None, _) => format!("answered{how}: {answer}"),
        (None, _, Some("order")) => format!("sent{how}"),
        (None, _, Some("cancel")) => format!("cancelled{how}"),
        (None, _, Some("remind")) => format!("reminded{how}"),
        (None, _, Some("again")) => format!("asked again{how}"),
        (None, _, Some("urgent")) => format!("asked urgently{how}"),
        (None, _, Some("second_source")) => "ordered elsewhere".into(),
        (None, _, _) => format!("asked{how}"),
    };
    let lost = if talk.is_lost() { ", the mail did not arrive" } else { "" };
    let note = talk.note.as_deref().map(|n| format!(": {n}")).unwrap_or_default();
    format!("{what}{lost}{note} ({})", talk.operator)
}

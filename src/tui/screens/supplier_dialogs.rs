//! The dialogs of the Suppliers tab: ask, record an answer or a new date, send, cancel, put off, note.

use super::{Cmd, Line};
use crate::domain::dates;
use crate::domain::ids::{PoId, PoLineId};
use crate::domain::money::Money;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::suppliers as view;
use crate::worker::suppliers::{self, Answered, OpenPoLine, Question, Seen, Shift, Shifted, SupplierRow};
use crate::worker::{Answer, Load, Write};
use chrono::NaiveDate;

const CHANNELS: [&str; 5] = ["phone", "mail", "web", "visit", "letter"];

fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

fn said(words: &str, width: usize) -> Vec<Line> {
    text::wrap(words, width).into_iter().map(plain).collect()
}

fn typed(form: &Form, at: usize) -> String {
    form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
}

fn channel(form: &Form, at: usize) -> String {
    let chosen = form.field(at).map_or(0, Field::chosen);
    CHANNELS.get(chosen).copied().unwrap_or_default().to_string()
}

fn contact(row: &SupplierRow, width: usize) -> Line {
    plain(text::clip(&view::reach(row).join("   "), width))
}

fn read_open(row: &SupplierRow) -> Vec<Cmd> {
    vec![Cmd::Load("open", Load::Suppliers(suppliers::Load::Detail(row.supplier.id)))]
}

/// The open lines of an answer to [`read_open`], those of `first` on top.
fn open_lines(answer: Answer, first: Option<PoId>) -> Option<Vec<OpenPoLine>> {
    let Answer::Suppliers(suppliers::Answer::Detail(detail)) = answer else { return None };
    let mut lines = detail.open;
    lines.sort_by_key(|line| (Some(line.po) != first, line.expected_on.is_none(), line.expected_on, line.po));
    Some(lines)
}

fn goods(lines: &[&OpenPoLine], width: usize) -> String {
    let named: Vec<String> =
        lines.iter().take(3).map(|l| format!("{} {}", text::quantity(l.open), l.item_name)).collect();
    let more = lines.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    text::clip(&format!("{}{more}", named.join(", ")), width)
}

/// Ask, or ask again, about late goods: keeps that it was done.
pub struct Ask {
    row: SupplierRow,
    lines: Vec<OpenPoLine>,
    form: Form,
}

impl Ask {
    pub fn new(row: SupplierRow, po: Option<PoId>) -> Ask {
        let to_ask: Vec<&suppliers::OpenPo> = row.open_pos.iter().filter(|p| p.days_late > 0).collect();
        let mut options = Vec::new();
        if to_ask.len() > 1 {
            let codes: Vec<&str> = to_ask.iter().map(|p| p.code.as_str()).collect();
            options.push((0, format!("all {} that are late: {}", codes.len(), codes.join(", "))));
        }
        options.extend(row.open_pos.iter().map(|p| (p.po.0, p.code.clone())));
        let chosen = po.and_then(|po| options.iter().position(|o| o.0 == po.0)).unwrap_or(0);
        let mut about = Field::list("About", options);
        about.choose(chosen);
        let form = Form::new(vec![about, Field::choice("How", &CHANNELS, 0), Field::text("Note", "")])
            .saving_as("Save as asked");
        Ask { row, lines: Vec::new(), form }
    }

    fn pos(&self) -> Vec<&suppliers::OpenPo> {
        match self.form.field(0).and_then(Field::chosen_id) {
            Some(0) => self.row.open_pos.iter().filter(|p| p.days_late > 0).collect(),
            Some(id) => self.row.open_pos.iter().filter(|p| p.po.0 == id).collect(),
            None => Vec::new(),
        }
    }
}

impl Dialog for Ask {
    fn title(&self) -> String {
        format!("Ask {}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        read_open(&self.row)
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.lines = open_lines(answer, None).unwrap_or_default();
        Vec::new()
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = vec![contact(&self.row, width)];
        for po in self.pos().iter().take(3) {
            let lines: Vec<&OpenPoLine> = self.lines.iter().filter(|l| l.po == po.po).collect();
            let due = match (po.promised_on, po.days_late) {
                (Some(day), 0) => format!("due {}", dates::full(day, look.today)),
                (Some(day), _) => format!("was due {}", dates::full(day, look.today)),
                (None, _) => "no date".into(),
            };
            let last = po.asked_on.map_or("not asked yet".into(), |d| format!("asked {}", dates::short(d, look.today)));
            out.push(plain(text::clip(&format!("{}  {due}, {last}", po.code), width)));
            out.push(plain(format!("   {}", goods(&lines, width.saturating_sub(3)))));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let pos = self.pos();
        let late: Vec<String> = pos
            .iter()
            .map(|po| match po.promised_on {
                Some(day) if po.days_late > 0 => format!("{}, due {}", po.code, dates::full(day, look.today)),
                _ => po.code.clone(),
            })
            .collect();
        let customers = self.row.hurts.customers;
        let why = match customers {
            0 => String::new(),
            1 => " A customer of ours waits for it.".into(),
            n => format!(" {n} customers of ours wait for it."),
        };
        let mut out = vec![vec![Cell::with("Say", Role::Quiet)]];
        out.extend(said(&format!("\"Where is {}? On which day will it be here?{why}\"", late.join(" and ")), width));
        out.push(Vec::new());
        out.extend(said("Saves that you asked today. Their answer: a. Can be undone.", width));
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let pos: Vec<PoId> = self.pos().iter().map(|po| po.po).collect();
        if pos.is_empty() {
            return Err(Complaint::at(0, "Choose the order that you ask about."));
        }
        let question = Question { pos, channel: channel(&self.form, 1), note: typed(&self.form, 2) };
        Ok(Write::Suppliers(suppliers::Write::Ask(question)))
    }
}

/// A supplier's answer, or a new date for goods under way: shows before saving who becomes late or early by it.
pub struct Dates {
    row: SupplierRow,
    po: Option<PoId>,
    /// A date has to be given.
    needs_date: bool,
    lines: Vec<OpenPoLine>,
    form: Form,
    shift: Option<(NaiveDate, Vec<PoLineId>, Shift)>,
}

impl Dates {
    /// What they answered: a date, words, or both.
    pub fn answer(row: SupplierRow, po: Option<PoId>) -> Dates {
        Dates::new(row, po, false)
    }

    /// Another date for a line.
    pub fn date(row: SupplierRow, po: Option<PoId>) -> Dates {
        Dates::new(row, po, true)
    }

    fn new(row: SupplierRow, po: Option<PoId>, needs_date: bool) -> Dates {
        let who = row.supplier.contact_person.clone().unwrap_or_default();
        let words = if needs_date { Field::text("Who said so", &who) } else { Field::text("They said", "") };
        let form = Form::new(vec![
            Field::list("Goods", Vec::new()),
            Field::date("New date", None).noted("or +14, w50, fri"),
            words,
            Field::choice("How", &CHANNELS, 0),
        ]);
        let po = po.or_else(|| row.open_pos.first().map(|p| p.po));
        Dates { row, po, needs_date, lines: Vec::new(), form, shift: None }
    }

    /// The lines that are meant: one, or all of a PO (its number with a minus).
    fn chosen(&self) -> Vec<&OpenPoLine> {
        let id = self.form.field(0).and_then(Field::chosen_id).unwrap_or(0);
        self.lines.iter().filter(|l| l.po_line.0 == id || l.po.0 == -id).collect()
    }

    fn preview(&self, look: &Look) -> Vec<Cmd> {
        let Some(Ok(Some(day))) = self.form.field(1).map(|f| f.day(look.today)) else { return Vec::new() };
        let lines: Vec<PoLineId> = self.chosen().iter().map(|l| l.po_line).collect();
        if lines.is_empty() || day < look.today {
            return Vec::new();
        }
        let supplier = self.row.supplier.id;
        vec![Cmd::Load("shift", Load::Suppliers(suppliers::Load::Shift { supplier, lines, day }))]
    }

    /// The preview, if it is of what the fields say now.
    fn shown(&self, look: &Look) -> Option<&Shift> {
        let (day, lines, shift) = self.shift.as_ref()?;
        let now = self.form.field(1)?.day(look.today).ok()??;
        let chosen: Vec<PoLineId> = self.chosen().iter().map(|l| l.po_line).collect();
        (now == *day && chosen == *lines).then_some(shift)
    }
}

impl Dialog for Dates {
    fn title(&self) -> String {
        let chosen = self.chosen();
        let po = chosen.first().map_or(String::new(), |l| format!("{}, ", l.po_code));
        let what = if self.needs_date { "New date for" } else { "Answer about" };
        format!("{what} {po}{}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        read_open(&self.row)
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Shift { day, lines, shift }) = answer {
            self.shift = Some((day, lines, *shift));
            return Vec::new();
        }
        let Some(lines) = open_lines(answer, self.po) else { return Vec::new() };
        self.lines = lines.into_iter().filter(|l| !l.draft).collect();
        let mut options: Vec<(i64, String)> = Vec::new();
        for of_po in self.lines.chunk_by(|a, b| a.po == b.po) {
            let Some(first) = of_po.first() else { continue };
            if of_po.len() > 1 {
                let all: Vec<&OpenPoLine> = of_po.iter().collect();
                options.push((-first.po.0, format!("{}, all: {}", first.po_code, goods(&all, 200))));
            }
            options.extend(of_po.iter().map(|l| {
                let due = l.expected_on.map_or("no date".into(), |d| dates::short(d, look.today));
                (l.po_line.0, format!("{}  {} {}, {due}", l.po_code, text::quantity(l.open), l.item_name))
            }));
        }
        if let Some(field) = self.form.field_mut(0) {
            field.set_options(options);
        }
        self.preview(look)
    }
    fn changed(&mut self, field: usize, look: &Look) -> Vec<Cmd> {
        if field <= 1 { self.preview(look) } else { Vec::new() }
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let chosen = self.chosen();
        let day = |d: Option<NaiveDate>| d.map_or("no date".to_string(), |d| dates::full(d, look.today));
        let first = chosen.iter().filter_map(|l| l.first_promised).min();
        let now = chosen.iter().filter_map(|l| l.expected_on).max();
        let scored = format!("first said {} (scored on this), now {}", day(first), day(now));
        vec![
            contact(&self.row, width),
            plain(goods(&chosen, width)),
            plain(if chosen.is_empty() { "Nothing is under way.".into() } else { text::clip(&scored, width) }),
        ]
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let day = self.form.field(1).and_then(|f| f.day(look.today).ok().flatten());
        match self.shown(look) {
            Some(shift) => before_saving(shift, width, look),
            None if day.is_some_and(|day| day < look.today) => said("That day is past.", width),
            None if day.is_some() => said("Looking who becomes late or early by it ...", width),
            None if self.needs_date => said("Type the new date: it shows who becomes late or early by it.", width),
            None => said("A date moves the goods; words alone are kept as the answer. Can be undone.", width),
        }
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let chosen = self.chosen();
        if chosen.is_empty() {
            return Err(Complaint::at(0, "No line is chosen: F4 shows those that are under way."));
        }
        let day = self.form.field(1).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(1, s))?;
        let words = typed(&self.form, 2);
        match day {
            None if self.needs_date => return Err(Complaint::at(1, "Type the new date, as +14, w50, fri or 2.12.")),
            None if words.is_empty() => return Err(Complaint::at(1, "Type the date they named, or what they said.")),
            Some(day) if day < look.today => {
                return Err(Complaint::at(1, "That day is past. Give the day on which the goods are expected now."));
            }
            _ => {}
        }
        let lines = chosen.iter().map(|l| Seen { line: l.po_line, expected_on: l.expected_on }).collect();
        let answer = Answered { lines, day, words, channel: channel(&self.form, 3) };
        Ok(Write::Suppliers(suppliers::Write::Answer(answer)))
    }
}

/// Rows of the preview that are shown.
const PREVIEW: usize = 6;

fn before_saving(shift: &Shift, width: usize, look: &Look) -> Vec<Line> {
    let mut out: Vec<Line> = said(&summary(shift), width);
    if !shift.customers.is_empty() {
        out.push(Vec::new());
        let dates = shift.customers.iter().take(PREVIEW).filter_map(|c| c.promised);
        let longest = dates.map(|d| text::width(&dates::short(d, look.today))).max().unwrap_or(0);
        let columns = Columns::of(width, longest);
        let words = ["Customer", "Waits for", "Promised", "Now", "Will be", "Worth"].map(String::from);
        let heading = format!("  {}", columns.line(&words));
        out.push(vec![Cell::with(heading, Role::Quiet)]);
        out.extend(shift.customers.iter().take(PREVIEW).map(|c| shifted(c, &columns, look)));
        if shift.customers.len() > PREVIEW {
            out.push(plain(format!(" and {} more", shift.customers.len() - PREVIEW)));
        }
    }
    if let (Some(likely), Some(late)) = (shift.likely, shift.usual_late.filter(|late| *late > 0)) {
        let words = format!(
            "Likely {}: the new date + their usual {}.",
            dates::full(likely, look.today),
            text::plural(late as usize, "day")
        );
        out.extend(said(&words, width));
    }
    out
}

/// `Before you save: 2 customers get a later date, 1 of them must be told today.`
fn summary(shift: &Shift) -> String {
    let get = |n: usize, how: &str| {
        let verb = if n == 1 { "gets" } else { "get" };
        format!("{} {verb} {how} date", text::plural(n, "customer"))
    };
    let mut parts = Vec::new();
    if shift.later > 0 {
        parts.push(get(shift.later, "a later"));
    }
    if shift.earlier > 0 {
        parts.push(get(shift.earlier, "an earlier"));
    }
    match (parts.is_empty(), shift.to_tell) {
        (true, _) => "Before you save: no customer's date changes.".into(),
        (_, 0) => format!("Before you save: {}; nobody must be told today.", parts.join(", ")),
        (_, n) => format!("Before you save: {}; {} of them must be told today.", parts.join(", "), text::count(n)),
    }
}

/// How the preview's width is shared out.
struct Columns {
    name: usize,
    goods: usize,
    promised: usize,
}

impl Columns {
    fn of(width: usize, longest: usize) -> Columns {
        let promised = longest.max(8);
        let room = width.saturating_sub(32 + promised); // the sign, two dates of 8, the worth and the gaps
        let name = (room * 2 / 5).clamp(12, 24);
        Columns { name, goods: room.saturating_sub(name).max(12), promised }
    }
    fn line(&self, [name, goods, promised, now, then, worth]: &[String; 6]) -> String {
        let (name, goods) = (text::left(name, self.name), text::left(goods, self.goods));
        let promised = text::left(promised, self.promised);
        format!("{name} {goods} {promised} {now:<8} {then:<8} {worth:>8}")
    }
}

fn shifted(c: &Shifted, columns: &Columns, look: &Look) -> Line {
    let day = |d: Option<NaiveDate>| d.map_or("unknown".to_string(), |d| dates::short(d, look.today));
    let goods: Vec<String> = c.waits_for.iter().map(|(q, name)| format!("{} {name}", text::quantity(*q))).collect();
    let worth = if c.worth == Money::ZERO { String::new() } else { text::whole_money(c.worth) };
    let promised = c.promised.map(|d| dates::short(d, look.today)).unwrap_or_default();
    let words = columns.line(&[c.name.clone(), goods.join(", "), promised, day(c.now), day(c.will_be), worth]);
    let sign = if c.tell { Cell::with("! ", Role::Urgent) } else { Cell::with(". ", Role::Quiet) };
    vec![sign, Cell::plain(words)]
}

/// A draft goes out.
pub struct Send {
    row: SupplierRow,
    po: Option<PoId>,
    lines: Vec<OpenPoLine>,
    form: Form,
}

impl Send {
    pub fn new(row: SupplierRow, po: Option<PoId>) -> Send {
        let form = Form::new(vec![Field::list("Draft", Vec::new())]).saving_as("Sent");
        Send { row, po, lines: Vec::new(), form }
    }

    fn chosen(&self) -> Vec<&OpenPoLine> {
        let id = self.form.field(0).and_then(Field::chosen_id);
        self.lines.iter().filter(|l| Some(l.po.0) == id).collect()
    }
}

impl Dialog for Send {
    fn title(&self) -> String {
        format!("Send an order to {}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        read_open(&self.row)
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        let mut lines = open_lines(answer, self.po).unwrap_or_default();
        lines.retain(|l| l.draft);
        let option = |of_po: &[OpenPoLine]| {
            let first = of_po.first()?;
            let worth: Money = of_po.iter().filter_map(|l| Some(l.cost?.times(l.open))).sum();
            let words = format!("{}  {}, {}", first.po_code, text::plural(of_po.len(), "line"), text::money(worth));
            Some((first.po.0, words))
        };
        let options = lines.chunk_by(|a, b| a.po == b.po).filter_map(option).collect();
        if let Some(field) = self.form.field_mut(0) {
            field.set_options(options);
        }
        self.lines = lines;
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let mut out = vec![contact(&self.row, width)];
        let chosen = self.chosen();
        for line in chosen.iter().take(6) {
            let cost = line.cost.map(|c| format!("  at {}", text::money(c))).unwrap_or_default();
            let words = format!("  {:>8}  {}  {}{cost}", text::quantity(line.open), line.sku, line.item_name);
            out.push(plain(text::clip(&words, width)));
        }
        if chosen.len() > 6 {
            out.push(plain(format!("  and {} more lines", chosen.len() - 6)));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let arrives = self
            .row
            .supplier
            .lead_days
            .and_then(|days| look.today.checked_add_days(chrono::Days::new(u64::try_from(days).ok()?)));
        let when = arrives.map(|d| {
            format!(" They say {} days: {}.", self.row.supplier.lead_days.unwrap_or(0), dates::full(d, look.today))
        });
        let words = format!(
            "Send it yourself, by mail or phone; this keeps that it was ordered today. From now on customers are \
             promised goods from it.{} Can be undone.",
            when.unwrap_or_default()
        );
        said(&words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let id = self.form.field(0).and_then(Field::chosen_id);
        let po = id.ok_or_else(|| Complaint::at(0, "There is no draft. Make one on 4 Reorder."))?;
        Ok(Write::Suppliers(suppliers::Write::Send(PoId(po))))
    }
}

/// What is still to come of a line is cancelled.
pub struct CancelLine {
    row: SupplierRow,
    po: Option<PoId>,
    lines: Vec<OpenPoLine>,
    form: Form,
}

impl CancelLine {
    pub fn new(row: SupplierRow, po: Option<PoId>) -> CancelLine {
        let form = Form::new(vec![Field::list("PO line", Vec::new())]).saving_as("Cancel the line");
        CancelLine { row, po, lines: Vec::new(), form }
    }

    fn chosen(&self) -> Option<&OpenPoLine> {
        let id = self.form.field(0)?.chosen_id()?;
        self.lines.iter().find(|l| l.po_line.0 == id)
    }
}

impl Dialog for CancelLine {
    fn title(&self) -> String {
        format!("Cancel a line, {}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        read_open(&self.row)
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        self.lines = open_lines(answer, self.po).unwrap_or_default();
        let option = |l: &OpenPoLine| {
            let due = match l.expected_on {
                _ if l.draft => "draft".to_string(),
                Some(day) => dates::short(day, look.today),
                None => "no date".into(),
            };
            (l.po_line.0, format!("{}  {} {}, {due}", l.po_code, text::quantity(l.open), l.item_name))
        };
        if let Some(field) = self.form.field_mut(0) {
            field.set_options(self.lines.iter().map(option).collect());
        }
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Some(line) = self.chosen() else { return vec![plain("Nothing is open.")] };
        let before = if line.received.is_positive() {
            format!(", {} came before and stay", text::quantity(line.received))
        } else {
            String::new()
        };
        let words = format!("{} {} are still to come{before}.", text::quantity(line.open), line.item_name);
        vec![plain(text::clip(&words, width))]
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Some(line) = self.chosen() else { return Vec::new() };
        let words = if line.draft {
            format!("The line disappears from {}: nobody was asked for it yet. Can be undone.", line.po_code)
        } else {
            "Tell the supplier yourself; this keeps that nothing more comes. Who waits for it gets another date or \
             none: see 2 Backorders. Can be undone."
                .into()
        };
        said(&words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let line = self.chosen().ok_or_else(|| Complaint::at(0, "No line is chosen: F4 shows those that are open."))?;
        Ok(Write::Suppliers(suppliers::Write::CancelLine(line.po_line)))
    }
}

const REASONS: [&str; 5] =
    ["they will call back", "waiting for their answer", "goods are on the road", "not urgent", "they are closed"];

/// Not today: it comes back by itself.
pub struct Later {
    row: SupplierRow,
    form: Form,
}

impl Later {
    pub fn new(row: SupplierRow) -> Later {
        let reasons = REASONS.iter().enumerate().map(|(n, r)| (n as i64, r.to_string())).collect();
        let mut until = Field::date("Until", None).noted("it comes back on that day");
        until.set_value("+2");
        let form = Form::new(vec![until, Field::list("Reason", reasons), Field::text("Other words", "")]);
        Later { row, form }
    }
}

impl Dialog for Later {
    fn title(&self) -> String {
        format!("Later, {}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        said("Nobody is told to ask this supplier before that day. Can be undone.", width)
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let day = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(0, s))?;
        let until = day.filter(|day| *day > look.today).ok_or_else(|| Complaint::at(0, "Name a day after today."))?;
        let chosen = self.form.field(1).map_or(0, Field::chosen);
        let words = typed(&self.form, 2);
        let reason = if words.is_empty() { REASONS.get(chosen).copied().unwrap_or_default().into() } else { words };
        Ok(Write::Suppliers(suppliers::Write::Later { supplier: self.row.supplier.id, until, reason }))
    }
}

/// The note on a supplier.
pub struct Note {
    row: SupplierRow,
    form: Form,
}

impl Note {
    pub fn new(row: SupplierRow) -> Note {
        let note = row.supplier.note.clone().unwrap_or_default();
        Note { row, form: Form::new(vec![Field::text("Note", &note)]) }
    }
}

impl Dialog for Note {
    fn title(&self) -> String {
        format!("Note on {}", self.row.supplier.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        said("Shown with the supplier. An empty note removes it. Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let seen = self.row.supplier.note.clone().unwrap_or_default();
        let words = typed(&self.form, 0);
        Ok(Write::Suppliers(suppliers::Write::Note { supplier: self.row.supplier.id, seen, words }))
    }
}

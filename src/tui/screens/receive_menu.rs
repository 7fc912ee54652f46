//! Which delivery: one that is half done, one that is expected, one without a PO; receipts that wait for their PO.

use super::receive::Receive;
use super::{Cmd, Line, stock_dialogs};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::domain::text::fold;
use crate::tui::form::{Field, Form};
use crate::tui::listed::Listed;
use crate::tui::overlay::{self, Complaint, Dialog, Overlay, dialog, footer, moved};
use crate::tui::scan_field::{Heard, ScanField};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::scanning;
use crate::worker::deliveries::{self, Blind, Menu, Record};
use crate::worker::stock::{self, OpenPoLine};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The choice of a delivery.
#[derive(Default)]
pub struct ReceiveMenu {
    /// Only this supplier's, by name.
    from: Option<String>,
    /// This PO is received at once: there is nothing to choose.
    at_once: Option<PoId>,
    menu: Option<Menu>,
    /// What a scan found: only these POs.
    only: Option<Vec<PoId>>,
    field: ScanField,
    cursor: usize,
    said: Option<String>,
    /// The delivery that F8 would throw away.
    dropping: bool,
}

enum Choice {
    GoOn(usize),
    Po(PoId),
    WithoutPo,
    Match(usize),
}

impl ReceiveMenu {
    /// Deliveries of one supplier.
    pub fn from(supplier: &str) -> ReceiveMenu {
        ReceiveMenu { from: Some(supplier.into()), ..ReceiveMenu::default() }
    }

    /// A delivery on this PO: it opens without anything to choose.
    pub fn of(po: PoId) -> ReceiveMenu {
        ReceiveMenu { at_once: Some(po), ..ReceiveMenu::default() }
    }

    /// Whether a delivery or PO of this name is of the supplier whose deliveries are looked at. Who types looks for any.
    fn theirs(&self, supplier: &str) -> bool {
        let of = |name: &String| supplier == name || supplier.ends_with(&format!(", {name}"));
        let all = self.only.is_some() || !self.field.text().is_empty();
        all || self.from.as_ref().is_none_or(of)
    }

    /// The rows: what is chosen, and its three columns.
    fn rows(&self, look: &Look) -> Vec<(Choice, [String; 3])> {
        let Some(menu) = &self.menu else { return Vec::new() };
        let typed = fold(self.field.text());
        let fits = |words: &str| typed.is_empty() || fold(words).contains(&typed);
        let mut rows = Vec::new();
        for (at, open) in menu.open.iter().enumerate() {
            let unknown = match open.unknown {
                0 => String::new(),
                n => text::plural(n, "unknown code"),
            };
            let so_far = if open.unknown == 0 { " so far" } else { "" };
            let came = format!("{}, {}{so_far}", text::plural(open.items, "item"), text::quantity(open.units));
            let parts = [Some(came).filter(|_| open.items > 0 || open.unknown == 0), Some(unknown)];
            let parts: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
            let what = format!("{}, by {}", parts.join(", "), open.head.operator);
            if self.theirs(&open.name) && self.only.is_none() && fits(&open.name) {
                rows.push((Choice::GoOn(at), ["go on".into(), open.name.clone(), what]));
            }
        }
        for po in &menu.expected {
            let wanted = self.only.as_ref().is_none_or(|only| only.contains(&po.po))
                && self.theirs(&po.supplier)
                && (self.only.is_some() || fits(&format!("{} {} {}", po.code, po.supplier, po.goods)));
            if wanted {
                let due = po.due.map_or("no date".to_string(), |d| {
                    if d < look.today {
                        format!("was due {}", dates::short(d, look.today))
                    } else {
                        format!("due {}", dates::short(d, look.today))
                    }
                });
                let more = if po.lines > 1 { format!(", +{} more", po.lines - 1) } else { String::new() };
                let what = format!("{} {}{more}", text::quantity(po.first_open), po.first);
                rows.push((Choice::Po(po.po), [po.code.clone(), format!("{}, {due}", po.supplier), what]));
            }
        }
        if self.only.as_ref().is_none_or(Vec::is_empty) && typed.is_empty() {
            let what = "its PO is found afterwards".to_string();
            rows.push((Choice::WithoutPo, ["no PO".into(), "take it in without one".into(), what]));
            for (at, blind) in menu.unmatched.iter().enumerate() {
                let came = dates::short(blind.received_on, look.today);
                let what = format!("{} {}", text::quantity(blind.quantity), blind.name);
                rows.push((Choice::Match(at), ["match".into(), format!("came {came} without a PO"), what]));
            }
        }
        rows
    }

    fn open(&mut self, look: &Look) -> Vec<Cmd> {
        let rows = self.rows(look);
        let menu = self.menu.as_ref();
        match rows.get(self.cursor).map(|r| &r.0) {
            Some(Choice::GoOn(at)) => match menu.and_then(|m| m.open.get(*at)) {
                Some(open) => go_on(open.head.id),
                None => Vec::new(),
            },
            Some(Choice::Po(po)) => vec![begin(Some(*po))],
            Some(Choice::WithoutPo) => vec![begin(None)],
            Some(Choice::Match(at)) => {
                menu.and_then(|m| m.unmatched.get(*at)).map(|b| dialog(Match::new(b.clone()))).into_iter().collect()
            }
            None => {
                self.said = Some("Nothing expected has that. Esc clears it.".into());
                vec![Cmd::Beep]
            }
        }
    }

    fn half_done(&self, look: &Look) -> Option<&deliveries::Listed> {
        match self.rows(look).get(self.cursor).map(|r| &r.0) {
            Some(Choice::GoOn(at)) => self.menu.as_ref()?.open.get(*at),
            _ => None,
        }
    }

    /// What there is, and how much of it the list shows now.
    fn sentence(&self, look: &Look) -> String {
        let Some(menu) = &self.menu else { return "Reading what is expected ...".into() };
        let rows = self.rows(look);
        let shown = |of: fn(&Choice) -> bool| rows.iter().filter(|r| of(&r.0)).count();
        let some = |shown: usize, all: usize, what: String| {
            if shown == all { what } else { format!("{shown} of {what}") }
        };
        let mut parts = Vec::new();
        let open = menu.open.iter().filter(|d| self.theirs(&d.name)).count();
        if open > 0 {
            let what = text::plural(open, "delivery").replace("deliverys", "deliveries");
            parts.push(format!("{} half done.", some(shown(|c| matches!(c, Choice::GoOn(_))), open, what)));
        }
        let expected = menu.expected.iter().filter(|po| self.theirs(&po.supplier)).count();
        parts.push(match expected {
            0 => "No PO is under way.".to_string(),
            n => format!("{} under way.", some(shown(|c| matches!(c, Choice::Po(_))), n, text::plural(n, "PO"))),
        });
        match menu.expected.len() - expected {
            0 => {}
            others => parts.push(format!("{others} of others: type or scan to find one.")),
        }
        if !menu.unmatched.is_empty() {
            parts.push(format!("{} without a PO.", text::plural(menu.unmatched.len(), "receipt")));
        }
        parts.join(" ")
    }
}

fn begin(po: Option<PoId>) -> Cmd {
    Cmd::Record("begin", worker::Record::Deliveries(Record::Begin(po)))
}

fn go_on(delivery: crate::domain::ids::DeliveryId) -> Vec<Cmd> {
    vec![Cmd::Close, Receive::open(delivery)]
}

impl Overlay for ReceiveMenu {
    fn listed(&self, look: &Look) -> Option<Listed> {
        self.menu.as_ref()?;
        let rows = self.rows(look).into_iter().map(|(_, cells)| cells.to_vec()).collect();
        Some(Listed::of("deliveries", &["what", "from", "goods"], rows, &[]))
    }

    fn opened(&mut self, look: &Look) -> Vec<Cmd> {
        match self.at_once {
            Some(po) => vec![begin(Some(po))],
            None => self.refreshed(look),
        }
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("menu", Load::Deliveries(deliveries::Load::Menu))]
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let dropping = std::mem::take(&mut self.dropping);
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                self.said = None;
                if self.field.text().is_empty() && self.only.is_none() {
                    return vec![Cmd::Close];
                }
                self.field.clear();
                (self.only, self.cursor) = (None, 0);
                Vec::new()
            }
            KeyCode::F(1) => vec![Cmd::Open(Box::new(overlay::Help::of_scan_field()))],
            KeyCode::Enter => self.open(look),
            KeyCode::Delete => {
                let name = self.half_done(look).map(|d| d.name.clone());
                self.dropping = name.is_some();
                self.said = name.map(|n| {
                    format!("F8 throws the delivery of {n} away: its scans stay on record, nothing is booked.")
                });
                Vec::new()
            }
            KeyCode::F(8) if dropping => match self.half_done(look) {
                Some(open) => vec![Cmd::Record("drop", worker::Record::Deliveries(Record::Drop(open.head.id)))],
                None => Vec::new(),
            },
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.rows(look).len(), key, look.height as usize / 2);
                Vec::new()
            }
            _ => {
                if self.field.key(key) == Heard::Changed {
                    (self.cursor, self.only, self.said) = (0, None, None);
                }
                Vec::new()
            }
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn begin_run(&mut self) {
        self.field.begin_run();
    }

    fn scanned(&mut self, code: &str, _look: &Look) -> Vec<Cmd> {
        self.field.clear();
        vec![Cmd::Record("look", worker::Record::Deliveries(Record::Look(code.to_string())))]
    }

    fn paste(&mut self, pasted: &str, _look: &Look) -> Vec<Cmd> {
        self.field.paste(pasted);
        (self.cursor, self.only) = (0, None);
        Vec::new()
    }

    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Deliveries(deliveries::Answer::Menu(menu)) => {
                self.menu = Some(*menu);
                self.cursor = self.cursor.min(self.rows(look).len().saturating_sub(1));
                Vec::new()
            }
            Answer::Deliveries(deliveries::Answer::Begun(delivery)) => go_on(delivery),
            Answer::Deliveries(deliveries::Answer::Found(pos, said)) => match pos.as_slice() {
                [one] => vec![begin(Some(*one))],
                _ => {
                    (self.only, self.cursor, self.said) = (Some(pos), 0, Some(said));
                    vec![Cmd::Beep]
                }
            },
            Answer::Deliveries(deliveries::Answer::Marked) if part == "drop" => {
                self.said = None;
                self.refreshed(look)
            }
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let of = self.from.as_ref().filter(|_| self.field.text().is_empty() && self.only.is_none());
        let of = of.map(|name| format!(" of {name}")).unwrap_or_default();
        overlay::title(area, buf, theme, &format!("Receive a delivery{of}"));
        let width = area.width as usize;
        let put = |buf: &mut Buffer, y: u16, words: &str, role: Role| {
            buf.set_string(area.x + 1, area.y + y, text::clip(words, width.saturating_sub(2)), theme.style(role));
        };
        put(buf, 1, &self.sentence(look), Role::Normal);
        put(buf, 2, "Scan the PO or anything that came; or type a part of PO, supplier or item.", Role::Quiet);
        let rows = self.rows(look);
        let room = area.height.saturating_sub(9) as usize;
        let top = (self.cursor + 1).saturating_sub(room);
        let first = rows.iter().map(|r| text::width(&r.1[0])).max().unwrap_or(0).clamp(6, 12);
        let rest = width.saturating_sub(first + 7);
        let second = rows.iter().map(|r| text::width(&r.1[1])).max().unwrap_or(0).min(rest / 2).min(60);
        for (n, (i, (choice, cells))) in rows.iter().enumerate().skip(top).take(room).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let line = format!(
                "{sign} {}  {}  {}",
                text::left(&text::fit(&cells[0], first), first),
                text::left(&text::fit(&cells[1], second), second),
                text::fit(&cells[2], rest.saturating_sub(second))
            );
            let role = match choice {
                _ if i == self.cursor => Role::Selected,
                Choice::GoOn(_) => Role::Title,
                _ => Role::Normal,
            };
            let line = text::left(&text::clip(&line, width), width);
            buf.set_string(area.x, area.y + 4 + n as u16, line, theme.style(role));
        }
        if rows.is_empty() && self.menu.is_some() {
            put(buf, 4, &format!("Nothing expected has \"{}\".", self.field.text()), Role::Normal);
        }
        if let Some(said) = &self.said {
            let room = Rect { y: area.bottom().saturating_sub(5), height: 2, ..area };
            scanning::sentence(room, buf, theme, &(said.clone(), Role::Urgent));
        }
        let y = area.bottom().saturating_sub(3);
        let cursor =
            self.field.draw(Rect { x: area.x + 3, y, width: area.width.saturating_sub(4), height: 1 }, buf, theme);
        footer(area, buf, theme, "Up Down choose   Enter opens   Del throws a half-done one away", "Esc back");
        Some(cursor)
    }
}

/// Goods that came without a PO were for a PO line after all.
struct Match {
    blind: Blind,
    lines: Vec<OpenPoLine>,
    form: Form,
    sure: bool,
}

impl Match {
    fn new(blind: Blind) -> Match {
        Match {
            blind,
            lines: Vec::new(),
            form: Form::new(vec![Field::list("PO line", Vec::new())]).saving_as("Match"),
            sure: false,
        }
    }
}

impl Dialog for Match {
    fn title(&self) -> String {
        format!("{} {} came without a PO", text::quantity(self.blind.quantity), self.blind.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("open lines", Load::Stock(stock::Load::OpenPoLines))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if let Answer::Stock(stock::Answer::OpenPoLines(mut lines)) = answer {
            lines.retain(|line| line.item == self.blind.item);
            let option = |l: &OpenPoLine| {
                let due = l.due.map(|d| format!(", due {}", dates::short(d, look.today))).unwrap_or_default();
                (l.po_line.0, format!("{}  {} open{due}, {}", l.po, text::quantity(l.open()), l.supplier))
            };
            if let Some(field) = self.form.field_mut(0) {
                field.set_options(lines.iter().map(option).collect());
            }
            self.lines = lines;
        }
        Vec::new()
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.sure = false;
        Vec::new()
    }
    fn refused(&mut self, sentence: &str) {
        self.sure = stock_dialogs::asks_again(sentence);
    }
    fn above(&self, _width: usize, look: &Look) -> Vec<Line> {
        let bad = if self.blind.rejected.is_positive() {
            format!(", {} of them bad", text::quantity(self.blind.rejected))
        } else {
            String::new()
        };
        let note = self.blind.note.as_ref().map(|n| format!(", delivery note {n}")).unwrap_or_default();
        let words = if self.lines.is_empty() {
            "No PO waits for this item now.".to_string()
        } else {
            format!(
                "It came {}{bad}{note}. Stock does not move: only the PO learns of it.",
                dates::short(self.blind.received_on, look.today)
            )
        };
        vec![vec![Cell::plain(words)]]
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let line = self.form.field(0).and_then(Field::chosen_id);
        let line = self.lines.iter().find(|l| Some(l.po_line.0) == line);
        let line = line.ok_or_else(|| Complaint::at(0, "No PO line is chosen: nothing under way has this item."))?;
        Ok(Write::Deliveries(deliveries::Write::Match { blind: self.blind.id, line: line.po_line, sure: self.sure }))
    }
}

//! The figures of a supplier, in any window, each with its count; Enter on one shows the lines and receipts behind it, on
//! the score what it is made of and what moved it.

mod filed;

use super::super::{Cmd, Line};
use super::who::typed;
use crate::domain::dates;
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::domain::scorecard::{Grade, Scorecard};
use crate::tui::action::Action;
use crate::tui::form::{Field, Form};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Complaint, Dialog, Overlay, dialog, footer, lines, moved, title};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::suppliers::{self as view, few};
use crate::worker::suppliers::{self, Case, Figure, Figures, Lead, Measure, Part, Severity, SupplierRow};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Days back, 0 for all.
const WINDOWS: [i64; 4] = [30, 90, 365, 0];

/// The figures.
pub struct FiguresPage {
    supplier: SupplierId,
    name: String,
    /// None: as the settings say.
    window: Option<i64>,
    /// What was learned of its lead times, which the list and dates go by.
    lead: Option<Lead>,
    figures: Option<Box<Figures>>,
    cursor: usize,
    /// What is shown in full.
    open: Option<Told>,
    cases: Option<Vec<Case>>,
    case: usize,
}

/// A row of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    Score,
    Of(Figure),
}

impl FiguresPage {
    pub fn new(row: &SupplierRow) -> FiguresPage {
        FiguresPage {
            supplier: row.supplier.id,
            name: row.supplier.name.clone(),
            lead: row.lead.clone(),
            window: None,
            figures: None,
            cursor: 0,
            open: None,
            cases: None,
            case: 0,
        }
    }

    fn load(&self) -> Vec<Cmd> {
        let load = suppliers::Load::Figures { supplier: self.supplier, window_days: self.window };
        vec![Cmd::Load("figures", Load::Suppliers(load))]
    }

    fn load_cases(&self, figure: Figure) -> Vec<Cmd> {
        let load = suppliers::Load::Cases { supplier: self.supplier, figure, window_days: self.window };
        vec![Cmd::Load("cases", Load::Suppliers(load))]
    }

    /// What says something: the score, then the figures.
    fn told(&self) -> Vec<Told> {
        let Some(figures) = &self.figures else { return Vec::new() };
        let card = &figures.card;
        let score = (card.score.is_some() && !card.too_few()).then_some(Told::Score);
        let told = Figure::ALL
            .into_iter()
            .filter(|f| f.count(card) > 0 || matches!(f, Figure::OnTime | Figure::OverdueNow))
            .map(Told::Of);
        score.into_iter().chain(told).collect()
    }

    /// How many rows there are behind what is shown in full.
    fn behind(&self) -> usize {
        match self.open {
            Some(Told::Score) => self.figures.as_ref().map_or(0, |f| f.moved.len()),
            _ => self.cases.as_ref().map_or(0, Vec::len),
        }
    }

    fn window(&self) -> i64 {
        self.figures.as_ref().map_or(365, |f| f.measure.window_days)
    }

    fn widen(&mut self, by: isize) -> Vec<Cmd> {
        let at = WINDOWS.iter().position(|days| *days == self.window()).unwrap_or(2);
        let next = (at as isize + by).clamp(0, WINDOWS.len() as isize - 1) as usize;
        self.window = WINDOWS.get(next).copied();
        let mut cmds = self.load();
        if let Some(Told::Of(figure)) = self.open {
            cmds.extend(self.load_cases(figure));
        }
        cmds
    }

    fn rows(&self, width: usize) -> (Vec<Line>, usize) {
        let Some(figures) = &self.figures else { return (Vec::new(), 0) };
        let (mut out, mut chosen_at, mut part) = (Vec::new(), 0, None);
        for (n, told) in self.told().into_iter().enumerate() {
            let Told::Of(figure) = told else {
                let line =
                    format!("{}  {:<28}{}", if n == self.cursor { "▸" } else { " " }, "score", score(&figures.card));
                let role = if n == self.cursor { Role::Selected } else { Role::Normal };
                out.push(vec![Cell::with(text::left(&text::clip(&line, width), width), role)]);
                continue;
            };
            if part != Some(figure.part()) {
                part = Some(figure.part());
                out.push(vec![Cell::with(text::fit(&heading(figure.part(), figures), width), Role::Title)]);
            }
            if n == self.cursor {
                chosen_at = out.len();
            }
            let mut value = figure.value(&figures.card).unwrap_or_else(|| "no data".into());
            if figure == Figure::Rejected && figures.card.rejected_worth > Money::ZERO {
                value.push_str(&format!(" ({})", text::money(figures.card.rejected_worth)));
            }
            let sign = if n == self.cursor { "▸" } else { " " };
            let line = format!("{sign}  {:<28}{value:<31}{}", figure.words(), of(figure, figures));
            let role = if n == self.cursor { Role::Selected } else { Role::Normal };
            out.push(vec![Cell::with(text::left(&text::clip(&line, width), width), role)]);
            if let (Figure::OnTime, Some(months)) = (figure, view::trend(&figures.card)) {
                let line = format!("     {:<26}{months}", "month by month");
                out.push(vec![Cell::with(text::clip(&line, width), Role::Quiet)]);
            }
        }
        let silent: Vec<&str> =
            Figure::ALL.into_iter().filter(|f| !self.told().contains(&Told::Of(*f))).map(Figure::words).collect();
        if !silent.is_empty() {
            out.push(Vec::new());
            let words = format!("No data: {}.", silent.join(", "));
            out.extend(text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Quiet)]));
        }
        // With the last row, what has no data below it.
        if self.cursor + 1 == self.told().len() && !out.is_empty() {
            chosen_at = out.len() - 1;
        }
        (out, chosen_at)
    }

    /// What the score is made of, then what moved it; and where the chosen case stands.
    fn score_rows(&self, look: &Look, width: usize) -> (Vec<Line>, usize) {
        let Some(figures) = &self.figures else { return (Vec::new(), 0) };
        let (card, mut out) = (&figures.card, Vec::new());
        let parts = [card.timeliness, card.reliability, card.professionalism];
        let total: f64 = parts.iter().zip(figures.measure.weights).filter(|(p, _)| p.is_some()).map(|(_, w)| w).sum();
        let names = ["Timeliness", "Reliability", "Professionalism"];
        for ((name, part), weight) in names.into_iter().zip(parts).zip(figures.measure.weights) {
            let words = match part {
                Some(part) => {
                    let weight = weight / total.max(1e-9);
                    format!("{part:>5.1} of 100 x {:>3.0} % = {:>5.1}", weight * 100.0, part * weight)
                }
                None => "not measured: weighs nothing".into(),
            };
            out.push(vec![Cell::plain(text::clip(&format!("    {name:<17}{words}"), width))]);
        }
        let sum = card.score.map_or(String::new(), |score| format!("{score:>5.1}"));
        out.push(vec![Cell::with(
            text::clip(&format!("    {:<17}{sum}  {}", "Score", bands(card)), width),
            Role::Title,
        )]);
        out.push(Vec::new());
        let heading = " What moved it, newest first: the score with each less the score without it";
        out.push(vec![Cell::with(text::clip(heading, width), Role::Quiet)]);
        let first = out.len();
        let points: Vec<String> = figures.moved.iter().map(|m| effect(m.points)).collect();
        let cases: Vec<&Case> = figures.moved.iter().map(|m| &m.case).collect();
        out.extend(self.rows_of(&cases, &points, look, width));
        (out, first + self.case)
    }

    fn case_rows(&self, look: &Look, width: usize) -> Vec<Line> {
        let cases: Vec<&Case> = self.cases.iter().flatten().collect();
        self.rows_of(&cases, &[], look, width)
    }

    /// A row for each case; `points` stand at its end.
    fn rows_of(&self, cases: &[&Case], points: &[String], look: &Look, width: usize) -> Vec<Line> {
        let width = width.min(view::READABLE);
        let ends = points.iter().map(|p| text::width(p) + 1).max().unwrap_or(0);
        let width = width.saturating_sub(ends);
        let cases = || cases.iter().enumerate();
        let said = cases().map(|(_, case)| text::width(&case.behind.says)).max().unwrap_or(0).min(48);
        let room = width.saturating_sub(said + 30);
        cases()
            .map(|(n, case)| {
                let b = &case.behind;
                let mark = match b.good {
                    Some(false) => "~",
                    Some(true) => ".",
                    None => " ",
                };
                let what = [b.po_code.as_str(), b.line_code.as_str()].join(" ");
                let sign = if n == self.case { "▸" } else { " " };
                let day = dates::short(b.on, look.today);
                let (day, what) = (text::fit(&day, 11), text::left(&text::fit(what.trim(), 13), 13));
                let line = if room < 8 {
                    format!("{sign}{mark} {day:<12}{what} {}", b.says) // no room for the name: it is told below
                } else {
                    let name = text::left(&text::fit(&case.item_name, room), room);
                    format!("{sign}{mark} {day:<12}{what} {name} {}", text::clip(&b.says, said))
                };
                let role = if n == self.case { Role::Selected } else { Role::Normal };
                let end = points.get(n).map_or(String::new(), |p| text::right(p, ends));
                vec![Cell::with(format!("{}{end}", text::left(&text::clip(&line, width), width)), role)]
            })
            .collect()
    }

    /// What is said below about the chosen row.
    fn words(&self, look: &Look) -> (String, Vec<String>) {
        let Some(figures) = &self.figures else { return (String::new(), Vec::new()) };
        if let Some(open) = self.open {
            let chosen = match open {
                Told::Score => figures.moved.get(self.case).map(|moved| &moved.case),
                Told::Of(_) => self.cases.as_ref().and_then(|cases| cases.get(self.case)),
            };
            let Some(case) = chosen else { return (String::new(), Vec::new()) };
            let receipts: Vec<String> = case
                .behind
                .arrivals
                .iter()
                .map(|a| {
                    let bad = if a.rejected.is_zero() {
                        String::new()
                    } else {
                        format!(" ({} rejected)", text::quantity(a.rejected))
                    };
                    let on = if a.on == look.today { "" } else { "on " };
                    format!("{} {on}{}{bad}", text::quantity(a.quantity), dates::short(a.on, look.today))
                })
                .collect();
            let came = match (case.behind.item.is_some(), receipts.is_empty()) {
                (false, _) => case.behind.says.clone(),
                (true, true) => "Nothing came on it yet.".into(),
                (true, false) => format!("Came: {}.", receipts.join(", ")),
            };
            return (format!("{} {}", case.behind.po_code, case.item_name), vec![came]);
        }
        let card = &figures.card;
        let m = &figures.measure;
        let chosen = self.told().get(self.cursor).copied();
        let Some(Told::Of(chosen)) = chosen else {
            let parts = "Each part is what they exceed 9 times of 10, few lines drawn towards what all suppliers do.";
            return (String::new(), vec![format!("Grades: {}. {parts}", Grade::BANDS), "Enter: what moved it.".into()]);
        };
        let mut said = vec![chosen.explained().to_string()];
        if let (Figure::LeadTime, Some(lead)) = (chosen, &self.lead) {
            said.push(format!(
                "From the order{}, by {} of any age, few of them drawn towards others', expect {} d, 9 of 10 in {} d. \
                 The list and reorder points go by that.",
                figures.quoted_days.map_or(String::new(), |days| format!(" they say {days} d")),
                text::plural(lead.learned_from, "line"),
                lead.usual,
                lead.most
            ));
            return (String::new(), said);
        }
        if chosen == Figure::OverDelivered {
            said.push(format!("Up to {} % more than ordered is not too many.", m.over_percent));
        }
        if let (Some(probably), Some(all)) = (card.expected_on_time, card.usual_on_time) {
            let sure = card.sure_on_time().map_or(String::new(), |sure| format!(", sure above {sure:.0} %"));
            let (probably, all) = (probably * 100.0, all * 100.0);
            said.push(format!("Next line on time: probably {probably:.0} %{sure}; all suppliers {all:.0} %."));
        }
        said.push(format!("{} A line counts half after {:.0} days.", tolerance(m), m.half_life_days));
        (String::new(), said)
    }
}

/// `80 of 100, grade B: 80 to 90`.
fn score(card: &Scorecard) -> String {
    let (Some(score), Some(grade)) = (card.score, card.grade()) else { return String::new() };
    format!("{score:.1} of 100, grade {}: {}", grade.letter(), grade.range())
}

/// `grade B: A from 90, B from 80, C from 70, D below`.
fn bands(card: &Scorecard) -> String {
    card.grade().map_or(String::new(), |grade| format!("grade {}: {}", grade.letter(), Grade::BANDS))
}

/// `-1.2`, `+0.4`.
fn effect(points: Option<f64>) -> String {
    match points {
        None => "all of it".into(),
        Some(points) => format!("{points:+.1}"),
    }
}

/// `On time is by the day promised.`, with what the settings forgive.
fn tolerance(m: &Measure) -> String {
    let day = match (m.late_days, m.early_days) {
        (0, None) => "by the day promised".to_string(),
        (late, None) => format!("up to {} after the day", text::plural(late as usize, "day")),
        (late, Some(early)) => format!("{early} days before to {late} after the day"),
    };
    match m.short_percent {
        0 => format!("On time is {day}."),
        percent => format!("On time is {day}; {percent} % may be missing."),
    }
}

/// Of how many a figure is told.
fn of(figure: Figure, figures: &Figures) -> String {
    match (figure, figure.count(&figures.card)) {
        (Figure::OverdueNow, n) => if n == 1 { "line" } else { "lines" }.into(),
        (Figure::Incidents, n) => format!("of {}", text::plural(n, "incident")),
        (_, 0) => String::new(),
        (_, n) => format!("of {}", text::count(n)),
    }
}

fn heading(part: Part, figures: &Figures) -> String {
    let card = &figures.card;
    let (word, score, weight) = match part {
        Part::Timeliness => ("Timeliness", card.timeliness, figures.measure.weights[0]),
        Part::Reliability => ("Reliability", card.reliability, figures.measure.weights[1]),
        Part::Professionalism => ("Professionalism", card.professionalism, figures.measure.weights[2]),
    };
    let parts = [card.timeliness, card.reliability, card.professionalism].into_iter().zip(figures.measure.weights);
    let total: f64 = parts.filter(|(part, _)| part.is_some()).map(|(_, weight)| weight).sum();
    match score {
        Some(_) if card.too_few() => format!("{word}  too few lines to judge"),
        Some(score) => format!("{word}  {score:.0} of 100, weighs {:.0} of 100", weight / total.max(1e-9) * 100.0),
        None => format!("{word}  not measured"),
    }
}

impl Overlay for FiguresPage {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        filed::listed(self)
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.load()
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        let mut cmds = self.load();
        if let Some(Told::Of(figure)) = self.open {
            cmds.extend(self.load_cases(figure));
        }
        cmds
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let page = look.height.saturating_sub(8) as usize;
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') if self.open.is_some() => {
                (self.open, self.cases) = (None, None);
                Vec::new()
            }
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') => vec![Cmd::Close],
            KeyCode::Left => self.widen(-1),
            KeyCode::Right => self.widen(1),
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Char('i') => vec![dialog(Happened::new(self.supplier, &self.name))],
            KeyCode::Enter if self.open.is_none() => match self.told().get(self.cursor) {
                Some(told) => {
                    (self.open, self.cases, self.case) = (Some(*told), None, 0);
                    match told {
                        Told::Score => Vec::new(), // read with the figures
                        Told::Of(figure) => self.load_cases(*figure),
                    }
                }
                None => Vec::new(),
            },
            _ if self.open.is_some() => {
                self.case = moved(self.case, self.behind(), key, page);
                Vec::new()
            }
            _ => {
                self.cursor = moved(self.cursor, self.told().len(), key, page);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Suppliers(suppliers::Answer::Figures(figures)) if figures.supplier == self.supplier => {
                self.figures = Some(figures);
                self.cursor = self.cursor.min(self.told().len().saturating_sub(1));
                if self.open == Some(Told::Score) {
                    self.case = self.case.min(self.behind().saturating_sub(1));
                }
            }
            Answer::Suppliers(suppliers::Answer::Cases(figure, cases)) if self.open == Some(Told::Of(figure)) => {
                self.case = self.case.min(cases.len().saturating_sub(1));
                self.cases = Some(cases);
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let grade = self.figures.as_ref().map_or(String::new(), |f| match f.card.grade() {
            Some(_) if f.card.too_few() => format!("  no grade: {}", few(&f.card)),
            Some(_) => {
                let score = f.card.score.map_or(String::new(), |score| format!(", {score:.0} of 100"));
                format!("  {}{score}", f.card.grade_words())
            }
            None => "  no grade".into(),
        });
        let of = match self.open {
            Some(Told::Of(figure)) => format!("  {}", figure.words()),
            Some(Told::Score) => "  what the score is made of".into(),
            None => String::new(),
        };
        title(area, buf, theme, &format!("Figures of {}{grade}{of}", self.name));
        let width = (area.width as usize).saturating_sub(2);
        let windows: Vec<String> = WINDOWS
            .iter()
            .map(|days| {
                let word = if *days == 0 { "all".to_string() } else { format!("{days} days") };
                if *days == self.window() && self.figures.is_some() { format!("[{word}]") } else { format!(" {word} ") }
            })
            .collect();
        let words = format!(" In the last {}", windows.join(" "));
        buf.set_string(area.x, area.y + 1, text::clip(&words, width), theme.style(Role::Quiet));
        let (rows, at) = match self.open {
            Some(Told::Score) => self.score_rows(look, width),
            Some(Told::Of(_)) => (self.case_rows(look, width), self.case),
            None => self.rows(width),
        };
        let room = area.height.saturating_sub(7) as usize;
        let top = (at + 1).saturating_sub(room);
        let shown: Vec<Line> = rows.into_iter().skip(top).take(room).collect();
        if self.open.is_some() && self.cases.as_ref().is_some_and(Vec::is_empty) {
            let none = [vec![Cell::plain(" Nothing in this window; Right widens it.")]];
            lines(Rect { y: area.y + 3, height: 1, ..area }, buf, theme, &none);
        }
        lines(Rect { y: area.y + 2, height: room as u16, ..area }, buf, theme, &shown);
        let (head, said) = self.words(look);
        let y = area.bottom().saturating_sub(5);
        title(Rect { y, height: 1, ..area }, buf, theme, head.trim());
        let said: Vec<Line> =
            said.iter().flat_map(|w| text::wrap(w, width)).map(|l| vec![Cell::plain(format!(" {l}"))]).collect();
        lines(Rect { y: y + 1, height: 3, ..area }, buf, theme, &said);
        let keys = match self.open {
            Some(_) => "left/right other window  i incident  p print, export",
            None => "Enter what is behind it  left/right window  i incident  p print",
        };
        footer(area, buf, theme, keys, "Esc back");
        None
    }
}

/// Something went wrong.
struct Happened {
    supplier: SupplierId,
    name: String,
    form: Form,
}

impl Happened {
    fn new(supplier: SupplierId, name: &str) -> Happened {
        let mut on = Field::date("On", None);
        on.set_value("today");
        let form = Form::new(vec![
            Field::text("What", ""),
            Field::choice("How bad", &["1 minor", "2 major", "3 grave"], 0),
            on,
        ]);
        Happened { supplier, name: name.to_string(), form }
    }
}

impl Dialog for Happened {
    fn title(&self) -> String {
        format!("Incident with {}", self.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let severity = Severity::ALL.get(self.form.field(1).map_or(0, Field::chosen)).copied();
        let points = severity.map_or(0.0, Severity::points);
        let words =
            format!("Takes {points:.0} points off professionalism, half of them after a half-life. Can be undone.");
        text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Quiet)]).collect()
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let what = typed(&self.form, 0);
        if what.is_empty() {
            return Err(Complaint::at(0, "Say what happened: it is what you will tell the supplier."));
        }
        let severity =
            Severity::ALL.get(self.form.field(1).map_or(0, Field::chosen)).copied().unwrap_or(Severity::Minor);
        let day = self.form.field(2).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(2, s))?;
        let on = day.unwrap_or(look.today);
        Ok(Write::Suppliers(suppliers::Write::Incident { supplier: self.supplier, on, severity, what }))
    }
}

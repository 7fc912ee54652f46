//! Month end: a month in one page, and closing it.

use super::action::Action;
use super::form::{Field, Form};
use super::listed::{self, Listed};
use super::overlay::{Complaint, Dialog, Overlay, dialog, footer, lines, moved, title, windowed};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::dates;
use crate::domain::locale::{self, Locale};
use crate::domain::money::Money;
use crate::worker::morning::{self, Idle, MonthEnd};
use crate::worker::{Answer, Load, Write, office};
use chrono::{Months, NaiveDate};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The page of a month.
pub struct Month {
    /// A day of the month.
    day: NaiveDate,
    /// The page goes up to that day, not to the month's end.
    up_to_day: bool,
    read: Option<Box<MonthEnd>>,
    top: usize,
}

/// Letters across the page.
const PAPER: usize = 96;

impl Month {
    /// The last whole month.
    pub fn new(look: &Look) -> Month {
        let day = look.today.checked_sub_months(Months::new(1)).unwrap_or(look.today);
        Month { day, up_to_day: false, read: None, top: 0 }
    }

    /// What lay there at the end of a day.
    fn as_of(day: NaiveDate) -> Month {
        Month { day, up_to_day: true, read: None, top: 0 }
    }

    fn ask(&self) -> Vec<Cmd> {
        let load = if self.up_to_day { morning::Load::AsOf(self.day) } else { morning::Load::Month(self.day) };
        vec![Cmd::Load("month", Load::Morning(load))]
    }

    fn turn(&mut self, day: Option<NaiveDate>, look: &Look) -> Vec<Cmd> {
        match day.filter(|d| *d <= look.today) {
            Some(day) => {
                (self.day, self.up_to_day, self.top) = (day, false, 0);
                self.ask()
            }
            None => vec![Cmd::Beep],
        }
    }

    fn page(&self, look: &Look, width: usize) -> Vec<Line> {
        let Some(m) = &self.read else { return vec![vec![Cell::plain("Adding up the movements ...")]] };
        let row = |worth: Money, what: String| -> Line {
            vec![Cell::plain(text::right(&text::money(worth), 15)), Cell::plain(format!("  {what}"))]
        };
        let heading = |words: &str| vec![Cell::with(words.to_string(), Role::Quiet)];
        let mut out = vec![heading("Stock, at cost"), row(m.before, "before the first day".into())];
        for r in &m.reasons {
            let figures = format!("{} in, {} out", text::quantity(r.into), text::quantity(-r.out));
            out.push(row(r.worth, format!("{}  {figures}, {}", r.reason, many(r.movements, "movement"))));
        }
        let items = text::plural(m.worth.items, "item");
        out.push(vec![
            Cell::with(text::right(&text::money(m.worth.total), 15), Role::Title),
            Cell::plain(format!("  at the end, {items}")),
        ]);
        if !m.worth.quarantine.is_zero() {
            out.push(row(m.worth.quarantine, "of it in quarantine".into()));
        }
        if m.worth.without_cost > 0 {
            let without = text::plural(m.worth.without_cost, "item");
            out.push(vec![Cell::with(format!("{without} without a cost count for nothing."), Role::Soon)]);
        }
        if m.never_counted > 0 {
            let verb = if m.never_counted == 1 { "is" } else { "are" };
            let words =
                format!("{} {verb} not counted yet and count for nothing.", text::plural(m.never_counted, "item"));
            out.push(vec![Cell::with(words, Role::Soon)]);
        }
        out.push(Vec::new());
        out.push(heading(&m.idle_heading(|day| dates::full(day, look.today))));
        for (idle, what, moves) in m.idle() {
            let Idle { items, worth, named } = idle;
            out.push(row(*worth, format!("{what}: {}{moves}", text::plural(*items, "item"))));
            for (sku, name, worth) in named {
                let worth = worth.map_or(String::new(), text::money);
                let room = width.saturating_sub(20 + text::width(sku) + text::width(&worth));
                out.push(vec![Cell::with(format!("{:17}{sku}  {}  {worth}", "", text::fit(name, room)), Role::Quiet)]);
            }
        }
        out.push(Vec::new());
        out.push(heading("Refunds"));
        out.push(row(m.refunds_made.1, format!("made: {}", m.refunds_made.0)));
        out.push(row(m.refunds_open.1, format!("open today: {}", m.refunds_open.0)));
        out.push(Vec::new());
        out.push(vec![Cell::plain(match m.closed_up_to {
            Some(day) => {
                format!("Closed up to {}: nothing is dated on or before it any more.", dates::full(day, look.today))
            }
            None => "No day is closed yet.".into(),
        })]);
        out
    }
}

fn many(n: i64, word: &str) -> String {
    text::plural(usize::try_from(n).unwrap_or(0), word)
}

impl Overlay for Month {
    /// The page on paper, or its lines as a file.
    fn listed(&self, look: &Look) -> Option<Listed> {
        self.read.as_ref()?;
        let lines = listed::words(&self.page(look, PAPER));
        let cells = |line: &Line| {
            let mut cells = line.iter().map(|cell| cell.text.trim().to_string());
            vec![cells.next().unwrap_or_default(), cells.collect::<Vec<_>>().join(" ")]
        };
        let rows = locale::within(Locale::File, || self.page(look, PAPER).iter().map(cells).collect());
        Some(Listed::of("month-end", &["worth", "what"], rows, &["worth"]).on_paper(lines))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }

    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) | KeyCode::Char('q') => vec![Cmd::Close],
            // By name from here too: the letters that follow are the name's, not this page's keys.
            KeyCode::Char(':') => vec![Cmd::Close, Cmd::Do(Action::Palette)],
            KeyCode::Char('p') => vec![Cmd::Do(Action::File)],
            KeyCode::Char('d') => vec![dialog(AsOf::of(self.day))],
            KeyCode::Left => self.turn(self.day.checked_sub_months(Months::new(1)), look),
            KeyCode::Right => self.turn(self.day.checked_add_months(Months::new(1)), look),
            KeyCode::Enter => match (&self.read, look.today.pred_opt()) {
                // A month that goes on is closed up to yesterday: today's work still has to be dated.
                (Some(month), Some(yesterday)) => vec![dialog(Close::of(month.to.min(yesterday)))],
                _ => vec![Cmd::Beep],
            },
            _ => {
                let page = look.height.saturating_sub(4) as usize;
                let all = self.page(look, look.width as usize).len();
                // The last row says that there is more: one less is shown.
                let shown = page.saturating_sub(1).max(1);
                self.top = moved(self.top, (all + 1).saturating_sub(shown).max(1), key, shown);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Morning(morning::Answer::Month(month)) = answer {
            self.read = Some(month);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let heading = self.read.as_ref().map_or("Month end".into(), |m| {
            format!("Month end  {} to {}", dates::full(m.from, look.today), dates::long(m.to))
        });
        title(area, buf, theme, &heading);
        let all = self.page(look, area.width as usize);
        let rows = area.height.saturating_sub(4) as usize;
        let shown = windowed(all, self.top, rows);
        lines(Rect { y: area.y + 2, height: rows as u16, ..area }, buf, theme, &shown);
        footer(area, buf, theme, "Left Right  other month   d as of a day   Enter close it   p print", "Esc back");
        None
    }
}

/// The day at whose end the stock is valued.
struct AsOf {
    form: Form,
}

impl AsOf {
    fn of(day: NaiveDate) -> AsOf {
        AsOf { form: Form::new(vec![Field::date("At the end of", Some(day))]).saving_as("Show") }
    }
}

impl Dialog for AsOf {
    fn title(&self) -> String {
        "Stock as of a day".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "What lay there then, from the movements, and what moved since the first of that month.";
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Err(Complaint::at(0, "Nothing is saved here: the day is shown."))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let typed = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|why| Complaint::at(0, why))?;
        match typed {
            Some(day) if day <= look.today => Ok(vec![Cmd::Close, Cmd::Close, Cmd::Open(Box::new(Month::as_of(day)))]),
            Some(_) => Err(Complaint::at(0, "That day is still to come: type today or a day before.")),
            None => Err(Complaint::at(0, "Type the day, such as 31.3. or 2026-03-31.")),
        }
    }
}

/// Closing the books up to a day.
struct Close {
    form: Form,
}

impl Close {
    fn of(to: NaiveDate) -> Close {
        Close { form: Form::new(vec![Field::date("Closed up to", Some(to))]).saving_as("Close") }
    }
}

impl Dialog for Close {
    fn title(&self) -> String {
        "Close the books".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "From then on no movement, delivery, shipment, count, refund or supplier's invoice is dated on or \
                     before that day, by whatever operation; what has to be corrected is booked with a later date. Can be moved again under \
                     : settings.";
        text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let typed = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|why| Complaint::at(0, why))?;
        let Some(day) = typed else { return Err(Complaint::at(0, "Type the last day to close.")) };
        if day >= look.today {
            return Err(Complaint::at(0, "Close up to a day before today: today's work still has to be dated."));
        }
        Ok(Write::Office(office::Write::Set(vec![(office::CLOSED, day.to_string())])))
    }
}

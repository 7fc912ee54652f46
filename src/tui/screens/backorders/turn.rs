//! Whose turn it is: raise, protect, let wait; with whom it makes late or early before it is saved.

use super::about::About;
use crate::domain::allocation::Turn;
use crate::domain::dates;
use crate::domain::ids::LineId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Shift};
use crate::worker::{Answer, Load, Write};

const LINES: usize = 0;
const TURN: usize = 1;

/// The dialog.
pub struct WhoseTurn {
    about: About,
    form: Form,
    /// What the chosen turn would change; none: being worked out.
    shifts: Option<(Turn, Vec<Shift>)>,
}

impl WhoseTurn {
    pub fn about(about: About) -> WhoseTurn {
        let now = about.lead().map_or(Turn::Computed, |l| Turn::of(l.turn, l.protection));
        let at = Turn::ALL.iter().position(|t| *t == now).unwrap_or(0);
        let short = about.short();
        let form = Form::new(vec![
            about.boxes("Lines", &short),
            Field::choice("Turn", &["1 as computed", "2 first", "3 keeps what it has", "4 lets others go first"], at)
                .tall(2),
        ]);
        let mut dialog = WhoseTurn { form, about, shifts: None };
        dialog.form.set_focus(TURN);
        dialog
    }

    fn turn(&self) -> Turn {
        Turn::ALL.get(self.form.field(TURN).map_or(0, Field::chosen)).copied().unwrap_or_default()
    }

    fn lines(&self) -> Vec<LineId> {
        self.about.chosen(self.form.field(LINES)).iter().map(|l| l.line).collect()
    }

    fn ask(&self) -> Vec<Cmd> {
        let load = backorders::Load::Turn { lines: self.lines(), turn: self.turn() };
        vec![Cmd::Load("turn", Load::Backorders(load))]
    }
}

impl Dialog for WhoseTurn {
    fn title(&self) -> String {
        format!("Whose turn  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.shifts = None;
        self.ask()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Backorders(backorders::Answer::Turn { turn, shifts }) = answer {
            self.shifts = Some((turn, shifts));
        }
        Vec::new()
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let shifts = match &self.shifts {
            Some((turn, shifts)) if *turn == self.turn() => shifts,
            _ => return vec![vec![Cell::with("Working out whom this makes late or early ...", Role::Quiet)]],
        };
        if shifts.is_empty() {
            return vec![vec![Cell::plain("Before you save: nobody's date moves.")]];
        }
        let late = shifts.iter().filter(|s| s.becomes_late).count();
        let mut out: Vec<Line> = vec![vec![
            Cell::plain(format!(
                "Before you save: {} another date",
                if shifts.len() == 1 { "1 line gets".into() } else { format!("{} lines get", shifts.len()) }
            )),
            Cell::plain(if late > 0 { format!(", {late} of them late by it.") } else { ".".into() }),
        ]];
        let day = |d: Option<chrono::NaiveDate>| d.map_or("none".into(), |d| dates::short(d, look.today));
        for shift in shifts.iter().take(8) {
            let right = format!("{:>11} > {:<11}", day(shift.from), day(shift.to));
            let left = format!("{}  {}  {}", shift.order_code, shift.customer_name, shift.item_name);
            let room = width.saturating_sub(text::width(&right) + 3);
            let sign = if shift.becomes_late { Cell::with("! ", Role::Urgent) } else { Cell::plain("  ") };
            out.push(vec![sign, Cell::plain(text::left(&left, room)), Cell::plain(format!(" {right}"))]);
        }
        out
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.lines();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) whose turn it is about."));
        }
        Ok(Write::Backorders(backorders::Write::Turn { lines, turn: self.turn() }))
    }
}

//! Whose turn it is: raise, protect, let wait, hold; with whom it makes late or early before it is saved.

use super::about::About;
use super::foresight::Foresight;
use crate::domain::allocation::Turn;
use crate::domain::ids::LineId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Deed, WaitingLine};
use crate::worker::{Answer, Write};

const LINES: usize = 0;
const TURN: usize = 1;
const REASON: usize = 2;

/// The place of `on hold` among the turns.
const HOLD: usize = Turn::ALL.len();

const REASONS: [&str; 5] = [
    "customer asked to wait",
    "payment is not in yet",
    "address has to be checked",
    "goods have to be checked",
    "kept for a joint delivery",
];

/// The dialog.
pub struct WhoseTurn {
    about: About,
    form: Form,
    foresight: Foresight,
}

impl WhoseTurn {
    pub fn about(about: About) -> WhoseTurn {
        let lead = about.lead();
        let now = lead.map_or(Turn::Computed, |l| Turn::of(l.turn, l.protection));
        let held = lead.is_some_and(|l| l.held.is_some());
        let at = if held { HOLD } else { Turn::ALL.iter().position(|t| *t == now).unwrap_or(0) };
        let form = Form::new(vec![
            about.boxes("Lines", &about.all()),
            Field::choice(
                "Turn",
                &["1 its usual turn", "2 first", "3 keeps what it has", "4 lets others go first", "5 on hold"],
                at,
            )
            .tall(2),
        ]);
        let mut dialog = WhoseTurn { form, about, foresight: Foresight::default() };
        dialog.form.set_focus(TURN);
        dialog.fit();
        dialog
    }

    fn at(&self) -> usize {
        self.form.field(TURN).map_or(0, Field::chosen)
    }

    fn turn(&self) -> Option<Turn> {
        Turn::ALL.get(self.at()).copied()
    }

    fn chosen(&self) -> Vec<&WaitingLine> {
        self.about.chosen(self.form.field(LINES))
    }

    fn lines(&self) -> Vec<LineId> {
        self.chosen().iter().map(|l| l.line).collect()
    }

    /// The reason is asked for only where there is one to give.
    fn fit(&mut self) {
        let hold = self.turn().is_none();
        if hold && self.form.field(REASON).is_none() {
            self.form.fields.push(Field::list("Reason", self.about.reasons(&REASONS, |r| &r.holds)));
        } else if !hold {
            self.form.fields.truncate(REASON);
        }
    }

    /// Ticked lines that are on hold.
    fn held(&self) -> Vec<LineId> {
        self.chosen().iter().filter(|l| l.held.is_some()).map(|l| l.line).collect()
    }

    fn deed(&self) -> Option<Deed> {
        let lines = self.lines();
        match self.turn() {
            _ if lines.is_empty() => None,
            None => Some(Deed::Hold(lines)),
            Some(Turn::Computed) if !self.held().is_empty() => Some(Deed::Release(self.held())),
            Some(turn) => Some(Deed::Turn { lines, turn }),
        }
    }

    fn ask(&mut self) -> Vec<Cmd> {
        self.foresight.ask(self.deed())
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
        self.fit();
        self.ask()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.foresight.loaded(&answer);
        Vec::new()
    }

    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match self.turn() {
            None => "Nothing is reserved for it until it is released; its promise goes on.",
            Some(Turn::Computed) if !self.held().is_empty() => "Released: it is served again, in its old place.",
            Some(Turn::Computed) => "By promise, then by the day of the order; what is reserved stays.",
            Some(Turn::First) => "What comes next is for this customer; what others have reserved stays.",
            Some(Turn::Protected) => "Keeps what it has, also where stock turns out to be missing.",
            Some(Turn::Yields) => "What is reserved for it goes to whoever else waits; it is served after them.",
        };
        vec![vec![Cell::with(text::clip(words, width), Role::Quiet)]]
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        self.foresight.lines(false, width, look)
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.lines();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) whose turn it is about."));
        }
        let held = self.held();
        let write = match self.turn() {
            None => {
                let reason = self.form.field(REASON).map_or(String::new(), Field::chosen_words);
                backorders::Write::Hold { lines, reason }
            }
            Some(Turn::Computed) if !held.is_empty() => backorders::Write::Release(held),
            Some(_) if !held.is_empty() => {
                return Err(Complaint::at(
                    TURN,
                    "It is on hold: release it first (1 its usual turn), then give it a turn.",
                ));
            }
            Some(turn) => backorders::Write::Turn { lines, turn },
        };
        Ok(Write::Backorders(write))
    }
}

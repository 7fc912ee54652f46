//! Not today; the note on a supplier; whether one should order from him.

use super::super::Line;
use super::who::{Who, said, typed};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::worker::Write;
use crate::worker::suppliers::{self, Judged, Standing, SupplierRow};

const REASONS: [&str; 5] =
    ["they will call back", "waiting for their answer", "goods are on the road", "not urgent", "they are closed"];

/// Not today: it comes back by itself.
pub struct Later {
    who: Who,
    form: Form,
}

impl Later {
    pub fn new(who: Who) -> Later {
        let reasons = REASONS.iter().enumerate().map(|(n, r)| (n as i64, r.to_string())).collect();
        let mut until = Field::date("Until", None).noted("it comes back on that day");
        until.set_value("+2");
        let form = Form::new(vec![until, Field::list("Reason", reasons), Field::text("Other words", "")]);
        Later { who, form }
    }
}

impl Dialog for Later {
    fn title(&self) -> String {
        format!("Later, {}", self.who.name)
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
        Ok(Write::Suppliers(suppliers::Write::Later { supplier: self.who.id, until, reason }))
    }
}

/// The note on a supplier.
pub struct Note {
    who: Who,
    note: String,
    form: Form,
}

impl Note {
    pub fn new(row: &SupplierRow) -> Note {
        let note = row.supplier.note.clone().unwrap_or_default();
        let form = Form::new(vec![Field::text("Note", &note)]);
        Note { who: row.into(), note, form }
    }
}

impl Dialog for Note {
    fn title(&self) -> String {
        format!("Note on {}", self.who.name)
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
        let seen = self.note.clone();
        let words = typed(&self.form, 0);
        Ok(Write::Suppliers(suppliers::Write::Note { supplier: self.who.id, seen, words }))
    }
}

/// Whether one should order from a supplier.
pub struct Stand {
    who: Who,
    now: Judged,
    form: Form,
}

const STANDINGS: [Option<Standing>; 4] = [None, Some(Standing::Ok), Some(Standing::Warn), Some(Standing::Block)];

impl Stand {
    pub fn new(row: &SupplierRow) -> Stand {
        let words = ["as the settings say", "ok", "warn", "block"];
        let form = Form::new(vec![Field::choice("New POs", &words, 0), Field::text("Why", "")]);
        Stand { who: row.into(), now: row.standing.clone(), form }
    }

    fn chosen(&self) -> Option<Standing> {
        STANDINGS.get(self.form.field(0).map_or(0, Field::chosen)).copied().flatten()
    }
}

impl Dialog for Stand {
    fn title(&self) -> String {
        format!("Standing of {}", self.who.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match (self.now.standing, self.now.why.as_str()) {
            (Standing::Ok, "") => "Now ok: orders are made without a word.".to_string(),
            (standing, why) => format!("Now {}: {why}.", standing.name()),
        };
        said(&words, width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match self.chosen() {
            None => "By the grade: settings suppliers.warn_at and suppliers.block_at. Can be undone.",
            Some(Standing::Ok) => "Orders are made without a word, whatever the grade. Can be undone.",
            Some(Standing::Warn) => "A new PO is made, and the reason stands beside it. Can be undone.",
            Some(Standing::Block) => "No new PO is made or sent; what is under way stays. Can be undone.",
        };
        said(words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let reason = typed(&self.form, 1);
        let standing = self.chosen();
        if matches!(standing, Some(Standing::Warn | Standing::Block)) && reason.is_empty() {
            return Err(Complaint::at(1, "Say why: whoever orders next will read it."));
        }
        Ok(Write::Suppliers(suppliers::Write::Standing { supplier: self.who.id, standing, reason }))
    }
}

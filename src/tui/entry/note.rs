//! Notes on anything: a customer and what he ordered, an item, a supplier, a PO, a bin.

use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::worker::entering::{self, About, Noted};
use crate::worker::{Answer, Load, Write};

/// What a note's field is called: the labels of a form are fixed words.
const LABELS: [&str; 4] = ["Customer", "Order", "Order ", "Order  "];

/// The dialog.
pub struct Notes {
    of: Vec<About>,
    seen: Vec<Noted>,
    form: Form,
}

impl Notes {
    /// On these things, the customer first; as many as there is room for.
    pub fn on(of: Vec<About>) -> Notes {
        let of: Vec<About> = of.into_iter().take(LABELS.len()).collect();
        Notes { of, seen: Vec::new(), form: Form::new(vec![Field::text(LABELS[0], "")]) }
    }
}

impl Dialog for Notes {
    fn title(&self) -> String {
        format!("Note  {}", self.seen.first().map_or("", |n| n.name.as_str()))
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("notes", Load::Entering(entering::Load::Notes(self.of.clone())))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Entering(entering::Answer::Notes(notes)) = answer
            && self.seen.is_empty()
        {
            let mut order = 0;
            let fields = notes.iter().map(|n| {
                let label = match n.about {
                    About::Customer(_) => LABELS[0],
                    About::Item(_) => "Item",
                    About::Supplier(_) => "Supplier",
                    About::Po(_) => "PO",
                    About::Bin(_) => "Bin",
                    About::Order(_) => {
                        order += 1;
                        LABELS.get(order).copied().unwrap_or(LABELS[1])
                    }
                };
                Field::text(label, &n.note)
            });
            self.form = Form::new(fields.collect());
            self.seen = notes;
        }
        Vec::new()
    }
    fn above(&self, _width: usize, _look: &Look) -> Vec<Line> {
        let names: Vec<&str> = self.seen.iter().map(|n| n.name.as_str()).collect();
        vec![vec![Cell::plain(format!("On {}.", names.join(", ")))]]
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let typed = self.seen.iter().zip(&self.form.fields).map(|(n, f)| (n.clone(), f.value().to_string()));
        Ok(Write::Entering(entering::Write::Notes(typed.collect())))
    }
}

//! Nothing more is to come: cancelled by us, or closed short by them; who suffers stands there before it is saved.

use super::super::{Cmd, Line};
use super::dates::choices;
use super::preview::Preview;
use super::telling::Telling;
use super::who::{Who, open_lines, plain, said, typed};
use crate::domain::ids::{PoId, PoLineId};
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::suppliers::{self, About, EndedBy, Ending, Letter, Move, OpenPoLine};
use crate::worker::{Answer, Write};

const LINE: usize = 0;
const BY: usize = 1;
const WHY: usize = 2;
const HOW: usize = 3;

/// Ends a line or a whole PO.
pub struct End {
    who: Who,
    po: Option<PoId>,
    lines: Vec<OpenPoLine>,
    preview: Preview,
    telling: Telling,
    form: Form,
}

impl End {
    pub fn new(who: Who, po: Option<PoId>) -> End {
        let [how, to] = Telling::fields();
        let by = Field::choice("Ended", &["we cancel", "they do not deliver"], 0);
        let fields = vec![Field::list("PO line", Vec::new()), by, Field::text("Why", ""), how, to];
        let form = Form::new(fields).saving_as("End it");
        End { who, po, lines: Vec::new(), preview: Preview::default(), telling: Telling::new(HOW), form }
    }

    fn chosen(&self) -> Vec<&OpenPoLine> {
        let id = self.form.field(LINE).and_then(Field::chosen_id).unwrap_or(0);
        self.lines.iter().filter(|l| l.po_line.0 == id || l.po.0 == -id).collect()
    }

    fn is_draft(&self) -> bool {
        self.chosen().iter().any(|l| l.draft)
    }

    fn by(&self) -> EndedBy {
        if self.form.field(BY).map_or(0, Field::chosen) == 1 { EndedBy::Supplier } else { EndedBy::Us }
    }

    /// They are told only where we cancel what they were asked for.
    fn tells(&self) -> bool {
        self.by() == EndedBy::Us && !self.is_draft()
    }

    fn moves(&self) -> Vec<Move> {
        if self.is_draft() { Vec::new() } else { self.chosen().iter().map(|l| (l.po_line, None)).collect() }
    }

    fn arrange(&mut self, look: &Look) -> Vec<Cmd> {
        let (draft, tells) = (self.is_draft(), self.tells());
        for (at, hidden) in [(BY, draft), (WHY, draft), (HOW, !tells), (HOW + 1, !tells)] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
        let mut cmds = self.preview.ask(self.who.id, self.moves(), look);
        if tells {
            let lines: Vec<PoLineId> = self.chosen().iter().map(|l| l.po_line).collect();
            let po = self.chosen().first().map(|l| l.po);
            cmds.extend(self.telling.ask(
                Letter::Cancel,
                po.into_iter().collect(),
                About { lines: Some(lines), ..About::default() },
            ));
        }
        cmds
    }
}

impl Dialog for End {
    fn title(&self) -> String {
        let po = self.chosen().first().map_or(String::new(), |l| format!("{}, ", l.po_code));
        format!("Nothing more comes of {po}{}", self.who.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn tight(&self) -> bool {
        true
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.who.read_open()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        if self.preview.loaded(&answer) || self.telling.loaded(&answer, &mut self.form, &self.who) {
            let hidden = !self.tells();
            for at in [HOW, HOW + 1] {
                if let Some(field) = self.form.field_mut(at).filter(|_| hidden) {
                    field.hidden = true;
                }
            }
            return Vec::new();
        }
        self.lines = open_lines(&answer, self.po).unwrap_or_default();
        let options = choices(&self.lines, look.today);
        if let Some(field) = self.form.field_mut(LINE) {
            field.set_options(options);
        }
        self.arrange(look)
    }
    fn changed(&mut self, field: usize, look: &Look) -> Vec<Cmd> {
        self.telling.changed(field, &mut self.form, &self.who);
        if field <= BY { self.arrange(look) } else { Vec::new() }
    }
    fn edited(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.telling.edited(text, &mut self.form);
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let chosen = self.chosen();
        let [line] = chosen.as_slice() else {
            return vec![plain(if chosen.is_empty() {
                "Nothing is open.".to_string()
            } else {
                format!("{} are still to come.", text::plural(chosen.len(), "line"))
            })];
        };
        let before = if line.received.is_positive() {
            format!(", {} came before and stay", text::quantity(line.received))
        } else {
            String::new()
        };
        let words = format!("{} {} are still to come{before}.", text::quantity(line.open), line.item_name);
        vec![plain(text::clip(&words, width))]
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let chosen = self.chosen();
        let Some(line) = chosen.first() else { return Vec::new() };
        if line.draft {
            return said(
                &format!("It disappears from {}: nobody was asked for it yet. Can be undone.", line.po_code),
                width,
            );
        }
        let mut out = match self.preview.lines(&self.moves(), width, look) {
            Some(lines) => lines,
            None => said("Looking who becomes late by it ...", width),
        };
        out.push(Line::new());
        out.extend(match self.by() {
            EndedBy::Us => said("Cancelled by us: not owed any more, no fault of theirs. Can be undone.", width),
            EndedBy::Supplier => {
                said("Closed short by them: the line counts as not delivered in full. Can be undone.", width)
            }
        });
        if self.tells() {
            out.extend(self.telling.lines(&self.form, width));
        }
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let chosen = self.chosen();
        let po =
            chosen.first().ok_or_else(|| Complaint::at(LINE, "No line is chosen: F4 shows those that are open."))?.po;
        let reason = typed(&self.form, WHY);
        if self.by() == EndedBy::Supplier && !self.is_draft() && reason.is_empty() {
            return Err(Complaint::at(WHY, "Say what they said: why nothing more comes."));
        }
        let lines: Vec<(PoLineId, Qty)> = chosen.iter().map(|l| (l.po_line, l.open)).collect();
        let told = if self.tells() { Some(self.telling.told(&self.form, reason.clone(), None)?) } else { None };
        Ok(Write::Suppliers(suppliers::Write::End(Ending { po, lines, by: self.by(), reason, told })))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        match self.tells() {
            true => self.telling.done(&self.form, || self.save(look)),
            false => Ok(vec![Cmd::Write(self.save(look)?)]),
        }
    }
}

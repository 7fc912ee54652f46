//! Another item for what was ordered, with the customer's yes.

use super::about::About;
use super::foresight::Foresight;
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Alternative, Deed, WaitingLine, Yes};
use crate::worker::{Answer, Load, Write};

const LINE: usize = 0;
const INSTEAD: usize = 1;
const QUANTITY: usize = 2;
const SAID: usize = 3;
const WORDS: usize = 4;

const CHANNELS: [&str; 3] = ["phone", "mail", "in person"];
/// The place of "it is on record" behind them.
const ON_RECORD: usize = 3;

/// The dialog.
pub struct SwapLine {
    about: About,
    form: Form,
    /// What is free instead of the item; none: being read.
    found: Option<(ItemId, Vec<Alternative>)>,
    foresight: Foresight,
    /// The item that the customer said yes to.
    agreed: Option<ItemId>,
}

impl SwapLine {
    pub fn about(about: About) -> SwapLine {
        let form = Form::new(vec![
            about.choice("Line", 0),
            Field::list("Send", Vec::new()),
            Field::quantity("How many", None),
            Field::choice("Said yes", &["1 now, phone", "2 now, mail", "3 in person", "4 it is on record"], 0),
            Field::text("Words", "").noted("the customer's, if they matter"),
        ])
        .saving_as("Swap");
        let mut dialog = SwapLine { about, form, found: None, foresight: Foresight::default(), agreed: None };
        dialog.form.set_focus(if dialog.about.all().len() > 1 { LINE } else { INSTEAD });
        dialog
    }

    /// After the customer said yes to this item.
    pub fn agreed(about: About, item: ItemId) -> SwapLine {
        let mut dialog = SwapLine::about(about);
        dialog.agreed = Some(item);
        if let Some(said) = dialog.form.field_mut(SAID) {
            said.choose(ON_RECORD);
        }
        dialog
    }

    fn line(&self) -> Option<&WaitingLine> {
        self.about.chosen_one(self.form.field(LINE))
    }

    /// To the line after this one; false where there is none.
    fn next_line(&mut self) -> bool {
        let lines = self.about.all().len();
        let Some(field) = self.form.field_mut(LINE) else { return false };
        let next = field.chosen() + 1;
        if next < lines {
            field.choose(next);
        }
        next < lines
    }

    fn read(&mut self) -> Vec<Cmd> {
        self.found = None;
        match self.line().map(|l| l.item) {
            Some(item) => vec![Cmd::Load("instead", Load::Backorders(backorders::Load::Alternatives(item)))],
            None => Vec::new(),
        }
    }

    fn instead(&self) -> Option<&Alternative> {
        let id = self.form.field(INSTEAD)?.chosen_id()?;
        self.found.as_ref()?.1.iter().find(|a| a.item.0 == id)
    }

    /// As many as wait, as far as they are free.
    fn fit(&mut self) {
        let (Some(line), Some(free)) = (self.line(), self.instead().map(|a| a.free)) else { return };
        let waits = if line.short.is_positive() { line.short } else { line.open };
        let (value, note) = (waits.min(free).to_string(), format!("of {} open", text::quantity(line.open)));
        if let Some(field) = self.form.field_mut(QUANTITY) {
            field.set_value(&value);
            field.note = note;
        }
    }

    fn quantity(&self) -> Result<Qty, Complaint> {
        let typed = self.form.field(QUANTITY).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(QUANTITY, e))?;
        let open = self.line().map_or(Qty::ZERO, |l| l.open);
        let free = self.instead().map_or(Qty::ZERO, |a| a.free);
        typed.filter(|q| q.is_positive() && *q <= open.min(free)).ok_or_else(|| {
            Complaint::at(QUANTITY, format!("{open} wait and {free} are free: type how many are sent instead."))
        })
    }

    fn deed(&self) -> Option<Deed> {
        let (line, to) = (self.line()?.line, self.instead()?.item);
        Some(Deed::Swap { line, quantity: self.quantity().ok()?, to })
    }
}

impl Dialog for SwapLine {
    fn title(&self) -> String {
        format!("Swap for an alternative  {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.read()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        match field {
            LINE => return self.read(),
            INSTEAD => self.fit(),
            _ => {}
        }
        self.foresight.ask(self.deed())
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.foresight.loaded(&answer);
        if let Answer::Backorders(backorders::Answer::Alternatives(item, found)) = answer
            && self.line().is_some_and(|l| l.item == item)
        {
            let named = |a: &Alternative| {
                let price = a.price.map_or(String::new(), |p| format!(", {}", text::money(p)));
                let listed = if a.listed { "" } else { ", same category" };
                (a.item.0, format!("{}, {} free{price}{listed}", a.name, text::quantity(a.free)))
            };
            let options = found.iter().map(named).collect();
            if let Some(field) = self.form.field_mut(INSTEAD) {
                field.set_options(options);
                if let Some(at) = found.iter().position(|a| Some(a.item) == self.agreed) {
                    field.choose(at);
                    self.agreed = None;
                }
            }
            // The yes was to an item that stands in for another of the lines.
            if self.agreed.is_some() && self.next_line() {
                return self.read();
            }
            self.found = Some((item, found));
            self.fit();
            return self.foresight.ask(self.deed());
        }
        Vec::new()
    }

    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let Some(line) = self.line() else { return Vec::new() };
        let said = line.wanted.as_ref().map_or(String::new(), |w| format!(", ordered was {w}"));
        let words = format!("{} {} wait on {}{said}.", line.open, line.item_name, line.order_code);
        vec![vec![Cell::plain(text::clip(&words, width))]]
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let say =
            |words: &str| text::wrap(words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect::<Vec<Line>>();
        match &self.found {
            None => return vec![vec![Cell::with("Looking for what is free ...", Role::Quiet)]],
            Some((_, found)) if found.is_empty() => {
                return say("Nothing is free that could go instead: neither a substitute nor one of its category.");
            }
            _ => {}
        }
        let (Some(line), Some(to), Ok(quantity)) = (self.line(), self.instead(), self.quantity()) else {
            return Vec::new();
        };
        let rest = line.open - quantity;
        let rest = if rest.is_positive() {
            format!(" {} {} still wait, in their old place.", text::quantity(rest), line.item_name)
        } else {
            String::new()
        };
        let mut out = say(&format!(
            "Saves: {} {} are reserved at the price agreed for {}; both stay on record.{rest} Can be undone.",
            text::quantity(quantity),
            to.name,
            line.wanted.as_ref().unwrap_or(&line.item_name),
        ));
        out.extend(self.foresight.lines(true, width, look));
        out
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let Some(line) = self.line() else { return Err(Complaint::at(LINE, "Choose the line.")) };
        let Some(to) = self.instead() else {
            return Err(Complaint::at(INSTEAD, "Nothing is free that could go instead. Choose another line, or Esc."));
        };
        let words = self.form.field(WORDS).map(|f| f.value().trim().to_string()).filter(|w| !w.is_empty());
        let channel = CHANNELS.get(self.form.field(SAID).map_or(0, Field::chosen));
        let swap = backorders::Swap {
            line: line.line,
            quantity: self.quantity()?,
            to: to.item,
            yes: channel.map(|channel| Yes { channel: channel.to_string(), words }),
            seen: line.open,
        };
        Ok(Write::Backorders(backorders::Write::Swap(swap)))
    }
}

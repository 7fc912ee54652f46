//! The dialogs of the Stock tab: count, edit; what they and adjusting share.

use super::{Cmd, Line};
use crate::domain::oversell::{Oversell, Policy};
use crate::domain::people::Matter;
use crate::domain::purchase::lasts_too_long;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::search::FoundKind;
use crate::worker::stock::{self, Basics, ItemDetail};
use std::cell::RefCell;

/// How a refusal ends that saving again overrules.
pub(super) fn asks_again(sentence: &str) -> bool {
    sentence.ends_with("save again to confirm it.")
}

/// A question that saving again says yes to; other words are another question.
#[derive(Default)]
pub struct Doubt(RefCell<String>);

impl Doubt {
    /// Complains once with this sentence.
    pub fn ask(&self, at: usize, sentence: String) -> Result<(), Complaint> {
        if *self.0.borrow() == sentence {
            return Ok(());
        }
        self.0.replace(sentence.clone());
        Err(Complaint::at(at, sentence))
    }
}

/// Why one would not order so much: `600 last 1,210 days, more than the 365 days that are too much (: settings): ...`. None: it
/// sells within what may be bought ahead.
pub fn too_much(quantity: Qty, daily: Option<f64>, cover_days: f64) -> Option<String> {
    lasts_too_long(quantity, daily, cover_days).map(|words| format!("{words}: F8 again orders them."))
}

pub(super) fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

pub(super) fn title(what: &str, d: &ItemDetail) -> String {
    format!("{what}  {}  {}", d.record.sku, d.record.name)
}

/// The bin that the item is most likely meant in: where most lies, else its home.
pub(super) fn usual_bin(d: &ItemDetail) -> String {
    d.bins.first().map(|b| b.code.clone()).or_else(|| d.record.bin.clone()).unwrap_or_default()
}

/// What lies in the bin of that code, as far as the detail knows.
pub(super) fn level(d: &ItemDetail, code: &str) -> Qty {
    d.bins.iter().find(|b| b.code.eq_ignore_ascii_case(code.trim())).map_or(Qty::ZERO, |b| b.quantity)
}

pub(super) fn lies(d: &ItemDetail) -> Line {
    let places: Vec<String> =
        d.bins.iter().take(6).map(|b| format!("{} in {}", text::quantity(b.quantity), b.code)).collect();
    plain(if places.is_empty() { "None on hand.".into() } else { format!("On hand: {}.", places.join(", ")) })
}

pub(super) fn needed(form: &Form, at: usize, what: &str) -> Result<Qty, Complaint> {
    let field = form.field(at).map(Field::qty);
    match field {
        Some(Ok(Some(q))) => Ok(q),
        Some(Err(sentence)) => Err(Complaint::at(at, sentence)),
        _ => Err(Complaint::at(at, format!("{what} is missing: type it in figures."))),
    }
}

pub(super) fn typed(form: &Form, at: usize) -> String {
    form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
}

pub(super) fn optional(form: &Form, at: usize) -> Option<String> {
    Some(typed(form, at)).filter(|t| !t.is_empty())
}

/// One item in one bin, counted blind: the book is not shown.
pub struct Count {
    item: ItemDetail,
    form: Form,
    sure: bool,
}

impl Count {
    pub fn new(item: ItemDetail) -> Count {
        let form = Form::new(vec![
            Field::quantity("Counted", None).noted("what lies there now; 0 = none"),
            Field::naming("Bin", &usual_bin(&item), FoundKind::Bin, true),
            Field::text("Note", ""),
        ]);
        Count { item, form, sure: false }
    }
}

impl Dialog for Count {
    fn matter(&self) -> Option<Matter> {
        Some(Matter::Item(self.item.record.id))
    }
    fn title(&self) -> String {
        title("Count", &self.item)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.sure = false;
        Vec::new()
    }
    fn refused(&mut self, sentence: &str) {
        self.sure = asks_again(sentence);
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = "Saves the count and its difference to the book, which is shown afterwards. Can be undone.";
        text::wrap(words, width).into_iter().map(plain).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Ok(Write::Stock(stock::Write::Count {
            item: self.item.record.id,
            counted: needed(&self.form, 0, "What was counted")?,
            bin: typed(&self.form, 1),
            note: optional(&self.form, 2),
            sure: self.sure,
        }))
    }
}

/// The item's own few facts.
pub struct Edit {
    item: ItemDetail,
    form: Form,
}

impl Edit {
    fn new(item: ItemDetail) -> Edit {
        let r = &item.record;
        let policy = Policy::ALL.iter().position(|p| *p == r.oversell.policy).unwrap_or(0);
        let form = Form::new(vec![
            Field::text("Name", &r.name),
            Field::quantity("Min", r.min).noted("order when below"),
            Field::quantity("Max", r.max).noted("order up to"),
            Field::naming("Home bin", r.bin.as_deref().unwrap_or(""), FoundKind::Bin, false),
            Field::text("Note", r.note.as_deref().unwrap_or("")),
            Field::choice("Sold out", &["1 customers may wait", "2 nobody waits", "3 pre-orders"], policy),
            Field::quantity("At most", r.oversell.limit).noted("may wait; blank: any number"),
            Field::date("There from", r.available_on).noted("the set date of pre-orders"),
        ]);
        Edit { item, form }
    }

    /// With the note as the field to type in.
    pub fn noting(item: ItemDetail) -> Edit {
        let mut edit = Edit::new(item);
        edit.form.set_focus(4);
        edit
    }
}

impl Dialog for Edit {
    fn matter(&self) -> Option<Matter> {
        Some(Matter::Item(self.item.record.id))
    }
    fn title(&self) -> String {
        title("Edit", &self.item)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let policy = Policy::ALL.get(self.form.field(5).map_or(0, Field::chosen)).copied().unwrap_or_default();
        let limit = self.form.field(6).and_then(|f| f.qty().ok().flatten());
        let words = match (Oversell { policy, limit }).words(self.item.wait()) {
            Some(over) => {
                format!("Over the limit: {over}. Orders of files are taken in all the same and shown as over it.")
            }
            None => return Vec::new(),
        };
        text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Soon)]).collect()
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let amount = |at: usize| self.form.field(at).map_or(Ok(None), Field::qty).map_err(|s| Complaint::at(at, s));
        let available_on =
            self.form.field(7).map_or(Ok(None), |f| f.day(look.today)).map_err(|s| Complaint::at(7, s))?;
        let policy = Policy::ALL.get(self.form.field(5).map_or(0, Field::chosen)).copied().unwrap_or_default();
        let oversell = Oversell { policy, limit: amount(6)? };
        let r = &self.item.record;
        Ok(Write::Stock(stock::Write::Edit(Box::new(stock::EditItem {
            item: r.id,
            seen: Basics {
                name: r.name.clone(),
                note: r.note.clone(),
                min: r.min,
                max: r.max,
                home: None,
                oversell: r.oversell,
                available_on: r.available_on,
            },
            seen_bin: r.bin.clone(),
            wanted: Basics {
                name: typed(&self.form, 0),
                note: optional(&self.form, 4),
                min: amount(1)?,
                max: amount(2)?,
                home: None,
                oversell,
                available_on,
            },
            bin: optional(&self.form, 3),
        }))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_longer_than_is_bought_ahead_is_asked_about_once() {
        assert_eq!(too_much(Qty::units(84), Some(0.5), 365.0), None);
        assert_eq!(too_much(Qty::units(600), None, 365.0), None, "nothing is known of its sales");
        let words = too_much(Qty::units(600), Some(0.496), 365.0).unwrap();
        assert_eq!(
            words,
            "600 last 1,210 days, more than the 365 days that are too much (: settings): F8 again orders them."
        );
        let doubt = Doubt::default();
        assert!(doubt.ask(0, words.clone()).is_err() && doubt.ask(0, words.clone()).is_ok());
        assert!(doubt.ask(0, "another".into()).is_err() && doubt.ask(0, words).is_err());
    }
}

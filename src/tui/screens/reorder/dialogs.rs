//! The dialogs of the Reorder tab that change a line: another quantity, another supplier, later.

use super::super::stock_dialogs::{Doubt, too_much};
use super::seller::AddSeller;
use super::{Cmd, Line};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::views::reorder::pane::{compared, in_a_year};
use crate::worker::Write;
use crate::worker::reorder::{self, Choice, Decision, Later, Own, ReorderLine};
use chrono::NaiveDate;

fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

pub(super) fn wrapped(words: &str, width: usize) -> Vec<Line> {
    text::wrap(words, width).into_iter().map(plain).collect()
}

fn plain_under(out: &mut Vec<Line>, sign: &str, words: &str) {
    out.push(plain(format!("  {sign}  {words}")));
}

/// Another quantity.
pub struct Change {
    line: ReorderLine,
    now: Decision,
    cover_days: f64,
    much: Doubt,
    form: Form,
}

impl Change {
    /// `cover_days`: what may be bought ahead.
    pub fn of(line: ReorderLine, now: Decision, cover_days: f64) -> Change {
        let pack = format!("pack of {}", text::quantity(line.pack));
        let form = Form::new(vec![Field::quantity("Order", Some(now.quantity)).noted(pack)]).saving_as("Change");
        Change { line, now, cover_days, much: Doubt::default(), form }
    }
    /// None: nothing is typed, which takes the program's figure where a person changed it.
    fn wanted(&self) -> Result<Option<Qty>, Complaint> {
        match self.form.field(0).map(Field::qty) {
            Some(Ok(Some(q))) if q.is_positive() => Ok(Some(q)),
            Some(Ok(None)) if self.line.changed.is_some() => Ok(None),
            Some(Err(sentence)) => Err(Complaint::at(0, sentence)),
            _ => {
                Err(Complaint::at(0, "Type how much to order; to order nothing, drop the line (x) or put it off (z)."))
            }
        }
    }

    /// `They sell no fewer than 40 at once`, where less is typed.
    fn below_least(&self, quantity: Qty) -> Option<String> {
        let theirs = self.now.supplier == self.line.supplier && quantity < self.line.least_sold;
        theirs.then(|| format!("They sell no fewer than {} at once", text::quantity(self.line.least_sold)))
    }

    /// What is kept; none: the program's figure stands again.
    fn own(&self, quantity: Option<Qty>) -> Option<Own> {
        let own = Own { supplier: self.now.supplier, quantity: quantity? };
        let proposed = self.line.proposed().filter(|_| self.line.quantity().is_some());
        // A yes to what the program only asks about is a decision too.
        Some(own).filter(|own| proposed.is_none_or(|p| (p.supplier, p.quantity) != (own.supplier, own.quantity)))
    }
}

/// What was changed of a line as the person sees it.
fn seen(line: &ReorderLine) -> Option<Own> {
    line.changed.as_ref().map(|c| c.own)
}

impl Dialog for Change {
    fn title(&self) -> String {
        format!("Change  {}  {}", self.line.sku, self.line.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = wrapped(&self.line.reason, width);
        out.extend(self.line.changed_words(look.today).into_iter().flat_map(|words| wrapped(&words, width)));
        out
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let q = match self.wanted() {
            Ok(Some(q)) => q,
            Ok(None) => return wrapped("Takes your change back: the program's figure stands again.", width),
            Err(_) => return Vec::new(),
        };
        let after = self.line.position + q;
        let mut words = format!("Lifts {} to {}", text::quantity(self.line.position), text::quantity(after));
        if self.line.daily > 0.0 {
            let days = (after.or_zero().as_f64() / self.line.daily).round().min(99_999.0) as usize;
            words.push_str(&format!(", lasts {}", text::plural(days, "day")));
        }
        if let Some(each) = self.now.each {
            words.push_str(&format!(", costs {}", text::money(each.times(q))));
        }
        words.push('.');
        let packs = self.line.pack.thousandths().max(1);
        if q.thousandths() % packs != 0 {
            words.push_str(&format!(" Not whole packs of {}.", text::quantity(self.line.pack)));
        }
        words.extend(self.below_least(q).map(|least| format!(" {least}.")));
        if after <= self.line.reorder_point {
            let low = text::quantity(self.line.reorder_point);
            words.push_str(&format!(" Still at or below {low}: it will be suggested again."));
        }
        words.push_str(" For this order only: it is kept until the PO is made (s).");
        if self.line.changed.is_some() {
            words.push_str(" Nothing typed: the program's figure.");
        }
        wrapped(&words, width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let wanted = self.own(self.wanted()?);
        Ok(Write::Reorder(reorder::Write::Change { item: self.line.item, seen: seen(&self.line), wanted }))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let quantity = self.wanted()?;
        if self.own(quantity) == seen(&self.line) {
            return Ok(vec![Cmd::Close, Cmd::Notice("Nothing was changed.".into())]);
        }
        // What was suggested is within it, or a minimum asks for it.
        if let Some(quantity) = quantity.filter(|q| *q > self.now.quantity)
            && let Some(words) = too_much(quantity, Some(self.line.daily), self.cover_days)
        {
            self.much.ask(0, words)?;
        }
        if let Some(least) = quantity.and_then(|q| self.below_least(q)) {
            self.much.ask(0, format!("{least}: F8 again orders fewer."))?;
        }
        Ok(vec![Cmd::Write(self.save(look)?)])
    }
}

/// Another supplier.
pub struct OtherSupplier {
    line: ReorderLine,
    choices: Vec<Choice>,
    /// For somebody who is not on the list.
    add: Option<AddSeller>,
    form: Form,
}

impl OtherSupplier {
    pub fn of(line: ReorderLine, choices: Vec<Choice>, add: AddSeller) -> OtherSupplier {
        // What each comes to stands above, where there is room for it.
        let words = |c: &Choice| format!("{}{}", text::fit(&c.name, 40), if c.current { ", as now" } else { "" });
        let somebody = std::iter::once("somebody else: opens a form".to_string());
        let options = (0..).zip(choices.iter().map(words).chain(somebody)).collect();
        let mut field = Field::list("From", options);
        let other = choices.iter().position(|c| !c.current).unwrap_or(0);
        field.choose(other);
        let form = Form::new(vec![field]).saving_as("Change");
        OtherSupplier { line, choices, add: Some(add), form }
    }
    fn chosen(&self) -> Option<&Choice> {
        self.choices.get(self.form.field(0)?.chosen())
    }
}

impl Dialog for OtherSupplier {
    fn title(&self) -> String {
        format!("Other supplier  {}  {}", self.line.sku, self.line.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = wrapped("Who sells it, what it costs there, and when it comes:", width);
        let most = if look.height < 30 { 4 } else { 8 };
        for c in self.choices.iter().take(most) {
            let words = format!("{}{}", compared(c, &self.line), in_a_year(c));
            for (n, line) in text::wrap(&words, width.saturating_sub(7)).into_iter().enumerate() {
                let sign = if c.current { "now" } else { "or " };
                plain_under(&mut out, if n == 0 { sign } else { "   " }, &line);
            }
        }
        if self.choices.len() > most {
            out.push(plain(format!("  and {} more in the list (F4)", self.choices.len() - most)));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(c) = self.chosen() else {
            return wrapped("Opens a form: who sells it, and on what terms.", width);
        };
        let mut words = format!("{} from {}", text::quantity(c.quantity), c.name);
        if let Some(cost) = c.cost {
            words.push_str(&format!(" for {}", text::money(cost)));
        }
        if let Some(days) = c.takes_days {
            words.push_str(&format!("; here about {}", dates::full(plus_days(look.today, days), look.today)));
        } else if let Some(days) = c.lead_days {
            let on = plus_days(look.today, days);
            words.push_str(&format!("; by their own word here on {}", dates::full(on, look.today)));
        }
        // The quantity is the program's for that supplier: what a person typed for another is not carried over unseen.
        if let Some(typed) = self.line.changed.as_ref().map(|c| c.own.quantity).filter(|q| *q != c.quantity) {
            let typed = text::quantity(typed);
            words
                .push_str(&format!(", in place of the {typed} that was typed (by their pack and least; e changes it)"));
        }
        wrapped(
            &format!("{words}. For this order only, kept until the PO is made (s); the item keeps its supplier."),
            width,
        )
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let c = self.chosen().ok_or_else(|| Complaint::at(0, "Choose a supplier from the list (F4)."))?;
        let wanted = Some(Own { supplier: Some(c.supplier), quantity: c.quantity });
        // As the program has it: what was changed is dropped.
        let proposed = self.line.proposed().map(|p| Own { supplier: p.supplier, quantity: p.quantity });
        let wanted = wanted.filter(|own| Some(*own) != proposed || self.line.quantity().is_none());
        Ok(Write::Reorder(reorder::Write::Change { item: self.line.item, seen: seen(&self.line), wanted }))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        if self.chosen().is_none()
            && let Some(add) = self.add.take()
        {
            return Ok(vec![Cmd::Close, dialog(add)]);
        }
        Ok(vec![Cmd::Write(self.save(look)?)])
    }
}

const REASONS: [&str; 5] =
    ["enough for now", "price is to be asked", "waits for another order", "season is over", "not needed"];

/// Not now, or not at all.
pub struct PutOff {
    lines: Vec<ReorderLine>,
    drop: bool,
    form: Form,
}

impl PutOff {
    pub fn of(lines: Vec<ReorderLine>, drop: bool, today: NaiveDate) -> PutOff {
        let until = plus_days(today, if drop { 30 } else { 7 });
        let mut reason = Field::list("Reason", (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect());
        if drop {
            reason.choose(REASONS.len() - 1);
        }
        let form = Form::new(vec![Field::date("Until", Some(until)).noted("+5, fri, w49, 2.12"), reason]);
        PutOff { lines, drop, form }
    }
}

impl Dialog for PutOff {
    fn title(&self) -> String {
        let what = match self.lines.as_slice() {
            [one] => one.name.clone(),
            many => text::plural(many.len(), "line"),
        };
        format!("{}  {what}", if self.drop { "Drop" } else { "Later" })
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let outs = self.lines.iter().filter_map(|l| Some((l.out_on?, l)));
        let Some((on, line)) = outs.min_by_key(|o| o.0) else { return Vec::new() };
        let words = if on <= look.today {
            format!("{} is out now.", line.name)
        } else {
            format!("{} is out on {} if nothing is ordered.", line.name, dates::full(on, look.today))
        };
        wrapped(&words, width)
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let words = match self.form.field(0).and_then(|f| f.day(look.today).ok().flatten()) {
            Some(day) => format!(
                "Out of the list until {}; if it is still needed then, it comes back by itself. Can be undone.",
                dates::full(day, look.today)
            ),
            None => "Out of the list until a day that you name.".into(),
        };
        wrapped(&words, width)
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let until = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(0, e))?;
        let Some(until) = until.filter(|d| *d > look.today) else {
            return Err(Complaint::at(0, "Name a day after today: until then the line is out of the list."));
        };
        let reason = self.form.field(1).and_then(|f| REASONS.get(f.chosen())).copied().unwrap_or(REASONS[0]);
        let items = self.lines.iter().map(|l| l.item).collect();
        Ok(Write::Reorder(reorder::Write::Later { items, until, reason: reason.to_string() }))
    }
}

/// What was put off is suggested again, today or on another day than was said.
pub struct Again {
    later: Later,
    form: Form,
}

impl Again {
    pub fn of(later: Later, today: NaiveDate) -> Again {
        let field = Field::date("From", Some(today)).noted("today: at once; or another day");
        Again { later, form: Form::new(vec![field]).saving_as("Suggest again") }
    }
}

impl Dialog for Again {
    fn title(&self) -> String {
        format!("Suggest again  {}  {}", self.later.sku, self.later.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        wrapped(&format!("Put off until {}: {}.", dates::full(self.later.until, look.today), self.later.reason), width)
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let words = match self.form.field(0).and_then(|f| f.day(look.today).ok().flatten()) {
            Some(day) if day <= look.today => "It is suggested again from now on. Can be undone.".to_string(),
            Some(day) => format!("Out of the list until {}. Can be undone.", dates::full(day, look.today)),
            None => "Name the day from which it is suggested again.".into(),
        };
        wrapped(&words, width)
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let from = self.form.field(0).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(0, e))?;
        let from = from.ok_or_else(|| Complaint::at(0, "Name the day from which it is suggested again."))?;
        Ok(Write::Reorder(match from > look.today {
            true => {
                reorder::Write::Later { items: vec![self.later.item], until: from, reason: self.later.reason.clone() }
            }
            false => reorder::Write::Again { item: self.later.item },
        }))
    }
}

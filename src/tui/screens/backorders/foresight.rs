//! Before it is saved: whom a deed makes late or early, by how many days, and for whom the rule asks for something else.

use crate::domain::dates;
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, Deed, Shift, Surplus, WhatIf};
use crate::worker::{Answer, Load};
use chrono::NaiveDate;

/// The most columns that a line takes.
const READABLE: usize = 96;

/// What is known of the deed that the dialog shows now.
#[derive(Default)]
pub struct Foresight {
    asked: Option<Deed>,
    known: Option<WhatIf>,
}

impl Foresight {
    /// Asks what this deed would change; none: the fields do not say a deed yet.
    pub fn ask(&mut self, deed: Option<Deed>) -> Vec<Cmd> {
        self.asked = deed.clone();
        match deed {
            Some(deed) if self.known.as_ref().is_none_or(|known| known.deed != deed) => {
                vec![Cmd::Load("what if", Load::Backorders(backorders::Load::WhatIf(deed)))]
            }
            _ => Vec::new(),
        }
    }

    /// Takes the answer, where it is one.
    pub fn loaded(&mut self, answer: &Answer) {
        if let Answer::Backorders(backorders::Answer::WhatIf(known)) = answer {
            self.known = Some(known.clone());
        }
    }

    fn now(&self) -> Option<&WhatIf> {
        self.known.as_ref().filter(|known| self.asked.as_ref() == Some(&known.deed))
    }

    /// Goods on order that nobody needs then.
    pub fn surplus(&self) -> &[Surplus] {
        self.now().map_or(&[], |known| known.surplus.as_slice())
    }

    /// The lines for below the buttons; `quiet`: say nothing where nobody's date moves.
    pub fn lines(&self, quiet: bool, width: usize, look: &Look) -> Vec<Line> {
        let width = width.min(READABLE); // dates far from their names are not read with them
        if self.asked.is_none() {
            return Vec::new();
        }
        let Some(known) = self.now() else {
            return vec![vec![Cell::with("Working out whom this makes late or early ...", Role::Quiet)]];
        };
        if known.shifts.is_empty() {
            return if quiet { Vec::new() } else { vec![vec![Cell::plain("Before you save: nobody's date moves.")]] };
        }
        let mut out: Vec<Line> = vec![vec![Cell::plain(head(&known.shifts))]];
        for shift in &known.shifts {
            out.extend(one(shift, width, look.today));
        }
        out
    }
}

/// `Before you save: 3 lines get another date, 1 late by it, 1 in time again.`
fn head(shifts: &[Shift]) -> String {
    let moved = shifts.iter().filter(|s| s.from != s.to).count();
    let late = shifts.iter().filter(|s| s.becomes_late).count();
    let early = shifts.iter().filter(|s| s.becomes_early).count();
    let rule = shifts.iter().filter(|s| s.worse).count();
    let mut words = match moved {
        0 => "Before you save: no date moves".to_string(),
        1 => "Before you save: 1 line gets another date".to_string(),
        n => format!("Before you save: {n} lines get another date"),
    };
    for (n, what) in [(late, "late by it"), (early, "in time again"), (rule, "more to be told")] {
        if n > 0 {
            words.push_str(&format!(", {n} {what}"));
        }
    }
    words + "."
}

fn one(shift: &Shift, width: usize, today: NaiveDate) -> Vec<Line> {
    let day = |d: Option<NaiveDate>| d.map_or("none".into(), |d| dates::short(d, today));
    let by = match shift.days {
        Some(0) => String::new(),
        Some(n) if n > 0 => format!("{n} d later"),
        Some(n) => format!("{} d earlier", -n),
        None => "no date".into(),
    };
    let by = if shift.from.is_none() && shift.to.is_some() { "has a date".into() } else { by };
    let dates = if shift.from == shift.to {
        format!("{:>6} as now      ", day(shift.to))
    } else {
        format!("{:>6} > {:<6} {by:<12}", day(shift.from), day(shift.to))
    };
    let urgent = shift.worse || shift.becomes_late;
    let sign = if urgent { Cell::with("! ", Role::Urgent) } else { Cell::plain("  ") };
    let room = width.saturating_sub(text::width(&dates) + 4);
    let order = format!("{}/{}", shift.order_code, shift.line_code);
    // The customer is who matters, and must not be lost in the middle.
    let names = room.saturating_sub(text::width(&order) + 4);
    let customer = text::fit(&shift.customer_name, (names * 3 / 5).max(8));
    let item = text::fit(&shift.item_name, names.saturating_sub(text::width(&customer)));
    let left = format!("{order}  {customer}  {item}");
    let mut out = vec![vec![sign, Cell::plain(text::left(&left, room)), Cell::plain(format!("  {dates}"))]];
    if let Some(rule) = &shift.rule {
        let words = format!("     {} {rule}", shift.customer_name);
        let role = if shift.worse { Role::Urgent } else { Role::Normal };
        out.push(vec![Cell::with(text::clip(&words, width), role)]);
    }
    out
}

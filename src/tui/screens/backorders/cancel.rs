//! Cancelling lines with a reason, and saying that the money went back.

use super::about::About;
use crate::domain::calendar::{plus_days, plus_working_days};
use crate::domain::dates;
use crate::domain::delay::Rule;
use crate::domain::money::Money;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::Write;
use crate::worker::backorders::{self, CancelLine, Refund, WaitingLine};
use chrono::NaiveDate;

const LINES: usize = 0;
const REASON: usize = 1;
const MONEY: usize = 2;
const NOTE: usize = 3;

const REASONS: [&str; 6] = [
    "customer does not want to wait",
    "not shipped in time, the law asks for it",
    "nothing more comes of this item",
    "ordered twice or by mistake",
    "customer does not pay",
    "our mistake",
];

/// The dialog.
pub struct Cancel {
    about: About,
    form: Form,
}

/// The last day for a line's money to be back; none where nothing was paid.
fn refund_by(line: &WaitingLine, today: NaiveDate) -> Option<NaiveDate> {
    if !line.paid {
        return None;
    }
    Some(line.decision.refund_by.unwrap_or_else(|| match line.decision.rule {
        Rule::Us => plus_working_days(today, 7, &[]),
        _ => plus_days(today, 14),
    }))
}

impl Cancel {
    pub fn about(about: About) -> Cancel {
        let law = about.lead().is_some_and(|l| l.decision.refund_by.is_some() && l.decision.rule == Rule::Us);
        let mut reason = Field::list("Reason", (0..).zip(REASONS).map(|(n, r)| (n, r.to_string())).collect());
        reason.choose(usize::from(law));
        let form = Form::new(vec![
            about.boxes("Cancel", &about.all()),
            reason,
            Field::choice("Money", &["1 is still to go back", "2 went back today"], 0),
            Field::text("Note", ""),
        ])
        .saving_as("Cancel lines");
        let mut dialog = Cancel { about, form };
        dialog.form.set_focus(REASON);
        dialog
    }

    fn chosen(&self) -> Vec<&WaitingLine> {
        self.about.chosen(self.form.field(LINES))
    }
}

impl Dialog for Cancel {
    fn title(&self) -> String {
        format!("Cancel for {}", self.about.who())
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn above(&self, _width: usize, look: &Look) -> Vec<Line> {
        let lines = self.chosen();
        let paid: Vec<&&WaitingLine> = lines.iter().filter(|l| l.paid).collect();
        let owed: Option<Money> = paid.iter().map(|l| l.value).sum();
        let by = paid.iter().filter_map(|l| refund_by(l, look.today)).min();
        let mut out: Vec<Line> = vec![vec![Cell::plain(format!("{} will be cancelled.", About::goods(&lines)))]];
        out.push(match (by, owed) {
            (None, _) => vec![Cell::plain("Nothing was paid: there is nothing to refund.")],
            (Some(by), owed) => {
                let amount = owed
                    .map_or("The full price (no price is on file)".into(), |m| format!("{} at most", text::money(m)));
                vec![
                    Cell::plain(format!("Refund owed: {amount}, in full, ")),
                    Cell::with(format!("by {}", dates::full(by, look.today)), Role::Urgent),
                    Cell::plain(". No voucher instead."),
                ]
            }
        });
        out
    }

    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let lines = self.chosen();
        let freed: Vec<String> = lines
            .iter()
            .filter(|l| l.allocated.is_positive())
            .map(|l| format!("{} {}", text::quantity(l.allocated), l.item_name))
            .collect();
        let mut words = format!("Saves: {} cancelled. Can be undone.", text::plural(lines.len(), "line"));
        if !freed.is_empty() {
            words.push_str(&format!(" {} become free and go to those who wait next.", freed.join(", ")));
        }
        text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect()
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.chosen();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) to cancel."));
        }
        let reason = REASONS.get(self.form.field(REASON).map_or(0, Field::chosen)).copied().unwrap_or(REASONS[0]);
        let note = self.form.field(NOTE).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let refunded = self.form.field(MONEY).map_or(0, Field::chosen) == 1 && lines.iter().any(|l| l.paid);
        Ok(Write::Backorders(backorders::Write::Cancel {
            lines: lines.iter().map(|l| CancelLine { line: l.line, seen: l.open }).collect(),
            reason: if note.is_empty() { reason.to_string() } else { format!("{reason} ({note})") },
            refunded,
        }))
    }
}

/// Saying that the money of cancelled orders went back.
pub struct PaidBack {
    refunds: Vec<Refund>,
    form: Form,
}

impl PaidBack {
    pub fn of(refunds: Vec<Refund>) -> PaidBack {
        let form = Form::new(vec![Field::choice("Money", &["went back in full today"], 0)]).saving_as("Paid back");
        PaidBack { refunds, form }
    }
}

impl Dialog for PaidBack {
    fn title(&self) -> String {
        match self.refunds.as_slice() {
            [only] => format!("Refund  {}, {}", only.customer_name, only.order_code),
            many => format!("Refund  {} orders", many.len()),
        }
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = Vec::new();
        for r in self.refunds.iter().take(8) {
            let amount = r.amount.map_or("full price".into(), text::money);
            let right = format!("{amount} by {}", dates::full(r.by, look.today));
            let left = format!("{}  {}", r.order_code, r.goods);
            let room = width.saturating_sub(text::width(&right) + 1);
            out.push(vec![Cell::plain(text::left(&left, room)), Cell::plain(format!(" {right}"))]);
        }
        out
    }

    fn below(&self, _width: usize, _look: &Look) -> Vec<Line> {
        vec![vec![Cell::plain("Saves: paid back today. backshelf moves no money itself. Can be undone.")]]
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Ok(Write::Backorders(backorders::Write::Refunded(self.refunds.iter().map(|r| r.order).collect())))
    }
}

//! Cancelling lines with a reason: what is owed, whom it helps, what is on order too much then.

use super::about::About;
use super::foresight::Foresight;
use super::talk::{Contact, is_lost};
use crate::domain::calendar::{plus_days, plus_working_days};
use crate::domain::dates;
use crate::domain::delay::{Rule, WhyCancelled};
use crate::domain::ids::LineId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay, boxed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::backorders::{self, CancelLine, Deed, Surplus, WaitingLine};
use crate::worker::{Answer, Write};
use chrono::NaiveDate;

const LINES: usize = 0;
const REASON: usize = 1;
const NOTE: usize = 2;
/// Asked only where there is something to choose.
const HOW_MUCH: &str = "How much";
/// Asked only where something was paid.
const MONEY: &str = "Money";

/// The reason where the us rule ends the order.
const THE_LAW: &str = "not shipped in time, the law asks for it";
/// Where the customer said so.
const ASKED: &str = "customer does not want to wait";
/// Where it can never ship.
const NEVER: &str = "nothing more comes of this item";

const REASONS: [&str; 6] =
    [ASKED, THE_LAW, NEVER, "ordered twice or by mistake", "customer does not pay", "our mistake"];

/// The dialog.
pub struct Cancel {
    about: About,
    form: Form,
    foresight: Foresight,
    /// The customer has just heard that the order is lost.
    told: bool,
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
        let lost = about.lead().filter(|l| is_lost(l)).map(|l| match l.decision.row.why_cancelled() {
            WhyCancelled::Asked => ASKED,
            WhyCancelled::Never => NEVER,
            WhyCancelled::Late => THE_LAW,
        });
        let reasons = about.reasons(&REASONS, |r| &r.cancels);
        let asked = reasons.iter().position(|r| lost == Some(r.1.as_str())).unwrap_or(0);
        let mut reason = Field::list("Reason", reasons);
        reason.choose(asked);
        let mut fields = vec![about.boxes_of("Cancel", &about.all(), |l| l.open), reason, Field::text("Note", "")];
        if about.all().iter().any(|l| l.short.is_positive() && l.short < l.open) {
            fields.push(Field::choice(HOW_MUCH, &["1 all of it", "2 only what waits, the rest can go"], 0));
        }
        if about.all().iter().any(|l| l.paid) {
            fields.push(Field::choice(MONEY, &["1 is still to go back", "2 went back today"], 0));
        }
        let form = Form::new(fields).saving_as("Cancel lines").leaving_as("Keep the order");
        let mut dialog = Cancel { about, form, foresight: Foresight::default(), told: false };
        dialog.form.set_focus(REASON);
        dialog
    }

    /// After the customer was told that the order is lost.
    pub fn of_told(about: About) -> Cancel {
        Cancel { told: true, ..Cancel::about(about) }
    }

    fn chosen(&self) -> Vec<&WaitingLine> {
        self.about.chosen(self.form.field(LINES))
    }

    /// Whether the second of two answers is chosen, where the question is asked.
    fn second(&self, question: &str) -> bool {
        self.form.fields.iter().any(|f| f.label == question && f.chosen() == 1)
    }

    /// How much of a line is cancelled: what waits, where that was chosen and some lies here.
    fn quantity(&self, line: &WaitingLine) -> Qty {
        let part = self.second(HOW_MUCH) && line.short.is_positive();
        if part { line.short } else { line.open }
    }

    /// `20 Ginger beer and 12 Aniseed syrup`, of at most three lines.
    fn goods(&self, lines: &[&WaitingLine]) -> String {
        let named: Vec<String> =
            lines.iter().take(3).map(|l| format!("{} {}", text::quantity(self.quantity(l)), l.item_name)).collect();
        match (named.as_slice(), lines.len()) {
            ([], _) => "Nothing".into(),
            (_, n) if n > 3 => format!("{} and {} more", named.join(", "), n - 3),
            ([one], _) => one.clone(),
            ([head @ .., last], _) => format!("{} and {last}", head.join(", ")),
        }
    }

    /// What of a line's reservation becomes free.
    fn freed(&self, line: &WaitingLine) -> Qty {
        line.allocated - line.allocated.min(line.open - self.quantity(line))
    }

    fn ask(&mut self) -> Vec<Cmd> {
        let lines: Vec<(LineId, Qty)> = self.chosen().iter().map(|l| (l.line, self.quantity(l))).collect();
        self.foresight.ask((!lines.is_empty()).then_some(Deed::Cancel(lines)))
    }
}

/// `PO-77 (Exotic Liquids) then brings 6 Chang too many: can be cut until Fri 20 Nov.`
fn too_much(surplus: &Surplus, today: NaiveDate) -> String {
    let Surplus { po_code, supplier_name, item_name, quantity, .. } = surplus;
    let until = match (surplus.cut_by, surplus.confirmed) {
        (Some(day), _) if day >= today => format!("can be cut until {}", dates::full(day, today)),
        (_, false) => "not confirmed yet, cut it today".into(),
        (Some(day), true) => format!("could be cut until {}, now only if they agree", dates::full(day, today)),
        (None, true) => "confirmed, cut only if they agree: ask today".into(),
    };
    format!("{po_code} ({supplier_name}) then brings {} {item_name} too many: {until}.", text::quantity(*quantity))
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

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.ask()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.foresight.loaded(&answer);
        Vec::new()
    }

    fn above(&self, _width: usize, look: &Look) -> Vec<Line> {
        let lines = self.chosen();
        let paid: Vec<&&WaitingLine> = lines.iter().filter(|l| l.paid).collect();
        // The line's value is that of all that is open; a part of it is no more than that.
        let part = |l: &WaitingLine| {
            let of = i128::from(l.value?.ten_thousandths()) * i128::from(self.quantity(l).thousandths());
            i64::try_from(of / i128::from(l.open.thousandths().max(1))).ok()
        };
        let owed: Option<Money> = paid.iter().map(|l| part(l).map(Money::from_ten_thousandths)).sum();
        let by = paid.iter().filter_map(|l| refund_by(l, look.today)).min();
        let mut out: Vec<Line> = vec![vec![Cell::plain(format!("{} will be cancelled.", self.goods(&lines)))]];
        out.push(match (by, owed) {
            (None, _) => vec![Cell::plain("Nothing was paid: there is nothing to refund.")],
            (Some(by), owed) => {
                let amount = owed.map_or("the full price (none is on file)".into(), text::money);
                vec![
                    Cell::plain(format!("Refund owed: {amount}, ")),
                    Cell::with(format!("by {}", dates::full(by, look.today)), Role::Urgent),
                    Cell::plain(". Money, no voucher."),
                ]
            }
        });
        out
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let lines = self.chosen();
        let freed: Vec<String> = lines
            .iter()
            .filter(|l| self.freed(l).is_positive())
            .map(|l| format!("{} {}", text::quantity(self.freed(l)), l.item_name))
            .collect();
        let mut words = format!("Saves: {} cancelled. Can be undone.", text::plural(lines.len(), "line"));
        if !freed.is_empty() {
            words.push_str(&format!(" {} become free and go to those who wait next.", freed.join(", ")));
        }
        let mut out: Vec<Line> = text::wrap(&words, width).into_iter().map(|line| vec![Cell::plain(line)]).collect();
        for surplus in self.foresight.surplus() {
            let words = text::wrap(&too_much(surplus, look.today), width);
            out.extend(words.into_iter().map(|line| vec![Cell::with(line, Role::Soon)]));
        }
        out.extend(self.foresight.lines(true, width, look));
        out
    }

    /// Who lost the order without having asked for it has to hear that, and that the money comes.
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        let untold =
            |l: &&WaitingLine| !self.told && is_lost(l) && l.decision.row.why_cancelled() != WhyCancelled::Asked;
        let lines: Vec<LineId> = self.chosen().into_iter().filter(untold).map(|l| l.line).collect();
        (!lines.is_empty()).then(|| boxed(Contact::after_cancelling(self.about.only(&lines))))
    }

    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.chosen();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) to cancel."));
        }
        let reason = self.form.field(REASON).map_or(String::new(), Field::chosen_words);
        let note = self.form.field(NOTE).map(|f| f.value().trim().to_string()).unwrap_or_default();
        let refunded = self.second(MONEY) && lines.iter().any(|l| l.paid);
        Ok(Write::Backorders(backorders::Write::Cancel {
            lines: lines
                .iter()
                .map(|l| CancelLine { line: l.line, quantity: self.quantity(l), seen: l.open })
                .collect(),
            reason: if note.is_empty() { reason } else { format!("{reason} ({note})") },
            refunded,
        }))
    }
}

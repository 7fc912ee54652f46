//! Rejected goods: claiming them, and what the claim came to.

use super::super::{Cmd, Line};
use super::telling::Telling;
use super::who::{Who, said, typed};
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::suppliers::{self, About, Letter, OpenClaim, Settled, Settling};
use crate::worker::{Answer, Write};
use chrono::NaiveDate;

const OF: usize = 0;
const WHAT: usize = 1;
const DAY: usize = 2;
const WORDS: usize = 3;
const HOW: usize = 4;

/// Claims, or keeps what they do about it.
pub struct Claim {
    who: Who,
    claims: Vec<OpenClaim>,
    /// The day on which a claim made today counts as unanswered.
    again_on: NaiveDate,
    telling: Telling,
    form: Form,
}

impl Claim {
    pub fn new(who: Who, claims: Vec<OpenClaim>, po: Option<PoId>, again_on: NaiveDate) -> Claim {
        let option = |c: &OpenClaim| {
            let goods: Vec<String> =
                c.claim.lines.iter().map(|l| format!("{} {}", text::quantity(l.quantity), l.item_name)).collect();
            (c.claim.po.0, format!("{}, rejected: {}", c.claim.code, goods.join(", ")))
        };
        let mut of = Field::list("Rejected", claims.iter().map(option).collect());
        of.choose(claims.iter().position(|c| Some(c.claim.po) == po).unwrap_or(0));
        let [how, to] = Telling::fields();
        let what: [&str; 5] = ["claim it", "they replace", "they credit", "they refuse", "drop it"];
        let fields = vec![
            of,
            Field::choice("What", &what, 0),
            Field::date("Comes on", None).noted("the replacement: +7, fri, 2.12"),
            Field::text("They said", ""),
            how,
            to,
        ];
        let (telling, form) = (Telling::new(HOW), Form::new(fields));
        let mut claim = Claim { who, claims, again_on, telling, form };
        claim.arrange();
        claim
    }

    fn chosen(&self) -> Option<&OpenClaim> {
        let id = self.form.field(OF)?.chosen_id()?;
        self.claims.iter().find(|c| c.claim.po.0 == id)
    }

    /// None: it is claimed now.
    fn settled(&self) -> Option<Settled> {
        let at = self.form.field(WHAT).map_or(0, Field::chosen);
        Settled::ALL.get(at.checked_sub(1)?).copied()
    }

    /// Shows the fields that belong to what is done.
    fn arrange(&mut self) {
        let settled = self.settled();
        let hidden =
            [(DAY, settled != Some(Settled::Replaced)), (HOW, settled.is_some()), (HOW + 1, settled.is_some())];
        for (at, hidden) in hidden {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
        if let Some(field) = self.form.field_mut(WORDS) {
            field.label = match settled {
                None => "Note",
                Some(Settled::Dropped) => "Why",
                Some(_) => "They said",
            };
        }
        self.form.save = if settled.is_some() { "Save" } else { self.telling.button(&self.form) };
    }

    fn compose(&mut self) -> Vec<Cmd> {
        let (Some(claim), None) = (self.chosen(), self.settled()) else { return Vec::new() };
        let po = claim.claim.po;
        self.telling.ask(Letter::Claim, vec![po], About::default())
    }
}

impl Dialog for Claim {
    fn title(&self) -> String {
        format!("Rejected goods, {}", self.who.name)
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
        self.compose()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        self.telling.loaded(&answer, &mut self.form, &self.who);
        self.arrange();
        Vec::new()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        self.telling.changed(field, &mut self.form, &self.who);
        self.arrange();
        if field <= WHAT { self.compose() } else { Vec::new() }
    }
    fn edited(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.telling.edited(text, &mut self.form);
        self.arrange();
        Vec::new()
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let mut out = vec![self.who.contact(width)];
        if let Some(claim) = self.chosen() {
            out.extend(said(&format!("{}.", claim.sentence(look.today)), width));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(claim) = self.chosen() else { return Vec::new() };
        let quiet = |words: String| -> Vec<Line> {
            text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Quiet)]).collect()
        };
        match self.settled() {
            None => {
                let mut out = self.telling.lines(&self.form, width);
                out.push(Line::new());
                let back = dates::full(self.again_on, look.today);
                out.extend(quiet(format!(
                    "Without an answer you are told to ask again on {back}. Their answer: here again (t). Can be undone."
                )));
                out
            }
            Some(Settled::Replaced) => quiet(format!(
                "{} more are expected from them, on a PO of its own at no price; customers are promised goods from it. \
                 Can be undone.",
                text::quantity(claim.claim.quantity())
            )),
            Some(Settled::Credited) => {
                quiet("The claim is closed. Goods that you still need are ordered anew. Can be undone.".into())
            }
            Some(Settled::Refused) => {
                quiet("The claim is closed; an incident (m, then i) tells the score of it. Can be undone.".into())
            }
            Some(Settled::Dropped) => quiet("Nobody is told to claim it any more. Can be undone.".into()),
        }
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let claim = self.chosen().ok_or_else(|| Complaint::at(OF, "Nothing rejected waits to be settled."))?;
        let (po, words) = (claim.claim.po, typed(&self.form, WORDS));
        let Some(how) = self.settled() else {
            let told = self.telling.told(&self.form, words, None)?;
            return Ok(Write::Suppliers(suppliers::Write::Claim { po, told }));
        };
        let day: Option<NaiveDate> = match how {
            Settled::Replaced => {
                let day = self.form.field(DAY).map_or(Ok(None), |f| f.day(look.today));
                let day = day.map_err(|s| Complaint::at(DAY, s))?;
                let day = day.ok_or_else(|| Complaint::at(DAY, "Type the day on which the replacement comes."))?;
                if day < look.today {
                    return Err(Complaint::at(DAY, "That day is past. Give the day on which the replacement comes."));
                }
                Some(day)
            }
            _ => None,
        };
        if how == Settled::Refused && words.is_empty() {
            return Err(Complaint::at(WORDS, "Say what they said: why they refuse it."));
        }
        Ok(Write::Suppliers(suppliers::Write::Settle(Settling { po, how, day, words })))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        if self.settled().is_some() {
            return Ok(vec![Cmd::Write(self.save(look)?)]);
        }
        self.telling.done(&self.form, || self.save(look))
    }
}

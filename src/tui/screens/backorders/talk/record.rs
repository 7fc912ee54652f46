//! What is saved of a talk, and what is asked for before it can be.

use super::moment::moment;
use super::results::{self, Came};
use super::{
    AGAIN, CHANNELS, Contact, DATE, HOW, LETTER, LINES, MAIL, MINUTES, NOTE, OFFER, PARTY, PHONE, RESULT, SAID, TO,
};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::delay::talk::{left, notice};
use crate::domain::delay::{Answer, ContactFact, Outcome};
use crate::domain::offer::Offer;
use crate::tui::form::Field;
use crate::tui::overlay::Complaint;
use crate::tui::table::Look;
use crate::worker::backorders::{Law, Said, Talk, TalkLine, WaitingLine, Way};
use chrono::NaiveDate;

impl Contact {
    pub(super) fn told(&self) -> (Outcome, Option<Answer>) {
        match self.came() {
            Some(came) => came.recorded(self.offer().map(|o| &o.offer)),
            None => (Outcome::Sent, None),
        }
    }

    pub(super) fn talk(&self, look: &Look) -> Result<Talk, Complaint> {
        let lines = self.chosen();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the talk is about."));
        }
        let date = self.form.field(DATE).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DATE, e))?;
        if let Some(past) = date.filter(|d| *d < look.today) {
            let sentence =
                format!("{} has passed: say a date that lies ahead, or none.", dates::full(past, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let follow_up_at = moment(&self.field(AGAIN), look.today).map_err(|e| Complaint::at(AGAIN, e))?;
        let seconds = results::seconds(&self.field(MINUTES)).map_err(|e| Complaint::at(MINUTES, e))?;
        let (outcome, answer) = self.told();
        if self.came() == Some(Came::Takes) && self.offer().is_none() {
            return Err(Complaint::at(OFFER, "Which offer was taken? Choose it."));
        }
        let reached = matches!(outcome, Outcome::Sent | Outcome::Reached);
        let offered_cancel = self.offered_cancel(reached, answer)?;
        let how = self.how();
        if how == MAIL {
            if let Some(why) = &self.terms.no_mail {
                return Err(Complaint::at(HOW, format!("Nothing was sent. {why}")));
            }
            if self.said.iter().any(|s| s.address.is_none()) {
                return Err(Complaint::at(
                    if self.several() { HOW } else { TO },
                    "There is no address to mail to: type it, or choose another way.",
                ));
            }
        }
        let bars = |s: &Said| s.written.advertising();
        if let Some(word) = self.said.iter().find_map(bars) {
            let why = format!("\"{word}\" is advertising, which no notice under the US rule may carry: edit the text.");
            return Err(Complaint::at(RESULT, why));
        }
        let offer = self.offer();
        let taken = match self.came() {
            Some(Came::Takes) => Some(true),
            Some(Came::Agrees | Came::Cancels) => Some(false),
            _ => None,
        };
        let alternative = offer.and_then(|o| match o.offer {
            Offer::Alternative(item) => Some((item, o.about.clone())),
            _ => None,
        });
        let some = |text: String| Some(text).filter(|t| !t.is_empty());
        let phone = how == PHONE;
        Ok(Talk {
            lines: lines
                .iter()
                .map(|l| {
                    let quoted_for = self.date_for(l);
                    // Of what goes now the words say no delay: its day is what is said.
                    let message = notice(&l.decision, quoted_for).0.filter(|_| !self.goes_now(l));
                    TalkLine { line: l.line, message, quoted_for, seen_contacts: l.contacts }
                })
                .collect(),
            said: self.said.clone(),
            way: match how {
                MAIL => Way::Mail,
                LETTER => Way::File,
                _ => Way::Recorded,
            },
            channel: CHANNELS.get(how).map(|c| c.to_string()),
            offered_cancel,
            outcome: Some(outcome),
            answer,
            offer: offer.map(|o| o.offer.name().to_string()),
            offer_cost: offer.and_then(|o| o.cost),
            offer_taken: taken.filter(|_| offer.is_some()),
            alternative,
            note: some(self.field(NOTE)).filter(|_| phone),
            party: some(self.field(PARTY)).filter(|_| phone && reached),
            seconds: seconds.filter(|_| phone),
            follow_up_at: follow_up_at.filter(|_| phone),
            left: self.left(outcome, answer, offered_cancel),
            comes_back: self.next_on().filter(|_| reached && answer != Some(Answer::Cancel)),
            ..Talk::default()
        })
    }

    /// What this talk leaves to be told of its lines: the first by which it is due, and why.
    pub(super) fn left(
        &self,
        outcome: Outcome,
        answer: Option<Answer>,
        offered_cancel: Option<bool>,
    ) -> Option<(NaiveDate, &'static str)> {
        let today = self.about.today();
        let lines = self.chosen();
        let of = |l: &&WaitingLine| {
            let quoted = self.date_for(l);
            let talk = ContactFact {
                offered_cancel: offered_cancel != Some(false),
                outcome,
                answer,
                ..ContactFact::sent(today, notice(&l.decision, quoted).0, quoted)
            };
            let customer = self.about.shown.board.people.get(&l.customer);
            let likely = l.likely_on.map(|day| plus_days(day.max(today), self.terms.transit(l, customer)));
            left(&l.decision, &talk, likely, self.about.shown.tolerance_days)
        };
        lines.iter().filter_map(of).min_by_key(|(by, _)| *by)
    }

    /// Whether cancelling was offered: written words always do where a rule asks for it; on the phone it is what was
    /// ticked.
    pub(super) fn offered_cancel(&self, reached: bool, answer: Option<Answer>) -> Result<Option<bool>, Complaint> {
        let laws = self.laws_to_say();
        if laws.is_empty() || !reached {
            return Ok(None);
        }
        let ticked = self.form.field(SAID).map(Field::ticked).unwrap_or_default();
        if self.how() == PHONE && ticked.is_empty() && answer != Some(Answer::Cancel) {
            return Err(Complaint::at(
                SAID,
                "Tick what you have said (its number, or Space): the law counts only what was said.",
            ));
        }
        let said = self.how() != PHONE || ticked.contains(&(Law::Cancel as i64)) || answer == Some(Answer::Cancel);
        Ok(laws.contains(&Law::Cancel).then_some(said))
    }
}

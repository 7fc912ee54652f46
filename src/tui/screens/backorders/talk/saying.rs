//! The dates that a talk says: of each line, of the next news, of the answer that a law asks for.

use super::{Contact, is_lost};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::delay::Silence;
use crate::domain::delay::talk::notice;
use crate::worker::backorders::WaitingLine;
use chrono::NaiveDate;

impl Contact {
    /// The date to say: the latest that holds 9 times of 10, at the door where the rule counts to there; none where one
    /// of the lines has none.
    pub(super) fn safe_date(&self, lines: &[&WaitingLine]) -> Option<NaiveDate> {
        lines.iter().filter(|l| !is_lost(l)).map(|l| self.safe_of(l)).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// `likely 7 Dec, to be safe 10 Dec`: short, as the date itself stands beside it.
    pub(super) fn likely(&self, lines: &[&WaitingLine]) -> String {
        let today = self.about.today();
        let likely = lines.iter().filter(|l| !is_lost(l)).map(|l| l.likely_on).collect::<Option<Vec<_>>>();
        match (likely.and_then(|all| all.into_iter().max()), self.safe_date(lines)) {
            (Some(likely), Some(safe)) if likely < safe => {
                format!("likely {}, to be safe {}", dates::short(likely, today), dates::short(safe, today))
            }
            (Some(likely), _) => format!("likely {}", dates::short(likely, today)),
            (None, _) => "no date is known".into(),
        }
    }

    pub(super) fn safe_of(&self, line: &WaitingLine) -> Option<NaiveDate> {
        let day = line.safe_on.or(line.likely_on)?.max(self.about.today());
        let customer = self.about.shown.board.people.get(&line.customer);
        Some(plus_days(day, self.terms.transit(line, customer)))
    }

    /// The date said about a line.
    pub(super) fn date_for(&self, line: &WaitingLine) -> Option<NaiveDate> {
        if is_lost(line) {
            return None;
        }
        match (self.date(), self.several()) {
            (None, true) => self.safe_of(line),
            (date, _) => date,
        }
    }

    /// When the customer hears from us again; none where the order is lost: it is cancelled and paid back.
    pub(super) fn next_on(&self) -> Option<NaiveDate> {
        let lost = self.chosen().into_iter().all(is_lost);
        // Where silence ends the order, the customer hears no later than on that day.
        let ends = self.chosen().into_iter().filter_map(|l| {
            let (_, silence, until) = notice(&l.decision, self.date_for(l));
            until.filter(|_| silence == Some(Silence::Cancelled))
        });
        let usual = plus_days(self.about.today(), self.about.shown.cadence_days);
        (!lost).then(|| ends.chain([usual]).min().unwrap_or(usual))
    }

    /// The day that an express yes is asked for, where the law asks for one.
    pub(super) fn asks_yes(&self) -> Option<String> {
        let lines = self.chosen();
        let lead = lines.iter().min_by_key(|l| l.decision.urgency())?;
        let date = self.date_for(lead)?;
        let (_, silence, _) = notice(&lead.decision, Some(date));
        let asked = silence == Some(Silence::Cancelled);
        asked.then(|| dates::short(date, self.about.today()))
    }
}

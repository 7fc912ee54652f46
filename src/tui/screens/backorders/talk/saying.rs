//! The dates that a talk says: of each line, of the next news, of the answer that a law asks for.

use super::{Contact, is_lost};
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::delay::talk::notice;
use crate::domain::delay::{Rule, Silence};
use crate::domain::offer::Offer;
use crate::worker::backorders::{WaitingLine, is_late, listed_days};
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
        if !self.takes_date(line) {
            return Some(self.about.today()).filter(|_| self.goes_now(line));
        }
        match (self.date(), self.each_its_own()) {
            (None, true) => self.safe_of(line),
            (date, _) => date,
        }
    }

    /// The talk says a date of it: not of what lies here whole and is in time, or is offered to go now.
    pub(super) fn takes_date(&self, line: &WaitingLine) -> bool {
        !self.goes_now(line) && (!self.others_wait_for(line) || is_late(line))
    }

    /// It lies here whole, and is offered to go ahead of the rest: that is what is said of it.
    pub(super) fn goes_now(&self, line: &WaitingLine) -> bool {
        let house = line.decision.rule == Rule::House;
        house && self.others_wait_for(line) && self.offer().is_some_and(|o| o.offer == Offer::ShipReady)
    }

    /// It lies here whole while other lines of the talk wait for goods. (A notice under the us rule names every line.)
    fn others_wait_for(&self, line: &WaitingLine) -> bool {
        let whole = line.short.is_zero() && line.decision.rule != Rule::Us && !is_lost(line);
        whole && self.chosen().iter().any(|l| l.customer == line.customer && l.short.is_positive())
    }

    /// Left blank, the date is each line's own: of several customers, and where the lines come on several days.
    pub(super) fn each_its_own(&self) -> bool {
        let lines = self.chosen().into_iter().filter(|l| !is_lost(l) && self.takes_date(l));
        let mut days: Vec<_> = lines.map(|l| self.safe_of(l)).collect();
        days.sort_unstable();
        days.dedup();
        self.several() || days.len() > 1
    }

    /// `24 Nov, 4 Dec, none`: each day once, the first ones.
    pub(super) fn days_of(&self, days: impl Iterator<Item = Option<NaiveDate>>, none: &str) -> String {
        let mut days: Vec<_> = days.collect();
        days.sort_by_key(|day| (day.is_none(), *day));
        days.dedup();
        listed_days(&days, none, self.about.today())
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

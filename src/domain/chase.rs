//! The ladder by which a supplier is asked about a PO: what is due for a reminder, overdue, unanswered; and the last
//! step, another source. The next step comes back by itself on its day.
//!
//! A question counts for the present trouble alone: a date that is missed again begins the ladder anew, and so does an
//! answer (with a date the goods are expected then; with words alone they are asked again some days later).

use super::calendar::{is_working_day, plus_days, plus_working_days};
use chrono::NaiveDate;

/// A rung.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// No answer to the order yet.
    Confirm,
    /// Due soon, and it matters: will it come?
    Remind,
    /// The date has passed.
    Overdue,
    /// Asked, no answer.
    Again,
    /// Asked twice, no answer.
    Urgent,
    /// Asked three times: take it from somebody else.
    SecondSource,
}

impl Step {
    pub const ALL: [Step; 6] =
        [Step::Confirm, Step::Remind, Step::Overdue, Step::Again, Step::Urgent, Step::SecondSource];
    /// As it is kept and as files have it.
    pub fn name(self) -> &'static str {
        match self {
            Step::Confirm => "confirm",
            Step::Remind => "remind",
            Step::Overdue => "overdue",
            Step::Again => "again",
            Step::Urgent => "urgent",
            Step::SecondSource => "second_source",
        }
    }
    pub fn named(name: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|s| s.name() == name)
    }
    /// The words on screen.
    pub fn words(self) -> &'static str {
        match self {
            Step::Confirm => "ask to confirm",
            Step::Remind => "remind",
            Step::Overdue => "ask: overdue",
            Step::Again => "ask again",
            Step::Urgent => "call, urgent",
            Step::SecondSource => "second source",
        }
    }
}

/// Something that was said about a PO.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Talk {
    pub on: NaiveDate,
    /// They answered; else we asked.
    pub answer: bool,
    /// None: asked by no step.
    pub step: Option<Step>,
    /// When it is to come back, where a person said so.
    pub next_on: Option<NaiveDate>,
}

/// What the next step follows from. A PO with goods to come; drafts are asked about by nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts<'a> {
    /// None: not known.
    pub sent_on: Option<NaiveDate>,
    /// Sent by this program, so that a missing answer is known to be missing.
    pub sent_here: bool,
    /// A line, or the PO, was answered.
    pub confirmed_on: Option<NaiveDate>,
    /// The earliest date expected now of what is open; none: no date.
    pub due_on: Option<NaiveDate>,
    /// A line of what is open has no day, whatever was answered about the others.
    pub lacks_day: bool,
    /// Somebody waits for the goods, or this supplier is usually late: a reminder before the date is worth it.
    pub matters: bool,
    /// Oldest first; what did not come through (a mail that came back) left out.
    pub talks: &'a [Talk],
}

/// How patient the house is: settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Working days within which an order is to be confirmed.
    pub confirm_days: u32,
    /// Days before the date on which it is asked after; 0: never.
    pub remind_days: i64,
    /// Working days after which a question counts as unanswered.
    pub answer_days: u32,
    pub holidays: Vec<NaiveDate>,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { confirm_days: 2, remind_days: 3, answer_days: 2, holidays: Vec::new() }
    }
}

/// The next step, and the day on which it is due: today or before, else it comes back then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Next {
    pub step: Step,
    pub on: NaiveDate,
}

impl Next {
    pub fn is_due(&self, today: NaiveDate) -> bool {
        self.on <= today
    }
}

/// What is to be asked next; none: nothing, as far as can be seen.
pub fn next(facts: &Facts, terms: &Terms, today: NaiveDate) -> Option<Next> {
    if let Some(due) = facts.due_on.filter(|due| *due < today) {
        return Some(climb(facts, terms, Step::Overdue, plus_days(due, 1)));
    }
    let unanswered = facts.sent_here && facts.confirmed_on.is_none();
    let confirm = facts.sent_on.map(|sent| {
        let first = plus_working_days(sent, terms.confirm_days, &terms.holidays);
        climb(facts, terms, Step::Confirm, first)
    });
    if unanswered || facts.due_on.is_none() {
        return confirm;
    }
    // An answer about one line is none about another; whichever question is due first asks about both.
    let confirm = confirm.filter(|_| facts.lacks_day);
    [confirm, reminder(facts, terms, today)].into_iter().flatten().min_by_key(|next| next.on)
}

/// The question before the date, where it is worth it and nobody has spoken of it.
fn reminder(facts: &Facts, terms: &Terms, today: NaiveDate) -> Option<Next> {
    // On the day itself it is expected, not reminded of.
    let due = facts.due_on.filter(|due| *due > today && facts.matters && terms.remind_days > 0)?;
    let from = plus_days(due, -terms.remind_days);
    // Whoever spoke of it that late has reminded them already.
    let spoken = facts.talks.iter().any(|t| t.on >= from) || facts.confirmed_on.is_some_and(|on| on >= from);
    (!spoken).then_some(Next { step: Step::Remind, on: on_a_working_day(from, due, &terms.holidays) })
}

/// The question that is put because the goods are wanted on another day, whatever was agreed: today, unless they were
/// spoken of lately. A question without an answer comes back as every question does, an answer holds for a week.
pub fn wished(facts: &Facts, terms: &Terms, today: NaiveDate) -> Next {
    let holds = |talk: &Talk| match (talk.next_on, talk.answer) {
        (Some(on), _) => on,
        (None, true) => plus_days(talk.on, ANSWER_HOLDS),
        (None, false) => plus_working_days(talk.on, terms.answer_days, &terms.holidays),
    };
    let spoken = facts.talks.iter().map(holds).max();
    Next { step: Step::Remind, on: spoken.map_or(today, |on| on.max(today)) }
}

/// Days for which what they said about another day is not asked again.
const ANSWER_HOLDS: i64 = 7;

/// That day, else the next working day before `due`, else the last one before: nobody answers on a Sunday.
fn on_a_working_day(day: NaiveDate, due: NaiveDate, holidays: &[NaiveDate]) -> NaiveDate {
    let open = |day: &NaiveDate| is_working_day(*day, holidays);
    let next = day.iter_days().take_while(|d| *d < due).find(open);
    next.or_else(|| day.iter_days().rev().take(14).find(open)).unwrap_or(day)
}

/// The question that is put where somebody asks today, on its day or before: the step that comes next. The last step is
/// an order elsewhere and asks as the one before. Where nothing is to be asked: will it come, or when where no day is known.
pub fn question(next: Option<Next>, due_on: Option<NaiveDate>) -> Step {
    match next.map(|n| n.step) {
        Some(Step::SecondSource) => Step::Urgent,
        Some(step) => step,
        None if due_on.is_none() => Step::Confirm,
        None => Step::Remind,
    }
}

/// The rung of a trouble that began on `since`, with `first` as its first one.
fn climb(facts: &Facts, terms: &Terms, first: Step, since: NaiveDate) -> Next {
    // What was said on the day on which it was due was said before it was overdue.
    let began = if first == Step::Confirm { facts.sent_on.unwrap_or(since) } else { since };
    let of_it: Vec<&Talk> = facts.talks.iter().filter(|t| t.on >= began).collect();
    let questions = of_it.iter().rev().take_while(|t| !t.answer).filter(|t| t.step.is_some()).count();
    let Some(last) = of_it.last() else { return Next { step: first, on: since } };
    let later = last.next_on.unwrap_or_else(|| plus_working_days(last.on, terms.answer_days, &terms.holidays));
    let step = match questions {
        0 => first,
        1 => Step::Again,
        2 => Step::Urgent,
        _ => Step::SecondSource,
    };
    Next { step, on: later }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        plus_days("2026-11-23".parse().unwrap(), n) // a Monday
    }

    fn asked(on: i64, step: Step) -> Talk {
        Talk { on: day(on), answer: false, step: Some(step), next_on: None }
    }

    fn answered(on: i64) -> Talk {
        Talk { on: day(on), answer: true, step: None, next_on: None }
    }

    fn facts(due: Option<i64>, talks: &[Talk]) -> Facts<'_> {
        Facts {
            sent_on: Some(day(-30)),
            sent_here: true,
            confirmed_on: Some(day(-28)),
            due_on: due.map(day),
            lacks_day: due.is_none(),
            matters: true,
            talks,
        }
    }

    fn step(facts: &Facts, today: i64) -> Option<(Step, i64)> {
        next(facts, &Terms::default(), day(today)).map(|n| (n.step, (n.on - day(0)).num_days()))
    }

    #[test]
    fn the_ladder_climbs_by_itself_until_somebody_answers() {
        let rungs = [asked(1, Step::Overdue), asked(3, Step::Again), asked(7, Step::Urgent)];
        assert_eq!(step(&facts(Some(0), &[]), -1), Some((Step::Remind, -3)));
        assert_eq!(step(&facts(Some(0), &[]), 0), None, "due today is not overdue");
        assert_eq!(step(&facts(Some(0), &[]), 1), Some((Step::Overdue, 1)));
        // Two working days after Tuesday is Thursday; after Thursday, Monday; after Monday, Wednesday.
        assert_eq!(step(&facts(Some(0), &rungs[..1]), 1), Some((Step::Again, 3)));
        assert_eq!(step(&facts(Some(0), &rungs[..2]), 5), Some((Step::Urgent, 7)));
        assert_eq!(step(&facts(Some(0), &rungs), 9), Some((Step::SecondSource, 9)));
        let mut said = rungs.to_vec();
        said.push(answered(8));
        assert_eq!(step(&facts(Some(0), &said), 9), Some((Step::Overdue, 10)), "words without a date: asked anew");
        let known = step(&facts(Some(12), &said), 8);
        assert_eq!(known, Some((Step::Remind, 9)), "a date is known: nothing is due but the reminder before it");
        assert_eq!(step(&facts(Some(12), &said), 13), Some((Step::Overdue, 13)), "missed again, begun again");
    }

    #[test]
    fn asked_early_it_is_the_same_question() {
        let asked_once = [asked(1, Step::Overdue)];
        let of = |facts: &Facts, today: i64| question(next(facts, &Terms::default(), day(today)), facts.due_on);
        assert_eq!(of(&facts(Some(0), &asked_once), 1), Step::Again, "not due before Thursday, and no other question");
        assert_eq!(of(&Facts { confirmed_on: None, sent_on: Some(day(0)), ..facts(Some(9), &[]) }, 0), Step::Confirm);
        assert_eq!(of(&Facts { matters: false, ..facts(Some(9), &[]) }, 0), Step::Remind);
        let elsewhere = Next { step: Step::SecondSource, on: day(0) };
        assert_eq!(question(Some(elsewhere), Some(day(-9))), Step::Urgent);
    }

    #[test]
    fn what_is_wanted_on_another_day_is_asked_at_once_and_then_left_for_a_while() {
        let of = |talks: &[Talk], today: i64| wished(&facts(Some(20), talks), &Terms::default(), day(today));
        assert_eq!(of(&[], 0), Next { step: Step::Remind, on: day(0) });
        assert_eq!(of(&[asked(0, Step::Remind)], 0).on, day(2), "two working days after the question");
        assert_eq!(of(&[asked(0, Step::Remind)], 5).on, day(5), "no answer came");
        assert_eq!(of(&[asked(0, Step::Remind), answered(1)], 2).on, day(8), "what they said holds for a week");
        let named = Talk { next_on: Some(day(12)), ..asked(0, Step::Remind) };
        assert_eq!(of(&[named], 3).on, day(12), "a person said when it comes back");
    }

    #[test]
    fn a_person_may_say_when_it_comes_back() {
        let later = Talk { next_on: Some(day(9)), ..asked(1, Step::Overdue) };
        assert_eq!(step(&facts(Some(0), &[later]), 4), Some((Step::Again, 9)));
    }

    #[test]
    fn a_question_before_the_date_does_not_count_for_the_delay() {
        assert_eq!(step(&facts(Some(0), &[asked(0, Step::Remind)]), 1), Some((Step::Overdue, 1)));
        assert_eq!(step(&facts(Some(2), &[asked(0, Step::Remind)]), 1), None);
    }

    #[test]
    fn reminded_is_only_where_it_matters() {
        let calm = Facts { matters: false, ..facts(Some(2), &[]) };
        assert_eq!(step(&calm, 0), None);
        let never = Terms { remind_days: 0, ..Terms::default() };
        assert_eq!(next(&facts(Some(2), &[]), &never, day(0)), None);
        let fresh = Facts { confirmed_on: Some(day(0)), ..facts(Some(2), &[]) };
        assert_eq!(step(&fresh, 0), None, "confirmed within the days of the reminder");
    }

    #[test]
    fn nobody_is_reminded_on_a_day_off() {
        let early = Terms { remind_days: 1, ..Terms::default() };
        let monday = next(&facts(Some(7), &[]), &early, day(0)).map(|n| n.on);
        assert_eq!(monday, Some(day(4)), "due on Monday, a day before is a Sunday: the Friday before it");
        assert_eq!(step(&facts(Some(9), &[]), 0), Some((Step::Remind, 7)), "due on Wednesday: Monday, not Sunday");
        let closed = Terms { holidays: vec![day(7)], ..Terms::default() };
        assert_eq!(next(&facts(Some(9), &[]), &closed, day(0)).map(|n| n.on), Some(day(8)));
    }

    #[test]
    fn an_order_without_an_answer_or_a_date_is_asked_about() {
        let sent = Facts { sent_on: Some(day(0)), confirmed_on: None, ..facts(None, &[]) };
        assert_eq!(step(&sent, 0), Some((Step::Confirm, 2)));
        assert_eq!(step(&Facts { due_on: Some(day(9)), ..sent }, 3), Some((Step::Confirm, 2)));
        let from_a_file = Facts { sent_here: false, due_on: Some(day(9)), lacks_day: false, ..sent };
        let reminder = Some((Step::Remind, 7)); // three days before is a Sunday
        assert_eq!(step(&from_a_file, 3), reminder, "where answers are not kept none is missing");
        assert_eq!(step(&Facts { sent_on: None, ..sent }, 3), None);
        let asked = [asked(2, Step::Confirm)];
        assert_eq!(step(&Facts { talks: &asked, ..sent }, 3), Some((Step::Again, 4)));
    }

    #[test]
    fn an_answer_about_one_line_is_none_about_another() {
        let said = [answered(0)];
        let half =
            Facts { sent_on: Some(day(-1)), confirmed_on: Some(day(0)), lacks_day: true, ..facts(Some(8), &said) };
        assert_eq!(step(&half, 0), Some((Step::Confirm, 2)), "two working days after what they said of the other");
        assert_eq!(
            step(&Facts { lacks_day: false, ..half }, 0),
            Some((Step::Remind, 7)),
            "the Monday before: a Sunday"
        );
        let asked = [answered(0), asked(2, Step::Confirm)];
        assert_eq!(step(&Facts { talks: &asked, ..half }, 3), Some((Step::Again, 4)));
        assert_eq!(step(&half, 9), Some((Step::Overdue, 9)), "what is overdue comes first");
    }
}

//! How a supplier behaves: what it answers, announces, invoices, and what went wrong.

use super::super::calendar::plus_working_days;
use super::super::ids::PoId;
use super::super::odds::faded;
use super::ANSWER_DAYS;
use chrono::NaiveDate;

/// A question to a supplier about a PO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    pub po: PoId,
    pub po_code: String,
    pub asked_on: NaiveDate,
    /// The first answer about the same PO on that day or later.
    pub answered_on: Option<NaiveDate>,
}

impl Asked {
    /// Whether it was answered within two working days; none while there is still time.
    pub fn answered_in_time(&self, holidays: &[NaiveDate], today: NaiveDate) -> Option<bool> {
        let limit = plus_working_days(self.asked_on, ANSWER_DAYS, holidays);
        match self.answered_on.filter(|day| *day <= today) {
            Some(day) => Some(day <= limit),
            None => (limit < today).then_some(false),
        }
    }
}

/// An invoiced line, or the freight of a PO.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invoiced {
    pub po: PoId,
    pub po_code: String,
    pub on: NaiveDate,
    /// As agreed, within a percent; none: nothing was agreed.
    pub price_kept: Option<bool>,
    pub papers_right: bool,
}

/// How bad something was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    Minor,
    Major,
    Grave,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Minor, Severity::Major, Severity::Grave];
    pub fn word(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Grave => "grave",
        }
    }
    pub fn named(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|s| s.word() == word)
    }
    /// Points that it costs professionalism on the day; half of them after a half-life. A judgement, not measured: a
    /// grave one costs a band or two, three minor ones less than a major one.
    pub fn points(self) -> f64 {
        match self {
            Severity::Minor => 3.0,
            Severity::Major => 10.0,
            Severity::Grave => 25.0,
        }
    }
}

/// Something that went wrong and was noted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incident {
    pub on: NaiveDate,
    pub severity: Severity,
    pub what: String,
    pub operator: String,
}

impl Incident {
    /// What it still costs.
    pub fn points(&self, half_life: f64, today: NaiveDate) -> f64 {
        self.severity.points() * faded((today - self.on).num_days(), half_life)
    }
}

/// What is on record of one supplier's conduct.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Conduct {
    pub asked: Vec<Asked>,
    pub invoiced: Vec<Invoiced>,
    pub incidents: Vec<Incident>,
}

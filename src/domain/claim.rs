//! Goods that were rejected, and what the supplier does about them. A claim is open from the receipt until somebody says
//! what it came to; asked and not answered it is asked about again. Who replaces the goods owes them on a PO of its own.

use super::calendar::plus_working_days;
use super::chase::Terms;
use chrono::NaiveDate;

/// Days after which nobody is told any more to claim something: what was rejected long ago is not brought up again.
pub const CLAIM_DAYS: u64 = 90;

/// What a claim came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// They send the goods once more, free of charge.
    Replaced,
    Credited,
    /// They do not accept it.
    Refused,
    /// We do not claim it.
    Dropped,
}

impl Settled {
    pub const ALL: [Settled; 4] = [Settled::Replaced, Settled::Credited, Settled::Refused, Settled::Dropped];
    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Settled::Replaced => "replaced",
            Settled::Credited => "credited",
            Settled::Refused => "refused",
            Settled::Dropped => "dropped",
        }
    }
    pub fn named(name: &str) -> Option<Settled> {
        Settled::ALL.into_iter().find(|s| s.name() == name)
    }
    /// In the words of the screen.
    pub fn words(self) -> &'static str {
        match self {
            Settled::Replaced => "they replace it",
            Settled::Credited => "they credit it",
            Settled::Refused => "they refuse it",
            Settled::Dropped => "we do not claim it",
        }
    }
}

/// The day on which somebody should claim, or ask about the claim again.
pub fn due_on(since: NaiveDate, asked_on: Option<NaiveDate>, terms: &Terms) -> NaiveDate {
    asked_on.map_or(since, |on| plus_working_days(on, terms.answer_days, &terms.holidays))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_due_at_once_and_again_when_nobody_answers() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let terms = Terms::default();
        assert_eq!(due_on(day("2026-11-20"), None, &terms), day("2026-11-20"));
        // Two working days after Friday.
        assert_eq!(due_on(day("2026-11-18"), Some(day("2026-11-20")), &terms), day("2026-11-24"));
    }

    #[test]
    fn every_end_has_a_name_of_its_own() {
        for settled in Settled::ALL {
            assert_eq!(Settled::named(settled.name()), Some(settled));
        }
    }
}

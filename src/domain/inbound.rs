//! Goods that are to come on a PO line, and when: the one place that says so.
//!
//! A line that somebody gave a day (expected, else confirmed) comes then, and as late as this supplier usually is. A line
//! without a day comes as long after its order as such goods take, learned from receipts ([`Takes`]), which is what
//! reorder points go by; only where too little was learned it is the lead time that the supplier quotes, as late as he
//! usually is. (`domain.md` knew the quoted one alone: a supplier who quotes 14 days and is here in 2 was told to come in
//! 14 on one screen and in 2 on another, and days late against a promise do not say how far a quote is from the truth.)

use super::calendar::plus_days;
use super::dates;
use super::ids::{PoLineId, SupplierId};
use super::lateness::{Arrives, Lateness};
use super::lead_time::Takes;
use super::quantity::Qty;
use chrono::NaiveDate;

/// A PO line with goods still to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inbound {
    pub po_line: PoLineId,
    pub po_code: String,
    pub line_code: String,
    pub supplier: SupplierId,
    pub supplier_name: String,
    /// Ordered less received less cancelled.
    pub open: Qty,
    /// The date expected now, of the line or else of its PO.
    pub expected_on: Option<NaiveDate>,
    /// The date first confirmed.
    pub confirmed_for: Option<NaiveDate>,
    pub ordered_on: Option<NaiveDate>,
    /// Lead days the supplier quotes for the item, else in general.
    pub quoted_lead_days: Option<i64>,
    /// How long such goods take from the order, where enough is known of it; it counts while nobody named a day.
    pub takes: Option<Takes>,
}

impl Inbound {
    /// The day that somebody named: expected now, else confirmed.
    pub fn named_on(&self) -> Option<NaiveDate> {
        self.expected_on.or(self.confirmed_for)
    }
    /// The day of the order and how long the goods take, where the line goes by that.
    pub fn by_lead_time(&self) -> Option<(NaiveDate, &Takes)> {
        if self.named_on().is_some() {
            return None;
        }
        Some((self.ordered_on?, self.takes.as_ref()?))
    }
    /// The date expected now: as stated, else as confirmed, else the usual days after the order, else the quoted ones.
    pub fn due_on(&self) -> Option<NaiveDate> {
        if let Some((ordered_on, takes)) = self.by_lead_time() {
            return Some(plus_days(ordered_on, takes.usual()));
        }
        let quoted = || Some(plus_days(self.ordered_on?, self.quoted_lead_days.filter(|days| *days >= 0)?));
        self.named_on().or_else(quoted)
    }
    /// When it likely comes, as known on `today`; `lateness` is the supplier's. None: nobody knows.
    pub fn arrives(&self, lateness: &Lateness, today: NaiveDate) -> Option<Arrives> {
        match self.by_lead_time() {
            Some((ordered_on, takes)) => takes.arrives(ordered_on, today),
            None => lateness.arrives(self.due_on()?, today),
        }
    }
    /// Where nobody named a day, what its date follows from: `usually 2 days after the order (61 receipts)`, past that day
    /// with `, open for 4 now`, as when it likely comes then follows from that; `by their lead time due Fri 27 Nov`; none:
    /// from nothing, or a day was named.
    pub fn date_follows_from(&self, today: NaiveDate) -> Option<String> {
        match (self.by_lead_time(), self.named_on()) {
            (Some((ordered_on, takes)), _) => match (today - ordered_on).num_days() {
                open if open > takes.usual() => Some(format!("{}, open for {open} now", takes.words())),
                _ => Some(takes.words()),
            },
            (None, Some(_)) => None,
            (None, None) => Some(format!("by their lead time due {}", dates::full(self.due_on()?, today))),
        }
    }
    /// Where nobody gave a day and enough is known of how long such goods take: `no date given; usually 2 days after the
    /// order (61 receipts)`, how long ago that was where it should be here, and that nobody knows when it comes.
    pub fn undated_words(&self, arrives: Option<Arrives>, today: NaiveDate) -> Option<String> {
        let (ordered_on, takes) = self.by_lead_time()?;
        let open = (today - ordered_on).num_days();
        let mut words = String::from("no date given");
        if open > takes.usual() {
            words.push_str(&format!(", ordered {} ago", days(open)));
        }
        words.push_str(&format!("; {}", takes.words()));
        if arrives.is_none() {
            words.push_str(", nobody knows when");
        }
        Some(words)
    }
    /// Why nobody knows when it comes, where nobody does: `4 days overdue, no new date`, `no date`, as in
    /// [`Inbound::undated_words`].
    pub fn unknown_words(&self, today: NaiveDate) -> String {
        self.undated_words(None, today).unwrap_or_else(|| match self.days_overdue(today) {
            0 => "no date".into(),
            overdue => format!("{} overdue, no new date", days(overdue)),
        })
    }
    /// Its number as people say it: `PO-77`, and `PO 2074` where the number alone would read as a quantity.
    pub fn po_name(&self) -> String {
        let bare = self.po_code.starts_with(|c: char| c.is_ascii_digit());
        if bare { format!("PO {}", self.po_code) } else { self.po_code.clone() }
    }
    /// Days past its date, 0 where it is not or has none.
    pub fn days_overdue(&self, today: NaiveDate) -> i64 {
        self.due_on().map_or(0, |due| (today - due).num_days().max(0))
    }
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".into() } else { format!("{n} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }
    /// Ordered on 24 September.
    fn ordered(takes: Option<Takes>, quoted: Option<i64>, expected_on: Option<NaiveDate>) -> Inbound {
        Inbound {
            po_line: PoLineId(1),
            po_code: "PO-77".into(),
            line_code: "1".into(),
            supplier: SupplierId(1),
            supplier_name: "Exotic Liquids".into(),
            open: Qty::ONE,
            expected_on,
            confirmed_for: None,
            ordered_on: Some(day(9, 24)),
            quoted_lead_days: quoted,
            takes,
        }
    }

    #[test]
    fn past_the_usual_day_it_says_for_how_long_it_is_open() {
        let line = ordered(Some(Takes::fixed(11)), None, None);
        let says = |on| line.date_follows_from(on).unwrap();
        assert_eq!(says(day(10, 5)), "11 days after the order, as fixed for the item");
        assert_eq!(says(day(10, 11)), "11 days after the order, as fixed for the item, open for 17 now");
    }

    #[test]
    fn a_line_without_a_day_is_not_overdue() {
        let today = day(11, 23);
        let says = |line: Inbound| line.unknown_words(today);
        assert_eq!(
            says(ordered(Some(Takes::fixed(2)), Some(14), None)),
            "no date given, ordered 60 days ago; 2 days after the order, as fixed for the item, nobody knows when"
        );
        assert_eq!(says(ordered(Some(Takes::fixed(2)), None, Some(day(11, 22)))), "1 day overdue, no new date");
        assert_eq!(says(ordered(None, Some(14), None)), "46 days overdue, no new date");
        assert_eq!(says(ordered(None, None, None)), "no date");
    }
}

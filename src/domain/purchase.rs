//! The life of a purchase order. What a PO is follows from its status and its lines, so it cannot disagree with what
//! came: draft, sent, confirmed, part received, received, closed short, cancelled.

use super::locale;
use super::money::Money;
use super::quantity::Qty;
use super::text::fold;

/// A line of an invoice beside what was agreed and what came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Billed<'a> {
    pub what: &'a str,
    pub quantity: Qty,
    /// What came and was not invoiced before.
    pub came: Qty,
    pub cost: Money,
    /// None: no price was agreed.
    pub agreed: Option<Money>,
}

impl Billed<'_> {
    /// Where it is not as agreed, quantity and price each for itself: `12.6 of 48 Soda that came`, `Soda at 15.00, agreed
    /// 14.50`. Empty: as agreed.
    pub fn differs(&self) -> Vec<String> {
        let (what, quantity, came) = (self.what, self.quantity, self.came);
        let mut out = Vec::new();
        if quantity < came {
            out.push(format!("{quantity} of {came} {what} that came"));
        } else if quantity > came {
            out.push(match came.is_positive() {
                true => format!("{quantity} {what}, {came} came"),
                false => format!("{quantity} {what}, none came yet"),
            });
        }
        match self.agreed {
            None => out.push(format!("no price was agreed for {what}")),
            Some(agreed) if agreed != self.cost => out.push(format!("{what} at {}, agreed {agreed}", self.cost)),
            Some(_) => {}
        }
        out
    }

    /// A part of a piece of what was ordered and came in whole ones.
    pub fn is_odd_part(&self, ordered: Qty) -> bool {
        let whole = |q: Qty| q.thousandths() % Qty::ONE.thousandths() == 0;
        !whole(self.quantity) && whole(ordered) && whole(self.came)
    }
}

/// Where the freight on an invoice is not the one agreed; none: it is.
pub fn freight_differs(freight: Money, agreed: Option<Money>) -> Option<String> {
    match agreed {
        None if freight.is_zero() => None,
        None => Some(format!("freight {freight} was never agreed")),
        Some(agreed) => (agreed != freight).then(|| format!("freight {freight}, agreed {agreed}")),
    }
}

/// How people write that a unit is one piece; folded.
const PIECES: [&str; 22] = [
    "st", "stk", "stuk", "stuks", "stuck", "stueck", "pc", "pcs", "pce", "piece", "pieces", "ea", "each", "unit",
    "units", "u", "ud", "uds", "pz", "pza", "pezzi", "x",
];

/// Whether a thing of this unit is counted in whole ones; without a unit it is a piece.
pub fn is_piece(unit: Option<&str>) -> bool {
    let unit = fold(unit.unwrap_or_default().trim().trim_end_matches('.'));
    unit.is_empty() || PIECES.contains(&unit.as_str())
}

/// `2.5 Chang is a part of a piece`, where that is most likely a slip; a pack that is no whole number is none.
pub fn part_of_a_piece(quantity: Qty, name: &str, unit: Option<&str>, pack: Option<Qty>) -> Option<String> {
    let whole = |q: Qty| q.thousandths() % Qty::ONE.thousandths() == 0;
    let odd = !whole(quantity) && is_piece(unit) && pack.is_none_or(whole);
    odd.then(|| format!("{} {name} is a part of a piece", locale::here().quantity(quantity)))
}

/// Why one would not order so much: `600 last 1,210 days, more than the 365 days that are too much (: settings)`. None: it sells within
/// what may be bought ahead.
pub fn lasts_too_long(quantity: Qty, daily: Option<f64>, cover_days: f64) -> Option<String> {
    let days = quantity.as_f64() / daily.filter(|daily| *daily > 0.0)?;
    let here = locale::here();
    (days > cover_days).then(|| {
        format!(
            "{} last {} days, more than the {cover_days:.0} days that are too much (: settings)",
            here.quantity(quantity),
            here.figure(&format!("{:.0}", days.round()))
        )
    })
}

/// Where a PO stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PoState {
    /// Decided, nobody was asked for it.
    Draft,
    Sent,
    /// The supplier answered.
    Confirmed,
    /// Some came, more is to come.
    PartReceived,
    /// All that was ordered came.
    Received,
    /// Over, and something that was ordered did not come.
    ClosedShort,
    /// Over, and nothing came.
    Cancelled,
}

impl PoState {
    pub const ALL: [PoState; 7] = [
        PoState::Draft,
        PoState::Sent,
        PoState::Confirmed,
        PoState::PartReceived,
        PoState::Received,
        PoState::ClosedShort,
        PoState::Cancelled,
    ];
    /// The word on screen, on paper and in files.
    pub fn word(self) -> &'static str {
        match self {
            PoState::Draft => "draft",
            PoState::Sent => "sent",
            PoState::Confirmed => "confirmed",
            PoState::PartReceived => "part received",
            PoState::Received => "received",
            PoState::ClosedShort => "closed short",
            PoState::Cancelled => "cancelled",
        }
    }
    /// Nothing more is expected.
    pub fn is_over(self) -> bool {
        matches!(self, PoState::Received | PoState::ClosedShort | PoState::Cancelled)
    }
}

/// What the state of a PO follows from, of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LineFacts {
    pub quantity: Qty,
    /// Rejected included.
    pub received: Qty,
    pub cancelled: Qty,
    /// Nothing more is expected on it.
    pub closed: bool,
    /// The supplier named a day for it.
    pub confirmed: bool,
}

impl LineFacts {
    /// Still to come.
    pub fn open(&self) -> Qty {
        if self.closed { Qty::ZERO } else { (self.quantity - self.received - self.cancelled).or_zero() }
    }
}

/// The state of a PO of this stated status (`None`: it follows from the quantities) with these lines.
pub fn state(status: Option<&str>, answered: bool, lines: &[LineFacts]) -> PoState {
    if status == Some("draft") {
        return PoState::Draft;
    }
    let came = lines.iter().any(|l| l.received.is_positive());
    let open = !matches!(status, Some("closed" | "cancelled")) && lines.iter().any(|l| l.open().is_positive());
    if open || lines.is_empty() && !matches!(status, Some("closed" | "cancelled")) {
        return match (came, answered || status == Some("confirmed") || lines.iter().any(|l| l.confirmed)) {
            (true, _) => PoState::PartReceived,
            (false, true) => PoState::Confirmed,
            (false, false) => PoState::Sent,
        };
    }
    if !came {
        let owed = lines.iter().any(|l| l.quantity > l.cancelled);
        return if owed && status != Some("cancelled") { PoState::ClosedShort } else { PoState::Cancelled };
    }
    if lines.iter().all(|l| l.received >= l.quantity) { PoState::Received } else { PoState::ClosedShort }
}

/// Who ended a line before all had come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndedBy {
    /// We do not want the rest any more: it is cancelled and no longer owed.
    Us,
    /// They do not deliver the rest: it stays owed, and the line was not in full.
    Supplier,
}

impl EndedBy {
    pub fn name(self) -> &'static str {
        match self {
            EndedBy::Us => "us",
            EndedBy::Supplier => "supplier",
        }
    }
    pub fn named(name: &str) -> Option<EndedBy> {
        [EndedBy::Us, EndedBy::Supplier].into_iter().find(|by| by.name() == name)
    }
}

/// Who named a date of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SaidBy {
    Supplier,
    /// We asked him for it: where it is later, he is judged by it.
    Asked,
    /// We expect it without his word: nothing that he is judged by.
    Expected,
}

impl SaidBy {
    pub const ALL: [SaidBy; 3] = [SaidBy::Supplier, SaidBy::Asked, SaidBy::Expected];
    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            SaidBy::Supplier => "supplier",
            SaidBy::Asked => "asked",
            SaidBy::Expected => "expected",
        }
    }
    pub fn named(name: &str) -> Option<SaidBy> {
        SaidBy::ALL.into_iter().find(|by| by.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 12.6 of 48 cases with freight that nobody had agreed was kept "as agreed".
    #[test]
    fn quantity_price_and_freight_are_each_compared() {
        let money = |m: &str| Money::parse(m).unwrap();
        let soda = Billed {
            what: "Soda",
            quantity: Qty::units(48),
            came: Qty::units(48),
            cost: money("14.50"),
            agreed: Some(money("14.50")),
        };
        assert!(soda.differs().is_empty() && !soda.is_odd_part(Qty::units(48)));
        let part = Billed { quantity: Qty::from_thousandths(12_600), cost: money("15"), ..soda };
        assert_eq!(part.differs(), ["12.6 of 48 Soda that came", "Soda at 15.00, agreed 14.50"]);
        assert!(part.is_odd_part(Qty::units(48)) && !part.is_odd_part(Qty::from_thousandths(48_500)));
        assert_eq!(Billed { came: Qty::ZERO, ..soda }.differs(), ["48 Soda, none came yet"]);
        assert_eq!(Billed { agreed: None, ..soda }.differs(), ["no price was agreed for Soda"]);
        assert_eq!(freight_differs(money("20"), None).unwrap(), "freight 20.00 was never agreed");
        assert_eq!(freight_differs(money("20"), Some(money("20"))), None);
    }

    #[test]
    fn a_part_of_a_piece_is_odd_and_a_part_of_a_metre_is_not() {
        let half = Qty::from_thousandths(2_500);
        let odd = |quantity, unit, pack| part_of_a_piece(quantity, "Chang", unit, pack);
        assert_eq!(odd(half, None, None).unwrap(), "2.5 Chang is a part of a piece");
        assert!(odd(half, Some("Stk."), Some(Qty::units(12))).is_some());
        assert_eq!(odd(half, Some("m"), None), None);
        assert_eq!(odd(half, Some("pcs"), Some(half)), None);
        assert_eq!(odd(Qty::units(2), None, None), None);
    }

    fn line(received: i64, cancelled: i64) -> LineFacts {
        LineFacts {
            quantity: Qty::units(10),
            received: Qty::units(received),
            cancelled: Qty::units(cancelled),
            closed: false,
            confirmed: false,
        }
    }

    #[test]
    fn a_po_is_what_came_of_it() {
        let shut = |l: LineFacts| LineFacts { closed: true, ..l };
        let said = |l: LineFacts| LineFacts { confirmed: true, ..l };
        for (status, lines, expected) in [
            (Some("draft"), vec![line(0, 0)], PoState::Draft),
            (Some("sent"), vec![], PoState::Sent),
            (Some("sent"), vec![line(0, 0)], PoState::Sent),
            (Some("sent"), vec![said(line(0, 0)), line(0, 0)], PoState::Confirmed),
            (Some("confirmed"), vec![line(0, 0)], PoState::Confirmed),
            (None, vec![line(4, 0)], PoState::PartReceived),
            (Some("confirmed"), vec![line(10, 0), line(0, 0)], PoState::PartReceived),
            (Some("confirmed"), vec![line(10, 0), line(12, 0)], PoState::Received),
            (Some("closed"), vec![line(10, 0)], PoState::Received),
            // The rest was cancelled by us, or not delivered by them: short either way.
            (Some("confirmed"), vec![shut(line(6, 4))], PoState::ClosedShort),
            (Some("confirmed"), vec![shut(line(6, 0))], PoState::ClosedShort),
            (Some("closed"), vec![line(6, 0)], PoState::ClosedShort),
            (Some("closed"), vec![shut(line(0, 0))], PoState::ClosedShort),
            (Some("sent"), vec![shut(line(0, 10))], PoState::Cancelled),
            (Some("cancelled"), vec![line(0, 0)], PoState::Cancelled),
            (Some("cancelled"), vec![], PoState::Cancelled),
        ] {
            assert_eq!(state(status, false, &lines), expected, "{status:?} {lines:?}");
        }
        assert_eq!(state(Some("sent"), true, &[line(0, 0)]), PoState::Confirmed);
    }

    #[test]
    fn nothing_is_open_of_a_po_that_is_over() {
        for received in [0, 4, 10, 12] {
            for cancelled in [0, 6, 10] {
                for closed in [false, true] {
                    let l = LineFacts { closed, ..line(received, cancelled) };
                    let found = state(Some("sent"), false, &[l]);
                    assert_eq!(found.is_over(), l.open().is_zero(), "{l:?} {found:?}");
                }
            }
        }
    }
}

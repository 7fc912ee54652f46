//! A line of an order as it is typed on the telephone: how many, of what, at which price.

use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;

/// Words for a piece, as people type them after a figure. They say nothing about the item.
const PIECES: [&str; 16] =
    ["x", "*", "st", "stk", "stuk", "stuks", "stck", "stück", "pc", "pcs", "pce", "piece", "pieces", "ea", "pz", "uds"];
/// More pieces are in no line: a longer figure alone is a barcode.
const MOST: Qty = Qty::from_thousandths(999_999_000);

/// A typed line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed<'t> {
    pub quantity: Qty,
    /// Whether the quantity was typed; else it is one.
    pub is_counted: bool,
    /// What is looked for; empty: not said yet.
    pub what: &'t str,
    /// Of one; none: the item's own.
    pub price: Option<Money>,
}

/// `12 chang`, `12x chang`, `12 stk chang @ 9,50`: without a figure it is one; a figure alone is a code. What can be read
/// two ways, more than anybody orders, and a price that is none, is a sentence.
pub fn read(typed: &str) -> Result<Typed<'_>, String> {
    let (line, price) = match typed.rsplit_once('@') {
        Some((line, price)) => (line, amount(price)?),
        None => (typed, None),
    };
    let line = line.trim();
    let end = line.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(line.len());
    let (figure, rest) = line.split_at(end);
    let whole = Typed { quantity: Qty::ONE, is_counted: false, what: line, price };
    if rest.is_empty() || !figure.bytes().any(|b| b.is_ascii_digit()) {
        return Ok(whole);
    }
    let after = rest.trim_start();
    let (word, behind) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
    let is_piece = PIECES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    if !is_piece && !rest.starts_with(char::is_whitespace) {
        return Ok(whole); // `24oz` is a part of a name
    }
    // Never something else than was typed: who means an item by that number puts how many before it.
    let quantity = Qty::parse(&locale::here().read(figure)?).filter(|q| *q <= MOST).ok_or_else(|| {
        format!("{figure} is more than a line can have, {MOST} at most. As an item's number: 1 {}", line.trim())
    })?;
    Ok(Typed { quantity, is_counted: true, what: if is_piece { behind.trim() } else { after }, price })
}

/// A price as it is typed here, for examples.
pub fn price_example() -> String {
    locale::here().typed_figure("9.50")
}

fn amount(typed: &str) -> Result<Option<Money>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let example = price_example();
    Money::parse(&locale::here().read(typed.trim_matches(['€', '$', '£', ' ']))?)
        .filter(|m| m.ten_thousandths() >= 0)
        .map(Some)
        .ok_or_else(|| format!("\"{typed}\" is no price. Type it as {example}, behind the @."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_how_many_of_what_at_which_price() {
        for (typed, quantity, what) in [
            ("12 chang", "12", "chang"),
            ("12x chang", "12", "chang"),
            ("12 stk chang", "12", "chang"),
            ("12stk. chang", "12", "chang"),
            ("12 stk", "12", ""),
            ("2,5 kg kaas", "2.5", "kg kaas"),
            ("1200 ring", "1200", "ring"),
            ("chang", "1", "chang"),
            ("4006381333931", "1", "4006381333931"),
            ("24oz", "1", "24oz"),
            ("3 x 24oz", "3", "24oz"),
            ("5 star ring", "5", "star ring"),
        ] {
            let read = read(typed).unwrap();
            assert_eq!((read.quantity, read.what, read.price), (Qty::parse(quantity).unwrap(), what, None), "{typed}");
        }
        let priced = read("12 chang @ 9,50").unwrap();
        assert_eq!((priced.what, priced.price), ("chang", Money::parse("9.50")));
        assert_eq!(read("@ 8").unwrap().price, Money::parse("8"));
        assert!(read("1.200 ring").unwrap_err().contains("type 1200 or 1.2"));
        for typed in ["9999999 00417", "99999999999 00417", "1000000 x chang", "99999999999999999999999 ring"] {
            let refused = read(typed).unwrap_err();
            assert!(refused.contains("more than a line can have") && refused.ends_with(typed), "{refused}");
        }
        assert_eq!(read("999999 00417").unwrap().quantity, Qty::units(999_999));
        assert_eq!(read("1 9999999 00417").unwrap().what, "9999999 00417");
        assert!(read("12 chang @ cheap").unwrap_err().contains("no price"));
    }
}

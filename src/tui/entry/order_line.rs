//! A line of an order as it is typed on the telephone: how many, of what, at which price.

use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;

/// Words for a piece, as people type them after a figure. They say nothing about the item.
const PIECES: [&str; 16] =
    ["x", "*", "st", "stk", "stuk", "stuks", "stck", "stück", "pc", "pcs", "pce", "piece", "pieces", "ea", "pz", "uds"];
/// Longer figures are a barcode.
const LONGEST: usize = 6;

/// A typed line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed<'t> {
    pub quantity: Qty,
    /// What is looked for; empty: not said yet.
    pub what: &'t str,
    /// Of one; none: the item's own.
    pub price: Option<Money>,
}

/// `12 chang`, `12x chang`, `12 stk chang @ 9,50`: without a figure it is one; a figure alone is a code. What can be read
/// two ways, and a price that is none, is a sentence.
pub fn read(typed: &str) -> Result<Typed<'_>, String> {
    let (line, price) = match typed.rsplit_once('@') {
        Some((line, price)) => (line, amount(price)?),
        None => (typed, None),
    };
    let line = line.trim();
    let end = line.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(line.len());
    let (figure, rest) = line.split_at(end);
    let whole = Typed { quantity: Qty::ONE, what: line, price };
    if figure.is_empty() || rest.is_empty() || figure.bytes().filter(u8::is_ascii_digit).count() > LONGEST {
        return Ok(whole);
    }
    let after = rest.trim_start();
    let (word, behind) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
    let is_piece = PIECES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    if !is_piece && !rest.starts_with(char::is_whitespace) {
        return Ok(whole); // `24oz` is a part of a name
    }
    let Some(quantity) = Qty::parse(&locale::here().read(figure)?) else { return Ok(whole) };
    Ok(Typed { quantity, what: if is_piece { behind.trim() } else { after }, price })
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
        assert!(read("12 chang @ cheap").unwrap_err().contains("no price"));
    }
}

//! Text in cells, and figures as they are written here.

use crate::domain::locale;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;

pub use crate::domain::layout::{clip, fit, left, right, width, wrap};

/// A quantity with thousands apart, as it is written here: `4,812`, `-3`, `0.5`.
pub fn quantity(q: Qty) -> String {
    locale::here().quantity(q)
}

/// A quantity where nothing means nothing to say: blank at zero.
pub fn quantity_or_blank(q: Qty) -> String {
    if q.is_zero() { String::new() } else { quantity(q) }
}

/// Money with cents and thousands apart: `1,795.20`.
pub fn money(m: Money) -> String {
    locale::here().money(m)
}

/// Money without cents, rounded half up: `1,795`.
pub fn whole_money(m: Money) -> String {
    locale::here().whole_money(m)
}

/// A count with thousands apart.
pub fn count(n: usize) -> String {
    locale::here().figure(&n.to_string())
}

/// A share or a rate with so many decimals: `12.5`.
pub fn decimal(x: f64, places: usize) -> String {
    locale::decimal(x, places)
}

/// The word with an s unless there is one: `1 item`, `2 items`.
pub fn plural(n: usize, word: &str) -> String {
    let ies = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match (n, ies) {
        (1, _) => format!("1 {word}"),
        (n, Some(stem)) => format!("{} {stem}ies", count(n)),
        (n, None) => format!("{} {word}s", count(n)),
    }
}

/// What each drawn sign becomes on a terminal that knows only ASCII.
pub fn ascii(symbol: &str) -> &str {
    match symbol {
        "─" => "-",
        "│" => "|",
        "▸" => ">",
        "…" => "~",
        "▌" => "#",
        "→" => ">",
        "·" => ".",
        "░" => ":",
        "\u{a0}" => " ",
        "▒" => "+",
        "▇" | "█" => "#",
        "▆" => "6",
        "▅" => "5",
        "▄" => "4",
        "▃" => "3",
        "▂" => "2",
        "▁" => "1",
        "▲" => "^",
        "▼" => "v",
        s if s.is_ascii() => s,
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        assert_eq!(quantity(Qty::units(4812)), "4,812");
        assert_eq!(quantity(Qty::parse("-1234.5").unwrap()), "-1,234.5");
        assert_eq!(money(Money::parse("1795.2").unwrap()), "1,795.20");
        assert_eq!(whole_money(Money::parse("-1795.5").unwrap()), "-1,796");
    }
}

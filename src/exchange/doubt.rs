//! What comes in as it stands and is most likely a slip: a retail number whose last digit does not fit, a part of a piece,
//! a level below zero, no name, a price of nothing or below the cost.

use super::cells::shown;
use super::table::{Cell, Row, Table};
use crate::domain::money::Money;
use crate::domain::purchase::is_piece;
use crate::domain::quantity::Qty;
use crate::domain::scan::{Check, check};

/// Something odd in a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    pub table: Table,
    pub column: &'static str,
    pub sentence: String,
}

/// What is odd in the rows that one row of a sheet gives.
pub fn of(rows: &[(Table, &Row)]) -> Vec<Doubt> {
    let cell = |table: Table, column: &str| {
        let row = rows.iter().find(|(t, _)| *t == table)?.1;
        row.cells.get(table.column(column)?)?.as_ref()
    };
    let mut out = Vec::new();
    if let Some(Cell::Text(code)) = cell(Table::Items, "barcode")
        && let Check::Wrong(last) = check(code)
    {
        let sentence = format!(
            "{} has a last digit that does not fit ({last} would): mistyped? It comes in as it stands.",
            shown(code)
        );
        out.push(Doubt { table: Table::Items, column: "barcode", sentence });
    }
    let mut odd = |table: Table, column: &'static str, sentence: String| out.push(Doubt { table, column, sentence });
    // What an order says of an item is not what the item is: a gift has no price.
    if !rows.iter().any(|(t, _)| matches!(t, Table::OrderLines | Table::PoLines)) {
        if let (Some(Cell::Text(sku)), Some(Cell::Text(name))) = (cell(Table::Items, "sku"), cell(Table::Items, "name"))
            && sku == name
        {
            odd(Table::Items, "name", format!("{} has no name of its own: it is called by its SKU.", shown(sku)));
        }
        let figure = |money: Money| shown(&money.to_string());
        match (cell(Table::Items, "cost"), cell(Table::Items, "price")) {
            (_, Some(Cell::Money(price))) if *price == Money::ZERO => {
                odd(
                    Table::Items,
                    "price",
                    format!("{} is a price of nothing. It comes in as it stands.", figure(*price)),
                );
            }
            (Some(Cell::Money(cost)), Some(Cell::Money(price))) if cost > price => {
                let words = "is a cost above the price, which is";
                odd(
                    Table::Items,
                    "cost",
                    format!("{} {words} {}. It comes in as it stands.", figure(*cost), figure(*price)),
                );
            }
            _ => {}
        }
    }
    if let Some(Cell::Quantity(level)) = cell(Table::Stock, "quantity")
        && *level < Qty::ZERO
    {
        let sentence = format!(
            "{} is below zero. It comes in as it stands, and its bin is to be counted.",
            shown(&level.to_string())
        );
        odd(Table::Stock, "quantity", sentence);
    }
    // A row that is not of an item too cannot tell its unit.
    if let Some(Cell::Quantity(level)) = cell(Table::Stock, "quantity")
        && level.thousandths() % 1000 != 0
        && rows.iter().any(|(t, _)| *t == Table::Items)
    {
        let unit = match cell(Table::Items, "unit") {
            Some(Cell::Text(unit)) => Some(unit.as_str()),
            _ => None,
        };
        if is_piece(unit) {
            let sentence =
                format!("{} is a part of a piece: is that right? It comes in as it stands.", shown(&level.to_string()));
            odd(Table::Stock, "quantity", sentence);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::typed;

    fn row(table: Table, cells: &[(&str, &str)]) -> Row {
        let mut texts = vec![String::new(); table.columns().len()];
        for (column, text) in cells {
            texts[table.column(column).unwrap()] = text.to_string();
        }
        typed::row(table, &texts).unwrap()
    }

    #[test]
    fn a_wrong_check_digit_and_a_part_of_a_piece_are_named() {
        let of = |code: &str, unit: &str, level: &str| {
            let item = row(Table::Items, &[("sku", "A"), ("name", "Ring"), ("barcode", code), ("unit", unit)]);
            let stock = row(Table::Stock, &[("sku", "A"), ("quantity", level)]);
            let all: Vec<&str> =
                of(&[(Table::Items, &item), (Table::Stock, &stock)]).iter().map(|d| d.column).collect();
            all.join(" ")
        };
        assert_eq!(of("4006381333931", "stuks", "3"), "");
        assert_eq!(of("4006381333932", "stuks", "3"), "barcode");
        assert_eq!(of("", "Stk.", "3.5"), "quantity");
        assert_eq!(of("", "", "3.5"), "quantity");
        assert_eq!(of("", "kg", "3.5"), "");
        assert_eq!(of("A-17", "m", "3.5"), "", "a code of one's own has no check digit");
    }

    #[test]
    fn a_level_below_zero_no_name_and_a_price_that_cannot_be_meant_are_named() {
        let of = |name: &str, cost: &str, price: &str, level: &str| {
            let item = row(Table::Items, &[("sku", "A"), ("name", name), ("cost", cost), ("price", price)]);
            let stock = row(Table::Stock, &[("sku", "A"), ("quantity", level)]);
            let all = of(&[(Table::Items, &item), (Table::Stock, &stock)]);
            all.iter().map(|d| d.sentence.split(". ").next().unwrap_or_default()).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(of("Ring", "1.50", "1.50", "0"), "", "sold at cost is a choice");
        assert_eq!(of("Ring", "1.50", "", "3"), "");
        assert_eq!(of("A", "", "", "-3"), "`A` has no name of its own: it is called by its SKU.; `-3` is below zero");
        assert_eq!(of("Ring", "1.50", "0", "3"), "`0.00` is a price of nothing");
        assert_eq!(of("Ring", "2.50", "1.50", "3"), "`2.50` is a cost above the price, which is `1.50`");
        let item = row(Table::Items, &[("sku", "A"), ("name", "A"), ("price", "0")]);
        let line = row(Table::OrderLines, &[("order", "1"), ("sku", "A"), ("quantity", "1"), ("price", "0")]);
        assert_eq!(super::of(&[(Table::OrderLines, &line), (Table::Items, &item)]), [], "a gift on an order");
    }
}

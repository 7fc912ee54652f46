//! What comes in as it stands and is most likely a slip: a retail number whose last digit does not fit, a part of a piece.

use super::cells::shown;
use super::table::{Cell, Row, Table};
use crate::domain::purchase::is_piece;
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
    if let Some(Cell::Quantity(level)) = cell(Table::Stock, "quantity")
        && level.thousandths() % 1000 != 0
    {
        let unit = match cell(Table::Items, "unit") {
            Some(Cell::Text(unit)) => Some(unit.as_str()),
            _ => None,
        };
        if is_piece(unit) {
            let sentence =
                format!("{} is a part of a piece: is that right? It comes in as it stands.", shown(&level.to_string()));
            out.push(Doubt { table: Table::Stock, column: "quantity", sentence });
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
            let item = row(Table::Items, &[("sku", "A"), ("name", "A"), ("barcode", code), ("unit", unit)]);
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
}

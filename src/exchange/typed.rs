//! What a person typed into the fields of one row: read and checked as a file's row is, so that an entry by hand obeys
//! what an import obeys.

use super::cells::{self, Spelling};
use super::table::{Batch, Cell, Kind, Origin, Row, Table};

/// Reads a row's texts, in the order of the table's columns. The error is the column and a sentence.
pub fn row(table: Table, texts: &[String]) -> Result<Row, (&'static str, String)> {
    let mut read: Vec<Option<Cell>> = Vec::with_capacity(texts.len());
    for (column, text) in table.columns().iter().zip(texts) {
        let number = matches!(column.kind, Kind::Quantity | Kind::Positive | Kind::Money | Kind::Rate);
        // At a keyboard the comma is the decimal sign of half of Europe.
        let text = if number && !text.contains('.') { text.replace(',', ".") } else { text.clone() };
        let (cell, _) = cells::read(column.kind, &text, &Spelling::default())
            .map_err(|sentence| (column.name, sentence.replace('`', "\"")))?;
        if cell.is_none() && column.required {
            return Err((column.name, format!("The {} is missing.", column.name.replace('_', " "))));
        }
        read.push(cell);
    }
    read.resize(table.columns().len(), None);
    Ok(Row { at: Origin::default(), cells: read })
}

/// Rows that were typed, as an import takes them.
pub fn batch(rows: Vec<(Table, Row)>) -> Batch {
    let mut batch = Batch::default();
    for (table, row) in rows {
        batch.tables.entry(table).or_default().push(row);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_row_is_checked_as_a_files_row() {
        let texts = |sku: &str, quantity: &str| vec![sku.to_string(), "A1".into(), quantity.to_string()];
        let read = row(Table::Stock, &texts("007", "1,5")).unwrap();
        assert_eq!(format!("{:?}", read.cells[0]), "Some(Text(\"007\"))");
        assert_eq!(row(Table::Stock, &texts("", "1")).unwrap_err().0, "sku");
        assert!(row(Table::Stock, &texts("1", "12 stk")).unwrap_err().1.contains("\"12 stk\" is not a number"));
    }
}

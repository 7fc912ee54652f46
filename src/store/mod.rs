//! SQLite: the schema, rows to domain values and back, and the only SQL of the program.
//!
//! - `open`   opening, pragmas, migrations, the sentences for files that cannot be used
//! - `write`  the one way to change anything: [`Store::write`], one operation in one transaction, journalled
//! - one file per aggregate for the rest; functions take [`Db`] to read and [`Tx`] to write.

pub mod acting;
pub mod backlog;
pub mod browse;
pub mod carrying;
pub mod cells;
pub mod changed;
pub mod chasing;
pub mod checking;
pub mod claims;
pub mod consequences;
pub mod copying;
pub mod counting;
pub mod customers;
pub mod deliveries;
pub mod entering;
pub mod failure;
pub mod finding;
pub mod fulfilment;
pub mod goods;
mod health;
pub mod history;
pub mod import;
pub mod inbound;
pub mod inbox;
pub mod item;
pub mod item_state;
pub mod levels;
pub mod month_end;
pub mod morning;
pub mod not_told;
pub mod offers;
pub mod open;
pub mod outbox;
mod packing;
pub mod past_deliveries;
pub mod past_demand;
pub mod people;
pub mod picking;
mod place;
pub mod plan_basis;
pub mod plan_changes;
pub mod plans;
pub mod po;
pub mod presence;
pub mod purchases;
pub mod records;
pub mod refunds;
pub mod returns;
pub mod scanning;
pub mod selling;
pub mod settings;
pub mod shop;
pub mod supplier_record;
pub mod supplier_sums;
pub mod suppliers;
pub mod talks;
pub mod undo;
pub mod waiting;
pub mod write;

pub use failure::{Failure, Ill};
pub use open::{Mode, Store};
pub use write::{Act, Done, Tx};

/// A connection to read from. A [`Tx`] and a [`Store`] both lend one.
pub type Db = rusqlite::Connection;

/// What a store function answers.
pub type Result<T> = std::result::Result<T, Failure>;

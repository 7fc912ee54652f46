//! backshelf: stock, open backorders, supplier scorecards and reorder suggestions over one SQLite file.
//!
//! # The map
//!
//! | room | what | may use |
//! |---|---|---|
//! | [`domain`] | rules and values, pure | std, chrono; `rustfft` in `domain::forecast` alone |
//! | [`exchange`] | bytes to domain values and back: CSV, XLSX, profiles, exports | domain |
//! | [`store`] | SQLite: schema, rows, the only SQL | domain |
//! | [`ops`] | use cases: one operation = one transaction; `ops::views` are the reads | domain, store, exchange |
//! | `worker` | the thread that owns the Store; requests in, replies out | ops, store, exchange |
//! | `tui` | the terminal | domain values, the worker's requests |
//! | `cli` | the same without a terminal | ops, store, exchange |
//! | [`clock`] | the only clock | - |

pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod ops;
pub mod store;
pub mod tui;
pub mod worker;

//! The integration tests: one binary, one module per subject.

mod allocating;
mod backorder_screens;
mod backorders;
mod contract;
mod delay_laws;
mod exporting;
mod floor;
mod importing;
mod layering;
mod opening;
mod outbox;
mod pegging;
mod planning;
mod reading;
mod readme;
mod reorder_screens;
mod reordering;
mod round_trip;
mod safekeeping;
mod scorecards;
mod screens;
mod supplier_screens;
mod supply_contract;
mod support;
mod terminal;
mod undo;

//! The integration tests: one binary, one module per subject.

mod allocating;
mod delay_laws;
mod exporting;
mod importing;
mod layering;
mod planning;
mod reading;
mod safekeeping;
mod screens;
mod support;
mod undo;

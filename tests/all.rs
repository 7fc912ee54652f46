//! The integration tests: one binary, one module per subject.

mod allocating;
mod delay_laws;
mod exporting;
mod layering;
mod screens;
mod support;

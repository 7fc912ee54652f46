//! The integration tests: one binary, one module per subject.

mod allocating;
mod layering;
mod support;

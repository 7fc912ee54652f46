//! The lines that wait: promise, likely date, delay state, and what must be done.

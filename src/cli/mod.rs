//! The same capabilities without a terminal.

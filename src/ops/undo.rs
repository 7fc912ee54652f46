//! Taking an operation back: a reversing operation that points at what it reverses.

//! Bringing files in: one operation, the same file twice changes nothing.

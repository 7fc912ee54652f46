//! Paths to a checked Batch: which file is which table, every cell read, every problem listed.

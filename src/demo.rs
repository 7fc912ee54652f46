//! The sample warehouse: generated from a seed, relative to today.

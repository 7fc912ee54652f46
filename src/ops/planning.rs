//! Working out reorder points for the catalogue and keeping them.

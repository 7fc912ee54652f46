//! Supplier scorecards.

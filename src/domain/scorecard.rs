//! How far a supplier can be trusted, from its own lines.

//! Exports of the records themselves, in the import's columns.

//! The Stock tab and the stock export.

//! What a supplier is usually late by, learned from its receipts.

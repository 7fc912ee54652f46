//! What customers ordered, per item and bucket of time.

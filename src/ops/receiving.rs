//! Receiving goods against a purchase order.

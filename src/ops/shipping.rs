//! Shipping and cancelling order lines.

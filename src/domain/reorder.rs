//! Reorder point, order-up-to level, quantity and the sum that explains them.

//! What to order, from whom, how much, when and why.

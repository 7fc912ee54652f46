//! Adjusting, moving and counting stock.

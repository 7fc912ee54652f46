//! The rules and values of the warehouse: pure, std and chrono only. No clock, file, table or terminal:
//! the same inputs always give the same answer.

pub mod ids;
pub mod money;
pub mod quantity;
pub mod refusal;

//! The rules and values of the warehouse: pure, std and chrono only. No clock, file, table or terminal:
//! the same inputs always give the same answer.

pub mod allocation;
pub mod calendar;
pub mod chase;
pub mod counting;
pub mod dates;
pub mod delay;
pub mod delivery;
pub mod demand;
pub mod forecast;
pub mod gs1;
pub mod hindsight;
pub mod ids;
pub mod intermittent;
pub mod keeping;
pub mod lateness;
pub mod lead_time;
pub mod loss;
pub mod money;
pub mod odds;
pub mod offer;
pub mod oversell;
pub mod pegging;
pub mod people;
pub mod purchase;
pub mod quantity;
pub mod refusal;
pub mod reorder;
pub mod replay;
pub mod scan;
pub mod scanner_test;
pub mod scorecard;
pub mod stage;
pub mod standing;
pub mod stock;
pub mod text;

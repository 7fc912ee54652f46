//! How things look: the frame, and one file per tab with its columns, spoken lines and pane. Nothing here decides anything.

pub mod backorders;
pub mod carry;
pub mod chart;
pub mod consequences;
pub mod count;
pub mod count_review;
pub mod demand;
pub mod digits;
pub mod first_run;
pub mod frame;
pub mod gauge;
pub mod pick;
pub mod purchase;
pub mod receive;
pub mod reorder;
pub mod scanning;
pub mod stock;
pub mod suppliers;
pub mod two_parts;

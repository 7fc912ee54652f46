//! A file of somebody else's layout, before anybody said what it means: what it seems to hold, which column is what,
//! how its numbers and dates are written, and the profile that follows from the answers.
//!
//! - [`Content`] and [`Means`]: what a sheet can hold, and what a column of it can mean
//! - `headings`  the words that people put above columns, in several languages
//! - `writing`   how numbers and dates are written, judged by all values of a column
//! - [`look`]    opens a file and guesses all of it
//! - [`Plan`]    what the person settled on; [`Plan::profile`] is its text as an import profile
//! - `trouble`   problems of the same kind, counted

mod content;
mod headings;
mod look;
mod plan;
mod trouble;
mod writing;

pub use content::{Content, Means};
pub use look::{Column, Known, Looked, look};
pub use plan::{NOBODY, Plan, nobody_of};
pub use trouble::{Kin, bad_rows, kin};
pub use writing::{Decimal, Question};

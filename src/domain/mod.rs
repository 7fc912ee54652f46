//! The rules and values of the warehouse: pure, std and chrono only. No clock, file, table or terminal:
//! the same inputs always give the same answer.

/// Gives each variant its one spelling in files, exports and the database.
macro_rules! named {
    ($kind:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $kind {
            /// Every variant, in the order of its description.
            pub const ALL: &[$kind] = &[$($kind::$variant),+];
            /// The spelling in files and exports.
            pub const fn name(self) -> &'static str {
                match self { $($kind::$variant => $name),+ }
            }
            /// The variant of that spelling.
            pub fn named(name: &str) -> Option<$kind> {
                match name { $($name => Some($kind::$variant),)+ _ => None }
            }
        }
    };
}

pub mod allocation;
pub mod calendar;
pub mod chase;
pub mod claim;
pub mod counting;
pub mod countries;
pub mod currencies;
pub mod dates;
pub mod delay;
pub mod delivery;
pub mod demand;
pub mod forecast;
pub mod gauge;
pub mod gs1;
pub mod hindsight;
pub mod ids;
pub mod inbound;
pub mod intermittent;
pub mod keeping;
pub mod lateness;
pub mod layout;
pub mod lead_time;
pub mod locale;
pub mod loss;
pub mod money;
pub mod odds;
pub mod offer;
pub mod oversell;
pub mod pegging;
pub mod people;
pub mod picking;
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

//! Purchase orders: drafts, new dates.

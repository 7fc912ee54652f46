//! Recording talks with customers, answers and new dates.

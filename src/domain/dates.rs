//! Dates as people read and type them: today, Wed 25, +5, fri, w49.

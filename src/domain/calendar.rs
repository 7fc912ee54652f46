//! Working days, holidays and the arithmetic of dates.

//! The warehouse's settings, with their meaning and default.

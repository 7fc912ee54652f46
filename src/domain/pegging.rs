//! Which supply each waiting line waits for, and so its likely and safe date.

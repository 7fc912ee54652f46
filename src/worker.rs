//! The thread that owns the Store: requests in, replies out.

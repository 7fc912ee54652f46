//! Purchase orders and their lines: what is read and written of them.

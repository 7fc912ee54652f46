//! Proof that the file is sound: books = movements, allocations within supply, journal unbroken.

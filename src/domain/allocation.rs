//! Who gets the free stock: the order of allocation.

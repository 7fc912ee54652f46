//! Import profiles: any foreign layout mapped onto the tables, as data.

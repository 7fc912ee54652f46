//! Bytes to domain values and back: CSV, TSV, XLSX, gz; import profiles; exports. No database here.

pub mod sheet;
pub mod table;

//! Bytes to domain values and back: CSV, TSV, XLSX, gz; import profiles; exports. No database here.

pub mod profile;
pub mod read;
pub mod reader;
pub mod sheet;
pub mod table;
pub mod write;

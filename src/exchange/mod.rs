//! Bytes to domain values and back: CSV, TSV, XLSX, gz; import profiles; exports. No database here.

pub mod bring;
pub mod calendar;
mod cells;
mod doubt;
mod foreign;
mod gather;
pub mod history;
pub mod label;
pub mod mail;
mod mapping;
pub mod paper;
pub mod plain;
pub mod profile;
pub mod read;
pub mod reader;
pub mod sheet;
pub mod shop;
pub mod table;
pub mod typed;
pub mod workbook;
pub mod write;

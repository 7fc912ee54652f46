//! A sheet as CSV, JSON or XLSX.

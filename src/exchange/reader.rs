//! Files to rows of text: encoding, delimiter, gz, XLSX.

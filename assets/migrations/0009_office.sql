-- Notes, closed months, the inbox, what the day's edges need.

-- Files of the inbox that were brought in, as they lay there: what is not among them is new. A row goes with the import
-- that is taken back, and the file is new again.
CREATE TABLE brought_file (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified TEXT NOT NULL,              -- moment, UTC
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX brought_file_by_name ON brought_file(name);

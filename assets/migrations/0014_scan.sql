-- What somebody has in his hands while he carries goods from bin to bin: one row per scan or typed line, committed before
-- the screen shows it. Records of their own, not operations: stock moves when the goods are put down, and that is one
-- operation. Append-only; what was mistyped is taken back by a row.
CREATE TABLE carry_scan (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN (
    'from',                              -- goods are taken out of this bin from now on
    'name',                              -- an item was named, to be taken next
    'take',                              -- so many of the item are in the hand
    'put',                               -- the hand was emptied into this bin
    'back')),                            -- the row that it points at was mistyped and counts for nothing
  bin_id INTEGER,                        -- no foreign keys: an undone import may remove what they name
  item_id INTEGER,
  quantity INTEGER,
  takes_back INTEGER UNIQUE REFERENCES carry_scan(id),
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  CHECK ((kind = 'back') = (takes_back IS NOT NULL))
) STRICT;
CREATE INDEX carry_scan_by_operator ON carry_scan(operator, id);

CREATE TRIGGER carry_scan_no_update BEFORE UPDATE ON carry_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
CREATE TRIGGER carry_scan_no_delete BEFORE DELETE ON carry_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;

-- Where the book says less than nothing: to be counted today, whatever the schedule says.
CREATE INDEX level_below_zero ON level(bin_id, item_id) WHERE quantity < 0;

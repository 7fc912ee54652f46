-- Count sessions and every scan in them. They are records of their own, not operations: nothing moves until a session
-- is posted, and that is one operation. Append-only; what was mistyped is taken back by a row that says so.

CREATE TABLE count_session (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,              -- the caller's own id: begun twice is begun once
  name TEXT NOT NULL,
  whole_bins INTEGER NOT NULL CHECK (whole_bins IN (0,1)), -- what nobody finds in a finished bin is none
  started_at TEXT NOT NULL,
  business_date TEXT NOT NULL,
  operator TEXT NOT NULL
) STRICT;

-- What a session is to look at, as it was when it began; without rows: whatever is scanned.
CREATE TABLE count_place (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES count_session(id),
  bin_id INTEGER NOT NULL,               -- no foreign key: an undone import may remove the bin
  item_id INTEGER,                       -- NULL: all that lies in the bin
  UNIQUE (session_id, bin_id, item_id)
) STRICT;

-- One row per scan, typed line or decision in a session, committed before the screen shows it.
-- visit: the row that opened the bin for this person (its own id there); NULL: a decision of the review.
-- total: what the visit has of the item after this row; NULL: not counted (any more).
-- after_movement: the last movement that the book knew. The book of that moment is today's less all that moved since.
CREATE TABLE count_scan (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,              -- the workstation's own id: the same scan sent twice is counted once
  session_id INTEGER NOT NULL REFERENCES count_session(id),
  visit INTEGER REFERENCES count_scan(id),
  kind TEXT NOT NULL CHECK (kind IN ('bin','item','set','name','unknown','empty','back','done','attach','ok','again','drop')),
  bin_id INTEGER,
  item_id INTEGER,
  code TEXT,                             -- as scanned
  quantity INTEGER,                      -- thousandths: added (item, unknown, attach) or stated (set)
  total INTEGER,
  takes_back INTEGER UNIQUE REFERENCES count_scan(id),
  typed INTEGER NOT NULL DEFAULT 0 CHECK (typed IN (0,1)),
  after_movement INTEGER NOT NULL,
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  note TEXT,                             -- batch, dates and serial that the code named
  CHECK ((kind = 'back') = (takes_back IS NOT NULL)),
  CHECK ((visit IS NULL) = (kind IN ('ok','again','drop')))
) STRICT;
CREATE INDEX count_scan_by_visit ON count_scan(visit, item_id, id) WHERE visit IS NOT NULL;
-- The last row that still stands in a visit is asked for again and again.
CREATE INDEX count_scan_of_visit ON count_scan(visit, id) WHERE visit IS NOT NULL;
CREATE INDEX count_scan_by_session ON count_scan(session_id, id);
-- Whole and not partial: SQLite does not see that one kind is among several.
CREATE INDEX count_scan_by_kind ON count_scan(session_id, kind, id);

-- A session, or what of it was ready, was posted: by an operation, whose undo withdraws this row.
CREATE TABLE count_posting (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES count_session(id),
  last_scan INTEGER NOT NULL,            -- the last row that it knew; later ones of a posted item are a new count
  closes INTEGER NOT NULL CHECK (closes IN (0,1)), -- nothing of the session was left over
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX count_posting_by_session ON count_posting(session_id);

-- Which session a posted count came from.
ALTER TABLE count_entry ADD COLUMN session_id INTEGER REFERENCES count_session(id);
CREATE INDEX count_entry_by_session ON count_entry(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX count_entry_by_bin ON count_entry(bin_id, counted_at);

CREATE TRIGGER count_posting_no_delete BEFORE DELETE ON count_posting BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
CREATE TRIGGER count_session_no_update BEFORE UPDATE ON count_session BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
CREATE TRIGGER count_session_no_delete BEFORE DELETE ON count_session BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
CREATE TRIGGER count_place_no_update BEFORE UPDATE ON count_place BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
CREATE TRIGGER count_place_no_delete BEFORE DELETE ON count_place BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
CREATE TRIGGER count_scan_no_update BEFORE UPDATE ON count_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
CREATE TRIGGER count_scan_no_delete BEFORE DELETE ON count_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;

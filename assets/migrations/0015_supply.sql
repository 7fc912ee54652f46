-- What a supplier's PO lines add up to (store::supplier_sums), so that the cards of thousands of suppliers are counted at
-- once. Written by the program alone, never journalled: it follows from the lines, and `backshelf check` adds them up
-- anew and compares.
CREATE TABLE supplier_sums (
  supplier_id INTEGER PRIMARY KEY REFERENCES supplier(id) ON DELETE CASCADE,
  settled_on TEXT NOT NULL,            -- they hold on this business date and every later one
  tolerance TEXT NOT NULL,             -- the settings that they depend on, in words: others, and they are made anew
  answers INTEGER NOT NULL CHECK (answers IN (0,1)), -- some PO has a day of confirmation
  announcements_since TEXT,            -- the first delay that was announced
  sums BLOB NOT NULL
) STRICT;
-- All are added up with the next operation, and from the lines until then.
INSERT OR IGNORE INTO supplier_stale (supplier_id) SELECT id FROM supplier;

-- What the kept plans were made from, so that one changed item is planned anew by itself, at once; and what a person
-- says about one item beside its terms.

-- What the whole catalogue taught when it was planned as a whole. Derived, never journalled; one row, or none while
-- nothing was planned. `known_operation`: what was changed since by operations up to that one was planned again, item by
-- item, with these same figures.
CREATE TABLE plan_basis (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  planned_on TEXT NOT NULL,
  bucket TEXT NOT NULL CHECK (bucket IN ('week','month')),
  after_operation INTEGER NOT NULL,              -- the last operation that the planning as a whole knew
  known_operation INTEGER NOT NULL,
  sold REAL NOT NULL, unsold REAL NOT NULL, size REAL NOT NULL, -- where an item without a past starts
  chance_a REAL NOT NULL, chance_b REAL NOT NULL, chance_c REAL NOT NULL,
  a_from INTEGER NOT NULL, b_from INTEGER NOT NULL, -- yearly value from which an item is of the class, in ten-thousandths
  cancel_rate REAL NOT NULL,
  pool TEXT NOT NULL, slips TEXT NOT NULL        -- all suppliers' waits and slips (domain::lead_time)
) STRICT;

-- The same start for each category that is large enough to have one of its own.
CREATE TABLE plan_prior (
  category TEXT NOT NULL PRIMARY KEY,
  sold REAL NOT NULL, unsold REAL NOT NULL, size REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- What was learned of each supplier.
CREATE TABLE plan_supplier (
  supplier_id INTEGER PRIMARY KEY REFERENCES supplier(id) ON DELETE CASCADE,
  waits TEXT NOT NULL,
  sure REAL                                      -- share of lines in full and on time that it is sure to exceed
) STRICT;

-- Which way of reckoning the warehouse's own last year preferred: by the stock that each needed at the target.
CREATE TABLE plan_choice (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  chosen TEXT NOT NULL CHECK (chosen IN ('ours','blend')),
  chosen_on TEXT NOT NULL,
  ours REAL, blend REAL                          -- buckets of stock at the target; NULL: never reached
) STRICT;

-- What a person says about planning one item. With a supplier: only where it is bought there.
CREATE TABLE item_rule (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES item(id),
  supplier_id INTEGER REFERENCES supplier(id),
  lead_days INTEGER CHECK (lead_days >= 0),      -- fixed: nothing that was learned changes it
  shelf_days INTEGER CHECK (shelf_days > 0),     -- keeps so long; no order beyond what sells by then
  season TEXT                                    -- twelve factors on the mean, January first: '0.8 0.8 1 ...'
) STRICT;
CREATE UNIQUE INDEX item_rule_by_item ON item_rule(item_id, coalesce(supplier_id, 0));

-- One item's rows are read by themselves.
CREATE INDEX price_break_by_item ON price_break(item_id);
